//! How much a text speaks of each country and province.

use super::{Evidence, Name, resolve};
use crate::extract::Analysis;
use crate::lexicon::gazetteer::{CountryCode, NameKey, PlaceId, PlaceKind};
use crate::lexicon::trie::Entry;
use crate::text::{Document, TokenSpan};
use std::collections::BTreeMap;

/// A country by its name.
const BY_NAME: f64 = 2.0;
/// A country by its people ("Afghan").
const BY_DEMONYM: f64 = 1.0;
/// The place at the head of the text.
const DATELINE: f64 = 3.0;
/// A place that the text itself puts into a country or province.
const SAID: f64 = 2.0;
/// A province by its name.
const PROVINCE_BY_NAME: f64 = 1.5;
/// One name counts no more than this often.
const MOST_MENTIONS: f64 = 3.0;

/// Shares of the countries and provinces, each from 0 to 1. A name's own votes can be left out, so that no name elects itself.
#[derive(Debug, Default)]
pub(super) struct Votes {
    countries: Tally<CountryCode>,
    provinces: Tally<u64>,
    /// The countries, those with the most votes first.
    order: Vec<CountryCode>,
}

#[derive(Debug)]
struct Tally<K> {
    votes: BTreeMap<K, f64>,
    own: BTreeMap<(NameKey, K), f64>,
    total: f64,
    total_own: BTreeMap<NameKey, f64>,
}

impl<K> Default for Tally<K> {
    fn default() -> Self {
        Self { votes: BTreeMap::new(), own: BTreeMap::new(), total: 0.0, total_own: BTreeMap::new() }
    }
}

impl<K: Ord + Copy> Tally<K> {
    fn add(&mut self, of: K, by: Option<NameKey>, weight: f64) {
        *self.votes.entry(of).or_default() += weight;
        self.total += weight;
        if let Some(name) = by {
            *self.own.entry((name, of)).or_default() += weight;
            *self.total_own.entry(name).or_default() += weight;
        }
    }

    /// Share of the votes that the name did not cast; out of `least` at least, so that a single vote is no landslide.
    fn share(&self, of: K, without: NameKey, least: f64) -> f64 {
        let votes = self.votes.get(&of).copied().unwrap_or(0.0) - self.own.get(&(without, of)).copied().unwrap_or(0.0);
        let total = self.total - self.total_own.get(&without).copied().unwrap_or(0.0);
        (votes / total.max(least)).max(0.0)
    }
}

impl Votes {
    /// Share of a country; 0 for none.
    pub fn country(&self, code: Option<CountryCode>, without: NameKey) -> f64 {
        code.map_or(0.0, |code| self.countries.share(code, without, 1.0))
    }

    /// Share of the country that the text speaks of most; low where it speaks of little.
    pub fn leading(&self, without: NameKey) -> f64 {
        let mut best = 0.0_f64;
        for &code in &self.order {
            best = best.max(self.countries.share(code, without, 4.0));
            // None behind the first that the name itself has no vote in can have more.
            if !self.countries.own.contains_key(&(without, code)) {
                break;
            }
        }
        best
    }

    fn put_in_order(&mut self) {
        let votes = &self.countries.votes;
        self.order = votes.keys().copied().collect();
        self.order.sort_by(|x, y| votes.get(y).partial_cmp(&votes.get(x)).unwrap_or(std::cmp::Ordering::Equal));
    }

    /// Share of a province, by the hash that places carry.
    pub fn province(&self, province: u64, without: NameKey) -> f64 {
        self.provinces.share(province, without, 1.5)
    }

    fn add(&mut self, country: Option<CountryCode>, by: Option<NameKey>, weight: f64) {
        if let Some(code) = country {
            self.countries.add(code, by, weight);
        }
    }

    fn add_province(&mut self, province: u64, by: Option<NameKey>, weight: f64) {
        if province != 0 {
            self.provinces.add(province, by, weight);
        }
    }
}

/// Counts demonyms, the title, and every name with what it may stand for.
pub(super) fn count(a: &Analysis<'_>, names: &[Name], pairs: &[Option<(PlaceId, PlaceId)>]) -> Votes {
    let mut votes = Votes::default();
    demonyms(a, &mut votes);
    title(a, &mut votes);
    let mut mentions: BTreeMap<_, f64> = BTreeMap::new();
    for (i, name) in names.iter().enumerate() {
        let n = mentions.entry(name.key).or_insert(0.0);
        *n += 1.0;
        if *n <= MOST_MENTIONS {
            let head = i == 0 && is_head(a, name.core);
            name_votes(a, name, pairs[i], if head { DATELINE } else { 1.0 / *n }, &mut votes);
        }
    }
    votes.put_in_order();
    votes
}

fn demonyms(a: &Analysis<'_>, votes: &mut Votes) {
    let mut seen: BTreeMap<u32, f64> = BTreeMap::new();
    for hit in &a.hits {
        if let Entry::Demonym(index) = hit.entry {
            let n = seen.entry(index).or_insert(0.0);
            *n += 1.0;
            if *n <= MOST_MENTIONS {
                votes.add(a.lexicon.gazetteer.country_at(index).map(|c| c.code), None, BY_DEMONYM / *n);
            }
        }
    }
}

/// Countries and well-known cities of the title.
fn title(a: &Analysis<'_>, votes: &mut Votes) {
    let gazetteer = &a.lexicon.gazetteer;
    let Some(title) = a.input.title else { return };
    let doc = Document::read(title, &a.lexicon.text);
    for start in 0..doc.len() {
        gazetteer.matches(&doc, start, &mut |_, key| {
            let known = gazetteer.candidates(key, false).filter_map(|c| gazetteer.place(c.id));
            for place in known.filter(|p| p.kind == PlaceKind::Country) {
                votes.add(place.country, None, BY_NAME);
            }
        });
    }
}

/// The first name of the text, when it stands at its very beginning.
fn is_head(a: &Analysis<'_>, core: TokenSpan) -> bool {
    (core.start as usize) < a.header.body_start.max(1)
}

fn name_votes(a: &Analysis<'_>, name: &Name, pair: Option<(PlaceId, PlaceId)>, weight: f64, votes: &mut Votes) {
    let gazetteer = &a.lexicon.gazetteer;
    if let Some(place) = pair.and_then(|(inner, _)| gazetteer.place(inner)) {
        // Said by the text, not by the name.
        votes.add(place.country, None, SAID * weight);
        votes.add_province(place.province, None, SAID * weight);
        return;
    }
    let places = name.candidates.iter().filter_map(|&c| Some((gazetteer.place(c.id)?, c)));
    let list: Vec<_> = places.map(|(p, c)| (p, 10f64.powf(resolve::prior(&p, c)))).collect();
    let total: f64 = list.iter().map(|(_, p)| p).sum();
    // "Georgia": a country whose name a big province bears too says little by itself.
    let also_province = list.iter().any(|(p, _)| p.kind == PlaceKind::Province && p.population > 1_000_000);
    let doubt = match name.evidence {
        _ if name.personal => 0.1,
        Evidence::None => 0.3,
        _ => 1.0,
    };
    for (place, probability) in list.iter().map(|(p, x)| (p, x / total.max(1.0))) {
        let strength = match place.kind {
            PlaceKind::Country if also_province => BY_NAME * 0.25,
            PlaceKind::Country => BY_NAME,
            _ => 1.0,
        };
        votes.add(place.country, Some(name.key), strength * probability * weight * doubt);
        let province = if place.kind == PlaceKind::Province { PROVINCE_BY_NAME } else { 1.0 };
        votes.add_province(place.province, Some(name.key), province * probability * weight * doubt);
    }
}
