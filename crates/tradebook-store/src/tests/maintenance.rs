use diesel::prelude::*;

use super::database::Database;
use super::fixture::{fill, organization, write};
use super::on_each_database;
use crate::{Store, StoreError, StoreOptions};

on_each_database! {
    a_backup_is_the_same_database,
}

fn a_backup_is_the_same_database(database: &Database) {
    let store = database.migrated();
    let acme = organization(&store, "Acme").id;
    fill(&store, acme, "A");
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    if !database.is_sqlite() {
        let error = store.backup(&copy).unwrap_err();
        assert!(matches!(error, StoreError::Unsupported { .. }), "{error:?}");
        assert!(error.to_string().contains("pg_dump"));
        assert!(!copy.exists());
        return;
    }
    // While another transaction is under way.
    write(&store, acme, |c, _| {
        super::fixture::put_product(c, acme, 3, "LATER");
        store.backup(&copy).unwrap();
    });
    let restored =
        Store::open(&format!("sqlite://{}", copy.display()), &StoreOptions::default()).unwrap();
    assert_eq!(restored.check().unwrap(), [""; 0]);
    assert_eq!(restored.read_book(acme).unwrap().1.products.len(), 2);
    assert_eq!(restored.hash_key("x").unwrap(), store.hash_key("x").unwrap());

    let error = store.backup(&copy).unwrap_err();
    assert!(matches!(error, StoreError::Write { .. }), "{error:?}");
    let error = store.backup(&folder.path().join("no/copy.db")).unwrap_err();
    assert!(matches!(error, StoreError::Write { .. }), "{error:?}");
}

#[test]
fn what_cannot_be_opened_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
    std::fs::write(folder.path().join("text.db"), "not a database at all, only text ".repeat(100))
        .unwrap();
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    for (url, expected) in [
        (path("missing/t.db"), "missing` does not exist"),
        (path("folder"), "it is a folder"),
        (path("text.db"), "not a database"),
        ("tradebook.db".to_owned(), "has no scheme; known are sqlite://FILE and postgres://"),
        ("mysql://localhost/t".to_owned(), "`mysql://` is not a known kind of database"),
    ] {
        let message = Store::open(&url, &StoreOptions::default()).unwrap_err().to_string();
        assert!(message.contains(expected), "{url}: {message}");
    }
    let missing = path("none.db");
    let error = Store::open_existing(&missing, &StoreOptions::default()).unwrap_err().to_string();
    assert!(error.contains("none.db`: it does not exist; "), "{error}");
    assert!(!folder.path().join("none.db").exists());
    Store::open(&missing, &StoreOptions::default()).unwrap();
    Store::open_existing(&missing, &StoreOptions::default()).unwrap();
    // Nothing listens on that socket.
    let url = format!("postgres://user:secret@localhost/d?host={}", folder.path().display());
    let error = Store::open(&url, &StoreOptions::default()).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
    assert!(!error.to_string().contains("secret"), "{error}");
}

#[test]
fn a_lost_server_is_an_outage_not_an_absence() {
    let Some(database) = Database::postgres() else { return };
    database.migrated();
    let options = StoreOptions {
        acquire_timeout: std::time::Duration::from_millis(500),
        ..StoreOptions::default()
    };
    let store = Store::open(database.url(), &options).unwrap();
    let acme = organization(&store, "Acme");
    let lost = store.read_snapshot(|c| {
        diesel::sql_query("SELECT pg_terminate_backend(pg_backend_pid())").execute(c)?;
        Ok(())
    });
    assert!(matches!(lost, Err(StoreError::Unavailable { .. })), "{lost:?}");
    // The pool makes a new connection.
    assert_eq!(store.find_organization(&acme.name).unwrap(), Some(acme.clone()));
    drop(database);
    let error = store.find_organization(&acme.name).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
}
