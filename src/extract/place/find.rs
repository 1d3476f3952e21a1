//! Names of the gazetteer in the text: the longest at each token, as far as case and surroundings admit them.

use super::context::{self, Verdict};
use super::person;
use super::{Evidence, Name, chain};
use crate::extract::Analysis;
use crate::lexicon::gazetteer::{Candidate, NameKey, PlaceKind, PlaceWord, Trust};
use crate::lexicon::trie::Entry;
use crate::text::{Document, Shape, Tag, TokenSpan};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// More candidates than this are cut, the least populous first.
const MAX_CANDIDATES: usize = 64;

/// What the search knows of the text before it looks at single names.
pub(super) struct Scene<'s, 'a> {
    pub a: &'s Analysis<'a>,
    /// Per sentence: capitals say nothing there (headlines, texts in capitals).
    pub loud: Vec<bool>,
    /// Named actors of the lexicon, the longest ones, in order; they do not overlap.
    pub actors: Vec<(TokenSpan, u32)>,
    /// Tokens right behind a title; the flag: one that only persons bear ("Mullah"), no office ("Governor").
    pub after_title: Vec<(usize, bool)>,
    /// Words that the text uses as a person's last name.
    pub persons: BTreeSet<u64>,
    /// Tokens of names taken as places so far.
    pub taken: Vec<bool>,
    /// What the names met so far may stand for, with the number of the list.
    lists: BTreeMap<Written, (usize, Rc<[Candidate]>)>,
}

/// A name, as far as its form decides what it may stand for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Written {
    key: NameKey,
    /// In capitals, as acronyms are.
    capitals: bool,
    /// States by their short forms are meant.
    short_forms: bool,
    /// One or two letters.
    short: bool,
}

/// All names that may be places, in order; they do not overlap.
pub(super) fn names(a: &Analysis<'_>) -> Vec<Name> {
    let after_title = titles(a);
    let persons = person::last_names(a, &after_title);
    let mut scene = Scene { a, loud: loud_sentences(&a.doc), actors: actors(a), after_title, persons, taken: vec![false; a.doc.len()], lists: BTreeMap::new() };
    let mut names = Vec::new();
    let mut at = 0;
    while at < a.doc.len() && !a.is_stopped() {
        match name_at(&mut scene, at) {
            Some(name) => {
                at = name.core.end as usize;
                scene.taken[name.core.range()].fill(!name.vote_only);
                names.push(name);
            }
            None => at += 1,
        }
    }
    names
}

fn name_at(scene: &mut Scene<'_, '_>, start: usize) -> Option<Name> {
    let a = scene.a;
    let gazetteer = &a.lexicon.gazetteer;
    let the = a.doc.word(start) == "the" && context::is_capital(&a.doc, start + 1);
    if !the && !context::is_capital(&a.doc, start) {
        return None;
    }
    let mut ends: Vec<(usize, NameKey)> = Vec::new();
    gazetteer.matches(&a.doc, start, &mut |end, key| ends.push((end, key)));
    for &(end, key) in ends.iter().rev() {
        let core = TokenSpan::new(start, end);
        let people = core.len() == 1 && gazetteer.word(&a.doc, start).has(PlaceWord::PEOPLE);
        // "North-West", "Far North"
        let direction = core.range().all(|i| gazetteer.word(&a.doc, i).has(PlaceWord::QUALIFIER) || a.doc.tag(i) == Tag::Hyphen);
        if people || direction && !gazetteer.word(&a.doc, end).names_kind() || !written_as_name(scene, core) {
            continue;
        }
        let (list, candidates) = scene.candidates(core, key);
        if candidates.is_empty() {
            continue;
        }
        let trust = trust(scene, core, &candidates);
        let (tokens, wants) = kind_beside(a, core);
        let mut name = Name { core, tokens, key, candidates, list, trust, wants, evidence: Evidence::None, personal: false, vote_only: false };
        match context::judge(scene, &name) {
            Verdict::Keep(evidence) => name.evidence = evidence,
            Verdict::VoteOnly => name.vote_only = true,
            Verdict::Reject => return None,
        }
        name.personal = person::is_meant(scene, &name);
        return Some(name);
    }
    None
}

