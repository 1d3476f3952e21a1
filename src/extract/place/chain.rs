//! Places inside places: "Mir Ali, North Waziristan", "Panjwai district of Kandahar province", "India's Punjab".

use crate::extract::Analysis;
use crate::extract::analysis::PlaceMention;
use crate::lexicon::gazetteer::{CountryCode, Place, PlaceKind, PlaceWord, kilometres};
use crate::text::{Tag, TokenSpan};
use std::collections::BTreeMap;

/// Furthest that the middle of a district may be from a place in it, in km.
const DISTRICT_KM: f64 = 90.0;

/// Where the name of a place that holds `inner` would start: right behind a comma, "in", "of", an opening bracket.
pub(super) fn container_start(a: &Analysis<'_>, inner: TokenSpan) -> Option<usize> {
    let (doc, gazetteer) = (&a.doc, &a.lexicon.gazetteer);
    let sentence = doc.sentence_of(inner.start as usize);
    let same = |i: usize| i < doc.len() && doc.sentence_of(i) == sentence;
    let mut at = inner.end as usize;
    // "Springfield, Illinois" may end a sentence at an abbreviation ("Mass."), never begin one.
    if !same(at) {
        return None;
    }
    // "the Rainawari Chowk area of Srinagar", "Karimabad section of Karachi"
    if same(at + 1)
        && !super::context::is_capital(doc, at)
        && (gazetteer.word(doc, at).names_kind() || matches!(doc.word(at), "section" | "neighbourhood" | "neighborhood" | "quarter"))
    {
        at += 1;
    }
    match doc.tag(at) {
        Tag::Comma | Tag::OpenBracket => at += 1,
        _ if matches!(doc.word(at), "in" | "of") => {}
        _ => return None,
    }
    // ", the capital of Balochistan", ", in northern Sri Lanka", ", the main town of …"
    for _ in 0..7 {
        if !same(at) {
            return None;
        }
        let word = gazetteer.word(doc, at);
        let is_link = matches!(doc.word(at), "in" | "of");
        let small = !super::context::is_capital(doc, at);
        let leads_on = word.has(PlaceWord::QUALIFIER) || word.has(PlaceWord::FILLER) || word.names_kind();
        if !(is_link || small && leads_on) {
            break;
        }
        at += 1;
    }
    (same(at) && super::context::is_capital(doc, at)).then_some(at)
}

/// Whether `outer` can hold `inner`.
pub(super) fn contains(outer: &Place<'_>, inner: &Place<'_>) -> bool {
    if outer.id == inner.id {
        return false;
    }
    let same_country = outer.country == inner.country;
    let km = || outer.km_to(inner.latitude, inner.longitude);
    match outer.kind {
        PlaceKind::Country => same_country && inner.kind != PlaceKind::Country,
        PlaceKind::Province => same_country && outer.province == inner.province && !matches!(inner.kind, PlaceKind::Country | PlaceKind::Province),
        PlaceKind::District | PlaceKind::Agency => {
            let named = inner.admin2().filter(|_| inner.kind.is_populated());
            same_country && inner.kind > PlaceKind::Agency && named.map_or_else(|| km() < DISTRICT_KM, |d| d == outer.name() || km() < DISTRICT_KM / 2.0)
        }
        PlaceKind::Valley => same_country && inner.kind > PlaceKind::Province && km() < 120.0,
        PlaceKind::Area => inner.kind > PlaceKind::Country && (outer.country.is_none() || same_country) && km() < 400.0,
        PlaceKind::Capital | PlaceKind::Seat | PlaceKind::Town => {
            same_country && inner.kind.is_populated() && km() < 40.0 && (inner.kind == PlaceKind::Locality || inner.population < outer.population / 4)
        }
        PlaceKind::Locality | PlaceKind::Sea | PlaceKind::Border => false,
    }
}

/// Where places begin: the first of them by each token that its name or its whole phrase starts with.
pub(super) struct Starts(BTreeMap<usize, usize>);

impl Starts {
    pub fn of(places: &[PlaceMention]) -> Self {
        let mut first = BTreeMap::new();
        for (i, place) in places.iter().enumerate() {
            first.entry(place.core.start as usize).or_insert(i);
            first.entry(place.tokens.start as usize).or_insert(i);
        }
        Self(first)
    }

    /// Index of the place that the text says some tokens lie in.
    pub fn holder(&self, a: &Analysis<'_>, tokens: TokenSpan) -> Option<usize> {
        container_start(a, tokens).and_then(|start| self.0.get(&start).copied())
    }
}

/// Sets `inside` where the text itself says that a place lies in another, and the two agree.
pub(super) fn set_containers(a: &Analysis<'_>, places: &mut [PlaceMention]) {
    let starts = Starts::of(places);
    for i in 0..places.len() {
        let outer = starts.holder(a, places[i].tokens);
        let before = i.checked_sub(1).filter(|&b| possessive_between(a, places[b].tokens, places[i].tokens));
        places[i].inside = outer.or(before).filter(|&o| o != i && agree(&places[o], &places[i]));
    }
}

/// "India's Punjab": the first holds the second.
pub(super) fn possessive_between(a: &Analysis<'_>, first: TokenSpan, second: TokenSpan) -> bool {
    let (doc, gazetteer) = (&a.doc, &a.lexicon.gazetteer);
    let (end, start) = (first.end as usize, second.start as usize);
    let possessive = doc.tag(end) == Tag::POS || matches!(doc.word(end), "'s" | "'");
    start > end && possessive && (end + 1..start).all(|i| gazetteer.word(doc, i).has(PlaceWord::QUALIFIER) || doc.word(i) == "tribal")
}

fn agree(outer: &PlaceMention, inner: &PlaceMention) -> bool {
    let code = |p: &PlaceMention| p.country.as_deref().and_then(CountryCode::parse);
    let km = || match (outer.latitude, outer.longitude, inner.latitude, inner.longitude) {
        (Some(a), Some(b), Some(c), Some(d)) => kilometres((a, b), (c, d)),
        _ => f64::INFINITY,
    };
    match outer.precision {
        _ if inner.gazetteer.is_none() => true,
        "country" => code(outer) == code(inner) && inner.precision != "country",
        "admin1" => code(outer) == code(inner) && outer.admin1 == inner.admin1 && outer.gazetteer != inner.gazetteer,
        "admin2" => code(outer) == code(inner) && outer.gazetteer != inner.gazetteer && km() < DISTRICT_KM,
        "area" => km() < 400.0,
        _ => code(outer) == code(inner) && km() < 40.0 && outer.gazetteer != inner.gazetteer,
    }
}
