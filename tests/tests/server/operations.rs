//! Health, metrics, logging, and how the server stops.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};
use tradebook_tests::{Database, Workspace, eventually, on_each_database};

use crate::served;

on_each_database! {
    health_and_metrics_answer_without_a_key,
    every_request_has_an_id_and_one_log_line,
    a_stop_finishes_what_is_in_flight,
    a_database_of_a_newer_version_is_not_served,
    what_cannot_start_says_why,
}

fn health_and_metrics_answer_without_a_key(database: Database) {
    let (_workspace, server, key) = served(database);
    for path in ["/health/live", "/health/ready"] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.json()), (200, json!({"status": "ok"})), "{path}");
    }
    server.post("/api/v1/CustomerCPA", &json!({"apiKey": key, "CustomerIDs": [101]}));
    let metrics = server.get("/metrics").body;
    assert!(
        metrics.contains("tradebook_http_requests_total{method=\"POST\",route=\"/api/v1/CustomerCPA\",status=\"200\"} 1"),
        "{metrics}"
    );
}

fn every_request_has_an_id_and_one_log_line(database: Database) {
    let (_workspace, mut server, key) = served(database);
    let given = server.request(
        "POST",
        "/API/V1/customercpa/?secret=1",
        &[("Content-Type", "application/json"), ("X-Request-Id", "abc-123")],
        json!({"apiKey": key, "CustomerIDs": [101]}).to_string().as_bytes(),
    );
    assert_eq!(given.header("x-request-id"), Some("abc-123"));
    assert_eq!(given.header("x-content-type-options"), Some("nosniff"));
    let made = server.get("/nowhere");
    let id = made.header("x-request-id").unwrap().to_owned();
    assert_eq!(id.len(), 36);
    let mut lines: Vec<Value> = Vec::new();
    eventually(5, "the lines are written", || {
        lines = server
            .log()
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .filter(|line: &Value| line["request_id"].is_string())
            .collect();
        lines.len() == 2
    });
    assert_eq!((&lines[0]["request_id"], &lines[0]["status"]), (&json!("abc-123"), &json!(200)));
    assert_eq!((&lines[1]["request_id"], &lines[1]["status"]), (&json!(id), &json!(404)));
    assert!(lines[0]["duration_ms"].is_number());
    assert!(!server.log().contains("secret"), "query strings are not logged");
}

fn a_stop_finishes_what_is_in_flight(database: Database) {
    for signal in ["TERM", "INT"] {
        let (_workspace, mut server, key) = served(database);
        let body = json!({"apiKey": key, "CustomerIDs": [101]}).to_string();
        let (first, rest) = body.split_at(10);
        let mut stream = TcpStream::connect(server.address()).unwrap();
        write!(
            stream,
            "POST /api/v1/CustomerCPA HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{first}",
            body.len()
        )
        .unwrap();
        // The server has begun with the request once it has counted it.
        eventually(5, "the request is in flight", || {
            server.get("/metrics").body.contains("tradebook_http_requests_in_flight 2")
        });
        server.signal(signal);
        eventually(5, "the stop has begun", || server.log().contains("stopping"));
        stream.write_all(rest.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("PLAIN"), "{answer}");
        assert_eq!(server.wait(), Some(0), "SIG{signal}");
    }
}

fn a_database_of_a_newer_version_is_not_served(database: Database) {
    let workspace = Workspace::with(database);
    workspace.ok(&["migrate"]);
    assert!(workspace.ok(&["migrate"]).contains("up to date"));
    workspace.sql("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')");
    let message = workspace.fails(1, &["serve", "--listen", "127.0.0.1:0"]);
    assert!(message.contains("newer"), "{message}");
}

fn what_cannot_start_says_why(database: Database) {
    let (workspace, server, _) = served(database);
    let address = server.address().to_string();
    let taken = workspace.fails(1, &["serve", "--listen", &address]);
    assert!(taken.contains(&address), "{taken}");
    let scheme = workspace.fails(1, &["--database", "mysql://x", "serve"]);
    assert!(scheme.contains("mysql") && scheme.contains("sqlite://"), "{scheme}");
    let folder = workspace.fails(1, &["--database", "sqlite:///nowhere/at/all.db", "migrate"]);
    assert!(folder.contains("/nowhere/at"), "{folder}");
    workspace.fails(2, &["serve", "--today", "tomorrow"]);
    workspace.fails(2, &["serve", "--no-such-option"]);
    workspace.fails(2, &[]);
}

#[test]
fn a_broken_file_is_not_served() {
    let workspace = Workspace::new();
    std::fs::write(workspace.path().join("book.db"), "This is no database. ".repeat(500)).unwrap();
    let message = workspace.fails(1, &["serve", "--listen", "127.0.0.1:0"]);
    assert!(message.contains("book.db") || message.contains("database"), "{message}");
}
