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
    Postgres {
        server: String,
        name: String,
        /// A user of its own, of the database's name.
        has_user: bool,
    },
}

impl Database {
    pub(super) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("tradebook.db").display());
        Self { url, kind: Kind::Sqlite(folder) }
    }

    pub(super) fn postgres() -> Option<Self> {
        Self::on_server(false)
    }

    /// A database of PostgreSQL whose user may make tables in it, but no extensions.
    pub(super) fn postgres_without_extensions() -> Option<Self> {
        Self::on_server(true)
    }

    fn on_server(has_user: bool) -> Option<Self> {
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
        let mut url = format!("{base}/{name}?{query}");
        if has_user {
            let mut inside = diesel::PgConnection::establish(&url).unwrap();
            inside
                .batch_execute(&format!(
                    "CREATE USER {name} PASSWORD '{name}'; GRANT CREATE ON SCHEMA public TO {name}"
                ))
                .unwrap();
            let (_, place) = base.split_once("://").unwrap();
            let host = place.rsplit_once('@').map_or(place, |(_, host)| host);
            url = format!("postgres://{name}:{name}@{host}/{name}?{query}");
        }
        Some(Self { url, kind: Kind::Postgres { server, name, has_user } })
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
        if let Kind::Postgres { server, name, has_user } = &self.kind {
            let dropped = diesel::PgConnection::establish(server).map(|mut admin| {
                admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"))?;
                if *has_user { admin.batch_execute(&format!("DROP USER {name}")) } else { Ok(()) }
            });
            if !std::thread::panicking() {
                dropped.unwrap().unwrap();
            }
        }
    }
}
