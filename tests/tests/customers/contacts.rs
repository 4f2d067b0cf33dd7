//! Contacts out of a file, in their customer and on their own.

use serde_json::{Value, json};
use tradebook_tests::{Answer, Database, on_each_database};

use crate::{Book, expect_fault, members};

on_each_database! {
    an_imported_contact_is_in_its_customer_and_on_its_own,
    contacts_go_with_their_customer,
}

const CONTACTS: &str = "\
reference,id,customer,first_name,last_name,phone,phone2,mobile,fax,email,function,address,city,country,postal_code,comment
K-2,12,C-2,Ada,Byron,1,2,3,4,ada@example.com,Buyer,Rue 1,Paris,France,75001,mornings
K-1,11,C-2,Bo,Aal,,,,,,,,,,,
";

fn imported(book: &Book) {
    let file = book.workspace.path().join("contacts.csv");
    std::fs::write(&file, CONTACTS).unwrap();
    std::fs::write(book.workspace.path().join("customers.csv"), "reference,name\nC-2,Two\n")
        .unwrap();
    for name in ["customers.csv", "contacts.csv"] {
        let path = book.workspace.path().join(name).display().to_string();
        book.workspace.ok(&["import", "--organization", "entity1", &path]);
    }
}

fn ada() -> Value {
    json!({
        "id": 12, "firstName": "Ada", "lastName": "Byron", "phone": "1", "phone2": "2",
        "mobile": "3", "fax": "4", "email": "ada@example.com", "fonction": "Buyer",
        "address": "Rue 1", "city": "Paris", "country": "FR", "postalCode": "75001",
        "comment": "mornings", "href": "/api/v2.1/contacts/12",
    })
}

fn record(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

fn an_imported_contact_is_in_its_customer_and_on_its_own(database: Database) {
    let book = Book::on(database);
    imported(&book);
    let customer = record(&book.get("/api/v2.1/customers/reference/C-2"));
    assert_eq!(customer["contacts"].as_array().unwrap().len(), 2);
    assert_eq!(customer["contacts"][0]["id"], 11, "by id");
    assert_eq!(customer["contacts"][1], ada());
    assert_eq!(record(&book.get("/api/v2.1/contacts/12")), ada());

    assert_eq!(members(&book.get("/api/v2.1/contacts"), "id"), [11, 12]);
    for (query, expected) in [
        ("name=*byron*", vec![12]),
        ("name=Aal+Bo", vec![11]),
        ("reference=K-2", vec![12]),
        ("sort=reference&order=desc", vec![12, 11]),
        ("sort=name", vec![11, 12]),
        ("max=1&offset=1", vec![12]),
    ] {
        assert_eq!(members(&book.get(&format!("/api/v2.1/contacts?{query}")), "id"), expected);
    }
}

fn contacts_go_with_their_customer(database: Database) {
    let book = Book::on(database);
    imported(&book);
    assert_eq!(book.delete("/api/v2.1/customers/reference/C-2").status, 200);
    assert_eq!(members(&book.get("/api/v2.1/contacts"), "id"), [0; 0]);
    let text = "The contact with the id 12 doesn't exist.";
    expect_fault(&book.get("/api/v2.1/contacts/12"), 404, "not_found", text);
}
