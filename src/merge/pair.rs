//! How alike two reports are: named features of the two sketches, what forbids that they are one, and what only casts doubt on it. A function of
//! the two and nothing else, the same whichever comes first.

use super::sketch::{DocumentSketch, PlaceSketch, ReportSketch, Told};
use super::words::Words;
use crate::lexicon::gazetteer::kilometres;

/// Log-odds of two reports of one country, days apart at most, before anything else is known of them.
const PRIOR: f64 = -3.2;
/// Towns further apart than this are two.
const FAR_KM: f64 = 50.0;
/// Days on which two reports tell of two events, though text and names agree.
const LONG: i32 = 45;

/// A report with its document.
#[derive(Clone, Copy, Debug)]
pub struct Side<'s> {
    /// The document.
    pub document: &'s DocumentSketch,
    /// The report.
    pub report: &'s ReportSketch,
}

/// What two reports have in common and what not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pair {
    /// Log-odds by the rules, by name.
    pub parts: Vec<(&'static str, f64)>,
    /// What speaks so much against it that the rules alone never join the two: long texts in the same words may still tell of one event, of which
    /// one names the day or the town wrongly.
    pub doubt: Option<&'static str>,
    /// They cannot be one, whatever agrees.
    pub veto: Option<&'static str>,
    /// Cosine of the words, 0 to 1.
    pub cosine: f64,
    /// Days between the publications.
    pub apart: Option<i32>,
    /// What the learned score looks at, by the place of its name in [`FEATURES`].
    pub values: [f64; FEATURES.len()],
}

/// What the learned score looks at: first what the rules say, then doubts (1 where there is one), then days, then the texts.
pub const FEATURES: [&str; 29] = [
    "type",
    "date",
    "place",
    "killed",
    "injured",
    "victim",
    "target",
    "site",
    "doubt.class",
    "doubt.days",
    "doubt.country",
    "doubt.distance",
    "doubt.province",
    "doubt.victims",
    "days.same",
    "days.next",
    "days.apart",
    "place.unknown",
    "published.apart",
    "doubt.published",
    "words",
    "names",
    "names.none",
    "ages",
    "ages.none",
    "streets",
    "streets.none",
    "places",
    "background",
];

impl Pair {
    /// Compares two reports.
    pub fn of(a: Side<'_>, b: Side<'_>) -> Self {
        let mut pair = Self { apart: a.document.published.zip(b.document.published).map(|(x, y)| (x - y).abs()), ..Self::default() };
        pair.part("prior", PRIOR);
        pair.kinds(a.report, b.report);
        pair.dates(a, b);
        pair.places(a.report, b.report);
        let rises = |of: fn(&ReportSketch) -> Option<u32>| rises(a, b, of);
        pair.figures("killed", a.report.killed, b.report.killed, 1.0, rises(|r| r.killed));
        pair.figures("injured", a.report.injured, b.report.injured, 0.5, rises(|r| r.injured));
        // Deaths are the news where there are any.
        let only_injured = |r: &ReportSketch| r.killed.is_none() && r.injured.is_some_and(|n| n > 0);
        if [(a, b), (b, a)].iter().any(|(x, y)| only_injured(x.report) && y.report.killed.is_some_and(|n| n > 0)) {
            pair.part("toll", -0.6);
        }
        pair.people(a.report, b.report);
        pair.means(a.report, b.report);
        pair.texts(a.document, b.document);
        pair.set("background", f64::from(u8::from(a.report.background) + u8::from(b.report.background)));
        pair
    }

    /// Sum of the rules' parts.
    pub fn rules(&self) -> f64 {
        self.parts.iter().map(|(_, value)| value).sum()
    }

    /// Both texts give the day, and the same one.
    pub fn is_of_one_day(&self) -> bool {
        FEATURES.iter().zip(self.values).any(|(name, value)| *name == "days.same" && value > 0.0)
    }

    /// The texts have two rare names, an age or a street in common.
    pub fn shares_details(&self) -> bool {
        let value = |name: &str| FEATURES.iter().zip(self.values).find(|(n, _)| **n == name).map_or(0.0, |(_, value)| value);
        value("names") > 1.0 || value("ages") > 0.0 || value("streets") > 0.0
    }

