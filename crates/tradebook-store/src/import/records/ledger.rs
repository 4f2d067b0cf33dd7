//! Orders and invoices: documents and their lines.

use diesel::prelude::*;
use time::Date;
use tradebook_model::{
    CurrencyCode, CustomerId, DocumentNumber, InvoiceKind, Money, OrderKind, OrderStatus,
    OrganizationId, ProductId, SignedQuantity,
};

use super::{Session, shown, stored, text};
use crate::StoreError;
use crate::connection::AnyConnection;
use crate::import::rows::{DocumentLineRow, DocumentRow};
use crate::rows::day;
use crate::schema::{ledger_documents, ledger_lines};

/// Which ledger a document is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ledger {
    /// Orders.
    Orders,
    /// Invoices and credit notes.
    Invoices,
}

impl Ledger {
    /// The number by which tables know it.
    pub(crate) const fn number(self) -> i16 {
        match self {
            Self::Orders => 1,
            Self::Invoices => 2,
        }
    }
}

/// What kind of document it is, and how far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentClass {
    /// In the ledger of orders.
    Order(OrderKind, OrderStatus),
    /// In the ledger of invoices.
    Invoice(InvoiceKind),
}

impl DocumentClass {
    /// Kind and status by the numbers of the tables.
    const fn numbers(self) -> (i16, i16) {
        match self {
            Self::Order(kind, status) => {
                let kind = match kind {
                    OrderKind::Order => 1,
                    OrderKind::Credit => 2,
                    OrderKind::Return => 3,
                };
                let status = match status {
                    OrderStatus::InProgress => 1,
                    OrderStatus::Complete => 2,
                    OrderStatus::Cancelled => 3,
                };
                (kind, status)
            }
            Self::Invoice(InvoiceKind::Invoice) => (1, 0),
            Self::Invoice(InvoiceKind::Credit) => (2, 0),
        }
    }

    fn from_numbers(ledger: Ledger, kind: i16, status: i16) -> Result<Self, StoreError> {
        match (ledger, kind) {
            (Ledger::Orders, _) => {
                let kind = match kind {
                    1 => OrderKind::Order,
                    2 => OrderKind::Credit,
                    3 => OrderKind::Return,
                    _ => return Err(StoreError::corrupt(format!("order kind {kind}"))),
                };
                let status = match status {
                    1 => OrderStatus::InProgress,
                    2 => OrderStatus::Complete,
                    3 => OrderStatus::Cancelled,
                    _ => return Err(StoreError::corrupt(format!("order status {status}"))),
                };
                Ok(Self::Order(kind, status))
            }
            (Ledger::Invoices, 1) => Ok(Self::Invoice(InvoiceKind::Invoice)),
            (Ledger::Invoices, 2) => Ok(Self::Invoice(InvoiceKind::Credit)),
            (Ledger::Invoices, _) => Err(StoreError::corrupt(format!("invoice kind {kind}"))),
        }
    }
}

/// What the lines of a document have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentHead {
    /// What kind of document it is.
    pub class: DocumentClass,
    /// Whose document it is.
    pub customer: CustomerId,
    /// The day of the order, or the tax point of the invoice.
    pub date: Date,
    /// The currency of its prices.
    pub currency: Option<CurrencyCode>,
}

/// An order or invoice without its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id within the ledger, of no meaning outside the store.
    pub id: i64,
    /// Its number, unique within the ledger.
    pub number: DocumentNumber,
    /// What its lines have in common.
    pub head: DocumentHead,
}

/// A line without what its document says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentLine {
    /// The document's id.
    pub document: i64,
    /// The line's number within it.
    pub line: i32,
    /// The product.
    pub product: ProductId,
    /// How many.
    pub quantity: SignedQuantity,
    /// The price each.
    pub unit_price: Option<Money>,
}

pub(in crate::import) fn load_documents(
    session: &mut Session<'_>,
    ledger: Ledger,
    numbers: &[&str],
) -> Result<Vec<(Document, i64)>, StoreError> {
    let rows: Vec<DocumentRow> = ledger_documents::table
        .select(DocumentRow::ALL)
        .filter(ledger_documents::organization_id.eq(session.organization.get()))
        .filter(ledger_documents::ledger.eq(ledger.number()))
        .filter(ledger_documents::number.eq_any(numbers))
        .load(session.connection)?;
    rows.into_iter().map(|row| from_document_row(ledger, row)).collect()
}

