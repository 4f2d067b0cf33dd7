//! The format of the vectors, as `fixtures/pricing/README.md` describes it.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) case: String,
    pub(crate) why: String,
    pub(crate) as_of: String,
    pub(crate) book: Book,
    #[serde(default)]
    pub(crate) ladders: Vec<Ladder>,
    #[serde(default)]
    pub(crate) quotes: Vec<AskedQuote>,
    #[serde(default)]
    pub(crate) lists: Vec<Lists>,
    #[serde(default)]
    pub(crate) list_customers: Vec<ListCustomers>,
    #[serde(default)]
    pub(crate) agreements: Vec<AskedAgreement>,
    pub(crate) refused: Option<String>,
}

impl Case {
    pub(crate) fn asks_something(&self) -> bool {
        let questions = self.ladders.len()
            + self.quotes.len()
            + self.lists.len()
            + self.list_customers.len()
            + self.agreements.len();
        (questions == 0) == self.refused.is_some()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Book {
    pub(crate) currency: String,
    #[serde(default)]
    pub(crate) agreed_bulk_protection: bool,
    pub(crate) products: Vec<Product>,
    pub(crate) lists: Vec<List>,
    pub(crate) customers: Vec<Customer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Product {
    pub(crate) code: String,
    pub(crate) status: Option<i16>,
    pub(crate) cost: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    pub(crate) code: String,
    pub(crate) currency: Option<String>,
    #[serde(rename = "type")]
    pub(crate) list_type: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) base: Option<String>,
    pub(crate) percent: Option<String>,
    pub(crate) rounding: Option<String>,
    pub(crate) ending: Option<String>,
    pub(crate) decimals: Option<u8>,
    pub(crate) valid_from: Option<String>,
    pub(crate) valid_to: Option<String>,
    pub(crate) rows: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) product: String,
    pub(crate) quantity: i32,
    pub(crate) price: Option<String>,
    #[serde(default)]
    pub(crate) poa: bool,
    pub(crate) valid_from: Option<String>,
    pub(crate) valid_to: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Customer {
    pub(crate) reference: String,
    pub(crate) currency: Option<String>,
    pub(crate) standard: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) discount: Option<String>,
    pub(crate) markup: Option<String>,
    pub(crate) bulk: Option<String>,
    #[serde(default = "yes")]
    pub(crate) promotions: bool,
    #[serde(default)]
    pub(crate) agreed: Vec<Agreed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Agreed {
    pub(crate) product: String,
    pub(crate) price: String,
    pub(crate) valid_from: Option<String>,
    pub(crate) valid_to: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ladder {
    pub(crate) customer: Option<String>,
    pub(crate) list: Option<String>,
    pub(crate) product: String,
    pub(crate) rows: Vec<LadderRow>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LadderRow {
    pub(crate) q: u32,
    pub(crate) p: String,
    pub(crate) w: Option<String>,
    #[serde(default)]
    pub(crate) c: bool,
    #[serde(default)]
    pub(crate) poa: bool,
    pub(crate) source: String,
    pub(crate) promotion: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskedQuote {
    pub(crate) customer: Option<String>,
    pub(crate) list: Option<String>,
    pub(crate) product: String,
    pub(crate) quantity: i32,
    pub(crate) price: Option<String>,
    pub(crate) list_price: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lists {
    #[serde(rename = "type")]
    pub(crate) list_type: String,
    pub(crate) currency: Option<String>,
    #[serde(default)]
    pub(crate) exclude_customer_lists: bool,
    pub(crate) customers: Option<Vec<String>>,
    pub(crate) expect: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListCustomers {
    pub(crate) list: String,
    pub(crate) expect: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskedAgreement {
    pub(crate) customer: String,
    pub(crate) price_list: Option<String>,
    pub(crate) standard_list: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) normal_discount: Option<String>,
    pub(crate) markup_on_cost: Option<String>,
    pub(crate) bulk: Option<String>,
    pub(crate) prices: Option<BTreeMap<String, String>>,
}

fn yes() -> bool {
    true
}
