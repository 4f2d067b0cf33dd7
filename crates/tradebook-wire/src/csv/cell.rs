//! What a cell means.

use rust_decimal::Decimal;
use time::format_description::well_known::Rfc3339;
use time::{Date, Month, OffsetDateTime};
use tradebook_model::{
    AccessTokenNumber, AccessTokenState, AccountNumber, AccountState, Barcode, BreakQuantity,
    CategoryId, CategoryReference, CompositionMethod, ContactId, ContactReference, CurrencyCode,
    CustomerId, CustomerReference, Description, DocumentNumber, DueDateRule, GoodType, InvoiceKind,
    LineQuantity, ListName, ListSource, ListType, Money, OpaqueId, OrderKind, OrderStatus,
    PartNumber, ParticipantId, ParticipantNumber, PaymentTypeId, PaymentTypeReference, Percent,
    PostingState, PriceListCode, PriceListId, ProductClass, ProductCode, ProductId, ProductStatus,
    ProductTypeName, RegionId, RegionName, SegmentationId, SegmentationReference, ServiceType,
    ShortText, SignedQuantity, TimeZone, UserId, UserReference,
};

/// The value of an optional column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Column<T> {
    /// The file has no such column: what is stored stays as it is.
    #[default]
    Absent,
    /// The cell is empty: the value is cleared, or falls back to its default.
    Empty,
    /// A value.
    Given(T),
}

impl<T> Column<T> {
    /// The value of a column that is there, as in a file with all columns.
    pub fn of(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Self::Given)
    }

    /// Whether the file has no such column.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The value after this column was applied to a stored one that may be absent.
    pub fn over(self, stored: Option<T>) -> Option<T> {
        match self {
            Self::Absent => stored,
            Self::Empty => None,
            Self::Given(value) => Some(value),
        }
    }

    /// The value after this column was applied to a stored one that falls back to a default.
    pub fn over_or(self, stored: T, default: T) -> T {
        match self {
            Self::Absent => stored,
            Self::Empty => default,
            Self::Given(value) => value,
        }
    }

    /// The value, where there is one, without taking it.
    pub const fn as_given(&self) -> Option<&T> {
        match self {
            Self::Given(value) => Some(value),
            Self::Absent | Self::Empty => None,
        }
    }

    /// The value, where there is one.
    pub fn given(self) -> Option<T> {
        self.over(None)
    }
}

/// The day of a document: a date, or an instant whose day depends on the organization's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// `2024-05-31`.
    Date(Date),
    /// `2024-05-31T23:30:00Z`, by RFC 3339.
    Instant(OffsetDateTime),
}

impl Day {
    /// The calendar day in a time zone.
    pub fn in_zone(self, zone: &TimeZone) -> Date {
        match self {
            Self::Date(date) => date,
            Self::Instant(instant) => zone.day_of(instant),
        }
    }
}

/// A value that a cell can hold.
pub trait Cell: Sized {
    /// Reads a cell that is not empty. The error says what is wrong with it.
    fn read(text: &str) -> Result<Self, String>;

    /// Appends the text that reads back as the same value.
    fn write(&self, into: &mut String);
}

macro_rules! cells_by_text {
    ($($name:ty),* $(,)?) => {$(
        impl Cell for $name {
            fn read(text: &str) -> Result<Self, String> {
                text.parse().map_err(|error: tradebook_model::ModelError| error.to_string())
            }

            fn write(&self, into: &mut String) {
                into.push_str(&self.to_string());
            }
        }
    )*};
}

cells_by_text!(
    AccessTokenNumber,
    AccessTokenState,
    AccountNumber,
    AccountState,
    Barcode,
    BreakQuantity,
    CategoryId,
    CategoryReference,
    CompositionMethod,
    ContactId,
    ContactReference,
    CurrencyCode,
    CustomerId,
    CustomerReference,
    Description,
    DocumentNumber,
    GoodType,
    InvoiceKind,
    LineQuantity,
    ListName,
    ListSource,
    ListType,
    Money,
    OpaqueId,
    OrderKind,
    OrderStatus,
    PartNumber,
    ParticipantId,
    ParticipantNumber,
    PaymentTypeId,
    PaymentTypeReference,
    Percent,
    PostingState,
    PriceListCode,
    PriceListId,
    ProductClass,
    ProductCode,
    ProductId,
    ProductTypeName,
    RegionId,
    RegionName,
    SegmentationId,
    SegmentationReference,
    ServiceType,
    ShortText,
    SignedQuantity,
    UserId,
    UserReference,
);

