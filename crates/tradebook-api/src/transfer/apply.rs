//! Applying the rows of one file, batch by batch: read what is stored, merge, write.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tradebook_model::{DocumentNumber, OffsetDateTime, OpaqueId, Price, Revision, Settings};
use tradebook_store::StoreError;
use tradebook_store::import::{
    BATCH, CodeHash, CodeHasher, Coded, Place, Record, TextIds, assigned_id,
};
use tradebook_wire::csv::{Column, Fault, FileKind, Key, PurchaseRow, ReadRow};

use super::directory::{Directory, Known};
use super::import::Run;
use super::report::{PriceChange, PriceOwner};
use super::{Faults, FileReport, ImportError};

/// How the rows of one kind of file become records.
pub(super) trait Kind {
    type Row: ReadRow + Send;
    type Record: Record;

    /// The kind's own directory, where its records have codes.
    const CODED: Option<Coded>;
    /// The directories to which its rows refer.
    const REFERS_TO: &'static [Coded];
    /// The columns of the key.
    const KEY: &'static [&'static str];
    /// The ids of its records, where these are texts.
    const TEXT_IDS: Option<TextIds> = None;
    /// Rows of one batch.
    const ROWS: usize = BATCH;

    /// The key of a row's record. `None` with a fault.
    fn key(row: &Self::Row, at: &mut RowContext<'_>) -> Option<<Self::Record as Record>::Key>;

    /// The record after the row was applied to the stored one, if there is one. `None` with a fault.
    fn merge(
        key: &<Self::Record as Record>::Key,
        row: Self::Row,
        stored: Option<&Self::Record>,
        at: &mut RowContext<'_>,
    ) -> Option<Self::Record>;

    /// Whose price a row is, in the codes of the file.
    fn priced(_row: &Self::Row) -> Option<(PriceOwner, tradebook_model::ProductCode)> {
        None
    }

    /// The price of a record and its first day.
    fn price(_record: &Self::Record) -> Option<(Price, Option<time::Date>)> {
        None
    }

    /// The id of a record that has one.
    fn id(_record: &Self::Record) -> Option<i32> {
        None
    }

    /// The id that a row gives its record, where ids are texts.
    fn given_id(_row: &Self::Row) -> Option<&OpaqueId> {
        None
    }

    /// Whose the id of a record is, as [`Import::id_owners`](tradebook_store::import::Import::id_owners) says it.
    fn id_owner(_record: &Self::Record) -> String {
        String::new()
    }

    /// The number of the purchase event that a row refers to.
    fn purchase(_row: &Self::Row) -> Option<&DocumentNumber> {
        None
    }
}

/// Where a row stands and what it may refer to.
pub(super) struct RowContext<'a> {
    pub(super) settings: &'a Settings,
    pub(super) directories: &'a HashMap<Coded, Directory>,
    /// The purchase events to which rows of the batch refer.
    pub(super) purchases: &'a Purchases,
    /// What hashes the codes of access tokens.
    pub(super) codes: &'a CodeHasher,
    /// When the import began.
    pub(super) started: OffsetDateTime,
    pub(super) revision: Revision,
    pub(super) file: &'a Arc<str>,
    pub(super) line: u64,
    pub(super) place: Place,
    pub(super) faults: &'a mut Faults,
    /// Set where the row refers to a record that is not in the database because its own row has a fault.
    pub(super) is_dangling: bool,
}

