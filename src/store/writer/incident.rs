//! Writing incidents: reports, what they make together, and how they were joined.

use super::Writer;
use super::actor::RecordActors;
use super::document::{DocumentKey, rows};
use super::statement::Told;
use crate::model::incident::{IncidentRow, Party, Report, ReportSource, Voice};
use crate::model::plan::{Decision, Reconciled, Verdict};
use crate::model::record::{self, Record};
use crate::model::{Count, id};
use crate::store::StoreError;
use crate::store::error::Context;
use jiff::{ToSpan, civil::Date};
use serde_json::json;
use std::collections::BTreeMap;

/// A stored incident.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IncidentKey {
    number: i64,
    /// Public id.
    pub uid: String,
}

impl IncidentKey {
    pub(super) fn new(number: i64, uid: String) -> Self {
        Self { number, uid }
    }

    /// Internal number: the older incident has the lower one.
    pub fn number(&self) -> i64 {
        self.number
    }
}

/// What one document says of one incident, about to be stored.
#[derive(Clone, Debug)]
pub struct NewReport<'a> {
    /// Place in the record's list of incidents.
    pub index: usize,
    /// Its id.
    pub uid: &'a str,
    /// What it says.
    pub incident: &'a record::Incident,
    /// Who speaks of it in the document.
    pub voices: Vec<Voice>,
    /// How it found its incident.
    pub decision: &'a Decision,
}

/// What was stored of a record beside its incidents.
#[derive(Debug)]
pub struct Contents {
    actors: RecordActors,
    statements: Vec<i64>,
}

