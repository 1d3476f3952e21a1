//! Writing actors: those of the lexicon, and those that documents name.

use super::Writer;
use super::document::{DocumentKey, rows};
use super::history::Entry;
use super::resolution::{Whose, make_keys};
use crate::model::Record;
use crate::model::actor::KnownActor;
use crate::model::id::{self, fold_name};
use crate::model::resolution::{Identity, Resolution};
use crate::store::StoreError;
use crate::store::error::Context;
use serde_json::json;
use std::collections::BTreeMap;

/// The named actors of one record, by what refers to them.
#[derive(Debug, Default)]
pub(super) struct RecordActors {
    /// By index into the record's actors; none for unnamed ones.
    by_index: Vec<Option<i64>>,
    by_name: BTreeMap<String, i64>,
}

impl RecordActors {
    pub(super) fn at(&self, index: Option<u32>) -> Option<i64> {
        self.by_index.get(index? as usize).copied().flatten()
    }

    pub(super) fn named(&self, name: Option<&str>) -> Option<i64> {
        self.by_name.get(name?).copied()
    }
}

/// A name that stands in a record, ready to be stored.
struct Named<'a> {
    uid: String,
    name: &'a str,
    kind: &'a str,
    known: bool,
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
        sqlx::query("delete from actor_relation where document_id is null").execute(self.connection()).await.context(WHAT)?;
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

    /// Stores the named actors of a record with their mentions and titles; `decisions` say who of them the base has.
    pub(super) async fn add_actors(&mut self, document: &DocumentKey, record: &Record, decisions: &[Resolution]) -> Result<RecordActors, StoreError> {
        let mut found = RecordActors::default();
        let mut decided: Vec<(i64, &Resolution)> = Vec::new();
        for (n, actor) in record.actors.iter().enumerate() {
            let decision = decisions.iter().find(|d| d.actor == n);
            let number = match (named(actor.actor.as_deref(), actor.name.as_deref(), &actor.kind), decision) {
                (Some(named), Some(decision)) => Some(self.decided_actor(&named, decision, document).await?),
                (Some(named), None) => Some(self.ensure_actor(&named, document.fictional).await?),
                (None, _) => None,
            };
            decided.extend(number.zip(decision));
            if let (Some(number), Some(name)) = (number, &actor.name) {
                found.by_name.entry(name.clone()).or_insert(number);
            }
            found.by_index.push(number);
        }
        // Participants and speakers repeat names of the list; what stands only with them is stored as well.
        let participants = record.incidents.iter().flat_map(|i| &i.participants).map(|p| (p.actor.as_deref(), p.name.as_deref(), type_of(&p.kind)));
        let speakers = record.statements.iter().filter_map(|s| s.speaker.as_ref());
        for (key, name, kind) in participants.chain(speakers.map(|s| (s.actor.as_deref(), s.name.as_deref(), "person.other"))) {
            let Some(named) = named(key, name, kind) else { continue };
            if !found.by_name.contains_key(named.name) {
                let number = self.ensure_actor(&named, document.fictional).await?;
                found.by_name.insert(named.name.to_owned(), number);
            }
        }
        self.add_actor_mentions(document, record, &found).await?;
        self.add_decisions(document, &decided).await?;
        Ok(found)
    }

    /// The number of the actor that was decided on: the base's, or a new one. Where the name is taken by somebody else, or it is open
    /// who is meant, the document gets an actor of its own.
    async fn decided_actor(&mut self, named: &Named<'_>, decision: &Resolution, document: &DocumentKey) -> Result<i64, StoreError> {
        let own = || Named { uid: id::namesake(named.name, named.kind, &document.sha256), ..*named };
        match &decision.identity {
            Identity::Same(uid) => match self.actor_number(uid).await? {
                Some(number) => {
                    self.add_mention_name(number, named.name, named.kind).await?;
                    Ok(number)
                }
                None => self.ensure_actor(named, document.fictional).await,
            },
            Identity::Open => self.ensure_actor(&own(), document.fictional).await,
            Identity::New if !decision.candidates.is_empty() && self.actor_number(&named.uid).await?.is_some() => {
                self.ensure_actor(&own(), document.fictional).await
            }
            Identity::New => self.ensure_actor(named, document.fictional).await,
        }
    }

    /// The number of a named actor, or of the one it was merged into; stores it where it is new.
    async fn ensure_actor(&mut self, named: &Named<'_>, fictional: bool) -> Result<i64, StoreError> {
        const WHAT: &str = "store an actor";
        if let Some(&number) = self.actors.get(&named.uid) {
            return Ok(number);
        }
        let (now, revision) = (self.now.clone(), self.revision);
        let (number, merged_into, first): (i64, Option<i64>, i64) = sqlx::query_as(
            "insert into actor (uid, known, name, type, fictional, created_at, updated_at, revision) values (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7) \
             on conflict (uid) do update set fictional = min(fictional, excluded.fictional) returning id, merged_into, revision",
        )
        .bind(&named.uid)
        .bind(named.known)
        .bind(named.name)
        .bind(named.kind)
        .bind(fictional)
        .bind(now)
        .bind(revision)
        .fetch_one(self.connection())
        .await
        .context(WHAT)?;
        if first == revision {
            self.introduce(number, named).await?;
        }
        let number = merged_into.unwrap_or(number);
        self.actors.insert(named.uid.clone(), number);
        Ok(number)
    }

    async fn introduce(&mut self, number: i64, named: &Named<'_>) -> Result<(), StoreError> {
        sqlx::query("insert or ignore into actor_name (actor_id, name, folded, kind) values (?, ?, ?, 'canonical')")
            .bind(number)
            .bind(named.name)
            .bind(fold_name(named.name))
            .execute(self.connection())
            .await
            .context("store an actor's name")?;
        self.add_key(number, named.name, named.kind).await?;
        self.set_search_entry("actor", number, &named.uid, named.name, "", "").await?;
        let after = json!({"name": named.name, "type": named.kind}).to_string();
        self.log(Entry { entity: "actor", uid: &named.uid, action: "created", why: "named in a document", after: Some(after), ..Entry::default() }).await
    }

    async fn add_actor_mentions(&mut self, document: &DocumentKey, record: &Record, found: &RecordActors) -> Result<(), StoreError> {
        const WHAT: &str = "store mentions of actors";
        let stored = || record.actors.iter().zip(&found.by_index).filter_map(|(a, number)| Some((a, (*number)?)));
        let mentions = stored().flat_map(|(a, number)| a.mentions.iter().map(move |m| json!([number, m.start, m.end]))).collect();
        sqlx::query(
            "insert or ignore into actor_mention (actor_id, document_id, start, end) select value ->> 0, ?, value ->> 1, value ->> 2 from json_each(?)",
        )
        .bind(document.number)
        .bind(rows(mentions))
        .execute(self.connection())
        .await
        .context(WHAT)?;
        let titles = stored().flat_map(|(a, number)| a.titles.iter().map(move |t| json!([number, t]))).collect();
        sqlx::query("insert or ignore into actor_title (actor_id, title, document_id) select value ->> 0, value ->> 1, ? from json_each(?)")
            .bind(document.number)
            .bind(rows(titles))
            .execute(self.connection())
            .await
            .context(WHAT)?;
        Ok(())
    }

    /// Stores what a record tells of relations between actors.
    pub(super) async fn add_relations(&mut self, document: &DocumentKey, record: &Record, actors: &RecordActors) -> Result<(), StoreError> {
        let values = record
            .relations
            .iter()
            .map(|r| {
                let (subject, object) = (actors.named(Some(&r.subject)), actors.named(Some(&r.object)));
                json!([subject, r.subject, r.relation, object, r.object, r.certainty, r.valid_from, r.valid_to, r.start, r.end, r.text, r.confidence])
            })
            .collect();
        sqlx::query(
            "insert into actor_relation (document_id, extraction_id, subject_id, subject, relation, object_id, object, certainty, valid_from, valid_to, \
             start, end, text, confidence) \
             select ?, ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9, \
             value ->> 10, cast(value ->> 11 as real) from json_each(?)",
        )
        .bind(document.number)
        .bind(document.extraction)
        .bind(rows(values))
        .execute(self.connection())
        .await
        .context("store relations")?;
        Ok(())
    }
}

/// A key of the lexicon is the id; a name alone makes one.
fn named<'a>(key: Option<&str>, name: Option<&'a str>, kind: &'a str) -> Option<Named<'a>> {
    let name = name.filter(|n| !fold_name(n).is_empty())?;
    Some(match key {
        Some(key) => Named { uid: key.to_owned(), name, kind, known: true },
        None => Named { uid: id::actor(name, kind), name, kind, known: false },
    })
}

/// The actor type that a participant kind alone tells.
fn type_of(kind: &str) -> &'static str {
    match kind {
        "state" => "state.government",
        "organisation" => "armed.unidentified",
        _ => "person.other",
    }
}
