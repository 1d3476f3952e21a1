//! `waqia extract`: texts in, one extraction record per line out. Many threads, the order of the input, bounded memory.

use super::input::Documents;
use crate::config::{EngineSettings, LogSettings};
use crate::extract::{Input, Options, extract};
use crate::lexicon::Lexicon;
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
    #[command(flatten)]
    engine: EngineSettings,
    #[command(flatten)]
    pub log: LogSettings,
}

pub fn run(args: &ExtractArgs) -> Result<ExitCode> {
    let lexicon = Lexicon::load(&args.engine.source()?)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.jobs).build()?;
    let out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let options = Options { models: !args.engine.no_models };
    let mut run = Run { lexicon, options, pool, out, batch: Vec::new(), batch_bytes: 0, n_broken: 0 };
    if args.files.is_empty() {
        run.read(Documents::of_stdin()?)?;
    }
    for file in &args.files {
        let documents = if file.as_os_str() == "-" { Documents::of_stdin() } else { Documents::of_file(file) };
        run.read(documents.with_context(|| format!("cannot read {}", file.display()))?)?;
    }
    run.flush()?;
    Ok(if run.n_broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Run<W: Write> {
    lexicon: Lexicon,
    options: Options,
    pool: rayon::ThreadPool,
    out: W,
    batch: Vec<Article>,
    batch_bytes: usize,
    n_broken: u64,
}

impl<W: Write> Run<W> {
    fn read(&mut self, documents: Documents) -> Result<()> {
        for given in documents {
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
        let (lexicon, options) = (&self.lexicon, &self.options);
        let lines: Vec<Result<Vec<u8>, String>> = self.pool.install(|| batch.par_iter().map(|article| record(article, lexicon, options)).collect());
        for line in lines {
            match line {
                Ok(line) => self.out.write_all(&line)?,
                Err(problem) => self.report(&problem),
            }
        }
        Ok(self.out.flush()?)
    }
}

/// The record of one document as a line. A fault of the engine costs that document, not the run.
fn record(article: &Article, lexicon: &Lexicon, options: &Options) -> Result<Vec<u8>, String> {
    let id = article.id.as_deref().unwrap_or("");
    let input = Input { id, text: &article.text, published: article.published, title: article.title.as_deref() };
    let record = catch_unwind(AssertUnwindSafe(|| extract(&input, lexicon, options)));
    let record = record.map_err(|_| format!("{id}: the engine failed on this document; please report it"))?;
    let mut line = serde_json::to_vec(&record).map_err(|e| format!("{id}: {e}"))?;
    line.push(b'\n');
    Ok(line)
}
