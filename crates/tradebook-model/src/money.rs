//! Exact money and percentages: integers scaled by 10⁶, read from text and written to text without a binary float.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use crate::ModelError;

/// One unit of currency, or one per cent, in the integer that keeps it.
pub const MICROS_PER_UNIT: i64 = 1_000_000;
const DECIMALS: u32 = 6;

/// An amount of money: at most 999,999,999.999999 in size, with at most six decimals.
///
/// The currency is not part of it; a price list, an agreement or a document names one for all its amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i64);

/// A percentage with at most six decimals: `10` is ten per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Percent(i64);

impl Money {
    /// Nothing at all, which is a price like any other.
    pub const ZERO: Self = Self(0);
    /// The largest amount.
    pub const MAX: Self = Self(999_999_999_999_999);
    /// The smallest amount.
    pub const MIN: Self = Self(-999_999_999_999_999);

    /// An amount from millionths of the currency's unit.
    pub fn from_micros(micros: i64) -> Result<Self, ModelError> {
        if (Self::MIN.0..=Self::MAX.0).contains(&micros) {
            Ok(Self(micros))
        } else {
            Err(ModelError::out_of_range(
                "an amount",
                "at most 999999999.999999 in size",
                Scaled(micros),
            ))
        }
    }

    /// Millionths of the currency's unit.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// An amount from a decimal that has at most six decimals.
    pub fn from_decimal(value: Decimal) -> Result<Self, ModelError> {
        Self::from_micros(micros_from_decimal(value)?)
    }

    /// The amount as a decimal with six places.
    pub fn to_decimal(self) -> Decimal {
        Decimal::from_i128_with_scale(i128::from(self.0), DECIMALS)
    }
}

impl Percent {
    /// No per cent at all. A value: a discount of zero is a discount.
    pub const ZERO: Self = Self(0);

    /// A percentage from millionths of a per cent, at most a million per cent in size.
    pub fn from_micros(micros: i64) -> Result<Self, ModelError> {
        if (-1_000_000_000_000..=1_000_000_000_000).contains(&micros) {
            Ok(Self(micros))
        } else {
            Err(ModelError::out_of_range("a percentage", "at most 1000000 in size", Scaled(micros)))
        }
    }

    /// Millionths of a per cent.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The percentage as a decimal with six places: 10 for ten per cent.
    pub fn to_decimal(self) -> Decimal {
        Decimal::from_i128_with_scale(i128::from(self.0), DECIMALS)
    }
}

/// What is left of, or becomes of, `amount` when `percent` is added to it: `amount × (1 + percent/100)`, unrounded.
/// `None` only if the result does not fit 28 digits.
pub fn percent_of(amount: Decimal, percent: Percent) -> Option<Decimal> {
    let factor = Decimal::from_i128_with_scale(i128::from(percent.0) + 100_000_000, DECIMALS + 2);
    amount.checked_mul(factor)
}

impl FromStr for Money {
    type Err = ModelError;

    /// Reads `12`, `-3.5`, `+0.25`, `.5` or `5.`; no exponent, no thousands separator.
    fn from_str(text: &str) -> Result<Self, ModelError> {
        Self::from_micros(micros_from_text(text, "a decimal number such as 12.50")?)
    }
}

impl FromStr for Percent {
    type Err = ModelError;

    /// Reads what [`Money`] reads.
    fn from_str(text: &str) -> Result<Self, ModelError> {
        Self::from_micros(micros_from_text(text, "a percentage such as 7.5")?)
    }
}

impl fmt::Display for Money {
    /// Without trailing zeros: `7`, `3.1`, `-0.000001`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Scaled(self.0).fmt(f)
    }
}

impl fmt::Display for Percent {
    /// Without trailing zeros and without a sign for the unit: `7.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Scaled(self.0).fmt(f)
    }
}

struct Scaled(i64);

impl fmt::Display for Scaled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = MICROS_PER_UNIT.unsigned_abs();
        let size = self.0.unsigned_abs();
        let (whole, mut fraction) = (size / scale, size % scale);
        if self.0 < 0 {
            f.write_str("-")?;
        }
        write!(f, "{whole}")?;
        if fraction == 0 {
            return Ok(());
        }
        let mut width = 6;
        while fraction.is_multiple_of(10) {
            fraction /= 10;
            width -= 1;
        }
        write!(f, ".{fraction:0width$}")
    }
}

fn micros_from_text(text: &str, expected: &'static str) -> Result<i64, ModelError> {
    let unreadable = || ModelError::unreadable(text, expected);
    let text = text.trim();
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return Err(unreadable());
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > 6 {
        return Err(ModelError::TooPrecise {
            text: text.chars().take(60).collect(),
            max: DECIMALS,
        });
    }
    let whole = whole.trim_start_matches('0');
    let too_large = || {
        ModelError::out_of_range(
            "the number",
            "at most 999999999.999999 in size",
            text.chars().take(60).collect::<String>(),
        )
    };
    if whole.len() > 12 {
        return Err(too_large());
    }
    let units: i64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| unreadable())? };
    let micros: i64 = if fraction.is_empty() {
        0
    } else {
        format!("{fraction:0<6}").parse().map_err(|_| unreadable())?
    };
    let size = units
        .checked_mul(MICROS_PER_UNIT)
        .and_then(|units| units.checked_add(micros))
        .ok_or_else(too_large)?;
    Ok(if negative { -size } else { size })
}

fn micros_from_decimal(value: Decimal) -> Result<i64, ModelError> {
    let value = value.normalize();
    if value.scale() > DECIMALS {
        return Err(ModelError::TooPrecise { text: value.to_string(), max: DECIMALS });
    }
    10_i128
        .checked_pow(DECIMALS - value.scale())
        .and_then(|factor| value.mantissa().checked_mul(factor))
        .and_then(|micros| i64::try_from(micros).ok())
        .ok_or_else(|| {
            ModelError::out_of_range("an amount", "at most 999999999.999999 in size", value)
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_becomes_money_exactly() {
        for (text, micros) in [
            ("7", 7_000_000),
            ("7.0", 7_000_000),
            ("3.10", 3_100_000),
            ("-0.000001", -1),
            (".5", 500_000),
            ("5.", 5_000_000),
            ("+12.345678", 12_345_678),
            ("999999999.999999", 999_999_999_999_999),
            ("33.64420000", 33_644_200),
            ("0", 0),
        ] {
            assert_eq!(text.parse(), Money::from_micros(micros), "{text}");
        }
        for text in [
            "",
            ".",
            "-",
            "1e3",
            "1,5",
            "1 000",
            "0x1",
            "1000000000",
            "0.0000001",
            "1..2",
            "NaN",
            "99999999999999999999999999",
        ] {
            assert!(text.parse::<Money>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn money_survives_text_and_decimal(micros in -999_999_999_999_999_i64..=999_999_999_999_999) {
            let money = Money(micros);
            prop_assert_eq!(money.to_string().parse(), Ok(money));
            prop_assert_eq!(Money::from_decimal(money.to_decimal()), Ok(money));
        }
    }

    #[test]
    fn ten_per_cent_off_is_exact() {
        let percent: Percent = "-10".parse().unwrap();
        let price: Money = "3.10".parse().unwrap();
        assert_eq!(
            percent_of(price.to_decimal(), percent).unwrap().to_string(),
            "2.79000000000000"
        );
    }
}
