//! Moving all data from one database to another, of either kind.
//!
//! What there is to copy is read from the databases' catalogues: tables, columns and keys. Rows are read in pages in the order of
//! their primary keys, from one transaction that keeps others from changing the source, and written in transactions that note
//! how far they have come, so that a copy that was interrupted goes on where it was. Until all tables are there and have the
//! same rows on both sides, the target refuses to be used.

mod progress;
mod rows;
mod tables;
mod value;

use sha2::{Digest, Sha256};

use self::progress::Saved;
use self::tables::Table;
use crate::connection::AnyConnection;
use crate::transaction::{Mode, Outcome, transaction};
use crate::{Store, StoreError};

pub(crate) use self::progress::TABLE as PROGRESS;

/// How many rows are read at once, and written in one transaction.
const PAGE: usize = 5000;

/// Why data was not copied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// One of the databases.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The target has data that did not come from a copy.
    #[error("the target is not empty: it has rows in `{table}`; copy into a new database")]
    NotEmpty {
        /// A table with rows.
        table: String,
    },
    /// The target holds a part of another database, or of the same one as it was before a later change.
    #[error(
        "the target holds an unfinished copy of another state of the source; empty it and copy again"
    )]
    OtherSource,
    /// The databases do not have the same tables and columns, although both are migrated.
    #[error("the databases have different schemas: {what}")]
    Schema {
        /// Where they differ.
        what: String,
    },
    /// After all is copied, a table still has other rows on both sides.
    #[error(
        "`{table}` differs: {source_rows} rows in the source, {target_rows} in the target; was the target changed?"
    )]
    Differs {
        /// The table.
        table: String,
        /// The rows in the source.
        source_rows: u64,
        /// The rows in the target.
        target_rows: u64,
    },
}

/// How far a copy has come.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum CopyProgress<'a> {
    /// Rows of a table are in the target for good.
    Copied {
        /// The table.
        table: &'a str,
        /// How many of its rows.
        rows: u64,
        /// Of how many.
        total: u64,
    },
    /// A table is the same on both sides.
    Verified(&'a CopiedTable),
}

/// A table that is the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CopiedTable {
    /// Its name.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
    /// SHA-256 of its rows in the order of their keys, in a form that does not depend on the kind of database.
    pub checksum: [u8; 32],
}

