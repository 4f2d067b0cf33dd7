//! `order_lines.csv` and `invoice_lines.csv`. What stands in a document's header repeats on each of its lines.

use time::Date;
use tradebook_model::{
    CurrencyCode, CustomerReference, DocumentNumber, InvoiceKind, Money, OrderKind, OrderStatus,
    ProductCode, SignedQuantity,
};

use super::rows;
use crate::csv::Day;

rows! {
    /// A row of `order_lines.csv`, keyed by order and line.
    OrderLineRow of OrderLines {
        /// The order's number.
        "order" => order: required DocumentNumber,
        /// The line's number within the order.
        "line" => line: required i32,
        /// `order` by default.
        "kind" => kind: optional OrderKind,
        /// The customer's reference.
        "customer" => customer: required CustomerReference,
        /// When the order was made.
        "created" => created: required Day,
        /// `in_progress` by default.
        "status" => status: optional OrderStatus,
        /// The customer's currency by default.
        "currency" => currency: optional CurrencyCode,
        /// The product's code.
        "product" => product: required ProductCode,
        /// How many.
        "quantity" => quantity: required SignedQuantity,
        /// The price each.
        "unit_price" => unit_price: optional Money,
    }

    /// A row of `invoice_lines.csv`, keyed by invoice and line.
    InvoiceLineRow of InvoiceLines {
        /// The invoice's number.
        "invoice" => invoice: required DocumentNumber,
        /// The line's number within the invoice.
        "line" => line: required i32,
        /// `I` by default.
        "kind" => kind: optional InvoiceKind,
        /// The customer's reference.
        "customer" => customer: required CustomerReference,
        /// The tax point.
        "tax_point" => tax_point: required Date,
        /// The customer's currency by default.
        "currency" => currency: optional CurrencyCode,
        /// The product's code.
        "product" => product: required ProductCode,
        /// How many; not positive on a credit note.
        "quantity" => quantity: required SignedQuantity,
        /// The price each.
        "unit_price" => unit_price: optional Money,
    }
}
