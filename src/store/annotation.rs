//! All that is marked in one document: every span of its current extraction, with the stored entity that it is evidence for.

use super::error::Context;
use super::{Store, StoreError};
use crate::model::Record;
use crate::model::document::Annotation;
use crate::model::record::Actor;
use sqlx::SqliteConnection;
use std::collections::BTreeMap;

impl Store {
    /// All marked stretches of a document, in order of their start, the longer first. None where there is no such document.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn annotations(&self, document: &str) -> Result<Option<Vec<Annotation>>, StoreError> {
        const WHAT: &str = "read a document's annotations";
        let Some(record) = self.record(document).await? else { return Ok(None) };
        let mut connection = self.reader.acquire().await.context(WHAT)?;
        let incidents = numbered(
            &mut connection,
            "select r.idx, i.uid from report r join incident i on i.id = r.incident_id where r.extraction_id = (\
             select max(e.id) from extraction e where e.document_id = (select id from document where uid = ?))",
            document,
        )
        .await?;
        let statements = numbered(
            &mut connection,
            "select s.idx, s.uid from statement s where s.extraction_id = (\
             select max(e.id) from extraction e where e.document_id = (select id from document where uid = ?))",
            document,
        )
        .await?;
        let actors: BTreeMap<(u32, u32), String> = sqlx::query_as::<_, (u32, u32, String)>(
            "select m.start, m.end, a.uid from actor_mention m join actor o on o.id = m.actor_id join actor a on a.id = coalesce(o.merged_into, o.id) where m.document_id = (select id from document where uid = ?)",
        )
        .bind(document)
        .fetch_all(&mut *connection)
        .await
        .context(WHAT)?
        .into_iter()
        .map(|(start, end, uid)| ((start, end), uid))
        .collect();
        let mut all = of_record(&record, &incidents, &statements, &actors);
        correct(&mut connection, document, &mut all).await?;
        all.sort_by(|a, b| (a.start, b.end, &a.kind, &a.field).cmp(&(b.start, a.end, &b.kind, &b.field)));
        Ok(Some(all))
    }
}

/// Adds the evidence that curators added, and removes what they took away, in their order.
async fn correct(connection: &mut SqliteConnection, document: &str, all: &mut Vec<Annotation>) -> Result<(), StoreError> {
    let rows: Vec<(bool, String, u32, u32, String, String)> = sqlx::query_as(
        "select c.action = 'add', c.field, c.value ->> 'start', c.value ->> 'end', i.uid, i.type from correction c \
         join incident o on o.uid = c.uid join incident i on i.id = coalesce(o.merged_into, o.id) \
         where c.entity = 'evidence' and c.undone_at is null and c.value ->> 'document' = ? order by c.id",
    )
    .bind(document)
    .fetch_all(connection)
    .await
    .context("read a document's annotations")?;
    for (is_added, field, start, end, incident, kind) in rows {
        if is_added {
            let rule = Some("curator".to_owned());
            all.push(Annotation { entity: Some(incident), label: Some(kind), rule, ..mark(start, end, "incident", &field) });
        } else {
            let is = |a: &Annotation| a.kind == "incident" && a.field == field && (a.start, a.end) == (start, end) && a.entity.as_deref() == Some(&*incident);
            all.retain(|a| !is(a));
        }
    }
    Ok(())
}

/// Ids of a document's entities by their index in the record.
async fn numbered(connection: &mut SqliteConnection, sql: &'static str, document: &str) -> Result<BTreeMap<usize, String>, StoreError> {
    let rows: Vec<(u32, String)> = sqlx::query_as(sql).bind(document).fetch_all(connection).await.context("read a document's annotations")?;
    Ok(rows.into_iter().map(|(idx, uid)| (idx as usize, uid)).collect())
}

fn of_record(
    record: &Record,
    incidents: &BTreeMap<usize, String>,
    statements: &BTreeMap<usize, String>,
    actors: &BTreeMap<(u32, u32), String>,
) -> Vec<Annotation> {
    let mut all = Vec::new();
    if let Some(dateline) = &record.document.dateline {
        all.push(mark(dateline.start, dateline.end, "dateline", "dateline"));
    }
    for (n, incident) in record.incidents.iter().enumerate() {
        all.extend(incident.evidence.iter().map(|e| Annotation {
            entity: incidents.get(&n).cloned(),
            label: Some(incident.kind.clone()),
            rule: Some(e.rule.clone()),
            ..mark(e.start, e.end, "incident", &e.field)
        }));
    }
    for (n, s) in record.statements.iter().enumerate() {
        let part = |start, end, field| Annotation { entity: statements.get(&n).cloned(), label: Some(s.kind.clone()), ..mark(start, end, "statement", field) };
        all.extend(s.speaker.iter().map(|p| part(p.start, p.end, "speaker")));
        for (field, excerpts) in [("cue", s.cue.as_slice()), ("content", &s.content), ("quote", &s.quotes)] {
            all.extend(excerpts.iter().map(|e| part(e.start, e.end, field)));
        }
    }
    for actor in &record.actors {
        all.extend(actor.mentions.iter().map(|e| Annotation {
            entity: actors.get(&(e.start, e.end)).cloned(),
            label: label(actor),
            ..mark(e.start, e.end, "actor", "mention")
        }));
    }
    for place in &record.places {
        all.push(Annotation { entity: place.gazetteer.clone(), label: Some(place.name.clone()), ..mark(place.start, place.end, "place", "mention") });
    }
    for r in &record.relations {
        let label = format!("{} {} {}", r.subject, r.relation, r.object);
        all.push(Annotation { label: Some(label), ..mark(r.start, r.end, "relation", &r.relation) });
    }
    for f in &record.figures {
        all.push(Annotation { label: Some(f.measure.clone()), ..mark(f.start, f.end, "figure", "value") });
    }
    for note in record.notes.iter().filter(|n| n.start < n.end) {
        all.push(Annotation { label: Some(note.text.clone()), ..mark(note.start, note.end, "note", &note.code) });
    }
    all
}

fn label(actor: &Actor) -> Option<String> {
    actor.name.clone().or_else(|| actor.description.clone())
}

fn mark(start: u32, end: u32, kind: &str, field: &str) -> Annotation {
    Annotation { start, end, kind: kind.to_owned(), field: field.to_owned(), entity: None, label: None, rule: None }
}
