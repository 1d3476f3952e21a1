//! Gold files of incidents with the documents that tell each, for training and measuring how reports are merged.

use crate::config::EngineSettings;
use crate::extract::{Input, Options, extract};
use crate::lexicon::Lexicon;
use crate::lexicon::gazetteer::kilometres;
use crate::model::document::Article;
use crate::model::id::fold_name;
use crate::model::record::Incident;
use crate::model::{Count, Record, id};
use anyhow::{Context, Result, bail};
use jiff::civil::Date;
use rayon::prelude::*;
use serde::Deserialize;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// An incident with what is known of it and the documents that tell it.
#[derive(Debug, Deserialize)]
pub struct GoldIncident {
    pub incident: String,
    pub gold: Facts,
    documents: Vec<GoldDocument>,
}

/// What is known of an incident.
#[derive(Clone, Debug, Deserialize)]
pub struct Facts {
    pub date: Date,
    #[serde(default)]
    pub state: Option<String>,
    #[serde(default)]
    pub city: Option<String>,
    pub killed: u32,
    pub injured: u32,
    #[serde(default)]
    pub lat_long: Option<(f64, f64)>,
}

#[derive(Debug, Deserialize)]
struct GoldDocument {
    id: String,
    text: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    published: Option<String>,
}

/// A document of a gold file.
#[derive(Debug)]
pub struct Told {
    pub article: Article,
    /// Id that the base gives it.
    pub uid: String,
    /// The incident that it tells: place in the list of incidents.
    pub incident: usize,
}

/// The documents of all incidents, each text once.
pub fn documents(incidents: &[GoldIncident]) -> Vec<Told> {
    let mut seen = std::collections::BTreeSet::new();
    let mut told = Vec::new();
    for (n, incident) in incidents.iter().enumerate() {
        for d in &incident.documents {
            let text = d.text.replace('\0', "\u{fffd}");
            let uid = id::document(&id::sha256(&text));
            let published = d.published.as_deref().and_then(|p| p.get(..10)?.parse().ok());
            if seen.insert(uid.clone()) {
                let article =
                    Article { id: Some(d.id.clone()), title: d.title.clone(), text, published, media_type: "text/plain".to_owned(), ..Article::default() };
                told.push(Told { article, uid, incident: n });
            }
        }
    }
    told
}

/// Reads a gold file.
pub fn read(path: &Path) -> Result<Vec<GoldIncident>> {
    let failed = || format!("cannot read {}", path.display());
    let mut incidents = Vec::new();
    for (n, line) in (1..).zip(BufReader::new(File::open(path).with_context(failed)?).lines()) {
        let line = line.with_context(failed)?;
        if !line.trim().is_empty() {
            let read = serde_json::from_str(&line);
            incidents.push(read.with_context(|| format!("{}, line {n}, is not an incident with its gold and its documents", path.display()))?);
        }
    }
    if incidents.is_empty() {
        bail!("{} holds no incident", path.display());
    }
    Ok(incidents)
}

/// Whether an incident is in the half that nothing is trained on: by a hash of its id, so that it stays there.
pub fn is_held_out(incident: &str) -> bool {
    id::sha256(incident).bytes().last().is_some_and(|digit| !digit.is_multiple_of(2))
}

/// The records of articles.
pub fn records<'a>(articles: impl ParallelIterator<Item = &'a Article>, lexicon: &Lexicon, engine: &EngineSettings) -> Vec<Record> {
    let options = Options { models: !engine.no_models, ..Options::default() };
    articles
        .map(|a| extract(&Input { id: a.id.as_deref().unwrap_or(""), text: &a.text, published: a.published, title: a.title.as_deref() }, lexicon, &options))
        .collect()
}

/// How well one report agrees with what is known, for choosing among the reports of one document.
pub fn agreement(report: &Incident, gold: &Facts) -> f64 {
    let mut score = 0.0;
    if let Some(date) = report.date.filter(|d| (d.start..=d.end).contains(&gold.date)) {
        score += if date.start == date.end { 2.0 } else { 1.0 };
    }
    if let Some(place) = &report.place {
        let is = |name: Option<&str>, wanted: Option<&String>| name.zip(wanted).is_some_and(|(a, b)| fold_name(a) == fold_name(b));
        let near = place.latitude.zip(place.longitude).zip(gold.lat_long).is_some_and(|(a, b)| kilometres(a, b) < 25.0);
        if [Some(place.name.as_str()), place.admin2.as_deref(), Some(place.mention.as_str())].into_iter().any(|name| is(name, gold.city.as_ref())) {
            score += 2.0;
        } else if near {
            score += 1.5;
        } else if is(place.admin1.as_deref(), gold.state.as_ref()) {
            score += 0.5;
        }
    }
    for (told, known) in [(report.killed, gold.killed), (report.injured, gold.injured)] {
        score += told.and_then(Count::figure).map_or(0.0, |n| if n == known { 1.0 } else { -0.25 });
    }
    score + if report.kind.starts_with("attack.") { 0.25 } else { 0.0 }
}
