//! One row of a ladder, and what is done with several.

use std::fmt;

use tradebook_model::{BreakQuantity, Money, Price, PriceListId};

/// One row of a product's ladder: the price each from a quantity on, up to the next row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemRow {
    /// The quantity from which it applies (`Q`).
    pub quantity: BreakQuantity,
    /// The price each (`P`); zero where it is on application.
    pub price: Money,
    /// The price that a promotion replaced (`W`).
    pub was: Option<Money>,
    /// Whether the price is the customer's or the group's own (`C`): agreed, from their list, or marked up.
    pub custom: bool,
    /// Whether one has to ask (`POA`).
    pub on_application: bool,
    /// The source that decided, which a promotion leaves as it was.
    pub source: PriceSource,
    /// The list whose promotion the price is.
    pub promotion: Option<PriceListId>,
}

impl ItemRow {
    /// What one pays.
    pub fn to_pay(&self) -> Price {
        if self.on_application { Price::OnApplication } else { Price::Amount(self.price) }
    }

    /// What one would pay without promotions.
    pub fn normal(&self) -> Price {
        self.was.map_or(self.to_pay(), Price::Amount)
    }
}

/// Where a price comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PriceSource {
    /// A price agreed with the customer.
    Agreed,
    /// The list of the customer's group; without an id where the customer has none.
    OwnList(Option<PriceListId>),
    /// A mark-up on cost.
    MarkUp,
    /// The standard list, less the normal discount if there is one; without an id where there is none.
    StandardList(Option<PriceListId>),
}

impl fmt::Display for PriceSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agreed => f.write_str("agreed price"),
            Self::OwnList(None) => f.write_str("own list"),
            Self::OwnList(Some(list)) => write!(f, "own list {list}"),
            Self::MarkUp => f.write_str("mark-up on cost"),
            Self::StandardList(None) => f.write_str("standard list"),
            Self::StandardList(Some(list)) => write!(f, "standard list {list}"),
        }
    }
}

pub(crate) fn new_row(
    quantity: BreakQuantity,
    price: Price,
    custom: bool,
    source: PriceSource,
) -> ItemRow {
    let (price, on_application) = match price {
        Price::Amount(price) => (price, false),
        Price::OnApplication => (Money::ZERO, true),
    };
    ItemRow { quantity, price, was: None, custom, on_application, source, promotion: None }
}

pub(crate) fn by_quantity(rows: &mut [ItemRow], start: usize) {
    added_mut(rows, start).sort_unstable_by_key(|row| row.quantity);
}

pub(crate) fn added(rows: &[ItemRow], start: usize) -> &[ItemRow] {
    rows.get(start..).unwrap_or_default()
}

pub(crate) fn added_mut(rows: &mut [ItemRow], start: usize) -> &mut [ItemRow] {
    rows.get_mut(start..).unwrap_or_default()
}
