//! Reports that change their incident: what belongs together is decided elsewhere (`merge`), here it is read and written.

use super::history::Entry;
use super::incident::IncidentKey;
use super::{Writer, document::rows};
use crate::model::id;
use crate::model::incident::IncidentRow;
use crate::model::record::Incident;
use crate::store::error::Context;
use crate::store::{Store, StoreError, compress};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A report that may be of one incident with others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Internal number.
    pub number: i64,
    /// Its id.
    pub uid: String,
    /// Number of its document.
    pub document: i64,
    /// Day of publication of the document, ISO 8601; empty where it is not known.
    pub published: String,
    /// Its incident as it is now; none for a new one.
    pub incident: Option<IncidentKey>,
}

/// What a curator decided on two reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// Id of a report.
    pub one: String,
    /// Id of the other.
    pub other: String,
    /// Whether they tell one incident.
    pub same: bool,
}

impl Writer {
    /// What curators decided on pairs of reports and did not take back, the latest last.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn constraints(&mut self) -> Result<Vec<Constraint>, StoreError> {
        let found: Vec<(String, String, bool)> = sqlx::query_as(
            "select uid, value, action = 'same_as' from correction where entity = 'report' and action in ('same_as', 'not_same_as') \
             and undone_at is null and set_aside_by is null and value is not null order by id",
        )
        .fetch_all(self.connection())
        .await
        .context("read what curators decided on reports")?;
        Ok(found.into_iter().map(|(one, other, same)| Constraint { one, other, same }).collect())
    }

    /// The reports with these numbers and all that are connected with them, in the order of their ids: those of one incident, those that belong
    /// together by themselves, and those that a curator called the same. With them the pairs that belong together.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn connected(&mut self, reports: &[i64], constraints: &[Constraint]) -> Result<(Vec<Member>, Vec<(i64, i64, f64)>), StoreError> {
        let mut numbers = reports.to_vec();
        loop {
            let members = self.reachable(&numbers).await?;
            let known: BTreeSet<&str> = members.iter().map(|m| m.uid.as_str()).collect();
            let leads_out = |c: &&Constraint| c.same && known.contains(c.one.as_str()) != known.contains(c.other.as_str());
            let others: Vec<&str> = constraints.iter().filter(leads_out).flat_map(|c| [c.one.as_str(), c.other.as_str()]).collect();
            let before = numbers.len();
            let more = self.report_numbers(&others).await?;
            numbers.extend(more.into_iter().filter(|n| !members.iter().any(|m| m.number == *n)));
            if numbers.len() == before {
                let edges = self.edges(&members).await?;
                return Ok((members, edges));
            }
        }
    }

    async fn reachable(&mut self, reports: &[i64]) -> Result<Vec<Member>, StoreError> {
        type Row = (i64, String, i64, String, Option<i64>, Option<String>);
        let found: Vec<Row> = sqlx::query_as(
            "with recursive member (id) as (select value from json_each(?1) \
               union select o.id from member m cross join report r on r.id = m.id cross join report o on o.incident_id = r.incident_id where r.incident_id <> 0 \
               union select e.b from member m cross join report_edge e on e.a = m.id \
               union select e.a from member m cross join report_edge e indexed by report_edge_by_b on e.b = m.id) \
             select r.id, r.uid, r.document_id, coalesce(d.published, ''), i.id, i.uid from member m cross join report r on r.id = m.id \
             cross join document d on d.id = r.document_id left join incident i on i.id = r.incident_id order by r.uid",
        )
        .bind(json!(reports).to_string())
        .fetch_all(self.connection())
        .await
        .context("look for reports that belong together")?;
        let member = |(number, uid, document, published, incident, incident_uid): Row| Member {
            number,
            uid,
            document,
            published,
            incident: incident.zip(incident_uid).map(|(incident, uid)| IncidentKey::new(incident, uid)),
        };
        Ok(found.into_iter().map(member).collect())
    }

    async fn edges(&mut self, members: &[Member]) -> Result<Vec<(i64, i64, f64)>, StoreError> {
        if members.len() < 2 {
            return Ok(Vec::new());
        }
        sqlx::query_as("select e.a, e.b, e.score from json_each(?1) j cross join report_edge e on e.a = j.value order by 1, 2")
            .bind(json!(members.iter().map(|m| m.number).collect::<Vec<_>>()).to_string())
            .fetch_all(self.connection())
            .await
            .context("read which reports belong together")
    }

    /// Incidents of reports: number of the report, id of the incident.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn incidents_of_reports(&mut self, reports: &[i64]) -> Result<Vec<(i64, String)>, StoreError> {
        if reports.is_empty() {
            return Ok(Vec::new());
        }
        sqlx::query_as("select r.id, i.uid from json_each(?1) j cross join report r on r.id = j.value cross join incident i on i.id = r.incident_id")
            .bind(json!(reports).to_string())
            .fetch_all(self.connection())
            .await
            .context("look up the incidents of reports")
    }

    /// Reports of other documents that are of one incident with this one's, or belong together with them: to be sorted anew when it goes.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn reports_around(&mut self, document: &str) -> Result<Vec<i64>, StoreError> {
        sqlx::query_scalar(
            "with own as (select r.id, r.incident_id, r.document_id from document d cross join report r on r.document_id = d.id where d.uid = ?1) \
             select o.id from own w cross join report o on o.incident_id = w.incident_id where o.document_id <> w.document_id \
             union select o.id from own w cross join report_edge e on e.a = w.id cross join report o on o.id = e.b where o.document_id <> w.document_id \
             union select o.id from own w cross join report_edge e indexed by report_edge_by_b on e.b = w.id cross join report o on o.id = e.a \
             where o.document_id <> w.document_id",
        )
        .bind(document)
        .fetch_all(self.connection())
        .await
        .context("look for reports around a document")
    }

    async fn report_numbers(&mut self, uids: &[&str]) -> Result<Vec<i64>, StoreError> {
        if uids.is_empty() {
            return Ok(Vec::new());
        }
        sqlx::query_scalar("select r.id from json_each(?1) j cross join report r on r.uid = j.value")
            .bind(json!(uids).to_string())
            .fetch_all(self.connection())
            .await
            .context("look up reports")
    }

    /// Makes an incident for reports that have none, the first report first.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn new_incident(&mut self, reports: &[&str]) -> Result<IncidentKey, StoreError> {
        const WHAT: &str = "make an incident of reports";
        let body: String =
            sqlx::query_scalar("select body from report where uid = ?").bind(reports.first()).fetch_one(self.connection()).await.context(WHAT)?;
        let told: Incident = serde_json::from_str(&body).context(WHAT)?;
        self.open_incident(reports, &told).await
    }

    /// Takes an incident back that was merged into another, if this id is one's.
    pub(super) async fn revive(&mut self, uid: &str) -> Result<Option<i64>, StoreError> {
        let number: Option<i64> =
            sqlx::query_scalar("update incident set status = 'machine', merged_into = null where uid = ? and status = 'merged' returning id")
                .bind(uid)
                .fetch_optional(self.connection())
                .await
                .context("take a merged incident back")?;
        if let Some(number) = number {
            // It is shown again, and will be taken out when it is settled.
            self.share(&json!([number]).to_string(), 1).await?;
        }
        Ok(number)
    }

    /// Moves reports of other incidents to this one, with what hangs on them. Both are to be [settled](Writer::settle) after.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn move_reports(&mut self, reports: &[&Member], to: &IncidentKey) -> Result<(), StoreError> {
        let numbers = json!(reports.iter().map(|m| m.number).collect::<Vec<_>>()).to_string();
        for sql in [
            "update report set incident_id = ?1 where id in (select value from json_each(?2))",
            "update participant set incident_id = ?1 where report_id in (select value from json_each(?2))",
            "update evidence set incident_id = ?1 where report_id in (select value from json_each(?2))",
        ] {
            sqlx::query(sql).bind(to.number()).bind(&numbers).execute(self.connection()).await.context("move reports to another incident")?;
        }
        let now = self.now.clone();
        sqlx::query("update merge_decision set undone_at = ?1 where report_id in (select value from json_each(?2)) and undone_at is null")
            .bind(now)
            .bind(&numbers)
            .execute(self.connection())
            .await
            .context("take merge decisions back")?;
        self.transaction.touched().add("document", reports.iter().map(|m| m.document));
        Ok(())
    }

    /// Links the statements of these documents anew to the incidents that their reports are in now.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn relink(&mut self, documents: &BTreeSet<i64>) -> Result<(), StoreError> {
        const WHAT: &str = "link statements to incidents";
        if documents.is_empty() {
            return Ok(());
        }
        let extractions: Vec<(i64, Vec<u8>)> = sqlx::query_as(
            "select e.id, e.record from json_each(?1) j cross join extraction e on e.document_id = j.value \
             where exists (select 1 from report r where r.extraction_id = e.id)",
        )
        .bind(json!(documents).to_string())
        .fetch_all(self.connection())
        .await
        .context(WHAT)?;
        for (extraction, record) in extractions {
            let record = compress::inflate(&record)?;
            let record: Linked = serde_json::from_slice(&record).context(WHAT)?;
            let incidents: BTreeMap<i64, i64> = self.by_index("select idx, incident_id from report where extraction_id = ?", extraction).await?;
            let statements: BTreeMap<i64, i64> = self.by_index("select idx, id from statement where extraction_id = ?", extraction).await?;
            let mut links: Vec<Value> = Vec::new();
            for (n, statement) in (0..).zip(&record.statements) {
                let Some(number) = statements.get(&n) else { continue };
                links.extend(statement.about.iter().filter_map(|i| incidents.get(i)).map(|incident| json!([number, incident])));
            }
            sqlx::query("delete from statement_about where statement_id in (select id from statement where extraction_id = ?)")
                .bind(extraction)
                .execute(self.connection())
                .await
                .context(WHAT)?;
            sqlx::query("insert or ignore into statement_about (statement_id, incident_id) select value ->> 0, value ->> 1 from json_each(?)")
                .bind(rows(links))
                .execute(self.connection())
                .await
                .context(WHAT)?;
        }
        Ok(())
    }

    async fn by_index(&mut self, sql: &'static str, extraction: i64) -> Result<BTreeMap<i64, i64>, StoreError> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(sql).bind(extraction).fetch_all(self.connection()).await.context("read what a record has")?;
        Ok(rows.into_iter().collect())
    }

    /// An incident that has no report any more leads to the one that has most of them.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn retire(&mut self, gone: &IncidentKey, heir: &IncidentKey, why: &str) -> Result<(), StoreError> {
        const WHAT: &str = "merge an incident into another";
        let before = self.take_out(&[gone.number()]).await?.remove(&gone.number());
        let (now, revision) = (self.now.clone(), self.revision);
        // Those that led to it lead on.
        let led: Vec<i64> = sqlx::query_scalar(
            "update incident set status = 'merged', merged_into = ?2, n_reports = iif(id = ?1, 0, n_reports), n_sources = iif(id = ?1, 0, n_sources), \
             updated_at = ?3, revision = ?4 where id = ?1 or merged_into = ?1 returning id",
        )
        .bind(gone.number())
        .bind(heir.number())
        .bind(now)
        .bind(revision)
        .fetch_all(self.connection())
        .await
        .context(WHAT)?;
        for number in led {
            self.show_merged(number, &heir.uid).await?;
        }
        // One that came and went within this transaction was never seen.
        if before.is_none() {
            return Ok(());
        }
        let was = before.as_deref().and_then(|doc| serde_json::from_str::<IncidentRow>(doc).ok()).map(|row| json!({"status": row.status, "merged_into": null}));
        let entry = Entry {
            entity: "incident",
            uid: &gone.uid,
            action: "merged",
            why,
            before: was.map(|w| w.to_string()),
            after: Some(json!({"status": "merged", "merged_into": heir.uid}).to_string()),
            successor: Some(&heir.uid),
        };
        self.log(entry).await
    }

    async fn show_merged(&mut self, incident: i64, heir: &str) -> Result<(), StoreError> {
        sqlx::query(
            "update incident_doc set doc = json_set(doc, '$.status', 'merged', '$.merged_into', ?2, '$.n_reports', i.n_reports, '$.n_sources', i.n_sources, \
             '$.updated_at', i.updated_at, '$.revision', i.revision) from incident i where incident_doc.id = ?1 and i.id = ?1",
        )
        .bind(incident)
        .bind(heir)
        .execute(self.connection())
        .await
        .context("write a merged incident's list view")?;
        Ok(())
    }

    /// Logs that reports of an incident left it for one of their own.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn log_split(&mut self, from: &IncidentKey, part: &IncidentKey, why: &str) -> Result<(), StoreError> {
        self.log(Entry { entity: "incident", uid: &from.uid, action: "split", why, successor: Some(&part.uid), ..Entry::default() }).await
    }
}

