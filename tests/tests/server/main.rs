//! Tests over the real binary: command line and HTTP.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "what is not as expected ends the test"
)]

mod agreements;
mod browser;
mod buying_report;
mod command_line;
mod demo;
mod durability;
mod keys;
mod limits;
mod openapi;
mod operations;
mod prices;
mod reload;
mod tags;
mod tenants;
mod wire;

use serde_json::{Value, json};
use tradebook_tests::{Database, Original, Server, Workspace};

/// A small book: two standard lists in two currencies, a promotion, a group, and customers of every kind.
const FILES: &[(&str, &str)] = &[
    (
        "products.csv",
        "code,id,description,status,barcode,epos_barcode,cost,available,next_available\n\
         BOLT,11,\"Bolt, M8 <zinc>\",1,5010001,5090001,0.40,250,\n\
         NUT,12,Nut & washer,1,,,0.10,0,2024-06-20\n\
         OLD,13,Old thing,3,,,1,5,\n\
         PUMP,14,Pumpe für Öl,1,,,80,0,\n\
         SAW,15,Saw,2,,,5,1,\n",
    ),
    (
        "price_lists.csv",
        "code,id,description,currency,type,source,vat_inc,valid_from,valid_to\n\
         STD,1,Trade list,GBP,NORMAL,STD,false,,\n\
         EUR,2,Export list,EUR,NORMAL,STD,true,,\n\
         GRP,3,Builders,GBP,NORMAL,CPG,false,,\n\
         PROMO,4,Summer,GBP,PROMO,STD,false,2024-06-01,2024-06-30\n",
    ),
    (
        "prices.csv",
        "price_list,product,quantity,price,poa,valid_from,valid_to\n\
         STD,BOLT,1,3.10,,,\nSTD,BOLT,10,2.50,,,\nSTD,NUT,1,1,,,\nSTD,OLD,1,9,,,\n\
         STD,PUMP,1,,true,,\nSTD,SAW,1,7.125,,,\n\
         EUR,BOLT,1,3.90,,,\nGRP,NUT,1,0.80,,,\nPROMO,BOLT,1,2,,,\n",
    ),
    (
        "customers.csv",
        "reference,id,name,currency,standard_price_list,group_price_list,normal_discount,markup_on_cost,always_gets_bulk,never_gets_bulk,promotions\n\
         PLAIN,101,Plain & Sons,GBP,STD,,,,,,\n\
         DISC,102,Discount Ltd,GBP,STD,,10,,,,N\n\
         AGREED,103,\"Agreed \"\"Best\"\" Co\",GBP,STD,,,,,,\n\
         GROUP,104,Group member,GBP,STD,GRP,,,,,\n\
         EURO,105,Euro GmbH,EUR,EUR,,,,,,\n\
         NOLIST,106,No list,GBP,,,,,,,\n",
    ),
    (
        "agreed_prices.csv",
        "customer,product,price,valid_from,valid_to\n\
         AGREED,BOLT,2.20,,\nAGREED,NUT,0.5,2024-07-01,\n",
    ),
    ("customer_part_numbers.csv", "customer,product,part_number\nPLAIN,BOLT,PS-1\n"),
    (
        "order_lines.csv",
        "order,line,kind,customer,created,status,product,quantity,unit_price\n\
         O1,1,order,PLAIN,2024-06-01,complete,BOLT,12,3.10\n\
         O1,2,order,PLAIN,2024-06-01,complete,NUT,5,1\n\
         O2,1,order,PLAIN,2024-06-02,cancelled,BOLT,100,3.10\n\
         O3,1,return,PLAIN,2024-06-03,complete,BOLT,2,3.10\n",
    ),
    (
        "invoice_lines.csv",
        "invoice,line,kind,customer,tax_point,product,quantity,unit_price\n\
         I1,1,I,PLAIN,2024-03-10,BOLT,20,3.10\n\
         I1,2,I,PLAIN,2024-03-10,PUMP,1,99\n\
         I2,1,I,PLAIN,2024-05-15,BOLT,8,3.10\n\
         I2,2,I,PLAIN,2024-05-15,NUT,6,1\n\
         C1,1,C,PLAIN,2024-05-20,BOLT,-3,3.10\n\
         I3,1,I,PLAIN,2024-05-15,SAW,4,7\n\
         C2,1,C,PLAIN,2024-05-21,SAW,-4,7\n",
    ),
];

/// The day on which the small book is looked at: the promotion holds.
const TODAY: &str = "2024-06-10";

/// The small book, imported, with a key.
fn small_book(database: Database) -> (Workspace, String) {
    static ORIGINAL: Original = Original::new();
    ORIGINAL.copy(database, |workspace| {
        let key = workspace.organization("Acme", "GBP");
        workspace.import("Acme", "small", FILES);
        key
    })
}

/// The small book, served.
fn served(database: Database) -> (Workspace, Server, String) {
    let (workspace, key) = small_book(database);
    let server = workspace.serve(&["--today", TODAY]);
    (workspace, server, key)
}

/// The lists of a `PriceListNormal` call as `(id, source, items)`.
fn lists(server: &Server, request: &Value) -> Vec<(i64, String, Vec<Value>)> {
    let answer = server.post("/api/v1/PriceListNormal", request);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["PriceDetail"]
        .as_array()
        .expect("PriceDetail is a list")
        .iter()
        .map(|list| {
            let items = list["Items"]["ItemPLDetail"].as_array().expect("items").clone();
            (list["ID"].as_i64().expect("an id"), list["Source"].as_str().unwrap().into(), items)
        })
        .collect()
}

/// An item without its id, for short comparisons: `[code, q, p, w, c, poa]`.
fn short(items: &[Value]) -> Vec<Value> {
    items.iter().map(|i| json!([i["Code"], i["Q"], i["P"], i["W"], i["C"], i["POA"]])).collect()
}
