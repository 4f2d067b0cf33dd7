#![doc = include_str!("../README.md")]

#[cfg(not(any(feature = "sqlite", feature = "postgres")))]
compile_error!("tradebook-store needs at least one of the features `sqlite` and `postgres`");

mod book;
mod book_customer;
mod buying;
mod check;
mod connection;
mod copy;
mod customer_writes;
mod customers;
mod error;
mod events;
pub mod export;
mod feed;
mod group_commit;
mod idempotency;
mod image_folder;
pub mod import;
mod key;
mod ledger;
mod maintenance;
mod organization;
mod own_list;
#[cfg(feature = "postgres")]
mod replicas;
mod rows;
mod schema;
mod seen;
mod sequence;
mod sign_in;
mod sql;
mod store;
#[cfg(test)]
#[cfg(all(feature = "sqlite", feature = "postgres"))]
mod tests;
mod transaction;
#[cfg(feature = "sqlite")]
mod turns;
mod url;

pub use book_customer::CustomerWithPrices;
pub use buying::CustomerSelector;
pub use copy::{CopiedTable, CopyError, CopyProgress};
pub use customer_writes::CustomerWrites;
pub use customers::{
    Created, CustomerError, CustomerFault, CustomerFilter, CustomerPage, CustomerQuery,
    CustomerRecord, CustomerSort, InUse, InstantBounds, NamedRecord, Page, ReferenceQuery,
    ReferenceSort, Relation, RequiredField, Upserted, Wildcard,
};
pub use error::StoreError;
pub use events::{EVENT_TOKEN_PREFIX, EventFault, EventQuery, EventToken, TokenHolder};
pub use feed::ChangeFeed;
pub use idempotency::{Retry, RetryKey, StoredAnswer};
pub use key::{KEY_PREFIX, KeyHash, KeyRecord, NewKey, PlaintextKey, Principal, Role};
pub use maintenance::SchemaState;
pub use sign_in::{NewUser, Password, SESSION_PREFIX, Session, SignIn, UserRecord};
pub use store::{DatabaseUse, ReplicaState, Store, StoreOptions};
