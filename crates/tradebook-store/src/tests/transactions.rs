use std::sync::Barrier;
use std::time::Duration;

use diesel::prelude::*;
use tradebook_model::{OrganizationId, Revision};

use super::database::Database;
use super::fixture::{customer, fill, is_busy, organization, put_customer, put_product, write};
use super::on_each_database;
use crate::connection::AnyConnection;
use crate::schema::{ledger_documents, ledger_lines, products};
use crate::sequence::{FAR_ID, Sequence, next_ids, skip_past};
use crate::transaction::Outcome;
use crate::{Store, StoreError, StoreOptions};

on_each_database! {
    parallel_writers_lose_nothing,
    a_roll_back_leaves_no_trace,
    a_snapshot_does_not_see_later_writes,
    sequences_never_repeat,
    a_pool_in_use_is_busy_not_empty,
    references_between_records_hold,
    lines_and_documents_hold_together,
}

fn next_id(
    c: &mut AnyConnection,
    organization: OrganizationId,
    sequence: Sequence,
) -> Result<i32, StoreError> {
    Ok(i32::try_from(next_ids(c, organization, sequence, 1)?).unwrap())
}

fn parallel_writers_lose_nothing(database: &Database) {
    const WRITERS: i32 = 8;
    const WRITES: i32 = 20;
    let store = database.migrated();
    let (one, other) = (organization(&store, "One").id, organization(&store, "Other").id);
    // Half of them as threads of one process, half as another process.
    let stores = [store.clone(), database.open()];
    let barrier = Barrier::new(WRITERS.unsigned_abs().try_into().unwrap());
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let store = &stores[usize::from(writer % 2 == 1)];
            let organization = if writer % 4 < 2 { one } else { other };
            let barrier = &barrier;
            scope.spawn(move || {
                barrier.wait();
                for _ in 0..WRITES {
                    write(store, organization, |c, _| {
                        let id = next_id(c, organization, Sequence::Product).unwrap();
                        put_product(c, organization, id, &format!("P{id}"));
                    });
                }
            });
        }
    });
    let each = WRITERS * WRITES / 2;
    for organization in [one, other] {
        let (revision, book) = store.read_book(organization).unwrap();
        assert_eq!(revision, Revision(1 + i64::from(each)));
        let mut ids: Vec<_> = book.products.iter().map(|product| product.id.get()).collect();
        ids.sort_unstable();
        assert_eq!(ids, (1..=each).collect::<Vec<_>>());
    }
}

fn a_roll_back_leaves_no_trace(database: &Database) {
    let store = database.migrated();
    let acme = organization(&store, "Acme").id;
    let told = store
        .write_transaction(acme, |c, revision| {
            put_product(c, acme, 1, "P1");
            Ok(Outcome::RollBack(revision))
        })
        .unwrap();
    assert_eq!(told, Revision(2));
    let refused: Result<(), _> = store.write_transaction(acme, |c, _| {
        put_product(c, acme, 1, "P1");
        Err(StoreError::not_found("product", "P2"))
    });
    assert!(matches!(refused, Err(StoreError::NotFound { .. })));
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        write(&store, acme, |c, _| {
            put_product(c, acme, 1, "P1");
            panic!("as a test");
        })
    }));
    assert!(panicked.is_err());
    let (revision, book) = store.read_book(acme).unwrap();
    assert_eq!((revision, book.products.len()), (Revision(1), 0));
    write(&store, acme, |c, _| put_product(c, acme, 1, "P1"));
    assert_eq!(store.read_book(acme).unwrap().0, Revision(2));
}

fn a_snapshot_does_not_see_later_writes(database: &Database) {
    let store = database.migrated();
    let acme = organization(&store, "Acme").id;
    let count = |c: &mut AnyConnection| -> i64 { products::table.count().get_result(c).unwrap() };
    store
        .read_snapshot(|c| {
            assert_eq!(count(c), 0);
            write(&store, acme, |c, _| put_product(c, acme, 1, "P1"));
            assert_eq!(count(c), 0);
            Ok(())
        })
        .unwrap();
    assert_eq!(store.read_snapshot(|c| Ok(count(c))).unwrap(), 1);
    // Readers cannot write, on either database.
    let refused = store.read_snapshot(|c| Ok(diesel::delete(products::table).execute(c)?));
    assert!(refused.is_err());
}

