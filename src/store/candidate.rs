//! Actors of the base that names may mean, with what documents tell around them, and what was decided.
//!
//! What is looked up here is bounded, however large the base: the latest actors of a key, the latest documents of an actor, each title once. The
//! plans are pinned (`cross join`, `indexed by`), for with statistics SQLite takes short lists for long ones.

use super::error::Context as _;
use super::{Store, StoreError};
use crate::model::actor::NameDecision;
use crate::model::company::{Company, Member, N_DOCUMENTS, PER_KEY, Scene};
use crate::model::name::Name;
use crate::model::resolution::{Candidate, Context};
use serde::de::DeserializeOwned;
use serde_json::json;
use sqlx::SqliteConnection;
use std::collections::BTreeSet;

impl Store {
    /// Actors that share a key with a name; nothing of what is around them yet.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn company(&self, keys: &[String]) -> Result<Company, StoreError> {
        let mut connection = self.reader.acquire().await.context("look for actors of a name")?;
        let mut company = Company::default();
        find(&mut connection, &mut company, keys).await?;
        Ok(company)
    }

    /// Fills in what documents tell around these actors.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn look_around(&self, company: &mut Company, actors: &BTreeSet<i64>) -> Result<(), StoreError> {
        let mut connection = self.reader.acquire().await.context("read what is around actors")?;
        look_around(&mut connection, company, actors).await
    }
}

/// Puts those who share one of these keys into the company.
pub(super) async fn find(connection: &mut SqliteConnection, company: &mut Company, keys: &[String]) -> Result<(), StoreError> {
    const WHAT: &str = "look for actors of names";
    if keys.is_empty() {
        return Ok(());
    }
    let found: Vec<(String, String)> = sqlx::query_as(
        "select key, numbers from (select j.value as key, (\
           select json_group_array(actor_id) from (select k.actor_id from actor_key k where k.key = j.value order by k.actor_id desc limit ?2)) as numbers \
         from json_each(?1) j) where numbers <> '[]'",
    )
    .bind(json!(keys).to_string())
    .bind(PER_KEY as i64)
    .fetch_all(&mut *connection)
    .await
    .context(WHAT)?;
    let mut wanted: BTreeSet<i64> = BTreeSet::new();
    for (key, numbers) in found {
        let numbers: BTreeSet<i64> = list(&numbers, WHAT)?;
        wanted.extend(numbers.iter().filter(|n| !company.heirs.contains_key(n)));
        company.by_key.insert(key, numbers);
    }
    add_members(connection, company, &wanted).await
}

#[derive(sqlx::FromRow)]
struct Row {
    number: i64,
    heir: i64,
    uid: String,
    name: String,
    r#type: String,
    country: Option<String>,
    known: bool,
    valid_from: Option<String>,
    valid_to: Option<String>,
    set_aside: bool,
    names: String,
}

