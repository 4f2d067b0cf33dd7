//! What an import does to the database of SQLite before its end: it takes ids, and writes new orders and invoices that nobody
//! sees yet. It does so in steps, between which others write.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, SmallInt};
use tradebook_model::OrganizationId;

use super::Ledger;
use super::records::Session;
use super::rows::{DocumentLineRow, DocumentRow};
use super::values::{Put, Target};
use crate::StoreError;
use crate::connection::AnyConnection;
use crate::schema::{customers, unfinished_imports};
use crate::transaction::patiently;
use crate::turns::Passage;

/// How long a step lasts where nobody waits for its end.
const STEP: Duration = Duration::from_millis(80);
/// How often others get in the way of a step for as long as a write waits at most.
const ATTEMPTS: usize = 12;

/// The steps of an import.
#[derive(Debug)]
pub(crate) struct Steps {
    passage: Passage,
    /// Documents from here on are this import's own, and hidden.
    pub(super) first_document: i64,
    /// What this import touches first.
    first_touch: i64,
    began: Option<Instant>,
    /// Whether there is anything that is hidden.
    has_hidden: bool,
    /// Whether others have changed what the import has read.
    pub(super) is_outdated: bool,
}

impl Steps {
    pub(super) fn new(passage: Passage, first_document: i64, first_touch: i64) -> Self {
        Self {
            passage,
            first_document,
            first_touch,
            began: None,
            has_hidden: false,
            is_outdated: false,
        }
    }

    pub(super) fn has_hidden(&self) -> bool {
        self.has_hidden
    }

    /// Runs a statement that writes what is hidden as a step of its own.
    pub(super) fn write_hidden(
        &mut self,
        connection: &mut SqliteConnection,
        of: OrganizationId,
        sql: &str,
    ) -> QueryResult<()> {
        self.begin(connection)?;
        self.hide(connection, of)?;
        connection.batch_execute(sql)?;
        self.end(connection)
    }

    /// Begins a step where none goes on.
    fn begin(&mut self, connection: &mut SqliteConnection) -> QueryResult<()> {
        if self.began.is_none() {
            begin(connection)?;
            self.began = Some(Instant::now());
        }
        Ok(())
    }

    /// Ends the step that goes on, and lets those pass who wait.
    pub(super) fn end(&mut self, connection: &mut SqliteConnection) -> QueryResult<()> {
        if self.began.take().is_some() {
            connection.batch_execute("COMMIT")?;
            self.passage.let_pass();
        }
        Ok(())
    }

    fn end_where_due(&mut self, connection: &mut SqliteConnection) -> QueryResult<()> {
        match self.began {
            Some(began) if began.elapsed() >= STEP || self.passage.is_wanted() => {
                self.end(connection)
            }
            _ => Ok(()),
        }
    }

    /// From the first of them on, rows of the import are hidden.
    fn hide(&mut self, connection: &mut SqliteConnection, of: OrganizationId) -> QueryResult<()> {
        if !self.has_hidden {
            diesel::insert_into(unfinished_imports::table)
                .values((
                    unfinished_imports::organization_id.eq(of.get()),
                    unfinished_imports::first_document.eq(self.first_document),
                    unfinished_imports::first_touch.eq(self.first_touch),
                ))
                .execute(connection)?;
            self.has_hidden = true;
        }
        Ok(())
    }
}

/// Begins to write to the database.
pub(super) fn begin(connection: &mut SqliteConnection) -> QueryResult<()> {
    let mut attempt = 1;
    loop {
        match patiently(|| connection.batch_execute("BEGIN IMMEDIATE")) {
            Err(_) if attempt < ATTEMPTS => attempt += 1,
            result => return result,
        }
    }
}

/// Calls a method of the steps with the connection to SQLite, where there are any.
macro_rules! with_steps {
    ($session:expr, |$steps:ident, $sqlite:ident| $body:expr) => {
        if let (Some($steps), AnyConnection::Sqlite($sqlite)) =
            (&mut $session.steps, &mut *$session.connection)
        {
            $body
        }
    };
}

