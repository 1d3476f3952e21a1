//! Reads documents as NDJSON from standard input and prints their records, one a line: the core alone, without server or threads.
//!
//! `cargo run --release --no-default-features --example extract_jsonl < ../shared/evaluation/quotes.jsonl > quotes.ndjson`

use std::io::{self, BufRead, Write};
use waqia::extract::{Input, Options, extract};
use waqia::lexicon::Lexicon;

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
    let options = Options { models: !std::env::args().any(|a| a == "--no-models") };
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
        serde_json::to_writer(&mut out, &extract(&input, &lexicon, &options))?;
        out.write_all(b"\n")?;
    }
    out.flush()
}
