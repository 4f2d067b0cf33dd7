//! Reading from a replica.

use tradebook_tests::{Server, eventually};

use crate::load::{create, shows};
use crate::{Cluster, Replication, acme};

/// A metric of a server: its only value, or that of a label.
fn metric(server: &Server, name: &str) -> Option<f64> {
    let text = server.get("/metrics").body;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.rsplit(' ').next()?.parse().ok()
}

fn is_used(server: &Server) -> bool {
    metric(server, "tradebook_replica_used{server=\"1\"}") == Some(1.0)
}

fn reads(server: &Server, of: &str) -> f64 {
    metric(server, &format!("tradebook_database_reads_total{{server=\"{of}\"}}")).unwrap_or(0.0)
}

#[test]
fn a_replica_answers_reads_and_hides_nothing() {
    let Some(cluster) = Cluster::new("replicas", Replication::Asynchronous) else { return };
    let (workspace, key) = acme(&cluster.url("a"));
    let replica = cluster.url("b");
    let server = workspace.serve(&["--read-database", &replica, "--read-database-lag", "1"]);
    let address = server.address();
    eventually(20, "the replica is used", || is_used(&server));
    assert_eq!(create(address, &key, "R0"), Some(201));
    let list = |expected: u64| {
        let path = format!("{}?max=1", crate::load::CUSTOMERS);
        let answer =
            server.request("GET", &path, &[("Authorization", &format!("Bearer {key}"))], b"");
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.json()["paging"]["total"].as_u64(), Some(expected), "{}", answer.body);
    };
    let before = reads(&server, "1");
    eventually(20, "the replica answers", || {
        list(1);
        reads(&server, "1") > before + 5.0
    });

    // A replica that stands still may be asked for a while, but not for what was written since.
    cluster.sql("b", "SELECT pg_wal_replay_pause()");
    for number in 1..=20 {
        let reference = format!("R{number}");
        assert_eq!(create(address, &key, &reference), Some(201));
        assert_eq!(
            shows(address, &key, &reference),
            Some(200),
            "{reference} is written but not read"
        );
        list(number + 1);
    }
    eventually(20, "a replica that is late is left out", || {
        assert_eq!(shows(address, &key, "R20"), Some(200));
        !is_used(&server)
    });
    cluster.sql("b", "SELECT pg_wal_replay_resume()");
    eventually(20, "it has caught up and is used again", || is_used(&server));
    let before = reads(&server, "1");
    eventually(20, "it answers", || {
        list(21);
        reads(&server, "1") > before + 5.0
    });

    // A replica that is gone is missed by nobody.
    cluster.run(&["stop", "b", "immediate"]);
    for _ in 0..50 {
        list(21);
        assert_eq!(shows(address, &key, "R20"), Some(200));
    }
    assert!(!is_used(&server));
    cluster.run(&["start", "b"]);
    eventually(20, "it is back", || is_used(&server));
    list(21);
    println!(
        "replica: {} reads answered by it, {} by the primary; used, left out late, left out gone, taken back twice",
        reads(&server, "1"),
        reads(&server, "primary")
    );

    // Another server's changes come with its announcement, from wherever they are read.
    let other = workspace.serve(&["--read-database", &replica]);
    eventually(20, "the replica is used", || is_used(&other));
    for number in 21..=40 {
        assert_eq!(create(other.address(), &key, &format!("R{number}")), Some(201));
        eventually(1, "what one server wrote is read from the other", || {
            shows(address, &key, &format!("R{number}")) == Some(200)
        });
    }
}

#[test]
fn only_postgresql_has_replicas() {
    let workspace = tradebook_tests::Workspace::new();
    let error = workspace
        .fails(1, &["serve", "--listen", "127.0.0.1:0", "--read-database", "postgres://h/d"]);
    assert!(error.contains("only a database of PostgreSQL has replicas"), "{error}");
}
