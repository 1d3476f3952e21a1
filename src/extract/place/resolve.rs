//! Which place a name stands for.
//!
//! Each candidate is scored on a scale of powers of ten of population: how well known it is, how much the text speaks of its country and
//! province, whether the place named behind it holds it, what the word beside it says it is, and how near it lies to the other places of
//! the text. A name means one place throughout a text, unless its own surroundings say otherwise.

use super::votes::{self, Votes};
use super::{Evidence, Name, PlaceLoss, Resolved, chain};
use crate::extract::Analysis;
use crate::lexicon::gazetteer::{Candidate, NameKey, Place, PlaceId, PlaceKind, Trust, kilometres, least_kilometres};
use std::collections::{BTreeMap, BTreeSet};

/// Weight of a text that speaks of nothing but the candidate's country.
const COUNTRY_SHARE: f64 = 3.0;
/// The same for the province.
const PROVINCE_SHARE: f64 = 2.0;
/// The text says outright that the candidate lies in the place named next.
const CONTAINED: f64 = 5.0;
/// The word beside the name fits ("district", "town").
const FITS: f64 = 4.0;
/// At no distance from another place of the text; fades with distance.
const NEAR: f64 = 1.5;
/// Distance over which nearness fades to a third, in km.
const NEAR_KM: f64 = 120.0;
/// A town this near the middle of a district of its name is that district's seat, in km.
const DISTRICT_KM: f64 = 80.0;
/// Rounds of looking at the other places as resolved so far.
const ROUNDS: usize = 2;
/// So many places of a text are looked at for nearness; more tell nothing new.
const MOST_ANCHORS: usize = 400;
/// So many mentions may say of the others what their name stands for; more would not change the choice.
const MOST_SHARES: u32 = 20;

/// Resolves the names and leaves out those that turn out to be none; and what lost.
pub(super) fn resolve(a: &Analysis<'_>, names: Vec<Name>) -> (Vec<Resolved>, Vec<PlaceLoss>) {
    let mut scores = Scores::new(a, &names);
    let votes = votes::count(a, &names, &scores.best_pairs);
    scores.add_votes(&votes);
    for _ in 0..ROUNDS {
        scores.look_around();
    }
    let chosen = scores.chosen();
    let rivals = scores.rivals();
    let pairs = std::mem::take(&mut scores.best_pairs);
    let others = Others::of(a, &names, &chosen);
    let kept: Vec<bool> = (0..names.len()).map(|i| is_kept(a, &names[i], chosen[i], pairs[i].is_some(), &votes, &others)).collect();
    let losses = losses(&names, &chosen, &kept, &rivals);
    let listed = names.into_iter().zip(chosen).zip(kept);
    (listed.filter(|(_, kept)| *kept).filter_map(|((name, place), _)| Some(Resolved { name, place: place? })).collect(), losses)
}

/// The runner-up of each name that is a place here, and the names that are none.
fn losses(names: &[Name], chosen: &[Option<PlaceId>], kept: &[bool], rivals: &[Option<(PlaceId, f64)>]) -> Vec<PlaceLoss> {
    let loss = |i: usize| {
        let (tokens, taken) = (names[i].tokens, chosen[i]?);
        if kept[i] {
            rivals[i].map(|(lost, by)| PlaceLoss { tokens, taken: Some(taken), lost, by })
        } else {
            Some(PlaceLoss { tokens, taken: None, lost: taken, by: 0.0 })
        }
    };
    (0..names.len()).filter_map(loss).collect()
}

