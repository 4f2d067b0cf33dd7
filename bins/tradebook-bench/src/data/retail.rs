//! Two years of a wholesaler's invoices, of the size of the *Online Retail* data set.

use std::io::Write as _;
use std::path::PathBuf;

use time::macros::date;
use time::{Date, Duration};

use super::random::Random;
use super::{csv, customer, product};
use crate::BenchError;

/// An import folder: products, customers, and invoices of one to thirty lines over two years.
#[derive(Debug, clap::Args)]
pub(crate) struct Retail {
    /// The folder, which is created if it is missing.
    folder: PathBuf,
    /// Invoice lines.
    #[arg(long, default_value_t = 809_560, value_name = "N")]
    lines: u32,
    /// Customers.
    #[arg(long, default_value_t = 5_942, value_name = "N")]
    customers: u32,
    /// Products.
    #[arg(long, default_value_t = 5_304, value_name = "N")]
    products: u32,
}

const FIRST: Date = date!(2009 - 12 - 01);
const DAYS: u32 = 739;
const MOST_LINES: u32 = 30;

pub(crate) fn write(arguments: &Retail) -> Result<(), BenchError> {
    let Retail { folder, lines, customers, products } = arguments;
    csv(folder, "products.csv", "code,description", |out| {
        (1..=*products).try_for_each(|id| writeln!(out, "{},Product {id}", product(id)))
    })?;
    csv(folder, "customers.csv", "reference,name", |out| {
        (1..=*customers).try_for_each(|id| writeln!(out, "{},Customer {id}", customer(id)))
    })?;
    let header = "invoice,line,kind,customer,tax_point,currency,product,quantity,unit_price";
    csv(folder, "invoice_lines.csv", header, |out| {
        let mut random = Random::new(1);
        let (mut written, mut invoice) = (0, 0);
        while written < *lines {
            let day = FIRST + Duration::days(i64::from(days_before(written, *lines)));
            let of = customer(random.between(1, *customers));
            let count = random.between(1, MOST_LINES).min(lines - written);
            for line in 1..=count {
                let product = product(random.between(1, *products));
                let (quantity, cents) = (random.between(1, 48), random.between(10, 2000));
                let (whole, rest) = (cents / 100, cents % 100);
                writeln!(
                    out,
                    "{invoice:06},{line},I,{of},{day},GBP,{product},{quantity},{whole}.{rest:02}"
                )?;
            }
            written += count;
            invoice += 1;
        }
        Ok(())
    })
}

/// Invoices come by date: the share of the lines that are written is the share of the days that are over.
fn days_before(written: u32, lines: u32) -> u32 {
    let days = u64::from(written) * u64::from(DAYS) / u64::from(lines.max(1));
    u32::try_from(days).unwrap_or_default()
}
