//! Images in S3-compatible storage instead of a folder: `make test-s3` runs these, and those of images too.

use std::io::copy;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use tradebook_tests::{Server, Workspace};

use crate::{Book, Part, expect_fault, image, organization};

const PATH: &str = "/api/v2.1/customers";

/// A folder of the bucket for one test.
pub(crate) struct Place {
    /// `s3://BUCKET/FOLDER`
    pub(crate) url: String,
    /// The address of the storage.
    endpoint: String,
}

impl Place {
    /// A folder in the bucket of `TEST_S3_URL`; `None` where images are kept in folders of the file system.
    pub(crate) fn new() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let bucket = std::env::var("TEST_S3_URL").ok()?;
        let endpoint = std::env::var("AWS_ENDPOINT_URL").expect("where the storage is");
        let (process, number) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        Some(Self { url: format!("{bucket}/test-{process}-{number}"), endpoint })
    }

    /// The names of all files.
    pub(crate) fn files(&self) -> Vec<String> {
        let place = self.url.strip_prefix("s3://").expect("a URL of S3");
        let (bucket, folder) = place.split_once('/').expect("a folder in a bucket");
        let url = format!("{}/{bucket}?list-type=2&prefix={folder}/", self.endpoint);
        let mut answer = ureq::get(&url).call().expect("a list of the bucket");
        let list = answer.body_mut().read_to_string().expect("a list as text");
        assert!(list.contains("<IsTruncated>false</IsTruncated>"), "{list}");
        let mut files: Vec<String> = list
            .split("<Key>")
            .skip(1)
            .map(|rest| rest.split_once("</Key>").expect("the end of a key").0)
            .map(|key| key.rsplit_once('/').expect("a folder").1.to_owned())
            .collect();
        files.sort();
        files
    }
}

/// The way to the storage, which can be closed and opened.
struct Way {
    address: SocketAddr,
    /// Both ends of what goes through it; `None` while it is closed.
    open: Arc<Mutex<Option<Vec<TcpStream>>>>,
}

impl Way {
    fn to(endpoint: &str) -> Self {
        let storage = endpoint.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let open = Arc::new(Mutex::new(Some(Vec::new())));
        let connections = Arc::clone(&open);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let mut connections = connections.lock().unwrap();
                let Some(connections) = connections.as_mut() else { continue };
                let server = TcpStream::connect(&storage).unwrap();
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    std::thread::spawn(move || {
                        // Either end may be gone at any time.
                        let _ = copy(&mut from, &mut to);
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
                connections.extend([client, server]);
            }
        });
        Self { address, open }
    }

    fn close(&self) {
        for end in self.open.lock().unwrap().take().unwrap_or_default() {
            // The other end may have closed it.
            let _ = end.shutdown(Shutdown::Both);
        }
    }

    fn reopen(&self) {
        *self.open.lock().unwrap() = Some(Vec::new());
    }
}

/// What runs only where there is a storage.
fn storage() -> Option<Place> {
    let place = Place::new();
    if place.is_none() {
        eprintln!("TEST_S3_URL is not set: left out; `make test-s3` runs it");
    }
    place
}

#[test]
fn storage_that_is_away_leaves_nothing_half_done() {
    let Some(place) = storage() else { return };
    let way = Way::to(&place.endpoint);
    let workspace = Workspace::new();
    let key = organization(&workspace, "entity1");
    let arguments =
        ["serve", "--listen", "127.0.0.1:0", "--log-format", "json", "--images", &place.url];
    let mut command = workspace.command(&arguments);
    command.env("AWS_ENDPOINT_URL", format!("http://{}", way.address));
    let server = Server::start(command);
    let book = Book { workspace, server, key, bucket: Some(place) };
    let (png, jpg) = (image("logo.png"), image("logo.jpg"));
    let form = |reference: &'static str| -> [Part<'_>; 3] {
        [
            ("reference", None, reference.as_bytes()),
            ("name", None, b"x"),
            ("imageFile", Some("logo.png"), png.as_slice()),
        ]
    };
    let created = book.post_parts(PATH, &form("A"));
    assert_eq!(created.status, 201, "{}", created.body);
    let own = format!("{PATH}/reference/A");
    let logo = created.json()["logo"].as_str().unwrap().replace(&book.server.url(), "");
    let files = book.image_files();
    assert_eq!(files.len(), 3);

    way.close();
    let unavailable = "The service is unavailable. Please try again shortly.";
    let away = book.post_parts(PATH, &form("B"));
    expect_fault(&away, 503, "unavailable", unavailable);
    assert!(away.header("retry-after").is_some());
    assert_eq!(book.get(&format!("{PATH}/reference/B")).status, 404);
    let replaced =
        book.post_parts(&own, &[("imageFile", Some("new.jpg"), &jpg), ("phone", None, b"1")]);
    expect_fault(&replaced, 503, "unavailable", unavailable);
    let shown = book.get(&own).json();
    assert_eq!(
        (&shown["logo"], &shown["phone"]),
        (&created.json()["logo"], &created.json()["phone"])
    );
    expect_fault(&book.server.get(&logo), 503, "unavailable", unavailable);
    // What has no image needs no storage.
    assert_eq!(book.post(&own, &[("phone", "2")]).status, 200);

    way.reopen();
    assert_eq!(book.image_files(), files);
    assert_eq!(book.server.get(&logo).status, 200);
    assert_eq!(book.post_parts(PATH, &form("B")).status, 201);
    assert_eq!(book.image_files().len(), 6);
    for reference in ["A", "B"] {
        assert_eq!(book.delete(&format!("{PATH}/reference/{reference}")).status, 200);
    }
    assert_eq!(book.image_files(), [""; 0]);
}

#[test]
fn a_bucket_that_is_not_there_is_told_at_the_start() {
    if storage().is_none() {
        return;
    }
    let workspace = Workspace::new();
    let bucket = "s3://no-such-bucket/images";
    let error = workspace.fails(1, &["serve", "--listen", "127.0.0.1:0", "--images", bucket]);
    assert!(error.contains("images cannot be kept in `s3://no-such-bucket/images`"), "{error}");
}

#[test]
fn storage_that_does_not_answer_does_not_keep_the_server_from_starting() {
    let Some(place) = storage() else { return };
    let way = Way::to(&place.endpoint);
    way.close();
    let workspace = Workspace::new();
    let key = organization(&workspace, "entity1");
    let arguments =
        ["serve", "--listen", "127.0.0.1:0", "--log-format", "json", "--images", &place.url];
    let mut command = workspace.command(&arguments);
    command.env("AWS_ENDPOINT_URL", format!("http://{}", way.address));
    let server = Server::start(command);
    assert_eq!(crate::call(&server, &key, "GET", &format!("{PATH}/254"), &[]).status, 200);
}
