//! What became of a claim of responsibility: whether another group claims the same, somebody doubts it, or its speaker took it back.

use crate::extract::Analysis;
use crate::extract::analysis::{Determiner, Statement};
use crate::text::TokenSpan;
use std::collections::{BTreeMap, BTreeSet};

/// Whose claim it is: an entity, or words that name nobody known ("a local affiliate").
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Entity(usize),
    Words(String),
}

/// Claims, denials and retractions about one incident: index of the statement, and whose.
#[derive(Debug, Default)]
struct Voices {
    claims: Vec<(usize, Who)>,
    denials: Vec<(usize, Who)>,
    retractions: Vec<(usize, Who)>,
}

/// Gives claims, and denials that were taken back, their standing, and the same to the claimants and deniers of the incidents.
pub fn settle_claims(a: &mut Analysis<'_>) {
    let mut standings: BTreeMap<usize, &'static str> = BTreeMap::new();
    for (n, statement) in a.statements.iter().enumerate() {
        if statement.kind == "claim" {
            standings.insert(n, "uncontested");
        }
    }
    for voices in by_incident(a).values() {
        for (n, standing) in standings_of(a, voices) {
            // What is doubted of one incident is doubted.
            let known = standings.entry(n).or_insert(standing);
            if *known == "uncontested" {
                *known = standing;
            }
        }
    }
    for (&n, &standing) in &standings {
        a.statements[n].standing = Some(standing);
    }
    for n in 0..a.incidents.len() {
        let competing = a.incidents[n].participants.iter().filter(|p| p.role == "claimant").filter_map(|p| p.entity).collect::<BTreeSet<_>>().len() > 1;
        for p in &mut a.incidents[n].participants {
            p.standing = match (p.role, p.asserted_by) {
                ("claimant" | "denier", Some(s)) => a.statements[s].standing,
                ("claimant", None) => Some(if competing { "competing" } else { "uncontested" }),
                _ => None,
            };
        }
    }
}

fn by_incident(a: &Analysis<'_>) -> BTreeMap<usize, Voices> {
    let mut found: BTreeMap<usize, Voices> = BTreeMap::new();
    for (n, statement) in a.statements.iter().enumerate() {
        if !matches!(statement.kind, "claim" | "denial" | "rejection" | "retraction") {
            continue;
        }
        let Some(who) = who(a, statement) else { continue };
        for &incident in &statement.about {
            let voices = found.entry(incident).or_default();
            let list = match statement.kind {
                "claim" => &mut voices.claims,
                "retraction" => &mut voices.retractions,
                _ => &mut voices.denials,
            };
            list.push((n, who.clone()));
        }
    }
    found
}

/// The standing of each claim about one incident, and of the denials that were taken back.
fn standings_of(a: &Analysis<'_>, voices: &Voices) -> Vec<(usize, &'static str)> {
    let (denials, retractions, claims) = (by_speaker(&voices.denials), by_speaker(&voices.retractions), by_speaker(&voices.claims));
    let taken_back = |n: usize, who: &Who, others: &BTreeMap<&Who, Vec<usize>>| others.get(who).is_some_and(|list| list.iter().any(|&m| is_later(a, m, n)));
    let is_retracted = |n: usize, who: &Who| taken_back(n, who, &denials) || taken_back(n, who, &retractions);
    let rivals: BTreeSet<&Who> = voices.claims.iter().filter(|(n, who)| !is_retracted(*n, who)).map(|(_, who)| who).collect();
    let doubters: BTreeSet<&Who> = voices.denials.iter().filter(|(m, _)| speaks_of_claim(a, &a.statements[*m])).map(|(_, who)| who).collect();
    let is_doubted = |who: &Who| doubters.len() > 1 || doubters.first().is_some_and(|other| *other != who);
    let of_claims = voices.claims.iter().map(|(n, who)| {
        let standing = if is_retracted(*n, who) {
            "retracted"
        } else if rivals.len() > 1 {
            "competing"
        } else if is_doubted(who) {
            "disputed"
        } else {
            "uncontested"
        };
        (*n, standing)
    });
    let of_denials = voices.denials.iter().filter(|(n, who)| taken_back(*n, who, &claims)).map(|(n, _)| (*n, "retracted"));
    of_claims.chain(of_denials).collect()
}

/// The last statements of each speaker.
fn by_speaker(list: &[(usize, Who)]) -> BTreeMap<&Who, Vec<usize>> {
    /// What somebody says of one incident at the end of a text is known from so many statements.
    const LAST: usize = 16;
    let mut found: BTreeMap<&Who, Vec<usize>> = BTreeMap::new();
    for (n, who) in list.iter().rev() {
        let own = found.entry(who).or_default();
        if own.len() < LAST {
            own.push(*n);
        }
    }
    found
}

/// The group that a statement speaks for; `None` for "the group", "they" and the like, which may be anybody named.
fn who(a: &Analysis<'_>, statement: &Statement) -> Option<Who> {
    let entity = statement.on_behalf_of.or_else(|| {
        let e = statement.entity?;
        let entity = &a.entities[e];
        Some(entity.affiliation.filter(|_| entity.kind.starts_with("person.")).unwrap_or(e))
    });
    if let Some(e) = entity {
        return Some(Who::Entity(e));
    }
    let tokens = statement.speaker?;
    let noun = (tokens.start as usize..tokens.end as usize).find_map(|i| a.noun_at(i))?;
    (a.nouns[noun].determiner == Determiner::Indefinite).then(|| Who::Words(a.doc.text(tokens).to_lowercase()))
}

/// Whether the content speaks of a claim ("dismissed the claim of the group").
pub fn speaks_of_claim(a: &Analysis<'_>, statement: &Statement) -> bool {
    statement.content.iter().any(|c| c.text(a.input.text).to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|w| matches!(w, "claim" | "claims")))
}

/// Whether statement `m` was made after statement `n`: by their days, by words such as "earlier" and "later", else in the order of the text.
fn is_later(a: &Analysis<'_>, m: usize, n: usize) -> bool {
    let (x, y) = (&a.statements[m], &a.statements[n]);
    if let (Some(x), Some(y)) = (x.said_on, y.said_on)
        && x.start != y.start
    {
        return x.start > y.start;
    }
    let (early, late) = (time_told(a, y), time_told(a, x));
    if early == late { m > n } else { late > early }
}

/// -1 where the words around the cue place it before others, 1 where behind them.
fn time_told(a: &Analysis<'_>, statement: &Statement) -> i8 {
    const REACH: usize = 6;
    let Some(cue) = statement.cue else { return 0 };
    let sentence = a.doc.sentences().get(a.doc.sentence_of(cue.start as usize)).copied().unwrap_or(TokenSpan::default());
    let from = (sentence.start as usize).max((cue.start as usize).saturating_sub(REACH));
    let to = (sentence.end as usize).min(cue.end as usize + REACH);
    let said = |i: usize| statement.content.iter().any(|c| c.overlaps(a.doc.span(TokenSpan::one(i))));
    let near = |words: &[&str]| (from..to).any(|i| words.contains(&a.doc.word(i)) && !said(i));
    let pluperfect =
        (from..cue.end as usize).any(|i| a.verb_at(i).is_some_and(|v| a.verbs[v].tokens.overlaps(cue) && a.verbs[v].perfect && a.doc.word(i) == "had"));
    if near(&["later", "afterwards", "subsequently"]) {
        1
    } else if pluperfect || near(&["earlier", "initially", "first", "originally", "previously", "begin"]) {
        -1
    } else {
        0
    }
}
