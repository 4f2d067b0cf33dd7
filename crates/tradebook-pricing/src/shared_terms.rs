//! What customers' own lists have in common: those of customers with the same terms differ in agreed prices only.

use tradebook_model::{BulkRule, CurrencyCode, Date, ListSource, ListType, Percent};

use crate::book::{ListIndex, PriceBook, ProductIndex};
use crate::customers::CustomerEntry;
use crate::ladder::View;
use crate::lists::{ListHandle, ListOrigin, ListView};

/// Terms without agreed prices, as a book knows them: customers with equal ones pay the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SharedTerms {
    pub(crate) currency: CurrencyCode,
    pub(crate) group: Option<ListIndex>,
    pub(crate) standard: Option<ListIndex>,
    pub(crate) markup: Option<Percent>,
    pub(crate) discount: Option<Percent>,
    pub(crate) bulk: BulkRule,
    pub(crate) promotions: bool,
}

/// What a list is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListBasis {
    /// Its rows are those of a stored list.
    List(ListIndex),
    /// Its rows are those of [`PriceBook::terms_view`].
    Terms(SharedTerms),
}

impl PriceBook {
    /// What a list shares with others, and the products, in order, whose rows are its own instead; `None` for a handle of another
    /// book.
    pub fn basis(&self, list: &ListHandle) -> Option<(ListBasis, Vec<ProductIndex>)> {
        let customer = match list.origin() {
            ListOrigin::Stored(index) => return Some((ListBasis::List(index), Vec::new())),
            ListOrigin::Customer(customer) => self.customer_entry(customer)?,
        };
        let in_force = customer.agreed.all().iter();
        let in_force = in_force.filter(|row| row.validity.contains(list.as_of()));
        let own = in_force.map(|row| ProductIndex(row.product)).collect();
        Some((self.customer_basis(customer), own))
    }

    fn customer_basis(&self, customer: &CustomerEntry) -> ListBasis {
        let (group, standard) = (customer.group, customer.standard);
        let currency = customer.customer.currency;
        let terms = &customer.customer.terms;
        let shared = SharedTerms {
            currency,
            group,
            standard,
            markup: terms.markup_on_cost,
            discount: terms.normal_discount,
            bulk: terms.bulk,
            promotions: terms.promotions,
        };
        let as_published = SharedTerms {
            markup: None,
            discount: None,
            bulk: BulkRule::ByQuantity,
            promotions: true,
            ..shared
        };
        if shared != as_published {
            return ListBasis::Terms(shared);
        }
        // A group list without a base shows what its customers pay, if they share a standard list.
        let published = match group {
            None => standard,
            Some(group) => {
                let completed = self.list_use(group).and_then(|list| list.shared_standard());
                let derived = self.list(group).is_none_or(|list| list.derivation.is_some());
                Some(group).filter(|_| !derived && completed.is_some() && completed == standard)
            }
        };
        let source = if group.is_some() { ListSource::Group } else { ListSource::Standard };
        let published = published.filter(|list| {
            self.list(*list).is_some_and(|list| {
                (list.currency, list.list_type, list.source) == (currency, ListType::Normal, source)
            })
        });
        published.map_or(ListBasis::Terms(shared), ListBasis::List)
    }

    /// What a customer on these terms, which are of this book or of one that shares its lists, pays without agreed prices.
    pub fn terms_view(&self, terms: &SharedTerms, as_of: Date) -> ListView<'_> {
        ListView(View::of_terms(self, terms, as_of))
    }
}
