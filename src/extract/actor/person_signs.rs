//! What speaks for a capitalised run being a person, and what for a place or group.

use super::titles::{self, Before, Behind};
use super::words::{Word, hits_at, is, is_initial, is_name_token, is_personal_name, is_word, joins_name, place_at, speaks, term_of};
use crate::extract::Analysis;
use crate::extract::analysis::Voice;
use crate::lexicon::terms::TermKind;
use crate::text::{Shape, Tag, TokenSpan};

/// Whether a capitalised run is a person.
pub(super) fn is_person(a: &Analysis<'_>, tokens: TokenSpan, before: Option<&Before>, behind: Option<&Behind>) -> bool {
    let (start, end) = (tokens.start as usize, tokens.end as usize);
    let names = tokens.range().filter(|&i| is_name_token(a, i)).count();
    let personal = tokens.range().filter(|&i| is_personal_name(a, i)).count();
    let place = tokens.range().all(|i| place_at(a, i).is_some() || !is_name_token(a, i));
    if tokens.range().any(|i| a.lexicon.organisations.last(a.doc.token(i).hash).is_some() && !is_personal_name(a, i)) || is_site(a, tokens) {
        return false;
    }
    if let Some(before) = before {
        // "Governor Kandahar", "police Kunar" are none, "Chief Minister Punjab" is an office.
        let strong = matches!(before.class, "office" | "rank" | "role" | "religious" | "honorific") || before.titles.iter().any(|t| t.len() > 1);
        let small = before.titles.last().is_some_and(|t| !a.doc.token(t.start as usize).shape.has(Shape::CAPITAL));
        let closed = small && (a.doc.word(end) == "," || a.doc.tag(end).is_verb());
        // "Governor Kandahar" is none, "Maulvi Zarwali" one though a village has the name.
        let title = before.titles.last().map_or(start, |t| t.start as usize);
        // "Sri Lanka" is a place with its first word.
        let place = place && (!matches!(before.class, "religious" | "honorific") || place_at(a, title).is_some());
        return !(place && personal == 0) && (strong || names >= 2 && small || personal > 0 || closed) && !goes_on(a, end);
    }
    if place && personal < names || a.doc.token(start).shape.has(Shape::ALL_CAPS) && names < 2 {
        return false;
    }
    // "Chandranna, the spokesperson of their committee, …"
    let only_name = || {
        let determined = matches!(a.doc.tag(end + 1), Tag::DT | Tag::PRPS) || a.doc.tag(end + 2) == Tag::POS;
        determined
            && behind.is_some_and(|b| b.title.is_some() && matches!(b.class, "office" | "role" | "rank"))
            && place_at(a, start).is_none()
            && !preposition_before(a, start)
    };
    if only_name() {
        return true;
    }
    if let Some(behind) = behind
        && (names >= 2 || personal > 0)
        && (behind.title.is_none() || personal > 0 || !preposition_before(a, start))
    {
        return true;
    }
    // "Maulvi Zarwali", where the honorific is the name's first word
    let honoured = names >= 2
        && hits_at(a, start)
            .any(|h| term_of(a, h.entry).is_some_and(|t| t.kind == TermKind::Title && t.class == "religious" && is_local_honorific(&t.class, &t.term)));
    if honoured && !goes_on(a, end) && place_at(a, start).is_none() {
        return true;
    }
    if named_as(a, start) || behind_role(a, start, end) || names >= 2 && followed_by_who(a, end) && !place {
        return true;
    }
    let spoken = speaks_in_clause(a, end - 1)
        || speaks(a, end) && a.doc.tag(end).is_verb()
        || start > 0 && speaks(a, start - 1) && matches!(a.doc.word(start - 1), "said" | "says" | "added");
    let told = spoken || suffers(a, tokens) || a.doc.word(end) == "alias";
    if preposition_before(a, start) || modifies(a, end) {
        return told && names >= 2 && !modifies(a, end);
    }
    if names >= 2 {
        let shaped = tokens.range().any(|i| joins_name(a, i) || is_initial(&a.doc, i));
        return (is_personal_name(a, start) || personal >= 2 || shaped) && !place || personal > 0 && !goes_on(a, end) || told;
    }
    personal > 0 && told && !place
}

/// Whether the run is the subject of a verb of speech, an apposition between or not.
fn speaks_in_clause(a: &Analysis<'_>, last: usize) -> bool {
    let Some(noun) = a.noun_at(last).filter(|&n| a.nouns[n].head == last) else { return false };
    a.clauses_beside(noun).any(|c| c.subject.contains(&noun) && speaks(a, a.verbs[c.verb].head))
}

/// "Qasim Baila office": a common noun right behind makes the run its modifier.
fn modifies(a: &Analysis<'_>, end: usize) -> bool {
    matches!(a.doc.tag(end), Tag::NN | Tag::NNS)
        && !a.doc.token(end).shape.has(Shape::CAPITAL)
        && !speaks(a, end)
        && !matches!(a.doc.word(end), "alias" | "son" | "aka")
        || goes_on(a, end)
}

