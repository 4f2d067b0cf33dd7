//! Which customers are tied to which lists.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::book::{CustomerIndex, ListIndex};
use crate::customers::CustomerEntry;
use crate::hash_index::usize_of;

/// For each list, who is tied to it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ListUses(Arc<[Arc<ListUse>]>);

/// Who is tied to a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ListUse {
    /// The customers whose terms name it, by id.
    pub(crate) customers: Vec<CustomerIndex>,
    /// The standard lists of the customers of this group list, and how many have each.
    standards: BTreeMap<Option<ListIndex>, usize>,
}

impl ListUse {
    /// The standard list that all customers of this group list share.
    pub(crate) fn shared_standard(&self) -> Option<ListIndex> {
        let mut standards = self.standards.keys();
        let first = standards.next().copied().flatten();
        first.filter(|_| standards.next().is_none())
    }
}

/// The lists that a customer is tied to.
fn lists(entry: &CustomerEntry) -> impl Iterator<Item = ListIndex> {
    let standard = entry.standard.filter(|_| entry.standard != entry.group);
    entry.group.into_iter().chain(standard)
}

impl ListUses {
    /// From customers sorted by id.
    pub(crate) fn build(list_count: usize, customers: &[Arc<CustomerEntry>]) -> Self {
        let mut uses = vec![ListUse::default(); list_count];
        for customer in customers {
            for list in lists(customer) {
                if let Some(of_list) = uses.get_mut(usize_of(list.0)) {
                    of_list.customers.push(customer.index());
                }
            }
            if let Some(of_list) = customer.group.and_then(|list| uses.get_mut(usize_of(list.0))) {
                *of_list.standards.entry(customer.standard).or_default() += 1;
            }
        }
        Self(uses.into_iter().map(Arc::new).collect())
    }

    pub(crate) fn get(&self, list: ListIndex) -> Option<&ListUse> {
        self.0.get(usize_of(list.0)).map(Arc::as_ref)
    }

    /// As it is when a customer has become another, or has come or gone.
    pub(crate) fn change(&mut self, before: Option<&CustomerEntry>, after: Option<&CustomerEntry>) {
        let ties = |entry: &CustomerEntry| (entry.group, entry.standard);
        let Some(customer) = before.or(after).map(CustomerEntry::index) else { return };
        if before.map(ties) == after.map(ties) {
            return;
        }
        let tied = |entry: Option<&CustomerEntry>| -> BTreeSet<ListIndex> {
            entry.into_iter().flat_map(lists).collect()
        };
        let (left, joined) = (tied(before), tied(after));
        let uses = Arc::make_mut(&mut self.0);
        for list in left.union(&joined) {
            let Some(of_list) = uses.get_mut(usize_of(list.0)) else { continue };
            let of_list = Arc::make_mut(of_list);
            match of_list.customers.binary_search(&customer) {
                Ok(at) if !joined.contains(list) => {
                    of_list.customers.remove(at);
                }
                Err(at) if joined.contains(list) => of_list.customers.insert(at, customer),
                _ => {}
            }
            if let Some(entry) = before.filter(|entry| entry.group == Some(*list))
                && let Some(count) = of_list.standards.get_mut(&entry.standard)
            {
                *count -= 1;
                of_list.standards.retain(|_, count| *count > 0);
            }
            if let Some(entry) = after.filter(|entry| entry.group == Some(*list)) {
                *of_list.standards.entry(entry.standard).or_default() += 1;
            }
        }
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let uses = self.0.iter().map(|list| size_of::<ListUse>() + size_of_val(&*list.customers));
        size_of_val(&*self.0) + uses.sum::<usize>()
    }
}
