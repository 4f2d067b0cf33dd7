use time::macros::date;
use tradebook_model::{
    CustomerId, Date, HistoryBasis, HistoryLine, InvoiceKind, OrderKind, OrderStatus, ProductId,
    SignedQuantity,
};

use super::database::Database;
use super::fixture::{
    Document, customer, organization, put_customer, put_document, put_part_number, put_product,
    write,
};
use super::on_each_database;
use crate::CustomerSelector;
use crate::ledger::{Ledger, invoice_kind, invoice_kind_number, order_kind, order_status};

/// An invoice has no status.
const INVOICE_STATUS: i16 = 0;

on_each_database! {
    facts_are_those_of_the_customer_basis_and_period,
    no_customer_is_not_an_empty_report,
}

const FROM: Date = date!(2024 - 05 - 01);
const TO: Date = date!(2024 - 05 - 31);

fn product(id: i32) -> ProductId {
    ProductId::new(id).unwrap()
}

fn facts_are_those_of_the_customer_basis_and_period(database: &Database) {
    let store = database.migrated();
    let acme = organization(&store, "Acme").id;
    let document = |ledger, id, kind, status, date, lines| Document {
        ledger,
        id,
        kind,
        status,
        customer: 1,
        date,
        lines,
    };
    write(&store, acme, |c, _| {
        for id in 1..=4 {
            put_product(c, acme, id, &format!("P{id}"));
        }
        put_customer(c, acme, &customer(1, "C1"));
        put_customer(c, acme, &customer(2, "C2"));
        put_part_number(c, acme, 1, 2, "MINE");
        put_part_number(c, acme, 2, 2, "THEIRS");
        let invoice = invoice_kind_number(InvoiceKind::Invoice);
        let credit = invoice_kind_number(InvoiceKind::Credit);
        let lines = Ledger::Invoices;
        for document in [
            // The day before, both ends, the day after.
            document(lines, 1, invoice, INVOICE_STATUS, date!(2024 - 04 - 30), &[(1, 1), (4, 1)]),
            document(lines, 2, invoice, INVOICE_STATUS, FROM, &[(1, 2), (2, 3)]),
            document(lines, 3, credit, INVOICE_STATUS, TO, &[(1, -1), (4, -1)]),
            document(lines, 4, invoice, INVOICE_STATUS, date!(2024 - 06 - 01), &[(1, 9)]),
            Document { customer: 2, ..document(lines, 5, invoice, INVOICE_STATUS, TO, &[(3, 1)]) },
            document(Ledger::Orders, 1, 3, 3, TO, &[(3, -4)]),
            document(Ledger::Orders, 2, 1, 2, FROM, &[(1, 5), (4, 5)]),
        ] {
            put_document(c, acme, &document);
        }
    });
    let selector = CustomerSelector::Reference("C1".parse().unwrap());
    let facts = |basis| store.buying_facts(acme, &selector, basis, FROM, TO).unwrap().unwrap();

    let mut invoices = facts(HistoryBasis::Invoices);
    let line = |kind, id, tax_point, quantity| HistoryLine::Invoiced {
        kind,
        product: product(id),
        tax_point,
        quantity: SignedQuantity::new(quantity),
    };
    assert_eq!(
        invoices.lines,
        [
            line(InvoiceKind::Invoice, 1, FROM, 2),
            line(InvoiceKind::Invoice, 2, FROM, 3),
            line(InvoiceKind::Credit, 1, TO, -1),
            line(InvoiceKind::Credit, 4, TO, -1),
        ]
    );
    invoices.last_invoiced.sort();
    assert_eq!(
        invoices.last_invoiced,
        [(product(1), FROM), (product(2), FROM), (product(4), date!(2024 - 04 - 30))],
        "credits and later invoices do not count, earlier ones do"
    );
    let mut codes: Vec<_> = invoices.products.iter().map(|product| product.code.as_str()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["P1", "P2", "P4"]);
    assert_eq!(invoices.products[0].available, 5);
    assert_eq!(invoices.part_numbers, [(product(2), "MINE".parse().unwrap())]);

    let mut orders = facts(HistoryBasis::Orders);
    let line = |kind, status, id, created, quantity| HistoryLine::Ordered {
        kind,
        status,
        product: product(id),
        created,
        quantity: SignedQuantity::new(quantity),
    };
    assert_eq!(
        orders.lines,
        [
            line(OrderKind::Order, OrderStatus::Complete, 1, FROM, 5),
            line(OrderKind::Order, OrderStatus::Complete, 4, FROM, 5),
            line(OrderKind::Return, OrderStatus::Cancelled, 3, TO, -4),
        ]
    );
    orders.last_invoiced.sort();
    assert_eq!(
        orders.last_invoiced,
        [(product(1), FROM), (product(4), date!(2024 - 04 - 30))],
        "of the period, before it, and never"
    );
    assert_eq!(orders.products.len(), 3);
}

