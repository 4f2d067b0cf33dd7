//! Purchases as events: found by whose they are, and told with everything that belongs to them.
//!
//! A list first finds the keys of its events, batch by batch, from an index that carries all that its filter asks; what is
//! skipped or filtered out is never read. Each batch is then read whole, with what its events share read once.

mod code;
mod order;
mod query;
mod read;
mod resolve;
mod shared;
mod token;

use std::ops::ControlFlow;

use tradebook_model::{EventIdentifier, EventParts, OrganizationId, PurchaseEvent};

pub(crate) use code::hexadecimal;
pub use code::{CodeHash, CodeHasher};
pub use query::{EventFault, EventQuery};
pub use token::{EVENT_TOKEN_PREFIX, EventToken, TokenHolder};
#[cfg(test)]
pub(crate) use {code::spend_request_id, order::questions};

use self::order::Walk;
use self::read::Reader;
use crate::connection::AnyConnection;
use crate::{Store, StoreError};

/// How many events the first batch has, so that there is soon something to send, and the others.
const FIRST_BATCH: u64 = 50;
const BATCH: u64 = 500;

impl Store {
    /// Hands the events of a query to `each`, in their order and as of one moment, until it breaks off. Memory does not grow
    /// with their number. What the query names is looked up before the first event is handed over.
    ///
    /// # Errors
    ///
    /// [`EventFault::NotFound`] where what the query names does not exist, is not effective or was named with a wrong code;
    /// [`EventFault::Ambiguous`] where several records have the name.
    pub fn purchase_events(
        &self,
        organization: OrganizationId,
        query: &EventQuery,
        mut each: impl FnMut(PurchaseEvent) -> ControlFlow<()>,
    ) -> Result<(), EventFault> {
        let codes = self.code_hasher(organization)?;
        self.snapshot(organization, |connection| {
            let scope = resolve::scope(connection, organization, &codes, &query.selector)?;
            let mut walk = Walk::new(organization, scope, query);
            let mut reader = Reader::new(organization, query.parts);
            let mut batch = FIRST_BATCH;
            loop {
                let ids = walk.next(connection, batch)?;
                if ids.is_empty() {
                    return Ok(());
                }
                for event in reader.read(connection, &ids)? {
                    if each(event).is_break() {
                        return Ok(());
                    }
                }
                batch = BATCH;
            }
        })
    }

    /// One event.
    ///
    /// # Errors
    ///
    /// [`EventFault::NotFound`] where there is none.
    pub fn purchase_event(
        &self,
        organization: OrganizationId,
        event: &EventIdentifier,
        parts: EventParts,
    ) -> Result<PurchaseEvent, EventFault> {
        let read = |connection: &mut AnyConnection| {
            let id = resolve::event(connection, organization, event)?;
            let mut events = Reader::new(organization, parts).read(connection, &[id])?;
            events.pop().ok_or(EventFault::NotFound(resolve::EVENT))
        };
        self.read_of(organization, |connection| Ok(read(connection)))?
    }

    fn snapshot<T>(
        &self,
        organization: OrganizationId,
        work: impl FnOnce(&mut AnyConnection) -> Result<T, EventFault>,
    ) -> Result<T, EventFault> {
        // Events are handed on while they are read: what has begun cannot be done again elsewhere.
        let mut work = Some(work);
        let told =
            self.read_of(organization, |connection| Ok(work.take().map(|work| work(connection))))?;
        told.unwrap_or_else(|| Err(StoreError::Busy.into()))
    }

    /// What hashes the codes of an organization's access tokens.
    pub(crate) fn code_hasher(
        &self,
        organization: OrganizationId,
    ) -> Result<CodeHasher, StoreError> {
        Ok(CodeHasher::new(self.key_secret()?.clone(), organization))
    }
}
