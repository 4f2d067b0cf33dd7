//! The files of purchase events: what is refused, what is meant, what `--replace` removes.

use tradebook_api::transfer::{ImportRequest, import};
use tradebook_model::{
    AccessTokenIdentifier, AccountIdentifier, EventFilter, EventIdentifier, EventPage, EventParts,
    EventSelector, PurchaseEvent, SpendPeriod, TimeZone,
};
use tradebook_store::{EventFault, EventQuery};

use crate::harness::{BASE, Book, counts, on_each, with_base};

const PARTS: EventParts = EventParts { lines: true, spend_requests: true };

/// An account `R` of the customer `C`, and an event `1` of it.
const ACCOUNT: (&str, &str) = ("accounts_receivable.csv", "number,id,customer\nR,A1,C\n");
const EVENT: (&str, &str) = (
    "purchase_events.csv",
    "number,id,accounts_receivable,performed_on,created\n1,E1,R,2024-05-01T10:00:00,2024-05-02\n",
);

/// The base, the account and the event, and other files in place of these.
fn files<'f>(others: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let mut all: Vec<(&str, &str)> = BASE.to_vec();
    all.extend([ACCOUNT, EVENT]);
    all.retain(|(name, _)| others.iter().all(|(other, _)| other != name));
    all.extend(others);
    all
}

fn event(book: &Book, number: &str) -> PurchaseEvent {
    let number = EventIdentifier::Number(number.to_owned());
    book.store.purchase_event(book.id, &number, PARTS).unwrap()
}

