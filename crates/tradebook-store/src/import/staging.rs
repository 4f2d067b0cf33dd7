//! Where the changes of an import wait for its end, on SQLite: a file of their own beside the database.
//!
//! The import's connection sees the tables of both as one: views that have the tables' names show what waits and, of all that
//! does not, what the database has. So it reads, removes and checks as if its changes were made, while others go on working
//! with the database as it is. At the end all changes are made in one transaction, as short as they are few.

use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Text};
use tradebook_model::{OrganizationId, Revision};

use super::records::Session;
use super::rows::{SHAPES, Shape};
use super::steps::{Steps, begin};
use super::values::{GONE, STAGED};
use super::{first_touch, later_revision};
use crate::connection::{AnyConnection, Purpose, connect};
use crate::customers::fold_customers;
use crate::own_list::allocate_own_lists;
use crate::schema::{id_sequences, unfinished_imports};
use crate::sequence::Sequence;
use crate::transaction::next_revision;
use crate::turns::{Passage, beside};
use crate::{Store, StoreError};

/// The tables of which others change rows while an import goes on.
pub(super) const SHARED: [&str; 2] = ["customers", "users"];

/// Its rows come and go with their customers'.
const PAYMENT_TYPES: &str = "customer_payment_types";

/// How many new prices go into the database with one step, where there are so many.
const AHEAD: i64 = 10_000;

/// An import in steps.
pub(super) struct Staging {
    connection: AnyConnection,
    steps: Steps,
    organization: OrganizationId,
    revision: Revision,
    // Dropped last: the file goes when nobody uses it any more.
    _file: StagingFile,
}

/// How the end of an import came out.
pub(super) enum Made {
    /// It is visible.
    Visible(Revision),
    /// Others have changed what it has read.
    Outdated,
}

/// The file in which changes wait. It is removed in the end.
struct StagingFile(PathBuf);

impl StagingFile {
    fn create(database: &Path) -> Result<Self, StoreError> {
        let file = Self(beside(database, "-import-rows"));
        file.remove();
        let write = |source| StoreError::Write { path: file.0.clone(), source };
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&file.0).map_err(write)?;
        Ok(file)
    }

    /// One that a killed import has left, or that is not needed any more. Where it cannot be removed, creating it says why.
    fn remove(&self) {
        drop(std::fs::remove_file(&self.0));
    }
}

impl Drop for StagingFile {
    fn drop(&mut self) {
        self.remove();
    }
}

#[derive(QueryableByName)]
struct Statement {
    #[diesel(sql_type = Text)]
    sql: String,
}

#[derive(QueryableByName)]
struct TypedColumn {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl Staging {
    /// Begins an import into an organization. No other goes on, and none that was killed has left anything.
    pub(super) fn begin(
        store: &Store,
        database: &Path,
        organization: OrganizationId,
    ) -> Result<Self, StoreError> {
        let passage = Passage::open(database)?;
        let file = StagingFile::create(database)?;
        let mut connection = connect(store.url(), Purpose::Write)?;
        attach(&mut connection, &file.0)?;
        for shape in SHAPES {
            overlay(&mut connection, shape)?;
        }
        for table in SHARED {
            connection.batch_execute(&format!(
                "CREATE TABLE staged.read_{table} (id INTEGER NOT NULL PRIMARY KEY, version BIGINT NOT NULL)"
            ))?;
        }
        connection.batch_execute(
            "CREATE INDEX staged.new_access_tokens_by_code \
             ON new_access_tokens (organization_id, authentication_code); \
             CREATE TEMP TRIGGER spread INSTEAD OF UPDATE ON ledger_lines BEGIN \
             UPDATE new_ledger_lines SET kind = NEW.kind, status = NEW.status, \
             customer_id = NEW.customer_id, date = NEW.date \
             WHERE organization_id = OLD.organization_id AND ledger = OLD.ledger \
             AND document_id = OLD.document_id AND line = OLD.line; END;",
        )?;
        let revision = later_revision(&mut connection, organization)?;
        let next: Option<i64> = id_sequences::table
            .select(id_sequences::next_id)
            .find((organization.get(), Sequence::Document.word()))
            .get_result(&mut connection)
            .optional()?;
        let steps = Steps::new(passage, next.unwrap_or(1), first_touch(revision));
        Ok(Self { connection, steps, organization, revision, _file: file })
    }

