//! The OpenAPI schemas against the documents that they describe.

#![cfg(feature = "openapi")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tradebook_wire::caliq::{
    BodyFormat, BuyingReportRequest, Charset, CustomerAgreementRequest, MediaType, ModelState,
    PriceListRequest, Request, client, error_body, read, schema,
};
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(components(schemas(
    schema::PriceListParams,
    schema::PriceLists,
    schema::CustomerCPAParams,
    schema::CPARulesList,
    schema::CustomerBuyingReportParams,
    schema::BuyingReport,
    schema::Error,
)))]
struct Document;

/// Every member of a document is a property of its schema, and the other way round.
fn check(schemas: &Value, name: &str, document: &Value) {
    let schema = &schemas[name];
    let properties = schema["properties"].as_object().unwrap_or_else(|| panic!("{name}: {schema}"));
    let members = document.as_object().unwrap();
    assert_eq!(
        members.keys().collect::<BTreeSet<_>>(),
        properties.keys().collect::<BTreeSet<_>>(),
        "{name}"
    );
    for (member, value) in members {
        check_value(schemas, &properties[member], value, &format!("{name}.{member}"));
    }
}

fn check_value(schemas: &Value, property: &Value, value: &Value, place: &str) {
    let one_of = property["oneOf"].as_array().cloned().unwrap_or_default();
    let reference = one_of
        .iter()
        .chain([property])
        .find_map(|schema| schema["$ref"].as_str()?.rsplit('/').next().map(str::to_owned));
    let nullable = one_of.iter().any(|schema| schema["type"] == "null")
        || property["type"].as_array().is_some_and(|types| types.contains(&json!("null")));
    let is = |name: &str| {
        property["type"] == name
            || property["type"].as_array().is_some_and(|types| types.contains(&json!(name)))
    };
    match value {
        Value::Null => assert!(nullable, "{place} may not be null: {property}"),
        Value::Object(_) => check(schemas, &reference.unwrap(), value),
        Value::Array(elements) => {
            assert!(is("array"), "{place}: {property}");
            for element in elements {
                check_value(schemas, &property["items"], element, place);
            }
        }
        Value::String(_) => assert!(is("string"), "{place}: {property}"),
        Value::Bool(_) => assert!(is("boolean"), "{place}: {property}"),
        Value::Number(number) if number.is_f64() => assert!(is("number"), "{place}: {property}"),
        Value::Number(_) => assert!(is("integer"), "{place}: {property}"),
    }
}

#[test]
fn schemas_describe_the_documents() {
    let document = serde_json::to_value(Document::openapi()).unwrap();
    let schemas = &document["components"]["schemas"];
    for (name, file) in [
        ("PriceListParams", "price-list-sample.in.json"),
        ("PriceLists", "price-list-sample.out.json"),
        ("PriceLists", "price-list-terms.out.json"),
        ("CustomerCPAParams", "agreement-sample.in.json"),
        ("CPARulesList", "agreement-sample.out.json"),
        ("CPARulesList", "agreement-terms.out.json"),
        ("CustomerBuyingReportParams", "buying-report-sample.in.json"),
        ("BuyingReport", "buying-report-sample.out.json"),
        ("BuyingReport", "buying-report-history.out.json"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/caliq").join(file);
        let sample = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        check(schemas, name, &sample);
    }
    assert_eq!(schemas["Error"]["required"], json!(["Message"]));
}

#[test]
fn xml_hints_give_the_shape_of_the_xml() {
    let document = serde_json::to_value(Document::openapi()).unwrap();
    let schemas = &document["components"]["schemas"];
    // Schema and property, the name of an element, and whether elements are wrapped in one of the property's name.
    for (schema, property, element, wrapped) in [
        ("PriceListParams", "CustomerIDs", "int", true),
        ("PriceListParams", "ProductCodes", "string", true),
        ("PriceLists", "PriceDetail", "PriceList", false),
        ("Items", "ItemPLDetail", "Item", false),
        ("PLCusts", "PLCustDetail", "PLCust", false),
        ("CPARulesList", "CustCPARulesList", "CPACustomer", false),
        ("CPACustomer", "CPARules", "CPARule", true),
        ("BuyingReport", "BuyingReportList", "BuyingReportItem", false),
    ] {
        let list = &schemas[schema]["properties"][property];
        let items = &list["items"];
        let named = items["xml"]["name"].as_str().map(str::to_owned).or_else(|| {
            let target = items["$ref"].as_str()?.rsplit('/').next()?;
            schemas[target]["xml"]["name"].as_str().map(str::to_owned)
        });
        assert_eq!(named.as_deref(), Some(element), "{schema}.{property}: {list}");
        assert_eq!(list["xml"]["wrapped"] == true, wrapped, "{schema}.{property}: {list}");
        if wrapped {
            assert_eq!(list["xml"]["name"], property, "{list}");
        }
    }
}

/// An example is the same in both formats and is what our own writers write.
fn check_example<V: PartialEq + std::fmt::Debug>(
    example: &schema::Example,
    read: impl Fn(&[u8], BodyFormat) -> V,
) {
    let (json, xml) = (
        read(example.json.as_bytes(), BodyFormat::Json),
        read(example.xml.as_bytes(), BodyFormat::Xml),
    );
    assert_eq!(json, xml);
}

fn request<T: Request>(body: &[u8], format: BodyFormat) -> T {
    let request = read::<T>(body, format, Charset::Utf8).unwrap().checked().unwrap();
    let media = match format {
        BodyFormat::Json => MediaType::ApplicationJson,
        BodyFormat::Xml => MediaType::ApplicationXml,
    };
    assert_eq!(client::write_request(media, &request), body);
    request
}

#[test]
fn examples_are_documents_of_their_calls() {
    check_example(&schema::PRICE_LIST_PARAMS, request::<PriceListRequest>);
    check_example(&schema::CUSTOMER_CPA_PARAMS, request::<CustomerAgreementRequest>);
    check_example(&schema::CUSTOMER_BUYING_REPORT_PARAMS, request::<BuyingReportRequest>);
    check_example(&schema::PRICE_LISTS, |b, f| client::read_price_lists(b, f).unwrap());
    check_example(&schema::CPA_RULES_LIST, |b, f| client::read_agreements(b, f).unwrap());
    check_example(&schema::BUYING_REPORT, |b, f| client::read_buying_report(b, f).unwrap());
    let mut state = ModelState::new();
    state.add(
        "Currency",
        "The field Currency must be a string or array type with a maximum length of '3'.",
    );
    for (media, example) in [
        (MediaType::ApplicationJson, schema::ERROR.json),
        (MediaType::ApplicationXml, schema::ERROR.xml),
    ] {
        let body = error_body(media, "The request is invalid.", Some(&state));
        assert_eq!(String::from_utf8(body).unwrap(), example);
    }
}
