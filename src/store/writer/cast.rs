//! Who is who in the documents of a batch, and rows for those whom the base does not have.

use super::Writer;
use super::actor::{Named, RecordActors, named, type_of};
use super::derived::search_entries;
use super::document::DocumentKey;
use super::history::Entry;
use super::rows::Rows;
use crate::model::company::{Company, Scene};
use crate::model::id::{self, fold_name};
use crate::model::name::keys;
use crate::model::resolution::{Candidate, Identity, Resolution};
use crate::model::{Record, record};
use crate::store::StoreError;
use crate::store::candidate;
use crate::store::error::Context;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Relations by which an actor belongs to another.
const OWNED_BY: [&str; 5] = ["member_of", "leader_of", "spokesperson_of", "founder_of", "office_holder_of"];

/// What decides where somebody merged the actor of a name into another.
const CURATED: &str = "curator.same";

/// The actors of a batch: those that the base may have for its names, and rows for what the documents add. Documents are added in their
/// order; each sees what those before it added.
#[derive(Debug)]
pub struct Cast {
    company: Company,
    /// Actors by their ids; of those that were merged, their heirs.
    numbers: BTreeMap<String, i64>,
    /// Numbers of actors that somebody merged, with the ids of those into whom, by their ids.
    heirs: BTreeMap<String, (i64, String)>,
    /// Stored as invented, and not yet met in a document that is not.
    invented: BTreeSet<i64>,
    next: i64,
    rows: ActorRows,
    /// Ids of those that are new.
    created: Vec<String>,
    /// Who got a name.
    renamed: BTreeSet<i64>,
    /// Names that curators took away, folded.
    removed: BTreeSet<(i64, String)>,
    /// Who turned out not to be invented.
    real: BTreeSet<i64>,
    revision: i64,
    now: String,
}

impl Writer {
    /// Looks up who of the base shares one of `keys` with a name of these documents.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn cast(&mut self, documents: &[(&DocumentKey, &Record)], keys: &[String]) -> Result<Cast, StoreError> {
        let mut company = Company::default();
        candidate::find(self.connection(), &mut company, keys).await?;
        let next = self.next_number("actor").await?;
        let mut cast = Cast {
            company,
            numbers: BTreeMap::new(),
            heirs: BTreeMap::new(),
            invented: BTreeSet::new(),
            next,
            rows: ActorRows::default(),
            created: Vec::new(),
            renamed: BTreeSet::new(),
            removed: self.removed_names().await?,
            real: BTreeSet::new(),
            revision: self.revision,
            now: self.now.clone(),
        };
        self.find_actors(&mut cast, documents).await?;
        Ok(cast)
    }

    /// Who has one of the ids that the names of these documents may get.
    async fn find_actors(&mut self, cast: &mut Cast, documents: &[(&DocumentKey, &Record)]) -> Result<(), StoreError> {
        let mut ids: BTreeSet<String> = cast.company.members.values().map(|m| m.candidate.id.clone()).collect();
        for (document, record) in documents {
            for named in everybody(record) {
                if !named.known {
                    ids.insert(id::namesake(named.name, named.kind, &document.sha256));
                }
                ids.insert(named.uid);
            }
        }
        let found: Vec<(String, bool, i64, i64, String, String)> = sqlx::query_as(
            "select o.uid, o.fictional, o.id, a.id, a.uid, a.type from json_each(?) j cross join actor o on o.uid = j.value \
             cross join actor a on a.id = coalesce(o.merged_into, o.id)",
        )
        .bind(json!(ids).to_string())
        .fetch_all(self.connection())
        .await
        .context("look up actors")?;
        for (uid, fictional, own, number, heir, kind) in found {
            if uid != heir {
                cast.numbers.insert(heir.clone(), number);
                cast.heirs.insert(uid.clone(), (own, heir.clone()));
            }
            cast.numbers.insert(uid, number);
            cast.company.named.insert(number, (heir, kind));
            if fictional {
                cast.invented.insert(number);
            }
        }
        Ok(())
    }

    /// Looks up what documents tell around these candidates.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn look_around(&mut self, cast: &mut Cast, candidates: &BTreeSet<i64>) -> Result<(), StoreError> {
        candidate::look_around(self.connection(), &mut cast.company, candidates).await
    }

    /// Writes what the documents of a batch added to its actors.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn add_cast(&mut self, cast: Cast) -> Result<(), StoreError> {
        const WHAT: &str = "store actors";
        cast.rows.write(self).await?;
        let created = cast.created.iter();
        let entries: Vec<Entry<'_>> =
            created.map(|uid| Entry { entity: "actor", uid, action: "created", why: "named in a document", ..Entry::default() }).collect();
        self.log_all(&entries).await?;
        if !cast.renamed.is_empty() {
            sqlx::query(
                "update search_entry set body = (select group_concat(n.name, ' · ') from actor_name n where n.actor_id = entity_id) \
                 where kind = 'actor' and entity_id in (select value from json_each(?))",
            )
            .bind(json!(cast.renamed).to_string())
            .execute(self.connection())
            .await
            .context(WHAT)?;
        }
        if !cast.real.is_empty() {
            sqlx::query("update actor set fictional = 0 where id in (select value from json_each(?))")
                .bind(json!(cast.real).to_string())
                .execute(self.connection())
                .await
                .context(WHAT)?;
        }
        Ok(())
    }
}

