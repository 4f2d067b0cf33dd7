//! Contacts.

use diesel::prelude::*;
use tradebook_model::{Contact, ContactId, CustomerId};

use super::{Record, Session, numbered};
use crate::StoreError;
use crate::import::rows::ContactRow;
use crate::rows::stored;
use crate::schema::contacts;

numbered! {
    Contact: ContactRow of contacts by id: ContactId, to_contact_row, from_contact_row;
}

fn to_contact_row(organization: i32, record: &Contact, touched: i64) -> ContactRow {
    let Contact {
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
    } = record.clone();
    ContactRow {
        organization_id: organization,
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
        touched,
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
