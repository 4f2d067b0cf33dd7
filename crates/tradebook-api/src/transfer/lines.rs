//! Applying lines of orders and invoices: documents and their lines, batch by batch.

use std::collections::HashMap;
use std::sync::Arc;

use time::Date;
use tradebook_model::{
    CurrencyCode, CustomerId, CustomerReference, DocumentNumber, InvoiceKind, Money, OrderKind,
    OrderStatus, ProductCode, ProductId, SignedQuantity, TimeZone,
};
use tradebook_store::import::{
    Coded, Document, DocumentClass, DocumentHead, DocumentLine, Ledger, Place,
};
use tradebook_wire::csv::{Column, Fault, InvoiceLineRow, OrderLineRow, ReadRow};

use super::ImportError;
use super::import::Run;

/// Rows of one batch: more than of other files, since they are short and many.
const BATCH: usize = 4000;

/// A row of a file of lines.
pub(super) trait LineRow: ReadRow + Send {
    const LEDGER: Ledger;
    /// The columns of the key.
    const KEY: [&'static str; 2];
    /// The column of the document's day.
    const DATE: &'static str;

    /// Takes the row apart.
    fn line(self, zone: &TimeZone) -> Line;
}

/// A row taken apart.
pub(super) struct Line {
    number: DocumentNumber,
    line: i32,
    class: ClassColumns,
    customer: CustomerReference,
    date: Date,
    currency: Column<CurrencyCode>,
    product: ProductCode,
    quantity: SignedQuantity,
    unit_price: Column<Money>,
}

enum ClassColumns {
    Order(Column<OrderKind>, Column<OrderStatus>),
    Invoice(Column<InvoiceKind>),
}

impl LineRow for OrderLineRow {
    const LEDGER: Ledger = Ledger::Orders;
    const KEY: [&'static str; 2] = ["order", "line"];
    const DATE: &'static str = "created";

    fn line(self, zone: &TimeZone) -> Line {
        let Self {
            order,
            line,
            kind,
            customer,
            created,
            status,
            currency,
            product,
            quantity,
            unit_price,
        } = self;
        Line {
            number: order,
            line,
            class: ClassColumns::Order(kind, status),
            customer,
            date: created.in_zone(zone),
            currency,
            product,
            quantity,
            unit_price,
        }
    }
}

impl LineRow for InvoiceLineRow {
    const LEDGER: Ledger = Ledger::Invoices;
    const KEY: [&'static str; 2] = ["invoice", "line"];
    const DATE: &'static str = "tax_point";

    fn line(self, _zone: &TimeZone) -> Line {
        let Self {
            invoice,
            line,
            kind,
            customer,
            tax_point,
            currency,
            product,
            quantity,
            unit_price,
        } = self;
        Line {
            number: invoice,
            line,
            class: ClassColumns::Invoice(kind),
            customer,
            date: tax_point,
            currency,
            product,
            quantity,
            unit_price,
        }
    }
}

impl ClassColumns {
    /// What a document is after the columns were applied to what it was.
    fn over(&self, stored: Option<DocumentClass>) -> DocumentClass {
        match self {
            Self::Order(kind, status) => {
                let (old_kind, old_status) = match stored {
                    Some(DocumentClass::Order(kind, status)) => (kind, status),
                    _ => (OrderKind::Order, OrderStatus::InProgress),
                };
                DocumentClass::Order(
                    kind.clone().over_or(old_kind, OrderKind::Order),
                    status.clone().over_or(old_status, OrderStatus::InProgress),
                )
            }
            Self::Invoice(kind) => {
                let old = match stored {
                    Some(DocumentClass::Invoice(kind)) => kind,
                    _ => InvoiceKind::Invoice,
                };
                DocumentClass::Invoice(kind.clone().over_or(old, InvoiceKind::Invoice))
            }
        }
    }
}

/// A line whose references are resolved.
struct Resolved {
    at: u64,
    place: Place,
    line: Line,
    customer: CustomerId,
    product: ProductId,
    is_dangling: bool,
}

/// A document of the batch.
struct Known {
    document: Document,
    /// Where this import has first seen it.
    seen_at: Option<Place>,
    /// Whether the database had it before this batch.
    is_stored: bool,
    /// Whether this batch is the one that sees it first.
    is_fresh: bool,
    /// Whether its head differs from what was stored.
    is_changed: bool,
    is_dangling: bool,
}

impl Run<'_, '_> {
    pub(super) fn apply_lines<R: LineRow>(&mut self, index: usize) -> Result<(), ImportError> {
        self.need(Coded::Customers)?;
        self.need(Coded::Products)?;
        if self.customer_currencies.is_none() {
            let currencies = self.import.customer_currencies()?;
            self.customer_currencies = Some(currencies.into_iter().collect());
        }
        self.read::<R>(index, BATCH, true, |run, file, base, rows| {
            run.apply_line_batch::<R>(file, base, rows)
        })
    }

