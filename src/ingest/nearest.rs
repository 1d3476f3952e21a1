//! The incidents that are nearest to one, and why its reports are not of them: compared anew when somebody asks.

use super::run::IngestError;
use super::sketch::Known;
use crate::model::incident::Nearest;
use crate::store::Store;
use std::collections::BTreeMap;

/// For each report of an incident the nearest incidents that it is not of, at most so many, the nearest first.
///
/// # Errors
/// When the base cannot be read.
pub async fn nearest(store: &Store, incident: &str, at_most: usize) -> Result<Vec<Nearest>, IngestError> {
    let Some(nearby) = store.nearby(incident).await? else { return Ok(Vec::new()) };
    let known = Known::of_parts(nearby.reports.iter().map(|&(report, document, index)| (report, (document, index))).collect(), nearby.sketches)?;
    let names: BTreeMap<i64, (&str, &str)> =
        nearby.names.iter().map(|(report, incident, document)| (*report, (incident.as_str(), document.as_str()))).collect();
    // Of each report and other incident the best pair.
    let mut best: BTreeMap<(i64, &str), Nearest> = BTreeMap::new();
    for (own, other) in &nearby.pairs {
        let (Some(&(of, document)), Some((_, own_document)), Some(link)) = (names.get(other), names.get(own), known.link(*own, *other, true)) else { continue };
        let Some(index) = known.index(*own) else { continue };
        let nearest = Nearest {
            document: (*own_document).to_owned(),
            index,
            incident: of.to_owned(),
            other_document: document.to_owned(),
            score: link.score,
            // The two by themselves, and not all reports together.
            rule: if link.joins() { "merge.mean".to_owned() } else { link.rule },
            features: link.features.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        };
        let known = best.entry((*own, of)).or_insert_with(|| nearest.clone());
        if nearest.score > known.score {
            *known = nearest;
        }
    }
    let mut all: Vec<Nearest> = best.into_values().collect();
    all.sort_by(|a, b| (&a.document, a.index).cmp(&(&b.document, b.index)).then(b.score.total_cmp(&a.score)).then(a.incident.cmp(&b.incident)));
    let mut of_report = 0;
    let mut last: Option<(String, u32)> = None;
    all.retain(|n| {
        let report = Some((n.document.clone(), n.index));
        of_report = if report == last { of_report + 1 } else { 0 };
        last = report;
        of_report < at_most
    });
    Ok(all)
}
