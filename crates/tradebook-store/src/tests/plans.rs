//! How PostgreSQL answers the questions that are asked all the time: by index, however many organizations there are.

use std::sync::{Arc, Mutex};

use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::Text;
use tradebook_model::{
    Change, CustomerChanges, CustomerId, Date, HistoryBasis, OrganizationId, RecordRef,
};

use super::database::Database;
use super::fixture::organization;
use crate::transaction::Outcome;
use crate::{CustomerSelector, Store, StoreOptions};

/// Tables that grow with a business.
const LARGE: [&str; 7] = [
    "customers",
    "products",
    "prices",
    "agreed_prices",
    "ledger_documents",
    "ledger_lines",
    "contacts",
];

/// Twenty organizations with some hundreds of everything.
const DATA: &str = "
INSERT INTO products (organization_id, id, code, status, available)
SELECT o.id, n, 'P' || n, 1, 1 FROM organizations o, generate_series(1, 300) n;
INSERT INTO price_lists (organization_id, id, code, currency, list_type, source, vat_inc)
SELECT o.id, 1, 'L', 'EUR', 'NORMAL', 'STD', FALSE FROM organizations o;
INSERT INTO prices (organization_id, list_id, product_id, quantity, valid_from, amount)
SELECT o.id, 1, n, q, 0, 1000000 FROM organizations o, generate_series(1, 300) n, generate_series(1, 3) q;
INSERT INTO customers (organization_id, id, reference, name, search_name, search_reference, currency, bulk,
    promotions, is_sub_customer, bill_with_parent, is_same_address, is_active, on_hold, date_created, last_updated)
SELECT o.id, n, 'C' || n, 'Customer ' || n, 'customer ' || n, 'c' || n, 'EUR', 0,
    TRUE, FALSE, FALSE, TRUE, TRUE, FALSE, n, n
FROM organizations o, generate_series(1, 300) n;
INSERT INTO agreed_prices (organization_id, customer_id, product_id, valid_from, price)
SELECT o.id, n, n, 0, 1000000 FROM organizations o, generate_series(1, 300) n;
INSERT INTO customer_part_numbers (organization_id, customer_id, product_id, part_number)
SELECT o.id, n, n, 'X' FROM organizations o, generate_series(1, 300) n;
INSERT INTO ledger_documents (organization_id, ledger, id, number, kind, status, customer_id, date)
SELECT o.id, l, n * 2 + l, 'N' || n, 1, 2 - l, n % 300 + 1, 2460000 + n FROM organizations o, generate_series(1, 2) l,
    generate_series(1, 300) n;
INSERT INTO ledger_lines (organization_id, ledger, document_id, line, kind, status, customer_id, date, product_id,
    quantity)
SELECT organization_id, ledger, id, n, kind, status, customer_id, date, n, 1
FROM ledger_documents, generate_series(1, 5) n;
INSERT INTO contacts (organization_id, id, customer_id, reference)
SELECT o.id, n, n, 'K' || n FROM organizations o, generate_series(1, 300) n;
UPDATE id_sequences SET next_id = 1000;
ANALYZE;
";

fn changes() -> CustomerChanges {
    CustomerChanges { name: Change::Set("x".parse().unwrap()), ..CustomerChanges::default() }
}

/// Everything that is asked while requests are answered and books are read.
fn ask(store: &Store, acme: OrganizationId) {
    store.read_book(acme).unwrap();
    let selector = CustomerSelector::Reference("C7".parse().unwrap());
    let day = |number: i32| Date::from_julian_day(number).unwrap();
    for basis in [HistoryBasis::Orders, HistoryBasis::Invoices] {
        store
            .buying_facts(acme, &selector, basis, day(2_460_000), day(2_460_100))
            .unwrap()
            .unwrap();
    }
    store.find_customer(acme, &CustomerSelector::Id(CustomerId::new(7).unwrap())).unwrap().unwrap();
    for customer in [RecordRef::Id(7), RecordRef::Reference("C7".into())] {
        store.show_customer(acme, &customer).unwrap().unwrap();
        store.update_customer(acme, customer, changes()).unwrap();
    }
    let new = CustomerChanges { reference: Change::Set("NEW".parse().unwrap()), ..changes() };
    store.create_customer(acme, new, None, None).unwrap();
    store.delete_customer(acme, RecordRef::Reference("C9".into())).unwrap_err();
}

#[test]
fn hot_queries_scan_no_large_table() {
    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
        step: String,
    }

    let Some(database) = Database::postgres() else { return };
    database.migrated();
    // One connection, which tells what it is asked.
    let options = StoreOptions { pool_size: 1, ..StoreOptions::default() };
    let store = Store::open(database.url(), &options).unwrap();
    let organizations: Vec<_> =
        (0..20).map(|number| organization(&store, &format!("O{number}")).id).collect();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let into = Arc::clone(&asked);
    store
        .change(|c| {
            c.batch_execute(DATA)?;
            let into = Arc::clone(&into);
            c.set_instrumentation(move |event: InstrumentationEvent<'_>| {
                if let InstrumentationEvent::StartQuery { query, .. } = event {
                    into.lock().unwrap().push(query.to_string());
                }
            });
            Ok(Outcome::Commit(()))
        })
        .unwrap();
    ask(&store, organizations[7]);
    let mut queries: Vec<String> = asked
        .lock()
        .unwrap()
        .iter()
        .filter_map(|query| query.split(" -- ").next())
        .filter(|query| {
            ["SELECT", "UPDATE", "DELETE"].iter().any(|verb| query.starts_with(verb))
                && query.contains("organization_id")
        })
        .map(|query| query.trim().to_owned())
        .collect();
    queries.sort();
    queries.dedup();
    assert!(queries.len() > 20, "{queries:#?}");
    let mut connection = diesel::PgConnection::establish(database.url()).unwrap();
    // The plan that serves any values.
    connection.batch_execute("SET plan_cache_mode = force_generic_plan").unwrap();
    let mut untold = Vec::new();
    for (number, query) in queries.iter().enumerate() {
        let values = (1..100).take_while(|place| query.contains(&format!("${place}"))).count();
        if connection.batch_execute(&format!("PREPARE q{number} AS {query}")).is_err() {
            // Its values have types that only the driver tells.
            untold.push(query);
            continue;
        }
        let values = if values == 0 {
            String::new()
        } else {
            format!("({})", vec!["NULL"; values].join(", "))
        };
        let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN EXECUTE q{number}{values}"))
            .load(&mut connection)
            .unwrap();
        for Step { step } in steps {
            let scanned =
                LARGE.iter().find(|table| step.contains(&format!("Seq Scan on {table} ")));
            assert_eq!(scanned, None, "{step}\n{query}");
        }
    }
    assert!(untold.len() <= 3, "{untold:#?}");
}