/// "its chairman, Horensing Terang, signed": a name between a role and the clause's mark or verb.
fn behind_role(a: &Analysis<'_>, start: usize, end: usize) -> bool {
    if start < 2 || a.doc.word(start - 1) != "," {
        return false;
    }
    let closed = matches!(a.doc.word(end), "," | "." | ";" | "(") || a.doc.tag(end).is_verb() || a.doc.tag(end) == Tag::MD;
    // "the society's leader for the region, Bhakti Swami": the role stands before its phrase.
    let mut head = start - 2;
    while let Some(n) = a.noun_at(head) {
        let from = a.nouns[n].tokens.start as usize;
        if from < 2 || !matches!(a.doc.word(from - 1), "of" | "for" | "in") {
            break;
        }
        head = from - 2;
    }
    // A role that is a title or word for one person and has an owner or article; ", Peshawar," behind it would be a place.
    let role = titles::role_ending(a, head + 1);
    let group = a.noun_at(head).map(|n| a.nouns[n].tokens);
    let owned = group.is_some_and(|g| matches!(a.doc.tag(g.start as usize), Tag::DT | Tag::PRPS) || g.start > 0 && a.doc.tag(g.start as usize - 1) == Tag::POS);
    closed && role && owned && place_at(a, start).is_none() && !modifies(a, end)
}

/// "Babulal Marandi, who …", "Kazuya Ito, the agricultural specialist who …".
fn followed_by_who(a: &Analysis<'_>, end: usize) -> bool {
    if a.doc.word(end) != "," {
        return false;
    }
    let next = a.noun_at(end + 1).filter(|&n| a.nouns[n].tokens.start as usize == end + 1).map_or(end + 1, |n| a.nouns[n].tokens.end as usize);
    matches!(a.doc.word(next), "who" | "whose" | "whom")
}

/// "identified as Noor Khan", "named Gul", "a man called Saleem".
fn named_as(a: &Analysis<'_>, start: usize) -> bool {
    let b = start.wrapping_sub(1);
    let word = a.doc.word(b);
    let colon = matches!(word, ":" | "as");
    let verb = if colon { a.doc.word(start.wrapping_sub(2)) } else { word };
    let named = matches!(verb, "identified" | "named" | "called" | "known") && (colon || verb != "known");
    let group = (start.saturating_sub(6)..start).any(|i| {
        matches!(
            a.doc.lemma(i),
            "group"
                | "outfit"
                | "organisation"
                | "organization"
                | "village"
                | "place"
                | "area"
                | "operation"
                | "party"
                | "front"
                | "town"
                | "what"
                | "so"
                | "itself"
                | "camp"
        )
    });
    named && start > 1 && !group
}

/// Whether the run is killed, arrested, shot or the like.
fn suffers(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let last = tokens.end as usize - 1;
    let Some(noun) = a.noun_at(last).filter(|&n| a.nouns[n].head == last) else { return false };
    let hurts = |lemma: &str| is(a, lemma, Word::Harm);
    a.clauses_beside(noun).any(|c| {
        let verb = &a.verbs[c.verb];
        let passive = verb.voice == Voice::Passive || matches!(a.doc.lemma(verb.head), "die" | "surrender" | "succumb");
        hurts(a.doc.lemma(verb.head)) && (passive && c.subject.contains(&noun) || !passive && c.object.contains(&noun))
    })
}

/// Prepositions of place before a name speak for a place.
pub(super) fn preposition_before(a: &Analysis<'_>, start: usize) -> bool {
    is_word(a, start.wrapping_sub(1), Word::PlacePreposition)
}

/// "Noor Mosque", "Ali Village", "Karim Market": the run goes on as something else, in small letters or capitals.
pub(super) fn goes_on(a: &Analysis<'_>, end: usize) -> bool {
    goes_on_as_place(a, end) || is_word(a, end, Word::GroupAfter)
}

/// The same for places alone.
pub(super) fn goes_on_as_place(a: &Analysis<'_>, end: usize) -> bool {
    let site = hits_at(a, end).any(|h| term_of(a, h.entry).is_some_and(|t| t.kind == TermKind::Site));
    site || is_word(a, end, Word::PlaceAfter)
}

/// Whether the run itself is a building, road or river ("Lal Masjid").
pub(super) fn is_site(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let last = tokens.end as usize - 1;
    let by_term = tokens.range().any(|i| hits_at(a, i).any(|h| h.tokens.has(last) && term_of(a, h.entry).is_some_and(|t| t.kind == TermKind::Site)));
    by_term || is_word(a, last, Word::SiteLast) || is_word(a, tokens.start as usize, Word::SiteFirst)
}

/// "Mullah", "Maulvi", "Qari", "Haji": part of the name that people are known by.
pub(super) fn is_local_honorific(class: &str, term: &str) -> bool {
    class == "religious"
        && !matches!(
            term,
            "Bishop"
                | "Archbishop"
                | "Father"
                | "Rev."
                | "Reverend"
                | "Pope"
                | "Cardinal"
                | "Pastor"
                | "priest"
                | "nun"
                | "bishop"
                | "pastor"
                | "Papal Nuncio"
                | "Grand Mufti"
                | "prayer leader"
                | "cleric"
                | "imam"
        )
        || class == "honorific"
            && matches!(
                term,
                "Haji"
                    | "Malik"
                    | "Ustad"
                    | "Ustaz"
                    | "Sardar"
                    | "Nawab"
                    | "Khwaja"
                    | "Syed"
                    | "Sayed"
                    | "Sayyid"
                    | "Sheikh"
                    | "Shaikh"
                    | "Mir"
                    | "Mirza"
                    | "Rana"
                    | "Raja"
                    | "Qari"
                    | "Mullah"
                    | "Maulvi"
                    | "Maulana"
                    | "Mufti"
                    | "Mawlawi"
                    | "Moulvi"
                    | "Hajji"
                    | "Arbab"
                    | "Abu"
                    | "Hafiz"
                    | "Pir"
                    | "Agha"
                    | "Sri"
                    | "Swami"
                    | "Baba"
            )
}
