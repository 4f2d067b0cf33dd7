//! Long answers: memory does not grow with the number of events.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};
use tradebook_tests::{Database, on_each_database};

use crate::book::{Book, LIST};

on_each_database! {
    a_hundred_thousand_events_take_no_memory,
}

const EVENTS: usize = 100_000;
/// How much memory an answer may take, in KiB.
const MOST_KIB: u64 = 30 * 1024;

/// Memory of a process that belongs to it alone, in KiB: pages of the database's file are the system's.
fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("RssAnon")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Posts a list and reads its answer to the end of the connection; calls `each` after every mebibyte.
fn read(book: &Book, parameters: &Value, mut each: impl FnMut()) -> Vec<u8> {
    let mut body = json!({ "token": book.token });
    body.as_object_mut().unwrap().extend(parameters.as_object().unwrap().clone());
    let body = body.to_string();
    let mut stream = TcpStream::connect(book.server.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    write!(
        stream,
        "POST {LIST} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = Vec::new();
    let mut chunk = vec![0; 1 << 20];
    loop {
        let mut filled = 0;
        while filled < chunk.len() {
            match stream.read(&mut chunk[filled..]).unwrap() {
                0 => break,
                read => filled += read,
            }
        }
        answer.extend_from_slice(&chunk[..filled]);
        if filled < chunk.len() {
            return answer;
        }
        each();
    }
}

fn a_hundred_thousand_events_take_no_memory(database: Database) {
    let mut event_rows =
        String::from("number,accounts_receivable,performed_on,created,description\n");
    let mut line_rows =
        String::from("event,line,product,quantity,net_amount,vat_amount,total_amount\n");
    for number in 0..EVENTS {
        let (hour, minute, second) = (number / 3600 % 24, number / 60 % 60, number % 60);
        let moment =
            format!("2024-05-{:02}T{hour:02}:{minute:02}:{second:02}Z", 1 + number / 86_400);
        event_rows += &format!("{number:06},ACR1,{moment},{moment},One of many\n");
        line_rows += &format!("{number:06},1,BOLT,1,8,2,10\n");
    }
    let files = [
        ("customers.csv", "reference,name\nC1,First\n"),
        ("products.csv", "code,description\nBOLT,Bolt\n"),
        ("accounts_receivable.csv", "number,customer\nACR1,C1\n"),
        ("purchase_events.csv", event_rows.as_str()),
        ("purchase_event_products.csv", line_rows.as_str()),
    ];
    let book = Book::of(database, &files, "UTC", "2024-05-20");
    let account = json!({"accounts_receivable_identifier": {"number": "ACR1"}});
    let page =
        json!({"accounts_receivable_identifier": {"number": "ACR1"}, "number_of_results": 2000});
    // What the first answer makes the process keep, it keeps for all.
    read(&book, &page, || {});
    let before = memory(book.server.id());
    let mut most = before;
    let answer = read(&book, &account, || most = most.max(memory(book.server.id())));
    assert!(answer.len() > 100 << 20, "the answer is long: {}", answer.len());
    assert!(answer.ends_with(b"0\r\n\r\n"), "the answer is whole");
    let text = String::from_utf8_lossy(&answer);
    let count = text.matches("One of many").count();
    // A chunk's end may cut a text in two.
    assert!((EVENTS - 4000..=EVENTS).contains(&count), "{count} events");
    println!(
        "memory before {before} KiB, at most {most} KiB while {} bytes were sent",
        answer.len()
    );
    assert!(most - before < MOST_KIB, "{} KiB more", most - before);
}
