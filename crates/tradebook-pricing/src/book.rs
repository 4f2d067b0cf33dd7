//! The price book: everything that prices are made of, compiled for reading.

use std::sync::Arc;

use tradebook_model::{
    CurrencyCode, CustomerId, CustomerReference, Date, Money, PriceList, PriceListId, ProductCode,
    ProductId, ProductStatus, Settings, Terms,
};

use crate::catalogue::{Catalogue, ProductFacts};
use crate::customers::{CustomerEntry, Customers};
use crate::exact::Rounding;
use crate::hash_index::{HashIndex, usize_of};
use crate::list_rows::ListRows;
use crate::list_uses::{ListUse, ListUses};
use crate::paged::Paged;
use rust_decimal::Decimal;

/// A product's place in a book: products are counted from 0 in the order of their codes by code point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProductIndex(pub u32);

/// A customer's place in a book, in the order of ids: it is the id, so that it stays where customers come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CustomerIndex(pub u32);

impl CustomerIndex {
    pub(crate) fn of(id: CustomerId) -> Self {
        Self(id.get().unsigned_abs())
    }

    pub(crate) fn id(self) -> Option<CustomerId> {
        i32::try_from(self.0).ok().and_then(|id| CustomerId::new(id).ok())
    }
}

/// A stored price list's place in a book: lists are counted from 0 in the order of their ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListIndex(pub u32);

/// All prices and agreements of an organization at one moment.
///
/// Never larger than rows + agreed prices: what a customer pays is computed when it is asked for. Cloning is cheap, and a
/// book made by [`PriceBook::with_changes`] shares what did not change.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceBook {
    pub(crate) settings: Settings,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) facts: Paged<ProductFacts>,
    pub(crate) lists: Arc<[Arc<ListEntry>]>,
    pub(crate) customers: Customers,
    pub(crate) index: Arc<Indexes>,
    /// For each list, who is tied to it.
    pub(crate) uses: ListUses,
}

/// What finds lists, none of which a patch adds or removes.
#[derive(Debug, PartialEq)]
pub(crate) struct Indexes {
    pub(crate) list_by_id: HashIndex,
    pub(crate) list_by_code: HashIndex,
    /// The lists of promotions of each currency.
    pub(crate) promotions: Box<[(CurrencyCode, Box<[ListIndex]>)]>,
}

/// A stored list with its rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ListEntry {
    pub(crate) header: PriceList,
    pub(crate) rounding: Rounding,
    /// The lists that it is derived from, nearest first.
    pub(crate) bases: Box<[Base]>,
    pub(crate) rows: ListRows,
}

/// A list that another is derived from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Base {
    pub(crate) list: ListIndex,
    /// What its entered prices are multiplied by, all percentages on the way in one.
    pub(crate) factor: Decimal,
}

/// A product as the book knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProductRef<'b> {
    /// Its place in this book.
    pub index: ProductIndex,
    /// Its id.
    pub id: ProductId,
    /// Its part number.
    pub code: &'b ProductCode,
    /// Whether it may be sold.
    pub status: ProductStatus,
    /// What one costs to buy, in the organization's currency.
    pub cost: Option<Money>,
}

/// A customer as the book knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomerRef<'b> {
    /// Its place in this book.
    pub index: CustomerIndex,
    /// Its id.
    pub id: CustomerId,
    /// Its account number.
    pub reference: &'b CustomerReference,
    /// Its name.
    pub name: &'b str,
    /// The currency it trades in.
    pub currency: CurrencyCode,
    /// The terms on which it buys.
    pub terms: &'b Terms,
    /// The id of the list of its own, shown while bespoke terms are in force.
    pub own_list: Option<PriceListId>,
}

impl PriceBook {
    /// What the organization has chosen.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How many products there are, of whatever status.
    pub fn product_count(&self) -> usize {
        self.catalogue.len()
    }

    /// All products in the order of their codes.
    pub fn products(&self) -> impl ExactSizeIterator<Item = ProductIndex> + use<> {
        (0..u32::try_from(self.product_count()).unwrap_or(u32::MAX)).map(ProductIndex)
    }

