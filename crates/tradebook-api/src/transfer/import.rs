//! One import from its paths to its report.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tradebook_model::{CurrencyCode, OrganizationName, Settings};
use tradebook_store::import::{Coded, Ending, Extent, Import, Place};
use tradebook_store::{Store, StoreError};
use tradebook_wire::csv::{
    AccountRow, CategoryRow, ClassificationRow, ContactRow, CustomerRow, Entry, Fault, FileKind,
    Found, InvoiceLineRow, Key, KeyAndId, OrderLineRow, ParticipantRow, PaymentTypeRow,
    PriceListRow, ProductRow, RatePeriodRow, ReadRow, RegionRow, SegmentationRow, Source, UnitRow,
    UserRow, find_sources,
};

use super::apply::Purchases;
use super::directory::{Directory, Refusal};
use super::feed::feed;
use super::report::PriceChange;
use super::{Faults, FileReport, ImportError, ImportReport, MAX_PRICE_CHANGES, Progress, kinds};

/// What to import, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRequest {
    /// Whose data it is.
    pub organization: OrganizationName,
    /// Folders, `.csv`, `.csv.gz`, `.csv.zst` and `.zip` files, in any order.
    pub paths: Vec<PathBuf>,
    /// Do everything but keep nothing.
    pub dry_run: bool,
    /// Also remove what the files no longer have: rows of prices within the lists they name, agreed prices and part numbers
    /// within the customers they name, all else within the organization.
    pub replace: bool,
}

/// Imports files into an organization: all of them, or nothing.
///
/// On SQLite, where only one can write at a time, others write between the steps of an import that is not small; two imports go
/// one after the other.
///
/// The files of one kind may be several. `progress` is called after every batch of rows. Memory does not grow with the files,
/// but with the organization's numbers of products, price lists and customers, whose codes are kept while it lasts.
///
/// # Errors
///
/// [`ImportError::Faults`] with the place of each fault where the files are at fault; otherwise what kept the files from being
/// read or the database from being changed. Nothing was applied then.
pub fn import(
    store: &Store,
    request: &ImportRequest,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<ImportReport, ImportError> {
    let organization = store
        .find_organization(&request.organization)?
        .ok_or_else(|| ImportError::UnknownOrganization(request.organization.clone()))?;
    let found = find_sources(&request.paths)?;
    let shared = [FileKind::Users, FileKind::Customers];
    let extent = Extent {
        bytes: found.sources.iter().map(size_of_rows).sum(),
        changes_shared_records: found.sources.iter().any(|source| shared.contains(&source.kind)),
    };
    let (mut report, revision) = store.import(organization.id, extent, |import| {
        let mut run = Run::new(import, &organization.settings, request.replace, &found, progress);
        run.work()?;
        if run.faults.total() > 0 {
            run.faults.sort(run.sources);
            return Err(ImportError::Faults(run.faults));
        }
        let report = run.report;
        Ok(if request.dry_run { Ending::Discard(report) } else { Ending::Apply(report) })
    })?;
    report.revision = revision;
    Ok(report)
}

/// About how many bytes of rows a source has.
fn size_of_rows(source: &Source) -> u64 {
    /// What compression makes of files of rows.
    const COMPRESSED: u64 = 6;
    let name = source.name.to_ascii_lowercase();
    let is_plain = name.ends_with(".csv") && !name.contains(".zip/");
    source.size.saturating_mul(if is_plain { 1 } else { COMPRESSED })
}

/// An import that is going on.
pub(super) struct Run<'r, 'c> {
    pub(super) import: &'r mut Import<'c>,
    pub(super) settings: &'r Settings,
    pub(super) replace: bool,
    pub(super) sources: &'r [Source],
    pub(super) directories: HashMap<Coded, Directory>,
    /// The currency of each customer, for documents that name none.
    pub(super) customer_currencies: Option<HashMap<i32, CurrencyCode>>,
    pub(super) purchases: Purchases,
    pub(super) faults: Faults,
    pub(super) report: ImportReport,
    places: Places,
    progress: &'r mut dyn FnMut(Progress<'_>),
    bytes: AtomicU64,
    total_bytes: u64,
}

/// The numbers that lines have across all files: those of each file follow those of the one read before it.
#[derive(Debug, Default)]
struct Places {
    next: u64,
    bases: HashMap<usize, u64>,
}

