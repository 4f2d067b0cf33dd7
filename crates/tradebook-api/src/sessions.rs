//! Sessions that were checked a moment ago, so that checking one again touches no database.

use std::sync::Arc;
use std::time::{Duration, Instant};

use quick_cache::sync::Cache;
use time::OffsetDateTime;
use tradebook_store::{KeyHash, Session, Store, StoreError};

use crate::blocking::blocking;

/// How long a session that was signed out elsewhere may still be taken for one.
const REMEMBERED: Duration = Duration::from_secs(1);
/// The most sessions that are remembered.
const SESSIONS: usize = 10_000;

/// The store's sessions, and some of them in memory.
pub(crate) struct Sessions {
    store: Store,
    known: Cache<KeyHash, (Arc<Session>, Instant)>,
}

impl Sessions {
    pub(crate) fn new(store: Store) -> Self {
        Self { store, known: Cache::new(SESSIONS) }
    }

    /// The session of a token; `None` where it is not known or has ended.
    pub(crate) async fn find(&self, token: &str) -> Result<Option<Arc<Session>>, StoreError> {
        let hash = self.store.hash_key(token)?;
        if let Some((session, checked)) = self.known.get(&hash)
            && checked.elapsed() < REMEMBERED
            && OffsetDateTime::now_utc() < session.expires_at
        {
            return Ok(Some(session));
        }
        let checked = Instant::now();
        let store = self.store.clone();
        let found = blocking(move || Ok((store.session(&hash)?, hash))).await?;
        let (Some(session), hash) = found else { return Ok(None) };
        let session = Arc::new(session);
        self.known.insert(hash, (Arc::clone(&session), checked));
        Ok(Some(session))
    }
}
