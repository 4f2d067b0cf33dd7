//! What was acknowledged survives `kill -9`; what was not leaves the old data whole.

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;
use tradebook_tests::{Database, Workspace, on_each_database};

on_each_database! {
    an_import_is_all_there_or_not_at_all_after_kill_9,
    an_import_in_steps_is_all_there_or_not_at_all_after_kill_9,
    a_backup_taken_while_serving_is_a_whole_database,
}

const PRODUCTS: usize = 3000;

/// A price list of which every row carries the version.
fn version(workspace: &Workspace, version: usize) -> String {
    let mut products = String::from("code,description\n");
    let mut prices = String::from("price_list,product,quantity,price\n");
    for product in 0..PRODUCTS {
        products += &format!("P{product:05},version {version}\n");
        prices += &format!("L,P{product:05},1,{version}\n");
    }
    workspace.files(
        &format!("v{version}"),
        &[
            ("products.csv", &products),
            ("prices.csv", &prices),
            (
                "price_lists.csv",
                &format!("code,id,description,currency\nL,1,version {version},EUR\n"),
            ),
        ],
    )
}

/// The one version that all prices and the list's name have.
fn served_version(workspace: &Workspace, key: &str) -> usize {
    let server = workspace.serve(&[]);
    let answer = server.post("/api/v1/PriceListNormal", &json!({"apiKey": key})).json();
    let list = &answer["PriceDetail"][0];
    let items = list["Items"]["ItemPLDetail"].as_array().unwrap();
    assert_eq!(items.len(), PRODUCTS);
    let version = items[0]["P"].as_f64().unwrap();
    assert!(items.iter().all(|item| item["P"].as_f64() == Some(version)), "a mix of versions");
    assert_eq!(list["Description"], format!("version {version}"));
    format!("{version}").parse().unwrap()
}

fn an_import_is_all_there_or_not_at_all_after_kill_9(database: Database) {
    kill_imports(database, u64::MAX);
}

fn an_import_in_steps_is_all_there_or_not_at_all_after_kill_9(database: Database) {
    kill_imports(database, 0);
}

/// Kills imports, which are one transaction or go in steps.
fn kill_imports(database: Database, in_steps_from: u64) {
    let in_steps_from = format!("--in-steps-from={in_steps_from}");
    let workspace = Workspace::with(database);
    let key = workspace.organization("Acme", "EUR");
    let first = version(&workspace, 1);
    let began = Instant::now();
    workspace.ok(&["import", "--organization", "Acme", &in_steps_from, &first]);
    let took = began.elapsed();

    let mut expected = 1;
    let (mut killed, mut acknowledged) = (0, 0);
    for round in 0..20_u32 {
        let next = expected + 1;
        let folder = version(&workspace, next);
        let mut import = workspace
            .command(&["import", "--organization", "Acme", &in_steps_from, &folder])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // The moments are spread over the whole of an import and a little beyond it.
        let moment = took * (round * 7 % 20 + 1) / 17;
        let deadline = Instant::now() + moment;
        let status = loop {
            match import.try_wait().unwrap() {
                Some(status) => break Some(status),
                None if Instant::now() >= deadline => break None,
                None => std::thread::sleep(Duration::from_micros(200)),
            }
        };
        match status {
            Some(status) => {
                assert!(status.success());
                acknowledged += 1;
                expected = next;
                assert_eq!(
                    served_version(&workspace, &key),
                    expected,
                    "an acknowledged import is lost"
                );
            }
            None => {
                import.kill().unwrap();
                import.wait().unwrap();
                killed += 1;
                let found = served_version(&workspace, &key);
                // It may have been committed in the moment before the signal came.
                assert!(
                    found == expected || found == next,
                    "{found} is neither {expected} nor {next}"
                );
                expected = found;
            }
        }
    }
    println!("{killed} imports killed, {acknowledged} acknowledged");
    assert!(killed >= 5, "only {killed} of 20 imports were killed");
    assert_eq!(workspace.ok(&["check"]).trim(), "ok");
}

fn a_backup_taken_while_serving_is_a_whole_database(database: Database) {
    let (workspace, server, key) = crate::served(database);
    let copy = workspace.path().join("copy.db");
    if database == Database::Postgres {
        let message = workspace.fails(1, &["backup", &copy.display().to_string()]);
        assert!(message.contains("pg_dump") && !copy.exists(), "{message}");
        return;
    }
    workspace.ok(&["backup", &copy.display().to_string()]);
    let message = workspace.fails(1, &["backup", &copy.display().to_string()]);
    assert!(message.contains("copy.db"), "{message}");
    let mut command = workspace.command(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--log-format",
        "json",
        "--today",
        crate::TODAY,
    ]);
    command.env("TRADEBOOK_DATABASE", format!("sqlite://{}", copy.display()));
    let restored = tradebook_tests::Server::start(command);
    let request = json!({"apiKey": key});
    assert_eq!(
        restored.post("/api/v1/PriceListNormal", &request).body,
        server.post("/api/v1/PriceListNormal", &request).body
    );
}
