//! Copies from one kind of database to the other.

use std::sync::atomic::{AtomicBool, Ordering};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::database::Database;
use super::fixture::{customer, fill, is_busy, organization, put_customer, write};
use super::on_each_database;
use crate::connection::AnyConnection;
use crate::transaction::Outcome;
use crate::{CopyError, CopyProgress, NewKey, Role, SchemaState, Store, StoreError};

on_each_database! {
    a_copy_has_everything,
    an_interrupted_copy_goes_on,
    a_target_with_data_is_left_alone,
    what_triggers_write_is_put_right,
    a_copy_of_a_source_in_use_is_of_one_moment,
}

/// A new database of the other kind; none without PostgreSQL.
fn other(database: &Database) -> Option<Database> {
    if database.is_sqlite() { Database::postgres() } else { Some(Database::sqlite()) }
}

/// Runs SQL that is the same on both.
fn run(store: &Store, sql: &str) {
    store
        .change(|c| {
            c.batch_execute(sql)?;
            Ok(Outcome::Commit(()))
        })
        .unwrap_or_else(|error| panic!("{sql}: {error:?}"));
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The tables that migrations make, asked of the database in another way than copies do.
fn table_names(store: &Store) -> Vec<String> {
    store
        .read_snapshot(|c| {
            let sql = match c {
                AnyConnection::Sqlite(_) => {
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%' \
                     AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\' \
                     AND name NOT LIKE 'customers\\_search%' ESCAPE '\\' ORDER BY name"
                }
                AnyConnection::Postgres(_) => {
                    "SELECT table_name::text AS name FROM information_schema.tables \
                     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' \
                     AND table_name NOT LIKE '\\_\\_%' ORDER BY table_name COLLATE \"C\""
                }
            };
            let names: Vec<Name> = diesel::sql_query(sql).load(c)?;
            Ok(names.into_iter().map(|name| name.name).collect())
        })
        .unwrap()
}

/// Adds a row to each table that has none, whatever the table is: zeros, empty texts and references to what is there.
fn fill_every_table(store: &Store) {
    for attempt in 0.. {
        let mut left = Vec::new();
        for table in table_names(store) {
            let count: i64 = count(store, &table);
            if count == 0 && fill_table(store, &table).is_err() {
                left.push(table);
            }
        }
        if left.is_empty() {
            return;
        }
        assert!(attempt < 10, "no row could be made for {left:?}");
    }
}

fn count(store: &Store, table: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let sql = format!("SELECT COUNT(*) AS count FROM {table}");
    let counted: Counted =
        store.read_snapshot(|c| Ok(diesel::sql_query(&sql).get_result(c)?)).unwrap();
    counted.count
}

fn fill_table(store: &Store, table: &str) -> Result<(), StoreError> {
    #[derive(QueryableByName)]
    struct Column {
        #[diesel(sql_type = Text)]
        name: String,
        #[diesel(sql_type = Text)]
        kind: String,
    }
    store.change(|c| {
        let is_sqlite = matches!(c, AnyConnection::Sqlite(_));
        let sql = if is_sqlite {
            "SELECT name, type AS kind FROM pragma_table_info($1) WHERE \"notnull\" AND dflt_value IS NULL"
        } else {
            "SELECT column_name::text AS name, upper(data_type) AS kind \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 \
             AND is_nullable = 'NO' AND column_default IS NULL"
        };
        let columns: Vec<Column> = diesel::sql_query(sql).bind::<Text, _>(table).load(c)?;
        let values: Vec<_> = columns
            .iter()
            .map(|column| match column.kind.as_str() {
                "BOOLEAN" if is_sqlite => "1",
                "BOOLEAN" => "TRUE",
                "TEXT" => "'1'",
                "BYTEA" => "'\\x00ff'::bytea",
                "BLOB" => "x'00ff'",
                _ => "1",
            })
            .collect();
        let names: Vec<_> = columns.iter().map(|column| column.name.as_str()).collect();
        c.batch_execute(&format!(
            "INSERT INTO {table} ({}) VALUES ({})",
            names.join(", "),
            values.join(", ")
        ))?;
        Ok(Outcome::Commit(()))
    })
}

/// A database with rows in every table.
fn source(database: &Database) -> Store {
    let store = database.migrated();
    let acme = organization(&store, "Acme");
    fill(&store, acme.id, "A");
    let second = organization(&store, "Überall & Söhne").id;
    fill(&store, second, "B");
    write(&store, second, |c, _| {
        for id in 100..112 {
            let mut new = customer(id, &format!("Ä{id}"));
            // Parents come later than their children.
            new.profile.parent = (id < 111).then(|| (id + 1).to_string().parse().unwrap());
            put_customer(c, second, &new);
        }
    });
    let new = NewKey { organization: acme.id, role: Role::Write, label: None, user: None };
    store.create_key(&new).unwrap();
    run(
        &store,
        "UPDATE customers SET billing_latitude = 0.1, billing_longitude = -1e-300 WHERE id = 100",
    );
    fill_every_table(&store);
    store
}

fn a_copy_has_everything(database: &Database) {
    let Some(second) = other(database) else { return };
    let source = source(database);
    let target = second.open();
    let mut verified = 0;
    let copied = source
        .copy_to(&target, |progress| {
            verified += usize::from(matches!(progress, CopyProgress::Verified(_)));
        })
        .unwrap();
    let mut names: Vec<_> = copied.iter().map(|table| table.name.clone()).collect();
    names.sort();
    assert_eq!(names, table_names(&source), "every table is covered");
    assert_eq!(verified, copied.len());
    for table in &copied {
        // What imports that were killed have left is removed before a copy.
        let is_filled = table.rows > 0 || table.name == "unfinished_imports";
        assert!(is_filled, "{} is empty: the test says nothing of it", table.name);
        assert_eq!(i64::try_from(table.rows).unwrap(), count(&target, &table.name));
    }
    assert_eq!(target.schema_state().unwrap(), SchemaState::Current);
    assert_eq!(target.organizations().unwrap(), source.organizations().unwrap());
    assert_eq!(target.revisions().unwrap(), source.revisions().unwrap());
    assert_eq!(target.active_keys().unwrap(), source.active_keys().unwrap());
    let acme = source.revisions().unwrap()[0].0;
    assert_eq!(
        format!("{:?}", target.read_book(acme).unwrap()),
        format!("{:?}", source.read_book(acme).unwrap())
    );
    // Secrets and sequences go on.
    assert_eq!(target.hash_key("x").unwrap(), source.hash_key("x").unwrap());
    let third = organization(&target, "Third");
    assert!(third.id > acme);
    let new = NewKey { organization: acme, role: Role::Read, label: None, user: None };
    target.create_key(&new).unwrap();
    assert!(target.copy_to(&source, |_| {}).is_err(), "neither is empty");
    // And back again.
    let Some(third) = Database::postgres() else { return };
    let back = third.open();
    let again = target.copy_to(&back, |_| {}).unwrap();
    assert_eq!(again.len(), copied.len());
    let customers = |tables: &[crate::CopiedTable]| {
        tables.iter().find(|table| table.name == "customers").unwrap().clone()
    };
    assert_eq!(customers(&again), customers(&copied));
}

fn an_interrupted_copy_goes_on(database: &Database) {
    let Some(second) = other(database) else { return };
    let source = source(database);
    let target = second.open();
    let mut tables = Vec::new();
    let interrupted = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        source.copy_to(&target, |progress| {
            if let CopyProgress::Copied { table, .. } = progress {
                tables.push(table.to_owned());
                assert_ne!(table, "prices", "as a test");
            }
        })
    }));
    assert!(interrupted.is_err());
    // Others may change the source again, and nobody may use the target.
    assert_eq!(target.schema_state().unwrap(), SchemaState::HalfCopied);
    assert!(matches!(target.migrate(), Err(StoreError::HalfCopied)));
    assert!(matches!(target.check(), Err(StoreError::HalfCopied)));
    let mut others = Vec::new();
    source
        .copy_to(&target, |progress| {
            if let CopyProgress::Copied { table, .. } = progress {
                others.push(table.to_owned());
            }
        })
        .unwrap();
    assert!(others.contains(&"prices".to_owned()));
    assert!(!others.contains(&"products".to_owned()), "products were there: {others:?}");
    assert!(tables.contains(&"products".to_owned()));
    assert_eq!(target.schema_state().unwrap(), SchemaState::Current);

    // A source that has moved on is another one.
    let Some(third) = other(database) else { return };
    let target = third.open();
    let interrupted = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        source.copy_to(&target, |progress| {
            assert!(matches!(progress, CopyProgress::Copied { .. }), "as a test");
        })
    }));
    assert!(interrupted.is_err());
    let acme = source.revisions().unwrap()[0].0;
    write(&source, acme, |_, _| ());
    assert!(matches!(source.copy_to(&target, |_| {}), Err(CopyError::OtherSource)));
}

