//! Many servers on PostgreSQL with a replica: what is promised while machines come and go.
//!
//! Runs under `tests/with-replica.sh`, one test at a time; `make prove-postgres` prints the counts. `PROVE_SECONDS` says how
//! long a load lasts, `PROVE_CHANGES` how many changes of prices are timed.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "what is not as expected stops the test"
)]

mod balancer;
mod changes;
mod copy;
mod failover;
mod load;
mod replicas;

use std::path::PathBuf;
use std::process::Command;

use tradebook_tests::{Workspace, root, text};

/// A primary `a` and its streaming replica `b`.
struct Cluster {
    folder: PathBuf,
}

/// Whether a commit waits for the replica.
#[derive(Clone, Copy, PartialEq)]
enum Replication {
    Asynchronous,
    Synchronous,
}

impl Cluster {
    /// `None` where no clusters can be made.
    fn new(name: &str, replication: Replication) -> Option<Self> {
        let Some(folder) = std::env::var_os("TEST_CLUSTER") else {
            eprintln!("TEST_CLUSTER is not set: left out; `make prove-postgres` runs it");
            return None;
        };
        let folder = PathBuf::from(folder).join(name);
        std::fs::create_dir(&folder).unwrap();
        let cluster = Self { folder };
        cluster.run(&["create", "a"]);
        cluster.run(&["start", "a"]);
        cluster.run(&["copy", "b", "a"]);
        cluster.run(&["start", "b"]);
        if replication == Replication::Synchronous {
            // Not in what the replica was copied from: as the primary it has nobody to wait for.
            cluster.sql("a", "ALTER SYSTEM SET synchronous_standby_names = '*'");
            cluster.sql("a", "SELECT pg_reload_conf()");
            tradebook_tests::eventually(20, "the replica is synchronous", || {
                cluster
                    .sql("a", "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
                    == "1"
            });
        }
        Some(cluster)
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = Command::new(root().join("tests/postgres/cluster.sh"))
            .arg(&self.folder)
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout).trim().to_owned()
    }

    fn sql(&self, node: &str, sql: &str) -> String {
        self.run(&["sql", node, sql])
    }

    fn port(&self, node: &str) -> String {
        self.run(&["port", node])
    }

    /// The URL of one node.
    fn url(&self, node: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port(node))
    }

    /// The URL of whichever node is the primary.
    fn primary_url(&self) -> String {
        format!(
            "postgres://postgres@127.0.0.1:{},127.0.0.1:{}/postgres?target_session_attrs=read-write",
            self.port("a"),
            self.port("b")
        )
    }
}

/// A workspace on a database with the organization `Acme`, a product `P1` in a list, and a key that writes.
fn acme(database: &str) -> (Workspace, String) {
    let workspace = Workspace::on(database);
    workspace.organization("Acme", "EUR");
    set_price(&workspace, 1);
    let key = ["key", "create", "--organization", "Acme", "--role", "write"];
    let key = workspace.ok(&key).trim().to_owned();
    (workspace, key)
}

/// Changes the price of `P1`, by a process of its own.
fn set_price(workspace: &Workspace, price: usize) {
    workspace.import(
        "Acme",
        &format!("prices-{price}"),
        &[
            ("products.csv", "code\nP1\n"),
            ("price_lists.csv", "code,id,description,currency\nL,1,Standard,EUR\n"),
            ("prices.csv", &format!("price_list,product,quantity,price\nL,P1,1,{price}\n")),
        ],
    );
}

/// What an environment variable says, or else a default.
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}
