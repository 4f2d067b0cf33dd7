//! Import and export: files in, one transaction, a report out; and the same files back.
//!
//! [`import()`] reads any subset of the files, in any order, checks all of it and applies all of it or nothing. [`export()`] writes
//! the same files with all their columns, ordered by key, so that an export of an import of an export is the same bytes.

mod apply;
mod directory;
mod export;
mod faults;
mod feed;
mod finish;
mod import;
mod kinds;
mod lines;
mod report;

pub use export::{ExportError, ExportReport, ExportedFile, export};
pub use faults::{Faults, MAX_FAULTS};
pub use import::{ImportRequest, import};
pub use report::{
    FileReport, ImportError, ImportReport, MAX_PRICE_CHANGES, PriceChange, PriceOwner, Progress,
};
