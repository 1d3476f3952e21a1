//! Ids against what they are made of.

use super::{AT_ONCE, Probe};
use crate::model::id;
use crate::model::record::Incident;
use futures_util::TryStreamExt;

/// Ids given to the first, second, … incident that stands in the same words with the same type.
const ALIKE: u32 = 64;

pub(super) async fn derived(probe: &mut Probe) -> Result<(), sqlx::Error> {
    documents(probe).await?;
    statements(probe).await?;
    figures(probe).await?;
    incidents(probe).await?;
    actors(probe).await?;
    places(probe).await?;
    // Whatever has a log has it under its id.
    for sql in [
        "select 'document ' || uid || ' is not known to the log' from document d where not exists (select 1 from revision r where r.entity = 'document' and r.uid = d.uid)",
        "select 'incident ' || uid || ' is not known to the log' from incident i where not exists (select 1 from revision r where r.entity = 'incident' and r.uid = i.uid)",
        "select 'actor ' || uid || ' is not known to the log' from actor a where not exists (select 1 from revision r where r.entity = 'actor' and r.uid = a.uid)",
        "select 'statement ' || uid || ' is not known to the log' from statement s where not exists (select 1 from revision r where r.entity = 'statement' and r.uid = s.uid)",
    ] {
        probe.none(sql).await?;
    }
    Ok(())
}

async fn documents(probe: &mut Probe) -> Result<(), sqlx::Error> {
    let mut rows = sqlx::query_as::<_, (i64, String, String)>("select id, uid, sha256 from document").fetch(&mut probe.connection);
    while let Some((number, uid, sha256)) = rows.try_next().await? {
        if uid != id::document(&sha256) {
            probe.faults.add(|| format!("document {number}: {uid} is not the id of its text"));
        }
    }
    Ok(())
}

async fn statements(probe: &mut Probe) -> Result<(), sqlx::Error> {
    let mut rows = sqlx::query_as::<_, (i64, String, u32, String, u32, u32)>(
        "select s.id, s.uid, s.idx, d.sha256, \
         coalesce((select min(start) from statement_span p where p.statement_id = s.id and p.part in ('content', 'cue')), 0), \
         coalesce((select max(end) from statement_span p where p.statement_id = s.id and p.part in ('content', 'cue')), 0) \
         from statement s join document d on d.id = s.document_id",
    )
    .fetch(&mut probe.connection);
    while let Some((number, uid, index, sha256, start, end)) = rows.try_next().await? {
        if uid != id::statement(&sha256, (start, end), index as usize) {
            probe.faults.add(|| format!("statement {number}: {uid} is not the id of its place in its document"));
        }
    }
    Ok(())
}

/// Figures do not keep their place in the record; it is theirs among the figures of their extraction.
async fn figures(probe: &mut Probe) -> Result<(), sqlx::Error> {
    let mut rows = sqlx::query_as::<_, (i64, String, u32, u32, u32, String)>(
        "select f.id, f.uid, f.start, f.end, (select count(*) from figure o where o.extraction_id = f.extraction_id and o.id < f.id), d.sha256 \
         from figure f join document d on d.id = f.document_id",
    )
    .fetch(&mut probe.connection);
    while let Some((number, uid, start, end, index, sha256)) = rows.try_next().await? {
        if uid != id::figure(&sha256, (start, end), index as usize) {
            probe.faults.add(|| format!("figure {number}: {uid} is not the id of its place in its document"));
        }
    }
    Ok(())
}

/// An incident has the id that one of its reports gives, unless the document that first reported it was deleted.
async fn incidents(probe: &mut Probe) -> Result<(), sqlx::Error> {
    let mut last = i64::MIN;
    loop {
        let incidents: Vec<(i64, String)> =
            sqlx::query_as("select id, uid from incident where id > ? order by id limit ?").bind(last).bind(AT_ONCE).fetch_all(&mut probe.connection).await?;
        let Some(end) = incidents.last().map(|i| i.0) else { return Ok(()) };
        let reports: Vec<(i64, String, String)> = sqlx::query_as(
            "select r.incident_id, d.sha256, r.body from report r join document d on d.id = r.document_id where r.incident_id > ? and r.incident_id <= ?",
        )
        .bind(last)
        .bind(end)
        .fetch_all(&mut probe.connection)
        .await?;
        for (number, uid) in &incidents {
            let gives = |(of, sha256, body): &(i64, String, String)| of == number && ids(sha256, body).any(|id| id == *uid);
            if !reports.iter().any(gives) && !first_report_is_gone(probe, uid).await? {
                probe.fault(|| format!("incident {number}: {uid} is not the id that a report of it gives"));
            }
        }
        last = end;
    }
}

fn ids(sha256: &str, body: &str) -> impl Iterator<Item = String> {
    let incident = serde_json::from_str::<Incident>(body).ok();
    let sha256 = sha256.to_owned();
    incident.into_iter().flat_map(move |incident| {
        let words = incident.evidence.iter().find(|e| e.field == "type").or_else(|| incident.evidence.first()).map_or((0, 0), |e| (e.start, e.end));
        let sha256 = sha256.clone();
        (0..ALIKE).map(move |n| {
            let kind = if n == 0 { incident.kind.clone() } else { format!("{}#{n}", incident.kind) };
            id::incident(&sha256, words, &kind)
        })
    })
}

/// Whether the log says that the incident was there, and that documents were deleted since.
async fn first_report_is_gone(probe: &mut Probe, uid: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "select exists (select 1 from revision c join revision d on d.entity = 'document' and d.action = 'deleted' and d.id > c.id \
         where c.entity = 'incident' and c.uid = ? and c.action = 'created')",
    )
    .bind(uid)
    .fetch_one(&mut probe.connection)
    .await
}

/// An actor that the lexicon does not know has the id of its name, or that of its name in one document.
async fn actors(probe: &mut Probe) -> Result<(), sqlx::Error> {
    let mut others: Vec<(i64, String, String, String)> = Vec::new();
    let mut rows = sqlx::query_as::<_, (i64, String, String, String)>("select id, uid, name, type from actor where known = 0").fetch(&mut probe.connection);
    while let Some((number, uid, name, kind)) = rows.try_next().await? {
        if uid != id::actor(&name, &kind) {
            others.push((number, uid, name, kind));
        }
    }
    drop(rows);
    for (number, uid, name, kind) in others {
        let documents: Vec<String> = sqlx::query_scalar(
            "select d.sha256 from document d where d.id in (select document_id from actor_mention where actor_id = ?1 \
             union select document_id from actor_decision where actor_id = ?1)",
        )
        .bind(number)
        .fetch_all(&mut probe.connection)
        .await?;
        // Keys of a lexicon of before stay when the entry goes.
        let was_known = !uid.starts_with("act_");
        if !was_known && !documents.is_empty() && !documents.iter().any(|sha256| uid == id::namesake(&name, &kind, sha256)) {
            probe.fault(|| format!("actor {number}: {uid} is not the id of its name"));
        }
    }
    Ok(())
}

async fn places(probe: &mut Probe) -> Result<(), sqlx::Error> {
    let mut rows =
        sqlx::query_as::<_, (i64, String, String, Option<String>, Option<String>)>("select id, uid, name, country, admin1 from place where uid glob 'plc_*'")
            .fetch(&mut probe.connection);
    while let Some((number, uid, name, country, admin1)) = rows.try_next().await? {
        if uid != id::place(&name, country.as_deref(), admin1.as_deref()) {
            probe.faults.add(|| format!("place {number}: {uid} is not the id of its name"));
        }
    }
    Ok(())
}
