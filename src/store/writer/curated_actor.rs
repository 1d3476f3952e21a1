//! Writing what curators decide of actors: names, status, who is who, relations.

use super::Writer;
use super::document::rows;
use super::history::Entry;
use super::incident::IncidentKey;
use super::resolution::insert_keys;
use crate::model::correction::{NameChange, StoredName, changed_names};
use crate::model::id::fold_name;
use crate::store::StoreError;
use crate::store::error::Context;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// A relation that a curator adds.
#[derive(Clone, Debug, Default)]
pub struct NewRelation<'a> {
    /// Id of the subject.
    pub subject: &'a str,
    /// Code of the actor relation list.
    pub relation: &'a str,
    /// Id of the object, where it is an actor.
    pub object: Option<&'a str>,
    /// Its name.
    pub object_name: &'a str,
    /// Partial ISO date.
    pub valid_from: Option<&'a str>,
    /// Partial ISO date.
    pub valid_to: Option<&'a str>,
}

impl Writer {
    /// Names of an actor, the canonical one first.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn names_of(&mut self, actor: i64) -> Result<Vec<StoredName>, StoreError> {
        #[derive(sqlx::FromRow)]
        struct Row {
            id: i64,
            name: String,
            kind: String,
            script: Option<String>,
            valid_from: Option<String>,
            valid_to: Option<String>,
            ambiguous: bool,
        }
        let rows: Vec<Row> = sqlx::query_as("select * from actor_name where actor_id = ? order by kind <> 'canonical', id")
            .bind(actor)
            .fetch_all(self.connection())
            .await
            .context("read an actor's names")?;
        let read =
            |Row { id, name, kind, script, valid_from, valid_to, ambiguous }| StoredName { id: Some(id), name, kind, script, valid_from, valid_to, ambiguous };
        Ok(rows.into_iter().map(read).collect())
    }

    /// Names of an actor as they were before any correction that holds, with those that documents added since.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn names_before(&mut self, uid: &str, now: &[StoredName]) -> Result<Vec<StoredName>, StoreError> {
        const WHAT: &str = "read an actor's names";
        let first: Option<String> = sqlx::query_scalar(
            "select original from correction where entity = 'actor' and uid = ? and field = 'names' and original is not null and undone_at is null order by id limit 1",
        )
        .bind(uid)
        .fetch_optional(self.connection())
        .await
        .context(WHAT)?;
        let Some(first) = first else { return Ok(now.to_vec()) };
        let mut before: Vec<StoredName> = serde_json::from_str(&first).context(WHAT)?;
        let since: Vec<StoredName> = now.iter().filter(|n| n.kind == "mention" && !before.iter().any(|b| b.name == n.name)).cloned().collect();
        before.extend(since);
        Ok(before)
    }

    /// Makes the names of an actor those that the corrections which hold make of `before`, with everything that follows from them. Gives
    /// whether the canonical name is another.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn correct_names(&mut self, actor: i64, uid: &str, before: &[StoredName]) -> Result<bool, StoreError> {
        const WHAT: &str = "correct an actor's names";
        let values: Vec<String> =
            sqlx::query_scalar("select value from correction where entity = 'actor' and uid = ? and field = 'names' and undone_at is null order by id")
                .bind(uid)
                .fetch_all(self.connection())
                .await
                .context(WHAT)?;
        let changes: Vec<NameChange> = values.iter().map(|v| serde_json::from_str(v)).collect::<Result<_, _>>().context(WHAT)?;
        let wanted = changed_names(before, &changes);
        self.write_names(actor, &wanted).await?;
        let (name, kind): (String, String) =
            sqlx::query_as("select name, type from actor where id = ?").bind(actor).fetch_one(self.connection()).await.context(WHAT)?;
        sqlx::query("delete from actor_key where actor_id = ?").bind(actor).execute(self.connection()).await.context(WHAT)?;
        insert_keys(self.connection(), wanted.iter().map(|n| (actor, n.name.as_str(), kind.as_str()))).await?;
        let canonical = wanted.iter().find(|n| n.kind == "canonical").map_or(name.as_str(), |n| n.name.as_str());
        sqlx::query("update actor set name = ?2 where id = ?1 and name <> ?2").bind(actor).bind(canonical).execute(self.connection()).await.context(WHAT)?;
        // One that a document named is found by its second name and further ones beside its title.
        sqlx::query(
            "update search_entry set title = a.name, body = iif(a.known = 1 or n.n > 1, n.names, '') from actor a, \
             (select count(*) as n, group_concat(name, ' · ') as names from actor_name where actor_id = ?1) n \
             where a.id = ?1 and kind = 'actor' and entity_id = ?1",
        )
        .bind(actor)
        .execute(self.connection())
        .await
        .context(WHAT)?;
        Ok(canonical != name)
    }

    async fn write_names(&mut self, actor: i64, wanted: &[StoredName]) -> Result<(), StoreError> {
        const WHAT: &str = "write an actor's names";
        let kept: Vec<i64> = wanted.iter().filter_map(|n| n.id).collect();
        sqlx::query("delete from actor_name where actor_id = ? and id not in (select value from json_each(?))")
            .bind(actor)
            .bind(json!(kept).to_string())
            .execute(self.connection())
            .await
            .context(WHAT)?;
        let values = wanted.iter().map(|n| json!([n.id, n.name, fold_name(&n.name), n.kind, n.script, n.valid_from, n.valid_to, n.ambiguous])).collect();
        sqlx::query(
            "insert into actor_name (id, actor_id, name, folded, kind, script, valid_from, valid_to, ambiguous) \
             select value ->> 0, ?1, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7 from json_each(?2) where true \
             order by key on conflict (id) do update set kind = excluded.kind where kind <> excluded.kind",
        )
        .bind(actor)
        .bind(rows(values))
        .execute(self.connection())
        .await
        .context(WHAT)?;
        Ok(())
    }

    /// Names that curators took away from actors, folded: no document gives them back.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub(super) async fn removed_names(&mut self) -> Result<BTreeSet<(i64, String)>, StoreError> {
        if !self.has_corrections().await? {
            return Ok(BTreeSet::new());
        }
        let found: Vec<(i64, String)> = sqlx::query_as(
            "select a.id, c.value ->> 'folded' from correction c join actor a on a.uid = c.uid \
             where c.entity = 'actor' and c.field = 'names' and c.action = 'remove' and c.undone_at is null and c.value ->> 'folded' is not null",
        )
        .fetch_all(self.connection())
        .await
        .context("read the names that were taken away")?;
        Ok(found.into_iter().collect())
    }

    /// An actor's name.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn name_of(&mut self, actor: i64) -> Result<String, StoreError> {
        sqlx::query_scalar("select name from actor where id = ?").bind(actor).fetch_one(self.connection()).await.context("read an actor's name")
    }

    /// Notes that an actor was changed in this transaction.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn touch_actor(&mut self, actor: i64) -> Result<(), StoreError> {
        let (now, revision) = (self.now.clone(), self.revision);
        sqlx::query("update actor set updated_at = ?, revision = ? where id = ?")
            .bind(now)
            .bind(revision)
            .bind(actor)
            .execute(self.connection())
            .await
            .context("write an actor")?;
        Ok(())
    }

    /// Makes status and successor of all actors what the corrections that hold say. Gives the numbers of those whose successor is another.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn correct_actors(&mut self, why: &str) -> Result<Vec<i64>, StoreError> {
        const WHAT: &str = "correct who is who";
        let decided: Vec<(String, String, Option<String>)> = sqlx::query_as(
            "select uid, action, value from correction where entity = 'actor' and action in ('same_as', 'confirm', 'reject') and undone_at is null order by id",
        )
        .fetch_all(self.connection())
        .await
        .context(WHAT)?;
        let (mut successor, mut status): (BTreeMap<String, String>, BTreeMap<String, &str>) = (BTreeMap::new(), BTreeMap::new());
        for (uid, action, value) in decided {
            match (action.as_str(), value) {
                ("same_as", Some(value)) => drop(successor.insert(uid, value)),
                ("confirm", _) => drop(status.insert(uid, "confirmed")),
                _ => drop(status.insert(uid, "rejected")),
            }
        }
        let ever: Vec<(i64, String, String, Option<String>)> = sqlx::query_as(
            "select a.id, a.uid, a.status, m.uid from actor a left join actor m on m.id = a.merged_into where a.uid in (\
             select uid from correction where entity = 'actor' and action in ('same_as', 'confirm', 'reject'))",
        )
        .fetch_all(self.connection())
        .await
        .context(WHAT)?;
        let mut moved = Vec::new();
        for (number, uid, was, was_into) in ever {
            let into = heir(&uid, &successor);
            let is = if into.is_some() { "merged" } else { status.get(&uid).copied().unwrap_or("machine") };
            if was != is || was_into.as_deref() != into {
                self.set_actor(number, &uid, (&was, was_into.as_deref()), (is, into), why).await?;
            }
            if was_into.as_deref() != into {
                moved.push(number);
            }
        }
        Ok(moved)
    }

    async fn set_actor(
        &mut self,
        number: i64,
        uid: &str,
        (was, was_into): (&str, Option<&str>),
        (is, into): (&str, Option<&str>),
        why: &str,
    ) -> Result<(), StoreError> {
        sqlx::query("update actor set status = ?, merged_into = (select id from actor where uid = ?) where id = ?")
            .bind(is)
            .bind(into)
            .bind(number)
            .execute(self.connection())
            .await
            .context("correct who is who")?;
        self.touch_actor(number).await?;
        let action = match is {
            "merged" => "merged",
            "confirmed" => "confirmed",
            "rejected" => "rejected",
            _ => "changed",
        };
        let before = Some(json!({ "status": was, "merged_into": was_into }).to_string());
        let after = Some(json!({ "status": is, "merged_into": into }).to_string());
        self.log(Entry { entity: "actor", uid, action, why, before, after, successor: into }).await
    }

    /// Incidents in which actors take part, by reports or corrections: they name them anew.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn incidents_of(&mut self, actors: &[i64]) -> Result<Vec<IncidentKey>, StoreError> {
        let found: Vec<(i64, String)> = sqlx::query_as(
            "with one (id, uid) as (select a.id, a.uid from json_each(?) j cross join actor a on a.id = j.value), \
             told (id) as (select p.incident_id from one cross join participant p on p.actor_id = one.id \
               union select f.incident_id from one cross join incident_facet f on f.facet = 'actor' and f.value = one.uid \
               union select i.id from correction c cross join incident i on i.uid = c.uid \
                 where c.field >= 'participants.' and c.field < 'participants/' and c.undone_at is null) \
             select i.id, i.uid from told cross join incident i on i.id = told.id where i.status <> 'merged' order by i.id",
        )
        .bind(json!(actors).to_string())
        .fetch_all(self.connection())
        .await
        .context("look for an actor's incidents")?;
        Ok(found.into_iter().map(|(number, uid)| IncidentKey::new(number, uid)).collect())
    }

    /// Adds a relation that a correction is made of.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn add_curated_relation(&mut self, correction: i64, new: &NewRelation<'_>) -> Result<(), StoreError> {
        sqlx::query(
            "insert into actor_relation (subject_id, subject, relation, object_id, object, certainty, valid_from, valid_to, confidence, correction_id) \
             select s.id, s.name, ?2, (select o.id from actor o where o.uid = ?3), ?4, 'reported', ?5, ?6, 1.0, ?7 from actor s where s.uid = ?1",
        )
        .bind(new.subject)
        .bind(new.relation)
        .bind(new.object)
        .bind(new.object_name)
        .bind(new.valid_from)
        .bind(new.valid_to)
        .bind(correction)
        .execute(self.connection())
        .await
        .context("store a relation")?;
        Ok(())
    }

    /// Removes the relations of a curation that was undone.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn drop_relations_of(&mut self, curation: i64) -> Result<(), StoreError> {
        sqlx::query("delete from actor_relation where correction_id in (select id from correction where curation_id = ?)")
            .bind(curation)
            .execute(self.connection())
            .await
            .context("remove a relation")?;
        Ok(())
    }

    /// Applies the corrections of names again to actors that the lexicon has just named anew.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub(super) async fn correct_known_names(&mut self) -> Result<(), StoreError> {
        const WHAT: &str = "correct the names of known actors";
        if !self.has_corrections().await? {
            return Ok(());
        }
        let actors: Vec<(i64, String)> = sqlx::query_as(
            "select distinct a.id, a.uid from correction c join actor a on a.uid = c.uid \
             where c.entity = 'actor' and c.field = 'names' and c.undone_at is null and a.known = 1",
        )
        .fetch_all(self.connection())
        .await
        .context(WHAT)?;
        for (number, uid) in actors {
            let names = self.names_of(number).await?;
            sqlx::query("update correction set original = ? where entity = 'actor' and uid = ? and field = 'names' and undone_at is null")
                .bind(json!(names).to_string())
                .bind(&uid)
                .execute(self.connection())
                .await
                .context(WHAT)?;
            self.correct_names(number, &uid, &names).await?;
        }
        Ok(())
    }
}

/// Whom an actor is, along a chain of decisions.
fn heir<'a>(uid: &str, successor: &'a BTreeMap<String, String>) -> Option<&'a str> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut heir = None;
    let mut next = successor.get(uid);
    // A ring would have nobody at its end.
    while let Some(to) = next.filter(|to| seen.insert(to.as_str()) && to.as_str() != uid) {
        heir = Some(to.as_str());
        next = successor.get(to);
    }
    heir
}
