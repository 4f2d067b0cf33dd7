//! The account of a price: every source that was considered, and every step of arithmetic.

use std::fmt;

use rust_decimal::Decimal;
use tradebook_model::{
    BreakQuantity, BulkRule, CurrencyCode, Money, Percent, Price, PriceListCode,
};

use crate::item_row::PriceSource;

/// Where the pricing path tells what it does. Costs nothing where nobody listens.
pub(crate) trait TraceSink {
    fn record(&mut self, step: impl FnOnce() -> Step);
}

/// Nobody listens.
pub(crate) struct Untraced;

impl TraceSink for Untraced {
    fn record(&mut self, _: impl FnOnce() -> Step) {}
}

impl TraceSink for Trace {
    fn record(&mut self, step: impl FnOnce() -> Step) {
        self.steps.push(step());
    }
}

/// How a quote came about, step by step in order. Displays as one line per step.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace {
    steps: Vec<Step>,
}

impl Trace {
    /// The steps in the order in which they were taken.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.steps.iter().try_for_each(|step| writeln!(f, "{step}"))
    }
}

/// One step on the way to a price.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// The product is not for sale, or not of this book; nothing is considered.
    NotForSale,
    /// A source was considered and gives nothing.
    PassedOver {
        /// The source.
        source: PriceSource,
        /// Why.
        reason: PassedOver,
    },
    /// A source decides for some quantities.
    Taken {
        /// The source.
        source: PriceSource,
        /// The quantity from which it has a price.
        from: BreakQuantity,
        /// The quantity from which a more specific source decides.
        below: Option<BreakQuantity>,
    },
    /// A row as it was entered, in the list asked or in one that it is derived from.
    Entered {
        /// The list that has the row.
        list: PriceListCode,
        /// Its quantity.
        quantity: BreakQuantity,
        /// Its price.
        price: Price,
    },
    /// A derived price: `entered × factor`, then rounded by the last list's rules.
    Derived {
        /// The derived list.
        list: PriceListCode,
        /// The list whose row it starts from.
        base: PriceListCode,
        /// The price entered there.
        entered: Money,
        /// All percentages on the way, as one factor.
        factor: Decimal,
        /// The product of the two.
        exact: Decimal,
        /// The multiple to which it is rounded first.
        multiple: Option<Money>,
        /// The decimals to which it is rounded then.
        decimals: u32,
        /// What is added at the end.
        ending: Option<Money>,
        /// The result.
        result: Money,
    },
    /// A normal discount on the single price.
    Discounted {
        /// The standard list's first price.
        single: Money,
        /// The percentage off.
        percent: Percent,
        /// The result before rounding.
        exact: Decimal,
        /// The decimals to which it is rounded.
        decimals: u32,
        /// The result.
        result: Money,
    },
    /// A break row was compared with the discounted single price, and the lower one stands.
    LowerOf {
        /// The quantity of the row.
        quantity: BreakQuantity,
        /// The discounted single price.
        discounted: Money,
        /// The row's own price.
        row: Money,
    },
    /// There is a discount, but no single price to take it from.
    NoSinglePrice,
    /// A mark-up on cost.
    MarkedUp {
        /// The cost.
        cost: Money,
        /// The percentage added.
        percent: Percent,
        /// The result before rounding.
        exact: Decimal,
        /// The decimals to which it is rounded.
        decimals: u32,
        /// The result.
        result: Money,
    },
    /// A bulk flag left one row of a source, from its first quantity on.
    Bulk {
        /// `Always` or `Never`.
        rule: BulkRule,
        /// The price that remains.
        price: Price,
    },
    /// An agreed price.
    Agreed {
        /// The price.
        price: Money,
    },
    /// Bulk protection compared an agreed price with a standard break.
    Protected {
        /// The quantity of the break.
        quantity: BreakQuantity,
        /// The agreed price.
        agreed: Money,
        /// The standard price there.
        standard: Price,
    },
    /// Promotions are denied to the customer.
    PromotionsDenied,
    /// A list of promotions was considered and has nothing.
    NoPromotion {
        /// The list.
        list: PriceListCode,
        /// Why.
        reason: PassedOver,
    },
    /// A promotion was compared with the price that it would replace, and replaces it if lower.
    Promotion {
        /// The quantity of the row.
        quantity: BreakQuantity,
        /// The promotion's price.
        promotion: Money,
        /// The normal price.
        normal: Price,
    },
    /// The quantity asked for reaches a row, or none.
    Reached {
        /// The quantity asked for.
        quantity: BreakQuantity,
        /// The row's quantity and price.
        row: Option<(BreakQuantity, Price)>,
    },
}

