//! Replicas for reading: which of them may be asked, and whether they know what this process knows.
//!
//! A thread looks at all of them twice a second. One that cannot be reached, or is further behind than allowed, is left out
//! until it is back. How far a replica is behind is told from positions in the primary's log and from when the primary had
//! reached them, so that a primary that nobody writes to makes no replica look old.
//!
//! A replica that may be asked may still be a moment behind. So each read looks, in its own transaction, whether the replica
//! has the organization's revision that this process knows of, and goes to the primary otherwise: whoever has written reads it,
//! and a book that is read because of a new revision shows that revision.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use tradebook_model::{OrganizationId, Revision};

use crate::connection::{AnyConnection, Manager, Pools, acquire};
use crate::schema::organizations;
use crate::seen::SeenRevisions;
use crate::transaction::read;
use crate::url::DatabaseUrl;
use crate::{ReplicaState, StoreError, StoreOptions};

/// How often the thread looks.
const INTERVAL: Duration = Duration::from_millis(500);
/// How long a read waits for a connection to a replica before it goes on to another.
const WAIT: Duration = Duration::from_millis(250);

pub(crate) struct Replicas {
    all: Vec<Replica>,
    /// Whose turn it is.
    next: AtomicUsize,
}

struct Replica {
    pool: r2d2::Pool<Manager>,
    is_used: AtomicBool,
    lag: Mutex<Option<Duration>>,
    reads: AtomicU64,
    /// Revisions that it has shown.
    shown: Mutex<HashMap<OrganizationId, Revision>>,
}

impl std::fmt::Debug for Replicas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.states()).finish()
    }
}

/// What came of asking a replica.
enum Asked<T> {
    Answer(T),
    /// It does not know what this process knows.
    Behind,
}

impl Replicas {
    /// The replicas of the options, each of which may be away, and the thread that looks after them. It ends with them.
    /// `None` where there are none.
    pub(crate) fn open(
        primary: &DatabaseUrl,
        pools: &Pools,
        options: &StoreOptions,
    ) -> Result<Option<Arc<Self>>, StoreError> {
        let mut all = Vec::new();
        for url in &options.read_urls {
            let url = DatabaseUrl::parse(url)?;
            if !primary.is_postgres() || !url.is_postgres() {
                return Err(StoreError::InvalidUrl {
                    message: "only a database of PostgreSQL has replicas to read from".to_owned(),
                });
            }
            all.push(Replica {
                pool: Pools::of_replica(url, options.pool_size, WAIT),
                is_used: AtomicBool::new(false),
                lag: Mutex::default(),
                reads: AtomicU64::new(0),
                shown: Mutex::default(),
            });
        }
        if all.is_empty() {
            return Ok(None);
        }
        let replicas = Arc::new(Self { all, next: AtomicUsize::new(0) });
        let (weak, pools, limit) = (Arc::downgrade(&replicas), pools.clone(), options.replica_lag);
        std::thread::Builder::new()
            .name("replica-watch".to_owned())
            .spawn(move || watch(&weak, &pools, limit))
            .map_err(StoreError::unavailable)?;
        Ok(Some(replicas))
    }

    /// Reads from a replica that may be asked and knows the organization's revision; `None` where none does.
    pub(crate) fn read<T>(
        &self,
        organization: OrganizationId,
        seen: &SeenRevisions,
        work: &mut impl FnMut(&mut AnyConnection) -> Result<T, StoreError>,
    ) -> Option<Result<T, StoreError>> {
        let needed = seen.revision(organization);
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let (before, after) = self.all.split_at(turn % self.all.len().max(1));
        for replica in after.iter().chain(before) {
            if !replica.is_used.load(Ordering::Relaxed) {
                continue;
            }
            match replica.read(organization, needed, work) {
                Ok(Asked::Answer(value)) => {
                    replica.reads.fetch_add(1, Ordering::Relaxed);
                    return Some(Ok(value));
                }
                Ok(Asked::Behind) => {}
                Err(error @ StoreError::Unavailable { .. }) => replica.leave_out(&error),
                // Its pool is in use, or what it has replayed was in the way of the read; or it has another schema for now.
                Err(StoreError::Busy | StoreError::OldSchema) => {}
                Err(error) => return Some(Err(error)),
            }
        }
        None
    }

    pub(crate) fn states(&self) -> Vec<ReplicaState> {
        self.all
            .iter()
            .map(|replica| ReplicaState {
                is_used: replica.is_used.load(Ordering::Relaxed),
                lag: *replica.lag.lock().unwrap_or_else(PoisonError::into_inner),
                reads: replica.reads.load(Ordering::Relaxed),
            })
            .collect()
    }
}

impl Replica {
    fn read<T>(
        &self,
        organization: OrganizationId,
        needed: Option<Revision>,
        work: &mut impl FnMut(&mut AnyConnection) -> Result<T, StoreError>,
    ) -> Result<Asked<T>, StoreError> {
        let is_known = needed.is_none_or(|needed| self.has_shown(organization, needed));
        let mut connection = acquire(&self.pool)?;
        read(&mut connection, |connection| {
            if !is_known {
                let shown: Option<i64> = organizations::table
                    .select(organizations::revision)
                    .find(organization.get())
                    .get_result(connection)
                    .optional()?;
                let shown = shown.map(Revision);
                if shown < needed {
                    return Ok(Asked::Behind);
                }
                if let Some(shown) = shown {
                    self.note(organization, shown);
                }
            }
            work(connection).map(Asked::Answer)
        })
    }

