//! Which reports may be of one incident, by what the base keeps of them beside the texts. Each statement names its order and its indexes, so that
//! no later `analyze` can change them: the first rows are few, and each leads to few.

use super::error::Context;
use super::{Store, StoreError};
use serde_json::json;
use sqlx::SqliteConnection;
use std::collections::BTreeSet;

/// Longest window that is not wide, in days.
pub(super) const NARROW: i32 = 8;
/// Longest window in which candidates are looked for; what is less sure than a year says nothing.
pub(super) const WIDE: i32 = 370;
/// Days by which two windows may miss each other.
const SLACK: i32 = 3;
/// Days between the publications of two documents that are one story.
const DAYS: i32 = 60;
/// Rare names that two documents of one story have in common, at least.
const NAMES: i32 = 2;

/// What is near to the reports of an incident.
#[derive(Clone, Debug, Default)]
pub struct Nearby {
    /// Numbers of its own reports.
    pub own: BTreeSet<i64>,
    /// Pairs of an own report and one of another incident.
    pub pairs: BTreeSet<(i64, i64)>,
    /// Each report: number, document, place in its record.
    pub reports: Vec<(i64, i64, usize)>,
    /// Sketches by document.
    pub sketches: Vec<(i64, Vec<u8>)>,
    /// Each report: number, incident, document.
    pub names: Vec<(i64, String, String)>,
}

impl Store {
    /// Whether there are documents without a sketch of this form.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn sketches_due(&self, form: &str) -> Result<bool, StoreError> {
        sqlx::query_scalar(
            "select exists (select 1 from document) and (select sketch_form <> ?1 from base) \
             or exists (select 1 from document d where not exists (select 1 from document_sketch s where s.document_id = d.id))",
        )
        .bind(form)
        .fetch_one(&self.reader)
        .await
        .context("look for documents without a sketch")
    }

    /// What is near to the reports of an incident, and not of it; none where there is no such incident.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn nearby(&self, incident: &str) -> Result<Option<Nearby>, StoreError> {
        const WHAT: &str = "look for what is near to an incident";
        let mut connection = self.reader.acquire().await.context(WHAT)?;
        let own: Vec<(i64, i64)> = sqlx::query_as("select r.id, r.document_id from incident i join report r on r.incident_id = i.id where i.uid = ?")
            .bind(incident)
            .fetch_all(&mut *connection)
            .await
            .context(WHAT)?;
        if own.is_empty() {
            return Ok(None);
        }
        let mut nearby = Nearby { own: own.iter().map(|o| o.0).collect(), ..Nearby::default() };
        let documents: Vec<i64> = own.iter().map(|o| o.1).collect::<BTreeSet<_>>().into_iter().collect();
        let mut pairs: BTreeSet<(i64, i64)> = near_in_time(&mut connection, &documents).await?.into_iter().collect();
        let stories = near_in_words(&mut connection, &documents).await?;
        let of_stories = reports_of_documents(&mut connection, &stories.iter().map(|s| s.1).collect()).await?;
        for (report, document) in &own {
            let others = stories.iter().filter(|s| s.0 == *document).map(|s| s.1);
            pairs.extend(others.flat_map(|d| of_stories.iter().filter(move |r| r.1 == d)).map(|r| (*report, r.0)));
        }
        nearby.pairs = pairs.into_iter().filter(|(a, b)| nearby.own.contains(a) && !nearby.own.contains(b)).collect();
        let numbers: BTreeSet<i64> = nearby.pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
        nearby.reports = places_of_reports(&mut connection, &numbers).await?;
        nearby.sketches = sketches(&mut connection, &nearby.reports.iter().map(|r| r.1).collect()).await?;
        nearby.names = sqlx::query_as(
            "select r.id, i.uid, d.uid from json_each(?1) j cross join report r on r.id = j.value cross join incident i on i.id = r.incident_id \
             cross join document d on d.id = r.document_id",
        )
        .bind(json!(numbers).to_string())
        .fetch_all(&mut *connection)
        .await
        .context(WHAT)?;
        Ok(Some(nearby))
    }
}

