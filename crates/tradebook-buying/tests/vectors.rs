//! Replays `fixtures/buying`.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail the test")]

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use serde::Deserialize;
use time::format_description::well_known::Iso8601;
use tradebook_buying::{BuyingError, BuyingRequest, BuyingRow, MonthsBack, report, window};
use tradebook_model::{
    Barcode, BuyingFacts, BuyingProduct, Date, Description, HistoryLine, InvoiceKind, PartNumber,
    ProductCode, ProductId, SignedQuantity,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    windows: Vec<(String, i32, String)>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default = "business_date")]
    today: String,
    #[serde(default = "invoices")]
    basis: String,
    #[serde(default = "one")]
    months_back: i32,
    #[serde(default)]
    weeks: i32,
    #[serde(default)]
    include_undated: bool,
    #[serde(default = "product_a")]
    products: Vec<Product>,
    #[serde(default)]
    orders: Vec<Order>,
    #[serde(default)]
    invoices: Vec<(String, String, i32)>,
    #[serde(default)]
    last_invoiced: Vec<(String, String)>,
    #[serde(default)]
    part_numbers: Vec<(String, String)>,
    rows: Option<Vec<Row>>,
    error: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Order {
    Plain(String, String, i32),
    Full(String, String, i32, String, String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Product {
    code: String,
    id: Option<i32>,
    description: Option<String>,
    barcode: Option<String>,
    epos_barcode: Option<String>,
    #[serde(default = "one")]
    available: i32,
    next_available: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    code: String,
    id: Option<i32>,
    description: Option<String>,
    part_number: Option<String>,
    barcode: Option<String>,
    epos_barcode: Option<String>,
    quantity: i32,
    last_invoiced: Option<String>,
    next_available: Option<String>,
}

fn business_date() -> String {
    "2011-12-10".into()
}

fn invoices() -> String {
    "I".into()
}

fn one() -> i32 {
    1
}

fn product_a() -> Vec<Product> {
    vec![Product {
        code: "A".into(),
        id: None,
        description: None,
        barcode: None,
        epos_barcode: None,
        available: 1,
        next_available: None,
    }]
}

fn day(text: &str) -> Date {
    Date::parse(text, &Iso8601::DATE).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn optional_day(text: &Option<String>) -> Option<Date> {
    text.as_deref().map(day)
}

fn files() -> Vec<File> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/buying");
    ["period", "quantity", "availability", "rows"]
        .iter()
        .map(|name| {
            let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}.json: {error}"))
        })
        .collect()
}

fn product_ids(case: &Case) -> BTreeMap<String, ProductId> {
    (1..)
        .zip(&case.products)
        .map(|(position, product)| {
            (product.code.clone(), ProductId::new(product.id.unwrap_or(position)).unwrap())
        })
        .collect()
}

fn facts(case: &Case, ids: &BTreeMap<String, ProductId>) -> BuyingFacts {
    let orders = case.orders.iter().map(|order| {
        let (code, created, quantity, kind, status) = match order {
            Order::Plain(code, created, quantity) => {
                (code, created, quantity, "order", "in_progress")
            }
            Order::Full(code, created, quantity, kind, status) => {
                (code, created, quantity, kind.as_str(), status.as_str())
            }
        };
        HistoryLine::Ordered {
            kind: kind.parse().unwrap(),
            status: status.parse().unwrap(),
            product: ids[code],
            created: day(created),
            quantity: SignedQuantity::new(*quantity),
        }
    });
    let invoices = case.invoices.iter().map(|(code, tax_point, quantity)| HistoryLine::Invoiced {
        kind: if *quantity < 0 { InvoiceKind::Credit } else { InvoiceKind::Invoice },
        product: ids[code],
        tax_point: day(tax_point),
        quantity: SignedQuantity::new(*quantity),
    });
    BuyingFacts {
        lines: orders.chain(invoices).collect(),
        last_invoiced: case.last_invoiced.iter().map(|(code, on)| (ids[code], day(on))).collect(),
        products: case
            .products
            .iter()
            .map(|product| BuyingProduct {
                id: ids[&product.code],
                code: ProductCode::new(&product.code).unwrap(),
                description: product.description.as_deref().map(|d| Description::new(d).unwrap()),
                barcode: product.barcode.as_deref().map(|b| Barcode::new(b).unwrap()),
                epos_barcode: product.epos_barcode.as_deref().map(|b| Barcode::new(b).unwrap()),
                available: product.available,
                next_available: optional_day(&product.next_available),
            })
            .collect(),
        part_numbers: case
            .part_numbers
            .iter()
            .map(|(code, number)| (ids[code], PartNumber::new(number).unwrap()))
            .collect(),
    }
}

fn expected_rows(rows: &[Row], ids: &BTreeMap<String, ProductId>) -> Vec<BuyingRow> {
    rows.iter()
        .map(|row| BuyingRow {
            product: row.id.map_or(ids[&row.code], |id| ProductId::new(id).unwrap()),
            code: ProductCode::new(&row.code).unwrap(),
            description: row.description.as_deref().map(|d| Description::new(d).unwrap()),
            part_number: row.part_number.as_deref().map(|n| PartNumber::new(n).unwrap()),
            barcode: row.barcode.as_deref().map(|b| Barcode::new(b).unwrap()),
            epos_barcode: row.epos_barcode.as_deref().map(|b| Barcode::new(b).unwrap()),
            quantity: row.quantity,
            last_invoiced: optional_day(&row.last_invoiced),
            next_available: optional_day(&row.next_available),
        })
        .collect()
}

/// What is wrong with a case, if anything.
fn check(case: &Case) -> Option<String> {
    let request = BuyingRequest::new(case.basis.parse().unwrap(), case.months_back, case.weeks);
    match (request, &case.rows, case.error.as_deref()) {
        (Ok(request), Some(rows), None) => {
            let request = BuyingRequest { include_undated: case.include_undated, ..request };
            let ids = product_ids(case);
            let actual = report(&request, &facts(case, &ids), day(&case.today));
            let expected = expected_rows(rows, &ids);
            (actual != expected).then(|| format!("expected {expected:#?}\nbut got {actual:#?}"))
        }
        (Err(error), None, Some(expected)) => {
            let matches = match error {
                BuyingError::NegativeMonths(value) => {
                    expected == "negative months" && value == case.months_back
                }
                BuyingError::NegativeWeeks(value) => {
                    expected == "negative weeks" && value == case.weeks
                }
                _ => false,
            };
            (!matches).then(|| format!("expected {expected}, but got {error:?}"))
        }
        (request, rows, error) => Some(format!(
            "request {request:?}, but the case expects {} rows and error {error:?}",
            rows.as_ref().map_or(0, Vec::len)
        )),
    }
}

#[test]
fn every_case_of_the_fixtures() {
    let cases: Vec<Case> = files().into_iter().flat_map(|file| file.cases).collect();
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| check(case).map(|failure| format!("{}: {failure}", case.name)))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));

    let names: HashSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "two cases have one name");
    assert!(cases.len() >= 59, "only {} cases were found", cases.len());
}

#[test]
fn every_window_of_the_fixtures() {
    let windows: Vec<_> = files().into_iter().flat_map(|file| file.windows).collect();
    assert!(windows.len() >= 21, "only {} windows were found", windows.len());
    for (today, months, first) in windows {
        let actual = window(day(&today), MonthsBack::new(months).unwrap());
        assert_eq!(actual, (day(&first), day(&today)), "{today} and {months} months back");
    }
}
