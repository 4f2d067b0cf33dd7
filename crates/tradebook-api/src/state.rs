//! What every request can reach.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::web;
use tradebook_model::{CustomerId, OrganizationId};
use tradebook_store::{Principal, SchemaState, Store, StoreError};

use crate::blocking::{blocking, stopping};
use crate::books::{Book, BookFault, Books};
use crate::crmcom::Streams;
use crate::images::Images;
use crate::keys::Keys;
use crate::sessions::Sessions;
use crate::shown::{self, Followed, ShownCustomers};
use crate::{Clock, Limits, Metrics, ServeError};

/// The service's state: the store, and what of it is kept in memory.
pub struct AppState {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) limits: Limits,
    pub(crate) metrics: Metrics,
    pub(crate) images: Images,
    pub(crate) streams: Streams,
    pub(crate) shown: Arc<ShownCustomers>,
    pub(crate) sessions: Sessions,
    books: Arc<Books>,
    keys: Arc<Keys>,
    stopping: AtomicBool,
}

impl AppState {
    /// The state over a store whose schema is up to date; `images` is as in [`crate::ServeOptions::images`]. Keys and books
    /// are read, and until the state is dropped a thread follows what other processes change.
    pub fn start(
        store: Store,
        clock: Clock,
        limits: Limits,
        images: &str,
    ) -> Result<web::Data<Self>, ServeError> {
        let metrics = Metrics::new()?;
        let state = Arc::new(Self {
            books: Arc::new(Books::new(store.clone(), metrics.clone(), clock)),
            keys: Arc::new(Keys::new(store.clone())),
            shown: Arc::new(ShownCustomers::new()),
            sessions: Sessions::new(store.clone()),
            store,
            clock,
            streams: Streams::new(limits.streams),
            limits,
            metrics,
            images: Images::open(images)?,
            stopping: AtomicBool::new(false),
        });
        // On a thread of its own: what it needs on the way goes back with it.
        std::thread::scope(|scope| scope.spawn(|| state.warm_up()).join())
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        give_back_later()?;
        Self::watch(&state)?;
        Self::follow_customers(&state)?;
        Ok(web::Data::from(state))
    }

    /// Whom a key opens for.
    pub(crate) async fn authenticate(&self, key: &str) -> Result<Option<Principal>, StoreError> {
        self.keys.authenticate(key).await
    }

    /// The organization's book, as of now.
    pub(crate) async fn book(&self, organization: OrganizationId) -> Result<Arc<Book>, BookFault> {
        if let Some(book) = self.books.current(organization) {
            return Ok(book);
        }
        let books = Arc::clone(&self.books);
        match actix_web::web::block(move || books.load(organization)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(BookFault::Store(stopping())),
        }
    }

    /// Notes that a request has changed a customer: nobody is shown the customer as it was.
    pub(crate) fn customer_changed(&self, organization: OrganizationId, customer: CustomerId) {
        self.shown.changed(organization, customer);
        self.books.customer_changed(organization, customer);
    }

    /// Whether the service can answer: the reason why not otherwise.
    pub(crate) async fn readiness(&self) -> Result<(), String> {
        if self.stopping.load(Ordering::Relaxed) {
            return Err("the server is stopping".into());
        }
        let store = self.store.clone();
        match blocking(move || store.schema_state()).await {
            Ok(SchemaState::Current) => Ok(()),
            Ok(SchemaState::HalfCopied) => Err("the database is not copied completely".into()),
            Ok(SchemaState::Behind) => Err("the database's schema is out of date".into()),
            Ok(_) => Err("the database's schema is newer than this program".into()),
            Err(error) => {
                tracing::warn!(%error, "not ready");
                Err("the database cannot be reached".into())
            }
        }
    }

    /// Makes readiness fail, so that a load balancer sends nothing more.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Starts the thread that follows changes made by other processes. It ends with the state.
    fn watch(state: &Arc<Self>) -> std::io::Result<()> {
        let weak = Arc::downgrade(state);
        let changes = state.store.changes();
        std::thread::Builder::new().name("revision-watch".into()).spawn(move || {
            let mut failing = false;
            let mut changes = changes;
            while let Some(state) = weak.upgrade() {
                let outcome = state.keys.refresh().and_then(|()| state.books.refresh());
                match &outcome {
                    Ok(()) if failing => tracing::info!("the database is back"),
                    Err(error) if !failing => {
                        tracing::warn!(%error, "changes cannot be followed for now");
                    }
                    _ => {}
                }
                failing = outcome.is_err();
                drop(state);
                changes.wait();
            }
        })?;
        Ok(())
    }

    /// Starts the thread that keeps what is shown of customers from memory up to date. It waits for nothing but the database,
    /// and ends with the state.
    fn follow_customers(state: &Arc<Self>) -> std::io::Result<()> {
        let weak = Arc::downgrade(state);
        std::thread::Builder::new().name("customer-watch".into()).spawn(move || {
            let mut followed = Followed::default();
            while let Some(state) = weak.upgrade() {
                let wait = state.shown.follow(&state.store, &mut followed);
                let wait = wait.unwrap_or_else(|error| {
                    tracing::debug!(%error, "customers are read from the database for now");
                    shown::RETRY
                });
                drop(state);
                std::thread::sleep(wait);
            }
        })?;
        Ok(())
    }

    /// Reads the keys and, of a small number of organizations, the books, so that the first request does not wait.
    fn warm_up(&self) -> Result<(), BookFault> {
        const MOST: usize = 16;
        self.keys.refresh()?;
        for (organization, _) in self.store.revisions()?.into_iter().take(MOST) {
            match self.books.load(organization) {
                Ok(_) => {}
                Err(fault @ BookFault::Compile { .. }) => {
                    tracing::error!(error = %fault, "this organization cannot be served");
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }
}

/// Gives memory that was freed back to the system in a while: the allocator does so when a thread ends, with what has been free for
/// a second. An idle server would keep it.
fn give_back_later() -> std::io::Result<()> {
    const FREE_FOR: Duration = Duration::from_millis(1500);
    std::thread::Builder::new()
        .name("memory".into())
        .spawn(|| std::thread::sleep(FREE_FOR))
        .map(drop)
}
