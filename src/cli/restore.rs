//! `waqia restore`: puts a backup in the place of the base, and keeps what was there.

use super::bytes;
use crate::clock::Clock;
use crate::config::{BaseSettings, LogSettings};
use crate::store;
use anyhow::Result;
use clap::Args;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct RestoreArgs {
    /// The backup, a file that `waqia backup` wrote or another base
    #[arg(value_name = "FILE")]
    from: PathBuf,
    #[command(flatten)]
    base: BaseSettings,
    #[command(flatten)]
    pub log: LogSettings,
}

pub fn run(args: &RestoreArgs) -> Result<ExitCode> {
    let base = &args.base.database;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (copied, kept) = runtime.block_on(store::restore(&args.from, base, Clock::System.now()))?;
    let mut out = io::stdout();
    writeln!(out, "{}: {} documents, {}, revision {}", base.display(), copied.n_documents, bytes(copied.n_bytes), copied.revision)?;
    if let Some(kept) = kept {
        writeln!(out, "what was there is now {}", kept.display())?;
    }
    Ok(ExitCode::SUCCESS)
}
