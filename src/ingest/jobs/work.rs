//! The work of a job.

use super::Shared;
use crate::clock::Stopwatch;
use crate::ingest::intake::Documents;
use crate::ingest::read::Format;
use crate::ingest::reextract::{self, RenewalSettings, version};
use crate::ingest::run::{IngestError, JobRun, Settings, each_batch};
use crate::model::job::{Job, JobKind, JobState};
use crate::store::StoreError;
use serde::Deserialize;
use std::fs::File;
use std::ops::ControlFlow;

/// What documents are called in messages, before line, entry, record or item.
const BODY: &str = "body";
/// Documents of one transaction: others write between two.
const BATCH: usize = 100;

/// How the work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Everything was seen to.
    Ended,
    /// Somebody ended the job.
    Cancelled,
    /// The server stops; the next one goes on.
    Stopped,
}

pub(super) async fn run(shared: &Shared, job: &Job, file: &File) -> Result<Outcome, IngestError> {
    match job.kind {
        JobKind::Ingest => ingest(shared, job, file).await,
        JobKind::Reextract => read_anew(shared, job).await,
    }
}

async fn ingest(shared: &Shared, job: &Job, file: &File) -> Result<Outcome, IngestError> {
    let settings = &shared.settings;
    let format = job.media_type.as_deref().and_then(Format::of_media_type).unwrap_or(Format::Plain);
    // A clone keeps the lock; whoever had the file before has not read in it.
    let from = file.try_clone().map_err(|source| StoreError::File { what: "read", path: shared.store.path().to_owned(), source })?;
    let documents = Documents::of_spool(from, format, BODY.to_owned(), job.position.unsigned_abs());
    let run = JobRun { number: job.number, first: job.position.unsigned_abs(), worked_ms: job.worked_ms, watch: Stopwatch::start(), clock: settings.clock };
    let of_run =
        Settings { models: settings.models, max_text: settings.max_text, batch: BATCH, job: Some(run), ..Settings::new(settings.clock.now(), job.who.clone()) };
    let mut outcome = Outcome::Ended;
    each_batch(&shared.store, settings.lexicon.clone(), documents, &of_run, async |_, _| {
        outcome = standing(shared, job).await?;
        Ok(if outcome == Outcome::Ended { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })
    .await?;
    Ok(outcome)
}

/// What a re-extraction was asked to do.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    since_engine: Option<String>,
    #[serde(default)]
    dry_run: bool,
}

async fn read_anew(shared: &Shared, job: &Job) -> Result<Outcome, IngestError> {
    let settings = &shared.settings;
    let asked: Asked = serde_json::from_str(&job.settings).unwrap_or_default();
    let run = JobRun { number: job.number, first: 0, worked_ms: job.worked_ms, watch: Stopwatch::start(), clock: settings.clock };
    let of_run = RenewalSettings {
        now: settings.clock.now(),
        who: job.who.clone(),
        models: settings.models,
        since_engine: asked.since_engine.and_then(|text| version(&text).ok()),
        dry_run: asked.dry_run,
        job: Some(run),
        position: job.position,
    };
    let before = job.result.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let mut outcome = Outcome::Ended;
    reextract::run(&shared.store, settings.lexicon.clone(), &of_run, before, async |_, _| {
        outcome = standing(shared, job).await?;
        Ok(if outcome == Outcome::Ended { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })
    .await?;
    Ok(outcome)
}

/// Whether to go on: `Ended` where nothing speaks against it.
async fn standing(shared: &Shared, job: &Job) -> Result<Outcome, StoreError> {
    if shared.is_stopping() {
        return Ok(Outcome::Stopped);
    }
    match shared.store.job_state(job.number).await? {
        Some(JobState::Running) => Ok(Outcome::Ended),
        _ => Ok(Outcome::Cancelled),
    }
}
