//! What a client may ask of the server at most.

use std::time::Duration;

/// Limits of the HTTP surface. Every one is explicit; the defaults are those of the emulated services where they have one.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a request's body, after decompression: 413 beyond.
    pub body_bytes: usize,
    /// Time for a request's head to arrive: 408 beyond.
    pub head_time: Duration,
    /// Time for a request's body to arrive: 408 beyond.
    pub body_time: Duration,
    /// How long a streamed answer waits for a reader that takes nothing: it is cut off then.
    pub reader_time: Duration,
    /// Streamed answers that read from the database at once; each holds a connection to it. About half of them all.
    pub streams: usize,
    /// Open connections for each worker; more wait to be accepted.
    pub connections_per_worker: usize,
    /// How long an idle connection stays open.
    pub keep_alive: Duration,
    /// How long a stop waits for requests in flight.
    pub shutdown_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 4 * 1024 * 1024,
            head_time: Duration::from_secs(5),
            body_time: Duration::from_secs(30),
            reader_time: Duration::from_secs(30),
            streams: 4,
            connections_per_worker: 10_000,
            keep_alive: Duration::from_secs(30),
            shutdown_time: Duration::from_secs(30),
        }
    }
}
