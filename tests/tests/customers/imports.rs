//! Imports in steps: single writes go on while they do, nobody sees a part of one, and `kill -9` leaves nothing of it.

use std::fmt::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tradebook_tests::{Database, Workspace, on_each_database};

use crate::{Book, organization};

on_each_database! {
    customers_are_created_while_a_ledger_is_imported,
    a_killed_import_of_a_ledger_leaves_nothing,
}

const PATH: &str = "/api/v2.1/customers";

/// Files of a ledger with so many lines, of customers and products of its own.
fn ledger(workspace: &Workspace, folder: &str, lines: usize) -> String {
    let mut products = String::from("code\n");
    let mut customers = String::from("reference,name\n");
    for number in 0..500 {
        writeln!(products, "P{number}").unwrap();
        writeln!(customers, "L{number},Customer {number}").unwrap();
    }
    let mut invoices =
        String::from("invoice,line,customer,tax_point,product,quantity,unit_price\n");
    for line in 0..lines {
        let (invoice, product) = (line / 20, line * 7919 % 500);
        let (customer, day) = (invoice * 31 % 500, invoice % 28 + 1);
        writeln!(invoices, "{invoice},{line},L{customer},2024-05-{day:02},P{product},3,1.5")
            .unwrap();
    }
    workspace.files(
        folder,
        &[
            ("products.csv", &products),
            ("customers.csv", &customers),
            ("invoice_lines.csv", &invoices),
        ],
    )
}

fn import<'a>(organization: &'a str, folder: &'a str) -> [&'a str; 5] {
    ["import", "--organization", organization, "--in-steps-from=0", folder]
}

fn lines(text: &str) -> usize {
    text.lines().count() - 1
}

fn exported(workspace: &Workspace, organization: &str, file: &str) -> String {
    let folder = workspace.path().join(format!("exported {organization}"));
    workspace.ok(&["export", "--organization", organization, &folder.display().to_string()]);
    std::fs::read_to_string(folder.join(file)).unwrap()
}

fn customers_are_created_while_a_ledger_is_imported(database: Database) {
    const LINES: usize = 150_000;
    let book = Book::on(database);
    let before = lines(&exported(&book.workspace, "entity1", "customers.csv"));
    let folder = ledger(&book.workspace, "ledger", LINES);
    let mut running = book
        .workspace
        .command(&import("entity1", &folder))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut created = 0;
    let mut longest = Duration::ZERO;
    let status = loop {
        if let Some(status) = running.try_wait().unwrap() {
            break status;
        }
        let reference = format!("new {created}");
        let began = Instant::now();
        let answer = book.post(PATH, &[("reference", &reference), ("name", "New")]);
        longest = longest.max(began.elapsed());
        assert!(answer.status < 300, "{}: {}", answer.status, answer.body);
        created += 1;
    };
    assert!(status.success());
    println!("{created} customers were created meanwhile, the slowest in {longest:?}");
    let customers = exported(&book.workspace, "entity1", "customers.csv");
    assert_eq!(lines(&customers), before + 500 + created);
    for number in 0..created {
        assert!(customers.contains(&format!("\nnew {number},")), "new {number} is lost");
    }
    let ledger = exported(&book.workspace, "entity1", "invoice_lines.csv");
    assert_eq!(ledger.lines().filter(|line| line.contains(",L")).count(), LINES);
    assert_eq!(book.workspace.ok(&["check"]).trim(), "ok");
}

fn a_killed_import_of_a_ledger_leaves_nothing(database: Database) {
    const LINES: usize = 40_000;
    let workspace = Workspace::with(database);
    organization(&workspace, "entity1");
    organization(&workspace, "whole");
    let folder = ledger(&workspace, "ledger", LINES);
    let began = Instant::now();
    workspace.ok(&import("whole", &folder));
    let took = began.elapsed();
    let before = exported(&workspace, "entity1", "invoice_lines.csv");
    let mut killed = 0;
    for round in 0..12_u32 {
        let mut running = workspace
            .command(&import("entity1", &folder))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let deadline = Instant::now() + took * (round * 5 % 12 + 1) / 14;
        while running.try_wait().unwrap().is_none() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_micros(500));
        }
        if running.try_wait().unwrap().is_some() {
            continue;
        }
        running.kill().unwrap();
        running.wait().unwrap();
        assert_eq!(workspace.ok(&["check"]).trim(), "ok");
        let found = exported(&workspace, "entity1", "invoice_lines.csv");
        if found == before {
            killed += 1;
        } else {
            // It was committed in the moment before the signal came.
            assert_eq!(found, exported(&workspace, "whole", "invoice_lines.csv"));
            break;
        }
    }
    println!("{killed} imports were killed before their end");
    assert!(killed >= 3, "only {killed} imports were killed");
    workspace.ok(&import("entity1", &folder));
    for file in ["products.csv", "customers.csv", "invoice_lines.csv"] {
        let codes = |organization| -> Vec<String> {
            let text = exported(&workspace, organization, file);
            // Ids, which the second column of some files has, differ.
            text.lines().map(|line| line.split(',').next().unwrap().to_owned()).collect()
        };
        assert_eq!(codes("entity1"), codes("whole"), "{file}");
    }
    assert_eq!(
        exported(&workspace, "entity1", "invoice_lines.csv"),
        exported(&workspace, "whole", "invoice_lines.csv")
    );
    assert_eq!(workspace.ok(&["check"]).trim(), "ok");
}
