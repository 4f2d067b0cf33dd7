//! A buying report of a customer with 500 lines, from an SQLite ledger of ten million: everything that the handler does, from the
//! question to the bytes of the answer. Not a criterion benchmark: the ledger takes a minute to make, and what counts is the spread over
//! customers.
//!
//! `BENCH_LEDGER_LINES` makes another size than 10,000,000.

#![expect(
    clippy::unwrap_used,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "a benchmark may stop where it cannot go on"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use time::macros::date;
use tradebook_api::transfer::{ImportRequest, import};
use tradebook_buying::{BuyingRequest, report, window};
use tradebook_model::{CustomerId, HistoryBasis, OrganizationId, Settings, TimeZone};
use tradebook_store::{CustomerSelector, Store, StoreOptions};
use tradebook_wire::caliq::{AnswerOptions, BuyingReportItem, BuyingReportWriter, MediaType};

const LINES_OF_A_CUSTOMER: usize = 500;
const PRODUCTS: usize = 20_000;
const TODAY: time::Date = date!(2024 - 06 - 10);

fn main() {
    let lines: usize = std::env::var("BENCH_LEDGER_LINES")
        .ok()
        .and_then(|text| text.replace('_', "").parse().ok())
        .unwrap_or(10_000_000);
    let customers = (lines / LINES_OF_A_CUSTOMER).max(1);
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("book.db").display());
    let store = Store::open(&url, &StoreOptions::default()).unwrap();
    store.migrate().unwrap();
    let settings = Settings::new("EUR".parse().unwrap(), TimeZone::UTC);
    let organization = store.create_organization(&"Bench".parse().unwrap(), &settings).unwrap();
    let data = folder.path().join("data");
    write_files(&data, customers).unwrap();
    let began = Instant::now();
    let request = ImportRequest {
        organization: organization.name,
        paths: vec![data.clone()],
        dry_run: false,
        replace: false,
    };
    import(&store, &request, &mut |_| {}).unwrap();
    println!(
        "{} ledger lines of {customers} customers imported in {:.1} s",
        customers * LINES_OF_A_CUSTOMER,
        began.elapsed().as_secs_f64()
    );
    std::fs::remove_dir_all(&data).unwrap();

    for (months, what) in [(3, "three months back"), (24, "all of its two years")] {
        let mut times = Vec::new();
        let (mut rows, mut bytes) = (0, 0);
        for round in 0..1000_usize {
            // A stride that visits customers far from each other.
            let customer = round * 7_919 % customers + 1;
            let began = Instant::now();
            let answer = answer(&store, organization.id, customer, months);
            times.push(began.elapsed());
            rows += answer.0;
            bytes += answer.1;
        }
        times.sort_unstable();
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        println!(
            "buying report, {what}: p50 {:.3} ms, p99 {:.3} ms, max {:.3} ms; {} rows and {} bytes on average",
            ms(times[times.len() / 2]),
            ms(times[times.len() * 99 / 100]),
            ms(times[times.len() - 1]),
            rows / times.len(),
            bytes / times.len(),
        );
    }
}

/// Rows and bytes of the answer.
fn answer(
    store: &Store,
    organization: OrganizationId,
    customer: usize,
    months: i32,
) -> (usize, usize) {
    let wanted = BuyingRequest::new(HistoryBasis::Invoices, months, 0).unwrap();
    let (from, to) = window(TODAY, wanted.months_back);
    let customer = CustomerSelector::Id(CustomerId::new(i32::try_from(customer).unwrap()).unwrap());
    let facts =
        store.buying_facts(organization, &customer, wanted.basis, from, to).unwrap().unwrap();
    let rows = report(&wanted, &facts, TODAY);
    let mut out = Vec::new();
    let mut writer = BuyingReportWriter::new(MediaType::ApplicationJson, AnswerOptions::default());
    writer.start(&mut out);
    for row in &rows {
        writer.item(
            &mut out,
            &BuyingReportItem {
                id: row.product.get(),
                code: row.code.as_str().into(),
                description: row.description.as_ref().map(|text| text.as_str().into()),
                customer_part_no: None,
                barcode: None,
                epos_barcode: None,
                quantity: i64::from(row.quantity),
                last_invoiced: None,
                next_available: None,
            },
        );
    }
    writer.finish(&mut out);
    (rows.len(), black_box(out).len())
}

/// Products, customers, and for each customer 25 invoices of 20 lines in the two years before today. Invoices come by date, as
/// a wholesaler writes them, so that a customer's lines lie far apart.
fn write_files(folder: &Path, customers: usize) -> std::io::Result<()> {
    std::fs::create_dir(folder)?;
    let mut products = String::from("code,id,description,available\n");
    for product in 1..=PRODUCTS {
        writeln!(products, "P{product:05},{product},Product {product},5").unwrap();
    }
    std::fs::write(folder.join("products.csv"), products)?;
    let mut names = String::from("reference,id,name\n");
    for customer in 1..=customers {
        writeln!(names, "C{customer:06},{customer},Customer {customer}").unwrap();
    }
    std::fs::write(folder.join("customers.csv"), names)?;
    let mut out = BufWriter::new(std::fs::File::create(folder.join("invoice_lines.csv"))?);
    writeln!(out, "invoice,line,customer,tax_point,product,quantity,unit_price")?;
    let invoices = LINES_OF_A_CUSTOMER / 20;
    let mut random = 1_u64;
    for round in 0..invoices {
        let day = TODAY - time::Duration::days((720 - round * 720 / invoices) as i64);
        for customer in 1..=customers {
            let number = round * customers + customer;
            for line in 1..=20 {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let product = (random >> 33) as usize % PRODUCTS + 1;
                writeln!(
                    out,
                    "{number:08},{line},C{customer:06},{day},P{product:05},{},1.25",
                    line % 9 + 1
                )?;
            }
        }
    }
    out.flush()
}
