//! Names that the lexicon knows, the longest first, and whom an ambiguous one means.

use super::countries;
use super::draft::{Draft, Drafts, Who};
use super::topic::Topic;
use super::words::{hyphen, is_name_token, is_personal_name, people_term_ending, title_at};
use crate::extract::Analysis;
use crate::extract::analysis::MentionKind;
use crate::lexicon::actors::{Actor, name_words};
use crate::lexicon::trie::Entry;
use crate::text::{Shape, TokenSpan, word_hash};
use std::collections::BTreeMap;

/// Finds the lexicon's names; states are left to `states`, which asks whether a country acts.
pub(super) fn find(a: &Analysis<'_>, topic: &Topic, drafts: &mut Drafts) {
    let spans = spans(a);
    let mut sure = Sure::of(a, &spans);
    for (tokens, actors) in &spans {
        let chosen = choose(a, topic, *tokens, actors, &mut sure);
        let Some(actor) = chosen.first().and_then(|&i| a.lexicon.actors.get(i)) else { continue };
        if is_bare_country(a, *tokens, actor) {
            continue;
        }
        let why = if !stands_alone(a, *tokens, actor) {
            "part of a person's or a place's name"
        } else if is_part_of_other_name(a, *tokens, actor) {
            "part of another name"
        } else if is_generic_body(a, *tokens, actor) {
            "a common noun here"
        } else if !is_supported(a, topic, *tokens, actor, &sure, chosen[0]) {
            "nothing in the text speaks of its country"
        } else {
            ""
        };
        if !why.is_empty() {
            drafts.losses.push(super::NameLoss { tokens: *tokens, actor: chosen[0], why });
            continue;
        }
        let kind = if actor.kind.starts_with("person.") { MentionKind::Person } else { MentionKind::Organisation };
        let mut tokens = *tokens;
        if kind == MentionKind::Person {
            // "Mohammad Yousuf Ahmadi" where the lexicon has the last two.
            while tokens.start > 0
                && is_name_token(a, tokens.start as usize - 1)
                && is_personal_name(a, tokens.start as usize - 1)
                && !drafts.is_taken(tokens.start as usize - 1)
            {
                tokens.start -= 1;
            }
        }
        let mut draft = Draft::new(tokens, kind, Who::Lexicon(chosen.clone()));
        draft.actor_type.clone_from(&actor.kind);
        drafts.name(draft);
    }
}

/// "Police", "Security Forces", "Army": common nouns with a capital; `people` reads them as it reads "police".
fn is_generic_body(a: &Analysis<'_>, tokens: TokenSpan, actor: &Actor) -> bool {
    actor.country.is_none()
        && actor.kind.starts_with("state.")
        && tokens.len() < 3
        && people_term_ending(a, tokens.start as usize, tokens.end as usize).is_some_and(|(words, _, _)| words == tokens)
}

/// Kilometres between the middles of two countries from which on news of one does not use the short forms of the other unexplained.
const ELSEWHERE: f64 = 2_500.0;

/// An acronym of two or three letters stands for many things: its country must be spoken of or be near, or its long name be there.
/// One that is a title as well ("SSP") is the title where a name or title stands beside it.
fn is_supported(a: &Analysis<'_>, topic: &Topic, tokens: TokenSpan, actor: &Actor, sure: &Sure, index: u32) -> bool {
    let i = tokens.start as usize;
    if tokens.len() > 1 || !a.doc.token(i).shape.has(Shape::ALL_CAPS) || a.doc.raw(i).len() > 3 {
        return true;
    }
    if title_at(a, i).is_some()
        && (is_name_token(a, i + 1) || title_at(a, i + 1).is_some() || matches!(a.doc.word(i + 1), ")" | ",") && is_name_token(a, i + 2))
    {
        return false;
    }
    let near =
        actor.country.as_deref().is_none_or(|iso| topic.weight(iso) > 0 || topic.main().is_none_or(|main| countries::distance(a, main, iso) < ELSEWHERE));
    near || sure.named.contains_key(&index)
}

/// Entries of which there is no doubt here, and how much they say of others.
struct Sure {
    /// How often each is named.
    named: BTreeMap<u32, usize>,
    /// Per entry how many of its people are named, as far as it was asked.
    people: BTreeMap<u32, usize>,
}

impl Sure {
    fn of(a: &Analysis<'_>, spans: &[(TokenSpan, Vec<u32>)]) -> Self {
        let mut named = BTreeMap::new();
        for (tokens, actors) in spans {
            if let [actor] = actors[..]
                && (tokens.len() > 1 || a.doc.raw(tokens.start as usize).len() > 4)
            {
                *named.entry(actor).or_default() += 1;
            }
        }
        Self { named, people: BTreeMap::new() }
    }

