//! Tokens, pass codes and passwords are kept and told nowhere.

use serde_json::json;
use tradebook_tests::{Database, Server, Workspace, contain, on_each_database};

use crate::book::{FILES, LIST, RELEASE, SHOW, TOKEN, list, token};

on_each_database! {
    tokens_and_codes_are_found_nowhere,
}

fn tokens_and_codes_are_found_nowhere(database: Database) {
    let workspace = Workspace::with(database);
    let key = workspace.organization("Acme", "EUR");
    let codes = ["PASSCODE-SECRET-1", "AUTHENTICATION-SECRET-2", "987654321012345"];
    let files: Vec<(&str, String)> = FILES
        .iter()
        .map(|(name, text)| (*name, text.replace("9999", codes[0]).replace("123456", codes[2])))
        .collect();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    workspace.import("Acme", "events", &files);
    std::fs::remove_dir_all(workspace.path().join("events")).unwrap();
    let mut command =
        workspace.command(&["serve", "--listen", "127.0.0.1:0", "--log-format", "json"]);
    command.env("TRADEBOOK_LOG", "trace");
    let mut server = Server::start(command);
    let mut answers = String::new();
    let tokens: Vec<String> = (0..20).map(|_| token(&server, &key)).collect();
    for token in &tokens {
        let card = |identifier: &str, code: &str| {
            json!({"accounts_receivable_identifier": {"access_token_identifier":
                {"identifier": identifier, "pass_code": code}}})
        };
        answers += &list(&server, token, &card("6666", codes[0])).body;
        answers += &list(&server, token, &card("7777", codes[0])).body;
        let by_code = json!({"rewards_participant_identifier": {"access_token_identifier":
            {"authentication_code": codes[1]}}});
        answers += &list(&server, token, &by_code).body;
        let once = json!({"rewards_participant_identifier": {"access_token_identifier":
            {"one_time_password": codes[2]}}});
        answers += &list(&server, token, &once).body;
        // Half a pair, and codes where no code belongs.
        answers += &list(
            &server,
            token,
            &json!({"accounts_receivable_identifier":
            {"access_token_identifier": {"pass_code": codes[0]}}}),
        )
        .body;
        answers +=
            &list(&server, token, &json!({"created_after_date": codes[0], "offset": codes[1]}))
                .body;
        for query in
            ["customer_event_identifier=number=5", "customer_event_identifier=number=404", ""]
        {
            answers += &server.get(&format!("{SHOW}?token={token}&{query}")).body;
            answers += &server.get(&format!("{SHOW}/?{query}&token={token}")).body;
        }
        answers += &server.request("PUT", &format!("{LIST}?token={token}"), &[], b"").body;
        answers += &server.get(&format!("/crmapi/rest/v2/nothing?token={token}")).body;
        answers +=
            &server.request("POST", LIST, &[], format!("{{\"token\": \"{token}\"").as_bytes()).body;
        answers += &server.get(&format!("/crmapi/rest/v2/{token}/list")).body;
        let login = json!({"username": "ann", "password": codes[0], "organisation": token});
        answers += &server.post(TOKEN, &login).body;
    }
    for token in &tokens[..10] {
        answers += &server.post(RELEASE, &json!({"token": token})).body;
        answers += &server.post(RELEASE, &json!({"token": token})).body;
    }
    for path in ["/metrics", "/openapi.json", "/health/ready"] {
        answers += &server.get(path).body;
    }
    let export = workspace.path().join("exported");
    workspace.ok(&["export", "--organization", "Acme", &export.display().to_string()]);
    let log = server.log();
    assert!(log.lines().count() > 100, "the log is at trace level");
    assert!(log.contains(SHOW), "calls are logged");
    let kept = workspace.kept();
    assert!(
        kept.iter().any(|(name, _)| name.ends_with("access_tokens.csv")),
        "an export is looked at"
    );
    for secret in tokens.iter().map(String::as_str).chain(codes) {
        assert!(!answers.contains(secret), "a secret in an answer: {secret}");
        assert!(!log.contains(secret), "a secret in the log: {secret}");
        for (name, bytes) in &kept {
            assert!(!contain(bytes, secret), "a secret in {name}: {secret}");
        }
    }
}
