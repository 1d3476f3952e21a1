//! List views and search entries against the rows that they repeat.

use super::{AT_ONCE, Probe};
use crate::store::writer::first_line;
use futures_util::TryStreamExt;
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;

/// A list view is the JSON of `IncidentRow`; what it repeats of the row's columns.
pub(super) const DIFFERING: &str = "from incident i join incident_doc d on d.id = i.id \
     left join incident m on m.id = i.merged_into left join place p on p.id = i.place_id where not coalesce(json_valid(d.doc), 0) or not (\
     i.uid is d.doc ->> '$.id' and i.type is d.doc ->> '$.type' and i.date_start is d.doc ->> '$.date.start' and i.date_end is d.doc ->> '$.date.end' \
     and i.date_precision is coalesce(d.doc ->> '$.date.precision', 'unknown') and p.uid is d.doc ->> '$.place.id' and i.place_name is d.doc ->> '$.place.name' \
     and i.place_mention is d.doc ->> '$.place.mention' and i.site is d.doc ->> '$.place.site' and i.country is d.doc ->> '$.place.country' \
     and i.admin1 is d.doc ->> '$.place.admin1' and i.admin2 is d.doc ->> '$.place.admin2' and i.place_precision is d.doc ->> '$.place.precision' \
     and coalesce(abs(i.latitude - (d.doc ->> '$.place.latitude')) < 1e-9, i.latitude is null) \
     and coalesce(abs(i.longitude - (d.doc ->> '$.place.longitude')) < 1e-9, i.longitude is null) \
     and i.killed_low is d.doc ->> '$.killed.low' and i.killed_best is d.doc ->> '$.killed.best' and i.killed_high is d.doc ->> '$.killed.high' \
     and i.injured_low is d.doc ->> '$.injured.low' and i.injured_best is d.doc ->> '$.injured.best' and i.injured_high is d.doc ->> '$.injured.high' \
     and i.killed_lowest is d.doc ->> '$.other_figures.killed.lowest' and i.killed_highest is d.doc ->> '$.other_figures.killed.highest' \
     and i.killed_median is d.doc ->> '$.other_figures.killed.median' and i.injured_lowest is d.doc ->> '$.other_figures.injured.lowest' \
     and i.injured_highest is d.doc ->> '$.other_figures.injured.highest' and i.injured_median is d.doc ->> '$.other_figures.injured.median' \
     and i.attributes is d.doc ->> '$.attributes' and i.weapons is d.doc ->> '$.weapons' and i.certainty is d.doc ->> '$.certainty' \
     and i.evidence_grade is d.doc ->> '$.evidence_grade' and i.background is d.doc ->> '$.background' and i.status is d.doc ->> '$.status' \
     and m.uid is d.doc ->> '$.merged_into' and i.fictional is d.doc ->> '$.fictional' and abs(i.confidence - (d.doc ->> '$.confidence')) < 1e-9 \
     and i.summary is d.doc ->> '$.summary' and i.n_reports is d.doc ->> '$.n_reports' and i.n_sources is d.doc ->> '$.n_sources' \
     and i.created_at is d.doc ->> '$.created_at' and i.updated_at is d.doc ->> '$.updated_at' and i.revision is d.doc ->> '$.revision')";

const FACETS: &str = "select 'the facet ' || f.facet || ' of incident ' || i.uid || ' has another day' from incident_facet f join incident i on i.id = f.incident_id \
     where f.day is not i.day";

