//! Creates, changes and deletes customers.

use diesel::prelude::*;
use time::OffsetDateTime;
use tradebook_model::{
    Change, Customer, CustomerChanges, CustomerId, CustomerProfile, CustomerReference,
    OrganizationId, RecordRef, ShortText, Terms, UserReference,
};

use super::deletion::delete;
use super::draft::Draft;
use super::fault::{CustomerError, CustomerFault, RequiredField};
use super::record::CustomerRecord;
use super::row::{CustomerRow, Stamps, put_payment_types};
use super::{read, relations};
use crate::connection::{AnyConnection, each_backend};
use crate::customer_writes::{Touched, Touches};
use crate::idempotency::{Kept, Retry, StoredAnswer, keep_answer, kept_answer};
use crate::schema::customers;
use crate::sequence::{Sequence, next_ids};
use crate::transaction::Outcome;
use crate::{Store, StoreError};

/// What came of a request to create a customer.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "lives for a moment, and is nearly always the large one"
)]
pub enum Created {
    /// The customer was created.
    New(CustomerRecord),
    /// The same request created it before, and got this answer.
    Before(StoredAnswer),
}

/// What came of a request to create or change a customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Upserted {
    /// The customer as it is now.
    pub record: CustomerRecord,
    /// Whether it was created.
    pub created: bool,
}

impl Touches for Created {
    fn touched(&self) -> Touched {
        Touched::Nothing
    }
}

impl Touches for Upserted {
    fn touched(&self) -> Touched {
        if self.created { Touched::Nothing } else { self.record.touched() }
    }
}

/// The customer as it is now, or as it was before it was deleted.
impl Touches for CustomerRecord {
    fn touched(&self) -> Touched {
        Touched::Customer(self.customer.id)
    }
}

impl Store {
    /// Creates a customer. `user` is the one in whose name, who will look after the customer unless the changes name another
    /// user; one that does not exist looks after nobody. With a `retry` the same request sent again is answered as before.
    ///
    /// The customer has the default terms, and so no list of its own; prices know it from the organization's new revision
    /// on. Comes back when the customer is on disk.
    pub fn create_customer(
        &self,
        organization: OrganizationId,
        changes: CustomerChanges,
        user: Option<UserReference>,
        retry: Option<Retry>,
    ) -> Result<Created, CustomerError> {
        self.grouped_customer_write(organization, move |connection| {
            if let Some(retry) = &retry {
                match kept_answer(connection, organization, retry)? {
                    Kept::Nothing => {}
                    Kept::Answer(answer) => return Ok(Created::Before(answer)),
                    Kept::OtherRequest => return Err(CustomerFault::RetryKeyTaken.into()),
                }
            }
            let record = create(connection, organization, changes.clone(), user.as_ref())?;
            if let Some(retry) = &retry {
                keep_answer(connection, organization, retry, &record)?;
            }
            Ok(Created::New(record))
        })
    }

    /// Changes a customer. What other requests change at the same time stays changed.
    pub fn update_customer(
        &self,
        organization: OrganizationId,
        customer: RecordRef,
        changes: CustomerChanges,
    ) -> Result<CustomerRecord, CustomerError> {
        self.grouped_customer_write(organization, move |connection| {
            let row = read::find(connection, organization, &customer)?
                .ok_or_else(|| CustomerFault::UnknownCustomer(customer.clone()))?;
            update(connection, organization, row, changes.clone())
        })
    }

    /// Changes the customer of a reference, or creates it with that reference. See [`Store::create_customer`] and
    /// [`Store::update_customer`]. The changes may give an existing customer another reference; a new one has the one that
    /// was asked for.
    pub fn upsert_customer(
        &self,
        organization: OrganizationId,
        reference: CustomerReference,
        changes: CustomerChanges,
        user: Option<UserReference>,
    ) -> Result<Upserted, CustomerError> {
        self.grouped_customer_write(organization, move |connection| {
            let mut changes = changes.clone();
            match read::find(connection, organization, &RecordRef::from(&reference))? {
                Some(row) => {
                    let record = update(connection, organization, row, changes)?;
                    Ok(Upserted { record, created: false })
                }
                None => {
                    changes.reference = Change::Set(reference.clone());
                    let record = create(connection, organization, changes, user.as_ref())?;
                    Ok(Upserted { record, created: true })
                }
            }
        })
    }

    /// Deletes a customer with its contacts, part numbers and payment types, and returns what it was, so that its image can
    /// follow. One with sub-customers, sales or agreements stays.
    pub fn delete_customer(
        &self,
        organization: OrganizationId,
        customer: RecordRef,
    ) -> Result<CustomerRecord, CustomerError> {
        self.grouped_customer_write(organization, move |connection| {
            let row = read::find(connection, organization, &customer)?
                .ok_or_else(|| CustomerFault::UnknownCustomer(customer.clone()))?;
            let record = read::records(connection, organization, vec![row])?
                .pop()
                .ok_or_else(|| CustomerFault::UnknownCustomer(customer.clone()))?;
            delete(connection, organization, record.customer.id)?;
            Ok(record)
        })
    }

    /// Whether [`Store::create_customer`] would create this customer. Nothing happens.
    pub fn check_new_customer(
        &self,
        organization: OrganizationId,
        changes: CustomerChanges,
    ) -> Result<(), CustomerError> {
        self.checked_customer_write(organization, move |connection| {
            create(connection, organization, changes.clone(), None)
        })
    }

