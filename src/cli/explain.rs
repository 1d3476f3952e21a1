//! `waqia explain`: what the engine saw in each sentence, which rules fired and which candidates lost.

use crate::config::{EngineSettings, LogSettings};
use crate::extract::explain::{Explanation, explain, page, print};
use crate::extract::{Analysis, Input, Options, run as analyse};
use crate::ingest::intake::Documents;
use crate::lexicon::Lexicon;
use crate::model::document::Article;
use anyhow::{Context, Result};
use clap::Args;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct ExplainArgs {
    /// One file as `waqia extract` reads it; "-" reads stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Write one page of HTML instead of text
    #[arg(long)]
    html: bool,
    #[command(flatten)]
    engine: EngineSettings,
    #[command(flatten)]
    pub log: LogSettings,
}

pub fn run(args: &ExplainArgs) -> Result<ExitCode> {
    let lexicon = Lexicon::load(&args.engine.source()?)?;
    let options = Options { models: !args.engine.no_models, ..Options::default() };
    let documents = if args.file.as_os_str() == "-" { Ok(Documents::of_stdin()) } else { Documents::of_file(&args.file) };
    let documents = documents.with_context(|| format!("cannot read {}", args.file.display()))?;
    let mut out = io::stdout().lock();
    let mut pages = Vec::new();
    let mut n_broken = 0;
    for given in documents {
        match given {
            Ok(article) if args.html => pages.push(explained(&article, &lexicon, &options)),
            Ok(article) => out.write_all(print(&explained(&article, &lexicon, &options)).as_bytes())?,
            Err(problem) => {
                n_broken += 1;
                let _ = writeln!(io::stderr(), "waqia: {problem}");
            }
        }
    }
    if args.html {
        out.write_all(page(&pages).as_bytes())?;
    }
    out.flush()?;
    Ok(if n_broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn explained(article: &Article, lexicon: &Lexicon, options: &Options) -> Explanation {
    let id = article.id.as_deref().unwrap_or("");
    let input = Input { id, text: &article.text, published: article.published, title: article.title.as_deref() };
    let mut analysis = Analysis::new(&input, lexicon, options);
    analyse(&mut analysis);
    explain(&analysis)
}
