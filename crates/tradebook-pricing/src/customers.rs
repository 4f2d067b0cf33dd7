//! Customers and the thin overlay of their agreed prices.

use tradebook_model::{BookCustomer, Date, Money, Validity};

use crate::book::ListIndex;

/// A customer with its lists resolved and its agreed prices.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CustomerEntry {
    pub(crate) customer: BookCustomer,
    pub(crate) standard: Option<ListIndex>,
    pub(crate) group: Option<ListIndex>,
    pub(crate) agreed: AgreedPrices,
}

/// A price agreed for a product in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AgreedRow {
    pub(crate) product: u32,
    pub(crate) price: Money,
    pub(crate) validity: Validity,
}

impl AgreedRow {
    /// The key by which they are sorted.
    pub(crate) fn key(&self) -> (u32, Option<Date>) {
        (self.product, self.validity.from())
    }
}

/// A customer's agreed prices, sorted by product and first day.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct AgreedPrices(Box<[AgreedRow]>);

impl AgreedPrices {
    /// From rows sorted by [`AgreedRow::key`].
    pub(crate) fn from_sorted(rows: Vec<AgreedRow>) -> Self {
        Self(rows.into())
    }

    pub(crate) fn all(&self) -> &[AgreedRow] {
        &self.0
    }

    /// The price in force for a product on a day.
    pub(crate) fn in_force(&self, product: u32, as_of: Date) -> Option<Money> {
        let first = self.0.partition_point(|row| row.product < product);
        self.0
            .get(first..)?
            .iter()
            .take_while(|row| row.product == product)
            .find(|row| row.validity.contains(as_of))
            .map(|row| row.price)
    }
}

impl CustomerEntry {
    /// Whether anything on the day makes the customer's prices its own: an agreed price in force, a discount, a mark-up, a
    /// bulk flag, promotions denied.
    pub(crate) fn is_bespoke(&self, as_of: Date) -> bool {
        self.customer.terms.is_bespoke()
            || self.agreed.all().iter().any(|row| row.validity.contains(as_of))
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        size_of::<Self>()
            + size_of_val(self.agreed.all())
            + self.customer.name.as_str().len()
            + self.customer.reference.as_str().len()
    }
}