    fn apply_line_batch<R: LineRow>(
        &mut self,
        file: &Arc<str>,
        base: u64,
        rows: Vec<(u64, R)>,
    ) -> Result<(), ImportError> {
        let rows = self.resolve(file, base, rows);
        let mut documents = self.known_documents::<R>(&rows)?;
        let mut heads = Vec::with_capacity(rows.len());
        for row in &rows {
            heads.push(match documents.get_mut(row.line.number.as_str()) {
                Some(known) => self.merge_head::<R>(file, row, known),
                None => None,
            });
        }
        let stored_ids: Vec<_> = documents
            .values()
            .filter(|known| known.is_stored)
            .map(|known| known.document.id)
            .collect();
        let mut lines: HashMap<(i64, i32), (DocumentLine, Option<Place>)> = self
            .import
            .lines(R::LEDGER, &stored_ids)?
            .into_iter()
            .map(|existing| {
                let line = existing.record;
                ((line.document, line.line), (line, existing.seen_at))
            })
            .collect();

        let (mut new_lines, mut written) = (Vec::with_capacity(rows.len()), Vec::new());
        for (row, head) in rows.into_iter().zip(heads) {
            let Some((id, head, head_changed, is_dangling)) = head else { continue };
            let key = (id, row.line.line);
            let stored = lines.get(&key).copied();
            if let Some((_, Some(first))) = stored {
                let first = self.show_place(first, file);
                let message = format!("duplicate: {first} has the same {}", R::KEY.join(" and "));
                self.faults.push(Fault::cell(file, row.at, R::KEY[1], message));
                continue;
            }
            if head.class == DocumentClass::Invoice(InvoiceKind::Credit)
                && row.line.quantity.get() > 0
            {
                let message = "must not be positive on a credit note (kind C)";
                self.faults.push(Fault::cell(file, row.at, "quantity", message));
                continue;
            }
            let stored = stored.map(|(line, _)| line);
            let line = DocumentLine {
                document: id,
                line: row.line.line,
                product: row.product,
                quantity: row.line.quantity,
                unit_price: row.line.unit_price.over(stored.and_then(|line| line.unit_price)),
            };
            self.count(stored.is_some(), head_changed || stored != Some(line));
            lines.insert(key, (line, Some(row.place)));
            if !row.is_dangling && !is_dangling {
                let lines = if stored.is_some() { &mut written } else { &mut new_lines };
                lines.push((line, head, row.place));
            }
        }
        let (mut new_documents, mut touched) = (Vec::new(), Vec::new());
        for known in documents.values().filter(|known| known.is_fresh && !known.is_dangling) {
            let Some(place) = known.seen_at else { continue };
            if known.is_stored {
                touched.push((&known.document, place, known.is_changed));
            } else {
                new_documents.push((&known.document, place));
            }
        }
        self.import.put_new_documents(R::LEDGER, &new_documents)?;
        self.import.put_documents(R::LEDGER, &touched)?;
        self.import.put_new_lines(R::LEDGER, &new_lines)?;
        self.import.put_lines(R::LEDGER, &written)?;
        Ok(())
    }

    /// Looks up what the rows refer to; rows with faults are left out.
    fn resolve<R: LineRow>(
        &mut self,
        file: &Arc<str>,
        base: u64,
        rows: Vec<(u64, R)>,
    ) -> Vec<Resolved> {
        let mut resolved = Vec::with_capacity(rows.len());
        for (at, row) in rows {
            let mut context = self.at(file, base, at);
            let line = row.line(&context.settings.time_zone);
            let customer = context.refer(
                Coded::Customers,
                "customer",
                line.customer.as_str(),
                CustomerId::new,
            );
            let product =
                context.refer(Coded::Products, "product", line.product.as_str(), ProductId::new);
            if line.line < 0 {
                context.fault("line", "must be 0 or more");
                continue;
            }
            let (place, is_dangling) = (context.place, context.is_dangling);
            if let (Some(customer), Some(product)) = (customer, product) {
                resolved.push(Resolved { at, place, line, customer, product, is_dangling });
            }
        }
        resolved
    }

