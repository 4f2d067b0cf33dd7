//! `accounts_receivable.csv`, `access_tokens.csv` and `rewards_participants.csv`.

use tradebook_model::{
    AccessTokenNumber, AccessTokenState, Account, AccountState, CustomerId, OpaqueId,
    ParticipantId, RewardsParticipant,
};
use tradebook_store::import::{
    AccessToken, AccountRecord, Coded, InternalId, ParticipantRecord, TextIds,
};
use tradebook_wire::csv::{AccessTokenRow, AccountRow, Column, ParticipantRow};

use crate::transfer::apply::{Kind, RowContext};

pub(in crate::transfer) struct Accounts;

impl Kind for Accounts {
    type Row = AccountRow;
    type Record = AccountRecord;

    const CODED: Option<Coded> = Some(Coded::Accounts);
    const REFERS_TO: &'static [Coded] = &[Coded::Customers];
    const KEY: &'static [&'static str] = &["number"];
    const TEXT_IDS: Option<TextIds> = Some(TextIds::Accounts);

    fn key(row: &AccountRow, at: &mut RowContext<'_>) -> Option<InternalId> {
        at.own_id(Coded::Accounts, row.number.as_str(), InternalId::new)
    }

    fn merge(
        key: &InternalId,
        row: AccountRow,
        stored: Option<&AccountRecord>,
        at: &mut RowContext<'_>,
    ) -> Option<AccountRecord> {
        let AccountRow { number, id, name, state, customer } = row;
        let customer =
            at.refer(Coded::Customers, "customer", customer.as_str(), CustomerId::new)?;
        let old = stored.map(|stored| &stored.account);
        let account = Account {
            id: at.text_id(id, old.map(|old| &old.id), number.as_str())?,
            name: name.over(old.and_then(|old| old.name.clone())),
            state: state
                .over_or(old.map_or(AccountState::Active, |old| old.state), AccountState::Active),
            number,
        };
        Some(AccountRecord { key: *key, account, customer })
    }

    fn id(record: &AccountRecord) -> Option<i32> {
        Some(record.key.get())
    }

    fn given_id(row: &AccountRow) -> Option<&OpaqueId> {
        row.id.as_given()
    }

    fn id_owner(record: &AccountRecord) -> String {
        record.account.number.to_string()
    }
}

pub(in crate::transfer) struct AccessTokens;

impl Kind for AccessTokens {
    type Row = AccessTokenRow;
    type Record = AccessToken;

    const CODED: Option<Coded> = None;
    const REFERS_TO: &'static [Coded] = &[Coded::Accounts];
    const KEY: &'static [&'static str] = &["identifier"];

    fn key(row: &AccessTokenRow, _at: &mut RowContext<'_>) -> Option<AccessTokenNumber> {
        Some(row.identifier.clone())
    }

    fn merge(
        key: &AccessTokenNumber,
        row: AccessTokenRow,
        stored: Option<&AccessToken>,
        at: &mut RowContext<'_>,
    ) -> Option<AccessToken> {
        let AccessTokenRow {
            identifier: _,
            pass_code,
            authentication_code,
            state,
            account,
            one_time_password,
        } = row;
        let accounts = Coded::Accounts;
        let account =
            at.refer(accounts, "accounts_receivable", account.as_str(), InternalId::new)?;
        let pass_code = match pass_code {
            Column::Absent => stored.and_then(|stored| stored.pass_code.clone()),
            Column::Empty => None,
            Column::Given(code) => {
                let hash = at.codes.pass_code(key.as_str(), code.0.as_str());
                Some(at.hashed("pass_code", hash)?)
            }
        };
        let one_time_password = match one_time_password {
            Column::Absent => stored.and_then(|stored| stored.one_time_password.clone()),
            Column::Empty => None,
            Column::Given(password) => {
                let hash = at.codes.one_time_password(password.0);
                Some(at.hashed("one_time_password", hash)?)
            }
        };
        let effective = AccessTokenState::Effective;
        Some(AccessToken {
            identifier: key.clone(),
            account,
            state: state.over_or(stored.map_or(effective, |stored| stored.state), effective),
            authentication_code: authentication_code
                .over(stored.and_then(|stored| stored.authentication_code.clone())),
            pass_code,
            one_time_password,
        })
    }
}

pub(in crate::transfer) struct Participants;

impl Kind for Participants {
    type Row = ParticipantRow;
    type Record = ParticipantRecord;

    const CODED: Option<Coded> = Some(Coded::Participants);
    const REFERS_TO: &'static [Coded] = &[Coded::Accounts];
    const KEY: &'static [&'static str] = &["number"];

    fn key(row: &ParticipantRow, at: &mut RowContext<'_>) -> Option<ParticipantId> {
        at.own_id(Coded::Participants, row.number.as_str(), ParticipantId::new)
    }

    fn merge(
        key: &ParticipantId,
        row: ParticipantRow,
        _stored: Option<&ParticipantRecord>,
        at: &mut RowContext<'_>,
    ) -> Option<ParticipantRecord> {
        let ParticipantRow { number, id: _, account } = row;
        let accounts = Coded::Accounts;
        let account =
            at.refer(accounts, "accounts_receivable", account.as_str(), InternalId::new)?;
        Some(ParticipantRecord { participant: RewardsParticipant { id: *key, number }, account })
    }

    fn id(record: &ParticipantRecord) -> Option<i32> {
        Some(record.participant.id.get())
    }
}
