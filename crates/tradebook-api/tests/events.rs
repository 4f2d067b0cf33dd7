//! Purchase events with a clock and limits of the test's own: when tokens end, and what becomes of readers that do not read.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "what is not as expected stops the test"
)]

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Value, json};
use time::OffsetDateTime;
use tradebook_api::transfer::{ImportRequest, import};
use tradebook_api::{Clock, Limits, ServeOptions, run};
use tradebook_model::{OrganizationId, Settings, TimeZone};
use tradebook_store::{NewKey, Role, Store, StoreOptions};

const LIST: &str = "/crmapi/rest/v2/customer_events/purchases/list";
const EVENTS: usize = 20_000;

/// Which database a server is on.
#[derive(Clone, Copy)]
enum Database {
    /// A file of its own.
    Sqlite,
    /// The database of `TEST_POSTGRES_URL`, where each server has an organization of its own.
    Postgres,
}

/// Runs a test on each database.
fn on_each(test: impl Fn(Database)) {
    test(Database::Sqlite);
    if std::env::var_os("TEST_POSTGRES_URL").is_some() {
        test(Database::Postgres);
    } else {
        eprintln!("TEST_POSTGRES_URL is not set: left out; `make test` runs it on PostgreSQL");
    }
}

/// A server in this process.
struct Server {
    address: SocketAddr,
    store: Store,
    organization: OrganizationId,
    _folder: tempfile::TempDir,
}

impl Server {
    fn start(database: Database, events: usize, limits: Limits, clock: Clock) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let folder = tempfile::tempdir().unwrap();
        let url = match database {
            Database::Sqlite => format!("sqlite://{}", folder.path().join("book.db").display()),
            Database::Postgres => std::env::var("TEST_POSTGRES_URL").unwrap(),
        };
        let store = Store::open(&url, &StoreOptions::default()).unwrap();
        store.migrate().unwrap();
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("events {} {number}", std::process::id());
        let name: tradebook_model::OrganizationName = name.parse().unwrap();
        let settings = Settings::new("EUR".parse().unwrap(), TimeZone::UTC);
        let organization = store.create_organization(&name, &settings).unwrap().id;
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let mut rows = String::from("number,accounts_receivable,performed_on,description\n");
        for number in 0..events {
            writeln!(rows, "{number:06},ACR1,2024-05-01,{}", "x".repeat(200)).unwrap();
        }
        for (file, text) in [
            ("customers.csv", "reference,name\nC1,First\n"),
            ("accounts_receivable.csv", "number,customer\nACR1,C1\n"),
            ("purchase_events.csv", &rows),
        ] {
            std::fs::write(data.join(file), text).unwrap();
        }
        let request =
            ImportRequest { organization: name, paths: vec![data], dry_run: false, replace: false };
        import(&store, &request, &mut |_| {}).unwrap();
        let options = ServeOptions {
            listen: "127.0.0.1:0".into(),
            workers: Some(1),
            limits,
            clock,
            images: folder.path().join("images").display().to_string(),
        };
        let (tell, told) = mpsc::channel();
        let served = store.clone();
        std::thread::spawn(move || {
            let serving = run(served, options, move |address| tell.send(address).unwrap());
            actix_web::rt::System::new().block_on(serving)
        });
        let address = told.recv_timeout(Duration::from_secs(30)).expect("the server listens");
        Self { address, store, organization, _folder: folder }
    }

    fn token(&self, clock: Clock) -> String {
        let new =
            NewKey { organization: self.organization, role: Role::Read, label: None, user: None };
        let key = self.store.create_key(&new).unwrap().0.id;
        let token = self.store.issue_event_token(self.organization, None, Some(key), clock.now());
        token.unwrap().expose().to_owned()
    }

    /// Sends a list, and leaves its answer to be read.
    fn ask(&self, token: &str, size: Option<u64>) -> TcpStream {
        let body = json!({
            "token": token,
            "accounts_receivable_identifier": {"number": "ACR1"},
            "number_of_results": size,
        });
        let body = body.to_string();
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let length = body.len();
        write!(
            stream,
            "POST {LIST} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        stream
    }

    /// The code of a list's answer.
    fn code(&self, token: &str, size: Option<u64>) -> String {
        let mut answer = Vec::new();
        self.ask(token, size).read_to_end(&mut answer).unwrap();
        let text = String::from_utf8(answer).unwrap();
        let (_, body) = text.split_once("\r\n\r\n").unwrap();
        let body: Value = serde_json::from_str(body).unwrap();
        body["status"]["code"].as_str().unwrap().to_owned()
    }
}

