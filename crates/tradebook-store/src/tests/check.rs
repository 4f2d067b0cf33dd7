//! Every rule of the check names what breaks it.

use diesel::connection::{Connection, SimpleConnection};

use super::database::Database;
use super::fixture::{fill, organization, price_list, put_price_list, write};
use super::on_each_database;
use crate::Store;
use crate::check::INVARIANTS;
use crate::sequence::Sequence;

on_each_database! {
    every_fault_is_found_and_named,
    every_id_that_would_be_handed_out_again_is_found,
}

/// A row in every table that hands out ids, and purchase events that refer to all they may, beside what `fill` makes.
const EVERYTHING: &str = "
    INSERT INTO categories (organization_id, id, reference) VALUES (1, 1, 'CAT');
    INSERT INTO contacts (organization_id, id, reference, customer_id) VALUES (1, 1, 'K', 1);
    INSERT INTO payment_types (organization_id, id, reference) VALUES (1, 1, 'CASH');
    INSERT INTO regions (organization_id, id, name) VALUES (1, 1, 'North');
    INSERT INTO segmentations (organization_id, id, reference) VALUES (1, 1, 'SEG');
    INSERT INTO users (organization_id, id, reference) VALUES (1, 1, 'U1'), (1, 2, 'U2');
    INSERT INTO classifications (organization_id, id, opaque_id, name) VALUES (1, 1, 'CL', 'Counter');
    INSERT INTO units (organization_id, id, opaque_id, name) VALUES (1, 1, 'UN', 'Shop');
    INSERT INTO currency_rate_periods (organization_id, id, opaque_id, currency) VALUES (1, 1, 'RP', 'EUR');
    INSERT INTO accounts_receivable (organization_id, id, opaque_id, number, state, customer_id)
        VALUES (1, 1, 'A1', 'ACR1', 'ACTIVE', 1);
    INSERT INTO rewards_participants (organization_id, id, number, account_id) VALUES (1, 1, '29', 1);
    INSERT INTO access_tokens (organization_id, identifier, account_id, state, authentication_code) VALUES
        (1, 'T1', 1, 'EFFECTIVE', 'ONE'), (1, 'T2', 1, 'EFFECTIVE', 'TWO'), (1, 'T3', 1, 'EFFECTIVE', NULL);
    INSERT INTO purchase_events (organization_id, id, opaque_id, number, account_id, classification_id, performed_on,
        created, created_by, updated_by, cancelled, unit_id, rate_period_id)
        VALUES (1, 1, 'E1', '1', 1, 1, 0, 0, 1, 2, false, 1, 1),
            (1, 2, 'E2', '2', 1, NULL, 0, 0, NULL, NULL, false, NULL, NULL);
    INSERT INTO purchase_event_products (organization_id, event_id, line, product_id) VALUES (1, 1, 1, 1);
    UPDATE id_sequences SET next_id = 2 WHERE next_id = 1;
    UPDATE id_sequences SET next_id = 3 WHERE kind IN ('user', 'purchase event');
";

/// What the store itself would never do, how it is undone, and what the check says of it.
struct Fault {
    breaks: &'static str,
    mends: &'static str,
    told: &'static str,
}