impl Cast {
    /// Actors that share one of these keys, without context, each with its number.
    pub fn candidates(&self, keys: &[String]) -> Vec<(i64, &Candidate)> {
        self.company.candidates(keys)
    }

    /// A candidate with what documents tell around it.
    pub fn in_context(&self, number: i64, candidate: &Candidate) -> Candidate {
        Candidate { context: self.company.context(number), ..candidate.clone() }
    }

    /// Adds a document with its actors; `decisions` say who of them the base has, one without a decision goes by its name.
    pub fn add(&mut self, document: &DocumentKey, record: &Record, decisions: &[Resolution]) -> RecordActors {
        let mut found = RecordActors::default();
        for (n, actor) in record.actors.iter().enumerate() {
            let decision = decisions.iter().find(|d| d.actor == n);
            let named = named(actor.actor.as_deref(), actor.name.as_deref(), &actor.kind);
            let merged = named.as_ref().zip(decision).and_then(|(named, decision)| self.merged(named, decision));
            let decision = merged.as_ref().map(|(_, decision)| decision).or(decision);
            let number = match &merged {
                Some((own, _)) => Some(*own),
                None => named.as_ref().map(|named| self.number(named, decision, document)),
            };
            if let (Some(number), Some(decision)) = (number, decision) {
                self.rows.add_decision(document, number, decision, &self.now);
            }
            found.add(number, actor.name.as_deref());
        }
        for named in beside(record) {
            if found.named(Some(named.name)).is_none() {
                let number = self.ensure(&named, document.fictional, false);
                found.by_name(named.name, number);
            }
        }
        self.add_mentions(document, record, &found);
        found
    }

    /// Whoever would be new, and has the id of one that somebody merged into another, is that other one. Gives the number of the merged actor
    /// itself, so that undoing the merge gives it back what was told of it meanwhile.
    fn merged(&self, named: &Named<'_>, decision: &Resolution) -> Option<(i64, Resolution)> {
        let (own, heir) = self.heirs.get(&named.uid).filter(|_| decision.identity == Identity::New)?;
        Some((*own, Resolution { identity: Identity::Same(heir.clone()), rule: CURATED.to_owned(), ..decision.clone() }))
    }

    /// The number of the actor that was decided on: the base's, or a new one. Where the name is taken by somebody else, or it is open
    /// who is meant, the document gets an actor of its own.
    fn number(&mut self, named: &Named<'_>, decision: Option<&Resolution>, document: &DocumentKey) -> i64 {
        let Some(decision) = decision else { return self.ensure(named, document.fictional, false) };
        let own = || Named { uid: id::namesake(named.name, named.kind, &document.sha256), ..*named };
        let taken = !decision.candidates.is_empty() && self.numbers.contains_key(&named.uid);
        match &decision.identity {
            Identity::Same(uid) => match self.numbers.get(uid).copied() {
                Some(number) => {
                    let is_removed = self.removed.contains(&(number, fold_name(named.name)));
                    if !is_removed && self.company.rename(number, named.name, named.kind) {
                        self.rows.add_name(number, named.name, named.kind, "mention");
                        self.renamed.insert(number);
                    }
                    number
                }
                None => self.ensure(named, document.fictional, false),
            },
            Identity::Open => self.ensure(&own(), document.fictional, true),
            Identity::New if taken => self.ensure(&own(), document.fictional, false),
            Identity::New => self.ensure(named, document.fictional, false),
        }
    }

    /// The number of a named actor, or of the one it was merged into; a new one where it is new.
    fn ensure(&mut self, named: &Named<'_>, fictional: bool, open: bool) -> i64 {
        if let Some(&number) = self.numbers.get(&named.uid) {
            if !fictional && self.invented.remove(&number) {
                self.real.insert(number);
            }
            return number;
        }
        let number = self.next;
        self.next += 1;
        self.numbers.insert(named.uid.clone(), number);
        if fictional {
            self.invented.insert(number);
        }
        self.company.introduce(number, &named.uid, named.name, named.kind, named.known, open);
        self.rows.add_actor(number, named, fictional, &self.now, self.revision);
        self.created.push(named.uid.clone());
        number
    }

