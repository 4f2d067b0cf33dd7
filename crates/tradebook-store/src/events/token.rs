//! Tokens that open the calls of purchase events for a while.

use diesel::prelude::*;
use time::{Duration, OffsetDateTime};
use tradebook_model::{KeyId, OrganizationId, UserId};

use crate::key::PlaintextKey;
use crate::rows::{millis, moment, stored, stored_option};
use crate::schema::{api_keys, event_tokens};
use crate::transaction::Outcome;
use crate::{Store, StoreError};

/// A token as its bearer knows it: opaque text, never printed. Only its keyed hash is kept.
pub type EventToken = PlaintextKey;

/// What the tokens of purchase events begin with.
pub const EVENT_TOKEN_PREFIX: &str = "tbe_";

/// How long a token lasts, used or not.
const LASTS: Duration = Duration::hours(2);

/// Whom a token was issued to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenHolder {
    /// The organization that it opens, and no other.
    pub organization: OrganizationId,
    /// The user that it was issued to, if any.
    pub user: Option<UserId>,
    /// The key that it was issued for, if any.
    pub key: Option<KeyId>,
    /// When it ends.
    pub expires_at: OffsetDateTime,
}

impl Store {
    /// Issues a token that lasts two hours from `now` on: until then it ends when it is released, when the key that it was
    /// issued for is revoked, or when the password of its user changes.
    pub fn issue_event_token(
        &self,
        organization: OrganizationId,
        user: Option<UserId>,
        key: Option<KeyId>,
        now: OffsetDateTime,
    ) -> Result<EventToken, StoreError> {
        let token = PlaintextKey::generate(EVENT_TOKEN_PREFIX)?;
        let hash = self.hash_key(token.expose())?;
        self.change(|connection| {
            diesel::delete(event_tokens::table.filter(event_tokens::expires_at.le(millis(now))))
                .execute(connection)?;
            diesel::insert_into(event_tokens::table)
                .values((
                    event_tokens::hash.eq(hash.bytes()),
                    event_tokens::organization_id.eq(organization.get()),
                    event_tokens::user_id.eq(user.map(UserId::get)),
                    event_tokens::key_id.eq(key.map(KeyId::get)),
                    event_tokens::created_at.eq(millis(now)),
                    event_tokens::expires_at.eq(millis(now + LASTS)),
                ))
                .execute(connection)?;
            Ok(Outcome::Commit(()))
        })?;
        Ok(token)
    }

    /// Whom a token was issued to; `None` where there is no such token, or no longer.
    pub fn event_token(
        &self,
        token: &str,
        now: OffsetDateTime,
    ) -> Result<Option<TokenHolder>, StoreError> {
        let hash = self.hash_key(token)?;
        let row: Option<(i32, Option<i32>, Option<i32>, i64)> = event_tokens::table
            .left_join(api_keys::table.on(api_keys::id.nullable().eq(event_tokens::key_id)))
            .select((
                event_tokens::organization_id,
                event_tokens::user_id,
                event_tokens::key_id,
                event_tokens::expires_at,
            ))
            .filter(event_tokens::hash.eq(hash.bytes()))
            .filter(event_tokens::expires_at.gt(millis(now)))
            .filter(api_keys::revoked_at.nullable().is_null())
            .get_result(&mut *self.pools().read()?)
            .optional()?;
        row.map(|(organization, user, key, expires_at)| {
            Ok(TokenHolder {
                organization: stored("a token's organization", OrganizationId::new(organization))?,
                user: stored_option("a token's user", user, UserId::new)?,
                key: stored_option("a token's key", key, KeyId::new)?,
                expires_at: moment(expires_at)?,
            })
        })
        .transpose()
    }

    /// Ends a token. Says whether there was one.
    pub fn release_event_token(&self, token: &str) -> Result<bool, StoreError> {
        let hash = self.hash_key(token)?;
        self.change(|connection| {
            let ended =
                diesel::delete(event_tokens::table.find(hash.bytes())).execute(connection)?;
            Ok(Outcome::Commit(ended > 0))
        })
    }
}
