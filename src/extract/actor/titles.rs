//! Titles, offices and roles around a name: before it ("Afghan Foreign Minister", "schoolgirl"), behind it (", a spokesman for the group,").

use super::words::{hits_at, hyphen, term_of, title_at};
use crate::extract::Analysis;
use crate::lexicon::terms::{Term, TermKind};
use crate::lexicon::trie::Entry;
use crate::text::{Shape, Tag, TokenSpan};

/// What stands before a name.
#[derive(Clone, Debug, Default)]
pub(super) struct Before {
    /// First token of the whole phrase: demonym, organisation and titles.
    pub start: usize,
    /// Titles as the text has them, in order; one that goes on with "to" is one ("Special Assistant to Prime Minister").
    pub titles: Vec<TokenSpan>,
    /// First token of the organisation, state or place that they belong to.
    pub owner: Option<usize>,
    /// Strongest class of the titles: office, rank, role, religious, honorific, occupation, people.
    pub class: &'static str,
    /// Actor type of a word for people among them ("schoolgirl").
    pub actor_type: String,
}

/// Titles that end right before token `end`.
pub(super) fn before(a: &Analysis<'_>, end: usize) -> Option<Before> {
    let floor = a.doc.sentences().get(a.doc.sentence_of(end)).map_or(0, |s| s.start as usize);
    // "Deputy Inspector General (DIG) Fayyaz Sumbal"
    let bracket = end >= floor + 4 && a.doc.word(end - 1) == ")" && a.doc.word(end - 3) == "(" && a.doc.token(end - 2).shape.has(Shape::ALL_CAPS);
    let end = if bracket { end - 3 } else { end };
    let mut this = Before { start: end, class: "people", ..Before::default() };
    while let Some((tokens, term)) = ending(a, this.start, floor) {
        let start = tokens.start as usize;
        // "to Prime Minister X": the one before "to" is the title, the other its object.
        let chained =
            start.checked_sub(1).filter(|&p| p > floor && matches!(a.doc.word(p), "to" | "of")).and_then(|p| ending(a, p, floor).map(|found| (p, found)));
        match chained {
            Some((p, (outer, _)))
                if capital(a, outer) && capital(a, tokens) && !determined(a, outer.start as usize) && (a.doc.word(p) == "to" || !office(term)) =>
            {
                this.titles.insert(0, TokenSpan::new(outer.start as usize, tokens.end as usize));
                this.start = outer.start as usize;
            }
            _ => {
                this.titles.insert(0, tokens);
                this.start = start;
            }
        }
        this.class = stronger(this.class, term);
        if this.actor_type.is_empty() {
            this.actor_type = people_type(a, tokens);
        }
    }
    if this.titles.is_empty() {
        return None;
    }
    owner(a, &mut this, floor);
    Some(this)
}

/// The longest title or word for people that ends before token `end`.
fn ending<'l>(a: &Analysis<'l>, end: usize, floor: usize) -> Option<(TokenSpan, &'l Term)> {
    (end.saturating_sub(7).max(floor)..end).find_map(|i| {
        hits_at(a, i).filter(|h| h.tokens.end as usize == end).find_map(|h| {
            let term = term_of(a, h.entry)?;
            let title = term.kind == TermKind::Title && title_at(a, i).is_some_and(|(t, _)| t == h.tokens);
            let verb = a.doc.tag(end - 1).is_verb() || a.doc.tag(end - 1) == Tag::MD;
            if verb && !capital(a, h.tokens) {
                return None;
            }
            let people = term.kind == TermKind::People && !term.collective && term.class != "sect" && !is_plural(a, end - 1, term);
            (title || people).then_some((h.tokens, term))
        })
    })
}

/// Whether a title or word for one person ends right before token `end`.
pub(super) fn role_ending(a: &Analysis<'_>, end: usize) -> bool {
    let floor = a.doc.sentences().get(a.doc.sentence_of(end)).map_or(0, |s| s.start as usize);
    ending(a, end, floor).is_some_and(|(tokens, _)| !matches!(a.doc.tag(tokens.end as usize - 1), Tag::NNS | Tag::NNPS))
}

/// "policemen Ali Khan and Gul" is no title of one man; plural forms do not end terms of titles.
fn is_plural(a: &Analysis<'_>, last: usize, term: &Term) -> bool {
    let singular = term.term.rsplit([' ', '-']).next().unwrap_or("");
    !a.doc.word(last).eq_ignore_ascii_case(singular) && a.doc.tag(last) == Tag::NNS
}

