//! Imports into SQLite that go in steps: others read and write meanwhile, and it is as if one came after the other.

use std::cell::Cell;
use std::fmt::Write as _;

use tradebook_api::transfer::{ImportError, ImportReport, ImportRequest, import};
use tradebook_model::{Change, CustomerChanges, RecordRef};
use tradebook_store::{Store, StoreOptions};

use crate::harness::{BASE, Book, counts, with_base};

/// Runs a test on a database into which all imports go in steps.
fn in_steps(test: impl Fn(&Book)) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tradebook.db");
    let options = StoreOptions { import_in_steps_from: 0, ..StoreOptions::default() };
    let store = Store::open(&format!("sqlite://{}", file.display()), &options).unwrap();
    store.migrate().unwrap();
    test(&Book::new(&store));
}

/// Imports files, and does something else once, when rows of a file have been read for the `nth` time.
fn with_other(
    book: &Book,
    files: &[(&str, &str)],
    nth: u32,
    other: impl Fn(),
) -> Result<ImportReport, ImportError> {
    book.files(files);
    let seen = Cell::new(0);
    let name = files.last().unwrap().0;
    let report = import(&book.store, &book.request(), &mut |progress| {
        if progress.file.ends_with(name) {
            seen.set(seen.get() + 1);
            if seen.get() == nth {
                other();
            }
        }
    });
    assert!(seen.get() >= nth, "{name} was read {} times", seen.get());
    report
}

fn reference(text: &str) -> RecordRef {
    RecordRef::Reference(text.to_owned())
}

fn create(book: &Book, reference: &str) {
    let changes = CustomerChanges {
        reference: Change::Set(reference.parse().unwrap()),
        name: Change::Set("by another".parse().unwrap()),
        email: Change::Set(Some("another@example.org".to_owned())),
        ..CustomerChanges::default()
    };
    book.store.create_customer(book.id, changes, None, None).unwrap();
}

fn set_email(book: &Book, customer: &str) {
    let changes = CustomerChanges {
        email: Change::Set(Some("another@example.org".to_owned())),
        ..CustomerChanges::default()
    };
    book.store.update_customer(book.id, reference(customer), changes).unwrap();
}

fn customers(book: &Book) -> Vec<String> {
    book.columns("customers.csv", &["reference", "name", "email"])
}

/// What others do while customers are imported, before and after the import has read what is stored.
#[test]
fn customers_that_others_write_meanwhile_are_not_overwritten() {
    let files = [("customers.csv", "reference,name\nA,imported\nB,imported\nC,imported\n")];
    let rest = ["B,imported,", "C,imported,"];
    // Rows are read twice: once for their references, once for all else.
    for nth in [1, 2] {
        for exists in [false, true] {
            in_steps(|book| {
                if exists {
                    book.import(&[(
                        "customers.csv",
                        "reference,name,email\nA,old,old@example.org\n",
                    )]);
                }
                let other = || if exists { set_email(book, "A") } else { create(book, "A") };
                let report = with_other(book, &files, nth, other).unwrap();
                assert_eq!(counts(&report), [[2, 1, 0, 0]], "{nth} {exists}");
                let first = "A,imported,another@example.org";
                assert_eq!(customers(book), [first, rest[0], rest[1]], "{nth} {exists}");
                assert_eq!(book.store.check().unwrap(), [""; 0]);
            });
        }
        in_steps(|book| {
            book.import(&[("customers.csv", "reference,name,email\nA,old,old@example.org\n")]);
            let delete = || drop(book.store.delete_customer(book.id, reference("A")).unwrap());
            let report = with_other(book, &files, nth, delete).unwrap();
            assert_eq!(counts(&report), [[3, 0, 0, 0]], "{nth}");
            assert_eq!(customers(book), ["A,imported,", rest[0], rest[1]], "{nth}");
            assert_eq!(book.store.check().unwrap(), [""; 0]);
        });
    }
}

#[test]
fn what_others_write_besides_stays() {
    in_steps(|book| {
        book.import(&BASE);
        let files = [("customers.csv", "reference,name\nC,imported\n")];
        with_other(book, &files, 2, || {
            create(book, "X");
            set_email(book, "D");
        })
        .unwrap();
        let shown =
            ["C,imported,", "D,Other,another@example.org", "X,by another,another@example.org"];
        let found = customers(book);
        assert_eq!([&found[0], &found[2]], [shown[0], shown[2]]);
        assert!(found[1].ends_with("another@example.org"), "{found:?}");
        assert_eq!(book.store.check().unwrap(), [""; 0]);
    });
}

