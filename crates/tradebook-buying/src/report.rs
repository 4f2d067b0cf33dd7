//! From facts to rows.

use std::collections::HashMap;

use tradebook_model::{
    Barcode, BuyingFacts, BuyingProduct, Date, Description, HistoryBasis, HistoryLine, OrderKind,
    OrderStatus, PartNumber, ProductCode, ProductId,
};

use crate::period::latest_arrival;
use crate::{BuyingRequest, window};

/// One product that the customer bought and can buy again: a `BuyingReportItem` of the Caliq call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuyingRow {
    /// The product's id.
    pub product: ProductId,
    /// Its part number.
    pub code: ProductCode,
    /// What it is called.
    pub description: Option<Description>,
    /// The customer's own part number for it.
    pub part_number: Option<PartNumber>,
    /// The barcode of the item itself.
    pub barcode: Option<Barcode>,
    /// What a till scans.
    pub epos_barcode: Option<Barcode>,
    /// How many were bought in the period, credits taken off: at least 1.
    pub quantity: i32,
    /// The day of the customer's latest invoice of it, over all history.
    pub last_invoiced: Option<Date>,
    /// The day on which it is next available; absent where it is in stock.
    pub next_available: Option<Date>,
}

/// The products that a customer bought in the period that ends `today`, and that are in stock or come in soon enough;
/// sorted by code.
///
/// A line whose product is not among the facts counts for nothing, as there is no code to report it by. Of several part
/// numbers for one product the lowest is shown.
pub fn report(request: &BuyingRequest, facts: &BuyingFacts, today: Date) -> Vec<BuyingRow> {
    let bought = quantities(request, &facts.lines, today);
    let last_invoiced = latest_invoices(facts, today);
    let part_numbers = lowest_part_numbers(facts);

    let mut rows: Vec<BuyingRow> = facts
        .products
        .iter()
        .filter(|product| is_obtainable(request, product, today))
        .filter_map(|product| {
            let quantity = bought.get(&product.id).copied().filter(|sum| *sum > 0)?;
            Some(BuyingRow {
                product: product.id,
                code: product.code.clone(),
                description: product.description.clone(),
                part_number: part_numbers.get(&product.id).map(|&number| number.clone()),
                barcode: product.barcode.clone(),
                epos_barcode: product.epos_barcode.clone(),
                quantity: i32::try_from(quantity).unwrap_or(i32::MAX),
                last_invoiced: last_invoiced.get(&product.id).copied(),
                next_available: product.next_available.filter(|_| !is_in_stock(product)),
            })
        })
        .collect();
    rows.sort_unstable_by(|a, b| (&a.code, a.product).cmp(&(&b.code, b.product)));
    rows
}

/// What was bought of each product in the period. 64 bits hold the sum of more lines than memory does.
fn quantities(
    request: &BuyingRequest,
    lines: &[HistoryLine],
    today: Date,
) -> HashMap<ProductId, i64> {
    let (first, last) = window(today, request.months_back);
    let mut sums = HashMap::new();
    for line in lines {
        if let Some((product, day, quantity)) = counted(request.basis, line)
            && (first..=last).contains(&day)
        {
            let sum: &mut i64 = sums.entry(product).or_default();
            *sum = sum.saturating_add(i64::from(quantity));
        }
    }
    sums
}

/// What a line counts for under a basis: its product, day and quantity.
fn counted(basis: HistoryBasis, line: &HistoryLine) -> Option<(ProductId, Date, i32)> {
    match (basis, *line) {
        (
            HistoryBasis::Orders,
            HistoryLine::Ordered { kind: OrderKind::Order, status, product, created, quantity },
        ) if status != OrderStatus::Cancelled => Some((product, created, quantity.get())),
        (
            HistoryBasis::Invoices,
            // Credit notes come with negative quantities, so both kinds are summed as they stand.
            HistoryLine::Invoiced { kind: _, product, tax_point, quantity },
        ) => Some((product, tax_point, quantity.get())),
        (HistoryBasis::Orders | HistoryBasis::Invoices, _) => None,
    }
}

fn latest_invoices(facts: &BuyingFacts, today: Date) -> HashMap<ProductId, Date> {
    let mut latest = HashMap::new();
    for &(product, day) in facts.last_invoiced.iter().filter(|(_, day)| *day <= today) {
        latest
            .entry(product)
            .and_modify(|known: &mut Date| *known = day.max(*known))
            .or_insert(day);
    }
    latest
}

fn lowest_part_numbers(facts: &BuyingFacts) -> HashMap<ProductId, &PartNumber> {
    let mut lowest = HashMap::new();
    for (product, number) in &facts.part_numbers {
        lowest
            .entry(*product)
            .and_modify(|known: &mut &PartNumber| *known = number.min(*known))
            .or_insert(number);
    }
    lowest
}

fn is_in_stock(product: &BuyingProduct) -> bool {
    product.available > 0
}

/// Whether the product is in stock or comes in soon enough.
fn is_obtainable(request: &BuyingRequest, product: &BuyingProduct, today: Date) -> bool {
    if is_in_stock(product) {
        return true;
    }
    match (product.next_available, latest_arrival(today, request.weeks)) {
        (Some(arrival), Some(latest)) => arrival <= latest,
        (Some(_), None) => true,
        (None, Some(_)) => false,
        (None, None) => request.include_undated,
    }
}
