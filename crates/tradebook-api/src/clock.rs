//! The only place that asks what time it is.

use time::{Date, OffsetDateTime};
use tradebook_model::TimeZone;

/// Where business dates and time stamps come from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    pinned: Option<Date>,
}

impl Clock {
    /// The machine's clock.
    pub const SYSTEM: Self = Self { pinned: None };

    /// A clock on which it is always the given day. Time stamps stay real.
    pub const fn pinned(today: Date) -> Self {
        Self { pinned: Some(today) }
    }

    /// The business date: "today" in the organization's time zone.
    pub fn today(&self, zone: &TimeZone) -> Date {
        self.pinned.unwrap_or_else(|| zone.day_of(self.now()))
    }

    /// The instant, for time stamps of creation and change.
    pub fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_pinned_clock_keeps_its_day_everywhere() {
        let clock = Clock::pinned(date!(2011 - 12 - 10));
        let zone: TimeZone = "Pacific/Auckland".parse().unwrap();
        assert_eq!(clock.today(&zone), date!(2011 - 12 - 10));
        assert!(clock.now().year() > 2011);
    }
}
