#![doc = include_str!("../README.md")]

mod agreement;
mod book;
mod catalogue;
mod changes;
mod compile;
mod customers;
mod error;
mod exact;
mod hash_index;
mod item_row;
mod key_index;
mod ladder;
mod list_rows;
mod list_uses;
mod lists;
mod paged;
mod promotions;
mod quote;
mod shared_terms;
mod sharing;
mod trace;

pub use agreement::{AgreedTerm, Agreement};
pub use book::{CustomerIndex, CustomerRef, ListIndex, PriceBook, ProductIndex, ProductRef};
pub use changes::{AgreedPriceChange, BookChanges, CustomerChange, PriceRowChange, ProductChange};
pub use error::BookError;
pub use item_row::{ItemRow, PriceSource};
pub use lists::{ListHandle, ListHeader, ListOrigin, ListSelection, ListView};
pub use paged::PRODUCTS_PER_PAGE;
pub use quote::{Buyer, Quote, QuoteRequest, explain, quote};
pub use shared_terms::{ListBasis, SharedTerms};
pub use trace::{PassedOver, Step, Trace};
