//! What `--replace` removes, and what it does not.

use crate::harness::{BASE, counts, on_each, with_base};

#[test]
fn rows_are_removed_within_what_the_file_names() {
    on_each(|book| {
        let mut files = BASE.to_vec();
        files.extend([
            ("prices.csv", "price_list,product,price\nL,A,1\nL,B,1\nM,A,1\nM,B,1\n"),
            ("agreed_prices.csv", "customer,product,price\nC,A,1\nC,B,1\nD,A,1\n"),
            ("customer_part_numbers.csv", "customer,product,part_number\nC,A,1\nC,B,1\nD,A,1\n"),
        ]);
        book.import(&files);
        let report = book.replace(&[
            ("prices.csv", "price_list,product,price\nL,A,2\n"),
            ("agreed_prices.csv", "customer,product,price\nC,A,1\n"),
            ("customer_part_numbers.csv", "customer,product,part_number\nC,A,1\n"),
        ]);
        assert_eq!(counts(&report), [[0, 1, 0, 1], [0, 0, 1, 1], [0, 0, 1, 1]]);
        let shown = |file, columns: &[&str]| book.columns(file, columns);
        assert_eq!(shown("prices.csv", &["price_list", "product"]), ["L,A", "M,A", "M,B"]);
        assert_eq!(shown("agreed_prices.csv", &["customer", "product"]), ["C,A", "D,A"]);
        assert_eq!(shown("customer_part_numbers.csv", &["customer", "product"]), ["C,A", "D,A"]);
    });
}

#[test]
fn other_rows_are_removed_within_the_organization() {
    for (file, old, new) in [
        ("currencies.csv", "code\nEUR\nUSD\n", "code\nEUR\n"),
        ("products.csv", "code\nA\nB\n", "code\nA\n"),
        ("price_lists.csv", "code,currency\nL,EUR\nM,EUR\n", "code,currency\nL,EUR\n"),
        ("categories.csv", "reference,parent\nr,\nx,y\ny,\n", "reference\nr\n"),
        ("segmentations.csv", "reference\na\nb\n", "reference\na\n"),
        ("payment_types.csv", "reference\na\nb\n", "reference\na\n"),
        ("regions.csv", "name\na\nb\n", "name\na\n"),
        ("users.csv", "reference\na\nb\n", "reference\na\n"),
        ("customers.csv", "reference,name\nC,x\nD,x\n", "reference,name\nC,x\n"),
    ] {
        on_each(|book| {
            book.import(&[(file, old)]);
            let report = book.replace(&[(file, new)]);
            let removed = u64::try_from(old.lines().count() - new.lines().count()).unwrap();
            assert_eq!(counts(&report), [[0, 0, 1, removed]], "{file}");
            assert_eq!(book.exported(file).lines().count(), 2, "{file}");
        });
    }
}

#[test]
fn contacts_are_removed_within_the_organization_and_hold_their_customers() {
    on_each(|book| {
        book.import(&with_base("contacts.csv", "reference,customer\nk,C\nl,D\nm,D\n"));
        let customers = ("customers.csv", "reference,name\nC,Customer\n");
        let expected = "customers.csv: the customer `D` is not in the file and cannot be removed: contacts refer to it";
        let kept = ("contacts.csv", "reference,customer\nk,C\nl,D\n");
        assert_eq!(book.faults(&[customers], true), [expected]);
        assert_eq!(book.faults(&[customers, kept], true), [expected]);
        let report = book.replace(&[kept]);
        assert_eq!(counts(&report), [[0, 0, 2, 1]]);
        let report = book.replace(&[customers, ("contacts.csv", "reference,customer\nk,C\n")]);
        assert_eq!(counts(&report), [[0, 0, 1, 1], [0, 0, 1, 1]]);
        assert_eq!(book.columns("contacts.csv", &["reference", "customer"]), ["k,C"]);
    });
}

#[test]
fn lines_are_removed_within_their_ledger() {
    on_each(|book| {
        let head = "order,line,customer,created,product,quantity\n";
        let orders =
            format!("{head}1,1,C,2024-01-01,A,1\n1,2,C,2024-01-01,A,1\n2,1,C,2024-01-01,A,1\n");
        let mut files = with_base("order_lines.csv", &orders);
        files.push((
            "invoice_lines.csv",
            "invoice,line,customer,tax_point,product,quantity\n1,1,C,2024-01-01,A,1\n",
        ));
        book.import(&files);
        let report = book.replace(&[("order_lines.csv", &format!("{head}1,2,C,2024-01-01,A,1\n"))]);
        assert_eq!(counts(&report), [[0, 0, 1, 2]]);
        assert_eq!(book.columns("order_lines.csv", &["order", "line"]), ["1,2"]);
        assert_eq!(book.columns("invoice_lines.csv", &["invoice", "line"]), ["1,1"]);
    });
}

#[test]
fn what_is_referred_to_stays() {
    on_each(|book| {
        let mut files = BASE.to_vec();
        files.extend([
            ("prices.csv", "price_list,product,price\nM,B,1\n"),
            (
                "order_lines.csv",
                "order,line,customer,created,product,quantity\n1,1,D,2024-01-01,B,1\n",
            ),
        ]);
        book.import(&files);
        for (file, text, expected) in [
            (
                "products.csv",
                "code\nA\n",
                "products.csv: the product `B` is not in the file and cannot be removed: prices, orders refer to it",
            ),
            (
                "price_lists.csv",
                "code,currency\nL,EUR\n",
                "price_lists.csv: the price list `M` is not in the file and cannot be removed: prices refer to it",
            ),
            (
                "customers.csv",
                "reference\nC\n",
                "customers.csv: the customer `D` is not in the file and cannot be removed: orders refer to it",
            ),
        ] {
            assert_eq!(book.faults(&[(file, text)], true), [expected]);
        }
    });
}

#[test]
fn the_rows_of_a_removed_list_go_where_the_file_of_prices_comes_too() {
    on_each(|book| {
        book.import(&with_base("prices.csv", "price_list,product,price\nL,A,1\nM,B,1\n"));
        let report = book.replace(&[
            ("price_lists.csv", "code,currency\nL,EUR\n"),
            ("prices.csv", "price_list,product,price\nL,A,1\n"),
        ]);
        assert_eq!(counts(&report), [[0, 0, 1, 1], [0, 0, 1, 1]]);
        assert_eq!(book.columns("prices.csv", &["price_list"]), ["L"]);
    });
}
