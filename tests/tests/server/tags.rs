//! `If-None-Match` on the Caliq calls: who asks is told a tag, and is spared what it has; nobody else notices.

use std::collections::BTreeSet;

use serde_json::json;
use tradebook_tests::{Answer, Database, Server, eventually, on_each_database};

use crate::{served, small_book};

on_each_database! {
    who_does_not_ask_is_not_told,
    a_tag_that_is_sent_back_is_304_until_something_changes,
    every_representation_has_a_tag_of_its_own,
}

const LISTS: &str = "/api/v1/PriceListNormal";
const AGREEMENTS: &str = "/api/v1/CustomerCPA";
const REPORT: &str = "/api/v1/CustomerBuyingReport";

fn ask(server: &Server, path: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
    let mut all = vec![("Content-Type", "application/json")];
    all.extend_from_slice(headers);
    server.request("POST", path, &all, body.as_bytes())
}

fn who_does_not_ask_is_not_told(database: Database) {
    let (_workspace, server, key) = served(database);
    let body = json!({"apiKey": key, "CustomerIDs": [101]}).to_string();
    for path in [LISTS, AGREEMENTS] {
        let plain = ask(&server, path, &body, &[]);
        let asked = ask(&server, path, &body, &[("If-None-Match", "\"\"")]);
        assert_eq!((plain.status, asked.status), (200, 200));
        assert_eq!(plain.body, asked.body);
        let names = |answer: &Answer| -> BTreeSet<String> {
            answer.headers.iter().map(|(name, _)| name.clone()).collect()
        };
        let more: Vec<String> = names(&asked).difference(&names(&plain)).cloned().collect();
        assert_eq!(more, ["etag", "last-modified", "vary"]);
        assert!(names(&plain).is_subset(&names(&asked)));
    }
    // A report is read from the ledger, not from what is in memory.
    let report = json!({"apiKey": key, "CustomerID": 101, "BasedOn": "I", "MonthsBack": 12, "WeeksUntilAvailable": 0});
    let report = ask(&server, REPORT, &report.to_string(), &[("If-None-Match", "\"\"")]);
    assert_eq!((report.status, report.header("etag")), (200, None), "{}", report.body);
}

fn a_tag_that_is_sent_back_is_304_until_something_changes(database: Database) {
    let (workspace, key) = small_book(database);
    let server = workspace.serve(&["--today", crate::TODAY]);
    let body = json!({"apiKey": key, "CustomerIDs": [103]}).to_string();
    for path in [LISTS, AGREEMENTS] {
        let first = ask(&server, path, &body, &[("If-None-Match", "*")]);
        assert_eq!(first.status, 200);
        let tag = first.header("etag").expect("it was asked for").to_owned();
        assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 2, "{tag}");
        for known in [tag.clone(), format!("\"other\", W/{tag}")] {
            let again = ask(&server, path, &body, &[("If-None-Match", &known)]);
            assert_eq!((again.status, again.body.as_str()), (304, ""), "{known}");
            assert_eq!(again.header("etag"), Some(tag.as_str()));
            assert_eq!(again.header("cache-control"), Some("no-cache"));
        }
        let other = ask(&server, path, &body, &[("If-None-Match", "\"other\"")]);
        assert_eq!((other.status, &other.body), (200, &first.body));
        let stranger = body.replace(&key, "tb_0123");
        let refused = ask(&server, path, &stranger, &[("If-None-Match", &tag)]);
        assert_eq!(refused.status, 401);

        let prices = "customer,product,price,valid_from,valid_to\nAGREED,BOLT,2.20,,\n";
        let price = if path == LISTS { "2.21" } else { "2.22" };
        workspace.import(
            "Acme",
            "change",
            &[("agreed_prices.csv", &prices.replace("2.20", price))],
        );
        eventually(10, "the change is seen", || {
            let answer = ask(&server, path, &body, &[("If-None-Match", &tag)]);
            answer.status == 200 && answer.header("etag") != Some(&tag) && answer.body != first.body
        });
    }
}

fn every_representation_has_a_tag_of_its_own(database: Database) {
    let (_workspace, server, key) = served(database);
    let mut tags = BTreeSet::new();
    let mut count = 0;
    for body in [json!({"apiKey": key}), json!({"apiKey": key, "ExcludeCustomerPrices": true})] {
        for accept in ["application/json", "text/json", "application/xml", "text/xml"] {
            for coding in ["identity", "gzip", "deflate", "zstd"] {
                let head = server.raw(
                    format!(
                        "POST {LISTS} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
                         Accept: {accept}\r\nAccept-Encoding: {coding}\r\nIf-None-Match: \"\"\r\nContent-Length: {}\r\n\r\n{body}",
                        body.to_string().len()
                    )
                    .as_bytes(),
                );
                let line = |name: &str| {
                    let lines = head.lines().take_while(|line| !line.is_empty());
                    let mut found = lines.filter_map(|line| line.split_once(": "));
                    found
                        .find(|(known, _)| known.eq_ignore_ascii_case(name))
                        .map(|(_, value)| value)
                };
                let expected = Some(coding).filter(|coding| *coding != "identity");
                assert_eq!(line("content-encoding"), expected, "{head}");
                tags.insert(line("etag").expect("a tag").to_owned());
                count += 1;
            }
        }
    }
    assert_eq!(tags.len(), count);
}