    fn add_mentions(&mut self, document: &DocumentKey, record: &Record, found: &RecordActors) {
        let mut scene = Scene { published: document.published.clone(), ..Scene::default() };
        scene.countries.extend(record.incidents.iter().filter_map(|i| i.place.as_ref()?.country.clone()));
        for (actor, number) in record.actors.iter().zip((0..).map(|n| found.at(Some(n)))) {
            let Some(number) = number else { continue };
            self.rows.add_mentions(document, number, actor);
            if !actor.mentions.is_empty() {
                scene.actors.insert(number);
            }
            if let Some(member) = self.company.members.get_mut(&number) {
                member.titles.extend(actor.titles.iter().cloned());
            }
        }
        for relation in record.relations.iter().filter(|r| OWNED_BY.contains(&r.relation.as_str())) {
            let (Some(subject), Some(object)) = (found.named(Some(&relation.subject)), found.named(Some(&relation.object))) else { continue };
            let owner = self.company.named.get(&object).map(|(id, _)| id.clone());
            if let (Some(member), Some(owner)) = (self.company.members.get_mut(&subject), owner) {
                member.owners.insert(owner);
            }
        }
        self.company.add_scene(document.number, scene);
    }
}

/// Whom a record names beside its list of actors: participants and speakers repeat names of the list, and some stand only with them.
fn beside(record: &Record) -> impl Iterator<Item = Named<'_>> {
    let participants = record.incidents.iter().flat_map(|i| &i.participants).map(|p| (p.actor.as_deref(), p.name.as_deref(), type_of(&p.kind)));
    let speakers = record.statements.iter().filter_map(|s| s.speaker.as_ref()).map(|s| (s.actor.as_deref(), s.name.as_deref(), "person.other"));
    participants.chain(speakers).filter_map(|(key, name, kind)| named(key, name, kind))
}

fn everybody(record: &Record) -> impl Iterator<Item = Named<'_>> {
    record.actors.iter().filter_map(|a| named(a.actor.as_deref(), a.name.as_deref(), &a.kind)).chain(beside(record))
}

/// Rows of actors, by table.
#[derive(Debug)]
struct ActorRows {
    actors: Rows,
    names: Rows,
    keys: Rows,
    search: Rows,
    mentions: Rows,
    titles: Rows,
    decisions: Rows,
}

impl Default for ActorRows {
    fn default() -> Self {
        Self {
            actors: Rows::into("insert into actor (id, uid, known, name, type, fictional, created_at, updated_at, revision)"),
            names: Rows::into("insert or ignore into actor_name (actor_id, name, folded, kind)"),
            keys: Rows::into("insert or ignore into actor_key (key, actor_id)"),
            search: search_entries(),
            mentions: Rows::into("insert or ignore into actor_mention (actor_id, document_id, start, end)"),
            titles: Rows::into("insert or ignore into actor_title (actor_id, title, document_id)"),
            decisions: Rows::into("insert into actor_decision (document_id, made_at, actor_id, name, verdict, rule, candidates)"),
        }
    }
}

impl ActorRows {
    fn add_actor(&mut self, number: i64, named: &Named<'_>, fictional: bool, now: &str, revision: i64) {
        let row = self.actors.add().bind(number).bind(&named.uid).bind(named.known).bind(named.name).bind(named.kind);
        row.bind(fictional).bind(now).bind(now).bind(revision);
        self.search.add().bind("actor").bind(number).bind(&named.uid).bind(named.name).bind("").bind("");
        self.add_name(number, named.name, named.kind, "canonical");
    }

    fn add_name(&mut self, number: i64, name: &str, actor_kind: &str, kind: &str) {
        self.names.add().bind(number).bind(name).bind(fold_name(name)).bind(kind);
        for key in keys(name, actor_kind) {
            self.keys.add().bind(key).bind(number);
        }
    }

    fn add_mentions(&mut self, document: &DocumentKey, number: i64, actor: &record::Actor) {
        for mention in &actor.mentions {
            self.mentions.add().bind(number).bind(document.number).bind(mention.start).bind(mention.end);
        }
        for title in &actor.titles {
            self.titles.add().bind(number).bind(title).bind(document.number);
        }
    }

    fn add_decision(&mut self, document: &DocumentKey, number: i64, decision: &Resolution, now: &str) {
        let verdict = match decision.identity {
            Identity::New => "new",
            Identity::Same(_) => "same",
            Identity::Open => "open",
        };
        let row = self.decisions.add().bind(document.number).bind(now).bind(number).bind(&decision.name).bind(verdict);
        row.bind(&decision.rule).bind(json!(decision.candidates).to_string());
    }

    async fn write(self, writer: &mut Writer) -> Result<(), StoreError> {
        for rows in [self.actors, self.names, self.keys, self.search, self.mentions, self.titles, self.decisions] {
            rows.write(writer.connection(), "store actors").await?;
        }
        Ok(())
    }
}
