use diesel::prelude::*;
use diesel::sql_types::Text;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use time::macros::datetime;
use tradebook_model::{Change, CustomerChanges, OrganizationId, RecordRef};

use super::{create, named, reference, reference_data, some};
use crate::schema::customers;
use crate::tests::database::Database;
use crate::tests::fixture::{customer, organization, put_customer, write};
use crate::tests::on_each_database;
use crate::{CustomerFilter, CustomerQuery, CustomerSort, InstantBounds, Store, Wildcard};

on_each_database! {
    searches_find_what_their_definition_says,
    changed_and_deleted_customers_are_found_as_they_are,
    pages_are_in_order_from_either_end,
    instants_are_compared_as_they_are_shown,
    filters_are_all_met,
    searches_use_the_index,
}

fn ids(store: &Store, org: OrganizationId, query: &CustomerQuery) -> (u64, Vec<i32>) {
    let page = store.list_customers(org, query).unwrap();
    (page.total, page.records.iter().map(|record| record.customer.id.get()).collect())
}

fn by_name(search: &str) -> CustomerQuery {
    let name = Some(Wildcard::new(search));
    CustomerQuery {
        filter: CustomerFilter { name, ..CustomerFilter::default() },
        sort: CustomerSort::Id,
        ..CustomerQuery::default()
    }
}

/// Without the extension that has the trigrams, the same customers are found.
#[test]
fn searches_do_without_an_index() {
    for check in [
        searches_find_what_their_definition_says,
        changed_and_deleted_customers_are_found_as_they_are,
        pages_are_in_order_from_either_end,
        filters_are_all_met,
    ] {
        let Some(database) = Database::postgres_without_extensions() else { return };
        check(&database);
    }
}

/// A small alphabet, so that searches hit, with all that needs care.
fn text() -> impl Strategy<Value = String> {
    "[aAbBéÉßſσςΣİ%_\\\\'\"(-]{1,7}"
}

fn searches_find_what_their_definition_says(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    let other = organization(&store, "two").id;
    let mut names = Vec::new();
    let mut runner = TestRunner::deterministic();
    let strategy = text();
    for id in 1..=150 {
        let name = strategy.new_tree(&mut runner).unwrap().current();
        // Half come in by the API, half unfolded as an import leaves them.
        if id % 2 == 0 {
            create(&store, org, named(&format!("{id}-{name}"), &name)).unwrap();
        } else {
            let mut customer = customer(id, &format!("{id}-{name}"));
            customer.name = name.parse().unwrap();
            write(&store, org, |c, _| put_customer(c, org, &customer));
        }
        write(&store, other, |c, _| put_customer(c, other, &customer(id, &format!("{id}"))));
        names.push((id, name));
    }
    let search = prop_oneof![
        text().prop_map(|text| format!("*{text}*")),
        text().prop_map(|text| format!("{text}*")),
        text().prop_map(|text| format!("*{text}")),
        (text(), text()).prop_map(|(one, two)| format!("{one}*{two}")),
        "[ab*éΣ]{0,6}",
        proptest::sample::select(names.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>()),
    ];
    for _ in 0..300 {
        let search = search.new_tree(&mut runner).unwrap().current();
        let wildcard = Wildcard::new(&search);
        let expected: Vec<i32> = names
            .iter()
            .filter(|(_, name)| slow_match(&chars(&search), &chars(name)))
            .map(|(id, _)| *id)
            .collect();
        assert!(names.iter().all(|(id, name)| wildcard.matches(name) == expected.contains(id)));
        let query = CustomerQuery { max: 1000, ..by_name(&search) };
        let total = u64::try_from(expected.len()).unwrap();
        assert_eq!(ids(&store, org, &query), (total, expected), "{search}");
    }
}