impl RowContext<'_> {
    /// Adds a fault of a cell.
    pub(super) fn fault(
        &mut self,
        column: impl Into<std::borrow::Cow<'static, str>>,
        message: impl Into<String>,
    ) {
        self.faults.push(Fault::cell(self.file, self.line, column, message));
    }

    /// A value, or a fault of its cell.
    pub(super) fn check<T>(
        &mut self,
        column: &'static str,
        value: Result<T, tradebook_model::ModelError>,
    ) -> Option<T> {
        value.map_err(|error| self.fault(column, error.to_string())).ok()
    }

    /// The id of a record by its code, or a fault of the column that names it.
    pub(super) fn refer<T>(
        &mut self,
        coded: Coded,
        column: &'static str,
        code: &str,
        new: impl FnOnce(i32) -> Result<T, tradebook_model::ModelError>,
    ) -> Option<T> {
        let Known { id, is_written, .. } = self.known(coded, column, code)?;
        self.is_dangling |= !is_written;
        self.check(column, new(id))
    }

    /// As [`refer`](Self::refer), for a record of the row's own kind, which may be written later.
    pub(super) fn refer_to_own_kind<T>(
        &mut self,
        coded: Coded,
        column: &'static str,
        code: &str,
        new: impl FnOnce(i32) -> Result<T, tradebook_model::ModelError>,
    ) -> Option<T> {
        let Known { id, .. } = self.known(coded, column, code)?;
        self.check(column, new(id))
    }

    /// The id of the row's own record. `None` without a fault where the row repeats a code, which was told before.
    pub(super) fn own_id<T>(
        &mut self,
        coded: Coded,
        code: &str,
        new: impl FnOnce(i32) -> Result<T, tradebook_model::ModelError>,
    ) -> Option<T> {
        let known = self.directories.get(&coded)?.get(code)?;
        (known.place == Some(self.place)).then(|| new(known.id).ok())?
    }

    /// The record that an optional column refers to, or the stored one. `None` with a fault.
    pub(super) fn refer_or<T>(
        &mut self,
        coded: Coded,
        column: &'static str,
        code: &Column<impl AsRef<str>>,
        stored: Option<T>,
        new: impl FnOnce(i32) -> Result<T, tradebook_model::ModelError>,
    ) -> Option<Option<T>> {
        match code {
            Column::Absent => Some(stored),
            Column::Empty => Some(None),
            Column::Given(code) => self.refer(coded, column, code.as_ref(), new).map(Some),
        }
    }

    /// What finds a purchase event inside. `None` with a fault, or where the event's own row has one.
    pub(super) fn purchase(
        &mut self,
        column: &'static str,
        number: &DocumentNumber,
    ) -> Option<i64> {
        let found = self.purchases.found.get(number.as_str()).copied();
        if found.is_none() && !self.purchases.is_in_files(number.as_str()) {
            self.fault(column, format!("there is no purchase event `{number}`"));
        }
        found
    }

    /// The id of a record whose ids are texts: the stored one, which cannot change, the given one, or a new one.
    pub(super) fn text_id(
        &mut self,
        given: Column<OpaqueId>,
        stored: Option<&OpaqueId>,
        key: &str,
    ) -> Option<OpaqueId> {
        match (given.given(), stored) {
            (Some(given), Some(stored)) if given != *stored => {
                self.fault("id", format!("`{key}` has the id {stored}, which cannot change"));
                None
            }
            (_, Some(stored)) => Some(stored.clone()),
            (Some(given), None) => Some(given),
            (None, None) => {
                let assigned = assigned_id(self.revision, self.place, key);
                self.check("id", assigned)
            }
        }
    }

    /// The hash of a code, or a fault of its cell.
    pub(super) fn hashed(
        &mut self,
        column: &'static str,
        hash: Result<CodeHash, StoreError>,
    ) -> Option<CodeHash> {
        hash.map_err(|error| self.fault(column, error.to_string())).ok()
    }

    fn known(&mut self, coded: Coded, column: &'static str, code: &str) -> Option<Known> {
        let known = self.directories.get(&coded).and_then(|directory| directory.get(code));
        if known.is_none() {
            self.fault(column, format!("there is no {} `{code}`", noun(coded)));
        }
        known
    }
}

fn noun(coded: Coded) -> &'static str {
    match coded {
        Coded::Products => "product",
        Coded::PriceLists => "price list",
        Coded::Categories => "category",
        Coded::Segmentations => "segmentation",
        Coded::PaymentTypes => "payment type",
        Coded::Regions => "region",
        Coded::Users => "user",
        Coded::Customers => "customer",
        Coded::Contacts => "contact",
        Coded::Accounts => "account receivable",
        Coded::Participants => "rewards participant",
        Coded::Classifications => "classification",
        Coded::Units => "unit",
        Coded::RatePeriods => "currency rate period",
    }
}

