//! The answer of `PriceListNormal`.

use std::borrow::Cow;
use std::sync::Arc;

use tradebook_model::{Date, PriceListCustomers};
use tradebook_pricing::{
    ItemRow, ListBasis, ListHandle, ListIndex, ListOrigin, ListView, PRODUCTS_PER_PAGE, PriceBook,
    ProductIndex, SharedTerms,
};
use tradebook_wire::caliq::{
    BodyFormat, MediaType, PriceListCustomer, PriceListHead, PriceListsWriter,
};

use super::options;
use crate::books::Book;
use crate::caliq::rendered::{RenderedLists, on_the_wire};
use crate::caliq::stream::{Document, ENOUGH, Shared, Written};

/// From how many bytes on rendered items are sent from where they are, instead of copied among others.
const WORTH_SHARING: usize = 32 * 1024;

/// Which products a price list is asked for.
#[derive(Debug, Clone)]
pub(crate) enum ProductSelection {
    /// All of them.
    All,
    /// These, in the order of their codes. A list that has none of them is left out.
    Only(Vec<ProductIndex>),
}

/// The answer of `PriceListNormal`, written from rendered lists where there are any.
pub(crate) struct PriceListsDocument {
    book: Arc<Book>,
    rendered: Option<Arc<RenderedLists>>,
    format: BodyFormat,
    products: ProductSelection,
    lists: std::vec::IntoIter<ListHandle>,
    state: State,
    writer: Option<PriceListsWriter>,
    rows: Vec<ItemRow>,
}

enum State {
    Start,
    /// Between two lists.
    Next,
    /// In a list whose next product is at a position of the selection.
    Items {
        list: ListHandle,
        source: Source,
        position: u32,
    },
}

/// Where the items of a list come from.
enum Source {
    /// Every price is computed: on the terms that lists share, where there are any, but for these products, in order, which have
    /// prices of their own.
    Computed { terms: Option<SharedTerms>, own: Vec<ProductIndex> },
    /// Products have the items that they have in other lists, but for these, in order, whose prices are computed.
    Based { basis: ListBasis, own: Vec<ProductIndex> },
}

impl Source {
    /// The rendered list that has the items of a product.
    fn list(&self, product: ProductIndex) -> Option<ListIndex> {
        match self {
            Self::Based { basis: ListBasis::List(list), own } => {
                Some(*list).filter(|_| own.binary_search(&product).is_err())
            }
            _ => None,
        }
    }

    /// The first product from one on whose prices are computed.
    fn next_own(&self, from: ProductIndex) -> Option<ProductIndex> {
        match self {
            Self::Computed { terms: None, .. } => Some(from),
            Self::Computed { own, .. } | Self::Based { own, .. } => {
                own.get(own.partition_point(|product| *product < from)).copied()
            }
        }
    }

    /// The view of products on shared terms, if that is how their prices are computed.
    fn shared_view<'b>(&self, prices: &'b PriceBook, as_of: Date) -> Option<ListView<'b>> {
        match self {
            Self::Computed { terms: Some(terms), .. } => Some(prices.terms_view(terms, as_of)),
            Self::Computed { terms: None, .. } | Self::Based { .. } => None,
        }
    }
}

impl PriceListsDocument {
    /// `rendered` are lists of the same book on the day for which the lists are asked; without them, or where a list is not
    /// among them, prices are computed.
    pub(crate) fn new(
        book: Arc<Book>,
        rendered: Option<Arc<RenderedLists>>,
        lists: Vec<ListHandle>,
        products: ProductSelection,
        media: MediaType,
    ) -> Self {
        let writer = Some(PriceListsWriter::new(media, options(&book)));
        Self {
            book,
            rendered,
            format: media.format(),
            products,
            lists: lists.into_iter(),
            state: State::Start,
            writer,
            rows: Vec::new(),
        }
    }

    /// Whether all that there is to do is to copy whole lists.
    pub(crate) fn is_rendered(&self) -> bool {
        matches!(self.products, ProductSelection::All)
            && self.lists.as_slice().iter().all(|list| {
                matches!(list.origin(), ListOrigin::Stored(_))
                    && matches!(self.source(list), Source::Based { .. })
            })
    }

