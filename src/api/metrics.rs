//! Counters for Prometheus.

use super::problem::{Code, Problem};
use super::query::Query;
use super::{Shared, unavailable};
use crate::metrics::{MEDIA_TYPE, Sample, metrics};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::path::Path;

/// Counters of the service, for Prometheus
#[utoipa::path(get, path = "/metrics", tag = "service", responses(
    (status = 200, description = "OpenMetrics 1.0; docs/OPERATIONS.md explains each.", body = String, content_type = "application/openmetrics-text"),
))]
pub async fn get_metrics(State(app): State<Shared>, _: Query<()>) -> Result<Response, Problem> {
    if !app.metrics {
        return Err(Problem::new(Code::NotFound, "This server is started with --metrics off."));
    }
    let base = app.store.path();
    let mut log = base.as_os_str().to_owned();
    log.push("-wal");
    let sample = Sample {
        engine_slots: app.engine_slots.all(),
        engine_slots_used: app.engine_slots.used(),
        base_bytes: size(base).await,
        log_bytes: size(Path::new(&log)).await,
        revision: app.store.revision().await.map_err(unavailable)?,
        started: app.started.as_second(),
    };
    Ok(([(header::CONTENT_TYPE, MEDIA_TYPE)], metrics().text(&sample)).into_response())
}

/// 0 where the file is not there.
async fn size(file: &Path) -> u64 {
    tokio::fs::metadata(file).await.map_or(0, |metadata| metadata.len())
}
