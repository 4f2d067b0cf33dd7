//! What other processes change, and what becomes of lost connections.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::Integer;

use super::database::Database;
use super::fixture::{organization, put_product, write};
use super::on_each_database;
use crate::connection::AnyConnection;
use crate::transaction::Outcome;
use crate::{NewKey, Role, Store, StoreError, StoreOptions};

on_each_database! {
    changes_are_found,
    a_connection_that_a_panic_took_is_replaced,
}

fn changes_are_found(database: &Database) {
    let store = database.migrated();
    let acme = organization(&store, "Acme").id;
    let other = database.open();
    let mut changes = other.changes();
    changes.wait();
    assert_eq!(changes.is_announced(), !database.is_sqlite());
    let revision = write(&store, acme, |_, revision| revision);
    changes.wait();
    assert_eq!(other.revisions().unwrap(), [(acme, revision)]);
}

/// Announcements come with the commit, and not without one.
#[test]
fn an_announcement_wakes_the_follower() {
    let Some(database) = Database::postgres() else { return };
    let store = database.migrated();
    let acme = organization(&store, "Acme").id;
    let other = database.open();
    let mut changes = other.changes();
    changes.wait();
    assert!(changes.is_announced());
    // One that waits for nothing waits longer than announcements take.
    let quiet = Instant::now();
    changes.wait();
    assert!(quiet.elapsed() >= Duration::from_millis(400));
    let (send, woken) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for _ in 0..4 {
                changes.wait();
                send.send(other.seen().revision(acme)).unwrap();
            }
        });
        let revision = write(&store, acme, |_, revision| revision);
        let seen: Vec<_> = woken.iter().collect();
        assert!(seen.contains(&Some(revision)), "the announcement names the revision: {seen:?}");
    });
    let mut changes = store.changes();
    changes.wait();
    let new = NewKey { organization: acme, role: Role::Read, label: None, user: None };
    let (key, _) = store.create_key(&new).unwrap();
    let asked = Instant::now();
    changes.wait();
    store.revoke_key(key.id).unwrap();
    changes.wait();
    assert!(asked.elapsed() < Duration::from_millis(400), "keys are announced too");
}

fn a_connection_that_a_panic_took_is_replaced(database: &Database) {
    database.migrated();
    let options = StoreOptions {
        pool_size: 1,
        acquire_timeout: Duration::from_secs(20),
        ..StoreOptions::default()
    };
    let store = Store::open(database.url(), &options).unwrap();
    let began = Instant::now();
    std::thread::scope(|scope| {
        let (send, holds) = mpsc::channel();
        let (waits, wait) = mpsc::channel::<()>();
        let store = &store;
        let panics = scope.spawn(move || {
            store.read_once(|_| -> Result<(), StoreError> {
                send.send(()).unwrap();
                wait.recv().unwrap();
                panic!("as a test");
            })
        });
        holds.recv().unwrap();
        // Waits for the only connection.
        let waiting = scope.spawn(move || store.organizations());
        waits.send(()).unwrap();
        assert!(panics.join().is_err());
        assert_eq!(waiting.join().unwrap().unwrap(), []);
    });
    assert!(began.elapsed() < Duration::from_secs(10), "it was not waited for in vain");
}

/// Ends all connections to the database but the one that asks.
fn cut_connections(database: &Database) {
    let mut admin = diesel::PgConnection::establish(database.url()).unwrap();
    diesel::sql_query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .execute(&mut admin)
    .unwrap();
}

#[test]
fn reads_and_writes_outlive_their_connections() {
    let Some(database) = Database::postgres() else { return };
    let store = database.migrated();
    let acme = organization(&store, "Acme").id;
    assert_eq!(store.organizations().unwrap().len(), 1);
    cut_connections(&database);
    assert_eq!(store.organizations().unwrap().len(), 1);
    cut_connections(&database);
    write(&store, acme, |c, _| put_product(c, acme, 1, "P1"));
    // In the middle: nothing of it has happened, so it may happen again.
    let mut attempts = 0;
    write(&store, acme, |c, _| {
        attempts += 1;
        put_product(c, acme, 2, "P2");
        if attempts == 1 {
            cut_connections(&database);
            // Whoever goes on notices.
            let lost = diesel::sql_query("SELECT 1").execute(c);
            assert!(lost.is_err());
        }
    });
    let mut read = 0;
    let products = store
        .read_of(acme, |c| {
            read += 1;
            if read == 1 {
                cut_connections(&database);
            }
            Ok(crate::schema::products::table.count().get_result::<i64>(c)?)
        })
        .unwrap();
    assert_eq!((products, read), (2, 2));
    let mut changes = store.changes();
    changes.wait();
    assert!(changes.is_announced());
    cut_connections(&database);
    changes.wait();
    assert!(!changes.is_announced(), "it is noticed at once");
    changes.wait();
    assert!(changes.is_announced(), "and mended");
}

