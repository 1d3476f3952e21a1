//! Organisations that only their form gives away: "Pakistan Institute for Conflict Studies (PICSS)", "Lashkar-e-Sajjad", "Ministry of Defence".

use super::draft::{Draft, Drafts, Who};
use super::words::{Word, hits_at, hyphen, is_lemma, is_name_token, is_word, joins_name, term_of, title_at};
use crate::extract::Analysis;
use crate::extract::analysis::MentionKind;
use crate::lexicon::terms::TermKind;
use crate::lexicon::trie::Entry;
use crate::text::{Shape, Tag, TokenSpan};
use std::collections::{BTreeMap, BTreeSet};

/// Longest name in tokens.
const MAX_NAME: usize = 12;

/// Finds them, and the short forms that brackets define.
pub(super) fn find(a: &Analysis<'_>, drafts: &mut Drafts) {
    if !a.doc.all_caps() {
        for i in 0..a.doc.len() {
            if drafts.is_taken(i) || !a.doc.token(i).shape.has(Shape::CAPITAL) {
                continue;
            }
            let found = begun_by(a, drafts, i).or_else(|| ended_by(a, drafts, i)).or_else(|| abbreviated(a, drafts, i)).or_else(|| explained(a, drafts, i));
            if let Some((tokens, actor_type)) = found {
                let mut draft = Draft::new(tokens, MentionKind::Organisation, Who::Name);
                draft.actor_type = actor_type;
                drafts.name(draft);
            }
        }
    }
    short_forms(a, drafts);
}

/// "Lashkar-e-Sajjad", "Ministry of Defence": a head that begins a name at token `i`.
fn begun_by(a: &Analysis<'_>, drafts: &Drafts, i: usize) -> Option<(TokenSpan, String)> {
    let head = a.lexicon.organisations.first(a.doc.token(i).hash)?;
    if !a.doc.token(i).shape.has(Shape::CAPITAL) || covered_by_term(a, i) || in_place(a, i) {
        return None;
    }
    // "Pakistan Institute for …": a word that may end names too has its modifiers before it.
    let start = if a.lexicon.organisations.last(a.doc.token(i).hash).is_some() { run_start(a, drafts, i) } else { i };
    let end = if head.of && matches!(a.doc.word(i + 1), "of" | "for" | "de") { run_after_of(a, drafts, i + 1) } else { run_end(a, drafts, i + 1) };
    (end > i + 1).then(|| (TokenSpan::new(start, end), head.actor_type.clone()))
}

/// "Balochistan Student Council": a head at token `i` that ends a name, or goes on with "of".
fn ended_by(a: &Analysis<'_>, drafts: &Drafts, i: usize) -> Option<(TokenSpan, String)> {
    let head = a.lexicon.organisations.last(a.doc.token(i).hash)?;
    if !is_name_token(a, i) || covered_by_term(a, i) || in_place(a, i) {
        return None;
    }
    // The last of several heads ends the name: "National Liberation Front Council".
    if is_name_token(a, i + 1) && a.lexicon.organisations.last(a.doc.token(i + 1).hash).is_some() {
        return None;
    }
    let start = run_start(a, drafts, i);
    let end = if head.of && matches!(a.doc.word(i + 1), "of" | "for" | "de" | "on" | "against") { run_after_of(a, drafts, i + 1).max(i + 1) } else { i + 1 };
    let tokens = TokenSpan::new(start, end);
    let named = (start..i).any(|j| is_name_token(a, j) && !is_generic(a, j)) || end > i + 1;
    let rebel = tokens
        .range()
        .any(|j| matches!(a.doc.word(j), "liberation" | "revolutionary" | "resistance" | "people's" | "peoples" | "republican" | "insurgent" | "guerrilla"));
    let forces = tokens.range().any(|j| a.doc.word(j) == "armed" && matches!(a.doc.word(j + 1), "force" | "forces"));
    let actor_type = if forces {
        "state.military"
    } else if rebel && head.actor_type.starts_with("state.") {
        "armed.rebel"
    } else {
        &head.actor_type
    };
    (named && !is_people_or_title(a, tokens)).then(|| (tokens, actor_type.to_owned()))
}

/// "Special Operation Group (SOG)" without a known head: capitalised words before an acronym of their initials.
fn abbreviated(a: &Analysis<'_>, drafts: &Drafts, i: usize) -> Option<(TokenSpan, String)> {
    if !is_name_token(a, i) || i > 0 && is_name_token(a, i - 1) && !drafts.is_taken(i - 1) {
        return None;
    }
    let end = name_end(a, drafts, i);
    let tokens = TokenSpan::new(i, end);
    let acronym = bracketed_acronym(a, end)?;
    let plain = tokens.range().filter(|&j| is_name_token(a, j)).count();
    (plain >= 2 && spells(a, tokens, acronym) && !is_people_or_title(a, tokens) && super::words::place_at(a, i).is_none()).then(|| (tokens, String::new()))
}