/// Every longer word has a capital, as names have; in headlines nothing can be asked.
fn written_as_name(scene: &Scene<'_, '_>, core: TokenSpan) -> bool {
    let doc = &scene.a.doc;
    scene.is_loud(core.start as usize)
        || core.range().all(|i| {
            doc.raw(i).len() <= 3 || doc.tag(i) == Tag::Hyphen || {
                let shape = doc.token(i).shape;
                shape.has(Shape::CAPITAL) || shape.has(Shape::FOREIGN_SCRIPT) || shape.has(Shape::DIGIT) || scene.a.lexicon.gazetteer.word(doc, i).names_kind()
            }
        })
}

fn candidates(a: &Analysis<'_>, name: Written) -> Rc<[Candidate]> {
    let gazetteer = &a.lexicon.gazetteer;
    let mut list: Vec<(u32, Candidate)> = gazetteer
        .candidates(name.key, name.capitals)
        .filter_map(|c| Some((gazetteer.place(c.id)?, c)))
        .filter(|(p, c)| name.short_forms || p.kind != PlaceKind::Province || !(name.short || c.abbreviation))
        .map(|(p, c)| (u32::from(p.kind == PlaceKind::Country).wrapping_mul(u32::MAX).max(p.population), c))
        .collect();
    list.sort_by_key(|&(people, c)| (std::cmp::Reverse(people), c.id));
    list.truncate(MAX_CANDIDATES);
    list.into_iter().map(|(_, c)| c).collect()
}

/// Several words that are all personal names are a place only where the gazetteer has a big one ("San Francisco").
fn trust(scene: &Scene<'_, '_>, core: TokenSpan, candidates: &[Candidate]) -> Trust {
    let gazetteer = &scene.a.lexicon.gazetteer;
    let trust = gazetteer.trust(&scene.a.doc, core);
    let big = candidates.iter().filter_map(|c| gazetteer.place(c.id)).any(|p| p.population >= 100_000 || p.kind == PlaceKind::Country);
    if core.len() > 1 && trust == Trust::Person && big { Trust::Plain } else { trust }
}

/// The word beside a name that says what it is, and both together.
fn kind_beside(a: &Analysis<'_>, core: TokenSpan) -> (TokenSpan, Option<PlaceWord>) {
    let (doc, gazetteer) = (&a.doc, &a.lexicon.gazetteer);
    let (start, end) = (core.start as usize, core.end as usize);
    let tribal = usize::from(matches!(doc.word(end), "tribal" | "administrative"));
    let after = gazetteer.word(doc, end + tribal);
    // "Highways Agency", "United States Department of Agriculture" are offices.
    let office = after.has(PlaceWord::LOOSE) && context::is_capital(doc, end) && matches!(doc.word(end + tribal + 1), "of" | "for");
    if after.names_kind() && !office && doc.sentence_of(end + tribal) == doc.sentence_of(start) {
        return (TokenSpan::new(start, end + tribal + 1), Some(after));
    }
    if start >= 2 && doc.word(start - 1) == "of" && doc.sentence_of(start - 2) == doc.sentence_of(start) {
        let before = gazetteer.word(doc, start - 2);
        if before.names_kind() && doc.word(start - 2) != "capital" {
            return (core, Some(before));
        }
    }
    (core, None)
}

impl Scene<'_, '_> {
    /// What a name may stand for, and the number of that list.
    fn candidates(&mut self, core: TokenSpan, key: NameKey) -> (usize, Rc<[Candidate]>) {
        let a = self.a;
        let first = core.start as usize;
        let capitals = core.range().all(|i| a.doc.token(i).shape.has(Shape::ALL_CAPS));
        let short = core.len() == 1 && a.doc.raw(first).trim_end_matches('.').len() <= 2;
        // "Springfield, IL": two letters are a state only behind a comma.
        let short_forms = first >= 2 && a.doc.tag(first - 1) == Tag::Comma && context::is_capital(&a.doc, first - 2);
        let mixed_acronym = core.len() == 1 && a.doc.raw(first).chars().filter(|c| c.is_uppercase()).count() >= 2;
        let name = Written { key, capitals: capitals || mixed_acronym, short_forms, short };
        let n = self.lists.len();
        self.lists.entry(name).or_insert_with(|| (n, candidates(a, name))).clone()
    }

