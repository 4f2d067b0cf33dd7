//! Random requests, on the store and on a model in memory that is as simple as can be.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use tradebook_model::{Change, CustomerChanges, DueDateRule, OrganizationId, RecordRef};

use super::{create, faults, reference, reference_data};
use crate::tests::database::Database;
use crate::tests::fixture::organization;
use crate::tests::on_each_database;
use crate::{
    CustomerFault, CustomerFilter, CustomerQuery, CustomerRecord, CustomerSort, InUse, Relation,
    RequiredField, Store, Wildcard,
};

on_each_database! {
    random_requests_do_what_the_model_does,
}

/// What a request changes; inner `None` clears.
#[derive(Debug, Clone, Default)]
struct Patch {
    reference: Option<u8>,
    name: Option<u8>,
    email: Option<Option<u8>>,
    active: Option<bool>,
    sub: Option<bool>,
    parent: Option<Option<u8>>,
    category: Option<Option<u8>>,
    currency: Option<Option<u8>>,
    days: Option<Option<i32>>,
    rule: Option<bool>,
    payment_types: Option<Vec<u8>>,
}

#[derive(Debug, Clone)]
enum By {
    Id(u8),
    Reference(u8),
}

#[derive(Debug, Clone)]
enum Request {
    Create(Patch),
    Update(By, Patch),
    Upsert(u8, Patch),
    Delete(By),
    List { name: u8, active: Option<bool>, descending: bool, offset: u8, max: u8 },
}

/// A customer of the model.
#[derive(Debug, Clone, PartialEq)]
struct Known {
    id: i32,
    reference: String,
    name: String,
    email: Option<String>,
    active: bool,
    parent: Option<i32>,
    category: String,
    currency: String,
    days: Option<i32>,
    rule: bool,
    payment_types: Vec<String>,
    version: i64,
}

#[derive(Debug, Default)]
struct Model {
    customers: Vec<Known>,
    last_id: i32,
}

const CURRENCIES: [&str; 4] = ["EUR", "USD", "CHF", "QQQ"];
const CATEGORIES: [&str; 3] = ["root", "jewelry", "none"];
const PAYMENT_TYPES: [&str; 3] = ["cash", "cheque", "none"];

fn ref_name(number: u8) -> String {
    format!("R{number}")
}

fn name(number: u8) -> String {
    format!("Name {}{}", ["Ab", "aB", "Ba"][usize::from(number % 3)], number)
}

impl Patch {
    fn changes(&self) -> CustomerChanges {
        fn set<A: Clone, B>(value: &Option<A>, to: impl Fn(A) -> B) -> Change<B> {
            value.clone().map_or(Change::Keep, |value| Change::Set(to(value)))
        }
        let mut changes = CustomerChanges {
            reference: set(&self.reference, |n| ref_name(n).parse().unwrap()),
            name: set(&self.name, |n| name(n).parse().unwrap()),
            email: set(&self.email, |n| n.map(|n| format!("{n}@x"))),
            is_active: set(&self.active, |active| active),
            is_sub_customer: set(&self.sub, |sub| sub),
            parent: set(&self.parent, |n| n.map(|n| reference(&ref_name(n)))),
            category: set(&self.category, |n| n.map(|n| reference(CATEGORIES[usize::from(n)]))),
            currency: set(&self.currency, |n| n.map(|n| CURRENCIES[usize::from(n)].to_owned())),
            due_date_config_number: set(&self.days, |days| days),
            payment_types: set(&self.payment_types, |list| {
                list.into_iter().map(|n| reference(PAYMENT_TYPES[usize::from(n)])).collect()
            }),
            ..CustomerChanges::default()
        };
        if let Some(rule) = self.rule {
            changes.due_date_config_type =
                Change::Set(rule.then_some(DueDateRule::AfterInvoiceDate));
        }
        changes
    }
}

