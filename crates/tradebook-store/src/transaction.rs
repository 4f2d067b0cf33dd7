//! Transactions: reads of one moment, and writes that move an organization's revision.

use std::time::{Duration, Instant};

use diesel::connection::{AnsiTransactionManager, Connection, TransactionManager};
use diesel::prelude::*;
use tradebook_model::{OrganizationId, Revision};

use crate::connection::AnyConnection;
use crate::customers::fold_customers;
use crate::schema::organizations;
use crate::{Store, StoreError};

/// How often a transaction that others got in the way of is tried, and for how long.
const ATTEMPTS: u32 = 5;
const PATIENCE: Duration = Duration::from_secs(5);

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
        self.change(|connection| {
            let revision = next_revision(connection, organization)?;
            let outcome = work(connection, revision)?;
            fold_customers(connection, organization)?;
            Ok(outcome)
        })
    }

    /// Changes what belongs to no organization.
    pub(crate) fn change<T>(
        &self,
        mut work: impl FnMut(&mut AnyConnection) -> Result<Outcome<T>, StoreError>,
    ) -> Result<T, StoreError> {
        let started = Instant::now();
        let mut attempt = 1;
        loop {
            let mut connection = self.pools().write()?;
            match transaction(&mut connection, Mode::Write, &mut work) {
                // A deadlock or a conflict, which the next attempt need not meet. SQLite, and PostgreSQL for a lock, have
                // waited as long already.
                Err(StoreError::Busy)
                    if is_postgres(&connection)
                        && attempt < ATTEMPTS
                        && started.elapsed() < PATIENCE =>
                {
                    tracing::debug!(attempt, "a transaction is tried again");
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    /// Reads at one moment: all of `work`'s queries see the same data.
    pub(crate) fn read_snapshot<T>(
        &self,
        work: impl FnOnce(&mut AnyConnection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.pools().read()?;
        transaction(&mut connection, Mode::Read, |connection| work(connection).map(Outcome::Commit))
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Mode {
    Read,
    Write,
}

pub(crate) fn transaction<T>(
    connection: &mut AnyConnection,
    mode: Mode,
    work: impl FnOnce(&mut AnyConnection) -> Result<Outcome<T>, StoreError>,
) -> Result<T, StoreError> {
    type Manager = <AnyConnection as Connection>::TransactionManager;
    begin(connection, mode)?;
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

fn begin(connection: &mut AnyConnection, mode: Mode) -> QueryResult<()> {
    match connection {
        // A deferred transaction that turns to writing fails where another has written meanwhile.
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(sqlite) => AnsiTransactionManager::begin_transaction_sql(
            sqlite,
            match mode {
                Mode::Read => "BEGIN DEFERRED",
                Mode::Write => "BEGIN IMMEDIATE",
            },
        ),
        // Writers lock their organization first, and so read what the one before them has written.
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(postgres) => AnsiTransactionManager::begin_transaction_sql(
            postgres,
            match mode {
                Mode::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                Mode::Write => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
            },
        ),
    }
}

pub(crate) fn is_postgres(connection: &AnyConnection) -> bool {
    match connection {
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(_) => false,
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(_) => true,
    }
}

pub(crate) fn next_revision(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Revision, StoreError> {
    diesel::update(organizations::table.find(organization.get()))
        .set(organizations::revision.eq(organizations::revision + 1))
        .returning(organizations::revision)
        .get_result(connection)
        .optional()?
        .map(Revision)
        .ok_or_else(|| StoreError::not_found("organization", organization))
}
