//! `waqia ingest`: reads files and folders into the base, with a progress bar.

use crate::clock::{Clock, Stopwatch};
use crate::config::{BaseSettings, EngineSettings, LogSettings, TextSettings};
use crate::ingest::intake::{Documents, files_under};
use crate::ingest::{self, Outcome, Progress, Settings, seed};
use crate::lexicon::Lexicon;
use crate::store::{Store, StoreOptions};
use anyhow::{Context, Result, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;

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
    let now = Clock::System.now();
    seed::lexicon(store, &lexicon, now).await?;
    let settings = Settings { models: !args.engine.no_models, max_text: args.text.max_text.0, ..Settings::new(now, "waqia ingest") };
    let bar = ProgressBar::new(files.len() as u64).with_style(style()?);
    let mut told = Progress::default();
    let documents = Documents::of_files(files);
    let n_begun = documents.files_begun();
    let done = ingest::documents(store, lexicon, documents, &settings, |progress| {
        told = *progress;
        bar.set_position(n_begun.load(Ordering::Relaxed));
        bar.set_message(format!("{} documents: {} stored, {} stored before, {} failed", told.n_done, told.n_new, told.n_existing, told.n_failed));
    })
    .await?;
    bar.finish_and_clear();
    for one in &done {
        if let Outcome::Failed { problem } = &one.outcome {
            let name = one.name.as_deref().filter(|name| !problem.starts_with(name)).map(|name| format!("{name}: ")).unwrap_or_default();
            let _ = writeln!(io::stderr(), "waqia: {name}{problem}");
        }
    }
    Ok(told)
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn style() -> Result<ProgressStyle> {
    Ok(ProgressStyle::with_template("{bar:30} file {pos} of {len}, {elapsed}, {msg}")?)
}
