//! Actors of the base that names of new texts may mean, and who is named beside them: as much of it as those texts ask for, held in memory, so
//! that each text stored sees what those before it added.

use super::id::fold_name;
use super::name::{is_person, keys};
use super::resolution::{Candidate, Context};
use std::collections::{BTreeMap, BTreeSet};

/// Actors that one key may give: the latest ones, for thousands of persons share a last name.
pub const PER_KEY: usize = 60;
/// Documents of an actor that its context is made of: the latest ones.
pub const N_DOCUMENTS: usize = 12;
/// Companions of an actor: the most frequent ones.
const N_COMPANIONS: usize = 30;

/// An actor that names are compared with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Member {
    /// Without its context.
    pub candidate: Candidate,
    /// Compared with nothing: it was rejected, or it is open who it is.
    pub set_aside: bool,
    /// Numbers of documents that mention it, the latest ones.
    pub documents: BTreeSet<i64>,
    /// Titles and offices.
    pub titles: BTreeSet<String>,
    /// Ids of what it belongs to.
    pub owners: BTreeSet<String>,
}

/// What a document is for those whom it mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scene {
    /// Day of publication, ISO 8601.
    pub published: Option<String>,
    /// Countries of its incidents, ISO 3166-1 alpha-2.
    pub countries: BTreeSet<String>,
    /// Numbers of the actors that it mentions.
    pub actors: BTreeSet<i64>,
}

/// Actors by their numbers, with the documents around them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Company {
    /// Who has a key.
    pub by_key: BTreeMap<String, BTreeSet<i64>>,
    /// Into whom they were merged; themselves, where into nobody.
    pub heirs: BTreeMap<i64, i64>,
    /// By the number of the heir.
    pub members: BTreeMap<i64, Member>,
    /// Documents by their numbers.
    pub scenes: BTreeMap<i64, Scene>,
    /// Id and type of everybody who is mentioned in a scene.
    pub named: BTreeMap<i64, (String, String)>,
}

impl Company {
    /// Who shares one of these keys, without context, each with its number: of each key the latest.
    pub fn candidates(&self, keys: &[String]) -> Vec<(i64, &Candidate)> {
        let of_key = |key: &String| self.by_key.get(key).into_iter().flat_map(|all| all.iter().rev().take(PER_KEY));
        let heirs: BTreeSet<i64> = keys.iter().flat_map(of_key).filter_map(|number| self.heirs.get(number)).copied().collect();
        let open = |number: i64| self.members.get(&number).filter(|m| !m.set_aside).map(|m| (number, &m.candidate));
        heirs.into_iter().filter_map(open).collect()
    }

    /// What documents tell around an actor.
    pub fn context(&self, number: i64) -> Context {
        let Some(member) = self.members.get(&number) else { return Context::default() };
        let scenes = || member.documents.iter().rev().take(N_DOCUMENTS).filter_map(|document| self.scenes.get(document));
        let days: BTreeSet<&str> = scenes().filter_map(|s| s.published.as_deref()).collect();
        let day = |day: Option<&&str>| day.and_then(|d| d.get(..10)).and_then(|d| d.parse().ok());
        let countries: BTreeSet<&String> = scenes().flat_map(|s| &s.countries).collect();
        let (people, groups) = self.companions(number, scenes().flat_map(|s| &s.actors));
        Context {
            titles: member.titles.iter().cloned().collect(),
            people,
            groups,
            owners: member.owners.iter().cloned().collect(),
            countries: countries.into_iter().cloned().collect(),
            first: day(days.first()),
            last: day(days.last()),
        }
    }

    /// Ids of the persons and of the groups that are named beside an actor most often; states stand beside everybody.
    fn companions<'a>(&self, number: i64, beside: impl Iterator<Item = &'a i64>) -> (Vec<String>, Vec<String>) {
        let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
        for &other in beside.filter(|&&other| other != number) {
            *counts.entry(other).or_default() += 1;
        }
        let is_state = |kind: &str| kind.starts_with("state.") || kind.starts_with("external.");
        let mut others: Vec<(usize, i64, &(String, String))> =
            counts.into_iter().filter_map(|(other, n)| Some((n, other, self.named.get(&other)?))).filter(|(_, _, (_, kind))| !is_state(kind)).collect();
        others.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        others.truncate(N_COMPANIONS);
        let mut ids: Vec<(&String, bool)> = others.into_iter().map(|(_, _, (id, kind))| (id, is_person(kind))).collect();
        ids.sort_unstable();
        let of = |person: bool| ids.iter().filter(|(_, p)| *p == person).map(|(id, _)| (*id).clone()).collect();
        (of(true), of(false))
    }

    /// Lets an actor that is new be found.
    pub fn introduce(&mut self, number: i64, id: &str, name: &str, kind: &str, known: bool, set_aside: bool) {
        let (id, name) = (id.to_owned(), name.to_owned());
        let candidate = Candidate { id: id.clone(), names: vec![name.as_str().into()], name, kind: kind.to_owned(), known, ..Candidate::default() };
        self.add_keys(number, &candidate.name, kind);
        self.heirs.insert(number, number);
        self.members.insert(number, Member { candidate, set_aside, ..Member::default() });
        self.named.insert(number, (id, kind.to_owned()));
    }

    /// Gives an actor a name that a text of the type `kind` has for it; whether it is new.
    pub fn rename(&mut self, number: i64, name: &str, kind: &str) -> bool {
        let Some(member) = self.members.get_mut(&number) else { return false };
        let folded = fold_name(name);
        if member.candidate.names.iter().any(|known| fold_name(&known.text) == folded) {
            return false;
        }
        member.candidate.names.push(name.into());
        self.add_keys(number, name, kind);
        true
    }

    fn add_keys(&mut self, number: i64, name: &str, kind: &str) {
        for key in keys(name, kind) {
            self.by_key.entry(key).or_default().insert(number);
        }
    }

    /// Adds a document to what is known of those whom it mentions.
    pub fn add_scene(&mut self, document: i64, scene: Scene) {
        for number in &scene.actors {
            if let Some(member) = self.members.get_mut(number) {
                member.documents.insert(document);
            }
        }
        self.scenes.insert(document, scene);
    }
}
