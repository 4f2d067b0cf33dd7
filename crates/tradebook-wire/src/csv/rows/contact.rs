//! `contacts.csv`.

use tradebook_model::{ContactId, ContactReference, CustomerReference};

use super::rows;

rows! {
    /// A row of `contacts.csv`.
    ContactRow of Contacts {
        /// The key.
        "reference" => reference: required ContactReference,
        /// Assigned where it is absent.
        "id" => id: optional ContactId,
        /// The reference of the customer.
        "customer" => customer: required CustomerReference,
        /// First name.
        "first_name" => first_name: optional String,
        /// Last name.
        "last_name" => last_name: optional String,
        /// Telephone.
        "phone" => phone: optional String,
        /// Another telephone.
        "phone2" => phone2: optional String,
        /// Mobile telephone.
        "mobile" => mobile: optional String,
        /// Fax.
        "fax" => fax: optional String,
        /// E-mail address.
        "email" => email: optional String,
        /// What the person does there.
        "function" => job: optional String,
        /// Street and number.
        "address" => address: optional String,
        /// Town.
        "city" => city: optional String,
        /// Country.
        "country" => country: optional String,
        /// Postal code.
        "postal_code" => postal_code: optional String,
        /// Remarks.
        "comment" => comment: optional String,
    }
}