async fn add_members(connection: &mut SqliteConnection, company: &mut Company, numbers: &BTreeSet<i64>) -> Result<(), StoreError> {
    const WHAT: &str = "read the names of actors";
    let rows: Vec<Row> = sqlx::query_as(
        "select o.id as number, a.id as heir, a.uid, a.name, a.type, a.country, a.known, a.valid_from, a.valid_to, \
           a.status = 'rejected' or a.status = 'machine' and exists (\
             select 1 from actor_decision x indexed by actor_decision_open where x.actor_id = a.id and x.verdict = 'open') as set_aside, \
           (select json_group_array(name) from (select n.name from actor_name n where n.actor_id = a.id union \
             select n.name from actor m indexed by actor_by_heir cross join actor_name n on n.actor_id = m.id where m.merged_into = a.id)) as names \
         from json_each(?1) j cross join actor o on o.id = j.value cross join actor a on a.id = coalesce(o.merged_into, o.id)",
    )
    .bind(json!(numbers).to_string())
    .fetch_all(connection)
    .await
    .context(WHAT)?;
    for row in rows {
        company.heirs.insert(row.number, row.heir);
        company.named.insert(row.heir, (row.uid.clone(), row.r#type.clone()));
        let candidate = Candidate {
            id: row.uid,
            name: row.name,
            names: list::<Vec<String>>(&row.names, WHAT)?.into_iter().map(Name::from).collect(),
            kind: row.r#type,
            country: row.country,
            known: row.known,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            context: Context::default(),
        };
        company.members.entry(row.heir).or_insert(Member { candidate, set_aside: row.set_aside, ..Member::default() });
    }
    Ok(())
}

/// Fills in the documents, titles and owners of members, and who is named beside them.
pub(super) async fn look_around(connection: &mut SqliteConnection, company: &mut Company, actors: &BTreeSet<i64>) -> Result<(), StoreError> {
    const WHAT: &str = "read what is around actors";
    if actors.is_empty() {
        return Ok(());
    }
    // Titles and owners are walked from one value to the next larger one: an actor may have each of them in thousands of documents.
    let rows: Vec<(i64, String, String, String)> = sqlx::query_as(
        "select j.value, \
           (select json_group_array(document_id) from (\
             select distinct m.document_id from actor_mention m where m.actor_id = j.value order by m.document_id desc limit ?2)), \
           (select json_group_array(title) from (\
             with recursive t (title) as (select min(title) from actor_title where actor_id = j.value union all \
               select (select min(n.title) from actor_title n where n.actor_id = j.value and n.title > t.title) from t where t.title is not null) \
             select title from t where title is not null)), \
           (select json_group_array(distinct o.uid) from (\
             with recursive t (relation, owner) as (\
               select r.value, (select min(n.object_id) from actor_relation n indexed by actor_relation_by_owner where n.subject_id = j.value and n.relation = r.value) \
               from json_each('[\"member_of\", \"leader_of\", \"spokesperson_of\", \"founder_of\", \"office_holder_of\"]') r union all \
               select t.relation, (select min(n.object_id) from actor_relation n indexed by actor_relation_by_owner \
                 where n.subject_id = j.value and n.relation = t.relation and n.object_id > t.owner) from t where t.owner is not null) \
             select owner from t where owner is not null) w cross join actor o on o.id = w.owner) \
         from json_each(?1) j",
    )
    .bind(json!(actors).to_string())
    .bind(N_DOCUMENTS as i64)
    .fetch_all(&mut *connection)
    .await
    .context(WHAT)?;
    let mut wanted: BTreeSet<i64> = BTreeSet::new();
    for (number, documents, titles, owners) in rows {
        let Some(member) = company.members.get_mut(&number) else { continue };
        (member.documents, member.titles, member.owners) = (list(&documents, WHAT)?, list(&titles, WHAT)?, list(&owners, WHAT)?);
        wanted.extend(member.documents.iter().filter(|d| !company.scenes.contains_key(d)));
    }
    add_scenes(connection, company, &wanted).await
}

async fn add_scenes(connection: &mut SqliteConnection, company: &mut Company, documents: &BTreeSet<i64>) -> Result<(), StoreError> {
    const WHAT: &str = "read who is named together";
    let rows: Vec<(i64, Option<String>, String, String)> = sqlx::query_as(
        "select d.id, d.published, \
           (select json_group_array(distinct m.actor_id) from actor_mention m indexed by actor_mention_by_document where m.document_id = d.id), \
           (select json_group_array(distinct i.country) from report p indexed by report_by_document cross join incident i on i.id = p.incident_id \
             where p.document_id = d.id and i.country is not null) \
         from json_each(?1) j cross join document d on d.id = j.value",
    )
    .bind(json!(documents).to_string())
    .fetch_all(&mut *connection)
    .await
    .context(WHAT)?;
    let mut unknown: BTreeSet<i64> = BTreeSet::new();
    for (number, published, actors, countries) in rows {
        let scene = Scene { published, countries: list(&countries, WHAT)?, actors: list(&actors, WHAT)? };
        unknown.extend(scene.actors.iter().filter(|a| !company.named.contains_key(a)));
        company.scenes.insert(number, scene);
    }
    let named: Vec<(i64, String, String)> = sqlx::query_as("select a.id, a.uid, a.type from json_each(?1) j cross join actor a on a.id = j.value")
        .bind(json!(unknown).to_string())
        .fetch_all(connection)
        .await
        .context(WHAT)?;
    company.named.extend(named.into_iter().map(|(number, uid, kind)| (number, (uid, kind))));
    Ok(())
}

fn list<T: DeserializeOwned>(json: &str, what: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(json).context(what)
}

/// Whom names in documents were taken for, of one actor: the latest.
pub(super) async fn decisions(connection: &mut SqliteConnection, actor: i64) -> Result<Vec<NameDecision>, StoreError> {
    const WHAT: &str = "read who is who";
    let rows: Vec<(String, String, String, String, String, String)> = sqlx::query_as(
        "select d.uid, x.name, x.verdict, x.rule, x.candidates, x.made_at from actor_decision x join document d on d.id = x.document_id \
         where x.actor_id in (select id from actor where id = ?1 or merged_into = ?1) order by x.id desc limit ?2",
    )
    .bind(actor)
    .bind(N_DOCUMENTS as i64)
    .fetch_all(connection)
    .await
    .context(WHAT)?;
    let read = |(document, name, verdict, rule, candidates, made_at): (String, String, String, String, String, String)| {
        Ok(NameDecision { document, name, verdict, rule, candidates: serde_json::from_str(&candidates).context(WHAT)?, made_at })
    };
    rows.into_iter().map(read).collect()
}
