//! People to talk to at a customer.

use validator::Validate;

use crate::customer::named_faults;
use crate::{ContactId, ContactReference, CustomerId};

/// A person to talk to at a customer.
#[derive(Debug, Clone, PartialEq, Eq, Validate)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// What files know it by; the customers API does not show it.
    pub reference: ContactReference,
    /// At which customer.
    pub customer: CustomerId,
    /// First name.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub first_name: Option<String>,
    /// Last name.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub last_name: Option<String>,
    /// Telephone.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub phone: Option<String>,
    /// Another telephone.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub phone2: Option<String>,
    /// Mobile telephone.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub mobile: Option<String>,
    /// Fax.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub fax: Option<String>,
    /// E-mail address.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub email: Option<String>,
    /// What the person does there: `fonction` in the customers API.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub job: Option<String>,
    /// Street and number.
    #[validate(length(max = 1000, message = "has more than 1000 characters"))]
    pub address: Option<String>,
    /// Town.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub city: Option<String>,
    /// ISO 3166 code, or a name as given.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub country: Option<String>,
    /// Postal code.
    #[validate(length(max = 255, message = "has more than 255 characters"))]
    pub postal_code: Option<String>,
    /// Remarks.
    #[validate(length(max = 10_000, message = "has more than 10000 characters"))]
    pub comment: Option<String>,
}

impl Contact {
    /// Checks lengths. All faults come back, each as the field's name and what is wrong with it.
    pub fn faults(&self) -> Result<(), Vec<(String, String)>> {
        named_faults(self.validate())
    }
}
