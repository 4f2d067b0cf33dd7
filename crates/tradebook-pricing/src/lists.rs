//! Price lists as clients see them: stored ones, and customers' own.

use std::collections::BTreeSet;

use tradebook_model::{CurrencyCode, Date, ListSource, ListType, PriceListId};

use crate::book::{CustomerIndex, ListIndex, PriceBook, ProductIndex};
use crate::customers::CustomerEntry;
use crate::item_row::ItemRow;
use crate::ladder::View;
use crate::trace::Untraced;

/// Which lists are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListSelection {
    /// `NORMAL` gives standard, group and customer lists; `RRP` and `PROMO` the stored ones of that type.
    pub list_type: ListType,
    /// Only lists in this currency.
    pub currency: Option<CurrencyCode>,
    /// Leaves out group and customer lists, whatever `customers` says.
    pub exclude_customer_lists: bool,
    /// Only those group and customer lists that these customers buy from; all where it is `None`.
    pub customers: Option<BTreeSet<CustomerIndex>>,
}

impl ListSelection {
    /// All lists of a type.
    pub const fn all(list_type: ListType) -> Self {
        Self { list_type, currency: None, exclude_customer_lists: false, customers: None }
    }
}

/// A list on a day. Small and free of borrows, so that whoever streams a list can keep it beside the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ListHandle {
    origin: ListOrigin,
    as_of: Date,
}

impl ListHandle {
    /// A list on a day, whether it holds then or not.
    pub const fn new(origin: ListOrigin, as_of: Date) -> Self {
        Self { origin, as_of }
    }

    /// Which list.
    pub const fn origin(self) -> ListOrigin {
        self.origin
    }

    /// The day.
    pub const fn as_of(self) -> Date {
        self.as_of
    }
}

/// Whether a list is stored or a customer's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListOrigin {
    /// A standard, group, retail or promotional list.
    Stored(ListIndex),
    /// The list that a customer's bespoke terms make.
    Customer(CustomerIndex),
}

/// What is said of a list before its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListHeader<'b> {
    /// Its id.
    pub id: PriceListId,
    /// The currency of its prices.
    pub currency: CurrencyCode,
    /// `NORMAL`, `RRP` or `PROMO`.
    pub list_type: &'static str,
    /// `STD`, `CPG` or `CPA`.
    pub source: &'static str,
    /// Its description; a customer's list has the customer's name.
    pub description: Option<&'b str>,
    /// Whether its prices include value added tax; a customer's list follows the one it completes itself from.
    pub vat_inc: bool,
}

/// A list whose rows are read.
#[derive(Debug, Clone, Copy)]
pub struct ListView<'b>(pub(crate) View<'b>);

impl ListView<'_> {
    /// Appends the rows of one product, as [`PriceBook::list_rows`] does.
    pub fn rows(&self, product: ProductIndex, rows: &mut Vec<ItemRow>) {
        self.0.ladder(product, rows, &mut Untraced);
    }
}

impl PriceBook {
    /// The lists that are wanted and hold on the day, by id.
    pub fn price_lists(&self, selection: &ListSelection, as_of: Date) -> Vec<ListHandle> {
        let ListSelection { list_type, currency, exclude_customer_lists, customers } = selection;
        let in_currency = |list: CurrencyCode| currency.is_none_or(|wanted| wanted == list);
        let wants_customers = *list_type == ListType::Normal && !exclude_customer_lists;
        let mut lists: Vec<(PriceListId, ListOrigin)> = Vec::new();
        let groups: Option<BTreeSet<ListOrigin>> = customers
            .as_ref()
            .filter(|_| wants_customers)
            .map(|named| named.iter().filter_map(|c| self.list_of(*c, as_of)).collect());
        for (index, list) in (0..).map(ListIndex).zip(self.lists.iter()) {
            let header = &list.header;
            let origin = ListOrigin::Stored(index);
            let wanted = match header.source {
                ListSource::Standard => true,
                ListSource::Group => {
                    wants_customers && groups.as_ref().is_none_or(|used| used.contains(&origin))
                }
            };
            if wanted
                && header.list_type == *list_type
                && in_currency(header.currency)
                && header.validity.contains(as_of)
            {
                lists.push((header.id, origin));
            }
        }
        if wants_customers {
            let mut add = |entry: &CustomerEntry| {
                if in_currency(entry.customer.currency)
                    && let Some(id) = entry.customer.own_list
                    && entry.is_bespoke(as_of)
                {
                    lists.push((id, ListOrigin::Customer(entry.index())));
                }
            };
            match customers {
                Some(named) => {
                    named.iter().filter_map(|index| self.customer_entry(*index)).for_each(add);
                }
                None => self.customers.all().for_each(|entry| add(entry)),
            }
        }
        lists.sort_unstable();
        lists.into_iter().map(|(_, origin)| ListHandle { origin, as_of }).collect()
    }

