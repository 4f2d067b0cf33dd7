//! Time zones by their IANA names.

use std::fmt;
use std::str::FromStr;

use time::{Date, Month, OffsetDateTime};

use crate::ModelError;

/// A time zone of the IANA database, compiled in: `Europe/Berlin`.
#[derive(Clone, PartialEq, Eq)]
pub struct TimeZone(jiff::tz::TimeZone);

impl TimeZone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(jiff::tz::TimeZone::UTC);

    /// The calendar day of an instant in this zone; the day in UTC outside the years 1 to 9999.
    pub fn day_of(&self, instant: OffsetDateTime) -> Date {
        let local = jiff::Timestamp::from_second(instant.unix_timestamp())
            .map(|instant| self.0.to_datetime(instant).date());
        local
            .ok()
            .and_then(|day| {
                let month = Month::try_from(u8::try_from(day.month()).ok()?).ok()?;
                let of_month = u8::try_from(day.day()).ok()?;
                Date::from_calendar_date(i32::from(day.year()), month, of_month).ok()
            })
            .unwrap_or_else(|| instant.to_offset(time::UtcOffset::UTC).date())
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }
}

impl FromStr for TimeZone {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        jiff::tz::TimeZone::get(text.trim()).map(Self).map_err(|_| {
            ModelError::unreadable(text, "a time zone of the IANA database such as Europe/Berlin")
        })
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn the_day_is_the_zones() {
        let instant = datetime!(2024-03-30 23:30 UTC);
        assert_eq!(TimeZone::UTC.day_of(instant), date!(2024 - 03 - 30));
        let berlin: TimeZone = "Europe/Berlin".parse().unwrap();
        assert_eq!(berlin.day_of(instant), date!(2024 - 03 - 31));
        assert!("Mars/Phobos".parse::<TimeZone>().is_err());
        assert_eq!("UTC".parse::<TimeZone>().unwrap().to_string(), "UTC");
    }
}
