//! Accounts receivable, access tokens and rewards participants.

use diesel::prelude::*;
use tradebook_model::{
    AccessTokenNumber, AccessTokenState, Account, AccountNumber, AccountState, CustomerId,
    OpaqueId, ParticipantId, RewardsParticipant, ShortText,
};

use super::{InternalId, Record, Session, shown, stored, text};
use crate::StoreError;
use crate::events::CodeHash;
use crate::import::rows::{AccessTokenRow, AccountRow, ParticipantRow};
use crate::schema::{access_tokens, accounts_receivable, rewards_participants};

/// An account receivable with its internal id and the customer whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRecord {
    /// What finds it.
    pub key: InternalId,
    /// What is seen of it.
    pub account: Account,
    /// Whose it is.
    pub customer: CustomerId,
}

impl Record for AccountRecord {
    type Key = InternalId;

    fn key(&self) -> InternalId {
        self.key
    }

    fn load(
        session: &mut Session<'_>,
        keys: &[InternalId],
    ) -> Result<Vec<(Self, i64)>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|key| key.get()).collect();
        let rows: Vec<AccountRow> = accounts_receivable::table
            .select(AccountRow::ALL)
            .filter(accounts_receivable::organization_id.eq(session.organization.get()))
            .filter(accounts_receivable::id.eq_any(ids))
            .load(session.connection)?;
        rows.into_iter().map(from_account_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let rows: Vec<_> = records
            .iter()
            .map(|(record, touched)| {
                let Self { key, account: Account { id, number, name, state }, customer } = record;
                AccountRow {
                    organization_id: session.organization.get(),
                    id: key.get(),
                    opaque_id: id.to_string(),
                    number: number.to_string(),
                    name: shown(name),
                    state: state.to_string(),
                    customer_id: customer.get(),
                    touched: *touched,
                }
            })
            .collect();
        Ok(AccountRow::put(session, &rows)?)
    }
}

pub(crate) fn from_account_row(row: AccountRow) -> Result<(AccountRecord, i64), StoreError> {
    let AccountRow { organization_id: _, id, opaque_id, number, name, state, customer_id, touched } =
        row;
    let record = AccountRecord {
        key: stored(InternalId::new(id))?,
        account: Account {
            id: stored(OpaqueId::new(&opaque_id))?,
            number: stored(AccountNumber::new(&number))?,
            name: text(name)?,
            state: stored(state.parse::<AccountState>())?,
        },
        customer: stored(CustomerId::new(customer_id))?,
    };
    Ok((record, touched))
}

/// An access token. Of its codes only the hashes are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// Its identifier, unique within the organization.
    pub identifier: AccessTokenNumber,
    /// The account that it names.
    pub account: InternalId,
    /// Whether it does.
    pub state: AccessTokenState,
    /// A code that names the account without anything else, unique within the organization.
    pub authentication_code: Option<ShortText>,
    /// The code that must come with the identifier.
    pub pass_code: Option<CodeHash>,
    /// A password that names the account.
    pub one_time_password: Option<CodeHash>,
}

impl Record for AccessToken {
    type Key = AccessTokenNumber;

    fn key(&self) -> AccessTokenNumber {
        self.identifier.clone()
    }

    fn load(
        session: &mut Session<'_>,
        keys: &[AccessTokenNumber],
    ) -> Result<Vec<(Self, i64)>, StoreError> {
        let keys: Vec<_> = keys.iter().map(AccessTokenNumber::as_str).collect();
        let rows: Vec<AccessTokenRow> = access_tokens::table
            .select(AccessTokenRow::ALL)
            .filter(access_tokens::organization_id.eq(session.organization.get()))
            .filter(access_tokens::identifier.eq_any(keys))
            .load(session.connection)?;
        rows.into_iter().map(from_access_token_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let hash = |hash: &Option<CodeHash>| hash.as_ref().map(|hash| hash.bytes().to_vec());
        let rows: Vec<_> = records
            .iter()
            .map(|(record, touched)| {
                let Self {
                    identifier,
                    account,
                    state,
                    authentication_code,
                    pass_code,
                    one_time_password,
                } = record;
                AccessTokenRow {
                    organization_id: session.organization.get(),
                    identifier: identifier.to_string(),
                    account_id: account.get(),
                    state: state.to_string(),
                    authentication_code: shown(authentication_code),
                    pass_code: hash(pass_code),
                    one_time_password: hash(one_time_password),
                    touched: *touched,
                }
            })
            .collect();
        Ok(AccessTokenRow::put(session, &rows)?)
    }
}

pub(crate) fn from_access_token_row(row: AccessTokenRow) -> Result<(AccessToken, i64), StoreError> {
    let AccessTokenRow {
        organization_id: _,
        identifier,
        account_id,
        state,
        authentication_code,
        pass_code,
        one_time_password,
        touched,
    } = row;
    let record = AccessToken {
        identifier: stored(identifier.parse())?,
        account: stored(InternalId::new(account_id))?,
        state: stored(state.parse())?,
        authentication_code: text(authentication_code)?,
        pass_code: pass_code.map(CodeHash::from_bytes),
        one_time_password: one_time_password.map(CodeHash::from_bytes),
    };
    Ok((record, touched))
}

/// A rewards participant and the account that it takes part with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParticipantRecord {
    /// What is seen of it.
    pub participant: RewardsParticipant,
    /// The account.
    pub account: InternalId,
}

impl Record for ParticipantRecord {
    type Key = ParticipantId;

    fn key(&self) -> ParticipantId {
        self.participant.id
    }

    fn load(
        session: &mut Session<'_>,
        keys: &[ParticipantId],
    ) -> Result<Vec<(Self, i64)>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|id| id.get()).collect();
        let rows: Vec<ParticipantRow> = rewards_participants::table
            .select(ParticipantRow::ALL)
            .filter(rewards_participants::organization_id.eq(session.organization.get()))
            .filter(rewards_participants::id.eq_any(ids))
            .load(session.connection)?;
        rows.into_iter().map(from_participant_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let rows: Vec<_> = records
            .iter()
            .map(|(record, touched)| {
                let Self { participant: RewardsParticipant { id, number }, account } = record;
                ParticipantRow {
                    organization_id: session.organization.get(),
                    id: id.get(),
                    number: number.to_string(),
                    account_id: account.get(),
                    touched: *touched,
                }
            })
            .collect();
        Ok(ParticipantRow::put(session, &rows)?)
    }
}

pub(crate) fn from_participant_row(
    row: ParticipantRow,
) -> Result<(ParticipantRecord, i64), StoreError> {
    let ParticipantRow { organization_id: _, id, number, account_id, touched } = row;
    let record = ParticipantRecord {
        participant: RewardsParticipant {
            id: stored(ParticipantId::new(id))?,
            number: stored(number.parse())?,
        },
        account: stored(InternalId::new(account_id))?,
    };
    Ok((record, touched))
}
