//! The only place that asks what time it is.

use time::{Date, OffsetDateTime};
use tradebook_model::TimeZone;

/// Where business dates and time stamps come from.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    pinned: Option<Date>,
    now: fn() -> OffsetDateTime,
}

impl Default for Clock {
    fn default() -> Self {
        Self::SYSTEM
    }
}

impl Clock {
    /// The machine's clock.
    pub const SYSTEM: Self = Self { pinned: None, now: OffsetDateTime::now_utc };

    /// A clock on which it is always the given day. Time stamps stay real.
    pub const fn pinned(today: Date) -> Self {
        Self { pinned: Some(today), ..Self::SYSTEM }
    }

    /// A clock that shows what the function says, for tests that let time pass.
    pub const fn showing(now: fn() -> OffsetDateTime) -> Self {
        Self { pinned: None, now }
    }

    /// The business date: "today" in the organization's time zone.
    pub fn today(&self, zone: &TimeZone) -> Date {
        self.pinned.unwrap_or_else(|| zone.day_of(self.now()))
    }

    /// The instant, for time stamps of creation and change.
    pub fn now(&self) -> OffsetDateTime {
        (self.now)()
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn a_pinned_clock_keeps_its_day_everywhere() {
        let clock = Clock::pinned(date!(2011 - 12 - 10));
        let zone: TimeZone = "Pacific/Auckland".parse().unwrap();
        assert_eq!(clock.today(&zone), date!(2011 - 12 - 10));
        assert!(clock.now().year() > 2011);
    }

    #[test]
    fn a_clock_shows_what_it_is_told() {
        let clock = Clock::showing(|| datetime!(2024-03-30 23:30 UTC));
        assert_eq!(clock.now(), datetime!(2024-03-30 23:30 UTC));
        assert_eq!(clock.today(&"Europe/Berlin".parse().unwrap()), date!(2024 - 03 - 31));
    }
}
