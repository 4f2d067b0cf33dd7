//! Applying an import: batches of records within one transaction.
//!
//! [`Store::import`] hands out an [`Import`], through which records are read by their keys, merged by the caller, and written
//! back. Nothing is visible to others before the end, and nothing happened after [`Ending::Discard`] or an error.
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
pub(crate) mod records;
mod removal;
pub(crate) mod rows;

use diesel::prelude::*;
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

use crate::connection::AnyConnection;
use crate::own_list::allocate_own_lists;
use crate::schema::customers;
use crate::sequence::{self, Sequence};
use crate::transaction::Outcome;
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
}

impl Store {
    /// Changes an organization's data by an import. `work` may be called again where another transaction got in the way of
    /// its end.
    pub fn import<T, E: From<StoreError>>(
        &self,
        organization: OrganizationId,
        mut work: impl FnMut(&mut Import<'_>) -> Result<Ending<T>, E>,
    ) -> Result<T, E> {
        let codes = self.code_hasher(organization)?;
        self.write_transaction(organization, |connection, revision| {
            keep_to_indexes(connection)?;
            let session = Session { connection, organization, writes_new: false };
            let mut import = Import {
                session,
                revision,
                codes: codes.clone(),
                started: whole_seconds(OffsetDateTime::now_utc()),
                statistics: Statistics::default(),
            };
            Ok(match work(&mut import) {
                Ok(Ending::Apply(value)) => {
                    allocate_own_lists(connection, organization)?;
                    Outcome::Commit(Ok(value))
                }
                Ok(Ending::Discard(value)) => Outcome::RollBack(Ok(value)),
                Err(error) => Outcome::RollBack(Err(error)),
            })
        })?
    }
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

impl Import<'_> {
    /// The revision that the organization will have.
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
        let records = T::load(&mut self.session, keys)?;
        Ok(self.all_seen(records))
    }

    /// Writes a batch of records, each with the place at which it was seen.
    pub fn put<T: Record>(&mut self, records: &[(&T, Place)]) -> Result<(), StoreError> {
        let records: Vec<_> =
            records.iter().map(|(record, place)| (*record, self.touch(*place))).collect();
        T::put(&mut self.session, &records)?;
        self.statistics.wrote(records.len(), self.session.connection)
    }

    /// Writes a batch of records as [`put`](Self::put) does. None of their keys is stored, which is faster.
    pub fn put_new<T: Record>(&mut self, records: &[(&T, Place)]) -> Result<(), StoreError> {
        self.writing_new(|import| import.put(records))
    }

    /// The stored documents of a batch of numbers.
    pub fn documents(
        &mut self,
        ledger: Ledger,
        numbers: &[&str],
    ) -> Result<Vec<Existing<Document>>, StoreError> {
        let documents = records::load_documents(
            self.session.connection,
            self.session.organization,
            ledger,
            numbers,
        )?;
        Ok(self.all_seen(documents))
    }

    /// Hands out ids of documents and returns the first.
    pub fn next_document_ids(&mut self, count: usize) -> Result<i64, StoreError> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        sequence::next_ids(
            self.session.connection,
            self.session.organization,
            Sequence::Document,
            count,
        )
    }

    /// Writes a batch of documents. Where `spread` is set, lines that are stored already take over what has changed.
    pub fn put_documents(
        &mut self,
        ledger: Ledger,
        documents: &[(&Document, Place, bool)],
    ) -> Result<(), StoreError> {
        let touched: Vec<_> =
            documents.iter().map(|(document, place, _)| (*document, self.touch(*place))).collect();
        records::put_documents(&mut self.session, ledger, &touched)?;
        self.statistics.wrote(touched.len(), self.session.connection)?;
        for (document, _, spread) in documents {
            if *spread {
                records::spread_head(
                    self.session.connection,
                    self.session.organization,
                    ledger,
                    document,
                )?;
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
        let first = sequence::next_ids(
            self.session.connection,
            self.session.organization,
            sequence,
            count,
        )?;
        i32::try_from(first).map_err(|_| StoreError::NoMoreIds { kind: sequence.word() })
    }

    /// Takes note of the greatest id below [`FAR_ID`] that came from files: those that are handed out later are greater.
    pub fn skip_past(&mut self, coded: Coded, id: i32) -> Result<(), StoreError> {
        sequence::skip_past(
            self.session.connection,
            self.session.organization,
            coded.sequence(),
            i64::from(id),
        )
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
        self.revision.0 << 32
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
