//! Changes made by other processes reach a running server: as a whole, and soon.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use tradebook_tests::{Database, Workspace, eventually, on_each_database};

on_each_database! {
    readers_see_an_import_at_once_or_not_at_all,
    a_setting_counts_soon,
}

fn files(version: usize) -> Vec<(&'static str, String)> {
    let mut products = String::from("code\n");
    let mut prices = String::from("price_list,product,quantity,price\n");
    for product in 0..500 {
        products += &format!("P{product:05}\n");
        prices += &format!("L,P{product:05},1,{version}\n");
    }
    vec![
        ("products.csv", products),
        ("prices.csv", prices),
        ("price_lists.csv", format!("code,id,description,currency\nL,1,version {version},EUR\n")),
    ]
}

fn import(workspace: &Workspace, version: usize) {
    let files = files(version);
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    workspace.import("Acme", "data", &files);
}

fn versions(body: &Value) -> (String, Vec<String>) {
    let list = &body["PriceDetail"][0];
    let mut prices: Vec<String> = list["Items"]["ItemPLDetail"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["P"].to_string())
        .collect();
    prices.dedup();
    (list["Description"].as_str().unwrap().to_owned(), prices)
}

fn readers_see_an_import_at_once_or_not_at_all(database: Database) {
    let workspace = Workspace::with(database);
    let key = workspace.organization("Acme", "EUR");
    import(&workspace, 1);
    let server = workspace.serve(&[]);
    let request = json!({"apiKey": key});
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut read = 0;
                    while !stop.load(Ordering::Relaxed) {
                        let body = server.post("/api/v1/PriceListNormal", &request).json();
                        let (description, prices) = versions(&body);
                        assert_eq!(prices.len(), 1, "a mix of versions: {prices:?}");
                        assert_eq!(
                            description,
                            format!("version {}", prices[0].trim_end_matches(".0"))
                        );
                        read += 1;
                    }
                    read
                })
            })
            .collect();
        for version in 2..6 {
            import(&workspace, version);
            eventually(10, "an import is served", || {
                let body = server.post("/api/v1/PriceListNormal", &request).json();
                versions(&body).0 == format!("version {version}")
            });
        }
        stop.store(true, Ordering::Relaxed);
        for reader in readers {
            assert!(reader.join().unwrap() > 0);
        }
    });
}

fn a_setting_counts_soon(database: Database) {
    let (workspace, server, key) = crate::served(database);
    let request = json!({"apiKey": key, "Currency": "EUR"});
    let customers = || {
        server.post("/api/v1/PriceListNormal", &request).json()["PriceDetail"][0]["PLCusts"].clone()
    };
    assert_eq!(customers(), Value::Null);
    workspace.ok(&["organization", "set", "Acme", "price_list_customers=all"]);
    eventually(10, "the setting counts", || !customers().is_null());
}
