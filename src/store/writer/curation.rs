//! Writing what curators decide.

use super::Writer;
use super::history::Entry;
use super::incident::IncidentKey;
use crate::model::correction::Span;
use crate::store::StoreError;
use crate::store::correction::evidence;
use crate::store::error::Context;
use serde_json::{Value, json};

/// A part of a curation, about to be stored.
#[derive(Clone, Debug, Default)]
pub struct NewCorrection<'a> {
    /// `incident`, `actor`, `statement`, `report` or `evidence`.
    pub entity: &'static str,
    /// Its id; of evidence the incident's.
    pub uid: &'a str,
    /// `set`, `add`, `remove`, `same_as`, `not_same_as`, `confirm` or `reject`.
    pub action: &'static str,
    /// The field.
    pub field: Option<&'a str>,
    /// JSON, or the other one's id for `same_as` and `not_same_as`.
    pub value: Option<String>,
    /// What it was before.
    pub before: Option<Value>,
    /// What it would be without any correction.
    pub original: Option<Value>,
    /// What documents said otherwise when it was made.
    pub known: &'a [(String, Value)],
}

/// A curation as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StoredCuration {
    /// `incident`, `actor` or `statement`.
    pub entity: String,
    /// Its id.
    pub uid: String,
    /// `edit`, `merge`, `split`, `confirm`, `reject`, `evidence` or `relate`.
    pub action: String,
    /// RFC 3339, UTC; where it was undone.
    pub undone_at: Option<String>,
}

/// An incident, actor or statement as a curator finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// Internal number.
    pub(in crate::store) number: i64,
    /// Public id.
    pub uid: String,
    /// The base's revision at its last change.
    pub revision: i64,
    /// Id of its successor, where it was merged.
    pub successor: Option<String>,
}

/// A report of an incident.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ReportRef {
    /// Internal number.
    pub number: i64,
    /// `rep_…`.
    pub uid: String,
    /// Id of its document.
    pub document: String,
    /// Place in the record's list of incidents.
    pub index: u32,
}

/// A decision on two reports as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StoredPair {
    /// Id of the one.
    pub uid: String,
    /// Id of the other.
    pub value: String,
    /// `same_as` or `not_same_as`.
    pub action: String,
    /// Of a merge: JSON of the reports of both incidents before.
    pub original: Option<String>,
}

/// A part of a curation as it is stored.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct StoredPart {
    /// The field.
    pub field: Option<String>,
    /// JSON of what it would be without any correction.
    pub original: Option<String>,
}

impl Present {
    /// Internal number.
    pub fn number(&self) -> i64 {
        self.number
    }

    /// As an incident.
    pub fn incident(&self) -> IncidentKey {
        IncidentKey::new(self.number, self.uid.clone())
    }
}

