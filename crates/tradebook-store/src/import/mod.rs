//! Applying an import: batches of records, all of which become visible at once.
//!
//! [`Store::import`] hands out an [`Import`], through which records are read by their keys, merged by the caller, and written
//! back. Nothing is visible to others before the end, and nothing happened after [`Ending::Discard`] or an error.
//!
//! An import is one transaction, but for long ones on SQLite, where one transaction keeps all others from writing. Those go in
//! steps: changes wait in a file of their own until the end, new orders and invoices go into the database at once, where nobody
//! sees them before the end (`steps`, `staging`, `unfinished`).
//!
//! Rows remember the import that last saw them, and the place at which it did: a number that the caller gives to each line of
//! its files. That is how an import finds lines that repeat a key, and rows that its files no longer have, without keeping all
//! keys in memory.

#[cfg(feature = "postgres")]
mod arrays;
mod checks;
#[cfg(feature = "postgres")]
mod copying;
mod ids;
#[cfg(not(feature = "sqlite"))]
mod no_steps;
pub(crate) mod records;
mod removal;
pub(crate) mod rows;
#[cfg(feature = "sqlite")]
mod staging;
#[cfg(feature = "sqlite")]
mod steps;
pub(crate) mod unfinished;
#[cfg(feature = "sqlite")]
mod values;

use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::Integer;
use tradebook_model::{OffsetDateTime, OrganizationId, Revision};

pub use crate::events::{CodeHash, CodeHasher};
pub use checks::{AgreementOverlap, PriceOverlap, RepeatedCode};
pub use ids::{TextIds, assigned_id};
pub use records::{
    AccessToken, AccountRecord, AgreedPriceKey, ClassificationRecord, Document, DocumentClass,
    DocumentHead, DocumentLine, InternalId, Ledger, PartNumberKey, ParticipantRecord, PriceKey,
    Purchase, PurchaseLineRecord, RatePeriodRecord, Record, Session, SpendRequestRecord,
    UnitRecord,
};
pub use removal::{PurchaseInUse, Reference, Referrer, Unseen};

pub use crate::sequence::FAR_ID;

#[cfg(feature = "sqlite")]
use self::staging::{Made, Staging};
use crate::connection::AnyConnection;
use crate::customers::fold_customers;
use crate::own_list::allocate_own_lists;
use crate::schema::{customers, organizations};
use crate::sequence::{self, Sequence};
use crate::transaction::{Outcome, next_revision};
#[cfg(feature = "sqlite")]
use crate::turns::ImportLock;
use crate::url::DatabaseUrl;
use crate::{Store, StoreError};

/// How many records a batch should have: enough for few statements, few enough for little memory.
pub const BATCH: usize = 1000;

/// How an import ends.
#[derive(Debug)]
pub enum Ending<T> {
    /// It becomes visible, at once and as a whole.
    Apply(T),
    /// Nothing happened.
    Discard(T),
}

/// A place in the files of an import: every line has a number of its own, from 1 on.
pub type Place = u32;

/// A stored record and, where this import has written it already, the place at which it did.
#[derive(Debug, Clone, PartialEq)]
pub struct Existing<T> {
    /// The record.
    pub record: T,
    /// Where this import has seen it.
    pub seen_at: Option<Place>,
}

/// A kind of record with a code for files and an id for everyone else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coded {
    /// Products by code.
    Products,
    /// Price lists by code.
    PriceLists,
    /// Categories by reference.
    Categories,
    /// Segmentations by reference.
    Segmentations,
    /// Payment types by reference.
    PaymentTypes,
    /// Regions by name.
    Regions,
    /// Users by reference.
    Users,
    /// Customers by reference.
    Customers,
    /// Contacts by reference.
    Contacts,
    /// Accounts receivable by number.
    Accounts,
    /// Rewards participants by number.
    Participants,
    /// Classifications of events by name.
    Classifications,
    /// Units by name.
    Units,
    /// Rate periods by their ids.
    RatePeriods,
}

impl Coded {
    const fn sequence(self) -> Sequence {
        match self {
            Self::Products => Sequence::Product,
            Self::PriceLists => Sequence::PriceList,
            Self::Categories => Sequence::Category,
            Self::Segmentations => Sequence::Segmentation,
            Self::PaymentTypes => Sequence::PaymentType,
            Self::Regions => Sequence::Region,
            Self::Users => Sequence::User,
            Self::Customers => Sequence::Customer,
            Self::Contacts => Sequence::Contact,
            Self::Accounts => Sequence::Account,
            Self::Participants => Sequence::Participant,
            Self::Classifications => Sequence::Classification,
            Self::Units => Sequence::Unit,
            Self::RatePeriods => Sequence::RatePeriod,
        }
    }
}

