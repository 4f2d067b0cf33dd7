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

use std::time::Duration;

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

pub(crate) type Pooled = r2d2::PooledConnection<Manager>;

/// Makes connections of one purpose.
#[derive(Debug)]
pub(crate) struct Manager {
    url: DatabaseUrl,
    purpose: Purpose,
}

impl ManageConnection for Manager {
    type Connection = AnyConnection;
    type Error = StoreError;

    fn connect(&self) -> Result<AnyConnection, StoreError> {
        connect(&self.url, self.purpose)
    }

    fn is_valid(&self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        Ok(connection.ping()?)
    }

    fn has_broken(&self, connection: &mut AnyConnection) -> bool {
        std::thread::panicking() || connection.is_broken()
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
                read: pool(url.clone(), Purpose::Read, options.pool_size, options.acquire_timeout)?,
                write: pool(url, Purpose::Write, 1, options.acquire_timeout)?,
            }),
            #[cfg(feature = "postgres")]
            DatabaseUrl::Postgres(_) => {
                let both = pool(url, Purpose::Write, options.pool_size, options.acquire_timeout)?;
                Ok(Self { read: both.clone(), write: both })
            }
        }
    }

    pub(crate) fn read(&self) -> Result<Pooled, StoreError> {
        acquire(&self.read, StoreError::Busy)
    }

    pub(crate) fn write(&self) -> Result<Pooled, StoreError> {
        acquire(&self.write, StoreError::Busy)
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

fn pool(
    url: DatabaseUrl,
    purpose: Purpose,
    size: u32,
    timeout: Duration,
) -> Result<r2d2::Pool<Manager>, StoreError> {
    r2d2::Pool::builder()
        .max_size(size.max(1))
        .min_idle(Some(0))
        .connection_timeout(timeout)
        // A file does not go away; a server may have, and is asked only where that can be.
        .test_on_check_out(matches_postgres(&url))
        .error_handler(Box::new(r2d2::NopErrorHandler))
        .build(Manager { url, purpose })
        .map_err(StoreError::unavailable)
}

fn matches_postgres(url: &DatabaseUrl) -> bool {
    match url {
        #[cfg(feature = "sqlite")]
        DatabaseUrl::Sqlite(_) => false,
        #[cfg(feature = "postgres")]
        DatabaseUrl::Postgres(_) => true,
    }
}

/// A connection of a pool. Without one in time: what the last attempt to connect said, or else that all are in use.
fn acquire(pool: &r2d2::Pool<Manager>, in_use: StoreError) -> Result<Pooled, StoreError> {
    pool.get().map_err(|error| {
        let state = pool.state();
        if state.connections > 0 && state.idle_connections == 0 {
            in_use
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