impl Writer {
    /// Stores the statements, relations and figures of records, whose actors the cast has given numbers.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn add_contents(&mut self, all: Vec<(&DocumentKey, &Record, RecordActors)>) -> Result<Vec<Contents>, StoreError> {
        let told: Vec<Told<'_>> = all.iter().map(|(document, record, actors)| (*document, *record, actors)).collect();
        let statements = self.add_statements(&told).await?;
        self.add_relations(&told).await?;
        self.add_figures(&told).await?;
        Ok(all.into_iter().zip(statements).map(|((_, _, actors), statements)| Contents { actors, statements }).collect())
    }

    /// Stored incidents that a report may tell of: of its class, in its country or none, at most three days away. Where either date is
    /// unknown the country must be known and the same; an undated report looks back 60 days from its publication. Rejected ones are
    /// among them, so that what was rejected is not told anew. At most 300.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn neighbours(&mut self, incident: &record::Incident, published: Option<Date>) -> Result<Vec<IncidentRow>, StoreError> {
        const WHAT: &str = "look for incidents to merge with";
        let class = incident.kind.split('.').next().unwrap_or_default();
        let country = incident.place.as_ref().and_then(|p| p.country.as_deref());
        let (from, to) = match (incident.date, published) {
            (Some(d), _) => (shifted(d.start, -3), shifted(d.end, 3)),
            (None, Some(p)) => (shifted(p, -60), shifted(p, 1)),
            // An interval without days in it.
            (None, None) => ("9".to_owned(), "0".to_owned()),
        };
        // A month or a year begins before the days in it.
        let earliest = incident.date.map_or_else(|| from.clone(), |d| shifted(d.start, -370));
        let docs: Vec<String> = sqlx::query_scalar(
            "select d.doc from incident_doc d join (\
               select id, day from incident where class = ?1 and day between ?5 and ?4 and date_end >= ?3 and status <> 'merged' \
               and (?6 and (country = ?2 or country is null or ?2 is null) or country = ?2) \
               union all \
               select id, day from incident where class = ?1 and day = '' and country = ?2 and status <> 'merged' \
               order by day desc, id desc limit 300) n on n.id = d.id order by d.id",
        )
        .bind(class)
        .bind(country)
        .bind(from)
        .bind(to)
        .bind(earliest)
        .bind(incident.date.is_some())
        .fetch_all(self.connection())
        .await
        .context(WHAT)?;
        docs.iter().map(|doc| serde_json::from_str(doc)).collect::<Result<_, _>>().context(WHAT)
    }

    /// Adds one report to the incident that its decision names, or to a new one. The incident is to be [settled](Writer::settle_all) after.
    ///
    /// # Errors
    /// When the base cannot be written, or the decision names an incident that is not there.
    pub async fn add_report(&mut self, document: &DocumentKey, contents: &Contents, report: &NewReport<'_>) -> Result<IncidentKey, StoreError> {
        const WHAT: &str = "store a report";
        let key = match &report.decision.verdict {
            Verdict::Same(uid) => self.find_incident(uid).await?.ok_or_else(|| StoreError::Conflict { what: WHAT, problem: format!("no incident {uid}") })?,
            Verdict::New => self.open_incident(&[report.uid], report.incident).await?,
        };
        let number: i64 = sqlx::query_scalar(
            "insert into report (incident_id, document_id, extraction_id, idx, uid, body, voices) values (?, ?, ?, ?, ?, ?, ?) returning id",
        )
        .bind(key.number)
        .bind(document.number)
        .bind(document.extraction)
        .bind(report.index as i64)
        .bind(report.uid)
        .bind(serde_json::to_string(report.incident).context(WHAT)?)
        .bind(serde_json::to_string(&report.voices).context(WHAT)?)
        .fetch_one(self.connection())
        .await
        .context(WHAT)?;
        self.add_participants(&key, number, report.incident, contents).await?;
        self.add_evidence(&key, number, document, report.incident).await?;
        self.add_decision(&key, number, report.decision).await?;
        Ok(key)
    }

    /// Links the statements of a record to its incidents, which are in the record's order.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn link(&mut self, record: &Record, contents: &Contents, incidents: &[IncidentKey]) -> Result<(), StoreError> {
        self.link_statements(record, &contents.statements, incidents).await
    }

    /// The incident of an id.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn find_incident(&mut self, uid: &str) -> Result<Option<IncidentKey>, StoreError> {
        let number: Option<i64> =
            sqlx::query_scalar("select id from incident where uid = ?").bind(uid).fetch_optional(self.connection()).await.context("look up an incident")?;
        Ok(number.map(|number| IncidentKey { number, uid: uid.to_owned() }))
    }

    /// All reports of each incident, the oldest publication first, in the order of the keys.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn reports(&mut self, keys: &[IncidentKey]) -> Result<Vec<Vec<Report>>, StoreError> {
        let numbers: Vec<i64> = keys.iter().map(IncidentKey::number).collect();
        let mut found = reports(self.connection(), &numbers).await?;
        Ok(numbers.iter().map(|number| found.remove(number).unwrap_or_default()).collect())
    }

    /// An incident to be settled, under the id that one of its reports gives, the first first; one that was merged into another and has its
    /// id comes back.
    pub(super) async fn open_incident(&mut self, reports: &[&str], told: &record::Incident) -> Result<IncidentKey, StoreError> {
        const WHAT: &str = "store an incident";
        for n in 0..u32::from(u8::MAX) {
            for report in reports {
                let uid = id::incident_of(report, n);
                if let Some(number) = self.insert_incident(&uid, told).await?.or(self.revive(&uid).await?) {
                    return Ok(IncidentKey { number, uid });
                }
            }
        }
        Err(StoreError::Conflict { what: WHAT, problem: "no free id".to_owned() })
    }

    async fn insert_incident(&mut self, uid: &str, told: &record::Incident) -> Result<Option<i64>, StoreError> {
        let (now, revision) = (self.now.clone(), self.revision);
        sqlx::query_scalar(
            "insert into incident (uid, type, date_precision, certainty, evidence_grade, background, confidence, summary, n_reports, n_sources, \
             created_at, updated_at, revision) values (?1, ?2, 'unknown', ?3, 'single_source', 0, 0, '', 0, 0, ?4, ?4, ?5) \
             on conflict (uid) do nothing returning id",
        )
        .bind(uid)
        .bind(&told.kind)
        .bind(&told.certainty)
        .bind(now)
        .bind(revision)
        .fetch_optional(self.connection())
        .await
        .context("store an incident")
    }

    pub(super) async fn add_participants(
        &mut self,
        key: &IncidentKey,
        report: i64,
        incident: &record::Incident,
        contents: &Contents,
    ) -> Result<(), StoreError> {
        let values = incident
            .participants
            .iter()
            .map(|p| {
                let actor = contents.actors.named(p.name.as_deref());
                let statement = p.asserted_by.and_then(|s| contents.statements.get(s as usize));
                let [low, best, high] = p.count.map_or([None; 3], |c| [c.low, c.best, c.high]);
                json!([actor, p.name, json!(p.mentions).to_string(), p.kind, p.role, low, best, high, p.target_type, statement, p.standing])
            })
            .collect();
        sqlx::query(
            "insert into participant (incident_id, report_id, actor_id, name, mentions, kind, role, count_low, count_best, count_high, target_type, \
             asserted_by, standing) select ?, ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, \
             value ->> 9, value ->> 10 from json_each(?) order by key",
        )
        .bind(key.number)
        .bind(report)
        .bind(rows(values))
        .execute(self.connection())
        .await
        .context("store participants")?;
        Ok(())
    }

    pub(super) async fn add_evidence(&mut self, key: &IncidentKey, report: i64, document: &DocumentKey, incident: &record::Incident) -> Result<(), StoreError> {
        let values = incident.evidence.iter().map(|e| json!([e.start, e.end, e.text, e.field, e.rule])).collect();
        sqlx::query(
            "insert into evidence (document_id, report_id, incident_id, confidence, start, end, text, field, rule) \
             select ?, ?, ?, ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 from json_each(?) order by key",
        )
        .bind(document.number)
        .bind(report)
        .bind(key.number)
        .bind(incident.confidence)
        .bind(rows(values))
        .execute(self.connection())
        .await
        .context("store evidence")?;
        Ok(())
    }

    /// Stores how a report found its incident.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn add_decision(&mut self, key: &IncidentKey, report: i64, decision: &Decision) -> Result<(), StoreError> {
        let verdict = match decision.verdict {
            Verdict::New => "new",
            Verdict::Same(_) => "same",
        };
        let now = self.now.clone();
        sqlx::query(
            "insert into merge_decision (report_id, incident_id, verdict, candidate, score, features, rule, n_candidates, made_at) \
             values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(report)
        .bind(key.number)
        .bind(verdict)
        .bind(&decision.candidate)
        .bind(decision.score)
        .bind(json!(decision.features).to_string())
        .bind(&decision.rule)
        .bind(decision.n_candidates)
        .bind(now)
        .execute(self.connection())
        .await
        .context("store a merge decision")?;
        Ok(())
    }
}

