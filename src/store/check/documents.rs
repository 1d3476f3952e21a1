//! Documents with their texts and records, and reports against the records.

use super::{AT_ONCE, Probe};
use crate::model::record::Incident;
use crate::model::{Record, id};
use crate::store::compress;

/// Texts have the hash that they were stored under; records can be unpacked and read.
pub(super) async fn whole(probe: &mut Probe) -> Result<(), sqlx::Error> {
    #[derive(sqlx::FromRow)]
    struct Row {
        id: i64,
        uid: String,
        sha256: String,
        n_chars: i64,
        text: Option<Vec<u8>>,
        record: Option<Vec<u8>>,
        signature: Option<i64>,
        withdrawn: bool,
    }
    let mut last = i64::MIN;
    loop {
        let rows: Vec<Row> = sqlx::query_as(
            "select d.id, d.uid, d.sha256, d.n_chars, cast(t.text as blob) as text, \
             (select record from extraction e where e.document_id = d.id order by e.id desc limit 1) as record, \
             (select length(signature) from document_signature s where s.document_id = d.id) as signature, d.withdrawn_at is not null as withdrawn \
             from document d left join document_text t on t.document_id = d.id where d.id > ? order by d.id limit ?",
        )
        .bind(last)
        .bind(AT_ONCE)
        .fetch_all(&mut probe.connection)
        .await?;
        let Some(end) = rows.last().map(|r| r.id) else { return Ok(()) };
        for row in rows {
            let uid = &row.uid;
            match row.text.as_deref().map(str::from_utf8) {
                None if row.withdrawn => {}
                Some(_) if row.withdrawn => probe.fault(|| format!("{uid} was withdrawn and has its text")),
                None => probe.fault(|| format!("{uid} has no text")),
                Some(Err(_)) => probe.fault(|| format!("the text of {uid} is not UTF-8")),
                Some(Ok(text)) if id::sha256(text) != row.sha256 => probe.fault(|| format!("the text of {uid} is not the one that was stored")),
                Some(Ok(text)) if text.chars().count() as i64 != row.n_chars => probe.fault(|| format!("the length of {uid} is not {}", row.n_chars)),
                Some(Ok(_)) => {}
            }
            match row.record.as_deref().map(read) {
                None => probe.fault(|| format!("{uid} has no record")),
                Some(None) => probe.fault(|| format!("the record of {uid} cannot be read")),
                Some(Some(_)) => {}
            }
            if row.signature != Some(256) {
                probe.fault(|| format!("{uid} has no signature of 64 values"));
            }
        }
        last = end;
    }
}

fn read(bytes: &[u8]) -> Option<Record> {
    serde_json::from_slice(&compress::inflate(bytes).ok()?).ok()
}

/// What is stored of a report is an incident of the record that it was read from.
pub(super) async fn reports(probe: &mut Probe) -> Result<(), sqlx::Error> {
    let mut last = i64::MIN;
    loop {
        // What an earlier extraction told is no report any more, unless a curator's word keeps it.
        let extractions: Vec<(i64, Vec<u8>, bool)> = sqlx::query_as(
            "select e.id, e.record, e.id = (select max(n.id) from extraction n where n.document_id = e.document_id) from extraction e where e.id > ? order by e.id limit ?",
        )
            .bind(last)
            .bind(AT_ONCE)
            .fetch_all(&mut probe.connection)
            .await?;
        let Some(end) = extractions.last().map(|e| e.0) else { return Ok(()) };
        for (extraction, record, is_current) in extractions {
            // An unreadable record is told by the question before.
            let Some(record) = read(&record) else { continue };
            let reports: Vec<(i64, i64, String)> =
                sqlx::query_as("select id, idx, body from report where extraction_id = ?").bind(extraction).fetch_all(&mut probe.connection).await?;
            if is_current && reports.len() != record.incidents.len() {
                probe.fault(|| format!("extraction {extraction} has {} incidents and {} reports", record.incidents.len(), reports.len()));
            }
            for (number, index, body) in reports {
                let told = usize::try_from(index).ok().and_then(|i| record.incidents.get(i));
                if told != serde_json::from_str::<Incident>(&body).ok().as_ref() {
                    probe.fault(|| format!("report {number} does not say what the record says"));
                }
            }
        }
        last = end;
    }
}
