//! Persons by the form of their names and what stands around them.

use super::draft::{Belongs, Draft, Drafts, Who};
use super::person_signs::{goes_on, is_local_honorific, is_person, is_site, preposition_before};
use super::titles::{self, Before, Behind};
use super::words::{hits_at, hyphen, is_date, is_initial, is_name_token, is_personal_name, joins_name, place_at, term_of, title_at};
use crate::extract::Analysis;
use crate::extract::analysis::MentionKind;
use crate::lexicon::terms::TermKind;
use crate::lexicon::trie::Entry;
use crate::text::{Shape, Tag, TokenSpan};
use std::collections::BTreeSet;

/// Longest name in tokens.
const MAX_NAME: usize = 9;

/// So many further names of one person are read behind "alias"; nobody is given more in one go.
const MAX_ALIASES: usize = 8;

/// Finds persons; gives titles to those whom the lexicon knows as well.
pub(super) fn find(a: &Analysis<'_>, drafts: &mut Drafts) {
    for n in (0..drafts.list.len()).filter(|&n| drafts.list[n].kind == MentionKind::Person).collect::<Vec<_>>() {
        undress(a, drafts, n);
        let draft = &mut drafts.list[n];
        dress(a, draft, titles::before(a, draft.tokens.start as usize), titles::behind(a, draft.tokens.end as usize));
    }
    let mut i = 0;
    while i < a.doc.len() && !a.is_stopped() {
        match person_at(a, drafts, i) {
            Some(draft) => {
                i = draft.tokens.end as usize;
                drafts.name(draft);
            }
            None => i += 1,
        }
    }
    listed(a, drafts);
    again(a, drafts);
}

/// Takes titles that the lexicon has in a name out of it ("General Raheel Sharif").
fn undress(a: &Analysis<'_>, drafts: &mut Drafts, n: usize) {
    let end = drafts.list[n].tokens.end as usize;
    while let Some((title, _)) =
        title_at(a, drafts.list[n].tokens.start as usize).filter(|(t, term)| (t.end as usize) < end && matches!(term.class.as_str(), "office" | "rank"))
    {
        drafts.cut(n, title.end as usize);
    }
}

/// A person whose name starts at token `i`.
fn person_at(a: &Analysis<'_>, drafts: &Drafts, i: usize) -> Option<Draft> {
    if drafts.is_taken(i) || !begins(a, i) {
        return None;
    }
    // "IMRAN KHAN CONDEMNED": what is part of a name already is no title.
    let before =
        titles::before(a, i).filter(|b| !b.titles.iter().any(|t| t.range().any(|i| drafts.at(i).is_some_and(|d| drafts.list[d].kind == MentionKind::Person))));
    let end = name_end(a, drafts, i);
    if end <= i {
        return None;
    }
    let tokens = TokenSpan::new(i, end);
    let behind = titles::behind(a, end);
    if !is_person(a, tokens, before.as_ref(), behind.as_ref()) {
        return None;
    }
    let mut draft = Draft::new(tokens, MentionKind::Person, Who::Name);
    if before.as_ref().is_none_or(|b| b.titles.is_empty()) && a.doc.all_caps() {
        return None;
    }
    dress(a, &mut draft, before, behind);
    Some(draft)
}

/// Whether a name can begin here: a capital that is no title, demonym, organisation or date, and no name token right before.
fn begins(a: &Analysis<'_>, i: usize) -> bool {
    if !(is_name_token(a, i) || is_name_token(a, i + 1) && is_initial(&a.doc, i)) {
        return false;
    }
    let honorific = hits_at(a, i).any(|h| term_of(a, h.entry).is_some_and(|t| t.kind == TermKind::Title && is_local_honorific(&t.class, &t.term)));
    // Inside "Sri Lankan", "Political Agent".
    let inside = (i.saturating_sub(4)..i).any(|j| {
        let title = || title_at(a, j).is_some_and(|(tokens, _)| tokens.has(i));
        title() || hits_at(a, j).any(|h| h.tokens.has(i) && matches!(h.entry, Entry::Demonym(_)))
    });
    let known = inside
        || hits_at(a, i).any(|h| match h.entry {
            Entry::Demonym(_) => true,
            Entry::Term(t) if honorific => a.lexicon.terms.get(t).is_some_and(|t| t.kind == TermKind::Title && !is_local_honorific(&t.class, &t.term)),
            Entry::Term(t) => {
                a.lexicon.terms.get(t).is_some_and(|t| !(matches!(t.kind, TermKind::Site | TermKind::Weapon) || is_local_honorific(t.class.as_str(), &t.term)))
            }
            Entry::Actor(_) => a.doc.token(i).shape.has(Shape::ALL_CAPS) || is_initial(&a.doc, i),
        });
    let abbreviation = a.doc.raw(i).ends_with('.') && !is_initial(&a.doc, i);
    // "Noor" may be a term as well; a personal name between titles and names is a name.
    !abbreviation && (!known || is_personal_name(a, i) && title_at(a, i).is_none())
}

