use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel_migrations::MigrationHarness;

use super::database::Database;
use super::on_each_database;
use crate::connection::AnyConnection;
use crate::maintenance::{POSTGRES, SQLITE};
use crate::{SchemaState, Store, StoreError};

on_each_database! {
    a_fresh_database_is_migrated_once,
    several_may_migrate_at_once,
    a_newer_schema_is_left_alone,
    down_undoes_up,
}

/// The names of all migrations, in order: those of the folders.
fn names() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite");
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.first().map(String::as_str), Some("0001_organizations"));
    names
}

fn a_fresh_database_is_migrated_once(database: &Database) {
    let store = database.open();
    assert_eq!(store.schema_state().unwrap(), SchemaState::Behind);
    assert!(matches!(store.organizations(), Err(StoreError::OldSchema)));
    assert!(matches!(store.keys_revision(), Err(StoreError::OldSchema)));
    assert!(matches!(store.check(), Err(StoreError::OldSchema)));
    assert_eq!(store.migrate().unwrap(), names());
    assert_eq!(store.schema_state().unwrap(), SchemaState::Current);
    let secret = store.hash_key("x").unwrap();
    assert_eq!(database.open().migrate().unwrap(), [""; 0]);
    assert_eq!(database.open().hash_key("x").unwrap(), secret, "the secret stays");
}

fn several_may_migrate_at_once(database: &Database) {
    let stores: Vec<_> = (0..4).map(|_| database.open()).collect();
    let applied: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            stores.iter().map(|store| scope.spawn(|| store.migrate().unwrap())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let all: Vec<_> = applied.into_iter().flatten().collect();
    assert_eq!(all, names(), "one of them did it");
}

fn a_newer_schema_is_left_alone(database: &Database) {
    let store = database.migrated();
    store
        .change(|c| {
            diesel::sql_query("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')")
                .execute(c)?;
            Ok(crate::transaction::Outcome::Commit(()))
        })
        .unwrap();
    let newer = SchemaState::Newer { version: "9999".to_owned() };
    assert_eq!(store.schema_state().unwrap(), newer);
    let error = store.migrate().unwrap_err();
    assert!(error.to_string().contains("9999"), "{error}");
    assert!(matches!(error, StoreError::NewerSchema { .. }));
}

fn down_undoes_up(database: &Database) {
    let store = database.migrated();
    let own = |shape: &Vec<Shape>| {
        shape.iter().filter(|shape| !shape.table.starts_with("__diesel")).count()
    };
    assert!(own(&shape(&store)) > 100);
    let mut connection = store.pools().write().unwrap();
    // One at a time, each tried again upwards: a leftover would be in the way.
    for _ in names() {
        match &mut *connection {
            AnyConnection::Sqlite(sqlite) => {
                sqlite.revert_last_migration(SQLITE).unwrap();
                sqlite.run_next_migration(SQLITE).unwrap();
                sqlite.revert_last_migration(SQLITE).unwrap();
            }
            AnyConnection::Postgres(postgres) => {
                postgres.revert_last_migration(POSTGRES).unwrap();
                postgres.run_next_migration(POSTGRES).unwrap();
                postgres.revert_last_migration(POSTGRES).unwrap();
            }
        }
    }
    drop(connection);
    assert_eq!(own(&shape(&store)), 0);
    assert_eq!(store.migrate().unwrap(), names());
}

/// Whoever may make tables may migrate: the extension for searches is left out where it cannot be had.
#[test]
fn extensions_are_not_needed() {
    let Some(database) = Database::postgres_without_extensions() else { return };
    a_fresh_database_is_migrated_once(&database);
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        extensions: i64,
    }
    let Found { extensions } = database
        .open()
        .read_snapshot(|c| {
            let query = "SELECT COUNT(*) AS extensions FROM pg_extension WHERE extname = 'pg_trgm'";
            Ok(diesel::sql_query(query).get_result(c)?)
        })
        .unwrap();
    assert_eq!(extensions, 0, "this is the case that is meant");
    let Some(database) = Database::postgres_without_extensions() else { return };
    down_undoes_up(&database);
}

/// A column, or a part of a key, as both databases can tell it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, QueryableByName)]
pub(super) struct Shape {
    #[diesel(sql_type = Text)]
    pub(super) table: String,
    /// `column`, `primary key`, `unique`, `index` or `foreign key`.
    #[diesel(sql_type = Text)]
    pub(super) what: String,
    #[diesel(sql_type = Text)]
    pub(super) detail: String,
}

pub(super) fn shape(store: &Store) -> Vec<Shape> {
    let mut shape: Vec<Shape> = store
        .read_snapshot(|c| {
            let query = match c {
                AnyConnection::Sqlite(_) => include_str!("shape.sqlite.sql"),
                AnyConnection::Postgres(_) => include_str!("shape.postgres.sql"),
            };
            Ok(diesel::sql_query(query).load(c)?)
        })
        .unwrap();
    shape.sort();
    shape
}

#[test]
fn both_trees_make_the_same_schema() {
    let Some(postgres) = Database::postgres() else { return };
    let sqlite = shape(&Database::sqlite().migrated());
    let postgres = shape(&postgres.migrated());
    for what in ["column", "primary key", "unique", "index", "foreign key"] {
        assert!(sqlite.iter().any(|shape| shape.what == what), "{what}");
    }
    let only_in = |one: &[Shape], other: &[Shape]| -> Vec<String> {
        one.iter()
            .filter(|shape| !other.contains(shape))
            .map(|shape| format!("{shape:?}"))
            .collect()
    };
    assert_eq!(only_in(&sqlite, &postgres), [""; 0], "only in SQLite");
    assert_eq!(only_in(&postgres, &sqlite), [""; 0], "only in PostgreSQL");
}

#[test]
fn every_table_says_it_is_covered() {
    let database = Database::sqlite();
    let store = database.migrated();
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let Counted { count } = store
        .read_snapshot(|c| {
            Ok(diesel::sql_query(
                "SELECT COUNT(*) AS count FROM pragma_table_list WHERE type = 'table' \
                 AND schema = 'main' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_\\_diesel%' ESCAPE '\\'",
            )
            .get_result(c)?)
        })
        .unwrap();
    let tables: std::collections::HashSet<_> = shape(&store)
        .into_iter()
        .map(|shape| shape.table)
        .filter(|t| !t.starts_with("__"))
        .collect();
    assert_eq!(i64::try_from(tables.len()).unwrap(), count);
}
