//! Following what other processes change.
//!
//! On PostgreSQL every change of a revision is announced by `NOTIFY`, in the transaction that makes it: the announcement comes
//! with the commit or not at all. [`ChangeFeed`] listens on a connection of its own.

use std::time::{Duration, Instant};

#[cfg(feature = "postgres")]
use diesel::connection::SimpleConnection;
#[cfg(feature = "postgres")]
use diesel::sql_types::{BigInt, Integer, Text};
#[cfg(feature = "postgres")]
use tradebook_model::{OrganizationId, Revision};

use crate::Store;
#[cfg(feature = "postgres")]
use crate::StoreError;
#[cfg(feature = "postgres")]
use crate::connection::{AnyConnection, Purpose, connect};
#[cfg(feature = "postgres")]
use crate::schema::{organizations, server_state};

/// How often the database is to be asked where nothing announces changes.
const UNANNOUNCED: Duration = Duration::from_millis(200);
/// How often it is to be asked although changes are announced: an announcement may be lost with its connection.
#[cfg(feature = "postgres")]
const ANNOUNCED: Duration = Duration::from_millis(500);
/// How long an announcement may lie unread. Looking for one asks the operating system, not the server.
#[cfg(feature = "postgres")]
const TICK: Duration = Duration::from_millis(10);
/// The channel of announcements. What is said is the id of an organization and its revision, or `keys` and theirs.
#[cfg(feature = "postgres")]
const CHANNEL: &str = "tradebook";
#[cfg(feature = "postgres")]
const KEYS: &str = "keys ";

/// Tells when it is time to look for changes.
#[derive(Debug)]
pub struct ChangeFeed {
    store: Store,
    #[cfg(feature = "postgres")]
    listener: Listener,
}

impl Store {
    /// Follows the changes of all processes. One thread each is to wait for it.
    pub fn changes(&self) -> ChangeFeed {
        ChangeFeed {
            store: self.clone(),
            #[cfg(feature = "postgres")]
            listener: Listener::default(),
        }
    }
}

impl ChangeFeed {
    /// Comes back when something was announced, or else after the time in which changes are to be looked for anyway: 200 ms,
    /// or 500 ms while changes are announced. What has changed is what [`Store::revisions`] and [`Store::keys_revision`] say.
    pub fn wait(&mut self) {
        #[cfg(feature = "postgres")]
        if self.store.url().is_postgres() {
            self.listener.wait(&self.store);
            return;
        }
        std::thread::sleep(UNANNOUNCED);
    }

    /// Whether changes are announced. They are not on SQLite, and on PostgreSQL only while it can be reached.
    pub fn is_announced(&self) -> bool {
        #[cfg(feature = "postgres")]
        return self.listener.connection.is_some();
        #[cfg(not(feature = "postgres"))]
        return false;
    }
}

#[cfg(feature = "postgres")]
#[derive(Default)]
struct Listener {
    connection: Option<diesel::PgConnection>,
}

#[cfg(feature = "postgres")]
impl std::fmt::Debug for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listener").field("listens", &self.connection.is_some()).finish()
    }
}

#[cfg(feature = "postgres")]
impl Listener {
    fn wait(&mut self, store: &Store) {
        let began = Instant::now();
        if self.connection.is_none() {
            match listen(store) {
                // What happened before was not announced here.
                Ok(connection) => self.connection = Some(connection),
                Err(error) => {
                    tracing::debug!(%error, "changes are not announced for now");
                    std::thread::sleep(UNANNOUNCED.saturating_sub(began.elapsed()));
                }
            }
            return;
        }
        while began.elapsed() < ANNOUNCED {
            match self.heard(store) {
                Ok(false) => std::thread::sleep(TICK),
                Ok(true) => return,
                Err(error) => {
                    tracing::debug!(%error, "the connection that listens for changes is lost");
                    self.connection = None;
                    return;
                }
            }
        }
    }

    /// Whether anything was announced.
    fn heard(&mut self, store: &Store) -> Result<bool, StoreError> {
        let mut any = false;
        if let Some(connection) = &mut self.connection {
            for announcement in connection.notifications_iter() {
                let payload = announcement?.payload;
                any = true;
                if let Some((organization, revision)) = revision(&payload) {
                    store.seen().note(organization, revision);
                }
            }
        }
        Ok(any)
    }
}

/// Reads `ID REVISION`.
#[cfg(feature = "postgres")]
fn revision(payload: &str) -> Option<(OrganizationId, Revision)> {
    let (id, revision) = payload.split_once(' ')?;
    Some((OrganizationId::new(id.parse().ok()?).ok()?, Revision(revision.parse().ok()?)))
}

#[cfg(feature = "postgres")]
fn listen(store: &Store) -> Result<diesel::PgConnection, StoreError> {
    match connect(store.url(), Purpose::Read)? {
        AnyConnection::Postgres(mut connection) => {
            connection.batch_execute(&format!("LISTEN {CHANNEL}"))?;
            Ok(connection)
        }
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(_) => Err(StoreError::unavailable("SQLite announces nothing")),
    }
}

#[cfg(feature = "postgres")]
diesel::define_sql_function! {
    /// Returns nothing, which is read as an empty text.
    fn pg_notify(channel: Text, payload: Text) -> Text;
}
#[cfg(feature = "postgres")]
diesel::define_sql_function! {
    #[sql_name = "concat"]
    fn concat_revision(id: Integer, space: Text, revision: BigInt) -> Text;
}
#[cfg(feature = "postgres")]
diesel::define_sql_function! {
    #[sql_name = "concat"]
    fn concat_keys(word: Text, revision: BigInt) -> Text;
}

/// Announces the revision of a row of organizations.
#[cfg(feature = "postgres")]
#[diesel::dsl::auto_type(no_type_alias)]
pub(crate) fn announce_revision() -> _ {
    let space: &'static str = " ";
    let channel: &'static str = CHANNEL;
    pg_notify(channel, concat_revision(organizations::id, space, organizations::revision))
}

/// Announces the revision of the keys.
#[cfg(feature = "postgres")]
#[diesel::dsl::auto_type(no_type_alias)]
pub(crate) fn announce_keys() -> _ {
    let word: &'static str = KEYS;
    let channel: &'static str = CHANNEL;
    pg_notify(channel, concat_keys(word, server_state::keys_revision))
}
