//! A new book from an old one and a few changes, sharing what stays.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use tradebook_model::{
    AgreedPrice, BookCustomer, BreakQuantity, CustomerId, Date, Money, PriceListId, PriceRow,
    ProductId, ProductStatus, Terms,
};

use crate::BookError;
use crate::book::CustomerIndex;
use crate::book::{ListEntry, PriceBook};
use crate::catalogue::ProductFacts;
use crate::compile::{check_rows, customer_entry};
use crate::customers::AgreedRow;
use crate::hash_index::usize_of;
use crate::list_rows::StoredRow;
use crate::paged::page_of;

/// What is different in the new book. Changes of one kind apply in their order, those of customers before those of agreed
/// prices.
///
/// New products and lists, and new headers of lists, need [`PriceBook::compile`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BookChanges {
    /// Rows of price lists.
    pub rows: Vec<PriceRowChange>,
    /// Agreed prices.
    pub agreed_prices: Vec<AgreedPriceChange>,
    /// Customers, and their terms.
    pub customers: Vec<CustomerChange>,
    /// Products' status and cost.
    pub products: Vec<ProductChange>,
}

/// A change of one row. Rows are told apart by list, product, quantity and first day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PriceRowChange {
    /// Replaces the row with that key, or adds one.
    Put(PriceRow),
    /// Removes the row with that key, which must be there.
    Remove {
        /// Its list.
        list: PriceListId,
        /// Its product.
        product: ProductId,
        /// Its quantity.
        quantity: BreakQuantity,
        /// Its first day.
        valid_from: Option<Date>,
    },
}

/// A change of one agreed price. They are told apart by customer, product and first day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AgreedPriceChange {
    /// Replaces the price with that key, or adds one.
    Put(AgreedPrice),
    /// Removes the price with that key, which must be there.
    Remove {
        /// Its customer.
        customer: CustomerId,
        /// Its product.
        product: ProductId,
        /// Its first day.
        valid_from: Option<Date>,
    },
}

/// A change of one customer.
#[derive(Debug, Clone, PartialEq)]
pub enum CustomerChange {
    /// New terms of a customer, which must be there.
    Terms {
        /// The customer.
        customer: CustomerId,
        /// Its terms from now on.
        terms: Terms,
        /// The id of its own list from now on.
        own_list: Option<PriceListId>,
    },
    /// Replaces the customer with that id, or adds one.
    Put {
        /// The customer.
        customer: BookCustomer,
        /// All prices agreed with it, and with nobody else.
        agreed_prices: Vec<AgreedPrice>,
    },
    /// Removes the customer with that id, which must be there, with its agreed prices.
    Remove(CustomerId),
}

/// A product's new status and cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProductChange {
    /// The product.
    pub product: ProductId,
    /// Its status from now on.
    pub status: ProductStatus,
    /// Its cost from now on.
    pub cost: Option<Money>,
}

impl PriceBook {
    /// The book that [`PriceBook::compile`] would make of the changed data. Lists and customers without changes are shared
    /// with this book, which stays as it is.
    ///
    /// # Errors
    ///
    /// Those of [`PriceBook::compile`], and changes of what the book does not have.
    pub fn with_changes(&self, changes: BookChanges) -> Result<Self, BookError> {
        let BookChanges { rows, agreed_prices, customers, products } = changes;
        let mut book = self.clone();
        book.change_products(products)?;
        book.change_rows(rows)?;
        book.change_customers(customers, agreed_prices)?;
        Ok(book)
    }

    fn change_products(&mut self, changes: Vec<ProductChange>) -> Result<(), BookError> {
        if changes.is_empty() {
            return Ok(());
        }
        let mut facts = Vec::with_capacity(changes.len());
        for ProductChange { product, status, cost } in changes {
            let unknown = BookError::ChangeOfUnknownProduct(product);
            let at = self.catalogue.find_id(product).ok_or(unknown)?;
            facts.push((at, ProductFacts { status, cost }));
        }
        self.facts = self.facts.with(facts);
        Ok(())
    }

    fn change_rows(&mut self, changes: Vec<PriceRowChange>) -> Result<(), BookError> {
        if changes.is_empty() {
            return Ok(());
        }
        let mut changes_of: BTreeMap<PriceListId, Vec<PriceRowChange>> = BTreeMap::new();
        for change in changes {
            let (PriceRowChange::Put(PriceRow { list, .. }) | PriceRowChange::Remove { list, .. }) =
                change;
            changes_of.entry(list).or_default().push(change);
        }
        let mut lists = self.lists.to_vec();
        for (id, changes) in changes_of {
            let at = self.find_list_by_id(id).ok_or(BookError::RowOfUnknownList(id))?;
            let list = lists.get_mut(usize_of(at.0)).ok_or(BookError::RowOfUnknownList(id))?;
            *list = Arc::new(self.changed_list(list, changes)?);
        }
        self.lists = lists.into();
        Ok(())
    }

