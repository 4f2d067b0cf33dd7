//! How far a copy has come, kept in the target until it is complete.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};
use sha2::{Digest, Sha256};

use super::tables::Table;
use super::value::Row;
use super::{CopyError, rows};
use crate::StoreError;
use crate::connection::{AnyConnection, each_backend};
use crate::key::SERVER;
use crate::schema::{organizations, server_state};

/// The table of the progress. A database that has it is half a copy.
pub(crate) const TABLE: &str = "__tradebook_copy";
/// What the source is called in it; no table has this name.
const SOURCE: &str = "";

/// How far a table is copied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Saved {
    /// The last key.
    pub(super) last_key: Option<Vec<u8>>,
    /// How many rows.
    pub(super) rows: u64,
    pub(super) is_done: bool,
}

impl Saved {
    /// Adds rows that follow.
    pub(super) fn advance(&mut self, table: &Table, page: &[Row], is_last: bool) {
        if let Some(last) = page.last() {
            self.last_key = Some(last.key(table));
        }
        self.rows += u64::try_from(page.len()).unwrap_or(u64::MAX);
        self.is_done = is_last;
    }
}

/// A hash of which database the source is, and of how far it has come: its secret and its revisions.
pub(super) fn fingerprint(source: &mut AnyConnection) -> Result<Vec<u8>, StoreError> {
    let (secret, keys): (Vec<u8>, i64) = server_state::table
        .select((server_state::key_secret, server_state::keys_revision))
        .find(SERVER)
        .get_result(source)?;
    let revisions: Vec<(i32, i64)> = organizations::table
        .select((organizations::id, organizations::revision))
        .order(organizations::id)
        .load(source)?;
    let mut hash = Sha256::new();
    hash.update(secret);
    hash.update(keys.to_be_bytes());
    for (id, revision) in revisions {
        hash.update(id.to_be_bytes());
        hash.update(revision.to_be_bytes());
    }
    Ok(hash.finalize().to_vec())
}

/// Takes possession of an empty target, or goes on with one that has a part of the same source.
pub(super) fn begin(
    target: &mut AnyConnection,
    tables: &[Table],
    fingerprint: &[u8],
) -> Result<(), CopyError> {
    if crate::maintenance::has_table(target, TABLE)? {
        let of_source = read(target, SOURCE)?;
        return match of_source {
            Some(saved) if saved.last_key.as_deref() == Some(fingerprint) => Ok(()),
            _ => Err(CopyError::OtherSource),
        };
    }
    for table in tables {
        // Migrations have made the only row of this one.
        if table.name != "server_state" && rows::count(target, table)? > 0 {
            return Err(CopyError::NotEmpty { table: table.name.clone() });
        }
    }
    let bytes = match target {
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(_) => "BLOB",
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(_) => "BYTEA",
    };
    target
        .batch_execute(&format!(
            "CREATE TABLE {TABLE} (name TEXT NOT NULL PRIMARY KEY, last_key {bytes}, \
             copied BIGINT NOT NULL, is_done BOOLEAN NOT NULL)"
        ))
        .map_err(StoreError::from)?;
    let source = Saved { last_key: Some(fingerprint.to_vec()), ..Saved::default() };
    write(target, SOURCE, &source)?;
    Ok(())
}

/// How far a table is copied.
pub(super) fn of(target: &mut AnyConnection, table: &Table) -> Result<Saved, StoreError> {
    Ok(read(target, &table.name)?.unwrap_or_default())
}

/// Notes how far a table is copied, in the transaction that copies it.
pub(super) fn save(
    target: &mut AnyConnection,
    table: &Table,
    saved: &Saved,
) -> Result<(), StoreError> {
    write(target, &table.name, saved)
}

/// Gives the target free.
pub(super) fn end(target: &mut AnyConnection) -> Result<(), StoreError> {
    Ok(target.batch_execute(&format!("DROP TABLE {TABLE}"))?)
}

fn read(target: &mut AnyConnection, name: &str) -> Result<Option<Saved>, StoreError> {
    #[derive(QueryableByName)]
    struct SavedRow {
        #[diesel(sql_type = Nullable<Binary>)]
        last_key: Option<Vec<u8>>,
        #[diesel(sql_type = BigInt)]
        copied: i64,
        #[diesel(sql_type = Bool)]
        is_done: bool,
    }
    let sql = format!("SELECT last_key, copied, is_done FROM {TABLE} WHERE name = $1");
    let row: Option<SavedRow> =
        diesel::sql_query(sql).bind::<Text, _>(name).get_result(target).optional()?;
    Ok(row.map(|SavedRow { last_key, copied, is_done }| Saved {
        last_key,
        rows: u64::try_from(copied).unwrap_or_default(),
        is_done,
    }))
}

fn write(target: &mut AnyConnection, name: &str, saved: &Saved) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO {TABLE} (name, last_key, copied, is_done) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (name) DO UPDATE SET last_key = excluded.last_key, \
         copied = excluded.copied, is_done = excluded.is_done"
    );
    each_backend!(target, |target| diesel::sql_query(sql)
        .bind::<Text, _>(name)
        .bind::<Nullable<Binary>, _>(saved.last_key.as_deref())
        .bind::<BigInt, _>(i64::try_from(saved.rows).unwrap_or(i64::MAX))
        .bind::<Bool, _>(saved.is_done)
        .execute(target))?;
    Ok(())
}
