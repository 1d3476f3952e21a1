//! Sketches of documents on their way into the base, and which reports they are compared with.

use super::run::IngestError;
use crate::merge::pair::{Side, violence};
use crate::merge::scorer::{Link, PackError, PairScorer};
use crate::merge::sketch::DocumentSketch;
use crate::merge::words::CommonWords;
use crate::model::id::sha256;
use crate::model::record::Record;
use crate::store::{Member, NewSketch, Store, StoreError, Window, Writer};
use jiff::Timestamp;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// The weights compiled in.
///
/// # Errors
/// Never in a released build.
pub(super) fn scorer() -> Result<&'static PairScorer, PackError> {
    static SCORER: OnceLock<Result<PairScorer, PackError>> = OnceLock::new();
    SCORER.get_or_init(PairScorer::embedded).as_ref().map_err(|e| *e)
}

/// Boils a document down to what merging compares.
pub(super) fn sketch(title: Option<&str>, text: &str, record: &Record) -> DocumentSketch {
    // The table can be unpacked: the test suite does so.
    static NONE: CommonWords = CommonWords::none();
    let common = scorer().map_or(&NONE, |s| &s.common);
    DocumentSketch::of(title, text, record, common)
}

/// A document that was stored, with the numbers of its reports in the order of its record.
#[derive(Debug)]
pub(super) struct Sketched<'s> {
    /// Number of the document.
    pub document: i64,
    /// Numbers of its reports.
    pub reports: &'s [i64],
    /// Its sketch.
    pub sketch: &'s DocumentSketch,
}

/// What a new report was compared with.
#[derive(Clone, Debug, Default)]
pub(super) struct Compared {
    /// How many others.
    pub n: u32,
    /// The nearest of those that it was not joined with.
    pub refused: Option<(i64, Link)>,
}

/// Sketches of some documents, by report.
#[derive(Debug, Default)]
pub(super) struct Known {
    documents: BTreeMap<i64, DocumentSketch>,
    /// Document of each report, and its place in the record.
    reports: BTreeMap<i64, (i64, usize)>,
}

impl Known {
    /// Those of the documents of these reports.
    pub(super) async fn of_members(writer: &mut Writer, members: &[&Member]) -> Result<Self, IngestError> {
        let places = writer.places_of_reports(&members.iter().map(|m| m.number).collect()).await?;
        let mut known = Self { reports: places.into_iter().map(|(r, d, i)| (r, (d, i))).collect(), ..Self::default() };
        known.load(writer, members.iter().map(|m| m.document).collect()).await?;
        Ok(known)
    }

    /// Those of these reports (number, document and place in its record) and documents.
    pub(super) fn of_parts(reports: BTreeMap<i64, (i64, usize)>, sketches: Vec<(i64, Vec<u8>)>) -> Result<Self, IngestError> {
        let mut known = Self { reports, ..Self::default() };
        known.add(sketches)?;
        Ok(known)
    }

    /// Place of a report in the record of its document.
    pub(super) fn index(&self, report: i64) -> Option<u32> {
        self.reports.get(&report).and_then(|(_, index)| u32::try_from(*index).ok())
    }

    async fn load(&mut self, writer: &mut Writer, mut documents: BTreeSet<i64>) -> Result<(), IngestError> {
        documents.retain(|d| !self.documents.contains_key(d));
        self.add(writer.sketches(&documents).await?)
    }

    fn add(&mut self, sketches: Vec<(i64, Vec<u8>)>) -> Result<(), IngestError> {
        for (document, bytes) in sketches {
            let damaged = || StoreError::Damaged { what: "read sketches", problem: format!("the sketch of document {document} cannot be read") };
            self.documents.insert(document, DocumentSketch::from_bytes(&bytes).ok_or_else(damaged)?);
        }
        Ok(())
    }

    fn side(&self, report: i64) -> Option<Side<'_>> {
        let (document, index) = self.reports.get(&report)?;
        let document = self.documents.get(document)?;
        Some(Side { document, report: document.reports.get(*index)? })
    }

    /// How two reports stand to each other; none where one has no sketch.
    pub(super) fn link(&self, a: i64, b: i64, learned: bool) -> Option<Link> {
        Some(scorer().ok()?.link(self.side(a)?, self.side(b)?, learned))
    }
}

