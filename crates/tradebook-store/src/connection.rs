//! Connections to either kind of database, and the pools that keep them.

// The derive makes a module of its own for each enum; what is in it is neither named nor documented by us.
#[cfg(all(feature = "sqlite", feature = "postgres"))]
mod any {
    /// A connection to SQLite or PostgreSQL.
    #[derive(diesel::MultiConnection)]
    pub(crate) enum AnyConnection {
        Sqlite(diesel::SqliteConnection),
        Postgres(diesel::PgConnection),
    }
}
#[cfg(all(feature = "sqlite", not(feature = "postgres")))]
mod any {
    /// A connection to SQLite.
    #[derive(diesel::MultiConnection)]
    pub(crate) enum AnyConnection {
        Sqlite(diesel::SqliteConnection),
    }
}
#[cfg(all(feature = "postgres", not(feature = "sqlite")))]
mod any {
    /// A connection to PostgreSQL.
    #[derive(diesel::MultiConnection)]
    pub(crate) enum AnyConnection {
        Postgres(diesel::PgConnection),
    }
}

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::connection::{Connection, SimpleConnection};
use diesel::r2d2::R2D2Connection;
use r2d2::ManageConnection;

pub(crate) use self::any::AnyConnection;
use crate::url::DatabaseUrl;
use crate::{StoreError, StoreOptions};

/// Writes one expression for each backend: diesel cannot express upserts and inserts of several rows for both at once.
///
/// `each_backend!(connection, |c| diesel::insert_into(t::table).values(&rows).execute(c))`
macro_rules! each_backend {
    ($connection:expr, |$inner:ident| $body:expr) => {
        match $connection {
            #[cfg(feature = "sqlite")]
            $crate::connection::AnyConnection::Sqlite($inner) => $body,
            #[cfg(feature = "postgres")]
            $crate::connection::AnyConnection::Postgres($inner) => $body,
        }
    };
}
pub(crate) use each_backend;

/// What a connection is for; it matters on SQLite only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    #[cfg_attr(
        not(feature = "sqlite"),
        expect(dead_code, reason = "connections to PostgreSQL do both")
    )]
    Read,
    Write,
}

/// How long a connection to a server that has just answered counts as a good one, unasked.
const PROVEN_FOR: Duration = Duration::from_millis(500);

/// A connection of a pool, which goes back to it in the end.
pub(crate) struct Pooled(r2d2::PooledConnection<Manager>);

impl Pooled {
    /// Notes that the connection has done what it was asked.
    pub(crate) fn succeeded(&mut self) {
        self.0.proven_at = Instant::now();
    }

    /// Notes what the connection was used for in vain. One to a server that is gone, or that does not write any more, is
    /// thrown away instead of going back to the pool.
    pub(crate) fn failed(&mut self, error: &StoreError) {
        if is_postgres(&self.0.connection) && matches!(error, StoreError::Unavailable { .. }) {
            self.0.is_broken = true;
            // What took it may have taken the others of the pool.
            *self.0.last_loss.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
    }
}

impl Pooled {
    /// The file through which an import that goes on is told that somebody waits to write.
    #[cfg(feature = "sqlite")]
    pub(crate) fn waiting_file(&self) -> Option<&std::path::Path> {
        self.0.waiting_file.as_deref()
    }
}

impl Deref for Pooled {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.0.connection
    }
}

impl DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.0.connection
    }
}

/// A connection and what is known of it.
pub(crate) struct Kept {
    connection: AnyConnection,
    /// When the server last answered through it.
    proven_at: Instant,
    is_broken: bool,
    last_loss: LastLoss,
    #[cfg(feature = "sqlite")]
    waiting_file: Option<std::path::PathBuf>,
}

/// When a connection of the pool was last found to be lost.
type LastLoss = Arc<Mutex<Option<Instant>>>;

/// Makes connections of one purpose.
#[derive(Debug)]
pub(crate) struct Manager {
    url: DatabaseUrl,
    purpose: Purpose,
    last_loss: LastLoss,
}

impl ManageConnection for Manager {
    type Connection = Kept;
    type Error = StoreError;

    fn connect(&self) -> Result<Kept, StoreError> {
        let connection = connect(&self.url, self.purpose)?;
        Ok(Kept {
            connection,
            proven_at: Instant::now(),
            is_broken: false,
            last_loss: Arc::clone(&self.last_loss),
            #[cfg(feature = "sqlite")]
            waiting_file: match &self.url {
                DatabaseUrl::Sqlite(path) => Some(crate::turns::waiting_file(path)),
                #[cfg(feature = "postgres")]
                DatabaseUrl::Postgres(_) => None,
            },
        })
    }

    fn is_valid(&self, kept: &mut Kept) -> Result<(), StoreError> {
        let last_loss = *self.last_loss.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.proven_at.elapsed() < PROVEN_FOR
            && last_loss.is_none_or(|last_loss| last_loss < kept.proven_at)
        {
            return Ok(());
        }
        kept.connection.ping()?;
        kept.proven_at = Instant::now();
        Ok(())
    }

    fn has_broken(&self, kept: &mut Kept) -> bool {
        std::thread::panicking() || kept.is_broken || kept.connection.is_broken()
    }
}

/// The pools of a store. On SQLite one connection writes, since only one can at a time; on PostgreSQL all do both.
#[derive(Debug, Clone)]
pub(crate) struct Pools {
    read: r2d2::Pool<Manager>,
    write: r2d2::Pool<Manager>,
}

