//! Creates that are sent again.

use tradebook_tests::{Answer, Database, on_each_database};

use crate::{Book, encoded, expect_fault, image, members, multipart};

on_each_database! {
    the_same_request_is_answered_once_more_and_another_is_refused,
    an_image_sent_again_is_kept_once,
    of_many_creates_of_one_reference_one_succeeds,
}

fn create(book: &Book, key: &str, content_type: &str, body: &[u8]) -> Answer {
    let authorization = format!("Bearer {}", book.key);
    let headers = [
        ("Authorization", authorization.as_str()),
        ("Content-Type", content_type),
        ("Idempotency-Key", key),
    ];
    book.server.request("POST", "/api/v2.1/customers", &headers, body)
}

const FORM: &str = "application/x-www-form-urlencoded";

fn the_same_request_is_answered_once_more_and_another_is_refused(database: Database) {
    let book = Book::on(database);
    let body = encoded(&[("reference", "R-1"), ("name", "x")]);
    let first = create(&book, "key-1", FORM, body.as_bytes());
    assert_eq!(first.status, 201, "{}", first.body);
    for _ in 0..3 {
        let again = create(&book, "key-1", FORM, body.as_bytes());
        assert_eq!((again.status, &again.body), (201, &first.body));
    }
    let other = encoded(&[("reference", "R-2"), ("name", "x")]);
    let refused = create(&book, "key-1", FORM, other.as_bytes());
    expect_fault(
        &refused,
        409,
        "idempotency_conflict",
        "The Idempotency-Key was already used for another request.",
    );
    // What was refused is not kept: it may be mended and sent again.
    let taken = create(&book, "key-2", FORM, body.as_bytes());
    expect_fault(&taken, 400, "not_unique", "reference already used");
    assert_eq!(create(&book, "key-2", FORM, other.as_bytes()).status, 201);
    assert_eq!(members(&book.get("/api/v2.1/customers?reference=R-*"), "reference").len(), 2);
    assert_eq!(create(&book, &"k".repeat(256), FORM, body.as_bytes()).status, 400);
}

fn an_image_sent_again_is_kept_once(database: Database) {
    let book = Book::on(database);
    let logo = image("logo.png");
    let (content_type, body) = multipart(&[
        ("reference", None, b"R-1"),
        ("name", None, b"x"),
        ("imageFile", Some("logo.png"), &logo),
    ]);
    let first = create(&book, "key-1", &content_type, &body);
    assert_eq!(first.status, 201, "{}", first.body);
    // Another boundary is the same request.
    let content_type = content_type.replace("boundary7d", "boundary99");
    let (_, mut body) = multipart(&[
        ("reference", None, b"R-1"),
        ("name", None, b"x"),
        ("imageFile", Some("logo.png"), &logo),
    ]);
    replace(&mut body, b"boundary7d", b"boundary99");
    let again = create(&book, "key-1", &content_type, &body);
    assert_eq!((again.status, again.body), (201, first.body));
    assert_eq!(book.image_files().len(), 3);
}

fn replace(body: &mut [u8], from: &[u8], to: &[u8]) {
    assert_eq!(from.len(), to.len());
    for at in 0..=body.len() - from.len() {
        if body[at..].starts_with(from) {
            body[at..at + to.len()].copy_from_slice(to);
        }
    }
}

fn of_many_creates_of_one_reference_one_succeeds(database: Database) {
    let book = Book::on(database);
    let statuses: Vec<(u16, String)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..200)
            .map(|_| {
                scope.spawn(|| {
                    let form = [("reference", "ONE"), ("name", "x")];
                    let mut answer = book.post("/api/v2.1/customers", &form);
                    // Where the machine has other things to do, the last of them wait too long and are told to come again.
                    while answer.status == 503 {
                        answer = book.post("/api/v2.1/customers", &form);
                    }
                    (answer.status, answer.json()["error"].as_str().unwrap_or("").to_owned())
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let created = statuses.iter().filter(|(status, _)| *status == 201).count();
    let refused = (400, "not_unique".to_owned());
    assert_eq!(created, 1);
    assert_eq!(statuses.iter().filter(|status| **status == refused).count(), 199, "{statuses:?}");
}
