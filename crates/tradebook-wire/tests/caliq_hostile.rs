//! Bodies that are meant to hurt: each is answered at once, and with what it deserves.

use std::time::{Duration, Instant};

use tradebook_wire::caliq::{
    BodyFormat, Bound, Charset, ModelState, PriceListRequest, Request, Unreadable, read,
};

/// Reads a body of any size within a time that only a quadratic reader needs more than.
fn check(body: &str, format: BodyFormat) -> Result<Bound<PriceListRequest>, Unreadable> {
    let begun = Instant::now();
    let result = read(body.as_bytes(), format, Charset::Utf8);
    let taken = begun.elapsed();
    assert!(taken < Duration::from_secs(10), "{taken:?} for {} bytes", body.len());
    result
}

#[test]
fn depth_without_end_is_refused() {
    let deep = 1_000_000;
    for open in ["[", "{\"a\":", "[{\"a\":["] {
        assert!(check(&format!("{{\"z\":{}", open.repeat(deep)), BodyFormat::Json).is_err());
        assert!(check(&open.repeat(deep), BodyFormat::Json).is_err());
    }
    let nested = format!("{}{}", "<z>".repeat(deep), "</z>".repeat(deep));
    for body in [format!("<PriceListParams>{nested}</PriceListParams>"), "<a>".repeat(deep)] {
        assert!(check(&body, BodyFormat::Xml).is_err());
    }
}

#[test]
fn attributes_without_end_are_refused() {
    let attributes: String = (0..100_000).map(|n| format!(" a{n}='x'")).collect();
    assert!(check(&format!("<PriceListParams{attributes}/>"), BodyFormat::Xml).is_err());
    let namespaces: String = (0..100_000).map(|n| format!(" xmlns:a{n}='u{n}'")).collect();
    assert!(check(&format!("<PriceListParams{namespaces}/>"), BodyFormat::Xml).is_err());
    let elements: String = (0..100_000).map(|n| format!("<z xmlns:a='u{n}'/>")).collect();
    let body = format!("<PriceListParams>{elements}</PriceListParams>");
    assert!(check(&body, BodyFormat::Xml).is_ok());
}

#[test]
fn entities_are_never_expanded() {
    let mut laughs = String::from("<!DOCTYPE PriceListParams [<!ENTITY l0 'ha'>");
    for n in 1..12 {
        laughs += &format!("<!ENTITY l{n} '{}'>", format!("&l{};", n - 1).repeat(10));
    }
    laughs += "]><PriceListParams><apiKey>&l11;</apiKey></PriceListParams>";
    assert!(check(&laughs, BodyFormat::Xml).is_err());
    for body in [
        "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><PriceListParams/>",
        "<PriceListParams><apiKey>&l11;</apiKey></PriceListParams>",
    ] {
        assert!(check(body, BodyFormat::Xml).is_err());
    }
}

#[test]
fn huge_numbers_and_texts_are_one_fault() {
    let digits = "9".repeat(2_000_000);
    for (body, format) in [
        (format!("{{apiKey:'k',CustomerIDs:[{digits}]}}"), BodyFormat::Json),
        (format!("{{apiKey:'k',CustomerIDs:['{digits}']}}"), BodyFormat::Json),
        (format!("{{apiKey:'k',CustomerIDs:'{digits}'}}"), BodyFormat::Json),
        (
            format!(
                "<PriceListParams><CustomerIDs><int>{digits}</int></CustomerIDs><apiKey>k</apiKey></PriceListParams>"
            ),
            BodyFormat::Xml,
        ),
    ] {
        let bound = check(&body, format).unwrap();
        assert_eq!(bound.value.api_key(), Some("k"));
        let (path, messages) = bound.faults.iter().next().unwrap();
        assert_eq!(path, "CustomerIDs[0]");
        assert!(messages.concat().len() < 200);
    }
    let currency = format!("{{apiKey:'k',Currency:'{digits}'}}");
    let faults = check(&currency, BodyFormat::Json).unwrap().checked().unwrap_err();
    assert!(faults.names("Currency"));
}

#[test]
fn faults_do_not_grow_with_the_body() {
    let bad = "'x',".repeat(500_000);
    let members = "ExcludeCustomerPrices:'x',".repeat(100_000);
    let items = "<int>x</int>".repeat(200_000);
    for (body, format) in [
        (format!("{{CustomerIDs:[{bad}]}}"), BodyFormat::Json),
        (format!("{{{members}}}"), BodyFormat::Json),
        (
            format!("<PriceListParams><ProductIDs>{items}</ProductIDs></PriceListParams>"),
            BodyFormat::Xml,
        ),
    ] {
        let faults = check(&body, format).unwrap().faults;
        assert!(!faults.is_empty());
        assert!(faults.iter().count() <= ModelState::MAX_PATHS);
        assert!(faults.iter().all(|(_, messages)| messages.len() <= ModelState::MAX_MESSAGES));
    }
}

#[test]
fn repetition_costs_no_more_than_its_length() {
    let many = 300_000;
    for (body, format) in [
        (format!("{{{}}}", "apiKey:'k',".repeat(many)), BodyFormat::Json),
        (format!("{{{}}}", "/**/".repeat(many)), BodyFormat::Json),
        (format!("{{a:\"{}\"}}", "\\ud800".repeat(many)), BodyFormat::Json),
        (format!("{{a:[{}]}}", ",".repeat(many)), BodyFormat::Json),
        (
            format!("<PriceListParams>{}</PriceListParams>", "<apiKey>k</apiKey>".repeat(many)),
            BodyFormat::Xml,
        ),
        (
            format!("<PriceListParams><apiKey>{}</apiKey></PriceListParams>", "&amp;".repeat(many)),
            BodyFormat::Xml,
        ),
        (format!("<PriceListParams>{}</PriceListParams>", "<!---->".repeat(many)), BodyFormat::Xml),
        (
            format!("<PriceListParams>{}</PriceListParams>", "<CustomerIDs/>".repeat(many)),
            BodyFormat::Xml,
        ),
    ] {
        assert!(check(&body, format).is_ok(), "{}", body.get(..60).unwrap());
    }
}
