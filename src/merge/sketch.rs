//! What merging compares: a document and its reports, boiled down so that a pair of reports can be scored without their texts. A sketch is a
//! function of the text, its record and the table of common words, and never of other documents.

use super::words::{CommonWords, Words, words_of};
use crate::model::id::fold_name;
use crate::model::record::{self, Incident, Record};
use crate::model::{Count, DatePrecision};
use crate::text::word_hash;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Places of a document that are kept.
const MAX_PLACES: usize = 24;
/// Days before its publication within which an event of no date lies, as far as news tells it.
const NEWS: i32 = 7;

/// A document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentSketch {
    /// Day of publication, counted from 1970-01-01.
    pub published: Option<i32>,
    /// Its words.
    pub words: Words,
    /// Names of places in it, by hash, in order.
    pub places: Vec<u32>,
    /// In the order of its record.
    pub reports: Vec<ReportSketch>,
}

/// What one document says of one incident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportSketch {
    /// Code of the incident type list.
    pub kind: String,
    /// Told as context.
    pub background: bool,
    /// It happened, by some account.
    pub happened: bool,
    /// First and last day on which it can have been; none where nothing is known.
    pub window: Option<(i32, i32)>,
    /// How the window is known.
    pub told: Told,
    /// ISO 3166-1 alpha-2 of the place, else of most places of the document; empty where none is known.
    pub country: String,
    /// Where.
    pub place: Option<PlaceSketch>,
    /// Deaths.
    pub killed: Option<u32>,
    /// Injured.
    pub injured: Option<u32>,
    /// Names of those who did it or are said to have, by hash.
    pub doers: Vec<u32>,
    /// Named persons who were hit or meant: the words of each name, by hash.
    pub victims: Vec<Vec<u32>>,
    /// What those who were hit are called ("teacher"), by hash; words for anybody are left out.
    pub nouns: Vec<u32>,
    /// Codes of what was hit.
    pub targets: Vec<String>,
    /// Codes of the weapons.
    pub weapons: Vec<String>,
}

/// How the days of a report are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Told {
    /// The text gives one day.
    Day,
    /// The text gives a longer time.
    Vaguely,
    /// By the publication alone, or not at all.
    #[default]
    Not,
}

/// Where an incident happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceSketch {
    /// Folded name, by hash.
    pub name: u32,
    /// Folded name of the province, by hash; 0 where it is not known. Likewise the others.
    pub admin1: u32,
    /// District.
    pub admin2: u32,
    /// ISO 3166-1 alpha-2 of this very place; empty where it is not known.
    pub country: String,
    /// Latitude and longitude in thousandths of a degree.
    pub at: Option<(i32, i32)>,
    /// A town or spot, not an area.
    pub is_point: bool,
    /// Words of the building or spot, by hash.
    pub site: Vec<u32>,
}

impl DocumentSketch {
    /// Boils a document down. `title` counts as a part of the text.
    pub fn of(title: Option<&str>, text: &str, record: &Record, common: &CommonWords) -> Self {
        let published = record.document.published.as_deref().and_then(|p| p.get(..10)?.parse::<Date>().ok()).map(days);
        let country = main_country(record);
        let mut places: Vec<u32> = record.places.iter().map(|p| hash(&p.name)).collect::<BTreeSet<_>>().into_iter().collect();
        places.truncate(MAX_PLACES);
        let reports = record.incidents.iter().map(|incident| ReportSketch::of(incident, published, country)).collect();
        Self { published, words: words_of(title.unwrap_or(""), text, common), places, reports }
    }
}

