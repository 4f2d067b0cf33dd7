//! The documents of `fixtures/crmcom/documents`, byte for byte.

use std::fs;
use std::path::Path;

use tradebook_model::TimeZone;
use tradebook_wire::crmcom::{EventWriter, FieldsSet, released_body, token_body};

use crate::events::{bare, complete};

fn check(name: &str, written: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/crmcom/documents")
        .join(format!("{name}.json"));
    let written = format!("{}\n", std::str::from_utf8(written).unwrap());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &written).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == expected, "{}:\n{written}", path.display());
}

fn berlin() -> TimeZone {
    "Europe/Berlin".parse().unwrap()
}

#[test]
fn events_with_everything_and_with_nothing() {
    let mut out = Vec::new();
    let mut writer = EventWriter::new(FieldsSet::ALL, berlin());
    writer.begin(&mut out);
    writer.event(&mut out, &complete());
    writer.event(&mut out, &bare());
    writer.end(&mut out);
    check("events", &out);
}

#[test]
fn a_single_event() {
    let fields = FieldsSet::of(["number", "performed_on", "currency_rate_period", "nothing"]);
    check("event", &EventWriter::new(fields, berlin()).single(&complete()));
}

#[test]
fn no_events() {
    let mut out = Vec::new();
    let mut writer = EventWriter::new(FieldsSet::ALL, TimeZone::UTC);
    writer.begin(&mut out);
    writer.end(&mut out);
    check("no-events", &out);
}

#[test]
fn tokens() {
    check("token", &token_body("tbe_0123456789abcdef"));
    check("released", &released_body());
}
