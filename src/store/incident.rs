//! Reading incidents.

use super::correction;
use super::error::Context;
use super::excerpt;
use super::filter::{self, Cursor, IncidentFilter, Page, Rows, Total};
use super::read::{lane_of, lane_of_words};
use super::writer::reports;
use super::{Store, StoreError};
use crate::model::incident::{IncidentRow, MergeDecision, StoredEvidence, StoredIncident};
use sea_query::{Expr, Query};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Rule of evidence that a curator added.
const CURATED: &str = "curator";

impl Store {
    /// One page of incidents.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn incidents(&self, filter: &IncidentFilter, page: &Page) -> Result<Rows<IncidentRow>, StoreError> {
        let (rows, more) = self.incident_documents(filter, page).await?;
        let last = rows.last().map(|(number, _)| *number);
        let row = |doc: &String| serde_json::from_str::<IncidentRow>(doc).map(|row| row.under(filter.policy));
        let rows: Vec<IncidentRow> = rows.iter().map(|(_, doc)| row(doc)).collect::<Result<_, _>>().context("list incidents")?;
        let next = rows.last().zip(last).filter(|_| more).map(|(row, number)| filter::cursor_of(&page.sort, row, number));
        Ok(Rows { rows, next })
    }

    /// One page of incidents for a stream: read whole beside the caller, so that a client that reads slowly holds no connection meanwhile.
    /// Dropping it stops the reading.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn incidents_beside(&self, filter: &Arc<IncidentFilter>, page: &Page) -> Result<Rows<IncidentRow>, StoreError> {
        let (store, filter, page) = (self.clone(), Arc::clone(filter), page.clone());
        // A set that is dropped ends its tasks.
        let mut reading = JoinSet::new();
        reading.spawn(async move { store.incidents(&filter, &page).await });
        match reading.join_next().await {
            Some(Ok(rows)) => rows,
            Some(Err(e)) if e.is_panic() => std::panic::resume_unwind(e.into_panic()),
            // The runtime ends.
            _ => Err(sqlx::Error::PoolClosed).context("list incidents"),
        }
    }

    /// One page of incidents as the JSON of [`IncidentRow`], one text each, with the figures of all policies; nothing is read but the last
    /// row. For exports and large pages.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn incidents_json(&self, filter: &IncidentFilter, page: &Page) -> Result<Rows<String>, StoreError> {
        let (rows, more) = self.incident_documents(filter, page).await?;
        let next = match rows.last().filter(|_| more) {
            Some((number, doc)) => Some(cursor(filter, page, doc, *number)?),
            None => None,
        };
        Ok(Rows { rows: rows.into_iter().map(|(_, doc)| doc).collect(), next })
    }

    /// How many incidents there are, counted up to `at_most`.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn count_incidents(&self, filter: &IncidentFilter, at_most: Option<u64>) -> Result<Total, StoreError> {
        let matching = Query::select().expr(Expr::cust("1")).from_as("incident", "i").cond_where(filter::incidents(filter)).to_owned();
        self.count(lane_of_words(filter.q.as_ref()), matching, at_most, "count incidents").await
    }

    /// One incident with its reports and merge decisions; a merged one is found as well and names its successor.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn incident(&self, uid: &str) -> Result<Option<StoredIncident>, StoreError> {
        const WHAT: &str = "read an incident";
        let mut connection = self.reader.acquire().await.context(WHAT)?;
        let found: Option<(i64, String)> = sqlx::query_as("select i.id, (select d.doc from incident_doc d where d.id = i.id) from incident i where i.uid = ?")
            .bind(uid)
            .fetch_optional(&mut *connection)
            .await
            .context(WHAT)?;
        let Some((number, doc)) = found else { return Ok(None) };
        let merged =
            sqlx::query_scalar("select uid from incident where merged_into = ? order by id").bind(number).fetch_all(&mut *connection).await.context(WHAT)?;
        let reports = reports(&mut connection, &[number]).await?.remove(&number).unwrap_or_default();
        let decisions = decisions(&mut connection, number).await?;
        Ok(Some(StoredIncident { row: serde_json::from_str(&doc).context(WHAT)?, reports, decisions, merged }))
    }

    /// Why each coded field of an incident has its value, with the sentence around each piece of evidence.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn evidence(&self, incident: &str) -> Result<Vec<StoredEvidence>, StoreError> {
        const WHAT: &str = "read evidence";
        #[derive(sqlx::FromRow)]
        struct Row {
            field: String,
            document: String,
            report: u32,
            start: u32,
            end: u32,
            text: String,
            rule: String,
            confidence: f64,
        }
        let mut connection = self.reader.acquire().await.context(WHAT)?;
        let rows: Vec<Row> = sqlx::query_as(
            "select e.field, d.uid as document, r.idx as report, e.start, e.end, e.text, e.rule, e.confidence from evidence e \
             join report r on r.id = e.report_id join document d on d.id = e.document_id \
             where e.incident_id = (select id from incident where uid = ?) order by e.document_id, r.idx, e.id",
        )
        .bind(incident)
        .fetch_all(&mut *connection)
        .await
        .context(WHAT)?;
        let number: Option<i64> =
            sqlx::query_scalar("select id from incident where uid = ?").bind(incident).fetch_optional(&mut *connection).await.context(WHAT)?;
        let curated = match number {
            Some(number) => correction::evidence(&mut connection, number).await?,
            None => Vec::new(),
        };
        let documents: BTreeSet<&String> = rows.iter().map(|r| &r.document).chain(curated.iter().map(|(_, _, span)| &span.document)).collect();
        let texts: BTreeMap<String, String> =
            sqlx::query_as("select d.uid, t.text from json_each(?) j cross join document d on d.uid = j.value join document_text t on t.document_id = d.id")
                .bind(serde_json::json!(documents).to_string())
                .fetch_all(&mut *connection)
                .await
                .context(WHAT)?
                .into_iter()
                .collect();
        let around = |document: &str, start, end| excerpt::sentence(texts.get(document).map_or("", String::as_str), start, end);
        let convert = |r: Row| StoredEvidence {
            sentence: around(&r.document, r.start, r.end),
            field: r.field,
            document: r.document,
            report: r.report,
            start: r.start,
            end: r.end,
            text: r.text,
            rule: r.rule,
            confidence: r.confidence,
        };
        let mut all: Vec<StoredEvidence> = rows.into_iter().map(convert).collect();
        for (is_added, field, span) in curated {
            if !is_added {
                all.retain(|e| (&e.field, &e.document, e.start, e.end) != (&field, &span.document, span.start, span.end));
            } else if let Some(text) = texts.get(&span.document) {
                let words = text.chars().skip(span.start as usize).take(span.end.saturating_sub(span.start) as usize).collect();
                let report = all.iter().find(|e| e.document == span.document).map_or(0, |e| e.report);
                let sentence = around(&span.document, span.start, span.end);
                let (rule, confidence) = (CURATED.to_owned(), 1.0);
                all.push(StoredEvidence { sentence, field, document: span.document, report, start: span.start, end: span.end, text: words, rule, confidence });
            }
        }
        Ok(all)
    }

    /// Numbers and list views of a page, and whether there are more.
    async fn incident_documents(&self, filter: &IncidentFilter, page: &Page) -> Result<(Vec<(i64, String)>, bool), StoreError> {
        let lane = lane_of(page, filter.q.as_ref());
        let mut rows: Vec<(i64, String)> = match self.reader.show_the_past() {
            false => self.fetch_in(lane, &filter::list(filter, page), "list incidents").await?,
            true => self.past_documents(&self.fetch_in(lane, &filter::list_numbers(filter, page), "list incidents").await?).await?,
        };
        let more = rows.len() > page.limit as usize;
        rows.truncate(page.limit as usize);
        Ok((rows, more))
    }

    /// List views by number, looked up one by one: a join of two views of the past would read both whole.
    async fn past_documents(&self, numbers: &[(i64,)]) -> Result<Vec<(i64, String)>, StoreError> {
        let numbers: Vec<i64> = numbers.iter().map(|(number,)| *number).collect();
        sqlx::query_as("select j.value, (select d.doc from incident_doc d where d.id = j.value) from json_each(?) j order by j.key")
            .bind(serde_json::json!(numbers).to_string())
            .fetch_all(&self.reader)
            .await
            .context("list incidents")
    }
}

