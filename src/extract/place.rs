//! Place names: found, resolved to the gazetteer, located where the gazetteer does not know them.
//!
//! Names are found by the longest match (`find`), judged by what stands around them (`context`), resolved by what the rest of the text
//! says of countries, provinces and other places (`resolve`), and completed by names that only a pattern gives away (`pattern`).

mod chain;
mod context;
mod find;
mod metonym;
mod pattern;
mod person;
mod resolve;
mod votes;

use super::Analysis;
use super::analysis::PlaceMention;
use crate::lexicon::gazetteer::{Candidate, NameKey, Place, PlaceId, PlaceWord, Trust};
use crate::text::TokenSpan;
use std::rc::Rc;

/// The pass.
pub fn find_places(a: &mut Analysis<'_>) {
    let found = find::names(a);
    let (resolved, losses) = resolve::resolve(a, found);
    let mut places: Vec<PlaceMention> = resolved.iter().map(|name| mention(a, name)).collect();
    pattern::put_where_the_text_says(a, &mut places);
    pattern::add_unknown(a, &mut places);
    places.sort_by_key(|p| p.tokens);
    places.dedup_by(|later, earlier| earlier.tokens.overlaps(later.tokens));
    chain::set_containers(a, &mut places);
    for place in &mut places {
        place.metonym = metonym::stands_for_government(a, place);
        place.dateline = a.header.dateline_place.is_some_and(|d| d.overlaps(place.tokens));
    }
    a.set_places(places);
    a.place_losses = losses;
}

/// A reading of a name that was not taken.
#[derive(Clone, Copy, Debug)]
pub struct PlaceLoss {
    /// The name.
    pub tokens: TokenSpan,
    /// The place that was taken; `None` where the name is no place here.
    pub taken: Option<PlaceId>,
    /// The place that lost.
    pub lost: PlaceId,
    /// By how much, in powers of ten of population.
    pub by: f64,
}

/// A name that may be a place, before it is resolved.
#[derive(Clone, Debug)]
struct Name {
    /// The name itself.
    core: TokenSpan,
    /// With the word beside it that says what it is ("Bannu district", "the city of Nice").
    tokens: TokenSpan,
    key: NameKey,
    /// What it may stand for, the most populous first; shared by all mentions that are written alike.
    candidates: Rc<[Candidate]>,
    /// Number of that list: two names with the same one have the same candidates.
    list: usize,
    trust: Trust,
    /// What the word beside it says it is.
    wants: Option<PlaceWord>,
    /// What speaks for its being a place here.
    evidence: Evidence,
    /// What speaks for its being a person here ("said Bell").
    personal: bool,
    /// Not a place, but its country counts ("Pakistan Army").
    vote_only: bool,
}

/// How much the surroundings of a name speak for a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Evidence {
    /// Nothing but the name.
    None,
    /// "from X", "X residents", a list of places.
    Some,
    /// "in X", "X district", "X, Illinois".
    Strong,
}

/// A name with the place it was resolved to.
#[derive(Clone, Debug)]
struct Resolved {
    name: Name,
    place: PlaceId,
}

fn mention(a: &Analysis<'_>, r: &Resolved) -> PlaceMention {
    let Some(place) = a.lexicon.gazetteer.place(r.place) else { return PlaceMention::default() };
    let known = at_place(&place);
    PlaceMention {
        tokens: r.name.tokens,
        core: r.name.core,
        admin2: known.admin2.clone().or_else(|| wants_district(&r.name).then(|| place.name().to_owned())),
        precision: precision(&r.name, &place),
        ..known
    }
}

/// What the gazetteer says of a place, to be completed by where it is named.
fn at_place(place: &Place<'_>) -> PlaceMention {
    PlaceMention {
        name: place.name().to_owned(),
        gazetteer: Some(place.key().to_owned()),
        country: place.country.map(|c| c.as_str().to_owned()),
        admin1: place.admin1().map(str::to_owned),
        // Some sources write "Karachi District", most the name alone.
        admin2: place.admin2().map(|name| name.strip_suffix(" District").unwrap_or(name).to_owned()),
        latitude: Some(degrees(place.latitude)),
        longitude: Some(degrees(place.longitude)),
        precision: place.kind.precision(),
        ..PlaceMention::default()
    }
}

fn wants_district(name: &Name) -> bool {
    name.wants.is_some_and(|w| w.has(PlaceWord::DISTRICT))
}

/// A district known only by its chief town is still a district.
fn precision(name: &Name, place: &Place<'_>) -> &'static str {
    match name.wants {
        Some(w) if w.has(PlaceWord::DISTRICT) && place.kind.is_populated() => "admin2",
        Some(w) if w.has(PlaceWord::PROVINCE) && place.kind.is_populated() => "admin1",
        _ => place.kind.precision(),
    }
}

/// Four decimals, as the files have them, without the noise of 32-bit numbers.
fn degrees(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests;
