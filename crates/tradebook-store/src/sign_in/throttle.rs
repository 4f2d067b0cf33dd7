//! Slows down the guessing of passwords, name by name and over all servers of a database.
//!
//! An attempt counts as a failure from its beginning: many at once get no more guesses than one after the other. After a few
//! failures each further attempt has to wait longer; one that comes too early is refused without a look at its password.
//! Names that do not exist are treated like those that do.

use diesel::prelude::*;
use diesel::upsert::excluded;
use time::{Duration, OffsetDateTime};

use crate::StoreError;
use crate::connection::{AnyConnection, each_backend};
use crate::key::KeyHash;
use crate::rows::{millis, moment};
use crate::schema::sign_in_failures;

/// The failures that cost nothing.
const FREE: i32 = 5;
/// The longest wait.
const LONGEST: Duration = Duration::seconds(30);
/// After how long without an attempt all is forgotten.
const FORGOTTEN_AFTER: Duration = Duration::minutes(15);

/// How long the next attempt has to wait after so many failures: nothing, then a second, doubled each time.
fn wait_after(failures: i32) -> Duration {
    match failures - FREE {
        i32::MIN..=-1 => Duration::ZERO,
        doublings @ 0..=4 => Duration::seconds(1 << doublings),
        _ => LONGEST,
    }
}

/// Counts an attempt. How long it has to wait, if it comes too early.
pub(super) fn begin_attempt(
    connection: &mut AnyConnection,
    name: &KeyHash,
    now: OffsetDateTime,
) -> Result<Option<Duration>, StoreError> {
    let forgotten = millis(now - FORGOTTEN_AFTER);
    diesel::delete(sign_in_failures::table.filter(sign_in_failures::last_at.lt(forgotten)))
        .execute(connection)?;
    let found: Option<(i32, i64)> = sign_in_failures::table
        .select((sign_in_failures::failures, sign_in_failures::blocked_until))
        .find(name.bytes())
        .get_result(connection)
        .optional()?;
    let failures = match found {
        Some((_, blocked_until)) if blocked_until > millis(now) => {
            return Ok(Some(moment(blocked_until)? - now));
        }
        Some((failures, _)) => failures.saturating_add(1),
        None => 1,
    };
    each_backend!(connection, |connection| diesel::insert_into(sign_in_failures::table)
        .values((
            sign_in_failures::name_hash.eq(name.bytes()),
            sign_in_failures::failures.eq(failures),
            sign_in_failures::last_at.eq(millis(now)),
            sign_in_failures::blocked_until.eq(millis(now + wait_after(failures))),
        ))
        .on_conflict(sign_in_failures::name_hash)
        .do_update()
        .set((
            sign_in_failures::failures.eq(excluded(sign_in_failures::failures)),
            sign_in_failures::last_at.eq(excluded(sign_in_failures::last_at)),
            sign_in_failures::blocked_until.eq(excluded(sign_in_failures::blocked_until)),
        ))
        .execute(connection))?;
    Ok(None)
}

/// Forgets the failures of a name that has signed in.
pub(super) fn forget(connection: &mut AnyConnection, name: &KeyHash) -> Result<(), StoreError> {
    diesel::delete(sign_in_failures::table.find(name.bytes())).execute(connection)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_limit() {
        let waits: Vec<i64> = (1..=12).map(|n| wait_after(n).whole_seconds()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30]);
    }
}
