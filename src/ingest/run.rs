//! Articles in, stored incidents out: extraction by all cores, storing in the order of the articles, one transaction a batch.

use super::actors;
use super::batch::{Batch, Extracted, Item, State};
use super::cluster;
use super::places;
use super::read::ReadError;
use super::sketch::{self, Sketched};
use crate::clock::{Clock, Stopwatch};
use crate::extract::Stop;
use crate::lexicon::Lexicon;
use crate::merge;
use crate::merge::duplicate::{self, Text};
use crate::merge::scorer::PackError;
use crate::model::correction::Corrected;
use crate::model::document::{Article, NewDocument};
use crate::model::job::{JobError, JobStep};
use crate::model::plan::Verdict;
use crate::model::record::PlaceName;
use crate::model::{Record, id};
use crate::store::{Contents, DocumentKey, IncidentKey, NewReport, Placed, Settled, Store, StoreError, Trouble, Writer};
use jiff::Timestamp;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// How a run goes.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Time that all changes are dated with.
    pub now: Timestamp,
    /// Who sends the documents; goes into the log of changes.
    pub who: String,
    /// Whether learned scorers take part beside the rules.
    pub models: bool,
    /// Longest text, in bytes; longer ones fail.
    pub max_text: usize,
    /// Whether texts that were withdrawn are taken in again.
    pub restore: bool,
    /// Documents in one transaction. Larger ones are faster, and keep other writers waiting longer.
    pub batch: usize,
    /// The job that the run is: how far it is is stored with each batch.
    pub job: Option<JobRun>,
}

/// A run whose progress is kept.
#[derive(Clone, Copy, Debug)]
pub struct JobRun {
    /// Number of the job.
    pub number: i64,
    /// Documents that earlier runs of it saw to.
    pub first: u64,
    /// How long these took, in milliseconds.
    pub worked_ms: u64,
    /// Begun with this run.
    pub watch: Stopwatch,
    /// The time; a job may go on for hours.
    pub clock: Clock,
}

impl JobRun {
    /// What these documents, the last of the run so far, add to the job.
    fn step(&self, done: &[Ingested]) -> JobStep {
        let place = |one: &Ingested| self.first + one.index as u64;
        let n = |wanted: fn(&Outcome) -> bool| done.iter().filter(|one| wanted(&one.outcome)).count() as u64;
        let failed = done.iter().filter_map(|one| match &one.outcome {
            Outcome::Failed { problem } => Some(JobError { index: place(one), document: one.name.clone(), problem: problem.clone() }),
            _ => None,
        });
        JobStep {
            position: done.last().map_or(self.first, |one| place(one) + 1) as i64,
            n_done: done.len() as u64,
            n_new: n(|o| matches!(o, Outcome::Stored { .. })),
            n_existing: n(|o| matches!(o, Outcome::Existing { .. })),
            worked_ms: self.worked_ms + self.watch.elapsed().as_millis() as u64,
            failed: failed.collect(),
            result: None,
        }
    }
}

impl Settings {
    /// Batches of 200, with the models, texts of 1 MiB at most.
    pub fn new(now: Timestamp, who: impl Into<String>) -> Self {
        Self { now, who: who.into(), models: true, max_text: 1 << 20, restore: false, batch: 200, job: None }
    }

    /// The time that a batch is dated with.
    fn now(&self) -> Timestamp {
        self.job.map_or(self.now, |job| job.clock.now())
    }
}

/// What became of one article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ingested {
    /// Place in the run, from 0.
    pub index: usize,
    /// Id that the sender gave it.
    pub name: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of one article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Stored.
    Stored {
        /// Id of the document.
        document: String,
        /// Incidents that it is the first to report.
        n_new: usize,
        /// Incidents known before that it reports.
        n_merged: usize,
        /// The earlier document that says the same in nearly the same words.
        near_duplicate_of: Option<String>,
    },
    /// The same text is stored already.
    Existing {
        /// Id of the document.
        document: String,
    },
    /// Not stored, and why.
    Failed {
        /// In words.
        problem: String,
    },
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Articles seen to.
    pub n_done: usize,
    /// Of them stored.
    pub n_new: usize,
    /// Of them stored before.
    pub n_existing: usize,
    /// Of them failed.
    pub n_failed: usize,
}

