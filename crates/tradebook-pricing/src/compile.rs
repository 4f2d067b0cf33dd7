//! From data to a book, refusing what contradicts itself.

use std::sync::Arc;

use rust_decimal::Decimal;
use tradebook_model::{
    AgreedPrice, BookCustomer, BookData, CurrencyCode, ListType, PriceList, PriceListId, PriceRow,
    Validity,
};

use crate::BookError;
use crate::book::{Base, Indexes, ListEntry, ListIndex, PriceBook};
use crate::catalogue::Catalogue;
use crate::customers::{AgreedPrices, AgreedRow, CustomerEntry, Customers};
use crate::exact::{Rounding, factor, times};
use crate::hash_index::{HashIndex, usize_of};
use crate::list_rows::{ListRows, StoredRow};
use crate::list_uses::ListUses;
use crate::paged::Paged;

impl PriceBook {
    /// Compiles a book. The order of the data does not matter.
    ///
    /// # Errors
    ///
    /// Ids, codes or references that are used twice; references to what does not exist; lists derived in a circle or from
    /// another currency; two rows or agreed prices that hold at once for the same key; bespoke terms without an own list.
    pub fn compile(data: BookData) -> Result<Self, BookError> {
        let BookData { settings, products, lists, rows, customers, agreed_prices } = data;
        let (catalogue, facts) = Catalogue::build(products)?;
        let (lists, list_by_id, list_by_code) = compile_lists(lists, rows, &catalogue)?;
        let entries = compile_customers(customers, agreed_prices, &lists, &list_by_id, &catalogue)?;
        let uses = ListUses::build(lists.len(), &entries);
        let customers = Customers::build(entries)?;
        if let Some(list) = lists.iter().find(|list| customers.owns_list(list.header.id)) {
            return Err(BookError::DuplicateListId(list.header.id));
        }
        let index = Indexes { promotions: promotions(&lists), list_by_id, list_by_code };
        Ok(Self {
            settings,
            catalogue: Arc::new(catalogue),
            facts: Paged::new(&facts),
            uses,
            lists: lists.into(),
            customers,
            index: Arc::new(index),
        })
    }
}

type CompiledLists = (Vec<Arc<ListEntry>>, HashIndex, HashIndex);

fn compile_lists(
    mut headers: Vec<PriceList>,
    rows: Vec<PriceRow>,
    catalogue: &Catalogue,
) -> Result<CompiledLists, BookError> {
    headers.sort_unstable_by_key(|list| list.id);
    let by_id = HashIndex::build(headers.len(), |at| headers.get(usize_of(at)).map(|l| &l.id))
        .map_err(|(a, _)| list_error(&headers, a, |list| BookError::DuplicateListId(list.id)))?;
    let by_code = HashIndex::build(headers.len(), |at| {
        headers.get(usize_of(at)).map(|list| list.code.as_str())
    })
    .map_err(|(a, _)| {
        list_error(&headers, a, |list| BookError::DuplicateListCode(list.code.clone()))
    })?;
    let find = |id| find_list(&headers, &by_id, id);
    let mut rows_of: Vec<Vec<(u32, StoredRow)>> = vec![Vec::new(); headers.len()];
    for PriceRow { list, product, quantity, price, validity } in rows {
        let unknown_list = || BookError::RowOfUnknownList(list);
        let at = find(list).map(|at| usize_of(at.0)).ok_or_else(unknown_list)?;
        let product = catalogue.find_id(product).ok_or_else(|| {
            headers.get(at).map_or_else(unknown_list, |header| BookError::RowOfUnknownProduct {
                list: header.code.clone(),
                product,
            })
        })?;
        let row = StoredRow::new(quantity, price, validity);
        rows_of.get_mut(at).ok_or_else(unknown_list)?.push((product, row));
    }
    let mut lists = Vec::with_capacity(headers.len());
    for (header, rows) in headers.iter().zip(rows_of) {
        lists.push(Arc::new(ListEntry {
            bases: bases(header, &headers, &by_id)?,
            rounding: Rounding::of(header),
            rows: pack_rows(header, rows, catalogue)?,
            header: header.clone(),
        }));
    }
    Ok((lists, by_id, by_code))
}

fn find_list(headers: &[PriceList], by_id: &HashIndex, id: PriceListId) -> Option<ListIndex> {
    by_id.find(&id, |at| headers.get(usize_of(at)).is_some_and(|list| list.id == id)).map(ListIndex)
}

fn list_error(
    headers: &[PriceList],
    at: u32,
    error: impl Fn(&PriceList) -> BookError,
) -> BookError {
    headers.get(usize_of(at)).map_or(BookError::TooMany("price lists"), error)
}

/// Sorts the rows of a list; refuses two that hold at once for the same product and quantity.
fn pack_rows(
    list: &PriceList,
    mut rows: Vec<(u32, StoredRow)>,
    catalogue: &Catalogue,
) -> Result<ListRows, BookError> {
    rows.sort_unstable_by_key(|(product, row)| (*product, row.key()));
    check_rows(list, &rows, catalogue)?;
    ListRows::pack(&rows).ok_or(BookError::TooMany("price rows of one list"))
}

/// Refuses two sorted rows that hold at once for the same product and quantity.
pub(crate) fn check_rows(
    list: &PriceList,
    sorted: &[(u32, StoredRow)],
    catalogue: &Catalogue,
) -> Result<(), BookError> {
    for pair in sorted.windows(2) {
        if let [(product, first), (next_product, second)] = pair
            && product == next_product
            && first.quantity == second.quantity
            && first.validity.overlaps(second.validity)
        {
            return Err(overlapping_rows(list, catalogue, *product, first, second.validity));
        }
    }
    Ok(())
}

