//! Customers' agreements as bytes: those with many agreed prices, as many as a budget allows.

use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use time::Date;
use tradebook_pricing::CustomerIndex;
use tradebook_wire::caliq::BodyFormat;

/// How many bytes all of them may take.
const BUDGET: u64 = 32 * 1024 * 1024;
/// About how many there are.
const EXPECTED: usize = 1024;
/// From how many bytes on one is kept: a shorter one is written as fast as it is found.
const WORTH_KEEPING: usize = 2048;

/// Agreements of all books.
pub(crate) struct RenderedAgreements(Cache<Key, Bytes, Size>);

impl Default for RenderedAgreements {
    fn default() -> Self {
        Self(Cache::with_weighter(EXPECTED, BUDGET, Size))
    }
}

/// Which agreement, in which format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// The [serial number](crate::books::Book::serial) of the book.
    pub(crate) book: u64,
    pub(crate) customer: CustomerIndex,
    pub(crate) day: Date,
    pub(crate) format: BodyFormat,
}

#[derive(Clone)]
struct Size;

impl Weighter<Key, Bytes> for Size {
    fn weight(&self, _: &Key, bytes: &Bytes) -> u64 {
        u64::try_from(bytes.len()).unwrap_or(u64::MAX).saturating_add(128)
    }
}

impl RenderedAgreements {
    /// An agreement, rendered by `render` unless it is kept.
    pub(crate) fn get(&self, key: Key, render: impl FnOnce() -> Vec<u8>) -> Bytes {
        if let Some(known) = self.0.get(&key) {
            return known;
        }
        let bytes = Bytes::from(render().into_boxed_slice());
        if bytes.len() >= WORTH_KEEPING {
            self.0.insert(key, bytes.clone());
        }
        bytes
    }
}
