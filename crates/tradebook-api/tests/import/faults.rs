//! What is refused, and in which words.

use tradebook_api::transfer::{ImportError, ImportRequest, MAX_FAULTS};

use crate::harness::{BASE, on_each, with_base};

/// File, text, and the faults that it has beside the base.
const CASES: &[(&str, &str, &[&str])] = &[
    (
        "currencies.csv",
        "code,exchange_rate\nEURO,1\nEUR,0\nGBP,1\nGBP,2\n",
        &[
            "currencies.csv:2: code: `EURO` is not a currency code of three letters such as EUR",
            "currencies.csv:3: exchange_rate: must be greater than 0",
            "currencies.csv:5: code: duplicate: line 4 has the same code",
        ],
    ),
    (
        "products.csv",
        "code,id,cost,status,vat_rate\nX,1,-1,1,\nX,2,1,1,\nY,1,1,4,\nZ,0,1,1,\nW,9,1,1,-1\nA,,1,1,\nB,,1,1,\n",
        &[
            "products.csv:2: cost: must be 0 or more",
            "products.csv:3: code: duplicate: line 2 has the same code `X`",
            "products.csv:4: id: the id is that of the product `X`",
            "products.csv:4: status: `4` is not 1 (active), 2 (running down) or 3 (not for sale)",
            "products.csv:5: id: the product's id must be a positive 32-bit number, not 0",
            "products.csv:6: vat_rate: must be 0 or more",
        ],
    ),
    (
        "price_lists.csv",
        "code,currency,type,source,base,percent,rounding,decimals,valid_from,valid_to\nL,EUR,PROMO,CPG,,,,,,\nM,EUR,,,M,1,,,,\nN,EUR,,,Q,1,,,,\nO,EUR,,,L,-100,,,,\nP,EUR,,,,5,,,,\nR,EUR,,,,,0,,,\nS,EUR,,,,,,7,,\nT,EUR,,,,,,,2024-02-01,2024-01-01\nU,,,,,,,,,\n",
        &[
            "price_lists.csv:2: source: a list of source CPG must be of type NORMAL",
            "price_lists.csv:3: base: a price list cannot be its own base",
            "price_lists.csv:4: base: there is no price list `Q`",
            "price_lists.csv:5: percent: must be greater than -100",
            "price_lists.csv:6: percent: needs a base",
            "price_lists.csv:7: rounding: must be greater than 0",
            "price_lists.csv:8: decimals: must be between 0 and 6",
            "price_lists.csv:9: valid_to: is before valid_from",
            "price_lists.csv:10: currency: must not be empty",
        ],
    ),
    (
        "price_lists.csv",
        "code,currency,base\nL,EUR,M\nM,EUR,N\nN,EUR,M\nO,USD,L\n",
        &[
            "price_lists.csv:3: base: the list is derived from itself through its base",
            "price_lists.csv:5: base: the base `L` has the currency EUR, this list has USD",
        ],
    ),
    (
        "prices.csv",
        "price_list,product,quantity,price,poa,valid_from,valid_to\nX,A,1,1,,,\nL,Y,1,1,,,\nL,A,1,,,,\nL,A,1,-1,,,\nL,A,-1,1,,,\nL,A,2,1,,2024-02-01,2024-01-01\nL,B,1,1,,,\nL,B,,2,,,\nL,B,5,1,,2024-01-01,\nL,B,5,2,,2024-06-01,2024-07-01\n",
        &[
            "prices.csv:2: price_list: there is no price list `X`",
            "prices.csv:3: product: there is no product `Y`",
            "prices.csv:4: price: must not be empty unless poa is true",
            "prices.csv:5: price: a price must be 0 or more, not -1",
            "prices.csv:6: quantity: a quantity break must be at least 1, not -1",
            "prices.csv:7: valid_to: is before valid_from",
            "prices.csv:9: price_list: duplicate: line 8 has the same price_list, product, quantity, valid_from",
            "prices.csv:11: valid_from: the period overlaps with the one of line 10",
        ],
    ),
    (
        "categories.csv",
        "reference,parent\na,b\nb,a\nc,d\n",
        &[
            "categories.csv:2: parent: the category is above itself",
            "categories.csv:4: parent: there is no category `d`",
        ],
    ),
    (
        "segmentations.csv",
        "reference,colour\ns,red\n",
        &["segmentations.csv:1: colour: unknown column; segmentations.csv has reference, id, name"],
    ),
    (
        "payment_types.csv",
        "reference\na|b\n",
        &[
            "payment_types.csv:2: reference: must not contain `|`, which separates references in customers.csv",
        ],
    ),
    (
        "regions.csv",
        "name,parent\nNorth,North\n",
        &["regions.csv:2: parent: the region is above itself"],
    ),
    ("users.csv", "id,name\n1,x\n", &["users.csv:1: reference: the column is missing"]),
    (
        "customers.csv",
        "reference,name,category,parent,payment_types,standard_price_list,normal_discount,always_gets_bulk,never_gets_bulk,billing_lat,due_date_config_type,is_sub_customer\n\
      C,,,,,,,,,,,\nD,x,k,,,,,,,,,\nE,x,,nobody,,,,,,,,\nF,x,,,cash,,,,,,,\nG,x,,,,Q,,,,,,\nH,x,,,,,101,,,,,\nI,x,,,,,,Y,1,,,\nJ,x,,,,,,,,91,,\nK,x,,,,,,,,,1,\nM,x,,,,,,,,,,true\n",
        &[
            "customers.csv:2: name: must not be empty",
            "customers.csv:3: category: there is no category `k`",
            "customers.csv:4: parent: there is no customer `nobody`",
            "customers.csv:5: payment_types: there is no payment type `cash`",
            "customers.csv:6: standard_price_list: there is no price list `Q`",
            "customers.csv:7: normal_discount: the discount must be between 0 and 100, not 101",
            "customers.csv:8: never_gets_bulk: cannot be true where always_gets_bulk is true",
            "customers.csv:9: billing_lat: is not between -90 and 90",
            "customers.csv:10: due_date_config_number: must not be empty where due_date_config_type is given",
            "customers.csv:11: parent: must not be empty where is_sub_customer is true",
        ],
    ),
    (
        "contacts.csv",
        "reference,id,customer,function\nK,1,X,\nL,2,C,\nL,3,C,\nM,2,C,\n,,C,\nN,,,\nO,,C,f\u{E9}\n",
        &[
            "contacts.csv:2: customer: there is no customer `X`",
            "contacts.csv:4: reference: duplicate: line 3 has the same reference `L`",
            "contacts.csv:5: id: the id is that of the contact `L`",
            "contacts.csv:6: reference: must not be empty",
            "contacts.csv:7: customer: must not be empty",
        ],
    ),
    (
        "agreed_prices.csv",
        "customer,product,price,valid_from\nX,A,1,\nC,A,-1,\nC,B,1,\nC,B,1,\nC,B,1,2024-01-01\nC,A,,\n",
        &[
            "agreed_prices.csv:2: customer: there is no customer `X`",
            "agreed_prices.csv:3: price: must be 0 or more",
            "agreed_prices.csv:5: customer: duplicate: line 4 has the same customer, product, valid_from",
            "agreed_prices.csv:6: valid_from: the period overlaps with the one of line 4",
            "agreed_prices.csv:7: price: must not be empty",
        ],
    ),
    (
        "customer_part_numbers.csv",
        "customer,product,part_number\nC,A,x\nC,A,y\n",
        &[
            "customer_part_numbers.csv:3: customer: duplicate: line 2 has the same customer, product",
        ],
    ),
    (
        "order_lines.csv",
        "order,line,kind,customer,created,status,product,quantity\n1,1,,C,2024-01-01,,A,1\n1,1,,C,2024-01-01,,A,1\n1,2,credit,D,2024-01-02,complete,A,1\n1,-1,,C,2024-01-01,,A,1\n2,1,order,C,yesterday,,A,1.5\n",
        &[
            "order_lines.csv:3: line: duplicate: line 2 has the same order and line",
            "order_lines.csv:4: kind: differs from line 2 of the same order",
            "order_lines.csv:4: customer: differs from line 2 of the same order",
            "order_lines.csv:4: created: differs from line 2 of the same order",
            "order_lines.csv:4: status: differs from line 2 of the same order",
            "order_lines.csv:5: line: must be 0 or more",
            "order_lines.csv:6: created: `yesterday` is not a date such as 2024-05-31 or an instant such as 2024-05-31T23:30:00Z",
            "order_lines.csv:6: quantity: `1.5` is not a whole number that fits 32 bits",
        ],
    ),
    (
        "invoice_lines.csv",
        "invoice,line,kind,customer,tax_point,currency,product,quantity\n1,1,C,C,2024-01-01,EUR,A,1\n1,2,C,C,2024-01-01,USD,A,-1\n2,1,I,X,2024-01-01T10:00:00Z,,A,1\n3,1,I,X,2024-01-01,,Y,1\n",
        &[
            "invoice_lines.csv:2: quantity: must not be positive on a credit note (kind C)",
            "invoice_lines.csv:3: currency: differs from line 2 of the same invoice",
            "invoice_lines.csv:4: tax_point: `2024-01-01T10:00:00Z` is not a date such as 2024-05-31",
            "invoice_lines.csv:5: customer: there is no customer `X`",
            "invoice_lines.csv:5: product: there is no product `Y`",
        ],
    ),
];

