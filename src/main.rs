//! The command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    waqia::cli::run(std::env::args_os())
}
