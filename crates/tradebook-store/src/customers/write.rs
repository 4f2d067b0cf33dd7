//! Creates, changes and deletes customers.

use diesel::prelude::*;
use time::OffsetDateTime;
use tradebook_model::{
    Change, CurrencyCode, Customer, CustomerChanges, CustomerId, CustomerProfile,
    CustomerReference, ImageName, OrganizationId, PaymentTypeId, Place, PlaceChanges, RecordRef,
    Setting, ShortText, Terms, UserReference,
};

use super::fault::{CustomerError, CustomerFault, InUse, RequiredField};
use super::record::CustomerRecord;
use super::row::{CustomerRow, Stamps, put_payment_types};
use super::{read, relations};
use crate::connection::{AnyConnection, each_backend};
use crate::customer_writes::{Touched, Touches};
use crate::idempotency::{Kept, Retry, StoredAnswer, keep_answer, kept_answer};
use crate::rows::stored;
use crate::schema::{
    accounts_receivable, agreed_prices, customer_part_numbers, customer_payment_types, customers,
    ledger_documents,
};
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

/// A customer in the making.
struct Draft {
    /// `None` before there is one.
    id: Option<CustomerId>,
    reference: CustomerReference,
    name: ShortText,
    currency: Option<CurrencyCode>,
    profile: CustomerProfile,
    logo: Option<ImageName>,
}

impl Draft {
    /// Applies changes and checks the result, apart from the uniqueness of the reference. Returns the payment types if they
    /// change.
    fn apply(
        &mut self,
        connection: &mut AnyConnection,
        organization: OrganizationId,
        changes: CustomerChanges,
    ) -> Result<Option<Vec<PaymentTypeId>>, CustomerError> {
        let CustomerChanges {
            reference,
            name,
            reference2,
            barcode,
            is_active,
            category,
            is_sub_customer,
            parent,
            bill_with_parent,
            segmentation,
            user,
            is_same_address,
            billing,
            shipping,
            email,
            phone,
            mobile,
            fax,
            comment,
            website,
            credit_limit,
            due_date_config_number,
            due_date_config_type,
            tax_number,
            company_registration_number,
            currency,
            payment_types,
            region,
            customer_risk,
            customer_risk_color,
            on_hold,
            on_hold_reason,
            logo,
        } = changes;
        reference.apply(&mut self.reference);
        name.apply(&mut self.name);
        logo.apply(&mut self.logo);
        let profile = &mut self.profile;
        reference2.apply(&mut profile.reference2);
        barcode.apply(&mut profile.barcode);
        is_active.apply(&mut profile.is_active);
        bill_with_parent.apply(&mut profile.bill_with_parent);
        is_same_address.apply(&mut profile.is_same_address);
        apply_place(billing, &mut profile.billing);
        apply_place(shipping, &mut profile.shipping);
        email.apply(&mut profile.email);
        phone.apply(&mut profile.phone);
        mobile.apply(&mut profile.mobile);
        fax.apply(&mut profile.fax);
        comment.apply(&mut profile.comment);
        website.apply(&mut profile.website);
        credit_limit.apply(&mut profile.credit_limit);
        due_date_config_number.apply(&mut profile.due_date_config_number);
        due_date_config_type.apply(&mut profile.due_date_config_type);
        tax_number.apply(&mut profile.tax_number);
        company_registration_number.apply(&mut profile.company_registration_number);
        customer_risk.apply(&mut profile.customer_risk);
        customer_risk_color.apply(&mut profile.customer_risk_color);
        on_hold.apply(&mut profile.on_hold);
        on_hold_reason.apply(&mut profile.on_hold_reason);

        let parent = parent_after(profile, is_sub_customer, parent)?;
        if profile.due_date_config_type.is_some() && profile.due_date_config_number.is_none() {
            return Err(CustomerFault::Missing(RequiredField::DueDateConfigNumber).into());
        }
        if let Err(faults) = profile.faults()
            && let Some((field, message)) = faults.into_iter().next()
        {
            return Err(CustomerFault::InvalidValue { field, message }.into());
        }

        if let Change::Set(category) = category {
            profile.category = match category {
                Some(given) => Some(relations::category(connection, organization, &given)?),
                None => relations::root_category(connection, organization)?,
            };
        }
        if let Change::Set(given) = parent {
            profile.is_sub_customer = given.is_some();
            profile.parent = match given {
                Some(given) => Some(relations::parent(connection, organization, &given)?),
                None => None,
            };
            if profile.parent.is_some() && profile.parent == self.id {
                return Err(CustomerFault::SelfParent.into());
            }
        }
        if let Change::Set(given) = segmentation {
            profile.segmentation = match given {
                Some(given) => Some(relations::segmentation(connection, organization, &given)?),
                None => None,
            };
        }
        if let Change::Set(given) = user {
            profile.user = match given {
                Some(given) => Some(relations::user(connection, organization, &given)?),
                None => None,
            };
        }
        if let Change::Set(given) = currency {
            self.currency = Some(match given {
                Some(given) => relations::currency(connection, organization, &given)?,
                None => relations::own_currency(connection, organization)?,
            });
        }
        let payment_types = match payment_types {
            Change::Keep => None,
            Change::Set(given) => {
                let mut found = Vec::with_capacity(given.len());
                for given in &given {
                    let id = relations::payment_type(connection, organization, given)?;
                    if !found.contains(&id) {
                        found.push(id);
                    }
                }
                Some(found)
            }
        };
        // Where regions are not shown, nothing is done with them either.
        if let Change::Set(given) = region
            && relations::setting(connection, organization, Setting::GeographicalLocations)?
                .is_some_and(|value| value == "true")
        {
            profile.region = match given {
                Some(given) => Some(relations::region(connection, organization, &given)?),
                None => None,
            };
        }
        Ok(payment_types)
    }

