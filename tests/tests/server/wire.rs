//! Paths, methods, media types and error bodies over HTTP.

use serde_json::json;
use tradebook_tests::{Database, on_each_database};

use crate::served;

on_each_database! {
    paths_are_taken_without_regard_to_case,
    other_methods_are_405_and_say_what_is_allowed,
    a_body_in_another_format_is_415,
    the_answers_format_is_negotiated_as_the_original_does,
    answers_are_compressed_when_asked,
    requests_are_read_as_tolerantly_as_the_original_reads_them,
}

fn paths_are_taken_without_regard_to_case(database: Database) {
    let (_workspace, server, key) = served(database);
    let body = json!({"apiKey": key, "CustomerIDs": [101]});
    for path in [
        "/api/v1/CustomerCPA",
        "/API/V1/CUSTOMERCPA",
        "/api/v1/customercpa/",
        "/api/v1/%43ustomerCPA",
        "/api/v1/CustomerCPA?x=1",
    ] {
        assert_eq!(server.post(path, &body).status, 200, "{path}");
    }
    for path in [
        "/",
        "/api/v1/Nope",
        "/api/v2/CustomerCPA",
        "/api/v1/CustomerCPA/5",
        "/api//v1/CustomerCPA",
    ] {
        let answer = server.post(path, &body);
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(
            answer.json()["Message"],
            format!(
                "No HTTP resource was found that matches the request URI '{}{path}'.",
                server.url()
            )
        );
    }
}

fn other_methods_are_405_and_say_what_is_allowed(database: Database) {
    let (_workspace, server, _) = served(database);
    for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "FOO"] {
        let answer = server.request(method, "/api/v1/pricelistnormal", &[], b"");
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.header("allow"), Some("POST"));
        assert_eq!(
            answer.json()["Message"],
            format!("The requested resource does not support http method '{method}'.")
        );
    }
    let head = server.request("HEAD", "/api/v1/PriceListNormal", &[], b"");
    assert_eq!((head.status, head.header("allow")), (405, Some("POST")));
    let xml = server.request("PUT", "/api/v1/PriceListNormal", &[("Accept", "text/xml")], b"");
    assert_eq!(xml.header("content-type"), Some("text/xml; charset=utf-8"));
    assert!(xml.body.starts_with("<Error><Message>The requested resource"), "{}", xml.body);
}

fn a_body_in_another_format_is_415(database: Database) {
    let (_workspace, server, key) = served(database);
    let body = json!({"apiKey": key}).to_string();
    let post = |content_type: &str| {
        server.request(
            "POST",
            "/api/v1/CustomerCPA",
            &[("Content-Type", content_type)],
            body.as_bytes(),
        )
    };
    for content_type in [
        "text/plain",
        "application/octet-stream",
        "application/vnd.api+json",
        "application/soap+xml",
    ] {
        let answer = post(content_type);
        assert_eq!(answer.status, 415);
        assert_eq!(
            answer.json()["Message"],
            format!(
                "The request entity's media type '{content_type}' is not supported for this resource."
            )
        );
    }
    let none = server.raw(
        format!("POST /api/v1/CustomerCPA HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes(),
    );
    assert!(none.starts_with("HTTP/1.1 415") && none.contains("no Content-Type header"), "{none}");
    for content_type in
        ["APPLICATION/JSON", "text/json", "application/json;odata=verbose;charset=\"utf-8\"", "*/*"]
    {
        assert_eq!(post(content_type).status, 204, "{content_type}");
    }
}

fn the_answers_format_is_negotiated_as_the_original_does(database: Database) {
    let (_workspace, server, key) = served(database);
    let json_body = json!({"apiKey": key, "CustomerIDs": [101]}).to_string();
    let xml_body = format!(
        "<CustomerCPAParams><CustomerIDs><int>101</int></CustomerIDs><apiKey>{key}</apiKey></CustomerCPAParams>"
    );
    for (content_type, accept, expected) in [
        ("application/json", "*/*", "application/json"),
        ("application/xml", "*/*", "application/json"),
        ("application/xml", "text/html", "application/xml"),
        ("text/xml", "image/png", "text/xml"),
        ("application/json", "application/json;q=0.5, application/xml", "application/xml"),
        ("application/xml", "application/xml, application/json", "application/json"),
        (
            "application/json",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "application/xml",
        ),
        (
            "application/xml",
            "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
            "application/xml",
        ),
    ] {
        let body = if content_type.ends_with("xml") { &xml_body } else { &json_body };
        let answer = server.request(
            "POST",
            "/api/v1/CustomerCPA",
            &[("Content-Type", content_type), ("Accept", accept)],
            body.as_bytes(),
        );
        assert_eq!(answer.status, 200, "{content_type} {accept}: {}", answer.body);
        assert_eq!(
            answer.header("content-type"),
            Some(format!("{expected}; charset=utf-8").as_str()),
            "{accept}"
        );
    }
}

fn answers_are_compressed_when_asked(database: Database) {
    let (_workspace, server, key) = served(database);
    let body = json!({"apiKey": key}).to_string();
    for coding in ["gzip", "zstd"] {
        let head = server.raw(
            format!(
                "POST /api/v1/PriceListNormal HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
                 Accept-Encoding: {coding}\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            )
            .as_bytes(),
        );
        assert!(
            head.to_ascii_lowercase().contains(&format!("content-encoding: {coding}")),
            "{head}"
        );
    }
    let plain = server.post("/api/v1/PriceListNormal", &json!({"apiKey": key}));
    assert_eq!(plain.header("cache-control"), Some("no-cache"));
    assert_eq!(plain.header("pragma"), Some("no-cache"));
    assert_eq!(plain.header("expires"), Some("-1"));
}

fn requests_are_read_as_tolerantly_as_the_original_reads_them(database: Database) {
    let (_workspace, server, key) = served(database);
    for body in [
        format!("{{'APIKEY':'{key}',CustomerIDs:['101',]}} and more"),
        format!("\u{feff}{{/* c */\"apiKey\":\"{key}\",\"CustomerIDs\":[0x65]}}"),
        format!(
            "{{\"apiKey\":\"x\",\"apikey\":\" {key} \",\"CustomerIDs\":\"101|102\",\"Unknown\":{{}}}}"
        ),
    ] {
        let answer = server.request(
            "POST",
            "/api/v1/CustomerCPA",
            &[("Content-Type", "application/json")],
            body.as_bytes(),
        );
        assert_eq!(answer.status, 200, "{body}: {}", answer.body);
    }
    let partly =
        server.post("/api/v1/CustomerCPA", &json!({"apiKey": key, "CustomerIDs": [101, "x"]}));
    assert_eq!(partly.status, 400);
    assert!(partly.body.contains("CustomerIDs[1]"), "{}", partly.body);
}