/// A run that cannot go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// The base fails; batches before it are stored.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A folder of documents cannot be read.
    #[error("cannot read the documents in {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The weights of merging cannot be unpacked.
    #[error(transparent)]
    Weights(#[from] PackError),
    /// The extraction was ended from outside.
    #[error("the extraction was stopped")]
    Stopped,
}

impl IngestError {
    /// Whether trying again later may help.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Store(error) if matches!(error.trouble(), Trouble::Busy | Trouble::Full | Trouble::ReadOnly | Trouble::OutOfTime))
    }
}

/// Reads and stores articles; what cannot be read costs itself, not the run. `progress` is told after each batch.
///
/// # Errors
/// When the base fails; batches that were stored stay stored.
pub async fn documents(
    store: &Store,
    lexicon: Arc<Lexicon>,
    articles: impl IntoIterator<Item = Result<Article, ReadError>>,
    settings: &Settings,
    mut progress: impl FnMut(&Progress),
) -> Result<Vec<Ingested>, IngestError> {
    let mut all = Vec::new();
    each_batch(store, lexicon, articles, settings, async |so_far, done| {
        progress(so_far);
        all.extend(done);
        Ok(ControlFlow::Continue(()))
    })
    .await?;
    Ok(all)
}

/// The same for any number of articles: `told` gets what became of each batch, and may end the run.
///
/// # Errors
/// When the base fails, or `told` does; batches that were stored stay stored.
pub async fn each_batch(
    store: &Store,
    lexicon: Arc<Lexicon>,
    articles: impl IntoIterator<Item = Result<Article, ReadError>>,
    settings: &Settings,
    mut told: impl AsyncFnMut(&Progress, Vec<Ingested>) -> Result<ControlFlow<()>, IngestError>,
) -> Result<Progress, IngestError> {
    let mut so_far = Progress::default();
    let mut articles = articles.into_iter().enumerate();
    let mut next = || articles.by_ref().take(settings.batch.max(1)).collect::<Vec<_>>();
    let mut under_way = read_ahead(store, &lexicon, next(), settings);
    while let Some(reading) = under_way {
        let batch = reading.await.map_err(|_| IngestError::Stopped)??;
        // While this batch is stored, the next one is read.
        under_way = read_ahead(store, &lexicon, next(), settings);
        let done = store_batch(store, &lexicon, batch, settings).await?;
        for one in &done {
            so_far.n_done += 1;
            match one.outcome {
                Outcome::Stored { .. } => so_far.n_new += 1,
                Outcome::Existing { .. } => so_far.n_existing += 1,
                Outcome::Failed { .. } => so_far.n_failed += 1,
            }
        }
        if told(&so_far, done).await?.is_break() {
            break;
        }
    }
    Ok(so_far)
}

/// Begins to read a batch beside whatever else is done; None where there is nothing to read.
fn read_ahead(
    store: &Store,
    lexicon: &Arc<Lexicon>,
    articles: Vec<(usize, Result<Article, ReadError>)>,
    settings: &Settings,
) -> Option<JoinHandle<Result<Batch, IngestError>>> {
    if articles.is_empty() {
        return None;
    }
    let (store, lexicon, settings) = (store.clone(), Arc::clone(lexicon), settings.clone());
    Some(tokio::spawn(async move {
        let mut batch = Batch::new(articles, &settings);
        batch.look_up(&store, settings.restore).await?;
        let read = tokio::task::spawn_blocking(move || {
            batch.items.par_iter_mut().for_each(|item| item.read(&lexicon, settings.models, &Stop::new()));
            batch
        });
        read.await.map_err(|_| IngestError::Stopped)
    }))
}

