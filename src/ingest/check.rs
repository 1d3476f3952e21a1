//! `waqia check`: the questions of the store, those that take the rules of merging, and mending what can be made anew.

use super::run::{IngestError, settle};
use super::sketch;
use crate::lexicon::Lexicon;
use crate::merge::{self, duplicate};
use crate::store::check::{CHECKS, Faults, Probe, Rebuilt};
use crate::store::{Store, StoreError, StoreOptions};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A question with its answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Short name.
    pub name: &'static str,
    /// What was asked.
    pub question: &'static str,
    /// What `--repair` does about a fault; none where a backup is what helps.
    pub repair: Option<&'static str>,
    /// What was found.
    pub faults: Faults,
}

/// Names and questions beside those of the store.
const MERGED: (&str, &str) = ("merged", "Does every incident say what its reports and corrections together say?");
const DUPLICATES: (&str, &str) = ("duplicates", "Are signatures and bands, by which near-duplicates are found, those of the texts?");

/// Names of all questions, in the order in which they are asked.
pub fn questions() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().map(|c| c.name).chain([MERGED.0, DUPLICATES.0])
}

/// Asks every question; `tell` hears the name of each before it is asked.
///
/// # Errors
/// When the base cannot be opened, or cannot be read for another reason than damage.
pub async fn check(base: &Path, mut tell: impl FnMut(&'static str)) -> Result<Vec<Answer>, StoreError> {
    let mut probe = Probe::open(base).await?;
    let mut answers = Vec::new();
    for check in &CHECKS {
        tell(check.name);
        let faults = probe.ask(check).await?;
        answers.push(Answer { name: check.name, question: check.question, repair: check.repair, faults });
    }
    let repair = Some("made anew of the reports");
    tell(MERGED.0);
    probe.begin().await?;
    let done = merged(&mut probe).await;
    answers.push(Answer { name: MERGED.0, question: MERGED.1, repair, faults: probe.finish(done).await? });
    tell(DUPLICATES.0);
    probe.begin().await?;
    let done = duplicates(&mut probe).await;
    answers.push(Answer {
        name: DUPLICATES.0,
        question: DUPLICATES.1,
        repair: Some("bands are made anew of the signatures"),
        faults: probe.finish(done).await?,
    });
    probe.close().await;
    Ok(answers)
}

async fn merged(probe: &mut Probe) -> Result<(), StoreError> {
    let mut last = i64::MIN;
    loop {
        let numbers = probe.incidents_after(last).await?;
        let Some(&end) = numbers.last() else { return Ok(()) };
        for number in numbers {
            if let Some(fault) = differs(probe, number).await? {
                probe.fault(|| fault);
            }
        }
        last = end;
    }
}

/// What is wrong with one incident.
async fn differs(probe: &mut Probe, number: i64) -> Result<Option<String>, StoreError> {
    let reports = match probe.reports_of(number).await {
        Ok(reports) => reports,
        Err(StoreError::Damaged { problem, .. }) => return Ok(Some(format!("a report of incident {number} cannot be read: {problem}"))),
        Err(other) => return Err(other),
    };
    let corrections = probe.corrections_of(number).await?;
    match merge::settled(&reports, &corrections) {
        Some(settled) => probe.differs(number, &settled.state, &reports).await,
        // Told as an orphan.
        None => Ok(None),
    }
}

async fn duplicates(probe: &mut Probe) -> Result<(), StoreError> {
    let mut last = i64::MIN;
    loop {
        let documents = probe.fingerprints_after(last).await?;
        let Some(end) = documents.last().map(|d| d.number) else { return Ok(()) };
        for document in documents {
            let uid = &document.uid;
            if document.signature != duplicate::signature(&document.text) {
                probe.fault(|| format!("the signature of {uid} is not that of its text"));
            }
            if document.bands != duplicate::bands(&document.signature) {
                probe.fault(|| format!("the bands of {uid} are not those of its signature"));
            }
        }
        last = end;
    }
}

/// Makes everything anew that is made of something else, in a new file that takes the place of the old one; gives the name that the old
/// one has now.
///
/// # Errors
/// When somebody has the base open, or what cannot be made anew cannot be read; then the base is as it was.
pub async fn repair(base: &Path, lexicon: &Lexicon, now: Timestamp) -> Result<Option<PathBuf>, IngestError> {
    // Of a version that is known, before it is touched.
    Probe::open(base).await?.close().await;
    let rebuilt = Rebuilt::begin(base).await?;
    let store = Store::open(rebuilt.path(), StoreOptions { n_readers: 1, ..StoreOptions::default() }).await?;
    let mended = mend(&store, lexicon, now).await;
    store.close().await;
    mended?;
    Ok(rebuilt.finish(now).await?)
}

async fn mend(store: &Store, lexicon: &Lexicon, now: Timestamp) -> Result<(), IngestError> {
    let mut writer = store.write(now, "waqia check --repair").await?;
    writer.mend_lookups().await?;
    let differing = writer.differing_incidents().await?;
    writer.commit().await?;
    let (wrong, bands) = wrong(store, differing).await?;
    let mut writer = store.write(now, "waqia check --repair").await?;
    let mut keys = Vec::with_capacity(wrong.len());
    for number in wrong {
        // One whose id the log does not know is left as it is.
        keys.extend(writer.known_incident(number).await?);
    }
    settle(&mut writer, keys, lexicon, "repaired").await?;
    for (document, bands) in bands {
        writer.mend_bands(document, &bands).await?;
    }
    writer.mend_sums().await?;
    writer.commit().await?;
    sketch::renew(store, now).await
}

/// Incidents that are not what their reports make.
pub(super) async fn differing(probe: &mut Probe) -> Result<BTreeSet<i64>, StoreError> {
    let mut found = BTreeSet::new();
    let mut last = i64::MIN;
    loop {
        let numbers = probe.incidents_after(last).await?;
        let Some(&end) = numbers.last() else { return Ok(found) };
        for number in numbers {
            if differs(probe, number).await?.is_some() {
                found.insert(number);
            }
        }
        last = end;
    }
}

/// Incidents that are not what their reports make, and documents with the bands that they should have.
async fn wrong(store: &Store, differing: Vec<i64>) -> Result<(BTreeSet<i64>, Vec<(i64, Vec<u32>)>), StoreError> {
    let mut probe = Probe::of(store).await?;
    let mut wrong = self::differing(&mut probe).await?;
    wrong.extend(differing);
    let mut bands = Vec::new();
    let mut last = i64::MIN;
    loop {
        let documents = probe.fingerprints_after(last).await?;
        let Some(end) = documents.last().map(|d| d.number) else { break };
        let of = |d: &crate::store::check::Fingerprint| (d.number, duplicate::bands(&d.signature));
        bands.extend(documents.iter().map(|d| (d, of(d))).filter(|(d, (_, right))| d.bands != *right).map(|(_, right)| right));
        last = end;
    }
    probe.close().await;
    Ok((wrong, bands))
}