fn overlapping_rows(
    list: &PriceList,
    catalogue: &Catalogue,
    product: u32,
    first: &StoredRow,
    second: Validity,
) -> BookError {
    catalogue.code(product).map_or(BookError::TooMany("products"), |product| {
        BookError::OverlappingRows {
            list: list.code.clone(),
            product: product.clone(),
            quantity: first.quantity,
            first: first.validity,
            second,
        }
    })
}

/// Follows a list's derivation to its root.
fn bases(
    list: &PriceList,
    headers: &[PriceList],
    by_id: &HashIndex,
) -> Result<Box<[Base]>, BookError> {
    let mut bases: Vec<Base> = Vec::new();
    let mut path = vec![list];
    let mut derived = list;
    let mut whole = Decimal::ONE;
    while let Some(derivation) = derived.derivation {
        let unknown =
            || BookError::UnknownBase { list: derived.code.clone(), base: derivation.base };
        let index = find_list(headers, by_id, derivation.base).ok_or_else(unknown)?;
        let base = headers.get(usize_of(index.0)).ok_or_else(unknown)?;
        if base.currency != derived.currency {
            return Err(BookError::BaseCurrency {
                list: derived.code.clone(),
                currency: derived.currency,
                base: base.code.clone(),
                base_currency: base.currency,
            });
        }
        if let Some(start) = path.iter().position(|seen| seen.id == base.id) {
            let circle = path.iter().skip(start).chain([&base]);
            let names: Vec<&str> = circle.map(|list| list.code.as_str()).collect();
            return Err(BookError::DerivationCycle {
                list: base.code.clone(),
                path: names.join(" → "),
            });
        }
        whole = times(whole, factor(derivation.percent)).normalize();
        bases.push(Base { list: index, factor: whole });
        path.push(base);
        derived = base;
    }
    Ok(bases.into())
}

fn promotions(lists: &[Arc<ListEntry>]) -> Box<[(CurrencyCode, Box<[ListIndex]>)]> {
    let mut all: Vec<(CurrencyCode, ListIndex)> = (0..)
        .map(ListIndex)
        .zip(lists)
        .filter(|(_, list)| list.header.list_type == ListType::Promo)
        .map(|(index, list)| (list.header.currency, index))
        .collect();
    all.sort_unstable();
    all.chunk_by(|a, b| a.0 == b.0)
        .filter_map(|of_currency| {
            let (currency, _) = of_currency.first()?;
            Some((*currency, of_currency.iter().map(|(_, list)| *list).collect()))
        })
        .collect()
}

fn compile_customers(
    mut customers: Vec<BookCustomer>,
    agreed: Vec<AgreedPrice>,
    lists: &[Arc<ListEntry>],
    list_by_id: &HashIndex,
    catalogue: &Catalogue,
) -> Result<Vec<Arc<CustomerEntry>>, BookError> {
    customers.sort_unstable_by_key(|customer| customer.id);
    for pair in customers.windows(2) {
        if let [a, b] = pair
            && a.id == b.id
        {
            return Err(BookError::DuplicateCustomerId(a.id));
        }
    }
    let mut agreed_of: Vec<Vec<AgreedRow>> = vec![Vec::new(); customers.len()];
    for AgreedPrice { customer: id, product, price, validity } in agreed {
        let unknown = || BookError::AgreedWithUnknownCustomer(id);
        let index = customers.binary_search_by_key(&id, |customer| customer.id);
        let index = index.map_err(|_| unknown())?;
        let product = catalogue.find_id(product).ok_or_else(|| {
            customers.get(index).map_or_else(unknown, |c| BookError::AgreedForUnknownProduct {
                customer: c.reference.clone(),
                product,
            })
        })?;
        let of_customer = agreed_of.get_mut(index).ok_or_else(unknown)?;
        of_customer.push(AgreedRow { product, price, validity });
    }
    let find = |id: PriceListId| {
        let is = |n: u32| lists.get(usize_of(n)).is_some_and(|list| list.header.id == id);
        list_by_id.find(&id, is).map(ListIndex)
    };
    customers
        .into_iter()
        .zip(agreed_of)
        .map(|(customer, agreed)| customer_entry(customer, agreed, find, catalogue).map(Arc::new))
        .collect()
}

/// Resolves a customer's lists and sorts its agreed prices; refuses two that hold at once, and terms without a list to
/// show them in.
pub(crate) fn customer_entry(
    customer: BookCustomer,
    mut agreed: Vec<AgreedRow>,
    find_list: impl Fn(PriceListId) -> Option<ListIndex>,
    catalogue: &Catalogue,
) -> Result<CustomerEntry, BookError> {
    let resolve = |list: Option<PriceListId>| {
        list.map(|list| {
            find_list(list).ok_or_else(|| BookError::CustomerWithUnknownList {
                customer: customer.reference.clone(),
                list,
            })
        })
        .transpose()
    };
    let standard = resolve(customer.terms.standard_list)?;
    let group = resolve(customer.terms.group_list)?;
    agreed.sort_unstable_by_key(AgreedRow::key);
    for pair in agreed.windows(2) {
        if let [first, second] = pair
            && first.product == second.product
            && first.validity.overlaps(second.validity)
            && let Some(product) = catalogue.code(first.product)
        {
            return Err(BookError::OverlappingAgreedPrices {
                customer: customer.reference.clone(),
                product: product.clone(),
                first: first.validity,
                second: second.validity,
            });
        }
    }
    if customer.own_list.is_none() && (customer.terms.is_bespoke() || !agreed.is_empty()) {
        return Err(BookError::NoOwnList(customer.reference));
    }
    Ok(CustomerEntry { customer, standard, group, agreed: AgreedPrices::from_sorted(agreed) })
}
