//! Offices in titles: "Afghan Foreign Minister Amir Khan Muttaqi", "Amir Khan Muttaqi, Afghanistan's foreign minister".

use super::Found;
use super::argument::{Argument, Is};
use crate::extract::Analysis;
use crate::extract::actor::topic::Topic;
use crate::extract::analysis::{Mention, MentionKind};
use crate::extract::output;
use crate::lexicon::gazetteer::CountryCode;
use crate::lexicon::terms::TermKind;
use crate::lexicon::trie::Entry;
use crate::text::TokenSpan;

/// How many tokens behind a name an office in apposition may stand.
const APPOSITION: usize = 12;

/// Adds the offices that the phrases of named persons give, and who leads a group by what he is called.
pub fn find(a: &Analysis<'_>, found: &mut Vec<Found>) {
    let topic = Topic::of(a);
    for m in a.mentions.iter().filter(|m| m.kind == MentionKind::Person) {
        let Some(entity) = m.entity else { continue };
        let Some(tokens) = office(a, m) else { continue };
        let Some(name) = output::name(a, entity) else { continue };
        let state = m.country.as_deref().and_then(|c| state_of(a, c));
        let body = || a.entities[entity].affiliation.filter(|&o| is_organ(&a.entities[o].kind)).and_then(|o| output::name(a, o));
        // A minister without a country is one of the country that the text is about.
        let home = || topic.main().filter(|_| is_national(a.doc.text(tokens))).and_then(|c| state_of(a, c));
        let Some(object) = state.or_else(body).or_else(home) else { continue };
        let side = |name: String, is: Is| Argument { name, tokens, named: true, is };
        found.push(Found { subject: side(name, Is::Person), relation: "office_holder_of".to_owned(), object: side(object, Is::Body), tokens, confidence: 0.8 });
    }
    find_leaders(a, found);
    find_branches(a, found);
}

/// "the reclusive head of the Afghan Taliban" where the text or the lexicon says who that is.
fn find_leaders(a: &Analysis<'_>, found: &mut Vec<Found>) {
    for m in a.mentions.iter().filter(|m| m.kind == MentionKind::Description) {
        let Some(leader) = m.entity.filter(|&e| a.entities[e].name.is_some() && a.entities[e].kind.starts_with("person.")) else { continue };
        let Some(body) = a.entities[leader].affiliation else { continue };
        let (Some(name), Some(object)) = (output::name(a, leader), output::name(a, body)) else { continue };
        // The group must stand in the phrase itself.
        if !a.mentions_in(m.phrase).any(|(_, other)| other.entity == Some(body) && m.phrase.contains(other.tokens)) {
            continue;
        }
        let side = |name: String, is: Is| Argument { name, tokens: m.phrase, named: true, is };
        found.push(Found {
            subject: side(name, Is::Person),
            relation: "leader_of".to_owned(),
            object: side(object, Is::Body),
            tokens: m.phrase,
            confidence: 0.8,
        });
    }
}

/// "the Islamic State group's regional branch" where the text or the lexicon says which that is.
fn find_branches(a: &Analysis<'_>, found: &mut Vec<Found>) {
    for m in a.mentions.iter().filter(|m| m.kind == MentionKind::Description) {
        let relation = match a.doc.word(m.head) {
            "affiliate" | "branch" | "franchise" | "arm" | "chapter" => "affiliate_of",
            "faction" | "wing" => "faction_of",
            "splinter" | "offshoot" => "splinter_of",
            _ => continue,
        };
        let Some(part) = m.entity.filter(|&e| a.entities[e].name.is_some() && a.entities[e].kind.starts_with("armed.")) else { continue };
        let whole = a
            .mentions_in(m.phrase)
            .find_map(|(_, o)| o.entity.filter(|&e| e != part && m.phrase.contains(o.tokens) && a.entities[e].kind.starts_with("armed.")));
        let (Some(name), Some(object)) = (output::name(a, part), whole.and_then(|w| output::name(a, w))) else { continue };
        let side = |name: String| Argument { name, tokens: m.phrase, named: true, is: Is::Body };
        found.push(Found { subject: side(name), relation: relation.to_owned(), object: side(object), tokens: m.phrase, confidence: 0.8 });
    }
}

