//! Withdrawing documents: their text goes from wherever it stands, what they told stays or goes as well, and that they were there stays known.

use super::Writer;
use super::history::Entry;
use super::resolution::renew_names;
use crate::model::Record;
use crate::model::redact::{self, Gone};
use crate::store::error::Context;
use crate::store::{StoreError, compress};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const WHAT: &str = "withdraw a document";
/// Zeros written over free pages at once, in bytes.
const FILLER: i64 = 256 << 20;

/// What becomes of what a withdrawn document told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facts {
    /// It stays, without the words, and says that its document was withdrawn.
    Keep,
    /// It goes.
    Drop,
}

/// What withdrawing a document did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withdrawn {
    /// Ids of incidents that are to be settled: they have reports left, or their words are gone.
    pub touched: Vec<String>,
    /// Ids of incidents that nobody else reports: they are gone.
    pub deleted: Vec<String>,
    text: String,
    sites: bool,
    /// Incidents that it reports or reported: number and id.
    incidents: Vec<(i64, String)>,
    /// Ids of actors that went with it.
    actors: BTreeSet<String>,
}

/// What a document has that may be its own.
struct Traces {
    /// Incidents that it reports or reported: number and id.
    incidents: Vec<(i64, String)>,
    actors: Vec<i64>,
    places: Vec<i64>,
    /// Names that it has for actors.
    names: Vec<String>,
}

