//! `CustomerBuyingReport` over HTTP.

use serde_json::{Value, json};
use tradebook_tests::{Database, Server, on_each_database};

use crate::served;

on_each_database! {
    invoices_are_netted_and_limited_to_what_can_be_had,
    the_id_counts_before_the_account_number,
    broken_rules_are_named_member_by_member,
    undated_items_come_with_the_setting_only_where_there_is_no_limit,
}

fn report(server: &Server, request: &Value) -> Vec<Value> {
    let answer = server.post("/api/v1/CustomerBuyingReport", request);
    match answer.status {
        204 => Vec::new(),
        200 => answer.json()["BuyingReportList"].as_array().unwrap().clone(),
        status => panic!("{status}: {}", answer.body),
    }
}

fn request(key: &str, based_on: &str, months: i32, weeks: i32) -> Value {
    json!({"apiKey": key, "CustomerID": 0, "AccountNo": "PLAIN", "BasedOn": based_on, "MonthsBack": months, "WeeksUntilAvailable": weeks})
}

fn invoices_are_netted_and_limited_to_what_can_be_had(database: Database) {
    let (_workspace, server, key) = served(database);
    // Three months back from 2024-06-10 begin on 2024-03-10, which counts.
    assert_eq!(
        report(&server, &request(&key, "I", 3, 2)),
        [
            json!({"ID": 11, "Code": "BOLT", "Description": "Bolt, M8 <zinc>", "CustPartNo": "PS-1", "Barcode": "5010001",
                   "EPOSBarcode": "5090001", "Qty": 25, "LastInvoiced": "20240515", "NextAvail": null}),
            json!({"ID": 12, "Code": "NUT", "Description": "Nut & washer", "CustPartNo": null, "Barcode": null,
                   "EPOSBarcode": null, "Qty": 6, "LastInvoiced": "20240515", "NextAvail": "20240620"}),
        ]
    );
    let codes = |rows: &[Value]| -> Vec<(String, i64)> {
        rows.iter()
            .map(|r| (r["Code"].as_str().unwrap().into(), r["Qty"].as_i64().unwrap()))
            .collect()
    };
    // One month back begins on 2024-05-10; the nuts come in more than a week from now.
    assert_eq!(codes(&report(&server, &request(&key, "i", 1, 1))), [("BOLT".into(), 5)]);
    // Without a time limit the nuts count, the pump without a date does not.
    assert_eq!(
        codes(&report(&server, &request(&key, "I", 3, 0))),
        [("BOLT".into(), 25), ("NUT".into(), 6)]
    );
    assert_eq!(
        codes(&report(&server, &request(&key, "O", 3, 0))),
        [("BOLT".into(), 12), ("NUT".into(), 5)]
    );
    assert!(report(&server, &request(&key, "I", 0, 0)).is_empty());
}

fn the_id_counts_before_the_account_number(database: Database) {
    let (_workspace, server, key) = served(database);
    let with = |id: i64, account: &str| {
        let mut request = request(&key, "I", 3, 0);
        request["CustomerID"] = json!(id);
        request["AccountNo"] = json!(account);
        server.post("/api/v1/CustomerBuyingReport", &request).status
    };
    assert_eq!(with(101, "nobody"), 200);
    assert_eq!(with(9999, "PLAIN"), 204);
    assert_eq!(with(-1, "PLAIN"), 204);
    assert_eq!(with(0, "nobody"), 204);
    assert_eq!(with(0, ""), 400);
    assert_eq!(with(0, " PLAIN "), 200);
}

fn broken_rules_are_named_member_by_member(database: Database) {
    let (_workspace, server, key) = served(database);
    let answer = server.post(
        "/api/v1/CustomerBuyingReport",
        &json!({"apiKey": key, "CustomerID": "x", "AccountNo": "12345678901", "BasedOn": "Q", "MonthsBack": -1, "WeeksUntilAvailable": -2}),
    );
    assert_eq!(answer.status, 400);
    let body = answer.json();
    assert_eq!(body["Message"], "The request is invalid.");
    for member in ["CustomerID", "AccountNo", "BasedOn", "MonthsBack", "WeeksUntilAvailable"] {
        let state = body["ModelState"].as_object().unwrap();
        assert!(state.keys().any(|name| name.contains(member)), "{member}: {}", answer.body);
    }
}

fn undated_items_come_with_the_setting_only_where_there_is_no_limit(database: Database) {
    let (workspace, key) = crate::small_book(database);
    workspace.ok(&["organization", "set", "Acme", "include_undated=true"]);
    let server = workspace.serve(&["--today", crate::TODAY]);
    assert_eq!(report(&server, &request(&key, "I", 3, 0)).len(), 3);
    assert_eq!(report(&server, &request(&key, "I", 3, 500)).len(), 2);
}
