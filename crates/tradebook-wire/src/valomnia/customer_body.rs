//! The customer as answers show it: members in the documented order, `null` where there is nothing.

use serde::Serialize;

use super::instant::InstantText;
use super::number::{Amount, Number};
use super::record_body::ContactBody;
use super::version::Href;

/// A customer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ShownCustomer))]
#[expect(missing_docs, reason = "members are named and explained by the reference manual")]
pub struct CustomerBody<'a> {
    pub id: i32,
    pub reference: &'a str,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub reference2: Option<&'a str>,
    pub name: &'a str,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub category_reference: Option<&'a str>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub customer_category: Option<NamedRef<'a>>,
    pub is_sub_customer: bool,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub parent_customer: Option<NamedRef<'a>>,
    pub bill_with_parent: bool,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub customer_segmentation_reference: Option<&'a str>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub customer_segmentation: Option<NamedRef<'a>>,
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<String>))]
    pub poc_tenus: (),
    #[cfg_attr(feature = "openapi", schema(required))]
    pub email: Option<&'a str>,
    /// The image's address. With `medium_` or `small_` before its name: fitted into 400 × 400 or 100 × 100.
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<String>))]
    pub logo: Option<String>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub phone: Option<&'a str>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub mobile: Option<&'a str>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub fax: Option<&'a str>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub comment: Option<&'a str>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub barcode: Option<&'a str>,
    pub is_same_address: bool,
    /// ISO 3166 code.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub billing_country: Option<&'a str>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub billing_city: Option<&'a str>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub billing_postal_code: Option<&'a str>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub billing_address: Option<&'a str>,
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<f64>))]
    pub billing_lat: Option<Number>,
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<f64>))]
    pub billing_lng: Option<Number>,
    /// ISO 3166 code.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub country: Option<&'a str>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub city: Option<&'a str>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub postal_code: Option<&'a str>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub address: Option<&'a str>,
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<f64>))]
    pub latitude: Option<Number>,
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<f64>))]
    pub longitude: Option<Number>,
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<bool>))]
    pub is_credit: (),
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<f64>))]
    pub credit_limit: Option<Amount>,
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<f64>))]
    pub balance: (),
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<i32>))]
    pub max_cheque_period: (),
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<f64>))]
    pub max_cheque_value: (),
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<String>))]
    pub applied_cash_back_output: (),
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<f64>))]
    pub return_discount: (),
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<i32>))]
    pub invoices_per_route: (),
    pub is_active: bool,
    pub on_hold: bool,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub on_hold_reason: Option<&'a str>,
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<String>))]
    pub payment_term: (),
    #[cfg_attr(feature = "openapi", schema(required))]
    pub created_by: Option<CreatedBy<'a>>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub due_date_config_number: Option<i32>,
    /// `daysAfterInvoiceDate` or `daysAfterEndOfInvoiceMonth`.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub due_date_config_type: Option<&'static str>,
    pub payment_types: Vec<NamedRef<'a>>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub website: Option<&'a str>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub tax_number: Option<&'a str>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub company_registration_number: Option<&'a str>,
    pub contacts: Vec<ContactBody<'a>>,
    /// ISO 4217 code.
    pub currency: &'a str,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub customer_risk: Option<&'a str>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub customer_risk_color: Option<&'a str>,
    pub organization: &'a str,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub date_created: InstantText,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub last_updated: InstantText,
    /// Only there where the organization has geographical locations.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<RegionRef>))]
    pub region: Option<Option<RegionRef<'a>>>,
}

/// A record that a customer refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedRef<'a> {
    /// Its id.
    pub id: i32,
    /// Its reference.
    pub reference: &'a str,
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub name: Option<&'a str>,
    /// Where to read it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub href: Href,
}

/// The region of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegionRef<'a> {
    /// Its id.
    pub id: i32,
    /// Its name.
    pub name: &'a str,
    /// Where to read it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub href: Href,
}

/// The user who created a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedBy<'a> {
    /// The user's id.
    pub user_id: i32,
    /// The user's reference.
    pub reference: &'a str,
    /// Where to read it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub href: Href,
}