    fn changed_list(
        &self,
        list: &ListEntry,
        changes: Vec<PriceRowChange>,
    ) -> Result<ListEntry, BookError> {
        let code = &list.header.code;
        let mut pages: BTreeMap<u32, Vec<(u32, StoredRow)>> = BTreeMap::new();
        for change in changes {
            let (product, quantity, valid_from, new) = match change {
                PriceRowChange::Put(PriceRow { list: _, product, quantity, price, validity }) => {
                    let row = StoredRow::new(quantity, price, validity);
                    (product, quantity, validity.from(), Some(row))
                }
                PriceRowChange::Remove { list: _, product, quantity, valid_from } => {
                    (product, quantity, valid_from, None)
                }
            };
            let at = self
                .catalogue
                .find_id(product)
                .ok_or_else(|| BookError::RowOfUnknownProduct { list: code.clone(), product })?;
            let (page, _) = page_of(at);
            let rows = pages.entry(page).or_insert_with(|| list.rows.unpack(page));
            let key = (at, (quantity, valid_from));
            let place = rows.binary_search_by_key(&key, |(product, row)| (*product, row.key()));
            match (place, new) {
                (Ok(place), Some(new)) => {
                    if let Some((_, row)) = rows.get_mut(place) {
                        *row = new;
                    }
                }
                (Err(place), Some(new)) => rows.insert(place, (at, new)),
                (Ok(place), None) => {
                    rows.remove(place);
                }
                (Err(_), None) => {
                    let product = self.catalogue.code(at).cloned();
                    return Err(product.map_or(BookError::TooMany("products"), |product| {
                        BookError::NoSuchRow { list: code.clone(), product, quantity }
                    }));
                }
            }
        }
        let mut list = list.clone();
        for (page, rows) in pages {
            check_rows(&list.header, &rows, &self.catalogue)?;
            let too_many = BookError::TooMany("price rows of one list");
            list.rows = list.rows.with_page(page, &rows).ok_or(too_many)?;
        }
        Ok(list)
    }

    fn change_customers(
        &mut self,
        changes: Vec<CustomerChange>,
        agreed: Vec<AgreedPriceChange>,
    ) -> Result<(), BookError> {
        if changes.is_empty() && agreed.is_empty() {
            return Ok(());
        }
        let mut touched = Touched::new();
        for change in changes {
            self.change_customer(change, &mut touched)?;
        }
        for change in agreed {
            self.change_agreed(change, &mut touched)?;
        }
        let mut entries = Vec::with_capacity(touched.len());
        for (id, change) in touched {
            let entry = match change {
                Some((customer, agreed)) => {
                    let find = |list| self.find_list_by_id(list);
                    let entry = customer_entry(customer, agreed, find, &self.catalogue)?;
                    if let Some(list) = entry.customer.own_list
                        && self.find_list_by_id(list).is_some()
                    {
                        return Err(BookError::DuplicateListId(list));
                    }
                    Some(Arc::new(entry))
                }
                None => None,
            };
            let before = self.customers.get(CustomerIndex::of(id));
            self.uses.change(before, entry.as_deref());
            entries.push((id, entry));
        }
        self.customers = self.customers.with(&entries)?;
        Ok(())
    }

    fn change_customer(
        &self,
        change: CustomerChange,
        touched: &mut Touched,
    ) -> Result<(), BookError> {
        match change {
            CustomerChange::Terms { customer, terms, own_list } => {
                let (customer, _) = self.touch(customer, touched)?;
                customer.terms = terms;
                customer.own_list = own_list;
            }
            CustomerChange::Put { customer, agreed_prices } => {
                let mut agreed = Vec::with_capacity(agreed_prices.len());
                for AgreedPrice { customer: with, product, price, validity } in agreed_prices {
                    if with != customer.id {
                        return Err(BookError::AgreedWithUnknownCustomer(with));
                    }
                    let unknown = || BookError::AgreedForUnknownProduct {
                        customer: customer.reference.clone(),
                        product,
                    };
                    let product = self.catalogue.find_id(product).ok_or_else(unknown)?;
                    agreed.push(AgreedRow { product, price, validity });
                }
                agreed.sort_unstable_by_key(AgreedRow::key);
                touched.insert(customer.id, Some((customer, agreed)));
            }
            CustomerChange::Remove(id) => {
                self.touch(id, touched)?;
                touched.insert(id, None);
            }
        }
        Ok(())
    }

