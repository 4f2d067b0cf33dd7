//! Each parameter: valid, invalid, empty and absent.

use serde_json::{Value, json};

use tradebook_tests::{Database, on_each_database};

use crate::{Book, expect_fault, fault, members};

on_each_database! {
    every_parameter_valid_invalid_empty_and_absent,
    a_query_binds_too_and_unknown_or_read_only_parameters_change_nothing,
    the_first_fault_in_the_decided_order_is_told,
    filters_and_pages_show_what_they_say,
}

/// What a parameter does: its name, a valid value, the member that shows it and how, how the member is without it, and a value
/// that cannot be read.
struct Case {
    parameter: &'static str,
    valid: &'static str,
    member: &'static str,
    shown: Value,
    default: Value,
    invalid: Option<&'static str>,
}

fn case(
    parameter: &'static str,
    valid: &'static str,
    shown: Value,
    default: Value,
    invalid: Option<&'static str>,
) -> Case {
    Case { parameter, valid, member: parameter, shown, default, invalid }
}

fn text(parameter: &'static str) -> Case {
    case(parameter, " a \"b\" <é> ", json!("a \"b\" <é>"), Value::Null, None)
}

fn cases() -> Vec<Case> {
    let null = Value::Null;
    let named = |collection: &str, id: i32, reference: &str, name: &str| {
        let href = format!("/api/v2.1/{collection}/{id}");
        json!({"id": id, "reference": reference, "name": name, "href": href})
    };
    let root = named("customerCategories", 1, "root", "All customers");
    let creator = |id: i32, reference: &str| json!({"userId": id, "reference": reference, "href": format!("/api/v2.1/users/{id}")});
    let mut cases: Vec<Case> = [
        "reference2",
        "barcode",
        "billingCity",
        "billingPostalCode",
        "billingAddress",
        "city",
        "postalCode",
        "address",
        "email",
        "phone",
        "mobile",
        "fax",
        "comment",
        "website",
        "taxNumber",
        "companyRegistrationNumber",
        "customerRisk",
        "onHoldReason",
    ]
    .map(text)
    .into();
    for (parameter, default) in
        [("isActive", true), ("billWithParent", false), ("isSameAddress", true), ("onHold", false)]
    {
        let valid = if default { "FALSE" } else { "true" };
        cases.push(case(parameter, valid, json!(!default), json!(default), Some("maybe")));
    }
    for parameter in ["billingLat", "billingLng", "latitude", "longitude"] {
        cases.push(case(parameter, "43.70", json!(43.7), null.clone(), Some("north")));
        cases.push(case(parameter, "-7.0", json!(-7), null.clone(), Some("NaN")));
    }
    for parameter in ["billingCountry", "country"] {
        cases.push(case(parameter, "France", json!("FR"), null.clone(), None));
        cases.push(case(parameter, "fr", json!("FR"), null.clone(), None));
        cases.push(case(parameter, "Atlantis", json!("Atlantis"), null.clone(), None));
    }
    let dora = named("customers", 254, "NC-1", "Alpha Stores");
    cases.extend([
        case("creditLimit", "5000.00", json!(5000), null.clone(), Some("much")),
        case("creditLimit", "0.05", json!(0.05), null.clone(), Some("1e30")),
        case("dueDateConfigNumber", "30", json!(30), null.clone(), Some("3.5")),
        case("customerRiskColor", "#1BE9D8", json!("#1BE9D8"), null.clone(), None),
        case("currency", "usd", json!("USD"), json!("EUR"), None),
        case(
            "paymentTypes",
            r#"[{"id"=8},{"id":7},{"id"=8}]"#,
            json!([
                named("paymentTypes", 8, "cheque", "cheque"),
                named("paymentTypes", 7, "cash", "cash")
            ]),
            json!([]),
            Some("[{\"id\"=x}]"),
        ),
        Case {
            member: "customerCategory",
            ..case(
                "categoryId",
                "2",
                named("customerCategories", 2, "jewelry", "Jewelry and accessories"),
                root,
                Some("jewelry"),
            )
        },
        Case {
            member: "categoryReference",
            ..case("categoryId", "2", json!("jewelry"), json!("root"), Some("2.0"))
        },
        Case {
            member: "customerSegmentation",
            ..case(
                "customerSegmentationId",
                "1",
                named("customerSegmentations", 1, "seg_a", "Segmentation A"),
                null.clone(),
                Some("seg_a"),
            )
        },
        case("parentCustomer", "254", dora, null.clone(), Some("NC-1")),
        Case {
            member: "isSubCustomer",
            ..case("parentCustomer", "254", json!(true), json!(false), Some("x"))
        },
        Case {
            member: "createdBy",
            ..case("userId", "1", creator(1, "emp-001"), creator(2, "emp-002"), Some("emp-001"))
        },
        Case {
            member: "region",
            ..case(
                "regionId",
                "3",
                json!({"id": 3, "name": "New York", "href": "/api/v2.1/regions/3"}),
                null,
                Some("New York"),
            )
        },
    ]);
    cases
}