    /// The documents of the rows: those stored, and new ones with the head that their first row gives them.
    fn known_documents<R: LineRow>(
        &mut self,
        rows: &[Resolved],
    ) -> Result<HashMap<Box<str>, Known>, ImportError> {
        let mut first_rows: Vec<&Resolved> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for row in rows {
            if seen.insert(row.line.number.as_str()) {
                first_rows.push(row);
            }
        }
        let numbers: Vec<_> = first_rows.iter().map(|row| row.line.number.as_str()).collect();
        let mut documents: HashMap<Box<str>, Known> = self
            .import
            .documents(R::LEDGER, &numbers)?
            .into_iter()
            .map(|existing| {
                let known = Known {
                    document: existing.record,
                    seen_at: existing.seen_at,
                    is_stored: true,
                    is_fresh: false,
                    is_changed: false,
                    is_dangling: false,
                };
                (known.document.number.as_str().into(), known)
            })
            .collect();
        first_rows.retain(|row| !documents.contains_key(row.line.number.as_str()));
        if first_rows.is_empty() {
            return Ok(documents);
        }
        let first_id = self.import.next_document_ids(first_rows.len())?;
        for (row, id) in first_rows.into_iter().zip(first_id..) {
            let head = self.head(row, None);
            let known = Known {
                document: Document { id, number: row.line.number.clone(), head },
                seen_at: None,
                is_stored: false,
                is_fresh: true,
                is_changed: true,
                is_dangling: row.is_dangling,
            };
            documents.insert(row.line.number.as_str().into(), known);
        }
        Ok(documents)
    }

    /// What a document says after a row was applied to what it said.
    fn head(&self, row: &Resolved, stored: Option<&DocumentHead>) -> DocumentHead {
        let default = self
            .customer_currencies
            .as_ref()
            .and_then(|currencies| currencies.get(&row.customer.get()))
            .copied();
        let currency = match &row.line.currency {
            Column::Given(currency) => Some(*currency),
            Column::Absent if stored.is_some() => stored.and_then(|stored| stored.currency),
            Column::Absent | Column::Empty => default,
        };
        DocumentHead {
            class: row.line.class.over(stored.map(|stored| stored.class)),
            customer: row.customer,
            date: row.line.date,
            currency,
        }
    }

    /// Applies a row to its document. The first row that this import sees decides, the others must agree. `None` with a fault;
    /// otherwise the document's id and head, whether the head differs from what was stored, and whether it can be written.
    fn merge_head<R: LineRow>(
        &mut self,
        file: &Arc<str>,
        row: &Resolved,
        known: &mut Known,
    ) -> Option<(i64, DocumentHead, bool, bool)> {
        let head = self.head(row, Some(&known.document.head));
        match known.seen_at {
            None => {
                known.is_changed = !known.is_stored || head != known.document.head;
                known.is_fresh = true;
                known.document.head = head;
                known.seen_at = Some(row.place);
                known.is_dangling |= row.is_dangling;
            }
            Some(first) => {
                let columns = differences(&known.document.head, &head, R::DATE);
                if !columns.is_empty() {
                    let first = self.show_place(first, file);
                    for column in columns {
                        let message = format!("differs from {first} of the same {}", R::KEY[0]);
                        self.faults.push(Fault::cell(file, row.at, column, message));
                    }
                    return None;
                }
            }
        }
        Some((known.document.id, head, known.is_changed, known.is_dangling))
    }
}

/// The columns in which two heads differ.
fn differences(a: &DocumentHead, b: &DocumentHead, date: &'static str) -> Vec<&'static str> {
    let (kind, status) = match (a.class, b.class) {
        (DocumentClass::Order(kind_a, status_a), DocumentClass::Order(kind_b, status_b)) => {
            (kind_a != kind_b, status_a != status_b)
        }
        (a, b) => (a != b, false),
    };
    [
        (kind, "kind"),
        (a.customer != b.customer, "customer"),
        (a.date != b.date, date),
        (status, "status"),
        (a.currency != b.currency, "currency"),
    ]
    .into_iter()
    .filter_map(|(differs, column)| differs.then_some(column))
    .collect()
}