pub(crate) fn from_document_row(
    ledger: Ledger,
    row: DocumentRow,
) -> Result<(Document, i64), StoreError> {
    let document = Document {
        id: row.id,
        number: stored(row.number.parse())?,
        head: DocumentHead {
            class: DocumentClass::from_numbers(ledger, row.kind, row.status)?,
            customer: stored(CustomerId::new(row.customer_id))?,
            date: day(row.date)?,
            currency: text(row.currency)?,
        },
    };
    Ok((document, row.touched))
}

pub(in crate::import) fn put_documents(
    session: &mut Session<'_>,
    ledger: Ledger,
    documents: &[(&Document, i64)],
) -> Result<(), StoreError> {
    let organization_id = session.organization.get();
    let row = |(document, touched): &(&Document, i64)| {
        let Document { id, number, head: DocumentHead { class, customer, date, currency } } =
            document;
        let (kind, status) = class.numbers();
        DocumentRow {
            organization_id,
            ledger: ledger.number(),
            id: *id,
            number: number.to_string(),
            kind,
            status,
            customer_id: customer.get(),
            date: date.to_julian_day(),
            currency: shown(currency),
            touched: *touched,
        }
    };
    let (new, old): (Vec<_>, Vec<_>) =
        documents.iter().map(row).partition(|row| session.is_hidden(row.id));
    session.put_hidden_documents(&new)?;
    Ok(DocumentRow::put(session, &old)?)
}

/// Writes a document's head into the lines that are stored already.
pub(in crate::import) fn spread_head(
    session: &mut Session<'_>,
    ledger: Ledger,
    document: &Document,
) -> Result<(), StoreError> {
    session.stage_lines(ledger, document.id)?;
    let (kind, status) = document.head.class.numbers();
    diesel::update(
        ledger_lines::table
            .filter(ledger_lines::organization_id.eq(session.organization.get()))
            .filter(ledger_lines::ledger.eq(ledger.number()))
            .filter(ledger_lines::document_id.eq(document.id)),
    )
    .set((
        ledger_lines::kind.eq(kind),
        ledger_lines::status.eq(status),
        ledger_lines::customer_id.eq(document.head.customer.get()),
        ledger_lines::date.eq(document.head.date.to_julian_day()),
    ))
    .execute(session.connection)?;
    Ok(())
}

pub(crate) fn load_lines(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    ledger: Ledger,
    documents: &[i64],
) -> Result<Vec<(DocumentLine, i64)>, StoreError> {
    let rows: Vec<DocumentLineRow> = ledger_lines::table
        .select(DocumentLineRow::ALL)
        .filter(ledger_lines::organization_id.eq(organization.get()))
        .filter(ledger_lines::ledger.eq(ledger.number()))
        .filter(ledger_lines::document_id.eq_any(documents))
        .load(connection)?;
    rows.into_iter().map(from_line_row).collect()
}

pub(crate) fn from_line_row(row: DocumentLineRow) -> Result<(DocumentLine, i64), StoreError> {
    let line = DocumentLine {
        document: row.document_id,
        line: row.line,
        product: stored(ProductId::new(row.product_id))?,
        quantity: SignedQuantity::new(row.quantity),
        unit_price: stored(row.unit_price.map(Money::from_micros).transpose())?,
    };
    Ok((line, row.touched))
}

pub(in crate::import) fn put_lines<'a>(
    session: &mut Session<'_>,
    ledger: Ledger,
    lines: impl Iterator<Item = (&'a DocumentLine, DocumentHead, i64)>,
) -> Result<(), StoreError> {
    let organization_id = session.organization.get();
    let row = |(line, head, touched): (&DocumentLine, DocumentHead, i64)| {
        let DocumentLine { document, line, product, quantity, unit_price } = line;
        let DocumentHead { class, customer, date, currency: _ } = head;
        let (kind, status) = class.numbers();
        DocumentLineRow {
            organization_id,
            ledger: ledger.number(),
            document_id: *document,
            line: *line,
            kind,
            status,
            customer_id: customer.get(),
            date: date.to_julian_day(),
            product_id: product.get(),
            quantity: quantity.get(),
            unit_price: unit_price.map(Money::micros),
            touched,
        }
    };
    let (new, old): (Vec<_>, Vec<_>) =
        lines.map(row).partition(|row| session.is_hidden(row.document_id));
    session.put_hidden_lines(&new)?;
    Ok(DocumentLineRow::put(session, &old)?)
}
