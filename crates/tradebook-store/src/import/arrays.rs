//! Whole columns as arrays: how PostgreSQL takes many rows in one statement.
//!
//! A statement with a parameter for each value is parsed and planned for all of them; one with an array for each column has as
//! many parameters as the table has columns, whatever the number of rows.

use diesel::pg::Pg;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Double, Integer, Nullable, SmallInt, Text};

/// A statement that is being given its arrays.
pub(crate) type ArrayQuery<'a> = BoxedSqlQuery<'a, Pg, SqlQuery>;

/// A type of which columns are made.
pub(crate) trait Column: Sized {
    /// What PostgreSQL calls it.
    const TYPE: &'static str;

    /// Binds a column's values, in the order of the rows.
    fn bind<'r, R>(
        query: ArrayQuery<'r>,
        rows: &'r [R],
        value: impl Fn(&'r R) -> &'r Self,
    ) -> ArrayQuery<'r>
    where
        Self: 'r;
}

macro_rules! columns {
    ($($type:ty: $sql:ty, $name:literal, $read:expr;)*) => {$(
        impl Column for $type {
            const TYPE: &'static str = $name;

            fn bind<'r, R>(
                query: ArrayQuery<'r>,
                rows: &'r [R],
                value: impl Fn(&'r R) -> &'r Self,
            ) -> ArrayQuery<'r> {
                let values: Vec<_> = rows.iter().map(|row| Some($read(value(row)))).collect();
                query.bind::<Array<Nullable<$sql>>, _>(values)
            }
        }

        impl Column for Option<$type> {
            const TYPE: &'static str = $name;

            fn bind<'r, R>(
                query: ArrayQuery<'r>,
                rows: &'r [R],
                value: impl Fn(&'r R) -> &'r Self,
            ) -> ArrayQuery<'r> {
                let values: Vec<_> =
                    rows.iter().map(|row| value(row).as_ref().map($read)).collect();
                query.bind::<Array<Nullable<$sql>>, _>(values)
            }
        }
    )*};
}

columns! {
    i16: SmallInt, "smallint", |value: &i16| *value;
    i32: Integer, "integer", |value: &i32| *value;
    i64: BigInt, "bigint", |value: &i64| *value;
    bool: Bool, "boolean", |value: &bool| *value;
    f64: Double, "double precision", |value: &f64| *value;
    String: Text, "text", String::as_str;
    Vec<u8>: Binary, "bytea", Vec::as_slice;
}
