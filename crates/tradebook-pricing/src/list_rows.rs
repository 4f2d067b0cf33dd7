//! The entered rows of one price list, product by product.

use std::sync::Arc;

use tradebook_model::{BreakQuantity, Date, Money, Price, Validity};

use crate::hash_index::usize_of;
use crate::paged::{PRODUCTS_PER_PAGE, page_of};

/// One entered row, 24 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StoredRow {
    /// Zero where the price is on application.
    amount: Money,
    pub(crate) quantity: BreakQuantity,
    pub(crate) validity: Validity,
    on_application: bool,
}

impl StoredRow {
    pub(crate) fn new(quantity: BreakQuantity, price: Price, validity: Validity) -> Self {
        let (amount, on_application) = match price {
            Price::Amount(amount) => (amount, false),
            Price::OnApplication => (Money::ZERO, true),
        };
        Self { amount, quantity, validity, on_application }
    }

    pub(crate) fn price(&self) -> Price {
        if self.on_application { Price::OnApplication } else { Price::Amount(self.amount) }
    }

    /// The key by which rows are sorted within a product.
    pub(crate) fn key(&self) -> (BreakQuantity, Option<Date>) {
        (self.quantity, self.validity.from())
    }
}

/// The rows of a list, sorted by product, quantity and first day, in pages: only those that have rows, by their numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ListRows {
    pages: Arc<[(u32, Arc<Page>)]>,
}

/// The rows of the products of one page.
#[derive(Debug, PartialEq)]
struct Page {
    rows: Box<[StoredRow]>,
    ranges: Ranges,
}

/// Where the rows of each product of a page begin.
#[derive(Debug, PartialEq)]
enum Ranges {
    /// One entry per product of the page and one more: for lists that price most of them.
    Dense(Box<[u32]>),
    /// The products that have rows, sorted, and where each one's begin, with one entry more: for lists that price few.
    Sparse { products: Box<[u32]>, starts: Box<[u32]> },
}

impl ListRows {
    /// Packs rows that are sorted by product, quantity and first day. `None` if there are more than 32 bits can count.
    pub(crate) fn pack(sorted: &[(u32, StoredRow)]) -> Option<Self> {
        let of_pages = sorted.chunk_by(|(a, _), (b, _)| page_of(*a).0 == page_of(*b).0);
        let pages = of_pages.filter_map(|rows| {
            let (product, _) = rows.first()?;
            Some(Page::pack(rows).map(|page| (page_of(*product).0, Arc::new(page))))
        });
        Some(Self { pages: pages.collect::<Option<_>>()? })
    }

    /// The rows of a product, of all periods, by quantity and first day.
    pub(crate) fn of(&self, product: u32) -> &[StoredRow] {
        let (page, at) = page_of(product);
        self.page(page).map_or(&[], |page| page.of(at))
    }

    /// The rows of the products of a page, with their products.
    pub(crate) fn unpack(&self, page: u32) -> Vec<(u32, StoredRow)> {
        let mut all = Vec::new();
        if let Some(packed) = self.page(page) {
            let first = page * PRODUCTS_PER_PAGE;
            for at in 0..PRODUCTS_PER_PAGE {
                all.extend(packed.of(at).iter().map(|row| (first + at, *row)));
            }
        }
        all
    }

    /// The rows with those of one page replaced, which are sorted as in [`ListRows::pack`].
    pub(crate) fn with_page(&self, page: u32, sorted: &[(u32, StoredRow)]) -> Option<Self> {
        let mut pages = self.pages.to_vec();
        let packed = Page::pack(sorted)?;
        match (pages.binary_search_by_key(&page, |(number, _)| *number), sorted.is_empty()) {
            (Ok(place), true) => {
                pages.remove(place);
            }
            (Ok(place), false) => {
                pages.splice(place..=place, [(page, Arc::new(packed))]);
            }
            (Err(_), true) => {}
            (Err(place), false) => pages.insert(place, (page, Arc::new(packed))),
        }
        Some(Self { pages: pages.into() })
    }

    /// Whether two lists share the rows of a page, or have none there.
    pub(crate) fn shares(&self, other: &Self, page: u32) -> bool {
        match (self.page(page), other.page(page)) {
            (Some(own), Some(other)) => Arc::ptr_eq(own, other),
            (None, None) => true,
            _ => false,
        }
    }

    /// The same rows, with pages of another list where they are equal.
    pub(crate) fn sharing(&self, other: &Self) -> Self {
        let pages = self.pages.iter().map(|(number, page)| match other.page(*number) {
            Some(other) if other == page => (*number, Arc::clone(other)),
            _ => (*number, Arc::clone(page)),
        });
        Self { pages: pages.collect() }
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let pages: usize = self.pages.iter().map(|(_, page)| page.heap_bytes()).sum();
        size_of_val(&*self.pages) + pages
    }