/// How well known a place is, in powers of ten of population; kinds without people by what news says of them.
pub(super) fn prior(place: &Place<'_>, candidate: Candidate) -> f64 {
    let people = f64::from(place.population);
    let known = match place.kind {
        PlaceKind::Country => 8.5,
        PlaceKind::Province => 2.0 + 0.7 * (people + 1000.0).log10(),
        PlaceKind::District => 4.4 + 0.1 * (people + 1.0).log10(),
        PlaceKind::Agency => 5.0,
        PlaceKind::Capital => (people + 1000.0).log10() + 1.0,
        PlaceKind::Seat => (people + 1000.0).log10() + 0.4,
        PlaceKind::Town => (people + 1000.0).log10(),
        PlaceKind::Locality => (people + 2000.0).log10(),
        PlaceKind::Valley => 5.0,
        PlaceKind::Area | PlaceKind::Border | PlaceKind::Sea => 6.0,
    };
    let alternate_of_town = !candidate.main && place.kind.is_populated();
    known - if alternate_of_town { 0.5 } else { 0.0 } + if place.by_hand { 0.5 } else { 0.0 }
}

struct Scores<'n, 'g> {
    names: &'n [Name],
    /// By the number of its list: what a name may stand for, and how much speaks for each wherever it is named.
    readings: Vec<Reading<'g>>,
    /// Per name and candidate what its own surroundings say.
    own: Vec<Vec<f64>>,
    /// Of a name's places those that some mention shares with the others, and how many do.
    shares: BTreeMap<NameKey, Vec<(PlaceId, u32)>>,
    /// How many of these are a mention's own.
    shared_by: BTreeMap<(usize, PlaceId), u32>,
    /// Per name: the candidate that the place named next supports, with that place.
    best_pairs: Vec<Option<(PlaceId, PlaceId)>>,
}

/// The candidates of a name, with what is the same at all its mentions.
#[derive(Default)]
struct Reading<'g> {
    places: Vec<Place<'g>>,
    known: Vec<f64>,
    country: Vec<f64>,
    province: Vec<f64>,
    near: Vec<f64>,
}

impl<'g> Reading<'g> {
    fn of(a: &'g Analysis<'_>, candidates: &[Candidate]) -> Self {
        let found: Vec<(Place<'g>, Candidate)> = candidates.iter().filter_map(|&c| Some((a.lexicon.gazetteer.place(c.id)?, c))).collect();
        let places: Vec<Place<'g>> = found.iter().map(|(place, _)| *place).collect();
        let mut known: Vec<f64> = found.iter().map(|(place, c)| prior(place, *c)).collect();
        weigh_namesakes(&places, &mut known, candidates);
        let none = vec![0.0; places.len()];
        Self { places, known, country: none.clone(), province: none.clone(), near: none }
    }
}

impl<'n, 'g> Scores<'n, 'g> {
    fn new(a: &'g Analysis<'_>, names: &'n [Name]) -> Self {
        let mut readings: Vec<Reading<'g>> = Vec::new();
        let mut own = Vec::with_capacity(names.len());
        for name in names {
            readings.resize_with(readings.len().max(name.list + 1), Reading::default);
            let reading = &mut readings[name.list];
            if reading.places.is_empty() {
                *reading = Reading::of(a, &name.candidates);
            }
            own.push(reading.places.iter().map(|place| fit(name, place)).collect());
        }
        let (shares, shared_by) = (BTreeMap::new(), BTreeMap::new());
        let mut this = Self { names, readings, own, shares, shared_by, best_pairs: vec![None; names.len()] };
        this.add_containers(a);
        this
    }

    fn places(&self, i: usize) -> &[Place<'g>] {
        &self.readings[self.names[i].list].places
    }

    /// The scores of a name's candidates.
    fn totals(&self, i: usize) -> Vec<f64> {
        let reading = &self.readings[self.names[i].list];
        let mut totals = reading.known.clone();
        for &(place, n) in self.shares.get(&self.names[i].key).into_iter().flatten() {
            let n = n - self.shared_by.get(&(i, place)).copied().unwrap_or(0);
            for (_, total) in reading.places.iter().zip(&mut totals).filter(|(p, _)| p.id == place) {
                // What others say of the name outweighs that the place is little known.
                (0..n).for_each(|_| *total = total.max(0.0) + CONTAINED / 2.0);
            }
        }
        for (at, total) in totals.iter_mut().enumerate() {
            *total += reading.country[at];
            *total += reading.province[at];
            *total = *total + self.own[i][at] + reading.near[at];
        }
        totals
    }