impl Model {
    fn place(&self, by: &By) -> Result<usize, CustomerFault> {
        let (found, given) = match by {
            By::Id(id) => (
                self.customers.iter().position(|known| known.id == i32::from(*id)),
                RecordRef::Id(i64::from(*id)),
            ),
            By::Reference(n) => (self.by_reference(*n), reference(&ref_name(*n))),
        };
        found.ok_or(CustomerFault::UnknownCustomer(given))
    }

    fn by_reference(&self, number: u8) -> Option<usize> {
        self.customers.iter().position(|known| known.reference == ref_name(number))
    }

    fn create(&mut self, patch: &Patch) -> Result<Known, CustomerFault> {
        let missing = CustomerFault::Missing;
        let reference = ref_name(patch.reference.ok_or(missing(RequiredField::Reference))?);
        let new = Known {
            id: 0,
            reference,
            name: name(patch.name.ok_or(missing(RequiredField::Name))?),
            email: None,
            active: true,
            parent: None,
            category: "root".to_owned(),
            currency: "EUR".to_owned(),
            days: None,
            rule: false,
            payment_types: Vec::new(),
            version: 0,
        };
        let mut new = self.changed(new, patch)?;
        self.last_id += 1;
        new.id = self.last_id;
        self.customers.push(new.clone());
        Ok(new)
    }

    fn update(&mut self, place: usize, patch: &Patch) -> Result<Known, CustomerFault> {
        let changed = self.changed(self.customers[place].clone(), patch)?;
        self.customers[place] = changed.clone();
        Ok(changed)
    }

    fn changed(&self, mut known: Known, patch: &Patch) -> Result<Known, CustomerFault> {
        let missing = |field| Err(CustomerFault::Missing(field));
        let unknown = |relation, text: &str| CustomerFault::UnknownRelation {
            relation,
            given: reference(text),
        };
        if let Some(days) = patch.days {
            known.days = days;
        }
        if let Some(rule) = patch.rule {
            known.rule = rule;
        }
        let wanted = match (patch.sub, patch.parent) {
            (Some(false), _) => Some(None),
            (Some(true), Some(None)) => return missing(RequiredField::ParentCustomer),
            (Some(true), None) if known.parent.is_none() => {
                return missing(RequiredField::ParentCustomer);
            }
            (_, parent) => parent,
        };
        if known.rule && known.days.is_none() {
            return missing(RequiredField::DueDateConfigNumber);
        }
        if known.days.is_some_and(|days| days < 0) {
            return Err(CustomerFault::InvalidValue {
                field: "due_date_config_number".to_owned(),
                message: "is not between 0 and 10000".to_owned(),
            });
        }
        match patch.category {
            Some(Some(2)) => return Err(unknown(Relation::Category, "none")),
            Some(Some(n)) => known.category = CATEGORIES[usize::from(n)].to_owned(),
            Some(None) => known.category = "root".to_owned(),
            None => {}
        }
        match wanted {
            Some(Some(n)) => {
                let place = self
                    .by_reference(n)
                    .ok_or_else(|| unknown(Relation::ParentCustomer, &ref_name(n)))?;
                let parent = self.customers[place].id;
                if parent == known.id {
                    return Err(CustomerFault::SelfParent);
                }
                known.parent = Some(parent);
            }
            Some(None) => known.parent = None,
            None => {}
        }
        match patch.currency {
            Some(Some(2)) => {
                return Err(CustomerFault::CurrencyNotConfigured("CHF".parse().unwrap()));
            }
            Some(Some(3)) => return Err(CustomerFault::UnknownCurrency("QQQ".to_owned())),
            Some(Some(n)) => known.currency = CURRENCIES[usize::from(n)].to_owned(),
            Some(None) => known.currency = "EUR".to_owned(),
            None => {}
        }
        if let Some(list) = &patch.payment_types {
            if list.contains(&2) {
                return Err(unknown(Relation::PaymentType, "none"));
            }
            known.payment_types.clear();
            for n in list {
                let text = PAYMENT_TYPES[usize::from(*n)].to_owned();
                if !known.payment_types.contains(&text) {
                    known.payment_types.push(text);
                }
            }
        }
        if let Some(n) = patch.reference {
            if self.by_reference(n).is_some_and(|place| self.customers[place].id != known.id) {
                return Err(CustomerFault::ReferenceTaken);
            }
            known.reference = ref_name(n);
        }
        if let Some(n) = patch.name {
            known.name = name(n);
        }
        if let Some(email) = patch.email {
            known.email = email.map(|n| format!("{n}@x"));
        }
        if let Some(active) = patch.active {
            known.active = active;
        }
        known.version += 1;
        Ok(known)
    }

