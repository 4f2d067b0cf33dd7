//! The organizations' price books in memory: read without a lock, swapped as a whole when an organization's revision moves.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use arc_swap::ArcSwap;
use tradebook_model::{Organization, OrganizationId, Revision};
use tradebook_pricing::PriceBook;
use tradebook_store::{Store, StoreError};

use crate::Metrics;

/// One organization's data as of one revision.
pub struct Book {
    /// The revision that it was read at.
    pub revision: Revision,
    /// The organization and its settings.
    pub organization: Organization,
    /// Its prices.
    pub prices: PriceBook,
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
    loaded: ArcSwap<HashMap<OrganizationId, Arc<Book>>>,
    /// Organizations that this process has changed since their books were read.
    changed: Mutex<HashSet<OrganizationId>>,
    /// Whether there are any.
    any_changed: AtomicBool,
    /// Held while a book is built, so that no two threads build the same.
    building: Mutex<()>,
}

impl Books {
    pub(crate) fn new(store: Store, metrics: Metrics) -> Self {
        Self {
            store,
            metrics,
            loaded: ArcSwap::default(),
            changed: Mutex::default(),
            any_changed: AtomicBool::new(false),
            building: Mutex::new(()),
        }
    }

    /// Notes that this process has changed an organization: whoever asks for its book from now on sees the change.
    pub(crate) fn changed(&self, organization: OrganizationId) {
        self.note(|changed| {
            changed.insert(organization);
        });
    }

    fn note(&self, change: impl FnOnce(&mut HashSet<OrganizationId>)) {
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut changed);
        self.any_changed.store(!changed.is_empty(), Ordering::Release);
    }

    /// The book, if it is in memory and shows all that this process has changed.
    pub(crate) fn current(&self, organization: OrganizationId) -> Option<Arc<Book>> {
        // Almost always nothing has changed, and nobody waits for the lock.
        if self.any_changed.load(Ordering::Acquire)
            && self.changed.lock().unwrap_or_else(PoisonError::into_inner).contains(&organization)
        {
            return None;
        }
        self.loaded(organization)
    }

    /// The book, if it is in memory.
    fn loaded(&self, organization: OrganizationId) -> Option<Arc<Book>> {
        self.loaded.load().get(&organization).map(Arc::clone)
    }

    /// The book, read and compiled if it is not in memory yet or was changed. Blocks.
    pub(crate) fn load(&self, organization: OrganizationId) -> Result<Arc<Book>, BookFault> {
        let _building = self.building.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(book) = self.current(organization) {
            return Ok(book);
        }
        self.build(organization)
    }

    /// Rebuilds the books whose organizations have changed since they were read. Blocks.
    pub(crate) fn refresh(&self) -> Result<(), StoreError> {
        let revisions: HashMap<_, _> = self.store.revisions()?.into_iter().collect();
        let stale: Vec<OrganizationId> = self
            .loaded
            .load()
            .iter()
            .filter(|(id, book)| revisions.get(id) != Some(&book.revision))
            .map(|(id, _)| *id)
            .collect();
        for organization in stale {
            let _building = self.building.lock().unwrap_or_else(PoisonError::into_inner);
            match self.build(organization) {
                Ok(_) => {}
                Err(BookFault::Gone(_)) => self.swap(organization, None),
                Err(BookFault::Store(error)) => return Err(error),
                Err(fault @ BookFault::Compile { .. }) => {
                    tracing::error!(%organization, error = %fault, "the previous price book stays");
                }
            }
        }
        Ok(())
    }

    fn build(&self, organization: OrganizationId) -> Result<Arc<Book>, BookFault> {
        let began = Instant::now();
        // A change from now on may come too late to be read, and is noted again.
        let mut was_changed = false;
        self.note(|changed| was_changed = changed.remove(&organization));
        let outcome = self.read(organization);
        // What another process has changed may wait for the database; what this one has changed must not be unseen.
        if outcome.is_err() && was_changed {
            self.changed(organization);
        }
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
        Ok(Book { revision, organization, prices })
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
