use diesel::prelude::*;

use super::database::Database;
use super::fixture::{fill, organization, price_list, put_price_list, write};
use super::on_each_database;
use crate::{Store, StoreError, StoreOptions};

on_each_database! {
    every_fault_is_found,
    a_backup_is_the_same_database,
}

/// A change that the store's own code would never make, and a word of what the check says of it.
const FAULTS: [(&str, &str); 10] = [
    (
        "UPDATE ledger_lines SET date = date + 1 WHERE document_id = 1",
        "2 lines of orders or invoices that contradict",
    ),
    ("UPDATE ledger_lines SET product_id = 99 WHERE line = 2", "product does not exist"),
    ("UPDATE customers SET own_list_id = 1 WHERE id = 2", "has the id of a price list"),
    (
        "INSERT INTO prices (organization_id, list_id, product_id, quantity, valid_from, amount) \
         VALUES (1, 1, 1, 1, 2460000, 1)",
        "1 prices whose periods overlap",
    ),
    (
        "INSERT INTO agreed_prices (organization_id, customer_id, product_id, valid_from, price) \
         VALUES (1, 2, 1, 2460000, 1)",
        "agreed prices whose periods overlap",
    ),
    ("UPDATE price_lists SET base_id = 3 - id WHERE id < 3", "derived from themselves"),
    ("UPDATE customers SET own_list_id = NULL", "1 customers with terms of their own but no list"),
    ("UPDATE id_sequences SET next_id = 2 WHERE kind = 'product'", "1 ids in products.id"),
    ("DELETE FROM organization_settings", "1 organizations without the settings"),
    ("UPDATE price_lists SET currency = 'EURO' WHERE id = 1", "a list's currency"),
];

fn every_fault_is_found(database: &Database) {
    let store = database.migrated();
    let acme = organization(&store, "Acme").id;
    write(&store, acme, |c, _| {
        // Between the lists is room for one more than those that customers have.
        put_price_list(c, acme, &price_list(2, "SECOND"));
    });
    fill(&store, acme, "A");
    assert_eq!(store.check().unwrap(), [""; 0]);
    for (change, expected) in FAULTS {
        let faults = with_change(&store, change);
        assert!(faults.iter().any(|fault| fault.contains(expected)), "{change}: {faults:?}");
    }
    assert_eq!(store.check().unwrap(), [""; 0]);
}

/// What the check says after a change, which is then undone.
fn with_change(store: &Store, change: &str) -> Vec<String> {
    let tables = [
        "ledger_lines",
        "customers",
        "prices",
        "agreed_prices",
        "price_lists",
        "id_sequences",
        "organization_settings",
    ];
    let run = |statement: &str| {
        store
            .change(|c| {
                diesel::sql_query(statement.to_owned()).execute(c)?;
                Ok(crate::transaction::Outcome::Commit(()))
            })
            .unwrap();
    };
    let table = tables
        .into_iter()
        .find(|table| {
            change.contains(&format!(" {table} "))
                || change.ends_with(&format!(" {table}"))
                || change.starts_with(&format!("UPDATE {table} "))
        })
        .unwrap();
    run(&format!("CREATE TABLE kept AS SELECT * FROM {table}"));
    run(change);
    let faults = store.check().unwrap();
    match table {
        "prices" | "agreed_prices" => {
            run(&format!("DELETE FROM {table} WHERE valid_from = 2460000"))
        }
        "organization_settings" => run("INSERT INTO organization_settings SELECT * FROM kept"),
        "ledger_lines" => {
            run("UPDATE ledger_lines SET date = kept.date, product_id = kept.product_id FROM kept \
             WHERE kept.ledger = ledger_lines.ledger AND kept.document_id = ledger_lines.document_id \
             AND kept.line = ledger_lines.line")
        }
        "customers" => run(
            "UPDATE customers SET own_list_id = kept.own_list_id FROM kept WHERE kept.id = customers.id",
        ),
        "price_lists" => run(
            "UPDATE price_lists SET base_id = kept.base_id, currency = kept.currency FROM kept \
             WHERE kept.id = price_lists.id",
        ),
        _ => run(
            "UPDATE id_sequences SET next_id = kept.next_id FROM kept WHERE kept.kind = id_sequences.kind",
        ),
    }
    run("DROP TABLE kept");
    faults
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
