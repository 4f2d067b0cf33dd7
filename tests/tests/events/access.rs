//! Tokens: how they are got, what they open, and how they end.

use serde_json::json;
use tradebook_tests::{Database, eventually, on_each_database};

use crate::book::{
    Book, FILES, LIST, RELEASE, SHOW, TOKEN, basic, code, data, key_login, list, refusal, token,
};

on_each_database! {
    a_missing_or_wrong_token_is_told_before_anything_else,
    a_token_opens_these_calls_alone,
    a_released_token_opens_nothing,
    keys_log_in_as_the_user_of_basic,
    tokens_of_a_key_end_with_it,
    users_log_in_with_their_organization,
    a_token_sees_its_own_organization_alone,
}

fn all() -> serde_json::Value {
    json!({"created_after_date": "2000-01-01", "fields_set": "number"})
}

fn a_missing_or_wrong_token_is_told_before_anything_else(database: Database) {
    let book = Book::on(database);
    for body in [
        json!({}),
        json!({"token": null}),
        json!({"token": ""}),
        json!({"token": 7}),
        json!({"token": {"a": 1}}),
        json!({"token": "wrong"}),
        json!({"token": format!("{}x", book.token)}),
        json!({"token": book.token.to_uppercase()}),
        json!({"token": book.key}),
        json!({"token": "x".repeat(100_000)}),
        json!({"token": "nul\0"}),
        // Other faults are not told to strangers.
        json!({"token": "wrong", "offset": -1, "accounts_receivable_identifier": {}}),
        json!({"token": "wrong", "accounts_receivable_identifier": {"number": "nobody's"}}),
    ] {
        assert_eq!(code(&book.server.post(LIST, &body)), "INVALID_TOKEN", "{body}");
        assert_eq!(code(&book.server.post(RELEASE, &body)), "INVALID_TOKEN", "{body}");
    }
    assert_eq!(code(&book.server.request("POST", LIST, &[], b"")), "INVALID_TOKEN");
    for query in ["", "?token=", "?token=wrong", "?token=wrong&customer_event_identifier=x"] {
        assert_eq!(code(&book.server.get(&format!("{SHOW}{query}"))), "INVALID_TOKEN", "{query}");
    }
    // A token is a parameter, and nothing else.
    let bearer = format!("Bearer {}", book.token);
    let answer = book.server.request("POST", LIST, &[("Authorization", &bearer)], b"{}");
    assert_eq!(code(&answer), "INVALID_TOKEN");
    let in_query = format!("{LIST}?token={}", book.token);
    assert_eq!(code(&book.server.post(&in_query, &all())), "INVALID_TOKEN");
}

fn a_token_opens_these_calls_alone(database: Database) {
    let book = Book::on(database);
    let bearer = format!("Bearer {}", book.token);
    let customers =
        book.server.request("GET", "/api/v2.1/customers", &[("Authorization", &bearer)], b"");
    assert_eq!(customers.status, 401);
    let prices = book.server.post("/api/v1/PriceListNormal", &json!({"apiKey": book.token}));
    assert_eq!(prices.status, 401);
}

fn a_released_token_opens_nothing(database: Database) {
    let book = Book::on(database);
    let other = token(&book.server, &book.key);
    assert_ne!(other, book.token);
    assert_eq!(data(&book.list(&all())).as_array().map(Vec::len), Some(4));
    let released = book.server.post(RELEASE, &json!({"token": book.token}));
    assert_eq!(
        released.body,
        r#"{"data":{},"status":{"code":"OK","description":"","message":""}}"#
    );
    assert_eq!(code(&book.list(&all())), "INVALID_TOKEN");
    let again = book.server.post(RELEASE, &json!({"token": book.token}));
    assert_eq!(code(&again), "INVALID_TOKEN");
    assert_eq!(data(&list(&book.server, &other, &all())).as_array().map(Vec::len), Some(4));
}

fn keys_log_in_as_the_user_of_basic(database: Database) {
    let book = Book::on(database);
    let (server, key) = (&book.server, &book.key);
    for (authorization, expected) in [
        (basic(&format!("{key}:")), None),
        (basic(&format!("{key}:")).replace("Basic", "basic"), None),
        (basic(&format!("{key}x:")), Some("INVALID_CREDENTIALS")),
        (basic(&format!("{key}:password")), Some("INVALID_CREDENTIALS")),
        (basic(":"), Some("INVALID_CREDENTIALS")),
        (format!("Bearer {key}"), Some("INVALID_CREDENTIALS")),
        ("Basic".to_owned(), Some("INVALID_CREDENTIALS")),
        ("Basic !".to_owned(), Some("INVALID_CREDENTIALS")),
    ] {
        let answer = key_login(server, &authorization);
        match expected {
            None => assert!(data(&answer)["token"].as_str().unwrap().len() >= 20),
            Some(expected) => assert_eq!(code(&answer), expected, "{authorization}"),
        }
    }
    let none = server.request("POST", crate::book::KEY_TOKEN, &[], b"{}");
    assert_eq!(code(&none), "INVALID_CREDENTIALS");
    let with_body = server.request(
        "POST",
        crate::book::KEY_TOKEN,
        &[("Authorization", &basic(&format!("{key}:"))), ("Content-Type", "application/json")],
        br#"{"unit": "7A2F"}"#,
    );
    assert!(data(&with_body)["token"].is_string());
}

