//! The OpenAPI document: what is mounted, checked in, and served.

use serde_json::Value;
use tradebook_tests::{Database, Workspace, root};

#[test]
fn the_document_that_is_checked_in_is_the_one_that_is_generated() {
    let workspace = Workspace::new();
    let printed = workspace.ok(&["openapi"]);
    let file = root().join("openapi/tradebook.v1.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, &printed).unwrap();
    }
    let golden = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(golden == printed, "openapi/tradebook.v1.json is out of date: make openapi");
}

#[test]
fn every_operation_documents_its_formats_and_statuses() {
    let (_workspace, server, _) = crate::served(Database::Sqlite);
    let document: Value = server.get("/openapi.json").json();
    let printed: Value = serde_json::from_str(&Workspace::new().ok(&["openapi"])).unwrap();
    assert_eq!(document, printed);
    for (path, extra) in [
        ("/api/v1/PriceListNormal", None),
        ("/api/v1/CustomerCPA", Some("204")),
        ("/api/v1/CustomerBuyingReport", Some("204")),
    ] {
        let operation = &document["paths"][path]["post"];
        let accepted = operation["requestBody"]["content"].as_object().unwrap();
        for media in ["application/json", "text/json", "application/xml", "text/xml"] {
            assert!(accepted.contains_key(media), "{path} {media}");
        }
        let responses = operation["responses"].as_object().unwrap();
        for status in
            ["200", "400", "401", "405", "413", "415", "500", "503"].into_iter().chain(extra)
        {
            assert!(responses.contains_key(status), "{path} {status}");
        }
        for media in ["application/json", "application/xml"] {
            assert!(responses["200"]["content"].get(media).is_some(), "{path} {media}");
            assert!(responses["400"]["content"].get(media).is_some(), "{path} {media}");
        }
    }
}