impl Pools {
    /// Connects once, so that what is wrong is reported as it is, and leaves the rest for when it is needed.
    pub(crate) fn open(url: DatabaseUrl, options: &StoreOptions) -> Result<Self, StoreError> {
        drop(connect(&url, Purpose::Write)?);
        match &url {
            #[cfg(feature = "sqlite")]
            DatabaseUrl::Sqlite(_) => Ok(Self {
                read: pool(url.clone(), Purpose::Read, options.pool_size, options.acquire_timeout),
                write: pool(url, Purpose::Write, 1, options.acquire_timeout),
            }),
            #[cfg(feature = "postgres")]
            DatabaseUrl::Postgres(_) => {
                let both = pool(url, Purpose::Write, options.pool_size, options.acquire_timeout);
                Ok(Self { read: both.clone(), write: both })
            }
        }
    }

    /// The pool of a replica, which may be away for now.
    #[cfg(feature = "postgres")]
    pub(crate) fn of_replica(
        url: DatabaseUrl,
        size: u32,
        timeout: Duration,
    ) -> r2d2::Pool<Manager> {
        pool(url, Purpose::Read, size, timeout)
    }

    pub(crate) fn read(&self) -> Result<Pooled, StoreError> {
        acquire(&self.read)
    }

    pub(crate) fn write(&self) -> Result<Pooled, StoreError> {
        acquire(&self.write)
    }
}

/// A connection outside the pools.
#[cfg_attr(
    not(feature = "sqlite"),
    expect(unused_variables, reason = "connections to PostgreSQL do both")
)]
pub(crate) fn connect(url: &DatabaseUrl, purpose: Purpose) -> Result<AnyConnection, StoreError> {
    match url {
        #[cfg(feature = "sqlite")]
        DatabaseUrl::Sqlite(path) => connect_sqlite(path, purpose).map(AnyConnection::Sqlite),
        #[cfg(feature = "postgres")]
        DatabaseUrl::Postgres(url) => {
            let mut connection = diesel::PgConnection::establish(url)
                .map_err(|error| StoreError::unavailable(error.to_string().trim()))?;
            // A writer that waits for another's organization must not keep its connection for ever.
            connection.batch_execute(
                "SET client_min_messages = warning; SET TIME ZONE 'UTC'; SET lock_timeout = '5s'",
            )?;
            Ok(AnyConnection::Postgres(connection))
        }
    }
}

fn pool(url: DatabaseUrl, purpose: Purpose, size: u32, timeout: Duration) -> r2d2::Pool<Manager> {
    r2d2::Pool::builder()
        .max_size(size.max(1))
        // With none, a connection that is thrown away is not replaced while others wait for it.
        .min_idle(Some(1))
        .connection_timeout(timeout)
        // A file does not go away; a server may have, and is asked only where that can be.
        .test_on_check_out(url.is_postgres())
        .error_handler(Box::new(r2d2::NopErrorHandler))
        .build_unchecked(Manager { url, purpose, last_loss: LastLoss::default() })
}

pub(crate) fn is_postgres(connection: &AnyConnection) -> bool {
    match connection {
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(_) => false,
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(_) => true,
    }
}

/// A connection of a pool. Without one in time: what the last attempt to connect said, or else that all are in use.
pub(crate) fn acquire(pool: &r2d2::Pool<Manager>) -> Result<Pooled, StoreError> {
    pool.get().map(Pooled).map_err(|error| {
        let state = pool.state();
        if state.connections > 0 && state.idle_connections == 0 {
            StoreError::Busy
        } else {
            StoreError::unavailable(error)
        }
    })
}

#[cfg(feature = "sqlite")]
fn connect_sqlite(
    path: &std::path::Path,
    purpose: Purpose,
) -> Result<diesel::SqliteConnection, StoreError> {
    let open = |reason: String| StoreError::Open { path: path.to_owned(), reason };
    let text = path.to_str().ok_or_else(|| open("its name is not valid UTF-8".to_owned()))?;
    if let Some(folder) = path.parent()
        && !folder.as_os_str().is_empty()
        && !folder.is_dir()
    {
        return Err(open(format!("the folder `{}` does not exist", folder.display())));
    }
    if path.is_dir() {
        return Err(open("it is a folder".to_owned()));
    }
    let mut connection =
        diesel::SqliteConnection::establish(text).map_err(|error| open(error.to_string()))?;
    // The time-out comes first: already the change of journal mode may meet another connection's lock.
    connection
        .batch_execute(
            "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; \
             PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;",
        )
        .and_then(|()| match purpose {
            // Writers change many pages in one transaction; readers map the file instead of copying it.
            Purpose::Write => connection
                .batch_execute("PRAGMA cache_size=-65536; PRAGMA journal_size_limit=67108864;"),
            Purpose::Read => connection.batch_execute(
                "PRAGMA mmap_size=268435456; PRAGMA cache_size=-16384; PRAGMA query_only=ON;",
            ),
        })
        .map_err(|error| match StoreError::from(error) {
            StoreError::Busy => StoreError::Busy,
            StoreError::Database(error) => open(error.to_string()),
            StoreError::Corrupt { what, .. } => open(what),
            StoreError::Unavailable { message } => open(message),
            other => other,
        })?;
    Ok(connection)
}