    fn delete(&mut self, by: &By) -> Result<Known, CustomerFault> {
        let place = self.place(by)?;
        let id = self.customers[place].id;
        if self.customers.iter().any(|known| known.parent == Some(id)) {
            return Err(CustomerFault::InUse(InUse::SubCustomers));
        }
        Ok(self.customers.remove(place))
    }
}

fn seen(record: &CustomerRecord) -> Known {
    let profile = &record.customer.profile;
    assert_eq!(profile.is_sub_customer, profile.parent.is_some());
    assert_eq!(record.parent.as_ref().map(|parent| parent.id), profile.parent.map(|id| id.get()));
    Known {
        id: record.customer.id.get(),
        reference: record.customer.reference.to_string(),
        name: record.customer.name.to_string(),
        email: profile.email.clone(),
        active: profile.is_active,
        parent: profile.parent.map(|id| id.get()),
        category: record.category.as_ref().unwrap().reference.clone(),
        currency: record.customer.currency.to_string(),
        days: profile.due_date_config_number,
        rule: profile.due_date_config_type.is_some(),
        payment_types: record.payment_types.iter().map(|named| named.reference.clone()).collect(),
        version: record.version,
    }
}

fn patch() -> impl Strategy<Value = Patch> {
    use proptest::option::weighted;
    let texts = (weighted(0.5, 0..6_u8), weighted(0.8, 0..9_u8), weighted(0.3, of(0..4_u8)));
    let family = (weighted(0.2, any::<bool>()), weighted(0.3, of(0..6_u8)));
    let relations = (weighted(0.2, of(0..3_u8)), weighted(0.2, of(0..4_u8)));
    let due = (weighted(0.3, of(-1..40_i32)), weighted(0.2, any::<bool>()));
    let rest =
        (weighted(0.3, any::<bool>()), weighted(0.2, proptest::collection::vec(0..3_u8, 0..3)));
    (texts, family, relations, due, rest).prop_map(
        |(
            (reference, name, email),
            (sub, parent),
            (category, currency),
            (days, rule),
            (active, payment_types),
        )| Patch {
            reference,
            name,
            email,
            active,
            sub,
            parent,
            category,
            currency,
            days,
            rule,
            payment_types,
        },
    )
}

fn of<T: Strategy>(values: T) -> proptest::option::OptionStrategy<T> {
    proptest::option::of(values)
}

fn request() -> impl Strategy<Value = Request> {
    let by = || prop_oneof![(0..8_u8).prop_map(By::Id), (0..6_u8).prop_map(By::Reference)];
    prop_oneof![
        3 => patch().prop_map(Request::Create),
        3 => (by(), patch()).prop_map(|(by, patch)| Request::Update(by, patch)),
        3 => (0..6_u8, patch()).prop_map(|(n, patch)| Request::Upsert(n, patch)),
        1 => by().prop_map(Request::Delete),
        2 => (0..9_u8, of(any::<bool>()), any::<bool>(), 0..5_u8, 0..5_u8).prop_map(
            |(name, active, descending, offset, max)| {
                Request::List { name, active, descending, offset, max }
            }
        ),
    ]
}

