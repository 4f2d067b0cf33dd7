//! Exact arithmetic on prices and the rounding at its end.

use rust_decimal::{Decimal, RoundingStrategy};
use tradebook_model::{Money, Percent, PriceList};

/// `1 + percent/100`, with as few digits as it needs.
pub(crate) fn factor(percent: Percent) -> Decimal {
    Decimal::from_i128_with_scale(i128::from(percent.micros()) + 100_000_000, 8).normalize()
}

/// `1 − percent/100`, with as few digits as it needs.
pub(crate) fn discount_factor(percent: Percent) -> Decimal {
    Decimal::from_i128_with_scale(100_000_000 - i128::from(percent.micros()), 8).normalize()
}

/// How the computed prices of a list are published: rounded to a multiple, then to decimals, then given an ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rounding {
    pub(crate) multiple: Option<Money>,
    pub(crate) decimals: u32,
    pub(crate) ending: Option<Money>,
}

impl Rounding {
    pub(crate) fn of(list: &PriceList) -> Self {
        Self { multiple: list.rounding, decimals: list.effective_decimals(), ending: list.ending }
    }

    pub(crate) const fn to_decimals(decimals: u32) -> Self {
        Self { multiple: None, decimals, ending: None }
    }

    /// Half away from zero throughout. A price that would be negative is 0; one beyond [`Money::MAX`] is that.
    pub(crate) fn apply(self, exact: Decimal) -> Money {
        let mut price = match self.multiple {
            Some(multiple) if multiple > Money::ZERO => to_multiple(exact, multiple.to_decimal()),
            _ => exact,
        };
        price = price
            .round_dp_with_strategy(self.decimals.min(6), RoundingStrategy::MidpointAwayFromZero);
        if let Some(ending) = self.ending {
            price = price.saturating_add(ending.to_decimal());
        }
        money(price)
    }
}

/// The nearest multiple; of two equally near the greater. `exact` is not negative.
fn to_multiple(exact: Decimal, multiple: Decimal) -> Decimal {
    let Some(rest) = exact.checked_rem(multiple) else { return exact };
    let below = exact - rest;
    if rest.saturating_add(rest) >= multiple { below.saturating_add(multiple) } else { below }
}

/// A value of at most six decimals as money, held between 0 and the greatest amount.
fn money(value: Decimal) -> Money {
    if value.is_sign_negative() {
        return Money::ZERO;
    }
    10_i128
        .checked_pow(6_u32.saturating_sub(value.scale()))
        .and_then(|scale| value.mantissa().checked_mul(scale))
        .and_then(|micros| i64::try_from(micros).ok())
        .and_then(|micros| Money::from_micros(micros).ok())
        .unwrap_or(Money::MAX)
}

/// `amount × factor`, unrounded up to 28 digits; the greatest decimal where that does not hold it.
pub(crate) fn times(amount: Decimal, factor: Decimal) -> Decimal {
    amount.checked_mul(factor).unwrap_or(Decimal::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(exact: &str, multiple: Option<&str>, decimals: u32, ending: Option<&str>) -> String {
        let money = |text: &str| text.parse::<Money>().unwrap();
        let rounding =
            Rounding { multiple: multiple.map(money), decimals, ending: ending.map(money) };
        rounding.apply(exact.parse().unwrap()).to_string()
    }

    #[test]
    fn halves_go_away_from_zero() {
        assert_eq!(rounded("1.005", None, 2, None), "1.01");
        assert_eq!(rounded("1.00499999999999999999", None, 2, None), "1");
        assert_eq!(rounded("1000.5", None, 0, None), "1001");
        assert_eq!(rounded("2.5", Some("0.2"), 2, None), "2.6");
        assert_eq!(rounded("10.025", Some("0.05"), 2, None), "10.05");
        assert_eq!(rounded("10.0249", Some("0.05"), 2, None), "10");
        assert_eq!(rounded("12.34", Some("1"), 2, Some("-0.01")), "11.99");
        assert_eq!(rounded("0.4", Some("1"), 2, Some("-0.01")), "0");
        assert_eq!(rounded("5000000000", None, 2, None), Money::MAX.to_string());
        assert_eq!(rounded("0.1234565", None, 6, None), "0.123457");
    }
}
