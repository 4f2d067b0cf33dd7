//! Lists of, searches among and creation of a million customers on SQLite.
//!
//! `cargo bench -p tradebook-store --bench customers`; `TRADEBOOK_BENCH_CUSTOMERS=100000` for fewer. The database is made in a
//! temporary folder. Each figure is the median of its runs; a plain `LIKE '%…%'` on the same file is run alongside.
#![allow(
    clippy::unwrap_used,
    clippy::as_conversions,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a benchmark ends where something is wrong"
)]

use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use tradebook_model::{Change, CustomerChanges, Organization, Settings, TimeZone};
use tradebook_store::{CustomerQuery, CustomerSort, Store, StoreOptions, Wildcard};

fn main() {
    let customers =
        std::env::var("TRADEBOOK_BENCH_CUSTOMERS").map_or(1_000_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bench.db");
    let store =
        Store::open(&format!("sqlite://{}", path.display()), &StoreOptions::default()).unwrap();
    store.migrate().unwrap();
    let settings = Settings::new("EUR".parse().unwrap(), TimeZone::UTC);
    let organization = store.create_organization(&"bench".parse().unwrap(), &settings).unwrap();
    let mut connection = diesel::SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    let started = Instant::now();
    fill(&mut connection, organization.id.get(), customers);
    println!(
        "{customers} customers inserted and indexed in {:.1} s",
        started.elapsed().as_secs_f64()
    );
    connection.batch_execute("PRAGMA mmap_size=268435456; PRAGMA cache_size=-16384").unwrap();

    search(&store, &organization, &mut connection);
    pages(&store, &organization, customers);
    drop(connection);
    creation(&store, &organization);
}

/// Names of two invented words and a number: the letters of a name are as unevenly spread as those of a language.
fn name(seed: u64) -> String {
    const CONSONANTS: &[u8] = b"bbbccddddffgghjklllmmmnnnnnpprrrrrsssssttttttvwxz";
    const VOWELS: &[u8] = b"aaaaeeeeeeiiiiooouuy";
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = |max: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from((state >> 11) % max as u64).unwrap()
    };
    let mut name = String::new();
    for word in 0..2 {
        if word > 0 {
            name.push(' ');
        }
        for place in 0..4 + next(5) {
            let letters = if (place + next(3)) % 2 == 0 { CONSONANTS } else { VOWELS };
            let letter = char::from(letters[next(letters.len())]);
            name.push(if place == 0 { letter.to_ascii_uppercase() } else { letter });
        }
    }
    write!(name, " {}", next(1000)).unwrap();
    name
}

fn fill(connection: &mut diesel::SqliteConnection, organization: i32, customers: usize) {
    connection
        .batch_execute("PRAGMA journal_mode=WAL; PRAGMA cache_size=-262144; BEGIN IMMEDIATE")
        .unwrap();
    for chunk in (1..=customers).collect::<Vec<_>>().chunks(500) {
        let mut sql = String::from(
            "INSERT INTO customers (organization_id, id, reference, name, currency, bulk, promotions, is_sub_customer, \
             bill_with_parent, is_same_address, is_active, on_hold, search_name, search_reference, date_created, \
             last_updated, email, billing_city) VALUES ",
        );
        for (place, id) in chunk.iter().enumerate() {
            let name = name(*id as u64);
            let comma = if place == 0 { "" } else { ", " };
            let created = 1_400_000_000_000_u64 + (*id as u64) * 60_000;
            write!(
                sql,
                "{comma}({organization}, {id}, 'C-{id}', '{name}', 'EUR', 0, 1, 0, 0, 1, 1, 0, '{}', 'c-{id}', {created}, \
                 {created}, 'post@customer-{id}.example', 'Nice')",
                name.to_lowercase()
            )
            .unwrap();
        }
        connection.batch_execute(&sql).unwrap();
    }
    connection
        .batch_execute(&format!(
            "INSERT INTO id_sequences VALUES ({organization}, 'customer', {n}) \
             ON CONFLICT DO UPDATE SET next_id = {n}; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)",
            n = customers + 1
        ))
        .unwrap();
}