fn capital(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    a.doc.token(tokens.start as usize).shape.has(Shape::CAPITAL)
}

fn determined(a: &Analysis<'_>, i: usize) -> bool {
    i > 0 && a.doc.tag(i - 1) == Tag::DT
}

fn office(term: &Term) -> bool {
    matches!(term.class.as_str(), "office" | "role")
}

fn stronger(known: &'static str, term: &Term) -> &'static str {
    const ORDER: [&str; 7] = ["office", "rank", "role", "religious", "occupation", "people", "honorific"];
    let class = if term.kind == TermKind::People { "people" } else { term.class.as_str() };
    let place = |c: &str| ORDER.iter().position(|o| *o == c).unwrap_or(ORDER.len());
    if known == "people" && class == "honorific" {
        return "honorific";
    }
    ORDER.iter().find(|o| **o == class).filter(|_| place(class) < place(known) || known == "honorific").copied().unwrap_or(known)
}

/// Takes in what stands before the titles: "Afghan", "Taliban", "Punjab", "the group's", "former", "senior".
fn owner(a: &Analysis<'_>, this: &mut Before, floor: usize) {
    let mut at = this.start;
    while at > floor {
        let b = at - 1;
        let modifier = matches!(
            a.doc.word(b),
            "former"
                | "senior"
                | "then"
                | "ex"
                | "acting"
                | "late"
                | "top"
                | "chief"
                | "deputy"
                | "current"
                | "new"
                | "outgoing"
                | "slain"
                | "local"
                | "-"
                | "prominent"
        );
        let ends_here = |h: &&crate::lexicon::Hit| h.tokens.end as usize == at && matches!(h.entry, Entry::Actor(_) | Entry::Demonym(_));
        let hit = (at.saturating_sub(7).max(floor)..at).find_map(|i| hits_at(a, i).find(ends_here));
        if let Some(hit) = hit {
            this.owner.get_or_insert(hit.tokens.start as usize);
            at = hit.tokens.start as usize;
        } else if let Some(p) = super::words::place_at(a, b) {
            this.owner.get_or_insert(a.places[p].tokens.start as usize);
            at = a.places[p].tokens.start as usize;
        } else if a.doc.word(b) == ")" && b > floor + 2 && a.doc.word(b - 2) == "(" && a.doc.token(b - 1).shape.has(Shape::ALL_CAPS) {
            // "Nepali Congress (NC) leader": over the short form to the name
            at = b - 2;
        } else if modifier || matches!(a.doc.tag(b), Tag::JJ | Tag::VBN) && !a.doc.token(b).shape.has(Shape::CAPITAL) || a.doc.tag(b) == Tag::POS && b > floor {
            at = b;
        } else {
            break;
        }
        this.start = at;
    }
    while this.start > floor && matches!(a.doc.tag(this.start - 1), Tag::DT) {
        this.start -= 1;
    }
}

/// What stands behind a name.
#[derive(Clone, Debug, Default)]
pub(super) struct Behind {
    /// One past the apposition.
    pub end: usize,
    /// Its title or role, with what belongs to it ("spokesman for the group").
    pub title: Option<TokenSpan>,
    /// First token of the organisation that it names.
    pub owner: Option<usize>,
    /// Class of the title.
    pub class: &'static str,
    /// Actor type of a word for people in it.
    pub actor_type: String,
}

/// An apposition behind a name that ends before token `end`: an age (", 34,", "(34)"), a role (", a spokesman for the group,").
pub(super) fn behind(a: &Analysis<'_>, end: usize) -> Option<Behind> {
    let doc = &a.doc;
    let opens = matches!(doc.word(end), "," | "(" | "[");
    if !opens {
        return None;
    }
    let mut at = end + 1;
    if is_age(a, at) {
        return Some(Behind { end: at + 1, class: "people", ..Behind::default() });
    }
    if doc.word(at) == "aged" && doc.tag(at + 1) == Tag::CD {
        return Some(Behind { end: at + 2, class: "people", ..Behind::default() });
    }
    // Determiners, modifiers and an owner may stand before the role.
    let limit = at + 8;
    let mut owner = None;
    while at < limit && at < doc.len() {
        if let Some((tokens, class, actor_type)) = role_at(a, at) {
            let mut role_end = tokens.end as usize;
            // "Bhutto, former President Musharraf": the title of the next in a list.
            if title_at(a, role_end).is_some() || super::words::is_name_token(a, role_end) {
                return None;
            }
            if matches!(doc.word(role_end), "of" | "for" | "to" | "in" | "at" | "with") {
                let from = role_end + 1 + usize::from(doc.tag(role_end + 1) == Tag::DT);
                owner = owner
                    .or_else(|| hits_at(a, from).find(|h| matches!(h.entry, Entry::Actor(_) | Entry::Demonym(_))).map(|h| h.tokens.start as usize))
                    .or(Some(from));
                role_end = phrase_end(a, from);
            }
            return Some(Behind { end: role_end, title: Some(TokenSpan::new(tokens.start as usize, role_end)), owner, class, actor_type });
        }
        if let Some(hit) = hits_at(a, at).find(|h| matches!(h.entry, Entry::Actor(_) | Entry::Demonym(_))) {
            owner = Some(hit.tokens.start as usize);
            at = hit.tokens.end as usize;
            continue;
        }
        if doc.word(at) == "who" {
            at = past_copula(a, at + 1).unwrap_or(at + 1);
            continue;
        }
        let skips =
            matches!(doc.tag(at), Tag::DT | Tag::JJ | Tag::JJS | Tag::PRPS | Tag::POS | Tag::NN | Tag::NNP | Tag::RB | Tag::Hyphen | Tag::CD | Tag::VBN)
                || doc.word(at) == "former";
        if !skips {
            return None;
        }
        at += 1;
    }
    None
}

/// One past "was", "has been", "had served as" at token `i`: what follows in "X, who was interior minister" is X's office.
fn past_copula(a: &Analysis<'_>, i: usize) -> Option<usize> {
    let verb = i + usize::from(matches!(a.doc.word(i), "has" | "had"));
    let past = matches!(a.doc.tag(verb), Tag::VBD | Tag::VBZ | Tag::VBN);
    match a.doc.lemma(verb) {
        "be" | "become" if past => Some(verb + 1),
        "serve" | "work" | "act" if past && a.doc.word(verb + 1) == "as" => Some(verb + 2),
        _ => None,
    }
}

/// A number that can be an age, with the clause's mark behind it.
fn is_age(a: &Analysis<'_>, i: usize) -> bool {
    let word = a.doc.word(i);
    let number = word.len() <= 2 && word.parse::<u8>().is_ok_and(|n| n >= 5);
    number && (matches!(a.doc.word(i + 1), "," | ")" | "]" | "." | ";" | "and"))
}

fn role_at(a: &Analysis<'_>, i: usize) -> Option<(TokenSpan, &'static str, String)> {
    // One person, and the head of its noun group: "local" in "a local secretary" is none.
    let one = |tokens: TokenSpan| {
        let last = tokens.end as usize - 1;
        !matches!(a.doc.tag(last), Tag::NNS | Tag::NNPS) && a.noun_at(last).is_none_or(|n| a.nouns[n].head <= last)
    };
    let from_title = title_at(a, i).filter(|(tokens, _)| one(*tokens)).map(|(tokens, term)| (tokens, stronger("people", term), people_type(a, tokens)));
    let from_people = || {
        hits_at(a, i).find_map(|h| {
            let term = term_of(a, h.entry).filter(|t| t.kind == TermKind::People && !t.collective && one(h.tokens))?;
            Some((h.tokens, "people", term.actor_type.clone()))
        })
    };
    from_title.or_else(from_people)
}

/// Actor type of the word for people that the same tokens are ("aid worker"); a suspect is not yet a militant.
fn people_type(a: &Analysis<'_>, tokens: TokenSpan) -> String {
    let term = hits_at(a, tokens.start as usize).filter(|h| h.tokens == tokens).find_map(|h| term_of(a, h.entry).filter(|t| t.kind == TermKind::People));
    term.filter(|t| t.term != "suspect" && t.class != "speaker").map_or(String::new(), |t| t.actor_type.clone())
}

/// One past a short noun phrase: up to the next comma, verb or preposition.
fn phrase_end(a: &Analysis<'_>, from: usize) -> usize {
    let mut at = from;
    while at < from + 8
        && at < a.doc.len()
        && (a.doc.tag(at).is_noun()
            || a.doc.tag(at).is_adjective()
            || matches!(a.doc.tag(at), Tag::POS | Tag::Hyphen | Tag::DT | Tag::VBN)
            || hyphen(&a.doc, at)
            || matches!(a.doc.word(at), "al" | "ul" | "e" | "i")
            || a.doc.word(at) == "of")
    {
        at += 1;
    }
    while at > from && a.doc.word(at - 1) == "of" {
        at -= 1;
    }
    at
}
