//! `contacts.csv`.

use tradebook_model::{Contact, ContactId, CustomerId};
use tradebook_store::import::Coded;
use tradebook_wire::csv::ContactRow;

use super::country;
use crate::transfer::apply::{Kind, RowContext};

pub(in crate::transfer) struct Contacts;

impl Kind for Contacts {
    type Row = ContactRow;
    type Record = Contact;

    const CODED: Option<Coded> = Some(Coded::Contacts);
    const REFERS_TO: &'static [Coded] = &[Coded::Customers];
    const KEY: &'static [&'static str] = &["reference"];

    fn key(row: &ContactRow, at: &mut RowContext<'_>) -> Option<ContactId> {
        at.own_id(Coded::Contacts, row.reference.as_str(), ContactId::new)
    }

    fn merge(
        key: &ContactId,
        row: ContactRow,
        stored: Option<&Contact>,
        at: &mut RowContext<'_>,
    ) -> Option<Contact> {
        let ContactRow {
            reference,
            id: _,
            customer,
            first_name,
            last_name,
            phone,
            phone2,
            mobile,
            fax,
            email,
            job,
            address,
            city,
            country: country_name,
            postal_code,
            comment,
        } = row;
        let old =
            |field: fn(&Contact) -> &Option<String>| stored.and_then(|old| field(old).clone());
        let customers = Coded::Customers;
        let contact = Contact {
            id: *key,
            reference,
            customer: at.refer(customers, "customer", customer.as_str(), CustomerId::new)?,
            first_name: first_name.over(old(|old| &old.first_name)),
            last_name: last_name.over(old(|old| &old.last_name)),
            phone: phone.over(old(|old| &old.phone)),
            phone2: phone2.over(old(|old| &old.phone2)),
            mobile: mobile.over(old(|old| &old.mobile)),
            fax: fax.over(old(|old| &old.fax)),
            email: email.over(old(|old| &old.email)),
            job: job.over(old(|old| &old.job)),
            address: address.over(old(|old| &old.address)),
            city: city.over(old(|old| &old.city)),
            country: country(country_name, old(|old| &old.country)),
            postal_code: postal_code.over(old(|old| &old.postal_code)),
            comment: comment.over(old(|old| &old.comment)),
        };
        let Err(faults) = contact.faults() else { return Some(contact) };
        for (field, message) in faults {
            at.fault(if field == "job" { "function".to_owned() } else { field }, message);
        }
        None
    }

    fn id(record: &Contact) -> Option<i32> {
        Some(record.id.get())
    }
}
