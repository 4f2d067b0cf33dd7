//! Data to measure with: import folders, and a ledger that is too large to be imported in the time.

mod catalogue;
mod events;
mod ledger;
mod names;
mod random;
mod retail;

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use crate::BenchError;

/// Makes data.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Data {
    /// An import folder: products, price lists with quantity breaks, customers with terms and agreed prices.
    Catalogue(catalogue::Catalogue),
    /// An import folder: many customers with invented names.
    Names(names::Names),
    /// An import folder: two years of a wholesaler's invoices.
    Retail(retail::Retail),
    /// An import folder: accounts and their purchase events.
    Events(events::Events),
    /// Writes invoice lines into a database in which customers and products are already.
    Ledger(ledger::Ledger),
}

pub(crate) fn make(data: Data) -> Result<(), BenchError> {
    match data {
        Data::Catalogue(arguments) => catalogue::write(&arguments),
        Data::Names(arguments) => names::write(&arguments),
        Data::Retail(arguments) => retail::write(&arguments),
        Data::Events(arguments) => events::write(&arguments),
        Data::Ledger(arguments) => ledger::write(&arguments),
    }
}

/// Writes one CSV file of a folder, which is made if it is missing. No field here needs quotes.
fn csv(
    folder: &Path,
    name: &str,
    header: &str,
    rows: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>,
) -> Result<(), BenchError> {
    std::fs::create_dir_all(folder).map_err(BenchError::file(folder))?;
    let path = folder.join(name);
    let file = File::create(&path).map_err(BenchError::file(&path))?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    writeln!(out, "{header}")
        .and_then(|()| rows(&mut out))
        .and_then(|()| out.flush())
        .map_err(BenchError::file(&path))
}

/// The reference, which is the account number, of the customer with this id.
fn customer(id: u32) -> String {
    format!("C{id:06}")
}

/// The code of the product with this id.
fn product(id: u32) -> String {
    format!("P{id:07}")
}