impl ReportSketch {
    fn of(incident: &Incident, published: Option<i32>, country: &str) -> Self {
        let place = incident.place.as_ref();
        let told = match incident.date.map(|d| d.precision) {
            Some(DatePrecision::Day) => Told::Day,
            Some(_) => Told::Vaguely,
            None => Told::Not,
        };
        let window = match incident.date {
            Some(d) => Some((days(d.start), days(d.end))),
            None => published.filter(|_| !incident.background).map(|p| (p - NEWS, p)),
        };
        let named = |roles: &'static [&str]| incident.participants.iter().filter(move |p| p.name.is_some() && roles.contains(&p.role.as_str()));
        let persons = named(&["victim", "target", "captive"]).filter(|p| p.kind == "person");
        let targets = incident.participants.iter().filter(|p| matches!(p.role.as_str(), "victim" | "target" | "captive"));
        Self {
            kind: incident.kind.clone(),
            background: incident.background,
            happened: matches!(incident.certainty.as_str(), "reported" | "alleged" | "claimed" | "denied"),
            window,
            told,
            country: place.and_then(|p| p.country.as_deref()).unwrap_or(country).to_owned(),
            place: place.map(PlaceSketch::of),
            killed: incident.killed.and_then(Count::figure),
            injured: incident.injured.and_then(Count::figure),
            doers: sorted(named(&["perpetrator", "suspected", "claimant", "captor"]).filter_map(|p| p.name.as_deref()).map(hash)),
            victims: persons.filter_map(|p| p.name.as_deref()).map(name_words).collect(),
            nouns: sorted(incident.participants.iter().filter(|p| p.role == "victim").flat_map(|p| &p.mentions).filter_map(|m| noun(m))),
            targets: targets.filter_map(|p| p.target_type.clone()).collect::<BTreeSet<_>>().into_iter().collect(),
            weapons: incident.weapons.iter().map(|w| w.kind.clone()).collect::<BTreeSet<_>>().into_iter().collect(),
        }
    }
}

impl PlaceSketch {
    fn of(place: &record::Place) -> Self {
        let of = |name: &Option<String>| name.as_deref().map_or(0, hash);
        let thousandths = |degrees: f64| (degrees * 1000.0).round() as i32;
        Self {
            name: hash(&place.name),
            admin1: of(&place.admin1),
            admin2: of(&place.admin2),
            country: place.country.clone().unwrap_or_default(),
            at: place.latitude.zip(place.longitude).map(|(latitude, longitude)| (thousandths(latitude), thousandths(longitude))),
            is_point: matches!(place.precision.as_str(), "exact" | "near"),
            site: place.site.as_deref().map(site_words).unwrap_or_default(),
        }
    }
}

/// The country that most places of a document are in; of several the first by code.
fn main_country(record: &Record) -> &str {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for country in record.places.iter().filter_map(|p| p.country.as_deref()) {
        *counts.entry(country).or_default() += 1;
    }
    counts.into_iter().rev().max_by_key(|(_, n)| *n).map_or("", |(country, _)| country)
}

/// A day as a number: days since 1970-01-01.
pub fn days(date: Date) -> i32 {
    date.since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days())
}

/// Hash of a folded name; never 0.
pub(super) fn hash(name: &str) -> u32 {
    ((word_hash(&fold_name(name)) >> 32) as u32).max(1)
}

fn name_words(name: &str) -> Vec<u32> {
    sorted(fold_name(name).split(' ').filter(|w| w.chars().count() > 2).map(hash))
}

/// The last word of a mention in its singular, where it says who was hit.
fn noun(mention: &str) -> Option<u32> {
    const ANYBODY: [&str; 22] = [
        "people",
        "person",
        "persons",
        "man",
        "men",
        "woman",
        "women",
        "other",
        "others",
        "civilian",
        "victim",
        "casualty",
        "body",
        "resident",
        "passenger",
        "member",
        "dead",
        "injured",
        "wounded",
        "villager",
        "individual",
        "one",
    ];
    let folded = fold_name(mention);
    let last = folded.rsplit(' ').next()?;
    let singular = last.strip_suffix('s').filter(|w| w.len() > 3 && !w.ends_with('s')).unwrap_or(last);
    (!singular.is_empty() && !ANYBODY.contains(&singular) && !ANYBODY.contains(&last) && !singular.starts_with(|c: char| c.is_ascii_digit()))
        .then(|| hash(&singular.replace("men", "man")))
}

/// Words of a site that can tell it from another.
fn site_words(site: &str) -> Vec<u32> {
    const EMPTY: [&str; 24] = [
        "the", "a", "an", "of", "in", "at", "near", "on", "outside", "inside", "within", "and", "to", "his", "her", "their", "its", "area", "local", "town",
        "city", "village", "district", "busy",
    ];
    sorted(fold_name(site).split(' ').filter(|w| !EMPTY.contains(w)).map(hash))
}

fn sorted(hashes: impl Iterator<Item = u32>) -> Vec<u32> {
    hashes.collect::<BTreeSet<_>>().into_iter().collect()
}
