//! The organizations' price books in memory: read without a lock, swapped as a whole when an organization's revision moves.

mod noted;
mod patching;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use arc_swap::{ArcSwap, ArcSwapOption};
use time::{Date, OffsetDateTime};
use tradebook_model::{CustomerId, Organization, OrganizationId, Revision};
use tradebook_pricing::PriceBook;
use tradebook_store::{Store, StoreError};
use tradebook_wire::caliq::AnswerOptions;

use crate::caliq::exports::Exports;
use crate::caliq::rendered::{Budget, Earlier, RenderedAgreements, RenderedLists, TermsPages};
use crate::{Clock, Metrics};
use noted::{Noted, NotedChanges};
use patching::OwnWrites;

/// How many bytes the rendered lists of all organizations may take.
const RENDERED_BYTES: u64 = 384 * 1024 * 1024;

/// One organization's data as of one revision.
pub struct Book {
    /// The revision that it was read at.
    pub revision: Revision,
    /// The organization and its settings.
    pub organization: Organization,
    /// Its prices.
    pub prices: PriceBook,
    edition: Edition,
    made_at: OffsetDateTime,
    /// Its lists as bytes.
    rendered: ArcSwapOption<RenderedLists>,
    exports: Arc<Exports>,
    terms_pages: Arc<TermsPages>,
    agreements: Arc<RenderedAgreements>,
    serial: u64,
}

/// What tells the content of a book from that of all other books of its organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edition {
    /// All that the revision has: the same in every process.
    Whole(Revision),
    /// An earlier book in which this process has replaced customers; the number is like no other.
    Patched(u128),
}

impl Book {
    /// The lists that are rendered for a day, if it is the present one.
    pub(crate) fn rendered(&self, day: Date) -> Option<Arc<RenderedLists>> {
        self.rendered.load_full().filter(|rendered| rendered.day() == day)
    }

    /// The lists that were rendered last.
    pub(crate) fn latest_rendered(&self) -> Option<Arc<RenderedLists>> {
        self.rendered.load_full()
    }

    /// What tells its content from that of other books.
    pub(crate) const fn edition(&self) -> Edition {
        self.edition
    }

    /// When what is shown of it on the present day was first shown here.
    pub(crate) fn shown_since(&self) -> OffsetDateTime {
        let rendered = self.rendered.load().as_ref().map(|rendered| rendered.made_at());
        rendered.map_or(self.made_at, |rendered| rendered.max(self.made_at))
    }

    /// Compressed exports, of all books.
    pub(crate) const fn exports(&self) -> &Arc<Exports> {
        &self.exports
    }

    /// Pages of customers' lists, of all books.
    pub(crate) fn terms_pages(&self) -> &TermsPages {
        &self.terms_pages
    }

    /// Customers' agreements, of all books.
    pub(crate) fn agreements(&self) -> &RenderedAgreements {
        &self.agreements
    }

    /// What tells this book from all others of this process.
    pub(crate) const fn serial(&self) -> u64 {
        self.serial
    }

    /// How the organization wants answers to be written.
    pub(crate) fn answer_options(&self) -> AnswerOptions {
        AnswerOptions { null_decimals_in_xml: self.organization.settings.null_decimals_in_xml }
    }
}

#[cfg(test)]
impl Book {
    /// A book by itself, without rendered lists.
    pub(crate) fn of(prices: PriceBook) -> Arc<Self> {
        Arc::new(Self {
            revision: Revision(1),
            organization: Organization {
                id: OrganizationId::new(1).unwrap(),
                name: "Acme".parse().unwrap(),
                settings: prices.settings().clone(),
            },
            prices,
            edition: Edition::Whole(Revision(1)),
            made_at: OffsetDateTime::UNIX_EPOCH,
            rendered: ArcSwapOption::empty(),
            exports: Arc::default(),
            terms_pages: Arc::default(),
            agreements: Arc::default(),
            serial: 0,
        })
    }
}

/// Why there is no book.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BookFault {
    /// The data could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The data that is stored makes no price book: it was changed by other means than this program.
    #[error("the stored prices of organization {organization} cannot be used: {source}")]
    Compile {
        /// The organization.
        organization: String,
        /// What is wrong.
        source: tradebook_pricing::BookError,
    },
    /// The organization was removed while it was read.
    #[error("organization {0} is gone")]
    Gone(OrganizationId),
}

