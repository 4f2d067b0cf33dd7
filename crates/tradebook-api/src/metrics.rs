//! What `GET /metrics` shows, in Prometheus' text format.

use std::time::Duration;

use actix_web::http::StatusCode;
use prometheus::{
    Encoder, GaugeVec, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, TextEncoder,
};
use tradebook_store::DatabaseUse;

/// The server's own counters.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    durations: HistogramVec,
    in_flight: IntGauge,
    book_builds: HistogramVec,
    database_reads: IntCounterVec,
    replicas_used: IntGaugeVec,
    replica_lags: GaugeVec,
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
        let database_reads = IntCounterVec::new(
            Opts::new(
                "tradebook_database_reads_total",
                "Reads of a moment, by the server that answered: `primary`, or the number of a replica.",
            ),
            &["server"],
        )?;
        let replicas_used = IntGaugeVec::new(
            Opts::new("tradebook_replica_used", "Whether reads go to a replica: 1 or 0."),
            &["server"],
        )?;
        let replica_lags = GaugeVec::new(
            Opts::new(
                "tradebook_replica_lag_seconds",
                "How far a replica is behind at most; missing where it cannot be asked.",
            ),
            &["server"],
        )?;
        registry.register(Box::new(database_reads.clone()))?;
        registry.register(Box::new(replicas_used.clone()))?;
        registry.register(Box::new(replica_lags.clone()))?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(durations.clone()))?;
        registry.register(Box::new(in_flight.clone()))?;
        registry.register(Box::new(book_builds.clone()))?;
        Ok(Self {
            registry,
            requests,
            durations,
            in_flight,
            book_builds,
            database_reads,
            replicas_used,
            replica_lags,
        })
    }

    /// A request has begun.
    pub(crate) fn began(&self) {
        self.in_flight.inc();
    }

    /// A request has been answered. `route` is a pattern, never a path, so that the number of series is bounded.
    pub(crate) fn answered(&self, route: &str, method: &str, status: StatusCode, took: Duration) {
        self.in_flight.dec();
        self.requests.with_label_values(&[route, method, status.as_str()]).inc();
        self.durations.with_label_values(&[route]).observe(took.as_secs_f64());
    }

    /// A price book has been built, or could not be.
    pub(crate) fn built_book(&self, ok: bool, took: Duration) {
        let result = if ok { "ok" } else { "failed" };
        self.book_builds.with_label_values(&[result]).observe(took.as_secs_f64());
    }

    /// All of them as text, with what the store has counted.
    pub(crate) fn render(&self, database: &DatabaseUse) -> Result<Vec<u8>, prometheus::Error> {
        let reads = |server: &str, count: u64| {
            let counter = self.database_reads.with_label_values(&[server]);
            counter.inc_by(count.saturating_sub(counter.get()));
        };
        reads("primary", database.primary_reads);
        for (number, replica) in (1..).zip(&database.replicas) {
            let server = u32::to_string(&number);
            reads(&server, replica.reads);
            let used = self.replicas_used.with_label_values(&[server.as_str()]);
            used.set(i64::from(replica.is_used));
            match replica.lag {
                Some(lag) => {
                    self.replica_lags.with_label_values(&[server.as_str()]).set(lag.as_secs_f64())
                }
                // It is there or not, and either is as it should be.
                None => drop(self.replica_lags.remove_label_values(&[server.as_str()])),
            }
        }
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}
