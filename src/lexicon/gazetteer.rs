//! Countries, regions and towns: `lexicon/countries.tsv`, `lexicon/places/*.tsv`.
//!
//! Some 85,000 places under 250,000 names load in well under 150 ms: the files stay as they are in one string, a place is the offset of
//! its line with the numbers that resolving needs, and a name is the hash of its words, sorted for binary search.
//! Columns, kinds and sources are described in `lexicon/places/README.md`.

mod kind;
mod load;
mod similar;
mod words;

pub use kind::{CountryCode, PlaceKind};
pub use words::PlaceWord;

use super::LexiconError;
use super::source::Source;
use super::trie::{Mix, Trie};
use crate::text::{Document, Shape, Tag, TokenSpan, WordMap};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// Index of a place in the gazetteer; stable for one set of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(pub u32);

/// The words of a name as one number; equal for all ways of hyphenating and accenting it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameKey(u64);

/// A place that a name may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The place.
    pub id: PlaceId,
    /// Whether it is the place's main name rather than an alternate.
    pub main: bool,
    /// Whether it is written in capitals.
    pub acronym: bool,
    /// Whether it is an abbreviation that stands behind a comma only ("Ala.").
    pub abbreviation: bool,
}

/// How far a name can be trusted to be one of a place, without looking around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Nothing is known against it.
    Plain,
    /// A big place that is a personal name too ("Jordan", "Sydney"): a place unless another name follows.
    AlsoPerson,
    /// More often a personal name or title ("Khan").
    Person,
    /// More often an English word ("Of", "Car").
    Word,
    /// A month or weekday ("March").
    Time,
}

/// One place; what is not needed for resolving is read from its line on demand.
#[derive(Clone, Copy, Debug)]
pub struct Place<'g> {
    /// Its index.
    pub id: PlaceId,
    /// What it is.
    pub kind: PlaceKind,
    /// Where; `None` where several countries share it (seas, borders, continents).
    pub country: Option<CountryCode>,
    /// Degrees, WGS 84.
    pub latitude: f64,
    /// Degrees, WGS 84.
    pub longitude: f64,
    /// People; 0 where not known.
    pub population: u32,
    /// Hash of the name of its province; equal for all places of one province of one country, 0 for none.
    pub province: u64,
    /// Added by hand, because news names it.
    pub by_hand: bool,
    line: Line<'g>,
}

/// A line of the gazetteer's text, looked up when it is read: the text is large and mostly not in the processor's caches.
#[derive(Clone, Copy)]
struct Line<'g> {
    text: &'g str,
    start: u32,
}

impl<'g> Line<'g> {
    fn get(self) -> &'g str {
        self.text.get(self.start as usize..).and_then(|rest| rest.split('\n').next()).unwrap_or("")
    }

    /// Column number `n`; nothing behind it is read.
    fn column(self, mut n: usize) -> &'g str {
        let rest = self.text.get(self.start as usize..).unwrap_or("");
        let mut from = 0;
        for (at, byte) in rest.bytes().enumerate() {
            match byte {
                b'\t' | b'\n' if n == 0 => return rest.get(from..at).unwrap_or(""),
                b'\n' => return "",
                b'\t' => (n, from) = (n - 1, at + 1),
                _ => {}
            }
        }
        if n == 0 { rest.get(from..).unwrap_or("") } else { "" }
    }
}

impl std::fmt::Debug for Line<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.get().fmt(f)
    }
}

impl<'g> Place<'g> {
    fn column(&self, n: usize) -> &'g str {
        self.line.column(n)
    }

    /// `gn:…` (GeoNames), `rg:…`, `dv:…` (this project) or `iso:…` (countries).
    pub fn key(&self) -> &'g str {
        self.column(0)
    }

    /// Plain current name.
    pub fn name(&self) -> &'g str {
        self.column(1)
    }

    /// Province or state, where known.
    pub fn admin1(&self) -> Option<&'g str> {
        Some(self.column(3)).filter(|name| !name.is_empty() && self.kind != PlaceKind::Country)
    }

    /// District or county, where known.
    pub fn admin2(&self) -> Option<&'g str> {
        match self.kind {
            PlaceKind::District | PlaceKind::Agency => Some(self.name()),
            PlaceKind::Country | PlaceKind::Province => None,
            _ => Some(self.column(4)).filter(|name| !name.is_empty()),
        }
    }

    /// Whether it lies less than so many km from a point.
    pub fn is_within(&self, km: f64, latitude: f64, longitude: f64) -> bool {
        least_kilometres(self.latitude, latitude) < km && self.km_to(latitude, longitude) < km
    }

    /// Great-circle distance in km.
    pub fn km_to(&self, latitude: f64, longitude: f64) -> f64 {
        kilometres((self.latitude, self.longitude), (latitude, longitude))
    }
}