/// A customer that is deleted while invoices for it are imported, just before the first of them comes: either is too late.
#[test]
fn customers_that_others_delete_meanwhile_get_no_invoices() {
    in_steps(|book| {
        book.import(&BASE);
        let lines = invoices(30_000).replace(",C,", ",D,") + "last,1,C,2024-01-01,A,1\n";
        book.files(&[("invoice_lines.csv", &lines)]);
        let (store, id) = (book.store.clone(), book.id);
        let deletes = Cell::new(None);
        let imported = import(&book.store, &book.request(), &mut |_| {
            let deletes_already = deletes.take();
            let store = store.clone();
            deletes.set(Some(deletes_already.unwrap_or_else(|| {
                std::thread::spawn(move || store.delete_customer(id, reference("C")).is_ok())
            })));
        });
        let is_deleted = deletes.take().unwrap().join().unwrap();
        assert_eq!(book.store.check().unwrap(), [""; 0]);
        match imported {
            Ok(_) => {
                assert!(!is_deleted, "a customer of invoices was deleted");
                assert_eq!(book.exported("invoice_lines.csv").lines().count(), 30_002);
            }
            Err(ImportError::Faults(faults)) => {
                assert_eq!((is_deleted, faults.total()), (true, 1));
                assert_eq!(book.exported("invoice_lines.csv").lines().count(), 1);
            }
            Err(error) => panic!("{error}"),
        }
    });
}

fn invoices(count: usize) -> String {
    let mut lines = String::from("invoice,line,customer,tax_point,product,quantity\n");
    for line in 0..count {
        let (invoice, line) = (line / 5, line % 5);
        writeln!(lines, "{invoice},{line},C,2024-01-01,A,1").unwrap();
    }
    lines
}

#[test]
fn nobody_sees_invoices_before_all_are_there() {
    in_steps(|book| {
        book.import(&with_base(
            "invoice_lines.csv",
            "invoice,line,customer,tax_point,product,quantity\nold,1,D,2023-01-01,B,7\n",
        ));
        let (before, revision) = (book.exported("invoice_lines.csv"), book.revision());
        let lines = invoices(20_000);
        book.files(&[("invoice_lines.csv", &lines)]);
        let looks = Cell::new(0);
        let look = || {
            looks.set(looks.get() + 1);
            assert_eq!(book.exported("invoice_lines.csv"), before);
            assert_eq!(book.revision(), revision);
            assert_eq!(book.store.check().unwrap(), [""; 0]);
        };
        import(&book.store, &book.request(), &mut |_| look()).unwrap();
        assert!(looks.get() >= 5);
        assert_eq!(book.exported("invoice_lines.csv").lines().count(), 20_002);
        assert_eq!(book.revision().0, revision.0 + 1);
        assert_eq!(book.store.check().unwrap(), [""; 0]);
    });
}

/// After an import that keeps nothing, nothing holds the customers of its invoices.
#[test]
fn imports_that_fail_or_only_try_leave_nothing() {
    in_steps(|book| {
        book.import(&BASE);
        let mut lines = invoices(9000);
        book.files(&[("invoice_lines.csv", &lines)]);
        let before = book.revision();
        book.run(&ImportRequest { dry_run: true, ..book.request() }).unwrap();
        lines.push_str("1,1,nobody,2024-01-01,A,1\n");
        assert_eq!(book.faults(&[("invoice_lines.csv", &lines)], false).len(), 1);
        assert_eq!(book.revision(), before);
        book.store.delete_customer(book.id, reference("C")).unwrap();
        assert_eq!(book.exported("invoice_lines.csv").lines().count(), 1);
        assert_eq!(book.store.check().unwrap(), [""; 0]);
    });
}

