//! `PriceListNormal` over HTTP.

use serde_json::{Value, json};
use tradebook_tests::{Database, on_each_database};

use crate::{lists, served, short};

on_each_database! {
    standard_lists_carry_promotions_and_leave_out_what_is_not_for_sale,
    customers_with_terms_have_complete_lists_of_their_own,
    product_filters_are_a_union_and_drop_lists_that_they_empty,
    the_answer_is_the_documented_bytes_in_both_formats,
    settings_choose_how_customers_and_absent_decimals_are_shown,
}

fn standard_lists_carry_promotions_and_leave_out_what_is_not_for_sale(database: Database) {
    let (_workspace, server, key) = served(database);
    let all = lists(&server, &json!({"apiKey": key, "ExcludeCustomerPrices": true}));
    let ids: Vec<_> = all.iter().map(|(id, source, _)| (*id, source.as_str())).collect();
    assert_eq!(ids, [(1, "STD"), (2, "STD")]);
    assert_eq!(
        short(&all[0].2),
        [
            json!(["BOLT", 1, 2.0, 3.1, false, false]),
            json!(["BOLT", 10, 2.0, 2.5, false, false]),
            json!(["NUT", 1, 1.0, null, false, false]),
            json!(["PUMP", 1, 0.0, null, false, true]),
            json!(["SAW", 1, 7.125, null, false, false]),
        ]
    );
    assert_eq!(short(&all[1].2), [json!(["BOLT", 1, 3.9, null, false, false])]);
}

fn customers_with_terms_have_complete_lists_of_their_own(database: Database) {
    let (_workspace, server, key) = served(database);
    let all = lists(
        &server,
        &json!({"apiKey": key, "Currency": "gbp", "AccountNumbers": ["AGREED", "GROUP", "PLAIN", "?"]}),
    );
    let sources: Vec<_> = all.iter().map(|(_, source, _)| source.as_str()).collect();
    assert_eq!(sources, ["STD", "CPG", "CPA"]);
    assert_eq!(
        short(&all[1].2),
        [
            json!(["BOLT", 1, 2.0, 3.1, false, false]),
            json!(["BOLT", 10, 2.0, 2.5, false, false]),
            json!(["NUT", 1, 0.8, null, true, false]),
            json!(["PUMP", 1, 0.0, null, false, true]),
            json!(["SAW", 1, 7.125, null, false, false]),
        ]
    );
    assert_eq!(
        short(&all[2].2),
        [
            json!(["BOLT", 1, 2.0, 2.2, true, false]),
            json!(["NUT", 1, 1.0, null, false, false]),
            json!(["PUMP", 1, 0.0, null, false, true]),
            json!(["SAW", 1, 7.125, null, false, false]),
        ]
    );
    // DISC has ten per cent off the single price, and no promotions.
    let disc = lists(
        &server,
        &json!({"apiKey": key, "CustomerIDs": [102], "Currency": "GBP", "ProductCodes": ["BOLT"]}),
    );
    assert_eq!(
        short(&disc[1].2),
        [
            json!(["BOLT", 1, 2.79, null, false, false]),
            json!(["BOLT", 10, 2.5, null, false, false])
        ]
    );
}

fn product_filters_are_a_union_and_drop_lists_that_they_empty(database: Database) {
    let (_workspace, server, key) = served(database);
    let request = json!({"apiKey": key, "ProductIDs": [12, 9999], "ProductCodes": ["SAW", "none"], "ExcludeCustomerPrices": true});
    let all = lists(&server, &request);
    assert_eq!(all.len(), 1, "the export list has neither");
    let codes: Vec<&Value> = all[0].2.iter().map(|item| &item["Code"]).collect();
    assert_eq!(codes, ["NUT", "SAW"]);
    let none =
        server.post("/api/v1/PriceListNormal", &json!({"apiKey": key, "ProductIDs": [9999]}));
    assert_eq!((none.status, none.body.as_str()), (200, "{\"PriceDetail\":[]}"));
    let unknown =
        server.post("/api/v1/PriceListNormal", &json!({"apiKey": key, "Currency": "XYZ"}));
    assert_eq!((unknown.status, unknown.body.as_str()), (200, "{\"PriceDetail\":[]}"));
}

