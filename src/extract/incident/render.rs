//! From an incident to its part of the record, with the evidence for each field.

use super::Incident;
use super::towns::Towns;
use crate::extract::Analysis;
use crate::extract::analysis::{DateBasis, PlaceMention};
use crate::extract::limits::MOST_PARTICIPANTS;
use crate::extract::output;
use crate::model::record;
use crate::text::TokenSpan;

/// The record's view of an incident, in a text that names these towns.
pub fn incident(a: &Analysis<'_>, towns: &Towns<'_>, i: &Incident) -> record::Incident {
    let mut evidence = Vec::new();
    let mut prove = |field: &str, tokens: TokenSpan, rule: &str| {
        let words = a.excerpt(a.doc.span(tokens));
        evidence.push(record::Evidence { field: field.to_owned(), start: words.start, end: words.end, text: words.text, rule: rule.to_owned() });
    };
    for (tokens, rule) in &i.triggers {
        prove("type", *tokens, &format!("trigger.{rule}"));
    }
    let date = i.date.and_then(|d| a.dates.get(d));
    if let Some(d) = date.filter(|d| d.value.is_some()) {
        prove(
            "date",
            d.tokens,
            match d.basis {
                DateBasis::Explicit => "date.explicit",
                DateBasis::Publication => "date.from_publication",
                DateBasis::Text => "date.from_text",
                DateBasis::YearInferred => "date.year_inferred",
            },
        );
    }
    if let Some(p) = i.place {
        prove("place", a.places[p].tokens, if i.place_is_own { "place.clause" } else { "place.context" });
    }
    if let Some(site) = i.site {
        prove("place.site", site, "place.site");
    }
    for (n, p) in i.participants.iter().enumerate().take(MOST_PARTICIPANTS) {
        for &mention in &p.mentions {
            prove(&format!("participants.{n}"), mention, p.rule);
        }
    }
    let mut kinds: Vec<&str> = Vec::new();
    for (kind, tokens, implied) in &i.weapons {
        if !kinds.contains(&kind.as_str()) {
            kinds.push(kind);
        }
        let n = kinds.iter().position(|k| k == kind).unwrap_or(0);
        prove(&format!("weapons.{n}"), *tokens, if *implied { "weapon.implied" } else { "weapon.named" });
    }
    for (field, figures) in [("killed", &i.killed), ("injured", &i.injured)] {
        for f in figures {
            prove(field, f.tokens, f.rule);
        }
    }
    record::Incident {
        kind: i.kind.clone(),
        background: i.background,
        certainty: i.certainty.to_owned(),
        date: date.and_then(|d| d.value),
        place: place(a, towns, i),
        participants: i.participants.iter().take(MOST_PARTICIPANTS).map(|p| participant(a, p)).collect(),
        weapons: weapons(a, i),
        killed: i.killed.first().map(|f| f.count),
        injured: i.injured.first().map(|f| f.count),
        attributes: i.attributes.clone(),
        summary: summary(a, i),
        confidence: confidence(a, i),
        relevance: None,
        evidence,
    }
}

/// The weapons by kind, each with its words. One that the act only implies ("was shot") has none; the evidence shows the act's.
fn weapons(a: &Analysis<'_>, i: &Incident) -> Vec<record::Weapon> {
    let mut list: Vec<record::Weapon> = Vec::new();
    for (kind, tokens, implied) in &i.weapons {
        let words = (!implied).then(|| a.doc.text(*tokens).to_owned());
        match list.iter_mut().find(|w| w.kind == *kind) {
            Some(known) => known.mentions.extend(words.filter(|w| !known.mentions.contains(w))),
            None => list.push(record::Weapon { kind: kind.clone(), mentions: words.into_iter().collect() }),
        }
    }
    list
}

fn place(a: &Analysis<'_>, towns: &Towns<'_>, i: &Incident) -> Option<record::Place> {
    let p = a.places.get(i.place?)?;
    Some(record::Place {
        name: p.name.clone(),
        mention: a.doc.text(bare_name(a, p.tokens)).to_owned(),
        site: i.site.map(|s| a.doc.text(s).to_owned()),
        admin2: p.admin2.clone().or_else(|| holder_district(a, towns, p)).or_else(|| told_district(a, towns, i, p)),
        admin1: p.admin1.clone(),
        country: p.country.clone(),
        latitude: p.latitude,
        longitude: p.longitude,
        precision: p.precision.to_owned(),
    })
}

/// The district of a place whose own is not known: that of the place which the text says it lies in, or that place itself, since
/// districts bear the names of their seats ("Batmaloo in Srinagar").
fn holder_district(a: &Analysis<'_>, towns: &Towns<'_>, place: &PlaceMention) -> Option<String> {
    let holder = place.inside.and_then(|p| a.places.get(p)).filter(|p| matches!(p.precision, "exact" | "near" | "admin2"));
    // The town named elsewhere in the text that a quarter without a district lies in or beside ("Orangi", in a text on Karachi).
    let is_quarter = place.precision == "exact" && place.admin2.is_none();
    let holder = holder.or_else(|| if is_quarter { towns.around(a, place) } else { None })?;
    Some(holder.admin2.clone().unwrap_or_else(|| holder.name.clone()))
}

