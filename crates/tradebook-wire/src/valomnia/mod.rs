//! The wire format of the customers API: parameters of forms and queries in, JSON out.
//!
//! | Step | Here |
//! | --- | --- |
//! | From name/value pairs to a list's request | [`CustomerListRequest::read`], [`RecordListRequest::read`] |
//! | From name/value pairs to what a write asks for | [`read_new_customer`], [`read_customer_changes`] |
//! | From a path's segment to an id | [`path_id`] |
//! | From data to bytes | [`CustomerBody`], [`ListBody`], and the bodies of the records that customers refer to |
//! | From an error to bytes | [`Fault`] |
//!
//! Texts of errors, names and the order of members follow the reference manual 2.1, chapter 11; documents of every call are
//! in `fixtures/valomnia`.

mod country;
mod customer_body;
mod customer_changes;
mod fault;
mod instant;
mod list_request;
mod number;
mod paging;
mod parameters;
mod payment_types;
mod record_body;
mod record_ref;
#[cfg(feature = "openapi")]
pub mod schema;

mod version;

pub use country::country_code;
pub use customer_body::{CreatedBy, CustomerBody, NamedRef, RegionRef};
pub use customer_changes::{Standing, check_needs, read_customer_changes, read_new_customer};
pub use fault::{Fault, FaultBody, Record};
pub use instant::{InstantRange, InstantText};
pub use list_request::{CustomerListRequest, Order, RecordListRequest};
pub use number::{Amount, Number};
pub use paging::{Links, ListBody, Page, Paging};
pub use parameters::Parameters;
pub use record_body::{
    CategoryBody, ContactBody, CurrencyBody, DeletedBody, PaymentTypeBody, RegionBody,
    SegmentationBody, SignedInBody, SignedInUser, UserBody,
};
pub use record_ref::path_id;
pub use version::{Href, UnknownVersion, Version, collection};
