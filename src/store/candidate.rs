//! Actors of the base that a name may mean, with what documents tell around them, and what was decided.

use super::error::Context as _;
use super::{Store, StoreError};
use crate::model::actor::NameDecision;
use crate::model::resolution::{Candidate, Context};
use serde_json::json;
use sqlx::SqliteConnection;
use std::collections::BTreeMap;

/// Actors that one key may give: the latest ones, for thousands of persons share a last name.
const PER_KEY: i64 = 60;
/// Documents of an actor that its context is made of: the latest ones.
const N_DOCUMENTS: i64 = 12;
/// Companions of an actor: the most frequent ones.
const N_COMPANIONS: i64 = 30;

impl Store {
    /// Actors that share a key with a name, without context. One of whom it is open who it is cannot be anybody else's.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn candidates(&self, keys: &[String]) -> Result<Vec<Candidate>, StoreError> {
        let mut connection = self.reader.acquire().await.context("look for actors of a name")?;
        candidates(&mut connection, keys).await
    }

    /// Fills in what documents tell around the candidates.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn add_context(&self, candidates: &mut [Candidate]) -> Result<(), StoreError> {
        let mut connection = self.reader.acquire().await.context("read what is around actors")?;
        add_context(&mut connection, candidates).await
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    uid: String,
    name: String,
    r#type: String,
    country: Option<String>,
    known: bool,
    valid_from: Option<String>,
    valid_to: Option<String>,
    names: String,
}

pub(super) async fn candidates(connection: &mut SqliteConnection, keys: &[String]) -> Result<Vec<Candidate>, StoreError> {
    const WHAT: &str = "look for actors of a name";
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = sqlx::query_as(
        "with found as (select distinct actor_id from (\
           select k.actor_id, row_number() over (partition by k.key order by k.actor_id desc) as place \
           from json_each(?1) j cross join actor_key k on k.key = j.value) where place <= ?2), \
         heir as (select distinct coalesce(a.merged_into, a.id) as id from found f cross join actor a on a.id = f.actor_id) \
         select a.uid, a.name, a.type, a.country, a.known, a.valid_from, a.valid_to, \
           (select json_group_array(name) from (select n.name from actor_name n where n.actor_id = a.id union \
             select n.name from actor m cross join actor_name n on n.actor_id = m.id where m.merged_into = a.id)) as names \
         from heir h cross join actor a on a.id = h.id where a.status <> 'rejected' \
           and not exists (select 1 from actor_decision x where x.actor_id = a.id and x.verdict = 'open') order by a.id",
    )
    .bind(json!(keys).to_string())
    .bind(PER_KEY)
    .fetch_all(connection)
    .await
    .context(WHAT)?;
    let read = |row: Row| {
        let names: Vec<String> = serde_json::from_str(&row.names).context(WHAT)?;
        Ok(Candidate {
            id: row.uid,
            name: row.name,
            names,
            kind: row.r#type,
            country: row.country,
            known: row.known,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            context: Context::default(),
        })
    };
    rows.into_iter().map(read).collect()
}

pub(super) async fn add_context(connection: &mut SqliteConnection, candidates: &mut [Candidate]) -> Result<(), StoreError> {
    const WHAT: &str = "read what is around actors";
    if candidates.is_empty() {
        return Ok(());
    }
    let ids = json!(candidates.iter().map(|c| &c.id).collect::<Vec<_>>()).to_string();
    // One row for each thing told: what it is, of whom, the value.
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "with one as (select a.id, a.uid from json_each(?1) j cross join actor a on a.uid = j.value), \
         recent as (select uid, document_id from (\
           select o.uid, m.document_id, row_number() over (partition by o.id order by m.document_id desc) as place \
           from one o cross join actor_mention m on m.actor_id = o.id group by o.id, m.document_id) where place <= ?2) \
         select case when person then 'person' else 'group' end, uid, other from (\
           select r.uid, o.uid as other, o.type like 'person%' or o.type like 'people%' as person, row_number() over (partition by r.uid order by count(distinct m.document_id) desc, o.id) as place \
           from recent r cross join actor_mention m on m.document_id = r.document_id \
           join actor o on o.id = m.actor_id and o.uid <> r.uid and o.type not like 'state.%' and o.type not like 'external.%' group by r.uid, o.id) \
         where place <= ?3 \
         union select 'country', r.uid, i.country from recent r cross join report p on p.document_id = r.document_id \
           join incident i on i.id = p.incident_id where i.country is not null \
         union select 'first', r.uid, min(d.published) from recent r cross join document d on d.id = r.document_id where d.published is not null group by r.uid \
         union select 'last', r.uid, max(d.published) from recent r cross join document d on d.id = r.document_id where d.published is not null group by r.uid \
         union select 'title', o.uid, t.title from one o cross join actor_title t on t.actor_id = o.id \
         union select 'owner', o.uid, a.uid from one o cross join actor_relation r on r.subject_id = o.id join actor a on a.id = r.object_id \
           where r.relation in ('member_of', 'leader_of', 'spokesperson_of', 'founder_of', 'office_holder_of') \
         order by 1, 2, 3",
    )
    .bind(ids)
    .bind(N_DOCUMENTS)
    .bind(N_COMPANIONS)
    .fetch_all(connection)
    .await
    .context(WHAT)?;
    let mut of: BTreeMap<&str, &mut Context> = candidates.iter_mut().map(|c| (c.id.as_str(), &mut c.context)).collect();
    for (what, id, value) in rows {
        let Some(context) = of.get_mut(id.as_str()) else { continue };
        match what.as_str() {
            "person" => context.people.push(value),
            "group" => context.groups.push(value),
            "country" => context.countries.push(value),
            "title" => context.titles.push(value),
            "owner" => context.owners.push(value),
            "first" => context.first = value.get(..10).and_then(|day| day.parse().ok()),
            _ => context.last = value.get(..10).and_then(|day| day.parse().ok()),
        }
    }
    Ok(())
}

/// Whom names in documents were taken for, of one actor: the latest.
pub(super) async fn decisions(connection: &mut SqliteConnection, actor: i64) -> Result<Vec<NameDecision>, StoreError> {
    const WHAT: &str = "read who is who";
    let rows: Vec<(String, String, String, String, String, String)> = sqlx::query_as(
        "select d.uid, x.name, x.verdict, x.rule, x.candidates, x.made_at from actor_decision x join document d on d.id = x.document_id \
         where x.actor_id = ?1 order by x.id desc limit ?2",
    )
    .bind(actor)
    .bind(N_DOCUMENTS)
    .fetch_all(connection)
    .await
    .context(WHAT)?;
    let read = |(document, name, verdict, rule, candidates, made_at): (String, String, String, String, String, String)| {
        Ok(NameDecision { document, name, verdict, rule, candidates: serde_json::from_str(&candidates).context(WHAT)?, made_at })
    };
    rows.into_iter().map(read).collect()
}
