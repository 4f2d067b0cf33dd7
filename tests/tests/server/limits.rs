//! What a hostile client meets: limits, each with its own answer.

use std::io::Write as _;
use std::net::TcpStream;
use std::process::{Command, Stdio};

use serde_json::json;
use tradebook_tests::{Database, on_each_database};

use crate::{TODAY, served, small_book};

on_each_database! {
    a_body_that_is_too_large_is_413,
    a_compressed_body_is_read_and_a_bomb_is_not,
    a_body_that_does_not_come_is_408,
    hostile_bodies_are_refused_quickly,
    slow_readers_and_half_open_connections_do_not_stop_others,
}

fn a_body_that_is_too_large_is_413(database: Database) {
    let (workspace, key) = small_book(database);
    let server = workspace.serve(&["--max-body-bytes", "2000"]);
    let fits = json!({"apiKey": key, "CustomerIDs": [101], "x": "y".repeat(1500)});
    assert_eq!(server.post("/api/v1/CustomerCPA", &fits).status, 200);
    let large = json!({"apiKey": key, "CustomerIDs": [101], "x": "y".repeat(2500)});
    let answer = server.post("/api/v1/CustomerCPA", &large);
    assert_eq!(answer.status, 413);
    assert!(answer.json()["Message"].as_str().unwrap().contains("2000"), "{}", answer.body);
    // Also where the length is not declared.
    let chunk = "z".repeat(3000);
    let chunked = format!(
        "POST /api/v1/CustomerCPA HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\nConnection: close\r\n\r\nbb8\r\n{chunk}\r\n0\r\n\r\n"
    );
    assert!(server.raw(chunked.as_bytes()).starts_with("HTTP/1.1 413"));
}

fn a_compressed_body_is_read_and_a_bomb_is_not(database: Database) {
    let (workspace, key) = small_book(database);
    // The size is what is looked at, however long a busy machine takes over it.
    let server = workspace.serve(&["--body-timeout", "300"]);
    let gzip = |bytes: &[u8]| {
        let mut child = Command::new("gzip")
            .arg("-c")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let bytes = bytes.to_vec();
        let writer = std::thread::spawn(move || stdin.write_all(&bytes));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        output.stdout
    };
    let headers = [("Content-Type", "application/json"), ("Content-Encoding", "gzip")];
    let body = gzip(json!({"apiKey": key, "CustomerIDs": [101]}).to_string().as_bytes());
    assert_eq!(server.request("POST", "/api/v1/CustomerCPA", &headers, &body).status, 200);
    let bomb = gzip(&vec![b' '; 200 << 20]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(server.request("POST", "/api/v1/CustomerCPA", &headers, &bomb).status, 413);
    let broken = server.request("POST", "/api/v1/CustomerCPA", &headers, b"no gzip at all");
    assert_eq!(broken.status, 400);
    drop(workspace);
}

fn a_body_that_does_not_come_is_408(database: Database) {
    let (workspace, _) = small_book(database);
    let server = workspace.serve(&["--body-timeout", "1"]);
    let answer = server.raw(
        b"POST /api/v1/CustomerCPA HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
    );
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

fn hostile_bodies_are_refused_quickly(database: Database) {
    let (_workspace, server, key) = served(database);
    let deep_json = format!("{{\"apiKey\":\"{key}\",\"x\":{}", "[".repeat(1_000_000));
    let deep_xml = format!("<PriceListParams><apiKey>{key}</apiKey>{}", "<a>".repeat(500_000));
    let many = format!(
        "<PriceListParams {}/>",
        (0..50_000).map(|i| format!("a{i}=\"\" ")).collect::<String>()
    );
    let doctype =
        "<!DOCTYPE x [<!ENTITY a \"b\">]><PriceListParams><apiKey>&a;</apiKey></PriceListParams>";
    for (media, body) in [
        ("application/json", deep_json.as_str()),
        ("application/xml", &deep_xml),
        ("application/xml", &many),
        ("application/xml", doctype),
        ("application/xml", "<PriceListParams><apiKey>x</apiKey></PriceListParams>garbage"),
        ("application/json", "{\"apiKey\":"),
        ("application/json", "[]"),
    ] {
        let began = std::time::Instant::now();
        let answer = server.request(
            "POST",
            "/api/v1/PriceListNormal",
            &[("Content-Type", media)],
            body.as_bytes(),
        );
        assert_eq!(answer.status, 400, "{}", &body[..40.min(body.len())]);
        // No timing test: a bound that only a quadratic reader would miss.
        assert!(began.elapsed().as_secs() < 10);
    }
    assert_eq!(server.get("/health/live").status, 200);
}

fn slow_readers_and_half_open_connections_do_not_stop_others(database: Database) {
    let (workspace, key) = small_book(database);
    let server = workspace.serve(&["--today", TODAY]);
    let held: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = TcpStream::connect(server.address()).unwrap();
            stream
                .write_all(
                    b"POST /api/v1/CustomerCPA HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{",
                )
                .unwrap();
            stream
        })
        .collect();
    let answer = server.post("/api/v1/CustomerCPA", &json!({"apiKey": key, "CustomerIDs": [101]}));
    assert_eq!(answer.status, 200);
    drop(held);
}