impl Session<'_> {
    /// Whether what is written waits for the end of the import.
    pub(super) fn is_staged(&self) -> bool {
        self.steps.is_some()
    }

    /// Whether an order or invoice of an id is hidden until the end of the import.
    pub(super) fn is_hidden(&self, document: i64) -> bool {
        self.steps.as_ref().is_some_and(|steps| document >= steps.first_document)
    }

    /// Begins a step, where this is an import in steps and none goes on.
    pub(super) fn begin_step(&mut self) -> Result<(), StoreError> {
        with_steps!(self, |steps, sqlite| steps.begin(sqlite)?);
        Ok(())
    }

    /// Ends the step that goes on.
    pub(super) fn end_step(&mut self) -> Result<(), StoreError> {
        with_steps!(self, |steps, sqlite| steps.end(sqlite)?);
        Ok(())
    }

    /// Ends the step that goes on where it has lasted long enough, or somebody waits.
    pub(super) fn end_step_where_due(&mut self) -> Result<(), StoreError> {
        with_steps!(self, |steps, sqlite| steps.end_where_due(sqlite)?);
        Ok(())
    }

    /// Writes documents that are not to be seen before the end of the import.
    pub(super) fn put_hidden_documents(&mut self, rows: &[DocumentRow]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        self.begin_step()?;
        self.must_exist(rows)?;
        let organization = self.organization;
        with_steps!(self, |steps, sqlite| {
            steps.hide(sqlite, organization)?;
            Put::all(sqlite, Target::HiddenTable, rows)?;
        });
        Ok(())
    }

    /// Writes lines that are not to be seen before the end of the import.
    pub(super) fn put_hidden_lines(&mut self, rows: &[DocumentLineRow]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        self.begin_step()?;
        with_steps!(self, |_steps, sqlite| Put::all(sqlite, Target::HiddenTable, rows)?);
        Ok(())
    }

    /// Customers that have hidden documents cannot be deleted. This makes sure that nobody was faster.
    fn must_exist(&mut self, rows: &[DocumentRow]) -> Result<(), StoreError> {
        let mut ids: Vec<i32> = rows.iter().map(|row| row.customer_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let found: i64 = customers::table
            .filter(customers::organization_id.eq(self.organization.get()))
            .filter(customers::id.eq_any(&ids))
            .count()
            .get_result(self.connection)?;
        if usize::try_from(found) == Ok(ids.len()) {
            return Ok(());
        }
        if let Some(steps) = &mut self.steps {
            steps.is_outdated = true;
        }
        Err(StoreError::Busy)
    }

    /// Notes which records of a kind that others change, too, are read, and as of which version.
    pub(super) fn note_read(&mut self, table: &str, ids: &[i32]) -> Result<(), StoreError> {
        if !self.is_staged() || !super::staging::SHARED.contains(&table) {
            return Ok(());
        }
        for ids in ids.chunks(1000) {
            let list: Vec<String> = ids.iter().map(ToString::to_string).collect();
            diesel::sql_query(format!(
                "INSERT OR IGNORE INTO read_{table} (id, version) SELECT id, version FROM main.{table} \
                 WHERE organization_id = {} AND id IN ({})",
                self.organization,
                list.join(",")
            ))
            .execute(self.connection)?;
        }
        Ok(())
    }

    /// Takes the lines of a document to those that wait for the end of the import, as they are.
    pub(super) fn stage_lines(&mut self, ledger: Ledger, document: i64) -> Result<(), StoreError> {
        if !self.is_staged() {
            return Ok(());
        }
        diesel::sql_query(
            "INSERT OR IGNORE INTO new_ledger_lines SELECT * FROM main.ledger_lines \
             WHERE organization_id = $1 AND ledger = $2 AND document_id = $3",
        )
        .bind::<Integer, _>(self.organization.get())
        .bind::<SmallInt, _>(ledger.number())
        .bind::<BigInt, _>(document)
        .execute(self.connection)?;
        Ok(())
    }
}
