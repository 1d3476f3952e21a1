//! Reads documents as NDJSON from standard input and prints their records, one a line: the core alone, without server or threads.
//!
//! `cargo run --release --no-default-features --example extract_jsonl < ../shared/evaluation/quotes.jsonl > quotes.ndjson`
//!
//! `--incidents-only` sets texts aside in which no word can tell of an incident; `--no-models` uses the rules alone.
//! `--codebook=NAME` leaves out what that codebook does not include. `--without=statements,dates` leaves passes out, to see what each is worth.

use std::io::{self, BufRead, Write};
use waqia::codebook::{Scorer, apply};
use waqia::extract::{Analysis, Input, Options, PASSES, applies, extract, output};
use waqia::lexicon::Lexicon;

/// The allocator of the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The members of a document that the engine reads; others are ignored.
#[derive(serde::Deserialize)]
struct Document {
    id: String,
    text: String,
    #[serde(default)]
    published: Option<String>,
    #[serde(default)]
    title: Option<String>,
}

fn main() -> io::Result<()> {
    let lexicon = Lexicon::embedded().map_err(io::Error::other)?;
    let given = |flag: &str| std::env::args().any(|a| a == flag);
    let options = Options { models: !given("--no-models"), incidents_only: given("--incidents-only") };
    let value = |flag: &str| std::env::args().find_map(|a| a.strip_prefix(flag).map(str::to_owned));
    let name = value("--codebook=").unwrap_or_else(|| "all".to_owned());
    let codebook = lexicon.codebooks.get(&name);
    let codebook = codebook.ok_or_else(|| io::Error::other(format!("no codebook {name:?}; there are {}", lexicon.codebooks.ids().join(", "))))?;
    let scorer = if codebook.learned && options.models { Some(Scorer::embedded().map_err(io::Error::other)?) } else { None };
    let argument = value("--without=").unwrap_or_default();
    let without: Vec<&str> = argument.split(',').filter(|name| !name.is_empty()).collect();
    if let Some(unknown) = without.iter().find(|name| PASSES.iter().all(|(pass, _)| pass != *name)) {
        let known: Vec<&str> = PASSES.iter().map(|(pass, _)| *pass).collect();
        return Err(io::Error::other(format!("no pass {unknown:?}; there are {}", known.join(", "))));
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let document: Document = serde_json::from_str(&line)?;
        let input = Input {
            id: &document.id,
            text: &document.text,
            published: document.published.as_deref().and_then(|d| d.parse().ok()),
            title: document.title.as_deref(),
        };
        let mut record = if without.is_empty() {
            extract(&input, &lexicon, &options)
        } else {
            let mut analysis = Analysis::new(&input, &lexicon, &options);
            for (name, pass) in PASSES {
                if !without.contains(name) && applies(&analysis, name) {
                    pass(&mut analysis);
                }
            }
            output::record(&analysis)
        };
        apply(&mut record, &document.text, codebook, scorer.as_ref());
        serde_json::to_writer(&mut out, &record)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}
