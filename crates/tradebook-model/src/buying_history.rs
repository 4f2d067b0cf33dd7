//! The facts from which a buying report is made.

use time::Date;

use crate::{
    Barcode, Description, InvoiceKind, ModelError, OrderKind, OrderStatus, PartNumber, ProductCode,
    ProductId, SignedQuantity,
};

/// What a buying report counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HistoryBasis {
    /// Orders placed.
    Orders,
    /// Invoices sent.
    Invoices,
}

impl std::str::FromStr for HistoryBasis {
    type Err = ModelError;

    /// Reads `O` or `I`, in either case.
    fn from_str(text: &str) -> Result<Self, ModelError> {
        match text.trim() {
            "O" | "o" => Ok(Self::Orders),
            "I" | "i" => Ok(Self::Invoices),
            _ => Err(ModelError::unreadable(text, "O (orders) or I (invoices)")),
        }
    }
}

/// A line of a customer's ledger, reduced to what a buying report needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryLine {
    /// A line of an order.
    Ordered {
        /// What kind of document it is on.
        kind: OrderKind,
        /// How far the order has come.
        status: OrderStatus,
        /// The product.
        product: ProductId,
        /// The day on which the order was made.
        created: Date,
        /// How many.
        quantity: SignedQuantity,
    },
    /// A line of an invoice or credit note.
    Invoiced {
        /// What kind of document it is on.
        kind: InvoiceKind,
        /// The product.
        product: ProductId,
        /// The tax point.
        tax_point: Date,
        /// How many, negative on a credit note.
        quantity: SignedQuantity,
    },
}

/// Everything from which one customer's buying report is made, read at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BuyingFacts {
    /// Lines of the customer's ledger. Lines outside the report's period or basis may be missing, or be there.
    pub lines: Vec<HistoryLine>,
    /// The day of the customer's latest invoice (not credit) of a product of the lines, up to the report's day, over all
    /// history. Others may be there.
    pub last_invoiced: Vec<(ProductId, Date)>,
    /// The products of all lines.
    pub products: Vec<BuyingProduct>,
    /// The customer's own part numbers.
    pub part_numbers: Vec<(ProductId, PartNumber)>,
}

/// A product as the buying report needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuyingProduct {
    /// Its id.
    pub id: ProductId,
    /// Its part number.
    pub code: ProductCode,
    /// What it is called.
    pub description: Option<Description>,
    /// The barcode of the item itself.
    pub barcode: Option<Barcode>,
    /// What a till scans.
    pub epos_barcode: Option<Barcode>,
    /// How many can be sold now.
    pub available: i32,
    /// The day on which it is next available.
    pub next_available: Option<Date>,
}
