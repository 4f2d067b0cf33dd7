//! Customers and the thin overlay of their agreed prices.

use std::sync::Arc;

use tradebook_model::{BookCustomer, CustomerId, Date, Money, PriceListId, Validity};

use crate::BookError;
use crate::book::{CustomerIndex, ListIndex};
use crate::key_index::KeyIndex;

/// A customer with its lists resolved and its agreed prices.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CustomerEntry {
    pub(crate) customer: BookCustomer,
    pub(crate) standard: Option<ListIndex>,
    pub(crate) group: Option<ListIndex>,
    pub(crate) agreed: AgreedPrices,
}

/// A price agreed for a product in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AgreedRow {
    pub(crate) product: u32,
    pub(crate) price: Money,
    pub(crate) validity: Validity,
}

impl AgreedRow {
    /// The key by which they are sorted.
    pub(crate) fn key(&self) -> (u32, Option<Date>) {
        (self.product, self.validity.from())
    }
}

/// A customer's agreed prices, sorted by product and first day.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct AgreedPrices(Box<[AgreedRow]>);

impl AgreedPrices {
    /// From rows sorted by [`AgreedRow::key`].
    pub(crate) fn from_sorted(rows: Vec<AgreedRow>) -> Self {
        Self(rows.into())
    }

    pub(crate) fn all(&self) -> &[AgreedRow] {
        &self.0
    }
}

/// The price in force for a product on a day, of prices sorted by [`AgreedRow::key`].
pub(crate) fn in_force(agreed: &[AgreedRow], product: u32, as_of: Date) -> Option<Money> {
    let first = agreed.partition_point(|row| row.product < product);
    agreed
        .get(first..)?
        .iter()
        .take_while(|row| row.product == product)
        .find(|row| row.validity.contains(as_of))
        .map(|row| row.price)
}

impl CustomerEntry {
    /// Whether anything on the day makes the customer's prices its own: an agreed price in force, a discount, a mark-up, a
    /// bulk flag, promotions denied.
    pub(crate) fn is_bespoke(&self, as_of: Date) -> bool {
        self.customer.terms.is_bespoke()
            || self.agreed.all().iter().any(|row| row.validity.contains(as_of))
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        size_of::<Self>()
            + size_of_val(self.agreed.all())
            + self.customer.name.as_str().len()
            + self.customer.reference.as_str().len()
    }
}

/// How many customers a new page has; one is split when it has twice as many.
const PAGE: usize = 256;

/// All customers, sorted by id in pages, and found by their keys. Changed ones share most pages.
#[derive(Debug, Clone)]
pub(crate) struct Customers {
    pages: Arc<[Page]>,
    count: usize,
    by_reference: KeyIndex,
    by_own_list: KeyIndex,
}

#[derive(Debug, Clone)]
struct Page {
    first: CustomerId,
    customers: Arc<[(CustomerId, Arc<CustomerEntry>)]>,
}

/// How pages are cut, and where keys are found, follows from the customers.
impl PartialEq for Customers {
    fn eq(&self, other: &Self) -> bool {
        self.count == other.count && self.all().eq(other.all())
    }
}

impl CustomerEntry {
    pub(crate) fn index(&self) -> CustomerIndex {
        CustomerIndex::of(self.customer.id)
    }
}

fn reference(entry: &CustomerEntry) -> (&str, CustomerIndex) {
    (entry.customer.reference.as_str(), entry.index())
}

fn own_list(entry: &CustomerEntry) -> Option<(&PriceListId, CustomerIndex)> {
    Some((entry.customer.own_list.as_ref()?, entry.index()))
}

impl Customers {
    /// From customers sorted by id, of which no two have one; refuses two with one reference or own list.
    pub(crate) fn build(sorted: Vec<Arc<CustomerEntry>>) -> Result<Self, BookError> {
        let customers = Self {
            count: sorted.len(),
            by_reference: KeyIndex::build(sorted.iter().map(|entry| reference(entry))),
            by_own_list: KeyIndex::build(sorted.iter().filter_map(|entry| own_list(entry))),
            pages: pages(sorted.iter().map(|entry| (entry.customer.id, Arc::clone(entry)))),
        };
        customers.check_keys(sorted.iter().map(Arc::as_ref))?;
        Ok(customers)
    }

