//! Changes of customers, field by field.

use std::fmt;

use crate::{CustomerReference, DueDateRule, ImageName, Money, ShortText};

/// What a change does to one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Change<T> {
    /// The field stays as it is; a new record gets its default.
    #[default]
    Keep,
    /// The field gets this value. Fields that may be empty are cleared with `Set(None)`.
    Set(T),
}

impl<T> Change<T> {
    /// Puts the new value, if there is one, in place of the old.
    pub fn apply(self, field: &mut T) {
        if let Self::Set(value) = self {
            *field = value;
        }
    }

    /// The new value, if there is one.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Keep => None,
            Self::Set(value) => Some(value),
        }
    }
}

/// How a request names another record.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RecordRef {
    /// By its id. Any number: one that is no id names nothing.
    Id(i64),
    /// By its reference. Any text: one that is no reference names nothing.
    Reference(String),
}

impl fmt::Display for RecordRef {
    /// As it was given.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Reference(reference) => f.write_str(reference),
        }
    }
}

impl From<&CustomerReference> for RecordRef {
    fn from(reference: &CustomerReference) -> Self {
        Self::Reference(reference.to_string())
    }
}

/// Changes of an address.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlaceChanges {
    /// ISO 3166 code, or a name as given.
    pub country: Change<Option<String>>,
    /// Town.
    pub city: Change<Option<String>>,
    /// Postal code.
    pub postal_code: Change<Option<String>>,
    /// Street and number.
    pub address: Change<Option<String>>,
    /// Degrees north.
    pub latitude: Change<Option<f64>>,
    /// Degrees east.
    pub longitude: Change<Option<f64>>,
}

/// Changes of a customer, as one request asks for them. With all fields kept it changes nothing. The same type describes a
/// new customer, whose kept fields have their defaults.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CustomerChanges {
    /// Its reference; a new customer needs one.
    pub reference: Change<CustomerReference>,
    /// Its name; a new customer needs one.
    pub name: Change<ShortText>,
    /// A second reference.
    pub reference2: Change<Option<String>>,
    /// The customer's barcode.
    pub barcode: Change<Option<String>>,
    /// Whether it is active; by default it is.
    pub is_active: Change<bool>,
    /// Its category; cleared, and by default, the root category.
    pub category: Change<Option<RecordRef>>,
    /// Whether it belongs to a parent. Kept while a parent is set: it does.
    pub is_sub_customer: Change<bool>,
    /// The parent customer. Cleared without saying whether it is a sub-customer: it no longer is one.
    pub parent: Change<Option<RecordRef>>,
    /// Whether the parent is invoiced; by default it is not.
    pub bill_with_parent: Change<bool>,
    /// Its segmentation.
    pub segmentation: Change<Option<RecordRef>>,
    /// The user who looks after it; by default the one who creates it.
    pub user: Change<Option<RecordRef>>,
    /// Whether goods go to the billing address; by default they do.
    pub is_same_address: Change<bool>,
    /// Where invoices go.
    pub billing: PlaceChanges,
    /// Where goods go.
    pub shipping: PlaceChanges,
    /// E-mail address.
    pub email: Change<Option<String>>,
    /// Telephone.
    pub phone: Change<Option<String>>,
    /// Mobile telephone.
    pub mobile: Change<Option<String>>,
    /// Fax.
    pub fax: Change<Option<String>>,
    /// Remarks.
    pub comment: Change<Option<String>>,
    /// Web site.
    pub website: Change<Option<String>>,
    /// The most it may owe.
    pub credit_limit: Change<Option<Money>>,
    /// Days until payment; needed where it is said from when they count.
    pub due_date_config_number: Change<Option<i32>>,
    /// From when they count.
    pub due_date_config_type: Change<Option<DueDateRule>>,
    /// Tax number.
    pub tax_number: Change<Option<String>>,
    /// Number in the companies' register.
    pub company_registration_number: Change<Option<String>>,
    /// The code of its currency as given, of either case. Cleared, and by default, the organization's.
    pub currency: Change<Option<String>>,
    /// The ways it may pay, in order; replaces them all. One that is given twice counts once.
    pub payment_types: Change<Vec<RecordRef>>,
    /// Its region.
    pub region: Change<Option<RecordRef>>,
    /// How risky it is, in words.
    pub customer_risk: Change<Option<String>>,
    /// The colour of that risk, `#RRGGBB`.
    pub customer_risk_color: Change<Option<String>>,
    /// Whether deliveries are stopped; by default they are not.
    pub on_hold: Change<bool>,
    /// Why.
    pub on_hold_reason: Change<Option<String>>,
    /// The file of its logo.
    pub logo: Change<Option<ImageName>>,
}
