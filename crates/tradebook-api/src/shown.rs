//! Customers as they were shown, in memory, so that showing one again touches no database.
//!
//! A body is kept with the moment before it was read. Whatever changes a customer moves the customer's stamp, or its
//! organization's, to a later moment, and with that no older body of it is shown any more:
//!
//! - a write of this process stamps the customer before the write is answered ([`ShownCustomers::changed`]);
//! - a thread asks for the organizations' revisions many times a second ([`ShownCustomers::follow`]). A revision that was made by this
//!   process's writes of customers, which the store remembers, stamps those customers; any other stamps the organization,
//!   since a body also names categories, users and the like;
//! - where that thread has not been answered for [`LEASE`], nothing is taken from memory, so that a change made by another
//!   process shows after at most that long, whatever happens.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use actix_web::http::header::HeaderValue;
use arc_swap::ArcSwap;
use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tradebook_model::{CustomerId, OrganizationId, RecordRef, Revision};
use tradebook_store::{CustomerRecord, Store, StoreError};
use tradebook_wire::valomnia::Version;

/// The most bytes of bodies, with what is kept beside them.
const BYTES: u64 = 64 * 1024 * 1024;
/// About how many bytes a body has, and how many go with it.
const USUAL_BYTES: u64 = 2048;
const OVERHEAD: u64 = 256;
/// How long the last look at the revisions counts.
const LEASE: Duration = Duration::from_millis(250);
/// How long to wait after a failure.
pub(crate) const RETRY: Duration = LATEST;
/// How soon and how late the revisions are asked for again.
const SOONEST: Duration = Duration::from_millis(20);
const LATEST: Duration = Duration::from_millis(100);
/// Customers share this many stamps. Two that share one are forgotten together, no more.
const STAMPS: usize = 1024;

/// Which body.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ShownKey {
    pub(crate) organization: OrganizationId,
    pub(crate) version: Version,
    pub(crate) customer: RecordRef,
}

/// A body as it is sent.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) body: Bytes,
    /// Its entity tag, quoted, and as the value of a header.
    pub(crate) etag: String,
    pub(crate) etag_header: HeaderValue,
    /// The server's address that the body names; `None` where it names none.
    pub(crate) base: Option<String>,
    /// Whom it shows, and whose name it shows as the parent's.
    id: CustomerId,
    parent: Option<i32>,
}

impl Shown {
    /// A customer's body, made for a client that sees this server at `base`.
    pub(crate) fn new(record: &CustomerRecord, body: Vec<u8>, base: &str) -> Self {
        use sha2::Digest as _;
        let hash = sha2::Sha256::digest(&body);
        let digits: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        // Weak: a compressed body has the same tag.
        let etag = format!("W/\"{digits}\"");
        Self {
            body: body.into(),
            etag_header: HeaderValue::from_str(&etag)
                .unwrap_or_else(|_| HeaderValue::from_static("")),
            etag,
            base: record.logo.is_some().then(|| base.to_owned()),
            id: record.customer.id,
            parent: record.parent.as_ref().map(|parent| parent.id),
        }
    }
}

/// A moment between two changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(u64);

#[derive(Debug, Clone)]
struct Kept {
    shown: Arc<Shown>,
    /// Before it was read.
    moment: Moment,
}

#[derive(Debug, Clone)]
struct Size;

impl Weighter<ShownKey, Kept> for Size {
    fn weight(&self, _: &ShownKey, kept: &Kept) -> u64 {
        u64::try_from(kept.shown.body.len()).unwrap_or(u64::MAX).saturating_add(OVERHEAD)
    }
}

/// When an organization and its customers have last changed.
struct Stamps {
    all: AtomicU64,
    customers: Box<[AtomicU64]>,
}

impl Stamps {
    fn new(moment: Moment) -> Self {
        let customers = (0..STAMPS).map(|_| AtomicU64::new(0)).collect();
        Self { all: AtomicU64::new(moment.0), customers }
    }

