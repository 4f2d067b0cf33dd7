//! Price lists as bytes, written once for a book and a day, and copied into every answer of that day.
//!
//! Which lists: those that stand in the book and that a call shows, standard ones first, as many as memory allows. Customers'
//! own lists are written when they are asked for. Bytes are kept for pages of products, which the rendered lists of the next
//! book share where nothing has changed.

mod agreements;
mod budget;
mod page;
mod terms;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use time::{Date, OffsetDateTime};
use tradebook_model::{ListSource, ListType, PriceListId};
use tradebook_pricing::{ListHandle, ListIndex, ListOrigin, PRODUCTS_PER_PAGE, PriceBook};
use tradebook_wire::caliq::{AnswerOptions, BodyFormat};

pub(crate) use agreements::{Key as AgreementKey, RenderedAgreements};
pub(crate) use budget::Budget;
pub(crate) use page::{Fragments, on_the_wire};
pub(crate) use terms::TermsPages;

use budget::Lease;
use page::{Desk, Page};

/// How many threads render.
const THREADS: u32 = 2;

/// The rendered lists of one book on one day.
pub(crate) struct RenderedLists {
    day: Date,
    made_at: OffsetDateTime,
    options: AnswerOptions,
    /// Tells them from all others of this process.
    serial: u64,
    lists: Vec<RenderedList>,
    lease: Lease,
}

/// A list in both formats.
struct RenderedList {
    index: ListIndex,
    id: PriceListId,
    pages: Vec<Arc<Page>>,
}

/// What the lists of an earlier book or day are taken from, where they are the same.
#[derive(Clone, Copy)]
pub(crate) struct Earlier<'a> {
    pub(crate) prices: &'a PriceBook,
    pub(crate) rendered: &'a Arc<RenderedLists>,
}

impl RenderedLists {
    /// Renders what the budget has room for.
    pub(crate) fn new(
        prices: &PriceBook,
        options: AnswerOptions,
        (day, made_at): (Date, OffsetDateTime),
        earlier: Option<Earlier<'_>>,
        budget: &Arc<Budget>,
    ) -> Self {
        static SERIAL: AtomicU64 = AtomicU64::new(0);
        let earlier = earlier.filter(|earlier| earlier.rendered.options == options);
        let mut lease = Lease::new(budget, earlier.map_or(0, |e| e.rendered.lease.bytes()));
        let mut wanted: Vec<(ListSource, ListIndex, PriceListId)> = prices
            .stored_lists()
            .filter_map(|index| prices.list(index).map(|list| (index, list)))
            .filter(|(_, list)| list.list_type == ListType::Normal && list.validity.contains(day))
            .map(|(index, list)| (list.source, index, list.id))
            .collect();
        wanted.sort_by_key(|(source, index, _)| (*source != ListSource::Standard, *index));
        let mut lists = Vec::new();
        for (_, index, id) in wanted {
            let rendering = Rendering { prices, options, day, index, id, earlier };
            let Some(pages) = rendering.pages(lease.free()) else { continue };
            let bytes = pages.iter().map(|page| page.bytes()).sum();
            if lease.take(bytes) {
                lists.push(RenderedList { index, id, pages });
            }
        }
        lists.sort_by_key(|list| list.index);
        let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        Self { day, made_at, options, serial, lists, lease }
    }

    /// Whether the lists of a book are these, which are another book's: it differs in customers only.
    pub(crate) fn holds(
        &self,
        prices: &PriceBook,
        rendered: &PriceBook,
        options: AnswerOptions,
        day: Date,
    ) -> bool {
        self.day == day && self.options == options && prices.shares_all_items(rendered)
    }

    /// The day on which they hold.
    pub(crate) const fn day(&self) -> Date {
        self.day
    }

    /// When they were rendered.
    pub(crate) const fn made_at(&self) -> OffsetDateTime {
        self.made_at
    }

    /// What tells these lists from all others that this process has rendered.
    pub(crate) const fn serial(&self) -> u64 {
        self.serial
    }

    /// Whether a list is among them.
    pub(crate) fn has(&self, list: ListIndex) -> bool {
        self.list(list).is_some()
    }

    /// The items of the products of one page.
    pub(crate) fn fragments(
        &self,
        list: ListIndex,
        page: u32,
        format: BodyFormat,
    ) -> Option<&Arc<Fragments>> {
        let page = self.list(list)?.pages.get(usize::try_from(page).ok()?)?;
        Some(page.fragments(format))
    }

    fn list(&self, list: ListIndex) -> Option<&RenderedList> {
        let place = self.lists.binary_search_by_key(&list, |rendered| rendered.index).ok()?;
        self.lists.get(place)
    }
}

/// One list on its way to bytes.
struct Rendering<'a> {
    prices: &'a PriceBook,
    options: AnswerOptions,
    day: Date,
    index: ListIndex,
    id: PriceListId,
    earlier: Option<Earlier<'a>>,
}

impl Rendering<'_> {
    /// All pages; nothing if they would not fit into so many bytes.
    fn pages(&self, free: u64) -> Option<Vec<Arc<Page>>> {
        let count = self.prices.page_count();
        let first = if count == 0 { None } else { Some(self.page(0, &mut self.desk())) };
        if first.as_ref().is_some_and(|page| page.bytes().saturating_mul(count.into()) > free) {
            return None;
        }
        let next = AtomicU32::new(1);
        let take = || {
            let mut done = Vec::new();
            let mut desk = self.desk();
            loop {
                let page = next.fetch_add(1, Ordering::Relaxed);
                if page >= count {
                    return done;
                }
                done.push((page, self.page(page, &mut desk)));
            }
        };
        let mut rest = if count < 4 {
            take()
        } else {
            std::thread::scope(|scope| {
                let others: Vec<_> = (1..THREADS).map(|_| scope.spawn(take)).collect();
                let mut done = take();
                for other in others {
                    match other.join() {
                        Ok(pages) => done.extend(pages),
                        Err(panic) => std::panic::resume_unwind(panic),
                    }
                }
                done
            })
        };
        rest.sort_unstable_by_key(|(page, _)| *page);
        Some(first.into_iter().chain(rest.into_iter().map(|(_, page)| page)).collect())
    }

    fn desk(&self) -> Desk {
        Desk::new(self.options)
    }

    fn page(&self, page: u32, desk: &mut Desk) -> Arc<Page> {
        let before = self.earlier.and_then(|earlier| {
            let list = earlier.rendered.lists.iter().find(|list| list.id == self.id)?;
            let place = usize::try_from(page).ok()?;
            Some((earlier, list.pages.get(place)?))
        });
        if let Some((earlier, before)) = before
            && earlier.rendered.day == self.day
            && self.prices.shares_items(self.index, page, earlier.prices)
        {
            return Arc::clone(before);
        }
        let list = ListHandle::new(ListOrigin::Stored(self.index), self.day);
        let new = Page::render(self.prices, &list, page * PRODUCTS_PER_PAGE, desk);
        match before {
            Some((_, before)) if **before == new => Arc::clone(before),
            _ => Arc::new(new),
        }
    }
}
