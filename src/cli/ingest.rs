//! `waqia ingest`: reads files and folders into the base, with a progress bar.

use crate::clock::{Clock, Stopwatch};
use crate::config::{BaseSettings, EngineSettings, LogSettings, TextSettings};
use crate::ingest::intake::{Documents, files_under};
use crate::ingest::jobs::OwnJob;
use crate::ingest::{self, Ingested, Outcome, Progress, Settings, renew, seed};
use crate::lexicon::Lexicon;
use crate::model::job::JobKind;
use crate::store::{Store, StoreOptions};
use anyhow::{Context, Result, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Who stores, in the history.
const WHO: &str = "waqia ingest";

#[derive(Args, Debug)]
pub struct IngestArgs {
    /// Files and folders of documents: .md, .txt, .html, .json, .ndjson, .jsonl, .rss, .atom, .xml, .warc, each also as .gz; .zip; "-" reads stdin
    #[arg(value_name = "FILE|DIR", required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    base: BaseSettings,
    #[command(flatten)]
    engine: EngineSettings,
    #[command(flatten)]
    text: TextSettings,
    /// Take texts in again that were withdrawn
    #[arg(long)]
    restore: bool,
    #[command(flatten)]
    pub log: LogSettings,
}

pub fn run(args: &IngestArgs) -> Result<ExitCode> {
    let watch = Stopwatch::start();
    let mut files = Vec::new();
    for path in &args.paths {
        match is_stdin(path) {
            true => files.push(path.clone()),
            false => files.extend(files_under(path).with_context(|| format!("cannot read {}", path.display()))?),
        }
    }
    if files.is_empty() {
        bail!("no documents are in {}", args.paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", "));
    }
    let lexicon = Arc::new(Lexicon::load(&args.engine.source()?)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let told = runtime.block_on(async {
        let options = StoreOptions { n_readers: args.base.readers, ..StoreOptions::default() };
        let store = Store::open(&args.base.database, options).await?;
        let told = store_files(&store, lexicon, files, args).await;
        store.close().await;
        told
    })?;
    let Progress { n_done, n_new, n_existing, n_failed } = told;
    let seconds = watch.elapsed().as_secs_f64();
    writeln!(io::stdout(), "{n_done} documents in {seconds:.1} s: {n_new} stored, {n_existing} stored before, {n_failed} failed")?;
    Ok(if n_failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn store_files(store: &Store, lexicon: Arc<Lexicon>, files: Vec<PathBuf>, args: &IngestArgs) -> Result<Progress> {
    seed::lexicon(store, &lexicon, Clock::System.now()).await?;
    renew(store, &lexicon, Clock::System.now()).await?;
    for killed in OwnJob::interrupted(store, Clock::System).await? {
        let _ = writeln!(
            io::stderr(),
            "waqia: an earlier run ({}) was killed after {} documents; those that it stored are not stored again",
            killed.id,
            killed.n_done
        );
    }
    let paths = json!({"paths": args.paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>()});
    let job = OwnJob::begin(store, JobKind::Ingest, WHO, paths.to_string(), Clock::System).await?;
    let stored = store_in(&job, store, lexicon, files, args).await;
    let problem = stored.as_ref().err().map(|error| format!("{error:#}"));
    let ended = job.end(store, problem.as_deref()).await;
    let told = stored?;
    ended?;
    Ok(told)
}

async fn store_in(job: &OwnJob, store: &Store, lexicon: Arc<Lexicon>, files: Vec<PathBuf>, args: &IngestArgs) -> Result<Progress> {
    let settings = Settings {
        models: !args.engine.no_models,
        max_text: args.text.max_text.0,
        restore: args.restore,
        job: Some(job.run()),
        ..Settings::new(Clock::System.now(), WHO)
    };
    let bar = ProgressBar::new(files.len() as u64).with_style(style()?);
    let documents = Documents::of_files(files);
    let n_begun = documents.files_begun();
    let told = ingest::each_batch(store, lexicon, documents, &settings, async |so_far, done| {
        bar.set_position(n_begun.load(Ordering::Relaxed));
        let Progress { n_done, n_new, n_existing, n_failed } = so_far;
        bar.set_message(format!("{n_done} documents: {n_new} stored, {n_existing} stored before, {n_failed} failed"));
        bar.suspend(|| done.iter().for_each(tell_failure));
        Ok(if job.goes_on(store).await? { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })
    .await?;
    bar.finish_and_clear();
    if !job.goes_on(store).await? {
        bail!("the job was ended by somebody after {} documents; what was stored stays", told.n_done);
    }
    Ok(told)
}

fn tell_failure(done: &Ingested) {
    if let Outcome::Failed { problem } = &done.outcome {
        let name = done.name.as_deref().filter(|name| !problem.starts_with(name)).map(|name| format!("{name}: ")).unwrap_or_default();
        let _ = writeln!(io::stderr(), "waqia: {name}{problem}");
    }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn style() -> Result<ProgressStyle> {
    Ok(ProgressStyle::with_template("{bar:30} file {pos} of {len}, {elapsed}, {msg}")?)
}
