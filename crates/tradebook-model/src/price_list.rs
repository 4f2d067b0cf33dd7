//! Price lists and their rows.

use crate::{
    BreakQuantity, CurrencyCode, ListName, ModelError, Money, Percent, PriceListCode, PriceListId,
    ProductId, Validity,
};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $expected:literal { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
        }

        impl $name {
            /// The word by which import files and interfaces know it.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::ModelError;

            /// Reads the word in either case.
            fn from_str(text: &str) -> Result<Self, $crate::ModelError> {
                let word = text.trim();
                $(if word.eq_ignore_ascii_case($word) { return Ok(Self::$variant); })*
                Err($crate::ModelError::unreadable(text, $expected))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What a list's prices are for.
    ListType, "NORMAL, RRP or PROMO" {
        /// Prices that trade customers pay.
        Normal = "NORMAL",
        /// Recommended retail prices.
        Rrp = "RRP",
        /// Promotional prices, which are merged into the normal ones that they beat.
        Promo = "PROMO",
    }
}

words! {
    /// Whom a list is for. The third source of the interfaces, `CPA`, is a customer's own list, which is computed.
    ListSource, "STD or CPG" {
        /// A standard price list.
        Standard = "STD",
        /// The list of a group of customers.
        Group = "CPG",
    }
}

/// How a list follows from another: the base list's price plus a percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derivation {
    /// The list it starts from.
    pub base: PriceListId,
    /// What is added: −10 is ten per cent off.
    pub percent: Percent,
}

/// A price list without its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceList {
    /// Its id, which clients see.
    pub id: PriceListId,
    /// Its code, which the ERP uses.
    pub code: PriceListCode,
    /// Its name.
    pub description: Option<ListName>,
    /// The currency of all its prices.
    pub currency: CurrencyCode,
    /// What its prices are for.
    pub list_type: ListType,
    /// Whom it is for.
    pub source: ListSource,
    /// Whether its prices include value added tax.
    pub vat_inc: bool,
    /// The list it is derived from. Rows of its own override derived ones.
    pub derivation: Option<Derivation>,
    /// Computed prices are rounded to a multiple of this.
    pub rounding: Option<Money>,
    /// Added to a computed price after rounding: −0.01 makes 9.99 of 10.
    pub ending: Option<Money>,
    /// The decimals of computed prices, at most six; the currency's where it is absent.
    pub decimals: Option<u8>,
    /// When it holds.
    pub validity: Validity,
}

impl PriceList {
    /// Checks what the types alone cannot: a positive rounding, at most six decimals, no list derived from itself, a
    /// percentage above −100, a group list of type `NORMAL`.
    pub fn checked(self) -> Result<Self, ModelError> {
        if self.rounding.is_some_and(|rounding| rounding <= Money::ZERO) {
            return Err(ModelError::Contradiction("rounding must be greater than 0"));
        }
        if self.decimals.is_some_and(|decimals| decimals > 6) {
            return Err(ModelError::Contradiction("decimals must be between 0 and 6"));
        }
        if self.source == ListSource::Group && self.list_type != ListType::Normal {
            return Err(ModelError::Contradiction("a list of source CPG must be of type NORMAL"));
        }
        if let Some(derivation) = self.derivation {
            if derivation.base == self.id {
                return Err(ModelError::Contradiction("a price list cannot be its own base"));
            }
            if derivation.percent.micros() <= -100_000_000 {
                return Err(ModelError::Contradiction("percent must be greater than -100"));
            }
        }
        Ok(self)
    }

    /// The decimals to which computed prices of this list are rounded.
    pub fn effective_decimals(&self) -> u32 {
        self.decimals.map_or(self.currency.decimals(), u32::from)
    }
}

/// What a row says: an amount, or that one has to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Price {
    /// So much each. Zero is a price.
    Amount(Money),
    /// Price on application.
    OnApplication,
}

impl Price {
    /// A price; it may not be negative.
    pub fn amount(money: Money) -> Result<Self, ModelError> {
        if money < Money::ZERO {
            return Err(ModelError::out_of_range("a price", "0 or more", money));
        }
        Ok(Self::Amount(money))
    }
}

/// One row of a list: what a product costs each, from a quantity on, in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceRow {
    /// The list.
    pub list: PriceListId,
    /// The product.
    pub product: ProductId,
    /// The quantity from which it applies.
    pub quantity: BreakQuantity,
    /// The price.
    pub price: Price,
    /// When it holds.
    pub validity: Validity,
}
