//! Accounts receivable, and what else names one: access tokens and rewards participants.

use std::fmt;

use crate::price_list::words;
use crate::{AccountNumber, OpaqueId, ParticipantId, ParticipantNumber, ShortText};

words! {
    /// How far an account is in its life.
    AccountState, "ACTIVE, SUSPENDED or TERMINATED" {
        /// In use.
        Active = "ACTIVE",
        /// Out of use for a while.
        Suspended = "SUSPENDED",
        /// Out of use for good.
        Terminated = "TERMINATED",
    }
}

words! {
    /// Whether an access token names its account.
    AccessTokenState, "EFFECTIVE, NOT_EFFECTIVE or PENDING_VERIFICATION" {
        /// It does.
        Effective = "EFFECTIVE",
        /// It does not, or no longer.
        NotEffective = "NOT_EFFECTIVE",
        /// Not yet.
        PendingVerification = "PENDING_VERIFICATION",
    }
}

/// The account that a customer's purchases are booked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: OpaqueId,
    /// Its number, unique within the organization.
    pub number: AccountNumber,
    /// Its name.
    pub name: Option<ShortText>,
    /// How far it is in its life.
    pub state: AccountState,
}

/// Somebody who takes part in a rewards scheme with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RewardsParticipant {
    /// Its id.
    pub id: ParticipantId,
    /// Its number, unique within the organization.
    pub number: ParticipantNumber,
}

/// How a request names an access token. What is secret in it cannot be printed by accident.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum AccessTokenIdentifier {
    /// By its authentication code.
    AuthenticationCode(String),
    /// By its identifier, with the pass code that belongs to it.
    PassCode {
        /// The identifier.
        identifier: String,
        /// The pass code.
        pass_code: String,
    },
    /// By its one-time password.
    OneTimePassword(i64),
}

impl fmt::Debug for AccessTokenIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AuthenticationCode(_) => "AuthenticationCode(***)",
            Self::PassCode { .. } => "PassCode(***)",
            Self::OneTimePassword(_) => "OneTimePassword(***)",
        })
    }
}

/// How a request names an account.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AccountIdentifier {
    /// By its id.
    Id(String),
    /// By its number.
    Number(String),
    /// By its name, which must be one account's alone.
    Name(String),
    /// By an effective access token.
    AccessToken(AccessTokenIdentifier),
}

/// How a request names a rewards participant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ParticipantIdentifier {
    /// By its id.
    Id(String),
    /// By its number.
    Number(String),
    /// By an effective access token of its account.
    AccessToken(AccessTokenIdentifier),
}
