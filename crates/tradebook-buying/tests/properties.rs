//! What holds for every history.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail the test")]

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use tradebook_buying::{BuyingRequest, MonthsBack, WeeksUntilAvailable, report, window};
use tradebook_model::{
    BuyingFacts, BuyingProduct, Date, HistoryBasis, HistoryLine, InvoiceKind, OrderKind,
    OrderStatus, PartNumber, ProductCode, ProductId, SignedQuantity,
};

/// 2011-12-10, the day around which histories are made.
const TODAY: i32 = 2_455_906;

fn date(julian_day: i32) -> Date {
    Date::from_julian_day(julian_day).unwrap()
}

fn today() -> Date {
    date(TODAY)
}

fn product_id() -> impl Strategy<Value = ProductId> {
    (1..=6_i32).prop_map(|id| ProductId::new(id).unwrap())
}

fn near_today() -> impl Strategy<Value = Date> {
    (-200..40_i32).prop_map(|days| date(TODAY + days))
}

fn basis() -> impl Strategy<Value = HistoryBasis> {
    prop_oneof![Just(HistoryBasis::Orders), Just(HistoryBasis::Invoices)]
}

fn line() -> impl Strategy<Value = HistoryLine> {
    let ordered = (
        prop_oneof![3 => Just(OrderKind::Order), 1 => Just(OrderKind::Credit), 1 => Just(OrderKind::Return)],
        prop_oneof![Just(OrderStatus::InProgress), Just(OrderStatus::Complete), Just(OrderStatus::Cancelled)],
        product_id(),
        near_today(),
        -5..20_i32,
    )
        .prop_map(|(kind, status, product, created, quantity)| HistoryLine::Ordered {
            kind,
            status,
            product,
            created,
            quantity: SignedQuantity::new(quantity),
        });
    let invoiced =
        (product_id(), near_today(), -5..20_i32).prop_map(|(product, tax_point, quantity)| {
            HistoryLine::Invoiced {
                kind: if quantity < 0 { InvoiceKind::Credit } else { InvoiceKind::Invoice },
                product,
                tax_point,
                quantity: SignedQuantity::new(quantity),
            }
        });
    prop_oneof![ordered, invoiced]
}

fn facts() -> impl Strategy<Value = BuyingFacts> {
    let products = vec((-2..3_i32, option::of(near_today())), 6).prop_map(|stock| {
        (1..)
            .zip(stock)
            .map(|(id, (available, next_available))| BuyingProduct {
                id: ProductId::new(id).unwrap(),
                // Codes that do not sort as the ids do.
                code: ProductCode::new(&format!("P{}", (id * 5) % 7)).unwrap(),
                description: None,
                barcode: None,
                epos_barcode: None,
                available,
                next_available,
            })
            .collect()
    });
    let part_numbers = vec((product_id(), "[A-Z]{1,3}"), 0..6).prop_map(|numbers| {
        numbers
            .into_iter()
            .map(|(product, number)| (product, PartNumber::new(&number).unwrap()))
            .collect()
    });
    (vec(line(), 0..30), vec((product_id(), near_today()), 0..8), products, part_numbers).prop_map(
        |(lines, last_invoiced, products, part_numbers)| BuyingFacts {
            lines,
            last_invoiced,
            products,
            part_numbers,
        },
    )
}

fn request() -> impl Strategy<Value = BuyingRequest> {
    (basis(), 0..7_i32, 0..6_i32, any::<bool>()).prop_map(
        |(basis, months_back, weeks, include_undated)| BuyingRequest {
            include_undated,
            ..BuyingRequest::new(basis, months_back, weeks).unwrap()
        },
    )
}

/// The facts and the same facts in another order.
fn facts_twice() -> impl Strategy<Value = (BuyingFacts, BuyingFacts)> {
    facts().prop_flat_map(|facts| {
        let shuffled =
            (
                Just(facts.lines.clone()).prop_shuffle(),
                Just(facts.last_invoiced.clone()).prop_shuffle(),
                Just(facts.products.clone()).prop_shuffle(),
                Just(facts.part_numbers.clone()).prop_shuffle(),
            )
                .prop_map(|(lines, last_invoiced, products, part_numbers)| {
                    BuyingFacts { lines, last_invoiced, products, part_numbers }
                });
        (Just(facts), shuffled)
    })
}

/// Whether the decisions let a line count, written out apart from the engine.
fn counts(line: &HistoryLine, basis: HistoryBasis, (first, last): (Date, Date)) -> bool {
    let day = match line {
        HistoryLine::Ordered { kind, status, created, .. } => {
            let is_order = *kind == OrderKind::Order && *status != OrderStatus::Cancelled;
            if basis != HistoryBasis::Orders || !is_order {
                return false;
            }
            *created
        }
        HistoryLine::Invoiced { tax_point, .. } => {
            if basis != HistoryBasis::Invoices {
                return false;
            }
            *tax_point
        }
    };
    first <= day && day <= last
}

fn product_and_quantity(line: &HistoryLine) -> (ProductId, i32) {
    match *line {
        HistoryLine::Ordered { product, quantity, .. }
        | HistoryLine::Invoiced { product, quantity, .. } => (product, quantity.get()),
    }
}

