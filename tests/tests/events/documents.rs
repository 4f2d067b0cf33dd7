//! The documents of `fixtures/crmcom/cases`: every call, and every error that a client can bring about.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tradebook_tests::{Database, Server, Workspace, on_each_database, root};

use crate::book::{basic, token};

on_each_database! {
    calls_are_answered_as_documented,
}

/// A server on the data of the documented examples.
fn served(database: Database) -> (Workspace, Server, String) {
    let workspace = Workspace::with(database);
    let key = workspace.organization("Acme", "EUR");
    let data = root().join("fixtures/crmcom/seed").display().to_string();
    workspace.ok(&["import", "--organization", "Acme", &data]);
    let server = workspace.serve(&["--today", "2016-11-03"]);
    (workspace, server, key)
}

fn sorted(folder: &Path, ending: &str) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> =
        entries.filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{}", folder.display());
    paths
}

/// Sends a case: a line with method and path, headers, an empty line and the body, if there is one.
fn send(server: &Server, case: &str) -> (u16, String) {
    let (head, body) = case.split_once("\n\n").unwrap_or((case.trim_end(), ""));
    let mut lines = head.lines();
    let (method, path) = lines.next().unwrap().split_once(' ').unwrap();
    let headers: Vec<(&str, &str)> = lines.map(|line| line.split_once(": ").unwrap()).collect();
    let answer = server.request(method, path, &headers, body.trim_end().as_bytes());
    (answer.status, answer.body)
}

fn calls_are_answered_as_documented(database: Database) {
    let (_workspace, server, key) = served(database);
    let token = token(&server, &key);
    let login = basic(&format!("{key}:"));
    let mut wrong = Vec::new();
    for path in sorted(&root().join("fixtures/crmcom/cases"), ".in") {
        let case = fs::read_to_string(&path).unwrap();
        let (status, mut body) =
            send(&server, &case.replace("«token»", &token).replace("«login»", &login));
        // A new token is another in every run.
        if let Some(told) = serde_json::from_str(&body)
            .ok()
            .and_then(|body: Value| body["data"]["token"].as_str().map(str::to_owned))
        {
            body = body.replace(&told, "«token»");
        }
        let told = format!("{status}\n{body}\n");
        let out = path.with_extension("out");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&out, &told).unwrap();
        }
        if fs::read_to_string(&out).unwrap_or_default() != told {
            wrong.push(format!("{}:\n{told}", out.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The answers to the three examples of the manual's page say what the page says: its members, without the ids of products and
/// currencies, which are numbers and codes here, and where the page prints an id and a rate in the place of dates.
#[test]
fn the_manuals_examples_are_answered() {
    let folder = root().join("fixtures/crmcom");
    for path in sorted(&folder.join("documented"), ".json") {
        let documented: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let case = sorted(&folder.join("cases"), &format!("{name}.out"));
        let told = fs::read_to_string(&case[0]).unwrap();
        let told: Value = serde_json::from_str(told.lines().nth(1).unwrap()).unwrap();
        contains(&told["data"], &documented["data"], &name);
    }
}

fn contains(told: &Value, documented: &Value, place: &str) {
    match documented {
        Value::Object(members) => {
            assert!(told.is_object(), "{place}: {told}");
            for (name, value) in members {
                let inner = format!("{place}.{name}");
                let ours = inner.ends_with("product.id") || inner.ends_with("currency.id");
                let defect = inner.ends_with("from_date") || inner.ends_with("to_date");
                if ours {
                    assert!(told[name].is_string(), "{inner}");
                } else if !defect {
                    contains(
                        told.get(name).unwrap_or_else(|| panic!("{inner} is missing")),
                        value,
                        &inner,
                    );
                }
            }
        }
        Value::Array(items) => {
            let told = told.as_array().unwrap_or_else(|| panic!("{place}: {told}"));
            assert_eq!(told.len(), items.len(), "{place}");
            for (index, (told, item)) in told.iter().zip(items).enumerate() {
                contains(told, item, &format!("{place}[{index}]"));
            }
        }
        // Two events of the examples have this number; see the data's README.
        Value::String(text) if place == "list-participant[1].number" => {
            assert_eq!((text.as_str(), told.as_str()), ("11", Some("11a")));
        }
        // Texts are trimmed here.
        Value::String(text) => assert_eq!(told.as_str(), Some(text.trim()), "{place}"),
        plain => assert_eq!(told, plain, "{place}"),
    }
}