/// A country with what its people are called.
#[derive(Clone, Debug)]
pub struct Country {
    /// Its place.
    pub place: PlaceId,
    /// ISO 3166-1 alpha-2.
    pub code: CountryCode,
    /// Plain current name.
    pub name: String,
    /// Kebab-case key, as actors that are states have it.
    pub key: String,
    /// "Pakistani", "Pakistanis".
    pub demonyms: Vec<String>,
    /// Its capital, where the gazetteer has it.
    pub capital: Option<PlaceId>,
}

/// All places.
#[derive(Debug, Default)]
pub struct Gazetteer {
    text: String,
    rows: Vec<Row>,
    /// (name, row with flags), sorted.
    names: Vec<(u64, u32)>,
    /// Where the names begin whose keys have these first bits, and the end of all.
    starts: Vec<u32>,
    /// First word of a name → number of words of the longest name that starts so.
    longest: HashMap<u64, u8, BuildHasherDefault<Mix>>,
    countries: Vec<Country>,
    /// Keys of the countries' capitals.
    capitals: WordMap<()>,
    trust: HashMap<u64, Trust, BuildHasherDefault<Mix>>,
    persons: HashSet<u64, BuildHasherDefault<Mix>>,
    /// (country and consonants of the main name, row), sorted.
    sounds: Vec<(u64, u32)>,
    words: words::PlaceWords,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    line: u32,
    latitude: f32,
    longitude: f32,
    population: u32,
    province: u64,
    country: CountryCode,
    kind: PlaceKind,
    by_hand: bool,
}

/// Set in the row part of a name: it is an alternate.
const ALTERNATE: u32 = 1 << 31;
/// Set in the row part of a name: it must be written in capitals ("NWFP", "AJK").
const ACRONYM: u32 = 1 << 30;
/// Set in the row part of a name: it was written with a full stop at its end ("Ala."), which texts may split off.
const ABBREVIATION: u32 = 1 << 29;
const ROW: u32 = ABBREVIATION - 1;
/// Names are found by the first bits of their keys, which hashing has made even: some four names of a full gazetteer have the same.
const BUCKET_BITS: u32 = 16;

impl Gazetteer {
    /// Loads the place files; demonyms go into the trie.
    pub(super) fn load(source: &Source, trie: &mut Trie) -> Result<Self, LexiconError> {
        load::load(source, trie)
    }

    /// Number of places.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no place was loaded.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Calls `found(end, key)` for every name that starts at token `start`, shortest first, as the tokens are written.
    pub fn matches(&self, doc: &Document<'_>, start: usize, found: &mut impl FnMut(usize, NameKey)) {
        let Some(&longest) = self.longest.get(&doc.token(start).hash) else { return };
        let (mut key, mut at) = (NameKey::start(), start);
        for _ in 0..longest {
            while at > start && doc.tag(at) == Tag::Hyphen {
                at += 1;
            }
            let token = doc.token(at);
            if at >= doc.len() || token.shape.has(Shape::PUNCTUATION) {
                return;
            }
            key = key.then(token.hash);
            at += 1;
            if self.range(key).is_empty() {
                continue;
            }
            found(at, key);
        }
    }

