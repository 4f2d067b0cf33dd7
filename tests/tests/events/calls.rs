//! Single calls: selectors, identifiers, parameters, paging and the choice of members.

use serde_json::{Value, json};
use tradebook_tests::{Database, on_each_database};

use crate::book::{Book, LIST, RELEASE, SHOW, TOKEN, code, data, refusal};

on_each_database! {
    every_identifier_finds_the_events,
    identifiers_that_name_nothing_are_told_alike,
    exactly_one_selector_is_given,
    what_cannot_be_understood_is_named,
    pages_follow_each_other,
    members_are_chosen_by_name,
    a_single_event_is_shown,
    paths_are_exact_but_for_a_slash,
    a_body_has_a_largest_size,
}

fn merged(left: &Value, right: Value) -> Value {
    let mut merged = left.clone();
    merged.as_object_mut().unwrap().extend(right.as_object().unwrap().clone());
    merged
}

fn every_identifier_finds_the_events(database: Database) {
    let book = Book::on(database);
    let token = |token: Value| json!({ "access_token_identifier": token });
    let account = |value: Value| json!({ "accounts_receivable_identifier": value });
    let participant = |value: Value| json!({ "rewards_participant_identifier": value });
    let classification = |value: Value| json!({ "classification_identifier": value });
    let first: &[&str] = &["5", "11", "12"];
    for (selector, expected) in [
        (account(json!({"id": "A1"})), first),
        (account(json!({"number": "ACR1"})), first),
        (account(json!({"number": " ACR1 ", "id": null, "colour": "red"})), first),
        (account(json!({"name": "Shop"})), first),
        (account(token(json!({"identifier": "6666", "pass_code": "9999"}))), first),
        (account(token(json!({"identifier": 6666, "pass_code": 9999}))), first),
        (account(token(json!({"authentication_code": "AUTH-1"}))), first),
        (account(token(json!({"one_time_password": 123456}))), first),
        (account(token(json!({"one_time_password": "123456"}))), first),
        (participant(json!({"number": "29"})), first),
        (participant(json!({"number": 29})), first),
        (participant(json!({"id": "129"})), first),
        (participant(token(json!({"identifier": "6666", "pass_code": "9999"}))), first),
        (participant(json!({"number": "30"})), &["20"]),
        (account(json!({"number": "ACR3"})), &[]),
        (classification(json!({"id": "CL1"})), &["11", "20"]),
        (classification(json!({"name": "Counter"})), &["11", "20"]),
        (classification(json!({"alternative_code": "C"})), &["11", "20"]),
        (json!({"created_after_date": "2024-05-02T11:00:00"}), &["5", "12"]),
        (json!({"created_after_date": "2024-05-03"}), &["5"]),
    ] {
        let numbers = book.numbers(&merged(&selector, json!({"fields_set": "number"})));
        assert_eq!(numbers, expected, "{selector}");
    }
}

fn identifiers_that_name_nothing_are_told_alike(database: Database) {
    let book = Book::on(database);
    let token = |token: Value| json!({"accounts_receivable_identifier": {"access_token_identifier": token}});
    let bodies = [
        token(json!({"identifier": "6666", "pass_code": "9998"})),
        token(json!({"identifier": "nobody", "pass_code": "9999"})),
        token(json!({"identifier": "7777", "pass_code": "8888"})),
        token(json!({"identifier": "5555", "pass_code": "4444"})),
        token(json!({"authentication_code": "AUTH-2"})),
        token(json!({"authentication_code": "auth-1"})),
        token(json!({"one_time_password": 654321})),
        json!({"accounts_receivable_identifier": {"number": "acr1"}}),
        json!({"accounts_receivable_identifier": {"id": "ACR1"}}),
        json!({"accounts_receivable_identifier": {"name": "nobody"}}),
        json!({"accounts_receivable_identifier": {"name": "nul\0"}}),
    ];
    let told: Vec<_> = bodies.iter().map(|body| refusal(&book.list(body))).collect();
    for (body, (code, description)) in bodies.iter().zip(&told) {
        assert_eq!(code, "NOT_FOUND", "{body}");
        assert!(description.starts_with("accounts_receivable_identifier"), "{description}");
    }
    // Nobody learns whether it was the card or its code.
    assert!(told[..7].iter().all(|description| *description == told[0]));
    for (body, name) in [
        (
            json!({"rewards_participant_identifier": {"number": "31"}}),
            "rewards_participant_identifier",
        ),
        (json!({"rewards_participant_identifier": {"id": "29"}}), "rewards_participant_identifier"),
        (json!({"rewards_participant_identifier": {"id": "x"}}), "rewards_participant_identifier"),
        (json!({"classification_identifier": {"name": "counter"}}), "classification_identifier"),
    ] {
        let (code, description) = refusal(&book.list(&body));
        assert_eq!(code, "NOT_FOUND", "{body}");
        assert!(description.starts_with(name), "{description}");
    }
    // Also where the page is empty.
    let nothing =
        json!({"accounts_receivable_identifier": {"number": "x"}, "number_of_results": 0});
    assert_eq!(code(&book.list(&nothing)), "NOT_FOUND");
}

