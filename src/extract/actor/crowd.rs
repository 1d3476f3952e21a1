//! People without names: which of them are the same, and which are a body, a state or a group told of before.

use super::coreference::{Joiner, Key, MEMORY};
use super::countries;
use super::draft::{Draft, Who, around, quotation_between};
use super::entity::Figure;
use super::people::definite;
use crate::extract::Analysis;
use crate::extract::analysis::MentionKind;
use crate::text::Tag;

/// So many mentions of people by one word are looked at for those meant by "the gunmen".
const MOST_CROWDS: usize = 100;

/// So many mentions back an armed group is remembered.
const GROUP_MEMORY: usize = 1_000;

/// The armed groups named last.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// The last one, with its last mention.
    last: Option<(usize, usize)>,
    /// The last mention of any other.
    other: Option<usize>,
}

impl Groups {
    fn add(&mut self, figure: usize, mention: usize) {
        match &mut self.last {
            Some((known, at)) if *known == figure => *at = mention,
            last => self.other = last.replace((figure, mention)).map(|(_, at)| at).or(self.other),
        }
    }

    /// The only one named in the mentions before this one that are remembered.
    fn only(&self, mention: usize) -> Option<usize> {
        let recent = |at: usize| at + GROUP_MEMORY >= mention;
        self.last.filter(|&(_, at)| recent(at) && !self.other.is_some_and(recent)).map(|(figure, _)| figure)
    }
}

impl Joiner<'_, '_> {
    /// Takes note of an armed group that is named.
    pub(super) fn remember_group(&mut self, n: usize, figure: usize) {
        let draft = &self.drafts[n];
        let named = draft.kind == MentionKind::Organisation && matches!(draft.who, Who::Lexicon(_) | Who::Name | Who::ShortFor(_));
        if named && self.kind_of(figure, n).starts_with("armed.") {
            self.groups.add(figure, n);
        }
    }

    /// People: the government is the state, police and army are one body, "the gunmen" are those told of before.
    pub(super) fn people(&mut self, n: usize) -> usize {
        let draft = &self.drafts[n];
        if let Some(body) = self.body(draft) {
            return body;
        }
        let lemma = self.a.doc.lemma(draft.head);
        let refers = definite(self.a, draft.head) || is_bare_plural(self.a, draft);
        let told = if refers { self.crowds.get(lemma).map_or(&[][..], Vec::as_slice) } else { &[] };
        let earlier = told.iter().rev().take(MOST_CROWDS).copied().find(|&d| {
            let other = &self.drafts[d];
            let bare = definite(self.a, draft.head) || is_bare_plural(self.a, other);
            // "the official" is none of "officials"
            let number = |d: &Draft| matches!(self.a.doc.tag(d.head), Tag::NNS | Tag::NNPS);
            bare && number(other) == number(draft)
                && other.country == draft.country
                && other.belongs == draft.belongs
                && counts_agree(other, draft)
                && !quotation_between(self.a, other.head, draft.head)
        });
        // "The attackers, some thirty men, cut the line"
        let start = draft.phrase.start as usize;
        let closed = self.a.doc.word(draft.phrase.end as usize) == "," || self.a.doc.word(draft.tokens.end as usize) == "in";
        let beside = around(&self.drafts[..n], start).rev().find(|(_, other)| {
            let armed = other.kind == MentionKind::People && other.actor_type.starts_with("armed.");
            armed && other.phrase.end as usize + 1 == start && start > 0 && self.a.doc.word(start - 1) == "," && closed && draft.count.is_some()
        });
        if let Some(figure) = beside.and_then(|(d, _)| self.of[d]) {
            return figure;
        }
        let found = earlier.and_then(|d| self.of[d]).or_else(|| self.the_rebels(n)).or_else(|| self.the_attackers(n));
        found.unwrap_or_else(|| self.new_unnamed())
    }

    /// "the rebels", "the guerrillas" where the text has named one armed group so far: its people.
    fn the_rebels(&self, n: usize) -> Option<usize> {
        let draft = &self.drafts[n];
        let whose = matches!(self.a.doc.word(draft.head), "rebels" | "guerrillas" | "insurgents" | "separatists");
        if !whose || draft.tokens.len() > 1 || draft.count.is_some() || draft.belongs.is_some() || !definite(self.a, draft.head) {
            return None;
        }
        self.groups.only(n)
    }