fn no_customer_is_not_an_empty_report(database: &Database) {
    let store = database.migrated();
    let acme = organization(&store, "Acme").id;
    write(&store, acme, |c, _| put_customer(c, acme, &customer(1, "C1")));
    let by_id = |id| CustomerSelector::Id(CustomerId::new(id).unwrap());
    let facts =
        |selector| store.buying_facts(acme, &selector, HistoryBasis::Orders, FROM, TO).unwrap();
    assert_eq!(facts(by_id(1)), Some(tradebook_model::BuyingFacts::default()));
    assert_eq!(facts(by_id(2)), None);
    assert_eq!(facts(CustomerSelector::Reference("c1".parse().unwrap())), None);
    assert_eq!(store.find_customer(acme, &by_id(1)).unwrap(), CustomerId::new(1).ok());
}

#[test]
fn the_numbers_of_the_ledger_are_those_of_the_schema() {
    let kinds: Vec<_> = (1..4).map(|number| order_kind(number).unwrap().word()).collect();
    assert_eq!(kinds, ["order", "credit", "return"]);
    let statuses: Vec<_> = (1..4).map(|number| order_status(number).unwrap().word()).collect();
    assert_eq!(statuses, ["in_progress", "complete", "cancelled"]);
    for kind in [InvoiceKind::Invoice, InvoiceKind::Credit] {
        assert_eq!(invoice_kind(invoice_kind_number(kind)).unwrap(), kind);
    }
    assert!(order_kind(0).is_err() && order_status(4).is_err() && invoice_kind(3).is_err());
}

/// Every query of a report goes through an index, and those over lines through the covering one alone.
#[test]
fn a_report_scans_nothing() {
    use diesel::connection::InstrumentationEvent;
    use diesel::prelude::*;
    use diesel::sql_types::Text;
    use std::sync::{Arc, Mutex};

    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text)]
        detail: String,
    }

    let database = Database::sqlite();
    let store = database.migrated();
    let acme = organization(&store, "Acme").id;
    super::fixture::fill(&store, acme, "A");
    write(&store, acme, |c, _| {
        // A product that was ordered and never invoiced is looked for in all invoices.
        put_product(c, acme, 99, "A-P99");
        let (kind, status, date) = (1, 2, TO);
        let lines = &[(99, 1)];
        let ledger = Ledger::Orders;
        put_document(c, acme, &Document { ledger, id: 99, kind, status, customer: 2, date, lines });
    });
    // As it is while an import goes on.
    write(&store, acme, |c, _| {
        diesel::sql_query("INSERT INTO unfinished_imports VALUES (1, 1000000, 1000000)")
            .execute(c)
            .unwrap()
    });
    let seen = Arc::new(Mutex::new(Vec::new()));
    let into = Arc::clone(&seen);
    store
        .read_once(|c| {
            c.set_instrumentation(move |event: InstrumentationEvent<'_>| {
                if let InstrumentationEvent::StartQuery { query, .. } = event {
                    into.lock().unwrap().push(query.to_string());
                }
            });
            Ok(())
        })
        .unwrap();
    let selector = CustomerSelector::Reference("A-C2".parse().unwrap());
    for basis in [HistoryBasis::Orders, HistoryBasis::Invoices] {
        store.buying_facts(acme, &selector, basis, FROM, TO).unwrap().unwrap();
    }
    let queries: Vec<String> = seen.lock().unwrap().clone();
    let selects: Vec<_> = queries
        .iter()
        .filter_map(|query| query.split(" -- ").next())
        .filter(|query| query.starts_with("SELECT"))
        .collect();
    assert_eq!(selects.len(), 12, "{queries:#?}");
    assert_eq!(selects.iter().filter(|query| query.contains("max(")).count(), 2);
    for query in selects {
        let steps: Vec<Step> = store
            .read_snapshot(
                |c| Ok(diesel::sql_query(format!("EXPLAIN QUERY PLAN {query}")).load(c)?),
            )
            .unwrap();
        assert!(!steps.is_empty());
        for Step { detail } in steps {
            assert!(!detail.starts_with("SCAN"), "{detail}\n{query}");
            if detail.contains("ledger_lines") {
                assert!(detail.contains("COVERING INDEX ledger_lines_by_customer"), "{detail}");
            }
        }
    }
}
