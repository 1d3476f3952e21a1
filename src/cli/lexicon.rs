//! `waqia lexicon`: the data files, with those of a folder laid over the built-in ones.

use crate::config::{EngineSettings, LogSettings};
use crate::lexicon::Lexicon;
use crate::lexicon::codes::Codes;
use anyhow::Result;
use clap::{Args, Subcommand};
use std::io::{self, Write};
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
    let source = engine.source()?;
    let lexicon = Lexicon::load(&source)?;
    let codes = Codes::load(&source)?;
    let n_codes: usize = codes.iter().map(|list| list.codes.len()).sum();
    let (n_actors, n_lists) = (lexicon.actors.iter().count(), codes.iter().count());
    writeln!(io::stdout(), "{}: {n_actors} actors, {n_codes} codes in {n_lists} lists; no error found", lexicon.hash)?;
    Ok(ExitCode::SUCCESS)
}
