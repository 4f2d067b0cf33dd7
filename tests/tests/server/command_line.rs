//! The command line: organizations, keys, import and export.

use tradebook_tests::{Database, Workspace, on_each_database};

use crate::{FILES, small_book};

on_each_database! {
    organizations_are_created_listed_and_set,
    an_export_imports_again_and_is_the_same,
    a_dry_run_says_what_would_change_and_changes_nothing,
    faults_name_file_line_and_column_and_nothing_is_applied,
}

fn organizations_are_created_listed_and_set(database: Database) {
    let workspace = Workspace::with(database);
    workspace.ok(&[
        "organization",
        "create",
        "Acme",
        "--currency",
        "gbp",
        "--time-zone",
        "Europe/London",
    ]);
    workspace.ok(&["organization", "create", "Zeta"]);
    assert_eq!(
        workspace.ok(&["organization", "list"]).lines().collect::<Vec<_>>(),
        ["Acme", "Zeta"]
    );
    let shown = workspace.ok(&["organization", "show", "Acme"]);
    for line in [
        "currency=GBP",
        "time_zone=Europe/London",
        "price_list_customers=custom",
        "spend_period_days=30",
        "null_decimals_in_xml=omit",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line} in {shown}");
    }
    workspace.ok(&[
        "organization",
        "set",
        "Acme",
        "agreed_bulk_protection=true",
        "spend_period_days=60",
    ]);
    let shown = workspace.ok(&["organization", "show", "Acme"]);
    assert!(
        shown.contains("agreed_bulk_protection=true") && shown.contains("spend_period_days=60"),
        "{shown}"
    );

    for (arguments, expected) in [
        (vec!["organization", "create", "Acme"], "Acme"),
        (vec!["organization", "create", "New", "--currency", "POUND"], "POUND"),
        (vec!["organization", "create", "New", "--time-zone", "Mars"], "Mars"),
        (vec!["organization", "set", "Acme", "colour=red"], "colour"),
        (vec!["organization", "set", "Acme", "spend_period_days=many"], "many"),
        (vec!["organization", "show", "Nobody"], "Nobody"),
        (vec!["key", "create", "--organization", "Nobody"], "Nobody"),
        (vec!["import", "--organization", "Nobody", "."], "Nobody"),
    ] {
        let message = workspace.fails(1, &arguments);
        assert!(message.contains(expected), "{arguments:?}: {message}");
        assert_eq!(
            message.lines().filter(|line| line.starts_with("tradebook: ")).count(),
            1,
            "{message}"
        );
    }
    assert_eq!(workspace.ok(&["organization", "list"]).lines().count(), 2, "nothing half done");
    for (arguments, expected) in [
        (vec!["organization", "set", "Acme", "currency"], "KEY=VALUE"),
        (vec!["key", "revoke", "abc"], "whole number"),
        (vec!["serve", "--listen", "nonsense"], "ADDRESS:PORT"),
    ] {
        let message = workspace.fails(2, &arguments);
        assert!(message.contains(expected), "{arguments:?}: {message}");
    }
}

#[test]
fn only_what_begins_a_book_makes_the_file() {
    let workspace = Workspace::new();
    let folder = workspace.files("data", &[("products.csv", "code\nA\n")]);
    let copy = workspace.path().join("copy.db").display().to_string();
    let missing = workspace.path().join("missing.db");
    let url = format!("sqlite://{}", missing.display());
    for arguments in [
        vec!["check"],
        vec!["backup", &copy],
        vec!["organization", "list"],
        vec!["organization", "show", "Acme"],
        vec!["organization", "set", "Acme", "currency=EUR"],
        vec!["key", "list"],
        vec!["key", "create", "--organization", "Acme"],
        vec!["key", "revoke", "1"],
        vec!["user", "list"],
        vec!["export", "--organization", "Acme", &folder],
        vec!["import", "--organization", "Acme", &folder],
    ] {
        let all: Vec<&str> = arguments.iter().copied().chain(["--database", &url]).collect();
        let message = workspace.fails(1, &all);
        assert!(message.starts_with("tradebook: cannot open the database file "), "{message}");
        assert!(message.contains("missing.db`: it does not exist; "), "{message}");
        assert!(message.contains("--database"), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
        assert!(!missing.exists(), "{arguments:?}");
    }
    workspace.ok(&["migrate", "--database", &url]);
    assert_eq!(workspace.ok(&["organization", "list", "--database", &url]), "");
    std::fs::remove_file(&missing).unwrap();
    workspace.ok(&["organization", "create", "Acme", "--database", &url]);
    assert!(missing.exists());
}

fn an_export_imports_again_and_is_the_same(database: Database) {
    let (workspace, _) = small_book(database);
    let first = workspace.path().join("first").display().to_string();
    workspace.ok(&["export", "--organization", "Acme", &first]);
    workspace.ok(&["organization", "create", "Copy", "--currency", "GBP"]);
    workspace.ok(&["import", "--organization", "Copy", &first]);
    let second = workspace.path().join("second").display().to_string();
    workspace.ok(&["export", "--organization", "Copy", &second]);
    let mut compared = 0;
    for entry in std::fs::read_dir(&first).unwrap() {
        let name = entry.unwrap().file_name();
        let read = |folder: &str| {
            std::fs::read_to_string(std::path::Path::new(folder).join(&name)).unwrap()
        };
        assert_eq!(read(&first), read(&second), "{name:?}");
        compared += 1;
    }
    assert!(compared >= FILES.len(), "{compared} files");
}

fn a_dry_run_says_what_would_change_and_changes_nothing(database: Database) {
    let (workspace, _) = small_book(database);
    let before = workspace.path().join("before").display().to_string();
    workspace.ok(&["export", "--organization", "Acme", &before]);
    let folder = workspace.files(
        "change",
        &[("prices.csv", "price_list,product,quantity,price\nSTD,BOLT,1,3.25\nSTD,BOLT,100,2\n")],
    );
    let report = workspace.ok(&["import", "--organization", "Acme", "--dry-run", &folder]);
    assert!(report.contains("3.1") && report.contains("3.25"), "{report}");
    let after = workspace.path().join("after").display().to_string();
    workspace.ok(&["export", "--organization", "Acme", &after]);
    let read = |folder: &str| std::fs::read_to_string(format!("{folder}/prices.csv")).unwrap();
    assert_eq!(read(&before), read(&after));
}

fn faults_name_file_line_and_column_and_nothing_is_applied(database: Database) {
    let (workspace, _) = small_book(database);
    let folder = workspace.files(
        "faults",
        &[
            ("products.csv", "code,status\nNEW,1\nBAD,9\n"),
            ("prices.csv", "price_list,product,quantity,price\nSTD,NEW,1,1\nNOPE,NEW,1,1\nSTD,NEW,x,1\nSTD,NEW,2,-1\nSTD,NEW,1,2\n"),
        ],
    );
    let message = workspace.fails(1, &["import", "--organization", "Acme", &folder]);
    for place in [
        "products.csv:3: status: ",
        "prices.csv:3: price_list: ",
        "prices.csv:4: quantity: ",
        "prices.csv:5: price: ",
        "prices.csv:6: ",
    ] {
        assert!(message.contains(place), "{place} in {message}");
    }
    let out = workspace.path().join("out").display().to_string();
    workspace.ok(&["export", "--organization", "Acme", &out]);
    assert!(!std::fs::read_to_string(format!("{out}/products.csv")).unwrap().contains("NEW"));
}
