//! Reads customers with all that they refer to.

use std::collections::HashMap;

use diesel::prelude::*;
use tradebook_model::{
    Contact, CustomerReference, OrganizationId, OrganizationName, PaymentTypeId, RecordRef,
};

use super::record::{CustomerRecord, NamedRecord};
use super::row::CustomerRow;
use crate::connection::AnyConnection;
use crate::import::records::from_contact_row;
use crate::import::rows::ContactRow;
use crate::rows::stored;
use crate::schema::{
    categories, contacts, customer_payment_types, customers, organizations, payment_types, regions,
    segmentations, users,
};
use crate::{Store, StoreError};

/// The most ids of one question.
const IDS_AT_ONCE: usize = 1000;

impl Store {
    /// A customer by its id or reference; `None` where there is none.
    pub fn show_customer(
        &self,
        organization: OrganizationId,
        customer: &RecordRef,
    ) -> Result<Option<CustomerRecord>, StoreError> {
        self.read_of(organization, |connection| {
            let Some(row) = find(connection, organization, customer)? else { return Ok(None) };
            Ok(records(connection, organization, vec![row])?.pop())
        })
    }
}

/// The row of a customer.
pub(super) fn find(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    customer: &RecordRef,
) -> Result<Option<CustomerRow>, StoreError> {
    match customer {
        RecordRef::Id(id) => {
            let Ok(id) = i32::try_from(*id) else { return Ok(None) };
            by_id(connection, organization, id)
        }
        RecordRef::Reference(reference) => {
            let Ok(reference) = CustomerReference::new(reference) else { return Ok(None) };
            Ok(customers::table
                .select(CustomerRow::as_select())
                .filter(customers::organization_id.eq(organization.get()))
                .filter(customers::reference.eq(reference.as_str()))
                .get_result(connection)
                .optional()?)
        }
    }
}

fn by_id(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    id: i32,
) -> Result<Option<CustomerRow>, StoreError> {
    Ok(customers::table
        .select(CustomerRow::as_select())
        .find((organization.get(), id))
        .get_result(connection)
        .optional()?)
}

/// The customers of these ids, in their order.
pub(super) fn by_ids(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    ids: &[i32],
) -> Result<Vec<CustomerRecord>, StoreError> {
    let mut rows = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(IDS_AT_ONCE) {
        let mut found: HashMap<i32, CustomerRow> = customers::table
            .select(CustomerRow::as_select())
            .filter(customers::organization_id.eq(organization.get()))
            .filter(customers::id.eq_any(chunk.to_vec()))
            .load::<CustomerRow>(connection)?
            .into_iter()
            .map(|row| (row.columns.id, row))
            .collect();
        rows.extend(chunk.iter().filter_map(|id| found.remove(id)));
    }
    records(connection, organization, rows)
}

/// Reads id, reference and name of all records of a table that rows refer to.
macro_rules! named {
    ($connection:expr, $organization:expr, $table:ident, $reference:ident, $name:expr, $ids:expr) => {{
        let mut ids: Vec<i32> = $ids.collect();
        ids.sort_unstable();
        ids.dedup();
        let mut named = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(IDS_AT_ONCE) {
            let query = $table::table
                .select(($table::id, $table::$reference, $name))
                .filter($table::organization_id.eq($organization.get()));
            let rows: Vec<(i32, String, Option<String>)> = match chunk {
                // The usual question of a single customer, which stays prepared.
                [id] => query.filter($table::id.eq(*id)).load($connection)?,
                many => query.filter($table::id.eq_any(many.to_vec())).load($connection)?,
            };
            named.extend(
                rows.into_iter()
                    .map(|(id, reference, name)| (id, NamedRecord { id, reference, name })),
            );
        }
        Named(named)
    }};
}

struct Named(HashMap<i32, NamedRecord>);

impl Named {
    fn get(&self, id: Option<i32>) -> Result<Option<NamedRecord>, StoreError> {
        id.map(|id| {
            self.0.get(&id).cloned().ok_or_else(|| {
                StoreError::corrupt(format!("a customer refers to {id}, which does not exist"))
            })
        })
        .transpose()
    }
}

