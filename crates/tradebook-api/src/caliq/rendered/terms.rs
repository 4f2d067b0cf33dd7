//! Pages of customers' lists, shared by all customers with the same terms, of which as many are kept as a budget allows.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tradebook_pricing::{PRODUCTS_PER_PAGE, PriceBook, SharedTerms};
use tradebook_wire::caliq::BodyFormat;

use super::{Fragments, RenderedLists};

/// How many bytes all of them may take.
const BUDGET: u64 = 64 * 1024 * 1024;
/// About how many there are.
const EXPECTED: usize = 512;
/// How many terms are remembered as asked for.
const REMEMBERED: usize = 4096;

/// Pages without agreed prices, of all books.
pub(crate) struct TermsPages {
    pages: Cache<Key, Arc<Fragments>, Size>,
    /// Terms whose whole lists have been asked for: keeping pages that nobody asks for again would cost more than it saves.
    asked: Cache<(u64, SharedTerms, BodyFormat), ()>,
}

impl Default for TermsPages {
    fn default() -> Self {
        Self { pages: Cache::with_weighter(EXPECTED, BUDGET, Size), asked: Cache::new(REMEMBERED) }
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    /// Which lists, on which day.
    serial: u64,
    terms: SharedTerms,
    page: u32,
    format: BodyFormat,
}

#[derive(Clone)]
struct Size;

impl Weighter<Key, Arc<Fragments>> for Size {
    fn weight(&self, _: &Key, fragments: &Arc<Fragments>) -> u64 {
        fragments.bytes().saturating_add(256)
    }
}

impl TermsPages {
    /// Whether a whole list on some terms, which is asked for now, has been asked for before.
    pub(crate) fn are_asked_again(
        &self,
        lists: &RenderedLists,
        terms: &SharedTerms,
        format: BodyFormat,
    ) -> bool {
        let key = (lists.serial(), *terms, format);
        if self.asked.get(&key).is_some() {
            return true;
        }
        self.asked.insert(key, ());
        false
    }

    /// The items of a page on some terms. The lists are those of the book.
    pub(crate) fn fragments(
        &self,
        prices: &PriceBook,
        lists: &RenderedLists,
        terms: &SharedTerms,
        (page, format): (u32, BodyFormat),
    ) -> Arc<Fragments> {
        let key = Key { serial: lists.serial(), terms: *terms, page, format };
        if let Some(known) = self.pages.get(&key) {
            return known;
        }
        let view = prices.terms_view(terms, lists.day());
        let first = page.saturating_mul(PRODUCTS_PER_PAGE);
        let new = Arc::new(Fragments::render(prices, view, first, (format, lists.options)));
        self.pages.insert(key, Arc::clone(&new));
        new
    }
}