impl Cell for ProductStatus {
    fn read(text: &str) -> Result<Self, String> {
        match text.trim() {
            "1" => Ok(Self::Active),
            "2" => Ok(Self::RunningDown),
            "3" => Ok(Self::NotForSale),
            _ => Err(not(text, "1 (active), 2 (running down) or 3 (not for sale)")),
        }
    }

    fn write(&self, into: &mut String) {
        into.push_str(&self.number().to_string());
    }
}

impl Cell for DueDateRule {
    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error: tradebook_model::ModelError| error.to_string())
    }

    fn write(&self, into: &mut String) {
        into.push_str(&self.number().to_string());
    }
}

impl Cell for bool {
    /// Reads `true`, `1`, `Y` and their opposites, in either case.
    fn read(text: &str) -> Result<Self, String> {
        let word = text.trim();
        let is = |words: [&str; 3]| words.iter().any(|one| word.eq_ignore_ascii_case(one));
        if is(["true", "1", "Y"]) {
            Ok(true)
        } else if is(["false", "0", "N"]) {
            Ok(false)
        } else {
            Err(not(text, "true or false (1 or 0, Y or N)"))
        }
    }

    fn write(&self, into: &mut String) {
        into.push_str(if *self { "true" } else { "false" });
    }
}

impl Cell for i32 {
    fn read(text: &str) -> Result<Self, String> {
        text.trim().parse().map_err(|_| not(text, "a whole number that fits 32 bits"))
    }

    fn write(&self, into: &mut String) {
        into.push_str(itoa::Buffer::new().format(*self));
    }
}

impl Cell for i64 {
    fn read(text: &str) -> Result<Self, String> {
        text.trim().parse().map_err(|_| not(text, "a whole number"))
    }

    fn write(&self, into: &mut String) {
        into.push_str(itoa::Buffer::new().format(*self));
    }
}

impl Cell for u8 {
    fn read(text: &str) -> Result<Self, String> {
        text.trim().parse().map_err(|_| not(text, "a whole number between 0 and 255"))
    }

    fn write(&self, into: &mut String) {
        into.push_str(itoa::Buffer::new().format(*self));
    }
}

impl Cell for f64 {
    /// Reads a finite decimal number. Only positions on the globe are floating-point numbers.
    fn read(text: &str) -> Result<Self, String> {
        let number: Option<Self> = text.trim().parse().ok();
        number.filter(|number| number.is_finite()).ok_or_else(|| not(text, "a decimal number"))
    }

    fn write(&self, into: &mut String) {
        into.push_str(&self.to_string());
    }
}

impl Cell for Decimal {
    fn read(text: &str) -> Result<Self, String> {
        Self::from_str_exact(text.trim())
            .map_err(|_| not(text, "a decimal number of at most 28 digits"))
    }

    fn write(&self, into: &mut String) {
        into.push_str(&self.normalize().to_string());
    }
}

impl Cell for String {
    /// Free text is kept as it is, with its line breaks and spaces.
    fn read(text: &str) -> Result<Self, String> {
        Ok(text.to_owned())
    }

    fn write(&self, into: &mut String) {
        into.push_str(self);
    }
}

impl Cell for Vec<PaymentTypeReference> {
    /// References separated by `|`; one that is repeated counts once.
    fn read(text: &str) -> Result<Self, String> {
        let mut all = Self::new();
        for part in text.split('|').filter(|part| !part.trim().is_empty()) {
            let reference = <PaymentTypeReference as Cell>::read(part)?;
            if !all.contains(&reference) {
                all.push(reference);
            }
        }
        Ok(all)
    }

    fn write(&self, into: &mut String) {
        for (position, reference) in self.iter().enumerate() {
            if position > 0 {
                into.push('|');
            }
            into.push_str(reference.as_str());
        }
    }
}