#[test]
fn every_fault_names_its_place() {
    on_each(|book| {
        for (file, text, expected) in CASES {
            assert_eq!(book.faults(&with_base(file, text), false), *expected, "{text}");
            assert_eq!(book.exported("products.csv").lines().count(), 1, "nothing was applied");
        }
    });
}

#[test]
fn texts_of_contacts_have_lengths() {
    on_each(|book| {
        let long = "x".repeat(256);
        let text = format!("reference,customer,function,address\nK,C,{long},{long}\n");
        assert_eq!(
            book.faults(&with_base("contacts.csv", &text), false),
            ["contacts.csv:2: function: has more than 255 characters"]
        );
    });
}

#[test]
fn a_circle_is_told_at_the_row_that_closes_it() {
    for (file, stored, closing, expected) in [
        (
            "categories.csv",
            "reference,parent\na,b\nb,\n",
            "reference,parent\nx,\nb,a\n",
            "categories.csv:3: parent: the category is above itself",
        ),
        (
            "regions.csv",
            "name,parent\na,b\nb,c\nc,\n",
            "name,parent\nc,a\n",
            "regions.csv:2: parent: the region is above itself",
        ),
        (
            "customers.csv",
            "reference,name,parent\na,A,b\nb,B,\n",
            "reference,parent\nb,a\n",
            "customers.csv:2: parent: the customer is above itself",
        ),
        (
            "price_lists.csv",
            "code,currency,base\na,EUR,b\nb,EUR,\n",
            "code,currency,base\nb,EUR,a\n",
            "price_lists.csv:2: base: the list is derived from itself through its base",
        ),
    ] {
        on_each(|book| {
            book.import(&[(file, stored)]);
            assert_eq!(book.faults(&[(file, closing)], false), [expected]);
        });
    }
}

