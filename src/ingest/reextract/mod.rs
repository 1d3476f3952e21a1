//! Reading stored texts anew with the engine and the lexicon of today. Earlier extractions stay; a report that is found again keeps its row, its id and
//! its incident, and with them every decision of a curator.

mod compare;

use super::actors;
use super::batch::Extracted;
use super::cluster;
use super::run::{IngestError, JobRun, mention_places, settle};
use super::sketch::{self, Sketched};
use crate::extract::{self, Input, Options};
use crate::lexicon::Lexicon;
use crate::merge;
use crate::model::document::Article;
use crate::model::id;
use crate::model::job::{JobError, JobStep};
use crate::model::renewal::{DocumentChange, IncidentChange, Renewable, RenewalSummary};
use crate::store::{Contents, DocumentKey, IncidentKey, NewReport, OldReport, Placed, Store, Writer};
use jiff::Timestamp;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Why things change.
const WHY: &str = "read anew";
/// Documents of one transaction.
const BATCH: u32 = 50;

/// How a run goes.
#[derive(Clone, Debug)]
pub struct RenewalSettings {
    /// Time that all changes are dated with, unless a job tells it.
    pub now: Timestamp,
    /// Who asked for it.
    pub who: String,
    /// Whether learned scorers take part beside the rules.
    pub models: bool,
    /// Only documents last read by an engine before this one.
    pub since_engine: Option<Vec<u64>>,
    /// Nothing is written.
    pub dry_run: bool,
    /// The job that the run is.
    pub job: Option<JobRun>,
    /// The number of the last document that earlier runs of the job saw to.
    pub position: i64,
}

/// The parts of a version, as "0.1.0" has them.
///
/// # Errors
/// Says how one is written.
pub fn version(text: &str) -> Result<Vec<u64>, String> {
    let parts: Result<Vec<u64>, _> = text.trim().split('.').map(str::parse).collect();
    parts.map_err(|_| format!("\"{text}\" is no version such as 0.1.0"))
}

/// What became of a document.
enum Read {
    /// It says the same, or was not to be read.
    Same,
    Changed(Box<Changed>),
    Failed,
}

struct Changed {
    extracted: Extracted,
    change: DocumentChange,
}

/// Reads all texts anew. `told` gets the sums so far and what changed in each batch, and may end the run.
///
/// # Errors
/// When the base fails, or `told` does; batches that were written stay written.
pub async fn run(
    store: &Store,
    lexicon: Arc<Lexicon>,
    settings: &RenewalSettings,
    mut summary: RenewalSummary,
    mut told: impl AsyncFnMut(&RenewalSummary, &[DocumentChange]) -> Result<ControlFlow<()>, IngestError>,
) -> Result<RenewalSummary, IngestError> {
    summary.dry_run = settings.dry_run;
    let mut position = settings.position;
    loop {
        let documents = store.renewable(position, BATCH).await?;
        let Some(last) = documents.last().map(|d| d.number) else { return Ok(summary) };
        position = last;
        let (engine, wanted) = (Arc::clone(&lexicon), settings.clone());
        let read = tokio::task::spawn_blocking(move || {
            let read: Vec<Read> = documents.par_iter().map(|document| read_anew(document, &engine, &wanted)).collect();
            (documents, read)
        });
        let (documents, read) = read.await.map_err(|_| IngestError::Stopped)?;
        let changes = write(store, &lexicon, &documents, read, settings, &mut summary).await?;
        if told(&summary, &changes).await?.is_break() {
            return Ok(summary);
        }
    }
}

fn read_anew(document: &Renewable, lexicon: &Lexicon, settings: &RenewalSettings) -> Read {
    if settings.since_engine.as_ref().is_some_and(|since| version(&document.record.engine).is_ok_and(|engine| engine >= *since)) {
        return Read::Same;
    }
    let published = document.published.as_deref().and_then(|p| p.parse().ok());
    let input = Input { id: &document.record.id, text: &document.text, published, title: document.title.as_deref() };
    let options = Options { models: settings.models, ..Options::default() };
    let Ok(record) = catch_unwind(AssertUnwindSafe(|| extract::extract(&input, lexicon, &options))) else { return Read::Failed };
    let Some(change) = compare::difference(document, &record) else { return Read::Same };
    let article = Article { title: document.title.clone(), fictional: document.fictional, text: document.text.clone(), ..Article::default() };
    match Extracted::new(article, document.sha256.clone(), record) {
        Ok(extracted) => Read::Changed(Box::new(Changed { extracted, change })),
        Err(_) => Read::Failed,
    }
}

/// Writes a batch, in one transaction; gives what is different.
async fn write(
    store: &Store,
    lexicon: &Lexicon,
    documents: &[Renewable],
    read: Vec<Read>,
    settings: &RenewalSettings,
    summary: &mut RenewalSummary,
) -> Result<Vec<DocumentChange>, IngestError> {
    let now = settings.job.map_or(settings.now, |job| job.clock.now());
    let mut step = JobStep { position: documents.last().map_or(settings.position, |d| d.number), n_done: documents.len() as u64, ..JobStep::default() };
    let mut writer = None;
    let mut changes = Vec::new();
    for (document, read) in documents.iter().zip(read) {
        match read {
            Read::Same => {
                step.n_existing += 1;
                summary.add(None);
            }
            Read::Failed => {
                let problem = "the engine failed on this document; please report it".to_owned();
                step.failed.push(JobError { index: document.number.unsigned_abs(), document: Some(document.uid.clone()), problem });
                summary.add(None);
            }
            Read::Changed(changed) => {
                let Changed { extracted, mut change } = *changed;
                if !settings.dry_run {
                    let writer = match &mut writer {
                        Some(writer) => writer,
                        None => writer.insert(store.write(now, &settings.who).await?),
                    };
                    let kept = renew(writer, document, &extracted, lexicon).await?;
                    mark_kept(&mut change, &kept);
                }
                step.n_new += 1;
                summary.add(Some(&change));
                changes.push(change);
            }
        }
    }
    if let Some(job) = &settings.job {
        step.worked_ms = job.worked_ms + job.watch.elapsed().as_millis() as u64;
        step.result = serde_json::to_string(summary).ok();
        match &mut writer {
            Some(writer) => writer.advance_job(job.number, &step).await?,
            None => store.advance_job(job.number, &step, now).await?,
        }
    }
    if let Some(writer) = writer {
        writer.commit().await?;
    }
    Ok(changes)
}