    /// The stamp of a customer.
    fn of(&self, customer: i32) -> Option<&AtomicU64> {
        let place = usize::try_from(customer.unsigned_abs()).unwrap_or_default() % STAMPS;
        self.customers.get(place)
    }

    /// Whether a body read at a moment shows all changes since.
    fn allow(&self, kept: &Kept) -> bool {
        let unchanged = |stamp: &AtomicU64| stamp.load(Ordering::SeqCst) <= kept.moment.0;
        let customers = [Some(kept.shown.id.get()), kept.shown.parent];
        unchanged(&self.all)
            && customers.into_iter().flatten().all(|id| self.of(id).is_some_and(unchanged))
    }
}

/// The bodies, and how it is known which of them still hold.
pub(crate) struct ShownCustomers {
    cache: Cache<ShownKey, Kept, Size>,
    /// Counts changes.
    clock: AtomicU64,
    /// Of organizations with bodies in memory.
    stamps: ArcSwap<HashMap<OrganizationId, Arc<Stamps>>>,
    started: Instant,
    /// When the revisions were last asked for, in milliseconds since the start; 0 if never.
    followed: AtomicU64,
}

/// What the thread that follows changes knows.
#[derive(Debug, Default)]
pub(crate) struct Followed {
    revisions: HashMap<OrganizationId, Revision>,
    /// The place in the store's writes.
    place: u64,
    /// Revisions of this process that were not seen in the database yet.
    own: HashMap<OrganizationId, BTreeSet<Revision>>,
}

impl ShownCustomers {
    pub(crate) fn new() -> Self {
        let items = usize::try_from(BYTES / (USUAL_BYTES + OVERHEAD)).unwrap_or(usize::MAX);
        Self {
            cache: Cache::with_weighter(items, BYTES, Size),
            clock: AtomicU64::new(1),
            stamps: ArcSwap::default(),
            started: Instant::now(),
            followed: AtomicU64::new(0),
        }
    }

    /// A body that is in memory and still holds.
    pub(crate) fn get(&self, key: &ShownKey) -> Option<Arc<Shown>> {
        let kept = self.cache.get(key)?;
        let stamps = self.stamps.load();
        let allowed = stamps.get(&key.organization)?.allow(&kept) && self.is_followed();
        allowed.then_some(kept.shown)
    }

    fn is_followed(&self) -> bool {
        let followed = self.followed.load(Ordering::SeqCst);
        let age = self.now().saturating_sub(followed);
        followed > 0 && u128::from(age) < LEASE.as_millis()
    }