/// "Ecolog, a company from Germany", "Peshawar-Kai, a Japanese charity": what stands behind the name says that it is a body.
fn explained(a: &Analysis<'_>, drafts: &Drafts, i: usize) -> Option<(TokenSpan, String)> {
    if !is_name_token(a, i) || i > 0 && (is_name_token(a, i - 1) || hyphen(&a.doc, i - 1)) || title_at(a, i).is_some() {
        return None;
    }
    let end = name_end(a, drafts, i);
    let article = end + 1;
    if end == i || a.doc.word(end) != "," || !matches!(a.doc.word(article), "a" | "an") {
        return None;
    }
    let group = a.noun_at(article).map(|n| &a.nouns[n]).filter(|g| g.tokens.start as usize == article)?;
    // "a Japanese charity set up in 1983": the participle may be taken into the group. "a company director" is a person.
    let body = |h: usize| is_lemma(a, h, Word::Body) && !a.doc.token(h).shape.has(Shape::CAPITAL);
    let head = (article..group.head + 1).find(|&h| body(h))?;
    let person = is_people_or_title(a, TokenSpan::one(head + 1)) || a.doc.tag(head + 1) == Tag::POS;
    let tokens = TokenSpan::new(i, end);
    let place = super::words::place_at(a, i).is_some_and(|p| a.places[p].tokens.contains(tokens) && a.places[p].gazetteer.is_some());
    (!person && !place && !is_people_or_title(a, tokens)).then(|| (tokens, String::new()))
}

/// One past a name that starts at `i`, connectors inside.
fn name_end(a: &Analysis<'_>, drafts: &Drafts, i: usize) -> usize {
    let mut at = i;
    while at < i + MAX_NAME && !drafts.is_taken(at) {
        let connector =
            matches!(a.doc.word(at), "of" | "for" | "and" | "&" | "the" | "de" | "'s" | "in") && (is_name_token(a, at + 1) || a.doc.word(at + 1) == "the");
        if !(is_name_token(a, at) || at > i && (connector || joins_name(a, at))) {
            break;
        }
        at += 1;
    }
    at
}

/// First token of the capitalised run that ends at `i`.
fn run_start(a: &Analysis<'_>, drafts: &Drafts, i: usize) -> usize {
    let mut start = i;
    while start > 0 && i - start < MAX_NAME {
        let b = start - 1;
        if drafts.is_taken(b) && !country_name(drafts, b) {
            break;
        }
        let named_before = b > 0 && is_name_token(a, b - 1) && !drafts.is_taken(b - 1);
        let joint = named_before
            && match a.doc.word(b) {
                "and" | "&" => !enough(a, start, i),
                // "Institute of …", not "Marc Lasry of …"
                "of" | "for" => a.lexicon.organisations.last(a.doc.token(b - 1).hash).is_some(),
                // "People's Front", not "Lasry's Group"
                "'s" => is_word(a, b - 1, Word::Owner),
                _ => hyphen(&a.doc, b),
            };
        if !(is_name_token(a, b) || joint) {
            break;
        }
        // "Chief Minister" and the like begin something else.
        if title_at(a, b).is_some_and(|(t, term)| t.end as usize <= i && matches!(term.class.as_str(), "office" | "rank" | "honorific") && t.len() > 1) {
            break;
        }
        start = b;
    }
    while start < i && (matches!(a.doc.word(start), "and" | "&" | "'s" | "of" | "for" | "-")) {
        start += 1;
    }
    start
}

/// "the Army and National Liberation Front" are two: a full name before "and" needs no more.
fn enough(a: &Analysis<'_>, start: usize, i: usize) -> bool {
    i > start && a.lexicon.organisations.last(a.doc.token(start.saturating_sub(2)).hash).is_some()
}

/// "Pakistan" and "Afghan" may begin an organisation's name though the lexicon knows them.
fn country_name(drafts: &Drafts, i: usize) -> bool {
    drafts.at(i).is_some_and(|d| drafts.list[d].actor_type == "state.government")
}

/// One past the run of name tokens from `i` on.
fn run_end(a: &Analysis<'_>, drafts: &Drafts, i: usize) -> usize {
    let mut at = i;
    while at < i + MAX_NAME
        && !drafts.is_taken(at)
        && (is_name_token(a, at) && !a.doc.token(at).shape.has(Shape::SENTENCE_START) || joins_name(a, at) || hyphen(&a.doc, at))
    {
        if at > i && title_at(a, at).is_some_and(|(_, t)| matches!(t.class.as_str(), "role" | "rank" | "office")) {
            break;
        }
        at += 1;
    }
    while at > i && hyphen(&a.doc, at - 1) {
        at -= 1;
    }
    at
}

