//! The answer of `PriceListNormal`.

use super::AnswerOptions;
use super::encode::Encoder;
use super::repeated::{NAMESPACES, Repeated, begin_object, end_object};
use crate::caliq::{BodyFormat, MediaType, PriceListCustomer, PriceListHead, PriceListItem};

/// Writes `PriceLists`: [`start`](Self::start), then for each list [`begin_list`](Self::begin_list), its items and
/// [`end_list`](Self::end_list), then [`finish`](Self::finish).
///
/// Every call appends to the buffer it is given, which may be drained between any two calls.
#[derive(Debug)]
pub struct PriceListsWriter {
    format: BodyFormat,
    options: AnswerOptions,
    lists: Repeated,
    items: Repeated,
}

impl PriceListsWriter {
    /// A writer that has written nothing.
    pub fn new(media: MediaType, options: AnswerOptions) -> Self {
        let format = media.format();
        Self {
            format,
            options,
            lists: Repeated::new(format, "PriceLists"),
            items: Repeated::new(format, "Items"),
        }
    }

    /// Begins the document.
    pub fn start(&mut self, out: &mut Vec<u8>) {
        self.lists.open(out, "{\"PriceDetail\":[", NAMESPACES);
    }

    /// Begins a list.
    pub fn begin_list(&mut self, out: &mut Vec<u8>, head: &PriceListHead<'_>) {
        let PriceListHead { id, currency, list_type, source, description, vat_included } = head;
        self.lists.before(out);
        begin_object(out, self.format, "PriceList");
        let mut list = Encoder::new(out, self.format, self.options.null_decimals_in_xml);
        list.int("ID", *id)
            .text("Currency", currency)
            .text("Type", list_type)
            .text("Source", source)
            .optional_text("Description", description.as_deref())
            .flag("VATInc", *vat_included)
            .separate();
        self.items.open(out, "\"Items\":{\"ItemPLDetail\":[", "");
    }

    /// Adds an item to the list that was begun last.
    pub fn item(&mut self, out: &mut Vec<u8>, item: &PriceListItem<'_>) {
        self.items.before(out);
        write_item(out, self.format, self.options, item);
    }

    /// Adds items that were rendered with [`render_item`](Self::render_item) in the same format and with the same
    /// options. Nothing rendered adds nothing.
    pub fn rendered_items(&mut self, out: &mut Vec<u8>, rendered: &[u8]) {
        if !rendered.is_empty() {
            self.items.before(out);
            out.extend_from_slice(rendered);
        }
    }

    /// Appends an item to a run of rendered items, which is empty or holds only what this function appended to it.
    pub fn render_item(
        run: &mut Vec<u8>,
        format: BodyFormat,
        options: AnswerOptions,
        item: &PriceListItem<'_>,
    ) {
        if format == BodyFormat::Json && !run.is_empty() {
            run.push(b',');
        }
        write_item(run, format, options, item);
    }

    /// Ends a list with the customers that use it; `None` where they are not shown.
    pub fn end_list<'c>(
        &mut self,
        out: &mut Vec<u8>,
        customers: Option<&mut dyn Iterator<Item = PriceListCustomer<'c>>>,
    ) {
        self.items.close(out, "]}");
        match (customers, self.format) {
            (None, BodyFormat::Json) => out.extend_from_slice(b",\"PLCusts\":null"),
            (None, BodyFormat::Xml) => {}
            (Some(customers), format) => {
                let mut run = Repeated::new(format, "PLCusts");
                run.open(out, ",\"PLCusts\":{\"PLCustDetail\":[", "");
                for PriceListCustomer { id, account_no } in customers {
                    run.before(out);
                    begin_object(out, format, "PLCust");
                    Encoder::new(out, format, self.options.null_decimals_in_xml)
                        .int("ID", id)
                        .text("AccountNo", &account_no);
                    end_object(out, format, "PLCust");
                }
                run.close(out, "]}");
            }
        }
        end_object(out, self.format, "PriceList");
    }

    /// Ends the document.
    pub fn finish(mut self, out: &mut Vec<u8>) {
        self.lists.close(out, "]}");
    }
}

fn write_item(
    out: &mut Vec<u8>,
    format: BodyFormat,
    options: AnswerOptions,
    item: &PriceListItem<'_>,
) {
    let PriceListItem { id, code, quantity, price, was, custom, on_application } = item;
    begin_object(out, format, "Item");
    Encoder::new(out, format, options.null_decimals_in_xml)
        .int("ID", *id)
        .text("Code", code)
        .int("Q", *quantity)
        .decimal("P", price.micros())
        .optional_decimal("W", was.map(|was| was.micros()))
        .flag("C", *custom)
        .flag("POA", *on_application);
    end_object(out, format, "Item");
}
