//! People to talk to at a customer.

use crate::ContactId;

/// A person to talk to at a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Another telephone.
    pub phone2: Option<String>,
    /// Mobile telephone.
    pub mobile: Option<String>,
    /// Fax.
    pub fax: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// What the person does there: `fonction` in the customers API.
    pub job: Option<String>,
    /// Street and number.
    pub address: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// ISO 3166 code, or a name as given.
    pub country: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Remarks.
    pub comment: Option<String>,
}