fn sequences_never_repeat(database: &Database) {
    let store = database.migrated();
    let (one, other) = (organization(&store, "One").id, organization(&store, "Other").id);
    write(&store, one, |c, _| {
        assert_eq!(next_id(c, one, Sequence::Customer).unwrap(), 1);
        assert_eq!(next_ids(c, one, Sequence::Customer, 10).unwrap(), 2);
        assert_eq!(next_id(c, one, Sequence::Customer).unwrap(), 12);
        skip_past(c, one, Sequence::Customer, 5).unwrap();
        assert_eq!(next_id(c, one, Sequence::Customer).unwrap(), 13);
        skip_past(c, one, Sequence::Customer, 20).unwrap();
        assert_eq!(next_id(c, one, Sequence::Customer).unwrap(), 21);
        assert_eq!(next_id(c, one, Sequence::Product).unwrap(), 1);
    });
    write(&store, other, |c, _| {
        assert_eq!(next_id(c, other, Sequence::Customer).unwrap(), 1);
        skip_past(c, other, Sequence::Customer, i32::MAX.into()).unwrap();
        assert_eq!(next_id(c, other, Sequence::Customer).unwrap(), 2);
        skip_past(c, other, Sequence::Customer, FAR_ID - 1).unwrap();
        assert_eq!(next_ids(c, other, Sequence::Customer, 147_483_648).unwrap(), FAR_ID);
        let error = next_id(c, other, Sequence::Customer).unwrap_err();
        assert!(matches!(error, StoreError::NoMoreIds { kind: "customer" }), "{error:?}");
    });
    for sequence in Sequence::ALL {
        // A kind that a later release adds has no row in older organizations.
        write(&store, one, |c, _| {
            diesel::delete(crate::schema::id_sequences::table).execute(c).unwrap();
            assert_eq!(next_id(c, one, sequence).unwrap(), 1);
            assert_eq!(next_id(c, one, sequence).unwrap(), 2);
        });
    }
}

fn a_pool_in_use_is_busy_not_empty(database: &Database) {
    database.migrated();
    let options = StoreOptions {
        pool_size: 1,
        acquire_timeout: Duration::from_millis(50),
        ..StoreOptions::default()
    };
    let store = Store::open(database.url(), &options).unwrap();
    store
        .read_snapshot(|_| {
            assert!(is_busy(&store.organizations().unwrap_err()));
            assert!(is_busy(&store.ping().unwrap_err()));
            Ok(())
        })
        .unwrap();
    store.ping().unwrap();
    assert_eq!(store.organizations().unwrap(), []);
}

fn references_between_records_hold(database: &Database) {
    let store = database.migrated();
    let acme = organization(&store, "Acme").id;
    let mut orphan = customer(1, "C1");
    orphan.profile.parent = "7".parse().ok();
    // A parent may follow, so that only the end of the transaction tells.
    let refused = store.write_transaction(acme, |c, _| {
        put_customer(c, acme, &orphan);
        Ok(Outcome::Commit(()))
    });
    assert!(matches!(refused, Err(StoreError::BrokenReference { .. })), "{refused:?}");
    assert_eq!(store.read_book(acme).unwrap().1.customers.len(), 0);
    // The connection is of use afterwards.
    write(&store, acme, |c, _| put_customer(c, acme, &customer(1, "C1")));
}

/// On PostgreSQL triggers see to it, which look once for each statement.
fn lines_and_documents_hold_together(database: &Database) {
    let store = database.migrated();
    let (acme, other) = (organization(&store, "Acme").id, organization(&store, "Other").id);
    fill(&store, acme, "A");
    fill(&store, other, "B");
    // A document with its lines may go, together.
    write(&store, acme, |c, _| {
        let gone =
            ledger_lines::organization_id.eq(acme.get()).and(ledger_lines::document_id.eq(2));
        diesel::delete(ledger_lines::table.filter(gone)).execute(c).unwrap();
        let gone = ledger_documents::organization_id.eq(acme.get()).and(ledger_documents::id.eq(2));
        diesel::delete(ledger_documents::table.filter(gone)).execute(c).unwrap();
    });
    let line = |organization: OrganizationId, document: i64| {
        format!(
            "INSERT INTO ledger_lines (organization_id, ledger, document_id, line, kind, status, customer_id, date, product_id, \
             quantity) VALUES ({organization}, 2, 1, 8, 1, 0, 1, 1, 1, 1), ({organization}, 2, {document}, 9, 1, 0, 1, 1, 1, 1)"
        )
    };
    for refused in [
        line(acme, 2),
        line(acme, 3),
        "DELETE FROM ledger_documents WHERE id = 1".to_owned(),
        "UPDATE ledger_documents SET id = 7 WHERE id = 1".to_owned(),
        "UPDATE ledger_lines SET document_id = 7 WHERE line = 1 AND document_id = 1".to_owned(),
    ] {
        let result = store.write_transaction(acme, |c, _| {
            diesel::sql_query(&refused).execute(c)?;
            Ok(Outcome::Commit(()))
        });
        assert!(matches!(result, Err(StoreError::BrokenReference { .. })), "{refused}: {result:?}");
    }
    write(&store, acme, |c, _| diesel::sql_query(line(acme, 1)).execute(c).unwrap());
}

/// Writers wait for each other, but not for ever: the wait of the second is cut short here.
#[test]
fn a_writer_that_waits_too_long_is_busy() {
    let Some(database) = Database::postgres() else { return };
    let store = database.migrated();
    let acme = organization(&store, "Acme").id;
    let other = database.open();
    write(&store, acme, |_, _| {
        let waited = other.change(|c| {
            diesel::sql_query("SET LOCAL lock_timeout = '10ms'").execute(c)?;
            diesel::sql_query("UPDATE organizations SET revision = revision + 1").execute(c)?;
            Ok(Outcome::Commit(()))
        });
        assert!(is_busy(&waited.unwrap_err()));
    });
}
