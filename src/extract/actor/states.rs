//! Countries and capitals that act: "Pakistan is seeking", "talks between Islamabad and the TTP", "US-led".

use super::countries;
use super::draft::{Draft, Drafts, Who};
use super::names::is_bare_country;
use super::words::{Word, hits_at, is_lemma, place_at, title_at};
use crate::extract::Analysis;
use crate::extract::analysis::{MentionKind, VerbForm, Voice};
use crate::lexicon::trie::Entry;
use crate::text::{Document, Shape, Tag, TokenSpan};
use std::collections::BTreeMap;

/// Finds them; returns the places that stand for a government.
pub(super) fn find(a: &Analysis<'_>, drafts: &mut Drafts) -> Vec<usize> {
    let mut metonyms = Vec::new();
    let mut lists = Lists::new();
    let mut i = 0;
    while i < a.doc.len() {
        let found = country_at(a, i, &mut lists).or_else(|| demonym_at(a, i)).or_else(|| metonym_at(a, i));
        // "Federal Socialist Forum Nepal": the end of the name before it.
        let ends_name = || i > 0 && drafts.at(i - 1).is_some_and(|d| drafts.list[d].kind == MentionKind::Organisation && drafts.list[d].tokens.len() > 1);
        let Some((tokens, who)) = found.filter(|(tokens, _)| !drafts.any_taken(*tokens) && !ends_name()) else {
            i += 1;
            continue;
        };
        i = tokens.end as usize;
        let place = place_at(a, tokens.start as usize);
        metonyms.extend(place.filter(|&p| a.places[p].precision != "country"));
        let mut draft = Draft::new(tokens, MentionKind::Organisation, who);
        "state.government".clone_into(&mut draft.actor_type);
        if let Some(d) = tokens.start.checked_sub(1).filter(|&d| a.doc.word(d as usize) == "the") {
            draft.phrase = TokenSpan::new(d as usize, tokens.end as usize);
        }
        drafts.name(draft);
    }
    metonyms
}

/// A country's name at token `i` that acts, is acted upon or owns.
fn country_at(a: &Analysis<'_>, i: usize, lists: &mut Lists) -> Option<(TokenSpan, Who)> {
    let named = hits_at(a, i).find_map(|h| {
        let Entry::Actor(index) = h.entry else { return None };
        let actor = a.lexicon.actors.get(index)?;
        is_bare_country(a, h.tokens, actor).then(|| (h.tokens, Who::Lexicon(vec![index])))
    });
    let (tokens, who) = named.or_else(|| {
        let place = &a.places
            [place_at(a, i).filter(|&p| a.places[p].precision == "country" && a.places[p].gazetteer.is_some() && a.places[p].tokens.start as usize == i)?];
        let iso = place.country.clone()?;
        let who = countries::state(a, &iso).map_or(Who::State(iso), |actor| Who::Lexicon(vec![actor]));
        Some((place.tokens, who))
    })?;
    (!in_dateline(a, tokens) && !is_place_here(a, tokens, lists) && !in_longer_name(a, tokens)).then_some((tokens, who))
}

fn in_dateline(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    a.header.dateline_place.is_some_and(|d| d.overlaps(tokens)) || (tokens.end as usize) <= a.header.body_start
}

/// "Jordan Smith", "China Town": another name token right behind that is no title.
fn in_longer_name(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let next = tokens.end as usize;
    let acronym = a.doc.token(tokens.start as usize).shape.has(Shape::ALL_CAPS);
    !acronym && super::words::is_name_token(a, next) && title_at(a, next).is_none() && hits_at(a, next).next().is_none() && place_at(a, next).is_none()
}

/// Whether the names of a list say where, by each of them that was asked about: a list is walked once, however long it is.
type Lists = BTreeMap<TokenSpan, bool>;

/// Whether a country's name says where: after a preposition of place, or behind a town ("Peshawar, Pakistan"). "in Afghanistan and Iran":
/// what stands before the first of a list goes for all.
fn is_place_here(a: &Analysis<'_>, tokens: TokenSpan, lists: &mut Lists) -> bool {
    let mut walked = Vec::new();
    let mut at = tokens;
    let answer = loop {
        if let Some(&known) = lists.get(&at) {
            break known;
        }
        walked.push(at);
        match place_or_list(a, at) {
            Listed::Alone(answer) => break answer,
            Listed::Behind(before) => at = before,
        }
    };
    lists.extend(walked.into_iter().map(|name| (name, answer)));
    answer
}