    /// Whether capitals say nothing at this token.
    pub fn is_loud(&self, token: usize) -> bool {
        self.a.doc.all_caps() || self.loud.get(self.a.doc.sentence_of(token)).copied().unwrap_or(false)
    }

    /// The longest named actor that has a token of the span.
    pub fn actor_over(&self, tokens: TokenSpan) -> Option<(TokenSpan, u32)> {
        let after = self.actors.partition_point(|(span, _)| span.start < tokens.end);
        after.checked_sub(1).map(|at| self.actors[at]).filter(|(span, _)| span.overlaps(tokens))
    }

    /// Whether a title ends right before the token; the flag: one that only persons bear (ranks, honorifics), no office.
    pub fn title_before(&self, token: usize) -> Option<bool> {
        let at = self.after_title.binary_search_by_key(&token, |&(end, _)| end).ok()?;
        Some(self.after_title[at].1)
    }

    /// Whether a container of one of the candidates follows ("Reading, England").
    pub fn container_follows(&self, name: &Name) -> bool {
        let Some(start) = chain::container_start(self.a, name.tokens) else { return false };
        let (doc, gazetteer) = (&self.a.doc, &self.a.lexicon.gazetteer);
        let mut found = false;
        gazetteer.matches(doc, start, &mut |end, key| {
            let capitals = (start..end).all(|i| doc.token(i).shape.has(Shape::ALL_CAPS));
            for outer in gazetteer.candidates(key, capitals).filter_map(|c| gazetteer.place(c.id)) {
                let mut inner = name.candidates.iter().filter_map(|c| gazetteer.place(c.id));
                found |= !outer.kind.is_populated() && inner.any(|inner| chain::contains(&outer, &inner));
            }
        });
        found
    }
}

/// Sentences whose words nearly all begin with a capital.
fn loud_sentences(doc: &Document<'_>) -> Vec<bool> {
    doc.sentences()
        .iter()
        .map(|sentence| {
            let words =
                sentence.range().filter(|&i| doc.raw(i).len() >= 4 && !doc.token(i).shape.has(Shape::DIGIT) && !doc.token(i).shape.has(Shape::PUNCTUATION));
            let (n, capital) = words.fold((0, 0), |(n, capital), i| (n + 1, capital + usize::from(doc.token(i).shape.has(Shape::CAPITAL))));
            n >= 5 && capital * 10 >= n * 9
        })
        .collect()
}

fn actors(a: &Analysis<'_>) -> Vec<(TokenSpan, u32)> {
    let mut list: Vec<(TokenSpan, u32)> = Vec::new();
    for hit in &a.hits {
        if let Entry::Actor(index) = hit.entry
            && list.last().is_none_or(|(last, _)| last.end <= hit.tokens.start)
        {
            list.push((hit.tokens, index));
        }
    }
    list
}

fn titles(a: &Analysis<'_>) -> Vec<(usize, bool)> {
    let mut list: Vec<(usize, bool)> = Vec::new();
    for hit in &a.hits {
        let Entry::Term(index) = hit.entry else { continue };
        let Some(term) = a.lexicon.terms.get(index) else { continue };
        if term.kind == crate::lexicon::terms::TermKind::Title && context::is_capital(&a.doc, hit.tokens.start as usize) {
            list.push((hit.tokens.end as usize, matches!(term.class.as_str(), "rank" | "honorific" | "religious")));
        }
    }
    list.sort_unstable();
    list.dedup_by_key(|&mut (end, _)| end);
    list
}
