//! Clients that go on whatever happens, and count.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use tradebook_tests::text;

pub(crate) const CUSTOMERS: &str = "/api/v2.1/customers";
/// How long a client waits for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// One request on a connection of its own: status and body, or nothing where the connection was not made or was cut.
pub(crate) fn ask(
    address: SocketAddr,
    method: &str,
    path: &str,
    key: &str,
    content_type: &str,
    body: &str,
) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = text(&answer);
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    // A head without the whole body is an answer that was cut.
    let length = head.to_ascii_lowercase().split("content-length: ").nth(1).map(|rest| {
        rest.split("\r\n").next().unwrap_or_default().parse::<usize>().unwrap_or_default()
    });
    if length.is_some_and(|length| length != body.len()) {
        return None;
    }
    Some((status, body.to_owned()))
}

/// Creates a customer; the status, or nothing.
pub(crate) fn create(address: SocketAddr, key: &str, reference: &str) -> Option<u16> {
    let form = format!("reference={reference}&name=Customer+{reference}");
    let form_type = "application/x-www-form-urlencoded";
    ask(address, "POST", CUSTOMERS, key, form_type, &form).map(|(status, _)| status)
}

/// Whether a customer is there.
pub(crate) fn shows(address: SocketAddr, key: &str, reference: &str) -> Option<u16> {
    let path = format!("{CUSTOMERS}/reference/{reference}");
    ask(address, "GET", &path, key, "text/plain", "").map(|(status, _)| status)
}

/// The price of `P1`, as a server shows it; nothing where it does not answer.
pub(crate) fn price(address: SocketAddr, key: &str) -> Option<(u16, Option<u64>)> {
    let body = format!("{{\"apiKey\":\"{key}\"}}");
    let (status, body) =
        ask(address, "POST", "/api/v1/PriceListNormal", key, "application/json", &body)?;
    let price = serde_json::from_str::<serde_json::Value>(&body)
        .ok()
        .and_then(|body| body["PriceDetail"][0]["Items"]["ItemPLDetail"][0]["P"].as_f64());
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the prices of these tests are small whole numbers"
    )]
    Some((status, price.map(|price| price as u64)))
}

/// What clients have seen.
#[derive(Default)]
pub(crate) struct Seen {
    /// References whose creation was acknowledged.
    pub(crate) acknowledged: Mutex<Vec<String>>,
    /// How often each status came; 0 is a connection that was cut or refused.
    statuses: Mutex<BTreeMap<u16, u64>>,
    /// When answers that were no success came.
    failures: Mutex<Vec<Instant>>,
    stop: AtomicBool,
    next: AtomicU64,
}

/// Ends a load with the scope that it is in, also where that panics.
pub(crate) struct Finish<'a>(pub(crate) &'a Seen);

impl Drop for Finish<'_> {
    fn drop(&mut self) {
        self.0.finish();
    }
}

impl Seen {
    /// Creates customers at a rate, with several clients, until [`Seen::finish`].
    pub(crate) fn write(&self, addresses: &[SocketAddr], key: &str, per_second: u64) {
        const CLIENTS: u64 = 8;
        let pause = Duration::from_secs(1) * u32::try_from(CLIENTS).unwrap()
            / u32::try_from(per_second).unwrap();
        std::thread::scope(|scope| {
            for client in 0..CLIENTS {
                scope.spawn(move || {
                    let address = addresses[usize::try_from(client).unwrap() % addresses.len()];
                    let mut due = Instant::now();
                    // Nobody sends: only the time is waited for.
                    let (_never, pace) = mpsc::channel::<()>();
                    while !self.stop.load(Ordering::Relaxed) {
                        let number = self.next.fetch_add(1, Ordering::Relaxed);
                        let reference = format!("W{number}");
                        let status = create(address, key, &reference);
                        self.count(status);
                        if status == Some(201) {
                            self.acknowledged.lock().unwrap().push(reference);
                        }
                        due = (due + pause).max(Instant::now() - pause);
                        let _ = pace.recv_timeout(due.saturating_duration_since(Instant::now()));
                    }
                });
            }
        });
    }

    pub(crate) fn count(&self, status: Option<u16>) {
        let status = status.unwrap_or_default();
        *self.statuses.lock().unwrap().entry(status).or_default() += 1;
        if !(200..300).contains(&status) {
            self.failures.lock().unwrap().push(Instant::now());
        }
    }

    pub(crate) fn finish(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_finished(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    pub(crate) fn acknowledged_count(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }

    pub(crate) fn statuses(&self) -> BTreeMap<u16, u64> {
        self.statuses.lock().unwrap().clone()
    }

    /// From the first to the last failure.
    pub(crate) fn outage(&self) -> Duration {
        let failures = self.failures.lock().unwrap();
        match (failures.iter().min(), failures.iter().max()) {
            (Some(first), Some(last)) => last.duration_since(*first),
            _ => Duration::ZERO,
        }
    }

    /// Acknowledged customers that a server does not have.
    pub(crate) fn lost(&self, address: SocketAddr, key: &str) -> Vec<String> {
        let acknowledged = self.acknowledged.lock().unwrap();
        acknowledged
            .iter()
            .filter(|reference| shows(address, key, reference) != Some(200))
            .cloned()
            .collect()
    }
}
