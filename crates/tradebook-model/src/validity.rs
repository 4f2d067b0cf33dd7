//! Periods of whole days.

use time::Date;

use crate::ModelError;

/// A period of whole days, both ends included; an end that is absent is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Validity {
    from: Option<Date>,
    to: Option<Date>,
}

impl Validity {
    /// For ever.
    pub const ALWAYS: Self = Self { from: None, to: None };

    /// A period; it may not end before it begins.
    pub fn new(from: Option<Date>, to: Option<Date>) -> Result<Self, ModelError> {
        match (from, to) {
            (Some(from), Some(to)) if to < from => {
                Err(ModelError::Contradiction("valid_to is before valid_from"))
            }
            _ => Ok(Self { from, to }),
        }
    }

    /// The first day.
    pub const fn from(self) -> Option<Date> {
        self.from
    }

    /// The last day.
    pub const fn to(self) -> Option<Date> {
        self.to
    }

    /// Whether the day lies in the period.
    pub fn contains(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Whether the two periods share a day.
    pub fn overlaps(self, other: Self) -> bool {
        let starts_by = |a: Self, b: Self| match (a.from, b.to) {
            (Some(from), Some(to)) => from <= to,
            _ => true,
        };
        starts_by(self, other) && starts_by(other, self)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn both_days_are_included() {
        let may = Validity::new(Some(date!(2024 - 05 - 01)), Some(date!(2024 - 05 - 31))).unwrap();
        assert!(may.contains(date!(2024 - 05 - 01)) && may.contains(date!(2024 - 05 - 31)));
        assert!(!may.contains(date!(2024 - 06 - 01)));
        let from_31 = Validity::new(Some(date!(2024 - 05 - 31)), None).unwrap();
        let from_june = Validity::new(Some(date!(2024 - 06 - 01)), None).unwrap();
        assert!(
            may.overlaps(from_31) && !may.overlaps(from_june) && may.overlaps(Validity::ALWAYS)
        );
        assert!(Validity::new(Some(date!(2024 - 05 - 02)), Some(date!(2024 - 05 - 01))).is_err());
    }
}
