//! What can be wrong with a request that changes customers.

use tradebook_model::{CurrencyCode, RecordRef};

use crate::StoreError;

/// A field that must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequiredField {
    /// The reference of a new customer.
    Reference,
    /// The name of a new customer.
    Name,
    /// The parent of a sub-customer.
    ParentCustomer,
    /// The number of days that belongs to a rule for due dates.
    DueDateConfigNumber,
}

/// What a customer refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Its category.
    Category,
    /// Its parent customer.
    ParentCustomer,
    /// Its segmentation.
    Segmentation,
    /// The user who looks after it.
    User,
    /// A way it may pay.
    PaymentType,
    /// Its region.
    Region,
}

/// What stands in the way of deleting a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InUse {
    /// Other customers belong to it.
    SubCustomers,
    /// It has orders or invoices.
    Sales,
    /// It has accounts receivable.
    Accounts,
    /// Prices were agreed with it.
    Agreements,
    /// Something else refers to it.
    Others,
}

/// What is wrong with a request that changes customers. Only one fault is reported, in this order: the customer itself,
/// what is missing, values, relations (category, parent, segmentation, user, currency, payment types, region), the reference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CustomerFault {
    /// The customer that the request is about does not exist.
    #[error("there is no customer `{0}`")]
    UnknownCustomer(RecordRef),
    /// A field that must be there is missing.
    #[error("{0:?} is missing")]
    Missing(RequiredField),
    /// A value that is too long or outside its range.
    #[error("{field} {message}")]
    InvalidValue {
        /// The field: `billing.latitude`.
        field: String,
        /// What is wrong: `is not between -90 and 90`.
        message: String,
    },
    /// A record that the customer is to refer to does not exist.
    #[error("{relation:?} `{given}` does not exist")]
    UnknownRelation {
        /// Which one.
        relation: Relation,
        /// As it was given.
        given: RecordRef,
    },
    /// A customer cannot be its own parent.
    #[error("a customer cannot be its own parent")]
    SelfParent,
    /// A currency that is none, as it was given.
    #[error("`{0}` is no currency")]
    UnknownCurrency(String),
    /// A currency for which the organization has no exchange rate.
    #[error("the currency {0} has no exchange rate")]
    CurrencyNotConfigured(CurrencyCode),
    /// The reference belongs to another customer.
    #[error("the reference is taken")]
    ReferenceTaken,
    /// The customer cannot be deleted.
    #[error("the customer cannot be deleted: {0:?}")]
    InUse(InUse),
    /// The key for retries came with another request before.
    #[error("the retry key belongs to another request")]
    RetryKeyTaken,
}

/// Why a customer was not changed. Nothing happened.
#[derive(Debug, thiserror::Error)]
pub enum CustomerError {
    /// The request is wrong.
    #[error(transparent)]
    Fault(#[from] CustomerFault),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}
