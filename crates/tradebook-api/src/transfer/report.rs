//! What an import did, or would do.

use std::fmt;
use std::sync::Arc;

use time::Date;
use tradebook_model::{
    BreakQuantity, CustomerReference, OrganizationName, Price, PriceListCode, ProductCode, Revision,
};
use tradebook_store::StoreError;
use tradebook_wire::csv::{FileKind, SourceError};

use super::Faults;

/// How many changed prices are kept; all are counted.
pub const MAX_PRICE_CHANGES: usize = 1000;

/// What an import did, or without [`revision`](Self::revision) would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// The files, in the order in which they were applied.
    pub files: Vec<FileReport>,
    /// The first [`MAX_PRICE_CHANGES`] prices that differ from those stored.
    pub price_changes: Vec<PriceChange>,
    /// How many prices differ.
    pub price_changes_total: u64,
    /// The revision that made it visible; `None` after a dry run.
    pub revision: Option<Revision>,
}

/// What one file did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReport {
    /// The file as it was named.
    pub file: Arc<str>,
    /// What it is about.
    pub kind: FileKind,
    /// Rows that were not stored before.
    pub created: u64,
    /// Rows that were stored with other values.
    pub updated: u64,
    /// Rows that were stored with the same values.
    pub unchanged: u64,
    /// Stored rows that were removed because the file no longer has them. Of several files of one kind the last one counts them.
    pub removed: u64,
}

/// A price that differs from the one stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceChange {
    /// The file.
    pub file: Arc<str>,
    /// The line.
    pub line: u64,
    /// Whose price it is.
    pub owner: PriceOwner,
    /// The product.
    pub product: ProductCode,
    /// The first day on which it holds.
    pub valid_from: Option<Date>,
    /// The price that is stored.
    pub old: Price,
    /// The price of the file.
    pub new: Price,
}

/// Whose price it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PriceOwner {
    /// A list's, from a quantity on.
    List(PriceListCode, BreakQuantity),
    /// Agreed with a customer.
    Customer(CustomerReference),
}

impl FileReport {
    /// How many rows the file has.
    pub fn rows(&self) -> u64 {
        self.created + self.updated + self.unchanged
    }
}

impl fmt::Display for PriceChange {
    /// `prices.csv:12: TRADE 85123A from 12: 2.55 → 2.95`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        match &self.owner {
            PriceOwner::List(list, quantity) => {
                write!(f, "{list} {} from {quantity}", self.product)?;
            }
            PriceOwner::Customer(customer) => write!(f, "{customer} {}", self.product)?,
        }
        if let Some(day) = self.valid_from {
            write!(f, ", valid from {day}")?;
        }
        write!(f, ": {} → {}", Shown(self.old), Shown(self.new))
    }
}

struct Shown(Price);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Price::Amount(amount) => amount.fmt(f),
            Price::OnApplication => f.write_str("on application"),
        }
    }
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The file being read.
    pub file: &'a str,
    /// How many of its rows were read.
    pub rows: u64,
    /// How many bytes of all files were read, as they are on disk.
    pub bytes: u64,
    /// How many bytes there are to read.
    pub total_bytes: u64,
}

/// Why an import did not happen. Nothing was applied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// There is no organization of that name.
    #[error("there is no organization `{0}`; `tradebook organization create` makes one")]
    UnknownOrganization(OrganizationName),
    /// A path that does not exist, cannot be read, or is no import file.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A file that could not be read to its end.
    #[error("cannot read {file}")]
    Read {
        /// The file.
        file: Arc<str>,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The files have faults.
    #[error("nothing was imported: the files have {}", counted(.0.total()))]
    Faults(Faults),
    /// The database did not do what it was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn counted(faults: u64) -> String {
    if faults == 1 { "1 fault".to_owned() } else { format!("{faults} faults") }
}
