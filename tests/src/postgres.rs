//! Databases of PostgreSQL for one test each.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// A new database on the server of `TEST_POSTGRES_URL`. It is dropped with its value.
#[derive(Debug)]
pub(crate) struct PostgresDatabase {
    server: String,
    name: String,
    url: String,
}

impl PostgresDatabase {
    /// `None` where there is no server.
    pub(crate) fn create() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let Ok(server) = std::env::var("TEST_POSTGRES_URL") else {
            eprintln!("TEST_POSTGRES_URL is not set: left out; `make test` runs it on PostgreSQL");
            return None;
        };
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tradebook_server_test_{}_{number}", std::process::id());
        let (base, query) = server.split_once('?').unwrap_or((&server, ""));
        let (base, _) = base.rsplit_once('/').expect("a URL ends in a database");
        let url = format!("{base}/{name}?{query}");
        let database = Self { url, name, server };
        database.tell(&format!("CREATE DATABASE {} TEMPLATE template0", database.name));
        Some(database)
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    fn tell(&self, statement: &str) {
        let mut psql = Command::new("psql");
        psql.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--command", statement]);
        let output = psql.arg(&self.server).output().expect("psql runs");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() || std::thread::panicking(), "{statement}: {told}");
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        self.tell(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}