/// An import that is going on.
pub struct Import<'c> {
    session: Session<'c>,
    revision: Revision,
    codes: CodeHasher,
    started: OffsetDateTime,
    statistics: Statistics,
    /// Whether what it refers to was there and is not any more.
    is_outdated: bool,
}

/// What is known of an import before it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// How many bytes its files have.
    pub bytes: u64,
    /// Whether it changes customers or users, which others change, too.
    pub changes_shared_records: bool,
}

/// When an import that is one transaction keeps others from writing into the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Locks {
    First,
    #[cfg_attr(
        not(feature = "postgres"),
        expect(dead_code, reason = "on SQLite nothing is locked later")
    )]
    InTheEnd,
}

/// How often an import in steps begins anew because others have changed what it has read. Then it is one transaction.
#[cfg(feature = "sqlite")]
const ATTEMPTS: usize = 3;

impl Store {
    /// Changes an organization's data by an import, and returns the revision that shows it, where it was applied. `work` may be
    /// called again where another transaction got in the way of its end.
    ///
    /// On SQLite one import goes on at a time, and others wait for it. One of
    /// [`StoreOptions::import_in_steps_from`](crate::StoreOptions) bytes or more goes in steps, between which others write.
    ///
    /// On PostgreSQL one import into an organization goes on at a time. Others write into the organization meanwhile, unless the
    /// import changes [shared records](Extent::changes_shared_records).
    pub fn import<T, E: From<StoreError>>(
        &self,
        organization: OrganizationId,
        extent: Extent,
        #[cfg_attr(
            not(feature = "postgres"),
            expect(unused_mut, reason = "on PostgreSQL it may be called twice")
        )]
        mut work: impl FnMut(&mut Import<'_>) -> Result<Ending<T>, E>,
    ) -> Result<(T, Option<Revision>), E> {
        match self.url() {
            #[cfg(feature = "sqlite")]
            DatabaseUrl::Sqlite(path) => {
                let _lock = ImportLock::wait(path)?;
                self.discard_unfinished(None)?;
                if extent.bytes < self.import_in_steps_from() {
                    self.import_at_once(organization, work)
                } else {
                    self.import_in_steps(path, organization, work)
                }
            }
            #[cfg(feature = "postgres")]
            DatabaseUrl::Postgres(_) => {
                if !extent.changes_shared_records
                    && let Some(done) =
                        self.import_as_one(organization, Locks::InTheEnd, &mut work)?
                {
                    return done;
                }
                self.import_at_once(organization, work)
            }
        }
    }

    /// Imports with one transaction, during which nobody else writes into the organization.
    fn import_at_once<T, E: From<StoreError>>(
        &self,
        organization: OrganizationId,
        mut work: impl FnMut(&mut Import<'_>) -> Result<Ending<T>, E>,
    ) -> Result<(T, Option<Revision>), E> {
        // Nobody is in the way.
        self.import_as_one(organization, Locks::First, &mut work)?
            .unwrap_or_else(|| Err(StoreError::Busy.into()))
    }

    /// Imports with one transaction. `None` where others have removed what the import refers to.
    #[expect(clippy::type_complexity, reason = "the caller's errors are beside those of the store")]
    fn import_as_one<T, E: From<StoreError>>(
        &self,
        organization: OrganizationId,
        locks: Locks,
        work: &mut impl FnMut(&mut Import<'_>) -> Result<Ending<T>, E>,
    ) -> Result<Option<Result<(T, Option<Revision>), E>>, StoreError> {
        let codes = self.code_hasher(organization)?;
        let mut made = None;
        let done = self.change(|connection| {
            keep_to_indexes(connection)?;
            wait_for_imports(connection, organization)?;
            let revision = match locks {
                Locks::First => next_revision(connection, organization)?,
                Locks::InTheEnd => later_revision(connection, organization)?,
            };
            let session = Session::new(connection, organization);
            let mut import = Import::new(session, revision, codes.clone());
            let ending = work(&mut import);
            let is_outdated = import.is_outdated;
            made = None;
            Ok(match ending {
                Ok(Ending::Apply(value)) => {
                    let revision = match locks {
                        Locks::First => revision,
                        Locks::InTheEnd => {
                            lock_organization(connection, organization)?;
                            next_revision(connection, organization)?
                        }
                    };
                    allocate_own_lists(connection, organization)?;
                    fold_customers(connection, organization)?;
                    made = Some(revision);
                    Outcome::Commit(Some(Ok((value, Some(revision)))))
                }
                Ok(Ending::Discard(value)) => Outcome::RollBack(Some(Ok((value, None)))),
                Err(_) if is_outdated && locks == Locks::InTheEnd => Outcome::RollBack(None),
                Err(error) => Outcome::RollBack(Some(Err(error))),
            })
        })?;
        if let Some(revision) = made {
            self.seen().note(organization, revision);
        }
        Ok(done)
    }

    /// Imports in steps, between which others write.
    #[cfg(feature = "sqlite")]
    fn import_in_steps<T, E: From<StoreError>>(
        &self,
        database: &std::path::Path,
        organization: OrganizationId,
        mut work: impl FnMut(&mut Import<'_>) -> Result<Ending<T>, E>,
    ) -> Result<(T, Option<Revision>), E> {
        let codes = self.code_hasher(organization)?;
        for _ in 0..ATTEMPTS {
            let mut staging = Staging::begin(self, database, organization)?;
            let revision = staging.revision();
            let ending = work(&mut Import::new(staging.session(), revision, codes.clone()));
            let done = match ending {
                Ok(Ending::Apply(value)) => match staging.make() {
                    Ok(Made::Visible(revision)) => {
                        self.seen().note(organization, revision);
                        return Ok((value, Some(revision)));
                    }
                    Ok(Made::Outdated) => None,
                    Err(error) => Some(Err(error.into())),
                },
                Ok(Ending::Discard(value)) => Some(Ok((value, None))),
                Err(_) if staging.is_outdated() => None,
                Err(error) => Some(Err(error)),
            };
            let discarded = staging.discard(self);
            match done {
                // The first error is the one that tells, and what is left is removed by the next import.
                Some(Err(error)) => return Err(error),
                Some(Ok(done)) => return Ok(discarded.map(|()| done)?),
                None => discarded?,
            }
            tracing::debug!("an import begins anew: others have changed what it has read");
        }
        self.import_at_once(organization, work)
    }
}

/// The first `touched` of an import: its revision above, and place 0 below.
const fn first_touch(revision: Revision) -> i64 {
    revision.0 << 32
}

/// A moment without its fraction of a second.
fn whole_seconds(moment: OffsetDateTime) -> OffsetDateTime {
    moment.replace_nanosecond(0).unwrap_or(moment)
}

/// Holds PostgreSQL to indexes until the transaction ends: whatever an import looks up, it looks up by key.
fn keep_to_indexes(connection: &mut AnyConnection) -> Result<(), StoreError> {
    match connection {
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(_) => {}
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(postgres) => {
            diesel::sql_query("SET LOCAL enable_seqscan = off").execute(postgres)?;
        }
    }
    Ok(())
}

/// On PostgreSQL, waits for the import into the organization that goes on, if there is one; on SQLite none does.
fn wait_for_imports(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<(), StoreError> {
    match connection {
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(_) => {
            let _ = organization;
        }
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(postgres) => {
            /// Any number, the same in every process that imports.
            const IMPORTS: i32 = 0x696d_706f;
            diesel::sql_query("SELECT pg_advisory_xact_lock($1, $2)")
                .bind::<Integer, _>(IMPORTS)
                .bind::<Integer, _>(organization.get())
                .execute(postgres)?;
        }
    }
    Ok(())
}

/// A revision that no import of the organization had before, and none will have: whenever this one ends, the organization's
/// revision is at least that.
fn later_revision(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Revision, StoreError> {
    let revision: Option<i64> = organizations::table
        .select(organizations::revision)
        .find(organization.get())
        .get_result(connection)
        .optional()?;
    let revision = revision.ok_or_else(|| StoreError::not_found("organization", organization))?;
    Ok(Revision(revision + 1))
}

/// Locks the organization between two writes of others. On PostgreSQL it does not queue for it: whoever has the organization may
/// wait for a row of this import, and the database would end the import, which has done the most.
fn lock_organization(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<(), StoreError> {
    const PATIENCE: Duration = Duration::from_secs(30);
    let deadline = Instant::now() + PATIENCE;
    loop {
        let locked: Vec<i32> = match connection {
            #[cfg(feature = "sqlite")]
            AnyConnection::Sqlite(_) => return Ok(()),
            #[cfg(feature = "postgres")]
            AnyConnection::Postgres(postgres) => organizations::table
                .select(organizations::id)
                .filter(organizations::id.eq(organization.get()))
                .for_no_key_update()
                .skip_locked()
                .load(postgres)?,
        };
        if !locked.is_empty() {
            return Ok(());
        }
        if Instant::now() >= deadline {
            return Err(StoreError::Busy);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// What PostgreSQL was told of the tables that rows refer to, and in which an import looks up its keys.
///
/// It plans the check of a foreign key, and a look-up, once. As long as it believes such a table to be empty, any index that
/// begins with the organization is as good as the right one, and one that is looked through for many keys as good as one that
/// is asked for each: it then reads all of the organization's rows, for every row or batch that is written. So it is told anew
/// whenever the import has doubled.
#[derive(Debug, Default)]
struct Statistics {
    written: usize,
    told_at: usize,
}

impl Statistics {
    const FIRST: usize = 1000;

    fn wrote(&mut self, rows: usize, connection: &mut AnyConnection) -> Result<(), StoreError> {
        self.written += rows;
        if self.written < Self::FIRST.max(self.told_at * 2) {
            return Ok(());
        }
        self.told_at = self.written;
        match connection {
            #[cfg(feature = "sqlite")]
            AnyConnection::Sqlite(_) => {}
            #[cfg(feature = "postgres")]
            AnyConnection::Postgres(postgres) => {
                diesel::sql_query(
                    "ANALYZE products, price_lists, prices, customers, categories, segmentations, \
                     payment_types, regions, users, agreed_prices, customer_part_numbers, \
                     ledger_documents, ledger_lines, accounts_receivable, purchase_events, \
                     purchase_event_products",
                )
                .execute(postgres)?;
            }
        }
        Ok(())
    }
}

impl<'c> Import<'c> {
    fn new(session: Session<'c>, revision: Revision, codes: CodeHasher) -> Self {
        let started = whole_seconds(OffsetDateTime::now_utc());
        Self {
            session,
            revision,
            codes,
            started,
            statistics: Statistics::default(),
            is_outdated: false,
        }
    }
}

impl Import<'_> {
    /// A revision that no import of the organization had before. Where this one is one transaction it is the one that shows it.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// When it began, to the second.
    pub fn started(&self) -> OffsetDateTime {
        self.started
    }

    /// What hashes the codes of the organization's access tokens.
    pub fn code_hasher(&self) -> &CodeHasher {
        &self.codes
    }

    /// The stored records of a batch of keys, and possibly some others.
    pub fn existing<T: Record>(&mut self, keys: &[T::Key]) -> Result<Vec<Existing<T>>, StoreError> {
        self.session.end_step_where_due()?;
        let records = T::load(&mut self.session, keys)?;
        Ok(self.all_seen(records))
    }

    /// Writes a batch of records, each with the place at which it was seen.
    pub fn put<T: Record>(&mut self, records: &[(&T, Place)]) -> Result<(), StoreError> {
        let records: Vec<_> =
            records.iter().map(|(record, place)| (*record, self.touch(*place))).collect();
        let put = T::put(&mut self.session, &records);
        self.noted(put)?;
        self.session.end_step_where_due()?;
        self.statistics.wrote(records.len(), self.session.connection)
    }

    /// Writes a batch of records as [`put`](Self::put) does. None of their keys is stored, which is faster.
    pub fn put_new<T: Record>(&mut self, records: &[(&T, Place)]) -> Result<(), StoreError> {
        self.writing_new(|import| import.put(records))
    }

    fn noted(&mut self, put: Result<(), StoreError>) -> Result<(), StoreError> {
        self.is_outdated |= matches!(put, Err(StoreError::BrokenReference { .. }));
        put
    }

    /// To be called before the import waits for anything: others need not.
    pub fn pause(&mut self) -> Result<(), StoreError> {
        self.session.end_step()
    }

    /// The stored documents of a batch of numbers.
    pub fn documents(
        &mut self,
        ledger: Ledger,
        numbers: &[&str],
    ) -> Result<Vec<Existing<Document>>, StoreError> {
        let documents = records::load_documents(&mut self.session, ledger, numbers)?;
        Ok(self.all_seen(documents))
    }

    /// Hands out ids of documents and returns the first.
    pub fn next_document_ids(&mut self, count: usize) -> Result<i64, StoreError> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.session.next_ids(Sequence::Document, count)
    }

    /// Writes a batch of documents. Where `spread` is set, lines that are stored already take over what has changed.
    pub fn put_documents(
        &mut self,
        ledger: Ledger,
        documents: &[(&Document, Place, bool)],
    ) -> Result<(), StoreError> {
        let touched: Vec<_> =
            documents.iter().map(|(document, place, _)| (*document, self.touch(*place))).collect();
        let put = records::put_documents(&mut self.session, ledger, &touched);
        self.noted(put)?;
        self.statistics.wrote(touched.len(), self.session.connection)?;
        for (document, _, spread) in documents {
            if *spread {
                records::spread_head(&mut self.session, ledger, document)?;
            }
        }
        Ok(())
    }

    /// Writes a batch of documents that are not stored yet.
    pub fn put_new_documents(
        &mut self,
        ledger: Ledger,
        documents: &[(&Document, Place)],
    ) -> Result<(), StoreError> {
        let documents: Vec<_> =
            documents.iter().map(|(document, place)| (*document, *place, false)).collect();
        self.writing_new(|import| import.put_documents(ledger, &documents))
    }

    /// The stored lines of a batch of documents.
    pub fn lines(
        &mut self,
        ledger: Ledger,
        documents: &[i64],
    ) -> Result<Vec<Existing<DocumentLine>>, StoreError> {
        let lines = records::load_lines(
            self.session.connection,
            self.session.organization,
            ledger,
            documents,
        )?;
        Ok(self.all_seen(lines))
    }

    /// Writes a batch of lines, each with what its document says.
    pub fn put_lines(
        &mut self,
        ledger: Ledger,
        lines: &[(DocumentLine, DocumentHead, Place)],
    ) -> Result<(), StoreError> {
        let base = self.first_touch();
        let rows = lines.iter().map(|(line, head, place)| (line, *head, base + i64::from(*place)));
        records::put_lines(&mut self.session, ledger, rows)?;
        self.session.end_step_where_due()?;
        self.statistics.wrote(lines.len(), self.session.connection)
    }

    /// Writes a batch of lines, none of which is stored yet.
    pub fn put_new_lines(
        &mut self,
        ledger: Ledger,
        lines: &[(DocumentLine, DocumentHead, Place)],
    ) -> Result<(), StoreError> {
        self.writing_new(|import| import.put_lines(ledger, lines))
    }

    fn writing_new<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        self.session.writes_new = true;
        let result = write(self);
        self.session.writes_new = false;
        result
    }

    /// All codes of a kind with their ids.
    pub fn codes(&mut self, coded: Coded) -> Result<Vec<(String, i32)>, StoreError> {
        records::load_codes(&mut self.session, coded)
    }

    /// The ids of a kind that are taken without a code: those of customers' own lists.
    pub fn uncoded_ids(&mut self, coded: Coded) -> Result<Vec<i32>, StoreError> {
        if coded != Coded::PriceLists {
            return Ok(Vec::new());
        }
        let ids: Vec<Option<i32>> = customers::table
            .select(customers::own_list_id)
            .filter(customers::organization_id.eq(self.session.organization.get()))
            .filter(customers::own_list_id.is_not_null())
            .load(self.session.connection)?;
        Ok(ids.into_iter().flatten().collect())
    }

    /// Hands out ids of a kind and returns the first.
    pub fn next_ids(&mut self, coded: Coded, count: usize) -> Result<i32, StoreError> {
        let sequence = coded.sequence();
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let first = self.session.next_ids(sequence, count)?;
        self.session.end_step()?;
        i32::try_from(first).map_err(|_| StoreError::NoMoreIds { kind: sequence.word() })
    }

    /// Takes note of the greatest id below [`FAR_ID`] that came from files: those that are handed out later are greater.
    pub fn skip_past(&mut self, coded: Coded, id: i32) -> Result<(), StoreError> {
        self.session.begin_step()?;
        sequence::skip_past(
            self.session.connection,
            self.session.organization,
            coded.sequence(),
            i64::from(id),
        )?;
        self.session.end_step()
    }

    /// The currency of every customer, by id.
    pub fn customer_currencies(
        &mut self,
    ) -> Result<Vec<(i32, tradebook_model::CurrencyCode)>, StoreError> {
        let pairs: Vec<(i32, String)> = customers::table
            .select((customers::id, customers::currency))
            .filter(customers::organization_id.eq(self.session.organization.get()))
            .load(self.session.connection)?;
        pairs
            .into_iter()
            .map(|(id, currency)| {
                let currency = currency
                    .parse()
                    .map_err(|error| StoreError::stored("a customer's currency", error))?;
                Ok((id, currency))
            })
            .collect()
    }

    /// What `touched` is where this import has seen a row: the revision above, the place below.
    fn touch(&self, place: Place) -> i64 {
        self.first_touch() + i64::from(place)
    }

    fn first_touch(&self) -> i64 {
        first_touch(self.revision)
    }

    fn all_seen<T>(&self, records: Vec<(T, i64)>) -> Vec<Existing<T>> {
        records
            .into_iter()
            .map(|(record, touched)| Existing { record, seen_at: self.seen_at(touched) })
            .collect()
    }

    fn seen_at(&self, touched: i64) -> Option<Place> {
        touched.checked_sub(self.first_touch()).and_then(|place| Place::try_from(place).ok())
    }
}