    /// The list that a customer buys from on a day: its own while bespoke terms are in force, else its group's, else the
    /// standard one. Lists that do not hold on the day or are in another currency are not bought from.
    pub fn customer_list(&self, customer: CustomerIndex, as_of: Date) -> Option<ListHandle> {
        self.list_of(customer, as_of).map(|origin| ListHandle { origin, as_of })
    }

    /// What is said of a list before its items; `None` for a handle of another book.
    pub fn list_header(&self, list: &ListHandle) -> Option<ListHeader<'_>> {
        match list.origin {
            ListOrigin::Stored(index) => {
                let header = &self.list_entry(index)?.header;
                Some(ListHeader {
                    id: header.id,
                    currency: header.currency,
                    list_type: header.list_type.word(),
                    source: header.source.word(),
                    description: header.description.as_ref().map(|name| name.as_str()),
                    vat_inc: header.vat_inc,
                })
            }
            ListOrigin::Customer(index) => {
                let entry = self.customer_entry(index)?;
                let underlying = self.underlying_list(entry, list.as_of);
                let underlying = underlying.and_then(|list| self.list_entry(list));
                Some(ListHeader {
                    id: entry.customer.own_list?,
                    currency: entry.customer.currency,
                    list_type: ListType::Normal.word(),
                    source: "CPA",
                    description: Some(entry.customer.name.as_str()),
                    vat_inc: underlying.is_some_and(|list| list.header.vat_inc),
                })
            }
        }
    }

    /// The customers that buy from a list on its day, by id.
    pub fn list_customers(&self, list: &ListHandle) -> Vec<CustomerIndex> {
        match list.origin {
            ListOrigin::Customer(customer) => vec![customer],
            ListOrigin::Stored(index) => {
                let tied = self.list_use(index).map_or(&[][..], |tied| &tied.customers);
                tied.iter()
                    .copied()
                    .filter(|c| self.list_of(*c, list.as_of) == Some(list.origin))
                    .collect()
            }
        }
    }

    /// Appends the rows of one product in a list, by quantity. Nothing for a product that is not for sale or has no price
    /// there. Products can be asked for in any order, so that a list can be read in parts; [`PriceBook::list_view`] is faster
    /// for many.
    pub fn list_rows(&self, list: &ListHandle, product: ProductIndex, rows: &mut Vec<ItemRow>) {
        if let Some(view) = self.list_view(list) {
            view.rows(product, rows);
        }
    }

    /// A list to read the rows of many products from; `None` for a handle of another book.
    pub fn list_view(&self, list: &ListHandle) -> Option<ListView<'_>> {
        let view = match list.origin {
            ListOrigin::Stored(index) => View::of_list(self, index, list.as_of),
            ListOrigin::Customer(index) => View::of_customer(self, index, list.as_of),
        };
        view.map(ListView)
    }

    fn list_of(&self, customer: CustomerIndex, as_of: Date) -> Option<ListOrigin> {
        let entry = self.customer_entry(customer)?;
        if entry.customer.own_list.is_some() && entry.is_bespoke(as_of) {
            return Some(ListOrigin::Customer(customer));
        }
        self.underlying_list(entry, as_of).map(ListOrigin::Stored)
    }

    /// The group's list, or else the standard one, if the customer can buy from it on the day.
    fn underlying_list(&self, entry: &CustomerEntry, as_of: Date) -> Option<ListIndex> {
        [entry.group, entry.standard].into_iter().flatten().find(|list| {
            self.list_entry(*list).is_some_and(|list| list.applies(entry.customer.currency, as_of))
        })
    }
}
