//! `waqia extract`: texts in, one extraction record per line out. Many threads, the order of the input, bounded memory.

use crate::codebook::{Scorer, apply};
use crate::config::{EngineSettings, LogSettings, TextSettings};
use crate::extract::{Input, Options, extract, extract_all};
use crate::ingest::intake::{Documents, not_too_large};
use crate::lexicon::Lexicon;
use crate::lexicon::codebooks::Codebook;
use crate::model::Record;
use crate::model::document::Article;
use anyhow::{Context, Result};
use clap::Args;
use rayon::prelude::*;
use std::io::{self, BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;

/// Documents that wait for their turn at most; with [`MAX_BATCH_BYTES`] this bounds memory.
const MAX_BATCH: usize = 512;
/// Documents that a thread reads together: passes go over all of them in turn.
const MAX_GROUP: usize = 64;
/// Bytes of text of such a group, before the last one is added.
const MAX_GROUP_BYTES: usize = 256 << 10;
/// Bytes of text that wait for their turn, before the last one is added.
const MAX_BATCH_BYTES: usize = 16 << 20;

#[derive(Args, Debug)]
pub struct ExtractArgs {
    /// Files: .ndjson, .jsonl or .json with one document {"id","text","published","title"} per line; .html pages; any other file is one text, with optional front matter. "-" or none reads stdin
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Threads; 0 means one per processor
    #[arg(long, default_value_t = 0, value_name = "N")]
    jobs: usize,
    /// Set texts aside unparsed in which no word can tell of an incident: they get a record with the note document.set_aside and nothing else. All other records are the same as without
    #[arg(long)]
    incidents_only: bool,
    /// Leave out incidents that this codebook does not include: all, acled, gtd, ucdp, attacks or one of your own lexicon. A note in the record tells which and why
    #[arg(long, default_value = "all", value_name = "NAME")]
    codebook: String,
    #[command(flatten)]
    engine: EngineSettings,
    #[command(flatten)]
    text: TextSettings,
    #[command(flatten)]
    pub log: LogSettings,
}

pub fn run(args: &ExtractArgs) -> Result<ExitCode> {
    let lexicon = Lexicon::load(&args.engine.source()?)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.jobs).build()?;
    let out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let options = Options { models: !args.engine.no_models, incidents_only: args.incidents_only };
    let codebook = super::codebook(&lexicon, &args.codebook)?.clone();
    let scorer = if codebook.learned && options.models { Some(Scorer::embedded()?) } else { None };
    let engine = Engine { lexicon, options, codebook, scorer };
    let mut run = Run { engine, max_text: args.text.max_text.0, pool, out, batch: Vec::new(), batch_bytes: 0, n_broken: 0 };
    if args.files.is_empty() {
        run.read(Documents::of_stdin())?;
    }
    for file in &args.files {
        let documents = if file.as_os_str() == "-" { Ok(Documents::of_stdin()) } else { Documents::of_file(file) };
        run.read(documents.with_context(|| format!("cannot read {}", file.display()))?)?;
    }
    run.flush()?;
    Ok(if run.n_broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What makes a record of a document.
struct Engine {
    lexicon: Lexicon,
    options: Options,
    codebook: Codebook,
    /// Only where the codebook is learned.
    scorer: Option<Scorer>,
}

struct Run<W: Write> {
    engine: Engine,
    max_text: usize,
    pool: rayon::ThreadPool,
    out: W,
    batch: Vec<Article>,
    batch_bytes: usize,
    n_broken: u64,
}

impl<W: Write> Run<W> {
    fn read(&mut self, documents: Documents) -> Result<()> {
        for given in not_too_large(documents, self.max_text) {
            match given {
                Ok(article) => self.push(article)?,
                Err(problem) => self.report(&problem.to_string()),
            }
        }
        Ok(())
    }

    /// What cannot be read is told and left out; the run goes on.
    fn report(&mut self, problem: &str) {
        self.n_broken += 1;
        let _ = writeln!(io::stderr(), "waqia: {problem}");
    }

    fn push(&mut self, article: Article) -> Result<()> {
        self.batch_bytes += article.text.len();
        self.batch.push(article);
        if self.batch.len() >= MAX_BATCH || self.batch_bytes >= MAX_BATCH_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        let batch = std::mem::take(&mut self.batch);
        self.batch_bytes = 0;
        let engine = &self.engine;
        let groups: Vec<&[Article]> = groups(&batch).collect();
        let lines: Vec<Vec<Line>> = self.pool.install(|| groups.par_iter().map(|group| records(group, engine)).collect());
        for line in lines.into_iter().flatten() {
            match line {
                Ok(line) => self.out.write_all(&line)?,
                Err(problem) => self.report(&problem),
            }
        }
        Ok(self.out.flush()?)
    }
}

/// A document's record as a line, or why there is none.
type Line = Result<Vec<u8>, String>;

/// The batch in groups for one thread each, in order.
fn groups(batch: &[Article]) -> impl Iterator<Item = &[Article]> {
    let (mut n, mut bytes) = (0, 0);
    batch.chunk_by(move |before, _| {
        (n, bytes) = (n + 1, bytes + before.text.len());
        let goes_on = n < MAX_GROUP && bytes < MAX_GROUP_BYTES;
        if !goes_on {
            (n, bytes) = (0, 0);
        }
        goes_on
    })
}

/// The records of some documents. A fault of the engine costs the document that has it, not the run.
fn records(articles: &[Article], engine: &Engine) -> Vec<Line> {
    let inputs: Vec<Input<'_>> = articles.iter().map(input).collect();
    let read = || {
        let mut records = extract_all(&inputs, &engine.lexicon, &engine.options);
        records.iter_mut().zip(&inputs).for_each(|(record, input)| engine.choose(record, input));
        records
    };
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(records) => records.iter().map(line).collect(),
        Err(_) => inputs.iter().map(|input| record_alone(input, engine)).collect(),
    }
}

impl Engine {
    /// Leaves out what the codebook does not include.
    fn choose(&self, record: &mut Record, input: &Input<'_>) {
        apply(record, input.text, &self.codebook, self.scorer.as_ref());
    }
}

fn record_alone(input: &Input<'_>, engine: &Engine) -> Line {
    let record = catch_unwind(AssertUnwindSafe(|| {
        let mut record = extract(input, &engine.lexicon, &engine.options);
        engine.choose(&mut record, input);
        record
    }));
    line(&record.map_err(|_| format!("{}: the engine failed on this document; please report it", input.id))?)
}

fn input(article: &Article) -> Input<'_> {
    Input { id: article.id.as_deref().unwrap_or(""), text: &article.text, published: article.published, title: article.title.as_deref() }
}

fn line(record: &Record) -> Line {
    let mut line = serde_json::to_vec(record).map_err(|e| format!("{}: {e}", record.id))?;
    line.push(b'\n');
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_hold_the_batch_in_order() {
        let article = |n: usize| Article { id: Some(n.to_string()), text: "x".repeat(if n == 40 { MAX_GROUP_BYTES } else { 10 }), ..Article::default() };
        let batch: Vec<Article> = (0..150).map(article).collect();
        let sizes: Vec<usize> = groups(&batch).map(<[Article]>::len).collect();
        assert_eq!(sizes, [41, 64, 45]);
    }
}