impl<'r, 'c> Run<'r, 'c> {
    fn new(
        import: &'r mut Import<'c>,
        settings: &'r Settings,
        replace: bool,
        found: &'r Found,
        progress: &'r mut dyn FnMut(Progress<'_>),
    ) -> Self {
        let mut faults = Faults::default();
        faults.extend(found.faults.iter().cloned());
        let passes = |source: &Source| if coded(source.kind).is_some() { 2 } else { 1 };
        Self {
            import,
            settings,
            replace,
            sources: &found.sources,
            directories: HashMap::new(),
            customer_currencies: None,
            purchases: Purchases::default(),
            faults,
            report: ImportReport::default(),
            places: Places::default(),
            progress,
            bytes: AtomicU64::new(0),
            total_bytes: found.sources.iter().map(|source| source.size * passes(source)).sum(),
        }
    }

    fn work(&mut self) -> Result<(), ImportError> {
        let kinds: Vec<FileKind> =
            FileKind::ALL.into_iter().filter(|kind| self.has(*kind)).collect();
        for kind in &kinds {
            if let Some(coded) = coded(*kind) {
                self.enter_kind(*kind, coded)?;
            }
            for index in self.sources_of(*kind) {
                self.apply_source(index)?;
            }
        }
        self.finish(&kinds)
    }

    /// Whether a file of this kind is among the sources.
    pub(super) fn has(&self, kind: FileKind) -> bool {
        self.sources.iter().any(|source| source.kind == kind)
    }

    /// The directory of a kind, loaded where it is not yet.
    pub(super) fn need(&mut self, coded: Coded) -> Result<&mut Directory, StoreError> {
        match self.directories.entry(coded) {
            std::collections::hash_map::Entry::Occupied(entry) => Ok(entry.into_mut()),
            std::collections::hash_map::Entry::Vacant(entry) => {
                Ok(entry.insert(Directory::load(self.import, coded)?))
            }
        }
    }

    /// Reads all rows of a source in batches, keeps their faults, and hands the rows to `consume` with the first place of the file.
    pub(super) fn read<R: ReadRow + Send>(
        &mut self,
        index: usize,
        size: usize,
        keep_faults: bool,
        mut consume: impl FnMut(&mut Self, &Arc<str>, u64, Vec<(u64, R)>) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        let Some(source) = self.sources.get(index) else { return Ok(()) };
        let base = self.places.base(index);
        let (mut rows, mut last_line) = (0, 0);
        let bytes = std::mem::take(&mut self.bytes);
        let result = feed::<R>(source, size, &bytes, |batch| {
            let Some(batch) = batch else { return Ok(self.import.pause()?) };
            if keep_faults {
                self.faults.extend(batch.faults);
            }
            rows += u64::try_from(batch.rows.len()).unwrap_or_default();
            last_line = batch.rows.last().map_or(last_line, |(line, _)| *line);
            if Place::try_from(base + last_line).is_err() {
                let message = "an import may have at most 4294967295 lines in all files";
                return Err(self.give_up(Fault::line(&source.name, last_line, message)));
            }
            if !batch.rows.is_empty() {
                consume(self, &source.name, base, batch.rows)?;
            }
            (self.progress)(Progress {
                file: &source.name,
                rows,
                bytes: bytes.load(Ordering::Relaxed).min(self.total_bytes),
                total_bytes: self.total_bytes,
            });
            Ok(())
        });
        self.bytes = bytes;
        self.places.end(index, last_line);
        result?;
        Ok(self.import.pause()?)
    }

    /// The file and line of a place.
    pub(super) fn locate(&self, place: Place) -> (Arc<str>, u64) {
        let (index, line) = self.places.locate(place);
        let file = self.sources.get(index).map(|source| Arc::clone(&source.name));
        (file.unwrap_or_default(), line)
    }

    /// `line 12`, or with the file's name where that is another one.
    pub(super) fn show_place(&self, place: Place, from: &Arc<str>) -> String {
        let (file, line) = self.locate(place);
        if file == *from { format!("line {line}") } else { format!("{file}:{line}") }
    }

    /// A fault at a place, or of the kind's last file where the place is not in this import.
    pub(super) fn fault_at(
        &mut self,
        place: Option<Place>,
        kind: FileKind,
        column: &'static str,
        message: String,
    ) {
        let fault = match place {
            Some(place) => {
                let (file, line) = self.locate(place);
                Fault::cell(&file, line, column, message)
            }
            None => {
                let file = self.sources.iter().rfind(|source| source.kind == kind);
                let file = file.map_or_else(|| kind.file_name().into(), |file| file.name.clone());
                Fault::file(&file, message)
            }
        };
        self.faults.push(fault);
    }

    pub(super) fn note_price_change(&mut self, change: PriceChange) {
        self.report.price_changes_total += 1;
        if self.report.price_changes.len() < MAX_PRICE_CHANGES {
            self.report.price_changes.push(change);
        }
    }

    fn give_up(&mut self, fault: Fault) -> ImportError {
        self.faults.push(fault);
        ImportError::Faults(std::mem::take(&mut self.faults))
    }

    pub(super) fn sources_of(&self, kind: FileKind) -> Vec<usize> {
        let sources = self.sources.iter().enumerate();
        sources.filter(|(_, source)| source.kind == kind).map(|(index, _)| index).collect()
    }

    /// Enters the codes and ids of all files of a kind, so that rows may refer to later ones.
    fn enter_kind(&mut self, kind: FileKind, coded: Coded) -> Result<(), ImportError> {
        self.need(coded)?;
        for index in self.sources_of(kind) {
            match coded {
                Coded::Products => self.enter_source::<KeyAndId<ProductRow>>(index, coded)?,
                Coded::PriceLists => self.enter_source::<KeyAndId<PriceListRow>>(index, coded)?,
                Coded::Categories => self.enter_source::<KeyAndId<CategoryRow>>(index, coded)?,
                Coded::Segmentations => {
                    self.enter_source::<KeyAndId<SegmentationRow>>(index, coded)?
                }
                Coded::PaymentTypes => {
                    self.enter_source::<KeyAndId<PaymentTypeRow>>(index, coded)?
                }
                Coded::Regions => self.enter_source::<KeyAndId<RegionRow>>(index, coded)?,
                Coded::Users => self.enter_source::<KeyAndId<UserRow>>(index, coded)?,
                Coded::Customers => self.enter_source::<KeyAndId<CustomerRow>>(index, coded)?,
                Coded::Contacts => self.enter_source::<KeyAndId<ContactRow>>(index, coded)?,
                Coded::Participants => {
                    self.enter_source::<KeyAndId<ParticipantRow>>(index, coded)?;
                }
                Coded::Accounts => self.enter_source::<Key<AccountRow>>(index, coded)?,
                Coded::Classifications => {
                    self.enter_source::<Key<ClassificationRow>>(index, coded)?;
                }
                Coded::Units => self.enter_source::<Key<UnitRow>>(index, coded)?,
                Coded::RatePeriods => self.enter_source::<Key<RatePeriodRow>>(index, coded)?,
            }
        }
        if let Some(directory) = self.directories.get_mut(&coded) {
            directory.assign_ids(self.import, coded)?;
        }
        Ok(())
    }

    fn enter_source<R: Entry + Send>(
        &mut self,
        index: usize,
        coded: Coded,
    ) -> Result<(), ImportError> {
        let code = R::COLUMNS.first().map_or("", |column| column.name);
        // Faults of cells are found again, and then kept, when the rows are applied.
        self.read::<R>(index, 4000, false, |run, file, base, rows| {
            for (line, row) in rows {
                let place = Place::try_from(base + line).unwrap_or(Place::MAX);
                let entered = run.need(coded)?.enter(row.key(), row.id(), place);
                let Err(refusal) = entered else { continue };
                let noun = R::KIND.noun();
                let (column, message) = match refusal {
                    Refusal::Duplicate(first) => {
                        let first = run.show_place(first, file);
                        (code, format!("duplicate: {first} has the same {code} `{}`", row.key()))
                    }
                    Refusal::IdTaken(Some(owner)) => {
                        ("id", format!("the id is that of the {noun} `{owner}`"))
                    }
                    Refusal::IdTaken(None) => {
                        ("id", "the id is that of a customer's own price list".to_owned())
                    }
                    Refusal::IdChanged(id) => {
                        let key = row.key();
                        ("id", format!("the {noun} `{key}` has the id {id}, which cannot change"))
                    }
                };
                run.faults.push(Fault::cell(file, line, column, message));
            }
            Ok(())
        })
    }

    fn apply_source(&mut self, index: usize) -> Result<(), ImportError> {
        let Some(source) = self.sources.get(index) else { return Ok(()) };
        self.report.files.push(FileReport {
            file: source.name.clone(),
            kind: source.kind,
            created: 0,
            updated: 0,
            unchanged: 0,
            removed: 0,
        });
        match source.kind {
            FileKind::Currencies => self.apply::<kinds::Currencies>(index),
            FileKind::Products => self.apply::<kinds::Products>(index),
            FileKind::PriceLists => self.apply::<kinds::PriceLists>(index),
            FileKind::Prices => self.apply::<kinds::Prices>(index),
            FileKind::Categories => self.apply::<kinds::Categories>(index),
            FileKind::Segmentations => self.apply::<kinds::Segmentations>(index),
            FileKind::PaymentTypes => self.apply::<kinds::PaymentTypes>(index),
            FileKind::Regions => self.apply::<kinds::Regions>(index),
            FileKind::Users => self.apply::<kinds::Users>(index),
            FileKind::Customers => self.apply::<kinds::Customers>(index),
            FileKind::Contacts => self.apply::<kinds::Contacts>(index),
            FileKind::AgreedPrices => self.apply::<kinds::AgreedPrices>(index),
            FileKind::CustomerPartNumbers => self.apply::<kinds::CustomerPartNumbers>(index),
            FileKind::OrderLines => self.apply_lines::<OrderLineRow>(index),
            FileKind::InvoiceLines => self.apply_lines::<InvoiceLineRow>(index),
            FileKind::AccountsReceivable => self.apply::<kinds::Accounts>(index),
            FileKind::AccessTokens => self.apply::<kinds::AccessTokens>(index),
            FileKind::RewardsParticipants => self.apply::<kinds::Participants>(index),
            FileKind::Classifications => self.apply::<kinds::Classifications>(index),
            FileKind::Units => self.apply::<kinds::Units>(index),
            FileKind::ProductTypes => self.apply::<kinds::ProductTypes>(index),
            FileKind::CurrencyRatePeriods => self.apply::<kinds::RatePeriods>(index),
            FileKind::PurchaseEvents => self.apply::<kinds::Purchases>(index),
            FileKind::PurchaseEventProducts => self.apply::<kinds::PurchaseLines>(index),
            FileKind::SpendRequests => self.apply::<kinds::SpendRequests>(index),
        }
    }
}

