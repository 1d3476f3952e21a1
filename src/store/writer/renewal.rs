//! Writing what reading a stored text anew has found: the earlier extraction stays, what was made of it goes, reports keep their rows.

use super::Writer;
use super::document::DocumentKey;
use super::incident::{Contents, IncidentKey, NewReport, Placed};
use super::statement;
use crate::model::Record;
use crate::model::record::Incident;
use crate::model::renewal::Renewable;
use crate::store::StoreError;
use crate::store::error::Context;
use serde_json::json;
use std::collections::BTreeSet;

/// A report that a document has, as it was last stored.
#[derive(Clone, Debug)]
pub struct OldReport {
    /// Internal number.
    pub number: i64,
    /// Its id.
    pub uid: String,
    /// Its incident.
    pub incident: IncidentKey,
    /// What it says.
    pub told: Incident,
    /// Whether a curator decided something on its incident.
    pub is_curated: bool,
}

/// What goes when a document is read anew, beside statements and reports.
const GOES: [&str; 6] = [
    "delete from figure where document_id = ?",
    "delete from actor_relation where document_id = ?",
    "delete from actor_mention where document_id = ?",
    "delete from actor_title where document_id = ?",
    "delete from actor_decision where document_id = ?",
    "delete from place_mention where document_id = ?",
];

