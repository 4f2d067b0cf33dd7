//! Customers with all that an answer shows of them.

use time::OffsetDateTime;
use tradebook_model::{Contact, Customer, ImageName, OrganizationName};

/// Another record, as a customer shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRecord {
    /// Its id.
    pub id: i32,
    /// Its reference; of a region, its name.
    pub reference: String,
    /// Its name, where it has one.
    pub name: Option<String>,
}

/// A customer with all that an answer shows of it.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerRecord {
    /// The customer.
    pub customer: Customer,
    /// When it came to be.
    pub created: OffsetDateTime,
    /// When it last changed; at first, when it came to be.
    pub updated: OffsetDateTime,
    /// Grows with every change.
    pub version: i64,
    /// The name of its organization.
    pub organization: OrganizationName,
    /// Its category.
    pub category: Option<NamedRecord>,
    /// Its segmentation.
    pub segmentation: Option<NamedRecord>,
    /// Its parent customer.
    pub parent: Option<NamedRecord>,
    /// The user who looks after it.
    pub user: Option<NamedRecord>,
    /// Its region.
    pub region: Option<NamedRecord>,
    /// The ways it may pay, in order.
    pub payment_types: Vec<NamedRecord>,
    /// Whom to talk to, by id.
    pub contacts: Vec<Contact>,
    /// The file of its logo.
    pub logo: Option<ImageName>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// How many records there are in all.
    pub total: u64,
    /// Those of the page.
    pub records: Vec<T>,
}

/// One page of customers.
pub type CustomerPage = Page<CustomerRecord>;
