//! The words of the ledger, and the numbers by which they are kept.

use tradebook_model::{InvoiceKind, OrderKind, OrderStatus};

use crate::StoreError;

/// Which ledger a document is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Ledger {
    Orders,
    Invoices,
}

impl Ledger {
    pub(crate) const fn number(self) -> i16 {
        match self {
            Self::Orders => 1,
            Self::Invoices => 2,
        }
    }
}

pub(crate) fn order_kind(number: i16) -> Result<OrderKind, StoreError> {
    match number {
        1 => Ok(OrderKind::Order),
        2 => Ok(OrderKind::Credit),
        3 => Ok(OrderKind::Return),
        _ => Err(StoreError::corrupt(format!("{number} is no kind of an order"))),
    }
}

pub(crate) fn order_status(number: i16) -> Result<OrderStatus, StoreError> {
    match number {
        1 => Ok(OrderStatus::InProgress),
        2 => Ok(OrderStatus::Complete),
        3 => Ok(OrderStatus::Cancelled),
        _ => Err(StoreError::corrupt(format!("{number} is no status of an order"))),
    }
}

pub(crate) const fn invoice_kind_number(kind: InvoiceKind) -> i16 {
    match kind {
        InvoiceKind::Invoice => 1,
        InvoiceKind::Credit => 2,
    }
}

pub(crate) fn invoice_kind(number: i16) -> Result<InvoiceKind, StoreError> {
    match number {
        1 => Ok(InvoiceKind::Invoice),
        2 => Ok(InvoiceKind::Credit),
        _ => Err(StoreError::corrupt(format!("{number} is no kind of an invoice"))),
    }
}
