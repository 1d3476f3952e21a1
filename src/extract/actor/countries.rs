//! Countries behind demonyms and states.

use crate::extract::Analysis;
use crate::lexicon::actors::Actor;
use crate::lexicon::gazetteer::{Country, CountryCode};

/// ISO code of the country of a demonym hit.
pub(super) fn of_demonym(a: &Analysis<'_>, index: u32) -> Option<String> {
    a.lexicon.gazetteer.country_at(index).map(|c| c.code.as_str().to_owned())
}

/// The lexicon's entry for a country's state.
pub(super) fn state(a: &Analysis<'_>, iso: &str) -> Option<u32> {
    a.lexicon.actors.by_key(&country(a, iso)?.key).map(|(index, _)| index)
}

/// Whether an entry is the state itself, not one of its ministries.
pub(super) fn is_state(a: &Analysis<'_>, actor: &Actor) -> bool {
    actor.kind == "state.government" && actor.country.as_deref().and_then(|iso| country(a, iso)).is_some_and(|c| c.key == actor.key)
}

/// Name of a country.
pub(super) fn name(a: &Analysis<'_>, iso: &str) -> Option<String> {
    country(a, iso).map(|c| c.name.clone())
}

/// Demonyms of a country.
pub(super) fn demonyms<'l>(a: &Analysis<'l>, iso: &str) -> &'l [String] {
    country(a, iso).map_or(&[], |c| c.demonyms.as_slice())
}

fn country<'l>(a: &Analysis<'l>, iso: &str) -> Option<&'l Country> {
    a.lexicon.gazetteer.country(CountryCode::parse(iso)?)
}

/// Kilometres between the middles of two countries; far where one is not known.
pub(super) fn distance(a: &Analysis<'_>, one: &str, other: &str) -> f64 {
    let middle = |iso: &str| country(a, iso).and_then(|c| a.lexicon.gazetteer.place(c.place));
    match (middle(one), middle(other)) {
        (Some(p), Some(q)) => p.km_to(q.latitude, q.longitude),
        _ => f64::INFINITY,
    }
}
