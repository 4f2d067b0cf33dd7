//! What each member takes in each format, and the rules that a request keeps.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use tradebook_wire::caliq::{
    BodyFormat, Bound, BuyingReportRequest, Charset, CustomerAgreementRequest, Limits, ModelState,
    PriceListRequest, Request, Unreadable, read, read_within,
};

fn json<T: Request>(body: &str) -> Result<Bound<T>, Unreadable> {
    read(body.as_bytes(), BodyFormat::Json, Charset::Utf8)
}

fn xml<T: Request>(body: &str) -> Result<Bound<T>, Unreadable> {
    read(body.as_bytes(), BodyFormat::Xml, Charset::Utf8)
}

fn messages(faults: &ModelState) -> Vec<String> {
    faults
        .iter()
        .flat_map(|(path, messages)| messages.iter().map(move |m| format!("{path}: {m}")))
        .collect()
}

/// Faults of reading and of rules together.
fn check<T: Request>(bound: Result<Bound<T>, Unreadable>, expected: &[&str]) {
    let found = match bound.unwrap().checked() {
        Ok(_) => Vec::new(),
        Err(faults) => messages(&faults),
    };
    assert_eq!(found, expected);
}

#[test]
fn whole_numbers() {
    let not_whole = |text: &str| format!("The value '{text}' is not a whole number.");
    let beyond =
        |text: &str| format!("The number {text} is not between -2147483648 and 2147483647.");
    let not = |what: &str| format!("A whole number is expected, not {what}.");
    for (value, expected) in [
        ("1", Ok(1)),
        ("-1", Ok(-1)),
        ("\"1\"", Ok(1)),
        ("\" 2 \"", Ok(2)),
        ("'+1'", Ok(1)),
        ("0x10", Ok(16)),
        ("010", Ok(8)),
        ("2147483647", Ok(2_147_483_647)),
        ("-2147483648", Ok(-2_147_483_648)),
        ("1.0", Err(not_whole("1.0"))),
        ("1e2", Err(not_whole("1e2"))),
        ("08", Err(not_whole("08"))),
        ("\"1.0\"", Err(not_whole("1.0"))),
        ("\"0x10\"", Err(not_whole("0x10"))),
        ("\"1,000\"", Err(not_whole("1,000"))),
        ("\"\"", Err(not_whole(""))),
        ("2147483648", Err(beyond("2147483648"))),
        ("0xFFFFFFFF", Err(beyond("0xFFFFFFFF"))),
        ("9999999999999999999999", Err(beyond("9999999999999999999999"))),
        ("null", Err(not("null"))),
        ("true", Err(not("true or false"))),
        ("NaN", Err(not("NaN"))),
        ("{}", Err(not("an object"))),
        ("[[1]]", Err(not("a list"))),
    ] {
        let bound = json::<CustomerAgreementRequest>(&format!(
            "{{\"CustomerIDs\":[7,{value},9],\"apiKey\":\"k\"}}"
        ))
        .unwrap();
        assert_eq!(bound.value.api_key(), Some("k"));
        match expected {
            Ok(number) => assert_eq!(bound.value.customer_ids, [7, number, 9], "{value}"),
            Err(fault) => {
                assert_eq!(bound.value.customer_ids, [7, 9], "{value}");
                assert_eq!(messages(&bound.faults), [format!("CustomerIDs[1]: {fault}")]);
            }
        }
    }
    for (value, expected) in [
        (" 1 ", Some(1)),
        ("\n+1\n", Some(1)),
        ("-5", Some(-5)),
        ("1<!-- -->2", Some(12)),
        ("1.0", None),
        ("1,000", None),
        ("", None),
        ("0x10", None),
        ("2147483648", None),
        ("<a>1</a>", None),
    ] {
        let bound = xml::<BuyingReportRequest>(&format!(
            "<CustomerBuyingReportParams><MonthsBack>{value}</MonthsBack><apiKey>k</apiKey></CustomerBuyingReportParams>"
        ))
        .unwrap();
        assert_eq!(bound.value.api_key(), Some("k"));
        assert_eq!(bound.faults.names("MonthsBack"), expected.is_none(), "{value}");
        assert_eq!(bound.value.months_back, expected.unwrap_or(0), "{value}");
    }
}