    /// Checks that no other customer has the reference.
    fn check_reference(
        &self,
        connection: &mut AnyConnection,
        organization: OrganizationId,
    ) -> Result<(), CustomerError> {
        let id: Option<i32> = customers::table
            .select(customers::id)
            .filter(customers::organization_id.eq(organization.get()))
            .filter(customers::reference.eq(self.reference.as_str()))
            .get_result(connection)
            .optional()
            .map_err(StoreError::from)?;
        match id {
            Some(id) if self.id.map(CustomerId::get) != Some(id) => {
                Err(CustomerFault::ReferenceTaken.into())
            }
            _ => Ok(()),
        }
    }

    fn finish(
        self,
        id: Result<CustomerId, tradebook_model::ModelError>,
        terms: Terms,
    ) -> Result<(Customer, Option<ImageName>), StoreError> {
        let Self { id: _, reference, name, currency, profile, logo } = self;
        let currency =
            currency.ok_or_else(|| StoreError::corrupt("a customer without a currency"))?;
        let id = stored("a customer's id", id)?;
        Ok((Customer { id, reference, name, currency, terms, profile }, logo))
    }
}

/// What becomes of the parent: a sub-customer has one, and one that has a parent is a sub-customer unless it says it is not.
fn parent_after(
    profile: &CustomerProfile,
    is_sub_customer: Change<bool>,
    parent: Change<Option<RecordRef>>,
) -> Result<Change<Option<RecordRef>>, CustomerFault> {
    match (is_sub_customer, parent) {
        (Change::Set(false), _) => Ok(Change::Set(None)),
        (Change::Set(true), Change::Set(None)) => {
            Err(CustomerFault::Missing(RequiredField::ParentCustomer))
        }
        (Change::Set(true), Change::Keep) if profile.parent.is_none() => {
            Err(CustomerFault::Missing(RequiredField::ParentCustomer))
        }
        (Change::Set(true), Change::Keep) => {
            Ok(Change::Set(profile.parent.map(|parent| RecordRef::Id(parent.get().into()))))
        }
        (_, parent) => Ok(parent),
    }
}

fn apply_place(changes: PlaceChanges, place: &mut Place) {
    let PlaceChanges { country, city, postal_code, address, latitude, longitude } = changes;
    country.apply(&mut place.country);
    city.apply(&mut place.city);
    postal_code.apply(&mut place.postal_code);
    address.apply(&mut place.address);
    latitude.apply(&mut place.latitude);
    longitude.apply(&mut place.longitude);
}

fn delete(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    customer: CustomerId,
) -> Result<(), CustomerError> {
    /// Whether a table has a row of the customer.
    macro_rules! exists {
        ($table:ident.$column:ident) => {
            diesel::select(diesel::dsl::exists(
                $table::table
                    .filter($table::organization_id.eq(organization.get()))
                    .filter($table::$column.eq(customer.get())),
            ))
            .get_result::<bool>(connection)
            .map_err(StoreError::from)?
        };
    }
    if exists!(customers.parent_id) {
        return Err(CustomerFault::InUse(InUse::SubCustomers).into());
    }
    if exists!(ledger_documents.customer_id) {
        return Err(CustomerFault::InUse(InUse::Sales).into());
    }
    if exists!(accounts_receivable.customer_id) {
        return Err(CustomerFault::InUse(InUse::Accounts).into());
    }
    if exists!(agreed_prices.customer_id) {
        return Err(CustomerFault::InUse(InUse::Agreements).into());
    }
    /// Removes the customer's rows of a table.
    macro_rules! remove {
        ($table:ident.$column:ident) => {
            diesel::delete(
                $table::table
                    .filter($table::organization_id.eq(organization.get()))
                    .filter($table::$column.eq(customer.get())),
            )
            .execute(connection)
        };
    }
    remove!(customer_payment_types.customer_id).map_err(StoreError::from)?;
    remove!(customer_part_numbers.customer_id).map_err(StoreError::from)?;
    remove!(customers.id).map_err(|error| match StoreError::from(error) {
        // A table of a later release refers to customers too.
        StoreError::BrokenReference { .. } => CustomerFault::InUse(InUse::Others).into(),
        other => CustomerError::Store(other),
    })?;
    Ok(())
}
