//! `accounts_receivable.csv`, `access_tokens.csv` and `rewards_participants.csv`.

use tradebook_model::{
    AccessTokenNumber, AccessTokenState, AccountNumber, AccountState, CustomerReference, OpaqueId,
    ParticipantId, ParticipantNumber, ShortText,
};

use super::rows;
use crate::csv::Secret;

rows! {
    /// A row of `accounts_receivable.csv`.
    AccountRow of AccountsReceivable {
        /// The key.
        "number" => number: required AccountNumber,
        /// Assigned where it is absent.
        "id" => id: optional OpaqueId,
        /// Its name.
        "name" => name: optional ShortText,
        /// `ACTIVE` by default.
        "state" => state: optional AccountState,
        /// The reference of the customer.
        "customer" => customer: required CustomerReference,
    }

    /// A row of `access_tokens.csv`.
    AccessTokenRow of AccessTokens {
        /// The key.
        "identifier" => identifier: required AccessTokenNumber,
        /// The code that must come with the identifier.
        "pass_code" => pass_code: optional Secret<ShortText>,
        /// A code that names the account without anything else.
        "authentication_code" => authentication_code: optional ShortText,
        /// `EFFECTIVE` by default.
        "state" => state: optional AccessTokenState,
        /// The number of the account.
        "accounts_receivable" => account: required AccountNumber,
        /// A password that names the account.
        "one_time_password" => one_time_password: optional Secret<i64>,
    }

    /// A row of `access_tokens.csv` without what is secret, as it is written.
    ShownAccessTokenRow of AccessTokens {
        /// The key.
        "identifier" => identifier: required AccessTokenNumber,
        /// A code that names the account without anything else.
        "authentication_code" => authentication_code: optional ShortText,
        /// Whether it names the account.
        "state" => state: optional AccessTokenState,
        /// The number of the account.
        "accounts_receivable" => account: required AccountNumber,
    }

    /// A row of `rewards_participants.csv`.
    ParticipantRow of RewardsParticipants {
        /// The key.
        "number" => number: required ParticipantNumber,
        /// Assigned where it is absent.
        "id" => id: optional ParticipantId,
        /// The number of the account.
        "accounts_receivable" => account: required AccountNumber,
    }
}
