//! The three answers as documents that are written piece by piece.

mod agreements;
mod buying_report;
mod price_lists;

use tradebook_wire::caliq::AnswerOptions;

pub(crate) use agreements::AgreementsDocument;
pub(crate) use buying_report::BuyingReportDocument;
pub(crate) use price_lists::{PriceListsDocument, ProductSelection};

use crate::books::Book;

fn options(book: &Book) -> AnswerOptions {
    book.answer_options()
}
