//! Rows into tables of SQLite.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::HasSqlType;
use diesel::sqlite::Sqlite;

use super::rows::Shape;

/// How many parameters one statement has at most: few enough for its program to stay in the cache of the processor.
const MAX_PARAMETERS: usize = 2_000;

/// A row that can be written.
pub(crate) trait Values: Sized {
    /// Its table.
    const SHAPE: Shape;

    /// Its values: of the key, then of what is set, then of what is set once.
    fn bind<'b>(&'b self, bind: Binder<'_, '_, 'b>) -> QueryResult<()>;
}

/// Takes the values of one row.
pub(crate) struct Binder<'p, 'a, 'b> {
    out: &'p mut AstPass<'a, 'b, Sqlite>,
    is_first: bool,
}

impl<'b> Binder<'_, '_, 'b> {
    pub(crate) fn push<T, U>(&mut self, value: &'b U) -> QueryResult<()>
    where
        Sqlite: HasSqlType<T>,
        U: ToSql<T, Sqlite>,
    {
        self.out.push_sql(if std::mem::take(&mut self.is_first) { "(" } else { "," });
        self.out.push_bind_param::<T, U>(value)
    }
}

/// Where rows go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// The table.
    Table,
    /// The table, which a view hides from this connection.
    HiddenTable,
    /// The table in which they wait for the end of the import.
    Staged,
}

/// Inserts rows and updates those that are there.
pub(crate) struct Put<'r, R> {
    target: Target,
    rows: &'r [R],
}

impl<'r, R: Values> Put<'r, R> {
    const COLUMNS: usize = R::SHAPE.key.len() + R::SHAPE.set.len() + R::SHAPE.once.len();
    const ROWS: usize =
        if Self::COLUMNS < MAX_PARAMETERS { MAX_PARAMETERS / Self::COLUMNS } else { 1 };

    pub(crate) fn all(
        connection: &mut SqliteConnection,
        target: Target,
        rows: &'r [R],
    ) -> QueryResult<()> {
        for rows in rows.chunks(Self::ROWS) {
            Self { target, rows }.execute(connection)?;
        }
        Ok(())
    }
}

impl<R> QueryId for Put<'_, R> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<R> RunQueryDsl<SqliteConnection> for Put<'_, R> {}

impl<R: Values> QueryFragment<Sqlite> for Put<'_, R> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        // A full statement comes again and again and need not be compiled each time.
        if self.rows.len() < Self::ROWS {
            out.unsafe_to_cache_prepared();
        }
        let shape = &R::SHAPE;
        out.push_sql("INSERT INTO ");
        out.push_sql(match self.target {
            Target::Table => "",
            Target::HiddenTable => "main.",
            Target::Staged => STAGED,
        });
        out.push_sql(shape.table);
        out.push_sql(" (");
        push_list(&mut out, shape.columns());
        out.push_sql(") VALUES ");
        for (place, row) in self.rows.iter().enumerate() {
            if place > 0 {
                out.push_sql(",");
            }
            row.bind(Binder { out: &mut out, is_first: true })?;
            out.push_sql(")");
        }
        out.push_sql(&shape.on_conflict());
        Ok(())
    }
}

/// What the names of tables begin with in which rows wait for the end of an import.
pub(crate) const STAGED: &str = "new_";
/// What the names of tables begin with that have the keys of rows to be removed.
pub(crate) const GONE: &str = "gone_";

impl Shape {
    /// The columns of a row, in the order of its values.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.key.iter().chain(self.set).chain(self.once).copied()
    }

    /// What follows the values of an insert so that rows that are there are updated.
    pub(crate) fn on_conflict(&self) -> String {
        let set = self.set.iter().map(|column| format!("{column}=excluded.{column}"));
        let bump = self.bump.iter().map(|column| format!("{column}={column}+1"));
        let changes: Vec<String> = set.chain(bump).collect();
        format!(" ON CONFLICT ({}) DO UPDATE SET {}", self.key.join(","), changes.join(","))
    }
}

fn push_list(out: &mut AstPass<'_, '_, Sqlite>, columns: impl Iterator<Item = &'static str>) {
    for (place, column) in columns.enumerate() {
        if place > 0 {
            out.push_sql(",");
        }
        out.push_sql(column);
    }
}
