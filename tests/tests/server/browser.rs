//! Swagger UI in a real browser.

use std::process::Command;

use tradebook_tests::{Database, root};

#[test]
fn swagger_ui_shows_the_operations_and_executes_a_call() {
    let (workspace, server, key) = crate::served(Database::Sqlite);
    let screenshot = workspace.path().join("swagger.png");
    let output = Command::new("python3")
        .arg(root().join("tests/browser/swagger.py"))
        .args([server.url().as_str(), &key, "--product", "BOLT", "--price", "2.0", "--screenshot"])
        .arg(&screenshot)
        .output()
        .expect("python3 runs");
    assert!(
        output.status.success(),
        "{}{}",
        tradebook_tests::text(&output.stdout),
        tradebook_tests::text(&output.stderr)
    );
    assert!(
        std::fs::metadata(&screenshot).unwrap().len() > 10_000,
        "the screenshot shows something"
    );
}