fn cursor(filter: &IncidentFilter, page: &Page, doc: &str, number: i64) -> Result<Cursor, StoreError> {
    let row: IncidentRow = serde_json::from_str(doc).context("list incidents")?;
    Ok(filter::cursor_of(&page.sort, &row.under(filter.policy), number))
}

async fn decisions(connection: &mut sqlx::SqliteConnection, incident: i64) -> Result<Vec<MergeDecision>, StoreError> {
    const WHAT: &str = "read merge decisions";
    #[derive(sqlx::FromRow)]
    struct Row {
        document: String,
        idx: u32,
        verdict: String,
        candidate: Option<String>,
        score: f64,
        features: String,
        rule: String,
        n_candidates: u32,
        made_at: String,
        undone_at: Option<String>,
    }
    let rows: Vec<Row> = sqlx::query_as(
        "select d.uid as document, r.idx, m.verdict, m.candidate, m.score, m.features, m.rule, m.n_candidates, m.made_at, m.undone_at \
         from merge_decision m join report r on r.id = m.report_id join document d on d.id = r.document_id where m.incident_id = ? order by m.id",
    )
    .bind(incident)
    .fetch_all(connection)
    .await
    .context(WHAT)?;
    rows.into_iter()
        .map(|r| {
            let features = serde_json::from_str(&r.features).context(WHAT)?;
            Ok(MergeDecision {
                document: r.document,
                index: r.idx,
                verdict: r.verdict,
                candidate: r.candidate,
                score: r.score,
                features,
                rule: r.rule,
                n_candidates: r.n_candidates,
                made_at: r.made_at,
                undone_at: r.undone_at,
            })
        })
        .collect()
}
