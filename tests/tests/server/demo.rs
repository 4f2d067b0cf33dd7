//! The demo: what it prints works.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use tradebook_tests::{Workspace, text};

#[test]
fn the_printed_curl_lines_answer_with_data() {
    let workspace = Workspace::new();
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
    let commands: Vec<String> = script
        .split("\ncurl ")
        .skip(1)
        .map(|command| format!("curl -sS --fail {}", command.split("\n\n").next().unwrap()))
        .collect();
    assert_eq!(commands.len(), 3, "{script}");
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
    assert!(answers[0].contains("\"Code\":\"20712\"") && answers[0].contains("\"Source\":\"CPA\""), "{}", answers[0]);
    assert!(answers[1].starts_with("<CPARulesList ") && answers[1].contains("<Code>85123A</Code><Price>2.35</Price>"), "{}", answers[1]);
    assert!(answers[2].contains("\"CustPartNo\":\"HD-"), "{}", answers[2]);
}
