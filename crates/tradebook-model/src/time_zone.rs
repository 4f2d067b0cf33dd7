//! Time zones by their IANA names.

use std::fmt;
use std::str::FromStr;

use time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime};

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

    /// The wall-clock time of an instant in this zone; that of UTC outside the years 1 to 9999.
    pub fn local(&self, instant: OffsetDateTime) -> PrimitiveDateTime {
        let shift = jiff::Timestamp::from_second(instant.unix_timestamp())
            .map_or(0, |instant| self.0.to_offset(instant).seconds());
        let utc = instant.to_offset(time::UtcOffset::UTC);
        let local = utc.checked_add(Duration::seconds(shift.into())).unwrap_or(utc);
        PrimitiveDateTime::new(local.date(), local.time())
    }

    /// The instant of a wall-clock time in this zone. A time that a change of clocks skips counts as that much later, one
    /// that comes twice as the first.
    pub fn instant_of(&self, local: PrimitiveDateTime) -> OffsetDateTime {
        let as_utc = local.assume_utc();
        let shift = self.shift_of(local).unwrap_or(0);
        as_utc.checked_sub(Duration::seconds(shift.into())).unwrap_or(as_utc)
    }

    /// The first instant of a day in this zone.
    pub fn start_of(&self, day: Date) -> OffsetDateTime {
        self.instant_of(day.midnight())
    }

    fn shift_of(&self, local: PrimitiveDateTime) -> Option<i32> {
        let civil = jiff::civil::DateTime::new(
            i16::try_from(local.year()).ok()?,
            i8::try_from(u8::from(local.month())).ok()?,
            i8::try_from(local.day()).ok()?,
            i8::try_from(local.hour()).ok()?,
            i8::try_from(local.minute()).ok()?,
            i8::try_from(local.second()).ok()?,
            0,
        );
        let instant = self.0.to_ambiguous_timestamp(civil.ok()?).compatible().ok()?;
        // Of a skipped time the instant is the one after the gap; what it is off by is what that time is written with.
        let as_utc = local.assume_utc().unix_timestamp();
        i32::try_from(as_utc.saturating_sub(instant.as_second())).ok()
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
    fn wall_clocks_and_instants() {
        let berlin: TimeZone = "Europe/Berlin".parse().unwrap();
        for (local, instant) in [
            (datetime!(2024-07-01 12:00:01), datetime!(2024-07-01 10:00:01 UTC)),
            (datetime!(2024-01-01 00:00), datetime!(2023-12-31 23:00 UTC)),
            (datetime!(2024-10-27 02:30), datetime!(2024-10-27 00:30 UTC)),
        ] {
            assert_eq!(berlin.instant_of(local), instant);
            assert_eq!(berlin.local(instant), local);
        }
        let skipped = berlin.instant_of(datetime!(2024-03-31 02:30));
        assert_eq!(skipped, datetime!(2024-03-31 01:30 UTC));
        assert_eq!(berlin.local(skipped), datetime!(2024-03-31 03:30));
        assert_eq!(berlin.start_of(date!(2024 - 03 - 31)), datetime!(2024-03-30 23:00 UTC));
        // Midnight is skipped here: the day begins an hour later.
        let beirut: TimeZone = "Asia/Beirut".parse().unwrap();
        assert_eq!(beirut.start_of(date!(2024 - 03 - 31)), datetime!(2024-03-30 22:00 UTC));
        assert_eq!(beirut.day_of(datetime!(2024-03-30 21:59:59 UTC)), date!(2024 - 03 - 30));
        assert_eq!(beirut.day_of(datetime!(2024-03-30 22:00 UTC)), date!(2024 - 03 - 31));
    }

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
