//! Articles in, stored incidents out: extraction by all cores, storing in the order of the articles, one transaction a batch.

use super::actors;
use super::batch::{Batch, Extracted, Item, State};
use super::places;
use super::read::ReadError;
use crate::extract::Stop;
use crate::lexicon::Lexicon;
use crate::merge::{self, CasualtyPolicy, duplicate};
use crate::model::document::{Article, NewDocument};
use crate::model::plan::Verdict;
use crate::model::{Record, id};
use crate::store::{DocumentKey, IncidentKey, NewReport, Store, StoreError, Writer};
use jiff::Timestamp;
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

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
    /// Documents in one transaction. Larger ones are faster, and keep other writers waiting longer.
    pub batch: usize,
}

impl Settings {
    /// Batches of 200, with the models, texts of 1 MiB at most.
    pub fn new(now: Timestamp, who: impl Into<String>) -> Self {
        Self { now, who: who.into(), models: true, max_text: 1 << 20, batch: 200 }
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
    /// The extraction was ended from outside.
    #[error("the extraction was stopped")]
    Stopped,
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
    let mut so_far = Progress::default();
    let mut articles = articles.into_iter().enumerate();
    loop {
        let batch: Vec<_> = articles.by_ref().take(settings.batch.max(1)).collect();
        if batch.is_empty() {
            return Ok(all);
        }
        let done = read_and_store(store, &lexicon, batch, settings).await?;
        for one in &done {
            so_far.n_done += 1;
            match one.outcome {
                Outcome::Stored { .. } => so_far.n_new += 1,
                Outcome::Existing { .. } => so_far.n_existing += 1,
                Outcome::Failed { .. } => so_far.n_failed += 1,
            }
        }
        all.extend(done);
        progress(&so_far);
    }
}

async fn read_and_store(
    store: &Store,
    lexicon: &Arc<Lexicon>,
    articles: Vec<(usize, Result<Article, ReadError>)>,
    settings: &Settings,
) -> Result<Vec<Ingested>, IngestError> {
    let mut batch = Batch::new(articles, settings);
    batch.look_up(store).await?;
    let (for_reading, models) = (Arc::clone(lexicon), settings.models);
    let read = tokio::task::spawn_blocking(move || {
        batch.items.par_iter_mut().for_each(|item| item.read(&for_reading, models, &Stop::new()));
        batch
    });
    store_batch(store, lexicon, read.await.map_err(|_| IngestError::Stopped)?, settings).await
}

/// Stores what was read of a batch, in one transaction, and tells what became of each article. Nothing is written where all are done.
///
/// # Errors
/// When the base fails; then nothing of the batch is stored.
pub async fn store_batch(store: &Store, lexicon: &Lexicon, batch: Batch, settings: &Settings) -> Result<Vec<Ingested>, IngestError> {
    if batch.is_done() {
        return Ok(batch.items.into_iter().map(Item::into_done).collect());
    }
    let mut writer = store.write(settings.now, &settings.who).await?;
    let mut done = Vec::with_capacity(batch.items.len());
    for mut item in batch.items {
        if let State::Read(extracted) = &item.state {
            let outcome = store_one(&mut writer, extracted, lexicon).await?;
            item.state = State::Done(outcome);
        }
        done.push(item.into_done());
    }
    writer.commit().await?;
    Ok(done)
}

/// Stores what the engine, here or elsewhere, found in one article.
///
/// # Errors
/// When the base fails; then the writer is to be dropped.
pub async fn record(writer: &mut Writer, article: Article, record: Record, lexicon: &Lexicon) -> Result<Outcome, IngestError> {
    let (sha256, signature) = (id::sha256(&article.text), duplicate::signature(&article.text));
    store_one(writer, &Extracted { article, sha256, record, signature }, lexicon).await
}

async fn store_one(writer: &mut Writer, extracted: &Extracted, lexicon: &Lexicon) -> Result<Outcome, IngestError> {
    let Extracted { article, sha256, record, signature } = extracted;
    if let Some(document) = writer.find_document(sha256).await? {
        return Ok(Outcome::Existing { document });
    }
    let bands = duplicate::bands(signature);
    let similar = writer.similar_documents(&bands).await?;
    let near_duplicate_of = similar.into_iter().find(|(_, other)| duplicate::is_near_duplicate(signature, other)).map(|(uid, _)| uid);
    let new = NewDocument { article, sha256, record, signature, bands: &bands, near_duplicate_of: near_duplicate_of.clone() };
    let document = writer.add_document(&new).await?;
    mention_places(writer, &document, record, lexicon).await?;
    let (n_new, n_merged) = store_incidents(writer, &document, record, lexicon).await?;
    Ok(Outcome::Stored { document: document.uid, n_new, n_merged, near_duplicate_of })
}

/// Numbers of new incidents and of reports of known ones.
async fn store_incidents(writer: &mut Writer, document: &DocumentKey, record: &Record, lexicon: &Lexicon) -> Result<(usize, usize), IngestError> {
    let decisions = actors::who_is_who(writer, record).await?;
    let contents = writer.add_contents(document, record, &decisions).await?;
    let published: Option<Date> = record.document.published.as_deref().and_then(|p| p.parse().ok());
    let mut candidates = Vec::with_capacity(record.incidents.len());
    for incident in &record.incidents {
        candidates.push(writer.neighbours(incident, published).await?);
    }
    let plan = merge::plan(record, &candidates);
    let uids = id::reports(&document.sha256, &record.incidents);
    let mut keys: Vec<IncidentKey> = Vec::with_capacity(record.incidents.len());
    for (index, ((incident, decision), uid)) in record.incidents.iter().zip(&plan.decisions).zip(&uids).enumerate() {
        let report = NewReport { index, uid, incident, voices: merge::voices(record, index), decision };
        keys.push(writer.add_report(document, &contents, &report).await?);
    }
    let why = format!("reported by {}", document.uid);
    for key in keys.iter().collect::<BTreeSet<_>>() {
        settle(writer, key, lexicon, &why).await?;
    }
    writer.link(record, &contents, &keys).await?;
    let n_merged = plan.decisions.iter().filter(|d| matches!(d.verdict, Verdict::Same(_))).count();
    Ok((keys.len() - n_merged, n_merged))
}

/// Deletes a document; incidents that others report as well are made anew of what is left. Gives how many of those there are; None where
/// there is no such document.
///
/// # Errors
/// When the base fails; then nothing is deleted.
pub async fn delete(store: &Store, document: &str, reason: &str, lexicon: &Lexicon, now: Timestamp, who: &str) -> Result<Option<usize>, IngestError> {
    let mut writer = store.write(now, who).await?;
    let Some(touched) = writer.delete_document(document, reason).await? else {
        writer.rollback().await?;
        return Ok(None);
    };
    for uid in &touched {
        if let Some(key) = writer.find_incident(uid).await? {
            settle(&mut writer, &key, lexicon, &format!("{document} was deleted")).await?;
        }
    }
    writer.commit().await?;
    Ok(Some(touched.len()))
}

/// Makes one incident of all its reports again.
pub(super) async fn settle(writer: &mut Writer, key: &IncidentKey, lexicon: &Lexicon, why: &str) -> Result<(), IngestError> {
    let reports = writer.reports(key).await?;
    let Some(state) = merge::reconcile(&reports, CasualtyPolicy::default()) else { return Ok(()) };
    let place = match &state.place {
        Some(place) => writer.add_place(&places::chain_of(place, &lexicon.gazetteer)).await?,
        None => None,
    };
    Ok(writer.settle(key, &state, place, &reports, why).await?)
}

async fn mention_places(writer: &mut Writer, document: &DocumentKey, record: &Record, lexicon: &Lexicon) -> Result<(), IngestError> {
    let mut counts: BTreeMap<&str, (u32, &crate::model::record::PlaceName)> = BTreeMap::new();
    for place in &record.places {
        if let Some(key) = place.gazetteer.as_deref() {
            counts.entry(key).or_insert((0, place)).0 += 1;
        }
    }
    let mut mentions = Vec::new();
    for (n, place) in counts.into_values() {
        let Some(chain) = places::mentioned(place, &lexicon.gazetteer) else { continue };
        if let Some(key) = writer.add_place(&chain).await? {
            mentions.push((key, n));
        }
    }
    Ok(writer.add_place_mentions(document, &mentions).await?)
}