fn every_parameter_valid_invalid_empty_and_absent(database: Database) {
    let book = Book::on(database);
    let (mut number, path) = (0, "/api/v2.1/customers");
    for Case { parameter, valid, member, shown, default, invalid } in cases() {
        let mut created = |extra: &[(&str, &str)]| {
            number += 1;
            let reference = format!("T-{number}");
            let mut form = vec![("reference", reference.as_str()), ("name", "x")];
            form.extend_from_slice(extra);
            let answer = book.post(path, &form);
            assert_eq!(answer.status, 201, "{parameter}: {}", answer.body);
            answer.json()
        };
        assert_eq!(created(&[])[member], default, "{parameter} absent");
        assert_eq!(created(&[(parameter, "")])[member], default, "{parameter} empty");
        let whole = created(&[(parameter, valid)]);
        assert_eq!(whole[member], shown, "{parameter}={valid}");

        let own = format!("{path}/{}", whole["id"]);
        let updated = |form: &[(&str, &str)]| {
            let answer = book.post(&own, form);
            assert_eq!(answer.status, 200, "{parameter}: {}", answer.body);
            answer.json()[member].clone()
        };
        assert_eq!(updated(&[("name", "y")]), shown, "{parameter} kept by an update without it");
        if let Some(invalid) = invalid {
            let named = if parameter == "paymentTypes" { "payment type id" } else { parameter };
            let text = format!(
                "The type of parameter {named} you provided is not valid for this request."
            );
            let form = [("reference", "X"), ("name", "x"), (parameter, invalid)];
            expect_fault(&book.post(path, &form), 400, "invalid_param_type", &text);
            expect_fault(&book.post(&own, &form[2..]), 400, "invalid_param_type", &text);
            assert_eq!(book.get(&own).json()[member], shown, "{parameter} kept by a refusal");
        }
        // The user who created a customer is not filled in again.
        let cleared = if parameter == "userId" { Value::Null } else { default };
        assert_eq!(updated(&[(parameter, "")]), cleared, "{parameter} cleared");
        assert_eq!(updated(&[(parameter, valid)]), shown, "{parameter} set by an update");
    }
}

fn a_query_binds_too_and_unknown_or_read_only_parameters_change_nothing(database: Database) {
    let book = Book::on(database);
    let answer = book.post(
        "/api/v2.1/customers?phone=1&name=query",
        &[
            ("reference", "Q"),
            ("name", "body"),
            ("phone", "2"),
            ("fax", "3"),
            ("id", "9999"),
            ("dateCreated", "2000-01-01T00:00:00Z"),
            ("organization", "other"),
            ("balance", "5"),
            ("colour", "red"),
        ],
    );
    assert_eq!(answer.status, 201, "{}", answer.body);
    let body = answer.json();
    assert_eq!((&body["name"], &body["phone"]), (&json!("query"), &json!("1")));
    assert_eq!((&body["fax"], &body["balance"]), (&json!("3"), &Value::Null));
    assert_eq!(body["organization"], "entity1");
    assert_ne!(body["id"], 9999);
}