/// Stores what was read of a batch, in one transaction, and tells what became of each article. Nothing is written where all are done.
///
/// # Errors
/// When the base fails; then nothing of the batch is stored.
pub async fn store_batch(store: &Store, lexicon: &Lexicon, batch: Batch, settings: &Settings) -> Result<Vec<Ingested>, IngestError> {
    if batch.is_done() {
        let done: Vec<Ingested> = batch.items.into_iter().map(Item::into_done).collect();
        if let Some(job) = &settings.job {
            store.advance_job(job.number, &job.step(&done), settings.now()).await?;
        }
        return Ok(done);
    }
    let mut writer = store.write(settings.now(), &settings.who).await?;
    let mut items = batch.items;
    let (mut places, mut read) = (Vec::new(), Vec::new());
    for (place, item) in items.iter().enumerate() {
        if let State::Read(extracted) = &item.state {
            places.push(place);
            read.push(extracted.as_ref());
        }
    }
    let outcomes = store_all(&mut writer, &read, lexicon, settings.models).await?;
    for (place, outcome) in places.into_iter().zip(outcomes) {
        items[place].state = State::Done(outcome);
    }
    let done: Vec<Ingested> = items.into_iter().map(Item::into_done).collect();
    if let Some(job) = &settings.job {
        writer.advance_job(job.number, &job.step(&done)).await?;
    }
    writer.commit().await?;
    Ok(done)
}

/// Stores what the engine, here or elsewhere, found in one article.
///
/// # Errors
/// When the base fails; then the writer is to be dropped.
pub async fn record(writer: &mut Writer, article: Article, record: Record, lexicon: &Lexicon) -> Result<Outcome, IngestError> {
    let sha256 = id::sha256(&article.text);
    let extracted = Extracted::new(article, sha256, record)?;
    let outcome = store_all(writer, &[&extracted], lexicon, true).await?.pop();
    Ok(outcome.unwrap_or(Outcome::Failed { problem: "was not stored".to_owned() }))
}

/// Stores what was read of several articles, step by step for all of them; tells what became of each.
async fn store_all(writer: &mut Writer, read: &[&Extracted], lexicon: &Lexicon, learned: bool) -> Result<Vec<Outcome>, IngestError> {
    make_room(writer, read, lexicon).await?;
    let (new, mut outcomes) = told_apart(writer, read).await?;
    let copied = near_duplicates(writer, &new).await?;
    let documents: Vec<NewDocument<'_>> = new.iter().zip(&copied).map(|(e, original)| e.as_new(original.clone())).collect();
    let keys = writer.add_documents(&documents).await?;
    mention_places(writer, &new, &keys, lexicon).await?;
    let told: Vec<(&DocumentKey, &Record)> = keys.iter().zip(&new).map(|(key, e)| (key, &e.record)).collect();
    let actors = actors::who_is_who(writer, &told).await?;
    let contents = writer.add_contents(told.iter().zip(actors).map(|(&(key, record), actors)| (key, record, actors)).collect()).await?;
    let stored: Vec<Stored<'_>> = new.iter().zip(&keys).zip(&contents).map(|((extracted, key), contents)| Stored { extracted, key, contents }).collect();
    let n_new = place(writer, &stored, lexicon, learned).await?;
    for ((stored, n_new), near_duplicate_of) in stored.iter().zip(n_new).zip(copied) {
        let n_merged = stored.extracted.record.incidents.len() - n_new;
        outcomes.insert(&stored.key.sha256, Outcome::Stored { document: stored.key.uid.clone(), n_new, n_merged, near_duplicate_of });
    }
    Ok(read.iter().map(|e| outcomes.remove(e.sha256.as_str()).unwrap_or_else(|| Outcome::Existing { document: id::document(&e.sha256) })).collect())
}

/// What is left of withdrawn documents goes where their texts are taken in again.
async fn make_room(writer: &mut Writer, read: &[&Extracted], lexicon: &Lexicon) -> Result<(), IngestError> {
    let hashes: Vec<&str> = read.iter().map(|e| e.sha256.as_str()).collect();
    for document in writer.withdrawn_documents(&hashes).await? {
        super::withdraw::make_room(writer, &document, lexicon).await?;
    }
    Ok(())
}

/// Those whose text the base does not have, the first of equal texts; and what became of the others, by the hash of the text.
async fn told_apart<'e>(writer: &mut Writer, read: &[&'e Extracted]) -> Result<(Vec<&'e Extracted>, BTreeMap<&'e str, Outcome>), IngestError> {
    let hashes: Vec<&str> = read.iter().map(|e| e.sha256.as_str()).collect();
    let stored = writer.find_documents(&hashes).await?;
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let (mut new, mut outcomes) = (Vec::new(), BTreeMap::new());
    for &extracted in read {
        let hash = extracted.sha256.as_str();
        match stored.get(hash) {
            Some(document) => drop(outcomes.insert(hash, Outcome::Existing { document: document.clone() })),
            None if seen.insert(hash) => new.push(extracted),
            None => {}
        }
    }
    Ok((new, outcomes))
}