#[test]
fn every_fault_names_its_place() {
    let cases: [(&str, &str, &[&str]); 10] = [
        (
            "accounts_receivable.csv",
            "number,id,name,state,customer\nR,A1,,CLOSED,C\nS,A1,,,C\nT,A2,,,C\nT,A3,,,D\nU,A2,,,D\nV,,,,X\n",
            &[
                "accounts_receivable.csv:2: state: `CLOSED` is not ACTIVE, SUSPENDED or TERMINATED",
                "accounts_receivable.csv:5: number: duplicate: line 4 has the same number `T`",
                "accounts_receivable.csv:6: id: the id is that of another account receivable",
                "accounts_receivable.csv:7: customer: there is no customer `X`",
            ],
        ),
        (
            "access_tokens.csv",
            "identifier,pass_code,authentication_code,state,accounts_receivable\n1,9,a,,R\n1,9,b,,R\n2,9,a,OFF,R\n3,9,a,,X\n4,9,a,,R\n",
            &[
                "access_tokens.csv:3: identifier: duplicate: line 2 has the same identifier",
                "access_tokens.csv:4: state: `OFF` is not EFFECTIVE, NOT_EFFECTIVE or PENDING_VERIFICATION",
                "access_tokens.csv:5: accounts_receivable: there is no account receivable `X`",
                "access_tokens.csv:6: authentication_code: the code is that of the access token `1`",
            ],
        ),
        (
            "rewards_participants.csv",
            "number,id,accounts_receivable\n1,7,R\n2,7,R\n3,x,R\n4,,X\n",
            &[
                "rewards_participants.csv:3: id: the id is that of the rewards participant `1`",
                "rewards_participants.csv:4: id: `x` is not a whole number",
                "rewards_participants.csv:5: accounts_receivable: there is no account receivable `X`",
            ],
        ),
        (
            "classifications.csv",
            "name,id\na,1\nb,1\na,2\n",
            &[
                "classifications.csv:3: id: the id is that of another classification",
                "classifications.csv:4: name: duplicate: line 2 has the same name `a`",
            ],
        ),
        (
            "units.csv",
            "name,colour\na,1\n",
            &[
                "units.csv:1: colour: unknown column; units.csv has name, id, group_name, community_name, alternative_code, description",
            ],
        ),
        (
            "product_types.csv",
            "name,id,classification,service_type\na,1,GOODS,\nb,2,,YEARLY\nc,3,,\nd,3,,\nc,4,,\n",
            &[
                "product_types.csv:2: classification: `GOODS` is not SERVICES or PHYSICALGOODS",
                "product_types.csv:3: service_type: `YEARLY` is not TERMED, USAGE, ONETIME or EXPENSE",
                "product_types.csv:5: id: the id is that of another product type",
                "product_types.csv:6: name: duplicate: line 4 has the same name",
            ],
        ),
        (
            "currency_rate_periods.csv",
            "id,currency,rate,from_date,to_date\n1,GBP,0,,\n2,GBP,1,2024-02-01,2024-01-01\n3,,1,,\n4,GBP,1,,\n4,GBP,1,,\n",
            &[
                "currency_rate_periods.csv:2: rate: must be greater than 0",
                "currency_rate_periods.csv:3: to_date: is before from_date",
                "currency_rate_periods.csv:4: currency: must not be empty",
                "currency_rate_periods.csv:6: id: duplicate: line 5 has the same id `4`",
            ],
        ),
        (
            "purchase_events.csv",
            "number,id,accounts_receivable,performed_on,state,classification,rate_period,performed_by_unit,created_by\n\
             1,E,R,2024-05-01,OPEN,,,,\n2,E,R,yesterday,,,,,\n3,E,R,2024-05-01,,,,,\n4,E,R,2024-05-01,,,,,\n\
             3,F,R,2024-05-01,,,,,\n5,,X,2024-05-01,,x,x,x,x\n",
            &[
                "purchase_events.csv:2: state: `OPEN` is not POSTED or CANCELLED",
                "purchase_events.csv:3: performed_on: `yesterday` is not an instant such as 2024-05-31T23:30:00Z, with or without a zone",
                "purchase_events.csv:5: id: the id is that of another purchase event",
                "purchase_events.csv:6: number: duplicate: line 4 has the same number",
                "purchase_events.csv:7: accounts_receivable: there is no account receivable `X`",
                "purchase_events.csv:7: classification: there is no classification `x`",
                "purchase_events.csv:7: performed_by_unit: there is no unit `x`",
                "purchase_events.csv:7: rate_period: there is no currency rate period `x`",
                "purchase_events.csv:7: created_by: there is no user `x`",
            ],
        ),
        (
            "purchase_event_products.csv",
            "event,line,id,product,quantity,net_amount\n1,1,L,A,1,1\n1,1,M,A,1,1\n1,2,L,A,1,1\n1,-1,,A,1,1\n2,1,,A,1,1\n1,3,,X,1,1\n1,4,,A,much,1\n",
            &[
                "purchase_event_products.csv:3: event: duplicate: line 2 has the same event, line",
                "purchase_event_products.csv:4: id: the id is that of another purchase event product",
                "purchase_event_products.csv:5: line: must be 0 or more",
                "purchase_event_products.csv:6: event: there is no purchase event `2`",
                "purchase_event_products.csv:7: product: there is no product `X`",
                "purchase_event_products.csv:8: quantity: `much` is not a decimal number such as 12.50",
            ],
        ),
        (
            "spend_requests.csv",
            "number,event,performed_on,instant,spend_amount\n1,1,2024-05-01,maybe,1\n2,2,2024-05-01,true,1\n3,1,2024-05-01,true,1.0000001\n4,1,2024-05-01,,1\n4,1,2024-05-01,,1\n",
            &[
                "spend_requests.csv:2: instant: `maybe` is not true or false (1 or 0, Y or N)",
                "spend_requests.csv:3: event: there is no purchase event `2`",
                "spend_requests.csv:4: spend_amount: `1.0000001` has more than 6 decimals",
                "spend_requests.csv:6: number: duplicate: line 5 has the same number",
            ],
        ),
    ];
    on_each(|book| {
        for (file, text, expected) in cases {
            let mut faults = book.faults(&files(&[(file, text)]), false);
            // What refers to rows with faults is told by them alone.
            faults.sort_by_key(|fault| !fault.starts_with(file));
            let shown: Vec<&str> = faults.iter().map(String::as_str).collect();
            for (fault, expected) in shown.iter().zip(expected) {
                assert!(fault.starts_with(expected), "{fault} is not {expected}");
            }
            assert_eq!(shown.len(), expected.len(), "{shown:#?}");
        }
        assert_eq!(book.exported("purchase_events.csv").lines().count(), 1, "nothing was applied");
    });
}