static NOW: AtomicI64 = AtomicI64::new(1_700_000_000);

fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(NOW.load(Ordering::SeqCst)).unwrap()
}

#[test]
fn tokens_end_after_two_hours_used_or_not() {
    on_each(|database| {
        let clock = Clock::showing(now);
        let server = Server::start(database, 3, Limits::default(), clock);
        let token = server.token(clock);
        let pass = |seconds| NOW.fetch_add(seconds, Ordering::SeqCst);
        assert_eq!(server.code(&token, Some(1)), "OK");
        for _ in 0..3 {
            pass(40 * 60 - 1);
            assert_eq!(server.code(&token, Some(1)), "OK");
        }
        pass(2);
        assert_eq!(server.code(&token, Some(1)), "OK");
        pass(1);
        assert_eq!(server.code(&token, Some(1)), "INVALID_TOKEN");
        let newer = server.token(clock);
        assert_eq!(server.code(&newer, Some(1)), "OK");
        pass(2 * 60 * 60);
        assert_eq!(server.code(&newer, Some(1)), "INVALID_TOKEN");
    });
}

/// One list at a time, so that a list that is answered shows that another has ended.
fn one_at_a_time(reader_time: Duration) -> Limits {
    Limits { streams: 1, reader_time, ..Limits::default() }
}

#[test]
fn a_reader_that_takes_nothing_is_cut_off() {
    on_each(|database| {
        let server = Server::start(
            database,
            EVENTS,
            one_at_a_time(Duration::from_millis(300)),
            Clock::SYSTEM,
        );
        let token = server.token(Clock::SYSTEM);
        let mut stalled = server.ask(&token, None);
        let mut first = [0; 4096];
        assert!(stalled.read(&mut first).unwrap() > 0);
        assert_eq!(server.code(&token, Some(1)), "OK");
        // What had been sent already can be read; then the connection breaks off, and nothing ends as a whole answer would.
        let mut rest = Vec::new();
        let ended = stalled.read_to_end(&mut rest);
        assert!(ended.is_err() || !rest.ends_with(b"0\r\n\r\n"));
        assert!(rest.len() < EVENTS * 1000, "{} bytes", rest.len());
        assert!(!rest.windows(8).any(|part| part == b"\"status\""));
    });
}

#[test]
fn a_reader_that_goes_away_frees_what_it_held() {
    on_each(|database| {
        let server = Server::start(
            database,
            EVENTS,
            one_at_a_time(Duration::from_secs(3600)),
            Clock::SYSTEM,
        );
        let token = server.token(Clock::SYSTEM);
        let mut leaving = server.ask(&token, None);
        let mut first = [0; 4096];
        assert!(leaving.read(&mut first).unwrap() > 0);
        // While it is held, nobody else gets one.
        assert_eq!(server.code(&token, Some(1)), "UNAVAILABLE");
        drop(leaving);
        assert_eq!(server.code(&token, Some(1)), "OK");
    });
}

#[test]
fn a_reader_that_is_slow_but_reads_gets_everything() {
    on_each(|database| {
        let server =
            Server::start(database, EVENTS, one_at_a_time(Duration::from_secs(60)), Clock::SYSTEM);
        let token = server.token(Clock::SYSTEM);
        let mut slow = server.ask(&token, None);
        let mut answer = Vec::new();
        let mut piece = vec![0; 10_000];
        loop {
            match slow.read(&mut piece).unwrap() {
                0 => break,
                read => answer.extend_from_slice(&piece[..read]),
            }
            std::thread::yield_now();
        }
        assert!(answer.ends_with(b"0\r\n\r\n"));
        assert!(answer.len() > EVENTS * 1000);
    });
}
