//! Writes that wait are committed together.
//!
//! On SQLite a commit is a sync of the disk, and only one connection writes at a time: with a transaction for each request
//! most of the time would be spent waiting for the disk. One thread takes the writes that wait, runs each in a savepoint of
//! one transaction, commits, and only then answers them all. What fails or panics takes back its own part alone.

#[cfg(feature = "sqlite")]
mod writer;

use tradebook_model::OrganizationId;

#[cfg(feature = "sqlite")]
pub(crate) use self::writer::GroupWriter;
use crate::connection::AnyConnection;
use crate::customer_writes::Touches;
#[cfg(feature = "postgres")]
use crate::customer_writes::{CustomerWrites, Touched};
use crate::transaction::Outcome;
use crate::url::DatabaseUrl;
use crate::{Store, StoreError};

impl Store {
    /// Changes an organization's data as [`Store::write_transaction`] does, on SQLite together with other changes that wait.
    /// Comes back when the change is on disk.
    pub(crate) fn grouped_write<T: Touches + Send + 'static>(
        &self,
        organization: OrganizationId,
        work: impl FnMut(&mut AnyConnection) -> Result<Outcome<T>, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        match self.url() {
            #[cfg(feature = "sqlite")]
            DatabaseUrl::Sqlite(_) => self.group_writer()?.write(organization, work),
            #[cfg(feature = "postgres")]
            DatabaseUrl::Postgres(_) => self.write_alone(organization, work),
        }
    }

    /// A panic must not pass through a connection of the pool, which would be lost to those who wait for it.
    #[cfg(feature = "postgres")]
    fn write_alone<T: Touches>(
        &self,
        organization: OrganizationId,
        mut work: impl FnMut(&mut AnyConnection) -> Result<Outcome<T>, StoreError>,
    ) -> Result<T, StoreError> {
        use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

        let mut written = None;
        let done = self.write_transaction(organization, |connection, revision| {
            written = None;
            match catch_unwind(AssertUnwindSafe(|| work(connection))) {
                Ok(Ok(Outcome::Commit(value))) => {
                    let customers = match value.touched() {
                        Touched::Nothing => Some(Vec::new()),
                        Touched::Customer(customer) => Some(vec![customer]),
                        Touched::Anything => None,
                    };
                    written = customers.map(|customers| CustomerWrites {
                        organization,
                        revision,
                        customers,
                    });
                    Ok(Outcome::Commit(Ok(value)))
                }
                Ok(Ok(Outcome::RollBack(value))) => Ok(Outcome::RollBack(Ok(value))),
                Ok(Err(error)) => Err(error),
                Err(panic) => Ok(Outcome::RollBack(Err(panic))),
            }
        })?;
        self.journal().note(written);
        done.or_else(|panic| resume_unwind(panic))
    }
}
