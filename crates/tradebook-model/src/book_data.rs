//! Everything from which an organization's price book is compiled, read at one moment.

use crate::{
    AgreedPrice, CurrencyCode, CustomerId, CustomerReference, Money, PriceList, PriceListId,
    PriceRow, ProductCode, ProductId, ProductStatus, Settings, ShortText, Terms,
};

/// The data of a price book, consistent in itself.
#[derive(Debug, Clone, PartialEq)]
pub struct BookData {
    /// What the organization has chosen.
    pub settings: Settings,
    /// All products, in any order.
    pub products: Vec<BookProduct>,
    /// All price lists, in any order.
    pub lists: Vec<PriceList>,
    /// The rows of all lists, in any order.
    pub rows: Vec<PriceRow>,
    /// All customers, in any order.
    pub customers: Vec<BookCustomer>,
    /// All agreed prices, in any order.
    pub agreed_prices: Vec<AgreedPrice>,
}

/// A product as the price book needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookProduct {
    /// Its id.
    pub id: ProductId,
    /// Its part number.
    pub code: ProductCode,
    /// Whether it may be sold.
    pub status: ProductStatus,
    /// What one costs to buy, in the organization's currency.
    pub cost: Option<Money>,
}

/// A customer as the price book needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookCustomer {
    /// Its id.
    pub id: CustomerId,
    /// Its account number.
    pub reference: CustomerReference,
    /// Its name.
    pub name: ShortText,
    /// The currency it trades in.
    pub currency: CurrencyCode,
    /// The terms on which it buys.
    pub terms: Terms,
    /// The id of the list of its own (source `CPA`), from the sequence of all price lists. Every customer that has bespoke
    /// terms, or agreed prices of whatever period, has one.
    pub own_list: Option<PriceListId>,
}