    /// The places that a name may stand for; `capitals`: whether the text writes it in capitals, as acronyms must be.
    pub fn candidates(&self, key: NameKey, capitals: bool) -> impl Iterator<Item = Candidate> + '_ {
        let names = &self.names[self.range(key)];
        names.iter().filter(move |(_, row)| capitals || row & ACRONYM == 0).map(|&(_, row)| Candidate {
            id: PlaceId(row & ROW),
            main: row & ALTERNATE == 0,
            acronym: row & ACRONYM != 0,
            abbreviation: row & ABBREVIATION != 0,
        })
    }

    fn range(&self, key: NameKey) -> std::ops::Range<usize> {
        let bucket = (key.0 >> (u64::BITS - BUCKET_BITS)) as usize;
        let Some(&[from, to]) = self.starts.get(bucket..bucket + 2) else { return 0..0 };
        let bucket = &self.names[from as usize..to as usize];
        let start = from as usize + bucket.iter().take_while(|&&(k, _)| k < key.0).count();
        let n = self.names[start..to as usize].iter().take_while(|&&(k, _)| k == key.0).count();
        start..start + n
    }

    /// How far the name of these tokens can be trusted. Names of several words can, unless each word is a personal name ("Ali Khan").
    pub fn trust(&self, doc: &Document<'_>, tokens: TokenSpan) -> Trust {
        if tokens.len() > 1 {
            let all_persons = tokens.range().all(|i| self.is_personal_name(doc, i) || doc.tag(i) == Tag::Hyphen);
            return if all_persons { Trust::Person } else { Trust::Plain };
        }
        self.trust.get(&doc.token(tokens.start as usize).hash).copied().unwrap_or(Trust::Plain)
    }

    /// Whether the token is a common first or last name.
    pub fn is_personal_name(&self, doc: &Document<'_>, token: usize) -> bool {
        self.persons.contains(&doc.token(token).hash)
    }

    /// What the token says of a name beside it.
    pub fn word(&self, doc: &Document<'_>, token: usize) -> PlaceWord {
        self.words.get(doc.token(token).hash)
    }

    /// The place of an index.
    pub fn place(&self, id: PlaceId) -> Option<Place<'_>> {
        let row = self.rows.get(id.0 as usize)?;
        Some(Place {
            id,
            kind: row.kind,
            country: row.country.known(),
            latitude: f64::from(row.latitude),
            longitude: f64::from(row.longitude),
            population: row.population,
            province: row.province,
            by_hand: row.by_hand,
            line: Line { text: &self.text, start: row.line },
        })
    }

    /// The places of a name given as text.
    pub fn named<'g>(&'g self, name: &str) -> impl Iterator<Item = Place<'g>> + 'g {
        let key = load::name_key(name);
        let range = key.map_or(0..0, |k| self.range(k));
        self.names[range].iter().filter_map(|&(_, row)| self.place(PlaceId(row & ROW)))
    }

    /// All countries, by code.
    pub fn countries(&self) -> &[Country] {
        &self.countries
    }

    /// Whether the place of this key is the capital of a country.
    pub fn is_seat_of_government(&self, key: &str) -> bool {
        self.capitals.get(key).is_some()
    }

    /// The country that a demonym hit carries.
    pub fn country_at(&self, index: u32) -> Option<&Country> {
        self.countries.get(index as usize)
    }

    /// The country of a code.
    pub fn country(&self, code: CountryCode) -> Option<&Country> {
        let at = self.countries.binary_search_by_key(&code, |c| c.code).ok()?;
        self.countries.get(at)
    }
}

impl NameKey {
    fn start() -> Self {
        Self(0)
    }

    fn then(self, word: u64) -> Self {
        let mut mix = Mix::default();
        mix.write_u64(self.0);
        mix.write_u64(word);
        Self(mix.finish())
    }
}

/// Great-circle distance in km between two points in degrees, on a sphere of 6,371 km.
pub fn kilometres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let h = ((lat_b - lat_a) / 2.0).sin().powi(2) + lat_a.cos() * lat_b.cos() * ((b.1 - a.1).to_radians() / 2.0).sin().powi(2);
    12_742.0 * h.sqrt().min(1.0).asin()
}

/// What the latitudes of two points alone show of their distance in km: it is at least this. Most places are too far away, and need no
/// sines to tell it.
pub fn least_kilometres(one: f64, other: f64) -> f64 {
    /// A degree of latitude is 111.2 km.
    const SURELY: f64 = 111.0;
    SURELY * (one - other).abs()
}

#[cfg(test)]
mod tests;
