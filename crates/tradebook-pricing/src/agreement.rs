//! What was agreed with a customer, as `CustomerCPA` tells it.

use tradebook_model::{
    BulkRule, CurrencyCode, CustomerId, CustomerReference, Date, Money, Percent, PriceListId,
};

use crate::book::{CustomerIndex, PriceBook, ProductIndex, ProductRef};
use crate::customers::AgreedPrices;

/// A customer's terms on a day.
#[derive(Debug, Clone, Copy)]
pub struct Agreement<'b> {
    book: &'b PriceBook,
    agreed: &'b AgreedPrices,
    as_of: Date,
    /// The customer's id.
    pub customer: CustomerId,
    /// Its account number.
    pub reference: &'b CustomerReference,
    /// The currency in which it trades and prices are agreed.
    pub currency: CurrencyCode,
    /// The list that it buys from: its own while bespoke terms are in force, else its group's, else the standard one.
    pub price_list: Option<PriceListId>,
    /// That list's description; the customer's name where it is its own.
    pub price_list_name: Option<&'b str>,
    /// The standard list that its terms name, whether it can buy from it or not.
    pub standard_list: Option<PriceListId>,
    /// Per cent off the standard list's single price, as entered.
    pub normal_discount: Option<Percent>,
    /// Per cent on top of cost, as entered.
    pub markup_on_cost: Option<Percent>,
    /// Which quantity break it gets: `Always` and `Never` are the two flags.
    pub bulk: BulkRule,
}

/// A price agreed for a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgreedTerm<'b> {
    /// The product, of whatever status.
    pub product: ProductRef<'b>,
    /// The price each, at any quantity.
    pub price: Money,
}

impl<'b> Agreement<'b> {
    /// The agreed prices in force on the day, in the order of the products' codes.
    pub fn agreed_prices(&self) -> impl Iterator<Item = AgreedTerm<'b>> + use<'b> {
        let (book, as_of) = (self.book, self.as_of);
        self.agreed.all().iter().filter(move |row| row.validity.contains(as_of)).filter_map(
            move |row| {
                let product = book.product(ProductIndex(row.product))?;
                Some(AgreedTerm { product, price: row.price })
            },
        )
    }
}

impl PriceBook {
    /// What is agreed with a customer on a day; `None` beyond the last customer.
    pub fn agreement(&self, customer: CustomerIndex, as_of: Date) -> Option<Agreement<'_>> {
        let entry = self.customer_entry(customer)?;
        let list = self.customer_list(customer, as_of);
        let list = list.and_then(|list| self.list_header(&list));
        let terms = &entry.customer.terms;
        Some(Agreement {
            book: self,
            agreed: &entry.agreed,
            as_of,
            customer: entry.customer.id,
            reference: &entry.customer.reference,
            currency: entry.customer.currency,
            price_list: list.map(|list| list.id),
            price_list_name: list.and_then(|list| list.description),
            standard_list: terms.standard_list,
            normal_discount: terms.normal_discount,
            markup_on_cost: terms.markup_on_cost,
            bulk: terms.bulk,
        })
    }
}
