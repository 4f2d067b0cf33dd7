//! The days that a report looks at: backwards for what was bought, forwards for what comes in.

use time::macros::date;
use time::{Duration, Month};
use tradebook_model::Date;

use crate::{MonthsBack, WeeksUntilAvailable};

/// The earliest day that `YYYY-MM-DD` can write, and that databases agree on: no ledger begins before it.
const EARLIEST: Date = date!(0000 - 01 - 01);

/// The first and last day whose documents count, both included: today's date so many calendar months ago, its day
/// clamped to the length of that month, and today.
///
/// A period that would begin before year 0 begins with it, so any number of months is safe.
///
/// ```
/// # use tradebook_buying::{MonthsBack, window};
/// # use tradebook_model::{Date, Month};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let today = Date::from_calendar_date(2011, Month::March, 31)?;
/// let february = Date::from_calendar_date(2011, Month::February, 28)?;
/// assert_eq!(window(today, MonthsBack::new(1)?), (february, today));
/// # Ok(())
/// # }
/// ```
pub fn window(today: Date, months_back: MonthsBack) -> (Date, Date) {
    (months_before(today, months_back).unwrap_or(EARLIEST), today)
}

/// The day so many months earlier, or nothing where that is before [`EARLIEST`].
fn months_before(day: Date, months: MonthsBack) -> Option<Date> {
    // Months are counted from January of year 0, so that a year's end is no special case.
    let months_since_year_0 = i64::from(day.year()) * 12 + i64::from(u8::from(day.month())) - 1;
    let target = months_since_year_0 - i64::from(months.get());
    if target < 0 {
        return None;
    }
    let year = i32::try_from(target / 12).ok()?;
    let month = Month::January.nth_next(u8::try_from(target % 12).ok()?);
    Date::from_calendar_date(year, month, day.day().min(month.length(year))).ok()
}

/// The last day on which an item without stock may come in, or nothing where there is no limit.
pub(crate) fn latest_arrival(today: Date, weeks: WeeksUntilAvailable) -> Option<Date> {
    if weeks == WeeksUntilAvailable::UNLIMITED {
        return None;
    }
    // Past the end of the calendar every date is early enough.
    Some(today.saturating_add(Duration::weeks(i64::from(weeks.get()))))
}
