//! Two organizations with disjoint data: no call shows anything of the other.

use serde_json::json;
use tradebook_tests::{Database, Server, Workspace, on_each_database};

on_each_database! {
    no_call_shows_anything_of_another_organization,
    an_import_into_one_leaves_the_other_as_it_was,
}

/// The same shape of data for both, with the same ids, marked by a word.
fn files(mark: &str) -> Vec<(&'static str, String)> {
    vec![
        ("products.csv", format!("code,id,description,available\n{mark}-P,1,{mark} product,5\n")),
        ("price_lists.csv", format!("code,id,description,currency\n{mark}-L,1,{mark} list,EUR\n")),
        ("prices.csv", format!("price_list,product,quantity,price\n{mark}-L,{mark}-P,1,9\n")),
        (
            "customers.csv",
            format!("reference,id,name,standard_price_list\n{mark}-C,1,{mark} customer,{mark}-L\n"),
        ),
        ("agreed_prices.csv", format!("customer,product,price\n{mark}-C,{mark}-P,8\n")),
        (
            "customer_part_numbers.csv",
            format!("customer,product,part_number\n{mark}-C,{mark}-P,{mark}-N\n"),
        ),
        (
            "invoice_lines.csv",
            format!(
                "invoice,line,customer,tax_point,product,quantity\n{mark}-I,1,{mark}-C,2024-06-01,{mark}-P,3\n"
            ),
        ),
    ]
}

fn import(workspace: &Workspace, organization: &str, mark: &str) {
    let files = files(mark);
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    workspace.import(organization, mark, &files);
}

/// Every call with every way to name something, by one key.
fn everything(server: &Server, key: &str, mark: &str) -> Vec<(u16, String)> {
    let mut answers = Vec::new();
    for request in [
        json!({"apiKey": key}),
        json!({"apiKey": key, "CustomerIDs": [1], "ProductIDs": [1]}),
        json!({"apiKey": key, "AccountNumbers": [format!("{mark}-C")], "ProductCodes": [format!("{mark}-P")]}),
        json!({"apiKey": key, "ProductCodes": [format!("{mark}-P")]}),
    ] {
        answers.push(server.post("/api/v1/PriceListNormal", &request));
    }
    for request in [
        json!({"apiKey": key, "CustomerIDs": [1]}),
        json!({"apiKey": key, "AccountNumbers": [format!("{mark}-C")]}),
    ] {
        answers.push(server.post("/api/v1/CustomerCPA", &request));
    }
    for (id, account) in [(1, String::new()), (0, format!("{mark}-C"))] {
        let request = json!({"apiKey": key, "CustomerID": id, "AccountNo": account, "BasedOn": "I", "MonthsBack": 12, "WeeksUntilAvailable": 0});
        answers.push(server.post("/api/v1/CustomerBuyingReport", &request));
    }
    answers.into_iter().map(|answer| (answer.status, answer.body)).collect()
}

fn no_call_shows_anything_of_another_organization(database: Database) {
    let workspace = Workspace::with(database);
    let red = workspace.organization("Red", "EUR");
    let blue = workspace.organization("Blue", "EUR");
    import(&workspace, "Red", "RED");
    import(&workspace, "Blue", "BLUE");
    let server = workspace.serve(&["--today", "2024-06-10"]);

    let mut own = 0;
    for (key, mine, other) in [(&red, "RED", "BLUE"), (&blue, "BLUE", "RED")] {
        // Asking for one's own shows one's own, asking for the other's shows what asking for nothing known shows.
        for (status, body) in everything(&server, key, mine) {
            assert!(
                status == 200 && body.contains(mine) && !body.contains(other),
                "{status} {body}"
            );
            own += 1;
        }
        let foreign = everything(&server, key, other);
        assert!(foreign.iter().all(|(_, body)| !body.contains(other)), "{foreign:?}");
        assert_eq!(foreign, everything(&server, key, "NIL"));
    }
    assert_eq!(own, 16);
}

fn an_import_into_one_leaves_the_other_as_it_was(database: Database) {
    let workspace = Workspace::with(database);
    let red = workspace.organization("Red", "EUR");
    workspace.organization("Blue", "EUR");
    import(&workspace, "Red", "RED");
    let server = workspace.serve(&["--today", "2024-06-10"]);
    let before = everything(&server, &red, "RED");
    import(&workspace, "Blue", "BLUE");
    let folder = workspace.files("empty", &[("products.csv", "code\nBLUE-X\n")]);
    workspace.ok(&["import", "--organization", "Blue", &folder]);
    assert_eq!(everything(&server, &red, "RED"), before);
}
