//! Answers in JSON. Decimals are read from their digits, never through a binary float.

use std::str::FromStr;

use serde::Deserialize;
use serde::de::{Deserializer, Error};
use serde_json::value::RawValue;
use tradebook_model::{Money, Percent};

use super::{Agreement, AnswerError, PriceList};
use crate::caliq::{
    AgreementCustomer, AgreementRule, BuyingReportItem, PriceListCustomer, PriceListHead,
    PriceListItem,
};

pub(super) fn price_lists(body: &[u8]) -> Result<Vec<PriceList>, AnswerError> {
    let root: PriceLists = serde_json::from_slice(body)?;
    Ok(root.price_detail.unwrap_or_default().into_iter().map(PriceListBody::into_list).collect())
}

pub(super) fn agreements(body: &[u8]) -> Result<Vec<Agreement>, AnswerError> {
    let root: RulesList = serde_json::from_slice(body)?;
    Ok(root.customers.unwrap_or_default().into_iter().map(CustomerBody::into_agreement).collect())
}

pub(super) fn buying_report(body: &[u8]) -> Result<Vec<BuyingReportItem<'static>>, AnswerError> {
    let root: Report = serde_json::from_slice(body)?;
    Ok(root.items.unwrap_or_default().into_iter().map(ReportItemBody::into_item).collect())
}

#[derive(Deserialize)]
struct PriceLists {
    #[serde(rename = "PriceDetail")]
    price_detail: Option<Vec<PriceListBody>>,
}

#[derive(Deserialize)]
struct PriceListBody {
    #[serde(rename = "ID")]
    id: i32,
    #[serde(rename = "Currency", default)]
    currency: Option<String>,
    #[serde(rename = "Type", default)]
    list_type: Option<String>,
    #[serde(rename = "Source", default)]
    source: Option<String>,
    #[serde(rename = "Description", default)]
    description: Option<String>,
    #[serde(rename = "VATInc")]
    vat_included: bool,
    #[serde(rename = "Items", default)]
    items: Option<Items>,
    #[serde(rename = "PLCusts", default)]
    customers: Option<Customers>,
}

#[derive(Deserialize)]
struct Items {
    #[serde(rename = "ItemPLDetail", default)]
    detail: Option<Vec<ItemBody>>,
}

#[derive(Deserialize)]
struct Customers {
    #[serde(rename = "PLCustDetail", default)]
    detail: Option<Vec<CustomerEntry>>,
}

#[derive(Deserialize)]
struct ItemBody {
    #[serde(rename = "ID")]
    id: i32,
    #[serde(rename = "Code", default)]
    code: Option<String>,
    #[serde(rename = "Q")]
    quantity: i32,
    #[serde(rename = "P", deserialize_with = "exact")]
    price: Money,
    #[serde(rename = "W", default, deserialize_with = "optional_exact")]
    was: Option<Money>,
    #[serde(rename = "C")]
    custom: bool,
    #[serde(rename = "POA")]
    on_application: bool,
}

#[derive(Deserialize)]
struct CustomerEntry {
    #[serde(rename = "ID")]
    id: i32,
    #[serde(rename = "AccountNo", default)]
    account_no: Option<String>,
}

impl PriceListBody {
    fn into_list(self) -> PriceList {
        let Self { id, currency, list_type, source, description, vat_included, items, customers } =
            self;
        PriceList {
            head: PriceListHead {
                id,
                currency: currency.unwrap_or_default().into(),
                list_type: list_type.unwrap_or_default().into(),
                source: source.unwrap_or_default().into(),
                description: description.map(Into::into),
                vat_included,
            },
            items: items
                .and_then(|items| items.detail)
                .unwrap_or_default()
                .into_iter()
                .map(ItemBody::into_item)
                .collect(),
            customers: customers.map(|customers| {
                customers
                    .detail
                    .unwrap_or_default()
                    .into_iter()
                    .map(|CustomerEntry { id, account_no }| PriceListCustomer {
                        id,
                        account_no: account_no.unwrap_or_default().into(),
                    })
                    .collect()
            }),
        }
    }
}

impl ItemBody {
    fn into_item(self) -> PriceListItem<'static> {
        let Self { id, code, quantity, price, was, custom, on_application } = self;
        let code = code.unwrap_or_default().into();
        PriceListItem { id, code, quantity, price, was, custom, on_application }
    }
}