/// One past the last token of the name that begins at `i`, with the other names that "alias" joins to it.
fn name_end(a: &Analysis<'_>, drafts: &Drafts, i: usize) -> usize {
    let mut end = one_name_end(a, drafts, i);
    for _ in 0..MAX_ALIASES {
        if !(matches!(a.doc.word(end), "alias" | "aka" | "a.k.a." | "@") && is_name_token(a, end + 1)) {
            break;
        }
        let more = one_name_end(a, drafts, end + 1);
        if more <= end + 1 {
            break;
        }
        end = more;
    }
    end
}

fn one_name_end(a: &Analysis<'_>, drafts: &Drafts, i: usize) -> usize {
    let mut at = i;
    while at < i + MAX_NAME && !drafts.is_taken(at) {
        let initial = is_initial(&a.doc, at) && a.doc.token(at).shape.has(Shape::CAPITAL);
        if at > i && is_name_token(a, at) && ends_name(a, i, at) {
            break;
        }
        if !(is_name_token(a, at) || initial || at > i && joins_name(a, at)) {
            // "S. R. Rao" where the stop is a token of its own.
            if !(a.doc.word(at) == "."
                && at > i
                && is_initial(&a.doc, at - 1)
                && is_name_token(a, at + 1)
                && !a.doc.token(at - 1).shape.has(Shape::SPACE_AFTER))
            {
                break;
            }
        }
        at += 1;
    }
    while at > i && (hyphen(&a.doc, at - 1) || !a.doc.token(at - 1).shape.has(Shape::CAPITAL) && a.doc.word(at - 1) != "." || a.doc.word(at - 1) == ".") {
        at -= 1;
    }
    at
}

/// Whether the capitalised token `at` starts something else behind the name: a title, an office, an organisation's word.
fn ends_name(a: &Analysis<'_>, start: usize, at: usize) -> bool {
    if is_personal_name(a, at) {
        return false;
    }
    // "Perry Capital CEO Richard": no name has capitals throughout inside.
    let shouted = |i: usize| a.doc.token(i).shape.has(Shape::ALL_CAPS) && a.doc.raw(i).len() > 1 && !is_initial(&a.doc, i);
    if shouted(at) != shouted(start) {
        return true;
    }
    // "Ali Mohammad Naik": a short rank that ends the run is a name.
    let title = title_at(a, at).is_some_and(|(tokens, t)| {
        matches!(t.class.as_str(), "office" | "role") || t.class == "rank" && (tokens.len() > 1 || is_name_token(a, tokens.end as usize))
    });
    let demonym = hits_at(a, at).any(|h| matches!(h.entry, Entry::Demonym(_)));
    // Two sentences whose stop is missing: "… Ali Khan The police".
    let head = a.lexicon.organisations.last(a.doc.token(at).hash).is_some();
    title || demonym || head && at > start || place_at(a, at).is_some_and(|p| a.places[p].precision == "country")
}

/// Names in a list with a person: "Noor Khan, Gul Daraz and Saleem".
fn listed(a: &Analysis<'_>, drafts: &mut Drafts) {
    let mut n = 0;
    while n < drafts.list.len() {
        let (kind, end) = (drafts.list[n].kind, drafts.list[n].tokens.end as usize);
        n += 1;
        if kind != MentionKind::Person {
            continue;
        }
        let mut at = end;
        // An age between: "Noor Khan (34), Gul Daraz (20)".
        if let Some(behind) = titles::behind(a, at).filter(|b| b.title.is_none()) {
            at = behind.end + usize::from(matches!(a.doc.word(behind.end), ")" | "]"));
        }
        at += usize::from(a.doc.word(at) == ",");
        at += usize::from(matches!(a.doc.word(at), "and" | "&"));
        if at == end || drafts.is_taken(at) || !begins(a, at) || title_at(a, at).is_some() {
            continue;
        }
        let to = name_end(a, drafts, at);
        let tokens = TokenSpan::new(at, to);
        let names = tokens.range().filter(|&i| is_name_token(a, i)).count();
        let personal = tokens.range().any(|i| is_personal_name(a, i));
        let place = tokens.range().any(|i| place_at(a, i).is_some());
        let again = matches!(a.doc.word(to), "," | "and" | "(" | "." | "&");
        if to > at && (names >= 2 || personal) && again && (personal || !place) && !(is_site(a, tokens) || goes_on(a, to)) {
            let mut draft = Draft::new(tokens, MentionKind::Person, Who::Name);
            dress(a, &mut draft, None, titles::behind(a, to));
            drafts.name(draft);
        }
    }
}