#[test]
fn what_refers_to_a_faulty_event_is_not_told_as_well() {
    on_each(|book| {
        let faults = book.faults(
            &files(&[
                (
                    "purchase_events.csv",
                    "number,accounts_receivable,performed_on\n1,R,never\n2,X,2024-05-01\n",
                ),
                ("purchase_event_products.csv", "event,line,product\n1,1,A\n2,1,A\n3,1,A\n"),
                (
                    "spend_requests.csv",
                    "number,event,performed_on\n1,1,2024-05-01\n2,3,2024-05-01\n",
                ),
            ]),
            false,
        );
        assert_eq!(
            faults,
            [
                "purchase_events.csv:2: performed_on: `never` is not an instant such as 2024-05-31T23:30:00Z, with or without a zone",
                "purchase_events.csv:3: accounts_receivable: there is no account receivable `X`",
                "purchase_event_products.csv:4: event: there is no purchase event `3`",
                "spend_requests.csv:3: event: there is no purchase event `3`",
            ]
        );
    });
}

#[test]
fn rows_mean_what_they_say() {
    on_each(|book| {
        book.import(&files(&[
            ("classifications.csv", "name,id,alternative_code\nShop,C1,S\n"),
            ("units.csv", "name,description\nTill 1,First\n"),
            ("users.csv", "reference,name\nmo,Mo\n"),
            ("product_types.csv", "name,id,classification\nTyped,T1,SERVICES\n"),
            ("products.csv", "code,product_type,alternative_code\nA,Typed,ALT\nB,Untyped,\n"),
            ("currencies.csv", "code,prefix_symbol\nGBP,£\n"),
            ("currency_rate_periods.csv", "id,currency,rate,inverse_rate,from_date\nP,GBP,2.30,0.23,2024-01-01\n"),
            ("rewards_participants.csv", "number,accounts_receivable\n3,R\n29,R\n"),
            (
                "purchase_events.csv",
                "number,accounts_receivable,performed_on,rate_period,classification,performed_by_unit,created_by,updated,currency\n\
                 1,R,2024-07-01T10:00:00.9,P,Shop,Till 1,mo,2024-07-02T10:00:00+05:00,USD\n",
            ),
            (
                "purchase_event_products.csv",
                "event,line,product,quantity,net_amount,vat_amount,total_amount\n1,2,B,,,,\n1,1,A,1.5,80,20,100\n",
            ),
            (
                "spend_requests.csv",
                "number,event,performed_on,instant,automatic,state,spend_amount\n2,1,2024-07-03,,true,CANCELLED,\n1,1,2024-07-03,Y,N,,7\n",
            ),
        ]));
        let one = event(book, "1");
        let shown = |moment: tradebook_model::OffsetDateTime| moment.to_string();
        assert_eq!(shown(one.performed_on), "2024-07-01 8:00:00.0 +00:00:00");
        assert_eq!(one.log.updated.map(shown).unwrap(), "2024-07-02 5:00:00.0 +00:00:00");
        assert_eq!(one.log.created.nanosecond(), 0);
        assert_eq!(one.log.created_by.as_ref().unwrap().reference.as_str(), "mo");
        assert_eq!(one.id.as_str().len(), 32);
        assert_eq!(one.account.id.as_str(), "A1");
        assert_eq!(one.rewards_participant.as_ref().unwrap().number.as_str(), "29", "as text");
        assert_eq!(one.classification.as_ref().unwrap().id.as_str(), "C1");
        assert_eq!(
            one.performed_by.as_ref().unwrap().description.as_ref().unwrap().as_str(),
            "First"
        );
        assert_eq!(one.currency.as_ref().unwrap().code.as_str(), "USD");
        let period = one.rate_period.as_ref().unwrap();
        assert_eq!(period.rate.unwrap().to_string(), "2.3");
        assert_eq!(period.currency.prefix_symbol.as_ref().unwrap().as_str(), "£");
        let [a, b] = one.lines.as_slice() else { panic!("{one:?}") };
        assert_eq!((a.line, b.line), (1, 2));
        assert_eq!(a.product.product_type.as_ref().unwrap().id.as_str(), "T1");
        assert_eq!(a.product.alternative_code.as_ref().unwrap().as_str(), "ALT");
        assert_eq!(
            (b.product.product_type.as_ref(), b.quantity, b.total_amount),
            (None, None, None)
        );
        assert!(a.id != b.id && a.id.as_str().len() == 32);
        let numbers: Vec<_> = one.spend_requests.iter().map(|r| r.number.as_str()).collect();
        assert_eq!(numbers, ["1", "2"]);

        // Columns that are not there leave fields alone, empty cells clear them.
        book.import(&[
            ("purchase_events.csv", "number,accounts_receivable,performed_on,state,classification,created\n1,R,2024-07-01,CANCELLED,,\n"),
            ("purchase_event_products.csv", "event,line,product,net_amount\n1,1,B,\n"),
        ]);
        let two = event(book, "1");
        assert_eq!((&two.id, two.log.created), (&one.id, one.log.created));
        assert_eq!(two.state.word(), "CANCELLED");
        assert!(two.classification.is_none() && two.performed_by.is_some());
        assert_eq!(two.lines[0].id, one.lines[0].id);
        assert_eq!(two.lines[0].net_amount, None);
        assert_eq!(two.lines[0].total_amount, one.lines[0].total_amount);
        let faults = book.faults(
            &[(
                "purchase_events.csv",
                "number,id,accounts_receivable,performed_on\n1,X,R,2024-07-01\n",
            )],
            false,
        );
        let id = &one.id;
        assert_eq!(
            faults,
            [format!("purchase_events.csv:2: id: `1` has the id {id}, which cannot change")]
        );
        assert_eq!(book.store.check().unwrap(), [""; 0]);
    });
}

