//! `waqia backup`: a copy of the base as it is now, while a server may write.

use super::bytes;
use crate::config::{BaseSettings, LogSettings};
use crate::store;
use anyhow::Result;
use clap::Args;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct BackupArgs {
    /// File to write; it appears only when it is whole
    #[arg(value_name = "FILE")]
    to: PathBuf,
    /// Overwrite the file where it is there already
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    base: BaseSettings,
    #[command(flatten)]
    pub log: LogSettings,
}

pub fn run(args: &BackupArgs) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let copied = runtime.block_on(store::backup(&args.base.database, &args.to, args.force))?;
    let (file, n, size, revision) = (args.to.display(), copied.n_documents, bytes(copied.n_bytes), copied.revision);
    writeln!(io::stdout(), "{file}: {n} documents, {size}, revision {revision}; read back without a fault")?;
    Ok(ExitCode::SUCCESS)
}