impl Writer {
    /// An incident, actor or statement as it is now.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn present(&mut self, entity: &str, uid: &str) -> Result<Option<Present>, StoreError> {
        let sql = match entity {
            "incident" => "select i.id, i.revision, m.uid from incident i left join incident m on m.id = i.merged_into where i.uid = ?",
            "actor" => "select a.id, a.revision, m.uid from actor a left join actor m on m.id = a.merged_into where a.uid = ?",
            _ => "select id, revision, null from statement where uid = ?",
        };
        let found: Option<(i64, i64, Option<String>)> =
            sqlx::query_as(sql).bind(uid).fetch_optional(self.connection()).await.context("look up what is corrected")?;
        Ok(found.map(|(number, revision, successor)| Present { number, uid: uid.to_owned(), revision, successor }))
    }

    /// Begins a curation; gives its number.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn add_curation(&mut self, entity: &str, uid: &str, action: &str, reason: &str) -> Result<i64, StoreError> {
        let (who, now, revision) = (self.who.clone(), self.now.clone(), self.revision);
        self.corrected = Some(true);
        sqlx::query_scalar("insert into curation (entity, uid, action, reason, made_by, made_at, revision) values (?, ?, ?, ?, ?, ?, ?) returning id")
            .bind(entity)
            .bind(uid)
            .bind(action)
            .bind(reason)
            .bind(who)
            .bind(now)
            .bind(revision)
            .fetch_one(self.connection())
            .await
            .context("store a curation")
    }

    /// Adds a part to a curation; gives its number.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn add_correction(&mut self, curation: i64, new: &NewCorrection<'_>) -> Result<i64, StoreError> {
        sqlx::query_scalar(
            "insert into correction (curation_id, entity, uid, action, field, value, before, original, known) values (?, ?, ?, ?, ?, ?, ?, ?, ?) returning id",
        )
        .bind(curation)
        .bind(new.entity)
        .bind(new.uid)
        .bind(new.action)
        .bind(new.field)
        .bind(&new.value)
        .bind(new.before.as_ref().map(Value::to_string))
        .bind(new.original.as_ref().map(Value::to_string))
        .bind(json!(new.known).to_string())
        .fetch_one(self.connection())
        .await
        .context("store a correction")
    }

    /// A curation by its number.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn curation(&mut self, number: i64) -> Result<Option<StoredCuration>, StoreError> {
        sqlx::query_as("select entity, uid, action, undone_at from curation where id = ?")
            .bind(number)
            .fetch_optional(self.connection())
            .await
            .context("look up a curation")
    }

    /// Takes a curation back with all its parts; what it had set aside holds again.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn undo_curation(&mut self, number: i64, reason: &str) -> Result<(), StoreError> {
        const WHAT: &str = "undo a curation";
        let (who, now) = (self.who.clone(), self.now.clone());
        sqlx::query("update curation set undone_at = ?, undone_by = ?, undone_reason = ? where id = ?")
            .bind(&now)
            .bind(who)
            .bind(reason)
            .bind(number)
            .execute(self.connection())
            .await
            .context(WHAT)?;
        sqlx::query("update correction set undone_at = ?, set_aside_by = null where curation_id = ?")
            .bind(&now)
            .bind(number)
            .execute(self.connection())
            .await
            .context(WHAT)?;
        sqlx::query("update correction set undone_at = null, set_aside_by = null where set_aside_by = ?")
            .bind(number)
            .execute(self.connection())
            .await
            .context(WHAT)?;
        // Nobody has to look at what does not hold.
        sqlx::query("delete from review where closed_at is null and correction_id in (select id from correction where curation_id = ?)")
            .bind(number)
            .execute(self.connection())
            .await
            .context(WHAT)?;
        Ok(())
    }

    /// The parts of a curation, in their order.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn parts_of(&mut self, curation: i64) -> Result<Vec<StoredPart>, StoreError> {
        sqlx::query_as("select field, original from correction where curation_id = ? order by id")
            .bind(curation)
            .fetch_all(self.connection())
            .await
            .context("read a curation")
    }

    /// The reports of an incident, by id.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn reports_in(&mut self, key: &IncidentKey) -> Result<Vec<ReportRef>, StoreError> {
        sqlx::query_as(
            "select r.id as number, r.uid, d.uid as document, r.idx as \"index\" from report r join document d on d.id = r.document_id \
             where r.incident_id = ? order by r.uid",
        )
        .bind(key.number())
        .fetch_all(self.connection())
        .await
        .context("read an incident's reports")
    }

    /// The decisions on pairs of reports that a curation is made of.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn pairs_of_curation(&mut self, curation: i64) -> Result<Vec<StoredPair>, StoreError> {
        sqlx::query_as("select uid, value, action, original from correction where curation_id = ? and entity = 'report' and value is not null order by id")
            .bind(curation)
            .fetch_all(self.connection())
            .await
            .context("read a curation")
    }

    /// Removes the parts of an undone curation that were added to undo it.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn drop_holding_parts(&mut self, curation: i64) -> Result<(), StoreError> {
        sqlx::query("delete from correction where curation_id = ? and undone_at is null")
            .bind(curation)
            .execute(self.connection())
            .await
            .context("undo a curation")?;
        Ok(())
    }

    /// Numbers of the reports that a curation is about.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn reports_of_curation(&mut self, curation: i64) -> Result<Vec<i64>, StoreError> {
        sqlx::query_scalar(
            "select r.id from correction c cross join report r on r.uid = c.uid where c.curation_id = ?1 and c.entity = 'report' \
             union select r.id from correction c cross join report r on r.uid = c.value where c.curation_id = ?1 and c.entity = 'report'",
        )
        .bind(curation)
        .fetch_all(self.connection())
        .await
        .context("look up reports")
    }

    /// The id of a report's incident.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn incident_of(&mut self, report: i64) -> Result<String, StoreError> {
        sqlx::query_scalar("select i.uid from report r join incident i on i.id = r.incident_id where r.id = ?")
            .bind(report)
            .fetch_one(self.connection())
            .await
            .context("look up a report's incident")
    }

    /// Sets decisions between two groups of reports aside, because a curation says the contrary.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn set_aside(&mut self, curation: i64, action: &str, some: &[ReportRef], others: &[ReportRef]) -> Result<(), StoreError> {
        let uids = |reports: &[ReportRef]| json!(reports.iter().map(|r| &r.uid).collect::<Vec<_>>()).to_string();
        let now = self.now.clone();
        sqlx::query(
            "update correction set undone_at = ?1, set_aside_by = ?2 where entity = 'report' and action = ?3 and undone_at is null and (\
             uid in (select value from json_each(?4)) and value in (select value from json_each(?5)) or \
             uid in (select value from json_each(?5)) and value in (select value from json_each(?4)))",
        )
        .bind(now)
        .bind(curation)
        .bind(action)
        .bind(uids(some))
        .bind(uids(others))
        .execute(self.connection())
        .await
        .context("set decisions aside")?;
        Ok(())
    }

    /// Logs a change that is not one of an incident's list view.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn log_curated(
        &mut self,
        entity: &'static str,
        uid: &str,
        action: &'static str,
        why: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), StoreError> {
        let (before, after) = (Some(before.to_string()), Some(after.to_string()));
        self.log(Entry { entity, uid, action, why, before, after, ..Entry::default() }).await
    }

    /// Whether a stretch of a document is evidence for a field of an incident, curators' changes regarded.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn has_evidence(&mut self, key: &IncidentKey, field: &str, span: &Span) -> Result<bool, StoreError> {
        let changes = evidence(self.connection(), key.number()).await?;
        if let Some((is_added, ..)) = changes.iter().rev().find(|(_, f, s)| f == field && s == span) {
            return Ok(*is_added);
        }
        sqlx::query_scalar(
            "select exists (select 1 from evidence e join document d on d.id = e.document_id \
             where e.incident_id = ? and e.field = ? and d.uid = ? and e.start = ? and e.end = ?)",
        )
        .bind(key.number())
        .bind(field)
        .bind(&span.document)
        .bind(span.start)
        .bind(span.end)
        .fetch_one(self.connection())
        .await
        .context("look for evidence")
    }

    /// The text of a document.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn text_of(&mut self, document: &str) -> Result<Option<String>, StoreError> {
        sqlx::query_scalar("select t.text from document d join document_text t on t.document_id = d.id where d.uid = ?")
            .bind(document)
            .fetch_optional(self.connection())
            .await
            .context("read a document's text")
    }
}
