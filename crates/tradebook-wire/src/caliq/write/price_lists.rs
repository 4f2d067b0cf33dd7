//! The answer of `PriceListNormal`.

use super::AnswerOptions;
use super::encode::Encoder;
use super::items::write_product;
use super::repeated::{NAMESPACES, Repeated, begin_object, end_object};
use crate::caliq::{
    BodyFormat, MediaType, PriceListCustomer, PriceListHead, PriceListItem, PriceListRow,
};

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
        let PriceListItem { id, code, quantity, price, was, custom, on_application } = item;
        let row = PriceListRow {
            quantity: *quantity,
            price: *price,
            was: *was,
            custom: *custom,
            on_application: *on_application,
        };
        self.product(out, (*id, code), [row]);
    }

    /// Adds the items of a product, named by its id and code, to the list that was begun last. No rows add nothing.
    pub fn product(
        &mut self,
        out: &mut Vec<u8>,
        product: (i32, &str),
        rows: impl IntoIterator<Item = PriceListRow>,
    ) {
        let mut rows = rows.into_iter().peekable();
        if rows.peek().is_some() {
            self.items.before(out);
            write_product(out, self.format, self.options, product, rows);
        }
    }

    /// Appends what [`product`](Self::product) would add, with the [separator](BodyFormat::separator) before it: rendered items,
    /// which can be kept and added to any list of that format and those options.
    pub fn render_product(
        rendered: &mut Vec<u8>,
        format: BodyFormat,
        options: AnswerOptions,
        product: (i32, &str),
        rows: impl IntoIterator<Item = PriceListRow>,
    ) {
        let mut rows = rows.into_iter().peekable();
        if rows.peek().is_some() {
            rendered.extend_from_slice(format.separator());
            write_product(rendered, format, options, product, rows);
        }
    }

    /// Adds items of any number of products that were [rendered](Self::render_product).
    pub fn rendered(&mut self, out: &mut Vec<u8>, rendered: &[u8]) {
        let skipped = self.before_rendered(out, rendered.len());
        out.extend_from_slice(rendered.get(skipped..).unwrap_or_default());
    }

    /// Prepares for so many bytes of rendered items, which the caller puts behind `out` without copying them: how many of
    /// their first bytes it has to leave out.
    pub fn before_rendered(&mut self, out: &mut Vec<u8>, length: usize) -> usize {
        if length == 0 || !self.items.begin(out) { 0 } else { self.format.separator().len() }
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
