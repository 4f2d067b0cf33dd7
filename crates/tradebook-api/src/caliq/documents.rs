//! The three answers as documents that are written piece by piece from the price book.

use std::borrow::Cow;
use std::sync::Arc;

use tradebook_buying::BuyingRow;
use tradebook_model::{BulkRule, Date, PriceListCustomers};
use tradebook_pricing::{CustomerIndex, ItemRow, ListHandle, ProductIndex};
use tradebook_wire::caliq::{
    AgreementCustomer, AgreementRule, AnswerOptions, BuyingReportItem, BuyingReportWriter,
    CpaRulesWriter, MediaType, PriceListCustomer, PriceListHead, PriceListItem, PriceListsWriter,
    compact_date, flag_text,
};

use super::stream::Document;
use crate::books::Book;

fn options(book: &Book) -> AnswerOptions {
    AnswerOptions { null_decimals_in_xml: book.organization.settings.null_decimals_in_xml }
}

/// Which products a price list is asked for.
pub(crate) enum ProductSelection {
    /// All of them.
    All,
    /// These, in the order of their codes. A list that has none of them is left out.
    Only(Vec<ProductIndex>),
}

impl ProductSelection {
    fn get(&self, position: usize, book: &Book) -> Option<ProductIndex> {
        match self {
            Self::All => u32::try_from(position)
                .ok()
                .filter(|_| position < book.prices.product_count())
                .map(ProductIndex),
            Self::Only(products) => products.get(position).copied(),
        }
    }
}

/// The answer of `PriceListNormal`.
pub(crate) struct PriceListsDocument {
    book: Arc<Book>,
    lists: std::vec::IntoIter<ListHandle>,
    products: ProductSelection,
    writer: Option<PriceListsWriter>,
    started: bool,
    /// The list being written, and the position of its next product.
    current: Option<(ListHandle, usize)>,
    rows: Vec<ItemRow>,
}

impl PriceListsDocument {
    pub(crate) fn new(
        book: Arc<Book>,
        lists: Vec<ListHandle>,
        products: ProductSelection,
        media: MediaType,
    ) -> Self {
        let writer = Some(PriceListsWriter::new(media, options(&book)));
        let lists = lists.into_iter();
        Self { book, lists, products, writer, started: false, current: None, rows: Vec::new() }
    }

    /// Finds the next product at or after a position that has rows in the list, and leaves them in `self.rows`.
    fn next_rows(
        &mut self,
        list: &ListHandle,
        mut position: usize,
    ) -> Option<(ProductIndex, usize)> {
        self.rows.clear();
        while let Some(product) = self.products.get(position, &self.book) {
            position += 1;
            self.book.prices.list_rows(list, product, &mut self.rows);
            if !self.rows.is_empty() {
                return Some((product, position));
            }
        }
        None
    }

    fn write_rows(&self, writer: &mut PriceListsWriter, out: &mut Vec<u8>, product: ProductIndex) {
        let Some(product) = self.book.prices.product(product) else { return };
        for row in &self.rows {
            let ItemRow { quantity, price, was, custom, on_application, .. } = *row;
            writer.item(
                out,
                &PriceListItem {
                    id: product.id.get(),
                    code: Cow::Borrowed(product.code.as_str()),
                    quantity: i32::try_from(quantity.get()).unwrap_or(i32::MAX),
                    price,
                    was,
                    custom,
                    on_application,
                },
            );
        }
    }

    fn begin(&self, writer: &mut PriceListsWriter, out: &mut Vec<u8>, list: &ListHandle) {
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

    fn end(&self, writer: &mut PriceListsWriter, out: &mut Vec<u8>, list: &ListHandle) {
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

    fn step(&mut self, writer: &mut PriceListsWriter, out: &mut Vec<u8>) -> bool {
        if !self.started {
            self.started = true;
            writer.start(out);
            return true;
        }
        if let Some((list, position)) = self.current {
            match self.next_rows(&list, position) {
                Some((product, next)) => {
                    self.write_rows(writer, out, product);
                    self.current = Some((list, next));
                }
                None => {
                    self.end(writer, out, &list);
                    self.current = None;
                }
            }
            return true;
        }
        let Some(list) = self.lists.next() else { return false };
        match self.next_rows(&list, 0) {
            Some((product, next)) => {
                self.begin(writer, out, &list);
                self.write_rows(writer, out, product);
                self.current = Some((list, next));
            }
            None if matches!(self.products, ProductSelection::Only(_)) => {}
            None => {
                self.begin(writer, out, &list);
                self.end(writer, out, &list);
            }
        }
        true
    }
}

impl Document for PriceListsDocument {
    fn write_next(&mut self, out: &mut Vec<u8>) -> bool {
        let Some(mut writer) = self.writer.take() else { return false };
        if self.step(&mut writer, out) {
            self.writer = Some(writer);
            return true;
        }
        writer.finish(out);
        false
    }
}

/// The answer of `CustomerCPA`.
pub(crate) struct AgreementsDocument {
    book: Arc<Book>,
    customers: std::vec::IntoIter<CustomerIndex>,
    today: Date,
    writer: Option<CpaRulesWriter>,
    started: bool,
}

impl AgreementsDocument {
    pub(crate) fn new(
        book: Arc<Book>,
        customers: Vec<CustomerIndex>,
        today: Date,
        media: MediaType,
    ) -> Self {
        let writer = Some(CpaRulesWriter::new(media, options(&book)));
        Self { book, customers: customers.into_iter(), today, writer, started: false }
    }

    fn write_customer(&self, writer: &mut CpaRulesWriter, out: &mut Vec<u8>, index: CustomerIndex) {
        let Some(agreement) = self.book.prices.agreement(index, self.today) else { return };
        writer.begin_customer(
            out,
            &AgreementCustomer {
                id: agreement.customer.get(),
                account_no: Cow::Borrowed(agreement.reference.as_str()),
                currency: Cow::Borrowed(agreement.currency.as_str()),
                price_list_id: agreement.price_list.map_or(0, |id| id.get()),
                price_list_name: agreement.price_list_name.map(Cow::Borrowed),
                price_list_standard: agreement.standard_list.map_or(0, |id| id.get()),
                normal_discount: agreement.normal_discount,
                always_gets_bulk: Cow::Borrowed(flag_text(agreement.bulk == BulkRule::Always)),
                never_gets_bulk: Cow::Borrowed(flag_text(agreement.bulk == BulkRule::Never)),
                markup_on_cost: agreement.markup_on_cost,
            },
        );
        for term in agreement.agreed_prices() {
            writer.rule(
                out,
                &AgreementRule {
                    id: term.product.id.get(),
                    code: Cow::Borrowed(term.product.code.as_str()),
                    price: term.price,
                },
            );
        }
        writer.end_customer(out);
    }
}

impl Document for AgreementsDocument {
    fn write_next(&mut self, out: &mut Vec<u8>) -> bool {
        let Some(mut writer) = self.writer.take() else { return false };
        if !self.started {
            self.started = true;
            writer.start(out);
        }
        let Some(customer) = self.customers.next() else {
            writer.finish(out);
            return false;
        };
        self.write_customer(&mut writer, out, customer);
        self.writer = Some(writer);
        true
    }
}

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
    fn write_next(&mut self, out: &mut Vec<u8>) -> bool {
        let Some(mut writer) = self.writer.take() else { return false };
        if !self.started {
            self.started = true;
            writer.start(out);
        }
        let Some(row) = self.rows.next() else {
            writer.finish(out);
            return false;
        };
        writer.item(out, &report_item(&row));
        self.writer = Some(writer);
        true
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
