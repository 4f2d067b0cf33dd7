//! Which customers this process has written, for caches of customers that need not forget all of them.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use tradebook_model::{CustomerId, OrganizationId, Revision};

use crate::Store;

/// The most revisions that are remembered. Whoever asks less often has to forget everything.
const REMEMBERED: usize = 16_384;

/// The customers whose change, together and alone, made a revision of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerWrites {
    /// The organization.
    pub organization: OrganizationId,
    /// The revision that shows the changes.
    pub revision: Revision,
    /// Those that were changed or deleted. New ones are not among them: nobody has seen them before.
    pub customers: Vec<CustomerId>,
}

/// What a write through [`Store::grouped_write`](crate::Store) has touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Touched {
    /// Nothing that was there before.
    Nothing,
    /// A customer.
    Customer(CustomerId),
    /// Something else.
    Anything,
}

/// A result that tells what its write has touched.
pub(crate) trait Touches {
    fn touched(&self) -> Touched;
}

impl Touches for () {
    fn touched(&self) -> Touched {
        Touched::Anything
    }
}

/// A write that is refused touches nothing.
impl<T: Touches, E> Touches for Result<T, E> {
    fn touched(&self) -> Touched {
        self.as_ref().map_or(Touched::Nothing, Touches::touched)
    }
}

/// The last writes, numbered in the order in which they became visible.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The number of the first that is still there.
    first: u64,
    writes: VecDeque<CustomerWrites>,
}

impl Journal {
    /// Notes writes that are committed, before whoever asked for them hears of it.
    pub(crate) fn note(&self, writes: impl IntoIterator<Item = CustomerWrites>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        for write in writes {
            if state.writes.len() == REMEMBERED {
                state.writes.pop_front();
                state.first += 1;
            }
            state.writes.push_back(write);
        }
    }

    /// The place after the last write.
    fn end(&self) -> u64 {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.first + u64::try_from(state.writes.len()).unwrap_or(u64::MAX)
    }

    fn since(&self, place: u64) -> Option<Vec<CustomerWrites>> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let skipped = usize::try_from(place.checked_sub(state.first)?).ok()?;
        Some(state.writes.iter().skip(skipped).cloned().collect())
    }
}

impl Store {
    /// The customers' writes of this process from a place on, and the place where to go on next time; places begin at 0.
    /// `None` where some of them are not remembered any more.
    ///
    /// A revision that is missing here was made by another process, or touched more than customers. One that another thread
    /// is just committing may be visible a moment before it is here, and is here before its write comes back.
    pub fn customer_writes(&self, place: u64) -> (u64, Option<Vec<CustomerWrites>>) {
        let writes = self.journal().since(place);
        let end = match &writes {
            Some(writes) => place.saturating_add(u64::try_from(writes.len()).unwrap_or(u64::MAX)),
            None => self.journal().end(),
        };
        (end, writes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_forgotten_is_not_passed_over() {
        let journal = Journal::default();
        let write = |revision| CustomerWrites {
            organization: OrganizationId::new(1).unwrap(),
            revision: Revision(revision),
            customers: Vec::new(),
        };
        assert_eq!(journal.since(0), Some(Vec::new()));
        journal.note([write(1), write(2)]);
        assert_eq!(journal.since(1), Some(vec![write(2)]));
        assert_eq!(journal.end(), 2);
        journal.note((3..=i64::try_from(REMEMBERED).unwrap() + 1).map(write));
        assert_eq!(journal.since(0), None);
        assert_eq!(journal.since(1).unwrap().len(), REMEMBERED);
        assert_eq!(journal.since(journal.end()), Some(Vec::new()));
    }
}
