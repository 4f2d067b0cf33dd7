//! What identifiers name.

use diesel::prelude::*;
use tradebook_model::{
    AccessTokenIdentifier, AccessTokenState, AccountIdentifier, ClassificationIdentifier,
    EventIdentifier, EventSelector, OffsetDateTime, OrganizationId, ParticipantIdentifier,
};

use super::code::{CodeHash, CodeHasher};
use super::query::EventFault;
use crate::connection::AnyConnection;
use crate::schema::{
    access_tokens, accounts_receivable, classifications, purchase_events, rewards_participants,
};

const ACCOUNT: &str = "accounts_receivable_identifier";
const PARTICIPANT: &str = "rewards_participant_identifier";
const CLASSIFICATION: &str = "classification_identifier";
pub(super) const EVENT: &str = "customer_event_identifier";

/// Whose or which events are wanted, by internal ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Account(i32),
    Classification(i32),
    CreatedAfter(OffsetDateTime),
}

/// What a selector names.
pub(super) fn scope(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    codes: &CodeHasher,
    selector: &EventSelector,
) -> Result<Scope, EventFault> {
    let mut resolver = Resolver { connection, organization: organization.get(), codes };
    Ok(match selector {
        EventSelector::Account(account) => Scope::Account(resolver.account(account)?),
        EventSelector::Participant(participant) => {
            Scope::Account(resolver.participant(participant)?)
        }
        EventSelector::Classification(classification) => {
            Scope::Classification(resolver.classification(classification)?)
        }
        EventSelector::CreatedAfter(moment) => Scope::CreatedAfter(*moment),
    })
}

/// The internal id of an event.
pub(super) fn event(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    event: &EventIdentifier,
) -> Result<i64, EventFault> {
    let of_organization = purchase_events::table
        .select(purchase_events::id)
        .filter(purchase_events::organization_id.eq(organization.get()));
    let id: Option<i64> = match event {
        EventIdentifier::Id(id) => of_organization
            .filter(purchase_events::opaque_id.eq(name(id, EVENT)?))
            .get_result(connection)
            .optional()?,
        EventIdentifier::Number(number) => of_organization
            .filter(purchase_events::number.eq(name(number, EVENT)?))
            .get_result(connection)
            .optional()?,
    };
    id.ok_or(EventFault::NotFound(EVENT))
}

struct Resolver<'a> {
    connection: &'a mut AnyConnection,
    organization: i32,
    codes: &'a CodeHasher,
}

