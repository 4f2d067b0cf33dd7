//! Every filter on every kind of event: what the manual says, as a table.

use serde_json::{Value, json};
use tradebook_tests::{Database, on_each_database};

use crate::book::{Book, numbers};

on_each_database! {
    selectors_and_filters_find_what_the_manual_says,
}

/// What was requested to be spent against an event, in the columns of `spend_requests.csv`: state, instant, automatic.
type Requests = &'static [(&'static str, bool, bool)];

/// Every way in which an event may have been spent against: whether any request was submitted at all, and whether one stands
/// that is neither cancelled nor instant.
const SPENT: &[(&str, Requests, bool, bool)] = &[
    ("none", &[], false, false),
    ("instant", &[("POSTED", true, false)], true, false),
    ("automatic", &[("POSTED", false, true)], true, true),
    ("additional", &[("POSTED", false, false)], true, true),
    ("instant-automatic", &[("POSTED", true, true)], true, false),
    ("instant-cancelled", &[("CANCELLED", true, false)], true, false),
    ("automatic-cancelled", &[("CANCELLED", false, true)], true, false),
    ("additional-cancelled", &[("CANCELLED", false, false)], true, false),
    ("two-instant", &[("POSTED", true, false), ("POSTED", true, false)], true, false),
    ("instant-and-additional", &[("POSTED", true, false), ("POSTED", false, false)], true, true),
    (
        "cancelled-and-automatic",
        &[("CANCELLED", false, false), ("POSTED", false, true)],
        true,
        true,
    ),
    ("cancelled-and-instant", &[("CANCELLED", false, true), ("POSTED", true, false)], true, false),
];

/// When an event was performed, in the organization's time zone, and whether that is no longer ago than 30 calendar days
/// before 2024-04-15. The clocks went forward on 2024-03-31.
const AGES: &[(&str, &str, bool)] = &[
    ("future", "2025-01-01T00:00:00", true),
    ("today", "2024-04-15T23:59:59", true),
    ("day-30-ends", "2024-03-16T23:59:59", true),
    ("day-30-begins", "2024-03-16T00:00:00", true),
    ("day-31-ends", "2024-03-15T23:59:59", false),
    ("old", "2022-02-28T12:00:00", false),
];

const STATES: [&str; 2] = ["POSTED", "CANCELLED"];
const ACCOUNTS: [&str; 2] = ["ACR1", "ACR2"];
const CLASSIFICATIONS: [&str; 2] = ["Counter", ""];

struct Event {
    number: String,
    account: &'static str,
    classification: &'static str,
    performed_on: &'static str,
    created: &'static str,
    applied: bool,
    eligible: bool,
}

/// All kinds of events, and their files.
fn events() -> (Vec<Event>, String, String) {
    let mut events = Vec::new();
    let mut event_rows =
        String::from("number,accounts_receivable,performed_on,created,state,classification\n");
    let mut request_rows =
        String::from("number,event,performed_on,state,instant,automatic,spend_amount\n");
    for (spent, requests, applied, blocked) in SPENT {
        for (age, performed_on, young) in AGES {
            for account in ACCOUNTS {
                let index = events.len();
                let (state, classification) =
                    (STATES[index / 2 % 2], CLASSIFICATIONS[index / 3 % 2]);
                let created =
                    if index % 5 == 0 { "2024-04-02T08:00:00" } else { "2024-04-01T08:00:00" };
                let number = format!("{spent}/{age}/{account}");
                event_rows += &format!(
                    "{number},{account},{performed_on},{created},{state},{classification}\n"
                );
                for (request, (state, instant, automatic)) in requests.iter().enumerate() {
                    request_rows += &format!(
                        "{number}/{request},{number},{performed_on},{state},{instant},{automatic},1\n"
                    );
                }
                let eligible = *young && !*blocked;
                let applied = *applied;
                events.push(Event {
                    number,
                    account,
                    classification,
                    performed_on,
                    created,
                    applied,
                    eligible,
                });
            }
        }
    }
    events.sort_by(|a, b| (a.performed_on, &a.number).cmp(&(b.performed_on, &b.number)));
    (events, event_rows, request_rows)
}