fn exactly_one_selector_is_given(database: Database) {
    let book = Book::on(database);
    let selectors = [
        ("rewards_participant_identifier", json!({"number": "29"})),
        ("accounts_receivable_identifier", json!({"number": "ACR1"})),
        ("classification_identifier", json!({"name": "Counter"})),
        ("created_after_date", json!("2024-05-01")),
    ];
    for chosen in 0_usize..16 {
        let mut body = json!({"fields_set": "number"});
        let mut given = 0;
        for (index, (name, value)) in selectors.iter().enumerate() {
            if chosen & (1 << index) != 0 {
                body[*name] = value.clone();
                given += 1;
            } else if index % 2 == 0 {
                body[*name] = Value::Null;
            }
        }
        let answer = book.list(&body);
        match given {
            0 => assert_eq!(code(&answer), "MISSING_PARAMETER", "{body}"),
            1 => assert!(data(&answer).is_array(), "{body}"),
            _ => assert_eq!(code(&answer), "CONFLICTING_PARAMETERS", "{body}"),
        }
    }
    // What narrows does not select.
    for filter in [
        json!({"created_before_date": "2024-06-01"}),
        json!({"submitted_after_date": "2024-05-01", "spend_requests_applied": true}),
    ] {
        assert_eq!(code(&book.list(&filter)), "MISSING_PARAMETER", "{filter}");
    }
}

fn what_cannot_be_understood_is_named(database: Database) {
    let book = Book::on(database);
    let account = json!({"accounts_receivable_identifier": {"number": "ACR1"}});
    for (body, name) in [
        (json!({"accounts_receivable_identifier": {}}), "accounts_receivable_identifier"),
        (json!({"accounts_receivable_identifier": "ACR1"}), "accounts_receivable_identifier"),
        (
            json!({"accounts_receivable_identifier": {"id": "A1", "number": "ACR1"}}),
            "accounts_receivable_identifier",
        ),
        (
            json!({"accounts_receivable_identifier": {"name": "Twin"}}),
            "accounts_receivable_identifier.name",
        ),
        (
            json!({"accounts_receivable_identifier": {"customer_identification_medium_identifier": {"number": "1"}}}),
            "accounts_receivable_identifier.customer_identification_medium_identifier",
        ),
        (
            json!({"accounts_receivable_identifier": {"access_token_identifier": {"identifier": "6666"}}}),
            "accounts_receivable_identifier.access_token_identifier",
        ),
        (json!({"rewards_participant_identifier": {}}), "rewards_participant_identifier"),
        (json!({"classification_identifier": {}}), "classification_identifier"),
        (
            json!({"classification_identifier": {"alternative_code": "O"}}),
            "classification_identifier.alternative_code",
        ),
        (json!({"created_after_date": "yesterday"}), "created_after_date"),
        (merged(&account, json!({"created_before_date": "2024-02-30"})), "created_before_date"),
        (merged(&account, json!({"submitted_after_date": 5})), "submitted_after_date"),
        (merged(&account, json!({"submitted_before_date": "01/05/2024"})), "submitted_before_date"),
        (merged(&account, json!({"spend_requests_applied": "maybe"})), "spend_requests_applied"),
        (merged(&account, json!({"eligible_for_spending": 1})), "eligible_for_spending"),
        (merged(&account, json!({"number_of_results": -1})), "number_of_results"),
        (merged(&account, json!({"number_of_results": "ten"})), "number_of_results"),
        (merged(&account, json!({"number_of_results": 1.5})), "number_of_results"),
        (merged(&account, json!({"offset": -1})), "offset"),
        (merged(&account, json!({"offset": ""})), "offset"),
        (merged(&account, json!({"fields_set": 7})), "fields_set"),
    ] {
        let (code, description) = refusal(&book.list(&body));
        assert_eq!(code, "INVALID_PARAMETER", "{body}");
        assert!(description.starts_with(&format!("{name} ")), "{body}: {description}");
    }
    for body in ["{", "[]", "7", "token=x", "\u{0}"] {
        let answer = book.server.request("POST", LIST, &[], body.as_bytes());
        assert_eq!(code(&answer), "INVALID_PARAMETER", "{body}");
    }
}