/// Why a source gives no price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PassedOver {
    /// The terms name none.
    None,
    /// A more specific source decides for every quantity.
    AlreadyDecided,
    /// The list does not hold on the day.
    NotValid,
    /// The list is in another currency than the customer.
    OtherCurrency(CurrencyCode),
    /// It has no price for the product on the day.
    NoPrice,
    /// The product has no cost.
    NoCost,
    /// The cost is in another currency than the customer's.
    CostCurrency(CurrencyCode),
    /// It begins at a quantity for which a more specific source decides.
    BeginsTooHigh(BreakQuantity),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotForSale => f.write_str("the product is not for sale: no price"),
            Self::PassedOver { source, reason } => write!(f, "{source}: passed over, {reason}"),
            Self::Taken { source, from, below: None } => {
                write!(f, "{source}: taken, decides from quantity {from}")
            }
            Self::Taken { source, from, below: Some(below) } => {
                write!(f, "{source}: taken, decides from quantity {from} and below {below}")
            }
            Self::Entered { list, quantity, price } => {
                write!(f, "list `{list}`, from quantity {quantity}: {}", Shown(*price))
            }
            Self::Derived {
                list,
                base,
                entered,
                factor,
                exact,
                multiple,
                decimals,
                ending,
                result,
            } => {
                write!(
                    f,
                    "list `{list}` from `{base}`: {entered} × {factor} = {}",
                    exact.normalize()
                )?;
                if let Some(multiple) = multiple {
                    write!(f, ", to a multiple of {multiple}")?;
                }
                write!(f, ", to {decimals} decimals")?;
                if let Some(ending) = ending {
                    write!(f, ", ending {ending} added")?;
                }
                write!(f, ": {result}")
            }
            Self::Discounted { single, percent, exact, decimals, result } => write!(
                f,
                "normal discount: {single} less {percent} % = {}, to {decimals} decimals: {result}",
                exact.normalize()
            ),
            Self::LowerOf { quantity, discounted, row } => write!(
                f,
                "from quantity {quantity}: the lower of {discounted} (discounted) and {row} (row)"
            ),
            Self::NoSinglePrice => f.write_str("normal discount: no single price to take it from"),
            Self::MarkedUp { cost, percent, exact, decimals, result } => write!(
                f,
                "mark-up on cost: {cost} plus {percent} % = {}, to {decimals} decimals: {result}",
                exact.normalize()
            ),
            Self::Bulk { rule, price } => {
                let which = match rule {
                    BulkRule::Always => "always gets bulk: the lowest row",
                    BulkRule::Never => "never gets bulk: the first row",
                    BulkRule::ByQuantity => "by quantity",
                };
                write!(f, "{which}, {}", Shown(*price))
            }
            Self::Agreed { price } => write!(f, "agreed at {price}, at any quantity"),
            Self::Protected { quantity, agreed, standard } => write!(
                f,
                "bulk protection from quantity {quantity}: the lower of {agreed} (agreed) and {} \
                 (standard)",
                Shown(*standard)
            ),
            Self::PromotionsDenied => f.write_str("promotions: denied to the customer"),
            Self::NoPromotion { list, reason } => {
                write!(f, "promotions of `{list}`: passed over, {reason}")
            }
            Self::Promotion { quantity, promotion, normal } => {
                let verdict = match normal {
                    Price::Amount(normal) if promotion < normal => "replaces",
                    _ => "does not beat",
                };
                write!(
                    f,
                    "promotion from quantity {quantity}: {promotion} {verdict} {}",
                    Shown(*normal)
                )
            }
            Self::Reached { quantity, row: Some((from, price)) } => {
                write!(f, "quantity {quantity} reaches the row from {from}: {}", Shown(*price))
            }
            Self::Reached { quantity, row: None } => {
                write!(f, "quantity {quantity} reaches no row: no price")
            }
        }
    }
}

impl fmt::Display for PassedOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("there is none"),
            Self::AlreadyDecided => {
                f.write_str("a more specific source decides for every quantity")
            }
            Self::NotValid => f.write_str("it does not hold on the day"),
            Self::OtherCurrency(currency) => write!(f, "it is in {currency}"),
            Self::NoPrice => f.write_str("it has no price for the product on the day"),
            Self::NoCost => f.write_str("the product has no cost"),
            Self::CostCurrency(currency) => write!(f, "the cost is in {currency}"),
            Self::BeginsTooHigh(from) => {
                write!(f, "it begins at quantity {from}, where a more specific source decides")
            }
        }
    }
}

struct Shown(Price);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Price::Amount(amount) => amount.fmt(f),
            Price::OnApplication => f.write_str("on application"),
        }
    }
}