impl Cell for Date {
    fn read(text: &str) -> Result<Self, String> {
        date(text.trim()).ok_or_else(|| not(text, "a date such as 2024-05-31"))
    }

    fn write(&self, into: &mut String) {
        let (year, month, day) = self.to_calendar_date();
        into.push_str(&format!("{year:04}-{:02}-{day:02}", u8::from(month)));
    }
}

impl Cell for Day {
    fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        date(text)
            .map(Self::Date)
            .or_else(|| OffsetDateTime::parse(text, &Rfc3339).ok().map(Self::Instant))
            .ok_or_else(|| {
                not(text, "a date such as 2024-05-31 or an instant such as 2024-05-31T23:30:00Z")
            })
    }

    fn write(&self, into: &mut String) {
        match self {
            Self::Date(date) => date.write(into),
            Self::Instant(instant) => {
                // Years outside 0 to 9999 cannot be read, so that formatting cannot fail.
                into.push_str(&instant.format(&Rfc3339).unwrap_or_default());
            }
        }
    }
}

pub(super) fn date(text: &str) -> Option<Date> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return None };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u16, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + u16::from(digit - b'0'))
        })
    };
    let month = Month::try_from(u8::try_from(number(&[m1, m2])?).ok()?).ok()?;
    let day = u8::try_from(number(&[d1, d2])?).ok()?;
    let year = number(&[y1, y2, y3, y4]).filter(|year| *year > 0)?;
    Date::from_calendar_date(i32::from(year), month, day).ok()
}

pub(super) fn not(text: &str, expected: &str) -> String {
    let mut shown: String = text.chars().take(60).collect();
    if text.chars().count() > 60 {
        shown.push('…');
    }
    format!("`{shown}` is not {expected}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round<T: Cell + PartialEq + std::fmt::Debug>(texts: &[(&str, &str)]) {
        for (text, written) in texts {
            let value = T::read(text).unwrap();
            let mut again = String::new();
            value.write(&mut again);
            assert_eq!(&again, written, "{text}");
            assert_eq!(T::read(&again).unwrap(), value, "{text}");
        }
    }

    #[test]
    fn cells_are_written_as_they_are_read() {
        round::<bool>(&[("Y", "true"), ("n", "false"), ("1", "true"), ("FALSE", "false")]);
        round::<Date>(&[("2024-02-29", "2024-02-29"), ("0001-01-01", "0001-01-01")]);
        round::<Day>(&[
            ("2024-05-31", "2024-05-31"),
            ("2024-05-31T23:30:00+02:00", "2024-05-31T23:30:00+02:00"),
        ]);
        round::<f64>(&[("48.85341", "48.85341"), ("-0", "-0"), ("1e2", "100")]);
        round::<Decimal>(&[("1.0850", "1.085"), ("100", "100")]);
        round::<ProductStatus>(&[("3", "3")]);
        round::<DueDateRule>(&[("daysAfterEndOfInvoiceMonth", "2")]);
        round::<Vec<PaymentTypeReference>>(&[("cash| card |cash|", "cash|card")]);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for (fault, expected) in [
            (bool::read("maybe").err(), "`maybe` is not true or false (1 or 0, Y or N)"),
            (Date::read("2024-02-30").err(), "`2024-02-30` is not a date such as 2024-05-31"),
            (Date::read("31.05.2024").err(), "`31.05.2024` is not a date such as 2024-05-31"),
            (Date::read("2024-5-31").err(), "`2024-5-31` is not a date such as 2024-05-31"),
            (
                Day::read("2024-05-31 10:00").err(),
                "`2024-05-31 10:00` is not a date such as 2024-05-31 or an instant such as 2024-05-31T23:30:00Z",
            ),
            (f64::read("inf").err(), "`inf` is not a decimal number"),
            (i32::read("1.5").err(), "`1.5` is not a whole number that fits 32 bits"),
            (
                ProductStatus::read("4").err(),
                "`4` is not 1 (active), 2 (running down) or 3 (not for sale)",
            ),
            (Money::read("1,50").err(), "`1,50` is not a decimal number such as 12.50"),
        ] {
            assert_eq!(fault.as_deref(), Some(expected));
        }
    }
}
