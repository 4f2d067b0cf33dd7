//! Contacts.

use diesel::prelude::*;
use tradebook_model::{Contact, ContactId, CustomerId};

use super::{Record, Session};
use crate::StoreError;
use crate::import::rows::ContactRow;
use crate::rows::stored;
use crate::schema::contacts;

impl Record for Contact {
    type Key = ContactId;

    fn key(&self) -> ContactId {
        self.id
    }

    fn load(session: &mut Session<'_>, keys: &[ContactId]) -> Result<Vec<(Self, i64)>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|id| id.get()).collect();
        let rows: Vec<ContactRow> = contacts::table
            .select(ContactRow::ALL)
            .filter(contacts::organization_id.eq(session.organization.get()))
            .filter(contacts::id.eq_any(ids))
            .load(session.connection)?;
        rows.into_iter().map(from_contact_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let rows: Vec<_> = records
            .iter()
            .map(|(record, touched)| {
                let Self {
                    id,
                    reference,
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
                    country,
                    postal_code,
                    comment,
                } = (*record).clone();
                ContactRow {
                    organization_id: session.organization.get(),
                    id: id.get(),
                    reference: reference.to_string(),
                    customer_id: customer.get(),
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
                    country,
                    postal_code,
                    comment,
                    touched: *touched,
                }
            })
            .collect();
        Ok(ContactRow::put(session.connection, &rows)?)
    }
}

pub(crate) fn from_contact_row(row: ContactRow) -> Result<(Contact, i64), StoreError> {
    let ContactRow {
        organization_id: _,
        id,
        reference,
        customer_id,
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
        country,
        postal_code,
        comment,
        touched,
    } = row;
    let record = Contact {
        id: stored("a contact's id", ContactId::new(id))?,
        reference: stored("a contact's reference", reference.parse())?,
        customer: stored("a contact's customer", CustomerId::new(customer_id))?,
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
        country,
        postal_code,
        comment,
    };
    Ok((record, touched))
}
