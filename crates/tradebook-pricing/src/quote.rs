//! The price of one product at one quantity.

use tradebook_model::{BreakQuantity, Date, Money, Price, PriceListId};

use crate::book::{CustomerIndex, ListIndex, PriceBook, ProductIndex};
use crate::item_row::{ItemRow, PriceSource};
use crate::ladder::View;
use crate::trace::{Step, Trace, TraceSink, Untraced};

/// For whom a price is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Buyer {
    /// A customer, on its terms.
    Customer(CustomerIndex),
    /// Anyone who buys from a stored list.
    List(ListIndex),
}

/// A question for a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct QuoteRequest {
    /// For whom.
    pub buyer: Buyer,
    /// The product.
    pub product: ProductIndex,
    /// How many: 0 counts as 1, a return by its size.
    pub quantity: i32,
}

/// The answer to a [`QuoteRequest`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// The row of the ladder that the quantity reaches; `None` if there is no price.
    pub row: Option<ItemRow>,
}

impl Quote {
    /// What one costs; `None` if there is no price.
    pub fn price(&self) -> Option<Price> {
        self.row.map(|row| row.to_pay())
    }

    /// What one would cost without promotions.
    pub fn list_price(&self) -> Option<Price> {
        self.row.map(|row| row.normal())
    }

    /// The price that a promotion replaced.
    pub fn was(&self) -> Option<Money> {
        self.row.and_then(|row| row.was)
    }

    /// The promotion's list, where the price is a promotion's.
    pub fn promotion(&self) -> Option<PriceListId> {
        self.row.and_then(|row| row.promotion)
    }

    /// Whether the price is the customer's own.
    pub fn is_custom(&self) -> bool {
        self.row.is_some_and(|row| row.custom)
    }

    /// The source that decided.
    pub fn source(&self) -> Option<PriceSource> {
        self.row.map(|row| row.source)
    }

    /// The quantity of the row that the quantity reaches.
    pub fn break_quantity(&self) -> Option<BreakQuantity> {
        self.row.map(|row| row.quantity)
    }
}

/// What one of a product costs on a day, when so many are bought at once.
///
/// No price where no source has one, and where the product or the buyer is not of this book.
pub fn quote(request: &QuoteRequest, book: &PriceBook, as_of: Date) -> Quote {
    evaluate(request, book, as_of, &mut Untraced)
}

/// The same as [`quote`], with the account of how it came about.
pub fn explain(request: &QuoteRequest, book: &PriceBook, as_of: Date) -> (Quote, Trace) {
    let mut trace = Trace::default();
    let quote = evaluate(request, book, as_of, &mut trace);
    (quote, trace)
}

fn evaluate(
    request: &QuoteRequest,
    book: &PriceBook,
    as_of: Date,
    sink: &mut impl TraceSink,
) -> Quote {
    let QuoteRequest { buyer, product, quantity } = *request;
    let view = match buyer {
        Buyer::Customer(customer) => View::of_customer(book, customer, as_of),
        Buyer::List(list) => View::of_list(book, list, as_of),
    };
    let mut rows = Vec::with_capacity(8);
    if let Some(view) = view {
        view.ladder(product, &mut rows, sink);
    }
    let quantity = BreakQuantity::from_signed(quantity);
    let row = rows.iter().rev().find(|row| row.quantity <= quantity).copied();
    sink.record(|| Step::Reached { quantity, row: row.map(|row| (row.quantity, row.to_pay())) });
    Quote { row }
}
