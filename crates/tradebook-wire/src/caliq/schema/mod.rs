//! The bodies of the three calls as OpenAPI schemas.
//!
//! Each schema is named as the API's documentation names the body, and describes JSON; its XML hints give the same body
//! in XML, where the lists of an answer are repeated elements without a wrapper. The types carry no data: bodies are
//! read and written by the rest of [`caliq`](super).

mod examples;

use std::collections::BTreeMap;

pub use examples::{
    BUYING_REPORT, CPA_RULES_LIST, CUSTOMER_BUYING_REPORT_PARAMS, CUSTOMER_CPA_PARAMS, ERROR,
    Example, PRICE_LIST_PARAMS, PRICE_LISTS,
};

use utoipa::ToSchema;

/// What `PriceListNormal` asks for.
#[derive(Debug, ToSchema)]
#[schema(xml(name = "PriceListParams"))]
#[expect(dead_code, reason = "only its schema is used")]
pub struct PriceListParams {
    /// The customers whose own price lists are wanted, by ID. One text of values separated by `|` is taken as well.
    #[schema(rename = "CustomerIDs", required = false, nullable, max_items = 100000,
        xml(wrapped(name = "CustomerIDs"), name = "int"), example = json!([205]))]
    customer_ids: Vec<i32>,
    /// The same customers by account number.
    #[schema(rename = "AccountNumbers", required = false, nullable, max_items = 100000,
        xml(wrapped(name = "AccountNumbers"), name = "string"), example = json!(["12748"]))]
    account_numbers: Vec<String>,
    /// The products that are wanted, by ID; all where neither IDs nor codes are given.
    #[schema(rename = "ProductIDs", required = false, nullable, max_items = 100000,
        xml(wrapped(name = "ProductIDs"), name = "int"), example = json!([101]))]
    product_ids: Vec<i32>,
    /// The same products by code.
    #[schema(rename = "ProductCodes", required = false, nullable, max_items = 100000,
        xml(wrapped(name = "ProductCodes"), name = "string"), example = json!(["85123A"]))]
    product_codes: Vec<String>,
    /// The key that was issued to you.
    #[schema(rename = "apiKey", example = "your-api-key")]
    api_key: String,
    /// The currency of the lists that are wanted, in either case; blank for all.
    #[schema(rename = "Currency", required = false, nullable, max_length = 3, example = "GBP")]
    currency: String,
    /// Leaves out price lists of customers and customer groups.
    #[schema(rename = "ExcludeCustomerPrices", required = false, default = false, example = false)]
    exclude_customer_prices: bool,
}

/// What `PriceListNormal` answers.
#[derive(Debug, ToSchema)]
#[schema(xml(name = "PriceLists"))]
#[expect(dead_code, reason = "only its schema is used")]
pub struct PriceLists {
    /// The price lists, by ID.
    #[schema(rename = "PriceDetail", xml(name = "PriceList"))]
    price_detail: Vec<PriceList>,
}

/// A price list.
#[derive(Debug, ToSchema)]
#[schema(xml(name = "PriceList"))]
#[expect(dead_code, reason = "only its schema is used")]
pub struct PriceList {
    /// Its ID, by which `CPACustomer` refers to it.
    #[schema(rename = "ID", example = 1)]
    id: i32,
    /// The currency of its prices.
    #[schema(rename = "Currency", max_length = 3, example = "GBP")]
    currency: String,
    /// Always `NORMAL` from this call.
    #[schema(rename = "Type", example = "NORMAL")]
    list_type: String,
    /// `STD` for a standard list, `CPA` for a customer's own, `CPG` for a customer group's.
    #[schema(rename = "Source", example = "STD")]
    source: String,
    /// Its name.
    #[schema(rename = "Description", max_length = 50, example = "Trade")]
    description: Option<String>,
    /// Whether the prices include VAT.
    #[schema(rename = "VATInc", example = false)]
    vat_inc: bool,
    /// Its items.
    #[schema(rename = "Items")]
    items: Items,
    /// The customers that use it, where they are shown.
    #[schema(rename = "PLCusts")]
    pl_custs: Option<PLCusts>,
}

/// The items of a price list.
#[derive(Debug, ToSchema)]
#[schema(xml(name = "Items"))]
#[expect(dead_code, reason = "only its schema is used")]
pub struct Items {
    /// By code, then by quantity.
    #[schema(rename = "ItemPLDetail", xml(name = "Item"))]
    item_pl_detail: Vec<Item>,
}