/// What is known of purchase events by their numbers.
#[derive(Debug, Default)]
pub(super) struct Purchases {
    /// Those of the batch that are stored, by what finds them inside.
    found: HashMap<Box<str>, i64>,
    /// Hashes of the numbers of all that the files have, also of those whose rows have faults and which were not written;
    /// `None` while nobody had to know.
    in_files: Option<HashSet<u64>>,
}

impl Purchases {
    fn is_in_files(&self, number: &str) -> bool {
        self.in_files.as_ref().is_some_and(|numbers| numbers.contains(&hash(number)))
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    std::hash::Hash::hash(text, &mut hasher);
    std::hash::Hasher::finish(&hasher)
}

/// A record of the batch.
struct Merged<T> {
    record: T,
    place: Place,
    is_stored: bool,
    /// Whether it is new or differs from what is stored.
    is_changed: bool,
    is_dangling: bool,
}

impl Run<'_, '_> {
    pub(super) fn apply<K: Kind>(&mut self, index: usize) -> Result<(), ImportError> {
        for coded in K::REFERS_TO.iter().chain(&K::CODED) {
            self.need(*coded)?;
        }
        self.read::<K::Row>(index, K::ROWS, true, |run, file, base, rows| {
            run.apply_batch::<K>(file, base, rows)
        })
    }

    fn apply_batch<K: Kind>(
        &mut self,
        file: &Arc<str>,
        base: u64,
        rows: Vec<(u64, K::Row)>,
    ) -> Result<(), ImportError> {
        self.find_purchases(rows.iter().filter_map(|(_, row)| K::purchase(row)))?;
        let mut id_owners = self.id_owners::<K>(&rows)?;
        let mut keyed = Vec::with_capacity(rows.len());
        for (line, row) in rows {
            let mut at = self.at(file, base, line);
            if let Some(key) = K::key(&row, &mut at) {
                let is_dangling = at.is_dangling;
                keyed.push((line, key, row, is_dangling));
            }
        }
        let keys: Vec<_> = keyed.iter().map(|(_, key, _, _)| key.clone()).collect();
        let mut known: HashMap<_, _> = self
            .import
            .existing::<K::Record>(&keys)?
            .into_iter()
            .map(|existing| (existing.record.key(), (existing.record, existing.seen_at)))
            .collect();
        let mut merged: Vec<Merged<K::Record>> = Vec::with_capacity(keyed.len());
        for (line, key, row, is_dangling) in keyed {
            let stored = known.get(&key);
            if let Some((_, Some(first))) = stored {
                let first = self.show_place(*first, file);
                let columns = K::KEY.join(", ");
                let column = K::KEY.first().copied().unwrap_or_default();
                let message = format!("duplicate: {first} has the same {columns}");
                self.faults.push(Fault::cell(file, line, column, message));
                continue;
            }
            let stored = stored.map(|(record, _)| record);
            let priced = stored.and_then(|_| K::priced(&row));
            let given_id = K::given_id(&row).cloned();
            let mut at = self.at(file, base, line);
            let Some(record) = K::merge(&key, row, stored, &mut at) else { continue };
            let (place, is_dangling) = (at.place, at.is_dangling || is_dangling);
            if let Some(id) = given_id {
                let owner = K::id_owner(&record);
                if *id_owners.entry(id).or_insert_with(|| owner.clone()) != owner {
                    let message = format!("the id is that of another {}", K::Row::KIND.noun());
                    at.fault("id", message);
                    continue;
                }
            }
            let is_changed = stored != Some(&record);
            let prices = (stored.and_then(K::price), K::price(&record));
            if let (Some((owner, product)), (Some((old, _)), Some((new, valid_from)))) =
                (priced, prices)
                && old != new
            {
                let file = Arc::clone(file);
                let change = PriceChange { file, line, owner, product, valid_from, old, new };
                self.note_price_change(change);
            }
            let is_stored = stored.is_some();
            self.count(is_stored, is_changed);
            known.insert(key, (record.clone(), Some(place)));
            merged.push(Merged { record, place, is_stored, is_changed, is_dangling });
        }
        self.write::<K>(&merged)
    }

