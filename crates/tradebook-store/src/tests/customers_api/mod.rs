//! Customers as the customers API uses them.

mod calls;
mod lists;
mod model;
mod races;
mod sign_in;

use diesel::prelude::*;
use tradebook_model::{Change, CustomerChanges, OrganizationId, RecordRef};

use super::fixture::write;
use crate::schema::{categories, currencies, payment_types, regions, segmentations, users};
use crate::sequence::{Sequence, skip_past};
use crate::{Created, CustomerError, CustomerFault, CustomerRecord, Store};

/// Categories `root` (1) above `jewelry` (2), segmentation `seg_a` (1), payment types `cash` (7) and `cheque` (8), user
/// `emp-002` (2), region `California` (2), currencies USD with a rate and CHF without.
fn reference_data(store: &Store, organization: OrganizationId) {
    let org = organization.get();
    write(store, organization, |c, _| {
        for (id, reference, parent) in [(1, "root", None), (2, "jewelry", Some(1))] {
            diesel::insert_into(categories::table)
                .values((
                    categories::organization_id.eq(org),
                    categories::id.eq(id),
                    categories::reference.eq(reference),
                    categories::name.eq(format!("Category {reference}")),
                    categories::parent_id.eq(parent),
                ))
                .execute(c)
                .unwrap();
        }
        diesel::insert_into(segmentations::table)
            .values((
                segmentations::organization_id.eq(org),
                segmentations::id.eq(1),
                segmentations::reference.eq("seg_a"),
                segmentations::name.eq("Segmentation A"),
            ))
            .execute(c)
            .unwrap();
        for (id, reference) in [(7, "cash"), (8, "cheque")] {
            diesel::insert_into(payment_types::table)
                .values((
                    payment_types::organization_id.eq(org),
                    payment_types::id.eq(id),
                    payment_types::reference.eq(reference),
                    payment_types::name.eq(reference),
                ))
                .execute(c)
                .unwrap();
        }
        diesel::insert_into(users::table)
            .values((
                users::organization_id.eq(org),
                users::id.eq(2),
                users::reference.eq("emp-002"),
            ))
            .execute(c)
            .unwrap();
        diesel::insert_into(regions::table)
            .values((
                regions::organization_id.eq(org),
                regions::id.eq(2),
                regions::name.eq("California"),
            ))
            .execute(c)
            .unwrap();
        for (code, rate) in [("USD", Some("0.9")), ("CHF", None)] {
            diesel::insert_into(currencies::table)
                .values((
                    currencies::organization_id.eq(org),
                    currencies::code.eq(code),
                    currencies::exchange_rate.eq(rate),
                ))
                .execute(c)
                .unwrap();
        }
        for (sequence, id) in [
            (Sequence::Category, 2),
            (Sequence::Segmentation, 1),
            (Sequence::PaymentType, 8),
            (Sequence::User, 2),
            (Sequence::Region, 2),
        ] {
            skip_past(c, organization, sequence, id).unwrap();
        }
    });
}

fn named(reference: &str, name: &str) -> CustomerChanges {
    CustomerChanges {
        reference: Change::Set(reference.parse().unwrap()),
        name: Change::Set(name.parse().unwrap()),
        ..CustomerChanges::default()
    }
}

fn create(
    store: &Store,
    organization: OrganizationId,
    changes: CustomerChanges,
) -> Result<CustomerRecord, CustomerFault> {
    match faults(store.create_customer(organization, changes, None, None))? {
        Created::New(record) => Ok(record),
        Created::Before(_) => panic!("there was no key"),
    }
}

/// The fault of a request; any other error ends the test.
fn faults<T>(result: Result<T, CustomerError>) -> Result<T, CustomerFault> {
    result.map_err(|error| match error {
        CustomerError::Fault(fault) => fault,
        CustomerError::Store(error) => panic!("{error:?}"),
    })
}

fn reference(text: &str) -> RecordRef {
    RecordRef::Reference(text.to_owned())
}

fn some<T>(value: T) -> Change<Option<T>> {
    Change::Set(Some(value))
}
