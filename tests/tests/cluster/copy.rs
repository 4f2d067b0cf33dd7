//! Moving from a file to PostgreSQL and back, by the command.

use tradebook_tests::Workspace;

use crate::load::price;
use crate::{Cluster, Replication, acme};

#[test]
fn a_book_moves_to_postgresql_and_back() {
    let Some(cluster) = Cluster::new("copy", Replication::Asynchronous) else { return };
    let file = Workspace::new();
    let (workspace, key) = acme(file.database());
    let target = cluster.url("a");
    let said = workspace.ok(&["copy", "--from", file.database(), "--to", &target]);
    let last = said.lines().last().unwrap();
    assert!(last.starts_with("copied ") && last.contains(" tables"), "{said}");
    assert!(said.lines().any(|line| line.starts_with("prices: 1 rows, sha256 ")), "{said}");
    println!("copy: {last}");

    let moved = Workspace::on(&target);
    let server = moved.serve(&[]);
    assert_eq!(price(server.address(), &key), Some((200, Some(1))), "keys and prices are there");
    let again = moved.fails(1, &["copy", "--from", file.database(), "--to", &target]);
    assert!(again.contains("the target is not empty"), "{again}");
    let same = moved.fails(1, &["copy", "--from", &target, "--to", &target]);
    assert!(same.contains("into itself"), "{same}");

    let back = format!("sqlite://{}", moved.path().join("back.db").display());
    let returned = moved.ok(&["copy", "--from", &target, "--to", &back]);
    assert_eq!(returned, said, "the same rows and checksums");
    assert_eq!(Workspace::on(&back).ok(&["check"]).trim(), "ok");

    // A copy that is not complete serves nobody.
    cluster.sql("a", "CREATE TABLE __tradebook_copy (name TEXT)");
    let refused = moved.fails(1, &["serve", "--listen", "127.0.0.1:0"]);
    assert!(refused.contains("a copy that is not complete"), "{refused}");
    assert_eq!(server.get("/health/ready").status, 503);
}
