//! The command line: `waqia` alone serves; sub-commands do the rest.

mod backup;
mod check;
mod eval;
mod eval_reports;
mod explain;
mod export;
mod extract;
mod healthcheck;
mod ingest;
mod keys;
mod lexicon;
mod reextract;
mod reports;
mod restore;
mod serve;
mod settings;
mod train;
mod train_merge;
mod train_relevance;

use crate::config::{LogSettings, ServerConfig};
use crate::lexicon::Lexicon;
use crate::lexicon::codebooks::Codebook;
use crate::telemetry;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

/// Turns news text on militant violence into a knowledge base of incidents, actors and statements, each field traced to its words
#[derive(Debug, Parser)]
#[command(name = "waqia", version, args_conflicts_with_subcommands = true)]
struct CommandLine {
    #[command(flatten)]
    serve: ServerConfig,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer the API and the pages (what `waqia` alone does)
    Serve(ServerConfig),
    /// Ask a running server whether it is ready; exit code 0 if so (for container health checks)
    Healthcheck(healthcheck::HealthcheckArgs),
    /// Print the settings in force, and where each comes from
    Config(ServerConfig),
    /// Read texts and print one extraction record per line; nothing is stored
    Extract(extract::ExtractArgs),
    /// Show what the engine saw in each sentence of a text, which rules fired and which candidates lost
    Explain(explain::ExplainArgs),
    /// Read files and folders of documents into the knowledge base
    Ingest(ingest::IngestArgs),
    /// Read the stored texts anew with the engine and the lexicon of today
    Reextract(reextract::ReextractArgs),
    /// Write incidents as NDJSON, CSV or GeoJSON
    Export(export::ExportArgs),
    /// Look whether everything in the knowledge base holds together
    Check(check::CheckArgs),
    /// Copy the knowledge base to a file, while a server may write
    Backup(backup::BackupArgs),
    /// Put a backup in the place of the knowledge base
    Restore(restore::RestoreArgs),
    /// Measure how well the engine agrees with gold files
    Eval(eval::EvalArgs),
    /// Train the learned parts of the engine
    Train(train::TrainArgs),
    /// Make, list and revoke the keys that may write
    Keys(keys::KeysArgs),
    /// Look after the data files that the engine knows the world by
    Lexicon(lexicon::LexiconArgs),
}

/// Runs the command line `arguments` (the first is the program's name). Failures are told on stderr.
///
/// Exit codes: 0 done; 1 failed, or done with errors in some inputs; 2 the command line could not be read.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let matches = match CommandLine::command().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            // Printing fails only where nobody listens any more.
            let _ = error.print();
            return ExitCode::from(error.exit_code().clamp(0, 255) as u8);
        }
    };
    let outcome = CommandLine::from_arg_matches(&matches).map_err(anyhow::Error::from).and_then(|line| match line.command {
        None => start_log(&line.serve.log).and_then(|()| serve::run(&line.serve)),
        Some(Command::Serve(args)) => start_log(&args.log).and_then(|()| serve::run(&args)),
        Some(Command::Healthcheck(args)) => healthcheck::run(&args),
        Some(Command::Config(args)) => settings::print(&args, &matches),
        Some(Command::Extract(args)) => start_log(&args.log).and_then(|()| extract::run(&args)),
        Some(Command::Explain(args)) => start_log(&args.log).and_then(|()| explain::run(&args)),
        Some(Command::Ingest(args)) => start_log(&args.log).and_then(|()| ingest::run(&args)),
        Some(Command::Reextract(args)) => start_log(&args.log).and_then(|()| reextract::run(&args)),
        Some(Command::Export(args)) => start_log(&args.log).and_then(|()| export::run(&args)),
        Some(Command::Check(args)) => start_log(&args.log).and_then(|()| check::run(&args)),
        Some(Command::Backup(args)) => start_log(&args.log).and_then(|()| backup::run(&args)),
        Some(Command::Restore(args)) => start_log(&args.log).and_then(|()| restore::run(&args)),
        Some(Command::Eval(args)) => start_log(&args.log).and_then(|()| eval::run(&args)),
        Some(Command::Train(args)) => train::run(&args),
        Some(Command::Keys(args)) => keys::run(&args),
        Some(Command::Lexicon(args)) => start_log(&args.log).and_then(|()| lexicon::run(&args)),
    });
    match outcome {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "waqia: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start_log(settings: &LogSettings) -> anyhow::Result<()> {
    telemetry::start(settings).map_err(|e| anyhow::anyhow!("--log \"{}\" cannot be read: {e}", settings.log))
}

/// The codebook of that name.
fn codebook<'l>(lexicon: &'l Lexicon, name: &str) -> anyhow::Result<&'l Codebook> {
    lexicon.codebooks.get(name).ok_or_else(|| anyhow::anyhow!("there is no codebook \"{name}\"; there are {}", lexicon.codebooks.ids().join(", ")))
}

/// A size in words.
fn bytes(n: u64) -> String {
    match n {
        0..10_000 => format!("{n} B"),
        10_000..10_000_000 => format!("{} kB", n / 1000),
        _ => format!("{} MB", n / 1_000_000),
    }
}

/// `waqia extract … | head` ends when head has seen enough; that is no failure.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|e| e.downcast_ref::<io::Error>()).any(|e| e.kind() == io::ErrorKind::BrokenPipe)
}
