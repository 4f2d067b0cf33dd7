//! Reading and writing rows of any table.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Double, Integer, Nullable, SmallInt, Text};

use super::tables::{Column, Kind, Table};
use super::value::{Row, Value};
use crate::StoreError;
use crate::connection::{AnyConnection, each_backend};

/// How many values one statement of SQLite has at most: few enough for its compiled form to stay in the processor's cache.
#[cfg(feature = "sqlite")]
const SQLITE_PARAMETERS: usize = 2000;

/// Binds a value of a column to a query of either backend.
macro_rules! bind {
    ($query:expr, $kind:expr, $value:expr) => {
        match $kind {
            Kind::Boolean => $query.bind::<Nullable<Bool>, _>($value.boolean()?),
            Kind::Small => $query.bind::<Nullable<SmallInt>, _>($value.small()?),
            Kind::Normal => $query.bind::<Nullable<Integer>, _>($value.normal()?),
            Kind::Big => $query.bind::<Nullable<BigInt>, _>($value.big()?),
            Kind::Real => $query.bind::<Nullable<Double>, _>($value.real()?),
            Kind::Text => $query.bind::<Nullable<Text>, _>($value.text()?),
            Kind::Bytes => $query.bind::<Nullable<Binary>, _>($value.bytes()?),
        }
    };
}

/// The next rows after a key, in the order of keys.
pub(super) fn page(
    connection: &mut AnyConnection,
    table: &Table,
    after: Option<&[u8]>,
    size: usize,
) -> Result<Vec<Row>, StoreError> {
    let (columns, key) = (table.column_list(), table.key_list());
    let after = after.map(Value::decode_all).transpose()?;
    let beginning = match &after {
        None => String::new(),
        Some(after) => {
            let places: Vec<_> = (1..=after.len()).map(|place| format!("${place}")).collect();
            format!("WHERE ({key}) > ({})", places.join(", "))
        }
    };
    let sql =
        format!("SELECT {columns} FROM \"{}\" {beginning} ORDER BY {key} LIMIT {size}", table.name);
    each_backend!(connection, |connection| {
        let mut query = diesel::sql_query(sql).into_boxed();
        for (value, kind) in after.iter().flatten().zip(table.key_kinds()) {
            query = bind!(query, kind, value);
        }
        Ok(query.load(connection)?)
    })
}

/// Writes rows. Those that are there already, such as the one that migrations make, become the same.
pub(super) fn put(
    connection: &mut AnyConnection,
    table: &Table,
    rows: &[Row],
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    match connection {
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(sqlite) => put_sqlite(sqlite, table, rows),
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(postgres) => put_postgres(postgres, table, rows),
    }
}

pub(super) fn count(connection: &mut AnyConnection, table: &Table) -> Result<u64, StoreError> {
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let sql = format!("SELECT COUNT(*) AS count FROM \"{}\"", table.name);
    let Counted { count } = diesel::sql_query(sql).get_result(connection)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

pub(super) fn delete_all(connection: &mut AnyConnection, table: &Table) -> Result<(), StoreError> {
    diesel::sql_query(format!("DELETE FROM \"{}\"", table.name)).execute(connection)?;
    Ok(())
}

impl Table {
    fn column_list(&self) -> String {
        let names: Vec<_> =
            self.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        names.join(", ")
    }

    fn key_list(&self) -> String {
        let columns = self.key.iter().filter_map(|place| self.columns.get(*place));
        let names: Vec<_> = columns.map(|column| format!("\"{}\"", column.name)).collect();
        names.join(", ")
    }

    fn key_kinds(&self) -> impl Iterator<Item = Kind> {
        self.key.iter().filter_map(|place| self.columns.get(*place)).map(|column| column.kind)
    }

    /// What to do with a row whose key is there.
    fn on_conflict(&self) -> String {
        let others = self.columns.iter().enumerate().filter(|(place, _)| !self.key.contains(place));
        let set: Vec<_> = others
            .map(|(_, Column { name, .. })| format!("\"{name}\" = excluded.\"{name}\""))
            .collect();
        if set.is_empty() {
            format!("ON CONFLICT ({}) DO NOTHING", self.key_list())
        } else {
            format!("ON CONFLICT ({}) DO UPDATE SET {}", self.key_list(), set.join(", "))
        }
    }
}

#[cfg(feature = "sqlite")]
fn put_sqlite(
    connection: &mut SqliteConnection,
    table: &Table,
    rows: &[Row],
) -> Result<(), StoreError> {
    let width = table.columns.len();
    let (columns, on_conflict) = (table.column_list(), table.on_conflict());
    for chunk in rows.chunks((SQLITE_PARAMETERS / width).max(1)) {
        let row = format!("({})", vec!["?"; width].join(", "));
        let rows = vec![row.as_str(); chunk.len()].join(", ");
        let mut query = diesel::sql_query(format!(
            "INSERT INTO \"{}\" ({columns}) VALUES {rows} {on_conflict}",
            table.name
        ))
        .into_boxed();
        for row in chunk {
            for (value, column) in row.0.iter().zip(&table.columns) {
                query = bind!(query, column.kind, value);
            }
        }
        query.execute(connection)?;
    }
    Ok(())
}

/// One array for each column: one statement for any number of rows.
#[cfg(feature = "postgres")]
fn put_postgres(
    connection: &mut PgConnection,
    table: &Table,
    rows: &[Row],
) -> Result<(), StoreError> {
    use diesel::sql_types::Array;

    /// Binds a column of all rows.
    macro_rules! bind_array {
        ($query:expr, $type:ty, $place:expr, $value:ident) => {{
            let values = rows
                .iter()
                .map(|row| row.0.get($place).map_or(Ok(None), Value::$value))
                .collect::<Result<Vec<_>, _>>()?;
            $query.bind::<Array<Nullable<$type>>, _>(values)
        }};
    }
    let arrays: Vec<_> = table
        .columns
        .iter()
        .zip(1..)
        .map(|(column, place)| format!("${place}::{}[]", column.kind.postgres()))
        .collect();
    let mut query = diesel::sql_query(format!(
        "INSERT INTO \"{}\" ({}) SELECT * FROM unnest({}) {}",
        table.name,
        table.column_list(),
        arrays.join(", "),
        table.on_conflict()
    ))
    .into_boxed();
    for (place, column) in table.columns.iter().enumerate() {
        query = match column.kind {
            Kind::Boolean => bind_array!(query, Bool, place, boolean),
            Kind::Small => bind_array!(query, SmallInt, place, small),
            Kind::Normal => bind_array!(query, Integer, place, normal),
            Kind::Big => bind_array!(query, BigInt, place, big),
            Kind::Real => bind_array!(query, Double, place, real),
            Kind::Text => bind_array!(query, Text, place, text),
            Kind::Bytes => bind_array!(query, Binary, place, bytes),
        };
    }
    query.execute(connection)?;
    Ok(())
}
