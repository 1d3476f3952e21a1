//! Writing statements and quoted figures.

use super::Writer;
use super::actor::RecordActors;
use super::document::{DocumentKey, rows};
use super::history::Entry;
use super::incident::IncidentKey;
use crate::model::id;
use crate::model::incident::Party;
use crate::model::record::{Record, Statement};
use crate::store::StoreError;
use crate::store::error::Context;
use serde_json::{Value, json};

impl Writer {
    /// Stores the statements of a record; gives their numbers in the record's order.
    pub(super) async fn add_statements(&mut self, document: &DocumentKey, record: &Record, actors: &RecordActors) -> Result<Vec<i64>, StoreError> {
        const WHAT: &str = "store statements";
        if record.statements.is_empty() {
            return Ok(Vec::new());
        }
        let uids: Vec<String> = record.statements.iter().enumerate().map(|(n, s)| id::statement(&document.sha256, place_of(s), n)).collect();
        let values = record.statements.iter().zip(&uids).enumerate().map(|(n, (s, uid))| statement_row(document, n, uid, s, actors)).collect();
        let (now, revision) = (self.now.clone(), self.revision);
        sqlx::query(
            "insert into statement (document_id, extraction_id, fictional, created_at, updated_at, revision, idx, uid, kind, mode, speaker_id, \
             speaker_name, speaker_text, affiliation, on_behalf_of, addressee, cue, said_start, said_end, said_precision, day, content, confidence, channel, standing) \
             select ?1, ?2, ?3, ?4, ?4, ?5, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, \
             value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13, value ->> 14, value ->> 15, \
             cast(value ->> 16 as real), value ->> 17, value ->> 18 from json_each(?6) order by key",
        )
        .bind(document.number)
        .bind(document.extraction)
        .bind(document.fictional)
        .bind(now)
        .bind(revision)
        .bind(rows(values))
        .execute(self.connection())
        .await
        .context(WHAT)?;
        let numbers: Vec<i64> = sqlx::query_scalar("select id from statement where extraction_id = ? order by idx")
            .bind(document.extraction)
            .fetch_all(self.connection())
            .await
            .context(WHAT)?;
        self.add_spans(record, &numbers).await?;
        sqlx::query(
            "insert into search_entry (kind, entity_id, uid, title, day, body) \
             select 'statement', id, uid, coalesce(speaker_name, speaker_text, ''), day, content from statement where extraction_id = ? order by idx",
        )
        .bind(document.extraction)
        .execute(self.connection())
        .await
        .context(WHAT)?;
        let entries: Vec<Entry<'_>> = uids
            .iter()
            .zip(&record.statements)
            .map(|(uid, s)| {
                let after = Some(json!({"kind": s.kind, "document": document.uid}).to_string());
                Entry { entity: "statement", uid, action: "created", why: "read in a document", after, ..Entry::default() }
            })
            .collect();
        self.log_all(&entries).await?;
        Ok(numbers)
    }

    async fn add_spans(&mut self, record: &Record, numbers: &[i64]) -> Result<(), StoreError> {
        let mut spans: Vec<Value> = Vec::new();
        for (s, number) in record.statements.iter().zip(numbers) {
            let mut add = |part: &str, idx: usize, start: u32, end: u32, text: &str| spans.push(json!([number, part, idx, start, end, text]));
            if let Some(speaker) = &s.speaker {
                add("speaker", 0, speaker.start, speaker.end, &speaker.text);
            }
            if let Some(cue) = &s.cue {
                add("cue", 0, cue.start, cue.end, &cue.text);
            }
            for (part, excerpts) in [("content", &s.content), ("quote", &s.quotes)] {
                excerpts.iter().enumerate().for_each(|(n, e)| add(part, n, e.start, e.end, &e.text));
            }
        }
        sqlx::query(
            "insert into statement_span (statement_id, part, idx, start, end, text) \
             select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 from json_each(?)",
        )
        .bind(rows(spans))
        .execute(self.connection())
        .await
        .context("store a statement's words")?;
        Ok(())
    }

    /// Links statements to the incidents that they are about; `incidents` are in the record's order.
    pub(super) async fn link_statements(&mut self, record: &Record, numbers: &[i64], incidents: &[IncidentKey]) -> Result<(), StoreError> {
        let about = |s: &Statement| s.about.iter().filter_map(|&i| incidents.get(i as usize)).map(|i| i.number()).collect::<Vec<_>>();
        let values = record.statements.iter().zip(numbers).flat_map(|(s, number)| about(s).into_iter().map(move |i| json!([number, i]))).collect();
        sqlx::query("insert or ignore into statement_about (statement_id, incident_id) select value ->> 0, value ->> 1 from json_each(?)")
            .bind(rows(values))
            .execute(self.connection())
            .await
            .context("link statements to incidents")?;
        Ok(())
    }

