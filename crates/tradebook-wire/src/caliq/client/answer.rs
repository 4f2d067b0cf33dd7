//! Answers as values.

use super::{json, xml};
use crate::caliq::negotiation::{BodyFormat, Charset};
use crate::caliq::{
    AgreementCustomer, AgreementRule, BuyingReportItem, PriceListCustomer, PriceListHead,
    PriceListItem, Unreadable, text,
};

/// A price list of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceList {
    /// What it is.
    pub head: PriceListHead<'static>,
    /// Its items, in the order of the answer.
    pub items: Vec<PriceListItem<'static>>,
    /// The customers that use it, if they are shown.
    pub customers: Option<Vec<PriceListCustomer<'static>>>,
}

/// A customer's agreement of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// The customer and its terms.
    pub customer: AgreementCustomer<'static>,
    /// The agreed prices, in the order of the answer.
    pub rules: Vec<AgreementRule<'static>>,
}

/// Why an answer cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// It is not JSON, or not that of this call.
    #[error("the answer is not the JSON of this call")]
    Json(#[from] serde_json::Error),
    /// It is not XML, or its root is not that of this call.
    #[error("the answer is not the XML of this call")]
    Xml(#[from] Unreadable),
    /// A member of an element is missing or cannot be read.
    #[error("{element}/{member} of the answer is missing or cannot be read")]
    Member {
        /// The element.
        element: &'static str,
        /// The member.
        member: &'static str,
    },
}

/// Reads the answer of `PriceListNormal`.
pub fn read_price_lists(body: &[u8], format: BodyFormat) -> Result<Vec<PriceList>, AnswerError> {
    match format {
        BodyFormat::Json => json::price_lists(body),
        BodyFormat::Xml => xml::price_lists(&text::xml_text(body, Charset::Utf8)?),
    }
}

/// Reads the answer of `CustomerCPA`.
pub fn read_agreements(body: &[u8], format: BodyFormat) -> Result<Vec<Agreement>, AnswerError> {
    match format {
        BodyFormat::Json => json::agreements(body),
        BodyFormat::Xml => xml::agreements(&text::xml_text(body, Charset::Utf8)?),
    }
}

/// Reads the answer of `CustomerBuyingReport`.
pub fn read_buying_report(
    body: &[u8],
    format: BodyFormat,
) -> Result<Vec<BuyingReportItem<'static>>, AnswerError> {
    match format {
        BodyFormat::Json => json::buying_report(body),
        BodyFormat::Xml => xml::buying_report(&text::xml_text(body, Charset::Utf8)?),
    }
}
