//! What was acknowledged survives `kill -9`.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use tradebook_tests::Workspace;

use crate::{call, encoded, organization};

const PATH: &str = "/api/v2.1/customers";

/// A write as bytes, so that a server that is killed fails it instead of the test.
fn write(
    address: std::net::SocketAddr,
    key: &str,
    path: &str,
    form: &[(&str, &str)],
) -> Option<u16> {
    use std::io::{Read as _, Write as _};
    let body = encoded(form);
    let mut stream = std::net::TcpStream::connect(address).ok()?;
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).ok()?;
    std::str::from_utf8(&head).ok()?.strip_prefix("HTTP/1.1 ")?.parse().ok()
}

#[test]
fn every_acknowledged_write_is_there_after_kill_9() {
    let workspace = Workspace::new();
    let key = organization(&workspace, "entity1");
    let acknowledged = Mutex::new(Vec::new());
    for round in 0..6_u64 {
        let server = workspace.serve(&[]);
        let address = server.address();
        let before = acknowledged.lock().unwrap().len();
        let dead = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let (acknowledged, dead, key) = (&acknowledged, &dead, &key);
                scope.spawn(move || {
                    for number in 0.. {
                        if dead.load(Ordering::Relaxed) {
                            break;
                        }
                        let reference = format!("R{round}-{thread}-{number}");
                        let form = [
                            ("reference", reference.as_str()),
                            ("name", &reference),
                            ("phone", "1"),
                        ];
                        if write(address, key, PATH, &form) != Some(201) {
                            break;
                        }
                        let own = format!("{PATH}/reference/{reference}");
                        let changed = write(address, key, &own, &[("phone", "2"), ("fax", "2")]);
                        acknowledged.lock().unwrap().push((reference, changed == Some(200)));
                    }
                });
            }
            // The moment is spread over what was written so far, not over time.
            let wanted = before + 20 + usize::try_from(round * 37 % 50).unwrap();
            tradebook_tests::eventually(60, "writes", || {
                acknowledged.lock().unwrap().len() >= wanted
            });
            server.signal("KILL");
            dead.store(true, Ordering::Relaxed);
        });
        drop(server);
        assert_eq!(workspace.ok(&["check"]).trim(), "ok");
    }
    let server = workspace.serve(&[]);
    let acknowledged = acknowledged.into_inner().unwrap();
    println!("{} customers acknowledged", acknowledged.len());
    for (reference, changed) in &acknowledged {
        let answer = call(&server, &key, "GET", &format!("{PATH}/reference/{reference}"), &[]);
        assert_eq!(answer.status, 200, "{reference} is lost");
        let body = answer.json();
        let (phone, fax) = (body["phone"].as_str(), body["fax"].as_str());
        let whole = if *changed { phone == Some("2") } else { phone.is_some() };
        // A change is all there or not at all.
        assert!(
            whole && (phone == Some("2")) == (fax == Some("2")),
            "{reference}: {phone:?} {fax:?}"
        );
    }
}