/// For each text the id of the earliest that says the same in nearly the same words, of the base or before it in the list.
async fn near_duplicates(writer: &mut Writer, new: &[&Extracted]) -> Result<Vec<Option<String>>, IngestError> {
    let bands: Vec<Vec<u32>> = new.iter().map(|e| e.bands.clone()).collect();
    let stored = writer.similar_documents(&bands).await?;
    let mut earlier: BTreeMap<(usize, u32), Vec<usize>> = BTreeMap::new();
    let mut found = Vec::with_capacity(new.len());
    for (place, (extracted, stored)) in new.iter().zip(stored).enumerate() {
        let own = Text { signature: &extracted.signature, length: extracted.article.text.chars().count() };
        let repeats = |signature: &[u32], length: usize| duplicate::is_near_duplicate(own, Text { signature, length });
        let bands = || extracted.bands.iter().copied().enumerate();
        let of_base = stored.into_iter().find(|s| repeats(&s.signature, s.n_chars as usize)).map(|s| s.uid);
        let of_list = || {
            bands().filter_map(|band| earlier.get(&band)).flatten().copied().filter(|&e| repeats(&new[e].signature, new[e].article.text.chars().count())).min()
        };
        found.push(of_base.or_else(|| of_list().map(|e| id::document(&new[e].sha256))));
        bands().for_each(|band| earlier.entry(band).or_default().push(place));
    }
    Ok(found)
}

/// A document that is stored, and whose reports are not.
#[derive(Clone, Copy)]
struct Stored<'d> {
    extracted: &'d Extracted,
    key: &'d DocumentKey,
    contents: &'d Contents,
}

/// Stores the reports of new documents, gives them their incidents, and makes these anew. Gives of each document of how many incidents it is the
/// first to tell.
async fn place(writer: &mut Writer, new: &[Stored<'_>], lexicon: &Lexicon, learned: bool) -> Result<Vec<usize>, IngestError> {
    let uids: Vec<Vec<String>> = new.iter().map(|s| id::reports(&s.key.sha256, &s.extracted.record.incidents)).collect();
    let mut reports: Vec<NewReport<'_>> = Vec::new();
    for (stored, uids) in new.iter().zip(&uids) {
        let record = &stored.extracted.record;
        let told = record.incidents.iter().zip(uids).enumerate();
        reports.extend(told.map(|(index, (incident, uid))| NewReport { document: stored.key, index, uid, incident, voices: merge::voices(record, index) }));
    }
    let numbers = writer.add_reports(&reports).await?;
    let mut left = numbers.as_slice();
    let mut of_document: Vec<&[i64]> = Vec::with_capacity(new.len());
    for stored in new {
        let (own, rest) = left.split_at(stored.extracted.record.incidents.len().min(left.len()));
        of_document.push(own);
        left = rest;
    }
    let sketched = new.iter().zip(&of_document).map(|(s, reports)| Sketched { document: s.key.number(), reports, sketch: &s.extracted.sketch });
    let compared = sketch::compare(writer, &sketched.collect::<Vec<_>>(), learned).await?;
    let why = reported_by(new.iter().map(|s| s.key.uid.as_str()));
    let sorted = cluster::sort(writer, &numbers.iter().copied().collect(), &compared, &why, learned).await?;
    let mut placed: Vec<Placed<'_>> = Vec::with_capacity(numbers.len());
    for (stored, numbers) in new.iter().zip(&of_document) {
        for (&report, incident) in numbers.iter().zip(&stored.extracted.record.incidents) {
            let Some((key, decision)) = sorted.placed.get(&report) else {
                return Err(StoreError::Conflict { what: "place a report", problem: format!("report {report} has no incident") }.into());
            };
            placed.push(Placed { document: stored.key, contents: stored.contents, report, incident, key, decision: Some(decision) });
        }
    }
    writer.add_details(&placed).await?;
    let mut by_incident: BTreeMap<&IncidentKey, Vec<&str>> = BTreeMap::new();
    for one in &placed {
        by_incident.entry(one.key).or_default().push(&one.document.uid);
    }
    settle_each(writer, &sorted.incidents, lexicon, |key| by_incident.get(key).map_or_else(|| why.clone(), |by| reported_by(by.iter().copied()))).await?;
    let mut n_new = Vec::with_capacity(new.len());
    for stored in new {
        let own: Vec<&Placed<'_>> = placed.iter().filter(|p| p.document == stored.key).collect();
        let keys: Vec<IncidentKey> = own.iter().map(|p| p.key.clone()).collect();
        writer.link(&stored.extracted.record, stored.contents, &keys).await?;
        n_new.push(own.iter().filter(|p| p.decision.is_some_and(|d| d.verdict == Verdict::New)).count());
    }
    Ok(n_new)
}

/// Why an incident changes: the documents that tell of it.
fn reported_by<'d>(documents: impl Iterator<Item = &'d str>) -> String {
    let mut named: Vec<&str> = documents.collect();
    named.dedup();
    match named.as_slice() {
        [] => "reported by no document".to_owned(),
        [one] => format!("reported by {one}"),
        [one, rest @ ..] => format!("reported by {one} and {} more", rest.len()),
    }
}