#[test]
fn stored_rows_count_too() {
    on_each(|book| {
        book.import(&with_base(
            "prices.csv",
            "price_list,product,price,valid_from\nL,A,1,2024-01-01\n",
        ));
        for (file, text, expected) in [
            (
                "products.csv",
                "code,id\nA,7\n",
                "products.csv:2: id: the product `A` has the id 1, which cannot change",
            ),
            (
                "products.csv",
                "code,id\nZ,2\n",
                "products.csv:2: id: the id is that of the product `B`",
            ),
            (
                "prices.csv",
                "price_list,product,price,valid_from\nL,A,1,2024-05-01\n",
                "prices.csv:2: valid_from: the period overlaps with the one that is stored with valid_from 2024-01-01",
            ),
            (
                "price_lists.csv",
                "code,currency,base\nM,USD,L\n",
                "price_lists.csv:2: base: the base `L` has the currency EUR, this list has USD",
            ),
        ] {
            assert_eq!(book.faults(&[(file, text)], false), [expected]);
        }
    });
}

#[test]
fn a_faulty_row_does_not_make_others_faulty() {
    on_each(|book| {
        let files = [
            ("products.csv", "code,cost\nA,x\n"),
            ("price_lists.csv", "code,currency\nL,EUR\n"),
            ("prices.csv", "price_list,product,price\nL,A,1\n"),
            ("customers.csv", "reference,name\nC,Customer\n"),
            (
                "invoice_lines.csv",
                "invoice,line,customer,tax_point,product,quantity\n1,1,C,2024-01-01,A,1\n",
            ),
        ];
        let expected = "products.csv:2: cost: `x` is not a decimal number such as 12.50";
        assert_eq!(book.faults(&files, false), [expected]);
    });
}

