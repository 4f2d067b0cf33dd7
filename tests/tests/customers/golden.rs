//! Every request and answer of the manual's chapter, as documents.

use std::path::Path;

use tradebook_tests::{Answer, Database, on_each_database, root};

use crate::{Book, Part, image};

on_each_database! {
    every_request_of_the_chapter_is_answered_as_it_says,
    members_come_in_the_order_of_the_manual,
    a_server_error_is_answered_as_the_manual_says,
}

/// A file of a form: one of `images/`, or `FILE+BYTES`, filled up with zeros to that length.
fn file(name: &str) -> Vec<u8> {
    let Some((name, length)) = name.split_once('+') else { return image(name) };
    let mut bytes = image(name);
    bytes.resize(length.parse().unwrap(), 0);
    bytes
}

/// A request as its document says.
struct Request {
    method: String,
    path: String,
    fields: Vec<(String, String)>,
}

fn parse(document: &str) -> Request {
    let mut lines = document.lines();
    let (method, path) = lines.next().unwrap().split_once(' ').unwrap();
    let fields = lines
        .map(|line| line.split_once('=').unwrap())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Request { method: method.to_owned(), path: path.to_owned(), fields }
}

fn send(book: &Book, request: &Request) -> Answer {
    let Request { method, path, fields } = request;
    let files: Vec<Vec<u8>> = fields
        .iter()
        .filter_map(|(name, value)| (name == "imageFile").then(|| value.strip_prefix('@'))?)
        .map(file)
        .collect();
    if files.is_empty() {
        let form: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        return crate::call(&book.server, &book.key, method, path, &form);
    }
    let mut files = files.iter();
    let parts: Vec<Part<'_>> = fields
        .iter()
        .map(|(name, value)| match value.strip_prefix('@') {
            Some(file) if name == "imageFile" => {
                (name.as_str(), Some(file), files.next().unwrap().as_slice())
            }
            _ => (name.as_str(), None, value.as_bytes()),
        })
        .collect();
    book.post_parts(path, &parts)
}

/// The answer with what differs from run to run replaced.
fn masked(answer: &Answer, server: &str) -> String {
    let mut body = answer.body.clone();
    for member in ["dateCreated", "lastUpdated"] {
        let mark = format!("\"{member}\":\"");
        let mut from = 0;
        while let Some(at) = body[from..].find(&mark) {
            let start = from + at + mark.len();
            let instant = &body[start..start + 20];
            assert!(instant.starts_with("20") && instant.ends_with('Z'), "{instant}");
            body.replace_range(start..start + 20, "«now»");
            from = start;
        }
    }
    if let Some(start) = body.find(&format!("\"logo\":\"{server}/entity1-")) {
        let start = start + "\"logo\":\"".len();
        let end = start + body[start..].find('"').unwrap();
        assert!(body[start..end].contains("/photoCustomer/"));
        body.replace_range(start..end, "«image»");
    }
    format!("{}\n{body}\n", answer.status)
}

fn every_request_of_the_chapter_is_answered_as_it_says(database: Database) {
    let book = Book::on(database);
    let folder = root().join("fixtures/valomnia/cases");
    let mut cases: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "in"))
        .collect();
    cases.sort();
    assert!(cases.len() >= 55, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let request = parse(&std::fs::read_to_string(&case).unwrap());
        let answer = masked(&send(&book, &request), &book.server.url());
        let expected = case.with_extension("out");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&expected, &answer).unwrap();
        }
        let expected = std::fs::read_to_string(&expected).unwrap_or_default();
        if expected != answer {
            wrong.push(format!("{}:\nexpected {expected}answered {answer}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What no request of a client brings about: the database breaks under the server.
fn a_server_error_is_answered_as_the_manual_says(database: Database) {
    let book = Book::on(database);
    // A server that has not read the pages that are broken.
    let server = book.workspace.serve(&[]);
    match database {
        Database::Sqlite => {
            for name in ["book.db", "book.db-wal"] {
                overwrite(&book.workspace.path().join(name));
            }
        }
        Database::Postgres => book.workspace.sql("DROP TABLE payment_types CASCADE"),
    }
    let folder = root().join("fixtures/valomnia/broken");
    let document = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let Request { method, path, fields } = parse(&document("server-error.in"));
    assert!(fields.is_empty());
    let answer = crate::call(&server, &book.key, &method, &path, &[]);
    assert_eq!(masked(&answer, &server.url()), document("server-error.out"));
}

/// Overwrites all of a file but its first page.
fn overwrite(path: &Path) {
    use std::io::{Seek as _, SeekFrom, Write as _};
    let length = std::fs::metadata(path).map_or(0, |file| file.len());
    if let Some(rest) = usize::try_from(length).unwrap().checked_sub(4096) {
        let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
        file.seek(SeekFrom::Start(4096)).unwrap();
        file.write_all(&vec![0xaa; rest]).unwrap();
    }
}

/// The resource of the manual, whose members come in this order.
const MEMBERS: &str = "id reference reference2 name categoryReference customerCategory isSubCustomer parentCustomer billWithParent \
    customerSegmentationReference customerSegmentation pocTenus email logo phone mobile fax comment barcode isSameAddress billingCountry \
    billingCity billingPostalCode billingAddress billingLat billingLng country city postalCode address latitude longitude isCredit \
    creditLimit balance maxChequePeriod maxChequeValue appliedCashBackOutput returnDiscount invoicesPerRoute isActive onHold \
    onHoldReason paymentTerm createdBy dueDateConfigNumber dueDateConfigType paymentTypes website taxNumber companyRegistrationNumber \
    contacts currency customerRisk customerRiskColor organization dateCreated lastUpdated region";

fn members_come_in_the_order_of_the_manual(database: Database) {
    let book = Book::on(database);
    let place = |body: &str, member: &str| body.find(&format!("\"{member}\":"));
    let body = book.get("/api/v1.0/customers/254").body;
    let mut last = 0;
    for member in MEMBERS.split_whitespace().skip(1) {
        // The members of relations, which come again, are not what is looked for.
        let found = body[last..].find(&format!("\"{member}\":")).map(|at| at + last);
        let found = found.unwrap_or_else(|| panic!("{member} does not follow: {body}"));
        assert!(found >= last);
        last = found;
    }
    book.workspace.ok(&["organization", "set", "entity1", "geographical_locations=false"]);
    // What another process sets shows a moment later.
    tradebook_tests::eventually(10, "no region", || {
        place(&book.get("/api/v1.0/customers/254").body, "region").is_none()
    });
}