#[test]
fn codes_are_kept_as_hashes_and_left_alone_by_an_export() {
    on_each(|book| {
        let tokens = "identifier,pass_code,authentication_code,accounts_receivable,one_time_password\n6666,9999,AUTH,R,123456\n";
        book.import(&files(&[("access_tokens.csv", tokens)]));
        let found = |token: AccessTokenIdentifier| {
            let query = EventQuery {
                selector: EventSelector::Account(AccountIdentifier::AccessToken(token)),
                filter: EventFilter::default(),
                period: SpendPeriod {
                    today: tradebook_model::Date::from_ordinal_date(2024, 1).unwrap(),
                    days: 30,
                    time_zone: TimeZone::UTC,
                },
                page: EventPage::default(),
                parts: PARTS,
            };
            let mut events = 0;
            let told = book.store.purchase_events(book.id, &query, |_| {
                events += 1;
                std::ops::ControlFlow::Continue(())
            });
            match told {
                Ok(()) => Some(events),
                Err(EventFault::NotFound("accounts_receivable_identifier")) => None,
                Err(other) => panic!("{other:?}"),
            }
        };
        let pass = |identifier: &str, pass_code: &str| AccessTokenIdentifier::PassCode {
            identifier: identifier.to_owned(),
            pass_code: pass_code.to_owned(),
        };
        let all = |expected| {
            assert_eq!(found(pass("6666", "9999")), expected);
            assert_eq!(found(AccessTokenIdentifier::AuthenticationCode("AUTH".into())), expected);
            assert_eq!(found(AccessTokenIdentifier::OneTimePassword(123_456)), expected);
        };
        all(Some(1));
        for wrong in
            [pass("6666", "9998"), pass("6667", "9999"), pass("6666", ""), pass("6666", "9\u{0}")]
        {
            assert_eq!(found(wrong), None);
        }
        assert_eq!(found(AccessTokenIdentifier::AuthenticationCode("auth".into())), None);
        assert_eq!(found(AccessTokenIdentifier::OneTimePassword(1)), None);
        let exported = book.exported("access_tokens.csv");
        assert_eq!(
            exported,
            "identifier,authentication_code,state,accounts_receivable\n6666,AUTH,EFFECTIVE,R\n"
        );
        let report = book.import(&[("access_tokens.csv", &exported)]);
        assert_eq!(counts(&report), [[0, 0, 1, 0]]);
        all(Some(1));
        book.import(&[(
            "access_tokens.csv",
            "identifier,state,accounts_receivable\n6666,NOT_EFFECTIVE,R\n",
        )]);
        all(None);
        // Two tokens may swap their codes, but not share one.
        book.import(&[(
            "access_tokens.csv",
            "identifier,authentication_code,accounts_receivable\n7,X,R\n6666,Y,R\n",
        )]);
        book.import(&[(
            "access_tokens.csv",
            "identifier,authentication_code,accounts_receivable\n7,Y,R\n6666,X,R\n",
        )]);
        let shared =
            ("access_tokens.csv", "identifier,authentication_code,accounts_receivable\n8,Y,R\n");
        let expected =
            "access_tokens.csv:2: authentication_code: the code is that of the access token `7`";
        assert_eq!(book.faults(&[shared], false), [expected]);
    });
}