/// What linking asks of a record.
#[derive(Deserialize)]
struct Linked {
    statements: Vec<About>,
}

#[derive(Deserialize)]
struct About {
    about: Vec<i64>,
}

/// Gives ids to the reports of a base that was made before they had any.
pub(in crate::store) async fn fill_report_ids(store: &Store) -> Result<(), StoreError> {
    const WHAT: &str = "give ids to reports";
    loop {
        let reports: Vec<(i64, String, i64, String)> = sqlx::query_as(
            "select r.id, d.sha256, r.extraction_id, r.body from report r join document d on d.id = r.document_id where r.extraction_id in \
             (select distinct extraction_id from report where uid is null limit 500) order by r.extraction_id, r.idx",
        )
        .fetch_all(&store.reader)
        .await
        .context(WHAT)?;
        if reports.is_empty() {
            return Ok(());
        }
        let mut values: Vec<Value> = Vec::new();
        for of_one in reports.chunk_by(|a, b| a.2 == b.2) {
            let told = of_one.iter().map(|r| serde_json::from_str(&r.3)).collect::<Result<Vec<Incident>, _>>().context(WHAT)?;
            let sha256 = of_one.first().map_or("", |r| r.1.as_str());
            values.extend(of_one.iter().zip(id::reports(sha256, &told)).map(|(r, uid)| json!([r.0, uid])));
        }
        let mut transaction = store.writer.begin().await?;
        sqlx::query("update report set uid = j.value ->> 1 from json_each(?) j where report.id = j.value ->> 0")
            .bind(rows(values))
            .execute(transaction.connection())
            .await
            .context(WHAT)?;
        transaction.commit().await?;
    }
}
