//! Instants: `2015-12-17T23:00:00Z`, in UTC and whole seconds.

use serde::{Serialize, Serializer};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime, UtcOffset};

/// Reads an instant: the documented form, also with an offset or a fraction of a second.
pub(super) fn read(text: &str) -> Option<OffsetDateTime> {
    // The fixed signs keep out forms that the parser would take beyond the documented one.
    let bytes = text.as_bytes();
    if bytes.get(10) != Some(&b'T') || text.ends_with('z') {
        return None;
    }
    OffsetDateTime::parse(text, &Rfc3339).ok()?.checked_to_offset(UtcOffset::UTC)
}

/// A range of instants as they are kept. Clients see whole seconds, so that filters compare whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InstantRange {
    /// The first instant inside.
    pub from: Option<OffsetDateTime>,
    /// The first instant behind it.
    pub before: Option<OffsetDateTime>,
}

/// How a filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Gt,
    Gte,
    Lt,
    Lte,
}

impl InstantRange {
    /// Narrows the range by a filter on what clients see.
    pub(super) fn narrow(&mut self, comparison: Comparison, bound: OffsetDateTime) {
        let floor = bound.replace_nanosecond(0).unwrap_or(bound);
        let second = Duration::SECOND;
        let after = floor.checked_add(second).unwrap_or(floor);
        let ceiling = if floor == bound { floor } else { after };
        match comparison {
            Comparison::Gt => self.from = self.from.max(Some(after)),
            Comparison::Gte => self.from = self.from.max(Some(ceiling)),
            Comparison::Lt => self.before = earlier(self.before, ceiling),
            Comparison::Lte => self.before = earlier(self.before, after),
        }
    }
}

fn earlier(known: Option<OffsetDateTime>, bound: OffsetDateTime) -> Option<OffsetDateTime> {
    Some(known.map_or(bound, |known| known.min(bound)))
}

/// An instant as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InstantText(pub OffsetDateTime);

impl std::fmt::Display for InstantText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let utc = self.0.to_offset(UtcOffset::UTC);
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            utc.year(),
            u8::from(utc.month()),
            utc.day(),
            utc.hour(),
            utc.minute(),
            utc.second()
        )
    }
}

impl Serialize for InstantText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_documented_form_offsets_and_fractions_are_read() {
        for (text, instant) in [
            ("2015-12-17T23:00:00Z", datetime!(2015-12-17 23:00:00 UTC)),
            ("2015-12-18T00:30:00+01:30", datetime!(2015-12-17 23:00:00 UTC)),
            ("2015-12-17T23:00:00.250Z", datetime!(2015-12-17 23:00:00.25 UTC)),
            ("2016-02-29T12:00:00Z", datetime!(2016-02-29 12:00:00 UTC)),
        ] {
            assert_eq!(read(text), Some(instant), "{text}");
        }
        for text in [
            "2016-08-1Z",
            "2016-08-01",
            "2016-08-01T00:00:00",
            "2016-08-01 00:00:00Z",
            "2015-02-29T00:00:00Z",
            "2016-08-01T24:00:00Z",
            "2016-13-01T00:00:00Z",
            "1470009600",
            "",
            "x",
            "2016-08-01T00:00:00 02:00",
            "2016-08-01t00:00:00z",
            "+12016-08-01T00:00:00Z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn filters_compare_the_seconds_that_clients_see() {
        let stored = datetime!(2016-08-16 09:02:13.5 UTC);
        let holds = |comparison, bound| {
            let mut range = InstantRange::default();
            range.narrow(comparison, bound);
            range.from.is_none_or(|from| from <= stored)
                && range.before.is_none_or(|before| stored < before)
        };
        let shown = datetime!(2016-08-16 09:02:13 UTC);
        let (before, after) = (shown - Duration::SECOND, shown + Duration::SECOND);
        let half = datetime!(2016-08-16 09:02:13.25 UTC);
        for (comparison, expected) in [
            (Comparison::Gt, [true, false, false, false]),
            (Comparison::Gte, [true, true, false, false]),
            (Comparison::Lt, [false, false, true, true]),
            (Comparison::Lte, [false, true, true, true]),
        ] {
            let found = [before, shown, half, after].map(|bound| holds(comparison, bound));
            assert_eq!(found, expected, "{comparison:?}");
        }
        assert_eq!(InstantText(stored).to_string(), "2016-08-16T09:02:13Z");
    }

    #[test]
    fn several_filters_narrow_one_range() {
        let mut range = InstantRange::default();
        let noon = datetime!(2016-08-16 12:00:00 UTC);
        range.narrow(Comparison::Gte, noon);
        range.narrow(Comparison::Gt, noon);
        range.narrow(Comparison::Lte, noon + Duration::HOUR);
        range.narrow(Comparison::Lt, noon + Duration::HOUR);
        assert_eq!(range.from, Some(noon + Duration::SECOND));
        assert_eq!(range.before, Some(noon + Duration::HOUR));
    }
}
