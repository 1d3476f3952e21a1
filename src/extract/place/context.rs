//! Whether a name is a place where it stands: what goes before, what comes after.

use super::find::Scene;
use super::{Evidence, Name};
use crate::lexicon::gazetteer::{PlaceKind, PlaceWord, Trust};
use crate::lexicon::trie::Entry;
use crate::text::{Document, Shape, Tag, TokenSpan};

/// What the surroundings say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A place, as sure as the evidence.
    Keep(Evidence),
    /// Part of another name that tells the country all the same ("Pakistan Army").
    VoteOnly,
    /// No place.
    Reject,
}

/// How well known the best candidate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Small,
    Town,
    Big,
    Division,
    Country,
}

/// Judges a name by its surroundings.
pub(super) fn judge(scene: &Scene<'_, '_>, name: &Name) -> Verdict {
    let standing = standing(scene, name);
    if let Some(verdict) = inside_actor(scene, name, standing) {
        return verdict;
    }
    let loud = scene.is_loud(name.core.start as usize);
    if loud {
        return judge_loud(scene, name, standing);
    }
    match after(scene, name, standing).or_else(|| before(scene, name, standing)) {
        Some(verdict) => verdict,
        None => by_trust(scene, name),
    }
}

fn standing(scene: &Scene<'_, '_>, name: &Name) -> Standing {
    let gazetteer = &scene.a.lexicon.gazetteer;
    // "Laurel County", "Swat Valley" say themselves what they are.
    if name.core.len() > 1 && gazetteer.word(&scene.a.doc, name.core.end as usize - 1).names_kind() {
        return Standing::Division;
    }
    let places = name.candidates.iter().filter_map(|c| gazetteer.place(c.id));
    places.map(|p| standing_of(p.kind, p.population)).max().unwrap_or(Standing::Small)
}

fn standing_of(kind: PlaceKind, population: u32) -> Standing {
    match kind {
        PlaceKind::Country => Standing::Country,
        PlaceKind::Province | PlaceKind::Area | PlaceKind::Sea | PlaceKind::Border => Standing::Division,
        PlaceKind::Capital | PlaceKind::Seat => Standing::Big,
        PlaceKind::Town if population >= 100_000 => Standing::Big,
        PlaceKind::Town if population >= 15_000 => Standing::Town,
        PlaceKind::District | PlaceKind::Agency | PlaceKind::Valley | PlaceKind::Locality => Standing::Town,
        PlaceKind::Town => Standing::Small,
    }
}

/// Part of the name of a known actor ("Tehreek-i-Taliban Pakistan"), or one that is itself the name of a newspaper or group.
fn inside_actor(scene: &Scene<'_, '_>, name: &Name, standing: Standing) -> Option<Verdict> {
    let (span, index) = scene.actor_over(name.core)?;
    if span != name.core && !name.core.contains(span) {
        return Some(if standing >= Standing::Big && name.trust == Trust::Plain { Verdict::VoteOnly } else { Verdict::Reject });
    }
    let actor = scene.a.lexicon.actors.get(index)?;
    (span == name.core && !actor.kind.starts_with("state.") && standing < Standing::Big).then_some(Verdict::Reject)
}

/// Headlines: no capital can be asked for, so only well-known names and those behind "in" are taken.
fn judge_loud(scene: &Scene<'_, '_>, name: &Name, standing: Standing) -> Verdict {
    let behind_locative = before_is(scene, name, PlaceWord::LOCATIVE);
    match name.trust {
        _ if scene.container_follows(name) => Verdict::Keep(Evidence::Strong),
        Trust::Plain | Trust::AlsoPerson if standing >= Standing::Big => Verdict::Keep(if behind_locative { Evidence::Strong } else { Evidence::Some }),
        Trust::Plain if name.core.len() > 1 || behind_locative => Verdict::Keep(Evidence::Some),
        _ => Verdict::Reject,
    }
}