/// The district of a village or quarter that no gazetteer has: that of the wider place which the text gave for the same incident, or of
/// the town that it named last before it in the paragraph and the same province.
fn told_district(a: &Analysis<'_>, towns: &Towns<'_>, i: &Incident, place: &PlaceMention) -> Option<String> {
    let unknown = place.gazetteer.is_none();
    let district = |p: &PlaceMention| p.admin2.clone().or_else(|| matches!(p.precision, "exact" | "admin2").then(|| p.name.clone()));
    if let Some(wider) = i.holder.filter(|_| unknown).and_then(|p| a.places.get(p)) {
        return district(wider);
    }
    if !unknown || place.precision != "admin1" {
        return None;
    }
    let paragraphs = a.doc.paragraphs();
    let at = paragraphs.partition_point(|p| p.start <= place.tokens.start).checked_sub(1)?;
    let before = TokenSpan { start: paragraphs[at].start, end: place.tokens.start };
    let town = towns.last_in(a, place.admin1.as_deref(), before)?;
    town.admin2.clone().or_else(|| holder_district(a, towns, town))
}

/// "Udhampur" of "Udhampur district", "the Swat valley" → "Swat".
fn bare_name(a: &Analysis<'_>, tokens: TokenSpan) -> TokenSpan {
    let (mut start, mut end) = (tokens.start as usize, tokens.end as usize);
    // "Khost City" has its kind in its name; "Kohat city" has not.
    let named = |i: usize| matches!(a.doc.word(i), "city" | "town" | "village") && a.doc.token(i).shape.has(crate::text::Shape::CAPITAL);
    while end > start + 1 && GENERIC.contains(&a.doc.word(end - 1)) && !named(end - 1) {
        end -= 1;
    }
    while end > start + 1 && matches!(a.doc.word(start), "the" | "village" | "town" | "city" | "district" | "province" | "of") {
        start += 1;
    }
    TokenSpan::new(start, end)
}

/// Words for kinds of places that are no part of a name.
const GENERIC: &[&str] = &[
    "district",
    "province",
    "village",
    "town",
    "city",
    "agency",
    "area",
    "state",
    "division",
    "tehsil",
    "region",
    "valley",
    "subdivision",
    "block",
    "township",
    "municipality",
    "department",
    "county",
    "sector",
    "locality",
    "neighbourhood",
    "neighborhood",
];

fn participant(a: &Analysis<'_>, p: &super::Participant) -> record::Participant {
    let lexicon_name = p.actor.and_then(|x| a.lexicon.actors.get(x));
    let mut mentions: Vec<String> = Vec::new();
    for &tokens in &p.mentions {
        let words = a.doc.text(tokens).to_owned();
        if !mentions.contains(&words) {
            mentions.push(words);
        }
    }
    let named = matches!(p.kind, "organisation" | "state" | "person");
    record::Participant {
        name: lexicon_name.map(|x| x.name.clone()).or_else(|| p.entity.filter(|_| named).and_then(|e| a.entities[e].name.clone())),
        actor: lexicon_name.map(|x| x.key.clone()).or_else(|| p.entity.filter(|_| named).and_then(|e| output::key(a, e))),
        kind: p.kind.to_owned(),
        role: p.role.to_owned(),
        count: p.count,
        mentions,
        target_type: p.target_type.clone(),
        asserted_by: p.asserted_by.map(|s| s as u32),
        standing: p.standing.map(str::to_owned),
    }
}

/// The sentence with the most of the incident's evidence; the first of equals.
fn summary(a: &Analysis<'_>, i: &Incident) -> String {
    let weight = |&s: &usize| {
        let tokens = a.doc.sentences()[s];
        let has = |t: TokenSpan| usize::from(tokens.contains(t));
        i.triggers.iter().map(|t| has(t.0)).sum::<usize>()
            + i.killed.iter().chain(&i.injured).map(|f| 2 * has(f.tokens)).sum::<usize>()
            + i.place.map_or(0, |p| has(a.places[p].tokens))
            + i.date.map_or(0, |d| has(a.dates[d].tokens))
    };
    let best = i.sentences.iter().rev().max_by_key(|s| weight(s)).copied().unwrap_or(0);
    a.doc.sentences().get(best).map(|&s| a.doc.text(s).to_owned()).unwrap_or_default()
}

/// A first estimate: log-odds added up over what is known of the incident, until a fitted table replaces it.
fn confidence(a: &Analysis<'_>, i: &Incident) -> f64 {
    let mut log_odds = -0.4 + 0.5 * f64::from(i.weight);
    log_odds += if i.place_is_own { 0.6 } else { 0.0 };
    log_odds += if i.date.is_some() { 0.4 } else { 0.0 };
    log_odds += if i.killed.is_empty() && i.injured.is_empty() { 0.0 } else { 0.7 };
    log_odds += if i.participants.is_empty() { -0.3 } else { 0.4 };
    log_odds += 0.3 * (i.sentences.len().min(3) as f64 - 1.0);
    log_odds -= if i.certainty == "reported" { 0.0 } else { 0.6 };
    log_odds -= if a.doc.all_caps() { 0.2 } else { 0.0 };
    let p = 1.0 / (1.0 + f64::exp(-log_odds));
    (p * 100.0).round() / 100.0
}