/// Stores the sketches of new documents, compares their reports with those near to them, and stores which belong together. Gives what each new
/// report was compared with, by its number.
pub(super) async fn compare(writer: &mut Writer, new: &[Sketched<'_>], learned: bool) -> Result<BTreeMap<i64, Compared>, IngestError> {
    if new.is_empty() {
        return Ok(BTreeMap::new());
    }
    writer.sketch_form_of_new(form()?).await?;
    writer.add_sketches(&new.iter().map(found_by).collect::<Vec<_>>()).await?;
    let documents: Vec<i64> = new.iter().map(|s| s.document).collect();
    let mut pairs: BTreeSet<(i64, i64)> = writer.near_in_time(&documents).await?.into_iter().map(ordered).collect();
    let stories: BTreeSet<(i64, i64)> = writer.near_in_words(&documents).await?.into_iter().map(ordered).collect();
    let mut known = Known::default();
    for s in new {
        known.documents.insert(s.document, s.sketch.clone());
    }
    let of_stories: BTreeSet<i64> = stories.iter().flat_map(|&(a, b)| [a, b]).collect();
    let mut by_document: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let numbers: BTreeSet<i64> = pairs.iter().flat_map(|&(a, b)| [a, b]).collect();
    let placed = writer.reports_of_documents(&of_stories).await?.into_iter().chain(writer.places_of_reports(&numbers).await?);
    for (report, document, index) in placed {
        if known.reports.insert(report, (document, index)).is_none() {
            by_document.entry(document).or_default().push(report);
        }
    }
    for (a, b) in &stories {
        let reports = |d: &i64| by_document.get(d).map_or(&[][..], Vec::as_slice);
        pairs.extend(reports(a).iter().flat_map(|x| reports(b).iter().map(|y| ordered((*x, *y)))));
    }
    let document = |report: &i64| known.reports.get(report).map(|r| r.0);
    pairs.retain(|(a, b)| document(a) != document(b));
    let others = pairs.iter().flat_map(|(a, b)| [document(a), document(b)]).flatten().collect();
    known.load(writer, others).await?;
    let links: Vec<((i64, i64), Link)> =
        pairs.into_iter().collect::<Vec<_>>().into_par_iter().filter_map(|(a, b)| Some(((a, b), known.link(a, b, learned)?))).collect();
    let edges: Vec<(i64, i64, f64)> = links.iter().filter(|(_, l)| l.joins()).map(|((a, b), l)| (*a, *b, l.score)).collect();
    writer.add_edges(&edges).await?;
    let is_new: BTreeSet<i64> = new.iter().flat_map(|s| s.reports).copied().collect();
    Ok(told(&is_new, links))
}

/// What sketches are made of, in short: their form, and the table that comes with the weights.
fn form() -> Result<&'static str, PackError> {
    /// Goes up when sketches or what they are found by change.
    const FORM: &str = "1";
    static OF_WEIGHTS: OnceLock<String> = OnceLock::new();
    let scorer = scorer()?;
    Ok(OF_WEIGHTS.get_or_init(|| format!("{FORM}-{}", sha256(&format!("{scorer:?}")).get(..16).unwrap_or_default())))
}

/// Makes the sketches of documents that have none, or none of this form, and finds which of their reports belong together. Incidents stay as they
/// are until a report of them, or near to them, comes or goes.
///
/// # Errors
/// When the base cannot be read or written.
pub(super) async fn renew(store: &Store, now: Timestamp) -> Result<(), IngestError> {
    const AT_ONCE: u32 = 200;
    loop {
        let mut writer = store.write(now, "sketches").await?;
        writer.sketch_form(form()?).await?;
        let found = writer.unsketched(AT_ONCE).await?;
        let sketches: Vec<DocumentSketch> = found.par_iter().map(|d| sketch(d.title.as_deref(), &d.text, &d.record)).collect();
        let new: Vec<Sketched<'_>> = found.iter().zip(&sketches).map(|(d, sketch)| Sketched { document: d.document, reports: &d.reports, sketch }).collect();
        compare(&mut writer, &new, true).await?;
        writer.commit().await?;
        if found.len() < AT_ONCE as usize {
            return Ok(());
        }
    }
}

/// Whether [`renew`] has something to do.
///
/// # Errors
/// When the base cannot be read.
pub(super) async fn is_due(store: &Store) -> Result<bool, IngestError> {
    Ok(store.sketches_due(form()?).await?)
}

/// What each new report was compared with.
fn told(new: &BTreeSet<i64>, links: Vec<((i64, i64), Link)>) -> BTreeMap<i64, Compared> {
    let mut compared: BTreeMap<i64, Compared> = BTreeMap::new();
    for ((a, b), link) in links {
        for (one, other) in [(a, b), (b, a)].into_iter().filter(|(one, _)| new.contains(one)) {
            let entry = compared.entry(one).or_default();
            entry.n += 1;
            let is_refused = !link.joins();
            // What is forbidden is told only where nothing else is near.
            let rank = |l: &Link| (!l.is_vetoed, l.score);
            let is_nearer = entry.refused.as_ref().is_none_or(|(_, best)| rank(&link) > rank(best));
            if is_refused && is_nearer {
                entry.refused = Some((other, link.clone()));
            }
        }
    }
    compared
}

fn ordered((a, b): (i64, i64)) -> (i64, i64) {
    (a.min(b), a.max(b))
}

/// What a document is found by.
fn found_by(s: &Sketched<'_>) -> NewSketch {
    let window = |(report, number): (&crate::merge::sketch::ReportSketch, &i64)| {
        let (first, last) = report.window?;
        let hundredths = |thousandths: i32| thousandths.div_euclid(10);
        let at = report.place.as_ref().filter(|p| p.is_point).and_then(|p| p.at).map(|(latitude, longitude)| (hundredths(latitude), hundredths(longitude)));
        // Told days in the wrong order would be found by nothing.
        let (first, last) = (first.min(last), first.max(last));
        Some(Window { report: *number, kind: violence(&report.kind).to_owned(), country: report.country.clone(), first, last, at })
    };
    let windows = s.sketch.reports.iter().zip(s.reports).filter_map(window).filter(|w| !w.country.is_empty()).collect();
    NewSketch { document: s.document, bytes: s.sketch.to_bytes(), names: s.sketch.words.keys.clone(), day: s.sketch.published, windows }
}
