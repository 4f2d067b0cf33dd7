//! What was acknowledged survives `kill -9`, whichever database it is in.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use tradebook_tests::{Answer, Database, Server, Workspace, on_each_database};

use crate::{call, encoded, image, multipart, organization};

on_each_database! {
    every_acknowledged_write_is_there_after_kill_9,
}

const PATH: &str = "/api/v2.1/customers";
const FORM: &str = "application/x-www-form-urlencoded";
const ROUNDS: usize = 6;

/// Sends a request as bytes, so that a server that is killed fails it instead of the test; the status that came back.
fn send(
    address: SocketAddr,
    key: &str,
    method: &str,
    path: &str,
    media: &str,
    body: &[u8],
) -> Option<u16> {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(address).ok()?;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: {media}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body).ok()?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).ok()?;
    std::str::from_utf8(&head).ok()?.strip_prefix("HTTP/1.1 ")?.parse().ok()
}

/// How far a client came with a write.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Write {
    /// It did not begin.
    Unsent,
    /// Whether it happened is not known.
    Sent,
    Acknowledged,
}

/// What a client has done to a customer.
#[derive(Debug, Clone)]
struct Story {
    reference: String,
    has_image: bool,
    create: Write,
    change: Write,
    delete: Write,
}

impl Story {
    /// Creates a customer, changes it and, with every third, deletes it, until a write fails.
    fn live(reference: String, number: usize, address: SocketAddr, key: &str) -> Self {
        let has_image = number.is_multiple_of(2);
        let unsent = Write::Unsent;
        let mut story =
            Self { reference, has_image, create: unsent, change: unsent, delete: unsent };
        let reference = story.reference.as_str();
        let (media, body) = if has_image {
            let logo = image("small.gif");
            multipart(&[
                ("reference", None, reference.as_bytes()),
                ("name", None, reference.as_bytes()),
                ("phone", None, b"1"),
                ("imageFile", Some("small.gif"), &logo),
            ])
        } else {
            let form = [("reference", reference), ("name", reference), ("phone", "1")];
            (FORM.to_owned(), encoded(&form).into_bytes())
        };
        story.create = Write::Sent;
        if send(address, key, "POST", PATH, &media, &body) != Some(201) {
            return story;
        }
        story.create = Write::Acknowledged;
        let own = format!("{PATH}/reference/{reference}");
        // Every second image is replaced.
        let (media, body) = if number.is_multiple_of(4) {
            let logo = image("logo.bmp");
            let parts = [("phone", None, &b"2"[..]), ("fax", None, b"2")];
            multipart(&[parts[0], parts[1], ("imageFile", Some("new.bmp"), &logo)])
        } else {
            (FORM.to_owned(), encoded(&[("phone", "2"), ("fax", "2")]).into_bytes())
        };
        story.change = Write::Sent;
        if send(address, key, "POST", &own, &media, &body) != Some(200) {
            return story;
        }
        story.change = Write::Acknowledged;
        if number.is_multiple_of(3) {
            story.delete = Write::Sent;
            if send(address, key, "DELETE", &own, FORM, b"") == Some(200) {
                story.delete = Write::Acknowledged;
            }
        }
        story
    }

    fn is_whole(&self) -> bool {
        self.change == Write::Acknowledged && self.delete != Write::Sent
    }

    /// What is there of it is what was acknowledged, and nothing is there by half.
    fn check(&self, server: &Server, key: &str) {
        let path = format!("{PATH}/reference/{}", self.reference);
        let answer = call(server, key, "GET", &path, &[]);
        let must = self.create == Write::Acknowledged && self.delete == Write::Unsent;
        let must_not = self.delete == Write::Acknowledged;
        match answer.status {
            200 => assert!(!must_not, "{self:?} is back"),
            404 => return assert!(!must, "{self:?} is lost"),
            _ => panic!("{self:?}: {}", answer.body),
        }
        let body = answer.json();
        assert_eq!(body["name"], self.reference.as_str());
        assert_eq!(body["logo"].is_string(), self.has_image, "{self:?}");
        let changed = body["phone"] == "2";
        assert_eq!(changed, body["fax"] == "2", "{self:?}: {}", answer.body);
        assert!(changed || body["phone"] == "1", "{self:?}: {}", answer.body);
        assert!(changed || self.change != Write::Acknowledged, "{self:?}: {}", answer.body);
    }
}

/// Every image that a customer names is there, in all sizes; the number of customers.
fn check_images(server: &Server, key: &str) -> usize {
    let mut path = format!("{PATH}?max=1000&sort=id");
    let mut customers = 0;
    loop {
        let page: Answer = call(server, key, "GET", &path, &[]);
        assert_eq!(page.status, 200, "{}", page.body);
        let body = page.json();
        for customer in body["data"].as_array().unwrap() {
            customers += 1;
            let Some(logo) = customer["logo"].as_str() else { continue };
            let (folder, name) = logo.rsplit_once('/').unwrap();
            let folder = folder.strip_prefix(&server.url()).unwrap();
            for size in ["", "medium_", "small_"] {
                let image = server.get(&format!("{folder}/{size}{name}"));
                assert_eq!(image.status, 200, "{size} of {customer}");
            }
        }
        match body["paging"]["next"].as_str() {
            Some(next) => path = next.to_owned(),
            None => return customers,
        }
    }
}

fn every_acknowledged_write_is_there_after_kill_9(database: Database) {
    let workspace = Workspace::with(database);
    let key = organization(&workspace, "entity1");
    let stories = Mutex::new(Vec::<Story>::new());
    for round in 0..ROUNDS {
        let server = workspace.serve(&[]);
        let address = server.address();
        let before = stories.lock().unwrap().len();
        let dead = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let (stories, dead, key) = (&stories, &dead, &key);
                scope.spawn(move || {
                    for number in 0.. {
                        if dead.load(Ordering::Relaxed) {
                            break;
                        }
                        let reference = format!("R{round}-{thread}-{number}");
                        let story = Story::live(reference, number, address, key);
                        let goes_on = story.is_whole();
                        stories.lock().unwrap().push(story);
                        if !goes_on {
                            break;
                        }
                    }
                });
            }
            // The moment is spread over what was written so far, not over time.
            let wanted = before + 20 + round * 37 % 50;
            tradebook_tests::eventually(60, "writes", || stories.lock().unwrap().len() >= wanted);
            server.signal("KILL");
            dead.store(true, Ordering::Relaxed);
        });
        drop(server);
        assert_eq!(workspace.ok(&["check"]).trim(), "ok");
    }
    let server = workspace.serve(&[]);
    let stories = stories.into_inner().unwrap();
    for story in &stories {
        story.check(&server, &key);
    }
    let customers = check_images(&server, &key);
    let count = |write: fn(&Story) -> Write| {
        stories.iter().filter(|story| write(story) == Write::Acknowledged).count()
    };
    let [created, changed, deleted] =
        [count(|story| story.create), count(|story| story.change), count(|story| story.delete)];
    println!(
        "acknowledged: {created} created, {changed} changed, {deleted} deleted; {customers} are there"
    );
    assert!(created >= 20 * ROUNDS && changed > 0 && deleted > 0);
}
