#![doc = include_str!("../README.md")]

#[cfg(not(any(feature = "sqlite", feature = "postgres")))]
compile_error!("tradebook-store needs at least one of the features `sqlite` and `postgres`");

mod book;
mod buying;
mod check;
mod connection;
mod error;
pub mod export;
pub mod import;
mod key;
mod ledger;
mod maintenance;
mod organization;
mod own_list;
mod rows;
mod schema;
mod sequence;
mod store;
#[cfg(test)]
#[cfg(all(feature = "sqlite", feature = "postgres"))]
mod tests;
mod transaction;
mod url;

pub use buying::CustomerSelector;
pub use error::StoreError;
pub use key::{KEY_PREFIX, KeyHash, KeyRecord, NewKey, PlaintextKey, Principal, Role};
pub use maintenance::SchemaState;
pub use store::{Store, StoreOptions};
