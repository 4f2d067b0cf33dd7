//! The schema can be sharded by organization, as Citus does: tables are distributed by the organization's id, which is in every
//! key, and rows refer to rows of the same organization alone.

use std::collections::BTreeSet;

use super::database::Database;
use super::schema::{Shape, shape};

/// Tables that stay in one place, and why. The queries that find something in them name no organization: they tell which
/// organization a caller belongs to.
const LOCAL: [(&str, &str); 5] = [
    ("server_state", "one row, which belongs to all"),
    ("api_keys", "a key is found by its hash, before the organization is known"),
    ("sessions", "a session is found by its token's hash, before the organization is known"),
    ("event_tokens", "a token is found by its hash, before the organization is known"),
    ("sign_in_failures", "counted by name, whether anybody has it or not"),
];
/// Keys of distributed tables that the organization does not lead, and why.
const EXCEPTIONS: [(&str, &str, &str); 2] = [
    (
        "organizations",
        "name",
        "unique over all organizations; distributed, it is kept by a table of names",
    ),
    (
        "users",
        "username",
        "whoever signs in names no organization; distributed, it is kept by a table of names",
    ),
];
/// The organization's id, in the table of organizations itself.
const OWN: (&str, &str) = ("organizations", "id");

fn is_local(table: &str) -> bool {
    LOCAL.iter().any(|(local, _)| *local == table)
}

#[test]
fn the_organization_leads_every_key() {
    let shape = shape(&Database::sqlite().migrated());
    let mut used = BTreeSet::new();
    for Shape { table, what, detail } in &shape {
        let is_key = ["primary key", "unique", "index"].contains(&what.as_str());
        if !is_key || is_local(table) || table.starts_with("__diesel") {
            continue;
        }
        if detail.starts_with("organization_id") || (table.as_str(), detail.as_str()) == OWN {
            continue;
        }
        let exception =
            EXCEPTIONS.iter().find(|(of, key, _)| (of, key) == (&table.as_str(), &detail.as_str()));
        assert!(exception.is_some(), "{what} ({detail}) of {table} is not led by the organization");
        used.insert(detail.clone());
    }
    assert_eq!(used.len(), EXCEPTIONS.len(), "an exception that is none any more");
    for (local, _) in LOCAL {
        assert!(shape.iter().any(|shape| shape.table == local), "{local} is gone");
    }
}

/// Citus takes no unique key without the distribution column, as its own error says; non-unique indexes are our own rule.
#[test]
fn every_table_is_distributed_or_local() {
    let shape = shape(&Database::sqlite().migrated());
    let tables: BTreeSet<&str> =
        shape.iter().map(|shape| shape.table.as_str()).filter(|t| !t.starts_with("__")).collect();
    for table in tables {
        let has_column = shape.iter().any(|shape| {
            shape.table == table
                && shape.what == "column"
                && shape.detail == "organization_id INTEGER NOT NULL"
        });
        assert!(has_column || table == OWN.0 || is_local(table), "{table} belongs to nobody");
    }
}

#[test]
fn no_row_refers_to_another_organization() {
    let shape = shape(&Database::sqlite().migrated());
    let mut references = 0;
    for Shape { table, detail, .. } in shape.iter().filter(|shape| shape.what == "foreign key") {
        references += 1;
        let (from, to) = detail.split_once(" -> ").unwrap();
        let (target, columns) = to.trim_end_matches(')').split_once(" (").unwrap();
        let leads = |columns: &str| columns.split(", ").next().map(str::to_owned).unwrap();
        assert_eq!(leads(from), "organization_id", "{table}: {detail}");
        let own = if target == OWN.0 { OWN.1 } else { "organization_id" };
        assert_eq!(leads(columns), own, "{table}: {detail}");
        assert!(!is_local(target), "{table}: {detail}: what is local can go without being asked");
    }
    assert!(references > 30, "{references}");
}
