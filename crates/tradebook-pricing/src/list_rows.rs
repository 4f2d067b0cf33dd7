//! The entered rows of one price list, product by product.

use tradebook_model::{BreakQuantity, Date, Money, Price, Validity};

use crate::hash_index::usize_of;

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

/// The rows of a list in one array, sorted by product, quantity and first day, with the range of each product.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ListRows {
    rows: Box<[StoredRow]>,
    ranges: Ranges,
}

/// Where each product's rows begin.
#[derive(Debug, Clone, PartialEq)]
enum Ranges {
    /// One entry per product of the book and one more: for lists that price most of them.
    Dense(Box<[u32]>),
    /// The products that have rows, sorted, and where each one's begin, with one entry more: for lists that price few.
    Sparse { products: Box<[u32]>, starts: Box<[u32]> },
}

impl Default for Ranges {
    fn default() -> Self {
        Self::Sparse { products: Box::default(), starts: Box::default() }
    }
}

impl ListRows {
    /// Packs rows that are sorted by product, quantity and first day. `None` if there are more than 32 bits can count.
    pub(crate) fn pack(sorted: &[(u32, StoredRow)], product_count: usize) -> Option<Self> {
        let total = u32::try_from(sorted.len()).ok()?;
        let mut products = Vec::new();
        let mut starts = Vec::new();
        for (at, (product, _)) in (0..total).zip(sorted) {
            if products.last() != Some(product) {
                products.push(*product);
                starts.push(at);
            }
        }
        let ranges = if products.len().saturating_mul(4) >= product_count {
            let mut dense = Vec::with_capacity(product_count + 1);
            let mut known = products.iter().zip(&starts).peekable();
            for product in (0_u32..).take(product_count) {
                while known.next_if(|(known, _)| **known < product).is_some() {}
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

    /// The rows of a product, of all periods, by quantity and first day.
    pub(crate) fn of(&self, product: u32) -> &[StoredRow] {
        let (starts, at) = match &self.ranges {
            Ranges::Dense(starts) => (starts, usize_of(product)),
            Ranges::Sparse { products, starts } => match products.binary_search(&product) {
                Ok(at) => (starts, at),
                Err(_) => return &[],
            },
        };
        match starts.get(at..).unwrap_or_default() {
            [start, end, ..] => self.rows.get(usize_of(*start)..usize_of(*end)).unwrap_or_default(),
            _ => &[],
        }
    }

    /// All rows with their products, in the order of [`ListRows::pack`].
    pub(crate) fn unpack(&self, product_count: usize) -> Vec<(u32, StoredRow)> {
        let mut all = Vec::with_capacity(self.rows.len());
        let mut take =
            |product: u32| all.extend(self.of(product).iter().map(|row| (product, *row)));
        match &self.ranges {
            Ranges::Dense(_) => (0_u32..).take(product_count).for_each(&mut take),
            Ranges::Sparse { products, .. } => products.iter().copied().for_each(&mut take),
        }
        all
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let ranges = match &self.ranges {
            Ranges::Dense(starts) => size_of_val(&**starts),
            Ranges::Sparse { products, starts } => {
                size_of_val(&**products) + size_of_val(&**starts)
            }
        };
        size_of_val(&*self.rows) + ranges
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
        let sorted = [(1, row(1)), (1, row(5)), (4, row(1)), (7, row(2))];
        for product_count in [8, 800] {
            let rows = ListRows::pack(&sorted, product_count).unwrap();
            assert_eq!(matches!(rows.ranges, Ranges::Dense(_)), product_count == 8);
            assert_eq!(rows.of(1), [row(1), row(5)]);
            assert_eq!(
                (rows.of(0), rows.of(4), rows.of(7)),
                (&[][..], &[row(1)][..], &[row(2)][..])
            );
            assert!(rows.of(8).is_empty());
            assert_eq!(rows.unpack(product_count), sorted);
        }
        assert!(ListRows::pack(&[], 3).unwrap().of(2).is_empty());
        assert!(ListRows::default().of(0).is_empty());
    }
}
