//! The documents in `fixtures/caliq`: every request and answer in both formats.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use tradebook_wire::caliq::{
    AnswerOptions, BodyFormat, BuyingReportRequest, BuyingReportWriter, Charset, CpaRulesWriter,
    CustomerAgreementRequest, MediaType, PriceListItem, PriceListRequest, PriceListRow,
    PriceListsWriter, Request, client, read,
};

const FORMATS: [(BodyFormat, MediaType, &str); 2] = [
    (BodyFormat::Json, MediaType::ApplicationJson, "json"),
    (BodyFormat::Xml, MediaType::ApplicationXml, "xml"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/caliq")
}

/// The cases whose name starts with `call` and that have a document of that kind.
fn cases(call: &str, kind: &str) -> Vec<String> {
    let suffix = format!(".{kind}.json");
    let mut cases: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .filter_map(|entry| {
            entry
                .unwrap()
                .file_name()
                .into_string()
                .unwrap()
                .strip_suffix(&suffix)
                .map(str::to_owned)
        })
        .filter(|case| case.starts_with(call))
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "no {kind} documents of {call}");
    cases
}

fn document(case: &str, kind: &str, extension: &str) -> Vec<u8> {
    let path = folder().join(format!("{case}.{kind}.{extension}"));
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn trimmed(mut document: Vec<u8>) -> String {
    assert_eq!(document.pop(), Some(b'\n'));
    String::from_utf8(document).unwrap()
}

fn read_whole<T: Request>(body: &[u8], format: BodyFormat, place: &str) -> T {
    let bound = read::<T>(body, format, Charset::Utf8).unwrap_or_else(|e| panic!("{place}: {e}"));
    assert!(bound.faults.is_empty(), "{place}: {:?}", bound.faults);
    bound.value
}

/// A request is the same in both formats and in every tolerated spelling, and is written back byte for byte.
fn check_requests<T: Request>(call: &str) {
    for case in cases(call, "in") {
        let [json, xml] = FORMATS.map(|(format, media, extension)| {
            let place = format!("{case}.in.{extension}");
            let body = document(&case, "in", extension);
            let request = read_whole::<T>(&body, format, &place);
            let written = String::from_utf8(client::write_request(media, &request)).unwrap();
            assert_eq!(written, trimmed(body), "{place}");
            request
        });
        assert!(json == xml, "{case}: {json:?} is not {xml:?}");
    }
    for case in cases(call, "tolerant") {
        for (format, _, extension) in FORMATS {
            let place = format!("{case}.tolerant.{extension}");
            let tolerant = read_whole::<T>(&document(&case, "tolerant", extension), format, &place);
            let strict = read_whole::<T>(&document(&case, "in", extension), format, &place);
            assert!(tolerant == strict, "{place}: {tolerant:?} is not {strict:?}");
        }
    }
}

/// An answer is the same in both formats, and is written back byte for byte.
fn check_answers<V: PartialEq + std::fmt::Debug>(
    call: &str,
    read: impl Fn(&[u8], BodyFormat) -> Result<V, client::AnswerError>,
    write: impl Fn(MediaType, &V) -> Vec<u8>,
) {
    for case in cases(call, "out") {
        let [json, xml] = FORMATS.map(|(format, media, extension)| {
            let place = format!("{case}.out.{extension}");
            let body = document(&case, "out", extension);
            let answer = read(&body, format).unwrap_or_else(|error| panic!("{place}: {error:?}"));
            assert_eq!(String::from_utf8(write(media, &answer)).unwrap(), trimmed(body), "{place}");
            answer
        });
        assert_eq!(json, xml, "{case}");
    }
}

#[test]
fn price_lists() {
    check_requests::<PriceListRequest>("price-list");
    check_answers("price-list", client::read_price_lists, |media, lists| {
        let mut out = Vec::new();
        let mut writer = PriceListsWriter::new(media, AnswerOptions::default());
        writer.start(&mut out);
        for list in lists {
            writer.begin_list(&mut out, &list.head);
            for item in &list.items {
                writer.item(&mut out, item);
            }
            end_list(&mut writer, &mut out, list);
        }
        writer.finish(&mut out);
        out
    });
}

fn row(item: &PriceListItem<'_>) -> PriceListRow {
    let PriceListItem { quantity, price, was, custom, on_application, .. } = *item;
    PriceListRow { quantity, price, was, custom, on_application }
}

#[test]
fn rendered_items_are_the_items() {
    let options = AnswerOptions::default();
    for (format, media, extension) in FORMATS {
        let lists =
            client::read_price_lists(&document("price-list-terms", "out", extension), format)
                .unwrap();
        let mut out = Vec::new();
        let mut writer = PriceListsWriter::new(media, options);
        writer.start(&mut out);
        for list in &lists {
            writer.begin_list(&mut out, &list.head);
            let (one, rest) = list.items.split_at(list.items.len().min(1));
            for items in [one, rest, &[]] {
                let mut rendered = Vec::new();
                for items in items.chunk_by(|a, b| a.id == b.id) {
                    let product = (items[0].id, &*items[0].code);
                    PriceListsWriter::render_product(
                        &mut rendered,
                        format,
                        options,
                        product,
                        items.iter().map(row),
                    );
                }
                writer.rendered(&mut out, &rendered);
            }
            end_list(&mut writer, &mut out, list);
        }
        writer.finish(&mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            trimmed(document("price-list-terms", "out", extension))
        );
    }
}

#[test]
fn agreements() {
    check_requests::<CustomerAgreementRequest>("agreement");
    check_answers("agreement", client::read_agreements, |media, agreements| {
        let mut out = Vec::new();
        let mut writer = CpaRulesWriter::new(media, AnswerOptions::default());
        writer.start(&mut out);
        for agreement in agreements {
            writer.begin_customer(&mut out, &agreement.customer);
            for rule in &agreement.rules {
                writer.rule(&mut out, rule);
            }
            writer.end_customer(&mut out);
        }
        writer.finish(&mut out);
        out
    });
}

#[test]
fn rendered_agreements_are_the_agreements() {
    for (format, media, extension) in FORMATS {
        let document = document("agreement-terms", "out", extension);
        let agreements = client::read_agreements(&document, format).unwrap();
        let mut out = Vec::new();
        let mut writer = CpaRulesWriter::new(media, AnswerOptions::default());
        writer.start(&mut out);
        for agreement in &agreements {
            let mut rendered = Vec::new();
            let mut other = CpaRulesWriter::new(media, AnswerOptions::default());
            other.render_customer(&mut rendered, &agreement.customer);
            for rule in &agreement.rules {
                other.rule(&mut rendered, rule);
            }
            other.end_customer(&mut rendered);
            writer.rendered(&mut out, &rendered);
        }
        writer.finish(&mut out);
        assert_eq!(String::from_utf8(out).unwrap(), trimmed(document));
    }
}

#[test]
fn buying_reports() {
    check_requests::<BuyingReportRequest>("buying-report");
    check_answers("buying-report", client::read_buying_report, |media, items| {
        let mut out = Vec::new();
        let mut writer = BuyingReportWriter::new(media, AnswerOptions::default());
        writer.start(&mut out);
        for item in items {
            writer.item(&mut out, item);
        }
        writer.finish(&mut out);
        out
    });
}

fn end_list(writer: &mut PriceListsWriter, out: &mut Vec<u8>, list: &client::PriceList) {
    match &list.customers {
        Some(customers) => writer.end_list(out, Some(&mut customers.iter().cloned())),
        None => writer.end_list(out, None),
    }
}
