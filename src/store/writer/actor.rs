//! Writing the actors of the lexicon, and what documents tell of relations between actors; [`super::cast`] has those that documents name.

use super::Writer;
use super::document::rows;
use super::history::Entry;
use super::resolution::{Whose, make_keys};
use super::rows::Rows;
use super::statement::Told;
use crate::model::actor::KnownActor;
use crate::model::id::{self, fold_name};
use crate::store::StoreError;
use crate::store::error::Context;
use serde_json::json;
use std::collections::BTreeMap;

/// The named actors of one record, by what refers to them.
#[derive(Debug, Default)]
pub struct RecordActors {
    /// By index into the record's actors; none for unnamed ones.
    by_index: Vec<Option<i64>>,
    by_name: BTreeMap<String, i64>,
}

impl RecordActors {
    /// Adds the next actor of the record.
    pub(super) fn add(&mut self, number: Option<i64>, name: Option<&str>) {
        if let (Some(number), Some(name)) = (number, name) {
            self.by_name(name, number);
        }
        self.by_index.push(number);
    }

    /// The first of a name is the one whom others mean by it.
    pub(super) fn by_name(&mut self, name: &str, number: i64) {
        self.by_name.entry(name.to_owned()).or_insert(number);
    }

    pub(super) fn at(&self, index: Option<u32>) -> Option<i64> {
        self.by_index.get(index? as usize).copied().flatten()
    }

    pub(super) fn named(&self, name: Option<&str>) -> Option<i64> {
        self.by_name.get(name?).copied()
    }
}

/// A name that stands in a record, ready to be stored.
pub(super) struct Named<'a> {
    pub uid: String,
    pub name: &'a str,
    pub kind: &'a str,
    pub known: bool,
}

