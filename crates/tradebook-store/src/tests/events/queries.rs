//! What a query finds is what its definition says.

use std::ops::ControlFlow;

use tradebook_model::{
    AccountIdentifier, ClassificationIdentifier, EventFilter, EventIdentifier, EventPage,
    EventParts, EventSelector, OrganizationId, ParticipantIdentifier, PurchaseEvent, SpendPeriod,
};

use super::book::{ACCOUNTS, CLASSIFICATIONS, Known, Random, day, id, put_accounts, put_events};
use crate::tests::database::Database;
use crate::tests::fixture::organization;
use crate::tests::on_each_database;
use crate::{EventFault, EventQuery, Store};

on_each_database! {
    queries_find_what_their_definition_says,
    identifiers_name_one_record_or_none,
    a_reader_may_break_off,
}

const NOTHING: EventParts = EventParts { lines: false, spend_requests: false };

fn all(selector: EventSelector) -> EventQuery {
    EventQuery {
        selector,
        filter: EventFilter::default(),
        period: SpendPeriod {
            today: time::macros::date!(2024 - 03 - 31),
            days: 3,
            time_zone: "Europe/Berlin".parse().unwrap(),
        },
        page: EventPage::default(),
        parts: NOTHING,
    }
}

fn told(
    store: &Store,
    org: OrganizationId,
    query: &EventQuery,
) -> Result<Vec<PurchaseEvent>, EventFault> {
    let mut events = Vec::new();
    store.purchase_events(org, query, |event| {
        events.push(event);
        ControlFlow::Continue(())
    })?;
    Ok(events)
}

fn account(number: &str) -> EventSelector {
    EventSelector::Account(AccountIdentifier::Number(number.to_owned()))
}

fn random_query(random: &mut Random) -> EventQuery {
    let selector = match random.below(4) {
        0 => EventSelector::CreatedAfter(day(random.below(26))),
        1 => {
            let number = random.below(CLASSIFICATIONS.unsigned_abs().into()) + 1;
            let name = format!("Class {number}");
            EventSelector::Classification(ClassificationIdentifier::Name(name))
        }
        2 => {
            let number = if random.one_in(2) { "3" } else { "x" };
            EventSelector::Participant(ParticipantIdentifier::Number(number.to_owned()))
        }
        _ => account(&format!("ACR{}", random.below(ACCOUNTS.unsigned_abs().into()) + 1)),
    };
    let moment = |random: &mut Random| {
        let fraction = time::Duration::microseconds(random.below(3).cast_signed() * 300);
        random.maybe(|random| day(random.below(24)) + fraction)
    };
    EventQuery {
        filter: EventFilter {
            created_after: moment(random).filter(|_| random.one_in(3)),
            created_before: moment(random),
            submitted_after: moment(random),
            submitted_before: moment(random),
            spend_requests_applied: random.maybe(|random| random.one_in(2)),
            eligible_for_spending: random.maybe(|random| random.one_in(2)),
        },
        page: EventPage {
            offset: if random.one_in(2) { random.below(40) } else { 0 },
            limit: random.maybe(|random| random.below(60)),
        },
        parts: EventParts { lines: random.one_in(4), spend_requests: random.one_in(4) },
        ..all(selector)
    }
}

fn is_selected(known: &Known, selector: &EventSelector) -> bool {
    let purchase = &known.purchase;
    match selector {
        EventSelector::CreatedAfter(moment) => purchase.created > *moment,
        EventSelector::Classification(ClassificationIdentifier::Name(name)) => {
            purchase.classification.is_some_and(|class| format!("Class {}", class.get()) == *name)
        }
        EventSelector::Participant(ParticipantIdentifier::Number(number)) => {
            purchase.account == id(if number == "3" { 1 } else { 2 })
        }
        EventSelector::Account(AccountIdentifier::Number(number)) => {
            format!("ACR{}", purchase.account.get()) == *number
        }
        other => panic!("{other:?}"),
    }
}

