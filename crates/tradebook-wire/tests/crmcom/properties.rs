//! Nothing makes a reader panic, and what is written is JSON with exactly the members that were chosen.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use tradebook_model::{Money, TimeZone};
use tradebook_wire::crmcom::{
    EventWriter, Fault, FieldsSet, ListRequest, Parameters, ShowRequest, UserLogin, parameter,
};

use crate::events::{bare, complete};

/// A value that a client might put anywhere.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,12}".prop_map(Value::String),
        "[0-9]{0,4}(-[0-9]{0,2}){0,3}(T[0-9:]{0,8})?[.0-9]{0,4}[Z+:0-9-]{0,6}"
            .prop_map(Value::String),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::Array),
            vec((member(), inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn member() -> impl Strategy<Value = String> {
    const KNOWN: [&str; 24] = [
        parameter::TOKEN,
        parameter::PARTICIPANT,
        parameter::ACCOUNT,
        parameter::CLASSIFICATION,
        parameter::ACCESS_TOKEN,
        parameter::EVENT,
        parameter::CREATED_AFTER,
        parameter::CREATED_BEFORE,
        parameter::SUBMITTED_AFTER,
        parameter::SUBMITTED_BEFORE,
        parameter::SPEND_REQUESTS_APPLIED,
        parameter::ELIGIBLE_FOR_SPENDING,
        parameter::NUMBER_OF_RESULTS,
        parameter::OFFSET,
        parameter::FIELDS_SET,
        parameter::USERNAME,
        parameter::PASSWORD,
        parameter::ORGANISATION,
        "id",
        "number",
        "name",
        "identifier",
        "pass_code",
        "one_time_password",
    ];
    prop_oneof![9 => proptest::sample::select(&KNOWN[..]).prop_map(str::to_owned), 1 => ".{0,6}"]
}

fn read_everything(parameters: &Parameters) {
    let _ = parameters.token();
    let _ = ListRequest::read(parameters, &TimeZone::UTC);
    let _ = ListRequest::read(parameters, &"America/Santiago".parse().unwrap());
    let _ = ShowRequest::read(parameters);
    let _ = UserLogin::read(parameters);
}

/// A name: of a member, or nearly.
fn name() -> impl Strategy<Value = String> {
    let names: Vec<&str> = FieldsSet::names().collect();
    prop_oneof![
        8 => proptest::sample::select(names).prop_map(str::to_owned),
        1 => "[a-z_ ]{0,10}",
    ]
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in vec(any::<u8>(), 0..200)) {
        if let Ok(parameters) = Parameters::from_body(&bytes) {
            read_everything(&parameters);
        }
    }

    #[test]
    fn no_members_make_a_reader_panic(members in vec((member(), value()), 0..8)) {
        let body = Value::Object(members.into_iter().collect()).to_string();
        read_everything(&Parameters::from_body(body.as_bytes()).unwrap());
    }

    #[test]
    fn no_query_makes_a_reader_panic(pairs in vec((member(), ".{0,20}"), 0..6)) {
        read_everything(&Parameters::from_query(pairs));
    }

    #[test]
    fn faults_do_not_repeat_what_was_sent(secret in "[A-Z]{12}", at in member()) {
        let body = json!({ at: secret, "accounts_receivable_identifier": {
            "access_token_identifier": {"identifier": secret, "one_time_password": secret},
        }});
        let parameters = Parameters::from_body(body.to_string().as_bytes()).unwrap();
        let faults: [Option<Fault>; 3] = [
            ListRequest::read(&parameters, &TimeZone::UTC).err(),
            ShowRequest::read(&parameters).err(),
            UserLogin::read(&parameters).err(),
        ];
        for fault in faults.into_iter().flatten() {
            let body = String::from_utf8(fault.body()).unwrap();
            prop_assert!(!body.contains(&secret), "{body}");
            let body: Value = serde_json::from_str(&body).unwrap();
            prop_assert_eq!(body["status"]["code"].as_str(), Some(fault.code().word()));
            prop_assert!(body["data"].is_null());
        }
    }

    #[test]
    fn events_have_exactly_the_chosen_members(
        chosen in vec(name(), 1..6),
        text in "[^\\p{Cc}]{1,20}",
        micros in vec(proptest::option::of(Money::MIN.micros()..=Money::MAX.micros()), 3),
        count in 0_usize..4,
    ) {
        let amounts: Vec<Option<Money>> =
            micros.iter().map(|micros| micros.map(|m| Money::from_micros(m).unwrap())).collect();
        let mut event = complete();
        event.description = text.parse().ok();
        for (line, amount) in event.lines.iter_mut().zip(&amounts) {
            line.total_amount = *amount;
        }
        let events = [event, bare()];
        let set = FieldsSet::of(chosen.iter().map(String::as_str));
        let mut out = Vec::new();
        let mut writer = EventWriter::new(set, "Asia/Kathmandu".parse().unwrap());
        writer.begin(&mut out);
        for event in events.iter().cycle().take(count) {
            writer.event(&mut out, event);
        }
        writer.end(&mut out);
        let answer: Value = serde_json::from_slice(&out).unwrap();
        let shown = answer["data"].as_array().unwrap();
        prop_assert_eq!(shown.len(), count);
        let named: Vec<&str> = chosen.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
        let expected: Vec<&str> =
            FieldsSet::names().filter(|name| named.is_empty() || named.contains(name)).collect();
        for (shown, event) in shown.iter().zip(events.iter().cycle()) {
            let names: Vec<&str> = shown.as_object().unwrap().keys().map(String::as_str).collect();
            prop_assert_eq!(&names, &expected);
            if names.contains(&"description") {
                prop_assert_eq!(shown["description"].as_str(), event.description.as_ref().map(AsRef::as_ref));
            }
        }
    }
}
