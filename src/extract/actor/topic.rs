//! Which countries and which time a text is about.

use super::countries;
use crate::extract::Analysis;
use crate::lexicon::actors::Validity;
use crate::lexicon::trie::Entry;
use std::collections::BTreeMap;

/// Countries by weight, and the year.
#[derive(Debug, Default)]
pub struct Topic {
    countries: BTreeMap<String, i32>,
    /// Countries in which the text names a town, district or province.
    with_places: Vec<String>,
    year: Option<i16>,
    /// Day of publication.
    published: Option<jiff::civil::Date>,
}

impl Topic {
    /// Reads it off dateline, places, demonyms and states.
    pub fn of(a: &Analysis<'_>) -> Self {
        let mut this = Self::default();
        for place in &a.places {
            let Some(country) = &place.country else { continue };
            let weight = if place.dateline { 3 } else { 1 };
            *this.countries.entry(country.clone()).or_default() += weight;
            if !place.metonym && place.precision != "country" && !this.with_places.contains(country) {
                this.with_places.push(country.clone());
            }
        }
        for hit in &a.hits {
            let country = match hit.entry {
                Entry::Demonym(index) => countries::of_demonym(a, index),
                Entry::Actor(index) => a.lexicon.actors.get(index).filter(|x| countries::is_state(a, x)).and_then(|x| x.country.clone()),
                Entry::Term(_) => None,
            };
            if let Some(country) = country {
                *this.countries.entry(country).or_default() += 1;
            }
        }
        if this.countries.is_empty() {
            // No place at all: where its groups are at home.
            for hit in &a.hits {
                let Entry::Actor(index) = hit.entry else { continue };
                if let Some(country) = a.lexicon.actors.get(index).and_then(|x| x.country.clone()) {
                    *this.countries.entry(country).or_default() += 1;
                }
            }
        }
        this.published = a.header.published;
        let published = a.header.published.map(|d| d.year());
        this.year = published.or_else(|| a.dates.iter().filter_map(|d| d.value.map(|v| v.start.year())).max());
        this
    }

    /// How much the text speaks of a country.
    pub fn weight(&self, iso: &str) -> i32 {
        self.countries.get(iso).copied().unwrap_or(0)
    }

    /// The country it speaks of most; the first by code among equals.
    pub fn main(&self) -> Option<&str> {
        let best = self.countries.iter().max_by_key(|(code, weight)| (**weight, std::cmp::Reverse(*code)))?;
        Some(best.0)
    }

    /// Whether the text is about somewhere else: it names no town or province of the country and speaks of another much more.
    pub fn is_marginal(&self, iso: &str) -> bool {
        let most = self.main().map_or(0, |main| self.weight(main));
        !self.with_places.iter().any(|c| c == iso) && self.weight(iso) * 3 < most
    }

    /// Whether the text's year lies outside an interval.
    pub fn outside(&self, valid: &Validity) -> bool {
        self.outside_dates(&valid.from, &valid.to)
    }

    /// The same for two partial dates; what is over is outside where the text's year is not known.
    pub fn outside_dates(&self, from: &str, to: &str) -> bool {
        // Partial dates of one form compare as their letters do: a group founded in December is not spoken of in July.
        if let Some(day) = self.published.map(|d| d.to_string()) {
            let now = |partial: &str| day.get(..partial.len()).unwrap_or(&day).to_owned();
            return !from.is_empty() && now(from).as_str() < from || !to.is_empty() && now(to).as_str() > to;
        }
        let year = |date: &str| date.get(..4).and_then(|y| y.parse::<i16>().ok());
        let Some(now) = self.year else { return !to.is_empty() };
        year(from).is_some_and(|from| now < from) || year(to).is_some_and(|to| now > to)
    }
}
