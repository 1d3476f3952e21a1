//! `waqia train relevance`: the learned part of codebooks, from texts of which people said whether they are wanted.

use crate::codebook::train::{Example, train};
use crate::codebook::{Head, Scorer, apply};
use crate::config::EngineSettings;
use crate::extract::{Input, Options, extract};
use crate::ingest::intake::Documents;
use crate::lexicon::Lexicon;
use crate::lexicon::codebooks::Codebook;
use crate::model::Record;
use anyhow::{Context, Result, bail};
use clap::Args;
use rayon::prelude::*;
use serde::Deserialize;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct RelevanceArgs {
    /// One document {"id","text","published","title"} per line with the gold beside it: "relevant", true or false, and "labels", any of armed_assault, bombing_explosion, kidnapping and others
    #[arg(value_name = "GOLD")]
    gold: PathBuf,
    /// Where to write the weights
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Folds of the cross-validation; texts that begin alike are in one fold. 0 leaves it out
    #[arg(long, default_value_t = 5, value_name = "N")]
    folds: u64,
    /// Where to write the records of all texts, each filtered by weights and thresholds that were trained without its fold
    #[arg(long, value_name = "FILE")]
    out_of_fold: Option<PathBuf>,
    /// The codebook whose written criteria hold before the learned part
    #[arg(long, default_value = "attacks", value_name = "NAME")]
    codebook: String,
    #[command(flatten)]
    engine: EngineSettings,
}

/// What people said of a text.
#[derive(Debug, Deserialize)]
struct Gold {
    relevant: bool,
    #[serde(default)]
    labels: Option<Vec<String>>,
}

/// A text with all that training looks at.
struct Text {
    text: String,
    gold: Gold,
    record: Record,
    example: Example,
}

pub fn run(args: &RelevanceArgs) -> Result<ExitCode> {
    let lexicon = Lexicon::load(&args.engine.source()?)?;
    let codebook = super::codebook(&lexicon, &args.codebook)?;
    let texts = read(&args.gold, &lexicon, codebook)?;
    let mut out = io::stdout().lock();
    let all: Vec<&Example> = texts.iter().map(|t| &t.example).collect();
    if args.folds > 1 {
        let records = out_of_fold(&texts, codebook, args.folds);
        writeln!(out, "{} texts, {} folds, each scored by what was trained on the others:\n{}", texts.len(), args.folds, table(&texts, &records))?;
        if let Some(path) = &args.out_of_fold {
            write_records(path, &records).with_context(|| format!("cannot write {}", path.display()))?;
        }
    } else if args.out_of_fold.is_some() {
        bail!("--out-of-fold needs --folds of 2 or more");
    }
    let scorer = train(&all);
    let bytes = scorer.to_bytes();
    std::fs::write(&args.out, &bytes).with_context(|| format!("cannot write {}", args.out.display()))?;
    let records: Vec<Record> = texts.par_iter().map(|text| filtered(text, codebook, &scorer)).collect();
    writeln!(out, "trained on all, {} bytes in {}; on the training texts themselves:\n{}", bytes.len(), args.out.display(), table(&texts, &records))?;
    Ok(ExitCode::SUCCESS)
}

/// Reads the gold file and lets the engine read its texts.
fn read(path: &Path, lexicon: &Lexicon, codebook: &Codebook) -> Result<Vec<Text>> {
    let failed = || format!("cannot read {}", path.display());
    let lines: Vec<String> = BufReader::new(File::open(path).with_context(failed)?).lines().collect::<Result<_, _>>().with_context(failed)?;
    let golds = lines.iter().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    let golds: Vec<Gold> = golds.map(|(line, n)| serde_json::from_str(line).with_context(|| format!("{}, line {n}", path.display()))).collect::<Result<_>>()?;
    let articles: Vec<_> = Documents::of_file(path).with_context(failed)?.collect::<Result<_, _>>()?;
    if golds.len() != articles.len() || golds.is_empty() {
        bail!("{} must hold one document a line, each with its gold", path.display());
    }
    let pairs: Vec<_> = golds.into_iter().zip(articles).collect();
    let text = |(gold, article): (Gold, crate::model::document::Article)| {
        let input = Input { id: article.id.as_deref().unwrap_or(""), text: &article.text, published: article.published, title: article.title.as_deref() };
        let record = extract(&input, lexicon, &Options::default());
        let example = Example::new(&article.text, &record, codebook, gold.relevant, gold.labels.as_deref().unwrap_or_default());
        Text { text: article.text, gold, record, example }
    };
    Ok(pairs.into_par_iter().map(text).collect())
}

/// The records of all texts, each as a scorer leaves it that was trained without the text's fold.
fn out_of_fold(texts: &[Text], codebook: &Codebook, folds: u64) -> Vec<Record> {
    let scorers: Vec<Scorer> =
        (0..folds).into_par_iter().map(|fold| train(&texts.iter().map(|t| &t.example).filter(|e| e.fold(folds, 0) != fold).collect::<Vec<_>>())).collect();
    texts.par_iter().filter_map(|text| scorers.get(text.example.fold(folds, 0) as usize).map(|scorer| filtered(text, codebook, scorer))).collect()
}

fn filtered(text: &Text, codebook: &Codebook, scorer: &Scorer) -> Record {
    let mut record = text.record.clone();
    apply(&mut record, &text.text, codebook, Some(scorer));
    record
}

fn write_records(path: &Path, records: &[Record]) -> Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    for record in records {
        serde_json::to_writer(&mut out, record)?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

/// Precision, recall and F1 of the texts with any incident, of each type, and of the types together.
fn table(texts: &[Text], records: &[Record]) -> String {
    let mut rows = Head::ALL.map(|head| (head.name(), [0usize; 3])).to_vec();
    for (text, record) in texts.iter().zip(records) {
        let labels = text.gold.labels.as_deref().unwrap_or_default();
        for (head, (name, row)) in Head::ALL.into_iter().zip(&mut rows) {
            let relevance = head == Head::Relevance;
            let told = record.incidents.iter().any(|i| relevance || Head::of_type(&i.kind) == head);
            let wanted = if relevance { text.gold.relevant } else { labels.iter().any(|l| l == name) };
            [told && wanted, told, wanted].iter().zip(row).for_each(|(yes, n)| *n += usize::from(*yes));
        }
    }
    let types = rows.iter().skip(1).fold([0; 3], |sum, (_, row)| std::array::from_fn(|i| sum[i] + row[i]));
    rows.push(("types together", types));
    let line = |(name, [hits, told, wanted]): &(&str, [usize; 3])| {
        let share = |n: usize| 100.0 * *hits as f64 / n.max(1) as f64;
        let f1 = 200.0 * *hits as f64 / (told + wanted).max(1) as f64;
        format!("{name:<18} P {:>5.1}  R {:>5.1}  F1 {f1:>5.1}   (hit {hits}, predicted {told}, gold {wanted})", share(*told), share(*wanted))
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}