#[test]
fn flags() {
    for (value, expected) in [
        ("true", Some(true)),
        ("\" TRUE \"", Some(true)),
        ("\"False\"", Some(false)),
        ("0", Some(false)),
        ("0.0", Some(false)),
        ("1.0", Some(true)),
        ("0x10", Some(true)),
        ("-7", Some(true)),
        ("\"1\"", None),
        ("\"yes\"", None),
        ("\"\"", None),
        ("null", None),
        ("undefined", None),
        ("[true]", None),
    ] {
        let bound =
            json::<PriceListRequest>(&format!("{{ExcludeCustomerPrices:{value}}}")).unwrap();
        assert_eq!(bound.faults.names("ExcludeCustomerPrices"), expected.is_none(), "{value}");
        assert_eq!(bound.value.exclude_customer_prices, expected.unwrap_or(false), "{value}");
    }
}

#[test]
fn texts_and_lists_of_them() {
    for (value, expected, fault) in [
        ("[1,2.50,true,null,\"x\"]", vec!["1", "2.50", "true", "", "x"], None),
        (
            "[\" a \",{},\"b\"]",
            vec![" a ", "b"],
            Some("AccountNumbers[1]: A text is expected, not an object."),
        ),
        ("[1,,2]", vec!["1", "2"], Some("AccountNumbers[1]: A text is expected, not nothing.")),
        ("\" a | b ||c|\"", vec!["a", "b", "c"], None),
        ("\"\"", vec![], None),
        ("null", vec![], None),
        ("[]", vec![], None),
        ("7", vec![], Some("AccountNumbers: A list is expected, not a number.")),
        (
            "{\"string\":[\"a\"]}",
            vec![],
            Some("AccountNumbers: A list is expected, not an object."),
        ),
    ] {
        let bound =
            json::<CustomerAgreementRequest>(&format!("{{\"AccountNumbers\":{value}}}")).unwrap();
        assert_eq!(bound.value.account_numbers, expected, "{value}");
        assert_eq!(messages(&bound.faults), fault.into_iter().collect::<Vec<_>>(), "{value}");
    }
}

#[test]
fn json_is_read_as_freely_as_the_original_reads_it() {
    for (body, key) in [
        ("{\"apiKey\":\"a\\ud83d\\ude00\\ud83d!\\udc00\"}", Some("a😀\u{fffd}!\u{fffd}")),
        ("\u{feff}{apiKey:'it\\'s \"me\"'}", Some("it's \"me\"")),
        ("/**/{\"apiKey\"/**/:/**/\"k\"//\n,}", Some("k")),
        ("{\"apiKey\":\"a\tb\nc\"} trailing", Some("a\tb\nc")),
        ("{\"apiKey\":\"k\"}{\"apiKey\":\"other\"}", Some("k")),
        ("{\"apiKey\":1.50}", Some("1.50")),
        ("{\"apiKey\":\"  \"}", None),
        ("null", None),
        (" \r\n\t ", None),
        ("", None),
        ("\u{feff}", None),
        ("// nothing", None),
    ] {
        let bound = json::<PriceListRequest>(body).unwrap_or_else(|e| panic!("{body}: {e}"));
        assert!(bound.faults.is_empty(), "{body}");
        assert_eq!(bound.value.api_key(), key, "{body}");
    }
    for (body, place) in [
        ("{\"apiKey\":", (1, 11)),
        ("{\"apiKey\":\"a", (1, 11)),
        ("{\n\"apiKey\":\"a\\q\"}", (2, 13)),
        ("{\"a\":1 \"b\":2}", (1, 8)),
        ("[]", (1, 1)),
        ("\"x\"", (1, 1)),
        ("7", (1, 1)),
        ("<PriceListParams/>", (1, 1)),
        ("{,}", (1, 2)),
        ("{\"a\":tru}", (1, 6)),
        ("{\"a\":\"\\u12g4\"}", (1, 9)),
        ("{\"a\":1 /* }", (1, 8)),
        ("{\"a\":[1,2}", (1, 10)),
    ] {
        let error = json::<PriceListRequest>(body).unwrap_err();
        assert_eq!((error.line, error.column), place, "{body}: {error}");
    }
}

