//! The calls in Swagger UI, in a real browser.

use std::process::Command;

use tradebook_tests::{Database, root, text};

use crate::book::Book;

#[test]
fn swagger_ui_logs_in_lists_and_shows() {
    let book = Book::on(Database::Sqlite);
    let screenshot = book.workspace.path().join("swagger.png");
    let output = Command::new("python3")
        .arg(root().join("tests/browser/swagger.py"))
        .args([book.server.url().as_str(), &book.key, "--account", "ACR1", "--screenshot"])
        .arg(&screenshot)
        .output()
        .expect("python3 runs");
    let told = text(&output.stdout);
    assert!(output.status.success(), "{told}{}", text(&output.stderr));
    assert_eq!(told.trim(), "Swagger UI shows the events 5, 11, 12 of ACR1");
}