impl Writer {
    /// Withdraws a document. Incidents named in the answer are to be settled by the caller, who then calls [`Writer::wipe`]. None where there
    /// is no such document, or nothing of it is left that could go.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn withdraw_document(&mut self, uid: &str, reason: &str, facts: Facts) -> Result<Option<Withdrawn>, StoreError> {
        let found: Option<(i64, String, bool)> = sqlx::query_as(
            "select d.id, coalesce(t.text, ''), d.withdrawn_at is not null from document d left join document_text t on t.document_id = d.id where d.uid = ?",
        )
        .bind(uid)
        .fetch_optional(self.connection())
        .await
        .context(WHAT)?;
        let Some((number, text, withdrawn)) = found else { return Ok(None) };
        if withdrawn && facts == Facts::Keep {
            return Ok(None);
        }
        let traces = self.traces(number).await?;
        self.forget_curated(uid).await?;
        let mut done = match facts {
            Facts::Keep => self.redact(number, &traces).await?,
            Facts::Drop => {
                let done = self.drop_facts(number, reason).await?;
                Withdrawn { actors: self.drop_own(&traces, reason).await?, sites: true, ..done }
            }
        };
        self.bury("document", uid, reason).await?;
        (done.text, done.incidents) = (text, traces.incidents);
        Ok(Some(done))
    }

    /// Ids of documents with these texts that were withdrawn, and what they told kept.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn withdrawn_documents(&mut self, sha256: &[&str]) -> Result<Vec<String>, StoreError> {
        sqlx::query_scalar("select d.uid from json_each(?) j cross join document d on d.sha256 = j.value where d.withdrawn_at is not null")
            .bind(json!(sha256).to_string())
            .fetch_all(self.connection())
            .await
            .context(WHAT)
    }

    /// From here on whatever is freed in the file is overwritten with zeros, until [`Writer::wipe`].
    ///
    /// # Errors
    /// When the connection is broken.
    pub async fn overwrite_what_goes(&mut self) -> Result<(), StoreError> {
        sqlx::raw_sql("pragma secure_delete = on").execute(self.connection()).await.map(drop).context(WHAT)
    }

    async fn traces(&mut self, document: i64) -> Result<Traces, StoreError> {
        let incidents = sqlx::query_as(
            "with told (id) as (select r.incident_id from report r where r.document_id = ?1 \
             union select p.was ->> '$.incident_id' from report r join past p on p.kind = 'report' and p.number = r.id where r.document_id = ?1) \
             select i.id, i.uid from incident i where i.id in (select id from told) or i.merged_into in (select id from told)",
        );
        let actors = sqlx::query_scalar(
            "select m.actor_id from actor_mention m where m.document_id = ?1 \
             union select x.actor_id from actor_decision x where x.document_id = ?1 \
             union select p.actor_id from participant p join report r on r.id = p.report_id where r.document_id = ?1 and p.actor_id is not null \
             union select s.speaker_id from statement s where s.document_id = ?1 and s.speaker_id is not null \
             union select f.source_id from figure f where f.document_id = ?1 and f.source_id is not null",
        );
        let places = sqlx::query_scalar(
            "select m.place_id from place_mention m where m.document_id = ?1 union select i.place_id from incident i join report r on r.incident_id = i.id where r.document_id = ?1 and i.place_id is not null",
        );
        let names = sqlx::query_scalar("select distinct x.name from actor_decision x where x.document_id = ?1");
        Ok(Traces {
            incidents: incidents.bind(document).fetch_all(self.connection()).await.context(WHAT)?,
            actors: actors.bind(document).fetch_all(self.connection()).await.context(WHAT)?,
            places: places.bind(document).fetch_all(self.connection()).await.context(WHAT)?,
            names: names.bind(document).fetch_all(self.connection()).await.context(WHAT)?,
        })
    }

    /// Takes the words out of all that the document told.
    async fn redact(&mut self, document: i64, traces: &Traces) -> Result<Withdrawn, StoreError> {
        let records: Vec<(i64, Vec<u8>)> =
            sqlx::query_as("select id, record from extraction where document_id = ?").bind(document).fetch_all(self.connection()).await.context(WHAT)?;
        for (extraction, bytes) in records {
            let mut record: Record = serde_json::from_slice(&compress::inflate(&bytes)?).context(WHAT)?;
            redact::record(&mut record);
            let bodies = record.incidents.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>().context(WHAT)?;
            sqlx::query("update extraction set record = ? where id = ?")
                .bind(compress::pack(&record)?)
                .bind(extraction)
                .execute(self.connection())
                .await
                .context(WHAT)?;
            sqlx::query("update report set body = (select j.value from json_each(?) j where j.key = report.idx) where extraction_id = ?")
                .bind(json!(bodies).to_string())
                .bind(extraction)
                .execute(self.connection())
                .await
                .context(WHAT)?;
        }
        for sql in REDACTED {
            sqlx::query(sql).bind(document).execute(self.connection()).await.context(WHAT)?;
        }
        let now = self.now.clone();
        sqlx::query("update document set withdrawn_at = ?, title = null, url = null, notes = '[]' where id = ?")
            .bind(now)
            .bind(document)
            .execute(self.connection())
            .await
            .context(WHAT)?;
        Ok(Withdrawn { touched: traces.incidents.iter().map(|(_, uid)| uid.clone()).collect(), ..Withdrawn::default() })
    }

    /// Deletes a document with all that was read from it, and the incidents that only it reported.
    async fn drop_facts(&mut self, document: i64, reason: &str) -> Result<Withdrawn, StoreError> {
        let told: Vec<(i64, String, bool)> = sqlx::query_as(
            "select i.id, i.uid, not exists (select 1 from report o where o.incident_id = i.id and o.document_id <> ?1) \
             from incident i where i.id in (select r.incident_id from report r where r.document_id = ?1)",
        )
        .bind(document)
        .fetch_all(self.connection())
        .await
        .context(WHAT)?;
        let statements: Vec<String> =
            sqlx::query_scalar("select uid from statement where document_id = ?").bind(document).fetch_all(self.connection()).await.context(WHAT)?;
        let mut done = Withdrawn::default();
        for (incident, uid, only_here) in told {
            if only_here {
                self.drop_incident(incident, &uid, reason).await?;
                done.deleted.push(uid);
            } else {
                done.touched.push(uid);
            }
        }
        // The oldest of its copies is what the others repeat from now on.
        sqlx::query(
            "update document set near_duplicate_of = (select min(o.id) from document o where o.near_duplicate_of = ?1) \
             where near_duplicate_of = ?1 and id > (select min(o.id) from document o where o.near_duplicate_of = ?1)",
        )
        .bind(document)
        .execute(self.connection())
        .await
        .context(WHAT)?;
        sqlx::query("delete from document where id = ?").bind(document).execute(self.connection()).await.context(WHAT)?;
        for statement in &statements {
            self.bury_with_corrections("statement", statement, reason).await?;
        }
        Ok(done)
    }

    async fn drop_incident(&mut self, incident: i64, uid: &str, reason: &str) -> Result<(), StoreError> {
        self.take_out(&[incident]).await?;
        let merged: Vec<(i64, String)> =
            sqlx::query_as("select id, uid from incident where merged_into = ?").bind(incident).fetch_all(self.connection()).await.context(WHAT)?;
        for (number, uid) in merged {
            // Nothing is left that they could lead to.
            self.take_out(&[number]).await?;
            sqlx::query("delete from incident where id = ?").bind(number).execute(self.connection()).await.context(WHAT)?;
            self.bury_with_corrections("incident", &uid, reason).await?;
        }
        sqlx::query("delete from incident where id = ?").bind(incident).execute(self.connection()).await.context(WHAT)?;
        self.bury_with_corrections("incident", uid, reason).await
    }

    /// Deletes actors, names and places that only the document had. Gives the ids of the actors.
    async fn drop_own(&mut self, traces: &Traces, reason: &str) -> Result<BTreeSet<String>, StoreError> {
        let candidates = json!(traces.actors).to_string();
        let actors: Vec<(i64, String)> = sqlx::query_as(OWN_ACTORS).bind(&candidates).fetch_all(self.connection()).await.context(WHAT)?;
        for (number, uid) in &actors {
            sqlx::query("delete from actor where id = ?").bind(number).execute(self.connection()).await.context(WHAT)?;
            self.bury("actor", uid, reason).await?;
        }
        let renamed: Vec<i64> = sqlx::query_scalar(
            "delete from actor_name where kind = 'mention' and actor_id in (select value from json_each(?1)) and name in (select value from json_each(?2)) \
             and not exists (select 1 from actor_decision x where x.actor_id = actor_name.actor_id and x.name = actor_name.name) returning actor_id",
        )
        .bind(&candidates)
        .bind(json!(traces.names).to_string())
        .fetch_all(self.connection())
        .await
        .context(WHAT)?;
        for actor in renamed.into_iter().collect::<BTreeSet<i64>>() {
            renew_names(self.connection(), actor).await?;
        }
        sqlx::query(
            "delete from place where uid glob 'plc_*' and id in (select value from json_each(?)) \
             and not exists (select 1 from place_mention m where m.place_id = place.id) and not exists (select 1 from incident i where i.place_id = place.id) \
             and not exists (select 1 from place o where o.parent_id = place.id)",
        )
        .bind(json!(traces.places).to_string())
        .execute(self.connection())
        .await
        .context(WHAT)?;
        Ok(actors.into_iter().map(|(_, uid)| uid).collect())
    }

    /// Takes words that are gone out of the log and out of what incidents were.
    async fn scrub(&mut self, done: &Withdrawn) -> Result<(), StoreError> {
        let gone = &Gone { text: &done.text, actors: &done.actors, sites: done.sites };
        let uids: Vec<&String> = done.incidents.iter().map(|(_, uid)| uid).collect();
        let entries: Vec<(i64, i64, Option<String>, Option<String>)> = sqlx::query_as(
            "select r.id, r.base, r.before, r.after from json_each(?) j cross join revision r on r.entity = 'incident' and r.uid = j.value \
             where r.before is not null or r.after is not null",
        )
        .bind(json!(uids).to_string())
        .fetch_all(self.connection())
        .await
        .context(WHAT)?;
        let mut bases = BTreeSet::new();
        for (id, base, before, after) in entries {
            let (before, after) = (scrubbed(before.as_deref(), gone), scrubbed(after.as_deref(), gone));
            if before.is_some() || after.is_some() {
                sqlx::query("update revision set before = coalesce(?, before), after = coalesce(?, after) where id = ?")
                    .bind(before)
                    .bind(after)
                    .bind(id)
                    .execute(self.connection())
                    .await
                    .context(WHAT)?;
                bases.insert(base);
            }
        }
        let of_actors: Vec<i64> = sqlx::query_scalar(
            "update revision set before = null, after = null where entity = 'actor' and uid in (select value from json_each(?)) \
             and (before is not null or after is not null) returning base",
        )
        .bind(json!(gone.actors).to_string())
        .fetch_all(self.connection())
        .await
        .context(WHAT)?;
        self.sum_log(bases.into_iter().chain(of_actors));
        let numbers: Vec<i64> = done.incidents.iter().map(|(number, _)| *number).collect();
        let past: Vec<(i64, String)> = sqlx::query_as("select p.id, p.was from json_each(?) j cross join past p on p.kind = 'incident' and p.number = j.value")
            .bind(json!(numbers).to_string())
            .fetch_all(self.connection())
            .await
            .context(WHAT)?;
        for (id, was) in past {
            if let Some(is) = scrubbed(Some(&was), gone) {
                sqlx::query("update past set was = ? where id = ?").bind(is).bind(id).execute(self.connection()).await.context(WHAT)?;
            }
        }
        Ok(())
    }

    /// Leaves nothing of the words in the log, in what was before, and in the file: the index of words is packed, as it keeps deleted words
    /// until then, and free pages are overwritten. For the end of the transaction, after all else was written.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn wipe(&mut self, done: &Withdrawn) -> Result<(), StoreError> {
        self.scrub(done).await?;
        sqlx::raw_sql("insert into search (search) values ('optimize')").execute(self.connection()).await.context(WHAT)?;
        let n: i64 = sqlx::query_scalar("pragma freelist_count").fetch_one(self.connection()).await.context(WHAT)?;
        let size: i64 = sqlx::query_scalar("pragma page_size").fetch_one(self.connection()).await.context(WHAT)?;
        let mut left = n.saturating_mul(size);
        while left > 0 {
            sqlx::query("insert into filler (zeros) values (zeroblob(?))").bind(left.min(FILLER)).execute(self.connection()).await.context(WHAT)?;
            left -= FILLER;
        }
        sqlx::query("delete from filler").execute(self.connection()).await.context(WHAT)?;
        sqlx::raw_sql("pragma secure_delete = fast").execute(self.connection()).await.context(WHAT)?;
        Ok(())
    }

    /// What curators decided on it goes as well: it may repeat words.
    async fn bury_with_corrections(&mut self, entity: &'static str, uid: &str, reason: &str) -> Result<(), StoreError> {
        sqlx::query("delete from correction where uid = ?").bind(uid).execute(self.connection()).await.context(WHAT)?;
        self.bury(entity, uid, reason).await
    }

    /// Evidence that curators took from the document, and what was to be looked at because of it.
    async fn forget_curated(&mut self, uid: &str) -> Result<(), StoreError> {
        for sql in [
            "delete from correction where entity = 'evidence' and instr(value, ?1) > 0",
            "delete from correction where entity = 'statement' and field in ('content', 'speaker', 'quotes', 'spans') \
             and uid in (select s.uid from statement s join document d on d.id = s.document_id where d.uid = ?1)",
            "delete from review where document = ?1",
        ] {
            sqlx::query(sql).bind(uid).execute(self.connection()).await.context(WHAT)?;
        }
        Ok(())
    }

    pub(super) async fn bury(&mut self, entity: &'static str, uid: &str, reason: &str) -> Result<(), StoreError> {
        let now = self.now.clone();
        sqlx::query(
            "insert into tombstone (uid, entity, reason, at) values (?, ?, ?, ?) on conflict (uid) do update set reason = excluded.reason, at = excluded.at",
        )
        .bind(uid)
        .bind(entity)
        .bind(reason)
        .bind(now)
        .execute(self.connection())
        .await
        .context("keep a tombstone")?;
        self.log(Entry { entity, uid, action: "deleted", why: reason, ..Entry::default() }).await
    }
}

