//! The purchases of one account among millions, on SQLite.
//!
//! `cargo bench -p tradebook-store --bench events`; `TRADEBOOK_BENCH_EVENTS=1000000` for fewer than 10 million. The database is made
//! in a temporary folder: every ten-thousandth event is of the account that is asked for (at least a thousand), each has two
//! lines, one in ten a spend request. Each figure is the median of its runs.
#![allow(
    clippy::unwrap_used,
    clippy::as_conversions,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a benchmark ends where something is wrong"
)]

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use time::macros::{date, datetime};
use tradebook_model::{
    AccountIdentifier, EventFilter, EventPage, EventParts, EventSelector, OrganizationId, Settings,
    SpendPeriod, TimeZone,
};
use tradebook_store::{EventQuery, Store, StoreOptions};

fn main() {
    let events: u64 =
        std::env::var("TRADEBOOK_BENCH_EVENTS").map_or(10_000_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bench.db");
    let store =
        Store::open(&format!("sqlite://{}", path.display()), &StoreOptions::default()).unwrap();
    store.migrate().unwrap();
    let settings = Settings::new("EUR".parse().unwrap(), TimeZone::UTC);
    let organization = store.create_organization(&"bench".parse().unwrap(), &settings).unwrap();
    let mut connection = diesel::SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    let started = Instant::now();
    fill(&mut connection, organization.id.get(), events);
    println!("{events} events inserted and indexed in {:.0} s", started.elapsed().as_secs_f64());
    drop(connection);

    let account = || EventSelector::Account(AccountIdentifier::Number("R1".to_owned()));
    let none = EventFilter::default();
    let all = EventPage::default();
    let page = |offset, limit| EventPage { offset, limit: Some(limit) };
    let filters = EventFilter {
        spend_requests_applied: Some(true),
        eligible_for_spending: Some(false),
        ..none
    };
    let late = datetime!(2001-01-01 00:00 UTC) + time::Duration::seconds((events - 500) as i64);
    let middle = datetime!(2001-01-01 00:00 UTC) + time::Duration::seconds((events / 2) as i64);
    for (what, selector, filter, page) in [
        ("an account's events", account(), none, all),
        ("those with a spend request, not eligible", account(), filters, all),
        ("a page of 20 behind 900 of them", account(), none, page(900, 20)),
        ("events created after all but 500", EventSelector::CreatedAfter(late), none, all),
        (
            "20 of those created in the later half",
            EventSelector::CreatedAfter(middle),
            none,
            page(0, 20),
        ),
        ("20 of them behind 100,000", EventSelector::CreatedAfter(middle), none, page(100_000, 20)),
    ] {
        let query = EventQuery {
            selector,
            filter,
            period: SpendPeriod {
                today: date!(2001 - 02 - 01),
                days: 30,
                time_zone: TimeZone::UTC,
            },
            page,
            parts: EventParts { lines: true, spend_requests: true },
        };
        measure(&store, organization.id, what, &query);
    }
}

fn measure(store: &Store, organization: OrganizationId, what: &str, query: &EventQuery) {
    let run = || {
        let (started, mut first, mut count) = (Instant::now(), None, 0);
        store
            .purchase_events(organization, query, |event| {
                first.get_or_insert_with(|| started.elapsed());
                count += 1;
                std::hint::black_box(event);
                ControlFlow::Continue(())
            })
            .unwrap();
        (started.elapsed(), first.unwrap_or_default(), count)
    };
    let (cold, _, count) = run();
    let mut runs: Vec<(Duration, Duration, usize)> = (0..21).map(|_| run()).collect();
    runs.sort();
    let (all, _, _) = runs[runs.len() / 2];
    let (slow, _, _) = runs[runs.len() - 1];
    runs.sort_by_key(|run| run.1);
    let (_, first, _) = runs[runs.len() / 2];
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "{what}: {count} events, first after {:.2} ms, all after {:.2} ms (slowest {:.2}, the very first time {:.2})",
        ms(first),
        ms(all),
        ms(slow),
        ms(cold)
    );
}

/// Events one second apart. Account 1 has a thousand of them, the others one in a thousand each.
fn fill(connection: &mut diesel::SqliteConnection, organization: i32, events: u64) {
    let every = (events / 1000).max(1);
    let numbers = |from: u64, to: u64| {
        format!(
            "WITH RECURSIVE s(n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM s WHERE n < {to}) "
        )
    };
    let (o, start) = (organization, datetime!(2001-01-01 00:00 UTC).unix_timestamp() * 1000);
    connection
        .batch_execute(&format!(
            "PRAGMA cache_size=-1048576; PRAGMA temp_store=MEMORY; PRAGMA synchronous=OFF; BEGIN IMMEDIATE; \
             INSERT INTO customers (organization_id, id, reference, name, currency, bulk, promotions, is_sub_customer, \
             bill_with_parent, is_same_address, is_active, on_hold, search_name, search_reference, date_created, last_updated) \
             VALUES ({o}, 1, 'C', 'C', 'EUR', 0, 1, 0, 0, 1, 1, 0, 'c', 'c', 0, 0); \
             {one_thousand} INSERT INTO products (organization_id, id, code, status, available) SELECT {o}, n, 'P' || n, 1, 0 FROM s; \
             {one_thousand} INSERT INTO accounts_receivable (organization_id, id, opaque_id, number, state, customer_id) \
             SELECT {o}, n, 'A' || n, 'R' || n, 'ACTIVE', 1 FROM s; COMMIT",
            one_thousand = numbers(1, 1000)
        ))
        .unwrap();
    let mut from = 1;
    while from <= events {
        let to = (from + 999_999).min(events);
        let s = numbers(from, to);
        connection
            .batch_execute(&format!(
                "BEGIN IMMEDIATE; \
                 {s} INSERT INTO purchase_events (organization_id, id, opaque_id, number, account_id, classification_id, \
                  performed_on, created, cancelled) \
                 SELECT {o}, n, printf('%032X', n), 'E' || n, CASE WHEN n % {every} = 0 THEN 1 ELSE 2 + n % 999 END, NULL, \
                  {start} + n * 1000, {start} + n * 1000, 0 FROM s; \
                 {s} INSERT INTO purchase_event_products (organization_id, event_id, line, product_id, quantity, net_amount, \
                  vat_amount, total_amount) \
                 SELECT {o}, n, l, 1 + (n * 7 + l) % 1000, 1000000, 10000000, 2000000, 12000000 \
                 FROM s JOIN (SELECT 1 AS l UNION ALL SELECT 2) ORDER BY n, l; \
                 {s} INSERT INTO spend_requests (organization_id, number, event_id, performed_on, cancelled, instant, automatic, amount) \
                 SELECT {o}, printf('S%09d', n), n, {start} + n * 1000, n % 3 = 0, n % 2 = 0, 0, 1000000 FROM s \
                 WHERE n % 10 = 0; COMMIT"
            ))
            .unwrap();
        from = to + 1;
    }
    connection.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
}
