//! The counters, as Prometheus reads them.

use crate::source::file;
use crate::support::Server;

fn text(server: &Server) -> String {
    let answer = server.get("/metrics");
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.header("content-type").unwrap().starts_with("application/openmetrics-text; version=1.0.0"));
    answer.text()
}

/// The value of one series; the counters are the process's, and other tests count too.
fn value(text: &str, series: &str) -> f64 {
    text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok()).unwrap_or(0.0)
}

#[test]
fn requests_texts_and_documents_are_counted() {
    let server = Server::start(&["--seeds", "none"]);
    let before = text(&server);
    server.send("BREW", "/v1/nothing/private%20name", &[], b"");
    server.post("/v1/documents", "text/plain", "Gunmen killed three policemen in Peshawar on Monday, officials said.");
    server.post("/v1/documents", "text/plain", "Gunmen killed three policemen in Peshawar on Monday, officials said.");
    server.json("/v1/incidents");
    let after = text(&server);
    for series in [
        "waqia_http_requests_total{method=\"other\",route=\"other\",status=\"4xx\"}",
        "waqia_http_requests_total{method=\"GET\",route=\"/v1/incidents\",status=\"2xx\"}",
        "waqia_http_request_duration_seconds_count{method=\"GET\",route=\"/v1/incidents\"}",
        "waqia_engine_texts_total",
        "waqia_engine_bytes_total",
        "waqia_engine_seconds_total",
        "waqia_ingest_documents_total{outcome=\"stored\"}",
        "waqia_ingest_documents_total{outcome=\"existing\"}",
        "waqia_store_writes_total",
        "waqia_store_write_wait_seconds_count",
    ] {
        assert!(value(&after, series) > value(&before, series), "{series}:\n{after}");
    }
    for series in ["waqia_store_base_bytes", "waqia_store_revision", "process_resident_memory_bytes", "process_open_fds", "process_start_time_seconds"] {
        assert!(value(&after, series) > 0.0, "{series}");
    }
    assert!(!after.contains("private") && !after.contains("BREW"), "no paths, no methods of somebody's making");
}

#[test]
fn metrics_can_be_left_off() {
    Server::start(&["--metrics", "off", "--seeds", "none"]).refused("/metrics", "not_found");
}

/// docs/OPERATIONS.md has each name.
#[test]
fn metrics_are_explained() {
    let page = file("docs/OPERATIONS.md");
    let text = text(crate::support::shared());
    let kinds: Vec<(&str, &str)> = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' ')).collect();
    assert!(kinds.len() > 15, "{text}");
    let suffix = |kind| match kind {
        "counter" => "_total",
        "info" => "_info",
        _ => "",
    };
    let missing: Vec<String> = kinds.iter().map(|(name, kind)| format!("`{name}{}`", suffix(*kind))).filter(|name| !page.contains(name)).collect();
    assert!(missing.is_empty(), "docs/OPERATIONS.md does not explain {missing:?}");
}