fn with_quantity(line: HistoryLine, new: i32) -> HistoryLine {
    let new = SignedQuantity::new(new);
    match line {
        HistoryLine::Ordered { kind, status, product, created, .. } => {
            HistoryLine::Ordered { kind, status, product, created, quantity: new }
        }
        HistoryLine::Invoiced { kind, product, tax_point, .. } => {
            HistoryLine::Invoiced { kind, product, tax_point, quantity: new }
        }
    }
}

proptest! {
    #[test]
    fn input_order_does_not_matter(request in request(), (facts, shuffled) in facts_twice()) {
        prop_assert_eq!(report(&request, &facts, today()), report(&request, &shuffled, today()));
    }

    #[test]
    fn lines_that_do_not_count_do_not_matter(request in request(), facts in facts()) {
        let period = window(today(), request.months_back);
        let mut lean = facts.clone();
        lean.lines.retain(|line| counts(line, request.basis, period));
        lean.last_invoiced.retain(|(_, day)| *day <= today());
        prop_assert_eq!(report(&request, &facts, today()), report(&request, &lean, today()));
    }

    #[test]
    fn quantities_are_the_sums_of_the_lines_that_count(request in request(), facts in facts()) {
        let period = window(today(), request.months_back);
        for row in report(&request, &facts, today()) {
            let sum: i32 = facts
                .lines
                .iter()
                .filter(|line| counts(line, request.basis, period))
                .map(product_and_quantity)
                .filter(|(product, _)| *product == row.product)
                .map(|(_, quantity)| quantity)
                .sum();
            prop_assert!(sum > 0);
            prop_assert_eq!(row.quantity, sum);
        }
    }

    #[test]
    fn a_line_may_be_split(request in request(), facts in facts(), part in 0..20_i32) {
        let mut split = facts.clone();
        if let Some(line) = split.lines.pop() {
            let (_, quantity) = product_and_quantity(&line);
            split.lines.push(with_quantity(line, quantity - part));
            split.lines.push(with_quantity(line, part));
        }
        prop_assert_eq!(report(&request, &facts, today()), report(&request, &split, today()));
    }

    #[test]
    fn rows_are_sorted_and_show_a_date_only_without_stock(request in request(), facts in facts()) {
        let rows = report(&request, &facts, today());
        prop_assert!(rows.is_sorted_by(|a, b| a.code < b.code));
        for row in &rows {
            let product = facts.products.iter().find(|product| product.id == row.product).unwrap();
            let expected = if product.available > 0 { None } else { product.next_available };
            prop_assert_eq!(row.next_available, expected);
        }
    }

    #[test]
    fn more_weeks_lose_nothing(request in request(), facts in facts(), weeks in 1..30_i32, more in 0..30_i32) {
        let within = |weeks| {
            let weeks = WeeksUntilAvailable::new(weeks).unwrap();
            report(&BuyingRequest { weeks, ..request }, &facts, today())
        };
        let (few, many, unlimited) = (within(weeks), within(weeks + more), within(0));
        prop_assert!(few.iter().all(|row| many.contains(row)));
        prop_assert!(many.iter().all(|row| unlimited.contains(row)));
    }

    #[test]
    fn more_months_lose_nothing_where_nothing_is_credited(
        request in request(), facts in facts(), months in 0..8_i32, more in 0..i32::MAX - 8,
    ) {
        let mut facts = facts;
        facts.lines.retain(|line| product_and_quantity(line).1 >= 0);
        let back = |months| {
            let months_back = MonthsBack::new(months).unwrap();
            report(&BuyingRequest { months_back, ..request }, &facts, today())
        };
        let long = back(months + more);
        for row in back(months) {
            prop_assert!(long.iter().any(|other| other.product == row.product && other.quantity >= row.quantity));
        }
    }

    #[test]
    fn a_window_begins_in_the_right_month(day in 1_721_060..5_373_484_i32, months in 0..30_000_i32) {
        let today = date(day);
        let (first, last) = window(today, MonthsBack::new(months).unwrap());
        prop_assert_eq!(last, today);
        prop_assert!(first <= today);
        prop_assert!(first.day() <= today.day());

        // Walking month by month arrives in the same month, or before year 0.
        let (mut year, mut month) = (today.year(), today.month());
        for _ in 0..months {
            month = month.previous();
            year -= i32::from(month == time::Month::December);
        }
        if year >= 0 {
            prop_assert_eq!((first.year(), first.month()), (year, month));
            // A day is clamped only to the end of its month.
            prop_assert!(first.day() == today.day() || first.next_day().unwrap().month() != month);
        } else {
            prop_assert_eq!((first.year(), first.ordinal()), (0, 1));
        }
    }

    #[test]
    fn any_number_is_answered(today in any_day(), months in 0..=i32::MAX, weeks in 0..=i32::MAX, facts in facts()) {
        let request = BuyingRequest::new(HistoryBasis::Invoices, months, weeks).unwrap();
        report(&request, &facts, today);
    }
}

/// Any day that can be written as `YYYY-MM-DD`, the ends of the calendar often.
fn any_day() -> impl Strategy<Value = Date> {
    prop_oneof![
        Just(Date::MAX),
        Just(time::macros::date!(0000 - 01 - 01)),
        (1_721_060..5_373_484_i32).prop_map(date),
    ]
}