const ENTRIES: [&str; 6] = [
    "select 'incident ' || i.uid || ' cannot be searched as it is' from incident i left join search_entry e on e.kind = 'incident' and e.entity_id = i.id \
     where e.id is null or e.id not in (select entry_id from withheld_entry) and (e.uid is not i.uid or e.day is not i.day or e.title is not i.summary)",
    "select 'statement ' || s.uid || ' cannot be searched as it is' from statement s left join search_entry e on e.kind = 'statement' and e.entity_id = s.id \
     where e.id is null or e.id not in (select entry_id from withheld_entry) \
     and (e.uid is not s.uid or e.day is not s.day or e.title is not coalesce(s.speaker_name, s.speaker_text, '') or e.body is not s.content)",
    "select 'actor ' || a.uid || ' cannot be searched as it is' from actor a left join search_entry e on e.kind = 'actor' and e.entity_id = a.id \
     where e.id is null or e.id not in (select entry_id from withheld_entry) and (e.uid is not a.uid or e.day is not '' or e.title is not a.name)",
    "select 'document ' || d.uid || ' cannot be searched as it is' from document d left join search_entry e on e.kind = 'document' and e.entity_id = d.id \
     where d.withdrawn_at is null and (e.id is null or e.id not in (select entry_id from withheld_entry) \
     and (e.uid is not d.uid or e.day is not d.day or e.body is not '' or d.title is not null and e.title is not d.title))",
    "select 'document ' || d.uid || ' was withdrawn and can be searched' from document d join search_entry e on e.kind = 'document' and e.entity_id = d.id \
     where d.withdrawn_at is not null",
    FACETS,
];

pub(super) async fn columns(probe: &mut Probe) -> Result<(), sqlx::Error> {
    for sql in ENTRIES {
        probe.none(sql).await?;
    }
    let differing = format!("select 'the list view of incident ' || i.uid || ' differs from its row' {DIFFERING}");
    // The text is the one above.
    let mut rows = sqlx::query_scalar::<_, String>(AssertSqlSafe(differing)).fetch(&mut probe.connection);
    while let Some(row) = rows.try_next().await? {
        probe.faults.add(|| row);
    }
    drop(rows);
    titles(probe).await?;
    names(probe).await
}

/// A document without a title is shown by its first line.
async fn titles(probe: &mut Probe) -> Result<(), sqlx::Error> {
    let mut last = i64::MIN;
    loop {
        let rows: Vec<(i64, String, String, String)> = sqlx::query_as(
            "select d.id, d.uid, e.title, t.text from document d join document_text t on t.document_id = d.id \
             join search_entry e on e.kind = 'document' and e.entity_id = d.id where d.title is null and d.id > ? \
             and e.id not in (select entry_id from withheld_entry) order by d.id limit ?",
        )
        .bind(last)
        .bind(AT_ONCE)
        .fetch_all(&mut probe.connection)
        .await?;
        let Some(end) = rows.last().map(|r| r.0) else { return Ok(()) };
        for (_, uid, title, text) in rows {
            if title != first_line(&text) {
                probe.fault(|| format!("document {uid} is not found by its first line"));
            }
        }
        last = end;
    }
}

/// An actor is found by all of its names; one that documents named, from its second name on.
async fn names(probe: &mut Probe) -> Result<(), sqlx::Error> {
    let mut last = i64::MIN;
    loop {
        let entries: Vec<(i64, String, String, bool)> = sqlx::query_as(
            "select a.id, a.uid, e.body, a.known from actor a join search_entry e on e.kind = 'actor' and e.entity_id = a.id \
             where a.id > ? and e.id not in (select entry_id from withheld_entry) order by a.id limit ?",
        )
        .bind(last)
        .bind(AT_ONCE)
        .fetch_all(&mut probe.connection)
        .await?;
        let Some(end) = entries.last().map(|e| e.0) else { return Ok(()) };
        let mut names: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        let rows: Vec<(i64, String)> = sqlx::query_as("select actor_id, name from actor_name where actor_id > ? and actor_id <= ?")
            .bind(last)
            .bind(end)
            .fetch_all(&mut probe.connection)
            .await?;
        for (actor, name) in rows {
            names.entry(actor).or_default().push(name);
        }
        for (actor, uid, body, known) in entries {
            let names = names.remove(&actor).unwrap_or_default();
            if (known || !body.is_empty()) && sorted(&body) != sorted(&names.join(" · ")) {
                probe.fault(|| format!("actor {uid} is not found by its names"));
            }
        }
        last = end;
    }
}

/// The same names in whatever order SQLite gave them.
fn sorted(names: &str) -> Vec<&str> {
    let mut names: Vec<&str> = names.split(" · ").collect();
    names.sort_unstable();
    names
}
