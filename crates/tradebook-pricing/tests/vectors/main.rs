//! The pricing rules as data: every case of `fixtures/pricing` against the engine.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where its own data is wrong"
)]

mod book;
mod check;
mod format;
mod traces;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use format::Case;

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/pricing");
    let mut files: Vec<_> = fs::read_dir(&folder)
        .expect("the folder of vectors can be read")
        .map(|entry| entry.expect("its entries can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files
        .iter()
        .flat_map(|path| {
            let text = fs::read_to_string(path).expect("a file of vectors can be read");
            let cases: Vec<Case> = serde_json::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            cases
        })
        .collect()
}

#[test]
fn every_vector_holds() {
    let cases = cases();
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let failures = check::check(case);
            let list = failures.join("\n  ");
            (!failures.is_empty()).then(|| format!("{}: {}\n  {list}", case.case, case.why))
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {} cases fail:\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}

#[test]
fn every_rule_has_vectors_with_unique_names() {
    let cases = cases();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.case.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "two cases have one name");
    assert!(cases.len() >= 80, "only {} cases", cases.len());
    for rule in 1..=12 {
        let prefix = format!("rule-{rule:02}-");
        assert!(names.iter().any(|name| name.starts_with(&prefix)), "no case of rule {rule}");
    }
    for case in &cases {
        assert!(case.asks_something(), "{} asks nothing", case.case);
    }
}

#[test]
fn traces_tell_every_step() {
    let failures = traces::check(&cases());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