impl Places {
    fn base(&mut self, index: usize) -> u64 {
        let next = self.next;
        *self.bases.entry(index).or_insert(next)
    }

    fn end(&mut self, index: usize, last_line: u64) {
        let end = self.base(index) + last_line + 1;
        self.next = self.next.max(end);
    }

    /// The source and line of a place.
    fn locate(&self, place: Place) -> (usize, u64) {
        let place = u64::from(place);
        let owner =
            self.bases.iter().filter(|(_, base)| **base < place).max_by_key(|(_, base)| **base);
        owner.map_or((0, 0), |(index, base)| (*index, place - base))
    }
}

/// The kind of record with codes that a file is about.
pub(super) fn coded(kind: FileKind) -> Option<Coded> {
    match kind {
        FileKind::Products => Some(Coded::Products),
        FileKind::PriceLists => Some(Coded::PriceLists),
        FileKind::Categories => Some(Coded::Categories),
        FileKind::Segmentations => Some(Coded::Segmentations),
        FileKind::PaymentTypes => Some(Coded::PaymentTypes),
        FileKind::Regions => Some(Coded::Regions),
        FileKind::Users => Some(Coded::Users),
        FileKind::Customers => Some(Coded::Customers),
        FileKind::Contacts => Some(Coded::Contacts),
        FileKind::AccountsReceivable => Some(Coded::Accounts),
        FileKind::RewardsParticipants => Some(Coded::Participants),
        FileKind::Classifications => Some(Coded::Classifications),
        FileKind::Units => Some(Coded::Units),
        FileKind::CurrencyRatePeriods => Some(Coded::RatePeriods),
        FileKind::Currencies
        | FileKind::Prices
        | FileKind::AgreedPrices
        | FileKind::CustomerPartNumbers
        | FileKind::OrderLines
        | FileKind::InvoiceLines
        | FileKind::AccessTokens
        | FileKind::ProductTypes
        | FileKind::PurchaseEvents
        | FileKind::PurchaseEventProducts
        | FileKind::SpendRequests => None,
    }
}
