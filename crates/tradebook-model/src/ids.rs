//! Ids: positive 32-bit integers, unique within an organization.

use crate::ModelError;

macro_rules! id {
    ($(#[$doc:meta] $name:ident, $what:literal;)*) => {$(
        #[$doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i32);

        impl $name {
            /// An id from its number, which must be positive.
            pub fn new(value: i32) -> Result<Self, ModelError> {
                if value > 0 {
                    Ok(Self(value))
                } else {
                    Err(ModelError::out_of_range($what, "a positive 32-bit number", value))
                }
            }

            /// The number.
            pub const fn get(self) -> i32 {
                self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = ModelError;

            fn from_str(text: &str) -> Result<Self, ModelError> {
                let value: i64 = text
                    .trim()
                    .parse()
                    .map_err(|_| ModelError::unreadable(text, "a whole number"))?;
                i32::try_from(value)
                    .map_err(|_| ModelError::out_of_range($what, "a positive 32-bit number", value))
                    .and_then(Self::new)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

id! {
    /// The id of a tenant. The only id that is unique across the whole database.
    OrganizationId, "the organization's id";
    /// The internal id of a product: `ID` beside `Code` in the Caliq calls.
    ProductId, "the product's id";
    /// The internal id of a customer: `ID` beside `AccountNo` in the Caliq calls.
    CustomerId, "the customer's id";
    /// The id of a price list. Customers' own lists (source `CPA`) take theirs from the same sequence.
    PriceListId, "the price list's id";
    /// The id of an API key, which names the key without revealing it.
    KeyId, "the key's id";
    /// The id of a customer category.
    CategoryId, "the category's id";
    /// The id of a customer segmentation.
    SegmentationId, "the segmentation's id";
    /// The id of a payment type.
    PaymentTypeId, "the payment type's id";
    /// The id of a region.
    RegionId, "the region's id";
    /// The id of a user.
    UserId, "the user's id";
    /// The id of a contact.
    ContactId, "the contact's id";
    /// The id of a rewards participant.
    ParticipantId, "the rewards participant's id";
}

/// A number that grows with every change of an organization's data; equal revisions mean equal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Revision(pub i64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_positive_32_bit_numbers() {
        assert_eq!("7".parse::<ProductId>().map(ProductId::get), Ok(7));
        for text in ["0", "-1", "2147483648", "x", "", "1.0", "99999999999999999999"] {
            assert!(text.parse::<ProductId>().is_err(), "{text}");
        }
    }
}
