//! What rows mean.

use tradebook_api::transfer::ImportRequest;

use crate::harness::{BASE, counts, on_each, with_base};

#[test]
fn absent_columns_leave_a_field_alone_and_empty_cells_clear_it() {
    on_each(|book| {
        book.import(&[(
            "products.csv",
            "code,description,cost,status,available\n A ,Bolt,1.5,2,7\n",
        )]);
        let columns = ["code", "id", "description", "status", "cost", "available"];
        assert_eq!(book.columns("products.csv", &columns), ["A,1,Bolt,2,1.5,7"]);
        book.import(&[("products.csv", "code,cost\nA,2\n")]);
        assert_eq!(book.columns("products.csv", &columns), ["A,1,Bolt,2,2,7"]);
        book.import(&[("products.csv", "code,description,cost,status,available\nA,,,,\n")]);
        assert_eq!(book.columns("products.csv", &columns), ["A,1,,1,,0"]);
    });
}

#[test]
fn ids_are_kept_or_assigned_in_file_order() {
    on_each(|book| {
        book.import(&[("products.csv", "code,id\nZ,\nA,1\nM,\nB,40\n")]);
        assert_eq!(book.columns("products.csv", &["code", "id"]), ["A,1", "B,40", "M,42", "Z,41"]);
        book.import(&[("products.csv", "code\nC\n")]);
        assert_eq!(book.columns("products.csv", &["code", "id"]).concat(), "A,1B,40C,43M,42Z,41");
    });
}

#[test]
fn the_greatest_id_leaves_ids_for_others() {
    for (file, columns, more) in [
        ("products.csv", "code,id", ""),
        ("price_lists.csv", "code,id,currency", ",EUR"),
        ("categories.csv", "reference,id", ""),
        ("segmentations.csv", "reference,id", ""),
        ("payment_types.csv", "reference,id", ""),
        ("regions.csv", "name,id", ""),
        ("users.csv", "reference,id", ""),
        ("customers.csv", "reference,id,name", ",x"),
        ("contacts.csv", "reference,id,customer", ",C"),
    ] {
        on_each(|book| {
            let code = columns.split(',').next().unwrap();
            let shown = || book.columns(file, &[code, "id"]);
            let import = |rows: &[&str]| {
                let rows: String = rows.iter().map(|row| format!("{row}{more}\n")).collect();
                book.import(&[(file, &format!("{columns}\n{rows}"))]);
            };
            if file == "contacts.csv" {
                book.import(&[("customers.csv", "reference,name\nC,Customer\n")]);
            }
            import(&["M,2147483647", "A,", "N,2147483646"]);
            import(&["B,"]);
            assert_eq!(shown(), ["A,1", "B,2", "M,2147483647", "N,2147483646"], "{file}");
            // One that leaves few is passed like any other; those that are taken already are passed over.
            import(&["C,1999999999", "D,2000000001", "E,", "F,"]);
            import(&["G,2000000004"]);
            import(&["H,", "I,"]);
            let ids = ["C,1999999999", "D,2000000001", "E,2000000000", "F,2000000002"];
            assert_eq!(shown()[2..6], ids, "{file}");
            assert_eq!(shown()[6..9], ["G,2000000004", "H,2000000005", "I,2000000006"], "{file}");
            assert_eq!(book.store.check().unwrap(), [""; 0], "{file}");
        });
    }
}

#[test]
fn customers_own_lists_pass_over_ids_of_lists() {
    on_each(|book| {
        book.import(&[
            ("price_lists.csv", "code,id,currency\nL,2000000000,EUR\nM,1999999999,EUR\n"),
            ("customers.csv", "reference,name,normal_discount\nC,c,5\nD,d,5\n"),
        ]);
        assert_eq!(book.store.check().unwrap(), [""; 0]);
        let faults =
            book.faults(&[("price_lists.csv", "code,id,currency\nN,2000000001,EUR\n")], false);
        let taken = "price_lists.csv:2: id: the id is that of a customer's own price list";
        assert_eq!(faults, [taken]);
    });
}

#[test]
fn prices_are_amounts_or_on_application() {
    on_each(|book| {
        let shown = || book.columns("prices.csv", &["product", "quantity", "price", "poa"]);
        book.import(&with_base(
            "prices.csv",
            "price_list,product,quantity,price,poa\nL,A,,1.10,\nL,A,10,1,N\nL,B,,,Y\n",
        ));
        assert_eq!(shown(), ["A,1,1.1,false", "A,10,1,false", "B,1,,true"]);
        book.import(&[("prices.csv", "price_list,product,valid_to\nL,A,2024-12-31\nL,B,\n")]);
        assert_eq!(shown(), ["A,1,1.1,false", "A,10,1,false", "B,1,,true"], "no column, no change");
        book.import(&[("prices.csv", "price_list,product,price\nL,B,3\n")]);
        assert_eq!(shown(), ["A,1,1.1,false", "A,10,1,false", "B,1,3,false"]);
    });
}

#[test]
fn contacts_are_updated_by_reference_and_may_move() {
    on_each(|book| {
        let columns = ["reference", "id", "customer", "last_name", "function", "country"];
        book.import(&with_base(
            "contacts.csv",
            "reference,customer,last_name,function,country\nk,C,Miller,Buyer,united kingdom\nl,C,,,Atlantis\n",
        ));
        let shown = || book.columns("contacts.csv", &columns);
        assert_eq!(shown(), ["k,1,C,Miller,Buyer,GB", "l,2,C,,,Atlantis"]);
        let report = book.import(&[("contacts.csv", "reference,customer,last_name\nl,C,\nk,D,\n")]);
        assert_eq!(counts(&report), [[0, 1, 1, 0]]);
        assert_eq!(shown(), ["k,1,D,,Buyer,GB", "l,2,C,,,Atlantis"]);
    });
}

