//! A bare actix handler that reads a buying report with rusqlite: the same rows as Tradebook's, in one statement, on a connection of each
//! thread's own.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use actix_web::error::ErrorInternalServerError;
use actix_web::{HttpResponse, web};
use rusqlite::{Connection, OpenFlags, Row, named_params};
use serde::{Deserialize, Serialize};
use time::Date;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

use crate::BenchError;
use crate::constant::{Server, run};

/// Serves buying reports from invoices on any path: `POST` with the body that Tradebook takes; `CustomerID` counts and nothing else.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Report {
    /// The SQLite file.
    #[arg(long, value_name = "FILE")]
    database: PathBuf,
    /// The organization's id.
    #[arg(long, default_value_t = 1, value_name = "ID")]
    organization: i32,
    /// The first day of the period.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    from: Date,
    /// The last day of the period, which is also the business date.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    to: Date,
    #[command(flatten)]
    server: Server,
}

pub(crate) fn day(text: &str) -> Result<Date, String> {
    Date::parse(text, format_description!("[year]-[month]-[day]"))
        .map_err(|error| error.to_string())
}

/// One pass over a customer's stretch of the covering index gives the quantities of the period and the last invoices. `CROSS JOIN` keeps
/// SQLite from the order of tables that it would take without statistics, which reads all products.
const STATEMENT: &str = "
    SELECT p.id, p.code, p.description, n.part_number, p.barcode, p.epos_barcode, l.quantity, l.last_invoiced,
        CASE WHEN p.available > 0 THEN NULL ELSE p.next_available END
    FROM (
        SELECT product_id,
            SUM(CASE WHEN date >= :from THEN quantity ELSE 0 END) AS quantity,
            MAX(CASE WHEN kind = 1 THEN date END) AS last_invoiced
        FROM ledger_lines
        WHERE organization_id = :organization AND customer_id = :customer AND ledger = 2 AND date <= :to
        GROUP BY product_id
    ) AS l
    CROSS JOIN products AS p ON p.organization_id = :organization AND p.id = l.product_id
    LEFT JOIN customer_part_numbers AS n
        ON n.organization_id = :organization AND n.customer_id = :customer AND n.product_id = l.product_id
    WHERE l.quantity > 0 AND (p.available > 0 OR p.next_available > :to)
    ORDER BY p.code";

#[derive(Debug, Deserialize)]
struct Question {
    #[serde(rename = "CustomerID")]
    customer: i32,
}

#[derive(Debug, Serialize)]
struct Answer {
    #[serde(rename = "BuyingReportList")]
    rows: Vec<Item>,
}

#[derive(Debug, Serialize)]
struct Item {
    #[serde(rename = "ID")]
    id: i32,
    #[serde(rename = "Code")]
    code: String,
    #[serde(rename = "Description")]
    description: Option<String>,
    #[serde(rename = "CustPartNo")]
    part_number: Option<String>,
    #[serde(rename = "Barcode")]
    barcode: Option<String>,
    #[serde(rename = "EPOSBarcode")]
    epos_barcode: Option<String>,
    #[serde(rename = "Qty")]
    quantity: i64,
    #[serde(rename = "LastInvoiced")]
    last_invoiced: Option<String>,
    #[serde(rename = "NextAvail")]
    next_available: Option<String>,
}

thread_local! {
    static CONNECTION: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

pub(crate) fn serve(arguments: Report) -> Result<(), BenchError> {
    // A database that cannot be read ends the program here, not at the first request.
    open(&arguments.database)?;
    run(arguments.server.clone(), move |config| {
        config.app_data(web::Data::new(arguments.clone())).default_service(web::to(answer));
    })
}

async fn answer(
    question: web::Json<Question>,
    arguments: web::Data<Report>,
) -> actix_web::Result<HttpResponse> {
    let rows = CONNECTION
        .with_borrow_mut(|connection| {
            let connection = match connection {
                Some(connection) => connection,
                None => connection.insert(open(&arguments.database)?),
            };
            read(connection, &arguments, question.customer)
        })
        .map_err(ErrorInternalServerError)?;
    if rows.is_empty() {
        return Ok(HttpResponse::NoContent().finish());
    }
    Ok(HttpResponse::Ok().json(Answer { rows }))
}

/// With the settings that Tradebook reads with.
fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.execute_batch("PRAGMA mmap_size=268435456; PRAGMA cache_size=-16384;")?;
    Ok(connection)
}

fn read(connection: &Connection, arguments: &Report, customer: i32) -> rusqlite::Result<Vec<Item>> {
    let mut statement = connection.prepare_cached(STATEMENT)?;
    let rows = statement.query_map(
        named_params! {
            ":organization": arguments.organization,
            ":customer": customer,
            ":from": arguments.from.to_julian_day(),
            ":to": arguments.to.to_julian_day(),
        },
        item,
    )?;
    rows.collect()
}

fn item(row: &Row<'_>) -> rusqlite::Result<Item> {
    Ok(Item {
        id: row.get(0)?,
        code: row.get(1)?,
        description: row.get(2)?,
        part_number: row.get(3)?,
        barcode: row.get(4)?,
        epos_barcode: row.get(5)?,
        quantity: row.get(6)?,
        last_invoiced: row.get::<_, Option<i32>>(7)?.and_then(compact),
        next_available: row.get::<_, Option<i32>>(8)?.and_then(compact),
    })
}

/// A Julian day as `YYYYMMDD`.
fn compact(julian: i32) -> Option<String> {
    const COMPACT: StaticFormatDescription = format_description!("[year][month][day]");
    Date::from_julian_day(julian).ok()?.format(COMPACT).ok()
}