/// Single names of persons who were named in full elsewhere in the text ("Muttaqi").
fn again(a: &Analysis<'_>, drafts: &mut Drafts) {
    let mut known: Vec<u64> = Vec::new();
    for draft in drafts.list.iter().filter(|d| d.kind == MentionKind::Person && d.tokens.len() > 1) {
        let first = draft.tokens.start as usize;
        let is_title = |i: usize| title_at(a, i).is_some_and(|(_, term)| i == first || !matches!(term.class.as_str(), "honorific" | "religious"));
        known.extend(draft.tokens.range().filter(|&i| a.doc.raw(i).len() > 2 && is_name_token(a, i) && !is_title(i)).map(|i| a.doc.token(i).hash));
    }
    known.sort_unstable();
    let people = drafts.list.iter().filter(|d| d.kind == MentionKind::Person && d.tokens.len() > 1);
    let last_names: BTreeSet<u64> = people.map(|d| a.doc.token(d.tokens.end as usize - 1).hash).collect();
    // "Ito, who was 31, …": a town of that name is not meant where no preposition of place stands before.
    let is_place = |i: usize| place_at(a, i).is_some() && (!last_names.contains(&a.doc.token(i).hash) || preposition_before(a, i));
    let mut i = 0;
    while i < a.doc.len() {
        // A name known from elsewhere in the text needs no tag, only its capital.
        let shape = |j: usize| a.doc.token(j).shape;
        let capital = |j: usize| {
            shape(j).has(Shape::CAPITAL)
                && !is_date(a, j)
                && !(shape(j).has(Shape::SENTENCE_START) && matches!(a.doc.tag(j), Tag::DT | Tag::IN | Tag::PRP | Tag::CC))
        };
        let fits = |j: usize| !drafts.is_taken(j) && capital(j) && known.binary_search(&a.doc.token(j).hash).is_ok();
        let mut end = i;
        while fits(end) {
            end += 1;
        }
        let goes_on_before = || i > 0 && is_name_token(a, i - 1) && !drafts.is_taken(i - 1);
        let alone = end > i && !is_name_token(a, end) && !goes_on_before() && !is_place(i);
        if alone && !goes_on(a, end) {
            let mut draft = Draft::new(TokenSpan::new(i, end), MentionKind::Person, Who::Name);
            dress(a, &mut draft, titles::before(a, i), titles::behind(a, end));
            drafts.name(draft);
        }
        i = end.max(i + 1);
    }
}

/// Gives a person its titles, phrase and owner.
fn dress(a: &Analysis<'_>, draft: &mut Draft, before: Option<Before>, behind: Option<Behind>) {
    if let Some(before) = before {
        draft.phrase = TokenSpan::new(before.start, draft.tokens.end as usize);
        draft.belongs = before.owner.map(Belongs::To);
        draft.titles.extend(before.titles.iter().map(|&t| a.doc.text(t).to_owned()));
        if draft.actor_type.is_empty() {
            draft.actor_type = actor_type(before.class, &before.actor_type);
        }
        // "Mullah Dadullah", "Qari Bilal": the honorific is part of the name.
        if let Some(&last) = before.titles.last() {
            let local = hits_at(a, last.start as usize)
                .any(|h| h.tokens == last && term_of(a, h.entry).is_some_and(|t| t.kind == TermKind::Title && is_local_honorific(&t.class, &t.term)));
            let lone_doctor = draft.tokens.len() == 1 && matches!(a.doc.word(last.start as usize), "dr" | "dr.");
            if draft.who == Who::Name && (local || lone_doctor) && last.len() == 1 {
                draft.tokens = TokenSpan::new(last.start as usize, draft.tokens.end as usize);
                draft.titles.pop();
            }
        }
    }
    if let Some(behind) = behind
        && let Some(title) = behind.title
    {
        draft.titles.push(a.doc.text(title).to_owned());
        draft.apposition = TokenSpan::new(draft.tokens.end as usize, behind.end);
        draft.belongs = draft.belongs.or(behind.owner.map(Belongs::To));
        if draft.actor_type.is_empty() {
            draft.actor_type = actor_type(behind.class, &behind.actor_type);
        }
    }
}

/// Actor type that a title suggests; empty where it says nothing.
pub(super) fn actor_type(class: &str, people: &str) -> String {
    match (class, people) {
        ("office" | "rank", _) => "person.official".to_owned(),
        ("people" | "occupation" | "role" | "religious", t) if t.starts_with("people.") => t.to_owned(),
        ("people" | "occupation" | "role", t) if t.starts_with("state.") => "person.official".to_owned(),
        ("people" | "occupation" | "role", t) if t.starts_with("armed.") => "person.militant".to_owned(),
        _ => String::new(),
    }
}