    /// These customers with some replaced, added or, where there is no entry, removed; by id, each at most once.
    pub(crate) fn with(
        &self,
        changes: &[(CustomerId, Option<Arc<CustomerEntry>>)],
    ) -> Result<Self, BookError> {
        let before: Vec<&CustomerEntry> =
            changes.iter().filter_map(|(id, _)| self.get(CustomerIndex::of(*id))).collect();
        let after: Vec<&CustomerEntry> =
            changes.iter().filter_map(|(_, entry)| entry.as_deref()).collect();
        let customers = Self {
            pages: self.changed_pages(changes),
            count: (self.count + after.len()).saturating_sub(before.len()),
            by_reference: self.by_reference.with(
                before.iter().map(|entry| reference(entry)),
                after.iter().map(|entry| reference(entry)),
            ),
            by_own_list: self.by_own_list.with(
                before.iter().filter_map(|entry| own_list(entry)),
                after.iter().filter_map(|entry| own_list(entry)),
            ),
        };
        customers.check_keys(after.into_iter())?;
        Ok(customers)
    }

    fn changed_pages(&self, changes: &[(CustomerId, Option<Arc<CustomerEntry>>)]) -> Arc<[Page]> {
        let mut pages = self.pages.to_vec();
        for (id, change) in changes {
            let at = pages.partition_point(|page| page.first <= *id).saturating_sub(1);
            let mut customers = pages.get(at).map_or(Vec::new(), |page| page.customers.to_vec());
            let place = customers.binary_search_by_key(id, |(id, _)| *id);
            match (place, change) {
                (Ok(place), Some(entry)) => {
                    customers.splice(place..=place, [(*id, Arc::clone(entry))]);
                }
                (Err(place), Some(entry)) => customers.insert(place, (*id, Arc::clone(entry))),
                (Ok(place), None) => {
                    customers.remove(place);
                }
                (Err(_), None) => continue,
            }
            let replaced = at..pages.len().min(at + 1);
            if customers.len() < 2 * PAGE {
                pages.splice(replaced, page(customers.into()));
            } else {
                pages.splice(replaced, self::pages(customers.into_iter()).iter().cloned());
            }
        }
        pages.into()
    }

    /// Refuses customers whose reference or own list another customer has.
    fn check_keys<'e>(
        &self,
        mut entries: impl Iterator<Item = &'e CustomerEntry>,
    ) -> Result<(), BookError> {
        entries.try_for_each(|entry| {
            let customer = &entry.customer;
            let others = |found: &CustomerEntry| found.customer.id != customer.id;
            let same_reference = self.by_reference.find(customer.reference.as_str(), |at| {
                let known = self.get(at).filter(|known| others(known));
                known.is_some_and(|known| known.customer.reference == customer.reference)
            });
            if same_reference.is_some() {
                return Err(BookError::DuplicateCustomerReference(customer.reference.clone()));
            }
            let Some(list) = customer.own_list else { return Ok(()) };
            let same_list = self.by_own_list.find(&list, |at| {
                let known = self.get(at).filter(|known| others(known));
                known.is_some_and(|known| known.customer.own_list == Some(list))
            });
            same_list.map_or(Ok(()), |_| Err(BookError::DuplicateListId(list)))
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// All of them, by id.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<CustomerEntry>> {
        self.pages.iter().flat_map(|page| page.customers.iter().map(|(_, entry)| entry))
    }

    pub(crate) fn get(&self, customer: CustomerIndex) -> Option<&CustomerEntry> {
        let id = customer.id()?;
        let at = self.pages.partition_point(|page| page.first <= id).checked_sub(1)?;
        let customers = &self.pages.get(at)?.customers;
        let place = customers.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        customers.get(place).map(|(_, entry)| entry.as_ref())
    }

    pub(crate) fn find_reference(&self, wanted: &str) -> Option<CustomerIndex> {
        self.by_reference.find(wanted, |at| {
            self.get(at).is_some_and(|entry| entry.customer.reference.as_str() == wanted)
        })
    }

    /// Whether a list is a customer's own.
    pub(crate) fn owns_list(&self, list: PriceListId) -> bool {
        let is = |at| self.get(at).is_some_and(|entry| entry.customer.own_list == Some(list));
        self.by_own_list.find(&list, is).is_some()
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let pages = self.pages.iter().map(|page| size_of_val(&*page.customers));
        size_of_val(&*self.pages)
            + pages.sum::<usize>()
            + self.all().map(|entry| entry.heap_bytes()).sum::<usize>()
            + self.by_reference.heap_bytes()
            + self.by_own_list.heap_bytes()
    }
}

fn page(customers: Arc<[(CustomerId, Arc<CustomerEntry>)]>) -> Option<Page> {
    let (first, _) = customers.first()?;
    Some(Page { first: *first, customers })
}

/// Cuts sorted customers into new pages.
fn pages(mut sorted: impl Iterator<Item = (CustomerId, Arc<CustomerEntry>)>) -> Arc<[Page]> {
    std::iter::from_fn(|| page(sorted.by_ref().take(PAGE).collect())).collect()
}