/// What the words behind the name say against it; `None`: nothing.
fn after(scene: &Scene<'_, '_>, name: &Name, standing: Standing) -> Option<Verdict> {
    let (doc, gazetteer) = (&scene.a.doc, &scene.a.lexicon.gazetteer);
    let next = name.core.end as usize;
    let reject_unless = |fine: bool| (!fine).then_some(Verdict::Reject);
    if next >= doc.len() || doc.sentence_of(next) != doc.sentence_of(next - 1) {
        return None;
    }
    if doc.tag(next) == Tag::Hyphen && !doc.token(next).shape.has(Shape::SPACE_AFTER) && is_capital(doc, next + 1) {
        return reject_unless(standing >= Standing::Big || is_known_place(scene, next + 1));
    }
    // "Bajaur Tribal Agency"
    if !is_capital(doc, next) || !adjacent(doc, next) || name.tokens.end > name.core.end {
        return None;
    }
    let word = gazetteer.word(doc, next);
    if word.has(PlaceWord::OTHER_NAME) && !word.has(PlaceWord::INSTITUTION) {
        return Some(Verdict::Reject);
    }
    if word.has(PlaceWord::TIME) || word.names_kind() {
        return None;
    }
    if word.has(PlaceWord::INSTITUTION) || runs_on_to_institution(scene, next) {
        return reject_unless(matches!(name.trust, Trust::Plain | Trust::AlsoPerson));
    }
    let person_follows = gazetteer.is_personal_name(doc, next) || is_initial(doc, next);
    let place_follows = gazetteer.trust(doc, TokenSpan::one(next)) == Trust::Plain && is_known_place(scene, next);
    let known = name.trust == Trust::Plain && standing >= Standing::Big && !(person_follows && standing == Standing::Big);
    reject_unless(known || place_follows && !person_follows)
}

/// "Batticaloa Hindu College": a run of capitals that ends in the word for an institution.
fn runs_on_to_institution(scene: &Scene<'_, '_>, next: usize) -> bool {
    let (doc, gazetteer) = (&scene.a.doc, &scene.a.lexicon.gazetteer);
    let person = gazetteer.is_personal_name(doc, next) || is_initial(doc, next);
    let run = (next..next + 4).take_while(|&i| is_capital(doc, i) && adjacent(doc, i));
    let last = run.last();
    !person && last.is_some_and(|i| gazetteer.word(doc, i).has(PlaceWord::INSTITUTION) && !gazetteer.word(doc, i).has(PlaceWord::OTHER_NAME))
}

/// What the words before the name say against it; `None`: nothing.
fn before(scene: &Scene<'_, '_>, name: &Name, standing: Standing) -> Option<Verdict> {
    let (doc, gazetteer) = (&scene.a.doc, &scene.a.lexicon.gazetteer);
    let start = name.core.start as usize;
    let prev = start.checked_sub(1).filter(|&p| doc.sentence_of(p) == doc.sentence_of(start))?;
    let known = name.trust == Trust::Plain && standing >= Standing::Big;
    let reject_unless = |fine: bool| (!fine).then_some(Verdict::Reject);
    if doc.tag(prev) == Tag::Hyphen && !doc.token(prev).shape.has(Shape::SPACE_AFTER) && prev > 0 && !doc.token(prev - 1).shape.has(Shape::SPACE_AFTER) {
        // "Lashkar-e-Taiba", but "R-Marshall", "Pakistan-Afghanistan".
        let part_of_name = doc.raw(prev - 1).len() <= 2 && !is_initial(doc, prev - 1);
        return reject_unless(scene.taken[prev - 1] || is_initial(doc, prev - 1) || known && !part_of_name);
    }
    if let Some(personal) = scene.title_before(start) {
        return reject_unless(if personal { standing == Standing::Country } else { known });
    }
    if is_initial(doc, prev) && !known {
        return Some(Verdict::Reject);
    }
    if doc.word(prev) == "the" && standing <= Standing::Big && name.core.len() == 1 && name.wants.is_none() && !is_attribute(scene, name) {
        return Some(Verdict::Reject);
    }
    if !is_capital(doc, prev) || !adjacent(doc, start) {
        return None;
    }
    let word = gazetteer.word(doc, prev);
    let opens = doc.token(prev).shape.has(Shape::SENTENCE_START);
    let short_capitals = doc.token(prev).shape.has(Shape::ALL_CAPS) && doc.raw(prev).len() <= 5;
    if opens && (word.has(PlaceWord::OPENING) || word.has(PlaceWord::PREPOSITION))
        || word.has(PlaceWord::QUALIFIER)
        || word.has(PlaceWord::TIME)
        || scene.taken[prev]
        || is_demonym(scene, prev)
        || known && short_capitals
        || opens && known && !gazetteer.is_personal_name(doc, prev)
    {
        return None;
    }
    Some(if known && !gazetteer.is_personal_name(doc, prev) { Verdict::VoteOnly } else { Verdict::Reject })
}

