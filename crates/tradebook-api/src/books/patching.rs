//! Books in which some customers are replaced, so that a change of one does not cost a book.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use tradebook_model::{CustomerId, OrganizationId, Revision};
use tradebook_pricing::{BookChanges, CustomerChange};
use tradebook_store::Store;

use super::{Book, BookFault, Books, Edition};

/// Which revisions this process has made, and which customers each has changed or deleted.
#[derive(Debug, Default)]
pub(super) struct OwnWrites {
    place: u64,
    of: HashMap<OrganizationId, BTreeMap<Revision, Vec<CustomerId>>>,
}

impl OwnWrites {
    /// Learns of the writes since the last time.
    fn follow(&mut self, store: &Store) {
        let (place, writes) = store.customer_writes(self.place);
        self.place = place;
        for write in writes.into_iter().flatten() {
            self.of.entry(write.organization).or_default().insert(write.revision, write.customers);
        }
    }

    /// Forgets what a book has.
    fn forget(&mut self, organization: OrganizationId, until: Revision) {
        if let Some(own) = self.of.get_mut(&organization) {
            own.retain(|revision, _| *revision > until);
        }
    }

    /// The customers that were changed after a revision.
    fn since(
        &self,
        organization: OrganizationId,
        revision: Revision,
    ) -> impl Iterator<Item = (Revision, &[CustomerId])> {
        let own = self.of.get(&organization).into_iter().flatten();
        own.filter(move |(made, _)| **made > revision).map(|(made, of)| (*made, of.as_slice()))
    }

    /// The last of the revisions after one, up to another, that were all made here by changing only these customers or new ones.
    fn followed(
        &self,
        organization: OrganizationId,
        (from, to): (Revision, Revision),
        customers: &BTreeSet<CustomerId>,
    ) -> Revision {
        let mut last = from;
        for (made, of) in self.since(organization, from) {
            let follows = made.0 == last.0 + 1 && made <= to;
            if !follows || !of.iter().all(|customer| customers.contains(customer)) {
                break;
            }
            last = made;
        }
        last
    }
}

impl Books {
    /// Replaces customers of a book by what is stored of them now.
    pub(super) fn patch(
        &self,
        book: &Book,
        noted: &BTreeSet<CustomerId>,
        own: &mut OwnWrites,
    ) -> Result<Arc<Book>, BookFault> {
        let organization = book.organization.id;
        own.follow(&self.store);
        own.forget(organization, book.revision);
        let mut customers = noted.clone();
        customers.extend(own.since(organization, book.revision).flat_map(|(_, of)| of));
        let ids: Vec<CustomerId> = customers.iter().copied().collect();
        let (revision, found) = self.store.read_book_customers(organization, &ids)?;
        own.follow(&self.store);
        // Where another process has written too, the revision stays behind, and the whole book is read in the background.
        let revision = own.followed(organization, (book.revision, revision), &customers);
        let mut gone = customers;
        let mut changes = Vec::with_capacity(ids.len());
        for (customer, agreed_prices) in found {
            gone.remove(&customer.id);
            changes.push(CustomerChange::Put { customer, agreed_prices });
        }
        let known = |id: &CustomerId| book.prices.find_customer_by_id(*id).is_some();
        changes.extend(gone.into_iter().filter(known).map(CustomerChange::Remove));
        let changes = BookChanges { customers: changes, ..BookChanges::default() };
        let prices = book.prices.with_changes(changes).map_err(|source| BookFault::Compile {
            organization: book.organization.name.to_string(),
            source,
        })?;
        let edition = Edition::Patched(uuid::Uuid::new_v4().as_u128());
        let patched = self.book(revision, edition, book.organization.clone(), prices);
        self.render(&patched, Some(book));
        let patched = Arc::new(patched);
        self.swap(organization, Some(Arc::clone(&patched)));
        Ok(patched)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_that_another_process_made_is_not_followed() {
        let acme = OrganizationId::new(1).unwrap();
        let customer = |id| CustomerId::new(id).unwrap();
        let mut own = OwnWrites::default();
        let writes = [(6, vec![customer(1)]), (7, vec![]), (8, vec![customer(2)]), (10, vec![])];
        let writes = writes.into_iter().map(|(revision, of)| (Revision(revision), of));
        own.of.insert(acme, writes.collect());
        let followed = |from, to, customers: &[i32]| {
            let customers = customers.iter().map(|id| customer(*id)).collect();
            own.followed(acme, (Revision(from), Revision(to)), &customers).0
        };
        assert_eq!(followed(5, 10, &[1, 2]), 8, "the ninth is another's");
        assert_eq!(followed(5, 7, &[1, 2]), 7);
        assert_eq!(followed(5, 10, &[1]), 7, "customer 2 was not read");
        assert_eq!(followed(5, 10, &[]), 5);
        assert_eq!(followed(4, 10, &[1, 2]), 4);
        assert_eq!(followed(9, 10, &[]), 10);
        own.forget(acme, Revision(7));
        assert_eq!(own.since(acme, Revision(0)).count(), 2);
    }
}