fn chars(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

/// What a search means, character by character.
fn slow_match(search: &[char], text: &[char]) -> bool {
    match (search, text) {
        ([], []) => true,
        (['*', rest @ ..], _) => (0..=text.len()).any(|skip| slow_match(rest, &text[skip..])),
        ([c, search @ ..], [d, text @ ..]) if c == d => slow_match(search, text),
        _ => false,
    }
}

fn changed_and_deleted_customers_are_found_as_they_are(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    create(&store, org, named("C1", "Alpha")).unwrap();
    create(&store, org, named("C2", "Beta")).unwrap();
    let rename =
        CustomerChanges { name: Change::Set("GAMMA".parse().unwrap()), ..Default::default() };
    store.update_customer(org, RecordRef::Id(1), rename).unwrap();
    assert_eq!(ids(&store, org, &by_name("*alph*")).0, 0);
    assert_eq!(ids(&store, org, &by_name("*gamm*")), (1, vec![1]));
    // Another writer does not know of searches.
    write(&store, org, |c, _| {
        diesel::update(customers::table.find((org.get(), 2)))
            .set((customers::name.eq("Delta"), customers::reference.eq("D2")))
            .execute(c)
            .unwrap()
    });
    assert_eq!(ids(&store, org, &by_name("*beta*")).0, 0);
    assert_eq!(ids(&store, org, &by_name("*delt*")), (1, vec![2]));
    store.delete_customer(org, reference("D2")).unwrap();
    assert_eq!(ids(&store, org, &by_name("*delt*")).0, 0);
    assert_eq!(ids(&store, org, &CustomerQuery::default()), (1, vec![1]));
}

fn pages_are_in_order_from_either_end(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    reference_data(&store, org);
    for number in 0..23 {
        let email = (number % 3 > 0).then(|| format!("{}@x", number % 5));
        let changes = CustomerChanges {
            email: Change::Set(email),
            category: some(RecordRef::Id(1 + i64::from(number % 2 == 0))),
            is_active: Change::Set(number % 4 > 0),
            ..named(&format!("R{:02}", (number * 7) % 23), ["b", "B", "a", "é"][number % 4])
        };
        create(&store, org, changes).unwrap();
    }
    for sort in CustomerSort::ALL {
        let query = |offset, max, descending| CustomerQuery {
            sort: *sort,
            descending,
            offset,
            max,
            ..CustomerQuery::default()
        };
        let (total, up) = ids(&store, org, &query(0, 100, false));
        assert_eq!((total, up.len()), (23, 23));
        let (_, mut down) = ids(&store, org, &query(0, 100, true));
        down.reverse();
        assert_eq!(up, down, "{sort:?}");
        let pages: Vec<i32> =
            (0..5).flat_map(|page| ids(&store, org, &query(page * 5, 5, false)).1).collect();
        assert_eq!(up, pages, "{sort:?}");
        assert_eq!(ids(&store, org, &query(23, 5, false)), (23, vec![]));
        assert_eq!(ids(&store, org, &query(0, 0, false)), (23, vec![]));
        let records = store.list_customers(org, &query(0, 100, false)).unwrap().records;
        match sort {
            CustomerSort::Name => {
                assert!(records.is_sorted_by_key(|r| (r.customer.name.clone(), r.customer.id)));
            }
            CustomerSort::Email => {
                let email = |r: &crate::CustomerRecord| r.customer.profile.email.clone();
                assert!(records.is_sorted_by_key(|r| (email(r), r.customer.id)));
            }
            CustomerSort::CategoryReference => assert!(
                records.is_sorted_by_key(|r| r.category.as_ref().map(|c| c.reference.clone()))
            ),
            _ => {}
        }
    }
}

fn instants_are_compared_as_they_are_shown(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    write(&store, org, |c, _| put_customer(c, org, &customer(1, "C1")));
    let at = datetime!(2024-05-01 12:00:00.9 UTC).unix_timestamp_nanos() / 1_000_000;
    write(&store, org, |c, _| {
        diesel::update(customers::table)
            .set(customers::last_updated.eq(i64::try_from(at).unwrap()))
            .execute(c)
            .unwrap()
    });
    let shown = datetime!(2024-05-01 12:00 UTC);
    let half = time::Duration::milliseconds(500);
    let found = |updated| {
        let filter = CustomerFilter { updated, ..CustomerFilter::default() };
        ids(&store, org, &CustomerQuery { filter, ..CustomerQuery::default() }).0 == 1
    };
    for (offset, later, not_earlier, earlier, not_later) in [
        (time::Duration::ZERO, false, true, false, true),
        (half, false, false, true, true),
        (-half, true, true, false, false),
    ] {
        let moment = Some(shown + offset);
        let none = InstantBounds::default();
        assert_eq!(found(InstantBounds { after: moment, ..none }), later, "{offset}");
        assert_eq!(found(InstantBounds { from: moment, ..none }), not_earlier, "{offset}");
        assert_eq!(found(InstantBounds { before: moment, ..none }), earlier, "{offset}");
        assert_eq!(found(InstantBounds { to: moment, ..none }), not_later, "{offset}");
    }
}

fn filters_are_all_met(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    reference_data(&store, org);
    for (number, active) in [(1, true), (2, false), (3, true)] {
        let changes = CustomerChanges {
            is_active: Change::Set(active),
            category: some(RecordRef::Id(if number == 3 { 2 } else { 1 })),
            ..named(&format!("Ref-{number}"), "Same name")
        };
        create(&store, org, changes).unwrap();
    }
    let search = |reference: &str, category: &str, is_active| {
        let filter = CustomerFilter {
            reference: Some(Wildcard::new(reference)),
            category_reference: Some(Wildcard::new(category)),
            name: Some(Wildcard::new("same*")),
            is_active,
            ..CustomerFilter::default()
        };
        ids(&store, org, &CustomerQuery { filter, ..CustomerQuery::default() }).1
    };
    assert_eq!(search("*ef-*", "*", None), [1, 2, 3]);
    assert_eq!(search("*ef-*", "ROOT", None), [1, 2]);
    assert_eq!(search("*ef-*", "*o*t", Some(true)), [1]);
    assert_eq!(search("*", "jew*", Some(false)), [0; 0]);
    assert_eq!(search("ref-3", "jewelry", Some(true)), [3]);
    assert_eq!(search("*ef-*", "none", None), [0; 0]);
    let only = |is_active| {
        let filter = CustomerFilter { is_active: Some(is_active), ..CustomerFilter::default() };
        ids(&store, org, &CustomerQuery { filter, ..CustomerQuery::default() })
    };
    assert_eq!(only(true), (2, vec![1, 3]));
    assert_eq!(only(false), (1, vec![2]));
    let off = CustomerChanges { is_active: Change::Set(false), ..CustomerChanges::default() };
    store.update_customer(org, RecordRef::Id(1), off).unwrap();
    assert_eq!((only(true).0, only(false).0), (1, 2), "the counts are kept");
}

#[derive(QueryableByName)]
struct SqliteStep {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct PostgresStep {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    detail: String,
}

fn searches_use_the_index(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    write(&store, org, |c, _| {
        let rows = "INSERT INTO customers (organization_id, id, reference, name, currency, bulk, promotions, \
             is_sub_customer, bill_with_parent, is_same_address, is_active, on_hold, \
             date_created, last_updated) SELECT $1, n, 'R' || n, 'Name ' || (n * 7919), 'EUR', 0, true, false, \
             false, true, true, false, n, n FROM (WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s \
             WHERE n < 20000) SELECT n FROM s) AS numbers";
        diesel::sql_query(rows)
            .bind::<diesel::sql_types::Integer, _>(org.get())
            .execute(c)
            .unwrap();
    });
    write(&store, org, |c, _| {
        if !database.is_sqlite() {
            for index in ["customers_search_name", "customers_search_reference"] {
                diesel::sql_query(format!("SELECT gin_clean_pending_list('{index}')"))
                    .execute(c)
                    .unwrap();
            }
        }
        diesel::sql_query("ANALYZE").execute(c).unwrap();
    });
    for (filter, index) in [
        (
            CustomerFilter { name: Some(Wildcard::new("*me 791*")), ..CustomerFilter::default() },
            ["VIRTUAL TABLE INDEX", "customers_search_name"],
        ),
        (
            CustomerFilter {
                reference: Some(Wildcard::new("*r12345*")),
                ..CustomerFilter::default()
            },
            ["VIRTUAL TABLE INDEX", "customers_search_reference"],
        ),
        (CustomerFilter::default(), ["customers_by_date_created", "customers_by_date_created"]),
    ] {
        let query = CustomerQuery { filter, ..CustomerQuery::default() };
        let plan = store
            .read_snapshot(|c| {
                let sql = crate::customers::page_sql(c, org, &query)?;
                if !database.is_sqlite() {
                    // Few customers are soon read; whether the index could be used is the question.
                    diesel::sql_query("SET LOCAL enable_seqscan = off").execute(c)?;
                }
                let steps: Vec<String> = if database.is_sqlite() {
                    let steps: Vec<SqliteStep> = sql.after("EXPLAIN QUERY PLAN ").load(c)?;
                    steps.into_iter().map(|step| step.detail).collect()
                } else {
                    let steps: Vec<PostgresStep> = sql.after("EXPLAIN ").load(c)?;
                    steps.into_iter().map(|step| step.detail).collect()
                };
                Ok(steps.join("\n"))
            })
            .unwrap();
        let wanted = index[usize::from(!database.is_sqlite())];
        assert!(plan.contains(wanted), "{plan}");
        assert!(!plan.contains("SCAN customers") || plan.contains("INDEX"), "{plan}");
        assert!(!plan.contains("Seq Scan"), "{plan}");
    }
}
