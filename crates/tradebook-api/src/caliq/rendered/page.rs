//! The items of some products of a list, as bytes.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use tradebook_pricing::{
    ItemRow, ListHandle, ListView, PRODUCTS_PER_PAGE, PriceBook, ProductIndex,
};
use tradebook_wire::caliq::{AnswerOptions, BodyFormat, PriceListRow, PriceListsWriter};

use crate::caliq::exports::Deflated;

/// What is copied from multiples of this to multiples of it is copied fast.
const ALIGNMENT: usize = 64;

/// The items of [`PRODUCTS_PER_PAGE`] products of a list, in both formats.
#[derive(PartialEq)]
pub(super) struct Page {
    json: Arc<Fragments>,
    xml: Arc<Fragments>,
}

/// Items in one format, product by product, each with the separator before it.
pub(crate) struct Fragments {
    bytes: Bytes,
    /// Where each product's items end.
    ends: Box<[u32]>,
    deflated: OnceLock<Deflated>,
}

impl PartialEq for Fragments {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes && self.ends == other.ends
    }
}

/// Where pages are rendered, one after the other.
pub(super) struct Desk {
    json: Rendering,
    xml: Rendering,
}

impl Desk {
    pub(super) fn new(options: AnswerOptions) -> Self {
        let rendering = |format| Rendering::new(format, options);
        Self { json: rendering(BodyFormat::Json), xml: rendering(BodyFormat::Xml) }
    }
}

impl Page {
    /// Renders the items of a list from a product on.
    pub(super) fn render(
        prices: &PriceBook,
        list: &ListHandle,
        first: u32,
        desk: &mut Desk,
    ) -> Self {
        let Desk { json, xml } = desk;
        json.clear();
        xml.clear();
        if let Some(view) = prices.list_view(list) {
            for_each(prices, view, first, |product, rows| {
                json.add(product, rows);
                xml.add(product, rows);
            });
        }
        // Copies, exactly as long as they are, as they stay for long, and one allocation for both: large ones are rounded up by
        // less than small ones.
        let before_xml = json.bytes.len().next_multiple_of(ALIGNMENT);
        let mut both = Vec::with_capacity(before_xml + xml.bytes.len());
        both.extend_from_slice(&json.bytes);
        both.resize(before_xml, 0);
        both.extend_from_slice(&xml.bytes);
        let both = Bytes::from(both);
        Self {
            json: Arc::new(json.fragments(both.slice(..json.bytes.len()))),
            xml: Arc::new(xml.fragments(both.slice(before_xml..))),
        }
    }

    pub(super) fn fragments(&self, format: BodyFormat) -> &Arc<Fragments> {
        match format {
            BodyFormat::Json => &self.json,
            BodyFormat::Xml => &self.xml,
        }
    }

    /// What it takes of memory.
    pub(super) fn bytes(&self) -> u64 {
        self.json.bytes().saturating_add(self.xml.bytes())
    }
}

/// Calls `take` for the products of a page with their rows.
fn for_each(
    prices: &PriceBook,
    view: ListView<'_>,
    first: u32,
    mut take: impl FnMut((i32, &str), &[ItemRow]),
) {
    let mut rows = Vec::new();
    for product in (first..first.saturating_add(PRODUCTS_PER_PAGE)).map(ProductIndex) {
        let Some(facts) = prices.product(product) else { break };
        rows.clear();
        view.rows(product, &mut rows);
        take((facts.id.get(), facts.code.as_str()), &rows);
    }
}

struct Rendering {
    format: BodyFormat,
    options: AnswerOptions,
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Rendering {
    fn new(format: BodyFormat, options: AnswerOptions) -> Self {
        Self { format, options, bytes: Vec::new(), ends: Vec::new() }
    }

    fn add(&mut self, product: (i32, &str), rows: &[ItemRow]) {
        let (format, options) = (self.format, self.options);
        let rows = rows.iter().map(on_the_wire);
        PriceListsWriter::render_product(&mut self.bytes, format, options, product, rows);
        // A page of four gigabytes does not fit into any budget.
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    /// `bytes` are a copy of what was rendered.
    fn fragments(&self, bytes: Bytes) -> Fragments {
        Fragments { bytes, ends: self.ends.as_slice().into(), deflated: OnceLock::new() }
    }
}

impl Fragments {
    /// Renders the items of a view from a product on.
    pub(super) fn render(
        prices: &PriceBook,
        view: ListView<'_>,
        first: u32,
        (format, options): (BodyFormat, AnswerOptions),
    ) -> Self {
        let mut rendering = Rendering::new(format, options);
        for_each(prices, view, first, |product, rows| rendering.add(product, rows));
        // A buffer that has grown, even if cut, keeps up to twice what it holds.
        rendering.fragments(Bytes::copy_from_slice(&rendering.bytes))
    }

    pub(super) fn bytes(&self) -> u64 {
        let bytes = self.bytes.len() + size_of_val(&*self.ends);
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }

    /// The items of the products from one place in the page up to another.
    pub(crate) fn range(&self, from: u32, to: u32) -> Bytes {
        self.bytes.slice(self.offsets(from, to))
    }

    /// The items of the product at a place in the page.
    pub(crate) fn of(&self, place: u32) -> &[u8] {
        self.bytes.get(self.offsets(place, place.saturating_add(1))).unwrap_or_default()
    }

    /// All of them, compressed; made when it is first asked for.
    pub(crate) fn deflated(&self) -> &Deflated {
        self.deflated.get_or_init(|| Deflated::new(&self.bytes))
    }

    fn offsets(&self, from: u32, to: u32) -> std::ops::Range<usize> {
        let before = |place: u32| {
            let place = usize::try_from(place).unwrap_or(usize::MAX).min(self.ends.len());
            let end = place.checked_sub(1).and_then(|last| self.ends.get(last)).copied();
            end.and_then(|end| usize::try_from(end).ok()).unwrap_or(0)
        };
        before(from)..before(to).max(before(from))
    }
}

/// A row as the wire has it.
pub(crate) fn on_the_wire(row: &ItemRow) -> PriceListRow {
    let ItemRow { quantity, price, was, custom, on_application, source: _, promotion: _ } = *row;
    let quantity = i32::try_from(quantity.get()).unwrap_or(i32::MAX);
    PriceListRow { quantity, price, was, custom, on_application }
}
