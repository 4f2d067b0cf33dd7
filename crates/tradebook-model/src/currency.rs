//! Currencies by their ISO 4217 codes.

use std::fmt;
use std::str::FromStr;

use crate::{ModelError, ShortText};
use rust_decimal::Decimal;

/// A currency code: three letters, upper case. `EUR`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CurrencyCode([u8; 3]);

impl CurrencyCode {
    /// The code.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// How many decimals an amount in this currency has by ISO 4217: 0 for JPY, 3 for KWD, 2 for most and for
    /// codes that the standard does not know.
    pub fn decimals(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }
}

impl FromStr for CurrencyCode {
    type Err = ModelError;

    /// Reads three letters of either case.
    fn from_str(text: &str) -> Result<Self, ModelError> {
        match text.trim().as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|l| l.is_ascii_alphabetic()) => {
                Ok(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase(), c.to_ascii_uppercase()]))
            }
            _ => Err(ModelError::unreadable(text, "a currency code of three letters such as EUR")),
        }
    }
}

impl fmt::Display for CurrencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CurrencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A currency that an organization has configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Currency {
    /// Its code, the key.
    pub code: CurrencyCode,
    /// Its name in words.
    pub name: Option<ShortText>,
    /// Units of the organization's currency for one of this, positive.
    pub exchange_rate: Option<Decimal>,
    /// A symbol before amounts.
    pub prefix_symbol: Option<ShortText>,
    /// A symbol behind amounts.
    pub suffix_symbol: Option<ShortText>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_three_letters() {
        let code: CurrencyCode = "jpy".parse().unwrap();
        assert_eq!((code.as_str(), code.decimals()), ("JPY", 0));
        for text in ["", "EU", "EURO", "E1R", "€€€"] {
            assert!(text.parse::<CurrencyCode>().is_err(), "{text}");
        }
    }
}
