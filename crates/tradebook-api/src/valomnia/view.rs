//! From stored customers to the bodies that show them.

use tradebook_model::{Contact, Customer, CustomerProfile, DueDateRule, Organization, Place};
use tradebook_store::{CustomerRecord, NamedRecord, Store, StoreError};
use tradebook_wire::valomnia::{
    Amount, ContactBody, CreatedBy, CustomerBody, Href, InstantText, NamedRef, Number, RegionRef,
    Version, collection,
};

use super::call::{self, Call};
use crate::images;

/// What a body shows beyond the customer.
#[derive(Debug, Clone)]
pub(super) struct View {
    version: Version,
    organization: Organization,
    /// Where the organization's images are.
    images: String,
}

/// What a view is made of, before the store is asked.
#[derive(Debug, Clone)]
pub(super) struct ViewRequest {
    version: Version,
    organization: tradebook_model::OrganizationId,
    base: String,
}

impl ViewRequest {
    pub(super) fn new(call: &Call<'_>) -> Self {
        Self { version: call.version, organization: call.organization, base: call.base() }
    }

    /// Reads what is missing. Blocks.
    pub(super) fn read(self, store: &Store) -> Result<View, StoreError> {
        let Self { version, organization, base } = self;
        let folder = store.image_folder(organization)?;
        let organization = call::organization(store, organization)?;
        let images = images::address(&base, &organization.name, folder);
        Ok(View { version, organization, images })
    }
}

impl View {
    /// A customer's body.
    pub(super) fn customer<'a>(&'a self, record: &'a CustomerRecord) -> CustomerBody<'a> {
        let CustomerRecord {
            customer,
            created,
            updated,
            version: _,
            organization,
            category,
            segmentation,
            parent,
            user,
            region,
            payment_types,
            contacts,
            logo,
        } = record;
        let Customer { id, reference, name, currency, terms: _, profile } = customer;
        let CustomerProfile {
            reference2,
            category: _,
            is_sub_customer,
            parent: _,
            bill_with_parent,
            segmentation: _,
            email,
            phone,
            mobile,
            fax,
            comment,
            barcode,
            is_same_address,
            billing,
            shipping,
            credit_limit,
            is_active,
            on_hold,
            on_hold_reason,
            user: _,
            due_date_config_number,
            due_date_config_type,
            payment_types: _,
            website,
            tax_number,
            company_registration_number,
            customer_risk,
            customer_risk_color,
            region: _,
        } = profile;
        let named = |collection| move |record| self.named(collection, record);
        CustomerBody {
            id: id.get(),
            reference: reference.as_str(),
            reference2: reference2.as_deref(),
            name: name.as_str(),
            category_reference: category.as_ref().map(|category| category.reference.as_str()),
            customer_category: category.as_ref().map(named(collection::CATEGORIES)),
            is_sub_customer: *is_sub_customer,
            parent_customer: parent.as_ref().map(named(collection::CUSTOMERS)),
            bill_with_parent: *bill_with_parent,
            customer_segmentation_reference: segmentation
                .as_ref()
                .map(|segmentation| segmentation.reference.as_str()),
            customer_segmentation: segmentation.as_ref().map(named(collection::SEGMENTATIONS)),
            poc_tenus: (),
            email: email.as_deref(),
            logo: logo.as_ref().map(|name| format!("{}{name}", self.images)),
            phone: phone.as_deref(),
            mobile: mobile.as_deref(),
            fax: fax.as_deref(),
            comment: comment.as_deref(),
            barcode: barcode.as_deref(),
            is_same_address: *is_same_address,
            billing_country: billing.country.as_deref(),
            billing_city: billing.city.as_deref(),
            billing_postal_code: billing.postal_code.as_deref(),
            billing_address: billing.address.as_deref(),
            billing_lat: degrees(billing).0,
            billing_lng: degrees(billing).1,
            country: shipping.country.as_deref(),
            city: shipping.city.as_deref(),
            postal_code: shipping.postal_code.as_deref(),
            address: shipping.address.as_deref(),
            latitude: degrees(shipping).0,
            longitude: degrees(shipping).1,
            is_credit: (),
            credit_limit: credit_limit.map(Amount),
            balance: (),
            max_cheque_period: (),
            max_cheque_value: (),
            applied_cash_back_output: (),
            return_discount: (),
            invoices_per_route: (),
            is_active: *is_active,
            on_hold: *on_hold,
            on_hold_reason: on_hold_reason.as_deref(),
            payment_term: (),
            created_by: user.as_ref().map(|user| CreatedBy {
                user_id: user.id,
                reference: &user.reference,
                href: self.href(collection::USERS, user.id),
            }),
            due_date_config_number: *due_date_config_number,
            due_date_config_type: due_date_config_type.map(DueDateRule::word),
            payment_types: payment_types.iter().map(named(collection::PAYMENT_TYPES)).collect(),
            website: website.as_deref(),
            tax_number: tax_number.as_deref(),
            company_registration_number: company_registration_number.as_deref(),
            contacts: contacts.iter().map(|contact| contact_body(self.version, contact)).collect(),
            currency: currency.as_str(),
            customer_risk: customer_risk.as_deref(),
            customer_risk_color: customer_risk_color.as_deref(),
            organization: organization.as_str(),
            date_created: InstantText(*created),
            last_updated: InstantText(*updated),
            region: self
                .organization
                .settings
                .geographical_locations
                .then(|| region.as_ref().map(|region| self.region(region))),
        }
    }

    fn named<'a>(&self, collection: &'static str, record: &'a NamedRecord) -> NamedRef<'a> {
        let NamedRecord { id, reference, name } = record;
        NamedRef { id: *id, reference, name: name.as_deref(), href: self.href(collection, *id) }
    }

    fn region<'a>(&self, region: &'a NamedRecord) -> RegionRef<'a> {
        RegionRef {
            id: region.id,
            name: &region.reference,
            href: self.href(collection::REGIONS, region.id),
        }
    }

    fn href(&self, collection: &'static str, id: i32) -> Href {
        Href { version: self.version, collection, id }
    }
}

fn degrees(place: &Place) -> (Option<Number>, Option<Number>) {
    (place.latitude.map(Number), place.longitude.map(Number))
}

/// A contact's body.
pub(super) fn contact_body(version: Version, contact: &Contact) -> ContactBody<'_> {
    let Contact {
        id,
        reference: _,
        customer: _,
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
    } = contact;
    ContactBody {
        id: id.get(),
        first_name: first_name.as_deref(),
        last_name: last_name.as_deref(),
        phone: phone.as_deref(),
        phone2: phone2.as_deref(),
        mobile: mobile.as_deref(),
        fax: fax.as_deref(),
        email: email.as_deref(),
        fonction: job.as_deref(),
        address: address.as_deref(),
        city: city.as_deref(),
        country: country.as_deref(),
        postal_code: postal_code.as_deref(),
        comment: comment.as_deref(),
        href: Href { version, collection: collection::CONTACTS, id: id.get() },
    }
}
