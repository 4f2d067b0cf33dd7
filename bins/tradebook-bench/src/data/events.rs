//! Purchases of participants in a rewards scheme.

use std::io::Write as _;
use std::path::PathBuf;

use time::macros::date;
use time::{Date, Duration};

use super::random::Random;
use super::{csv, customer, product};
use crate::BenchError;

/// An import folder: customers with an account each, and their purchases, by date over all accounts.
#[derive(Debug, clap::Args)]
pub(crate) struct Events {
    /// The folder, which is created if it is missing.
    folder: PathBuf,
    /// Accounts, numbered from `ACR000001`.
    #[arg(long, value_name = "N")]
    accounts: u32,
    /// Purchases of each account.
    #[arg(long, value_name = "N")]
    purchases: u32,
}

const FIRST: Date = date!(2024 - 01 - 01);
const DAYS: u32 = 365;
const PRODUCTS: u32 = 100;
const LINES: u32 = 2;

pub(crate) fn write(arguments: &Events) -> Result<(), BenchError> {
    let Events { folder, accounts, .. } = arguments;
    csv(folder, "classifications.csv", "name", |out| writeln!(out, "Shop"))?;
    csv(folder, "product_types.csv", "name,classification", |out| {
        writeln!(out, "Goods,PHYSICALGOODS")
    })?;
    csv(folder, "products.csv", "code,description,product_type", |out| {
        (1..=PRODUCTS).try_for_each(|id| writeln!(out, "{},Product {id},Goods", product(id)))
    })?;
    csv(folder, "customers.csv", "reference,name", |out| {
        (1..=*accounts).try_for_each(|id| writeln!(out, "{},Customer {id}", customer(id)))
    })?;
    csv(folder, "accounts_receivable.csv", "number,customer", |out| {
        (1..=*accounts).try_for_each(|id| writeln!(out, "ACR{id:06},{}", customer(id)))
    })?;
    let header = "number,accounts_receivable,performed_on,created,classification,currency";
    csv(folder, "purchase_events.csv", header, |out| {
        for_each(arguments, |number, account, day| {
            writeln!(out, "{number:08},ACR{account:06},{day}T10:00:00Z,{day}T10:00:05Z,Shop,EUR")
        })
    })?;
    let header = "event,line,product,quantity,net_amount,vat_amount,total_amount";
    csv(folder, "purchase_event_products.csv", header, |out| {
        let mut random = Random::new(3);
        for_each(arguments, |number, _, _| {
            (1..=LINES).try_for_each(|line| {
                let of = product(random.between(1, PRODUCTS));
                writeln!(out, "{number:08},{line},{of},{},10.00,2.00,12.00", random.between(1, 9))
            })
        })
    })
}

/// Calls with the number, account and day of each purchase.
fn for_each(
    arguments: &Events,
    mut purchase: impl FnMut(u32, u32, Date) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let Events { accounts, purchases, .. } = arguments;
    let mut number = 0;
    for round in 0..*purchases {
        let day = FIRST + Duration::days(i64::from(round * DAYS / purchases));
        for account in 1..=*accounts {
            number += 1;
            purchase(number, account, day)?;
        }
    }
    Ok(())
}