/// All books that have been asked for.
pub(crate) struct Books {
    store: Store,
    metrics: Metrics,
    clock: Clock,
    budget: Arc<Budget>,
    exports: Arc<Exports>,
    terms_pages: Arc<TermsPages>,
    agreements: Arc<RenderedAgreements>,
    loaded: ArcSwap<HashMap<OrganizationId, Arc<Book>>>,
    /// What this process has changed since the books were read.
    noted: NotedChanges,
    /// Held while a book is made, so that no two threads make the same.
    making: Mutex<OwnWrites>,
}

impl Books {
    pub(crate) fn new(store: Store, metrics: Metrics, clock: Clock) -> Self {
        Self {
            store,
            metrics,
            clock,
            budget: Arc::new(Budget::new(RENDERED_BYTES)),
            exports: Arc::default(),
            terms_pages: Arc::default(),
            agreements: Arc::default(),
            loaded: ArcSwap::default(),
            noted: NotedChanges::default(),
            making: Mutex::default(),
        }
    }

    /// Notes that this process has created, changed or deleted a customer: whoever asks for the book from now on sees it.
    pub(crate) fn customer_changed(&self, organization: OrganizationId, customer: CustomerId) {
        self.noted.add(organization, Noted::customer(customer));
    }

    /// The book, if it is in memory and shows all that this process has changed.
    pub(crate) fn current(&self, organization: OrganizationId) -> Option<Arc<Book>> {
        if self.noted.is_urgent(organization) { None } else { self.loaded(organization) }
    }

    /// The book, if it is in memory.
    fn loaded(&self, organization: OrganizationId) -> Option<Arc<Book>> {
        self.loaded.load().get(&organization).map(Arc::clone)
    }

    /// The book, made if it is not in memory yet, brought up to date if this process has changed the organization. Blocks.
    ///
    /// Where that fails the book stays as it was, and the change is tried again in the background.
    pub(crate) fn load(&self, organization: OrganizationId) -> Result<Arc<Book>, BookFault> {
        let mut own = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(book) = self.current(organization) {
            return Ok(book);
        }
        match (self.loaded(organization), self.catch_up(organization, &mut own)) {
            (_, Err(BookFault::Gone(id))) => {
                self.swap(organization, None);
                Err(BookFault::Gone(id))
            }
            (Some(before), Err(fault)) => {
                tracing::error!(%organization, error = %fault, "the previous price book stays");
                Ok(before)
            }
            (_, outcome) => outcome,
        }
    }

    /// Brings the books up to date whose organizations have changed since they were read. Blocks.
    pub(crate) fn refresh(&self) -> Result<(), StoreError> {
        self.turn_the_day();
        let revisions: HashMap<_, _> = self.store.revisions()?.into_iter().collect();
        let loaded = self.loaded.load_full();
        for (organization, book) in loaded.iter() {
            let is_noted = self.noted.has(*organization);
            if !is_noted && revisions.get(organization) == Some(&book.revision) {
                continue;
            }
            let mut own = self.making.lock().unwrap_or_else(PoisonError::into_inner);
            let outcome = if is_noted {
                self.catch_up(*organization, &mut own)
            } else {
                self.build(*organization)
            };
            match outcome {
                Ok(_) => {}
                Err(BookFault::Gone(_)) => self.swap(*organization, None),
                Err(BookFault::Store(error)) => return Err(error),
                Err(fault @ BookFault::Compile { .. }) => {
                    tracing::error!(%organization, error = %fault, "the previous price book stays");
                }
            }
        }
        Ok(())
    }

