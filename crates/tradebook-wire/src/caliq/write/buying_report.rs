//! The answer of `CustomerBuyingReport`.

use super::AnswerOptions;
use super::encode::Encoder;
use super::repeated::{NAMESPACES, Repeated, begin_object, end_object};
use crate::caliq::{BodyFormat, BuyingReportItem, MediaType};

/// Writes `BuyingReport`: [`start`](Self::start), its items, then [`finish`](Self::finish).
#[derive(Debug)]
pub struct BuyingReportWriter {
    format: BodyFormat,
    options: AnswerOptions,
    items: Repeated,
}

impl BuyingReportWriter {
    /// A writer that has written nothing.
    pub fn new(media: MediaType, options: AnswerOptions) -> Self {
        let format = media.format();
        Self { format, options, items: Repeated::new(format, "BuyingReport") }
    }

    /// Begins the document.
    pub fn start(&mut self, out: &mut Vec<u8>) {
        self.items.open(out, "{\"BuyingReportList\":[", NAMESPACES);
    }

    /// Adds an item.
    pub fn item(&mut self, out: &mut Vec<u8>, item: &BuyingReportItem<'_>) {
        let BuyingReportItem {
            id,
            code,
            description,
            customer_part_no,
            barcode,
            epos_barcode,
            quantity,
            last_invoiced,
            next_available,
        } = item;
        self.items.before(out);
        begin_object(out, self.format, "BuyingReportItem");
        Encoder::new(out, self.format, self.options.null_decimals_in_xml)
            .int("ID", *id)
            .text("Code", code)
            .optional_text("Description", description.as_deref())
            .optional_text("CustPartNo", customer_part_no.as_deref())
            .optional_text("Barcode", barcode.as_deref())
            .optional_text("EPOSBarcode", epos_barcode.as_deref())
            .int("Qty", *quantity)
            .optional_text("LastInvoiced", last_invoiced.as_deref())
            .optional_text("NextAvail", next_available.as_deref());
        end_object(out, self.format, "BuyingReportItem");
    }

    /// Ends the document.
    pub fn finish(mut self, out: &mut Vec<u8>) {
        self.items.close(out, "]}");
    }
}