/// How a name is put into its sentence.
enum Listed {
    /// Not in a list: whether it says where.
    Alone(bool),
    /// In a list, behind this name.
    Behind(TokenSpan),
}

fn place_or_list(a: &Analysis<'_>, tokens: TokenSpan) -> Listed {
    let doc = &a.doc;
    let mut i = tokens.start as usize;
    while i > 0
        && (matches!(doc.tag(i - 1), Tag::DT | Tag::PDT) || doc.tag(i - 1).is_adjective() || matches!(doc.word(i - 1), "both" | "neighbouring" | "neighboring"))
    {
        i -= 1;
    }
    if i == 0 {
        return Listed::Alone(false);
    }
    let before = doc.word(i - 1);
    // "During the war in Afghanistan, Pakistan faced accusations": the subject behind an opening phrase.
    if before == "," && is_active_subject(a, tokens) {
        return Listed::Alone(false);
    }
    if matches!(before, "and" | "or" | ",") && i >= 2 {
        if let Some(p) = place_at(a, i - 2) {
            let town = a.places[p].precision != "country" && before == ",";
            return if town { Listed::Alone(true) } else { Listed::Behind(a.places[p].tokens) };
        }
        if let Some(name) = country_name_ending(a, i - 1) {
            return Listed::Behind(name);
        }
    }
    Listed::Alone(behind_preposition(doc, before, i))
}

/// Whether the word before token `i` is a preposition that makes what follows a place.
fn behind_preposition(doc: &Document<'_>, before: &str, i: usize) -> bool {
    match before {
        "in" | "at" | "near" | "across" | "throughout" | "inside" | "within" | "into" | "around" | "outside" | "through" | "via" | "over" | "towards"
        | "toward" | "onto" | "amid" => true,
        // "from Pakistan" is a place, "support from Pakistan" mostly not; a movement is what news tells.
        "from" => !matches!(
            doc.lemma(i.wrapping_sub(2)),
            "support"
                | "help"
                | "assistance"
                | "backing"
                | "response"
                | "request"
                | "demand"
                | "pressure"
                | "threat"
                | "independence"
                | "message"
                | "statement"
                | "warning"
                | "aid"
                | "money"
                | "funding"
        ),
        "to" => !matches!(
            doc.lemma(i.wrapping_sub(2)),
            "hand"
                | "give"
                | "offer"
                | "warning"
                | "message"
                | "support"
                | "threat"
                | "loyal"
                | "say"
                | "hostile"
                | "aid"
                | "appeal"
                | "extradite"
                | "according"
                | "close"
                | "important"
                | "letter"
                | "apologize"
                | "apology"
                | "belong"
                | "ally"
        ),
        "of" => !matches!(
            doc.lemma(i.wrapping_sub(2)),
            "government"
                | "support"
                | "ally"
                | "enemy"
                | "help"
                | "assistance"
                | "state"
                | "republic"
                | "accuse"
                | "army"
                | "president"
                | "minister"
                | "ambassador"
                | "suspicious"
                | "critical"
                | "accusation"
                | "behalf"
                | "role"
                | "involvement"
                | "interest"
        ),
        _ => false,
    }
}

/// Whether the name is the subject of the active verb right behind it.
fn is_active_subject(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let sentence = a.doc.sentences().get(a.doc.sentence_of(tokens.start as usize)).copied().unwrap_or_default();
    let fronted = a.doc.tag(sentence.start as usize) == Tag::IN;
    let verb = a.verb_at(tokens.end as usize).map(|v| &a.verbs[v]);
    fronted
        && verb
            .is_some_and(|v| v.voice == Voice::Active && v.tokens.start == tokens.end && matches!(v.form, VerbForm::Past | VerbForm::Present | VerbForm::Modal))
}

fn country_name_ending(a: &Analysis<'_>, end: usize) -> Option<TokenSpan> {
    let from = a.hits.partition_point(|h| (h.tokens.end as usize) + 6 < end);
    let state = |entry: Entry| matches!(entry, Entry::Actor(x) if a.lexicon.actors.get(x).is_some_and(|x| countries::is_state(a, x)));
    a.hits[from..].iter().take_while(|h| (h.tokens.start as usize) < end).find(|h| h.tokens.end as usize == end && state(h.entry)).map(|h| h.tokens)
}

