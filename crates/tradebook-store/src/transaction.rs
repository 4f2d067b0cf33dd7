//! Transactions: reads of one moment, and writes that move an organization's revision.

use std::time::{Duration, Instant};

#[cfg(feature = "sqlite")]
use diesel::connection::SimpleConnection;
use diesel::connection::{AnsiTransactionManager, Connection, TransactionManager};
use diesel::prelude::*;
use tradebook_model::{OrganizationId, Revision};

pub(crate) use crate::connection::is_postgres;
use crate::connection::{AnyConnection, Pooled, Purpose, connect};
use crate::customers::fold_customers;
#[cfg(feature = "postgres")]
use crate::feed;
use crate::schema::organizations;
use crate::{Store, StoreError};

/// How often a transaction that others got in the way of is tried, and for how long.
const ATTEMPTS: u32 = 5;
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(5);

/// How a write ends, and what it has to say.
pub(crate) enum Outcome<T> {
    /// What was changed becomes visible, at once and as a whole.
    Commit(T),
    /// Nothing happened.
    RollBack(T),
}

impl Store {
    /// Changes an organization's data. The revision that the change will have is handed to `work`; it becomes visible
    /// together with the change, and stays as it was after a roll-back or an error.
    ///
    /// Writes of one organization happen one after the other: moving the revision, which is the first thing done, locks
    /// the organization until the end. `work` may be called again where another transaction got in the way.
    pub(crate) fn write_transaction<T>(
        &self,
        organization: OrganizationId,
        mut work: impl FnMut(&mut AnyConnection, Revision) -> Result<Outcome<T>, StoreError>,
    ) -> Result<T, StoreError> {
        let mut made = None;
        let value = self.change(|connection| {
            let revision = next_revision(connection, organization)?;
            let outcome = work(connection, revision)?;
            fold_customers(connection, organization)?;
            made = matches!(outcome, Outcome::Commit(_)).then_some(revision);
            Ok(outcome)
        })?;
        if let Some(revision) = made {
            self.seen().note(organization, revision);
        }
        Ok(value)
    }

    /// Changes what belongs to no organization.
    ///
    /// A change that others got in the way of, or whose connection was lost before it was to be committed, is tried again: it
    /// has not happened. One whose connection was lost while it was committed may have happened, and is not.
    pub(crate) fn change<T>(
        &self,
        mut work: impl FnMut(&mut AnyConnection) -> Result<Outcome<T>, StoreError>,
    ) -> Result<T, StoreError> {
        let started = Instant::now();
        let mut attempt = 1;
        let mut reconnected = false;
        loop {
            let mut connection = self.pools().write()?;
            let mut committing = false;
            let result = transaction(&mut connection, Mode::Write, |connection| {
                let outcome = work(connection)?;
                committing = matches!(outcome, Outcome::Commit(_));
                Ok(outcome)
            });
            let error = match result {
                Ok(value) => {
                    connection.succeeded();
                    return Ok(value);
                }
                Err(error) => error,
            };
            connection.failed(&error);
            let again = is_postgres(&connection)
                && started.elapsed() < PATIENCE
                && match error {
                    // A deadlock or a conflict, which the next attempt need not meet. SQLite, and PostgreSQL for a lock, have
                    // waited as long already.
                    StoreError::Busy => attempt < ATTEMPTS,
                    StoreError::Unavailable { .. } => {
                        !committing && !std::mem::replace(&mut reconnected, true)
                    }
                    _ => false,
                };
            if !again {
                return Err(error);
            }
            tracing::debug!(attempt, %error, "a transaction is tried again");
            drop(connection);
            if matches!(error, StoreError::Busy) {
                // Whoever was in the way gets the time to finish.
                std::thread::sleep(PAUSE * attempt);
            }
            attempt += 1;
        }
    }

