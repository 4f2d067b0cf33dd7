#![doc = include_str!("../README.md")]

mod period;
mod report;
mod request;

pub use period::window;
pub use report::{BuyingRow, report};
pub use request::{BuyingError, BuyingRequest, MonthsBack, WeeksUntilAvailable};
