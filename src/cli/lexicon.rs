//! `waqia lexicon`: the data files, with those of a folder laid over the built-in ones.

use crate::config::{EngineSettings, LogSettings};
use crate::eval::cases;
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
    /// Load every data file, run the cases that its entries carry, and report what is wrong
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
    let (n_cases, failures) = cases::run_all(&lexicon);
    let mut out = io::stdout().lock();
    for failure in &failures {
        writeln!(out, "{failure}")?;
    }
    let n_codes: usize = codes.iter().map(|list| list.codes.len()).sum();
    let (n_actors, n_lists) = (lexicon.actors.iter().count(), codes.iter().count());
    let n_places = lexicon.gazetteer.len();
    let (n_rules, (n_verbs, n_nouns)) = (lexicon.triggers.iter().count(), lexicon.triggers.counts());
    writeln!(out, "{n_rules} triggers with {n_verbs} verbs and {n_nouns} nouns, {} contexts that are no violence", lexicon.contexts.iter().count())?;
    writeln!(out, "{}: {n_actors} actors, {n_places} places, {n_codes} codes in {n_lists} lists; {n_cases} cases, {} failed", lexicon.hash, failures.len())?;
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