    /// The revision that the organization had when the import began, and one more: no import before it had that.
    pub(super) fn revision(&self) -> Revision {
        self.revision
    }

    pub(super) fn session(&mut self) -> Session<'_> {
        Session {
            steps: Some(&mut self.steps),
            ..Session::new(&mut self.connection, self.organization)
        }
    }

    /// Whether others have changed what the import has read, and that was noticed on the way.
    pub(super) fn is_outdated(&self) -> bool {
        self.steps.is_outdated
    }

    /// Makes all changes.
    pub(super) fn make(&mut self) -> Result<Made, StoreError> {
        self.end_step()?;
        for shape in SHAPES {
            forget_unchanged(&mut self.connection, shape)?;
        }
        // From here on the names of tables are theirs.
        self.connection.batch_execute("DROP TRIGGER temp.spread")?;
        for Shape { table, .. } in SHAPES {
            self.connection.batch_execute(&format!("DROP VIEW temp.{table}"))?;
        }
        self.write_new_prices()?;
        self.connection.batch_execute("PRAGMA foreign_keys=ON; PRAGMA main.synchronous=FULL;")?;
        self.begin_writing()?;
        let made = self.make_all().and_then(|made| {
            if matches!(made, Made::Visible(_)) {
                self.connection.batch_execute("COMMIT")?;
            }
            Ok(made)
        });
        match made {
            Ok(Made::Visible(revision)) => Ok(Made::Visible(revision)),
            // What the import refers to is gone, or what it brings is there, since it looked.
            Ok(Made::Outdated)
            | Err(StoreError::BrokenReference { .. } | StoreError::NotUnique { .. }) => {
                self.connection.batch_execute("ROLLBACK")?;
                Ok(Made::Outdated)
            }
            // The connection is not used again, and takes back what it has not committed.
            Err(error) => Err(error),
        }
    }

    /// Writes new prices, hidden, before the last transaction, where they are many.
    fn write_new_prices(&mut self) -> Result<(), StoreError> {
        let Some(shape) = SHAPES.iter().find(|shape| shape.table == "prices") else {
            return Ok(());
        };
        let is_new = format!(
            "NOT EXISTS (SELECT 1 FROM main.prices AS old WHERE {}) \
             AND NOT EXISTS (SELECT 1 FROM gone_prices AS gone WHERE {})",
            same_key(shape, "old", "new_prices"),
            same_key(shape, "gone", "new_prices"),
        );
        let Number { number } =
            diesel::sql_query(format!("SELECT COUNT(*) AS number FROM new_prices WHERE {is_new}"))
                .get_result(&mut self.connection)?;
        if number < AHEAD {
            return Ok(());
        }
        let key = shape.key.join(",");
        self.connection.batch_execute(&format!(
            "CREATE TABLE staged.ahead AS SELECT * FROM new_prices WHERE {is_new} ORDER BY {key}; \
             DELETE FROM new_prices WHERE {is_new};"
        ))?;
        let columns = joined(shape.columns().map(str::to_owned), ",");
        let mut done = 0;
        while done < number {
            let next = done + AHEAD;
            let sql = format!(
                "INSERT INTO main.prices ({columns}) SELECT {columns} FROM ahead \
                 WHERE rowid > {done} AND rowid <= {next} ORDER BY rowid"
            );
            if let AnyConnection::Sqlite(sqlite) = &mut self.connection {
                self.steps.write_hidden(sqlite, self.organization, &sql)?;
            }
            done = next;
        }
        Ok(())
    }

    fn end_step(&mut self) -> Result<(), StoreError> {
        self.session().end_step()
    }

    fn begin_writing(&mut self) -> Result<(), StoreError> {
        match &mut self.connection {
            AnyConnection::Sqlite(sqlite) => Ok(begin(sqlite)?),
            #[cfg(feature = "postgres")]
            AnyConnection::Postgres(_) => Ok(()),
        }
    }