    /// How often people of an entry are named: "Mullah Dadullah, a Taliban commander".
    fn people_of(&mut self, a: &Analysis<'_>, actor: u32, entry: &Actor) -> usize {
        let of_it = |s: u32| {
            a.lexicon.actors.get(s).is_some_and(|x| x.kind.starts_with("person.") && x.relations.iter().any(|r| r.object.as_deref() == Some(&entry.key)))
        };
        *self.people.entry(actor).or_insert_with(|| self.named.iter().filter(|&(&s, _)| of_it(s)).map(|(_, n)| n).sum())
    }
}

/// Longest spans that do not overlap, from left to right, each with every entry of that name.
fn spans(a: &Analysis<'_>) -> Vec<(TokenSpan, Vec<u32>)> {
    let mut spans: Vec<(TokenSpan, Vec<u32>)> = Vec::new();
    for hit in &a.hits {
        let Entry::Actor(index) = hit.entry else { continue };
        if !is_acronym_here(a, hit.tokens) {
            continue;
        }
        match spans.last_mut() {
            Some((last, actors)) if *last == hit.tokens => {
                if !actors.contains(&index) {
                    actors.push(index);
                }
            }
            Some((last, _)) if last.overlaps(hit.tokens) => {}
            _ => spans.push((hit.tokens, vec![index])),
        }
    }
    spans
}

/// In a text all in capitals "IS", "US", "LET" and "AL" are words.
fn is_acronym_here(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let i = tokens.start as usize;
    // "told us troops had come": a pronoun, unless the whole text is written small.
    if tokens.range().any(|i| a.doc.raw(i) == "us") && a.doc.raw(a.doc.sentences()[a.doc.sentence_of(i)].start as usize).starts_with(char::is_uppercase) {
        return false;
    }
    !(a.doc.all_caps() && tokens.len() == 1 && a.doc.raw(i).len() <= 3 && !a.doc.tag(i).is_proper())
}

/// Whether the words are the country's plain name ("Pakistan"), not "the Pakistani government".
pub(super) fn is_bare_country(a: &Analysis<'_>, tokens: TokenSpan, actor: &Actor) -> bool {
    let government = |w: &str| matches!(w, "government" | "administration" | "authorities" | "state" | "regime" | "govt");
    countries::is_state(a, actor) && !tokens.range().any(|i| government(a.doc.word(i)))
}

/// Words that end the names of streets, schools and clubs: with one of them behind it a group's name is part of another name.
const NAMED_AFTER: &[&str] = &[
    "avenue",
    "bank",
    "bazaar",
    "chowk",
    "club",
    "college",
    "colony",
    "cup",
    "hospital",
    "hotel",
    "lane",
    "market",
    "masjid",
    "mills",
    "mosque",
    "nagar",
    "park",
    "pharmacy",
    "restaurant",
    "road",
    "school",
    "shrine",
    "stadium",
    "street",
    "town",
    "trophy",
    "university",
];

/// "The Taliban Cricket Club", "Jundullah Street", "the al-Badr mosque", "the goddess Isis", "Abu Talib", "Hamas bin Saeed", "Hurriyat means
/// freedom": an armed group's name or an ambiguous one that stands for something else.
fn is_part_of_other_name(a: &Analysis<'_>, tokens: TokenSpan, actor: &Actor) -> bool {
    let (start, next) = (tokens.start as usize, tokens.end as usize);
    let known = |name: &String| name_words(name) == tokens.range().filter(|&i| !hyphen(&a.doc, i)).map(|i| a.doc.token(i).hash).collect::<Vec<_>>();
    let ambiguous = actor.ambiguous.iter().any(known);
    if actor.kind.starts_with("armed.") || ambiguous {
        let mut last = next;
        while is_name_token(a, last) && last < next + 4 {
            last += 1;
        }
        let ends = |i: usize| NAMED_AFTER.contains(&a.doc.word(i));
        // "the al-Shabab football club"
        let head = a.noun_at(start).map_or("", |n| a.doc.word(a.nouns[n].head));
        if last > next && ends(last - 1) || ambiguous && ends(next) || matches!(head, "club" | "cup" | "restaurant" | "street" | "trophy") {
            return true;
        }
    }
    if tokens.len() > 1 || actor.kind.starts_with("person.") {
        return false;
    }
    let before = start.checked_sub(1).map_or("", |i| a.doc.word(i));
    let kin = matches!(before, "abu" | "abi" | "ibn" | "bin" | "umm") || matches!(a.doc.word(next), "bin" | "ibn") && is_name_token(a, next + 1);
    let named_thing = matches!(before, "river" | "lake" | "mount" | "goddess" | "god");
    // "Simi Garewal": an acronym written as a word, with a name behind it.
    let written_out = !a.doc.token(start).shape.has(Shape::ALL_CAPS) && actor.acronyms.iter().any(|n| word_hash(n) == a.doc.token(start).hash);
    let person = written_out && is_name_token(a, next) && a.doc.tag(next).is_proper() && title_at(a, next).is_none();
    // "Glasgow Rangers", "FC Goa": a namesake from somewhere else.
    let of_place = |i: usize| a.place_at(i).is_some_and(|p| a.places[p].country != actor.country);
    let elsewhere = ambiguous && actor.country.is_some() && (of_place(next) || start > 0 && of_place(start - 1));
    kin || named_thing || person || elsewhere || a.doc.word(next) == "means"
}