/// Pairs of reports, one of these documents and one of any other, whose events can have been on the same days in the same place.
pub(super) async fn near_in_time(connection: &mut SqliteConnection, documents: &[i64]) -> Result<Vec<(i64, i64)>, StoreError> {
    sqlx::query_as(
        "select n.report_id, w.report_id from json_each(?1) j cross join report r on r.document_id = j.value \
           cross join report_window n on n.report_id = r.id \
           cross join report_window w on w.country = n.country and w.kind = n.kind and w.wide = 0 and w.first between n.first - ?2 and n.last + ?4 \
         where w.last >= n.first - ?4 and w.report_id <> n.report_id \
           and (n.latitude is null or w.latitude is null or abs(n.latitude - w.latitude) <= 50 and abs(n.longitude - w.longitude) <= 100) \
         union all \
         select n.report_id, w.report_id from json_each(?1) j cross join report r on r.document_id = j.value \
           cross join report_window n on n.report_id = r.id \
           cross join report_window w on w.country = n.country and w.kind = n.kind and w.wide = 1 and w.first between n.first - ?3 and n.last + ?4 \
         where w.last >= n.first - ?4 and w.report_id <> n.report_id \
           and (n.latitude is null or w.latitude is null or abs(n.latitude - w.latitude) <= 50 and abs(n.longitude - w.longitude) <= 100)",
    )
    .bind(json!(documents).to_string())
    .bind(NARROW + SLACK)
    .bind(WIDE + SLACK)
    .bind(SLACK)
    .fetch_all(&mut *connection)
    .await
    .context("look for reports of the same days")
}

/// Pairs of documents, one of these and one of any other, that have rare names in common or nearly the same text.
pub(super) async fn near_in_words(connection: &mut SqliteConnection, documents: &[i64]) -> Result<Vec<(i64, i64)>, StoreError> {
    sqlx::query_as(
        "select one, other from (\
           select n.document_id as one, o.document_id as other from json_each(?1) j cross join document_name n on n.document_id = j.value \
             cross join document_name o on o.name = n.name and o.day between n.day - ?2 and n.day + ?2 where n.day <> 0 \
           union all \
           select n.document_id, o.document_id from json_each(?1) j cross join document_name n on n.document_id = j.value \
             cross join document_name o on o.name = n.name and o.day = 0 where n.day <> 0 \
           union all \
           select n.document_id, o.document_id from json_each(?1) j cross join document_name n on n.document_id = j.value \
             cross join document_name o on o.name = n.name where n.day = 0) \
         where one <> other group by one, other having count(*) >= ?3 \
         union \
         select d.id, d.near_duplicate_of from json_each(?1) j cross join document d on d.id = j.value where d.near_duplicate_of is not null",
    )
    .bind(json!(documents).to_string())
    .bind(DAYS)
    .bind(NAMES)
    .fetch_all(&mut *connection)
    .await
    .context("look for documents of the same story")
}

/// The documents and places in their records of these reports; of one that is only kept from an earlier record no place.
pub(super) async fn places_of_reports(connection: &mut SqliteConnection, reports: &BTreeSet<i64>) -> Result<Vec<(i64, i64, usize)>, StoreError> {
    let found: Vec<(i64, i64, i64)> = sqlx::query_as(
        "select r.id, r.document_id, iif(r.extraction_id = (select max(e.id) from extraction e where e.document_id = r.document_id), r.idx, -1) \
         from json_each(?1) j cross join report r on r.id = j.value",
    )
    .bind(json!(reports).to_string())
    .fetch_all(&mut *connection)
    .await
    .context("look up reports")?;
    Ok(found.into_iter().map(|(report, document, index)| (report, document, usize::try_from(index).unwrap_or(usize::MAX))).collect())
}

/// The reports of these documents: number, document, place in its record.
pub(super) async fn reports_of_documents(connection: &mut SqliteConnection, documents: &BTreeSet<i64>) -> Result<Vec<(i64, i64, usize)>, StoreError> {
    let found: Vec<(i64, i64, i64)> = sqlx::query_as(
        "select r.id, r.document_id, iif(r.extraction_id = (select max(e.id) from extraction e where e.document_id = r.document_id), r.idx, -1) \
         from json_each(?1) j cross join report r on r.document_id = j.value",
    )
    .bind(json!(documents).to_string())
    .fetch_all(&mut *connection)
    .await
    .context("look up the reports of documents")?;
    Ok(found.into_iter().map(|(report, document, index)| (report, document, usize::try_from(index).unwrap_or(usize::MAX))).collect())
}

/// The sketches of these documents.
pub(super) async fn sketches(connection: &mut SqliteConnection, documents: &BTreeSet<i64>) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
    sqlx::query_as("select s.document_id, s.sketch from json_each(?1) j cross join document_sketch s on s.document_id = j.value")
        .bind(json!(documents).to_string())
        .fetch_all(&mut *connection)
        .await
        .context("read sketches")
}
