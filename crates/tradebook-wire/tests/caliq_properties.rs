//! What is written is read back as it was, and nothing makes a reader panic.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::borrow::Cow;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use tradebook_model::{Money, NullDecimals, Percent};
use tradebook_wire::caliq::client::{self, Agreement, PriceList};
use tradebook_wire::caliq::{
    AgreementCustomer, AgreementRule, AnswerOptions, BodyFormat, BuyingReportItem,
    BuyingReportRequest, BuyingReportWriter, Charset, CpaRulesWriter, CustomerAgreementRequest,
    MediaType, PriceListCustomer, PriceListHead, PriceListItem, PriceListRequest, PriceListsWriter,
    Request, negotiate, read, request_format,
};

/// Anything that XML can carry, white space and mark-up included.
fn text() -> impl Strategy<Value = String> {
    let c = prop_oneof![
        6 => proptest::char::range('a', 'z'),
        2 => proptest::sample::select(vec!['<', '>', '&', '"', '\'', '\\', '/', ' ', '\t', '\n', '\r', ']', '-']),
        1 => any::<char>().prop_filter("XML cannot carry it", |c| {
            !matches!(c, '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
        }),
    ];
    vec(c, 0..12).prop_map(|chars| chars.into_iter().collect())
}

fn cow() -> impl Strategy<Value = Cow<'static, str>> {
    text().prop_map(Cow::Owned)
}

fn money() -> impl Strategy<Value = Money> {
    (Money::MIN.micros()..=Money::MAX.micros())
        .prop_map(|micros| Money::from_micros(micros).unwrap())
}

fn percent() -> impl Strategy<Value = Percent> {
    (-1_000_000_000_000..=1_000_000_000_000_i64)
        .prop_map(|micros| Percent::from_micros(micros).unwrap())
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..4)
}

fn price_list_request() -> impl Strategy<Value = PriceListRequest> {
    (
        vec(any::<i32>(), 0..4),
        texts(),
        vec(any::<i32>(), 0..4),
        texts(),
        option::of(text()),
        option::of(text()),
        any::<bool>(),
    )
        .prop_map(
            |(
                customer_ids,
                account_numbers,
                product_ids,
                product_codes,
                api_key,
                currency,
                exclude_customer_prices,
            )| {
                PriceListRequest {
                    customer_ids,
                    account_numbers,
                    product_ids,
                    product_codes,
                    api_key,
                    currency,
                    exclude_customer_prices,
                }
            },
        )
}

fn agreement_request() -> impl Strategy<Value = CustomerAgreementRequest> {
    (vec(any::<i32>(), 0..4), texts(), option::of(text())).prop_map(
        |(customer_ids, account_numbers, api_key)| CustomerAgreementRequest {
            customer_ids,
            account_numbers,
            api_key,
        },
    )
}

fn buying_report_request() -> impl Strategy<Value = BuyingReportRequest> {
    (
        option::of(text()),
        any::<i32>(),
        option::of(text()),
        option::of(text()),
        any::<i32>(),
        any::<i32>(),
    )
        .prop_map(
            |(api_key, customer_id, account_no, based_on, months_back, weeks_until_available)| {
                BuyingReportRequest {
                    api_key,
                    customer_id,
                    account_no,
                    based_on,
                    months_back,
                    weeks_until_available,
                }
            },
        )
}

fn item() -> impl Strategy<Value = PriceListItem<'static>> {
    (any::<i32>(), cow(), any::<i32>(), money(), option::of(money()), any::<bool>(), any::<bool>())
        .prop_map(|(id, code, quantity, price, was, custom, on_application)| PriceListItem {
            id,
            code,
            quantity,
            price,
            was,
            custom,
            on_application,
        })
}

fn price_list() -> impl Strategy<Value = PriceList> {
    let head = (any::<i32>(), cow(), cow(), cow(), option::of(cow()), any::<bool>()).prop_map(
        |(id, currency, list_type, source, description, vat_included)| PriceListHead {
            id,
            currency,
            list_type,
            source,
            description,
            vat_included,
        },
    );
    let customer =
        (any::<i32>(), cow()).prop_map(|(id, account_no)| PriceListCustomer { id, account_no });
    (head, vec(item(), 0..4), option::of(vec(customer, 0..3)))
        .prop_map(|(head, items, customers)| PriceList { head, items, customers })
}

fn agreement() -> impl Strategy<Value = Agreement> {
    let customer = (
        (any::<i32>(), cow(), cow(), any::<i32>(), option::of(cow())),
        (any::<i32>(), option::of(percent()), cow(), cow(), option::of(percent())),
    )
        .prop_map(
            |(
                (id, account_no, currency, price_list_id, price_list_name),
                (
                    price_list_standard,
                    normal_discount,
                    always_gets_bulk,
                    never_gets_bulk,
                    markup_on_cost,
                ),
            )| AgreementCustomer {
                id,
                account_no,
                currency,
                price_list_id,
                price_list_name,
                price_list_standard,
                normal_discount,
                always_gets_bulk,
                never_gets_bulk,
                markup_on_cost,
            },
        );
    let rule = (any::<i32>(), cow(), money()).prop_map(|(id, code, price)| AgreementRule {
        id,
        code,
        price,
    });
    (customer, vec(rule, 0..4)).prop_map(|(customer, rules)| Agreement { customer, rules })
}