fn step(
    store: &Store,
    org: OrganizationId,
    model: &mut Model,
    request: &Request,
) -> Result<(), TestCaseError> {
    let by = |by: &By| match by {
        By::Id(id) => RecordRef::Id(i64::from(*id)),
        By::Reference(n) => reference(&ref_name(*n)),
    };
    match request {
        Request::Create(patch) => {
            let done = create(store, org, patch.changes()).map(|record| seen(&record));
            prop_assert_eq!(done, model.create(patch));
        }
        Request::Update(which, patch) => {
            let done = faults(store.update_customer(org, by(which), patch.changes()));
            let expected = model.place(which).and_then(|place| model.update(place, patch));
            prop_assert_eq!(done.map(|record| seen(&record)), expected);
        }
        Request::Upsert(n, patch) => {
            let wanted = ref_name(*n).parse().unwrap();
            let done = faults(store.upsert_customer(org, wanted, patch.changes(), None))
                .map(|upserted| (seen(&upserted.record), upserted.created));
            let expected = match model.by_reference(*n) {
                Some(place) => model.update(place, patch).map(|known| (known, false)),
                None => {
                    let patch = Patch { reference: Some(*n), ..patch.clone() };
                    model.create(&patch).map(|known| (known, true))
                }
            };
            prop_assert_eq!(done, expected);
        }
        Request::Delete(which) => {
            let done = faults(store.delete_customer(org, by(which))).map(|record| seen(&record));
            prop_assert_eq!(done, model.delete(which));
        }
        Request::List { name, active, descending, offset, max } => {
            let search =
                ["*ab*", "*", "name a*", "*1", "NAME BA2", "*e aB*", "x*", "*b*a*", "*me*"]
                    [usize::from(*name)];
            let wildcard = Wildcard::new(search);
            let query = CustomerQuery {
                filter: CustomerFilter {
                    name: Some(wildcard.clone()),
                    is_active: *active,
                    ..CustomerFilter::default()
                },
                sort: CustomerSort::Name,
                descending: *descending,
                offset: u64::from(*offset),
                max: u32::from(*max),
            };
            let mut found: Vec<Known> = model
                .customers
                .iter()
                .filter(|known| wildcard.matches(&known.name))
                .filter(|known| active.is_none_or(|active| known.active == active))
                .cloned()
                .collect();
            found.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
            if *descending {
                found.reverse();
            }
            let page = store.list_customers(org, &query).unwrap();
            prop_assert_eq!(page.total, u64::try_from(found.len()).unwrap());
            let found: Vec<Known> =
                found.into_iter().skip(usize::from(*offset)).take(usize::from(*max)).collect();
            prop_assert_eq!(page.records.iter().map(seen).collect::<Vec<_>>(), found);
        }
    }
    Ok(())
}

fn random_requests_do_what_the_model_does(database: &Database) {
    let store = database.migrated();
    let seed: u64 = std::env::var("TRADEBOOK_TEST_SEED").map_or(7, |seed| seed.parse().unwrap());
    println!("TRADEBOOK_TEST_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    let mut number = 0;
    let runs = std::cell::RefCell::new(&mut number);
    TestRunner::new_with_rng(config, rng)
        .run(&proptest::collection::vec(request(), 1..40), |requests| {
            let mut runs = runs.borrow_mut();
            **runs += 1;
            let org = organization(&store, &format!("organization {runs}")).id;
            reference_data(&store, org);
            let mut model = Model::default();
            for request in &requests {
                step(&store, org, &mut model, request)?;
            }
            let all = CustomerQuery { sort: CustomerSort::Id, ..CustomerQuery::default() };
            let page = store.list_customers(org, &all).unwrap();
            prop_assert_eq!(page.records.iter().map(seen).collect::<Vec<_>>(), model.customers);
            Ok(())
        })
        .unwrap();
    assert_eq!(store.check().unwrap(), [""; 0]);
}