fn queries_find_what_their_definition_says(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    let other = organization(&store, "two").id;
    let mut random = Random::new();
    for org in [org, other] {
        put_accounts(&store, org);
    }
    put_events(&store, other, 50, &mut random);
    let known = put_events(&store, org, 160, &mut random);
    let mut found = 0;
    for _ in 0..1000 {
        let query = random_query(&mut random);
        let expected: Vec<&Known> = known
            .iter()
            .filter(|known| is_selected(known, &query.selector))
            .filter(|known| {
                let Known { purchase, requests, .. } = known;
                query.filter.admits(
                    purchase.created,
                    purchase.performed_on,
                    requests,
                    &query.period,
                )
            })
            .skip(usize::try_from(query.page.offset).unwrap())
            .take(query.page.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap()))
            .collect();
        let events = told(&store, org, &query).unwrap();
        let numbers = |events: &mut dyn Iterator<Item = String>| events.collect::<Vec<_>>();
        assert_eq!(
            numbers(&mut events.iter().map(|event| event.number.to_string())),
            numbers(&mut expected.iter().map(|known| known.purchase.number.to_string())),
            "{query:?}"
        );
        for (event, known) in events.iter().zip(expected) {
            let lines = if query.parts.lines { known.lines } else { 0 };
            assert_eq!(event.lines.len(), lines);
            let requests: &[_] =
                if query.parts.spend_requests { &known.requests } else { Default::default() };
            assert_eq!(event.spend_requests, requests);
            assert_eq!(event.id, known.purchase.id);
        }
        found += events.len();
    }
    assert!(found > 2000, "{found} events tell little");
}

fn identifiers_name_one_record_or_none(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    let other = organization(&store, "two").id;
    put_accounts(&store, org);
    put_events(&store, org, 20, &mut Random::new());
    let text = ToOwned::to_owned;
    let account = |identifier| EventSelector::Account(identifier);
    let participant = |identifier| EventSelector::Participant(identifier);
    let class = |identifier| EventSelector::Classification(identifier);
    let cases = [
        (account(AccountIdentifier::Id(text("A1"))), None),
        (account(AccountIdentifier::Number(text(" ACR1 "))), None),
        (account(AccountIdentifier::Number(text("acr1"))), Some("accounts_receivable_identifier")),
        (account(AccountIdentifier::Name(text("Account 3"))), None),
        (account(AccountIdentifier::Name(text("Account 2"))), Some("name")),
        (account(AccountIdentifier::Name(text("a\0b"))), Some("accounts_receivable_identifier")),
        (participant(ParticipantIdentifier::Id(text("2"))), None),
        (
            participant(ParticipantIdentifier::Id(text("two"))),
            Some("rewards_participant_identifier"),
        ),
        (
            participant(ParticipantIdentifier::Number(text("4"))),
            Some("rewards_participant_identifier"),
        ),
        (class(ClassificationIdentifier::Id(text("C1"))), None),
        (class(ClassificationIdentifier::Name(text("Class 3"))), Some("classification_identifier")),
        (
            class(ClassificationIdentifier::AlternativeCode(text("shared"))),
            Some("alternative_code"),
        ),
    ];
    for (selector, expected) in cases {
        // Also where no event is wanted.
        for limit in [None, Some(0)] {
            let mut query = all(selector.clone());
            query.page.limit = limit;
            let fault = match told(&store, org, &query) {
                Ok(_) => None,
                Err(EventFault::NotFound(what) | EventFault::Ambiguous(what)) => Some(what),
                Err(EventFault::Store(error)) => panic!("{error:?}"),
            };
            assert_eq!(fault, expected, "{selector:?}");
            let elsewhere = told(&store, other, &query);
            assert!(matches!(elsewhere, Err(EventFault::NotFound(_))), "{selector:?}");
        }
    }
    let shown = |identifier| store.purchase_event(org, &identifier, NOTHING);
    assert_eq!(shown(EventIdentifier::Number(text("a1"))).unwrap().id.as_str(), "E1");
    assert_eq!(shown(EventIdentifier::Id(text("E3"))).unwrap().number.as_str(), "é3");
    for unknown in [EventIdentifier::Id(text("e3")), EventIdentifier::Number(text(""))] {
        let told = shown(unknown);
        assert!(matches!(told, Err(EventFault::NotFound("customer_event_identifier"))));
    }
    let elsewhere = store.purchase_event(other, &EventIdentifier::Id(text("E3")), NOTHING);
    assert!(matches!(elsewhere, Err(EventFault::NotFound(_))));
}

fn a_reader_may_break_off(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    put_accounts(&store, org);
    put_events(&store, org, 200, &mut Random::new());
    let mut taken = 0;
    store
        .purchase_events(org, &all(EventSelector::CreatedAfter(day(0))), |_| {
            taken += 1;
            if taken == 70 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .unwrap();
    assert_eq!(taken, 70);
}
