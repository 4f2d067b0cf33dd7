//! What this process has changed since a book was made.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use tradebook_model::{CustomerId, OrganizationId};

/// Changes of one organization.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Noted {
    customers: BTreeSet<CustomerId>,
    /// Something else than customers may have changed.
    anything: bool,
    /// It could not be shown when that was tried: readers do not wait for it.
    deferred: bool,
}

/// From how many customers on reading the whole book is the shorter way.
const FEW: usize = 256;

impl Noted {
    pub(super) fn everything() -> Self {
        Self { anything: true, ..Self::default() }
    }

    pub(super) fn customer(customer: CustomerId) -> Self {
        Self { customers: BTreeSet::from([customer]), ..Self::default() }
    }

    /// The customers, if nothing else has changed and they are few.
    pub(super) fn only_customers(&self) -> Option<&BTreeSet<CustomerId>> {
        (!self.anything && self.customers.len() < FEW).then_some(&self.customers)
    }

    fn merge(&mut self, other: Self) {
        let Self { customers, anything, deferred } = other;
        self.customers.extend(customers);
        self.anything |= anything;
        self.deferred &= deferred;
    }
}

/// Changes of all organizations.
#[derive(Debug, Default)]
pub(super) struct NotedChanges {
    noted: Mutex<HashMap<OrganizationId, Noted>>,
    /// Whether there are any.
    any: AtomicBool,
}

impl NotedChanges {
    pub(super) fn add(&self, organization: OrganizationId, change: Noted) {
        self.with(|noted| match noted.get_mut(&organization) {
            Some(known) => known.merge(change),
            None => {
                noted.insert(organization, change);
            }
        });
    }

    /// Whether there are changes that readers are to see at once.
    pub(super) fn is_urgent(&self, organization: OrganizationId) -> bool {
        // Almost always nothing has changed, and nobody waits for the lock.
        self.any.load(Ordering::Acquire)
            && self.with(|noted| noted.get(&organization).is_some_and(|noted| !noted.deferred))
    }

    pub(super) fn has(&self, organization: OrganizationId) -> bool {
        self.any.load(Ordering::Acquire) && self.with(|noted| noted.contains_key(&organization))
    }

    pub(super) fn take(&self, organization: OrganizationId) -> Option<Noted> {
        self.with(|noted| noted.remove(&organization))
    }

    /// Notes again what could not be shown. It does not hold up readers any more.
    pub(super) fn put_back(&self, organization: OrganizationId, change: Noted) {
        self.add(organization, Noted { deferred: true, ..change });
    }

    fn with<T>(&self, work: impl FnOnce(&mut HashMap<OrganizationId, Noted>) -> T) -> T {
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
        assert_eq!(change.only_customers(), Some(&BTreeSet::from([customer(1)])));
        noted.put_back(acme, change);
        assert!(!noted.is_urgent(acme) && noted.has(acme));
        noted.add(acme, Noted::customer(customer(2)));
        assert!(noted.is_urgent(acme));
        let both = noted.take(acme).unwrap();
        assert_eq!(both.only_customers().unwrap().len(), 2);
        noted.add(acme, Noted::everything());
        noted.put_back(acme, both);
        let all = noted.take(acme).unwrap();
        assert_eq!((all.only_customers(), all.deferred), (None, false));
        let many = (1..300).map(|id| Noted::customer(customer(id)));
        many.for_each(|change| noted.add(acme, change));
        assert_eq!(noted.take(acme).unwrap().only_customers(), None);
        assert!(!noted.has(acme));
    }
}
