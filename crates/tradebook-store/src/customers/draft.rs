//! What a customer comes to when changes are applied to it, before it is written.

use diesel::prelude::*;
use tradebook_model::{
    Change, CurrencyCode, Customer, CustomerChanges, CustomerId, CustomerProfile,
    CustomerReference, ImageName, ModelError, OrganizationId, PaymentTypeId, Place, PlaceChanges,
    RecordRef, Setting, ShortText, Terms,
};

use super::fault::{CustomerError, CustomerFault, RequiredField};
use super::relations;
use crate::StoreError;
use crate::connection::AnyConnection;
use crate::rows::stored;
use crate::schema::customers;

/// A customer in the making.
pub(super) struct Draft {
    /// `None` before there is one.
    pub(super) id: Option<CustomerId>,
    pub(super) reference: CustomerReference,
    pub(super) name: ShortText,
    pub(super) currency: Option<CurrencyCode>,
    pub(super) profile: CustomerProfile,
    pub(super) logo: Option<ImageName>,
}

impl Draft {
    /// Applies changes and checks the result, apart from the uniqueness of the reference. Returns the payment types if they
    /// change.
    pub(super) fn apply(
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
    pub(super) fn check_reference(
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

    /// The customer of an id and of terms, and its logo.
    pub(super) fn finish(
        self,
        id: Result<CustomerId, ModelError>,
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