/// What a product costs from a quantity on.
#[derive(Debug, ToSchema)]
#[schema(xml(name = "Item"))]
#[expect(dead_code, reason = "only its schema is used")]
pub struct Item {
    /// The product's ID.
    #[schema(rename = "ID", example = 101)]
    id: i32,
    /// The product's code.
    #[schema(rename = "Code", max_length = 25, example = "85123A")]
    code: String,
    /// The quantity from which the price holds.
    #[schema(rename = "Q", example = 1)]
    q: i32,
    /// The price.
    #[schema(rename = "P", example = 2.55)]
    p: f64,
    /// The price that a promotion replaced, if one did. In XML the element is left out where there is none.
    #[schema(rename = "W", example = 2.95)]
    w: Option<f64>,
    /// Whether the price is the customer's own.
    #[schema(rename = "C", example = false)]
    c: bool,
    /// Whether the price is given on application; `P` is 0 then.
    #[schema(rename = "POA", example = false)]
    poa: bool,
}

/// The customers that use a price list.
#[derive(Debug, ToSchema)]
#[schema(xml(name = "PLCusts"))]
#[expect(dead_code, reason = "only its schema is used")]
pub struct PLCusts {
    /// By ID.
    #[schema(rename = "PLCustDetail", xml(name = "PLCust"))]
    pl_cust_detail: Vec<PLCust>,
}

/// A customer that uses a price list.
#[derive(Debug, ToSchema)]
#[schema(xml(name = "PLCust"))]
#[expect(dead_code, reason = "only its schema is used")]
pub struct PLCust {
    /// The customer's ID.
    #[schema(rename = "ID", example = 205)]
    id: i32,
    /// The customer's account number.
    #[schema(rename = "AccountNo", example = "12748")]
    account_no: String,
}

/// What `CustomerCPA` asks for.
#[derive(Debug, ToSchema)]
#[schema(xml(name = "CustomerCPAParams"))]
#[expect(dead_code, reason = "only its schema is used")]
pub struct CustomerCPAParams {
    /// The customers by ID. One text of values separated by `|` is taken as well.
    #[schema(rename = "CustomerIDs", required = false, nullable, max_items = 100000,
        xml(wrapped(name = "CustomerIDs"), name = "int"), example = json!([205]))]
    customer_ids: Vec<i32>,
    /// The customers by account number.
    #[schema(rename = "AccountNumbers", required = false, nullable, max_items = 100000,
        xml(wrapped(name = "AccountNumbers"), name = "string"), example = json!(["12748"]))]
    account_numbers: Vec<String>,
    /// The key that was issued to you.
    #[schema(rename = "apiKey", example = "your-api-key")]
    api_key: String,
}

/// What `CustomerCPA` answers.
#[derive(Debug, ToSchema)]
#[schema(xml(name = "CPARulesList"))]
#[expect(dead_code, reason = "only its schema is used")]
pub struct CPARulesList {
    /// The customers that were found, by ID.
    #[schema(rename = "CustCPARulesList", xml(name = "CPACustomer"))]
    cust_cpa_rules_list: Vec<CPACustomer>,
}

/// A customer's terms.
#[derive(Debug, ToSchema)]
#[schema(xml(name = "CPACustomer"))]
#[expect(dead_code, reason = "only its schema is used")]
pub struct CPACustomer {
    /// The customer's ID.
    #[schema(rename = "ID", example = 205)]
    id: i32,
    /// The customer's account number.
    #[schema(rename = "AccountNo", example = "12748")]
    account_no: String,
    /// The currency in which the customer trades.
    #[schema(rename = "Currency", max_length = 3, example = "GBP")]
    currency: String,
    /// The price list from which the customer's prices come, 0 for none.
    #[schema(rename = "PriceListID", example = 7)]
    price_list_id: i32,
    /// The name of that list.
    #[schema(rename = "PriceListName", max_length = 50, example = "Hartley & Daughters Gifts")]
    price_list_name: Option<String>,
    /// The standard list underneath, 0 for none.
    #[schema(rename = "PriceListStandard", example = 1)]
    price_list_standard: i32,
    /// The normal discount in per cent, which the prices contain already. In XML left out where there is none.
    #[schema(rename = "NormalDisc", example = 7.5)]
    normal_disc: Option<f64>,
    /// `Y` if the customer pays the best quantity price at any quantity, else `N`.
    #[schema(rename = "AlwaysGetsBulk", example = "N")]
    always_gets_bulk: String,
    /// `Y` if the customer pays the first quantity's price at any quantity, else `N`.
    #[schema(rename = "NeverGetsBulk", example = "N")]
    never_gets_bulk: String,
    /// The mark-up on an item's cost in per cent. In XML left out where there is none.
    #[schema(rename = "MarkupOnCost", example = 20.0)]
    markup_on_cost: Option<f64>,
    /// The agreed prices.
    #[schema(rename = "CPARules", xml(wrapped(name = "CPARules"), name = "CPARule"))]
    cpa_rules: Vec<CPARule>,
}

