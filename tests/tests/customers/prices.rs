//! One customer record: what is created here has prices at once.

use serde_json::json;

use tradebook_tests::{Database, on_each_database};

use crate::Book;

on_each_database! {
    a_created_customer_is_at_once_priceable_and_a_deleted_one_no_more,
}

fn a_created_customer_is_at_once_priceable_and_a_deleted_one_no_more(database: Database) {
    let book = Book::on(database);
    let priced = |reference: &str| {
        let request = json!({"apiKey": book.key, "AccountNumbers": [reference]});
        book.server.post("/api/v1/CustomerCPA", &request)
    };
    for round in 0..20 {
        let reference = format!("C{round}");
        assert_eq!(priced(&reference).status, 204);
        let created = book.post(
            "/api/v2.1/customers",
            &[("reference", &reference), ("name", "x"), ("currency", "USD")],
        );
        assert_eq!(created.status, 201, "{}", created.body);
        let found = priced(&reference);
        assert_eq!(found.status, 200, "round {round}");
        let found = &found.json()["CustCPARulesList"][0];
        assert_eq!((&found["ID"], &found["Currency"]), (&created.json()["id"], &json!("USD")));
        let path = format!("/api/v2.1/customers/reference/{reference}");
        let renamed = book.post(&path, &[("reference", &format!("{reference}b"))]);
        assert_eq!(renamed.status, 200, "{}", renamed.body);
        assert_eq!(priced(&reference).status, 204);
        assert_eq!(priced(&format!("{reference}b")).status, 200);
        assert_eq!(book.delete(&format!("{path}b")).status, 200);
        assert_eq!(priced(&format!("{reference}b")).status, 204);
    }
}
