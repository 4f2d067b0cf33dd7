//! The store's suite: the same tests on SQLite and on PostgreSQL, each with a database of its own.
//!
//! PostgreSQL's half runs where `TEST_POSTGRES_URL` names a server, as under `tests/with-postgres.sh`.

mod book;
mod buying;
mod check;
mod copying;
mod customers_api;
mod database;
mod events;
mod fixture;
mod following;
mod keys;
mod maintenance;
mod organizations;
mod plans;
mod schema;
mod sharding;
mod transactions;

/// Makes two tests of each function: one for each kind of database.
macro_rules! on_each_database {
    ($($name:ident,)*) => {
        mod sqlite {
            $(#[test]
            fn $name() {
                super::$name(&crate::tests::database::Database::sqlite());
            })*
        }

        mod postgres {
            $(#[test]
            fn $name() {
                if let Some(database) = crate::tests::database::Database::postgres() {
                    super::$name(&database);
                }
            })*
        }
    };
}
use on_each_database;
