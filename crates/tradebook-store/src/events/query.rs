//! What can be asked, and how that can fail.

use tradebook_model::{EventFilter, EventPage, EventParts, EventSelector, SpendPeriod};

use crate::StoreError;

/// Which purchase events are wanted, and how much of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventQuery {
    /// Whose or which.
    pub selector: EventSelector,
    /// What narrows them further.
    pub filter: EventFilter,
    /// For how long purchases can be spent against; it matters where the filter asks for that.
    pub period: SpendPeriod,
    /// Which of those that are left.
    pub page: EventPage,
    /// Which parts have to be read.
    pub parts: EventParts,
}

/// Why events could not be told.
#[derive(Debug, thiserror::Error)]
pub enum EventFault {
    /// What an identifier names does not exist, is not effective, or was named with a wrong code: which identifier, by the
    /// name of its parameter (`accounts_receivable_identifier`).
    #[error("{0} names nothing")]
    NotFound(&'static str),
    /// Several records have what an identifier names: by which of its fields (`name`).
    #[error("several records have this {0}")]
    Ambiguous(&'static str),
    /// The database did not do what it was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<diesel::result::Error> for EventFault {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}
