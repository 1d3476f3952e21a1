//! Jobs on the wire.

use crate::model::job::{Job, JobError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A run over many documents.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Job)]
pub struct JobView {
    /// `job_…`
    pub id: String,
    /// Where it is.
    pub url: String,
    /// `ingest` or `reextract`.
    pub kind: &'static str,
    /// `waiting`, `running`, `done`, `failed`, `cancelled`, or `interrupted` where its process was ended and nobody goes on with it.
    pub state: &'static str,
    /// Who asked for it: a key's name, or a command.
    pub who: String,
    /// What was sent.
    pub media_type: Option<String>,
    /// Bytes of what was sent, for as long as they are kept.
    pub n_bytes: u64,
    /// Documents that it will see; null where that is not known before the end.
    pub n_total: Option<u64>,
    /// Documents seen to.
    pub n_done: u64,
    /// Of them stored, or changed by a re-extraction.
    pub n_new: u64,
    /// Of them stored before, or unchanged.
    pub n_existing: u64,
    /// Of them failed; `errors` says why.
    pub n_failed: u64,
    /// Documents seen to in a second of work; null at the beginning.
    pub rate: Option<f64>,
    /// What it found, where the counts do not say it.
    #[schema(value_type = Option<Object>)]
    pub result: Option<Value>,
    /// Why it failed.
    pub problem: Option<String>,
    /// Where the documents that failed are.
    pub errors: String,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// When it first began.
    pub started_at: Option<String>,
    /// When it last stored something.
    pub updated_at: Option<String>,
    /// When it ended.
    pub finished_at: Option<String>,
}

impl From<Job> for JobView {
    fn from(job: Job) -> Self {
        let rate = (job.worked_ms > 0 && job.n_done > 0).then(|| (job.n_done as f64 * 10_000.0 / job.worked_ms as f64).round() / 10.0);
        Self {
            url: format!("/v1/jobs/{}", job.id),
            errors: format!("/v1/jobs/{}/errors", job.id),
            id: job.id,
            kind: job.kind.name(),
            state: job.state.name(),
            who: job.who,
            media_type: job.media_type,
            n_bytes: job.n_bytes,
            n_total: job.n_total,
            n_done: job.n_done,
            n_new: job.n_new,
            n_existing: job.n_existing,
            n_failed: job.n_failed,
            rate,
            result: job.result.and_then(|text| serde_json::from_str(&text).ok()),
            problem: job.problem,
            created_at: job.created_at,
            started_at: job.started_at,
            updated_at: job.updated_at,
            finished_at: job.finished_at,
        }
    }
}

/// A job that is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JobInput {
    /// `reextract`
    #[schema(example = "reextract")]
    pub kind: String,
    /// Only documents that were last read by an engine before this version.
    #[serde(default)]
    pub since_engine: Option<String>,
    /// Nothing is written.
    #[serde(default)]
    pub dry_run: bool,
}

/// A document of a job that failed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = JobError)]
pub struct JobErrorView {
    /// Place in what was sent, from 0.
    pub index: u64,
    /// The id it was sent with, or its line, entry, record or item.
    pub id: Option<String>,
    /// Why.
    pub problem: String,
}

impl From<JobError> for JobErrorView {
    fn from(error: JobError) -> Self {
        Self { index: error.index, id: error.document, problem: error.problem }
    }
}
