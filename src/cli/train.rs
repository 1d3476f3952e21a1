//! `waqia train`: the learned parts of the engine, from folders that are not part of the project.

use super::train_merge::{self, MergeArgs};
use super::train_relevance::{self, RelevanceArgs};
use crate::text::train::{Score, Sentence, evaluate, read_treebank, train};
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct TrainArgs {
    #[command(subcommand)]
    command: TrainCommand,
}

#[derive(Debug, Subcommand)]
enum TrainCommand {
    /// Train the part-of-speech tagger on treebanks and measure it
    Tagger(TaggerArgs),
    /// Train the relevance by which learned codebooks choose incidents, and measure it
    Relevance(RelevanceArgs),
    /// Train the score by which reports of several documents are merged, and measure it
    Merge(MergeArgs),
}

#[derive(Args, Debug)]
struct TaggerArgs {
    /// Folder of treebanks: it is trained on *-train.tsv and measured on *-dev.tsv and *-test.tsv
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Where to write the weights
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Passes over the sentences
    #[arg(long, default_value_t = 8, value_name = "N")]
    epochs: usize,
    /// Order of the sentences; the same number gives the same weights
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
}

pub fn run(args: &TrainArgs) -> Result<ExitCode> {
    match &args.command {
        TrainCommand::Tagger(args) => tagger(args),
        TrainCommand::Relevance(args) => train_relevance::run(args),
        TrainCommand::Merge(args) => train_merge::run(args),
    }
}

fn tagger(args: &TaggerArgs) -> Result<ExitCode> {
    let treebanks = treebanks(&args.folder)?;
    let is = |name: &str, endings: &[&str]| endings.iter().any(|e| name.ends_with(e));
    let training: Vec<Sentence> = treebanks.iter().filter(|(name, _)| is(name, &["-train.tsv"])).flat_map(|(_, sentences)| sentences.clone()).collect();
    if training.is_empty() {
        bail!("{} holds no treebank whose name ends in -train.tsv", args.folder.display());
    }
    let tagger = train(&training, args.epochs, args.seed);
    let bytes = tagger.to_bytes();
    std::fs::write(&args.out, &bytes).with_context(|| format!("cannot write {}", args.out.display()))?;
    let mut out = io::stdout().lock();
    writeln!(out, "{} sentences, {} epochs, {} bytes in {}", training.len(), args.epochs, bytes.len(), args.out.display())?;
    writeln!(out, "{:<28} {:>8} {:>7} {:>7} {:>15}", "treebank", "tokens", "XPOS", "lemma", "XPOS upper case")?;
    for (name, sentences) in treebanks.iter().filter(|(name, _)| is(name, &["-dev.tsv", "-test.tsv"])) {
        let Score { n_tokens, xpos, lemma, .. } = evaluate(&tagger, sentences, str::to_owned);
        let upper = evaluate(&tagger, sentences, str::to_uppercase).xpos;
        writeln!(out, "{name:<28} {n_tokens:>8} {:>7.2} {:>7.2} {:>15.2}", xpos * 100.0, lemma * 100.0, upper * 100.0)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The treebanks of a folder by name.
fn treebanks(folder: &Path) -> Result<Vec<(String, Vec<Sentence>)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read the folder {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "tsv") {
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            found.push((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), read_treebank(&text)));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found)
}
