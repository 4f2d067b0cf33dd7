//! The tables of a database, as its catalogue has them.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::CopyError;
use crate::StoreError;
use crate::connection::AnyConnection;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    /// By name, so that they have the same order in each database.
    pub(super) columns: Vec<Column>,
    /// The places of the primary key's columns, in the key's order.
    pub(super) key: Vec<usize>,
    /// The other tables that its rows refer to.
    refers_to: Vec<String>,
    pub(super) refers_to_itself: bool,
    /// Whether rows of other tables refer to it.
    pub(super) is_referred_to: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// The types that migrations use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Small,
    Normal,
    Big,
    Real,
    Text,
    Bytes,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        match name.to_ascii_uppercase().as_str() {
            "BOOLEAN" => Some(Self::Boolean),
            "SMALLINT" => Some(Self::Small),
            "INTEGER" => Some(Self::Normal),
            "BIGINT" => Some(Self::Big),
            "DOUBLE PRECISION" => Some(Self::Real),
            "TEXT" => Some(Self::Text),
            "BLOB" | "BYTEA" => Some(Self::Bytes),
            _ => None,
        }
    }

    /// What PostgreSQL calls it.
    #[cfg(feature = "postgres")]
    pub(super) const fn postgres(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Small => "smallint",
            Self::Normal => "integer",
            Self::Big => "bigint",
            Self::Real => "double precision",
            Self::Text => "text",
            Self::Bytes => "bytea",
        }
    }
}

#[derive(QueryableByName)]
struct CatalogueColumn {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    /// From 1 on; 0 outside the key.
    #[diesel(sql_type = BigInt)]
    key_place: i64,
}

#[derive(QueryableByName)]
struct CatalogueReference {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    target: String,
}

/// The columns of a table, and the places of those that are in its key behind their places there.
#[derive(Default)]
struct Found {
    columns: Vec<Column>,
    key: Vec<(i64, usize)>,
}

/// All tables but those of the tools, whose names begin with two underscores; by name.
pub(super) fn all(connection: &mut AnyConnection) -> Result<Vec<Table>, StoreError> {
    let (columns, references) = match connection {
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(_) => {
            (include_str!("columns.sqlite.sql"), include_str!("references.sqlite.sql"))
        }
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(_) => {
            (include_str!("columns.postgres.sql"), include_str!("references.postgres.sql"))
        }
    };
    let columns: Vec<CatalogueColumn> = diesel::sql_query(columns).load(connection)?;
    let references: Vec<CatalogueReference> = diesel::sql_query(references).load(connection)?;
    let mut tables: BTreeMap<String, Found> = BTreeMap::new();
    for CatalogueColumn { table_name, column_name, kind, key_place } in columns {
        let kind = Kind::of(&kind).ok_or_else(|| StoreError::Unsupported {
            message: format!(
                "columns of type {kind}, such as {table_name}.{column_name}, cannot be copied"
            ),
        })?;
        let Found { columns, key } = tables.entry(table_name).or_default();
        if key_place > 0 {
            key.push((key_place, columns.len()));
        }
        columns.push(Column { name: column_name, kind });
    }
    let tables = tables.into_iter().map(|(name, Found { columns, mut key })| {
        if key.is_empty() {
            return Err(StoreError::Unsupported {
                message: format!("the table `{name}` has no primary key and cannot be copied"),
            });
        }
        key.sort_unstable();
        let refers = references.iter().filter(|reference| reference.table_name == name);
        let mut refers_to: Vec<String> = refers.map(|reference| reference.target.clone()).collect();
        let refers_to_itself = refers_to.contains(&name);
        refers_to.retain(|target| *target != name);
        Ok(Table {
            columns,
            key: key.into_iter().map(|(_, place)| place).collect(),
            refers_to,
            refers_to_itself,
            is_referred_to: references
                .iter()
                .any(|reference| reference.target == name && reference.table_name != name),
            name,
        })
    });
    tables.collect()
}

/// The tables in an order in which each comes after those that it refers to.
pub(super) fn in_order(mut tables: Vec<Table>) -> Vec<Table> {
    let mut ordered: Vec<Table> = Vec::with_capacity(tables.len());
    loop {
        let is_there = |name: &String| ordered.iter().any(|table| table.name == *name);
        let (mut ready, waiting): (Vec<_>, Vec<_>) =
            tables.into_iter().partition(|table| table.refers_to.iter().all(is_there));
        tables = waiting;
        if ready.is_empty() {
            // Tables that refer to each other: the database has the last word.
            ordered.append(&mut tables);
            return ordered;
        }
        ordered.append(&mut ready);
    }
}

/// Refuses databases that do not have the same tables and columns.
pub(super) fn must_match(source: &[Table], target: &[Table]) -> Result<(), CopyError> {
    let differs = |what: String| Err(CopyError::Schema { what });
    for table in source {
        let Some(same) = target.iter().find(|same| same.name == table.name) else {
            return differs(format!("the target has no table `{}`", table.name));
        };
        if (&table.columns, &table.key) != (&same.columns, &same.key) {
            return differs(format!("the table `{}` has other columns", table.name));
        }
    }
    match target.iter().find(|table| !source.iter().any(|same| same.name == table.name)) {
        Some(table) => differs(format!("the source has no table `{}`", table.name)),
        None => Ok(()),
    }
}

/// Keeps others from changing any organization or key until the transaction ends: each change moves a revision. On SQLite the
/// transaction does that by itself.
pub(super) fn keep_unchanged(connection: &mut AnyConnection) -> Result<(), StoreError> {
    match connection {
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(_) => Ok(()),
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(postgres) => {
            diesel::sql_query("LOCK TABLE organizations, server_state IN SHARE MODE")
                .execute(postgres)?;
            Ok(())
        }
    }
}

/// Lets ids that the database hands out go on after those that were copied. SQLite does that by itself.
pub(super) fn continue_identities(connection: &mut AnyConnection) -> Result<(), StoreError> {
    match connection {
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(_) => Ok(()),
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(postgres) => {
            let identities: Vec<CatalogueReference> =
                diesel::sql_query(include_str!("identities.postgres.sql")).load(postgres)?;
            for CatalogueReference { table_name: table, target: column } in identities {
                diesel::sql_query(format!(
                    "SELECT setval(pg_get_serial_sequence('\"{table}\"', '{column}'), MAX(\"{column}\")) \
                     FROM \"{table}\" HAVING MAX(\"{column}\") IS NOT NULL"
                ))
                .execute(postgres)?;
            }
            Ok(())
        }
    }
}