fn tokens_of_a_key_end_with_it(database: Database) {
    let book = Book::on(database);
    let second = book.workspace.key("Acme");
    let of_second = token(&book.server, &second);
    let keys = book.workspace.ok(&["key", "list", "--organization", "Acme"]);
    let id = keys.lines().last().and_then(|line| line.split('\t').next()).unwrap().to_owned();
    assert_eq!(data(&list(&book.server, &of_second, &all())).as_array().map(Vec::len), Some(4));
    book.workspace.ok(&["key", "revoke", &id]);
    assert_eq!(code(&list(&book.server, &of_second, &all())), "INVALID_TOKEN");
    assert_eq!(data(&book.list(&all())).as_array().map(Vec::len), Some(4));
    eventually(10, "the key logs nobody in", || {
        key_login(&book.server, &basic(&format!("{second}:"))).json()["status"]["code"]
            == "INVALID_CREDENTIALS"
    });
}

fn users_log_in_with_their_organization(database: Database) {
    let book = Book::on(database);
    book.workspace.organization("Other", "EUR");
    user(&book, "Acme", "ann", "correct horse");
    let login = |body: serde_json::Value| book.server.post(TOKEN, &body);
    let good = json!({"username": "ann", "password": "correct horse", "organisation": "Acme"});
    let with = |name: &str, value: serde_json::Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    let without = |name: &str| with(name, json!(null));
    for body in [good.clone(), with("unit", json!("7A2F")), with("unit", json!(7))] {
        let token = data(&login(body))["token"].as_str().unwrap().to_owned();
        let found = data(&list(&book.server, &token, &all()));
        assert_eq!(found.as_array().map(Vec::len), Some(4));
    }
    let older = json!({"username": "ann", "password": "correct horse", "organization": "Acme"});
    assert!(data(&login(older))["token"].is_string());
    for name in ["username", "password", "organisation"] {
        let (code, description) = refusal(&login(without(name)));
        assert_eq!(code, "MISSING_PARAMETER");
        assert!(description.starts_with(name), "{description}");
    }
    for (name, value) in [
        ("organisation", "Other"),
        ("organisation", "acme"),
        ("username", "bob"),
        ("username", "Ann\u{0}"),
    ] {
        assert_eq!(code(&login(with(name, json!(value)))), "INVALID_CREDENTIALS", "{name} {value}");
    }
    assert_eq!(code(&login(with("password", json!(7)))), "INVALID_PARAMETER");
    // Wrong passwords, and then attempts that come too early, are told alike.
    for _ in 0..12 {
        let wrong = login(with("password", json!("wrong horse")));
        assert_eq!(code(&wrong), "INVALID_CREDENTIALS");
    }
}

/// Creates a user who signs in.
fn user(book: &Book, organization: &str, name: &str, password: &str) {
    use std::io::Write as _;
    use std::process::Stdio;
    let mut command = book.workspace.command(&[
        "user",
        "create",
        "--organization",
        organization,
        "--username",
        name,
    ]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(format!("{password}\n").as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

fn a_token_sees_its_own_organization_alone(database: Database) {
    let book = Book::on(database);
    let theirs = book.workspace.organization("Other", "EUR");
    let files: Vec<(&str, String)> = FILES
        .iter()
        .map(|(name, text)| (*name, text.replace("ACR1", "ACR9").replace("\n11,E11", "\n99,E99")))
        .map(|(name, text)| (name, text.replace("\n11,1,NUT", "\n99,1,NUT")))
        .collect();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    book.workspace.import("Other", "other", &files);
    let token_of_theirs = token(&book.server, &theirs);
    let account = |number: &str| json!({"accounts_receivable_identifier": {"number": number}, "fields_set": "number"});
    let found = |token: &str, number: &str| list(&book.server, token, &account(number));
    assert_eq!(crate::book::numbers(&found(&book.token, "ACR1")), ["5", "11", "12"]);
    assert_eq!(crate::book::numbers(&found(&token_of_theirs, "ACR9")), ["5", "12", "99"]);
    // Another's record answers exactly as one that does not exist.
    for (token, number) in [(&book.token, "ACR9"), (&token_of_theirs, "ACR1")] {
        let (theirs, nobodys) = (found(token, number), found(token, "NOBODY"));
        assert_eq!(theirs.body, nobodys.body);
        assert_eq!(code(&theirs), "NOT_FOUND");
    }
    let shown = |token: &str| {
        book.server.get(&format!("{SHOW}?token={token}&customer_event_identifier=number=11")).json()
    };
    assert_eq!(shown(&book.token)["status"]["code"], "OK");
    assert_eq!(shown(&token_of_theirs)["status"]["code"], "NOT_FOUND");
    // The same identifier names the other's own account, with its own pass code.
    let card = json!({"accounts_receivable_identifier": {"access_token_identifier":
        {"identifier": "6666", "pass_code": "9999"}}, "fields_set": "number"});
    let mine = crate::book::numbers(&list(&book.server, &book.token, &card));
    assert_eq!(mine, ["5", "11", "12"]);
}
