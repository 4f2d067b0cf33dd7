//! The wire formats of the three Caliq calls, in JSON and XML.
//!
//! | Step | Here |
//! | --- | --- |
//! | Which format is the request in? | [`request_format`] |
//! | Which format is the answer in? | [`negotiate`] |
//! | From bytes to a request | [`read`], then [`Bound::checked`] |
//! | From data to bytes | [`PriceListsWriter`], [`CpaRulesWriter`], [`BuyingReportWriter`] |
//! | From an error to bytes | [`error_body`] |
//! | The other side of the wire | [`client`] |
//!
//! Requests are taken as tolerantly as ASP.NET Web API 2 takes them, with Json.NET and `XmlSerializer`; answers are
//! written as it writes them. Documents in both formats, and the observed behaviour that the readers follow, are in
//! `fixtures/caliq`.

mod answer;
pub mod client;
mod json;
mod model_state;
mod negotiation;
mod number;
mod read;
mod request;
#[cfg(feature = "openapi")]
pub mod schema;
mod text;
mod write;
mod xml;

pub use answer::{
    AgreementCustomer, AgreementRule, BuyingReportItem, PriceListCustomer, PriceListHead,
    PriceListItem, PriceListRow, compact_date, flag_text,
};
pub use model_state::ModelState;
pub use negotiation::{BodyFormat, Charset, MediaType, RequestFormat, negotiate, request_format};
pub use read::{Bound, Limits, Unreadable, read, read_within};
pub use request::{BuyingReportRequest, CustomerAgreementRequest, PriceListRequest, Request};
pub(crate) use write::json_text;
pub use write::{AnswerOptions, BuyingReportWriter, CpaRulesWriter, PriceListsWriter, error_body};
