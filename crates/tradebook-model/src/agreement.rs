//! What was agreed with a customer.

use crate::{CustomerId, ModelError, Money, PartNumber, Percent, PriceListId, ProductId, Validity};

/// Which quantity break a customer gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum BulkRule {
    /// The one that the quantity reaches.
    #[default]
    ByQuantity,
    /// The lowest price at any quantity (`AlwaysGetsBulk`).
    Always,
    /// The first break at any quantity (`NeverGetsBulk`).
    Never,
}

impl BulkRule {
    /// The rule of the two flags, of which at most one may be set.
    pub fn from_flags(always: bool, never: bool) -> Result<Self, ModelError> {
        match (always, never) {
            (true, true) => Err(ModelError::Contradiction(
                "always_gets_bulk and never_gets_bulk exclude each other",
            )),
            (true, false) => Ok(Self::Always),
            (false, true) => Ok(Self::Never),
            (false, false) => Ok(Self::ByQuantity),
        }
    }
}

/// The terms on which a customer buys, apart from agreed prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The standard list that the customer's prices start from.
    pub standard_list: Option<PriceListId>,
    /// The list of the customer's group.
    pub group_list: Option<PriceListId>,
    /// Per cent off the standard list's single price; zero is a value, absent means unused.
    pub normal_discount: Option<Percent>,
    /// Per cent on top of cost; zero is a value, absent means unused.
    pub markup_on_cost: Option<Percent>,
    /// Which quantity break the customer gets.
    pub bulk: BulkRule,
    /// Whether the customer gets promotional prices.
    pub promotions: bool,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            standard_list: None,
            group_list: None,
            normal_discount: None,
            markup_on_cost: None,
            bulk: BulkRule::ByQuantity,
            promotions: true,
        }
    }
}

impl Terms {
    /// Checks the ranges: a discount between 0 and 100, a mark-up of −100 or more.
    pub fn checked(self) -> Result<Self, ModelError> {
        if let Some(discount) = self.normal_discount
            && !(0..=100_000_000).contains(&discount.micros())
        {
            return Err(ModelError::out_of_range("the discount", "between 0 and 100", discount));
        }
        if let Some(markup) = self.markup_on_cost
            && markup.micros() < -100_000_000
        {
            return Err(ModelError::out_of_range("the mark-up", "-100 or more", markup));
        }
        Ok(self)
    }

    /// Whether anything here makes the customer's prices its own.
    pub fn is_bespoke(&self) -> bool {
        self.normal_discount.is_some()
            || self.markup_on_cost.is_some()
            || self.bulk != BulkRule::ByQuantity
            || !self.promotions
    }
}

/// A price agreed with a customer for a product, at any quantity, in the customer's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgreedPrice {
    /// The customer.
    pub customer: CustomerId,
    /// The product.
    pub product: ProductId,
    /// The price each, never negative.
    pub price: Money,
    /// When it holds.
    pub validity: Validity,
}

/// A customer's own part number for a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerPartNumber {
    /// The customer.
    pub customer: CustomerId,
    /// The product.
    pub product: ProductId,
    /// The customer's number for it.
    pub part_number: PartNumber,
}
