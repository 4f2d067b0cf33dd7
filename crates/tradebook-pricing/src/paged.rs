//! Tables in pages, so that a changed book shares all pages but those that are different.

use std::sync::Arc;

use crate::hash_index::usize_of;

/// How many products a page of a book is for. Products 0 to 1023 are on page 0, and so on.
pub const PRODUCTS_PER_PAGE: u32 = 1024;

/// The page of a product, and its place there.
pub(crate) fn page_of(product: u32) -> (u32, u32) {
    (product / PRODUCTS_PER_PAGE, product % PRODUCTS_PER_PAGE)
}

/// One value for each product.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Paged<T>(Arc<[Arc<[T]>]>);

impl<T: Copy + PartialEq> Paged<T> {
    pub(crate) fn new(values: &[T]) -> Self {
        Self(values.chunks(usize_of(PRODUCTS_PER_PAGE)).map(Arc::from).collect())
    }

    pub(crate) fn get(&self, product: u32) -> Option<&T> {
        let (page, at) = page_of(product);
        self.0.get(usize_of(page))?.get(usize_of(at))
    }

    /// Whether two tables share a page.
    pub(crate) fn shares(&self, other: &Self, page: u32) -> bool {
        match (self.0.get(usize_of(page)), other.0.get(usize_of(page))) {
            (Some(own), Some(other)) => Arc::ptr_eq(own, other),
            _ => false,
        }
    }

    /// Whether two are one table.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The table with some values replaced; those of products that it does not have are left out.
    pub(crate) fn with(&self, values: impl IntoIterator<Item = (u32, T)>) -> Self {
        let mut pages = self.0.to_vec();
        for (product, value) in values {
            let (page, at) = page_of(product);
            if let Some(page) = pages.get_mut(usize_of(page))
                && page.get(usize_of(at)).is_some_and(|known| *known != value)
                && let Some(place) = Arc::make_mut(page).get_mut(usize_of(at))
            {
                *place = value;
            }
        }
        Self(pages.into())
    }

    /// The same table, with pages of another one where they are equal.
    pub(crate) fn sharing(&self, other: &Self) -> Self {
        let mut others = other.0.iter();
        let pages = self.0.iter().map(|page| match others.next() {
            Some(other) if other == page => Arc::clone(other),
            _ => Arc::clone(page),
        });
        Self(pages.collect())
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        size_of_val(&*self.0) + self.0.iter().map(|page| size_of_val(&**page)).sum::<usize>()
    }
}