#[derive(Deserialize)]
struct RulesList {
    #[serde(rename = "CustCPARulesList")]
    customers: Option<Vec<CustomerBody>>,
}

#[derive(Deserialize)]
struct CustomerBody {
    #[serde(rename = "ID")]
    id: i32,
    #[serde(rename = "AccountNo", default)]
    account_no: Option<String>,
    #[serde(rename = "Currency", default)]
    currency: Option<String>,
    #[serde(rename = "PriceListID")]
    price_list_id: i32,
    #[serde(rename = "PriceListName", default)]
    price_list_name: Option<String>,
    #[serde(rename = "PriceListStandard")]
    price_list_standard: i32,
    #[serde(rename = "NormalDisc", default, deserialize_with = "optional_exact")]
    normal_discount: Option<Percent>,
    #[serde(rename = "AlwaysGetsBulk", default)]
    always_gets_bulk: Option<String>,
    #[serde(rename = "NeverGetsBulk", default)]
    never_gets_bulk: Option<String>,
    #[serde(rename = "MarkupOnCost", default, deserialize_with = "optional_exact")]
    markup_on_cost: Option<Percent>,
    #[serde(rename = "CPARules", default)]
    rules: Option<Vec<RuleBody>>,
}

#[derive(Deserialize)]
struct RuleBody {
    #[serde(rename = "ID")]
    id: i32,
    #[serde(rename = "Code", default)]
    code: Option<String>,
    #[serde(rename = "Price", deserialize_with = "exact")]
    price: Money,
}

impl CustomerBody {
    fn into_agreement(self) -> Agreement {
        Agreement {
            customer: AgreementCustomer {
                id: self.id,
                account_no: self.account_no.unwrap_or_default().into(),
                currency: self.currency.unwrap_or_default().into(),
                price_list_id: self.price_list_id,
                price_list_name: self.price_list_name.map(Into::into),
                price_list_standard: self.price_list_standard,
                normal_discount: self.normal_discount,
                always_gets_bulk: self.always_gets_bulk.unwrap_or_default().into(),
                never_gets_bulk: self.never_gets_bulk.unwrap_or_default().into(),
                markup_on_cost: self.markup_on_cost,
            },
            rules: self
                .rules
                .unwrap_or_default()
                .into_iter()
                .map(|RuleBody { id, code, price }| AgreementRule {
                    id,
                    code: code.unwrap_or_default().into(),
                    price,
                })
                .collect(),
        }
    }
}

#[derive(Deserialize)]
struct Report {
    #[serde(rename = "BuyingReportList")]
    items: Option<Vec<ReportItemBody>>,
}

#[derive(Deserialize)]
struct ReportItemBody {
    #[serde(rename = "ID")]
    id: i32,
    #[serde(rename = "Code", default)]
    code: Option<String>,
    #[serde(rename = "Description", default)]
    description: Option<String>,
    #[serde(rename = "CustPartNo", default)]
    customer_part_no: Option<String>,
    #[serde(rename = "Barcode", default)]
    barcode: Option<String>,
    #[serde(rename = "EPOSBarcode", default)]
    epos_barcode: Option<String>,
    #[serde(rename = "Qty")]
    quantity: i64,
    #[serde(rename = "LastInvoiced", default)]
    last_invoiced: Option<String>,
    #[serde(rename = "NextAvail", default)]
    next_available: Option<String>,
}

impl ReportItemBody {
    fn into_item(self) -> BuyingReportItem<'static> {
        BuyingReportItem {
            id: self.id,
            code: self.code.unwrap_or_default().into(),
            description: self.description.map(Into::into),
            customer_part_no: self.customer_part_no.map(Into::into),
            barcode: self.barcode.map(Into::into),
            epos_barcode: self.epos_barcode.map(Into::into),
            quantity: self.quantity,
            last_invoiced: self.last_invoiced.map(Into::into),
            next_available: self.next_available.map(Into::into),
        }
    }
}

fn exact<'de, D, V>(deserializer: D) -> Result<V, D::Error>
where
    D: Deserializer<'de>,
    V: FromStr<Err: std::fmt::Display>,
{
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    raw.get().parse().map_err(D::Error::custom)
}

fn optional_exact<'de, D, V>(deserializer: D) -> Result<Option<V>, D::Error>
where
    D: Deserializer<'de>,
    V: FromStr<Err: std::fmt::Display>,
{
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    if raw.get() == "null" {
        return Ok(None);
    }
    raw.get().parse().map(Some).map_err(D::Error::custom)
}