const FAULTS: &[Fault] = &[
    Fault {
        breaks: "UPDATE ledger_lines SET date = date + 1 WHERE document_id = 1",
        mends: "UPDATE ledger_lines SET date = date - 1 WHERE document_id = 1",
        told: "there are 2 lines of orders or invoices that contradict their document",
    },
    Fault {
        breaks: "UPDATE ledger_lines SET customer_id = 2 WHERE document_id = 1 AND line = 2",
        mends: "UPDATE ledger_lines SET customer_id = 1 WHERE document_id = 1",
        told: "there are 1 lines of orders or invoices that contradict their document",
    },
    Fault {
        breaks: "UPDATE ledger_documents SET status = 3 WHERE id = 2",
        mends: "UPDATE ledger_documents SET status = 0 WHERE id = 2",
        told: "there are 2 lines of orders or invoices that contradict their document",
    },
    Fault {
        breaks: "UPDATE ledger_documents SET kind = 2 WHERE id = 2",
        mends: "UPDATE ledger_documents SET kind = 1 WHERE id = 2",
        told: "there are 2 lines of orders or invoices that contradict their document",
    },
    Fault {
        breaks: "UPDATE ledger_lines SET ledger = 1 WHERE document_id = 1",
        mends: "UPDATE ledger_lines SET ledger = 2 WHERE document_id = 1",
        told: "there are 2 lines of orders or invoices without their document",
    },
    Fault {
        breaks: "UPDATE ledger_lines SET product_id = 99 WHERE line = 2",
        mends: "UPDATE ledger_lines SET product_id = 1 WHERE line = 2",
        told: "there are 2 lines of orders or invoices whose product does not exist",
    },
    Fault {
        breaks: "UPDATE customers SET own_list_id = 1 WHERE id = 1",
        mends: "UPDATE customers SET own_list_id = NULL WHERE id = 1",
        told: "there are 1 customers whose own list has the id of a price list",
    },
    Fault {
        breaks: "INSERT INTO prices (organization_id, list_id, product_id, quantity, valid_from, amount) \
                 VALUES (1, 1, 1, 1, 2460000, 1)",
        mends: "DELETE FROM prices WHERE valid_from = 2460000",
        told: "there are 1 prices whose periods overlap",
    },
    Fault {
        breaks: "INSERT INTO agreed_prices (organization_id, customer_id, product_id, valid_from, price) \
                 VALUES (1, 2, 1, 2460000, 1)",
        mends: "DELETE FROM agreed_prices WHERE valid_from = 2460000",
        told: "there are 1 agreed prices whose periods overlap",
    },
    Fault {
        breaks: "UPDATE price_lists SET base_id = 3 - id WHERE id < 3",
        mends: "UPDATE price_lists SET base_id = NULL",
        told: "there are 2 price lists that are derived from themselves",
    },
    Fault {
        breaks: "UPDATE customer_counts SET customers = 3",
        mends: "UPDATE customer_counts SET customers = 2",
        told: "there are 1 organizations whose customers are counted wrongly",
    },
    Fault {
        breaks: "UPDATE customer_counts SET active = 1",
        mends: "UPDATE customer_counts SET active = 2",
        told: "there are 1 organizations whose customers are counted wrongly",
    },
    Fault {
        breaks: "DELETE FROM customer_counts",
        mends: "INSERT INTO customer_counts (organization_id, customers, active) VALUES (1, 2, 2)",
        told: "there are 1 organizations whose customers are counted wrongly",
    },
    Fault {
        breaks: "UPDATE customers SET search_name = NULL WHERE id = 1",
        mends: "UPDATE customers SET search_name = 'customer a-c1' WHERE id = 1",
        told: "there are 1 customers that searches do not find",
    },
    Fault {
        breaks: "UPDATE purchase_events SET classification_id = 2 WHERE id = 1",
        mends: "UPDATE purchase_events SET classification_id = 1 WHERE id = 1",
        told: "there are 1 purchase events whose classification does not exist",
    },
    Fault {
        breaks: "DELETE FROM units",
        mends: "INSERT INTO units (organization_id, id, opaque_id, name) VALUES (1, 1, 'UN', 'Shop')",
        told: "there are 1 purchase events whose unit does not exist",
    },
    Fault {
        breaks: "UPDATE purchase_events SET rate_period_id = 2",
        mends: "UPDATE purchase_events SET rate_period_id = 1",
        told: "there are 2 purchase events whose rate period does not exist",
    },
    Fault {
        breaks: "UPDATE purchase_events SET created_by = 3 WHERE id = 1",
        mends: "UPDATE purchase_events SET created_by = 1 WHERE id = 1",
        told: "there are 1 purchase events whose creator does not exist",
    },
    Fault {
        breaks: "DELETE FROM users WHERE id = 2",
        mends: "INSERT INTO users (organization_id, id, reference) VALUES (1, 2, 'U2')",
        told: "there are 1 purchase events whose last changer does not exist",
    },
    Fault {
        breaks: "UPDATE purchase_event_products SET product_id = 99",
        mends: "UPDATE purchase_event_products SET product_id = 1",
        told: "there are 1 lines of purchase events whose product does not exist",
    },
    Fault {
        breaks: "UPDATE access_tokens SET authentication_code = 'ONE' WHERE identifier = 'T2'",
        mends: "UPDATE access_tokens SET authentication_code = 'TWO' WHERE identifier = 'T2'",
        told: "there are 1 access tokens with the authentication code of another",
    },
    Fault {
        breaks: "UPDATE organization_settings SET name = 'old ' || name WHERE name = 'currency'",
        mends: "UPDATE organization_settings SET name = 'currency' WHERE name = 'old currency'",
        told: "there are 1 organizations without the settings they need",
    },
    Fault {
        breaks: "INSERT INTO server_state (id, key_secret, keys_revision) \
                 SELECT id + 1, key_secret, keys_revision FROM server_state",
        mends: "DELETE FROM server_state WHERE id > (SELECT MIN(id) FROM server_state)",
        told: "there are 1 secrets of the keys other than the one",
    },
    Fault {
        breaks: "CREATE TABLE kept AS SELECT * FROM server_state; DELETE FROM server_state",
        mends: "INSERT INTO server_state SELECT * FROM kept; DROP TABLE kept",
        told: "there are 1 secrets of the keys other than the one",
    },
    Fault {
        breaks: "UPDATE customers SET bulk = 1 WHERE id = 1",
        mends: "UPDATE customers SET bulk = 0 WHERE id = 1",
        told: "there are 1 customers with terms of their own but no list",
    },
    Fault {
        breaks: "UPDATE id_sequences SET next_id = 2 WHERE kind = 'product'",
        mends: "UPDATE id_sequences SET next_id = 3 WHERE kind = 'product'",
        told: "there are 1 ids in products.id that the sequence of `product` would hand out again",
    },
    Fault {
        breaks: "UPDATE price_lists SET currency = 'EURO' WHERE id = 1",
        mends: "UPDATE price_lists SET currency = 'EUR' WHERE id = 1",
        told: "a list's currency",
    },
];