#[test]
fn keys_are_unique_across_files_of_one_kind() {
    on_each(|book| {
        book.files(&BASE);
        for (name, text) in [
            ("a", "price_list,product,price\nL,A,1\n"),
            ("b", "price_list,product,price\nL,B,1\n\nL,A,2\n"),
        ] {
            std::fs::create_dir(book.path(name)).unwrap();
            std::fs::write(book.path(name).join("prices.csv"), text).unwrap();
        }
        let paths = vec![book.path(""), book.path("a"), book.path("b")];
        let error = book.run(&ImportRequest { paths, ..book.request() }).unwrap_err();
        let ImportError::Faults(faults) = error else { panic!("{error}") };
        let (a, b) = (book.path("a/prices.csv"), book.path("b/prices.csv"));
        let expected = format!(
            "{}:4: price_list: duplicate: {}:2 has the same price_list, product, quantity, valid_from",
            b.display(),
            a.display()
        );
        assert_eq!(faults.to_string(), expected);
    });
}

#[test]
fn the_first_faults_are_shown_and_all_are_counted() {
    on_each(|book| {
        let mut text = "code,cost\n".to_owned();
        for number in 0..2500 {
            text.push_str(&format!("P{number},x\n"));
        }
        book.files(&[("products.csv", &text)]);
        let error = book.run(&book.request()).unwrap_err();
        assert_eq!(error.to_string(), "nothing was imported: the files have 2500 faults");
        let ImportError::Faults(faults) = error else { panic!("{error}") };
        assert_eq!((faults.shown().len(), faults.total()), (MAX_FAULTS, 2500));
        assert!(faults.to_string().ends_with("and 2400 more"));
    });
}

#[test]
fn paths_and_organizations_must_exist() {
    on_each(|book| {
        let error = |request: ImportRequest| book.run(&request).unwrap_err().to_string();
        let nowhere = book.path("nowhere");
        assert_eq!(
            error(ImportRequest { paths: vec![nowhere.clone()], ..book.request() }),
            format!("cannot read {}", nowhere.display())
        );
        assert_eq!(
            error(ImportRequest { organization: "nobody".parse().unwrap(), ..book.request() }),
            "there is no organization `nobody`; `tradebook organization create` makes one"
        );
        book.files(&[("prices.csv.gz", "not compressed")]);
        assert_eq!(
            error(book.request()),
            format!("cannot read {}", book.path("prices.csv.gz").display())
        );
    });
}