/// All reports of each incident, the oldest publication first.
pub(in crate::store) async fn reports(connection: &mut sqlx::SqliteConnection, incidents: &[i64]) -> Result<BTreeMap<i64, Vec<Report>>, StoreError> {
    const WHAT: &str = "read the reports of incidents";
    #[derive(sqlx::FromRow)]
    struct Row {
        id: i64,
        incident_id: i64,
        idx: u32,
        body: String,
        voices: String,
        uid: String,
        title: Option<String>,
        source: Option<String>,
        url: Option<String>,
        published: Option<String>,
        original: Option<String>,
        fictional: bool,
        withdrawn: bool,
    }
    let wanted = json!(incidents).to_string();
    let found: Vec<Row> = sqlx::query_as(
        "select r.id, r.incident_id, r.idx, r.body, r.voices, d.uid, d.title, d.source, d.url, d.published, o.uid as original, d.fictional, \
         d.withdrawn_at is not null as withdrawn \
         from json_each(?) j cross join report r on r.incident_id = j.value cross join document d on d.id = r.document_id \
         left join document o on o.id = d.near_duplicate_of order by coalesce(d.published, ''), d.uid, r.idx",
    )
    .bind(&wanted)
    .fetch_all(&mut *connection)
    .await
    .context(WHAT)?;
    let mut parties = parties(connection, &wanted).await?;
    let mut reports: BTreeMap<i64, Vec<Report>> = BTreeMap::new();
    for r in found {
        let source = ReportSource {
            document: r.uid,
            title: r.title,
            source: r.source,
            url: r.url,
            published: r.published,
            near_duplicate_of: r.original,
            fictional: r.fictional,
            withdrawn: r.withdrawn,
        };
        let (incident, voices) = (serde_json::from_str(&r.body).context(WHAT)?, serde_json::from_str(&r.voices).context(WHAT)?);
        let report = Report { source, index: r.idx, incident, parties: parties.remove(&r.id).unwrap_or_default(), voices };
        reports.entry(r.incident_id).or_default().push(report);
    }
    Ok(reports)
}

