//! How PostgreSQL answers the questions that are asked all the time: by index, however many organizations there are.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::Text;
use tradebook_model::{
    AccountIdentifier, Change, ClassificationIdentifier, CustomerChanges, CustomerId, Date,
    EventFilter, EventIdentifier, EventPage, EventParts, EventSelector, HistoryBasis,
    OffsetDateTime, OrganizationId, ParticipantIdentifier, RecordRef, SpendPeriod, TimeZone,
};

use super::database::Database;
use super::fixture::organization;
use crate::transaction::Outcome;
use crate::{
    CustomerFilter, CustomerQuery, CustomerSelector, CustomerSort, EventQuery, InstantBounds,
    Store, StoreOptions, Wildcard,
};

/// Tables that grow with a business.
const LARGE: [&str; 13] = [
    "customers",
    "products",
    "prices",
    "agreed_prices",
    "ledger_documents",
    "ledger_lines",
    "contacts",
    "accounts_receivable",
    "rewards_participants",
    "access_tokens",
    "purchase_events",
    "purchase_event_products",
    "spend_requests",
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
INSERT INTO classifications (organization_id, id, opaque_id, name)
SELECT o.id, n, 'S' || n, 'Class ' || n FROM organizations o, generate_series(1, 5) n;
INSERT INTO accounts_receivable (organization_id, id, opaque_id, number, name, state, customer_id)
SELECT o.id, n, 'A' || n, 'ACR' || n, 'Account ' || n, 'ACTIVE', n FROM organizations o, generate_series(1, 100) n;
INSERT INTO access_tokens (organization_id, identifier, account_id, state, authentication_code)
SELECT o.id, 'T' || n, n, 'EFFECTIVE', 'code ' || n FROM organizations o, generate_series(1, 100) n;
INSERT INTO rewards_participants (organization_id, id, number, account_id)
SELECT o.id, n, 'R' || n, n FROM organizations o, generate_series(1, 100) n;
INSERT INTO purchase_events (organization_id, id, opaque_id, number, account_id, classification_id, performed_on, created,
    cancelled)
SELECT o.id, n, 'E' || n, 'N' || n, n % 100 + 1, n % 5 + 1, 1700000000000 + n * 1000000::bigint,
    1700000000000 + n * 1000000::bigint, FALSE
FROM organizations o, generate_series(1, 600) n;
INSERT INTO purchase_event_products (organization_id, event_id, line, product_id)
SELECT organization_id, id, l, id % 300 + 1 FROM purchase_events, generate_series(1, 3) l;
INSERT INTO spend_requests (organization_id, number, event_id, performed_on, cancelled, instant, automatic)
SELECT organization_id, 'SR' || id, id, performed_on, FALSE, FALSE, FALSE FROM purchase_events WHERE id % 2 = 0;
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
    ask_for_customers(store, acme);
    ask_for_events(store, acme);
}

fn ask_for_customers(store: &Store, acme: OrganizationId) {
    let moment = OffsetDateTime::UNIX_EPOCH + time::Duration::milliseconds(290);
    let since = InstantBounds { from: Some(moment), ..InstantBounds::default() };
    let filters = [
        CustomerFilter::default(),
        CustomerFilter { name: Some(Wildcard::new("*mer 7*")), ..CustomerFilter::default() },
        CustomerFilter { name: Some(Wildcard::new("*7*")), ..CustomerFilter::default() },
        CustomerFilter { reference: Some(Wildcard::new("C7*")), ..CustomerFilter::default() },
        CustomerFilter { created: since, ..CustomerFilter::default() },
        CustomerFilter { updated: since, is_active: Some(true), ..CustomerFilter::default() },
    ];
    let sorts =
        [CustomerSort::Created, CustomerSort::Updated, CustomerSort::Name, CustomerSort::Reference];
    for filter in filters {
        for sort in sorts {
            for (descending, offset) in [(false, 0), (true, 150)] {
                let filter = filter.clone();
                let query = CustomerQuery { filter, sort, descending, offset, max: 20 };
                store.list_customers(acme, &query).unwrap();
            }
        }
    }
}

fn ask_for_events(store: &Store, acme: OrganizationId) {
    let moment = |n: i64| OffsetDateTime::from_unix_timestamp(1_700_000_000 + n * 1000).unwrap();
    let filters = [
        EventFilter::default(),
        EventFilter {
            created_after: Some(moment(20)),
            created_before: Some(moment(500)),
            submitted_after: Some(moment(30)),
            submitted_before: Some(moment(400)),
            spend_requests_applied: Some(true),
            eligible_for_spending: Some(false),
        },
    ];
    let selectors = [
        EventSelector::Account(AccountIdentifier::Number("ACR7".into())),
        EventSelector::Account(AccountIdentifier::Name("Account 8".into())),
        EventSelector::Participant(ParticipantIdentifier::Number("R7".into())),
        EventSelector::Classification(ClassificationIdentifier::Name("Class 2".into())),
        EventSelector::CreatedAfter(moment(1)),
        EventSelector::CreatedAfter(moment(590)),
    ];
    let parts = EventParts { lines: true, spend_requests: true };
    for selector in selectors {
        for filter in filters {
            let query = EventQuery {
                selector: selector.clone(),
                filter,
                period: SpendPeriod {
                    today: time::macros::date!(2023 - 11 - 20),
                    days: 3,
                    time_zone: TimeZone::UTC,
                },
                page: EventPage { offset: 2, limit: Some(20) },
                parts,
            };
            store.purchase_events(acme, &query, |_| ControlFlow::Continue(())).unwrap();
        }
    }
    for event in [EventIdentifier::Id("E7".into()), EventIdentifier::Number("N8".into())] {
        store.purchase_event(acme, &event, parts).unwrap();
    }
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
            ["SELECT", "UPDATE", "DELETE", "WITH", "("].iter().any(|verb| query.starts_with(verb))
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