/// A demonym before an office ("Afghan Foreign Minister"): the state has the office.
fn demonym_at(a: &Analysis<'_>, i: usize) -> Option<(TokenSpan, Who)> {
    let (tokens, iso) = hits_at(a, i).find_map(|h| match h.entry {
        Entry::Demonym(index) => countries::of_demonym(a, index).map(|iso| (h.tokens, iso)),
        _ => None,
    })?;
    let (_, title) = title_at(a, tokens.end as usize)?;
    let capital = a.doc.token(tokens.end as usize).shape.has(Shape::CAPITAL) || a.doc.token(tokens.end as usize + 1).shape.has(Shape::CAPITAL);
    let who = countries::state(a, &iso).map_or(Who::State(iso), |actor| Who::Lexicon(vec![actor]));
    (title.class == "office" && capital).then_some((tokens, who))
}

/// A capital or seat that acts.
fn metonym_at(a: &Analysis<'_>, i: usize) -> Option<(TokenSpan, Who)> {
    if !a.doc.token(i).shape.has(Shape::CAPITAL) {
        return None;
    }
    let two = [a.doc.token(i).hash, a.doc.token(i + 1).hash];
    let (actors, n) = [(a.lexicon.actors.metonym(&two), 2), (a.lexicon.actors.metonym(&two[..1]), 1)].into_iter().find(|(actors, _)| !actors.is_empty())?;
    let tokens = TokenSpan::new(i, i + n);
    (!in_dateline(a, tokens) && acts(a, tokens)).then(|| (tokens, Who::Lexicon(actors.to_vec())))
}

/// Whether the name is the subject of something that only governments and groups do, is told or asked something, or is party to talks.
fn acts(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let last = tokens.end as usize - 1;
    let Some(noun) = a.noun_at(last).filter(|&n| a.nouns[n].head == last) else { return false };
    // "Kabul police", "Islamabad court" are other groups; "Kabul, the capital" is a place.
    let start = a.nouns[noun].tokens.start as usize;
    if start != tokens.start as usize && !(start + 1 == tokens.start as usize && a.doc.word(start) == "the") {
        return false;
    }
    let subject = a.clauses_beside(noun).find(|c| c.subject.contains(&noun)).is_some_and(|c| {
        let verb = &a.verbs[c.verb];
        verb.voice == Voice::Active && (is_lemma(a, verb.head, Word::Acting) || is_diplomacy(a, verb.tokens.end as usize))
    });
    let last = last + 1;
    if a.doc.tag(last) == Tag::POS && (last + 1..last + 4).any(|i| is_lemma(a, i, Word::Policy)) {
        return true;
    }
    let object = a.clauses_beside(noun).find(|c| c.object.contains(&noun)).is_some_and(|c| is_lemma(a, a.verbs[c.verb].head, Word::Addressed));
    subject || object || party(a, start)
}

/// "broke off relations", "kept silent", "stayed aloof": what a town does not do.
fn is_diplomacy(a: &Analysis<'_>, from: usize) -> bool {
    const NEAR: usize = 3;
    (from..from + NEAR).any(|i| matches!(a.doc.word(i), "relations" | "ties" | "silent" | "mum" | "aloof" | "neutral"))
}

/// "talks between Islamabad and the TTP", "pressure on Kabul", "relations with Tehran".
fn party(a: &Analysis<'_>, start: usize) -> bool {
    let doc = &a.doc;
    let mut i = start;
    // Back over the first party: "between Islamabad and Kabul".
    if i >= 2 && doc.word(i - 1) == "and" {
        i -= 2;
        while i > 0 && (doc.tag(i).is_noun() || doc.tag(i) == Tag::DT) && doc.word(i - 1) != "between" {
            i -= 1;
        }
        if i > 0 && doc.word(i - 1) == "between" {
            return i >= 2 && is_lemma(a, i - 2, Word::Talks);
        }
        return false;
    }
    i >= 2
        && matches!(doc.word(i - 1), "between" | "with" | "on" | "by" | "against")
        && (is_lemma(a, i - 2, Word::Talks) || doc.word(i - 1) == "by" && matches!(doc.tag(i - 2), Tag::VBN | Tag::VBD) && is_lemma(a, i - 2, Word::Acting))
}