    fn page(&self, number: u32) -> Option<&Arc<Page>> {
        // Where all pages before it have rows it is in its place.
        match self.pages.get(usize_of(number)) {
            Some((found, page)) if *found == number => Some(page),
            _ => {
                let place = self.pages.binary_search_by_key(&number, |(number, _)| *number);
                place.ok().and_then(|place| self.pages.get(place)).map(|(_, page)| page)
            }
        }
    }
}

impl Page {
    fn pack(sorted: &[(u32, StoredRow)]) -> Option<Self> {
        let total = u32::try_from(sorted.len()).ok()?;
        let mut products = Vec::new();
        let mut starts = Vec::new();
        for (start, (product, _)) in (0..total).zip(sorted) {
            let (_, at) = page_of(*product);
            if products.last() != Some(&at) {
                products.push(at);
                starts.push(start);
            }
        }
        let ranges = if products.len().saturating_mul(4) >= usize_of(PRODUCTS_PER_PAGE) {
            let mut dense = Vec::with_capacity(usize_of(PRODUCTS_PER_PAGE) + 1);
            let mut known = products.iter().zip(&starts).peekable();
            for at in 0..PRODUCTS_PER_PAGE {
                while known.next_if(|(known, _)| **known < at).is_some() {}
                dense.push(known.peek().map_or(total, |(_, start)| **start));
            }
            dense.push(total);
            Ranges::Dense(dense.into())
        } else {
            starts.push(total);
            Ranges::Sparse { products: products.into(), starts: starts.into() }
        };
        Some(Self { rows: sorted.iter().map(|(_, row)| *row).collect(), ranges })
    }

    fn of(&self, at: u32) -> &[StoredRow] {
        let (starts, at) = match &self.ranges {
            Ranges::Dense(starts) => (starts, usize_of(at)),
            Ranges::Sparse { products, starts } => match products.binary_search(&at) {
                Ok(at) => (starts, at),
                Err(_) => return &[],
            },
        };
        match starts.get(at..).unwrap_or_default() {
            [start, end, ..] => self.rows.get(usize_of(*start)..usize_of(*end)).unwrap_or_default(),
            _ => &[],
        }
    }

    fn heap_bytes(&self) -> usize {
        let ranges = match &self.ranges {
            Ranges::Dense(starts) => size_of_val(&**starts),
            Ranges::Sparse { products, starts } => {
                size_of_val(&**products) + size_of_val(&**starts)
            }
        };
        size_of::<Self>() + size_of_val(&*self.rows) + ranges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(quantity: i32) -> StoredRow {
        StoredRow::new(
            BreakQuantity::new(quantity).unwrap(),
            Price::OnApplication,
            Validity::ALWAYS,
        )
    }

    #[test]
    fn both_layouts_give_the_rows_back() {
        assert_eq!(size_of::<StoredRow>(), 24);
        for step in [1, 3, 4, 5, 1000] {
            // From the second page on, so that places are not numbers.
            let sorted: Vec<_> = (1500..4000)
                .filter(|product| product % step == 0)
                .flat_map(|product| [(product, row(1)), (product, row(5))])
                .collect();
            let rows = ListRows::pack(&sorted).unwrap();
            let dense = rows.pages.iter().any(|(_, page)| matches!(page.ranges, Ranges::Dense(_)));
            assert_eq!(dense, step <= 4);
            for product in 0..5000 {
                let expected = [row(1), row(5)];
                let has = (1500..4000).contains(&product) && product % step == 0;
                assert_eq!(rows.of(product), if has { &expected[..] } else { &[] }, "{product}");
            }
            let unpacked: Vec<_> = (0..5).flat_map(|page| rows.unpack(page)).collect();
            assert_eq!(unpacked, sorted);
        }
        assert!(ListRows::pack(&[]).unwrap().of(2).is_empty());
        assert!(ListRows::default().of(0).is_empty());
    }

    #[test]
    fn a_page_is_replaced_and_the_others_are_shared() {
        let rows = ListRows::pack(&[(5, row(1)), (3000, row(2))]).unwrap();
        let more = rows.with_page(1, &[(1024, row(3))]).unwrap();
        assert_eq!(more, ListRows::pack(&[(5, row(1)), (1024, row(3)), (3000, row(2))]).unwrap());
        let shared: Vec<bool> = (0..4).map(|page| more.shares(&rows, page)).collect();
        assert_eq!(shared, [true, false, true, true]);
        assert_eq!(more.with_page(1, &[]).unwrap(), rows);
        assert_eq!(rows.with_page(1, &[]).unwrap(), rows);
        let same = ListRows::pack(&[(5, row(1)), (3000, row(7))]).unwrap();
        assert!(!same.shares(&rows, 0));
        let sharing = same.sharing(&rows);
        assert_eq!(sharing, same);
        assert!(sharing.shares(&rows, 0) && !sharing.shares(&rows, 2));
    }
}