/// An agreed price, which holds at any quantity.
#[derive(Debug, ToSchema)]
#[schema(xml(name = "CPARule"))]
#[expect(dead_code, reason = "only its schema is used")]
pub struct CPARule {
    /// The product's ID.
    #[schema(rename = "ID", example = 101)]
    id: i32,
    /// The product's code.
    #[schema(rename = "Code", max_length = 25, example = "85123A")]
    code: String,
    /// The agreed price.
    #[schema(rename = "Price", example = 2.1)]
    price: f64,
}

/// What `CustomerBuyingReport` asks for.
#[derive(Debug, ToSchema)]
#[schema(xml(name = "CustomerBuyingReportParams"))]
#[expect(dead_code, reason = "only its schema is used")]
pub struct CustomerBuyingReportParams {
    /// The key that was issued to you.
    #[schema(rename = "apiKey", example = "your-api-key")]
    api_key: String,
    /// The customer by ID; 0 or left out where the account number counts.
    #[schema(rename = "CustomerID", required = false, example = 205)]
    customer_id: i32,
    /// The customer by account number, which counts only where `CustomerID` does not.
    #[schema(rename = "AccountNo", required = false, nullable, max_length = 10, example = "12748")]
    account_no: String,
    /// `O` for orders placed, `I` for invoices sent.
    #[schema(
        rename = "BasedOn",
        min_length = 1,
        max_length = 1,
        pattern = "^[OoIi]$",
        example = "I"
    )]
    based_on: String,
    /// How many calendar months to look back; 0 for today only.
    #[schema(rename = "MonthsBack", minimum = 0, example = 12)]
    months_back: i32,
    /// Within how many weeks an item out of stock must be available again; 0 for no limit.
    #[schema(rename = "WeeksUntilAvailable", minimum = 0, example = 0)]
    weeks_until_available: i32,
}

/// What `CustomerBuyingReport` answers.
#[derive(Debug, ToSchema)]
#[schema(xml(name = "BuyingReport"))]
#[expect(dead_code, reason = "only its schema is used")]
pub struct BuyingReport {
    /// The items bought, by code.
    #[schema(rename = "BuyingReportList", xml(name = "BuyingReportItem"))]
    buying_report_list: Vec<BuyingReportItem>,
}

/// An item that a customer has bought. In XML what is `null` in JSON is left out.
#[derive(Debug, ToSchema)]
#[schema(xml(name = "BuyingReportItem"))]
#[expect(dead_code, reason = "only its schema is used")]
pub struct BuyingReportItem {
    /// The product's ID.
    #[schema(rename = "ID", example = 101)]
    id: i32,
    /// The product's code.
    #[schema(rename = "Code", max_length = 25, example = "85123A")]
    code: String,
    /// What the product is called.
    #[schema(
        rename = "Description",
        max_length = 80,
        example = "WHITE HANGING HEART T-LIGHT HOLDER"
    )]
    description: Option<String>,
    /// The customer's own part number.
    #[schema(rename = "CustPartNo", max_length = 50, example = "HEART-1")]
    cust_part_no: Option<String>,
    /// The item's barcode.
    #[schema(rename = "Barcode", max_length = 25, example = "5012345678900")]
    barcode: Option<String>,
    /// The item's barcode at the till.
    #[schema(rename = "EPOSBarcode", max_length = 25, example = "5012345678900")]
    epos_barcode: Option<String>,
    /// How many were bought in the window.
    #[schema(rename = "Qty", example = 24)]
    qty: i64,
    /// The day of the latest invoice for it, as `YYYYMMDD`.
    #[schema(rename = "LastInvoiced", pattern = "^[0-9]{8}$", example = "20111201")]
    last_invoiced: Option<String>,
    /// The day on which it is in stock again, as `YYYYMMDD`; none while it is in stock.
    #[schema(rename = "NextAvail", pattern = "^[0-9]{8}$", example = "20111224")]
    next_avail: Option<String>,
}

/// What is answered where a call fails.
#[derive(Debug, ToSchema)]
#[schema(xml(name = "Error"))]
#[expect(dead_code, reason = "only its schema is used")]
pub struct Error {
    /// What is wrong.
    #[schema(rename = "Message", example = "The request is invalid.")]
    message: String,
    /// For a request that is invalid: each member and what is wrong with it. In XML each is an element, in whose name
    /// `[` and `]` are `_x005B_` and `_x005D_`, and whose text is all messages with a space between them.
    #[schema(rename = "ModelState", required = false, nullable = false, example = json!({
        "Currency": ["The field Currency must be a string or array type with a maximum length of '3'."]
    }))]
    model_state: BTreeMap<String, Vec<String>>,
}
