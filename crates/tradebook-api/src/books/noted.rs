//! Which customers this process has changed since a book was made.

use std::collections::{BTreeSet, HashMap};
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use tradebook_model::{CustomerId, OrganizationId};

/// Changes of one organization.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Noted {
    customers: BTreeSet<CustomerId>,
    /// It could not be shown when that was tried: readers do not wait for it.
    deferred: bool,
}

/// From how many customers on reading the whole book is the shorter way.
const FEW: usize = 256;

impl Noted {
    pub(super) fn customer(customer: CustomerId) -> Self {
        Self { customers: BTreeSet::from([customer]), ..Self::default() }
    }

    /// The customers that have changed, if they are few.
    pub(super) fn few(&self) -> Option<&BTreeSet<CustomerId>> {
        (self.customers.len() < FEW).then_some(&self.customers)
    }

    fn merge(&mut self, other: Self) {
        let Self { customers, deferred } = other;
        self.customers.extend(customers);
        self.deferred &= deferred;
    }
}

/// Changes of all organizations.
#[derive(Debug, Default)]
pub(super) struct NotedChanges {
    noted: Mutex<HashMap<OrganizationId, Entry>>,
    /// Whether there are any.
    any: AtomicBool,
}

/// What is noted of one organization.
#[derive(Debug, Default)]
struct Entry {
    waiting: Option<Noted>,
    /// What is taken is urgent: until a book shows it, readers wait for that book.
    taken_urgently: bool,
}

impl Entry {
    fn is_urgent(&self) -> bool {
        self.taken_urgently || self.waiting.as_ref().is_some_and(|noted| !noted.deferred)
    }
}

/// Changes on their way into a book. They count as noted until this is dropped, which is when the book is there.
#[derive(Debug)]
pub(super) struct Taken<'a> {
    changes: &'a NotedChanges,
    organization: OrganizationId,
    noted: Noted,
}

impl Deref for Taken<'_> {
    type Target = Noted;

    fn deref(&self) -> &Noted {
        &self.noted
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.changes.with(|noted| {
            if let Some(entry) = noted.get_mut(&self.organization) {
                entry.taken_urgently = false;
                if entry.waiting.is_none() {
                    noted.remove(&self.organization);
                }
            }
        });
    }
}

impl NotedChanges {
    pub(super) fn add(&self, organization: OrganizationId, change: Noted) {
        self.with(|noted| match &mut noted.entry(organization).or_default().waiting {
            Some(known) => known.merge(change),
            waiting => *waiting = Some(change),
        });
    }

    /// Whether there are changes that readers are to see at once.
    pub(super) fn is_urgent(&self, organization: OrganizationId) -> bool {
        // Almost always nothing has changed, and nobody waits for the lock.
        self.any.load(Ordering::Acquire)
            && self.with(|noted| noted.get(&organization).is_some_and(Entry::is_urgent))
    }

    pub(super) fn has(&self, organization: OrganizationId) -> bool {
        self.any.load(Ordering::Acquire) && self.with(|noted| noted.contains_key(&organization))
    }

    /// What waits to be shown. Whoever takes it makes the book, one thread at a time.
    pub(super) fn take(&self, organization: OrganizationId) -> Option<Taken<'_>> {
        let noted = self.with(|noted| {
            let entry = noted.get_mut(&organization)?;
            let waiting = entry.waiting.take()?;
            entry.taken_urgently = !waiting.deferred;
            Some(waiting)
        })?;
        Some(Taken { changes: self, organization, noted })
    }

    /// Notes again what could not be shown. It does not hold up readers any more.
    pub(super) fn put_back(&self, organization: OrganizationId, mut taken: Taken<'_>) {
        let noted = std::mem::take(&mut taken.noted);
        self.add(organization, Noted { deferred: true, ..noted });
    }

    fn with<T>(&self, work: impl FnOnce(&mut HashMap<OrganizationId, Entry>) -> T) -> T {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let result = work(&mut noted);
        self.any.store(!noted.is_empty(), Ordering::Release);
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_shown_waits_until_something_new_is_noted() {
        let acme = OrganizationId::new(1).unwrap();
        let customer = |id| CustomerId::new(id).unwrap();
        let noted = NotedChanges::default();
        assert!(!noted.is_urgent(acme) && !noted.has(acme) && noted.take(acme).is_none());
        noted.add(acme, Noted::customer(customer(1)));
        assert!(noted.is_urgent(acme));
        let change = noted.take(acme).unwrap();
        assert_eq!(change.few(), Some(&BTreeSet::from([customer(1)])));
        noted.put_back(acme, change);
        assert!(!noted.is_urgent(acme) && noted.has(acme));
        noted.add(acme, Noted::customer(customer(2)));
        assert!(noted.is_urgent(acme));
        let both = noted.take(acme).unwrap();
        assert_eq!(both.few().unwrap().len(), 2);
        noted.add(acme, Noted::customer(customer(3)));
        noted.put_back(acme, both);
        let all = noted.take(acme).unwrap();
        assert_eq!((all.few().map(BTreeSet::len), all.deferred), (Some(3), false));
        drop(all);
        let many = (1..300).map(|id| Noted::customer(customer(id)));
        many.for_each(|change| noted.add(acme, change));
        assert_eq!(noted.take(acme).unwrap().few(), None);
        assert!(!noted.has(acme));
    }

    #[test]
    fn what_is_taken_is_urgent_until_a_book_shows_it() {
        let acme = OrganizationId::new(1).unwrap();
        let customer = |id| Noted::customer(CustomerId::new(id).unwrap());
        let noted = NotedChanges::default();
        noted.add(acme, customer(1));
        let taken = noted.take(acme).unwrap();
        assert!(noted.is_urgent(acme) && noted.has(acme) && noted.take(acme).is_none());
        drop(taken);
        assert!(!noted.is_urgent(acme) && !noted.has(acme));
        // What comes while a book is made is not forgotten with what that shows.
        noted.add(acme, customer(1));
        let taken = noted.take(acme).unwrap();
        noted.add(acme, customer(2));
        drop(taken);
        assert!(noted.is_urgent(acme));
        let second = noted.take(acme).unwrap();
        assert_eq!(second.few().map(BTreeSet::len), Some(1));
        noted.put_back(acme, second);
        assert!(!noted.is_urgent(acme));
        let again = noted.take(acme).unwrap();
        assert!(!noted.is_urgent(acme) && noted.has(acme));
        drop(again);
        assert!(!noted.has(acme));
    }
}