    /// "A, B": the pair of candidates of which one holds the other and that are best known together.
    fn add_containers(&mut self, a: &Analysis<'_>) {
        let mut by_start: BTreeMap<usize, usize> = BTreeMap::new();
        for (i, name) in self.names.iter().enumerate() {
            by_start.entry(name.core.start as usize).or_insert(i);
        }
        let mut fitting: BTreeMap<(usize, usize), Vec<(usize, usize)>> = BTreeMap::new();
        for i in 0..self.names.len() {
            let behind = chain::container_start(a, self.names[i].tokens).and_then(|start| by_start.get(&start).copied());
            let before = i.checked_sub(1).filter(|&b| chain::possessive_between(a, self.names[b].tokens, self.names[i].tokens));
            let Some(outer) = behind.or(before).filter(|&o| o != i) else { continue };
            let lists = (self.names[i].list, self.names[outer].list);
            let pairs = fitting.entry(lists).or_insert_with(|| fitting_pairs(self.places(i), self.places(outer)));
            if pairs.is_empty() {
                continue;
            }
            let (inner, holder) = (self.totals(i), self.totals(outer));
            let mut best: Option<(f64, usize, usize)> = None;
            for &(x, y) in pairs.iter() {
                let sum = inner[x] + holder[y] - if self.places(outer)[y].kind.is_populated() { 2.0 } else { 0.0 };
                if best.is_none_or(|(known, ..)| sum > known) {
                    best = Some((sum, x, y));
                }
            }
            let Some((_, x, y)) = best else { continue };
            let (small, large) = (self.places(i)[x].id, self.places(outer)[y].id);
            self.best_pairs[i] = Some((small, large));
            self.own[i][x] += CONTAINED;
            self.own[outer][y] += CONTAINED;
            self.share(i, small);
            self.share(outer, large);
        }
    }

    /// Lets the other mentions of the name know what it stands for here.
    fn share(&mut self, from: usize, place: PlaceId) {
        let shares = self.shares.entry(self.names[from].key).or_default();
        let at = shares.iter().position(|(id, _)| *id == place).unwrap_or(shares.len());
        if at == shares.len() {
            shares.push((place, 0));
        }
        let n = &mut shares[at].1;
        if *n < MOST_SHARES {
            *n += 1;
            *self.shared_by.entry((from, place)).or_default() += 1;
        }
    }

    fn add_votes(&mut self, votes: &Votes) {
        let mut done = vec![false; self.readings.len()];
        for name in self.names {
            if std::mem::replace(&mut done[name.list], true) {
                continue;
            }
            let reading = &mut self.readings[name.list];
            for (at, place) in reading.places.iter().enumerate() {
                reading.country[at] = COUNTRY_SHARE * votes.country(place.country, name.key);
                reading.province[at] = PROVINCE_SHARE * votes.province(place.province, name.key);
            }
        }
    }

    /// Nearness to the places chosen so far, countries and continents left out.
    fn look_around(&mut self) {
        let chosen = (0..self.names.len()).filter_map(|i| Some((self.names[i].key, self.best(i)?)));
        let local = chosen.filter(|(_, p)| p.kind.is_populated() || matches!(p.kind, PlaceKind::District | PlaceKind::Agency | PlaceKind::Valley));
        let mut seen: BTreeSet<(NameKey, PlaceId)> = BTreeSet::new();
        let new = local.filter(|(key, p)| seen.insert((*key, p.id)));
        let anchors: Vec<(NameKey, f64, f64)> = new.map(|(key, p)| (key, p.latitude, p.longitude)).take(MOST_ANCHORS).collect();
        let mut done = vec![false; self.readings.len()];
        for name in self.names {
            let reading = &mut self.readings[name.list];
            if std::mem::replace(&mut done[name.list], true) || reading.places.len() < 2 {
                continue;
            }
            for (place, near) in reading.places.iter().zip(&mut reading.near) {
                let here = (place.latitude, place.longitude);
                let others = anchors.iter().filter(|(key, ..)| *key != name.key);
                let nearer = |known: f64, &(_, lat, lon): &(NameKey, f64, f64)| {
                    if least_kilometres(here.0, lat) >= known { known } else { known.min(kilometres(here, (lat, lon))) }
                };
                *near = NEAR * (-others.fold(f64::MAX, nearer) / NEAR_KM).exp();
            }
        }
    }

