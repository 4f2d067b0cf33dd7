use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use tradebook_model::{CustomerChanges, OrganizationId};

use super::{create, faults, named, reference, some};
use crate::connection::AnyConnection;
use crate::tests::database::Database;
use crate::tests::fixture::organization;
use crate::tests::on_each_database;
use crate::transaction::Outcome;
use crate::{Created, CustomerFault, CustomerQuery, Retry, Store, StoreError, StoredAnswer};

on_each_database! {
    of_parallel_creates_of_one_reference_one_succeeds,
    parallel_updates_of_different_fields_are_all_kept,
    a_request_sent_again_is_answered_again,
    of_parallel_requests_with_one_key_one_is_done,
    a_write_that_fails_takes_back_its_own_part_alone,
}

fn all_at_once<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(count);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|number| {
                let (start, work) = (&start, &work);
                scope.spawn(move || {
                    start.wait();
                    work(number)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn total(store: &Store, org: OrganizationId) -> u64 {
    store.list_customers(org, &CustomerQuery::default()).unwrap().total
}

fn of_parallel_creates_of_one_reference_one_succeeds(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    let results =
        all_at_once(200, |number| create(&store, org, named("C1", &format!("N{number}"))));
    let won: Vec<_> = results.iter().flatten().collect();
    assert_eq!(won.len(), 1);
    assert_eq!(won[0].customer.id.get(), 1);
    assert!(results.iter().all(|r| r.is_ok() || *r == Err(CustomerFault::ReferenceTaken)));
    assert_eq!(total(&store, org), 1);
}

fn parallel_updates_of_different_fields_are_all_kept(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    create(&store, org, named("C1", "One")).unwrap();
    all_at_once(4, |number| {
        for _ in 0..5 {
            let mut changes = CustomerChanges::default();
            let field = match number {
                0 => &mut changes.email,
                1 => &mut changes.phone,
                2 => &mut changes.fax,
                _ => &mut changes.website,
            };
            *field = some(number.to_string());
            store.update_customer(org, reference("C1"), changes).unwrap();
        }
    });
    let record = store.show_customer(org, &reference("C1")).unwrap().unwrap();
    let profile = &record.customer.profile;
    let fields = [&profile.email, &profile.phone, &profile.fax, &profile.website];
    assert_eq!(fields.map(|field| field.as_deref().unwrap()), ["0", "1", "2", "3"]);
    assert_eq!(record.version, 21);
}

fn retry(key: &str, request: u8) -> Retry {
    Retry {
        key: key.parse().unwrap(),
        request_hash: [request; 32],
        answer: Arc::new(|record| StoredAnswer {
            status: 201,
            body: record.customer.id.to_string().into_bytes(),
        }),
    }
}

fn a_request_sent_again_is_answered_again(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    let other = organization(&store, "two").id;
    let send = |org, reference, request| {
        faults(store.create_customer(org, named(reference, "N"), None, Some(retry("k", request))))
    };
    let before = Ok(Created::Before(StoredAnswer { status: 201, body: b"1".to_vec() }));
    assert!(matches!(send(org, "C1", 1), Ok(Created::New(_))));
    assert_eq!(send(org, "C1", 1), before);
    store.delete_customer(org, reference("C1")).unwrap();
    assert_eq!(send(org, "C1", 1), before, "whatever happened since");
    assert_eq!(send(org, "C2", 2), Err(CustomerFault::RetryKeyTaken));
    assert!(matches!(send(other, "C2", 2), Ok(Created::New(_))), "keys are an organization's");
    // What failed is not kept: the next attempt may succeed.
    create(&store, org, named("C3", "N")).unwrap();
    let again =
        || faults(store.create_customer(org, named("C3", "N"), None, Some(retry("failed", 3))));
    assert_eq!(again(), Err(CustomerFault::ReferenceTaken));
    store.delete_customer(org, reference("C3")).unwrap();
    assert!(matches!(again(), Ok(Created::New(_))));
    // After a day it is forgotten.
    store
        .change(|c| {
            use crate::schema::kept_answers::dsl::{created_at, kept_answers};
            use diesel::prelude::*;
            diesel::update(kept_answers)
                .set(created_at.eq(created_at - 24 * 60 * 60 * 1000 - 1))
                .execute(c)?;
            Ok(Outcome::Commit(()))
        })
        .unwrap();
    assert!(matches!(send(org, "C2", 2), Ok(Created::New(_))));
}

fn of_parallel_requests_with_one_key_one_is_done(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    let results = all_at_once(50, |_| {
        store.create_customer(org, named("C1", "One"), None, Some(retry("key", 1))).unwrap()
    });
    let new = results.iter().filter(|result| matches!(result, Created::New(_))).count();
    assert_eq!(new, 1);
    let answer = StoredAnswer { status: 201, body: b"1".to_vec() };
    assert_eq!(results.iter().filter(|r| **r == Created::Before(answer.clone())).count(), 49);
    assert_eq!(total(&store, org), 1);
}

fn a_write_that_fails_takes_back_its_own_part_alone(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    create(&store, org, named("C0", "Zero")).unwrap();
    let panics = AtomicUsize::new(0);
    all_at_once(24, |number| {
        let rename = move |c: &mut AnyConnection, name: String| {
            use crate::schema::customers::dsl::{customers, website};
            use diesel::prelude::*;
            diesel::update(customers.find((org.get(), 1)))
                .set(website.eq(name))
                .execute(c)
                .unwrap();
        };
        match number % 3 {
            0 => drop(create(&store, org, named(&format!("C{}", number + 1), "N")).unwrap()),
            1 => {
                let failed =
                    store.grouped_write(org, move |c| -> Result<Outcome<()>, StoreError> {
                        rename(c, "failed".to_owned());
                        Err(StoreError::corrupt("on purpose"))
                    });
                assert!(matches!(failed, Err(StoreError::Corrupt { .. })));
            }
            _ => {
                let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                    store.grouped_write(org, move |c| -> Result<Outcome<()>, StoreError> {
                        rename(c, "panicked".to_owned());
                        panic!("on purpose");
                    })
                }));
                assert!(caught.is_err());
                panics.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    assert_eq!(panics.into_inner(), 8);
    assert_eq!(total(&store, org), 9);
    let zero = store.show_customer(org, &reference("C0")).unwrap().unwrap();
    assert_eq!(zero.customer.profile.website, None);
    let changes = CustomerChanges { website: some("ok".to_owned()), ..Default::default() };
    store.update_customer(org, reference("C0"), changes).unwrap();
}
