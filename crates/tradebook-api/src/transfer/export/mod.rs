//! The same files back: all kinds, all columns, ordered by key.

mod events;
mod rows;

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use tradebook_model::{
    Category, Contact, Currency, Customer, OrganizationName, PaymentType, PriceList, Product,
    ProductType, Region, Segmentation, User,
};
use tradebook_store::export::{Export, Paged};
use tradebook_store::import::{
    AccessToken, AccountRecord, ClassificationRecord, Coded, Ledger, ParticipantRecord, Purchase,
    RatePeriodRecord, SpendRequestRecord, UnitRecord,
};
use tradebook_store::{Store, StoreError};
use tradebook_wire::csv::{
    AccountRow, AgreedPriceRow, CategoryRow, ClassificationRow, ContactRow, CurrencyRow,
    CustomerPartNumberRow, CustomerRow, FileKind, InvoiceLineRow, OrderLineRow, ParticipantRow,
    PaymentTypeRow, PriceListRow, PriceRow, ProductRow, ProductTypeRow, PurchaseLineRow,
    PurchaseRow, RatePeriodRow, RegionRow, Row, RowWriter, SegmentationRow, ShownAccessTokenRow,
    SpendRequestRow, UnitRow, UserRow,
};

use self::rows::Codes;

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportReport {
    /// The files, in the order in which an import applies them. All kinds are written, also those without rows.
    pub files: Vec<ExportedFile>,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedFile {
    /// Where it is.
    pub path: PathBuf,
    /// What it is about.
    pub kind: FileKind,
    /// How many rows it has.
    pub rows: u64,
}

/// Why an export failed. Files that were there before are as they were, or new as a whole.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// There is no organization of that name.
    #[error("there is no organization `{0}`; `tradebook organization list` shows all")]
    UnknownOrganization(OrganizationName),
    /// A folder or file that cannot be written.
    #[error("cannot write {path}")]
    Write {
        /// The path.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The database did not do what it was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes an organization's data as import files into a folder, which is made where it does not exist. Files of the same names are
/// replaced, each as a whole, once all of them could be written; other files stay.
///
/// All of it is as of one moment. Texts are written as they are: an import of the export gives the same data again.
///
/// # Errors
///
/// See [`ExportError`].
pub fn export(
    store: &Store,
    organization: &OrganizationName,
    folder: &Path,
) -> Result<ExportReport, ExportError> {
    let organization = store
        .find_organization(organization)?
        .ok_or_else(|| ExportError::UnknownOrganization(organization.clone()))?;
    let at_folder = |source| ExportError::Write { path: folder.to_owned(), source };
    fs::create_dir_all(folder).map_err(at_folder)?;
    // The new files wait beside the old ones, in the same file system, until all of them are complete.
    let waiting = folder.join(format!(".export-{}", std::process::id()));
    fs::create_dir_all(&waiting).map_err(at_folder)?;
    let result = store
        .export(organization.id, |export| {
            let codes = Codes::load(export)?;
            let mut exporter = Exporter { export, codes, folder: &waiting };
            FileKind::ALL
                .into_iter()
                .map(|kind| exporter.write_kind(kind))
                .collect::<Result<Vec<_>, ExportError>>()
        })
        .and_then(|files| publish(files, &waiting, folder));
    // What is left after a failure is of no use; that it cannot be removed is of no harm.
    let _ = fs::remove_dir_all(&waiting);
    result
}

fn publish(
    files: Vec<(FileKind, u64)>,
    waiting: &Path,
    folder: &Path,
) -> Result<ExportReport, ExportError> {
    let mut report = ExportReport::default();
    for (kind, rows) in files {
        let path = folder.join(kind.file_name());
        fs::rename(waiting.join(kind.file_name()), &path)
            .map_err(|source| ExportError::Write { path: path.clone(), source })?;
        report.files.push(ExportedFile { path, kind, rows });
    }
    Ok(report)
}

struct Exporter<'e, 'c> {
    export: &'e mut Export<'c>,
    codes: Codes,
    folder: &'e Path,
}

impl Exporter<'_, '_> {
    fn write_kind(&mut self, kind: FileKind) -> Result<(FileKind, u64), ExportError> {
        let rows = match kind {
            FileKind::Currencies => self.write_pages::<CurrencyRow, Currency>(rows::currency),
            FileKind::Products => self.write_pages::<ProductRow, Product>(rows::product),
            FileKind::PriceLists => self.write_pages::<PriceListRow, PriceList>(rows::price_list),
            FileKind::Categories => self.write_pages::<CategoryRow, Category>(rows::category),
            FileKind::Segmentations => {
                self.write_pages::<SegmentationRow, Segmentation>(rows::segmentation)
            }
            FileKind::PaymentTypes => {
                self.write_pages::<PaymentTypeRow, PaymentType>(rows::payment_type)
            }
            FileKind::Regions => self.write_pages::<RegionRow, Region>(rows::region),
            FileKind::Users => self.write_pages::<UserRow, User>(rows::user),
            FileKind::Customers => self.write_pages::<CustomerRow, Customer>(rows::customer),
            FileKind::Contacts => self.write_pages::<ContactRow, Contact>(rows::contact),
            FileKind::Prices => self.write_prices(),
            FileKind::AgreedPrices => self.write_agreed_prices(),
            FileKind::CustomerPartNumbers => self.write_part_numbers(),
            FileKind::OrderLines => {
                self.write_lines::<OrderLineRow>(Ledger::Orders, rows::order_line)
            }
            FileKind::InvoiceLines => {
                self.write_lines::<InvoiceLineRow>(Ledger::Invoices, rows::invoice_line)
            }
            FileKind::AccountsReceivable => {
                self.write_pages::<AccountRow, AccountRecord>(events::account)
            }
            FileKind::AccessTokens => {
                self.write_pages::<ShownAccessTokenRow, AccessToken>(events::access_token)
            }
            FileKind::RewardsParticipants => {
                self.write_pages::<ParticipantRow, ParticipantRecord>(events::participant)
            }
            FileKind::Classifications => {
                self.write_pages::<ClassificationRow, ClassificationRecord>(events::classification)
            }
            FileKind::Units => self.write_pages::<UnitRow, UnitRecord>(events::unit),
            FileKind::ProductTypes => {
                self.write_pages::<ProductTypeRow, ProductType>(events::product_type)
            }
            FileKind::CurrencyRatePeriods => {
                self.write_pages::<RatePeriodRow, RatePeriodRecord>(events::rate_period)
            }
            FileKind::PurchaseEvents => self.write_pages::<PurchaseRow, Purchase>(events::purchase),
            FileKind::PurchaseEventProducts => self.write_purchase_lines(),
            FileKind::SpendRequests => self.write_spend_requests(),
        }?;
        Ok((kind, rows))
    }

    fn write_pages<R: Row, T: Paged>(
        &mut self,
        row: impl Fn(T, &Codes) -> Result<R, StoreError>,
    ) -> Result<u64, ExportError> {
        let mut output = Output::new::<R>(self.folder)?;
        let mut after = String::new();
        loop {
            let page = self.export.page::<T>(&after)?;
            let Some(last) = page.last() else { break };
            last.code().clone_into(&mut after);
            for record in page {
                output.write(&row(record, &self.codes)?)?;
            }
        }
        output.finish()
    }

    fn write_prices(&mut self) -> Result<u64, ExportError> {
        let mut output = Output::new::<PriceRow>(self.folder)?;
        for list in self.codes.lists_in_order()? {
            let mut prices = self.export.prices_of(list)?;
            prices.sort_by_cached_key(|price| {
                let product = self.codes.text(Coded::Products, price.product.get());
                (product.map(ToOwned::to_owned), price.quantity, price.validity.from())
            });
            for price in prices {
                output.write(&rows::price(price, &self.codes)?)?;
            }
        }
        output.finish()
    }

    fn write_agreed_prices(&mut self) -> Result<u64, ExportError> {
        let mut output = Output::new::<AgreedPriceRow>(self.folder)?;
        for customers in self.codes.customers_in_order()?.chunks(CUSTOMERS) {
            let mut prices = self.export.agreed_prices_of(customers)?;
            prices.sort_by_cached_key(|price| {
                let customer = self.codes.text(Coded::Customers, price.customer.get());
                let product = self.codes.text(Coded::Products, price.product.get());
                let own = |text: Option<&str>| text.map(ToOwned::to_owned);
                (own(customer), own(product), price.validity.from())
            });
            for price in prices {
                output.write(&rows::agreed_price(price, &self.codes)?)?;
            }
        }
        output.finish()
    }

    fn write_part_numbers(&mut self) -> Result<u64, ExportError> {
        let mut output = Output::new::<CustomerPartNumberRow>(self.folder)?;
        for customers in self.codes.customers_in_order()?.chunks(CUSTOMERS) {
            let mut numbers = self.export.part_numbers_of(customers)?;
            numbers.sort_by_cached_key(|number| {
                let customer = self.codes.text(Coded::Customers, number.customer.get());
                let product = self.codes.text(Coded::Products, number.product.get());
                let own = |text: Option<&str>| text.map(ToOwned::to_owned);
                (own(customer), own(product))
            });
            for number in numbers {
                output.write(&rows::part_number(number, &self.codes)?)?;
            }
        }
        output.finish()
    }

    fn write_lines<R: Row>(
        &mut self,
        ledger: Ledger,
        row: impl Fn(
            &tradebook_store::import::Document,
            tradebook_store::import::DocumentLine,
            &Codes,
        ) -> Result<R, StoreError>,
    ) -> Result<u64, ExportError> {
        let mut output = Output::new::<R>(self.folder)?;
        let mut after = String::new();
        loop {
            let documents = self.export.documents(ledger, &after)?;
            let Some(last) = documents.last() else { break };
            last.number.as_str().clone_into(&mut after);
            for documents in documents.chunks(DOCUMENTS) {
                let places: HashMap<i64, usize> =
                    documents.iter().enumerate().map(|(at, document)| (document.id, at)).collect();
                let ids: Vec<_> = documents.iter().map(|document| document.id).collect();
                let mut lines = self.export.lines(ledger, &ids)?;
                lines.sort_unstable_by_key(|line| (places.get(&line.document), line.line));
                for line in lines {
                    let place = places.get(&line.document);
                    let Some(document) = place.and_then(|place| documents.get(*place)) else {
                        continue;
                    };
                    output.write(&row(document, line, &self.codes)?)?;
                }
            }
        }
        output.finish()
    }
}

impl Exporter<'_, '_> {
    fn write_purchase_lines(&mut self) -> Result<u64, ExportError> {
        let mut output = Output::new::<PurchaseLineRow>(self.folder)?;
        let mut after = String::new();
        loop {
            let purchases = self.export.page::<Purchase>(&after)?;
            let Some(last) = purchases.last() else { break };
            last.code().clone_into(&mut after);
            let keys: Vec<i64> = purchases.iter().filter_map(|purchase| purchase.key).collect();
            let mut lines: HashMap<i64, Vec<_>> = HashMap::new();
            for line in self.export.purchase_lines(&keys)? {
                lines.entry(line.event).or_default().push(line);
            }
            for purchase in purchases {
                let of_purchase = purchase.key.and_then(|key| lines.remove(&key));
                for line in of_purchase.into_iter().flatten() {
                    output.write(&events::purchase_line(&purchase, line, &self.codes)?)?;
                }
            }
        }
        output.finish()
    }

    fn write_spend_requests(&mut self) -> Result<u64, ExportError> {
        let mut output = Output::new::<SpendRequestRow>(self.folder)?;
        let mut after = String::new();
        loop {
            let requests = self.export.page::<SpendRequestRecord>(&after)?;
            let Some(last) = requests.last() else { break };
            last.code().clone_into(&mut after);
            let keys: Vec<i64> = requests.iter().map(|request| request.event).collect();
            let numbers = self.export.purchase_numbers(&keys)?.into_iter().collect();
            for request in requests {
                output.write(&events::spend_request(request, &numbers)?)?;
            }
        }
        output.finish()
    }
}

/// How many customers' rows are read at once.
const CUSTOMERS: usize = 500;

/// How many documents' lines are read at once.
const DOCUMENTS: usize = 200;

/// A file being written.
struct Output {
    path: PathBuf,
    writer: RowWriter<BufWriter<File>>,
    rows: u64,
}

impl Output {
    fn new<R: Row>(folder: &Path) -> Result<Self, ExportError> {
        let path = folder.join(R::KIND.file_name());
        let writer = File::create(&path)
            .and_then(|file| RowWriter::new::<R>(BufWriter::new(file)))
            .map_err(|source| ExportError::Write { path: path.clone(), source })?;
        Ok(Self { path, writer, rows: 0 })
    }

    fn write<R: Row>(&mut self, row: &R) -> Result<(), ExportError> {
        self.rows += 1;
        self.writer
            .write(row)
            .map_err(|source| ExportError::Write { path: self.path.clone(), source })
    }

    fn finish(self) -> Result<u64, ExportError> {
        let Self { path, writer, rows } = self;
        writer
            .finish()
            .and_then(|buffer| buffer.into_inner().map_err(io::IntoInnerError::into_error))
            .and_then(|file| file.sync_all())
            .map_err(|source| ExportError::Write { path, source })?;
        Ok(rows)
    }
}
