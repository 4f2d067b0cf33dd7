//! The harness: the real binary on a database of its own, and a client that keeps what it was told.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test harness stops the test that it serves"
)]

mod postgres;
mod shared;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use postgres::PostgresDatabase;
pub use shared::Original;

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ has a parent").to_owned()
}

/// The binary under test, built beside the test itself.
pub fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own path");
    let folder = test.ancestors().nth(2).expect("tests lie in target/PROFILE/deps");
    let binary = folder.join("tradebook");
    assert!(binary.exists(), "build the binary first: cargo build --bin tradebook");
    binary
}

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// A file.
    Sqlite,
    /// A database of its own on the server of `TEST_POSTGRES_URL`.
    Postgres,
}

/// Makes a test of each function, on SQLite and, where `TEST_POSTGRES_URL` names a server, on PostgreSQL.
#[macro_export]
macro_rules! on_each_database {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $test() { super::$test($crate::Database::Sqlite) })*
        }
        mod postgres {
            $(#[test] fn $test() {
                if std::env::var_os("TEST_POSTGRES_URL").is_some() {
                    super::$test($crate::Database::Postgres);
                } else {
                    eprintln!("TEST_POSTGRES_URL is not set: left out; `make test` runs it on PostgreSQL");
                }
            })*
        }
    };
}

/// A temporary folder with a database and the command line on it.
pub struct Workspace {
    folder: tempfile::TempDir,
    database: String,
    /// Dropped with the workspace.
    postgres: Option<PostgresDatabase>,
    /// What it is a copy of, which stays while anybody has a copy.
    #[expect(dead_code, reason = "it is kept for others that want a copy")]
    original: Option<Arc<(Workspace, String)>>,
}

impl Workspace {
    /// An empty SQLite database.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = format!("sqlite://{}", folder.path().join("book.db").display());
        Self { folder, database, postgres: None, original: None }
    }

    /// A database without data.
    pub fn with(database: Database) -> Self {
        match database {
            Database::Sqlite => Self::new(),
            Database::Postgres => {
                Self::of_postgres(PostgresDatabase::create().expect("a PostgreSQL server"))
            }
        }
    }

    /// A database that is somewhere else, and a folder for all that goes with it.
    pub fn on(database: &str) -> Self {
        Self { database: database.to_owned(), ..Self::new() }
    }

    /// A copy of a database that nobody is using.
    fn copy_of(original: Arc<(Self, String)>) -> Self {
        let (from, _) = &*original;
        let copy = match &from.postgres {
            Some(postgres) => Self::of_postgres(postgres.copy()),
            None => {
                let copy = Self::new();
                for name in ["book.db", "book.db-wal"] {
                    let file = from.path().join(name);
                    if file.exists() {
                        std::fs::copy(file, copy.path().join(name)).expect("a copied file");
                    }
                }
                copy
            }
        };
        Self { original: Some(original), ..copy }
    }

    fn of_postgres(postgres: PostgresDatabase) -> Self {
        Self { database: postgres.url().to_owned(), postgres: Some(postgres), ..Self::new() }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The database's URL.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// A command on the database, without the environment's settings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TRADEBOOK_")) {
            command.env_remove(name);
        }
        command.args(arguments).env("TRADEBOOK_DATABASE", &self.database);
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary runs")
    }

    /// Runs a command that must succeed; its standard output.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{arguments:?} failed:\n{}{}",
            text(&output.stdout),
            text(&output.stderr)
        );
        text(&output.stdout)
    }

    /// Runs a command that must exit with a status; its standard error.
    pub fn fails(&self, status: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(status),
            "{arguments:?}:\n{}{}",
            text(&output.stdout),
            text(&output.stderr)
        );
        text(&output.stderr)
    }

    /// Creates an organization and a key for it.
    pub fn organization(&self, name: &str, currency: &str) -> String {
        self.ok(&["organization", "create", name, "--currency", currency]);
        self.key(name)
    }

    /// A new key.
    pub fn key(&self, organization: &str) -> String {
        self.ok(&["key", "create", "--organization", organization]).trim().to_owned()
    }

    /// Writes files into a new folder and returns its path.
    pub fn files(&self, folder: &str, files: &[(&str, &str)]) -> String {
        let folder = self.path().join(folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        for (name, content) in files {
            std::fs::write(folder.join(name), content).expect("a file");
        }
        folder.display().to_string()
    }

    /// Imports files, which must succeed; the report.
    pub fn import(&self, organization: &str, folder: &str, files: &[(&str, &str)]) -> String {
        let folder = self.files(folder, files);
        self.ok(&["import", "--organization", organization, &folder])
    }

    /// Runs a statement on the database, past the program.
    pub fn sql(&self, statement: &str) {
        match &self.postgres {
            Some(postgres) => postgres.run(statement),
            None => {
                let mut sqlite = Command::new("sqlite3");
                let output = sqlite.arg(self.path().join("book.db")).arg(statement).output();
                let output = output.expect("sqlite3 runs");
                assert!(output.status.success(), "{statement}: {}", text(&output.stderr));
            }
        }
    }

    /// All that is kept: what a dump of PostgreSQL says, and every file of the folder, with SQLite's among them. Names and
    /// contents.
    pub fn kept(&self) -> Vec<(String, Vec<u8>)> {
        let mut kept: Vec<_> =
            self.postgres.iter().map(|postgres| ("the dump".to_owned(), postgres.dump())).collect();
        let mut folders = vec![self.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry of a folder").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let content = std::fs::read(&path).expect("a file");
                    kept.push((path.display().to_string(), content));
                }
            }
        }
        let wanted = if self.postgres.is_some() { "the dump" } else { "book.db-wal" };
        assert!(kept.iter().any(|(name, _)| name.ends_with(wanted)), "{wanted} is looked at");
        kept
    }

    /// Serves the database.
    pub fn serve(&self, arguments: &[&str]) -> Server {
        let mut all = vec!["serve", "--listen", "127.0.0.1:0", "--log-format", "json"];
        all.extend_from_slice(arguments);
        Server::start(self.command(&all))
    }
}