#[test]
fn two_imports_go_one_after_the_other() {
    in_steps(|book| {
        book.import(&BASE);
        let (other, lines) = (Book::new(&book.store), invoices(5000));
        other.import(&BASE);
        let files = with_base("invoice_lines.csv", &lines);
        book.files(&files);
        other.files(&files);
        std::thread::scope(|scope| {
            for at in [book, &other, book] {
                scope.spawn(|| at.run(&at.request()).unwrap());
            }
        });
        for at in [book, &other] {
            assert_eq!(at.exported("invoice_lines.csv").lines().count(), 5001);
        }
        assert_eq!(book.store.check().unwrap(), [""; 0]);
    });
}

/// Documents that are there already keep what the files do not say, whatever waits for the end.
#[test]
fn what_is_stored_and_what_waits_are_one() {
    in_steps(|book| {
        let head = "invoice,line,customer,tax_point,product,quantity,unit_price\n";
        let first = format!(
            "{head}1,1,C,2024-01-01,A,1,5\n1,2,C,2024-01-01,B,2,6\n2,1,D,2024-01-01,A,1,7\n"
        );
        book.import(&with_base("invoice_lines.csv", &first));
        // Another day and customer for all lines of 1, although only one is named; a new line of an old document.
        let second = format!(
            "{head}1,1,D,2024-02-02,A,3,5\n2,2,D,2024-01-01,B,4,8\n3,1,C,2024-03-03,A,1,1\n"
        );
        let report = book.import(&[("invoice_lines.csv", &second)]);
        assert_eq!(counts(&report), [[2, 1, 0, 0]]);
        let shown = |book: &Book| {
            book.columns(
                "invoice_lines.csv",
                &["invoice", "line", "customer", "tax_point", "quantity"],
            )
        };
        assert_eq!(
            shown(book),
            [
                "1,1,D,2024-02-02,3",
                "1,2,D,2024-02-02,2",
                "2,1,D,2024-01-01,1",
                "2,2,D,2024-01-01,4",
                "3,1,C,2024-03-03,1"
            ]
        );
        let report = book.import(&[("invoice_lines.csv", &second)]);
        assert_eq!(counts(&report), [[0, 0, 3, 0]]);
        let report = book.replace(&[("invoice_lines.csv", &second)]);
        assert_eq!(counts(&report), [[0, 0, 3, 2]]);
        assert_eq!(shown(book).len(), 3);
        assert_eq!(book.store.check().unwrap(), [""; 0]);
    });
}

/// So many new prices go into the database before the last transaction, beside changed ones that wait for it.
#[test]
fn many_prices_are_there_with_the_rest() {
    const PRODUCTS: usize = 12_000;
    in_steps(|book| {
        let products = |count: usize| {
            (0..count).fold("code\n".to_owned(), |text, code| format!("{text}P{code}\n"))
        };
        let prices = |from: usize, to: usize, price: usize| {
            (from..to).fold("price_list,product,price\n".to_owned(), |mut text, code| {
                writeln!(text, "L,P{code},{price}").unwrap();
                text
            })
        };
        let list = ("price_lists.csv", "code,currency\nL,EUR\n");
        let few = prices(0, 5, 1);
        book.import(&[("products.csv", &products(5)), list, ("prices.csv", &few)]);
        let many = prices(0, PRODUCTS, 2);
        let all = products(PRODUCTS);
        let files = [("products.csv", all.as_str()), list, ("prices.csv", many.as_str())];
        book.files(&files);
        let before = book.exported("prices.csv");
        let report = import(&book.store, &book.request(), &mut |_| {
            assert_eq!(book.exported("prices.csv"), before);
        })
        .unwrap();
        let new = u64::try_from(PRODUCTS - 5).unwrap();
        assert_eq!(counts(&report)[2], [new, 5, 0, 0]);
        let shown = book.columns("prices.csv", &["price"]);
        assert_eq!(shown.len(), PRODUCTS);
        assert!(shown.iter().all(|price| price == "2"), "{:?}", shown.first());
        assert_eq!(book.store.read_book(book.id).unwrap().1.rows.len(), PRODUCTS);
        assert_eq!(book.store.check().unwrap(), [""; 0]);
        let report = book.replace(&[("prices.csv", &few)]);
        assert_eq!(counts(&report), [[0, 5, 0, new]]);
        assert_eq!(book.exported("prices.csv"), before);
        assert_eq!(book.store.check().unwrap(), [""; 0]);
    });
}