    fn part(&mut self, name: &'static str, value: f64) {
        self.parts.push((name, value));
        self.set(name, value);
    }

    fn set(&mut self, name: &str, value: f64) {
        if let Some(at) = FEATURES.iter().position(|f| *f == name) {
            self.values[at] = value;
        }
    }

    /// `name` is that of its feature.
    fn doubt(&mut self, name: &'static str) {
        self.set(name, 1.0);
        self.doubt = self.doubt.or(name.strip_prefix("doubt."));
    }

    fn veto(&mut self, name: &'static str) {
        self.veto = self.veto.or(Some(name));
    }

    /// One event is told as an attack, a clash or a raid, and a bombing as an attack.
    fn kinds(&mut self, a: &ReportSketch, b: &ReportSketch) {
        let (x, y) = (class(&a.kind), class(&b.kind));
        if a.kind == b.kind {
            self.part("type", 1.0);
        } else if x == y {
            // "A bomb" may well be the suicide bombing of another report.
            self.part("type", if UNSPECIFIC.contains(&a.kind.as_str()) || UNSPECIFIC.contains(&b.kind.as_str()) { 0.8 } else { 0.3 });
        } else if matches!((group(x), group(y)), ("fight", "fight") | ("blast", "blast")) {
            self.part("type", 0.2);
        } else if violence(&a.kind) == violence(&b.kind) {
            self.part("type", -0.8);
        } else {
            self.doubt("doubt.class");
        }
        // What was planned or threatened is not what happened, even on the same day.
        if a.happened != b.happened {
            self.veto("certainty");
        }
    }

    fn dates(&mut self, a: Side<'_>, b: Side<'_>) {
        for (x, y) in [(a, b), (b, a)] {
            // Nobody reports what has not happened yet. A day after the publication of the very text that tells it is a misreading.
            if let (Told::Day, Some((day, _)), Some(own), Some(other)) = (x.report.told, x.report.window, x.document.published, y.document.published)
                && day <= own
                && day > other + 1
            {
                self.doubt("doubt.published");
            }
        }
        let (Some(x), Some(y)) = (a.report.window, b.report.window) else {
            return self.part("date", -0.5);
        };
        let exact = a.report.told == Told::Day && b.report.told == Told::Day;
        let gap = (x.0 - y.1).max(y.0 - x.1).max(0);
        let holds = |x: (i32, i32), y: (i32, i32)| x.0 <= y.0 && y.1 <= x.1;
        match (exact, gap) {
            (true, 0) => {
                self.set("days.same", 1.0);
                self.part("date", 2.0);
            }
            (false, 0) => self.part("date", if holds(x, y) || holds(y, x) { 0.8 } else { 0.4 }),
            // The day of a report is easily taken for the day of the event.
            (_, 1) => {
                self.set("days.next", f64::from(u8::from(exact)));
                self.part("date", if exact { -0.2 } else { 0.3 });
            }
            (true, LONG..) => self.veto("days"),
            // Each tells its news of the week, and the weeks are two.
            _ if a.report.told == Told::Not && b.report.told == Told::Not => self.veto("days"),
            (false, 2..=3) => self.part("date", -1.0),
            _ => self.doubt("doubt.days"),
        }
        if gap > 1 {
            self.set("days.apart", f64::from(gap.min(60)).ln_1p());
        }
    }

    fn places(&mut self, a: &ReportSketch, b: &ReportSketch) {
        if !a.country.is_empty() && !b.country.is_empty() && a.country != b.country {
            self.doubt("doubt.country");
        }
        let (Some(x), Some(y)) = (&a.place, &b.place) else {
            self.set("place.unknown", 1.0);
            return self.part("place", -0.7);
        };
        if !x.site.is_empty() && !y.site.is_empty() {
            self.part("site", if share(&x.site, &y.site) { 0.6 } else { -1.0 });
        }
        if x.is_point && y.is_point {
            let distance = x.at.zip(y.at).map(|(x, y)| kilometres(degrees(x), degrees(y)));
            let value = match distance {
                Some(km) if km > FAR_KM => return self.doubt("doubt.distance"),
                _ if x.name == y.name => 2.0,
                Some(km) if km < 5.0 => 1.6,
                Some(km) if km < 20.0 => 0.8,
                Some(_) => 0.0,
                None => -0.5,
            };
            return self.part("place", value);
        }
        self.areas(x, y);
    }