/// Makes incidents of all their reports and corrections again; each key stands in the list once.
///
/// # Errors
/// When the base fails; then the writer is to be dropped.
pub async fn settle(writer: &mut Writer, keys: Vec<IncidentKey>, lexicon: &Lexicon, why: &str) -> Result<(), IngestError> {
    settle_each(writer, &keys, lexicon, |_| why.to_owned()).await
}

/// The same, each incident with its own reason.
async fn settle_each(writer: &mut Writer, keys: &[IncidentKey], lexicon: &Lexicon, why: impl Fn(&IncidentKey) -> String) -> Result<(), IngestError> {
    let reports = writer.reports(keys).await?;
    let mut corrections = writer.corrections(keys).await?;
    let (mut settled, mut chains, mut reviews) = (Vec::with_capacity(keys.len()), Vec::with_capacity(keys.len()), Vec::new());
    for (key, reports) in keys.iter().zip(reports) {
        let corrections = corrections.remove(key).unwrap_or_default();
        let Some(Corrected { state, place, contradictions }) = merge::settled(&reports, &corrections) else { continue };
        chains.push(place.as_ref().map(|place| places::chain_of(place, &lexicon.gazetteer)).unwrap_or_default());
        if !corrections.is_empty() {
            reviews.push((key.clone(), corrections, contradictions));
        }
        settled.push(Settled { key: key.clone(), state, place: None, reports, why: why(key) });
    }
    for (one, place) in settled.iter_mut().zip(writer.add_places(&chains).await?) {
        one.place = place;
    }
    writer.settle_all(&settled).await?;
    for (key, corrections, contradictions) in reviews {
        writer.set_reviews(&key, &corrections, &contradictions).await?;
    }
    Ok(())
}

pub(super) async fn mention_places(writer: &mut Writer, read: &[&Extracted], documents: &[DocumentKey], lexicon: &Lexicon) -> Result<(), IngestError> {
    let (mut chains, mut counted) = (Vec::new(), Vec::new());
    for (extracted, document) in read.iter().zip(documents) {
        let mut counts: BTreeMap<&str, (u32, &PlaceName)> = BTreeMap::new();
        for place in &extracted.record.places {
            if let Some(key) = place.gazetteer.as_deref() {
                counts.entry(key).or_insert((0, place)).0 += 1;
            }
        }
        for (n, place) in counts.into_values() {
            let Some(chain) = places::mentioned(place, &lexicon.gazetteer) else { continue };
            chains.push(chain);
            counted.push((document, n));
        }
    }
    let keys = writer.add_places(&chains).await?;
    let mentions: Vec<_> = keys.into_iter().zip(counted).filter_map(|(place, (document, n))| Some((document, place?, n))).collect();
    Ok(writer.add_place_mentions(&mentions).await?)
}
