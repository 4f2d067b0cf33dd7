//! Quantities: whole numbers of the unit in which a product is sold.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use rust_decimal::Decimal;

use crate::{ModelError, Money};

/// The quantity from which a price applies, or for which one is asked: at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BreakQuantity(NonZeroU32);

impl BreakQuantity {
    /// One piece.
    pub const ONE: Self = Self(NonZeroU32::MIN);

    /// The quantity that a number asks for: zero counts as one, a return by its size.
    pub fn from_signed(value: i32) -> Self {
        Self(NonZeroU32::new(value.unsigned_abs()).unwrap_or(NonZeroU32::MIN))
    }

    /// A break's quantity, which is positive and fits 31 bits.
    pub fn new(value: i32) -> Result<Self, ModelError> {
        u32::try_from(value)
            .ok()
            .and_then(NonZeroU32::new)
            .map(Self)
            .ok_or_else(|| ModelError::out_of_range("a quantity break", "at least 1", value))
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0.get()
    }
}

impl fmt::Display for BreakQuantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for BreakQuantity {
    type Err = ModelError;

    /// Reads a whole number; 0 counts as 1, `12.000` is 12.
    fn from_str(text: &str) -> Result<Self, ModelError> {
        match SignedQuantity::from_str(text)?.get() {
            0 => Ok(Self::ONE),
            value => Self::new(value),
        }
    }
}

/// The quantity on a line of an order or invoice, negative where goods came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SignedQuantity(i32);

impl SignedQuantity {
    /// A quantity.
    pub const fn new(value: i32) -> Self {
        Self(value)
    }

    /// The number.
    pub const fn get(self) -> i32 {
        self.0
    }
}

impl fmt::Display for SignedQuantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for SignedQuantity {
    type Err = ModelError;

    /// Reads a whole number that fits 32 bits; decimals are allowed where they are all zero.
    fn from_str(text: &str) -> Result<Self, ModelError> {
        let trimmed = text.trim();
        let whole = match trimmed.split_once('.') {
            Some((whole, fraction)) if fraction.bytes().all(|b| b == b'0') && !whole.is_empty() => {
                whole
            }
            _ => trimmed,
        };
        whole
            .parse()
            .map(Self)
            .map_err(|_| ModelError::unreadable(text, "a whole number that fits 32 bits"))
    }
}

/// The quantity on a line of a purchase event: a decimal as large and as fine as money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineQuantity(Money);

impl LineQuantity {
    /// A quantity from millionths.
    pub fn from_micros(micros: i64) -> Result<Self, ModelError> {
        Money::from_micros(micros).map(Self)
    }

    /// The quantity in millionths.
    pub const fn micros(self) -> i64 {
        self.0.micros()
    }

    /// The number.
    pub fn to_decimal(self) -> Decimal {
        self.0.to_decimal()
    }
}

impl fmt::Display for LineQuantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for LineQuantity {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        text.parse().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_whole() {
        assert_eq!("12".parse::<SignedQuantity>().map(SignedQuantity::get), Ok(12));
        assert_eq!("-3.00".parse::<SignedQuantity>().map(SignedQuantity::get), Ok(-3));
        assert_eq!("0".parse::<BreakQuantity>(), Ok(BreakQuantity::ONE));
        assert_eq!(BreakQuantity::from_signed(-4).get(), 4);
        for text in ["1.5", "", "x", "2147483648", ".0", "1e2"] {
            assert!(text.parse::<SignedQuantity>().is_err(), "{text}");
        }
        assert!("-1".parse::<BreakQuantity>().is_err());
    }
}