/// One past "of X", "for Y and Z": from the preposition at `i`; `i` itself where no name follows.
fn run_after_of(a: &Analysis<'_>, drafts: &Drafts, i: usize) -> usize {
    let skip = usize::from(a.doc.word(i + 1) == "the");
    let mut end = run_end(a, drafts, i + 1 + skip);
    if end == i + 1 + skip {
        return i;
    }
    while matches!(a.doc.word(end), "and" | "&")
        && is_name_token(a, end + 1)
        && !is_people_or_title(a, TokenSpan::one(end + 1))
        && a.lexicon.organisations.last(a.doc.token(end + 1).hash).is_none()
    {
        let next = run_end(a, drafts, end + 1);
        if next == end + 1 || next > end + 3 {
            break;
        }
        end = next;
    }
    end
}

/// "Security Forces", "State Police": words that name no organisation by themselves.
fn is_generic(a: &Analysis<'_>, i: usize) -> bool {
    is_word(a, i, Word::Generic)
}

/// Whether a longer term (a site, people, a title) covers token `i`: "Manghopir Police Station", "Deputy Inspector General of Police".
fn covered_by_term(a: &Analysis<'_>, i: usize) -> bool {
    let from = a.hits.partition_point(|h| (h.tokens.start as usize) + 8 < i);
    a.hits[from..].iter().take_while(|h| h.tokens.start as usize <= i).any(|h| {
        let longer = h.tokens.len() > 1 && h.tokens.has(i);
        let begins = h.tokens.start as usize == i;
        longer
            && term_of(a, h.entry).is_some_and(|t| match t.kind {
                TermKind::Site | TermKind::Weapon => true,
                TermKind::People => begins || !t.collective,
                TermKind::Title => true,
            })
    })
}

/// "Lashkar Gah", "Mohmand Agency": the head belongs to a place's name.
fn in_place(a: &Analysis<'_>, i: usize) -> bool {
    super::words::place_at(a, i).is_some_and(|p| a.places[p].tokens.len() > 1 && a.places[p].gazetteer.is_some())
}

/// Whether one term is all there is.
fn is_people_or_title(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    hits_at(a, tokens.start as usize).any(|h| h.tokens.contains(tokens) && matches!(h.entry, Entry::Term(_)))
}

/// Defines "(PICSS)" behind a name, "[National Liberation Army]" behind an acronym, and finds the short form wherever it stands alone.
fn short_forms(a: &Analysis<'_>, drafts: &mut Drafts) {
    let mut defined: Vec<(usize, usize)> = Vec::new();
    for long in 0..drafts.list.len() {
        let draft = &drafts.list[long];
        if draft.kind != MentionKind::Organisation || draft.tokens.len() < 2 {
            continue;
        }
        if draft.who == Who::Name
            && let Some(known) =
                bracketed_acronym(a, draft.tokens.end as usize).and_then(|i| drafts.at(i)).filter(|&d| matches!(drafts.list[d].who, Who::Lexicon(_)))
        {
            // Another spelling of a group whose short form the lexicon knows.
            let (who, actor_type) = (drafts.list[known].who.clone(), drafts.list[known].actor_type.clone());
            let draft = &mut drafts.list[long];
            (draft.who, draft.actor_type) = (who, actor_type);
            continue;
        }
        let Some(acronym) = bracketed_acronym(a, draft.tokens.end as usize).filter(|&i| !drafts.is_taken(i) && spells(a, drafts.list[long].tokens, i)) else {
            continue;
        };
        defined.push((acronym, long));
    }
    // Where the short forms stand: one look at the text for all of them.
    let wanted: BTreeSet<u64> = defined.iter().map(|&(acronym, _)| a.doc.token(acronym).hash).collect();
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for i in (0..a.doc.len()).filter(|&i| wanted.contains(&a.doc.token(i).hash)) {
        places.entry(a.doc.raw(i)).or_default().push(i);
    }
    for (acronym, long) in defined {
        // What the first to define it leaves is taken already.
        for i in places.remove(a.doc.raw(acronym)).unwrap_or_default() {
            if !drafts.is_taken(i) {
                let mut short = Draft::new(TokenSpan::one(i), MentionKind::Organisation, Who::ShortFor(long));
                short.actor_type = drafts.list[long].actor_type.clone();
                drafts.name(short);
            }
        }
    }
}

/// The acronym in brackets right behind token `end`.
fn bracketed_acronym(a: &Analysis<'_>, end: usize) -> Option<usize> {
    let at = end + 1;
    let opens = matches!(a.doc.word(end), "(" | "[") || a.doc.tag(end) == Tag::OpenBracket;
    let closes = matches!(a.doc.word(at + 1), ")" | "]") || a.doc.tag(at + 1) == Tag::CloseBracket;
    (opens && closes && a.doc.token(at).shape.has(Shape::ALL_CAPS)).then_some(at)
}

/// Whether the letters of the acronym stand in the name in order, its first letter at the name's first word.
fn spells(a: &Analysis<'_>, name: TokenSpan, acronym: usize) -> bool {
    let letters: Vec<char> = a.doc.word(acronym).chars().filter(|c| c.is_alphabetic()).collect();
    let text = a.doc.text(name).to_lowercase();
    let mut rest = text.chars();
    let in_order = letters.iter().all(|l| rest.any(|c| c == *l));
    in_order && text.chars().next() == letters.first().copied()
}