fn pages_follow_each_other(database: Database) {
    let book = Book::on(database);
    let all = json!({"created_after_date": "2000-01-01", "fields_set": "number"});
    let page = |parameters: Value| book.numbers(&merged(&all, parameters));
    let order = ["5", "11", "12", "20"];
    assert_eq!(page(json!({})), order);
    for offset in 0..6 {
        for size in 0..6 {
            let expected: Vec<&str> = order.into_iter().skip(offset).take(size).collect();
            assert_eq!(page(json!({"offset": offset, "number_of_results": size})), expected);
        }
        assert_eq!(page(json!({ "offset": offset })), order[offset.min(4)..]);
    }
    assert_eq!(page(json!({"offset": "1", "number_of_results": "2"})), ["11", "12"]);
    assert_eq!(page(json!({"offset": null, "number_of_results": null})), order);
    assert_eq!(page(json!({"offset": u64::MAX})), [""; 0]);
    assert_eq!(page(json!({"number_of_results": u64::MAX, "offset": 3})), ["20"]);
}

fn members_are_chosen_by_name(database: Database) {
    let book = Book::on(database);
    let with = |fields: Value| {
        let parameters =
            json!({"accounts_receivable_identifier": {"number": "ACR1"}, "fields_set": fields});
        data(&book.list(&parameters))
    };
    assert_eq!(
        with(json!("number , description,nothing")),
        json!([
            {"number": "5", "description": "A \"quoted\" text"},
            {"number": "11", "description": null},
            {"number": "12", "description": null},
        ])
    );
    assert_eq!(with(json!(["nothing"])), json!([{}, {}, {}]));
    let all = with(Value::Null);
    assert_eq!(all[0].as_object().unwrap().len(), 57);
    for blank in [json!(""), json!("  "), json!([])] {
        assert_eq!(with(blank), all);
    }
    let totals = with(json!("total_amount,net_amount,vat_amount"));
    assert_eq!(
        totals,
        json!([
            {"total_amount": 100, "net_amount": 80, "vat_amount": 20},
            {"total_amount": 10.02, "net_amount": 10, "vat_amount": 0.02},
            {"total_amount": null, "net_amount": null, "vat_amount": null},
        ])
    );
    let spent = with(json!(
        "total_spend_amount,total_instant_spend_amount,total_automatic_spend_amount,total_additional_spend_amount"
    ));
    assert_eq!(
        spent[0],
        json!({
            "total_spend_amount": 3.75,
            "total_instant_spend_amount": 1.5,
            "total_automatic_spend_amount": 2,
            "total_additional_spend_amount": 0.25,
        })
    );
    let lines = with(json!("products_set"));
    let quantities: Vec<&Value> =
        lines[0]["products_set"].as_array().unwrap().iter().map(|line| &line["quantity"]).collect();
    assert_eq!(quantities, [&Value::Null, &json!(1)]);
    assert_eq!(lines[2]["products_set"], json!([]));
    let (instant, automatic) =
        (&all[0]["instant_spend_request"], &all[0]["automatic_spend_request"]);
    assert_eq!((&instant["number"], &automatic["number"]), (&json!("S1"), &json!("S2")));
}

