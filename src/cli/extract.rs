//! `waqia extract`: texts in, one extraction record per line out. Many threads, the order of the input, bounded memory.

use super::input;
use crate::config::{EngineSettings, LogSettings};
use crate::extract::{Input, Options, extract};
use crate::lexicon::Lexicon;
use anyhow::{Context, Result};
use clap::Args;
use rayon::prelude::*;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Documents that wait for their turn at most; with [`MAX_BATCH_BYTES`] this bounds memory.
const MAX_BATCH: usize = 512;
/// Bytes of text that wait for their turn, before the last one is added.
const MAX_BATCH_BYTES: usize = 16 << 20;

#[derive(Args, Debug)]
pub struct ExtractArgs {
    /// Files: .ndjson, .jsonl or .json with one document {"id","text","published","title"} per line; any other file is one text, with optional front matter. "-" or none reads stdin
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
    let mut run = Run { lexicon, options: Options { models: !args.engine.no_models }, pool, out, batch: Vec::new(), batch_bytes: 0, n_broken: 0 };
    if args.files.is_empty() {
        run.read_stdin()?;
    }
    for file in &args.files {
        if file.as_os_str() == "-" { run.read_stdin()? } else { run.read_file(file)? }
    }
    run.flush()?;
    Ok(if run.n_broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Run<W: Write> {
    lexicon: Lexicon,
    options: Options,
    pool: rayon::ThreadPool,
    out: W,
    batch: Vec<input::Document>,
    batch_bytes: usize,
    n_broken: u64,
}

impl<W: Write> Run<W> {
    /// NDJSON where the first character is a brace, else one plain text.
    fn read_stdin(&mut self) -> Result<()> {
        let mut stdin = io::stdin().lock();
        let is_json = stdin.fill_buf()?.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{');
        if is_json { self.read_lines(&mut stdin, "stdin") } else { self.read_text(&mut stdin, "stdin") }
    }

    fn read_file(&mut self, path: &Path) -> Result<()> {
        let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        let mut file = BufReader::with_capacity(1 << 16, file);
        let name = path.display().to_string();
        let lines = path.extension().is_some_and(|e| e == "ndjson" || e == "jsonl" || e == "json");
        if lines { self.read_lines(&mut file, &name) } else { self.read_text(&mut file, &name) }
    }

    fn read_lines(&mut self, from: &mut impl BufRead, name: &str) -> Result<()> {
        let mut line = Vec::new();
        for n in 1u64.. {
            match input::read_line(from, &mut line).with_context(|| format!("cannot read {name}"))? {
                None => break,
                Some(Err(length)) => self.report(name, Some(n), &format!("the line has {length} bytes, more than {}", input::MAX_LINE)),
                Some(Ok(())) if line.trim_ascii().is_empty() => {}
                Some(Ok(())) => match input::from_json(&line, &format!("{name}:{n}")) {
                    Ok(document) => self.push(document)?,
                    Err(problem) => self.report(name, Some(n), &problem),
                },
            }
        }
        Ok(())
    }

    fn read_text(&mut self, from: &mut impl Read, name: &str) -> Result<()> {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).with_context(|| format!("cannot read {name}"))?;
        match input::from_text(&bytes, name) {
            Ok(document) => self.push(document),
            Err(problem) => {
                self.report(name, None, &problem);
                Ok(())
            }
        }
    }

    /// A line that cannot be read is told and left out; the run goes on.
    fn report(&mut self, name: &str, line: Option<u64>, problem: &str) {
        self.n_broken += 1;
        let at = line.map(|n| format!(", line {n}")).unwrap_or_default();
        let _ = writeln!(io::stderr(), "waqia: {name}{at}: {problem}");
    }

    fn push(&mut self, document: input::Document) -> Result<()> {
        self.batch_bytes += document.text.len();
        self.batch.push(document);
        if self.batch.len() >= MAX_BATCH || self.batch_bytes >= MAX_BATCH_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        let batch = std::mem::take(&mut self.batch);
        self.batch_bytes = 0;
        let (lexicon, options) = (&self.lexicon, &self.options);
        let lines: Vec<Result<Vec<u8>, String>> = self.pool.install(|| batch.par_iter().map(|document| record(document, lexicon, options)).collect());
        for (line, document) in lines.into_iter().zip(&batch) {
            match line {
                Ok(line) => self.out.write_all(&line)?,
                Err(problem) => self.report(&document.id, None, &problem),
            }
        }
        Ok(self.out.flush()?)
    }
}

/// The record of one document as a line. A fault of the engine costs that document, not the run.
fn record(document: &input::Document, lexicon: &Lexicon, options: &Options) -> Result<Vec<u8>, String> {
    let input = Input { id: &document.id, text: &document.text, published: document.published, title: document.title.as_deref() };
    let record = catch_unwind(AssertUnwindSafe(|| extract(&input, lexicon, options)));
    let record = record.map_err(|_| "the engine failed on this document; please report it".to_owned())?;
    let mut line = serde_json::to_vec(&record).map_err(|e| e.to_string())?;
    line.push(b'\n');
    Ok(line)
}
