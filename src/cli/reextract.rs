//! `waqia reextract`: reads the stored texts anew, and says what that changes.

use crate::clock::Clock;
use crate::config::{BaseSettings, EngineSettings, LogSettings};
use crate::ingest::jobs::OwnJob;
use crate::ingest::reextract::{self, RenewalSettings, version};
use crate::ingest::seed;
use crate::lexicon::Lexicon;
use crate::model::job::JobKind;
use crate::model::renewal::{DocumentChange, RenewalSummary, Tally};
use crate::store::{Store, StoreOptions};
use anyhow::{Result, anyhow, bail};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::Arc;

/// Who changes things, in the history.
const WHO: &str = "waqia reextract";

#[derive(Args, Debug)]
pub struct ReextractArgs {
    /// Only documents that were last read by an engine before this version, such as 0.2.0
    #[arg(long, value_name = "VERSION")]
    since_engine: Option<String>,
    /// Say what would change, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// table: sums at the end; ndjson: each document that changes, one a line, and the sums as the last line
    #[arg(long, default_value = "table", value_name = "FORMAT")]
    format: Format,
    #[command(flatten)]
    base: BaseSettings,
    #[command(flatten)]
    engine: EngineSettings,
    #[command(flatten)]
    pub log: LogSettings,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Ndjson,
}

pub fn run(args: &ReextractArgs) -> Result<ExitCode> {
    let since_engine = args.since_engine.as_deref().map(version).transpose().map_err(|problem| anyhow!("--since-engine: {problem}"))?;
    let lexicon = Arc::new(Lexicon::load(&args.engine.source()?)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let summary = runtime.block_on(async {
        let options = StoreOptions { n_readers: args.base.readers, ..StoreOptions::default() };
        let store = Store::open(&args.base.database, options).await?;
        let done = read_anew(&store, lexicon, since_engine, args).await;
        store.close().await;
        done
    })?;
    let mut out = io::stdout().lock();
    match args.format {
        Format::Table => write_table(&mut out, &summary)?,
        Format::Ndjson => writeln!(out, "{}", json!({"summary": summary}))?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn read_anew(store: &Store, lexicon: Arc<Lexicon>, since_engine: Option<Vec<u64>>, args: &ReextractArgs) -> Result<RenewalSummary> {
    let settings = RenewalSettings {
        now: Clock::System.now(),
        who: WHO.to_owned(),
        models: !args.engine.no_models,
        since_engine,
        dry_run: args.dry_run,
        job: None,
        position: 0,
    };
    if args.dry_run {
        return follow(store, lexicon, &settings, None, RenewalSummary::default(), args).await;
    }
    seed::lexicon(store, &lexicon, settings.now).await?;
    let asked = json!({"since_engine": args.since_engine, "lexicon": lexicon.hash, "engine": env!("CARGO_PKG_VERSION")}).to_string();
    let killed = OwnJob::interrupted(store, Clock::System).await?.into_iter().rfind(|job| job.kind == JobKind::Reextract && job.settings == asked);
    let job = OwnJob::begin(store, JobKind::Reextract, WHO, asked, Clock::System).await?;
    let (position, before) = killed.as_ref().map_or((0, None), |job| (job.position, job.result.as_deref()));
    if let Some(killed) = &killed {
        let _ = writeln!(io::stderr(), "waqia: goes on where an earlier run ({}) was killed, after {} documents", killed.id, killed.n_done);
    }
    let before = before.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let settings = RenewalSettings { job: Some(job.run()), position, ..settings };
    let done = follow(store, lexicon, &settings, Some(&job), before, args).await;
    let problem = done.as_ref().err().map(|error| format!("{error:#}"));
    job.end(store, problem.as_deref()).await?;
    done
}

async fn follow(
    store: &Store,
    lexicon: Arc<Lexicon>,
    settings: &RenewalSettings,
    job: Option<&OwnJob>,
    before: RenewalSummary,
    args: &ReextractArgs,
) -> Result<RenewalSummary> {
    let n_before = before.n_documents;
    let bar = ProgressBar::new(n_before + store.count_renewable(settings.position).await?);
    let bar = bar.with_style(ProgressStyle::with_template("{bar:30} document {pos} of {len}, {elapsed}, {msg}")?);
    let mut ended = false;
    let summary = reextract::run(store, lexicon, settings, before, async |summary, changes| {
        bar.set_position(summary.n_documents);
        bar.set_message(format!("{} told otherwise", summary.n_changed));
        if args.format == Format::Ndjson {
            bar.suspend(|| tell(changes));
        }
        ended = match job {
            Some(job) => !job.goes_on(store).await?,
            None => false,
        };
        Ok(if ended { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })
    .await?;
    bar.finish_and_clear();
    if ended {
        bail!("the job was ended by somebody after {} documents; what was read anew stays", summary.n_documents);
    }
    Ok(summary)
}

fn tell(changes: &[DocumentChange]) {
    let mut out = io::stdout().lock();
    for change in changes {
        let _ = writeln!(out, "{}", json!(change));
    }
}

fn write_table(out: &mut impl Write, summary: &RenewalSummary) -> io::Result<()> {
    let would = if summary.dry_run { "would be told otherwise; nothing was written" } else { "are told otherwise now" };
    writeln!(out, "{} documents read anew, {} {would}", summary.n_documents, summary.n_changed)?;
    if summary.n_changed == 0 {
        return Ok(());
    }
    writeln!(out, "\n{:12} {:>8} {:>8} {:>8}", "", "added", "removed", "changed")?;
    let rows = [("incidents", &summary.incidents), ("statements", &summary.statements)];
    let others = summary.others.iter().map(|(name, tally)| (name.as_str(), tally));
    for (name, Tally { added, removed, changed }) in rows.into_iter().chain(others) {
        writeln!(out, "{name:12} {added:>8} {removed:>8} {changed:>8}")?;
    }
    if summary.n_kept > 0 {
        writeln!(out, "\n{} incidents stay by a curator's word although the engine tells them no more", summary.n_kept)?;
    }
    if !summary.fields.is_empty() {
        writeln!(out, "\nincidents that differ in")?;
        for (field, n) in &summary.fields {
            writeln!(out, "{field:20} {n:>8}")?;
        }
    }
    Ok(())
}