#[test]
fn bodies_in_utf_16_are_read() {
    let units = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    };
    let text = "{\"apiKey\":\"€\"}";
    let marked = format!("\u{feff}{text}");
    for (body, charset) in [
        (units(text, u16::to_le_bytes), Charset::Utf16),
        (units(&marked, u16::to_le_bytes), Charset::Utf8),
        (units(&marked, u16::to_be_bytes), Charset::Utf8),
    ] {
        let bound = read::<PriceListRequest>(&body, BodyFormat::Json, charset).unwrap();
        assert_eq!(bound.value.api_key(), Some("€"));
    }
    let text = "<?xml version=\"1.0\" encoding=\"utf-16\"?><PriceListParams><apiKey>€</apiKey></PriceListParams>";
    let body = units(text, u16::to_le_bytes);
    let bound = read::<PriceListRequest>(&body, BodyFormat::Xml, Charset::Utf16).unwrap();
    assert_eq!(bound.value.api_key(), Some("€"));
    assert!(read::<PriceListRequest>(&body, BodyFormat::Xml, Charset::Utf8).is_err());
    for format in [BodyFormat::Json, BodyFormat::Xml] {
        assert!(read::<PriceListRequest>(b"{\"apiKey\":\"\xe9\"}", format, Charset::Utf8).is_err());
    }
}

#[test]
fn documents_that_are_not_such_xml_are_unreadable() {
    let nested = |depth: usize| {
        format!(
            "<PriceListParams>{}{}</PriceListParams>",
            "<z>".repeat(depth),
            "</z>".repeat(depth)
        )
    };
    for body in [
        "<PriceListParams><apiKey>k</apiKey>",
        "<PriceListParams><apiKey>k</PriceListParams></apiKey>",
        "<pricelistparams/>",
        "<PriceListParams xmlns='urn:x'><apiKey>k</apiKey></PriceListParams>",
        "<p:PriceListParams xmlns:p='urn:x'/>",
        "<p:PriceListParams/>",
        "<PriceListParams><p:a/></PriceListParams>",
        "<PriceListParams p:a='1'/>",
        "<PriceListParams a='1' a='2'/>",
        "<PriceListParams a=1/>",
        "<PriceListParams a='<'/>",
        "<PriceListParams a='&nbsp;'/>",
        "<PriceListParams/>x",
        "<PriceListParams/><PriceListParams/>",
        "<PriceListParams/><![CDATA[]]>",
        "x<PriceListParams/>",
        " <?xml version='1.0'?><PriceListParams/>",
        "<?xml version='1.1'?><PriceListParams/>",
        "<?xml version='1.0' encoding='iso-8859-1'?><PriceListParams/>",
        "<!DOCTYPE PriceListParams><PriceListParams/>",
        "<?go?><PriceListParams/>",
        "<PriceListParams><?go?></PriceListParams>",
        "<PriceListParams><apiKey>&nbsp;</apiKey></PriceListParams>",
        "<PriceListParams><apiKey>a & b</apiKey></PriceListParams>",
        "<PriceListParams><apiKey>&#0;</apiKey></PriceListParams>",
        "<PriceListParams><apiKey>]]></apiKey></PriceListParams>",
        "<PriceListParams><apiKey>\u{1}</apiKey></PriceListParams>",
        "<PriceListParams><!-- a -- b --></PriceListParams>",
        "<PriceListParams><1/></PriceListParams>",
        "<PriceListParams xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:type='Nope'/>",
        "   ",
        "{\"apiKey\":\"k\"}",
        &nested(256),
    ] {
        assert!(xml::<PriceListRequest>(body).is_err(), "{body}");
    }
    for body in [
        &nested(255),
        "  <PriceListParams/>  <!-- end -->\n",
        "\u{feff}<?xml version='1.0' encoding='Utf-8'?><PriceListParams/>",
        "<PriceListParams xmlns=''/>",
        "<PriceListParams a='&lt;' xmlns:b='urn:b' b:a='2'>text<b:c/></PriceListParams >",
    ] {
        xml::<PriceListRequest>(body).unwrap_or_else(|error| panic!("{body}: {error}"));
    }
}