fn the_first_fault_in_the_decided_order_is_told(database: Database) {
    let book = Book::on(database);
    let wrong_image = ("imageFile", Some("x.png"), &b"no image"[..]);
    let all: [crate::Part<'_>; 5] = [
        ("reference", None, b"NC-1"),
        ("name", None, b"x"),
        ("categoryId", None, b"77"),
        ("isActive", None, b"maybe"),
        wrong_image,
    ];
    for (parts, error) in [
        (vec![all[0], all[2], all[3], all[4]], "missing_param"),
        (vec![all[0], all[1], all[2], all[3], all[4]], "invalid_param_type"),
        (vec![all[0], all[1], all[2], all[4]], "not_found"),
        (vec![all[0], all[1], all[4]], "not_unique"),
        (vec![("reference", None, b"NEW"), all[1], all[4]], "unsupported_file_type"),
    ] {
        assert_eq!(fault(&book.post_parts("/api/v2.1/customers", &parts)).1, error);
    }
    for (parts, error) in [
        (vec![all[0], all[2], all[3], all[4]], "invalid_param_type"),
        (vec![all[0], all[2], all[4]], "not_found"),
        (vec![all[0], all[4]], "not_unique"),
        (vec![all[4]], "unsupported_file_type"),
    ] {
        assert_eq!(fault(&book.post_parts("/api/v2.1/customers/256", &parts)).1, error);
    }
    assert_eq!(book.image_files(), [""; 0]);
}

fn filters_and_pages_show_what_they_say(database: Database) {
    let book = Book::on(database);
    let path = "/api/v2.1/customers";
    let references = |query: &str| -> Vec<String> {
        let found = members(&book.get(&format!("{path}?{query}")), "reference");
        found.iter().map(|reference| reference.as_str().unwrap().to_owned()).collect()
    };
    for (query, expected) in [
        ("reference=NC-*&sort=reference", vec!["NC-1", "NC-2", "NC-3"]),
        ("reference=nc-2", vec!["NC-2"]),
        ("reference=NC", vec![]),
        ("reference=*-3", vec!["NC-3"]),
        ("name=*S%C3%96hne*", vec!["NC-2"]),
        ("name=*%25*", vec![]),
        ("name=a*s", vec!["NC-1"]),
        ("categoryReference=jew*&sort=id&order=desc", vec!["NC-3", "NC-2"]),
        ("isActive=false", vec![]),
        ("isActive=true&max=1&offset=1&sort=name", vec!["NC-2"]),
        ("sort=name&order=desc", vec!["NC-3", "NC-2", "NC-1"]),
        ("max=0", vec![]),
        ("offset=3", vec![]),
        ("dateCreated_gt=2099-01-01T00:00:00Z", vec![]),
        ("dateCreated_lt=2099-01-01T00:00:00Z&max=1&sort=id", vec!["NC-1"]),
    ] {
        assert_eq!(references(query), expected, "{query}");
    }
    // A page's links lead through the whole list, and back.
    let mut link =
        format!("{path}?max=1&sort=name&name=*e*&dateCreated_gte=2015-12-17T23:00:00%2B01:00");
    let (mut seen, mut back) = (Vec::new(), None);
    loop {
        let answer = book.get(&link);
        seen.extend(members(&answer, "reference"));
        let paging = answer.json()["paging"].clone();
        assert_eq!(paging["total"], 3);
        match paging["next"].as_str() {
            Some(next) => link = next.to_owned(),
            None => {
                back.clone_from(&paging["previous"].as_str().map(str::to_owned));
                break;
            }
        }
    }
    assert_eq!(seen, ["NC-1", "NC-2", "NC-3"]);
    assert_eq!(members(&book.get(&back.unwrap()), "reference"), ["NC-2"]);
    // Filters compare the seconds that are shown.
    let shown = book.get(&format!("{path}/256")).json()["dateCreated"].as_str().unwrap().to_owned();
    for (operator, count) in [("gt", 0), ("gte", 1), ("lt", 0), ("lte", 1)] {
        let query = format!("reference=NC-3&dateCreated_{operator}={shown}");
        assert_eq!(references(&query).len(), count, "{query}");
    }
}
