//! A thousand random queries against a literal filter in memory.

use serde_json::{Map, Value, json};
use tradebook_tests::{Database, on_each_database};

use crate::book::{Book, numbers};

on_each_database! {
    a_thousand_random_queries_find_what_a_literal_filter_finds,
}

const EVENTS: u64 = 400;
const QUERIES: u64 = 1000;
/// Business day 2024-06-15; the period is 30 days. All dates are in UTC.
const TODAY: &str = "2024-06-15";
const YOUNG_FROM: &str = "2024-05-16T00:00:00";

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn choose<'c, T>(&mut self, choices: &'c [T]) -> &'c T {
        &choices[usize::try_from(self.throw(u64::try_from(choices.len()).unwrap())).unwrap()]
    }

    /// A moment of April to June 2024, often one that others have too.
    fn moment(&mut self) -> String {
        let (month, day) = (4 + self.throw(3), 1 + self.throw(30));
        let hour = *self.choose(&[0, 0, 12, 23]);
        let second = *self.choose(&[0, 0, 0, 1, 59]);
        format!("2024-{month:02}-{day:02}T{hour:02}:00:{second:02}")
    }
}

#[derive(Debug)]
struct Event {
    number: String,
    account: u64,
    classification: Option<u64>,
    performed_on: String,
    created: String,
    /// Cancelled, instant.
    requests: Vec<(bool, bool)>,
}

fn events(dice: &mut Dice) -> Vec<Event> {
    let mut events: Vec<Event> = (0..EVENTS)
        .map(|index| Event {
            // 1, 10, 100, 11, …: as text, not as numbers.
            number: format!("{}", index * 7 + 1),
            account: dice.throw(4),
            classification: Some(dice.throw(3)).filter(|class| *class < 2),
            performed_on: dice.moment(),
            created: dice.moment(),
            requests: (0..dice.throw(4).saturating_sub(1))
                .map(|_| (dice.throw(2) == 0, dice.throw(2) == 0))
                .collect(),
        })
        .collect();
    events.sort_by(|a, b| (&a.performed_on, &a.number).cmp(&(&b.performed_on, &b.number)));
    events
}

fn files(events: &[Event]) -> Vec<(&'static str, String)> {
    let mut event_rows =
        String::from("number,accounts_receivable,performed_on,created,classification\n");
    let mut request_rows = String::from("number,event,performed_on,state,instant,automatic\n");
    for event in events {
        let Event { number, account, classification, performed_on, created, requests } = event;
        let class = classification.map(|class| format!("K{class}")).unwrap_or_default();
        event_rows += &format!("{number},A{account},{performed_on}Z,{created}Z,{class}\n");
        for (index, (cancelled, instant)) in requests.iter().enumerate() {
            let state = if *cancelled { "CANCELLED" } else { "POSTED" };
            let automatic = index % 2 == 1;
            request_rows += &format!(
                "{number}-{index},{number},{performed_on}Z,{state},{instant},{automatic}\n"
            );
        }
    }
    vec![
        ("customers.csv", "reference,name\nC,Customer\n".into()),
        ("accounts_receivable.csv", "number,customer\nA0,C\nA1,C\nA2,C\nA3,C\n".into()),
        (
            "rewards_participants.csv",
            "number,accounts_receivable\nP0,A0\nP1,A1\nP2,A2\nP3,A3\n".into(),
        ),
        ("classifications.csv", "name\nK0\nK1\n".into()),
        ("purchase_events.csv", event_rows),
        ("spend_requests.csv", request_rows),
    ]
}

/// What a parameter says, in words of Rust.
type Rule = Box<dyn Fn(&Event) -> bool>;

/// A query, what its parameters say together, how many events it skips and how many it takes.
fn query(dice: &mut Dice) -> (Value, Rule, usize, Option<usize>) {
    let mut body = Map::new();
    let mut rules: Vec<Rule> = Vec::new();
    let wanted = dice.throw(4);
    match dice.throw(4) {
        0 => {
            body.insert(
                "rewards_participant_identifier".into(),
                json!({"number": format!("P{wanted}")}),
            );
            rules.push(Box::new(move |event| event.account == wanted));
        }
        1 => {
            body.insert(
                "accounts_receivable_identifier".into(),
                json!({"number": format!("A{wanted}")}),
            );
            rules.push(Box::new(move |event| event.account == wanted));
        }
        2 => {
            let wanted = wanted % 2;
            body.insert("classification_identifier".into(), json!({"name": format!("K{wanted}")}));
            rules.push(Box::new(move |event| event.classification == Some(wanted)));
        }
        _ => {
            let after = dice.moment();
            body.insert("created_after_date".into(), json!(after));
            rules.push(Box::new(move |event| event.created > after));
        }
    }
    if dice.throw(4) == 0 {
        let before = dice.moment();
        body.insert("created_before_date".into(), json!(before));
        rules.push(Box::new(move |event| event.created < before));
    }
    if dice.throw(3) == 0 {
        let after = dice.moment();
        body.insert("submitted_after_date".into(), json!(after));
        rules.push(Box::new(move |event| event.performed_on > after));
    }
    if dice.throw(3) == 0 {
        let before = dice.moment();
        body.insert("submitted_before_date".into(), json!(before));
        rules.push(Box::new(move |event| event.performed_on < before));
    }
    if dice.throw(3) == 0 {
        let applied = dice.throw(2) == 0;
        body.insert("spend_requests_applied".into(), json!(applied));
        rules.push(Box::new(move |event| event.requests.is_empty() != applied));
    }
    if dice.throw(2) == 0 {
        let eligible = dice.throw(2) == 0;
        body.insert("eligible_for_spending".into(), json!(eligible));
        rules.push(Box::new(move |event| {
            let young = event.performed_on.as_str() >= YOUNG_FROM;
            let other = event.requests.iter().any(|(cancelled, instant)| !cancelled && !instant);
            (young && !other) == eligible
        }));
    }
    let (mut offset, mut size) = (0, None);
    if dice.throw(3) == 0 {
        offset = usize::try_from(dice.throw(20)).unwrap();
        body.insert("offset".into(), json!(offset));
    }
    if dice.throw(3) == 0 {
        size = Some(usize::try_from(dice.throw(30)).unwrap());
        body.insert("number_of_results".into(), json!(size));
    }
    body.insert("fields_set".into(), json!("number"));
    (Value::Object(body), Box::new(move |event| rules.iter().all(|rule| rule(event))), offset, size)
}

fn a_thousand_random_queries_find_what_a_literal_filter_finds(database: Database) {
    let mut dice = Dice(2024);
    let events = events(&mut dice);
    let files = files(&events);
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let book = Book::of(database, &files, "UTC", TODAY);
    let mut found = 0;
    for _ in 0..QUERIES {
        let (body, admits, offset, size) = query(&mut dice);
        let expected: Vec<&str> = events
            .iter()
            .filter(|event| admits(event))
            .skip(offset)
            .take(size.unwrap_or(usize::MAX))
            .map(|event| event.number.as_str())
            .collect();
        assert_eq!(numbers(&book.list(&body)), expected, "{body}");
        found += expected.len();
    }
    assert!(found > 10_000, "the queries find something: {found}");
}
