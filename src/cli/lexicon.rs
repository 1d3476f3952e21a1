//! `waqia lexicon`: the data files, with those of a folder laid over the built-in ones.

use crate::config::{EngineSettings, LogSettings};
use crate::lexicon::Lexicon;
use crate::lexicon::codes::Codes;
use crate::lexicon::source::Source;
use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct LexiconArgs {
    #[command(subcommand)]
    command: LexiconCommand,
    #[command(flatten)]
    pub log: LogSettings,
}

#[derive(Debug, Subcommand)]
enum LexiconCommand {
    /// Load every data file and report what is wrong with it
    Check(EngineSettings),
}

pub fn run(args: &LexiconArgs) -> Result<ExitCode> {
    match &args.command {
        LexiconCommand::Check(engine) => check(engine),
    }
}

fn check(engine: &EngineSettings) -> Result<ExitCode> {
    let source = source(engine)?;
    let lexicon = Lexicon::load(&source)?;
    let codes = Codes::load(&source)?;
    let n_codes: usize = codes.iter().map(|list| list.codes.len()).sum();
    let (n_actors, n_lists) = (lexicon.actors.iter().count(), codes.iter().count());
    writeln!(io::stdout(), "{}: {n_actors} actors, {n_codes} codes in {n_lists} lists; no error found", lexicon.hash)?;
    Ok(ExitCode::SUCCESS)
}

/// The data files compiled in, with those of `--lexicon DIR` laid over them.
pub fn source(engine: &EngineSettings) -> Result<Source> {
    engine.check()?;
    let mut source = Source::embedded();
    if let Some(folder) = &engine.lexicon {
        overlay(folder, folder, &mut source)?;
    }
    Ok(source)
}

fn overlay(root: &Path, folder: &Path, source: &mut Source) -> Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read the folder {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            overlay(root, &path, source)?;
        } else if path.extension().is_some_and(|e| e == "toml" || e == "tsv" || e == "txt") {
            let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            source.insert(name, text);
        }
    }
    Ok(())
}