impl Default for Workspace {
    fn default() -> Self {
        Self::new()
    }
}

/// Bytes as text, whatever they are.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Whether bytes contain a text, be it as it is or, as dumps show bytes, in hexadecimal digits.
pub fn contain(bytes: &[u8], text: &str) -> bool {
    let digits: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    [text, &digits].iter().any(|text| bytes.windows(text.len()).any(|part| part == text.as_bytes()))
}

/// A running server. It is killed when it is dropped.
pub struct Server {
    child: Child,
    address: SocketAddr,
    log: Mutex<mpsc::Receiver<String>>,
    seen: Vec<String>,
    agent: ureq::Agent,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Header names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Answer {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

impl Server {
    /// Starts a command that serves, and waits until it says where.
    pub fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let stderr = child.stderr.take().expect("stderr is piped");
        let (send, log) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    // Nobody listens any more; the pipe must still be drained.
                }
            }
        });
        let mut seen = Vec::new();
        let address = loop {
            let line = log
                .recv_timeout(Duration::from_secs(30))
                .unwrap_or_else(|_| panic!("the server did not start:\n{}", seen.join("\n")));
            let address = serde_json::from_str::<serde_json::Value>(&line)
                .ok()
                .filter(|line| line["message"] == "serving")
                .and_then(|line| line["address"].as_str()?.parse().ok());
            seen.push(line);
            if let Some(address) = address {
                break address;
            }
        };
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .allow_non_standard_methods(true)
            .accept(ureq::config::AutoHeaderValue::None)
            .build()
            .into();
        Self { child, address, log: Mutex::new(log), seen, agent }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://address`
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A request with any method and headers.
    pub fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut request =
            ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).expect("a request");
        let mut response = self.agent.run(request).expect("an answer");
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
            .collect();
        let body = response.body_mut().with_config().limit(1 << 30).read_to_vec().expect("a body");
        Answer { status: response.status().as_u16(), headers, body: text(&body) }
    }

    /// A POST of JSON.
    pub fn post(&self, path: &str, body: &serde_json::Value) -> Answer {
        let body = body.to_string();
        self.request("POST", path, &[("Content-Type", "application/json")], body.as_bytes())
    }

    /// A POST of XML.
    pub fn post_xml(&self, path: &str, body: &str) -> Answer {
        self.request("POST", path, &[("Content-Type", "application/xml")], body.as_bytes())
    }

    /// A GET.
    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path, &[], b"")
    }

    /// Sends bytes as they are and reads until the server closes the connection.
    pub fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
        stream.write_all(bytes).expect("bytes are taken");
        let mut answer = Vec::new();
        // A reset after the answer is as good an end as any.
        let _ = stream.read_to_end(&mut answer);
        text(&answer)
    }

    /// All log lines so far.
    pub fn log(&mut self) -> String {
        let log = self.log.get_mut().expect("nobody panics while reading the log");
        self.seen.extend(log.try_iter());
        self.seen.join("\n")
    }

    /// Sends a signal by name: `TERM`, `INT`, `KILL`.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().expect("kill runs");
        assert!(sent.success());
    }

    /// Waits for the end; the exit status.
    pub fn wait(&mut self) -> Option<i32> {
        self.child.wait().expect("the server ends").code()
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Repeats a question until the answer is yes, for at most some seconds.
pub fn eventually(seconds: u64, what: &str, mut question: impl FnMut() -> bool) {
    let deadline = std::time::Instant::now() + Duration::from_secs(seconds);
    while !question() {
        assert!(std::time::Instant::now() < deadline, "{what}: not within {seconds} s");
        std::thread::yield_now();
    }
}