    /// Reads an organization's data at one moment, which shows all that this process knows of: what it has written, and what it
    /// was told that others have. A replica is asked where there is one that does; `work` may be called again, on another.
    pub(crate) fn read_of<T>(
        &self,
        organization: OrganizationId,
        mut work: impl FnMut(&mut AnyConnection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        #[cfg(feature = "postgres")]
        if let Some(replicas) = self.replicas()
            && let Some(result) = replicas.read(organization, self.seen(), &mut work)
        {
            return result;
        }
        #[cfg(not(feature = "postgres"))]
        let _ = organization;
        self.read_snapshot(work)
    }

    /// Reads as [`Store::read_of`] does, for what reads a large part of the database and seldom: on SQLite through a connection of
    /// its own, so that what it has mapped of the file does not stay in this process's memory.
    pub(crate) fn read_apart<T>(
        &self,
        organization: OrganizationId,
        mut work: impl FnMut(&mut AnyConnection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.url().is_postgres() {
            return self.read_of(organization, work);
        }
        self.count_read();
        connect(self.url(), Purpose::Read)?.transaction(|connection| work(connection))
    }

    /// Reads at one moment: all of `work`'s queries see the same data. `work` is called again where the connection is lost.
    pub(crate) fn read_snapshot<T>(
        &self,
        mut work: impl FnMut(&mut AnyConnection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.pools().read()?;
        self.count_read();
        match read(&mut connection, &mut work) {
            Err(error @ StoreError::Unavailable { .. }) if self.url().is_postgres() => {
                tracing::debug!(%error, "a read is tried again");
                drop(connection);
                read(&mut self.pools().read()?, work)
            }
            result => result,
        }
    }

    /// Reads at one moment as [`Store::read_snapshot`] does, for what cannot be done twice.
    pub(crate) fn read_once<T>(
        &self,
        work: impl FnOnce(&mut AnyConnection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.pools().read()?;
        self.count_read();
        read(&mut connection, work)
    }
}

/// Reads at one moment through a connection.
pub(crate) fn read<T>(
    connection: &mut Pooled,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let result = transaction(connection, Mode::Read, |c| work(c).map(Outcome::Commit));
    match &result {
        Ok(_) => connection.succeeded(),
        Err(error) => connection.failed(error),
    }
    result
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Mode {
    Read,
    Write,
    /// Reads at one moment, and may keep others from writing.
    Hold,
}

pub(crate) fn transaction<T>(
    connection: &mut Pooled,
    mode: Mode,
    work: impl FnOnce(&mut AnyConnection) -> Result<Outcome<T>, StoreError>,
) -> Result<T, StoreError> {
    type Manager = <AnyConnection as Connection>::TransactionManager;
    begin(connection, mode)?;
    let connection: &mut AnyConnection = connection;
    match work(connection) {
        Ok(Outcome::Commit(value)) => {
            Manager::commit_transaction(connection)?;
            Ok(value)
        }
        Ok(Outcome::RollBack(value)) => {
            Manager::rollback_transaction(connection)?;
            Ok(value)
        }
        Err(error) => {
            // The first error is the one that tells; a connection that cannot roll back is thrown away by the pool.
            if let Err(second) = Manager::rollback_transaction(connection) {
                tracing::debug!(error = %second, "a transaction could not be rolled back");
            }
            Err(error)
        }
    }
}

fn begin(connection: &mut Pooled, mode: Mode) -> QueryResult<()> {
    #[cfg(feature = "sqlite")]
    let announced = match mode {
        Mode::Read => None,
        Mode::Write | Mode::Hold => connection.waiting_file().and_then(crate::turns::announce),
    };
    match &mut **connection {
        // A deferred transaction that turns to writing fails where another has written meanwhile.
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(sqlite) => match (mode, announced) {
            (Mode::Read, _) => {
                AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN DEFERRED")
            }
            (Mode::Write | Mode::Hold, None) => {
                AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE")
            }
            (Mode::Write | Mode::Hold, Some(_announced)) => begin_between_steps(sqlite),
        },
        // Writers lock their organization first, and so read what the one before them has written.
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(postgres) => AnsiTransactionManager::begin_transaction_sql(
            postgres,
            match mode {
                Mode::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                Mode::Write => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
                Mode::Hold => "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE",
            },
        ),
    }
}

/// Begins to write while an import writes in steps, between which there is little time: SQLite itself would sleep longer and
/// longer between two attempts.
#[cfg(feature = "sqlite")]
fn begin_between_steps(connection: &mut SqliteConnection) -> QueryResult<()> {
    connection.batch_execute("PRAGMA busy_timeout=0")?;
    let began = patiently(|| {
        AnsiTransactionManager::begin_transaction_sql(&mut *connection, "BEGIN IMMEDIATE")
    });
    connection.batch_execute("PRAGMA busy_timeout=5000")?;
    began
}

/// Tries until the database is not locked, at most as long as SQLite itself would.
#[cfg(feature = "sqlite")]
pub(crate) fn patiently(mut begin: impl FnMut() -> QueryResult<()>) -> QueryResult<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let error = match begin() {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        let is_locked = matches!(&error, diesel::result::Error::DatabaseError(_, information)
            if information.message().contains("database is locked"));
        if !is_locked || Instant::now() >= deadline {
            return Err(error);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Moves an organization's revision, and announces it to all servers with the transaction's commit.
pub(crate) fn next_revision(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Revision, StoreError> {
    let row = organizations::table.find(organization.get());
    let next = organizations::revision.eq(organizations::revision + 1);
    let revision: Option<i64> = match connection {
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(sqlite) => diesel::update(row)
            .set(next)
            .returning(organizations::revision)
            .get_result(sqlite)
            .optional()?,
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(postgres) => diesel::update(row)
            .set(next)
            .returning((organizations::revision, feed::announce_revision()))
            .get_result(postgres)
            .optional()?
            .map(|(revision, _): (i64, String)| revision),
    };
    revision.map(Revision).ok_or_else(|| StoreError::not_found("organization", organization))
}