/// Puts what was read anew in the place of what was read before. Gives what a curator's word keeps although the engine tells it no more.
async fn renew(writer: &mut Writer, document: &Renewable, extracted: &Extracted, lexicon: &Lexicon) -> Result<Vec<OldReport>, IngestError> {
    let record = &extracted.record;
    // Somebody else was there between reading and writing: what is there now is as new.
    let Some(old) = writer.old_reports(document).await? else { return Ok(Vec::new()) };
    let key = writer.renew_document(document, record, extracted.packed()).await?;
    mention_places(writer, &[extracted], std::slice::from_ref(&key), lexicon).await?;
    let actors = actors::who_is_who(writer, &[(&key, record)]).await?;
    let contents = writer.add_contents(actors.into_iter().map(|actors| (&key, record, actors)).collect()).await?;
    let Some(contents) = contents.first() else { return Ok(Vec::new()) };
    let ids = id::reports(&document.sha256, &record.incidents);
    let before: Vec<_> = old.iter().map(|o| (o.uid.as_str(), &o.told)).collect();
    let of = compare::matched(&before, &compare::with_ids(&ids, &record.incidents));
    let (kept, gone): (Vec<&OldReport>, Vec<&OldReport>) =
        old.iter().enumerate().filter(|(n, _)| !of.contains(&Some(*n))).map(|(_, o)| o).partition(|o| o.is_curated);
    let (left, removed) = writer.remove_reports(&gone, WHY).await?;
    for (index, (incident, uid)) in record.incidents.iter().zip(&ids).enumerate() {
        let Some(before) = of[index].and_then(|o| old.get(o)) else { continue };
        let report = NewReport { document: &key, index, uid, incident, voices: merge::voices(record, index) };
        writer.renew_report(&key, contents, before, &report).await?;
    }
    let known: Vec<Option<i64>> = of.iter().map(|o| o.and_then(|o| old.get(o)).map(|o| o.number)).collect();
    let placed = sort_anew(writer, (&key, contents, extracted), &ids, &known, &left, lexicon).await?;
    for old in gone.iter().filter(|o| removed.contains(&o.incident.uid)) {
        // Of another class, or the nearest would have been the same.
        let near = placed.iter().map(|(index, key)| (record.incidents.get(*index).map_or(0, |i| compare::overlap(&old.told, i)), key));
        if let Some((_, heir)) = near.filter(|(shared, key)| *shared > 0 && key.uid != old.incident.uid).rev().max_by_key(|(shared, _)| *shared) {
            writer.lead_on(&old.incident.uid, &heir.uid).await?;
        }
    }
    writer.relink(&BTreeSet::from([document.number])).await?;
    Ok(kept.into_iter().cloned().collect())
}

/// Sorts the reports of a document that was read anew, with all that is connected with them; `known` are the numbers of those that the earlier
/// record had. Gives the incidents of the others with their places in the record.
async fn sort_anew(
    writer: &mut Writer,
    (document, contents, extracted): (&DocumentKey, &Contents, &Extracted),
    ids: &[String],
    known: &[Option<i64>],
    left: &[IncidentKey],
    lexicon: &Lexicon,
) -> Result<Vec<(usize, IncidentKey)>, IngestError> {
    let record = &extracted.record;
    let is_new = |index: &usize| known.get(*index).is_some_and(Option::is_none);
    let report =
        |index: usize| Some(NewReport { document, index, uid: ids.get(index)?, incident: record.incidents.get(index)?, voices: merge::voices(record, index) });
    let new: Vec<NewReport<'_>> = (0..known.len()).filter(is_new).filter_map(report).collect();
    let mut added = writer.add_reports(&new).await?.into_iter();
    let numbers: Vec<i64> = known.iter().filter_map(|number| number.or_else(|| added.next())).collect();
    writer.remove_sketch(document.number()).await?;
    let compared = sketch::compare(writer, &[Sketched { document: document.number(), reports: &numbers, sketch: &extracted.sketch }], true).await?;
    let touched = writer.reports_to_sort(document, left).await?.into_iter().collect();
    let sorted = cluster::sort(writer, &touched, &compared, WHY, true).await?;
    let mut placed = Vec::new();
    for (index, (&report, incident)) in numbers.iter().zip(&record.incidents).enumerate() {
        if let Some((key, decision)) = sorted.placed.get(&report) {
            writer.add_details(&[Placed { document, contents, report, incident, key, decision: Some(decision) }]).await?;
            placed.push((index, key.clone()));
        }
    }
    settle(writer, sorted.incidents, lexicon, WHY).await?;
    Ok(placed)
}

/// What was told as removed and stays.
fn mark_kept(change: &mut DocumentChange, kept: &[OldReport]) {
    for report in kept {
        let removed = |i: &&mut IncidentChange| i.change == "removed" && i.kind == report.told.kind;
        if let Some(incident) = change.incidents.iter_mut().find(removed) {
            incident.change = "kept";
        }
    }
}