    /// Whether [`Store::update_customer`] would make these changes. Nothing happens.
    pub fn check_customer_changes(
        &self,
        organization: OrganizationId,
        customer: RecordRef,
        changes: CustomerChanges,
    ) -> Result<(), CustomerError> {
        self.checked_customer_write(organization, move |connection| {
            let row = read::find(connection, organization, &customer)?
                .ok_or_else(|| CustomerFault::UnknownCustomer(customer.clone()))?;
            update(connection, organization, row, changes.clone())
        })
    }

    /// A write that is always taken back.
    fn checked_customer_write(
        &self,
        organization: OrganizationId,
        mut work: impl FnMut(&mut AnyConnection) -> Result<CustomerRecord, CustomerError>
        + Send
        + 'static,
    ) -> Result<(), CustomerError> {
        Ok(self.grouped_write(organization, move |connection| match work(connection) {
            Ok(_) => Ok(Outcome::RollBack(Ok(()))),
            Err(CustomerError::Fault(fault)) => Ok(Outcome::RollBack(Err(fault))),
            Err(CustomerError::Store(error)) => Err(error),
        })??)
    }

    /// A grouped write whose faults take back what it did.
    fn grouped_customer_write<T: Touches + Send + 'static>(
        &self,
        organization: OrganizationId,
        mut work: impl FnMut(&mut AnyConnection) -> Result<T, CustomerError> + Send + 'static,
    ) -> Result<T, CustomerError> {
        Ok(self.grouped_write(organization, move |connection| match work(connection) {
            Ok(value) => Ok(Outcome::Commit(Ok(value))),
            Err(CustomerError::Fault(fault)) => Ok(Outcome::RollBack(Err(fault))),
            Err(CustomerError::Store(error)) => Err(error),
        })??)
    }
}

fn create(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    mut changes: CustomerChanges,
    user: Option<&UserReference>,
) -> Result<CustomerRecord, CustomerError> {
    let missing = |field| CustomerFault::Missing(field);
    let reference: CustomerReference =
        changes.reference.value().ok_or(missing(RequiredField::Reference))?.clone();
    let name: ShortText = changes.name.value().ok_or(missing(RequiredField::Name))?.clone();
    if changes.category == Change::Keep {
        changes.category = Change::Set(None);
    }
    if changes.currency == Change::Keep {
        changes.currency = Change::Set(None);
    }
    let mut draft = Draft {
        id: None,
        reference,
        name,
        // Replaced by the organization's, since it is set.
        currency: None,
        profile: CustomerProfile::default(),
        logo: None,
    };
    let user_given = changes.user != Change::Keep;
    let payment_types = draft.apply(connection, organization, changes)?;
    if let (false, Some(user)) = (user_given, user) {
        let user = RecordRef::Reference(user.to_string());
        draft.profile.user = match relations::user(connection, organization, &user) {
            Ok(user) => Some(user),
            Err(CustomerError::Fault(_)) => None,
            Err(error) => return Err(error),
        };
    }
    draft.check_reference(connection, organization)?;
    let id = next_ids(connection, organization, Sequence::Customer, 1)?;
    let id = i32::try_from(id).map_err(|_| StoreError::NoMoreIds { kind: "customer" })?;
    let now = whole_seconds(OffsetDateTime::now_utc());
    let stamps = Stamps { created: now, updated: now, version: 1 };
    let (customer, logo) = draft.finish(CustomerId::new(id), Terms::default())?;
    let row = CustomerRow::new(organization, &customer, logo.as_ref(), &stamps);
    each_backend!(connection, |connection| diesel::insert_into(customers::table)
        .values(&row)
        .execute(connection))
    .map_err(taken)?;
    if let Some(payment_types) = payment_types
        && !payment_types.is_empty()
    {
        put_payment_types(connection, organization, customer.id, &payment_types)?;
    }
    complete(connection, organization, row)
}

fn update(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    row: CustomerRow,
    changes: CustomerChanges,
) -> Result<CustomerRecord, CustomerError> {
    let (customer, logo, stamps) = row.into_domain(Vec::new())?;
    let Customer { id, reference, name, currency, terms, profile } = customer;
    let mut draft =
        Draft { id: Some(id), reference, name, currency: Some(currency), profile, logo };
    let payment_types = draft.apply(connection, organization, changes)?;
    draft.check_reference(connection, organization)?;
    let stamps = Stamps {
        updated: whole_seconds(OffsetDateTime::now_utc()).max(stamps.updated),
        version: stamps.version + 1,
        ..stamps
    };
    let (customer, logo) = draft.finish(Ok(id), terms)?;
    let row = CustomerRow::new(organization, &customer, logo.as_ref(), &stamps);
    each_backend!(connection, |connection| diesel::update(
        customers::table.find((row.columns.organization_id, row.columns.id))
    )
    .set(&row)
    .execute(connection))
    .map_err(taken)?;
    if let Some(payment_types) = payment_types {
        put_payment_types(connection, organization, id, &payment_types)?;
    }
    complete(connection, organization, row)
}

fn complete(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    row: CustomerRow,
) -> Result<CustomerRecord, CustomerError> {
    let record = read::records(connection, organization, vec![row])?.pop();
    Ok(record.ok_or_else(|| StoreError::corrupt("a customer that was just written"))?)
}

/// Instants are shown in whole seconds; kept so, customers of one second are sorted by id, as they seem to be.
fn whole_seconds(instant: OffsetDateTime) -> OffsetDateTime {
    instant.replace_nanosecond(0).unwrap_or(instant)
}

/// Another writer may have been faster, where the database lets two write at once.
fn taken(error: diesel::result::Error) -> CustomerError {
    match StoreError::from(error) {
        StoreError::NotUnique { .. } => CustomerFault::ReferenceTaken.into(),
        other => other.into(),
    }
}
