//! Books that share what is equal in them, which tells at once that it is.

use std::sync::Arc;

use crate::book::{ListEntry, ListIndex, PriceBook};
use crate::paged::PRODUCTS_PER_PAGE;

impl PriceBook {
    /// The same book, with the parts of an earlier one wherever they are equal: memory holds them once, and
    /// [`PriceBook::shares_items`] finds them.
    #[must_use]
    pub fn sharing(mut self, earlier: &Self) -> Self {
        if self.catalogue != earlier.catalogue {
            return self;
        }
        self.catalogue = Arc::clone(&earlier.catalogue);
        self.facts = self.facts.sharing(&earlier.facts);
        self.lists = self
            .lists
            .iter()
            .map(|list| {
                let before = earlier.find_list_by_id(list.header.id);
                match before.and_then(|before| earlier.lists.get(before.place())) {
                    Some(before) if before == list => Arc::clone(before),
                    Some(before) => Arc::new(ListEntry {
                        rows: list.rows.sharing(&before.rows),
                        ..ListEntry::clone(list)
                    }),
                    None => Arc::clone(list),
                }
            })
            .collect();
        self
    }

    /// Whether all stored lists surely have the same rows, on every day, as in another book: only customers differ, and in
    /// nothing that lists depend on.
    pub fn shares_all_items(&self, other: &Self) -> bool {
        let shared =
            |book: &Self, list| book.list_use(list).and_then(|list| list.shared_standard());
        Arc::ptr_eq(&self.lists, &other.lists)
            && Arc::ptr_eq(&self.catalogue, &other.catalogue)
            && self.facts.is(&other.facts)
            && self.stored_lists().all(|list| shared(self, list) == shared(other, list))
    }

    /// How many pages of [`PRODUCTS_PER_PAGE`] products there are.
    pub fn page_count(&self) -> u32 {
        u32::try_from(self.product_count()).unwrap_or(u32::MAX).div_ceil(PRODUCTS_PER_PAGE)
    }

    /// Whether a stored list surely has the same rows for the products of a page, on every day, as another book has in the list
    /// with the same id. What books share through [`PriceBook::with_changes`] or [`PriceBook::sharing`] is found.
    pub fn shares_items(&self, list: ListIndex, page: u32, other: &Self) -> bool {
        let inputs = |book: &Self, list: ListIndex| -> Option<Vec<Arc<ListEntry>>> {
            let own = book.lists.get(list.place())?;
            let shared = book.list_use(list).and_then(|list| list.shared_standard());
            let promotions = book.promotions(own.header.currency).iter().copied();
            let asked = [list].into_iter().chain(shared).chain(promotions);
            let mut all = Vec::new();
            for list in asked {
                let entry = book.lists.get(list.place())?;
                all.push(Arc::clone(entry));
                for base in &entry.bases {
                    all.push(Arc::clone(book.lists.get(base.list.place())?));
                }
            }
            Some(all)
        };
        if !Arc::ptr_eq(&self.catalogue, &other.catalogue) || !self.facts.shares(&other.facts, page)
        {
            return false;
        }
        let Some(id) = self.list(list).map(|list| list.id) else { return false };
        let Some(before) = other.find_list_by_id(id) else { return false };
        let same = |a: &Arc<ListEntry>, b: &Arc<ListEntry>| {
            Arc::ptr_eq(a, b) || (a.header == b.header && a.rows.shares(&b.rows, page))
        };
        match (inputs(self, list), inputs(other, before)) {
            (Some(own), Some(others)) => {
                own.len() == others.len() && own.iter().zip(&others).all(|(a, b)| same(a, b))
            }
            _ => false,
        }
    }
}

impl ListIndex {
    fn place(self) -> usize {
        crate::hash_index::usize_of(self.0)
    }
}
