//! Databases for one test each.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use diesel::connection::{Connection, SimpleConnection};

use crate::{Store, StoreOptions};

/// A database that goes away with the test.
pub(super) struct Database {
    url: String,
    kind: Kind,
}

enum Kind {
    Sqlite(tempfile::TempDir),
    Postgres { server: String, name: String },
}

impl Database {
    pub(super) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("tradebook.db").display());
        Self { url, kind: Kind::Sqlite(folder) }
    }

    pub(super) fn postgres() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let Ok(server) = std::env::var("TEST_POSTGRES_URL") else {
            eprintln!("TEST_POSTGRES_URL is not set: left out; `make test` runs it on PostgreSQL");
            return None;
        };
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tradebook_test_{}_{number}", std::process::id());
        let mut admin = diesel::PgConnection::establish(&server).unwrap();
        admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).unwrap();
        let (base, query) = server.split_once('?').unwrap_or((&server, ""));
        let (base, _) = base.rsplit_once('/').unwrap();
        let url = format!("{base}/{name}?{query}");
        Some(Self { url, kind: Kind::Postgres { server, name } })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn is_sqlite(&self) -> bool {
        matches!(self.kind, Kind::Sqlite(_))
    }

    /// The file of SQLite.
    pub(super) fn file(&self) -> Option<PathBuf> {
        match &self.kind {
            Kind::Sqlite(folder) => Some(folder.path().join("tradebook.db")),
            Kind::Postgres { .. } => None,
        }
    }

    /// The database as another process would open it.
    pub(super) fn open(&self) -> Store {
        let options =
            StoreOptions { acquire_timeout: Duration::from_secs(30), ..StoreOptions::default() };
        Store::open(&self.url, &options).unwrap()
    }

    /// The database with this release's schema.
    pub(super) fn migrated(&self) -> Store {
        let store = self.open();
        store.migrate().unwrap();
        store
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Kind::Postgres { server, name } = &self.kind {
            let dropped = diesel::PgConnection::establish(server).map(|mut admin| {
                admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"))
            });
            if !std::thread::panicking() {
                dropped.unwrap().unwrap();
            }
        }
    }
}
