//! `waqia train merge`: the learned score of pairs of reports, from news of which people said what tells one incident.

use super::reports::{self, GoldIncident, Told};
use crate::config::EngineSettings;
use crate::eval::links::{LinkScores, Linked};
use crate::ingest::intake::Documents;
use crate::lexicon::Lexicon;
use crate::merge::cluster::{Constraints, Tie, components, partition};
use crate::merge::pair::{FEATURES, Pair, Side, violence};
use crate::merge::scorer::PairScorer;
use crate::merge::sketch::DocumentSketch;
use crate::merge::train::{Example, train};
use crate::merge::words::CommonWords;
use crate::model::Record;
use crate::model::document::Article;
use anyhow::{Context, Result};
use clap::Args;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Days between publications, days by which windows may miss each other, and names in common, up to and from which pairs are looked at: as the
/// store finds candidates.
const DAYS: i32 = 60;
const SLACK: i32 = 3;
const NAMES: usize = 2;
/// Texts of other files whose words agree so far may well tell one incident after all.
const TOO_LIKE: f64 = 0.6;
/// One of so many texts must have a word for it to count as common.
const COMMON: usize = 250;

#[derive(Args, Debug)]
pub struct MergeArgs {
    /// One incident a line {"incident","gold","documents"}: it is trained on one half, by a hash of the incident, and measured on the other
    #[arg(value_name = "GOLD")]
    gold: PathBuf,
    /// Documents of which hardly any two tell one incident
    #[arg(long, value_name = "FILE")]
    apart: Vec<PathBuf>,
    /// Where to write the weights
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    engine: EngineSettings,
}

/// A report: its document, and its place in the record.
type Report = (usize, usize);

pub fn run(args: &MergeArgs) -> Result<ExitCode> {
    let lexicon = Lexicon::load(&args.engine.source()?)?;
    let incidents = reports::read(&args.gold)?;
    let told = reports::documents(&incidents);
    let records = reports::records(told.par_iter().map(|t| &t.article), &lexicon, &args.engine);
    let mut others: Vec<(Vec<Article>, Vec<Record>)> = Vec::new();
    for path in &args.apart {
        let articles: Vec<Article> = Documents::of_file(path)?.collect::<Result<_, _>>().with_context(|| format!("cannot read {}", path.display()))?;
        let records = reports::records(articles.par_iter(), &lexicon, &args.engine);
        others.push((articles, records));
    }
    let is_held_out = |t: &Told| reports::is_held_out(&incidents[t.incident].incident);
    let trained_on =
        || told.iter().filter(|t| !is_held_out(t)).map(|t| t.article.text.as_str()).chain(others.iter().flat_map(|(a, _)| a).map(|a| a.text.as_str()));
    let common = CommonWords::of(trained_on(), (trained_on().count() / COMMON).max(2) as u32);
    let sketch = |articles: &[&Article], records: &[Record]| -> Vec<DocumentSketch> {
        articles.par_iter().zip(records).map(|(a, r)| DocumentSketch::of(a.title.as_deref(), &a.text, r, &common)).collect()
    };
    let sketches = sketch(&told.iter().map(|t| &t.article).collect::<Vec<_>>(), &records);
    let best: Vec<Option<usize>> = told.iter().zip(&records).map(|(t, r)| best_report(r, &incidents[t.incident])).collect();
    let mut examples: Vec<Example> = Vec::new();
    for (a, b) in candidates(&sketches) {
        let same = told[a.0].incident == told[b.0].incident;
        let is_best = best[a.0] == Some(a.1) && best[b.0] == Some(b.1);
        if is_held_out(&told[a.0]) || is_held_out(&told[b.0]) || same && !is_best {
            continue;
        }
        examples.push(Example { pair: compare(&sketches, a, b), same });
    }
    for (articles, records) in &others {
        let sketches = sketch(&articles.iter().collect::<Vec<_>>(), records);
        let pairs = candidates(&sketches).into_iter().map(|(a, b)| compare(&sketches, a, b));
        examples.extend(pairs.filter(|pair| pair.cosine < TOO_LIKE).map(|pair| Example { pair, same: false }));
    }
    examples.retain(|e| e.pair.veto.is_none());
    let scorer = train(&examples, common.clone());
    let bytes = scorer.to_bytes();
    std::fs::write(&args.out, &bytes).with_context(|| format!("cannot write {}", args.out.display()))?;
    let mut out = io::stdout().lock();
    let n_same = examples.iter().filter(|e| e.same).count();
    writeln!(out, "{} pairs, {n_same} of them one incident; {} common words; {} bytes in {}", examples.len(), common.len(), bytes.len(), args.out.display())?;
    let weights: Vec<String> = FEATURES.iter().zip(scorer.shown()).map(|(name, weight)| format!("{name} {weight:.2}")).collect();
    writeln!(out, "bias {:.2}, {}", scorer.shown_bias(), weights.join(", "))?;
    for (name, held_out) in [("trained on", false), ("held out", true)] {
        let chosen: Vec<usize> = (0..told.len()).filter(|&n| is_held_out(&told[n]) == held_out).collect();
        writeln!(out, "{name:<10} {} documents: {}", chosen.len(), measured(&chosen, &told, &incidents, &sketches, &scorer))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The report of a record that tells the incident of its document.
fn best_report(record: &Record, incident: &GoldIncident) -> Option<usize> {
    let agreed = record.incidents.iter().map(|i| (reports::agreement(i, &incident.gold), i.confidence)).enumerate().rev();
    agreed.max_by(|(_, a), (_, b)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))).map(|(n, _)| n)
}

