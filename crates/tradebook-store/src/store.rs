//! The store itself.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

#[cfg(feature = "sqlite")]
use diesel::RunQueryDsl;

use crate::StoreError;
use crate::connection::{AnyConnection, Pools};
use crate::customer_writes::Journal;
#[cfg(feature = "sqlite")]
use crate::group_commit::GroupWriter;
use crate::url::DatabaseUrl;

/// How a store uses its database.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// The greatest number of connections: of those that read on SQLite, of all on PostgreSQL. At least 1.
    pub pool_size: u32,
    /// How long a call waits for a connection that others are using before it is [`StoreError::Busy`].
    pub acquire_timeout: Duration,
}

impl Default for StoreOptions {
    /// Eight connections, two seconds.
    fn default() -> Self {
        Self { pool_size: 8, acquire_timeout: Duration::from_secs(2) }
    }
}

/// Everything that is kept: one database of SQLite or PostgreSQL. A clone is cheap and uses the same connections.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    url: DatabaseUrl,
    pools: Pools,
    key_secret: OnceLock<crate::key::KeySecret>,
    journal: Arc<Journal>,
    #[cfg(feature = "sqlite")]
    group_writer: std::sync::Mutex<Option<Arc<GroupWriter>>>,
}

impl Store {
    /// Opens the database of a URL: `sqlite://FILE` (`sqlite:///var/lib/tradebook.db` for an absolute path) or
    /// `postgres://USER@HOST/DATABASE`. A file that does not exist is created, its folder is not. The schema stays as it
    /// is; see [`Store::migrate`].
    pub fn open(url: &str, options: &StoreOptions) -> Result<Self, StoreError> {
        let url = DatabaseUrl::parse(url)?;
        let pools = Pools::open(url.clone(), options)?;
        Ok(Self {
            inner: Arc::new(Inner {
                url,
                pools,
                key_secret: OnceLock::new(),
                journal: Arc::default(),
                #[cfg(feature = "sqlite")]
                group_writer: std::sync::Mutex::new(None),
            }),
        })
    }

    /// As [`Store::open`], but a file that does not exist is not created: [`StoreError::Open`].
    pub fn open_existing(url: &str, options: &StoreOptions) -> Result<Self, StoreError> {
        DatabaseUrl::parse(url)?.must_exist()?;
        Self::open(url, options)
    }

    /// Asks the database whether it answers.
    pub fn ping(&self) -> Result<(), StoreError> {
        match &mut *self.pools().read()? {
            // Anything shorter is answered without a look at the file.
            #[cfg(feature = "sqlite")]
            AnyConnection::Sqlite(sqlite) => {
                diesel::sql_query("SELECT COUNT(*) FROM sqlite_master").execute(sqlite)?;
            }
            #[cfg(feature = "postgres")]
            AnyConnection::Postgres(postgres) => diesel::r2d2::R2D2Connection::ping(postgres)?,
        }
        Ok(())
    }

    pub(crate) fn pools(&self) -> &Pools {
        &self.inner.pools
    }

    pub(crate) fn url(&self) -> &DatabaseUrl {
        &self.inner.url
    }

    /// The thread that commits waiting writes together, started when it is first needed.
    #[cfg(feature = "sqlite")]
    pub(crate) fn group_writer(&self) -> Result<Arc<GroupWriter>, StoreError> {
        let mut writer =
            self.inner.group_writer.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match &*writer {
            Some(writer) => Ok(Arc::clone(writer)),
            None => {
                let started = Arc::new(GroupWriter::start(
                    self.pools().clone(),
                    Arc::clone(&self.inner.journal),
                )?);
                *writer = Some(Arc::clone(&started));
                Ok(started)
            }
        }
    }

    /// What this process has written of customers.
    pub(crate) fn journal(&self) -> &Journal {
        &self.inner.journal
    }

    pub(crate) fn key_secret_cell(&self) -> &OnceLock<crate::key::KeySecret> {
        &self.inner.key_secret
    }
}
