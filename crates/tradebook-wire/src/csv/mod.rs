//! The import files: UTF-8 CSV by RFC 4180, one file per [`FileKind`], with a header row and columns in any order.
//!
//! This module knows the format and nothing else: which file is of which kind, what its columns are called, what a cell
//! means, and where a fault is. [`find_sources`] turns paths into [`Source`]s, [`RowReader`] turns a source into typed rows
//! with their line numbers, and [`RowWriter`] writes the same rows back, so that `read(write(row)) == row`.
//!
//! ```
//! use tradebook_wire::csv::{Column, PriceRow, RowReader};
//!
//! let text = "price_list,product,quantity,price\nTRADE,85123A,12,2.55\n";
//! let mut faults = Vec::new();
//! let mut rows = RowReader::<PriceRow, _>::new("prices.csv", text.as_bytes());
//! let (line, row) = rows.next_row(&mut faults)?.expect("one row");
//! assert_eq!(line, 2);
//! assert_eq!(row.product.as_str(), "85123A");
//! assert_eq!(row.price, Column::Given("2.55".parse()?));
//! assert_eq!(row.poa, Column::Absent);
//! assert!(rows.next_row(&mut faults)?.is_none() && faults.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Cells are written as they are: a text that begins with `=`, `+`, `-` or `@` gets no apostrophe before it, because a code
//! that changes on its way through a file names another record. Spreadsheets should open such files with all columns as text.

mod cell;
mod fault;
mod kind;
mod moment;
mod reader;
mod record;
mod rows;
mod secret;
mod source;
mod writer;

pub use cell::{Cell, Column, Day};
pub use fault::Fault;
pub use kind::{ColumnSpec, FileKind, FileName};
pub use moment::Moment;
pub use reader::{Cells, Entry, Key, KeyAndId, ReadRow, Row, RowReader};
pub use record::MAX_RECORD_BYTES;
pub use rows::{
    AccessTokenRow, AccountRow, AgreedPriceRow, CategoryRow, ClassificationRow, ContactRow,
    CurrencyRow, CustomerPartNumberRow, CustomerRow, InvoiceLineRow, OrderLineRow, ParticipantRow,
    PaymentTypeRow, PriceListRow, PriceRow, ProductRow, ProductTypeRow, PurchaseLineRow,
    PurchaseRow, RatePeriodRow, RegionRow, SegmentationRow, ShownAccessTokenRow, SpendRequestRow,
    UnitRow, UserRow,
};
pub use secret::Secret;
pub use source::{Found, Source, SourceError, find_sources};
pub use writer::{CellWriter, RowWriter};
