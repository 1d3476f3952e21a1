//! Writing incidents: reports, what they make together, and how they were joined.

use super::Writer;
use super::actor::RecordActors;
use super::document::DocumentKey;
use super::rows::Rows;
use super::statement::Told;
use crate::model::incident::{Party, Report, ReportSource, Voice};
use crate::model::plan::{Decision, Reconciled, Verdict};
use crate::model::record::{self, Record};
use crate::model::{Count, id};
use crate::store::StoreError;
use crate::store::error::Context;
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
    /// Its document.
    pub document: &'a DocumentKey,
    /// Place in the record's list of incidents.
    pub index: usize,
    /// Its id.
    pub uid: &'a str,
    /// What it says.
    pub incident: &'a record::Incident,
    /// Who speaks of it in the document.
    pub voices: Vec<Voice>,
}

/// A stored report that has its incident.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'a> {
    /// Its document.
    pub document: &'a DocumentKey,
    /// What was stored of the record beside.
    pub contents: &'a Contents,
    /// Number of the report.
    pub report: i64,
    /// What it says.
    pub incident: &'a record::Incident,
    /// Its incident.
    pub key: &'a IncidentKey,
    /// How it found it; none where it has been there before.
    pub decision: Option<&'a Decision>,
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

    /// Adds reports, those of a document together and in the order of its record; gives their numbers. Each has to be moved to an incident and
    /// given its [details](Writer::add_details) before the transaction ends.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn add_reports(&mut self, reports: &[NewReport<'_>]) -> Result<Vec<i64>, StoreError> {
        const WHAT: &str = "store reports";
        if reports.is_empty() {
            return Ok(Vec::new());
        }
        // Until they have one, they refer to an incident that is not there.
        sqlx::query("pragma defer_foreign_keys = on").execute(self.connection()).await.context(WHAT)?;
        let last: i64 = sqlx::query_scalar("select coalesce(max(id), 0) from report").fetch_one(self.connection()).await.context(WHAT)?;
        let mut rows = Rows::into("insert into report (id, incident_id, document_id, extraction_id, idx, uid, body, voices)");
        for (number, report) in (last + 1..).zip(reports) {
            rows.add()
                .bind(number)
                .bind(0)
                .bind(report.document.number)
                .bind(report.document.extraction)
                .bind(report.index as i64)
                .bind(report.uid)
                .bind(serde_json::to_string(report.incident).context(WHAT)?)
                .bind(serde_json::to_string(&report.voices).context(WHAT)?);
        }
        rows.write(self.connection(), WHAT).await?;
        Ok((last + 1..).take(reports.len()).collect())
    }

    /// Adds what hangs on reports and their incidents: participants, evidence, how they came there.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn add_details(&mut self, all: &[Placed<'_>]) -> Result<(), StoreError> {
        let mut participants = Rows::into(
            "insert into participant (incident_id, report_id, actor_id, name, mentions, kind, role, count_low, count_best, count_high, target_type, \
             asserted_by, standing)",
        );
        let mut evidence = Rows::into("insert into evidence (document_id, report_id, incident_id, confidence, start, end, text, field, rule)");
        for one in all {
            for p in &one.incident.participants {
                let statement = p.asserted_by.and_then(|s| one.contents.statements.get(s as usize)).copied();
                let [low, best, high] = p.count.map_or([None; 3], |c| [c.low, c.best, c.high]);
                participants
                    .add()
                    .bind(one.key.number)
                    .bind(one.report)
                    .bind(one.contents.actors.named(p.name.as_deref()))
                    .bind(&p.name)
                    .bind(json!(p.mentions).to_string())
                    .bind(&p.kind)
                    .bind(&p.role)
                    .bind(low)
                    .bind(best)
                    .bind(high)
                    .bind(&p.target_type)
                    .bind(statement)
                    .bind(&p.standing);
            }
            for e in &one.incident.evidence {
                evidence
                    .add()
                    .bind(one.document.number)
                    .bind(one.report)
                    .bind(one.key.number)
                    .bind(one.incident.confidence)
                    .bind(e.start)
                    .bind(e.end)
                    .bind(&e.text)
                    .bind(&e.field)
                    .bind(&e.rule);
            }
        }
        participants.write(self.connection(), "store participants").await?;
        evidence.write(self.connection(), "store evidence").await?;
        let decisions: Vec<(&IncidentKey, i64, &Decision)> = all.iter().filter_map(|one| Some((one.key, one.report, one.decision?))).collect();
        self.add_decisions_on_reports(&decisions).await
    }

    /// Stores how reports found their incidents.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn add_decisions_on_reports(&mut self, all: &[(&IncidentKey, i64, &Decision)]) -> Result<(), StoreError> {
        let mut rows = Rows::into("insert into merge_decision (report_id, incident_id, verdict, candidate, score, features, rule, n_candidates, made_at)");
        for (key, report, decision) in all {
            let verdict = match decision.verdict {
                Verdict::New => "new",
                Verdict::Same(_) => "same",
            };
            rows.add()
                .bind(*report)
                .bind(key.number)
                .bind(verdict)
                .bind(&decision.candidate)
                .bind(decision.score)
                .bind(json!(decision.features).to_string())
                .bind(&decision.rule)
                .bind(decision.n_candidates)
                .bind(&self.now);
        }
        rows.write(self.connection(), "store merge decisions").await
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
