//! What customers ordered and were invoiced for.

use time::Date;

use crate::price_list::words;
use crate::{
    CurrencyCode, CustomerId, DocumentNumber, ModelError, Money, ProductId, SignedQuantity,
};

words! {
    /// What kind of document an order is.
    OrderKind, "order, credit or return" {
        /// Goods ordered.
        Order = "order",
        /// A credit.
        Credit = "credit",
        /// Goods sent back.
        Return = "return",
    }
}

words! {
    /// How far an order has come.
    OrderStatus, "in_progress, complete or cancelled" {
        /// Not finished.
        InProgress = "in_progress",
        /// Finished.
        Complete = "complete",
        /// Called off; it does not count as bought.
        Cancelled = "cancelled",
    }
}

words! {
    /// What kind of document an invoice is.
    InvoiceKind, "I (invoice) or C (credit)" {
        /// An invoice.
        Invoice = "I",
        /// A credit note, whose quantities are negative.
        Credit = "C",
    }
}

/// One line of an order, with what its header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// The order's number.
    pub order: DocumentNumber,
    /// The line's number within the order.
    pub line: i32,
    /// What kind of document it is.
    pub kind: OrderKind,
    /// Who ordered.
    pub customer: CustomerId,
    /// The day on which the order was made.
    pub created: Date,
    /// How far it has come.
    pub status: OrderStatus,
    /// The currency of the prices.
    pub currency: Option<CurrencyCode>,
    /// What was ordered.
    pub product: ProductId,
    /// How many.
    pub quantity: SignedQuantity,
    /// The price each.
    pub unit_price: Option<Money>,
}

/// One line of an invoice or credit note, with what its header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceLine {
    /// The invoice's number.
    pub invoice: DocumentNumber,
    /// The line's number within the invoice.
    pub line: i32,
    /// What kind of document it is.
    pub kind: InvoiceKind,
    /// Who was invoiced.
    pub customer: CustomerId,
    /// The tax point, which dates the invoice.
    pub tax_point: Date,
    /// The currency of the prices.
    pub currency: Option<CurrencyCode>,
    /// What was invoiced.
    pub product: ProductId,
    /// How many; not positive on a credit note.
    pub quantity: SignedQuantity,
    /// The price each.
    pub unit_price: Option<Money>,
}

impl InvoiceLine {
    /// Checks what the types alone cannot: a credit note's quantity is not positive.
    pub fn checked(self) -> Result<Self, ModelError> {
        if self.kind == InvoiceKind::Credit && self.quantity.get() > 0 {
            return Err(ModelError::Contradiction(
                "a line of a credit note (kind C) must have a negative quantity",
            ));
        }
        Ok(self)
    }
}
