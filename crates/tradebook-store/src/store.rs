//! The store itself.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

#[cfg(feature = "sqlite")]
use diesel::RunQueryDsl;

use crate::StoreError;
use crate::connection::{AnyConnection, Pools};
use crate::customer_writes::Journal;
#[cfg(feature = "sqlite")]
use crate::group_commit::GroupWriter;
#[cfg(feature = "postgres")]
use crate::replicas::Replicas;
use crate::seen::SeenRevisions;
use crate::url::DatabaseUrl;

/// How a store uses its database.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// The greatest number of connections: of those that read on SQLite, of all on PostgreSQL. At least 1.
    pub pool_size: u32,
    /// How long a call waits for a connection that others are using before it is [`StoreError::Busy`].
    pub acquire_timeout: Duration,
    /// URLs of PostgreSQL's replicas, for reading organizations' data; each has as many connections as the primary.
    pub read_urls: Vec<String>,
    /// How far a replica may be behind to be read from.
    pub replica_lag: Duration,
    /// From how many bytes of files on an import into SQLite goes in steps, between which others write. Smaller ones are done
    /// before anybody has waited long, and faster.
    pub import_in_steps_from: u64,
}

impl Default for StoreOptions {
    /// Eight connections, two seconds, no replicas; those that are added may be five seconds behind. Imports of a megabyte or
    /// more go in steps.
    fn default() -> Self {
        Self {
            pool_size: 8,
            acquire_timeout: Duration::from_secs(2),
            read_urls: Vec::new(),
            replica_lag: Duration::from_secs(5),
            import_in_steps_from: 1 << 20,
        }
    }
}

/// How a replica is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplicaState {
    /// Whether reads go to it.
    pub is_used: bool,
    /// How far it was behind the primary when last looked at, at most; `None` where it could not be asked.
    pub lag: Option<Duration>,
    /// The reads that it has answered.
    pub reads: u64,
}

/// Which servers have answered how many reads.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DatabaseUse {
    /// The reads of a moment that went to the primary, or to the only database.
    pub primary_reads: u64,
    /// The replicas, in the order of [`StoreOptions::read_urls`].
    pub replicas: Vec<ReplicaState>,
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
    seen: SeenRevisions,
    primary_reads: AtomicU64,
    #[cfg(feature = "sqlite")]
    import_in_steps_from: u64,
    #[cfg(feature = "postgres")]
    replicas: Option<Arc<Replicas>>,
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
        #[cfg(feature = "postgres")]
        let replicas = Replicas::open(&url, &pools, options)?;
        Ok(Self {
            inner: Arc::new(Inner {
                url,
                pools,
                key_secret: OnceLock::new(),
                journal: Arc::default(),
                seen: SeenRevisions::default(),
                primary_reads: AtomicU64::new(0),
                #[cfg(feature = "sqlite")]
                import_in_steps_from: options.import_in_steps_from,
                #[cfg(feature = "postgres")]
                replicas,
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

    /// Which servers have answered how many reads, and how the replicas are doing.
    pub fn database_use(&self) -> DatabaseUse {
        #[cfg(feature = "postgres")]
        let replicas = self.replicas().map(|replicas| replicas.states()).unwrap_or_default();
        #[cfg(not(feature = "postgres"))]
        let replicas = Vec::new();
        DatabaseUse { primary_reads: self.inner.primary_reads.load(Ordering::Relaxed), replicas }
    }

    pub(crate) fn seen(&self) -> &SeenRevisions {
        &self.inner.seen
    }

    #[cfg(feature = "sqlite")]
    pub(crate) fn import_in_steps_from(&self) -> u64 {
        self.inner.import_in_steps_from
    }

    pub(crate) fn count_read(&self) {
        self.inner.primary_reads.fetch_add(1, Ordering::Relaxed);
    }

    #[cfg(feature = "postgres")]
    pub(crate) fn replicas(&self) -> Option<&Replicas> {
        self.inner.replicas.as_deref()
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
