//! `waqia check`: whether everything in the base holds together, and mending what can be made anew.

use crate::clock::Clock;
use crate::config::{BaseSettings, EngineSettings, LogSettings};
use crate::ingest::check::{self, Answer};
use crate::lexicon::Lexicon;
use anyhow::Result;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct CheckArgs {
    /// Make anew what can be made of other rows; what was there is kept beside it. Nobody else may have the base open
    #[arg(long)]
    repair: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    base: BaseSettings,
    #[command(flatten)]
    engine: EngineSettings,
    #[command(flatten)]
    pub log: LogSettings,
}

pub fn run(args: &CheckArgs) -> Result<ExitCode> {
    let base = &args.base.database;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut answers = ask(base).await?;
        let mut kept = None;
        if args.repair && n_faults(&answers) > 0 {
            if !args.json {
                print(base, &answers)?;
            }
            let lexicon = Lexicon::load(&args.engine.source()?)?;
            kept = check::repair(base, &lexicon, Clock::System.now()).await?;
            answers = ask(base).await?;
        }
        match args.json {
            true => print_json(base, &answers, kept.as_deref())?,
            false => {
                if let Some(kept) = kept {
                    writeln!(io::stdout(), "repaired; what was there is now {}. What holds now:", kept.display())?;
                }
                print(base, &answers)?;
            }
        }
        Ok(if n_faults(&answers) == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    })
}

async fn ask(base: &Path) -> Result<Vec<Answer>> {
    // Hidden where stderr is no terminal.
    let bar = ProgressBar::new(check::questions().count() as u64).with_style(ProgressStyle::with_template("{bar:30} {pos} of {len}, {elapsed}, {msg}")?);
    let answers = check::check(base, |name| {
        bar.set_message(name);
        bar.inc(1);
    })
    .await;
    bar.finish_and_clear();
    Ok(answers?)
}

fn n_faults(answers: &[Answer]) -> u64 {
    answers.iter().map(|a| a.faults.n).sum()
}

fn print(base: &Path, answers: &[Answer]) -> Result<()> {
    let mut out = io::stdout().lock();
    for answer in answers {
        let faults = &answer.faults;
        match faults.n {
            0 => writeln!(out, "{:11} holds", answer.name)?,
            n => writeln!(out, "{:11} {n} {} ({})", answer.name, if n == 1 { "fault" } else { "faults" }, answer.question)?,
        }
        for example in &faults.examples {
            writeln!(out, "            - {example}")?;
        }
        if faults.n > faults.examples.len() as u64 {
            writeln!(out, "            - and {} more", faults.n - faults.examples.len() as u64)?;
        }
        if faults.n > 0 {
            writeln!(out, "            {}", answer.repair.map_or("cannot be repaired; put a backup in its place".to_owned(), |r| format!("--repair: {r}")))?;
        }
    }
    match n_faults(answers) {
        0 => writeln!(out, "{}: everything holds", base.display())?,
        n => writeln!(out, "{}: {n} faults", base.display())?,
    }
    Ok(())
}

fn print_json(base: &Path, answers: &[Answer], kept: Option<&Path>) -> Result<()> {
    let checks: Vec<_> = answers
        .iter()
        .map(|a| json!({"name": a.name, "question": a.question, "n_faults": a.faults.n, "examples": a.faults.examples, "repair": a.repair}))
        .collect();
    let whole = json!({"database": base, "n_faults": n_faults(answers), "checks": checks, "kept": kept});
    writeln!(io::stdout(), "{whole}")?;
    Ok(())
}