    fn areas(&mut self, x: &PlaceSketch, y: &PlaceSketch) {
        let equal = |x: u32, y: u32| (x != 0 && y != 0).then_some(x == y);
        match (equal(x.admin2, y.admin2), equal(x.admin1, y.admin1)) {
            (Some(true), _) => self.part("place", 1.2),
            // District names change and are given for towns just over their bounds, so another district is no doubt.
            (_, Some(true)) => self.part("place", 0.4),
            (_, Some(false)) => self.doubt("doubt.province"),
            _ if !x.country.is_empty() && x.country == y.country => self.part("place", -0.2),
            _ => {
                self.set("place.unknown", 1.0);
                self.part("place", -0.7);
            }
        }
    }

    /// Equal tolls speak for one incident, tolls apart against it; later reports count more, so a factor of two costs little.
    fn figures(&mut self, name: &'static str, a: Option<u32>, b: Option<u32>, weight: f64, rises: bool) {
        let (Some(x), Some(y)) = (a, b) else { return };
        if x == y {
            // That three died says less than that seventeen did.
            return self.part(name, weight * (0.6 + 0.25 * f64::from(x).ln_1p()).min(1.4));
        }
        // Tolls rise as days pass: that costs half of what a fall does.
        let factor = ((f64::from(x) + 1.0) / (f64::from(y) + 1.0)).ln().abs() * if rises { 0.5 } else { 1.0 };
        self.part(name, weight * (0.5 - factor).max(-2.5));
    }

    /// Named persons who were hit or meant, kinds of what was hit, and who did it.
    fn people(&mut self, a: &ReportSketch, b: &ReportSketch) {
        if !a.doers.is_empty() && !b.doers.is_empty() {
            self.part("perpetrator", if share(&a.doers, &b.doers) { 0.8 } else { -0.6 });
        }
        if !a.victims.is_empty() && !b.victims.is_empty() {
            let pairs = || a.victims.iter().flat_map(|x| b.victims.iter().map(move |y| (x, y)));
            // "Khan" and "Wali Khan" may be one man.
            if pairs().any(|(x, y)| x == y) {
                self.part("victim", 2.0);
            } else if pairs().any(|(x, y)| share(x, y)) {
                self.part("victim", 0.8);
            } else {
                self.doubt("doubt.victims");
                // Each tells of one dead and has his name.
                if [a, b].iter().all(|r| r.killed == Some(1) && r.victims.len() == 1) {
                    self.veto("victims");
                }
            }
        }
        let shared = || a.targets.iter().filter(|t| b.targets.contains(t));
        let is_specific = |code: &str| !GENERAL.contains(&code);
        let specific = shared().any(|t| is_specific(t));
        if a.targets.is_empty() || b.targets.is_empty() {
        } else if specific {
            self.part("target", 0.6);
        } else if shared().next().is_some() {
            // That people were hit says next to nothing.
            self.part("target", 0.1);
        } else if a.targets.iter().any(|t| b.targets.iter().any(|u| class(t) == class(u))) {
            self.part("target", 0.2);
        } else {
            self.part("target", if a.targets.iter().chain(&b.targets).all(|t| is_specific(t)) { -1.2 } else { -0.5 });
        }
        // A teacher is no shopkeeper; a policeman may be an officer.
        if !a.nouns.is_empty() && !b.nouns.is_empty() && !specific && !share(&a.nouns, &b.nouns) {
            self.part("victims", -1.0);
        }
    }

