//! The records that customers refer to, and small answers.

use rust_decimal::Decimal;
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::version::Href;

/// A customer category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CustomerCategory))]
pub struct CategoryBody<'a> {
    /// Its id.
    pub id: i32,
    /// Its reference.
    pub reference: &'a str,
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub name: Option<&'a str>,
    /// Whether it is the root of the tree, which new customers get by default.
    pub is_root: bool,
    /// The reference of the category above it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub parent_reference: Option<&'a str>,
    /// The organization's name.
    pub organization: &'a str,
}

/// A customer segmentation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CustomerSegmentation))]
pub struct SegmentationBody<'a> {
    /// Its id.
    pub id: i32,
    /// Its reference.
    pub reference: &'a str,
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub name: Option<&'a str>,
    /// The organization's name.
    pub organization: &'a str,
}

/// A payment type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PaymentType))]
pub struct PaymentTypeBody<'a> {
    /// Its id.
    pub id: i32,
    /// Its reference.
    pub reference: &'a str,
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub name: Option<&'a str>,
    /// The organization's name.
    pub organization: &'a str,
}

/// A region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Region))]
pub struct RegionBody<'a> {
    /// Its id.
    pub id: i32,
    /// Its name.
    pub name: &'a str,
    /// How deep it lies: 1 for a region that is in no other.
    pub level: u32,
    /// The region around it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub parent: Option<super::RegionRef<'a>>,
    /// The organization's name.
    pub organization: &'a str,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = User))]
pub struct UserBody<'a> {
    /// Its id.
    pub id: i32,
    /// Its reference.
    pub reference: &'a str,
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub name: Option<&'a str>,
    /// Its e-mail address.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub email: Option<&'a str>,
    /// Its reference again, by the name that older clients know.
    pub employee_reference: &'a str,
    /// The organization's name.
    pub organization: &'a str,
}

/// A currency. It has no id: its code names it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Currency))]
pub struct CurrencyBody<'a> {
    /// ISO 4217 code.
    pub code: &'a str,
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub name: Option<&'a str>,
    /// Units of the organization's currency for one of this.
    #[serde(serialize_with = "decimal")]
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<f64>))]
    pub exchange_rate: Option<Decimal>,
    /// The symbol before amounts.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub prefix_symbol: Option<&'a str>,
    /// The symbol behind amounts.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub suffix_symbol: Option<&'a str>,
    /// Whether it is the organization's own currency.
    pub is_default: bool,
    /// The organization's name.
    pub organization: &'a str,
}

/// A person to talk to at a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Contact))]
pub struct ContactBody<'a> {
    /// Its id.
    pub id: i32,
    /// First name.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub first_name: Option<&'a str>,
    /// Last name.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_name: Option<&'a str>,
    /// Telephone.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub phone: Option<&'a str>,
    /// Another telephone.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub phone2: Option<&'a str>,
    /// Mobile telephone.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub mobile: Option<&'a str>,
    /// Fax.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub fax: Option<&'a str>,
    /// E-mail address.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub email: Option<&'a str>,
    /// What the person does there.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub fonction: Option<&'a str>,
    /// Street and number.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub address: Option<&'a str>,
    /// Town.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub city: Option<&'a str>,
    /// ISO 3166 code.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub country: Option<&'a str>,
    /// Postal code.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub postal_code: Option<&'a str>,
    /// Remarks.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub comment: Option<&'a str>,
    /// Where to read it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub href: Href,
}

/// The answer to a delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Deleted))]
pub struct DeletedBody {
    /// Always the text `true`.
    #[cfg_attr(feature = "openapi", schema(example = "true"))]
    pub success: &'static str,
    /// The same in words.
    #[cfg_attr(feature = "openapi", schema(example = "Instance deleted successfully"))]
    pub success_description: &'static str,
}

impl DeletedBody {
    /// The only one there is.
    pub const DONE: Self =
        Self { success: "true", success_description: "Instance deleted successfully" };
}

/// The answer to a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SignedIn))]
pub struct SignedInBody<'a> {
    /// The token that `Authorization: Bearer` takes.
    pub token: &'a str,
    /// Who signed in.
    pub user: SignedInUser<'a>,
}

/// Who signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedInUser<'a> {
    /// E-mail address.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub email: Option<&'a str>,
    /// All of the name but its last word.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub first_name: Option<&'a str>,
    /// The last word of the name.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_name: Option<&'a str>,
    /// What the user may do.
    pub role: Vec<&'a str>,
}

impl<'a> SignedInUser<'a> {
    /// A user whose name is kept as one text.
    pub fn new(email: Option<&'a str>, name: Option<&'a str>, role: Vec<&'a str>) -> Self {
        let (first_name, last_name) = match name.map(str::trim) {
            None | Some("") => (None, None),
            Some(name) => match name.rsplit_once(char::is_whitespace) {
                Some((first, last)) => (Some(first.trim_end()), Some(last)),
                None => (None, Some(name)),
            },
        };
        Self { email, first_name, last_name, role }
    }
}

fn decimal<S: Serializer>(value: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        None => serializer.serialize_none(),
        Some(value) => RawValue::from_string(value.normalize().to_string())
            .map_err(S::Error::custom)?
            .serialize(serializer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_split_before_its_last_word() {
        for (name, first, last) in [
            (Some("Marie Curie"), Some("Marie"), Some("Curie")),
            (Some("Ana Maria  Silva"), Some("Ana Maria"), Some("Silva")),
            (Some("Prince"), None, Some("Prince")),
            (Some(" "), None, None),
            (None, None, None),
        ] {
            let user = SignedInUser::new(None, name, vec![]);
            assert_eq!((user.first_name, user.last_name), (first, last));
        }
    }

    #[test]
    fn exchange_rates_are_numbers_without_trailing_zeros() {
        let body = CurrencyBody {
            code: "GBP",
            name: None,
            exchange_rate: Some("1.2500".parse().unwrap()),
            prefix_symbol: Some("£"),
            suffix_symbol: None,
            is_default: false,
            organization: "x",
        };
        let json = serde_json::to_string(&body).unwrap();
        assert!(json.contains(r#""exchangeRate":1.25,"#), "{json}");
    }
}
