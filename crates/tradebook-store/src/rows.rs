//! What the columns of tables mean.

use time::{Date, OffsetDateTime};
use tradebook_model::{BulkRule, ModelError, Validity};

use crate::StoreError;

/// In the key of a period: no first day.
pub(crate) const OPEN_BEGINNING: i32 = 0;

/// The Julian day number, by which days are kept: three bytes in an index instead of ten.
pub(crate) fn day_number(day: Date) -> i32 {
    day.to_julian_day()
}

/// The day of a Julian day number.
pub(crate) fn day(number: i32) -> Result<Date, StoreError> {
    Date::from_julian_day(number)
        .map_err(|_| StoreError::corrupt(format!("{number} is not the number of a day")))
}

/// The day of a Julian day number that may be absent.
pub(crate) fn optional_day(number: Option<i32>) -> Result<Option<Date>, StoreError> {
    number.map(day).transpose()
}

/// The period of a key's beginning and an end.
pub(crate) fn key_period(from: i32, to: Option<i32>) -> Result<Validity, StoreError> {
    let from = (from != OPEN_BEGINNING).then_some(from);
    period(from, to)
}

/// A period of two optional days.
pub(crate) fn period(from: Option<i32>, to: Option<i32>) -> Result<Validity, StoreError> {
    stored("a period", Validity::new(optional_day(from)?, optional_day(to)?))
}

/// The number by which a bulk rule is kept.
pub(crate) const fn bulk_number(rule: BulkRule) -> i16 {
    match rule {
        BulkRule::ByQuantity => 0,
        BulkRule::Always => 1,
        BulkRule::Never => 2,
    }
}

/// The bulk rule of a number.
pub(crate) fn bulk_rule(number: i16) -> Result<BulkRule, StoreError> {
    match number {
        0 => Ok(BulkRule::ByQuantity),
        1 => Ok(BulkRule::Always),
        2 => Ok(BulkRule::Never),
        _ => Err(StoreError::corrupt(format!("{number} is no bulk rule of a customer"))),
    }
}

/// Milliseconds since 1970, by which moments are kept.
pub(crate) fn millis(moment: OffsetDateTime) -> i64 {
    let millis = moment.unix_timestamp_nanos().div_euclid(1_000_000);
    // The years 1 to 9999 are far within 64 bits.
    i64::try_from(millis).unwrap_or(i64::MAX)
}

/// The moment of milliseconds since 1970.
pub(crate) fn moment(millis: i64) -> Result<OffsetDateTime, StoreError> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000)
        .map_err(|_| StoreError::corrupt(format!("{millis} is not a moment")))
}

/// A value out of the database, which refuses nothing that went in.
pub(crate) fn stored<T>(what: &'static str, value: Result<T, ModelError>) -> Result<T, StoreError> {
    value.map_err(|error| StoreError::stored(what, error))
}

/// A value out of the database that may be absent.
pub(crate) fn stored_option<V, T>(
    what: &'static str,
    value: Option<V>,
    read: impl FnOnce(V) -> Result<T, ModelError>,
) -> Result<Option<T>, StoreError> {
    stored(what, value.map(read).transpose())
}
