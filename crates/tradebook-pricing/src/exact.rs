//! Exact arithmetic on prices and the rounding at its end.

use rust_decimal::Decimal;
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
        let price = match self.multiple {
            Some(multiple) if multiple > Money::ZERO => to_multiple(exact, multiple.to_decimal()),
            _ => exact,
        };
        let ending = self.ending.map_or(0, |ending| i128::from(ending.micros()));
        let micros = micros(price, self.decimals.min(6)).saturating_add(ending);
        if micros < 0 {
            return Money::ZERO;
        }
        let fits = i64::try_from(micros).ok().and_then(|micros| Money::from_micros(micros).ok());
        fits.unwrap_or(Money::MAX)
    }
}

/// `amount × (1 + percent/100)`, rounded to so many decimals: what [`factor`], [`times`] and [`Rounding::to_decimals`] give, in
/// integers where they suffice.
pub(crate) fn times_percent(amount: Money, percent: Percent, decimals: u32) -> Money {
    /// Millionths times hundred-millionths.
    const SCALE: u32 = 14;
    let decimals = decimals.min(6);
    let scaled = || -> Option<Money> {
        let factor = u64::try_from(percent.micros().checked_add(100_000_000)?).ok()?;
        let exact = u64::try_from(amount.micros()).ok()?.checked_mul(factor)?;
        let unit = 10_u64.checked_pow(SCALE - decimals)?;
        let units = exact.checked_add(unit / 2)? / unit;
        let micros = units.checked_mul(10_u64.checked_pow(6 - decimals)?)?;
        Money::from_micros(i64::try_from(micros).ok()?).ok()
    };
    scaled().unwrap_or_else(|| {
        let exact = times(amount.to_decimal(), factor(percent));
        Rounding::to_decimals(decimals).apply(exact)
    })
}

/// `amount × (1 − percent/100)`, like [`times_percent`].
pub(crate) fn less_percent(amount: Money, percent: Percent, decimals: u32) -> Money {
    match Percent::from_micros(-percent.micros()) {
        Ok(negated) => times_percent(amount, negated, decimals),
        Err(_) => {
            let exact = times(amount.to_decimal(), discount_factor(percent));
            Rounding::to_decimals(decimals).apply(exact)
        }
    }
}

/// The nearest multiple; of two equally near the greater. `exact` is not negative.
fn to_multiple(exact: Decimal, multiple: Decimal) -> Decimal {
    let Some(rest) = exact.checked_rem(multiple) else { return exact };
    let below = exact - rest;
    if rest.saturating_add(rest) >= multiple { below.saturating_add(multiple) } else { below }
}

/// A value rounded to so many decimals, at most six, in millionths. Integers do this several times faster than
/// [`Decimal::round_dp_with_strategy`] does, and as exactly.
fn micros(value: Decimal, decimals: u32) -> i128 {
    let (mantissa, scale) = (value.mantissa(), value.scale());
    if scale <= decimals {
        return mantissa.saturating_mul(ten_to(6 - scale));
    }
    let unit = ten_to(scale - decimals);
    let half = if mantissa < 0 { -(unit / 2) } else { unit / 2 };
    let rounded = mantissa.saturating_add(half);
    let units = match (u64::try_from(rounded), u64::try_from(unit)) {
        (Ok(rounded), Ok(unit)) => i128::from(rounded / unit),
        _ => rounded / unit,
    };
    units.saturating_mul(ten_to(6 - decimals))
}

/// A power of ten; decimals have at most 28 places.
fn ten_to(exponent: u32) -> i128 {
    10_u64.checked_pow(exponent).map_or_else(|| 10_i128.saturating_pow(exponent), i128::from)
}

/// `amount × factor`, unrounded up to 28 digits; the greatest decimal where that does not hold it.
pub(crate) fn times(amount: Decimal, factor: Decimal) -> Decimal {
    amount.checked_mul(factor).unwrap_or(Decimal::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;
    use rust_decimal::RoundingStrategy;

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
        assert_eq!(rounded("0.0049999999999999999999999999", None, 2, None), "0");
        assert_eq!(rounded("0.0050000000000000000000000000", None, 2, None), "0.01");
        assert_eq!(rounded("999999999.999999", None, 6, Some("0.01")), Money::MAX.to_string());
    }
    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: RngSeed::Fixed(20_240_615),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn integers_give_what_decimals_give(
            amount in 0_i64..=999_999_999_999_999,
            shift in 0_u32..16,
            percent in 0_i64..=1_000_000_000,
            decimals in 0_u32..8,
        ) {
            let amount = Money::from_micros(amount / 10_i64.pow(shift)).unwrap();
            let decimal = |factor| {
                Rounding::to_decimals(decimals).apply(times(amount.to_decimal(), factor))
            };
            if let Ok(percent) = Percent::from_micros(percent) {
                prop_assert_eq!(times_percent(amount, percent, decimals), decimal(factor(percent)));
            }
            if let Ok(percent) = Percent::from_micros(percent % 100_000_001) {
                let expected = decimal(discount_factor(percent));
                prop_assert_eq!(less_percent(amount, percent, decimals), expected);
            }
        }

        #[test]
        fn rounds_as_decimals_do(
            mantissa in 0_i128..79_228_162_514_264_337_593_543_950_335,
            shift in 0_u32..29,
            scale in 0_u32..29,
            decimals in 0_u32..7,
        ) {
            let value = Decimal::from_i128_with_scale(mantissa / 10_i128.pow(shift), scale);
            let expected =
                value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
            let expected = Money::from_decimal(expected).unwrap_or(Money::MAX);
            prop_assert_eq!(Rounding::to_decimals(decimals).apply(value), expected);
        }
    }
}
