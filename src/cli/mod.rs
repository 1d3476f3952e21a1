//! The command line.

mod extract;
mod input;
mod lexicon;
mod settings;

use crate::config::{BaseSettings, EngineSettings, LogSettings, ServeSettings};
use crate::telemetry;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

/// Turns news text on militant violence into a knowledge base of incidents, actors and statements, each field traced to its words
#[derive(Debug, Parser)]
#[command(name = "waqia", version, args_conflicts_with_subcommands = true)]
struct CommandLine {
    #[command(flatten)]
    serve: ServeArgs,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print the settings in force, and where each comes from
    Config(ServeArgs),
    /// Read texts and print one extraction record per line; nothing is stored
    Extract(extract::ExtractArgs),
    /// Look after the data files that the engine knows the world by
    Lexicon(lexicon::LexiconArgs),
}

/// Everything that serving takes.
#[derive(Args, Debug, Clone)]
struct ServeArgs {
    #[command(flatten)]
    serve: ServeSettings,
    #[command(flatten)]
    base: BaseSettings,
    #[command(flatten)]
    engine: EngineSettings,
    #[command(flatten)]
    log: LogSettings,
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
        None => Ok(CommandLine::command().print_help().map(|()| ExitCode::from(2))?),
        Some(Command::Config(args)) => settings::print(&args, &matches),
        Some(Command::Extract(args)) => start_log(&args.log).and_then(|()| extract::run(&args)),
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

/// `waqia extract … | head` ends when head has seen enough; that is no failure.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|e| e.downcast_ref::<io::Error>()).any(|e| e.kind() == io::ErrorKind::BrokenPipe)
}
