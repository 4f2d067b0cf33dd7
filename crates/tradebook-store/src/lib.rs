#![doc = include_str!("../README.md")]

#[cfg(not(any(feature = "sqlite", feature = "postgres")))]
compile_error!("tradebook-store needs at least one of the features `sqlite` and `postgres`");

mod connection;
mod error;
mod key;
mod rows;
mod schema;
mod sequence;
mod store;
mod transaction;
mod url;

pub use error::StoreError;
pub use store::{Store, StoreOptions};