impl Writer {
    /// Makes the lexicon's actors, names and relations those of the base; actors that the lexicon no longer has stay.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn seed_actors(&mut self, actors: &[KnownActor], lexicon: &str) -> Result<(), StoreError> {
        const WHAT: &str = "store the lexicon's actors";
        let (now, revision) = (self.now.clone(), self.revision);
        let values = actors.iter().map(|a| json!([a.key, a.name, a.kind, a.country, json!(a.tags).to_string(), a.valid_from, a.valid_to, a.source])).collect();
        let stored: Vec<(String, i64)> = sqlx::query_as(
            "insert into actor (uid, known, name, type, country, tags, valid_from, valid_to, source, created_at, updated_at, revision) \
             select value ->> 0, 1, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, ?2, ?2, ?3 \
             from json_each(?1) where true \
             on conflict (uid) do update set known = 1, name = excluded.name, type = excluded.type, country = excluded.country, tags = excluded.tags, \
             valid_from = excluded.valid_from, valid_to = excluded.valid_to, source = excluded.source, fictional = 0, \
             updated_at = excluded.updated_at \
             returning uid, revision",
        )
        .bind(rows(values))
        .bind(now)
        .bind(revision)
        .fetch_all(self.connection())
        .await
        .context(WHAT)?;
        self.seed_names(actors).await?;
        self.correct_known_names().await?;
        self.seed_relations(actors).await?;
        sqlx::query(
            "insert into search_entry (kind, entity_id, uid, title, day, body) \
             select 'actor', a.id, a.uid, a.name, '', coalesce((select group_concat(n.name, ' · ') from actor_name n where n.actor_id = a.id), '') \
             from actor a where a.known = 1 \
             on conflict (kind, entity_id) do update set title = excluded.title, body = excluded.body \
             where title <> excluded.title or body <> excluded.body",
        )
        .execute(self.connection())
        .await
        .context(WHAT)?;
        let created: Vec<Entry<'_>> = stored
            .iter()
            .filter(|(_, first)| *first == revision)
            .map(|(uid, _)| Entry { entity: "actor", uid, action: "created", why: "known to the lexicon", ..Entry::default() })
            .collect();
        self.log_all(&created).await?;
        sqlx::query("update base set lexicon = ?").bind(lexicon).execute(self.connection()).await.context(WHAT)?;
        Ok(())
    }

    async fn seed_names(&mut self, actors: &[KnownActor]) -> Result<(), StoreError> {
        const WHAT: &str = "store the lexicon's names";
        sqlx::query("delete from actor_name where kind <> 'mention' and actor_id in (select id from actor where known = 1)")
            .execute(self.connection())
            .await
            .context(WHAT)?;
        let values = actors
            .iter()
            .flat_map(|a| {
                let canonical = json!([a.key, a.name, fold_name(&a.name), "canonical", null, null, null, false]);
                let others = a.names.iter().map(|n| json!([a.key, n.name, fold_name(&n.name), n.kind, n.script, n.valid_from, n.valid_to, n.ambiguous]));
                std::iter::once(canonical).chain(others)
            })
            .collect();
        sqlx::query(
            "insert or ignore into actor_name (actor_id, name, folded, kind, script, valid_from, valid_to, ambiguous) \
             select a.id, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7 \
             from json_each(?) cross join actor a on a.uid = value ->> 0",
        )
        .bind(rows(values))
        .execute(self.connection())
        .await
        .context(WHAT)?;
        make_keys(self.connection(), Whose::Known).await
    }

    async fn seed_relations(&mut self, actors: &[KnownActor]) -> Result<(), StoreError> {
        const WHAT: &str = "store the lexicon's relations";
        sqlx::query("delete from actor_relation where document_id is null and correction_id is null").execute(self.connection()).await.context(WHAT)?;
        let values = actors.iter().flat_map(|a| &a.relations).map(|r| json!([r.subject, r.relation, r.object, r.valid_from, r.valid_to])).collect();
        sqlx::query(
            "insert into actor_relation (subject_id, subject, relation, object_id, object, certainty, valid_from, valid_to, confidence) \
             select distinct s.id, s.name, value ->> 1, o.id, o.name, 'reported', value ->> 3, value ->> 4, 1.0 \
             from json_each(?) cross join actor s on s.uid = value ->> 0 cross join actor o on o.uid = value ->> 2",
        )
        .bind(rows(values))
        .execute(self.connection())
        .await
        .context(WHAT)?;
        Ok(())
    }

    /// Stores what records tell of relations between actors.
    pub(super) async fn add_relations(&mut self, all: &[Told<'_>]) -> Result<(), StoreError> {
        let mut rows = Rows::into(
            "insert into actor_relation (document_id, extraction_id, subject_id, subject, relation, object_id, object, certainty, valid_from, valid_to, \
             start, end, text, confidence)",
        );
        for (document, record, actors) in all {
            for r in &record.relations {
                let (subject, object) = (actors.named(Some(&r.subject)), actors.named(Some(&r.object)));
                let row = rows.add().bind(document.number).bind(document.extraction).bind(subject).bind(&r.subject).bind(&r.relation);
                let row = row.bind(object).bind(&r.object).bind(&r.certainty).bind(&r.valid_from).bind(&r.valid_to);
                row.bind(r.start).bind(r.end).bind(&r.text).bind(r.confidence);
            }
        }
        rows.write(self.connection(), "store relations").await
    }
}

/// A key of the lexicon is the id; a name alone makes one.
pub(super) fn named<'a>(key: Option<&str>, name: Option<&'a str>, kind: &'a str) -> Option<Named<'a>> {
    let name = name.filter(|n| !fold_name(n).is_empty())?;
    Some(match key {
        Some(key) => Named { uid: key.to_owned(), name, kind, known: true },
        None => Named { uid: id::actor(name, kind), name, kind, known: false },
    })
}

/// The actor type that a participant kind alone tells.
pub(super) fn type_of(kind: &str) -> &'static str {
    match kind {
        "state" => "state.government",
        "organisation" => "armed.unidentified",
        _ => "person.other",
    }
}