impl Writer {
    /// The reports of a document, in the order of its text; `None` where it was read anew or deleted since.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn old_reports(&mut self, document: &Renewable) -> Result<Option<Vec<OldReport>>, StoreError> {
        const WHAT: &str = "read the reports of a document";
        let last: Option<i64> = sqlx::query_scalar("select max(id) from extraction where document_id = ?")
            .bind(document.number)
            .fetch_one(self.connection())
            .await
            .context(WHAT)?;
        if last != Some(document.extraction) {
            return Ok(None);
        }
        let found: Vec<(i64, String, i64, String, String, bool)> = sqlx::query_as(
            "select r.id, r.uid, i.id, i.uid, r.body, exists (select 1 from correction c where c.entity in ('incident', 'evidence') and c.uid = i.uid and c.undone_at is null) \
             from report r join incident i on i.id = r.incident_id where r.document_id = ? order by r.extraction_id, r.idx",
        )
        .bind(document.number)
        .fetch_all(self.connection())
        .await
        .context(WHAT)?;
        let report = |(number, uid, incident, incident_uid, body, is_curated): (i64, String, i64, String, String, bool)| {
            Ok(OldReport { number, uid, incident: IncidentKey::new(incident, incident_uid), told: serde_json::from_str(&body).context(WHAT)?, is_curated })
        };
        Ok(Some(found.into_iter().map(report).collect::<Result<_, StoreError>>()?))
    }

    /// Adds an extraction to a document and removes what was made of the one before, except for its reports.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn renew_document(&mut self, document: &Renewable, record: &Record, packed: &[u8]) -> Result<DocumentKey, StoreError> {
        const WHAT: &str = "read a document anew";
        let (now, revision) = (self.now.clone(), self.revision);
        let extraction: i64 = sqlx::query_scalar("insert into extraction (document_id, engine, lexicon, made_at, record) values (?, ?, ?, ?, ?) returning id")
            .bind(document.number)
            .bind(&record.engine)
            .bind(&record.lexicon)
            .bind(now)
            .bind(packed)
            .fetch_one(self.connection())
            .await
            .context(WHAT)?;
        // A language that the sender gave stays.
        sqlx::query("update document set published = ?2, published_from = ?3, language = iif(language = ?4, ?5, language), revision = ?6 where id = ?1")
            .bind(document.number)
            .bind(&record.document.published)
            .bind(&record.document.published_from)
            .bind(&document.record.document.language)
            .bind(&record.document.language)
            .bind(revision)
            .execute(self.connection())
            .await
            .context(WHAT)?;
        sqlx::query("update search_entry set day = ?2 where kind = 'document' and entity_id = ?1 and day <> ?2")
            .bind(document.number)
            .bind(record.document.published.as_deref().unwrap_or_default())
            .execute(self.connection())
            .await
            .context(WHAT)?;
        self.remove_statements(document, record).await?;
        for sql in GOES {
            sqlx::query(sql).bind(document.number).execute(self.connection()).await.context(WHAT)?;
        }
        Ok(DocumentKey {
            uid: document.uid.clone(),
            sha256: document.sha256.clone(),
            number: document.number,
            extraction,
            fictional: document.fictional,
            published: record.document.published.clone(),
        })
    }

    /// Statements whose words are found again keep their ids; the others leave a tombstone.
    async fn remove_statements(&mut self, document: &Renewable, record: &Record) -> Result<(), StoreError> {
        const WHAT: &str = "remove statements";
        let ids: BTreeSet<String> = statement::ids(&document.sha256, record).into_iter().collect();
        let gone: Vec<String> = sqlx::query_scalar("delete from statement where document_id = ? returning uid")
            .bind(document.number)
            .fetch_all(self.connection())
            .await
            .context(WHAT)?;
        for uid in gone.iter().filter(|uid| !ids.contains(*uid)) {
            self.bury("statement", uid, "not found any more when the text was read anew").await?;
        }
        self.renewed.extend(gone.into_iter().filter(|uid| ids.contains(uid)));
        Ok(())
    }

    /// Makes a report say what the new record says; its row, id and incident stay.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn renew_report(&mut self, document: &DocumentKey, contents: &Contents, old: &OldReport, report: &NewReport<'_>) -> Result<(), StoreError> {
        const WHAT: &str = "renew a report";
        for sql in ["delete from participant where report_id = ?", "delete from evidence where report_id = ?"] {
            sqlx::query(sql).bind(old.number).execute(self.connection()).await.context(WHAT)?;
        }
        sqlx::query("update report set extraction_id = ?, idx = ?, body = ?, voices = ? where id = ?")
            .bind(document.extraction)
            .bind(report.index as i64)
            .bind(serde_json::to_string(report.incident).context(WHAT)?)
            .bind(serde_json::to_string(&report.voices).context(WHAT)?)
            .bind(old.number)
            .execute(self.connection())
            .await
            .context(WHAT)?;
        let placed = Placed { document, contents, report: old.number, incident: report.incident, key: &old.incident, decision: None };
        self.add_details(&[placed]).await
    }

    /// Removes reports that the new record does not have. Incidents that nobody else reports go with them and leave a tombstone: their ids are
    /// given second. Those that others report are given first, to be settled.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn remove_reports(&mut self, reports: &[&OldReport], why: &str) -> Result<(Vec<IncidentKey>, BTreeSet<String>), StoreError> {
        const WHAT: &str = "remove reports";
        let numbers = json!(reports.iter().map(|r| r.number).collect::<Vec<_>>()).to_string();
        sqlx::query("delete from report where id in (select value from json_each(?))").bind(numbers).execute(self.connection()).await.context(WHAT)?;
        let (mut left, mut gone) = (Vec::new(), BTreeSet::new());
        for key in reports.iter().map(|r| &r.incident).collect::<BTreeSet<_>>() {
            let is_told: bool = sqlx::query_scalar("select exists (select 1 from report where incident_id = ?)")
                .bind(key.number())
                .fetch_one(self.connection())
                .await
                .context(WHAT)?;
            if is_told {
                left.push(key.clone());
            } else {
                self.remove_incident(key, why).await?;
                gone.insert(key.uid.clone());
            }
        }
        Ok((left, gone))
    }

    /// Lets the tombstone of an incident name the one that took its place.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn lead_on(&mut self, gone: &str, successor: &str) -> Result<(), StoreError> {
        sqlx::query("update tombstone set successor = ? where uid = ?")
            .bind(successor)
            .bind(gone)
            .execute(self.connection())
            .await
            .context("keep a tombstone")?;
        Ok(())
    }

    /// Numbers of the reports of a document, and of one report of each of these incidents.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn reports_to_sort(&mut self, document: &DocumentKey, incidents: &[IncidentKey]) -> Result<Vec<i64>, StoreError> {
        let incidents: Vec<i64> = incidents.iter().map(IncidentKey::number).collect();
        sqlx::query_scalar(
            "select id from report where document_id = ?1 union select min(r.id) from json_each(?2) j cross join report r on r.incident_id = j.value group by j.value",
        )
        .bind(document.number)
        .bind(json!(incidents).to_string())
        .fetch_all(self.connection())
        .await
        .context("read the reports of a document")
    }

    /// Takes an incident out of the base; those that led to it are rejected.
    async fn remove_incident(&mut self, key: &IncidentKey, why: &str) -> Result<(), StoreError> {
        const WHAT: &str = "remove an incident";
        self.take_out(&[key.number()]).await?;
        for sql in ["update incident set merged_into = null, status = 'rejected' where merged_into = ?", "delete from incident where id = ?"] {
            sqlx::query(sql).bind(key.number()).execute(self.connection()).await.context(WHAT)?;
        }
        self.bury("incident", &key.uid, why).await
    }
}