    fn make_all(&mut self) -> Result<Made, StoreError> {
        let (connection, organization) = (&mut self.connection, self.organization);
        // Rows refer to one another in all directions.
        connection.batch_execute("PRAGMA defer_foreign_keys=ON")?;
        for table in SHARED {
            if is_outdated(connection, organization, table)? {
                return Ok(Made::Outdated);
            }
        }
        if has_taken_list_id(connection, organization)? {
            return Ok(Made::Outdated);
        }
        connection.batch_execute(&format!(
            "DELETE FROM {PAYMENT_TYPES} WHERE (organization_id, customer_id) IN \
             (SELECT organization_id, id FROM new_customers \
              UNION ALL SELECT organization_id, id FROM gone_customers)"
        ))?;
        for shape in SHAPES {
            connection.batch_execute(&remove_gone(shape))?;
        }
        for shape in SHAPES {
            connection.batch_execute(&make_new(shape))?;
        }
        diesel::delete(unfinished_imports::table.find(organization.get())).execute(connection)?;
        if has_rows(connection, "new_customers")? || has_rows(connection, "new_agreed_prices")? {
            allocate_own_lists(connection, organization)?;
        }
        let revision = next_revision(connection, organization)?;
        fold_customers(connection, organization)?;
        Ok(Made::Visible(revision))
    }

    /// Takes back what is hidden. The database is as if the import had not been.
    pub(super) fn discard(mut self, store: &Store) -> Result<(), StoreError> {
        let Self { connection, steps, organization, .. } = &mut self;
        if let AnyConnection::Sqlite(sqlite) = connection {
            steps.end(sqlite)?;
        }
        if steps.has_hidden() { store.discard_unfinished(Some(*organization)) } else { Ok(()) }
    }
}

fn attach(connection: &mut AnyConnection, file: &Path) -> Result<(), StoreError> {
    let text = file.to_str().ok_or_else(|| StoreError::Open {
        path: file.to_owned(),
        reason: "its name is not valid UTF-8".to_owned(),
    })?;
    // A name that begins with `file:` would be read as a URL.
    let text = if file.is_absolute() { text.to_owned() } else { format!("./{text}") };
    // References are kept by what waits and what is there together, and looked at in the end. What is hidden need not be on
    // disk before it is visible, and then it is.
    connection.batch_execute(
        "PRAGMA temp_store=FILE; PRAGMA foreign_keys=OFF; PRAGMA synchronous=NORMAL;",
    )?;
    diesel::sql_query("ATTACH $1 AS staged").bind::<Text, _>(text).execute(connection)?;
    Ok(connection.batch_execute(
        "PRAGMA staged.journal_mode=OFF; PRAGMA staged.synchronous=OFF; \
         PRAGMA staged.locking_mode=EXCLUSIVE; PRAGMA staged.cache_size=-16384;",
    )?)
}

fn joined(names: impl IntoIterator<Item = String>, separator: &str) -> String {
    names.into_iter().collect::<Vec<_>>().join(separator)
}

/// `a.x = b.x AND a.y = b.y` for the columns of a key.
fn same_key(shape: &Shape, one: &str, other: &str) -> String {
    joined(shape.key.iter().map(|column| format!("{one}.{column} = {other}.{column}")), " AND ")
}

/// Makes the tables in which a table's changes wait, and the view that shows them together with it.
fn overlay(connection: &mut AnyConnection, shape: &Shape) -> Result<(), StoreError> {
    let table = shape.table;
    let Statement { sql } =
        diesel::sql_query("SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = $1")
            .bind::<Text, _>(table)
            .get_result(connection)?;
    let body = sql.find('(').and_then(|place| sql.get(place..)).ok_or_else(|| {
        StoreError::corrupt(format!("the table {table} has a definition that cannot be read"))
    })?;
    let key = shape.key.join(",");
    // Without their types, indexes would not find what is compared with the columns of the table.
    let types: Vec<TypedColumn> = diesel::sql_query(
        "SELECT name, type AS kind FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk",
    )
    .bind::<Text, _>(table)
    .load(connection)?;
    let typed_key =
        joined(types.into_iter().map(|TypedColumn { name, kind }| format!("{name} {kind}")), ",");
    let gone = |row: &str| {
        let same = same_key(shape, "gone", row);
        format!("NOT EXISTS (SELECT 1 FROM staged.{GONE}{table} AS gone WHERE {same})")
    };
    // All payment types of a customer are taken over, or none.
    let staged = if table == PAYMENT_TYPES {
        "EXISTS (SELECT 1 FROM staged.new_customers AS changed \
         WHERE changed.organization_id = old.organization_id AND changed.id = old.customer_id) \
         OR EXISTS (SELECT 1 FROM staged.gone_customers AS changed \
         WHERE changed.organization_id = old.organization_id AND changed.id = old.customer_id)"
            .to_owned()
    } else {
        let same = same_key(shape, "changed", "old");
        format!("EXISTS (SELECT 1 FROM staged.{STAGED}{table} AS changed WHERE {same})")
    };
    let old_key = joined(shape.key.iter().map(|column| format!("OLD.{column}")), ",");
    Ok(connection.batch_execute(&format!(
        "CREATE TABLE staged.{STAGED}{table} {body}; \
         CREATE TABLE staged.{GONE}{table} ({typed_key}, PRIMARY KEY ({key})) WITHOUT ROWID; \
         CREATE TEMP VIEW {table} AS \
         SELECT * FROM staged.{STAGED}{table} AS waiting WHERE {} \
         UNION ALL \
         SELECT * FROM main.{table} AS old WHERE NOT ({staged}) AND {}; \
         CREATE TEMP TRIGGER {GONE}{table} INSTEAD OF DELETE ON {table} BEGIN \
         INSERT OR IGNORE INTO {GONE}{table} VALUES ({old_key}); END;",
        gone("waiting"),
        gone("old"),
    ))?)
}

