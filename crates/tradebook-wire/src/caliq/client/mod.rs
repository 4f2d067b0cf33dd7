//! The other side of the wire: requests out, answers in.
//!
//! ```
//! use tradebook_wire::caliq::{BodyFormat, MediaType, PriceListRequest, client};
//!
//! let request = PriceListRequest { currency: Some("EUR".into()), ..Default::default() };
//! let body = client::write_request(MediaType::ApplicationJson, &request);
//! // … send it, and read what comes back:
//! let answer = br#"{"PriceDetail":[]}"#;
//! assert!(client::read_price_lists(answer, BodyFormat::Json)?.is_empty());
//! # assert!(body.starts_with(br#"{"CustomerIDs":[]"#));
//! # Ok::<(), client::AnswerError>(())
//! ```

mod answer;
mod json;
mod request;
mod xml;

pub use answer::{
    Agreement, AnswerError, PriceList, read_agreements, read_buying_report, read_price_lists,
};
pub use request::write_request;
