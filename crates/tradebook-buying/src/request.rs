//! What is asked of a buying report.

use tradebook_model::HistoryBasis;

/// Why a request was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuyingError {
    /// A number of months below zero.
    #[error("the number of months back must be 0 or more, not {0}")]
    NegativeMonths(i32),
    /// A number of weeks below zero.
    #[error("the number of weeks until available must be 0 or more, not {0}")]
    NegativeWeeks(i32),
}

/// How many calendar months back the period begins: 0 is today only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct MonthsBack(u32);

impl MonthsBack {
    /// A number of months, which may not be negative.
    pub fn new(months: i32) -> Result<Self, BuyingError> {
        u32::try_from(months).map(Self).map_err(|_| BuyingError::NegativeMonths(months))
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// Within how many weeks an item without stock must be available again: 0 is without limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct WeeksUntilAvailable(u32);

impl WeeksUntilAvailable {
    /// Without limit.
    pub const UNLIMITED: Self = Self(0);

    /// A number of weeks, which may not be negative.
    pub fn new(weeks: i32) -> Result<Self, BuyingError> {
        u32::try_from(weeks).map(Self).map_err(|_| BuyingError::NegativeWeeks(weeks))
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// What is asked of a buying report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BuyingRequest {
    /// Whether orders or invoices are counted.
    pub basis: HistoryBasis,
    /// Where the period begins.
    pub months_back: MonthsBack,
    /// Within how many weeks an item without stock must be available again.
    pub weeks: WeeksUntilAvailable,
    /// Whether an item without stock and without a date is listed too. It matters only where `weeks` is without limit.
    pub include_undated: bool,
}

impl BuyingRequest {
    /// A request from the numbers as a client gives them, without undated items. Of two negative numbers the months
    /// are the ones reported; build the fields one by one to learn of both.
    pub fn new(basis: HistoryBasis, months_back: i32, weeks: i32) -> Result<Self, BuyingError> {
        Ok(Self {
            basis,
            months_back: MonthsBack::new(months_back)?,
            weeks: WeeksUntilAvailable::new(weeks)?,
            include_undated: false,
        })
    }
}