    /// Milliseconds since the start, and one.
    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_add(1)
    }

    /// To be taken before a customer is read that is to be kept.
    pub(crate) fn moment(&self, organization: OrganizationId) -> Moment {
        if !self.stamps.load().contains_key(&organization) {
            let stamps = Arc::new(Stamps::new(self.next_moment()));
            self.stamps.rcu(|known| {
                let mut next = HashMap::clone(known);
                next.entry(organization).or_insert_with(|| Arc::clone(&stamps));
                next
            });
        }
        Moment(self.clock.load(Ordering::SeqCst))
    }

    /// Keeps a body that was read after a moment.
    pub(crate) fn keep(&self, key: ShownKey, shown: Arc<Shown>, moment: Moment) {
        self.cache.insert(key, Kept { shown, moment });
    }

    fn next_moment(&self) -> Moment {
        Moment(self.clock.fetch_add(1, Ordering::SeqCst) + 1)
    }

    /// Notes that a customer was changed or deleted. To be called after the commit and before the answer.
    pub(crate) fn changed(&self, organization: OrganizationId, customer: CustomerId) {
        if let Some(stamps) = self.stamps.load().get(&organization)
            && let Some(stamp) = stamps.of(customer.get())
        {
            stamp.fetch_max(self.next_moment().0, Ordering::SeqCst);
        }
    }

    /// Notes what has changed since the last time, and tells how long to wait for the next: longer where asking takes long, but
    /// well within the lease. Blocks.
    pub(crate) fn follow(
        &self,
        store: &Store,
        known: &mut Followed,
    ) -> Result<Duration, StoreError> {
        let asked = Instant::now();
        let began = self.now();
        let revisions: HashMap<_, _> = store.revisions()?.into_iter().collect();
        // After the revisions: a revision of this process that is not noted yet then counts as another's, never the other
        // way round.
        let (place, writes) = store.customer_writes(known.place);
        known.place = place;
        for write in writes.into_iter().flatten() {
            for customer in write.customers {
                self.changed(write.organization, customer);
            }
            known.own.entry(write.organization).or_default().insert(write.revision);
        }
        for (organization, stamps) in self.stamps.load().iter() {
            let before = known.revisions.get(organization);
            let now = revisions.get(organization);
            let own = known.own.get(organization);
            let others = match (before, now) {
                (Some(before), Some(now)) => made_by_others(*before, *now, own),
                _ => true,
            };
            if others {
                stamps.all.fetch_max(self.next_moment().0, Ordering::SeqCst);
            }
        }
        known.own.retain(|organization, own| {
            own.retain(|revision| revisions.get(organization).is_some_and(|now| revision > now));
            !own.is_empty()
        });
        known.revisions = revisions;
        self.followed.store(began, Ordering::SeqCst);
        Ok((asked.elapsed() * 50).clamp(SOONEST, LATEST))
    }
}

/// Whether any revision after one up to another is not among this process's own.
fn made_by_others(before: Revision, now: Revision, own: Option<&BTreeSet<Revision>>) -> bool {
    let is_own = |revision| own.is_some_and(|own| own.contains(&Revision(revision)));
    now < before || (before.0..now.0).any(|revision| !is_own(revision + 1))
}

#[cfg(test)]
mod tests {
    use tradebook_model::{Change, CustomerChanges, Settings, TimeZone};
    use tradebook_store::{Created, StoreOptions};

    use super::*;

    struct Setting {
        _folder: tempfile::TempDir,
        url: String,
        store: Store,
        organization: OrganizationId,
        shown: ShownCustomers,
        followed: Followed,
    }

