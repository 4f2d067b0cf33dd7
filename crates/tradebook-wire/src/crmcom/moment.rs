//! Moments: `YYYY-MM-DDThh:mm:ss`, a wall-clock time in the organization's time zone.

use std::fmt;

use serde_json::Value;
use time::format_description::well_known::Rfc3339;
use time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};
use tradebook_model::TimeZone;

use super::{Fault, Parameters};

/// Which side of a moment is asked for. Events are kept to the second; a fraction of one is taken so that the comparison is
/// right for whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    After,
    Before,
}

/// Reads a moment from a parameter.
pub(super) fn moment(
    parameters: &Parameters,
    name: &'static str,
    side: Side,
    zone: &TimeZone,
) -> Result<Option<OffsetDateTime>, Fault> {
    let Some(value) = parameters.get(name) else { return Ok(None) };
    let read = match value {
        Value::String(text) => read(text.trim(), zone),
        _ => None,
    };
    let Some(moment) = read else {
        return Err(Fault::invalid(
            name,
            "must be a date such as 2016-07-21T10:15:02 or 2016-07-21",
        ));
    };
    let floor = moment.replace_nanosecond(0).unwrap_or(moment);
    Ok(Some(match side {
        Side::Before if floor != moment => floor.checked_add(Duration::SECOND).unwrap_or(floor),
        Side::After | Side::Before => floor,
    }))
}

/// Reads the documented form, a date alone as its midnight, and also a fraction of a second and an offset from UTC.
fn read(text: &str, zone: &TimeZone) -> Option<OffsetDateTime> {
    let date = date(text.get(..10)?)?;
    let Some(rest) = text.get(10..).filter(|rest| !rest.is_empty()) else {
        return Some(zone.start_of(date));
    };
    let clock = rest.strip_prefix('T')?;
    if clock.ends_with('Z') || clock.get(8..).is_some_and(|end| end.contains(['+', '-'])) {
        return OffsetDateTime::parse(text, &Rfc3339).ok()?.checked_to_offset(UtcOffset::UTC);
    }
    let (clock, fraction) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (clock, None),
    };
    let [hour, minute, second] = clock.split(':').collect::<Vec<_>>()[..] else { return None };
    let time = Time::from_hms(digits(hour, 2)?, digits(minute, 2)?, digits(second, 2)?).ok()?;
    let instant = zone.instant_of(PrimitiveDateTime::new(date, time));
    match fraction {
        None => Some(instant),
        Some(fraction) => {
            let plain = !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit());
            let nanoseconds =
                fraction.chars().chain("000000000".chars()).take(9).collect::<String>();
            instant.replace_nanosecond(nanoseconds.parse().ok().filter(|_| plain)?).ok()
        }
    }
}

fn date(text: &str) -> Option<Date> {
    let [year, month, day] = text.split('-').collect::<Vec<_>>()[..] else { return None };
    let year = i32::from(digits::<i16>(year, 4)?);
    let month = Month::try_from(digits::<u8>(month, 2)?).ok()?;
    Date::from_calendar_date(year, month, digits(day, 2)?).ok()
}

/// A number of exactly so many digits.
fn digits<T: std::str::FromStr>(text: &str, count: usize) -> Option<T> {
    let plain = text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// A wall-clock time as it is written.
pub(super) struct Written(PrimitiveDateTime);

impl Written {
    /// An instant, in a zone.
    pub(super) fn instant(instant: OffsetDateTime, zone: &TimeZone) -> Self {
        Self(zone.local(instant))
    }

    /// A day, as its midnight.
    pub(super) fn day(day: Date) -> Self {
        Self(day.midnight())
    }
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, time) = (self.0.date(), self.0.time());
        write!(
            f,
            "\"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}\"",
            date.year(),
            u8::from(date.month()),
            date.day(),
            time.hour(),
            time.minute(),
            time.second()
        )
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn berlin() -> TimeZone {
        "Europe/Berlin".parse().unwrap()
    }

    #[test]
    fn moments_are_wall_clock_times_of_the_zone() {
        for (text, instant) in [
            ("2016-07-21T10:15:02", datetime!(2016-07-21 08:15:02 UTC)),
            ("2016-01-21T10:15:02", datetime!(2016-01-21 09:15:02 UTC)),
            ("2016-07-21", datetime!(2016-07-20 22:00:00 UTC)),
            ("2016-07-21T10:15:02Z", datetime!(2016-07-21 10:15:02 UTC)),
            ("2016-07-21T10:15:02+05:30", datetime!(2016-07-21 04:45:02 UTC)),
            ("2016-07-21T10:15:02.25-01:00", datetime!(2016-07-21 11:15:02.25 UTC)),
            ("2016-07-21T10:15:02.5", datetime!(2016-07-21 08:15:02.5 UTC)),
            ("2016-07-21T10:15:02.1234567891", datetime!(2016-07-21 08:15:02.123456789 UTC)),
            ("2016-02-29T23:59:59", datetime!(2016-02-29 22:59:59 UTC)),
        ] {
            assert_eq!(read(text, &berlin()), Some(instant), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "2016-7-1",
            "2016-07-21 10:15:02",
            "2016-07-21t10:15:02",
            "2016-07-21T10:15",
            "2016-07-21T",
            "2016-07-21T10:15:02.",
            "2016-07-21T10:15:02.5x",
            "2016-07-21T24:00:00",
            "2016-07-21T10:60:00",
            "2016-02-30",
            "2015-02-29T00:00:00",
            "2016-13-01",
            "2016-07-21T10:15:02 01:00",
            "2016-07-21T10:15:02+25:00",
            "+016-07-21",
            "21/07/2016",
            "1469096102",
            "٢٠١٦-07-21",
            "2016-07-21T1:15:020",
        ] {
            assert_eq!(read(text, &berlin()), None, "{text}");
        }
    }

    #[test]
    fn fractions_compare_rightly_with_whole_seconds() {
        let body = br#"{"d":"2016-07-21T10:15:02.5"}"#;
        let parameters = Parameters::from_body(body).unwrap();
        let at = |side| moment(&parameters, "d", side, &TimeZone::UTC).unwrap().unwrap();
        assert_eq!(at(Side::After), datetime!(2016-07-21 10:15:02 UTC));
        assert_eq!(at(Side::Before), datetime!(2016-07-21 10:15:03 UTC));
    }

    #[test]
    fn written_moments_have_no_zone_and_no_fraction() {
        let instant = datetime!(2016-07-21 08:15:02.9 UTC);
        assert_eq!(Written::instant(instant, &berlin()).to_string(), r#""2016-07-21T10:15:02""#);
        let day = time::macros::date!(2016 - 07 - 21);
        assert_eq!(Written::day(day).to_string(), r#""2016-07-21T00:00:00""#);
    }
}
