//! Databases of PostgreSQL for one test each.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::shared::Shared;
use crate::{binary, text};

/// A new database on the server of `TEST_POSTGRES_URL`, with this release's tables. It is dropped with its value.
#[derive(Debug)]
pub(crate) struct PostgresDatabase {
    bare: Bare,
    /// What it was copied from, which stays while anybody has a copy.
    template: Arc<Bare>,
}

impl PostgresDatabase {
    /// `None` where there is no server.
    pub(crate) fn create() -> Option<Self> {
        let Ok(server) = std::env::var("TEST_POSTGRES_URL") else {
            eprintln!("TEST_POSTGRES_URL is not set: left out; `make test` runs it on PostgreSQL");
            return None;
        };
        let template = template(&server);
        Some(Self { bare: Bare::copy_of(&template.name, server), template })
    }

    /// A new database with the data of this one, which nobody may be using.
    pub(crate) fn copy(&self) -> Self {
        let bare = Bare::copy_of(&self.bare.name, self.bare.server.clone());
        Self { bare, template: Arc::clone(&self.template) }
    }

    pub(crate) fn url(&self) -> &str {
        &self.bare.url
    }

    /// Runs a statement in it.
    pub(crate) fn run(&self, statement: &str) {
        psql(&self.bare.url, statement);
    }

    /// Its tables as SQL.
    pub(crate) fn dump(&self) -> Vec<u8> {
        let output = Command::new("pg_dump").arg(&self.bare.url).output().expect("pg_dump runs");
        assert!(output.status.success(), "{}", text(&output.stderr));
        output.stdout
    }
}

/// The database that the others are copied from: copying takes a fraction of what making the tables does.
fn template(server: &str) -> Arc<Bare> {
    static TEMPLATE: Shared<Bare> = Shared::new();
    TEMPLATE.get(|| {
        let template = Bare::copy_of("template0", server.to_owned());
        let mut migrate = Command::new(binary());
        let output = migrate.args(["migrate", "--database", &template.url]).output();
        let output = output.expect("the binary runs");
        assert!(output.status.success(), "{}", text(&output.stderr));
        template
    })
}

/// A database that is dropped with its value.
#[derive(Debug)]
struct Bare {
    server: String,
    name: String,
    url: String,
}

impl Bare {
    fn copy_of(template: &str, server: String) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tradebook_server_test_{}_{number}", std::process::id());
        let (base, query) = server.split_once('?').unwrap_or((&server, ""));
        let (base, _) = base.rsplit_once('/').expect("a URL ends in a database");
        let url = format!("{base}/{name}?{query}");
        psql(&server, &format!("CREATE DATABASE {name} TEMPLATE {template}"));
        Self { server, name, url }
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        psql(&self.server, &format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

fn psql(url: &str, statement: &str) {
    let mut psql = Command::new("psql");
    psql.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--command", statement]);
    let output = psql.arg(url).output().expect("psql runs");
    let told = text(&output.stderr);
    assert!(output.status.success() || std::thread::panicking(), "{statement}: {told}");
}