#[test]
fn nil_is_taken_where_it_can_be() {
    let body = |inside: &str| {
        format!(
            "<CustomerBuyingReportParams xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>{inside}</CustomerBuyingReportParams>"
        )
    };
    let bound = xml::<BuyingReportRequest>(&body(
        "<apiKey xsi:nil='true'/><BasedOn xsi:nil='0'>O</BasedOn>",
    ))
    .unwrap();
    assert_eq!(bound.value.api_key.as_deref(), Some(""));
    assert_eq!(bound.value.based_on.as_deref(), Some("O"));
    let bound =
        xml::<BuyingReportRequest>(&body("<apiKey>k</apiKey><CustomerID xsi:nil='1'/>")).unwrap();
    assert_eq!(bound.value.api_key(), Some("k"));
    assert_eq!(messages(&bound.faults), ["CustomerID: A whole number is expected, not nil."]);
    let root = body("").replace(">", " xsi:nil='true'>").replacen(
        "</CustomerBuyingReportParams xsi:nil='true'>",
        "</CustomerBuyingReportParams>",
        1,
    );
    assert_eq!(xml::<BuyingReportRequest>(&root).unwrap().value, BuyingReportRequest::default());
}

#[test]
fn a_price_list_request_keeps_its_rules() {
    let too_long =
        "Currency: The field Currency must be a string or array type with a maximum length of '3'.";
    check(json::<PriceListRequest>("{apiKey:'k'}"), &[]);
    check(json::<PriceListRequest>("{apiKey:'k',Currency:'   '}"), &[]);
    check(json::<PriceListRequest>("{apiKey:'k',Currency:' eur '}"), &[]);
    check(json::<PriceListRequest>("{apiKey:'k',Currency:'EURO'}"), &[too_long]);
    check(
        xml::<PriceListRequest>("<PriceListParams><Currency>EURO</Currency></PriceListParams>"),
        &[too_long],
    );
    check(
        json::<PriceListRequest>(
            "{Currency:'EURO',ProductIDs:['x'],ExcludeCustomerPrices:'maybe'}",
        ),
        &[
            "ProductIDs[0]: The value 'x' is not a whole number.",
            "ExcludeCustomerPrices: The value 'maybe' is not true or false.",
            too_long,
        ],
    );
}

