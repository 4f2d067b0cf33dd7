//! Moments as files may give them.

use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};
use tradebook_model::TimeZone;

use super::Cell;
use super::cell::{date, not};

/// A moment: with its zone, or by a clock on the wall of the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// `2024-05-31`: its midnight.
    Date(Date),
    /// `2024-05-31T23:30:00`.
    Local(PrimitiveDateTime),
    /// `2024-05-31T23:30:00Z`, by RFC 3339.
    Instant(OffsetDateTime),
}

impl Moment {
    /// The instant in UTC, to the second, where clocks on the wall show the time of a zone.
    pub fn in_zone(self, zone: &TimeZone) -> OffsetDateTime {
        let instant = match self {
            Self::Date(date) => zone.start_of(date),
            Self::Local(local) => zone.instant_of(local),
            Self::Instant(instant) => instant,
        };
        let utc = instant.to_offset(UtcOffset::UTC);
        utc.replace_nanosecond(0).unwrap_or(utc)
    }
}

impl Cell for Moment {
    fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        date(text)
            .map(Self::Date)
            .or_else(|| OffsetDateTime::parse(text, &Rfc3339).ok().map(Self::Instant))
            .or_else(|| local(text).map(Self::Local))
            .ok_or_else(|| {
                not(text, "an instant such as 2024-05-31T23:30:00Z, with or without a zone")
            })
    }

    fn write(&self, into: &mut String) {
        match self {
            Self::Date(date) => date.write(into),
            Self::Local(local) => {
                local.date().write(into);
                let (hour, minute, second) = local.time().as_hms();
                into.push_str(&format!("T{hour:02}:{minute:02}:{second:02}"));
            }
            Self::Instant(instant) => {
                // Years outside 0 to 9999 cannot be read, so that formatting cannot fail.
                into.push_str(&instant.format(&Rfc3339).unwrap_or_default());
            }
        }
    }
}

/// `2024-05-31T23:30:00`; seconds may be left out, and their fraction is.
fn local(text: &str) -> Option<PrimitiveDateTime> {
    let (day, rest) = text.split_at_checked(10)?;
    let clock = rest.strip_prefix(['T', 't', ' '])?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = clock.split(':').map(two_digits);
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    let is_whole = parts.next().is_none()
        && !fraction.is_empty()
        && fraction.bytes().all(|digit| digit.is_ascii_digit());
    let time = Time::from_hms(hour, minute, second).ok()?;
    is_whole.then_some(PrimitiveDateTime::new(date(day)?, time))
}

fn two_digits(text: &str) -> Option<u8> {
    (text.len() == 2 && text.bytes().all(|digit| digit.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn moments_are_read_with_and_without_a_zone() {
        let berlin: TimeZone = "Europe/Berlin".parse().unwrap();
        for (text, written, instant) in [
            ("2024-05-31", "2024-05-31", datetime!(2024-05-30 22:00 UTC)),
            ("2016-07-21T10:15:02", "2016-07-21T10:15:02", datetime!(2016-07-21 08:15:02 UTC)),
            (" 2016-07-21 10:15 ", "2016-07-21T10:15:00", datetime!(2016-07-21 08:15 UTC)),
            ("2016-07-21T10:15:02.9", "2016-07-21T10:15:02", datetime!(2016-07-21 08:15:02 UTC)),
            ("2016-07-21T10:15:02Z", "2016-07-21T10:15:02Z", datetime!(2016-07-21 10:15:02 UTC)),
            (
                "2016-07-21T10:15:02.75+02:00",
                "2016-07-21T10:15:02.75+02:00",
                datetime!(2016-07-21 08:15:02 UTC),
            ),
        ] {
            let moment = Moment::read(text).unwrap();
            assert_eq!(moment.in_zone(&berlin), instant, "{text}");
            let mut again = String::new();
            moment.write(&mut again);
            assert_eq!(again, written);
            assert_eq!(Moment::read(&again).unwrap().in_zone(&berlin), instant);
        }
        for text in [
            "",
            "2016",
            "2016-07-21T",
            "2016-07-21T10",
            "2016-07-21T1:15:02",
            "2016-07-21T24:00:00",
            "2016-13-01T10:00:00",
            "2016-07-21T10:15:02.",
            "2016-07-21T10:15:02:00",
            "21.07.2016",
            "2016-07-21T10:15:02+2",
            "2016-07-2\u{e9}T10:15:02",
        ] {
            assert!(Moment::read(text).is_err(), "{text}");
        }
    }
}
