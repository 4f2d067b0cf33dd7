//! A new book from an old one and a few changes, sharing what stays.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use tradebook_model::{
    AgreedPrice, BookCustomer, BreakQuantity, CustomerId, Date, Money, PriceListId, PriceRow,
    ProductId, ProductStatus, Terms,
};

use crate::BookError;
use crate::book::{ListEntry, PriceBook};
use crate::catalogue::ProductFacts;
use crate::compile::{check_list_ids, customer_entry, list_uses, pack_rows};
use crate::customers::AgreedRow;
use crate::hash_index::usize_of;
use crate::list_rows::StoredRow;

/// What is different in the new book. Changes of one kind apply in their order.
///
/// New products, lists and customers, and new headers of lists, need [`PriceBook::compile`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BookChanges {
    /// Rows of price lists.
    pub rows: Vec<PriceRowChange>,
    /// Agreed prices.
    pub agreed_prices: Vec<AgreedPriceChange>,
    /// Customers' terms.
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

/// New terms of a customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CustomerChange {
    /// The customer.
    pub customer: CustomerId,
    /// Its terms from now on.
    pub terms: Terms,
    /// The id of its own list from now on.
    pub own_list: Option<PriceListId>,
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
        let mut facts = self.facts.to_vec();
        for ProductChange { product, status, cost } in changes {
            let unknown = BookError::ChangeOfUnknownProduct(product);
            let at = self.catalogue.find_id(product).ok_or(unknown.clone())?;
            *facts.get_mut(usize_of(at)).ok_or(unknown)? = ProductFacts { status, cost };
        }
        self.facts = facts.into();
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
        let mut rows = list.rows.unpack(self.catalogue.len());
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
        Ok(ListEntry {
            header: list.header.clone(),
            rounding: list.rounding,
            bases: list.bases.clone(),
            rows: pack_rows(&list.header, rows, &self.catalogue)?,
        })
    }

    fn change_customers(
        &mut self,
        terms: Vec<CustomerChange>,
        agreed: Vec<AgreedPriceChange>,
    ) -> Result<(), BookError> {
        if terms.is_empty() && agreed.is_empty() {
            return Ok(());
        }
        let mut touched = Touched::new();
        for CustomerChange { customer, terms, own_list } in terms {
            let (customer, _) = self.touch(customer, &mut touched)?;
            customer.terms = terms;
            customer.own_list = own_list;
        }
        for change in agreed {
            self.change_agreed(change, &mut touched)?;
        }
        let mut customers = self.customers.to_vec();
        for (id, (customer, agreed)) in touched {
            let unknown = || BookError::ChangeOfUnknownCustomer(id);
            let at = self.find_customer_by_id(id).ok_or_else(unknown)?;
            let find = |list| self.find_list_by_id(list);
            let entry = customer_entry(customer, agreed, find, &self.catalogue)?;
            *customers.get_mut(usize_of(at.0)).ok_or_else(unknown)? = Arc::new(entry);
        }
        check_list_ids(&self.lists, &customers)?;
        self.uses = list_uses(self.lists.len(), &customers);
        self.customers = customers.into();
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
        match touched.entry(id) {
            Entry::Occupied(entry) => Ok(entry.into_mut()),
            Entry::Vacant(vacant) => {
                let entry = self
                    .find_customer_by_id(id)
                    .and_then(|at| self.customer_entry(at))
                    .ok_or(BookError::ChangeOfUnknownCustomer(id))?;
                Ok(vacant.insert((entry.customer.clone(), entry.agreed.all().to_vec())))
            }
        }
    }
}

/// Working copies of the customers that changes touch, with their agreed prices by key.
type Touched = BTreeMap<CustomerId, (BookCustomer, Vec<AgreedRow>)>;

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
        assert!(Arc::ptr_eq(&before.customers, &after.customers));
        assert!(Arc::ptr_eq(&before.facts, &after.facts));
    }
}