    /// Looks up the purchase events of some numbers.
    fn find_purchases<'n>(
        &mut self,
        numbers: impl Iterator<Item = &'n DocumentNumber>,
    ) -> Result<(), ImportError> {
        let numbers: HashSet<&DocumentNumber> = numbers.collect();
        self.purchases.found.clear();
        if numbers.is_empty() {
            return Ok(());
        }
        let numbers: Vec<&DocumentNumber> = numbers.into_iter().collect();
        let found = self.import.purchases(&numbers)?;
        let is_missing = found.len() < numbers.len();
        self.purchases.found.extend(found.into_iter().map(|(number, id)| (number.into(), id)));
        // An event whose row has a fault is missing for that reason, which was told already.
        if is_missing && self.faults.total() > 0 && self.purchases.in_files.is_none() {
            let mut in_files = HashSet::new();
            for index in self.sources_of(FileKind::PurchaseEvents) {
                self.read::<Key<PurchaseRow>>(index, 4000, false, |_, _, _, rows| {
                    in_files.extend(rows.iter().map(|(_, row)| hash(&row.key)));
                    Ok(())
                })?;
            }
            self.purchases.in_files = Some(in_files);
        }
        Ok(())
    }

    /// Whose the ids are that some rows give.
    fn id_owners<K: Kind>(
        &mut self,
        rows: &[(u64, K::Row)],
    ) -> Result<HashMap<OpaqueId, String>, ImportError> {
        let Some(kind) = K::TEXT_IDS else { return Ok(HashMap::new()) };
        let ids = rows.iter().filter_map(|(_, row)| K::given_id(row));
        let ids: Vec<&str> = ids.map(OpaqueId::as_str).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let owners = self.import.id_owners(kind, &ids)?;
        Ok(owners.into_iter().filter_map(|(id, owner)| Some((id.parse().ok()?, owner))).collect())
    }

    fn write<K: Kind>(&mut self, merged: &[Merged<K::Record>]) -> Result<(), ImportError> {
        // Records with codes are found by them; others need the place that is stored with them, even where nothing else changes.
        let rows =
            merged.iter().filter(|row| !row.is_dangling && (row.is_changed || K::CODED.is_none()));
        let placed = |is_stored| -> Vec<_> {
            let rows = rows.clone().filter(|row| row.is_stored == is_stored);
            rows.map(|row| (&row.record, row.place)).collect()
        };
        let (new, stored) = (placed(false), placed(true));
        // Those that are stored come first: a new one may take what they give up.
        if !stored.is_empty() {
            self.import.put(&stored)?;
        }
        if !new.is_empty() {
            self.import.put_new(&new)?;
        }
        if let Some(coded) = K::CODED {
            let written = stored.iter().chain(&new);
            self.need(coded)?.written(written.filter_map(|(record, _)| K::id(record)));
        }
        Ok(())
    }

    pub(super) fn at<'a>(&'a mut self, file: &'a Arc<str>, base: u64, line: u64) -> RowContext<'a> {
        RowContext {
            settings: self.settings,
            directories: &self.directories,
            purchases: &self.purchases,
            codes: self.import.code_hasher(),
            started: self.import.started(),
            revision: self.import.revision(),
            file,
            line,
            place: Place::try_from(base + line).unwrap_or(Place::MAX),
            faults: &mut self.faults,
            is_dangling: false,
        }
    }

    /// Counts a row of the current file.
    pub(super) fn count(&mut self, is_stored: bool, is_changed: bool) {
        let Some(FileReport { created, updated, unchanged, .. }) = self.report.files.last_mut()
        else {
            return;
        };
        *match (is_stored, is_changed) {
            (false, _) => created,
            (true, true) => updated,
            (true, false) => unchanged,
        } += 1;
    }
}