    /// Gives the claims and denials behind an incident's claimants and deniers the standing that all reports together give them.
    pub(super) async fn settle_claims(&mut self, incident: i64, parties: &[Party]) -> Result<(), StoreError> {
        let values: Vec<Value> =
            parties.iter().filter_map(|p| Some((p, p.standing.as_ref()?))).map(|(p, standing)| json!([p.role, p.actor, p.name, standing])).collect();
        if values.is_empty() {
            return Ok(());
        }
        let revision = self.revision;
        sqlx::query(
            "update statement set standing = c.standing, revision = ?3 from (\
               select p.asserted_by as id, v.value ->> 3 as standing from participant p \
               left join actor o on o.id = p.actor_id left join actor a on a.id = coalesce(o.merged_into, o.id), json_each(?2) v \
               where p.incident_id = ?1 and p.asserted_by is not null and p.role = v.value ->> 0 \
               and (a.uid = v.value ->> 1 or a.uid is null and v.value ->> 1 is null and coalesce(p.name, p.mentions ->> 0) = v.value ->> 2)\
             ) c where statement.id = c.id and statement.standing is not c.standing and (statement.kind <> 'denial' or c.standing = 'retracted')",
        )
        .bind(incident)
        .bind(rows(values))
        .bind(revision)
        .execute(self.connection())
        .await
        .context("settle an incident's claims")?;
        Ok(())
    }

    /// Stores the statistics that a record quotes.
    pub(super) async fn add_figures(&mut self, document: &DocumentKey, record: &Record, actors: &RecordActors) -> Result<(), StoreError> {
        let values = record
            .figures
            .iter()
            .enumerate()
            .map(|(n, f)| {
                let uid = id::figure(&document.sha256, (f.start, f.end), n);
                let [start, end, precision] = interval(f.period)?;
                let source = actors.named(f.source.as_deref());
                Ok(json!([uid, f.measure, f.value, f.unit, f.change, start, end, precision, f.place, f.source, source, f.start, f.end, f.text]))
            })
            .collect::<Result<_, serde_json::Error>>()
            .context("store figures")?;
        let revision = self.revision;
        sqlx::query(
            "insert into figure (document_id, extraction_id, fictional, revision, uid, measure, value, unit, change, period_start, period_end, \
             period_precision, place, source, source_id, start, end, text) \
             select ?, ?, ?, ?, value ->> 0, value ->> 1, cast(value ->> 2 as real), value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, \
             value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13 from json_each(?)",
        )
        .bind(document.number)
        .bind(document.extraction)
        .bind(document.fictional)
        .bind(revision)
        .bind(rows(values))
        .execute(self.connection())
        .await
        .context("store figures")?;
        Ok(())
    }
}

/// First and last character of a statement's content; of its cue where it has none.
fn place_of(s: &Statement) -> (u32, u32) {
    let spans = || s.content.iter().chain(&s.cue);
    (spans().map(|e| e.start).min().unwrap_or(0), spans().map(|e| e.end).max().unwrap_or(0))
}

fn statement_row(document: &DocumentKey, index: usize, uid: &str, s: &Statement, actors: &RecordActors) -> Value {
    let speaker = s.speaker.as_ref();
    let number = speaker.and_then(|p| actors.at(p.index).or_else(|| actors.named(p.name.as_deref())));
    // A date is three plain values; writing them as JSON cannot fail.
    let [start, end, precision] = interval(s.said_on).unwrap_or_default();
    let day = start.as_str().map(str::to_owned).or_else(|| document.published.clone()).unwrap_or_default();
    let content = s.content.iter().map(|e| e.text.as_str()).collect::<Vec<_>>().join(" ");
    json!([
        index,
        uid,
        s.kind,
        s.mode,
        number,
        speaker.and_then(|p| p.name.as_ref()),
        speaker.map(|p| &p.text),
        speaker.and_then(|p| p.affiliation.as_ref()),
        speaker.and_then(|p| p.on_behalf_of.as_ref()),
        s.addressee,
        s.cue.as_ref().map(|c| &c.text),
        start,
        end,
        precision,
        day,
        content,
        s.confidence,
        s.channel,
        s.standing,
    ])
}

/// Start, end and precision of an interval, null without one.
fn interval(range: Option<crate::model::DateRange>) -> Result<[Value; 3], serde_json::Error> {
    Ok(match range {
        Some(r) => [json!(r.start), json!(r.end), serde_json::to_value(r.precision)?],
        None => [Value::Null, Value::Null, Value::Null],
    })
}
