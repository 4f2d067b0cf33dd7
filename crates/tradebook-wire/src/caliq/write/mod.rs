//! Writers that push an answer, piece by piece, into a buffer which the caller drains as it likes.

mod agreements;
mod buying_report;
mod encode;
mod error;
mod items;
mod line;
mod price_lists;
mod repeated;

pub use agreements::CpaRulesWriter;
pub use buying_report::BuyingReportWriter;
pub use error::error_body;
pub use price_lists::PriceListsWriter;

pub(crate) use encode::json_text;
pub(super) use encode::{Encoder, xml_text};
pub(super) use repeated::NAMESPACES;

use tradebook_model::NullDecimals;

/// What may be chosen about an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerOptions {
    /// How an absent decimal is written in XML. In JSON it is `null`.
    pub null_decimals_in_xml: NullDecimals,
}

impl Default for AnswerOptions {
    /// Absent decimals are left out.
    fn default() -> Self {
        Self { null_decimals_in_xml: NullDecimals::Omit }
    }
}