impl Resolver<'_> {
    fn account(&mut self, account: &AccountIdentifier) -> Result<i32, EventFault> {
        let accounts = accounts_receivable::table
            .select(accounts_receivable::id)
            .filter(accounts_receivable::organization_id.eq(self.organization));
        let ids: Vec<i32> = match account {
            AccountIdentifier::Id(id) => accounts
                .filter(accounts_receivable::opaque_id.eq(name(id, ACCOUNT)?))
                .load(self.connection)?,
            AccountIdentifier::Number(number) => accounts
                .filter(accounts_receivable::number.eq(name(number, ACCOUNT)?))
                .load(self.connection)?,
            AccountIdentifier::Name(text) => accounts
                .filter(accounts_receivable::name.eq(name(text, ACCOUNT)?))
                .limit(2)
                .load(self.connection)?,
            AccountIdentifier::AccessToken(token) => return self.account_of_token(token, ACCOUNT),
        };
        only(&ids, ACCOUNT, "name")
    }

    fn participant(&mut self, participant: &ParticipantIdentifier) -> Result<i32, EventFault> {
        let participants = rewards_participants::table
            .select(rewards_participants::account_id)
            .filter(rewards_participants::organization_id.eq(self.organization));
        let account: Option<i32> = match participant {
            ParticipantIdentifier::Id(id) => {
                // An id that is no number is an id that nobody has.
                let id: i32 = id.trim().parse().map_err(|_| EventFault::NotFound(PARTICIPANT))?;
                participants
                    .filter(rewards_participants::id.eq(id))
                    .get_result(self.connection)
                    .optional()?
            }
            ParticipantIdentifier::Number(number) => participants
                .filter(rewards_participants::number.eq(name(number, PARTICIPANT)?))
                .get_result(self.connection)
                .optional()?,
            ParticipantIdentifier::AccessToken(token) => {
                let account = self.account_of_token(token, PARTICIPANT)?;
                participants
                    .filter(rewards_participants::account_id.eq(account))
                    .limit(1)
                    .load(self.connection)?
                    .pop()
            }
        };
        account.ok_or(EventFault::NotFound(PARTICIPANT))
    }

    fn classification(
        &mut self,
        classification: &ClassificationIdentifier,
    ) -> Result<i32, EventFault> {
        let all = classifications::table
            .select(classifications::id)
            .filter(classifications::organization_id.eq(self.organization));
        let ids: Vec<i32> = match classification {
            ClassificationIdentifier::Id(id) => all
                .filter(classifications::opaque_id.eq(name(id, CLASSIFICATION)?))
                .load(self.connection)?,
            ClassificationIdentifier::Name(text) => all
                .filter(classifications::name.eq(name(text, CLASSIFICATION)?))
                .load(self.connection)?,
            ClassificationIdentifier::AlternativeCode(code) => all
                .filter(classifications::alternative_code.eq(name(code, CLASSIFICATION)?))
                .limit(2)
                .load(self.connection)?,
        };
        only(&ids, CLASSIFICATION, "alternative_code")
    }

    /// The account of an effective access token.
    fn account_of_token(
        &mut self,
        token: &AccessTokenIdentifier,
        what: &'static str,
    ) -> Result<i32, EventFault> {
        let effective = access_tokens::table
            .filter(access_tokens::organization_id.eq(self.organization))
            .filter(access_tokens::state.eq(AccessTokenState::Effective.word()));
        let (accounts, field): (Vec<i32>, _) = match token {
            AccessTokenIdentifier::AuthenticationCode(code) => (
                effective
                    .select(access_tokens::account_id)
                    .filter(access_tokens::authentication_code.eq(name(code, what)?))
                    .load(self.connection)?,
                "authentication_code",
            ),
            AccessTokenIdentifier::PassCode { identifier, pass_code } => {
                let identifier = name(identifier, what)?;
                let given = self.codes.pass_code(identifier, pass_code.trim())?;
                let found: Option<(i32, Option<Vec<u8>>)> = effective
                    .select((access_tokens::account_id, access_tokens::pass_code))
                    .filter(access_tokens::identifier.eq(identifier))
                    .get_result(self.connection)
                    .optional()?;
                let account = found.and_then(|(account, hash)| {
                    let kept = CodeHash::from_bytes(hash?);
                    (kept == given).then_some(account)
                });
                (account.into_iter().collect(), "identifier")
            }
            AccessTokenIdentifier::OneTimePassword(password) => {
                let hash = self.codes.one_time_password(*password)?;
                (
                    effective
                        .select(access_tokens::account_id)
                        .filter(access_tokens::one_time_password.eq(hash.bytes()))
                        .distinct()
                        .limit(2)
                        .load(self.connection)?,
                    "one_time_password",
                )
            }
        };
        only(&accounts, what, field)
    }
}

/// The text of an identifier as it can be stored: nothing that is empty or has control characters is, and databases differ
/// in what they say of such a text.
fn name<'t>(text: &'t str, what: &'static str) -> Result<&'t str, EventFault> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err(EventFault::NotFound(what));
    }
    Ok(text)
}

/// The only one of the records that were found.
fn only(ids: &[i32], what: &'static str, field: &'static str) -> Result<i32, EventFault> {
    match ids {
        [] => Err(EventFault::NotFound(what)),
        [id] => Ok(*id),
        _ => Err(EventFault::Ambiguous(field)),
    }
}
