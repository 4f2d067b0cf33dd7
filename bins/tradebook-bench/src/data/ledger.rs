//! Invoice lines written straight into a database: what the import would make of them, without the import's checks and with the indexes last.

use std::path::PathBuf;

use rusqlite::{Connection, params};
use time::Date;

use super::random::Random;
use crate::BenchError;
use crate::report::day;

/// Writes invoice lines into a database that has the customers and products already, with ids from 1. Each customer gets 25 invoices of 20
/// lines in the two years up to the last day, by date over all customers, so that one customer's lines lie far apart.
#[derive(Debug, clap::Args)]
pub(crate) struct Ledger {
    /// The SQLite file, which nobody else may use meanwhile.
    #[arg(long, value_name = "FILE")]
    database: PathBuf,
    /// The organization's id.
    #[arg(long, default_value_t = 1, value_name = "ID")]
    organization: i32,
    /// Customers: each has 500 lines.
    #[arg(long, value_name = "N")]
    customers: u32,
    /// Products.
    #[arg(long, value_name = "N")]
    products: u32,
    /// The last day.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    last: Date,
}

const INVOICES: u32 = 25;
const LINES: u32 = 20;
/// Two years with a leap day: the oldest invoices are of the first day that a report over 24 months takes.
const DAYS: u32 = 731;

pub(crate) fn write(arguments: &Ledger) -> Result<(), BenchError> {
    let mut connection = Connection::open(&arguments.database)?;
    connection.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -524288;",
    )?;
    let indexes = drop_indexes(&connection)?;
    let transaction = connection.transaction()?;
    insert(&transaction, arguments)?;
    transaction.commit()?;
    for index in indexes {
        connection.execute_batch(&index)?;
    }
    connection.execute_batch("PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL;")?;
    Ok(())
}

/// Drops the indexes of the ledger; what makes them again.
fn drop_indexes(connection: &Connection) -> Result<Vec<String>, BenchError> {
    let mut statement = connection.prepare(
        "SELECT name, sql FROM sqlite_schema
        WHERE type = 'index' AND tbl_name IN ('ledger_documents', 'ledger_lines') AND sql IS NOT NULL",
    )?;
    let indexes: Vec<(String, String)> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    indexes
        .into_iter()
        .map(|(name, sql)| {
            connection.execute_batch(&format!("DROP INDEX {name}"))?;
            Ok(sql)
        })
        .collect()
}

fn insert(connection: &Connection, arguments: &Ledger) -> Result<(), BenchError> {
    let Ledger { organization, customers, products, last, .. } = arguments;
    let mut document = connection.prepare(
        "INSERT INTO ledger_documents (organization_id, ledger, id, number, kind, status, customer_id, date, currency)
        VALUES (?, 2, ?, ?, 1, 0, ?, ?, 'EUR')",
    )?;
    let mut line = connection.prepare(
        "INSERT INTO ledger_lines (organization_id, ledger, document_id, line, kind, status, customer_id, date, product_id,
            quantity, unit_price)
        VALUES (?, 2, ?, ?, 1, 0, ?, ?, ?, ?, 1250000)",
    )?;
    let mut random = Random::new(1);
    let mut id: i64 = 0;
    for round in 0..INVOICES {
        let days_ago = i32::try_from(DAYS - round * DAYS / INVOICES).unwrap_or_default();
        let date = last.to_julian_day() - days_ago;
        for customer in 1..=*customers {
            id += 1;
            document.execute(params![organization, id, format!("{id:08}"), customer, date])?;
            for number in 1..=LINES {
                let product = random.between(1, *products);
                line.execute(params![
                    organization,
                    id,
                    number,
                    customer,
                    date,
                    product,
                    number % 9 + 1
                ])?;
            }
        }
    }
    Ok(())
}