#[test]
fn a_replacement_removes_within_the_organization() {
    on_each(|book| {
        let line = ("purchase_event_products.csv", "event,line,product\n1,1,A\n1,2,B\n2,1,A\n");
        let request =
            ("spend_requests.csv", "number,event,performed_on\nS,1,2024-05-01\nT,2,2024-05-01\n");
        let events = (
            "purchase_events.csv",
            "number,accounts_receivable,performed_on,classification\n1,R,2024-05-01,x\n2,R,2024-05-01,\n",
        );
        book.import(&files(&[("classifications.csv", "name\nx\ny\n"), events, line, request]));
        let fewer =
            ("purchase_events.csv", "number,accounts_receivable,performed_on\n1,R,2024-05-01\n");
        let expected = "purchase_events.csv: the purchase event `2` is not in the file and cannot be removed: \
                        products of purchase events, spend requests refer to it";
        assert_eq!(book.faults(&[fewer], true), [expected]);
        for (file, expected) in [
            (
                ("classifications.csv", "name\ny\n"),
                "classifications.csv: the classification `x` is not in the file and cannot be removed: purchase events refer to it",
            ),
            (
                ("accounts_receivable.csv", "number,customer\nS,C\n"),
                "accounts_receivable.csv: the account receivable `R` is not in the file and cannot be removed: purchase events refer to it",
            ),
            (
                ("products.csv", "code\nB\n"),
                "products.csv: the product `A` is not in the file and cannot be removed: products of purchase events refer to it",
            ),
            (
                ("customers.csv", "reference,name\nD,D\n"),
                "customers.csv: the customer `C` is not in the file and cannot be removed: accounts receivable refer to it",
            ),
        ] {
            assert_eq!(book.faults(&[file], true), [expected]);
        }
        let report = book.replace(&[
            fewer,
            ("purchase_event_products.csv", "event,line,product\n1,2,B\n"),
            ("spend_requests.csv", "number,event,performed_on\nS,1,2024-05-01\n"),
            ("classifications.csv", "name\nx\n"),
        ]);
        let mut counted = counts(&report);
        counted.sort_unstable();
        // The event, its two lines, its request and a classification are gone; the event's class was not in the file.
        assert_eq!(counted, [[0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 1, 2]]);
        assert_eq!(event(book, "1").lines.len(), 1);
        assert_eq!(book.store.check().unwrap(), [""; 0]);
    });
}

#[test]
fn a_dry_run_counts_and_keeps_nothing() {
    on_each(|book| {
        book.files(&with_base(ACCOUNT.0, ACCOUNT.1));
        let request = ImportRequest { dry_run: true, ..book.request() };
        let report = import(&book.store, &request, &mut |_| {}).unwrap();
        assert!(report.revision.is_none());
        assert!(counts(&report).iter().all(|[created, ..]| *created > 0));
        assert_eq!(book.exported("accounts_receivable.csv").lines().count(), 1);
    });
}
