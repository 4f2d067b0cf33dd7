//! Products, price lists, and customers with terms.

use std::io::Write as _;
use std::path::PathBuf;

use super::random::Random;
use super::{csv, customer, product};
use crate::BenchError;

/// An import folder: products, price lists with three quantity breaks, customers with terms and agreed prices.
#[derive(Debug, clap::Args)]
pub(crate) struct Catalogue {
    /// The folder, which is created if it is missing.
    folder: PathBuf,
    /// Products, with ids from 1.
    #[arg(long, value_name = "N")]
    products: u32,
    /// Standard price lists of all products, each in a currency of its own, EUR first.
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=3))]
    lists: u32,
    /// Customers on the first list, with ids from 1, no two with the same discount and agreed prices.
    #[arg(long, default_value_t = 0, value_name = "N")]
    customers: u32,
    /// Agreed prices of each customer.
    #[arg(long, default_value_t = 0, value_name = "N")]
    agreed: u32,
}

const CURRENCIES: [&str; 3] = ["EUR", "GBP", "USD"];
const BREAKS: [(u32, u32); 3] = [(1, 100), (12, 95), (144, 88)];

pub(crate) fn write(arguments: &Catalogue) -> Result<(), BenchError> {
    let Catalogue { folder, products, lists, customers, agreed } = arguments;
    if agreed > products {
        return Err(BenchError::Arguments("there are more agreed prices than products"));
    }
    csv(folder, "products.csv", "code,id,description,barcode,available", |out| {
        for id in 1..=*products {
            // Every fiftieth is out of stock, and nobody knows until when.
            let available = id % 50;
            writeln!(
                out,
                "{},{id},Product {id} of the catalogue,50{id:011},{available}",
                product(id)
            )?;
        }
        Ok(())
    })?;
    let currencies: Vec<&str> =
        CURRENCIES.iter().copied().zip(0..*lists).map(|(code, _)| code).collect();
    if !currencies.is_empty() {
        csv(folder, "price_lists.csv", "code,id,description,currency", |out| {
            for (currency, id) in currencies.iter().zip(1..) {
                writeln!(out, "STD-{currency},{id},Trade in {currency},{currency}")?;
            }
            Ok(())
        })?;
        csv(folder, "prices.csv", "price_list,product,quantity,price", |out| {
            for currency in &currencies {
                let mut random = Random::new(7);
                for id in 1..=*products {
                    let cents = random.between(100, 200_000);
                    for (quantity, percent) in BREAKS {
                        let cents = cents * percent / 100;
                        writeln!(
                            out,
                            "STD-{currency},{},{quantity},{}",
                            product(id),
                            euros(cents)
                        )?;
                    }
                }
            }
            Ok(())
        })?;
    }
    if *customers > 0 {
        write_customers(arguments, !currencies.is_empty())?;
    }
    Ok(())
}

fn write_customers(arguments: &Catalogue, terms: bool) -> Result<(), BenchError> {
    let Catalogue { folder, products, customers, agreed, .. } = arguments;
    if !terms {
        return csv(folder, "customers.csv", "reference,id,name", |out| {
            (1..=*customers).try_for_each(|id| writeln!(out, "{},{id},Customer {id}", customer(id)))
        });
    }
    let header = "reference,id,name,currency,standard_price_list,normal_discount";
    csv(folder, "customers.csv", header, |out| {
        for id in 1..=*customers {
            // From 0.001 to 30 percent.
            let thousandths = id % 30_000 + 1;
            let (whole, rest) = (thousandths / 1000, thousandths % 1000);
            writeln!(out, "{},{id},Customer {id},EUR,STD-EUR,{whole}.{rest:03}", customer(id))?;
        }
        Ok(())
    })?;
    if *agreed == 0 {
        return Ok(());
    }
    csv(folder, "agreed_prices.csv", "customer,product,price", |out| {
        let stride = products / agreed;
        for id in 1..=*customers {
            let mut random = Random::new(u64::from(id));
            for rule in 0..*agreed {
                let of = rule * stride + random.below(stride) + 1;
                writeln!(
                    out,
                    "{},{},{}",
                    customer(id),
                    product(of),
                    euros(random.between(50, 150_000))
                )?;
            }
        }
        Ok(())
    })
}

fn euros(cents: u32) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
