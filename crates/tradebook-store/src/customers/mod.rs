//! Customers as the customers API sees them: found, listed, created, changed and deleted one by one.

mod deletion;
mod draft;
mod fault;
mod folding;
mod iso_4217;
mod list;
mod query;
mod read;
mod record;
mod reference_data;
mod relations;
mod row;
mod wildcard;
mod write;

pub(crate) use self::folding::fold_customers;
#[cfg(test)]
pub(crate) use self::list::page_sql;
pub use fault::{CustomerError, CustomerFault, InUse, Relation, RequiredField};
pub use query::{CustomerFilter, CustomerQuery, CustomerSort, InstantBounds};
pub use record::{CustomerPage, CustomerRecord, NamedRecord, Page};
pub use reference_data::{ReferenceQuery, ReferenceSort};
pub use wildcard::Wildcard;
pub use write::{Created, Upserted};