fn the_answer_is_the_documented_bytes_in_both_formats(database: Database) {
    let (_workspace, server, key) = served(database);
    let request = json!({"apiKey": key, "Currency": "GBP", "AccountNumbers": ["AGREED"], "ProductCodes": ["BOLT"]});
    let answer = server.post("/api/v1/PriceListNormal", &request);
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
    let own = answer.json()["PriceDetail"][1]["ID"].as_i64().unwrap();
    assert_eq!(
        answer.body,
        format!(
            "{{\"PriceDetail\":[\
             {{\"ID\":1,\"Currency\":\"GBP\",\"Type\":\"NORMAL\",\"Source\":\"STD\",\"Description\":\"Trade list\",\"VATInc\":false,\
             \"Items\":{{\"ItemPLDetail\":[\
             {{\"ID\":11,\"Code\":\"BOLT\",\"Q\":1,\"P\":2.0,\"W\":3.1,\"C\":false,\"POA\":false}},\
             {{\"ID\":11,\"Code\":\"BOLT\",\"Q\":10,\"P\":2.0,\"W\":2.5,\"C\":false,\"POA\":false}}]}},\"PLCusts\":null}},\
             {{\"ID\":{own},\"Currency\":\"GBP\",\"Type\":\"NORMAL\",\"Source\":\"CPA\",\"Description\":\"Agreed \\\"Best\\\" Co\",\"VATInc\":false,\
             \"Items\":{{\"ItemPLDetail\":[\
             {{\"ID\":11,\"Code\":\"BOLT\",\"Q\":1,\"P\":2.0,\"W\":2.2,\"C\":true,\"POA\":false}}]}},\
             \"PLCusts\":{{\"PLCustDetail\":[{{\"ID\":103,\"AccountNo\":\"AGREED\"}}]}}}}]}}"
        )
    );
    let xml = server.post_xml(
        "/api/v1/PriceListNormal",
        &format!(
            "<PriceListParams><ProductCodes><string>BOLT</string></ProductCodes><apiKey>{key}</apiKey>\
             <Currency>EUR</Currency></PriceListParams>"
        ),
    );
    assert_eq!(xml.header("content-type"), Some("application/xml; charset=utf-8"));
    assert_eq!(
        xml.body,
        "<PriceLists xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <PriceList><ID>2</ID><Currency>EUR</Currency><Type>NORMAL</Type><Source>STD</Source><Description>Export list</Description>\
         <VATInc>true</VATInc><Items><Item><ID>11</ID><Code>BOLT</Code><Q>1</Q><P>3.9</P><C>false</C><POA>false</POA></Item></Items>\
         </PriceList></PriceLists>"
    );
}

fn settings_choose_how_customers_and_absent_decimals_are_shown(database: Database) {
    let (workspace, key) = crate::small_book(database);
    workspace.ok(&[
        "organization",
        "set",
        "Acme",
        "price_list_customers=all",
        "null_decimals_in_xml=nil",
    ]);
    let server = workspace.serve(&["--today", crate::TODAY]);
    let request = format!(
        "<PriceListParams><ProductCodes><string>NUT</string></ProductCodes><apiKey>{key}</apiKey>\
         <Currency>GBP</Currency><ExcludeCustomerPrices>true</ExcludeCustomerPrices></PriceListParams>"
    );
    let answer = server.post_xml("/api/v1/PriceListNormal", &request);
    assert!(answer.body.contains("<P>1</P><W xsi:nil=\"true\" /><C>"), "{}", answer.body);
    assert!(
        answer.body.contains(
            "<PLCusts><PLCust><ID>101</ID><AccountNo>PLAIN</AccountNo></PLCust></PLCusts>"
        ),
        "{}",
        answer.body
    );
}
