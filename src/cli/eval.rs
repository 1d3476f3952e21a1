//! `waqia eval`: how well the engine agrees with gold files.

use super::eval_reports::{self, ReportsArgs};
use crate::config::{EngineSettings, LogSettings};
use crate::eval::{Gold, Scores, score};
use crate::extract::{Input, Options, extract};
use crate::ingest::intake::{Documents, files_under};
use crate::lexicon::Lexicon;
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct EvalArgs {
    #[command(subcommand)]
    command: Option<EvalCommand>,
    /// Folder of documents with a folder gold/ that has NAME.json for NAME.md (seeds/README.md says how they are written)
    #[arg(value_name = "DIR", required = true)]
    folder: Option<PathBuf>,
    #[command(flatten)]
    engine: EngineSettings,
    #[command(flatten)]
    pub log: LogSettings,
}

#[derive(Debug, Subcommand)]
enum EvalCommand {
    /// Measure how reports of several documents are merged, on incidents of which several documents are known
    Reports(ReportsArgs),
}

pub fn run(args: &EvalArgs) -> Result<ExitCode> {
    match (&args.command, &args.folder) {
        (Some(EvalCommand::Reports(reports)), _) => eval_reports::run(reports),
        (None, Some(folder)) => documents(args, folder),
        (None, None) => bail!("name a folder of documents with their gold, or `reports`"),
    }
}

fn documents(args: &EvalArgs, folder: &Path) -> Result<ExitCode> {
    let lexicon = Lexicon::load(&args.engine.source()?)?;
    let options = Options { models: !args.engine.no_models, ..Options::default() };
    let mut all = Scores::default();
    let mut n_documents = 0;
    for file in files_under(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let Some(gold) = gold_of(folder, &file)? else { continue };
        let article = Documents::of_file(&file)?.next().with_context(|| format!("{} holds no document", file.display()))??;
        let input = Input { id: article.id.as_deref().unwrap_or(""), text: &article.text, published: article.published, title: article.title.as_deref() };
        all.merge(&score(&gold, &extract(&input, &lexicon, &options)));
        n_documents += 1;
    }
    if n_documents == 0 {
        bail!("no document in {} has gold/NAME.json", folder.display());
    }
    writeln!(io::stdout(), "{n_documents} documents, lexicon {}\n{}", lexicon.hash, all.table())?;
    Ok(ExitCode::SUCCESS)
}

/// The gold of a document; `None` where it has none.
fn gold_of(folder: &Path, document: &Path) -> Result<Option<Gold>> {
    let stem = document.file_stem().unwrap_or_default();
    let path = folder.join("gold").join(stem).with_extension("json");
    if !path.is_file() || path == document {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).map(Some).with_context(|| format!("{} is no gold file", path.display()))
}
