//! Ids against what they are made of.

use super::{AT_ONCE, Probe};
use crate::model::record::Incident;
use crate::model::{Record, id};
use crate::store::compress;
use futures_util::TryStreamExt;

pub(super) async fn derived(probe: &mut Probe) -> Result<(), sqlx::Error> {
    documents(probe).await?;
    statements(probe).await?;
    figures(probe).await?;
    reports(probe).await?;
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
         from statement s join document d on d.id = s.document_id \
         where not exists (select 1 from correction c where c.entity = 'statement' and c.uid = s.uid and c.field = 'content' and c.undone_at is null)",
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

/// A report has the id of its words in its document.
async fn reports(probe: &mut Probe) -> Result<(), sqlx::Error> {
    let mut last = i64::MIN;
    loop {
        let reports: Vec<(i64, String, i64, Option<String>, String)> = sqlx::query_as(
            "select r.id, d.sha256, r.extraction_id, r.uid, r.body from report r join document d on d.id = r.document_id where r.extraction_id in \
             (select id from extraction where id > ? order by id limit ?) order by r.extraction_id, r.idx",
        )
        .bind(last)
        .bind(AT_ONCE)
        .fetch_all(&mut probe.connection)
        .await?;
        for of_one in reports.chunk_by(|a, b| a.2 == b.2) {
            // One that cannot be read is told elsewhere.
            let told: Vec<Incident> = of_one.iter().filter_map(|r| serde_json::from_str(&r.4).ok()).collect();
            let sha256 = of_one.first().map_or("", |r| r.1.as_str());
            if told.len() < of_one.len() {
                continue;
            }
            for ((number, _, _, uid, _), right) in of_one.iter().zip(id::reports(sha256, &told)) {
                if uid.as_ref() != Some(&right) && !is_of_any_extraction(probe, *number, sha256, uid.as_deref()).await? {
                    probe.fault(|| format!("report {number}: {} is not the id of its words", uid.as_deref().unwrap_or("nothing")));
                }
            }
        }
        let end: Option<i64> = sqlx::query_scalar("select max(id) from (select id from extraction where id > ? order by id limit ?)")
            .bind(last)
            .bind(AT_ONCE)
            .fetch_one(&mut probe.connection)
            .await?;
        let Some(end) = end else { return Ok(()) };
        last = end;
    }
}

/// A report keeps its id when its text is read anew and the words that tell it change: it has that of an earlier extraction.
async fn is_of_any_extraction(probe: &mut Probe, report: i64, sha256: &str, uid: Option<&str>) -> Result<bool, sqlx::Error> {
    let records: Vec<Vec<u8>> =
        sqlx::query_scalar("select e.record from extraction e where e.document_id = (select document_id from report where id = ?) order by e.id")
            .bind(report)
            .fetch_all(&mut probe.connection)
            .await?;
    let ids = |bytes: &Vec<u8>| {
        let record: Option<Record> = compress::inflate(bytes).ok().and_then(|json| serde_json::from_slice(&json).ok());
        record.map(|record| id::reports(sha256, &record.incidents)).unwrap_or_default()
    };
    Ok(uid.is_some_and(|uid| records.iter().any(|record| ids(record).iter().any(|id| id == uid))))
}

/// An incident has the id that a report gives, unless that report was deleted or what was split off found the id taken.
async fn incidents(probe: &mut Probe) -> Result<(), sqlx::Error> {
    probe
        .none(
            "select 'incident ' || i.id || ': ' || i.uid || ' is not the id that a report gives' from incident i \
             where not exists (select 1 from report r where r.uid = 'rep_' || substr(i.uid, 5)) \
             and not exists (select 1 from revision c join revision d on d.entity = 'document' and d.action = 'deleted' and d.id > c.id \
             where c.entity = 'incident' and c.uid = i.uid and c.action = 'created') \
             and not exists (select 1 from revision s where s.entity = 'incident' and s.action = 'split' and s.successor = i.uid) \
             and not exists (select 1 from revision n where n.entity = 'incident' and n.uid = i.uid and n.why = 'read anew')",
        )
        .await
}

/// An actor that the lexicon does not know and no curator renamed has the id of its name, or that of its name in one document.
async fn actors(probe: &mut Probe) -> Result<(), sqlx::Error> {
    let mut others: Vec<(i64, String, String, String)> = Vec::new();
    let mut rows = sqlx::query_as::<_, (i64, String, String, String)>("select id, uid, name, type from actor where known = 0 \
         and not exists (select 1 from correction c where c.entity = 'actor' and c.uid = actor.uid and c.field = 'names' and c.action = 'set' and c.undone_at is null)").fetch(&mut probe.connection);
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