/// A store in whose data nothing is wrong.
fn sound(database: &Database) -> Store {
    let store = database.migrated();
    let acme = organization(&store, "Acme").id;
    write(&store, acme, |c, _| {
        // Between the lists is room for one more than those that customers have.
        put_price_list(c, acme, &price_list(2, "SECOND"));
    });
    fill(&store, acme, "A");
    behind_its_back(database, EVERYTHING);
    assert_eq!(store.check().unwrap(), [""; 0]);
    store
}

/// Changes the data past the store and past what the database itself watches over, as a bug or a damaged disk does.
fn behind_its_back(database: &Database, statements: &str) {
    let done = match database.file() {
        // SQLite watches over references only where it is asked to.
        Some(file) => diesel::SqliteConnection::establish(file.to_str().unwrap())
            .unwrap()
            .batch_execute(&format!("PRAGMA foreign_keys = OFF; {statements}")),
        None => diesel::PgConnection::establish(database.url())
            .unwrap()
            .batch_execute(&format!("SET session_replication_role = replica; {statements}")),
    };
    done.unwrap_or_else(|error| panic!("{statements}: {error}"));
}

/// What the check says while the data are broken.
fn told_of(store: &Store, database: &Database, breaks: &str, mends: &str) -> Vec<String> {
    behind_its_back(database, breaks);
    let told = store.check().unwrap();
    behind_its_back(database, mends);
    assert_eq!(store.check().unwrap(), [""; 0], "after {mends}");
    told
}

fn every_fault_is_found_and_named(database: &Database) {
    let store = sound(database);
    for Fault { breaks, mends, told } in FAULTS {
        let faults = told_of(&store, database, breaks, mends);
        assert!(faults.iter().any(|fault| fault.contains(told)), "{breaks}: {faults:?}");
    }
    for (rule, _) in INVARIANTS {
        assert!(FAULTS.iter().any(|fault| fault.told.ends_with(rule)), "nothing breaks: {rule}");
    }
}

fn every_id_that_would_be_handed_out_again_is_found(database: &Database) {
    let store = sound(database);
    let breaks = "CREATE TABLE kept AS SELECT * FROM id_sequences; DELETE FROM id_sequences";
    let mends = "INSERT INTO id_sequences SELECT * FROM kept; DROP TABLE kept";
    let faults = told_of(&store, database, breaks, mends);
    for sequence in Sequence::ALL {
        for (table, column) in sequence.columns() {
            let kind = sequence.word();
            let told = format!(
                "ids in {table}.{column} that the sequence of `{kind}` would hand out again"
            );
            assert!(faults.iter().any(|fault| fault.ends_with(&told)), "{told}: {faults:?}");
        }
    }
}

/// PostgreSQL checks its pages as it reads them, and its references always.
#[test]
fn a_damaged_file_and_broken_references_are_found() {
    let database = Database::sqlite();
    let store = sound(&database);
    for (breaks, mends, told) in [
        (
            "UPDATE agreed_prices SET customer_id = 99",
            "UPDATE agreed_prices SET customer_id = 2",
            "1 rows of agreed_prices refer to nothing in customers",
        ),
        (
            "UPDATE rewards_participants SET account_id = 99",
            "UPDATE rewards_participants SET account_id = 1",
            "1 rows of rewards_participants refer to nothing in accounts_receivable",
        ),
    ] {
        let faults = told_of(&store, &database, breaks, mends);
        assert_eq!(faults, [told], "{breaks}");
    }
    // Two indexes in one place of the file, and another place that nothing uses.
    drop(store);
    behind_its_back(
        &database,
        "PRAGMA writable_schema = ON; \
         UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'regions_by_parent') \
         WHERE name = 'categories_by_parent'",
    );
    let faults = database.open().check().unwrap();
    assert!(faults.iter().any(|fault| fault.starts_with("the file is damaged: ")), "{faults:?}");
}
