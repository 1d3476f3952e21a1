//! Counters of the process, in the text form of Prometheus (OpenMetrics 1.0). docs/OPERATIONS.md explains each.
//!
//! They are the process's, not a server's, so that every room can count without being handed anything. Labels are few and fixed: a
//! route's template, a known method, a class of status; never a path, a query or a client.

mod labels;
mod levels;

pub use labels::{Refusal, Stored};
pub use levels::Sample;

use labels::{Answered, Kind, Lasted, Outcome, known_method, status_class};
use levels::Levels;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry};
use std::sync::LazyLock;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

/// Media type of [`Metrics::text`].
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds of the durations of requests, in seconds: a list takes milliseconds, an export or a long text seconds.
const REQUEST_BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0, 30.0];
/// Upper bounds of the wait for the writer, in seconds.
const WAIT_BUCKETS: [f64; 7] = [0.001, 0.01, 0.1, 0.5, 1.0, 5.0, 10.0];

type Seconds = Counter<f64, AtomicU64>;

/// All counters of this process.
pub fn metrics() -> &'static Metrics {
    static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::new);
    &METRICS
}

/// What is counted.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    durations: Family<Lasted, Histogram, fn() -> Histogram>,
    /// Requests that are worked on or whose answer is being sent.
    pub in_flight: Gauge,
    /// Open connections.
    pub connections: Gauge,
    refused: Family<Kind, Counter>,
    engine_texts: Counter,
    engine_bytes: Counter,
    engine_seconds: Seconds,
    documents: Family<Outcome, Counter>,
    store_writes: Counter,
    store_wait: Histogram,
    store_slow: Counter,
    store_interrupted: Counter,
    levels: Levels,
}

impl Metrics {
    fn new() -> Self {
        let mut registry = Registry::default();
        let levels = Levels::new(&mut registry);
        let mut add = Adding(&mut registry);
        let durations: fn() -> Histogram = || Histogram::new(REQUEST_BUCKETS);
        Self {
            requests: add.one("http_requests", "Requests answered, by method, route and class of status", Family::default()),
            durations: add.one(
                "http_request_duration_seconds",
                "From a request's headers to the end of its answer, by method and route",
                Family::new_with_constructor(durations),
            ),
            in_flight: add.one("http_requests_in_flight", "Requests worked on or being answered", Gauge::default()),
            connections: add.one("http_connections", "Open connections", Gauge::default()),
            refused: add.one("http_refused", "Requests and connections turned away or ended, by reason", Family::default()),
            engine_texts: add.one("engine_texts", "Texts read by the engine", Counter::default()),
            engine_bytes: add.one("engine_bytes", "Bytes of text read by the engine", Counter::default()),
            engine_seconds: add.one("engine_seconds", "Time that the engine took", Seconds::default()),
            documents: add.one("ingest_documents", "Documents given to be stored, by outcome", Family::default()),
            store_writes: add.one("store_writes", "Write transactions committed", Counter::default()),
            store_wait: add.one("store_write_wait_seconds", "Wait for the writer before a transaction", Histogram::new(WAIT_BUCKETS)),
            store_slow: add.one("store_slow_queries", "Statements that took longer than --slow-query", Counter::default()),
            store_interrupted: add.one("store_interrupted_queries", "Queries broken off because of their deadline or a client that left", Counter::default()),
            levels,
            registry,
        }
    }

    /// A request was answered after `took`. `route` is the template of a route, or "other".
    pub fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let (method, route) = (known_method(method), route.to_owned());
        self.durations.get_or_create(&Lasted { method, route: route.clone() }).observe(took.as_secs_f64());
        self.requests.get_or_create(&Answered { method, route, status: status_class(status) }).inc();
    }

    /// A request or connection was turned away or ended.
    pub fn refused(&self, reason: Refusal) {
        self.refused.get_or_create(&Kind { reason }).inc();
    }

    /// The engine read a text of `n_bytes`.
    pub fn engine_read(&self, n_bytes: usize, took: Duration) {
        self.engine_texts.inc();
        self.engine_bytes.inc_by(n_bytes as u64);
        self.engine_seconds.inc_by(took.as_secs_f64());
    }

    /// A document was given to be stored.
    pub fn document(&self, outcome: Stored) {
        self.documents.get_or_create(&Outcome { outcome }).inc();
    }

    /// A write transaction was committed.
    pub fn store_wrote(&self) {
        self.store_writes.inc();
    }

    /// A write transaction waited so long to begin.
    pub fn store_waited(&self, wait: Duration) {
        self.store_wait.observe(wait.as_secs_f64());
    }

    /// A statement took longer than the setting allows without a word.
    pub fn store_was_slow(&self) {
        self.store_slow.inc();
    }

    /// A query was broken off.
    pub fn store_interrupted(&self) {
        self.store_interrupted.inc();
    }

    /// Everything, with the values of now that `sample` and the system give.
    pub fn text(&self, sample: &Sample) -> String {
        self.levels.take(sample);
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// Registers metrics while they are made.
struct Adding<'a>(&'a mut Registry);

impl Adding<'_> {
    /// What every process has keeps the name that dashboards know.
    fn one<M: Metric + Clone>(&mut self, name: &str, help: &str, metric: M) -> M {
        let name = if name.starts_with("process_") { name.to_owned() } else { format!("waqia_{name}") };
        self.0.register(name, help, metric.clone());
        metric
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_few() {
        let metrics = Metrics::new();
        for n in 0..100 {
            metrics.answered(&format!("BREW{n}"), "other", 404, Duration::from_millis(3));
        }
        metrics.answered("GET", "/v1/incidents", 200, Duration::from_millis(30));
        metrics.refused(Refusal::Overloaded);
        let text = metrics.text(&Sample { revision: 7, ..Sample::default() });
        for line in [
            "waqia_http_requests_total{method=\"other\",route=\"other\",status=\"4xx\"} 100",
            "waqia_http_requests_total{method=\"GET\",route=\"/v1/incidents\",status=\"2xx\"} 1",
            "waqia_http_request_duration_seconds_bucket{le=\"0.1\",method=\"GET\",route=\"/v1/incidents\"} 1",
            "waqia_http_refused_total{reason=\"overloaded\"} 1",
            "waqia_store_revision 7",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\n{text}");
        }
        assert!(!text.contains("BREW") && text.ends_with("# EOF\n"));
    }
}