/// What is left where nothing speaks against a place: how much speaks for one.
fn by_trust(scene: &Scene<'_, '_>, name: &Name) -> Verdict {
    let (doc, gazetteer) = (&scene.a.doc, &scene.a.lexicon.gazetteer);
    let start = name.core.start as usize;
    let behind_locative = before_is(scene, name, PlaceWord::LOCATIVE);
    let behind_preposition = before_is(scene, name, PlaceWord::PREPOSITION);
    let opens = doc.token(start).shape.has(Shape::SENTENCE_START);
    let container = scene.container_follows(name);
    match name.trust {
        Trust::Plain | Trust::AlsoPerson => {
            if core_is_short_capitals(scene, name) && !ends_dateline(scene, name) && !container {
                return Verdict::Reject;
            }
            let strong = behind_locative
                || home_of_one(scene, name)
                || name.wants.is_some()
                || container
                || institution_follows(scene, name)
                || ends_dateline(scene, name);
            let some = behind_preposition || local_follows(scene, name) || in_list(scene, name);
            Verdict::Keep(if strong {
                Evidence::Strong
            } else if some {
                Evidence::Some
            } else {
                Evidence::None
            })
        }
        Trust::Word | Trust::Person | Trust::Time => {
            let line_start = doc.token(start).shape.has(Shape::LINE_START);
            if container && (behind_preposition || name.trust == Trust::Word || line_start) {
                return Verdict::Keep(Evidence::Strong);
            }
            let fits = name.wants.is_some_and(|w| name.candidates.iter().filter_map(|c| gazetteer.place(c.id)).any(|p| w.fits(p.kind)));
            let possible = fits && (behind_preposition || !opens) || behind_locative && !opens;
            if possible && name.trust != Trust::Time { Verdict::Keep(Evidence::Some) } else { Verdict::Reject }
        }
    }
}

/// "the Karachi attack", not "the Serena": a town takes an article only with a noun behind it.
fn is_attribute(scene: &Scene<'_, '_>, name: &Name) -> bool {
    let doc = &scene.a.doc;
    let next = name.core.end as usize;
    let tag = doc.tag(next);
    let breaks_off = matches!(tag, Tag::VBD | Tag::VBZ | Tag::MD | Tag::IN | Tag::TO | Tag::WDT | Tag::WP | Tag::CC | Tag::RB | Tag::DT | Tag::POS);
    let hits = &scene.a.hits;
    let from = hits.partition_point(|h| (h.tokens.start as usize) < next);
    let term = hits[from..].first().is_some_and(|h| h.tokens.start as usize == next && matches!(h.entry, Entry::Term(_)));
    doc.sentence_of(next) == doc.sentence_of(next - 1) && (term || !breaks_off && (!tag.is_punctuation() || tag == Tag::Hyphen))
}

/// "Norfolk residents", "Karachi-based"
fn local_follows(scene: &Scene<'_, '_>, name: &Name) -> bool {
    let doc = &scene.a.doc;
    let next = name.core.end as usize;
    let at = if doc.tag(next) == Tag::Hyphen { next + 1 } else { next };
    !is_capital(doc, at) && scene.a.lexicon.gazetteer.word(doc, at).has(PlaceWord::LOCAL)
}

/// "a Behali, Doda, man", "a Shopian woman"
fn home_of_one(scene: &Scene<'_, '_>, name: &Name) -> bool {
    let doc = &scene.a.doc;
    let end = name.core.end as usize;
    let at = end + usize::from(doc.tag(end) == Tag::Comma);
    let start = name.core.start as usize;
    let introduced = (start.saturating_sub(4)..start).any(|i| matches!(doc.word(i), "a" | "an" | "the" | "two" | "three"));
    introduced
        && matches!(
            doc.word(at),
            "man" | "woman" | "men" | "women" | "boy" | "girl" | "youth" | "resident" | "residents" | "villager" | "villagers" | "couple" | "family"
        )
}

/// "Becker, Clay and Douglas": behind a place and a comma or "and".
fn in_list(scene: &Scene<'_, '_>, name: &Name) -> bool {
    let doc = &scene.a.doc;
    let mut at = name.core.start as usize;
    for _ in 0..2 {
        let Some(prev) = at.checked_sub(1) else { return false };
        if scene.taken[prev] {
            return at < name.core.start as usize;
        }
        if !(doc.tag(prev) == Tag::Comma || matches!(doc.word(prev), "and" | "or")) {
            return false;
        }
        at = prev;
    }
    at.checked_sub(1).is_some_and(|prev| scene.taken[prev])
}

