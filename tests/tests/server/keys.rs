//! Keys: what they open, and that they are kept nowhere.

use std::time::Duration;

use serde_json::json;
use tradebook_tests::{Database, Workspace, contain, eventually, on_each_database};

use crate::{FILES, served};

on_each_database! {
    a_missing_blank_or_wrong_key_is_401_before_anything_else,
    keys_made_and_revoked_elsewhere_count_soon,
    fifty_keys_are_found_nowhere,
}

fn a_missing_blank_or_wrong_key_is_401_before_anything_else(database: Database) {
    let (_workspace, server, key) = served(database);
    for body in [
        json!({}),
        json!({"apiKey": null}),
        json!({"apiKey": ""}),
        json!({"apiKey": "  "}),
        json!({"apiKey": "wrong"}),
        json!({"apiKey": format!("{key}x")}),
        json!({"apiKey": key.to_lowercase().to_uppercase()}),
        json!({"apiKey": {"a": 1}}),
        // Other faults are not told to strangers.
        json!({"apiKey": "wrong", "Currency": "TOO LONG", "CustomerIDs": ["x"]}),
    ] {
        let answer = server.post("/api/v1/PriceListNormal", &body);
        assert_eq!(answer.status, 401, "{body}");
        assert_eq!(
            answer.body,
            "{\"Message\":\"Authorization has been denied for this request.\"}"
        );
    }
    let xml = server.post_xml(
        "/api/v1/CustomerCPA",
        "<CustomerCPAParams><apiKey>no</apiKey></CustomerCPAParams>",
    );
    assert_eq!(
        (xml.status, xml.body.as_str()),
        (401, "<Error><Message>Authorization has been denied for this request.</Message></Error>")
    );
    // A body without anything, and a key that is only in the query, are no key.
    let empty = server.request(
        "POST",
        &format!("/api/v1/CustomerCPA?apiKey={key}"),
        &[("Content-Type", "application/json")],
        b"",
    );
    assert_eq!(empty.status, 401);
}

fn keys_made_and_revoked_elsewhere_count_soon(database: Database) {
    let (workspace, server, first) = served(database);
    let second = workspace.key("Acme");
    assert!(second.len() <= 30, "the interfaces take 30 characters");
    let status = |key: &str| {
        server.post("/api/v1/CustomerCPA", &json!({"apiKey": key, "CustomerIDs": [101]})).status
    };
    assert_eq!((status(&first), status(&second)), (200, 200));
    let list = workspace.ok(&["key", "list", "--organization", "Acme"]);
    assert!(!list.contains(&first) && !list.contains(&second));
    let id = list.lines().last().and_then(|line| line.split('\t').next()).unwrap().to_owned();
    workspace.ok(&["key", "revoke", &id]);
    eventually(10, "a revoked key stops", || status(&second) == 401);
    assert_eq!(status(&first), 200);
    let message = workspace.fails(1, &["key", "revoke", "99999"]);
    assert!(message.contains("99999"), "{message}");
}

fn fifty_keys_are_found_nowhere(database: Database) {
    let workspace = Workspace::with(database);
    let mut keys = vec![workspace.organization("Acme", "GBP")];
    workspace.import("Acme", "small", FILES);
    keys.extend((1..50).map(|_| workspace.key("Acme")));
    let mut server = {
        let mut command = workspace.command(&[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--log-format",
            "json",
            "--today",
            "2024-06-10",
        ]);
        command.env("TRADEBOOK_LOG", "trace");
        tradebook_tests::Server::start(command)
    };
    let mut answers = String::new();
    for key in &keys {
        for (path, body) in [
            ("/api/v1/PriceListNormal", json!({"apiKey": key, "ProductIDs": [11]})),
            ("/api/v1/PriceListNormal", json!({"apiKey": key, "Currency": "LONG"})),
            ("/api/v1/CustomerCPA", json!({"apiKey": key, "CustomerIDs": [101]})),
            (
                "/api/v1/CustomerBuyingReport",
                json!({"apiKey": key, "CustomerID": 101, "BasedOn": "O", "MonthsBack": 1, "WeeksUntilAvailable": 1}),
            ),
        ] {
            answers += &server.post(path, &body).body;
        }
        // Where a key should not be, it is not shown either.
        answers += &server
            .post(
                &format!("/api/v1/CustomerCPA?apiKey={key}"),
                &json!({"apiKey": format!("{key}?")}),
            )
            .body;
        let broken = format!("{{\"apiKey\": \"{key}\", \"CustomerIDs\": [");
        answers += &server
            .request(
                "POST",
                "/api/v1/CustomerCPA",
                &[("Content-Type", "application/json")],
                broken.as_bytes(),
            )
            .body;
        answers += &server
            .post_xml("/api/v1/CustomerCPA", &format!("<CustomerCPAParams><apiKey>{key}</apiKey>"))
            .body;
    }
    for path in ["/metrics", "/openapi.json", "/health/ready"] {
        answers += &server.get(path).body;
    }
    std::thread::sleep(Duration::from_millis(1)); // Lets the log's pipe be read; the keys would have been logged before.
    let log = server.log();
    assert!(log.lines().count() > 100, "the log is at trace level");
    let kept = workspace.kept();
    for key in &keys {
        assert!(!answers.contains(key.as_str()), "a key in an answer");
        assert!(!log.contains(key.as_str()), "a key in the log");
        for (name, bytes) in &kept {
            assert!(!contain(bytes, key), "a key in {name}");
        }
    }
}