    /// Per name the second best candidate, and by how much it is worse.
    fn rivals(&self) -> Vec<Option<(PlaceId, f64)>> {
        let second = |i: usize| {
            let totals = self.totals(i);
            let first = best_of(&totals)?;
            let rest = (0..totals.len()).filter(|&at| self.places(i)[at].id != self.places(i)[first].id);
            let rival = rest.max_by(|&x, &y| totals[x].total_cmp(&totals[y]))?;
            Some((self.places(i)[rival].id, totals[first] - totals[rival]))
        };
        (0..self.names.len()).map(second).collect()
    }

    fn chosen(&self) -> Vec<Option<PlaceId>> {
        (0..self.names.len()).map(|i| self.best(i).map(|place| place.id)).collect()
    }

    fn best(&self, i: usize) -> Option<Place<'g>> {
        best_of(&self.totals(i)).map(|at| self.places(i)[at])
    }
}

/// Of two names' candidates those pairs of which the second can hold the first.
fn fitting_pairs(inner: &[Place<'_>], holders: &[Place<'_>]) -> Vec<(usize, usize)> {
    let pairs = (0..inner.len()).flat_map(|x| (0..holders.len()).map(move |y| (x, y)));
    pairs.filter(|&(x, y)| chain::contains(&holders[y], &inner[x])).collect()
}

/// The best score; of equals the first, whose place is the more populous.
fn best_of(totals: &[f64]) -> Option<usize> {
    (0..totals.len()).fold(None, |best, at| if best.is_none_or(|b: usize| totals[at] > totals[b]) { Some(at) } else { best })
}

fn fit(name: &Name, place: &Place<'_>) -> f64 {
    match name.wants {
        Some(word) if word.fits(place.kind) => FITS,
        Some(word) if word.has(crate::lexicon::gazetteer::PlaceWord::POPULATED) && place.kind.is_division() => -1.0,
        _ => 0.0,
    }
}