/// Rows that are as they were need not be written; most rows of most files are.
fn forget_unchanged(connection: &mut AnyConnection, shape: &Shape) -> Result<(), StoreError> {
    let Shape { table, key, set, .. } = shape;
    if SHARED.contains(table) || *table == PAYMENT_TYPES {
        return Ok(());
    }
    let columns = key.iter().chain(*set).filter(|column| **column != "touched");
    let same = joined(
        columns.map(|column| {
            let same = if key.contains(column) { "=" } else { "IS" };
            format!("old.{column} {same} {STAGED}{table}.{column}")
        }),
        " AND ",
    );
    Ok(connection.batch_execute(&format!(
        "DELETE FROM {STAGED}{table} WHERE EXISTS (SELECT 1 FROM main.{table} AS old WHERE {same})"
    ))?)
}

fn remove_gone(shape: &Shape) -> String {
    let Shape { table, key, .. } = shape;
    let key = key.join(",");
    format!("DELETE FROM main.{table} WHERE ({key}) IN (SELECT {key} FROM {GONE}{table})")
}

fn make_new(shape: &Shape) -> String {
    let table = shape.table;
    let columns = joined(shape.columns().map(str::to_owned), ",");
    let same = same_key(shape, "gone", "waiting");
    format!(
        "INSERT INTO main.{table} ({columns}) SELECT {columns} FROM {STAGED}{table} AS waiting \
         WHERE NOT EXISTS (SELECT 1 FROM {GONE}{table} AS gone WHERE {same}) {}",
        shape.on_conflict()
    )
}

/// Whether others have changed, removed or made records that the import has changed.
fn is_outdated(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    table: &str,
) -> Result<bool, StoreError> {
    let Answer { yes } = diesel::sql_query(format!(
        "SELECT EXISTS (SELECT 1 FROM {STAGED}{table} AS waiting \
         LEFT JOIN read_{table} AS seen ON seen.id = waiting.id \
         LEFT JOIN main.{table} AS now ON now.organization_id = $1 AND now.id = waiting.id \
         WHERE now.version IS NOT seen.version) AS yes"
    ))
    .bind::<Integer, _>(organization.get())
    .get_result(connection)?;
    Ok(yes)
}

/// Whether a customer's own list has got the id of a list of the import.
fn has_taken_list_id(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<bool, StoreError> {
    let Answer { yes } = diesel::sql_query(
        "SELECT EXISTS (SELECT 1 FROM new_price_lists AS waiting JOIN main.customers AS now \
         ON now.organization_id = $1 AND now.own_list_id = waiting.id) AS yes",
    )
    .bind::<Integer, _>(organization.get())
    .get_result(connection)?;
    Ok(yes)
}

fn has_rows(connection: &mut AnyConnection, table: &str) -> Result<bool, StoreError> {
    let Answer { yes } = diesel::sql_query(format!("SELECT EXISTS (SELECT 1 FROM {table}) AS yes"))
        .get_result(connection)?;
    Ok(yes)
}

impl Session<'_> {
    /// How many rows of a table are to be removed at the end of the import.
    pub(super) fn gone(&mut self, table: &str) -> Result<usize, StoreError> {
        if !self.is_staged() {
            return Ok(0);
        }
        let Number { number } =
            diesel::sql_query(format!("SELECT COUNT(*) AS number FROM {GONE}{table}"))
                .get_result(self.connection)?;
        Ok(usize::try_from(number).unwrap_or_default())
    }
}
