//! The customers API over the real binary.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "what is not as expected stops the test"
)]

mod access;
mod contacts;
mod durability;
mod golden;
mod idempotency;
mod images;
mod imports;
mod model;
mod parameters;
mod prices;
mod s3;
mod shown;

use serde_json::Value;
use tradebook_tests::{Answer, Database, Original, Server, Workspace, root};

/// A server on the organization of `fixtures/valomnia`, and a key that writes in the name of `emp-002`.
struct Book {
    workspace: Workspace,
    server: Server,
    key: String,
    /// Where images are, if that is no folder.
    bucket: Option<s3::Place>,
}

/// A part of a multipart form: its name, the file's name if it is a file, and its content.
type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

impl Book {
    fn on(database: Database) -> Self {
        static ORIGINAL: Original = Original::new();
        let (workspace, key) =
            ORIGINAL.copy(database, |workspace| organization(workspace, "entity1"));
        let bucket = s3::Place::new();
        let images = bucket.as_ref().map(|place| ["--images", place.url.as_str()]);
        let server = workspace.serve(images.as_ref().map_or(&[], |arguments| arguments.as_slice()));
        Self { workspace, server, key, bucket }
    }

    fn get(&self, path: &str) -> Answer {
        call(&self.server, &self.key, "GET", path, &[])
    }

    fn delete(&self, path: &str) -> Answer {
        call(&self.server, &self.key, "DELETE", path, &[])
    }

    fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        call(&self.server, &self.key, "POST", path, form)
    }

    fn post_parts(&self, path: &str, parts: &[Part<'_>]) -> Answer {
        let (content_type, body) = multipart(parts);
        self.send(path, &content_type, &body)
    }

    fn send(&self, path: &str, content_type: &str, body: &[u8]) -> Answer {
        let authorization = format!("Bearer {}", self.key);
        let headers = [("Authorization", authorization.as_str()), ("Content-Type", content_type)];
        self.server.request("POST", path, &headers, body)
    }

    /// The files of all images.
    fn image_files(&self) -> Vec<String> {
        if let Some(bucket) = &self.bucket {
            return bucket.files();
        }
        let mut files = Vec::new();
        // Beside the file of SQLite, or where the server of a PostgreSQL database was started.
        let names = ["book.images", "tradebook.images"];
        let folders = names.map(|name| self.workspace.path().join(name));
        let mut folders: Vec<_> = folders.into_iter().filter(|folder| folder.is_dir()).collect();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push(path.file_name().unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        files.sort();
        files
    }
}

/// Creates an organization with the data of `fixtures/valomnia`; a key that writes.
fn organization(workspace: &Workspace, name: &str) -> String {
    workspace.ok(&["organization", "create", name, "--currency", "EUR"]);
    workspace.ok(&["organization", "set", name, "geographical_locations=true"]);
    let data = root().join("fixtures/valomnia/data").display().to_string();
    workspace.ok(&["import", "--organization", name, &data]);
    let key = ["key", "create", "--organization", name, "--role", "write", "--user", "emp-002"];
    workspace.ok(&key).trim().to_owned()
}

fn call(server: &Server, key: &str, method: &str, path: &str, form: &[(&str, &str)]) -> Answer {
    let authorization = format!("Bearer {key}");
    let mut headers = vec![("Authorization", authorization.as_str())];
    if method == "POST" {
        headers.push(("Content-Type", "application/x-www-form-urlencoded"));
    }
    server.request(method, path, &headers, encoded(form).as_bytes())
}

fn encoded(form: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        form.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    pairs.join("&")
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn multipart(parts: &[Part<'_>]) -> (String, Vec<u8>) {
    let boundary = "----boundary7d81b516112482";
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

fn image(name: &str) -> Vec<u8> {
    std::fs::read(root().join("fixtures/valomnia/images").join(name)).unwrap()
}

/// The error and its text.
fn fault(answer: &Answer) -> (u16, String, String) {
    let body = answer.json();
    assert_eq!(answer.header("content-type"), Some("application/json;charset=UTF-8"));
    assert_eq!(body.as_object().map(serde_json::Map::len), Some(2), "{}", answer.body);
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    (answer.status, text("error"), text("error_description"))
}

fn expect_fault(answer: &Answer, status: u16, error: &str, description: &str) {
    assert_eq!(fault(answer), (status, error.to_owned(), description.to_owned()));
}

/// A member of a list's records.
fn members(answer: &Answer, member: &str) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["data"].as_array().unwrap().iter().map(|record| record[member].clone()).collect()
}
