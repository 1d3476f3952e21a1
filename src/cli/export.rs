//! `waqia export`: incidents of the base as NDJSON, CSV or GeoJSON, with the filters of the API, in constant memory.

use crate::api::export::{Form, pages};
use crate::api::filter::{IncidentQuery, Resolver};
use crate::api::masked::text_without;
use crate::api::problem::Problem;
use crate::api::query::{Params, Query};
use crate::config::{BaseSettings, EngineSettings, LogSettings};
use crate::lexicon::Lexicon;
use crate::lexicon::codes::Codes;
use crate::store::filter::Page;
use crate::store::{Store, StoreOptions};
use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, ValueEnum};
use futures_util::StreamExt;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::pin::pin;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct ExportArgs {
    /// Filters as in the API: country=PK from=2023-01 type=explosion actor="Tehreek-i-Taliban Pakistan" …
    #[arg(value_name = "NAME=VALUE")]
    filters: Vec<String>,
    /// Form of the output
    #[arg(long, default_value = "ndjson", value_name = "FORMAT")]
    format: ExportFormat,
    /// Where to write; without it stdout
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    base: BaseSettings,
    #[command(flatten)]
    engine: EngineSettings,
    #[command(flatten)]
    pub log: LogSettings,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ExportFormat {
    /// One JSON object a line
    Ndjson,
    /// RFC 4180, formulas defused
    Csv,
    /// RFC 7946
    Geojson,
}

pub fn run(args: &ExportArgs) -> Result<ExitCode> {
    let database = &args.base.database;
    if !database.exists() {
        bail!("there is no knowledge base {}; name one with --database, or make it with `waqia ingest`", database.display());
    }
    let source = args.engine.source()?;
    let (lexicon, codes) = (Lexicon::load(&source)?, Codes::load(&source)?);
    let query = query(&args.filters)?;
    let out: Box<dyn Write> = match &args.out {
        Some(path) => Box::new(File::create(path).with_context(|| format!("cannot write {}", path.display()))?),
        None => Box::new(io::stdout()),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let options = StoreOptions { n_readers: 1, ..StoreOptions::default() };
        let store = Store::open(database, options).await?;
        let written = write(&store, Resolver { store: &store, lexicon: &lexicon, codes: &codes }, query, args.format, out).await;
        store.close().await;
        written
    })?;
    Ok(ExitCode::SUCCESS)
}

fn query(filters: &[String]) -> Result<IncidentQuery> {
    let mut params = Params::default();
    for filter in filters {
        let (name, value) = filter.split_once('=').ok_or_else(|| anyhow!("\"{filter}\" is no filter: write NAME=VALUE, such as country=PK"))?;
        params = params.with(name, value);
    }
    Query::<IncidentQuery>::from_params(&params).map_err(told)
}

async fn write(store: &Store, resolver: Resolver<'_>, query: IncidentQuery, format: ExportFormat, out: Box<dyn Write>) -> Result<()> {
    let form = match format {
        ExportFormat::Ndjson => Form::NdJson,
        ExportFormat::Csv => Form::Csv,
        ExportFormat::Geojson => Form::GeoJson,
    };
    let encoder = form.encoder().context("the format has no encoder")?;
    let (filter, _) = query.resolve(&resolver).await.map_err(told)?;
    let mask = store.mask().await?;
    let shown = |rows: Vec<u8>| mask.as_ref().map_or(rows.clone(), |mask| text_without(&rows.into(), mask).into());
    let mut out = BufWriter::with_capacity(1 << 16, out);
    out.write_all(encoder.head())?;
    let mut pages = pin!(pages(store.clone(), filter, Page::default()));
    let mut first = true;
    while let Some(incidents) = pages.next().await {
        let incidents = incidents?;
        out.write_all(&shown(encoder.rows(&incidents, first)))?;
        first &= incidents.is_empty();
    }
    out.write_all(encoder.tail())?;
    Ok(out.flush()?)
}

/// The API's words for what is wrong, on one line each.
fn told(problem: Problem) -> anyhow::Error {
    match problem.cause {
        Some(cause) => anyhow!(cause),
        None => anyhow!(problem.errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}