/// Participants of the reports of incidents with the stored actors, by the number of the report.
async fn parties(connection: &mut sqlx::SqliteConnection, incidents: &str) -> Result<BTreeMap<i64, Vec<Party>>, StoreError> {
    const WHAT: &str = "read the participants of incidents";
    #[derive(sqlx::FromRow)]
    struct Row {
        report_id: i64,
        actor: Option<String>,
        actor_name: Option<String>,
        name: Option<String>,
        mentions: String,
        kind: String,
        role: String,
        count_low: Option<u32>,
        count_best: Option<u32>,
        count_high: Option<u32>,
        target_type: Option<String>,
        standing: Option<String>,
    }
    let found: Vec<Row> = sqlx::query_as(
        "select p.report_id, a.uid as actor, a.name as actor_name, p.name, p.mentions, p.kind, p.role, p.count_low, p.count_best, p.count_high, \
         p.target_type, p.standing from json_each(?) j cross join participant p on p.incident_id = j.value \
         left join actor o on o.id = p.actor_id left join actor a on a.id = coalesce(o.merged_into, o.id) order by p.id",
    )
    .bind(incidents)
    .fetch_all(connection)
    .await
    .context(WHAT)?;
    let mut parties: BTreeMap<i64, Vec<Party>> = BTreeMap::new();
    for r in found {
        let mentions: Vec<String> = serde_json::from_str(&r.mentions).context(WHAT)?;
        let name = r.actor_name.or(r.name).or_else(|| mentions.into_iter().next()).unwrap_or_default();
        let counted = r.count_low.or(r.count_best).or(r.count_high).is_some();
        let count = counted.then_some(Count { low: r.count_low, best: r.count_best, high: r.count_high });
        let party = Party { actor: r.actor, name, kind: r.kind, role: r.role, target_type: r.target_type, count, standing: r.standing, within: None };
        parties.entry(r.report_id).or_default().push(party);
    }
    Ok(parties)
}

fn shifted(date: Date, days: i32) -> String {
    date.saturating_add(days.days()).to_string()
}

/// Facets of an incident with their values, in order, each once.
pub(in crate::store) fn facets<'a>(state: &'a Reconciled, reports: &'a [Report]) -> Vec<(&'static str, &'a str)> {
    let mut facets: Vec<(&str, &str)> = Vec::new();
    for party in &state.parties {
        if let Some(actor) = &party.actor {
            facets.push(("actor", actor));
            if matches!(party.role.as_str(), "perpetrator" | "suspected" | "claimant" | "captor") {
                facets.push(("perpetrator", actor));
            }
        }
        if let Some(target) = &party.target_type {
            facets.push(("target_type", target));
        }
    }
    facets.extend(state.weapons.iter().map(|w| ("weapon", w.as_str())));
    facets.extend(state.attributes.iter().map(|a| ("attribute", a.as_str())));
    facets.extend(reports.iter().map(|r| ("document", r.source.document.as_str())));
    facets.extend(reports.iter().filter_map(|r| Some(("source", r.source.source.as_deref()?))));
    facets.sort_unstable();
    facets.dedup();
    facets
}