    fn change_agreed(
        &self,
        change: AgreedPriceChange,
        touched: &mut Touched,
    ) -> Result<(), BookError> {
        let (id, product, valid_from, new) = match change {
            AgreedPriceChange::Put(AgreedPrice { customer, product, price, validity }) => {
                (customer, product, validity.from(), Some((price, validity)))
            }
            AgreedPriceChange::Remove { customer, product, valid_from } => {
                (customer, product, valid_from, None)
            }
        };
        let (customer, agreed) = self.touch(id, touched)?;
        let reference = || customer.reference.clone();
        let at = self
            .catalogue
            .find_id(product)
            .ok_or_else(|| BookError::AgreedForUnknownProduct { customer: reference(), product })?;
        let place = agreed.binary_search_by_key(&(at, valid_from), AgreedRow::key);
        match (place, new) {
            (place, Some((price, validity))) => {
                let row = AgreedRow { product: at, price, validity };
                match place {
                    Ok(place) => {
                        agreed.splice(place..=place, [row]);
                    }
                    Err(place) => agreed.insert(place, row),
                }
            }
            (Ok(place), None) => {
                agreed.remove(place);
            }
            (Err(_), None) => {
                let product = self.catalogue.code(at).cloned();
                return Err(product.map_or(BookError::TooMany("products"), |product| {
                    BookError::NoSuchAgreedPrice { customer: reference(), product }
                }));
            }
        }
        Ok(())
    }

    /// The customer's working copy, made when it is first touched.
    fn touch<'t>(
        &self,
        id: CustomerId,
        touched: &'t mut Touched,
    ) -> Result<&'t mut (BookCustomer, Vec<AgreedRow>), BookError> {
        let unknown = BookError::ChangeOfUnknownCustomer(id);
        let copy = match touched.entry(id) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(vacant) => {
                let entry = self.customers.get(CustomerIndex::of(id)).ok_or(unknown.clone())?;
                vacant.insert(Some((entry.customer.clone(), entry.agreed.all().to_vec())))
            }
        };
        copy.as_mut().ok_or(unknown)
    }
}

/// Working copies of the customers that changes touch, with their agreed prices by key; nothing for those that are removed.
type Touched = BTreeMap<CustomerId, Option<(BookCustomer, Vec<AgreedRow>)>>;

#[cfg(test)]
mod tests {
    use tradebook_model::{
        BookData, BookProduct, ListSource, ListType, Price, PriceList, Settings, TimeZone, Validity,
    };

    use super::*;

    #[test]
    fn what_does_not_change_is_shared() {
        let list = |id: i32| PriceList {
            id: PriceListId::new(id).unwrap(),
            code: format!("L{id}").parse().unwrap(),
            description: None,
            currency: "EUR".parse().unwrap(),
            list_type: ListType::Normal,
            source: ListSource::Standard,
            vat_inc: false,
            derivation: None,
            rounding: None,
            ending: None,
            decimals: None,
            validity: Validity::ALWAYS,
        };
        let product = ProductId::new(1).unwrap();
        let row = PriceRow {
            list: PriceListId::new(2).unwrap(),
            product,
            quantity: BreakQuantity::ONE,
            price: Price::OnApplication,
            validity: Validity::ALWAYS,
        };
        let before = PriceBook::compile(BookData {
            settings: Settings::new("EUR".parse().unwrap(), TimeZone::UTC),
            products: vec![BookProduct {
                id: product,
                code: "A".parse().unwrap(),
                status: ProductStatus::Active,
                cost: None,
            }],
            lists: vec![list(1), list(2)],
            rows: vec![],
            customers: vec![],
            agreed_prices: vec![],
        })
        .unwrap();
        let changes =
            BookChanges { rows: vec![PriceRowChange::Put(row)], ..BookChanges::default() };
        let after = before.with_changes(changes).unwrap();
        let shared: Vec<bool> =
            before.lists.iter().zip(after.lists.iter()).map(|(a, b)| Arc::ptr_eq(a, b)).collect();
        assert_eq!(shared, [true, false]);
        assert!(Arc::ptr_eq(&before.catalogue, &after.catalogue));
        assert!(after.facts.shares(&before.facts, 0));
    }
}
