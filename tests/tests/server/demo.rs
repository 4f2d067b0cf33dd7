//! The demo: what it prints works.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use tradebook_tests::{Workspace, text};

/// A demo, and what it printed.
fn demo(workspace: &Workspace) -> (std::process::Child, String) {
    let mut child = workspace
        .command(&["demo", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut script = String::new();
    for line in lines.by_ref() {
        if line.starts_with("Ctrl-C") {
            break;
        }
        script += &line;
        script.push('\n');
    }
    (child, script)
}

fn without_white_space(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn the_readme_shows_real_answers() {
    let workspace = Workspace::new();
    let (mut child, script) = demo(&workspace);
    let word_with = |mark: &str| {
        script.split_whitespace().find(|word| word.starts_with(mark)).map(str::to_owned).unwrap()
    };
    let key = word_with("tb_");
    let token = word_with("\"tbe_").trim_matches(['"', ',']).to_owned();
    let url = word_with("http://").trim_end_matches('/').to_owned();
    let readme = std::fs::read_to_string(tradebook_tests::root().join("README.md")).unwrap();
    let mut compared = 0;
    for block in readme.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        let end = block.find("'\n{").or_else(|| block.find("'\n<")).unwrap() + 1;
        let (command, shown) = block.split_at(end);
        let command = command.trim_start_matches("$ ").replacen("curl ", "curl -sS ", 1);
        let output = Command::new("sh")
            .args(["-c", &command])
            .env("KEY", &key)
            .env("TOKEN", &token)
            .env("URL", &url)
            .output()
            .unwrap();
        let answer = without_white_space(&text(&output.stdout));
        let shown = without_white_space(shown);
        match shown.strip_suffix('…') {
            Some(beginning) => assert!(answer.starts_with(beginning), "{command}\n{answer}"),
            None => assert_eq!(answer, shown, "{command}"),
        }
        compared += 1;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(compared, 4);
}

#[test]
fn the_printed_curl_lines_answer_with_data() {
    let workspace = Workspace::new();
    let (mut child, script) = demo(&workspace);
    let commands: Vec<String> = script
        .split("\ncurl ")
        .skip(1)
        .map(|command| format!("curl -sS --fail {}", command.split("\n\n").next().unwrap()))
        .collect();
    assert_eq!(commands.len(), 5, "{script}");
    let answers: Vec<String> = commands
        .iter()
        .map(|command| {
            let output = Command::new("sh").args(["-c", command]).output().unwrap();
            assert!(output.status.success(), "{command}\n{}", text(&output.stderr));
            text(&output.stdout)
        })
        .collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(
        answers[0].contains("\"Code\":\"85123A\"") && answers[0].contains("\"Source\":\"CPA\""),
        "{}",
        answers[0]
    );
    assert!(
        answers[1].starts_with("<CPARulesList ")
            && answers[1].contains("<Code>85123A</Code><Price>2.35</Price>"),
        "{}",
        answers[1]
    );
    assert!(answers[2].contains("\"CustPartNo\":\"CK/"), "{}", answers[2]);
    assert!(
        answers[3].starts_with("{\"data\":[{\"number\":\"1004\",") && answers[3].contains("\"OK\""),
        "{}",
        answers[3]
    );
    assert!(answers[4].starts_with("{\"data\":{\"token\":\"tbe_"), "{}", answers[4]);
}

#[test]
fn the_documents_examples_work_on_the_example_data() {
    let workspace = Workspace::new();
    let (mut child, script) = demo(&workspace);
    let url = script.split_whitespace().find(|word| word.starts_with("http://")).unwrap();
    let url = url.trim_end_matches('/');
    let ask = |arguments: &[&str]| -> serde_json::Value {
        let output = Command::new("curl").arg("-sS").args(arguments).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let document = ask(&[&format!("{url}/openapi.json")]);
    let root = "/crmapi/rest/v2/";
    let post = |path: &str, token: Option<&str>| {
        let operation = &document["paths"][format!("{root}{path}")]["post"];
        let mut body = operation["requestBody"]["content"]["application/json"]["example"].clone();
        if let Some(token) = token {
            body["token"] = token.into();
        }
        let answer = ask(&[&format!("{url}{root}{path}"), "-d", &body.to_string()]);
        assert_eq!(answer["status"]["code"], "OK", "{path} {body}: {answer}");
        answer["data"].clone()
    };

    let login = post("authentication/token", None);
    let token = login["token"].as_str().unwrap();
    let list = "customer_events/purchases/list";
    assert_eq!(post(list, Some(token))[0]["number"], "1004");
    let show = "customer_events/purchases/show";
    let parameters = document["paths"][format!("{root}{show}")]["get"]["parameters"].clone();
    let named = |name: &str| {
        let found = parameters.as_array().unwrap().iter().find(|given| given["name"] == name);
        found.unwrap()["example"].as_str().unwrap_or_default().to_owned()
    };
    let event = named("customer_event_identifier");
    let shown =
        ask(&[&format!("{url}{root}{show}?token={token}&customer_event_identifier={event}")]);
    assert_eq!(shown["data"]["number"], "1004", "{shown}");
    post("authentication/token/release", Some(token));

    child.kill().unwrap();
    child.wait().unwrap();
}