    fn source(&self, list: &ListHandle) -> Source {
        let computed = |terms, own| Source::Computed { terms, own };
        let rendered = self.rendered.as_ref().filter(|lists| lists.day() == list.as_of());
        match (self.book.prices.basis(list), rendered) {
            (Some((ListBasis::Terms(terms), own)), None) => computed(Some(terms), own),
            (Some((ListBasis::List(_), _)), None) | (None, _) => computed(None, Vec::new()),
            (Some((ListBasis::List(index), _)), Some(lists)) if !lists.has(index) => {
                computed(None, Vec::new())
            }
            // Rendering a page for the sake of some of its products would not pay, nor for one answer.
            (Some((ListBasis::Terms(terms), own)), Some(lists))
                if !matches!(self.products, ProductSelection::All)
                    || !self.book.terms_pages().are_asked_again(lists, &terms, self.format) =>
            {
                computed(Some(terms), own)
            }
            (Some((basis, own)), Some(_)) => Source::Based { basis, own },
        }
    }

    /// How many positions the selection has.
    fn count(&self) -> u32 {
        let count = match &self.products {
            ProductSelection::All => self.book.prices.product_count(),
            ProductSelection::Only(products) => products.len(),
        };
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Begins the next list that is shown: one that a selection of products leaves empty is not.
    fn begin_next(&mut self, writer: &mut PriceListsWriter, out: &mut Vec<u8>) -> Option<State> {
        loop {
            let list = self.lists.next()?;
            let source = self.source(&list);
            let Some(position) = self.first_with_items(&list, &source) else { continue };
            self.write_head(writer, out, &list);
            return Some(State::Items { list, source, position });
        }
    }

    fn first_with_items(&mut self, list: &ListHandle, source: &Source) -> Option<u32> {
        let ProductSelection::Only(products) = &self.products else { return Some(0) };
        let view = self.book.prices.list_view(list)?;
        let position = products.iter().position(|product| {
            if let Some(index) = source.list(*product) {
                return !fragment(self.rendered.as_deref(), index, *product, self.format)
                    .is_empty();
            }
            self.rows.clear();
            view.rows(*product, &mut self.rows);
            !self.rows.is_empty()
        })?;
        u32::try_from(position).ok()
    }

    /// Writes items from a position on until there is enough: where to go on, and what follows that was not copied.
    fn write_items(
        &mut self,
        writer: &mut PriceListsWriter,
        out: &mut Vec<u8>,
        (list, source): (&ListHandle, &Source),
        mut position: u32,
    ) -> (u32, Option<Shared>) {
        let count = self.count();
        let Self { book, rendered, format, products, rows, .. } = self;
        let prices = &book.prices;
        let Some(view) = prices.list_view(list) else { return (count, None) };
        let shared = source.shared_view(prices, list.as_of());
        // Looked for once for many products: an agreed price is as dear to find as any other is to compute.
        let mut next_own = None;
        while position < count && out.len() < ENOUGH {
            let product = match products {
                ProductSelection::All => Some(ProductIndex(position)),
                ProductSelection::Only(products) => {
                    usize::try_from(position).ok().and_then(|at| products.get(at)).copied()
                }
            };
            let Some(product) = product else { return (count, None) };
            if let (ProductSelection::All, Source::Based { basis, .. }) = (&*products, source) {
                let page = position / PRODUCTS_PER_PAGE;
                let first = page * PRODUCTS_PER_PAGE;
                let last = first.saturating_add(PRODUCTS_PER_PAGE).min(count);
                let end = source.next_own(product).map_or(last, |own| own.0.min(last));
                if position < end
                    && let Some(lists) = rendered
                {
                    let fragments = match basis {
                        ListBasis::List(index) => {
                            lists.fragments(*index, page, *format).map(Arc::clone)
                        }
                        ListBasis::Terms(terms) => {
                            let pages = book.terms_pages();
                            Some(pages.fragments(prices, lists, terms, (page, *format)))
                        }
                    };
                    let Some(fragments) = fragments else { return (count, None) };
                    let items = fragments.range(position - first, end - first);
                    let is_page = (position, end) == (first, last);
                    position = end;
                    if items.len() >= WORTH_SHARING {
                        let skipped = writer.before_rendered(out, items.len());
                        let page = (is_page && skipped == 0).then_some(fragments);
                        return (position, Some(Shared { bytes: items.slice(skipped..), page }));
                    }
                    writer.rendered(out, &items);
                    continue;
                }
            }
            if let Some(index) = source.list(product) {
                writer.rendered(out, fragment(rendered.as_deref(), index, product, *format));
            } else {
                if shared.is_some() && next_own.is_none_or(|own| own < product) {
                    next_own = source.next_own(product).or(Some(ProductIndex(u32::MAX)));
                }
                rows.clear();
                match &shared {
                    Some(shared) if next_own != Some(product) => shared.rows(product, rows),
                    _ => view.rows(product, rows),
                }
                if let Some(product) = prices.product(product) {
                    let product = (product.id.get(), product.code.as_str());
                    writer.product(out, product, rows.iter().map(on_the_wire));
                }
            }
            position += 1;
        }
        (position, None)
    }

    fn write_head(&self, writer: &mut PriceListsWriter, out: &mut Vec<u8>, list: &ListHandle) {
        let Some(head) = self.book.prices.list_header(list) else { return };
        writer.begin_list(
            out,
            &PriceListHead {
                id: head.id.get(),
                currency: Cow::Borrowed(head.currency.as_str()),
                list_type: Cow::Borrowed(head.list_type),
                source: Cow::Borrowed(head.source),
                description: head.description.map(Cow::Borrowed),
                vat_included: head.vat_inc,
            },
        );
    }

    fn write_end(&self, writer: &mut PriceListsWriter, out: &mut Vec<u8>, list: &ListHandle) {
        let prices = &self.book.prices;
        let is_standard = prices.list_header(list).is_some_and(|head| head.source == "STD");
        let shown = match self.book.organization.settings.price_list_customers {
            PriceListCustomers::None => false,
            PriceListCustomers::Custom => !is_standard,
            PriceListCustomers::All => true,
        };
        if !shown {
            writer.end_list(out, None);
            return;
        }
        let customers = prices.list_customers(list);
        let mut shown =
            customers.into_iter().filter_map(|index| prices.customer(index)).map(|customer| {
                PriceListCustomer {
                    id: customer.id.get(),
                    account_no: Cow::Borrowed(customer.reference.as_str()),
                }
            });
        writer.end_list(out, Some(&mut shown));
    }
}

/// The rendered items of one product.
fn fragment(
    rendered: Option<&RenderedLists>,
    list: ListIndex,
    product: ProductIndex,
    format: BodyFormat,
) -> &[u8] {
    rendered
        .and_then(|lists| lists.fragments(list, product.0 / PRODUCTS_PER_PAGE, format))
        .map_or(&[], |fragments| fragments.of(product.0 % PRODUCTS_PER_PAGE))
}

impl Document for PriceListsDocument {
    fn write(&mut self, out: &mut Vec<u8>) -> Written {
        let Some(mut writer) = self.writer.take() else { return Written::Last };
        match std::mem::replace(&mut self.state, State::Next) {
            State::Start => writer.start(out),
            State::Next => match self.begin_next(&mut writer, out) {
                Some(state) => self.state = state,
                None => {
                    writer.finish(out);
                    return Written::Last;
                }
            },
            State::Items { list, source, position } => {
                let (position, shared) =
                    self.write_items(&mut writer, out, (&list, &source), position);
                if position < self.count() || shared.is_some() {
                    self.state = State::Items { list, source, position };
                } else {
                    self.write_end(&mut writer, out, &list);
                }
                if let Some(shared) = shared {
                    self.writer = Some(writer);
                    return Written::Shared(shared);
                }
            }
        }
        self.writer = Some(writer);
        Written::More
    }

    fn expected_bytes(&self) -> usize {
        const HEAD: usize = 512;
        const PRODUCT: usize = 512;
        match &self.products {
            ProductSelection::All => ENOUGH,
            ProductSelection::Only(products) => products
                .len()
                .saturating_mul(PRODUCT)
                .saturating_add(HEAD)
                .saturating_mul(self.lists.as_slice().len()),
        }
    }
}
