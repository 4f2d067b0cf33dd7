//! `CustomerCPA` over HTTP.

use serde_json::{Value, json};
use tradebook_tests::{Database, on_each_database};

use crate::served;

on_each_database! {
    agreements_name_the_list_that_a_customer_buys_from,
    an_agreement_in_xml_is_the_documented_bytes,
    nobody_found_is_204_without_a_body,
}

fn agreements_name_the_list_that_a_customer_buys_from(database: Database) {
    let (_workspace, server, key) = served(database);
    let request = json!({"apiKey": key, "CustomerIDs": [105, 101, 104, 106], "AccountNumbers": ["DISC", "PLAIN", "nobody", "AGREED"]});
    let answer = server.post("/api/v1/CustomerCPA", &request);
    assert_eq!(answer.status, 200);
    let all = answer.json()["CustCPARulesList"].as_array().unwrap().clone();
    let short: Vec<Value> = all
        .iter()
        .map(|c| {
            json!([
                c["ID"],
                c["AccountNo"],
                c["PriceListStandard"],
                c["PriceListName"],
                c["NormalDisc"],
                c["AlwaysGetsBulk"],
                c["CPARules"]
            ])
        })
        .collect();
    assert_eq!(
        short,
        [
            json!([101, "PLAIN", 1, "Trade list", null, "N", []]),
            json!([102, "DISC", 1, "Discount Ltd", 10.0, "N", []]),
            json!([103, "AGREED", 1, "Agreed \"Best\" Co", null, "N", [{"ID": 11, "Code": "BOLT", "Price": 2.2}]]),
            json!([104, "GROUP", 1, "Builders", null, "N", []]),
            json!([105, "EURO", 2, "Export list", null, "N", []]),
            json!([106, "NOLIST", 0, all[5]["PriceListName"], null, "N", []]),
        ]
    );
    let list_ids: Vec<i64> = all.iter().map(|c| c["PriceListID"].as_i64().unwrap()).collect();
    assert_eq!((list_ids[0], list_ids[3], list_ids[4], list_ids[5]), (1, 3, 2, 0));
    assert!(list_ids[1] > 4 && list_ids[2] > 4 && list_ids[1] != list_ids[2], "{list_ids:?}");
}

fn an_agreement_in_xml_is_the_documented_bytes(database: Database) {
    let (_workspace, server, key) = served(database);
    let answer = server.post_xml(
        "/api/v1/CustomerCPA",
        &format!(
            "<CustomerCPAParams xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
             <CustomerIDs><int>101</int></CustomerIDs><AccountNumbers /><apiKey>{key}</apiKey></CustomerCPAParams>"
        ),
    );
    assert_eq!(
        answer.body,
        "<CPARulesList xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <CPACustomer><ID>101</ID><AccountNo>PLAIN</AccountNo><Currency>GBP</Currency><PriceListID>1</PriceListID>\
         <PriceListName>Trade list</PriceListName><PriceListStandard>1</PriceListStandard><AlwaysGetsBulk>N</AlwaysGetsBulk>\
         <NeverGetsBulk>N</NeverGetsBulk><CPARules /></CPACustomer></CPARulesList>"
    );
}

fn nobody_found_is_204_without_a_body(database: Database) {
    let (_workspace, server, key) = served(database);
    for request in [
        json!({"apiKey": key}),
        json!({"apiKey": key, "CustomerIDs": [], "AccountNumbers": []}),
        json!({"apiKey": key, "CustomerIDs": [1, -5, 0], "AccountNumbers": ["plain"]}),
    ] {
        let answer = server.post("/api/v1/CustomerCPA", &request);
        assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{request}");
        assert_eq!(answer.header("content-type"), None);
    }
    let piped =
        server.post("/api/v1/CustomerCPA", &json!({"apiKey": key, "CustomerIDs": "101|104"}));
    assert_eq!(piped.json()["CustCPARulesList"].as_array().map(Vec::len), Some(2));
}