type Selects = fn(&Event) -> bool;

fn selectors_and_filters_find_what_the_manual_says(database: Database) {
    let (events, event_rows, request_rows) = events();
    let files = [
        ("customers.csv", "reference,name\nC1,First\nC2,Second\n"),
        ("accounts_receivable.csv", "number,customer\nACR1,C1\nACR2,C2\n"),
        ("rewards_participants.csv", "number,accounts_receivable\n29,ACR1\n"),
        ("access_tokens.csv", "identifier,pass_code,accounts_receivable\n6666,9999,ACR1\n"),
        ("classifications.csv", "name\nCounter\n"),
        ("purchase_events.csv", event_rows.as_str()),
        ("spend_requests.csv", request_rows.as_str()),
    ];
    let book = Book::of(database, &files, "Europe/Berlin", "2024-04-15");
    let card = json!({"access_token_identifier": {"identifier": "6666", "pass_code": "9999"}});
    let selectors: [(Value, Selects); 6] = [
        (json!({"accounts_receivable_identifier": {"number": "ACR1"}}), |event| {
            event.account == "ACR1"
        }),
        (json!({"accounts_receivable_identifier": card}), |event| event.account == "ACR1"),
        (json!({"rewards_participant_identifier": {"number": "29"}}), |event| {
            event.account == "ACR1"
        }),
        (json!({"classification_identifier": {"name": "Counter"}}), |event| {
            event.classification == "Counter"
        }),
        (json!({"created_after_date": "2024-04-01T07:59:59"}), |_| true),
        (json!({"created_after_date": "2024-04-01T08:00:00"}), |event| {
            event.created > "2024-04-01T08:00:00"
        }),
    ];
    let filters: [(Value, Selects); 11] = [
        (json!({}), |_| true),
        (json!({"spend_requests_applied": true}), |event| event.applied),
        (json!({"spend_requests_applied": false}), |event| !event.applied),
        (json!({"eligible_for_spending": true}), |event| event.eligible),
        (json!({"eligible_for_spending": false}), |event| !event.eligible),
        (json!({"eligible_for_spending": "true", "spend_requests_applied": "true"}), |event| {
            event.eligible && event.applied
        }),
        (json!({"eligible_for_spending": false, "spend_requests_applied": false}), |event| {
            !event.eligible && !event.applied
        }),
        (json!({"submitted_after_date": "2024-03-16"}), |event| {
            event.performed_on > "2024-03-16T00:00:00"
        }),
        (json!({"submitted_before_date": "2024-03-16T00:00:00"}), |event| {
            event.performed_on < "2024-03-16T00:00:00"
        }),
        (
            json!({"submitted_after_date": "2024-03-15T23:59:59", "submitted_before_date": "2024-04-15T23:59:59"}),
            |event| {
                event.performed_on > "2024-03-15T23:59:59"
                    && event.performed_on < "2024-04-15T23:59:59"
            },
        ),
        (
            json!({"created_before_date": "2024-04-02T08:00:00", "eligible_for_spending": true}),
            |event| event.created < "2024-04-02T08:00:00" && event.eligible,
        ),
    ];
    for (selector, selects) in &selectors {
        for (filter, admits) in &filters {
            let mut parameters = json!({"fields_set": "number"});
            let members = parameters.as_object_mut().unwrap();
            members.extend(selector.as_object().unwrap().clone());
            members.extend(filter.as_object().unwrap().clone());
            let expected: Vec<&str> = events
                .iter()
                .filter(|event| selects(event) && admits(event))
                .map(|event| event.number.as_str())
                .collect();
            assert_eq!(numbers(&book.list(&parameters)), expected, "{parameters}");
        }
    }
    // The period is the organization's own.
    book.workspace.ok(&["organization", "set", "Acme", "spend_period_days=31"]);
    let longer = json!({
        "accounts_receivable_identifier": {"number": "ACR1"},
        "eligible_for_spending": true,
        "submitted_before_date": "2024-03-16",
        "spend_requests_applied": false,
        "fields_set": "number",
    });
    assert_eq!(numbers(&book.list(&longer)), ["none/day-31-ends/ACR1"]);
}