    impl Setting {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}", folder.path().join("book.db").display());
            let store = Store::open(&url, &StoreOptions::default()).unwrap();
            store.migrate().unwrap();
            let settings = Settings::new("EUR".parse().unwrap(), TimeZone::UTC);
            let organization =
                store.create_organization(&"acme".parse().unwrap(), &settings).unwrap().id;
            let (shown, followed) = (ShownCustomers::new(), Followed::default());
            let mut new = Self { _folder: folder, url, store, organization, shown, followed };
            new.follow();
            new
        }

        fn follow(&mut self) {
            self.shown.follow(&self.store, &mut self.followed).unwrap();
        }

        fn create(&self, reference: &str, parent: Option<&str>) -> CustomerId {
            let changes = CustomerChanges {
                reference: Change::Set(reference.parse().unwrap()),
                name: Change::Set("x".parse().unwrap()),
                parent: Change::Set(parent.map(|parent| RecordRef::Reference(parent.into()))),
                ..CustomerChanges::default()
            };
            let created = self.store.create_customer(self.organization, changes, None, None);
            let Created::New(record) = created.unwrap() else { unreachable!() };
            record.customer.id
        }

        fn key(&self, customer: CustomerId) -> ShownKey {
            ShownKey {
                organization: self.organization,
                version: Version::V2_1,
                customer: RecordRef::Id(customer.get().into()),
            }
        }

        /// Shows a customer that is not in memory.
        fn show(&self, customer: CustomerId) {
            let moment = self.shown.moment(self.organization);
            let key = self.key(customer);
            let record = self.store.show_customer(self.organization, &key.customer).unwrap();
            let shown = Shown::new(&record.unwrap(), b"{}".to_vec(), "http://x");
            self.shown.keep(key, Arc::new(shown), moment);
        }

        fn is_kept(&self, customer: CustomerId) -> bool {
            self.shown.get(&self.key(customer)).is_some()
        }

        fn rename(&self, store: &Store, customer: CustomerId) {
            let changes = CustomerChanges {
                name: Change::Set("y".parse().unwrap()),
                ..CustomerChanges::default()
            };
            let customer = RecordRef::Id(customer.get().into());
            store.update_customer(self.organization, customer, changes).unwrap();
        }
    }

    #[test]
    fn a_write_forgets_the_customer_and_its_sub_customers_alone() {
        let mut setting = Setting::new();
        let parent = setting.create("P", None);
        let child = setting.create("C", Some("P"));
        let other = setting.create("O", None);
        let all = [parent, child, other];
        let show_all = |setting: &Setting| all.iter().for_each(|id| setting.show(*id));
        setting.follow();
        show_all(&setting);
        let kept = |setting: &Setting| all.map(|id| setting.is_kept(id));
        assert_eq!(kept(&setting), [true; 3]);
        // Told of it at once, or by the store's own account of it.
        for told in [true, false] {
            setting.rename(&setting.store, parent);
            if told {
                setting.shown.changed(setting.organization, parent);
                assert_eq!(kept(&setting), [false, false, true]);
            }
            setting.follow();
            assert_eq!(kept(&setting), [false, false, true], "told: {told}");
            show_all(&setting);
            assert_eq!(kept(&setting), [true; 3]);
        }
        setting.create("N", None);
        setting.follow();
        assert_eq!(kept(&setting), [true; 3], "a new customer changes no other");
    }

    #[test]
    fn writes_of_others_forget_everything() {
        let mut setting = Setting::new();
        let [one, other] = ["A", "B"].map(|reference| setting.create(reference, None));
        setting.follow();
        for id in [one, other] {
            setting.show(id);
        }
        let process = Store::open(&setting.url, &StoreOptions::default()).unwrap();
        setting.rename(&process, one);
        // Between two of this process's own.
        setting.rename(&setting.store, one);
        assert!(setting.is_kept(other));
        setting.follow();
        assert!(!setting.is_kept(one) && !setting.is_kept(other));
        // Settings change what every body shows.
        setting.show(other);
        assert!(setting.is_kept(other));
        let set: Result<_, StoreError> =
            setting.store.update_settings(setting.organization, |settings| {
                settings.geographical_locations = true;
                Ok::<_, std::convert::Infallible>(())
            });
        set.unwrap().unwrap();
        setting.follow();
        assert!(!setting.is_kept(other));
    }

    #[test]
    fn what_was_read_before_a_change_is_not_shown_after_it() {
        let setting = Setting::new();
        let customer = setting.create("A", None);
        let moment = setting.shown.moment(setting.organization);
        let key = setting.key(customer);
        let record = setting.store.show_customer(setting.organization, &key.customer).unwrap();
        setting.rename(&setting.store, customer);
        setting.shown.changed(setting.organization, customer);
        let shown = Shown::new(&record.unwrap(), Vec::new(), "http://x");
        setting.shown.keep(key, Arc::new(shown), moment);
        assert!(!setting.is_kept(customer));
    }

    #[test]
    fn nothing_is_shown_from_memory_where_changes_are_not_followed() {
        let setting = Setting::new();
        let customer = setting.create("A", None);
        setting.show(customer);
        assert!(setting.is_kept(customer));
        setting.shown.followed.store(0, Ordering::SeqCst);
        assert!(!setting.is_kept(customer));
    }

    #[test]
    fn revisions_of_others_are_told_from_own_ones() {
        let own: BTreeSet<_> = [4, 5, 7].map(Revision).into();
        let others = |before, now| made_by_others(Revision(before), Revision(now), Some(&own));
        assert!(!others(3, 3) && !others(3, 5) && !others(6, 7));
        assert!(others(2, 5) && others(3, 6) && others(5, 7) && others(5, 4));
    }
}