/// A single word with a name after it is part of a person's name ("Bharat Singh"), unless it is an acronym.
fn stands_alone(a: &Analysis<'_>, tokens: TokenSpan, actor: &Actor) -> bool {
    let i = tokens.start as usize;
    if tokens.len() > 1 || a.doc.token(i).shape.has(Shape::ALL_CAPS) {
        return true;
    }
    let next = tokens.end as usize;
    // "Dawn-e-Karachi"
    if hyphen(&a.doc, next) && super::words::joins_name(a, next) {
        return false;
    }
    // "Khad Kucha area": the start of a place's name.
    let mut run = next;
    while is_name_token(a, run) && run < next + 4 {
        run += 1;
    }
    if run > next && super::person_signs::goes_on_as_place(a, run) {
        return false;
    }
    let named = |j: usize| is_name_token(a, j) && is_personal_name(a, j);
    let ambiguous = actor.ambiguous.iter().any(|n| word_hash(n) == a.doc.token(i).hash);
    !(ambiguous && (named(next) || i > 0 && named(i - 1)))
}

/// The entries of a name in the order of likelihood: other mentions of the same entry in the text, its country among the topics, its
/// dates. "Taliban" in a text about Pakistan alone means the group that the lexicon knows as "Pakistani Taliban".
fn choose(a: &Analysis<'_>, topic: &Topic, tokens: TokenSpan, actors: &[u32], sure: &mut Sure) -> Vec<u32> {
    let mut all = actors.to_vec();
    if tokens.len() == 1 {
        for adopted in of_topic_country(a, topic, tokens) {
            if !all.contains(&adopted) && actors.iter().any(|&x| is_ambiguous(a, x, tokens)) {
                all.push(adopted);
            }
        }
    }
    if all.len() < 2 {
        return all;
    }
    let mut scored: Vec<(i32, usize, u32)> = all.iter().enumerate().map(|(n, &x)| (score(a, topic, x, actors, sure), n, x)).collect();
    scored.sort_by_key(|&(score, n, _)| (-score, n));
    scored.into_iter().map(|(_, _, x)| x).collect()
}

fn score(a: &Analysis<'_>, topic: &Topic, actor: u32, own: &[u32], sure: &mut Sure) -> i32 {
    let Some(entry) = a.lexicon.actors.get(actor) else { return 0 };
    let named = sure.named.get(&actor).copied().unwrap_or(0);
    let country = entry.country.as_deref().map_or(0, |c| topic.weight(c));
    let valid = i32::from(!topic.outside(&entry.valid));
    let is_own = i32::from(own.contains(&actor));
    let people = sure.people_of(a, actor, entry);
    is_own * 2 + named.min(3) as i32 * 4 + people.min(2) as i32 * 4 + country.min(8) * 2 + valid * 6
}

fn is_ambiguous(a: &Analysis<'_>, actor: u32, tokens: TokenSpan) -> bool {
    let hash = a.doc.token(tokens.start as usize).hash;
    a.lexicon.actors.get(actor).is_some_and(|x| x.ambiguous.iter().any(|n| word_hash(n) == hash))
}

/// Entries that are called by this word after the demonym of the text's main country.
fn of_topic_country(a: &Analysis<'_>, topic: &Topic, tokens: TokenSpan) -> Vec<u32> {
    let Some(iso) = topic.main() else { return Vec::new() };
    let word = a.doc.token(tokens.start as usize).hash;
    let demonyms = countries::demonyms(a, iso);
    let mut found = Vec::new();
    for demonym in demonyms {
        for entry in a.lexicon.trie.exact(&[word_hash(demonym), word]) {
            if let Entry::Actor(index) = entry {
                found.push(index);
            }
        }
    }
    found
}