/// "in Kandahar" is the city, "in New York" too, where nothing says "province"; "Salisbury" is no former name where one bears it still.
fn weigh_namesakes(places: &[Place<'_>], known: &mut [f64], candidates: &[Candidate]) {
    let towns: Vec<&Place<'_>> = places.iter().filter(|p| p.kind.is_populated()).collect();
    let cities: Vec<_> = towns.iter().filter(|p| p.population >= 50_000).map(|p| p.country).collect();
    let has_seat = |d: &Place<'_>| towns.iter().any(|t| t.country == d.country && t.is_within(DISTRICT_KM, d.latitude, d.longitude));
    let is_main = |id: PlaceId| candidates.iter().any(|c| c.id == id && c.main);
    let bearer = places.iter().any(|p| is_main(p.id) && (!p.kind.is_populated() || p.population >= 10_000));
    for (place, known) in places.iter().zip(known) {
        if place.kind == PlaceKind::Province && cities.contains(&place.country) {
            *known -= 1.2;
        }
        if matches!(place.kind, PlaceKind::District | PlaceKind::Agency) && has_seat(place) {
            *known -= 3.0;
        }
        if bearer && place.kind.is_populated() && !is_main(place.id) {
            *known -= 1.0;
        }
    }
}

/// Names stay that their own surroundings show to be places; the others where the rest of the text speaks for them.
fn is_kept(a: &Analysis<'_>, name: &Name, chosen: Option<PlaceId>, said: bool, votes: &Votes, others: &Others<'_>) -> bool {
    let Some(place) = chosen.and_then(|id| a.lexicon.gazetteer.place(id)) else { return false };
    if name.vote_only {
        return false;
    }
    let share = votes.country(place.country, name.key);
    if is_stray(name, &place, share, votes.leading(name.key), said) {
        return false;
    }
    let fits = name.wants.is_some_and(|w| w.fits(place.kind));
    match name.trust {
        Trust::Plain | Trust::AlsoPerson => match (name.evidence, name.personal) {
            (Evidence::Strong, false) => true,
            (Evidence::Strong, true) => fits || place.kind <= PlaceKind::Seat || place.population >= 15_000,
            (Evidence::Some, true) => place.kind <= PlaceKind::Province,
            (Evidence::Some, false) => is_prominent(&place) || place.population >= 15_000 || share >= 0.2 || others.has_near(&place),
            (Evidence::None, true) => place.kind == PlaceKind::Country || place.kind == PlaceKind::Capital,
            (Evidence::None, false) => is_prominent(&place) || others.has_better(name),
        },
        _ if name.evidence == Evidence::Strong => true,
        _ => {
            // "a police station in Tank", in a text that names no country at all
            let silent = votes.leading(name.key) < 0.1 && (place.key().starts_with("rg:") || name.trust == Trust::Word && place.population >= 20_000);
            let known = place.kind.is_division() || place.population >= 10_000 || !matches!(place.kind, PlaceKind::Town);
            (share >= 0.4 || silent) && (known || fits)
        }
    }
}

/// A small or differently named place of a country that the text does not speak of, while it speaks of another: "Boda" in a text on
/// Jharkhand is a village that the gazetteer does not know, not the town in the Central African Republic.
fn is_stray(name: &Name, place: &Place<'_>, share: f64, leading: f64, said: bool) -> bool {
    let main = name.candidates.iter().any(|c| c.id == place.id && c.main);
    let least = if name.evidence == Evidence::Strong { 15_000 } else { 100_000 };
    let minor = place.population < least && !matches!(place.kind, PlaceKind::Capital | PlaceKind::Seat) || !main;
    let local = place.kind.is_populated() || matches!(place.kind, PlaceKind::District | PlaceKind::Agency);
    local && minor && !said && share < 0.04 && leading >= 0.5
}

/// So well known that its name needs nothing beside it.
fn is_prominent(place: &Place<'_>) -> bool {
    !place.kind.is_populated() || matches!(place.kind, PlaceKind::Capital | PlaceKind::Seat) || place.population >= 100_000
}

/// What the other names of a text say of one.
struct Others<'g> {
    /// Places that the text shows to be some, countries left out.
    strong: Vec<Place<'g>>,
    /// How many mentions of each name stand where a place stands.
    evident: BTreeMap<NameKey, usize>,
}

impl<'g> Others<'g> {
    fn of(a: &'g Analysis<'_>, names: &[Name], chosen: &[Option<PlaceId>]) -> Self {
        let strong = names.iter().zip(chosen).filter(|(n, _)| n.evidence == Evidence::Strong && !n.vote_only);
        let mut seen: BTreeSet<PlaceId> = BTreeSet::new();
        let places = strong.filter_map(|(_, id)| id.filter(|id| seen.insert(*id)).and_then(|id| a.lexicon.gazetteer.place(id)));
        let strong = places.filter(|p| p.kind != PlaceKind::Country).take(MOST_ANCHORS).collect();
        let mut evident: BTreeMap<NameKey, usize> = BTreeMap::new();
        for name in names.iter().filter(|n| is_evident(n)) {
            *evident.entry(name.key).or_default() += 1;
        }
        Self { strong, evident }
    }

    fn has_near(&self, place: &Place<'_>) -> bool {
        self.strong.iter().any(|p| p.id != place.id && p.is_within(150.0, place.latitude, place.longitude))
    }

    /// Whether another mention of the name stands where a place stands.
    fn has_better(&self, name: &Name) -> bool {
        self.evident.get(&name.key).is_some_and(|&n| n > usize::from(is_evident(name)))
    }
}

fn is_evident(name: &Name) -> bool {
    name.evidence > Evidence::None && !name.personal && !name.vote_only
}