#[test]
fn a_buying_report_request_keeps_its_rules() {
    let whole = "apiKey:'k',CustomerID:1,BasedOn:'i',MonthsBack:1,WeeksUntilAvailable:0";
    let with = |more: &str| json::<BuyingReportRequest>(&format!("{{{whole},{more}}}"));
    check(with(""), &[]);
    check(with("CustomerID:0,AccountNo:' A1 '"), &[]);
    check(with("CustomerID:-4"), &[]);
    let neither = [
        "CustomerID: The CustomerID field is required if AccountNo is not set.",
        "AccountNo: The AccountNo field is required if CustomerID is not set.",
    ];
    check(with("CustomerID:0"), &neither);
    check(with("CustomerID:0,AccountNo:' '"), &neither);
    check(with("CustomerID:'x'"), &["CustomerID: The value 'x' is not a whole number."]);
    check(
        with("AccountNo:'12345678901'"),
        &[
            "AccountNo: The field AccountNo must be a string or array type with a maximum length of '10'.",
        ],
    );
    check(with("BasedOn:''"), &["BasedOn: The BasedOn field is required."]);
    check(with("BasedOn:null"), &["BasedOn: The BasedOn field is required."]);
    check(
        with("BasedOn:'OI'"),
        &[
            "BasedOn: The field BasedOn must be a string or array type with a maximum length of '1'.",
        ],
    );
    check(
        with("BasedOn:'X'"),
        &["BasedOn: The field BasedOn must be 'O' for orders or 'I' for invoices."],
    );
    check(
        with("MonthsBack:-1,WeeksUntilAvailable:-2"),
        &[
            "MonthsBack: The field MonthsBack must not be negative.",
            "WeeksUntilAvailable: The field WeeksUntilAvailable must not be negative.",
        ],
    );
    // A number that is left out is missed in JSON and 0 in XML, as with the original.
    check(
        json::<BuyingReportRequest>("{apiKey:'k',CustomerID:1,BasedOn:'O'}"),
        &[
            "MonthsBack: The MonthsBack field is required.",
            "WeeksUntilAvailable: The WeeksUntilAvailable field is required.",
        ],
    );
    check(
        xml::<BuyingReportRequest>(
            "<CustomerBuyingReportParams><CustomerID>1</CustomerID><BasedOn>O</BasedOn></CustomerBuyingReportParams>",
        ),
        &[],
    );
}

#[test]
fn a_key_is_not_shown() {
    let request = PriceListRequest { api_key: Some("secret".into()), ..Default::default() };
    let shown = format!("{request:?} {:#?}", json::<PriceListRequest>("{apiKey:'secret'}"));
    assert!(!shown.contains("secret"), "{shown}");
    let error = json::<PriceListRequest>("{apiKey:'secret").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secret"));
}

#[test]
fn lists_and_attributes_have_a_limit() {
    let limits = Limits { depth: 4, list_items: 3, attributes: 2 };
    let read = |body: &str, format| {
        read_within::<CustomerAgreementRequest>(body.as_bytes(), format, Charset::Utf8, &limits)
    };
    let too_many = "CustomerIDs: The list has more than 3 elements.";
    for (body, format) in [
        ("{apiKey:'k',CustomerIDs:[1,2,3,4,5]}", BodyFormat::Json),
        ("{apiKey:'k',CustomerIDs:'1|2|3|4|5'}", BodyFormat::Json),
        (
            "<CustomerCPAParams><CustomerIDs><int>1</int><int>2</int></CustomerIDs><apiKey>k</apiKey>\
             <CustomerIDs>3|4|5</CustomerIDs></CustomerCPAParams>",
            BodyFormat::Xml,
        ),
    ] {
        let bound = read(body, format).unwrap();
        assert_eq!(bound.value.customer_ids, [1, 2, 3]);
        assert_eq!(bound.value.api_key(), Some("k"));
        assert_eq!(messages(&bound.faults), [too_many]);
    }
    assert!(read("{a:[[[0]]]}", BodyFormat::Json).is_ok());
    assert!(read("{a:[[[[0]]]]}", BodyFormat::Json).is_err());
    assert!(read("<CustomerCPAParams a='1' b='2'/>", BodyFormat::Xml).is_ok());
    assert!(read("<CustomerCPAParams a='1' b='2' c='3'/>", BodyFormat::Xml).is_err());
}

#[test]
fn an_unreadable_body_has_a_place_and_a_reason() {
    let error = json::<PriceListRequest>("{\n  \"apiKey\": tru\n}").unwrap_err();
    assert_eq!(
        messages(&error.model_state()),
        [
            "body: The body cannot be read: line 2, column 13: an unexpected character where a value is expected."
        ]
    );
}