fn report_item() -> impl Strategy<Value = BuyingReportItem<'static>> {
    let optional = || option::of(cow());
    (
        (any::<i32>(), cow(), any::<i64>()),
        (optional(), optional(), optional()),
        (optional(), optional(), optional()),
    )
        .prop_map(
            |(
                (id, code, quantity),
                (description, customer_part_no, barcode),
                (epos_barcode, last_invoiced, next_available),
            )| BuyingReportItem {
                id,
                code,
                description,
                customer_part_no,
                barcode,
                epos_barcode,
                quantity,
                last_invoiced,
                next_available,
            },
        )
}

fn options() -> impl Strategy<Value = AnswerOptions> {
    proptest::sample::select(vec![NullDecimals::Omit, NullDecimals::Nil])
        .prop_map(|null_decimals_in_xml| AnswerOptions { null_decimals_in_xml })
}

fn check_request<T: Request>(request: &T) {
    for media in MediaType::ALL {
        let body = client::write_request(media, request);
        let bound = read::<T>(&body, media.format(), Charset::Utf8).unwrap();
        assert!(bound.faults.is_empty(), "{:?}", bound.faults);
        assert!(bound.value == *request, "{request:?} became {:?}", bound.value);
    }
}

proptest! {
    #[test]
    fn price_list_requests_survive(request in price_list_request()) {
        check_request(&request);
    }

    #[test]
    fn agreement_requests_survive(request in agreement_request()) {
        check_request(&request);
    }

    #[test]
    fn buying_report_requests_survive(request in buying_report_request()) {
        check_request(&request);
    }

    #[test]
    fn price_lists_survive(lists in vec(price_list(), 0..3), options in options()) {
        for media in MediaType::ALL {
            let mut out = Vec::new();
            let mut writer = PriceListsWriter::new(media, options);
            writer.start(&mut out);
            for list in &lists {
                writer.begin_list(&mut out, &list.head);
                for item in &list.items {
                    writer.item(&mut out, item);
                }
                end_list(&mut writer, &mut out, list);
            }
            writer.finish(&mut out);
            prop_assert_eq!(&client::read_price_lists(&out, media.format()).unwrap(), &lists);
        }
    }

    #[test]
    fn agreements_survive(agreements in vec(agreement(), 0..3), options in options()) {
        for media in MediaType::ALL {
            let mut out = Vec::new();
            let mut writer = CpaRulesWriter::new(media, options);
            writer.start(&mut out);
            for agreement in &agreements {
                writer.begin_customer(&mut out, &agreement.customer);
                for rule in &agreement.rules {
                    writer.rule(&mut out, rule);
                }
                writer.end_customer(&mut out);
            }
            writer.finish(&mut out);
            prop_assert_eq!(&client::read_agreements(&out, media.format()).unwrap(), &agreements);
        }
    }

    #[test]
    fn buying_reports_survive(items in vec(report_item(), 0..4)) {
        for media in MediaType::ALL {
            let mut out = Vec::new();
            let mut writer = BuyingReportWriter::new(media, AnswerOptions::default());
            writer.start(&mut out);
            for item in &items {
                writer.item(&mut out, item);
            }
            writer.finish(&mut out);
            prop_assert_eq!(&client::read_buying_report(&out, media.format()).unwrap(), &items);
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in vec(any::<u8>(), 0..200)) {
        check_any(&bytes);
    }

    #[test]
    fn no_broken_document_makes_a_reader_panic(
        request in price_list_request(),
        json in any::<bool>(),
        cuts in vec((any::<proptest::sample::Index>(), "[\\[\\]{}<>&;:,'\"/!?a0-]{0,3}"), 0..4),
    ) {
        let media = if json { MediaType::ApplicationJson } else { MediaType::ApplicationXml };
        let mut body = client::write_request(media, &request);
        for (at, piece) in cuts {
            let at = at.index(body.len());
            body.splice(at..at, piece.bytes());
            body.remove(at);
        }
        check_any(&body);
    }

    #[test]
    fn strict_json_is_read_as_a_strict_reader_reads_it(value in text(), number in any::<i32>()) {
        let body = serde_json::json!({"x": {"y": [value, number]}, "apiKey": value, "CustomerIDs": [number]});
        for body in [body.to_string(), serde_json::to_string_pretty(&body).unwrap()] {
            let bound = read::<CustomerAgreementRequest>(body.as_bytes(), BodyFormat::Json, Charset::Utf8).unwrap();
            prop_assert_eq!(bound.value.api_key.as_deref(), Some(value.as_str()));
            prop_assert_eq!(bound.value.customer_ids, vec![number]);
        }
    }

    #[test]
    fn no_header_makes_the_negotiation_panic(header in ".{0,40}", other in "[a-z/;,=*\"\\\\ .0-9q]{0,40}") {
        for header in [&header, &other] {
            negotiate(Some(header), Some(header), Some(header));
            request_format(Some(header), true);
        }
    }
}

fn check_any(body: &[u8]) {
    for format in [BodyFormat::Json, BodyFormat::Xml] {
        for charset in [Charset::Utf8, Charset::Utf16] {
            let _ = read::<PriceListRequest>(body, format, charset).map(|bound| bound.checked());
            let _ = read::<BuyingReportRequest>(body, format, charset).map(|bound| bound.checked());
        }
        let _ = client::read_price_lists(body, format);
        let _ = client::read_agreements(body, format);
        let _ = client::read_buying_report(body, format);
    }
}

fn end_list(writer: &mut PriceListsWriter, out: &mut Vec<u8>, list: &client::PriceList) {
    match &list.customers {
        Some(customers) => writer.end_list(out, Some(&mut customers.iter().cloned())),
        None => writer.end_list(out, None),
    }
}