#[test]
fn a_commit_whose_outcome_is_unknown_is_not_repeated() {
    let Some(database) = Database::postgres() else { return };
    let store = database.migrated();
    let acme = organization(&store, "Acme").id;
    let mut attempts = 0;
    let outcome = store.change(|c| {
        attempts += 1;
        put_product(c, acme, attempts, &format!("P{attempts}"));
        // Nothing is asked of the connection between the cut and the commit.
        cut_connections(&database);
        Ok(Outcome::Commit(()))
    });
    assert!(matches!(outcome, Err(StoreError::Unavailable { .. })), "{outcome:?}");
    assert_eq!(attempts, 1);
    assert_eq!(store.read_book(acme).unwrap().1.products.len(), 0);
}

#[test]
fn a_server_that_does_not_write_any_more_is_left() {
    let Some(database) = Database::postgres() else { return };
    let options = StoreOptions { pool_size: 1, ..StoreOptions::default() };
    database.migrated();
    let store = Store::open(database.url(), &options).unwrap();
    let acme = organization(&store, "Acme").id;
    // As on a primary that was made a replica.
    let refused = store.pools().write().map(|mut c| {
        diesel::sql_query("SET default_transaction_read_only = on").execute(&mut *c).unwrap();
        let before = backend(&mut c);
        let error = c_write_refused(&mut c);
        let error = StoreError::from(error);
        c.failed(&error);
        (before, error)
    });
    let (before, error) = refused.unwrap();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
    write(&store, acme, |c, _| put_product(c, acme, 1, "P1"));
    assert_ne!(backend(&mut store.pools().write().unwrap()), before, "another connection");
}

fn c_write_refused(c: &mut AnyConnection) -> diesel::result::Error {
    diesel::sql_query("UPDATE organizations SET revision = revision + 1").execute(c).unwrap_err()
}

fn backend(c: &mut AnyConnection) -> i32 {
    #[derive(QueryableByName)]
    struct Backend {
        #[diesel(sql_type = Integer)]
        pid: i32,
    }
    let Backend { pid } =
        diesel::sql_query("SELECT pg_backend_pid() AS pid").get_result(c).unwrap();
    pid
}

/// Two writers that lock in different orders: one of them is thrown out, tried again, and done.
#[test]
fn deadlocks_and_conflicts_are_tried_again() {
    let Some(database) = Database::postgres() else { return };
    let store = database.migrated();
    let organizations = [organization(&store, "One").id, organization(&store, "Other").id];
    let both = std::sync::Barrier::new(2);
    let attempts: Vec<u32> = std::thread::scope(|scope| {
        let threads: Vec<_> = [0, 1]
            .map(|first| {
                let (store, both) = (&store, &both);
                scope.spawn(move || {
                    let mut attempts = 0;
                    store
                        .change(|c| {
                            attempts += 1;
                            for place in [first, 1 - first] {
                                crate::transaction::next_revision(c, organizations[place])?;
                                if attempts == 1 && place == first {
                                    both.wait();
                                }
                            }
                            Ok(Outcome::Commit(()))
                        })
                        .unwrap();
                    attempts
                })
            })
            .into_iter()
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(attempts.iter().sum::<u32>() > 2, "one of them once more");
    assert!(store.revisions().unwrap().iter().all(|(_, revision)| revision.0 == 3));

    let mut attempts = 0;
    store
        .change(|c| {
            attempts += 1;
            if attempts == 1 {
                diesel::sql_query("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE").execute(c)?;
                diesel::sql_query("SELECT revision FROM organizations").execute(c)?;
                write(&store, organizations[0], |_, _| ());
            }
            diesel::sql_query("UPDATE organizations SET revision = revision + 1").execute(c)?;
            Ok(Outcome::Commit(()))
        })
        .unwrap();
    assert_eq!(attempts, 2);
}