    fn has_shown(&self, organization: OrganizationId, needed: Revision) -> bool {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.get(&organization).is_some_and(|shown| *shown >= needed)
    }

    fn note(&self, organization: OrganizationId, revision: Revision) {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).insert(organization, revision);
    }

    fn leave_out(&self, error: &StoreError) {
        if self.is_used.swap(false, Ordering::Relaxed) {
            tracing::warn!(%error, "a replica is left out");
        }
        *self.lag.lock().unwrap_or_else(PoisonError::into_inner) = None;
        // It may come back as a copy of another moment.
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Looks at it, and decides.
    fn look(&self, log: &PrimaryLog, limit: Duration) {
        let position = acquire(&self.pool).and_then(|mut connection| {
            let position = position(&mut connection);
            match &position {
                Ok(_) => connection.succeeded(),
                Err(error) => connection.failed(error),
            }
            position
        });
        match position.map(|position| log.lag(position)) {
            Ok(lag) if lag <= limit => {
                *self.lag.lock().unwrap_or_else(PoisonError::into_inner) = Some(lag);
                if !self.is_used.swap(true, Ordering::Relaxed) {
                    tracing::info!("a replica is used for reading");
                }
            }
            Ok(lag) => {
                if self.is_used.swap(false, Ordering::Relaxed) {
                    let lag_ms = lag.as_millis();
                    tracing::warn!(lag_ms, "a replica is too far behind and left out");
                }
                *self.lag.lock().unwrap_or_else(PoisonError::into_inner) = Some(lag);
            }
            Err(error) => self.leave_out(&error),
        }
    }
}

fn watch(replicas: &Weak<Replicas>, pools: &Pools, limit: Duration) {
    let mut log = PrimaryLog::default();
    while let Some(replicas) = replicas.upgrade() {
        let asked_at = Instant::now();
        match pools.read().and_then(|mut connection| position(&mut connection)) {
            Ok(position) => log.note(asked_at, position, limit),
            Err(error) => tracing::debug!(%error, "the primary's log cannot be asked for"),
        }
        for replica in &replicas.all {
            replica.look(&log, limit);
        }
        drop(replicas);
        std::thread::sleep(INTERVAL);
    }
}

/// How far a server's data reaches in the log.
fn position(connection: &mut AnyConnection) -> Result<u64, StoreError> {
    #[derive(QueryableByName)]
    struct Position {
        #[diesel(sql_type = BigInt)]
        position: i64,
    }
    let Position { position } = diesel::sql_query(
        "SELECT (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() \
         ELSE pg_current_wal_insert_lsn() END - '0/0'::pg_lsn)::bigint AS position",
    )
    .get_result(connection)?;
    Ok(u64::try_from(position).unwrap_or_default())
}

/// Where the primary's log had come to at some moments of the last time, in their order.
#[derive(Debug, Default)]
struct PrimaryLog {
    moments: VecDeque<(Instant, u64)>,
}

impl PrimaryLog {
    fn note(&mut self, at: Instant, position: u64, limit: Duration) {
        // Another primary, whose log is a shorter one.
        if self.moments.back().is_some_and(|(_, last)| *last > position) {
            self.moments.clear();
        }
        self.moments.push_back((at, position));
        // One moment beyond the limit is enough to tell that it is reached.
        while self.moments.get(1).is_some_and(|(second, _)| at.duration_since(*second) > limit) {
            self.moments.pop_front();
        }
    }

    /// How far a server that has come to a position is behind the last moment, at most: what it lacks came after the last of
    /// the moments that it has passed. Unknown is not late, since a primary that cannot be asked writes nothing.
    fn lag(&self, position: u64) -> Duration {
        let Some((now, last)) = self.moments.back() else { return Duration::ZERO };
        if position >= *last {
            return Duration::ZERO;
        }
        let passed = self.moments.iter().rev().find(|(_, reached)| *reached <= position);
        match passed.or(self.moments.front()) {
            Some((at, _)) if passed.is_some() => now.duration_since(*at),
            // Older than all that is remembered.
            Some((at, _)) => now.duration_since(*at).saturating_add(INTERVAL),
            None => Duration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lag_is_told_from_when_the_primary_was_there() {
        let limit = Duration::from_secs(2);
        let began = Instant::now();
        let second = Duration::from_secs(1);
        let mut log = PrimaryLog::default();
        assert_eq!(log.lag(0), Duration::ZERO, "nothing is known");
        for (seconds, position) in [(0, 100), (1, 200), (2, 200), (3, 300)] {
            log.note(began + second * seconds, position, limit);
        }
        assert_eq!(log.lag(300), Duration::ZERO);
        assert_eq!(log.lag(301), Duration::ZERO);
        assert_eq!(log.lag(250), second, "it lacks what came after second 2");
        assert_eq!(log.lag(200), second);
        assert_eq!(log.lag(150), second * 3);
        assert!(log.lag(50) > limit);
        // Nobody writes for an hour.
        log.note(began + second * 3600, 300, limit);
        assert_eq!(log.lag(300), Duration::ZERO);
        assert!(log.moments.len() <= 2);
        assert!(log.lag(299) > limit);
        // A replica that was promoted has a shorter log.
        log.note(began + second * 3601, 280, limit);
        assert_eq!(log.lag(280), Duration::ZERO);
    }
}