fn median(runs: usize, mut work: impl FnMut()) -> Duration {
    work();
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let started = Instant::now();
            work();
            started.elapsed()
        })
        .collect();
    times.sort();
    times[runs / 2]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    number: i64,
}

fn search(store: &Store, organization: &Organization, connection: &mut diesel::SqliteConnection) {
    for pattern in ["abc", "xyz", "tera", "ene", "ta", "on "] {
        for sort in [CustomerSort::Created, CustomerSort::Name] {
            let mut query = CustomerQuery { sort, ..CustomerQuery::default() };
            query.filter.name = Some(Wildcard::new(&format!("*{pattern}*")));
            let mut total = 0;
            let indexed = median(11, || {
                total = store.list_customers(organization.id, &query).unwrap().total;
            });
            let order = if sort == CustomerSort::Name { "name" } else { "date_created" };
            let condition =
                format!("organization_id = {} AND name LIKE '%{pattern}%'", organization.id);
            let plain = median(1, || {
                let count = format!("SELECT COUNT(*) AS number FROM customers WHERE {condition}");
                let count: Number = diesel::sql_query(count).get_result(connection).unwrap();
                assert_eq!(u64::try_from(count.number).unwrap(), total);
                let page = format!(
                    "SELECT id AS number FROM customers WHERE {condition} ORDER BY {order}, id LIMIT 100"
                );
                let page: Vec<Number> = diesel::sql_query(page).load(connection).unwrap();
                assert!(page.iter().all(|row| row.number > 0));
            });
            println!(
                "name=*{pattern}* by {order}: {total} hits, {:.2} ms; LIKE {:.0} ms, {:.0} times",
                ms(indexed),
                ms(plain),
                ms(plain) / ms(indexed)
            );
        }
    }
}

fn pages(store: &Store, organization: &Organization, customers: usize) {
    for sort in
        [CustomerSort::Created, CustomerSort::Name, CustomerSort::Reference, CustomerSort::Email]
    {
        for tenths in [0_u64, 5, 9] {
            let offset = customers as u64 / 10 * tenths;
            let query = CustomerQuery { sort, offset, ..CustomerQuery::default() };
            let time = median(5, || {
                let page = store.list_customers(organization.id, &query).unwrap();
                assert_eq!(page.records.len(), 100);
            });
            println!("all by {} from {offset}: {:.2} ms", sort.field(), ms(time));
        }
    }
    let one = tradebook_model::RecordRef::Id(customers as i64 / 2);
    let time = median(1001, || {
        assert!(store.show_customer(organization.id, &one).unwrap().is_some());
    });
    println!("one by id: {:.1} µs", ms(time) * 1000.0);
}

fn creation(store: &Store, organization: &Organization) {
    const CLIENTS: usize = 32;
    const EACH: usize = 60;
    let next = AtomicUsize::new(0);
    let create = || {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let changes = CustomerChanges {
            reference: Change::Set(format!("new-{number}").parse().unwrap()),
            name: Change::Set(name(number as u64 + 77).parse().unwrap()),
            ..CustomerChanges::default()
        };
        store.create_customer(organization.id, changes, None, None).unwrap();
    };
    let clients = |one: &(dyn Fn() + Sync)| {
        let started = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| (0..EACH).for_each(|_| one()));
            }
        });
        (CLIENTS * EACH) as f64 / started.elapsed().as_secs_f64()
    };
    let turn = Mutex::new(());
    for _ in 0..3 {
        let alone = clients(&|| {
            let _turn = turn.lock().unwrap();
            create();
        });
        let together = clients(&create);
        println!(
            "{CLIENTS} clients create: a transaction each {alone:.0}/s, together {together:.0}/s, {:.1} times",
            together / alone
        );
    }
}
