//! Events are found by indexes that have all that is asked, in their order.

use diesel::prelude::*;
use diesel::sql_types::Text;
use tradebook_model::{
    AccountIdentifier, ClassificationIdentifier, EventFilter, EventPage, EventParts, EventSelector,
    SpendPeriod, TimeZone,
};

use super::book::{Random, day, put_accounts, put_events};
use crate::EventQuery;
use crate::events::questions;
use crate::tests::database::Database;
use crate::tests::fixture::{organization, write};
use crate::tests::on_each_database;

on_each_database! {
    no_question_reads_or_sorts_all_events,
}

#[derive(QueryableByName)]
struct SqliteStep {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct PostgresStep {
    #[diesel(sql_type = Text)]
    #[diesel(column_name = "QUERY PLAN")]
    detail: String,
}

fn no_question_reads_or_sorts_all_events(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    put_accounts(&store, org);
    put_events(&store, org, 400, &mut Random::new());
    if !database.is_sqlite() {
        // SQLite is told which index to take, and knows nothing of what is in it.
        write(&store, org, |c, _| diesel::sql_query("ANALYZE").execute(c).unwrap());
    }
    let codes = store.code_hasher(org).unwrap();
    let filters = [
        EventFilter::default(),
        EventFilter {
            created_after: Some(day(2)),
            created_before: Some(day(20)),
            submitted_after: Some(day(3)),
            submitted_before: Some(day(21)),
            spend_requests_applied: Some(true),
            eligible_for_spending: Some(false),
        },
    ];
    for (selector, index) in [
        (EventSelector::Account(AccountIdentifier::Id("A1".into())), "purchase_events_by_account"),
        (
            EventSelector::Classification(ClassificationIdentifier::Id("C1".into())),
            "purchase_events_by_classification",
        ),
        // Many events, and few.
        (EventSelector::CreatedAfter(day(1)), "purchase_events_by_time"),
        (EventSelector::CreatedAfter(day(24)), "purchase_events_by_creation"),
    ] {
        for filter in filters {
            let query = EventQuery {
                selector: selector.clone(),
                filter,
                period: SpendPeriod {
                    today: time::macros::date!(2024 - 03 - 31),
                    days: 3,
                    time_zone: TimeZone::UTC,
                },
                page: EventPage { offset: 7, limit: None },
                parts: EventParts { lines: false, spend_requests: false },
            };
            let plans = store
                .read_snapshot(|c| {
                    let questions = questions(c, org, &codes, &query);
                    if !database.is_sqlite() {
                        // Few events are soon read and sorted; whether the index could be used is the question.
                        for setting in ["enable_seqscan", "enable_sort", "enable_bitmapscan"] {
                            diesel::sql_query(format!("SET LOCAL {setting} = off")).execute(c)?;
                        }
                    }
                    questions
                        .iter()
                        .map(|sql| {
                            let steps: Vec<String> = if database.is_sqlite() {
                                let steps: Vec<SqliteStep> =
                                    sql.after("EXPLAIN QUERY PLAN ").load(c)?;
                                steps.into_iter().map(|step| step.detail).collect()
                            } else {
                                let steps: Vec<PostgresStep> = sql.after("EXPLAIN ").load(c)?;
                                steps.into_iter().map(|step| step.detail).collect()
                            };
                            Ok(steps.join("\n"))
                        })
                        .collect::<Result<Vec<_>, _>>()
                })
                .unwrap();
            for plan in plans {
                assert!(plan.contains(index), "{selector:?}: {plan}");
                for never in ["SCAN purchase_events", "TEMP B-TREE", "Seq Scan", "Sort"] {
                    assert!(!plan.contains(never), "{selector:?}: {plan}");
                }
                // No row is read for what is skipped.
                let covering =
                    if database.is_sqlite() { "USING COVERING INDEX" } else { "Index Only" };
                assert!(plan.contains(covering), "{selector:?}: {plan}");
                assert!(!plan.contains("USING INDEX"), "{selector:?}: {plan}");
            }
        }
    }
}