fn compare(sketches: &[DocumentSketch], a: Report, b: Report) -> Pair {
    let side = |r: Report| Side { document: &sketches[r.0], report: &sketches[r.0].reports[r.1] };
    Pair::of(side(a), side(b))
}

/// Pairs of reports that the store would compare.
fn candidates(sketches: &[DocumentSketch]) -> Vec<(Report, Report)> {
    let mut pairs: BTreeSet<(Report, Report)> = BTreeSet::new();
    let mut by_name: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    /// Reports of one place with their windows of days.
    type Near = Vec<(Report, (i32, i32))>;
    let mut by_place: BTreeMap<(&str, &str), Near> = BTreeMap::new();
    for (n, sketch) in sketches.iter().enumerate() {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for name in &sketch.words.keys {
            by_name.get(name).into_iter().flatten().for_each(|&other| *shared.entry(other).or_default() += 1);
            by_name.entry(*name).or_default().push(n);
        }
        let near = |other: &usize| sketch.published.zip(sketches[*other].published).is_none_or(|(a, b)| (a - b).abs() <= DAYS);
        for other in shared.into_iter().filter(|(_, names)| *names >= NAMES).map(|(other, _)| other).filter(near) {
            let all = |d: usize| (0..sketches[d].reports.len()).map(move |i| (d, i));
            pairs.extend(all(other).flat_map(|a| all(n).map(move |b| (a, b))));
        }
        for (i, report) in sketch.reports.iter().enumerate() {
            if let Some(window) = report.window.filter(|_| !report.country.is_empty()) {
                let others = by_place.entry((&report.country, violence(&report.kind))).or_default();
                let meets = |w: &(i32, i32)| w.0 - window.1 <= SLACK && window.0 - w.1 <= SLACK;
                pairs.extend(others.iter().filter(|((d, _), w)| *d != n && meets(w)).map(|(other, _)| (*other, (n, i))));
                others.push(((n, i), window));
            }
        }
    }
    pairs.into_iter().collect()
}

/// Documents sorted as the base would sort them.
fn measured(chosen: &[usize], told: &[Told], incidents: &[GoldIncident], sketches: &[DocumentSketch], scorer: &PairScorer) -> LinkScores {
    let own: Vec<DocumentSketch> = chosen.iter().map(|&n| sketches[n].clone()).collect();
    let mut all: Vec<Report> = own.iter().enumerate().flat_map(|(n, s)| (0..s.reports.len()).map(move |i| (n, i))).collect();
    all.sort_unstable();
    let link = |a: Report, b: Report| scorer.judge(&compare(&own, a, b), true);
    let at = |r: &Report| all.binary_search(r).unwrap_or_default();
    let joined = candidates(&own).into_par_iter().filter(|(a, b)| link(*a, *b).joins()).map(|(a, b)| (at(&a), at(&b))).collect::<Vec<_>>();
    let mut found: Vec<BTreeSet<String>> = vec![BTreeSet::new(); own.len()];
    for part in components(all.len(), &joined) {
        let tie = |a: usize, b: usize| {
            let (a, b) = (all[part[a]], all[part[b]]);
            if a.0 == b.0 { Tie::Never } else { link(a, b).tie() }
        };
        for cluster in partition(part.len(), tie, &Constraints::default()) {
            let reports: Vec<Report> = cluster.iter().map(|&i| all[part[i]]).collect();
            let name = format!("{:?}", reports.first());
            for report in reports.iter().filter(|r| !own[r.0].reports[r.1].background) {
                found[report.0].insert(name.clone());
            }
        }
    }
    let linked =
        chosen.iter().zip(found).map(|(&n, found)| Linked { document: told[n].uid.clone(), found, gold: incidents[told[n].incident].incident.clone() });
    LinkScores::of(&linked.collect::<Vec<_>>())
}
