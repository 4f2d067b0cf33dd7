//! Texts with a meaning and a length: codes, references, names.

use crate::ModelError;

fn checked(what: &'static str, max: usize, text: &str) -> Result<Box<str>, ModelError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(ModelError::Empty { what });
    }
    let length = text.chars().count();
    if length > max {
        return Err(ModelError::TooLong { what, length, max });
    }
    if text.chars().any(char::is_control) {
        return Err(ModelError::ControlCharacter { what });
    }
    Ok(text.into())
}

macro_rules! text {
    ($($(#[$doc:meta])+ $name:ident, $what:literal, $max:literal;)*) => {$(
        $(#[$doc])+
        ///
        /// Trimmed, not empty, without control characters; compared exactly, case and all.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The greatest number of characters.
            pub const MAX_CHARS: usize = $max;

            /// Trims and checks a text.
            pub fn new(text: &str) -> Result<Self, ModelError> {
                checked($what, $max, text).map(Self)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = ModelError;

            fn from_str(text: &str) -> Result<Self, ModelError> {
                Self::new(text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

text! {
    /// A product's part number: `Code` in the Caliq calls.
    ProductCode, "the product code", 25;
    /// What a product is called.
    Description, "the description", 80;
    /// A barcode as printed, of any symbology.
    Barcode, "the barcode", 25;
    /// The code by which an ERP names a price list; clients see its id.
    PriceListCode, "the price list code", 50;
    /// The name of a price list.
    ListName, "the price list description", 50;
    /// A customer's reference: its account number in the Caliq calls, which carry at most ten characters of it.
    CustomerReference, "the customer reference", 100;
    /// A customer's own part number for a product.
    PartNumber, "the customer part number", 50;
    /// The number of an order or invoice.
    DocumentNumber, "the document number", 50;
    /// A short free text.
    ShortText, "the text", 255;
    /// The reference of a customer category.
    CategoryReference, "the category reference", 100;
    /// The reference of a customer segmentation.
    SegmentationReference, "the segmentation reference", 100;
    /// The reference of a payment type.
    PaymentTypeReference, "the payment type reference", 100;
    /// The name of a region.
    RegionName, "the region name", 100;
    /// The reference of a contact, by which files know it.
    ContactReference, "the contact reference", 100;
    /// The reference of a user.
    UserReference, "the user reference", 100;
    /// The name of a product type.
    ProductTypeName, "the product type name", 100;
    /// An id that is a text, opaque to everybody.
    OpaqueId, "the id", 64;
    /// The number of an account receivable.
    AccountNumber, "the account number", 50;
    /// The number of a rewards participant.
    ParticipantNumber, "the participant number", 50;
    /// The identifier of an access token, such as the number of a card.
    AccessTokenNumber, "the access token's identifier", 100;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_trimmed_and_keep_their_case() {
        assert_eq!(ProductCode::new(" 85123a ").map(|c| c.to_string()), Ok("85123a".into()));
        assert_ne!(ProductCode::new("85123a"), ProductCode::new("85123A"));
        assert_eq!(ProductCode::new(" "), Err(ModelError::Empty { what: "the product code" }));
        assert!(ProductCode::new(&"é".repeat(25)).is_ok());
        assert!(ProductCode::new(&"é".repeat(26)).is_err());
        assert!(ProductCode::new("a\tb").is_err());
    }
}