/// Words of a document whose facts stay. What is searched goes first, because the index forgets words only when it is told them.
const REDACTED: [&str; 11] = [
    "delete from search_entry where kind = 'document' and entity_id = ?1",
    "update search_entry set title = coalesce((select s.speaker_name from statement s where s.id = entity_id), ''), body = '' \
     where kind = 'statement' and entity_id in (select s.id from statement s where s.document_id = ?1)",
    "update statement set content = '', cue = null, speaker_text = iif(speaker_text is null, null, coalesce(speaker_name, '')) where document_id = ?1",
    "update statement_span set text = '' where statement_id in (select s.id from statement s where s.document_id = ?1)",
    "update evidence set text = '' where document_id = ?1",
    "update participant set mentions = json_array(kind) where report_id in (select r.id from report r where r.document_id = ?1)",
    "update figure set text = '' where document_id = ?1",
    "update actor_relation set text = '' where document_id = ?1",
    "delete from document_text where document_id = ?1",
    // The log of what statements were has just been given the words.
    "update past set was = json_remove(was, '$.body', '$.voices') where kind = 'report' and number in (select r.id from report r where r.document_id = ?1)",
    "update past set was = json_remove(was, '$.content') where kind = 'statement' and number in (select s.id from statement s where s.document_id = ?1)",
];

/// Of the actors numbered in `?1` those that documents brought and that nothing refers to any more.
const OWN_ACTORS: &str = "select a.id, a.uid from json_each(?1) j cross join actor a on a.id = j.value where a.known = 0 and a.status = 'machine' \
    and not exists (select 1 from actor_mention m where m.actor_id = a.id) and not exists (select 1 from participant p where p.actor_id = a.id) \
    and not exists (select 1 from statement s where s.speaker_id = a.id) and not exists (select 1 from figure f where f.source_id = a.id) \
    and not exists (select 1 from actor_decision x where x.actor_id = a.id) and not exists (select 1 from actor o where o.merged_into = a.id) \
    and not exists (select 1 from actor_relation x where x.subject_id = a.id or x.object_id = a.id)";

/// The JSON without what is gone; none where nothing of it is there.
fn scrubbed(json: Option<&str>, gone: &Gone<'_>) -> Option<String> {
    let mut view: Value = serde_json::from_str(json?).ok()?;
    redact::list_view(&mut view, gone).then(|| view.to_string())
}
