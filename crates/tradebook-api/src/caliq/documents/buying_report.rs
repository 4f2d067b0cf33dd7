//! The answer of `CustomerBuyingReport`.

use std::borrow::Cow;

use tradebook_buying::BuyingRow;
use tradebook_model::Date;
use tradebook_wire::caliq::{
    AnswerOptions, BuyingReportItem, BuyingReportWriter, MediaType, compact_date,
};

use crate::caliq::stream::{Document, Written};

/// The answer of `CustomerBuyingReport`.
pub(crate) struct BuyingReportDocument {
    rows: std::vec::IntoIter<BuyingRow>,
    writer: Option<BuyingReportWriter>,
    started: bool,
}

impl BuyingReportDocument {
    pub(crate) fn new(rows: Vec<BuyingRow>, media: MediaType) -> Self {
        // A report has no decimals, so that nothing can be chosen about it.
        let writer = Some(BuyingReportWriter::new(media, AnswerOptions::default()));
        Self { rows: rows.into_iter(), writer, started: false }
    }
}

impl Document for BuyingReportDocument {
    fn write(&mut self, out: &mut Vec<u8>) -> Written {
        let Some(mut writer) = self.writer.take() else { return Written::Last };
        if !self.started {
            self.started = true;
            writer.start(out);
        }
        let Some(row) = self.rows.next() else {
            writer.finish(out);
            return Written::Last;
        };
        writer.item(out, &report_item(&row));
        self.writer = Some(writer);
        Written::More
    }
}

fn report_item(row: &BuyingRow) -> BuyingReportItem<'_> {
    let BuyingRow {
        product,
        code,
        description,
        part_number,
        barcode,
        epos_barcode,
        quantity,
        last_invoiced,
        next_available,
    } = row;
    let day = |day: &Date| Cow::Owned(compact_date(*day));
    BuyingReportItem {
        id: product.get(),
        code: Cow::Borrowed(code.as_str()),
        description: description.as_ref().map(|text| Cow::Borrowed(text.as_str())),
        customer_part_no: part_number.as_ref().map(|number| Cow::Borrowed(number.as_str())),
        barcode: barcode.as_ref().map(|barcode| Cow::Borrowed(barcode.as_str())),
        epos_barcode: epos_barcode.as_ref().map(|barcode| Cow::Borrowed(barcode.as_str())),
        quantity: i64::from(*quantity),
        last_invoiced: last_invoiced.as_ref().map(day),
        next_available: next_available.as_ref().map(day),
    }
}