    fn means(&mut self, a: &ReportSketch, b: &ReportSketch) {
        if a.weapons.is_empty() || b.weapons.is_empty() {
        } else if a.weapons.iter().any(|w| b.weapons.contains(w)) {
            self.part("weapon", 0.4);
        } else if a.weapons.iter().any(|w| b.weapons.iter().any(|v| class(v) == class(w))) {
            self.part("weapon", 0.1);
        } else {
            self.part("weapon", -0.4);
        }
    }

    fn texts(&mut self, a: &DocumentSketch, b: &DocumentSketch) {
        let (x, y) = (&a.words, &b.words);
        self.cosine = cosine(x, y);
        self.set("words", self.cosine);
        let mut counted = |name: &'static str, none: &'static str, n: usize, both: bool, value: f64| {
            self.set(name, value);
            if both && n == 0 {
                self.set(none, 1.0);
            }
        };
        let n = n_shared(&x.names, &y.names);
        counted("names", "names.none", n, !x.names.is_empty() && !y.names.is_empty(), (n as f64).ln_1p());
        let n = n_shared(&x.ages, &y.ages);
        counted("ages", "ages.none", n, !x.ages.is_empty() && !y.ages.is_empty(), n.min(3) as f64);
        let n = n_shared(&x.streets, &y.streets);
        counted("streets", "streets.none", n, !x.streets.is_empty() && !y.streets.is_empty(), n.min(2) as f64);
        if !a.places.is_empty() && !b.places.is_empty() {
            let n = n_shared(&a.places, &b.places) as f64;
            self.set("places", n / ((a.places.len() * b.places.len()) as f64).sqrt());
        }
        self.set("published.apart", self.apart.map_or(1.5, |days| f64::from(days.min(60)).ln_1p()));
    }
}

/// Types that say nothing of the means.
const UNSPECIFIC: [&str; 2] = ["explosion.bomb", "attack.armed_assault"];
/// Codes that may be given for anybody.
const GENERAL: [&str; 4] = ["private_citizen", "other", "unknown", "government.general"];

fn class(code: &str) -> &str {
    code.split('.').next().unwrap_or(code)
}

fn group(class: &str) -> &str {
    match class {
        "attack" | "clash" | "operation" => "fight",
        "explosion" | "remote" => "blast",
        other => other,
    }
}

/// What candidates are looked up by: kinds that one event may be told as share it.
pub fn violence(kind: &str) -> &str {
    match group(class(kind)) {
        "fight" | "blast" => "violence",
        other => other,
    }
}

/// Whether the figure of the later report is the higher one.
fn rises(a: Side<'_>, b: Side<'_>, of: fn(&ReportSketch) -> Option<u32>) -> bool {
    let (Some(x), Some(y)) = (a.document.published.zip(of(a.report)), b.document.published.zip(of(b.report))) else { return false };
    x.0 < y.0 && x.1 < y.1 || y.0 < x.0 && y.1 < x.1
}

fn degrees(thousandths: (i32, i32)) -> (f64, f64) {
    (f64::from(thousandths.0) / 1000.0, f64::from(thousandths.1) / 1000.0)
}

fn share(a: &[u32], b: &[u32]) -> bool {
    a.iter().any(|x| b.contains(x))
}

/// How many values two ordered lists have in common.
fn n_shared<T: Ord>(a: &[T], b: &[T]) -> usize {
    a.iter().filter(|x| b.binary_search(x).is_ok()).count()
}

/// Cosine of two lists of weights, both in the order of their words.
fn cosine(a: &Words, b: &Words) -> f64 {
    let (mut i, mut j, mut dot) = (0, 0, 0u64);
    while let (Some(x), Some(y)) = (a.weights.get(i), b.weights.get(j)) {
        match x.0.cmp(&y.0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                dot += u64::from(x.1) * u64::from(y.1);
                i += 1;
                j += 1;
            }
        }
    }
    let square = |w: &Words| w.weights.iter().map(|(_, weight)| u64::from(*weight) * u64::from(*weight)).sum::<u64>() as f64;
    let length = (square(a) * square(b)).sqrt();
    if length > 0.0 { dot as f64 / length } else { 0.0 }
}