/// The words that give a person's office: the phrase with its title, or the name with the apposition behind it.
fn office(a: &Analysis<'_>, m: &Mention) -> Option<TokenSpan> {
    let is_office = |entry: Entry| matches!(entry, Entry::Term(t) if a.lexicon.terms.get(t).is_some_and(|t| t.kind == TermKind::Title && t.class == "office"));
    let before = a.hits_in(m.phrase).iter().any(|h| is_office(h.entry) && m.phrase.contains(h.tokens) && !m.tokens.overlaps(h.tokens));
    if before {
        return Some(m.phrase);
    }
    let end = m.tokens.end as usize;
    if a.doc.word(end) != "," {
        return None;
    }
    let titles = &a.entities[m.entity?].titles;
    let close = (end + 1..end + APPOSITION).find(|&i| matches!(a.doc.word(i), "," | "." | ";")).unwrap_or(end + APPOSITION);
    let apposition = TokenSpan::new(end + 1, close.min(a.doc.len()));
    let stated = a.hits_in(apposition).iter().find(|h| is_office(h.entry) && titles.iter().any(|t| t.contains(a.doc.text(h.tokens))))?;
    Some(TokenSpan::new(m.phrase.start as usize, (stated.tokens.end as usize).max(close)))
}

/// Offices of a state as a whole: ministers, presidents, their advisers and envoys, not those of provinces and districts.
fn is_national(words: &str) -> bool {
    const LOCAL: &[&str] = &["chief minister", "provincial", "province", "district", "state's", "city", "regional", "deputy inspector"];
    const NATIONAL: &[&str] = &[
        "minister",
        "president ",
        "special assistant",
        "ambassador",
        "army chief",
        "chief of army staff",
        "chief justice",
        "foreign secretary",
        "home secretary",
    ];
    let lower = words.to_lowercase();
    let says = |list: &[&str]| list.iter().any(|w| lower.contains(w));
    says(NATIONAL) && !says(LOCAL)
}

/// Bodies that have offices.
fn is_organ(kind: &str) -> bool {
    kind.starts_with("state.") || kind == "external.foreign_state" || kind == "organisation.international"
}

/// Adds the bodies that unnamed officials are said to belong to ("a senior police official"); a spokesman is more than a member.
pub fn find_members(a: &Analysis<'_>, found: &mut Vec<Found>) {
    for m in a.mentions.iter().filter(|m| m.kind == MentionKind::People) {
        let Some(entity) = m.entity.map(|e| &a.entities[e]).filter(|e| e.name.is_none() && e.kind == "person.official") else { continue };
        if a.doc.lemma(m.head).starts_with("spokes") {
            continue;
        }
        let body = entity.affiliation.filter(|&o| a.entities[o].kind.starts_with("state.")).and_then(|o| output::name(a, o));
        if let (Some(who), Some(body)) = (entity.description.clone(), body) {
            let side = |name: String, is: Is| Argument { name, tokens: m.phrase, named: false, is };
            found.push(Found {
                subject: side(who, Is::Person),
                relation: "member_of".to_owned(),
                object: side(body, Is::Body),
                tokens: m.phrase,
                confidence: 0.7,
            });
        }
    }
}

/// Name of the state of the country that the text is about.
pub fn home(a: &Analysis<'_>) -> Option<String> {
    Topic::of(a).main().and_then(|c| state_of(a, c))
}

/// Name of the state of an ISO country code.
fn state_of(a: &Analysis<'_>, country: &str) -> Option<String> {
    let country = a.lexicon.gazetteer.country(CountryCode::parse(country)?)?;
    Some(a.lexicon.actors.by_key(&country.key).map_or_else(|| country.name.clone(), |(_, x)| x.name.clone()))
}
