//! Numbers: read from parameters, written without a fraction where they are whole.

use rust_decimal::Decimal;
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use tradebook_model::Money;

/// Reads an amount: a decimal, also with an exponent.
pub(super) fn read_money(text: &str) -> Option<Money> {
    text.parse().ok().or_else(|| Money::from_decimal(Decimal::from_scientific(text).ok()?).ok())
}

/// Reads a number of degrees.
pub(super) fn read_double(text: &str) -> Option<f64> {
    // Words that Rust takes for numbers are none here.
    let number = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    text.parse().ok().filter(|value: &f64| number && value.is_finite())
}

/// Reads a boolean; `None` where the text is none.
pub(super) fn read_boolean(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is(&["true", "on", "yes", "1"]) {
        Some(true)
    } else if is(&["false", "off", "no", "0"]) {
        Some(false)
    } else {
        None
    }
}

/// An amount as it is written: `5000`, `12.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount(pub Money);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.to_string()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

/// A number of degrees as it is written: `43`, `43.7`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(pub f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The shortest text that reads back as the same number; Rust writes whole ones without a point. Adding zero makes
        // of its negative a plain zero.
        RawValue::from_string((self.0 + 0.0).to_string())
            .map_err(S::Error::custom)?
            .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_no_fraction() {
        let json = |value: f64| serde_json::to_string(&Number(value)).unwrap();
        assert_eq!([json(43.0), json(-43.7), json(0.1), json(-0.0)], ["43", "-43.7", "0.1", "0"]);
        for (text, written) in
            [("5000", "5000"), ("5000.00", "5000"), ("12.5", "12.5"), ("5e3", "5000")]
        {
            let amount = Amount(read_money(text).unwrap());
            assert_eq!(serde_json::to_string(&amount).unwrap(), written);
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "x", "1,5", "NaN", "inf", "infinity", "1e999", "0x10", "--1", "1_000"] {
            assert_eq!(read_double(text), None, "{text}");
            assert_eq!(read_money(text), None, "{text}");
        }
        assert_eq!(read_money("1000000000"), None);
        assert_eq!(read_money("0.0000001"), None);
    }

    #[test]
    fn booleans_are_words() {
        for text in ["true", "TRUE", "on", "yes", "1"] {
            assert_eq!(read_boolean(text), Some(true), "{text}");
        }
        for text in ["false", "False", "off", "no", "0"] {
            assert_eq!(read_boolean(text), Some(false), "{text}");
        }
        for text in ["", "maybe", "2", "t", "truee"] {
            assert_eq!(read_boolean(text), None, "{text}");
        }
    }
}