/// Whether the word before the name, determiners and qualifiers ("the northern") left out, is of that class.
fn before_is(scene: &Scene<'_, '_>, name: &Name, class: PlaceWord) -> bool {
    let (doc, gazetteer) = (&scene.a.doc, &scene.a.lexicon.gazetteer);
    let mut at = name.core.start as usize;
    for _ in 0..4 {
        let Some(prev) = at.checked_sub(1).filter(|&p| doc.sentence_of(p) == doc.sentence_of(name.core.start as usize)) else { return false };
        let word = gazetteer.word(doc, prev);
        if word.has(class) {
            return true;
        }
        if !(word.has(PlaceWord::QUALIFIER) || doc.word(prev) == "the" || doc.tag(prev) == Tag::Hyphen) {
            return false;
        }
        at = prev;
    }
    false
}

fn institution_follows(scene: &Scene<'_, '_>, name: &Name) -> bool {
    let word = scene.a.lexicon.gazetteer.word(&scene.a.doc, name.core.end as usize);
    is_capital(&scene.a.doc, name.core.end as usize) && word.has(PlaceWord::INSTITUTION) || word.names_kind()
}

/// "ELN", "ISI": capitals in a text that has small letters are an acronym, not a village.
fn core_is_short_capitals(scene: &Scene<'_, '_>, name: &Name) -> bool {
    let doc = &scene.a.doc;
    let first = name.core.start as usize;
    let gazetteer = &scene.a.lexicon.gazetteer;
    let short = name.core.len() == 1 && doc.token(first).shape.has(Shape::ALL_CAPS) && doc.raw(first).len() <= 5;
    let big = |p: &crate::lexicon::gazetteer::Place<'_>| standing_of(p.kind, p.population) >= Standing::Big;
    // The main name of a big town, or an acronym of the gazetteer's own ("NWFP", "UAE").
    let known = || name.candidates.iter().any(|c| (c.main || c.acronym) && gazetteer.place(c.id).is_some_and(|p| big(&p)));
    short && !known()
}

/// "KULGAM: ", "SWABI, Jan 3": capitals at the head of a line.
fn ends_dateline(scene: &Scene<'_, '_>, name: &Name) -> bool {
    let doc = &scene.a.doc;
    doc.token(name.core.start as usize).shape.has(Shape::LINE_START)
        && matches!(doc.tag(name.core.end as usize), Tag::Comma | Tag::Colon | Tag::Hyphen | Tag::OpenBracket | Tag::Stop)
}

fn is_demonym(scene: &Scene<'_, '_>, token: usize) -> bool {
    let hits = &scene.a.hits;
    let from = hits.partition_point(|h| h.tokens.start as usize <= token);
    hits[..from].iter().rev().take(8).any(|h| h.tokens.end as usize == token + 1 && matches!(h.entry, Entry::Demonym(_)))
}

/// Whether a name right at this token is that of a country, a division or a big town.
fn is_known_place(scene: &Scene<'_, '_>, token: usize) -> bool {
    let gazetteer = &scene.a.lexicon.gazetteer;
    let mut found = false;
    gazetteer.matches(&scene.a.doc, token, &mut |_, key| {
        let mut places = gazetteer.candidates(key, false).filter_map(|c| gazetteer.place(c.id));
        found |= places.any(|p| standing_of(p.kind, p.population) >= Standing::Big);
    });
    found
}

/// "J.", "M": a letter alone.
pub(super) fn is_initial(doc: &Document<'_>, i: usize) -> bool {
    let raw = doc.raw(i);
    // Nearly every word is ruled out by its second letter.
    if let [first, second, ..] = raw.as_bytes()
        && first.is_ascii()
        && *second != b'.'
    {
        return false;
    }
    is_capital(doc, i) && raw.trim_end_matches('.').chars().count() == 1
}

/// Whether nothing but a space stands between the token and the one before it.
pub(super) fn adjacent(doc: &Document<'_>, i: usize) -> bool {
    i > 0 && doc.token(i - 1).span.end + 1 >= doc.token(i).span.start && !doc.token(i).shape.has(Shape::LINE_START)
}

/// Whether the token is a word that begins with a capital.
pub(super) fn is_capital(doc: &Document<'_>, i: usize) -> bool {
    let shape = doc.token(i).shape;
    (shape.has(Shape::CAPITAL) || shape.has(Shape::FOREIGN_SCRIPT)) && !shape.has(Shape::PUNCTUATION) && !shape.has(Shape::DIGIT)
}