fn a_target_with_data_is_left_alone(database: &Database) {
    let Some(second) = other(database) else { return };
    let source = source(database);
    let target = second.migrated();
    organization(&target, "Mine");
    let refused = source.copy_to(&target, |_| {});
    assert!(matches!(refused, Err(CopyError::NotEmpty { .. })), "{refused:?}");
    assert_eq!(target.schema_state().unwrap(), SchemaState::Current);
    assert_eq!(target.organizations().unwrap().len(), 1);
}

/// Counts are kept by triggers, which count what is copied too.
fn what_triggers_write_is_put_right(database: &Database) {
    let Some(second) = other(database) else { return };
    let source = source(database);
    run(&source, "UPDATE customer_counts SET customers = 7 WHERE organization_id = 1");
    let target = second.open();
    source.copy_to(&target, |_| {}).unwrap();
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = BigInt)]
        customers: i64,
    }
    let counted: Counted = target
        .read_snapshot(|c| {
            Ok(diesel::sql_query("SELECT customers FROM customer_counts WHERE organization_id = 1")
                .get_result(c)?)
        })
        .unwrap();
    assert_eq!(counted.customers, 7);
}

/// Somebody goes on writing: their writes wait, or are refused as busy, and the copy has those that came before it.
fn a_copy_of_a_source_in_use_is_of_one_moment(database: &Database) {
    let Some(second) = other(database) else { return };
    let source = source(database);
    let target = second.open();
    let acme = source.revisions().unwrap()[0].0;
    let (before, book) = source.read_book(acme).unwrap();
    let known = book.customers.len();
    let writer = database.open();
    let is_done = AtomicBool::new(false);
    let written = std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut written = 0;
            while !is_done.load(Ordering::Relaxed) || written == 0 {
                // One customer with each revision.
                let new = customer(1000 + written, &format!("W{written}"));
                let result = writer.write_transaction(acme, |c, _| {
                    put_customer(c, acme, &new);
                    Ok(Outcome::Commit(()))
                });
                match result {
                    Ok(()) => written += 1,
                    Err(error) => assert!(is_busy(&error), "{error:?}"),
                }
            }
            written
        });
        let mut is_first = true;
        let copied = source.copy_to(&target, |_| {
            if std::mem::take(&mut is_first) {
                // Who does not want to wait is told.
                let impatient = database.open();
                let mut c = impatient.pools().write().unwrap();
                let patience = if database.is_sqlite() {
                    "PRAGMA busy_timeout = 10"
                } else {
                    "SET lock_timeout = '10ms'"
                };
                c.batch_execute(patience).unwrap();
                let refused = c.batch_execute("UPDATE organizations SET revision = revision + 1");
                assert!(is_busy(&StoreError::from(refused.unwrap_err())));
            }
        });
        is_done.store(true, Ordering::Relaxed);
        copied.unwrap();
        writing.join().unwrap()
    });
    let (after, book) = target.read_book(acme).unwrap();
    assert_eq!(i64::try_from(book.customers.len() - known).unwrap(), after.0 - before.0);
    assert_eq!(target.schema_state().unwrap(), SchemaState::Current);
    // All that was acknowledged is in the source.
    let (last, book) = source.read_book(acme).unwrap();
    assert_eq!(last.0 - before.0, i64::from(written));
    assert_eq!(i32::try_from(book.customers.len() - known).unwrap(), written);
}