#[test]
fn countries_become_codes() {
    on_each(|book| {
        book.import(&[(
            "customers.csv",
            "reference,name,billing_country,country\nA,a,Germany,fra\nB,b,Freedonia,\n",
        )]);
        let columns = ["reference", "billing_country", "country"];
        assert_eq!(book.columns("customers.csv", &columns), ["A,DE,FR", "B,Freedonia,"]);
    });
}

#[test]
fn customers_have_defaults_and_relations() {
    on_each(|book| {
        book.import(&[
            ("customers.csv", "reference,name,parent,currency\nS,Sub,P,usd\nP,Parent,,\n"),
            ("categories.csv", "reference,parent\nleaf,root\nroot,\n"),
        ]);
        let columns =
            ["reference", "is_sub_customer", "parent", "currency", "is_active", "promotions"];
        assert_eq!(
            book.columns("customers.csv", &columns),
            ["P,false,,EUR,true,true", "S,true,P,USD,true,true"]
        );
        book.import(&[("customers.csv", "reference,is_sub_customer,promotions\nS,false,0\n")]);
        assert_eq!(
            book.columns("customers.csv", &columns),
            ["P,false,,EUR,true,true", "S,false,,USD,true,false"]
        );
        assert_eq!(
            book.columns("categories.csv", &["reference", "parent"]),
            ["leaf,root", "root,"]
        );
    });
}

#[test]
fn days_are_those_of_the_organizations_time_zone() {
    on_each(|book| {
        book.import(&with_base(
            "order_lines.csv",
            "order,line,customer,created,product,quantity\n1,1,C,2024-03-30T23:30:00Z,A,1\n2,1,C,2024-03-30,A,1\n",
        ));
        assert_eq!(
            book.columns("order_lines.csv", &["order", "created", "kind", "status", "currency"]),
            ["1,2024-03-31,order,in_progress,EUR", "2,2024-03-30,order,in_progress,EUR"]
        );
    });
}

#[test]
fn a_documents_head_changes_on_all_its_lines() {
    on_each(|book| {
        book.import(&with_base(
            "order_lines.csv",
            "order,line,customer,created,product,quantity,unit_price\n1,1,C,2024-03-30,A,1,2\n1,2,C,2024-03-30,B,1,\n",
        ));
        let report = book.import(&[(
            "order_lines.csv",
            "order,line,customer,created,status,product,quantity\n1,1,C,2024-03-30,complete,A,1\n",
        )]);
        assert_eq!(counts(&report), [[0, 1, 0, 0]]);
        assert_eq!(
            book.columns("order_lines.csv", &["line", "status", "unit_price"]),
            ["1,complete,2", "2,complete,"]
        );
    });
}

#[test]
fn lines_that_are_equal_are_no_duplicates() {
    on_each(|book| {
        let mut text = "invoice,line,customer,tax_point,product,quantity\n".to_owned();
        for line in 1..=9000 {
            text.push_str(&format!("{},{line},C,2024-01-01,A,1\n", line % 3));
        }
        let files = with_base("invoice_lines.csv", &text);
        assert_eq!(counts(&book.import(&files)).last(), Some(&[9000, 0, 0, 0]));
        assert_eq!(counts(&book.import(&files)).last(), Some(&[0, 0, 9000, 0]));
        text.push_str("0,3,C,2024-01-01,A,1\n");
        assert_eq!(
            book.faults(&[("invoice_lines.csv", &text)], false),
            ["invoice_lines.csv:9002: line: duplicate: line 4 has the same invoice and line"]
        );
    });
}

#[test]
fn a_dry_run_tells_and_keeps_nothing() {
    on_each(|book| {
        let mut files = BASE.to_vec();
        files.push((
            "prices.csv",
            "price_list,product,quantity,price\nL,A,1,2.55\nL,A,10,2\nL,B,1,1\n",
        ));
        files.push(("agreed_prices.csv", "customer,product,price\nC,A,2\n"));
        book.import(&files);
        let (revision, before) = (book.revision(), book.exported("prices.csv"));

        book.files(&[
            ("prices.csv", "price_list,product,quantity,price,poa\nL,A,1,2.95,\nL,A,10,2.0,\nL,B,5,1,\nL,B,1,,true\n"),
            ("agreed_prices.csv", "customer,product,price\nC,A,1.9\n"),
        ]);
        let request = ImportRequest { dry_run: true, replace: true, ..book.request() };
        let report = book.run(&request).unwrap();
        assert_eq!(report.revision, None);
        assert_eq!(counts(&report), [[1, 2, 1, 0], [0, 1, 0, 0]]);
        let folder = format!("{}/", book.path("").display());
        let changes: Vec<_> = report
            .price_changes
            .iter()
            .map(|change| change.to_string().replace(&folder.replace("//", "/"), ""))
            .collect();
        assert_eq!(
            changes,
            [
                "prices.csv:2: L A from 1: 2.55 → 2.95",
                "prices.csv:5: L B from 1: 1 → on application",
                "agreed_prices.csv:2: C A: 2 → 1.9",
            ]
        );
        assert_eq!(report.price_changes_total, 3);
        assert_eq!((book.revision(), book.exported("prices.csv")), (revision, before));
    });
}

#[test]
fn one_import_moves_the_revision_once() {
    on_each(|book| {
        let before = book.revision();
        let report = book.import(&BASE);
        assert_eq!(book.revision().0, before.0 + 1);
        assert_eq!(report.revision, Some(book.revision()));
    });
}
