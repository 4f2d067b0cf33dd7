//! Signing in and out.

use diesel::prelude::*;
use time::{Duration, OffsetDateTime};
use tradebook_model::{OrganizationId, User};

use super::password::verify;
use super::throttle;
use super::user::{USER, UserRow, user, who_signs_in};
use crate::key::{KeyHash, PlaintextKey};
use crate::rows::{millis, moment, stored};
use crate::schema::{sessions, users};
use crate::transaction::Outcome;
use crate::{Store, StoreError};

/// What every session's token begins with, so that it is known from a key.
pub const SESSION_PREFIX: &str = "tbs_";
/// How long a session lasts, whatever happens in it.
const LASTS: Duration = Duration::hours(12);

/// Whom a session's token stands for. Sessions may read and write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose data it opens.
    pub organization: OrganizationId,
    /// Who has signed in.
    pub user: User,
    /// When it ends by itself.
    pub expires_at: OffsetDateTime,
}

/// What came of an attempt to sign in.
#[derive(Debug)]
pub enum SignIn {
    /// The credentials are right. The token exists once, here; only its hash is kept.
    Accepted {
        /// The token: the prefix and 130 random bits.
        token: PlaintextKey,
        /// Whom it stands for.
        session: Session,
    },
    /// The name or the password is wrong.
    Refused,
    /// There were too many wrong attempts with this name; the password was not looked at.
    TooEarly {
        /// How long the next attempt has to wait.
        retry_after: Duration,
    },
}

impl Store {
    /// Signs in. Takes as long for a name that does not exist as for a wrong password, which is long: it is to be called
    /// where waiting is allowed.
    pub fn sign_in(&self, username: &str, password: &str) -> Result<SignIn, StoreError> {
        let name = self.hash_key(&format!("user name {}", username.trim()))?;
        let now = OffsetDateTime::now_utc();
        let wait = self.change(|connection| {
            Ok(Outcome::Commit(throttle::begin_attempt(connection, &name, now)?))
        })?;
        if let Some(retry_after) = wait {
            return Ok(SignIn::TooEarly { retry_after });
        }
        let found = who_signs_in(&mut *self.pools().read()?, username)?;
        let hash = found.as_ref().map(|(_, _, hash)| hash.as_str());
        let (true, Some((organization, id, hash))) = (verify(password, hash)?, &found) else {
            return Ok(SignIn::Refused);
        };
        let token = PlaintextKey::generate(SESSION_PREFIX)?;
        let token_hash = self.hash_key(token.expose())?;
        let expires_at = moment(millis(now + LASTS))?;
        let session = self.change(|connection| {
            throttle::forget(connection, &name)?;
            diesel::delete(sessions::table.filter(sessions::expires_at.le(millis(now))))
                .execute(connection)?;
            let row: Option<UserRow> = users::table
                .select(USER)
                .find((organization, id))
                // Not where the password was changed meanwhile.
                .filter(users::password_hash.eq(hash))
                .get_result(connection)
                .optional()?;
            let Some(row) = row else { return Ok(Outcome::RollBack(None)) };
            diesel::insert_into(sessions::table)
                .values((
                    sessions::hash.eq(token_hash.bytes()),
                    sessions::organization_id.eq(organization),
                    sessions::user_id.eq(id),
                    sessions::created_at.eq(millis(now)),
                    sessions::expires_at.eq(millis(expires_at)),
                ))
                .execute(connection)?;
            Ok(Outcome::Commit(Some(Session {
                organization: stored("an organization's id", OrganizationId::new(*organization))?,
                user: user(row)?,
                expires_at,
            })))
        })?;
        Ok(session.map_or(SignIn::Refused, |session| SignIn::Accepted { token, session }))
    }

    /// Whom a session's token stands for, by the token's hash ([`Store::hash_key`]); `None` where it is not known, has ended
    /// or was signed out.
    pub fn session(&self, hash: &KeyHash) -> Result<Option<Session>, StoreError> {
        let row: Option<(i32, i64, UserRow)> = sessions::table
            .inner_join(
                users::table.on(users::organization_id
                    .eq(sessions::organization_id)
                    .and(users::id.eq(sessions::user_id))),
            )
            .select((sessions::organization_id, sessions::expires_at, USER))
            .filter(sessions::hash.eq(hash.bytes()))
            .filter(sessions::expires_at.gt(millis(OffsetDateTime::now_utc())))
            .get_result(&mut *self.pools().read()?)
            .optional()?;
        row.map(|(organization, expires_at, row)| {
            Ok(Session {
                organization: stored("an organization's id", OrganizationId::new(organization))?,
                user: user(row)?,
                expires_at: moment(expires_at)?,
            })
        })
        .transpose()
    }

    /// Ends a session; `false` where it had ended.
    pub fn sign_out(&self, hash: &KeyHash) -> Result<bool, StoreError> {
        self.change(|connection| {
            let ended = diesel::delete(sessions::table.find(hash.bytes())).execute(connection)?;
            Ok(Outcome::Commit(ended > 0))
        })
    }
}