/// Completes rows with what they refer to.
pub(super) fn records(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    rows: Vec<CustomerRow>,
) -> Result<Vec<CustomerRecord>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let name: String = organizations::table
        .select(organizations::name)
        .find(organization.get())
        .get_result(connection)?;
    let name: OrganizationName = stored("an organization's name", name.parse())?;
    let ids = |of: fn(&CustomerRow) -> Option<i32>| rows.iter().filter_map(of);
    let no_name = diesel::dsl::sql::<diesel::sql_types::Nullable<diesel::sql_types::Text>>("NULL");
    let categories = named!(
        connection,
        organization,
        categories,
        reference,
        categories::name,
        ids(|row| row.columns.category_id)
    );
    let segmentations = named!(
        connection,
        organization,
        segmentations,
        reference,
        segmentations::name,
        ids(|row| row.columns.segmentation_id)
    );
    let parents = named!(
        connection,
        organization,
        customers,
        reference,
        customers::name.nullable(),
        ids(|row| row.columns.parent_id)
    );
    let users = named!(
        connection,
        organization,
        users,
        reference,
        users::name,
        ids(|row| row.columns.user_id)
    );
    let regions = named!(
        connection,
        organization,
        regions,
        name,
        no_name.clone(),
        ids(|row| row.columns.region_id)
    );
    let customer_ids: Vec<i32> = rows.iter().map(|row| row.columns.id).collect();
    let mut payment_types = payment_types_of(connection, organization, &customer_ids)?;
    let mut contacts = contacts_of(connection, organization, &customer_ids)?;
    rows.into_iter()
        .map(|row| {
            let id = row.columns.id;
            let category = categories.get(row.columns.category_id)?;
            let segmentation = segmentations.get(row.columns.segmentation_id)?;
            let parent = parents.get(row.columns.parent_id)?;
            let user = users.get(row.columns.user_id)?;
            let region = regions.get(row.columns.region_id)?;
            let payment_types = payment_types.remove(&id).unwrap_or_default();
            let payment_type_ids = payment_types
                .iter()
                .map(|named| stored("a payment type's id", PaymentTypeId::new(named.id)))
                .collect::<Result<_, _>>()?;
            let (customer, logo, stamps) = row.into_domain(payment_type_ids)?;
            Ok(CustomerRecord {
                customer,
                created: stamps.created,
                updated: stamps.updated,
                version: stamps.version,
                organization: name.clone(),
                category,
                segmentation,
                parent,
                user,
                region: region
                    .map(|region| NamedRecord { name: Some(region.reference.clone()), ..region }),
                payment_types,
                contacts: contacts.remove(&id).unwrap_or_default(),
                logo,
            })
        })
        .collect()
}

/// The payment types of customers, in order.
pub(super) fn payment_types_of(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    customers: &[i32],
) -> Result<HashMap<i32, Vec<NamedRecord>>, StoreError> {
    let mut found: HashMap<i32, Vec<NamedRecord>> = HashMap::new();
    for chunk in customers.chunks(IDS_AT_ONCE) {
        let query = customer_payment_types::table
            .inner_join(
                payment_types::table.on(payment_types::organization_id
                    .eq(customer_payment_types::organization_id)
                    .and(payment_types::id.eq(customer_payment_types::payment_type_id))),
            )
            .select((
                customer_payment_types::customer_id,
                payment_types::id,
                payment_types::reference,
                payment_types::name,
            ))
            .filter(customer_payment_types::organization_id.eq(organization.get()))
            .order((customer_payment_types::customer_id, customer_payment_types::position));
        let rows: Vec<(i32, i32, String, Option<String>)> = match chunk {
            [id] => query.filter(customer_payment_types::customer_id.eq(*id)).load(connection)?,
            many => query
                .filter(customer_payment_types::customer_id.eq_any(many.to_vec()))
                .load(connection)?,
        };
        for (customer, id, reference, name) in rows {
            found.entry(customer).or_default().push(NamedRecord { id, reference, name });
        }
    }
    Ok(found)
}

fn contacts_of(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    customers: &[i32],
) -> Result<HashMap<i32, Vec<Contact>>, StoreError> {
    let mut found: HashMap<i32, Vec<Contact>> = HashMap::new();
    for chunk in customers.chunks(IDS_AT_ONCE) {
        let query = contacts::table
            .select(ContactRow::ALL)
            .filter(contacts::organization_id.eq(organization.get()))
            .order(contacts::id);
        let rows: Vec<ContactRow> = match chunk {
            [id] => query.filter(contacts::customer_id.eq(*id)).load(connection)?,
            many => query.filter(contacts::customer_id.eq_any(many.to_vec())).load(connection)?,
        };
        for row in rows {
            let (contact, _) = from_contact_row(row)?;
            found.entry(contact.customer.get()).or_default().push(contact);
        }
    }
    Ok(found)
}