fn a_single_event_is_shown(database: Database) {
    let book = Book::on(database);
    let by_number = book.show("customer_event_identifier=number=5&fields_set=id,%20number");
    assert_eq!(
        by_number.body,
        r#"{"data":{"id":"E5","number":"5"},"status":{"code":"OK","description":"","message":""}}"#
    );
    assert_eq!(by_number.header("content-type"), Some("application/json;charset=UTF-8"));
    assert_eq!(by_number.header("cache-control"), Some("no-store"));
    let by_id = book.show("customer_event_identifier=id%3DE5");
    let listed = book.list(&json!({"accounts_receivable_identifier": {"number": "ACR1"}}));
    assert_eq!(data(&by_id), data(&listed)[0]);
    for (query, expected) in [
        ("customer_event_identifier=number=6", "NOT_FOUND"),
        ("customer_event_identifier=id=5", "NOT_FOUND"),
        ("customer_event_identifier=number=%00", "NOT_FOUND"),
        ("", "MISSING_PARAMETER"),
        ("customer_event_identifier=", "INVALID_PARAMETER"),
        ("customer_event_identifier=5", "INVALID_PARAMETER"),
        ("customer_event_identifier=number=", "INVALID_PARAMETER"),
        ("customer_event_identifier=name=5", "INVALID_PARAMETER"),
        ("customer_event_identifier=number=5&customer_event_identifier=id=E5", "INVALID_PARAMETER"),
    ] {
        assert_eq!(code(&book.show(query)), expected, "{query}");
    }
}

fn paths_are_exact_but_for_a_slash(database: Database) {
    let book = Book::on(database);
    let body = json!({"token": book.token, "created_after_date": "2000-01-01"}).to_string();
    for path in [LIST.to_owned(), format!("{LIST}/"), format!("{LIST}/?x=1"), format!("{LIST}?x=1")]
    {
        for content_type in [
            Some("application/json"),
            Some("text/plain"),
            Some("application/json; charset=utf-8"),
            None,
        ] {
            let headers: Vec<(&str, &str)> =
                content_type.iter().map(|value| ("Content-Type", *value)).collect();
            let answer = book.server.request("POST", &path, &headers, body.as_bytes());
            assert_eq!(data(&answer).as_array().map(Vec::len), Some(4), "{path} {content_type:?}");
        }
    }
    let shown = format!("{SHOW}/?token={}&customer_event_identifier=number=5", book.token);
    assert!(data(&book.server.get(&shown)).is_object());
    for (method, path, status, allow) in [
        ("GET", LIST, 405, Some("POST")),
        ("PUT", LIST, 405, Some("POST")),
        ("POST", SHOW, 405, Some("GET")),
        ("GET", TOKEN, 405, Some("POST")),
        ("DELETE", RELEASE, 405, Some("POST")),
        ("POST", "/crmapi/rest/v2/customer_events/purchases/list//", 404, None),
        ("POST", "/crmapi/rest/v2/customer_events/purchases/LIST", 404, None),
        ("POST", "/crmapi/rest/v1/customer_events/purchases/list", 404, None),
        ("GET", "/crmapi/rest/v2/contact_information/show", 404, None),
        ("GET", "/crmapi", 404, None),
    ] {
        let answer = book.server.request(method, path, &[], body.as_bytes());
        assert_eq!((answer.status, answer.header("allow")), (status, allow), "{method} {path}");
        assert_eq!(answer.header("content-type"), Some("application/json;charset=UTF-8"), "{path}");
        let told = answer.json();
        assert_eq!(told["status"]["code"], "NOT_FOUND", "{method} {path}");
        assert!(told["data"].is_null());
    }
}

fn a_body_has_a_largest_size(database: Database) {
    let book = Book::on(database);
    let body = format!("{{\"token\": \"{}\", \"x\": \"{}\"}}", book.token, "x".repeat(5 << 20));
    let answer = book.server.request("POST", LIST, &[], body.as_bytes());
    assert_eq!(answer.status, 413);
    assert_eq!(answer.json()["status"]["code"], "INVALID_PARAMETER");
}