impl Store {
    /// Copies everything into another database, which is new or has a copy of the same data that was interrupted, and compares
    /// both. Both are migrated first. Until the end, the source answers reads and refuses changes with [`StoreError::Busy`],
    /// and the target refuses everything with [`StoreError::HalfCopied`].
    pub fn copy_to(
        &self,
        target: &Store,
        mut on_progress: impl FnMut(CopyProgress<'_>),
    ) -> Result<Vec<CopiedTable>, CopyError> {
        self.migrate()?;
        target.migrate_schema()?;
        #[cfg(feature = "sqlite")]
        let _no_import = self.without_imports()?;
        let mut source = self.pools().write()?;
        // The copy's own errors go past the transaction, which has nothing to keep in any case.
        transaction(&mut source, Mode::Hold, |source| {
            Ok(Outcome::RollBack(copy(source, target, &mut on_progress)))
        })?
    }
}

#[cfg(feature = "sqlite")]
impl Store {
    /// Waits for the import that goes on, removes what one that was killed has left, and lets none begin.
    fn without_imports(&self) -> Result<Option<crate::turns::ImportLock>, StoreError> {
        match self.url() {
            crate::url::DatabaseUrl::Sqlite(path) => {
                let lock = crate::turns::ImportLock::wait(path)?;
                self.discard_unfinished(None)?;
                Ok(Some(lock))
            }
            #[cfg(feature = "postgres")]
            crate::url::DatabaseUrl::Postgres(_) => Ok(None),
        }
    }
}

fn copy(
    source: &mut AnyConnection,
    target: &Store,
    on_progress: &mut dyn FnMut(CopyProgress<'_>),
) -> Result<Vec<CopiedTable>, CopyError> {
    tables::keep_unchanged(source)?;
    let tables = tables::in_order(tables::all(source)?);
    let in_target = target.read_snapshot(tables::all)?;
    tables::must_match(&tables, &in_target)?;
    let fingerprint = progress::fingerprint(source)?;
    target
        .change(|target| Ok(Outcome::Commit(progress::begin(target, &tables, &fingerprint))))??;
    for table in &tables {
        copy_table(source, target, table, on_progress)?;
    }
    let mut copied = Vec::with_capacity(tables.len());
    for table in &tables {
        let verified = verify(source, target, table, on_progress)?;
        on_progress(CopyProgress::Verified(&verified));
        copied.push(verified);
    }
    target.change(|target| {
        tables::continue_identities(target)?;
        progress::end(target)?;
        Ok(Outcome::Commit(()))
    })?;
    target.analyze()?;
    Ok(copied)
}

/// Copies the rows of a table that are not in the target yet.
fn copy_table(
    source: &mut AnyConnection,
    target: &Store,
    table: &Table,
    on_progress: &mut dyn FnMut(CopyProgress<'_>),
) -> Result<(), StoreError> {
    let mut saved = target.read_snapshot(|target| progress::of(target, table))?;
    if saved.is_done {
        return Ok(());
    }
    let total = rows::count(source, table)?;
    while !saved.is_done {
        saved = target.change(|target| {
            let mut next = saved.clone();
            loop {
                let page = rows::page(source, table, next.last_key.as_deref(), PAGE)?;
                rows::put(target, table, &page)?;
                next.advance(table, &page, page.len() < PAGE);
                let Saved { rows, .. } = next;
                on_progress(CopyProgress::Copied { table: &table.name, rows, total });
                // A row may refer to a later one of the same table: those have to become visible together.
                if next.is_done || !table.refers_to_itself {
                    break;
                }
            }
            progress::save(target, table, &next)?;
            Ok(Outcome::Commit(next))
        })?;
    }
    Ok(())
}

/// Compares a table on both sides. One that differs is copied once more where that is possible: triggers may have written to it
/// while other tables were filled, and sessions come and go between two runs.
fn verify(
    source: &mut AnyConnection,
    target: &Store,
    table: &Table,
    on_progress: &mut dyn FnMut(CopyProgress<'_>),
) -> Result<CopiedTable, CopyError> {
    let expected = checksum(source, table)?;
    let mut found = target.read_snapshot(|target| checksum(target, table))?;
    if found != expected && !table.is_referred_to {
        target.change(|target| {
            rows::delete_all(target, table)?;
            progress::save(target, table, &Saved::default())?;
            Ok(Outcome::Commit(()))
        })?;
        copy_table(source, target, table, on_progress)?;
        found = target.read_snapshot(|target| checksum(target, table))?;
    }
    if found != expected {
        return Err(CopyError::Differs {
            table: table.name.clone(),
            source_rows: expected.rows,
            target_rows: found.rows,
        });
    }
    Ok(expected)
}

fn checksum(connection: &mut AnyConnection, table: &Table) -> Result<CopiedTable, StoreError> {
    let mut hash = Sha256::new();
    let mut rows = 0;
    let mut last_key = None;
    let mut bytes = Vec::new();
    loop {
        let page = rows::page(connection, table, last_key.as_deref(), PAGE)?;
        for row in &page {
            bytes.clear();
            row.encode(&mut bytes);
            hash.update(&bytes);
        }
        rows += u64::try_from(page.len()).unwrap_or(u64::MAX);
        last_key = page.last().map(|row| row.key(table));
        if page.len() < PAGE {
            break;
        }
    }
    Ok(CopiedTable { name: table.name.clone(), rows, checksum: hash.finalize().into() })
}