    /// "the attackers", "their captors": the armed people told of last, by whatever word.
    fn the_attackers(&self, n: usize) -> Option<usize> {
        const DOERS: &[&str] = &["attacker", "assailant", "bomber", "gunman", "kidnapper", "captor", "abductor", "raider", "motorcyclist", "hijacker"];
        let draft = &self.drafts[n];
        let doer = |d: &Draft| d.kind == MentionKind::People && d.actor_type.starts_with("armed.") && d.belongs.is_none();
        let plural = |d: &Draft| matches!(self.a.doc.tag(d.head), Tag::NNS | Tag::NNPS) || d.count.is_some_and(|c| c.figure().is_some_and(|f| f > 1));
        let refers = definite(self.a, draft.head) || self.a.doc.tag(draft.phrase.start as usize) == Tag::PRPS;
        let plain = draft.tokens.len() == 1;
        if !(refers && plain && doer(draft) && DOERS.contains(&self.a.doc.lemma(draft.head))) {
            return None;
        }
        let near = |d: usize| self.a.doc.sentence_of(draft.head).saturating_sub(self.a.doc.sentence_of(self.drafts[d].tokens.start as usize)) <= 6;
        let earlier = (0..n).rev().take(MEMORY).take_while(|&d| near(d)).find(|&d| {
            let other = &self.drafts[d];
            doer(other) && plural(other) == plural(draft) && counts_agree(other, draft) && !quotation_between(self.a, other.head, draft.head)
        });
        earlier.and_then(|d| self.of[d])
    }

    /// The one body behind "the government", "police", "the army".
    fn body(&mut self, draft: &Draft) -> Option<usize> {
        let collective = self.is_collective(draft);
        let alone = draft.tokens.range().filter(|&i| i != draft.head).all(|i| self.is_national(i));
        let lemma = self.a.doc.lemma(draft.head);
        let iso = draft.country.clone().or_else(|| self.topic.main().map(str::to_owned));
        if !collective || !alone || draft.belongs.is_some() {
            return None;
        }
        let word = self.a.doc.word(draft.head);
        match (lemma, word) {
            ("government", "government") | ("authority", "authorities") | ("regime", "regime") => {
                let iso = iso?;
                let actor = countries::state(self.a, &iso);
                let key = actor.map_or_else(|| Key::State(iso.clone()), Key::Actor);
                Some(self.find_or_add(key, || Figure { actor, state: actor.is_none().then(|| iso.clone()), ..Figure::default() }))
            }
            // "the army of injustice"
            ("army" | "military", _) if self.a.doc.word(draft.head + 1) == "of" => None,
            ("army" | "military", _) => {
                let actor = self.a.lexicon.actors.army_of(&iso?)?;
                Some(self.find_or_add(Key::Actor(actor), || Figure { actor: Some(actor), ..Figure::default() }))
            }
            ("police", _) => Some(self.police(draft.country.clone())),
            _ => None,
        }
    }

    /// The police of a country named, or of the text's country.
    pub(super) fn police(&mut self, country: Option<String>) -> usize {
        let main = self.topic.main();
        let country = country.filter(|c| Some(c.as_str()) != main);
        self.find_or_add(Key::Police(country), || Figure { police: true, unnamed: true, ..Figure::default() })
    }

    /// Modifiers that leave a body the national one: "federal government", "Pakistani police".
    fn is_national(&self, i: usize) -> bool {
        matches!(self.a.doc.word(i), "federal" | "central" | "national" | "union" | "security" | "state" | "local" | "provincial" | "district" | "city")
            || super::words::hits_at(self.a, i).any(|h| matches!(h.entry, crate::lexicon::trie::Entry::Demonym(_)))
    }
}

/// "Officials", "police": a plural or collective without determiner, number and modifiers.
fn is_bare_plural(a: &Analysis<'_>, draft: &Draft) -> bool {
    draft.tokens.len() == 1 && draft.count.is_none() && matches!(a.doc.tag(draft.head), Tag::NNS | Tag::NNPS) && draft.phrase.start == draft.tokens.start
}

fn counts_agree(a: &Draft, b: &Draft) -> bool {
    match (a.count.and_then(|c| c.figure()), b.count.and_then(|c| c.figure())) {
        (Some(x), Some(y)) => x == y,
        _ => true,
    }
}