    /// The product at a place; `None` beyond the last.
    pub fn product(&self, index: ProductIndex) -> Option<ProductRef<'_>> {
        let ProductFacts { status, cost } = *self.facts.get(index.0)?;
        let id = self.catalogue.id(index.0)?;
        let code = self.catalogue.code(index.0)?;
        Some(ProductRef { index, id, code, status, cost })
    }

    /// The product with an id.
    pub fn find_product_by_id(&self, id: ProductId) -> Option<ProductIndex> {
        self.catalogue.find_id(id).map(ProductIndex)
    }

    /// The product with a code, case and all.
    pub fn find_product_by_code(&self, code: &str) -> Option<ProductIndex> {
        self.catalogue.find_code(code).map(ProductIndex)
    }

    /// The products of those codes that are known, in the order of the codes: faster than one by one.
    pub fn find_products_by_codes(&self, codes: &[&str]) -> Vec<ProductIndex> {
        self.catalogue.find_codes(codes).into_iter().map(ProductIndex).collect()
    }

    /// How many customers there are.
    pub fn customer_count(&self) -> usize {
        self.customers.len()
    }

    /// All customers in the order of their ids.
    pub fn customers(&self) -> impl Iterator<Item = CustomerIndex> {
        self.customers.all().map(|entry| entry.index())
    }

    /// The customer at a place; `None` where there is none.
    pub fn customer(&self, index: CustomerIndex) -> Option<CustomerRef<'_>> {
        let customer = &self.customer_entry(index)?.customer;
        Some(CustomerRef {
            index,
            id: customer.id,
            reference: &customer.reference,
            name: customer.name.as_str(),
            currency: customer.currency,
            terms: &customer.terms,
            own_list: customer.own_list,
        })
    }

    /// The customer with an id.
    pub fn find_customer_by_id(&self, id: CustomerId) -> Option<CustomerIndex> {
        let index = CustomerIndex::of(id);
        self.customers.get(index).map(|_| index)
    }

    /// The customer with a reference (account number), case and all.
    pub fn find_customer_by_reference(&self, reference: &str) -> Option<CustomerIndex> {
        self.customers.find_reference(reference)
    }

    /// The stored list with an id. Customers' own lists are not stored.
    pub fn find_list_by_id(&self, id: PriceListId) -> Option<ListIndex> {
        let is = |at| self.list_entry(ListIndex(at)).is_some_and(|list| list.header.id == id);
        self.index.list_by_id.find(&id, is).map(ListIndex)
    }

    /// The stored list with a code, case and all.
    pub fn find_list_by_code(&self, code: &str) -> Option<ListIndex> {
        let is = |at| {
            self.list_entry(ListIndex(at)).is_some_and(|list| list.header.code.as_str() == code)
        };
        self.index.list_by_code.find(code, is).map(ListIndex)
    }

    /// All stored lists in the order of their ids.
    pub fn stored_lists(&self) -> impl ExactSizeIterator<Item = ListIndex> + use<> {
        (0..u32::try_from(self.lists.len()).unwrap_or(u32::MAX)).map(ListIndex)
    }

    /// The header of a stored list.
    pub fn list(&self, index: ListIndex) -> Option<&PriceList> {
        self.list_entry(index).map(|list| &list.header)
    }

    /// An estimate of the bytes that this book keeps on the heap, shared ones included.
    pub fn heap_bytes(&self) -> usize {
        let lists: usize = self
            .lists
            .iter()
            .map(|list| size_of::<ListEntry>() + size_of_val(&*list.bases) + list.rows.heap_bytes())
            .sum();
        self.catalogue.heap_bytes()
            + self.facts.heap_bytes()
            + size_of_val(&*self.lists)
            + lists
            + self.customers.heap_bytes()
            + self.uses.heap_bytes()
            + self.index.list_by_id.heap_bytes()
            + self.index.list_by_code.heap_bytes()
    }

    pub(crate) fn facts(&self, product: ProductIndex) -> Option<&ProductFacts> {
        self.facts.get(product.0)
    }

    pub(crate) fn list_entry(&self, list: ListIndex) -> Option<&ListEntry> {
        self.lists.get(usize_of(list.0)).map(Arc::as_ref)
    }

    pub(crate) fn list_use(&self, list: ListIndex) -> Option<&ListUse> {
        self.uses.get(list)
    }

    pub(crate) fn customer_entry(&self, customer: CustomerIndex) -> Option<&CustomerEntry> {
        self.customers.get(customer)
    }

    /// The lists of promotions in a currency, whatever their validity.
    pub(crate) fn promotions(&self, currency: CurrencyCode) -> &[ListIndex] {
        self.index
            .promotions
            .iter()
            .find(|(known, _)| *known == currency)
            .map_or(&[], |(_, lists)| lists)
    }
}

impl ListEntry {
    /// Whether customers who trade in a currency can buy from the list on a day.
    pub(crate) fn applies(&self, currency: CurrencyCode, as_of: Date) -> bool {
        self.header.currency == currency && self.header.validity.contains(as_of)
    }
}
