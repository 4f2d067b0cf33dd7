//! What `GET /metrics` shows, in Prometheus' text format.

use std::time::Duration;

use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};

/// The server's own counters.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    durations: HistogramVec,
    in_flight: IntGauge,
    book_builds: HistogramVec,
}

impl Metrics {
    /// Counters at zero.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let requests = IntCounterVec::new(
            Opts::new("tradebook_http_requests_total", "Requests answered."),
            &["route", "method", "status"],
        )?;
        let durations = HistogramVec::new(
            HistogramOpts::new(
                "tradebook_http_request_duration_seconds",
                "Time from a request's head to the head of its answer.",
            )
            .buckets(vec![0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0]),
            &["route"],
        )?;
        let in_flight =
            IntGauge::new("tradebook_http_requests_in_flight", "Requests being answered.")?;
        let book_builds = HistogramVec::new(
            HistogramOpts::new(
                "tradebook_book_build_duration_seconds",
                "Time to read and compile an organization's price book.",
            ),
            &["result"],
        )?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(durations.clone()))?;
        registry.register(Box::new(in_flight.clone()))?;
        registry.register(Box::new(book_builds.clone()))?;
        Ok(Self { registry, requests, durations, in_flight, book_builds })
    }

    /// A request has begun.
    pub(crate) fn began(&self) {
        self.in_flight.inc();
    }

    /// A request has been answered. `route` is a pattern, never a path, so that the number of series is bounded.
    pub(crate) fn answered(&self, route: &str, method: &str, status: u16, took: Duration) {
        self.in_flight.dec();
        self.requests.with_label_values(&[route, method, status.to_string().as_str()]).inc();
        self.durations.with_label_values(&[route]).observe(took.as_secs_f64());
    }

    /// A price book has been built, or could not be.
    pub(crate) fn built_book(&self, ok: bool, took: Duration) {
        let result = if ok { "ok" } else { "failed" };
        self.book_builds.with_label_values(&[result]).observe(took.as_secs_f64());
    }

    /// All of them as text.
    pub(crate) fn render(&self) -> Result<Vec<u8>, prometheus::Error> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}