    /// Makes the book that shows what is noted; what could not be shown stays noted.
    fn catch_up(
        &self,
        organization: OrganizationId,
        own: &mut OwnWrites,
    ) -> Result<Arc<Book>, BookFault> {
        // What is changed from now on may come too late to be read, and is noted again.
        let noted = self.noted.take(organization);
        let patched = match (&noted, self.loaded(organization)) {
            (Some(noted), Some(book)) => {
                noted.few().map(|customers| self.patch(&book, customers, own))
            }
            _ => None,
        };
        let outcome = match patched {
            Some(Ok(book)) => Ok(book),
            Some(Err(fault @ BookFault::Compile { .. })) => {
                // A list or product that is newer than the book, perhaps.
                tracing::debug!(%organization, error = %fault, "the price book is read anew");
                self.build(organization)
            }
            Some(Err(fault)) => Err(fault),
            None => self.build(organization),
        };
        if outcome.is_err()
            && let Some(noted) = noted
        {
            self.noted.put_back(organization, noted);
        }
        outcome
    }

    /// Reads and compiles a book.
    fn build(&self, organization: OrganizationId) -> Result<Arc<Book>, BookFault> {
        let began = Instant::now();
        let outcome = self.read(organization);
        let took = began.elapsed();
        self.metrics.built_book(outcome.is_ok(), took);
        let book = Arc::new(outcome?);
        tracing::info!(
            organization = %book.organization.name,
            revision = book.revision.0,
            products = book.prices.product_count(),
            duration_ms = took.as_secs_f64() * 1000.0,
            "price book built"
        );
        if let Some(before) = self.loaded(organization) {
            self.exports.renew(&before, &book);
        }
        self.swap(organization, Some(Arc::clone(&book)));
        Ok(book)
    }

    fn read(&self, id: OrganizationId) -> Result<Book, BookFault> {
        let stored = self.store.organization(id)?.ok_or(BookFault::Gone(id))?;
        let (revision, data) = self.store.read_book(id)?;
        let organization = Organization { settings: data.settings.clone(), ..stored };
        let prices = PriceBook::compile(data).map_err(|source| BookFault::Compile {
            organization: organization.name.to_string(),
            source,
        })?;
        let before = self.loaded(id);
        let prices = match &before {
            Some(before) => prices.sharing(&before.prices),
            None => prices,
        };
        let edition = Edition::Whole(revision);
        let book = self.book(revision, edition, organization, prices);
        self.render(&book, before.as_deref());
        Ok(book)
    }

    fn book(
        &self,
        revision: Revision,
        edition: Edition,
        organization: Organization,
        prices: PriceBook,
    ) -> Book {
        static SERIAL: AtomicU64 = AtomicU64::new(1);
        Book {
            revision,
            edition,
            made_at: self.clock.now(),
            organization,
            prices,
            rendered: ArcSwapOption::empty(),
            exports: Arc::clone(&self.exports),
            terms_pages: Arc::clone(&self.terms_pages),
            agreements: Arc::clone(&self.agreements),
            serial: SERIAL.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// Renders a book's lists for the present day, with what is the same in another book.
    fn render(&self, book: &Book, earlier: Option<&Book>) {
        let day = self.clock.today(&book.organization.settings.time_zone);
        let before = earlier.and_then(|book| Some((book, book.rendered.load_full()?)));
        let earlier =
            before.as_ref().map(|(book, rendered)| Earlier { prices: &book.prices, rendered });
        let (prices, options) = (&book.prices, book.answer_options());
        let rendered = match earlier {
            Some(Earlier { prices: same, rendered })
                if rendered.holds(prices, same, options, day) =>
            {
                Arc::clone(rendered)
            }
            earlier => Arc::new(RenderedLists::new(
                prices,
                options,
                (day, self.clock.now()),
                earlier,
                &self.budget,
            )),
        };
        book.rendered.store(Some(rendered));
    }

    /// Renders the lists of books for which another day has begun.
    fn turn_the_day(&self) {
        for book in self.loaded.load_full().values() {
            let today = self.clock.today(&book.organization.settings.time_zone);
            if book.rendered(today).is_none() {
                let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
                self.render(book, Some(book));
            }
        }
    }

    fn swap(&self, organization: OrganizationId, book: Option<Arc<Book>>) {
        self.loaded.rcu(|loaded| {
            let mut next = HashMap::clone(loaded);
            match &book {
                Some(book) => {
                    next.insert(organization, Arc::clone(book));
                }
                None => {
                    next.remove(&organization);
                }
            }
            next
        });
    }
}
