//! Precision and recall of a record per field. Optional gold entries count neither as hits nor as misses.

use super::gold::{Gold, GoldIncident, GoldStatement};
use crate::model::Record;
use crate::model::record::{Actor, Incident, Statement};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Hits, predictions and gold entries of one field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Predictions that agree with gold.
    pub hits: u32,
    /// Predictions.
    pub predicted: u32,
    /// Gold entries.
    pub gold: u32,
}

impl Tally {
    /// Share of predictions that are right, in percent; 100 where nothing was predicted and nothing wanted.
    pub fn precision(self) -> f64 {
        percent(self.hits, self.predicted, self.gold)
    }

    /// Share of gold that was found, in percent.
    pub fn recall(self) -> f64 {
        percent(self.hits, self.gold, self.predicted)
    }

    /// Harmonic mean of both.
    pub fn f1(self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }
    }
}

fn percent(part: u32, whole: u32, other: u32) -> f64 {
    if whole == 0 { if other == 0 { 100.0 } else { 0.0 } } else { 100.0 * f64::from(part) / f64::from(whole) }
}

/// Tallies by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scores(pub BTreeMap<&'static str, Tally>);

impl Scores {
    fn add(&mut self, field: &'static str, hits: u32, predicted: u32, gold: u32) {
        let tally = self.0.entry(field).or_default();
        tally.hits += hits;
        tally.predicted += predicted;
        tally.gold += gold;
    }

    /// A field that every matched pair has: right or wrong.
    fn judge(&mut self, field: &'static str, right: bool) {
        self.add(field, u32::from(right), 1, 1);
    }

    /// Adds another document's tallies.
    pub fn merge(&mut self, other: &Self) {
        for (field, tally) in &other.0 {
            self.add(field, tally.hits, tally.predicted, tally.gold);
        }
    }

    /// One row a field, fit for a terminal and for a baseline file.
    pub fn table(&self) -> String {
        let mut out = format!("{:<24} {:>6} {:>6} {:>6}   {:>5} {:>9} {:>5}\n", "field", "P", "R", "F1", "hits", "predicted", "gold");
        for (field, t) in &self.0 {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{field:<24} {:>6.1} {:>6.1} {:>6.1}   {:>5} {:>9} {:>5}", t.precision(), t.recall(), t.f1(), t.hits, t.predicted, t.gold);
        }
        out
    }
}

/// Scores one record.
pub fn score(gold: &Gold, record: &Record) -> Scores {
    let mut scores = Scores::default();
    let pairs = incidents(gold, record, &mut scores);
    actors(gold, record, &mut scores);
    statements(gold, record, &pairs, &mut scores);
    relations(gold, record, &mut scores);
    figures(gold, record, &mut scores);
    scores
}

/// Greedy one-to-one matching by falling weight; a weight of 0 or less is no match. Ties go to the earlier entries.
fn matching(n_gold: usize, n_predicted: usize, weight: impl Fn(usize, usize) -> i32) -> Vec<(usize, usize)> {
    let mut all: Vec<(i32, usize, usize)> =
        (0..n_gold).flat_map(|g| (0..n_predicted).map(move |p| (g, p))).map(|(g, p)| (-weight(g, p), g, p)).filter(|w| w.0 < 0).collect();
    all.sort_unstable();
    let (mut used_gold, mut used_predicted, mut pairs) = (vec![false; n_gold], vec![false; n_predicted], Vec::new());
    for (_, g, p) in all {
        if !used_gold[g] && !used_predicted[p] {
            (used_gold[g], used_predicted[p]) = (true, true);
            pairs.push((g, p));
        }
    }
    pairs
}

fn incidents(gold: &Gold, record: &Record, scores: &mut Scores) -> Vec<(usize, usize)> {
    let pairs = matching(gold.incidents.len(), record.incidents.len(), |g, p| likeness(&gold.incidents[g], &record.incidents[p]));
    let optional = |g: usize| gold.incidents[g].optional;
    let wanted = gold.incidents.iter().filter(|g| !g.optional).count() as u32;
    let free = pairs.iter().filter(|(g, _)| optional(*g)).count() as u32;
    scores.add("incident", pairs.len() as u32 - free, record.incidents.len() as u32 - free, wanted);
    for &(g, p) in pairs.iter().filter(|(g, _)| !optional(*g)) {
        fields(&gold.incidents[g], &record.incidents[p], scores);
    }
    let alarms = gold
        .non_incidents
        .iter()
        .filter(|n| {
            record
                .incidents
                .iter()
                .any(|i| happened(&i.certainty) && i.evidence.iter().any(|e| e.field == "type" && covers(&n.text, &e.text) && i.summary.contains(&n.text)))
        })
        .count();
    scores.add("non_incident avoided", (gold.non_incidents.len() - alarms) as u32, gold.non_incidents.len() as u32, gold.non_incidents.len() as u32);
    pairs
}

fn happened(certainty: &str) -> bool {
    !matches!(certainty, "planned" | "threatened" | "hypothetical" | "denied")
}

fn covers(outer: &str, inner: &str) -> bool {
    !inner.is_empty() && outer.contains(inner)
}

/// How much speaks for gold and prediction being one incident.
fn likeness(gold: &GoldIncident, predicted: &Incident) -> i32 {
    let kind = predicted.kind.as_str();
    let class = |k: &str| k.split('.').next().unwrap_or("").to_owned();
    let mut w = if gold.kind == kind {
        3
    } else if gold.also.iter().any(|k| k == kind) {
        2
    } else {
        i32::from(class(&gold.kind) == class(kind)) - 2
    };
    let anchored = gold.anchor.iter().any(|x| {
        predicted.evidence.iter().any(|e| matches!(e.field.as_str(), "type" | "killed" | "injured") && (covers(x, &e.text) || covers(&e.text, x)))
            && predicted.evidence.iter().any(|_| true)
    });
    let told = gold.anchor.iter().any(|x| predicted.summary.contains(x.as_str()));
    w += 2 * i32::from(anchored) + 3 * i32::from(told);
    w += 2 * i32::from(gold.date.is_some() && gold.date == predicted.date);
    w += 2 * i32::from(gold.place.as_ref().is_some_and(|g| predicted.place.as_ref().is_some_and(|p| same_name(&g.name, &p.name))));
    w += 2 * i32::from(gold.killed.is_some() && gold.killed == predicted.killed);
    w - 3
}

fn same_name(a: &str, b: &str) -> bool {
    norm(a) == norm(b)
}

/// Lower-case letters and digits, words by single spaces, no leading article.
pub fn norm(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let skip = usize::from(words.len() > 1 && matches!(words[0], "the" | "a" | "an"));
    words[skip..].join(" ")
}

fn fields(gold: &GoldIncident, predicted: &Incident, scores: &mut Scores) {
    scores.judge("incident.type", gold.kind == predicted.kind || gold.also.contains(&predicted.kind));
    scores.judge("incident.background", gold.background == predicted.background);
    scores.judge("incident.certainty", happened(&gold.certainty) == happened(&predicted.certainty));
    scores.judge("incident.date", gold.date.map(|d| (d.start, d.end)) == predicted.date.map(|d| (d.start, d.end)));
    let place = |name: Option<&str>, country: Option<&str>| (name.map(norm), country.map(str::to_owned));
    let (g, p) = (gold.place.as_ref(), predicted.place.as_ref());
    let (wanted, got) = (place(g.map(|g| g.name.as_str()), None).0, place(p.map(|p| p.name.as_str()), None).0);
    let site_or_mention = p.is_some_and(|p| wanted.as_deref().is_some_and(|w| norm(&p.mention) == w || p.admin2.as_deref().map(norm).as_deref() == Some(w)));
    scores.judge("incident.place", wanted == got || site_or_mention);
    scores.judge("incident.country", g.and_then(|g| g.country.clone()) == p.and_then(|p| p.country.clone()));
    scores.judge("incident.killed", figure(gold.killed) == figure(predicted.killed));
    scores.judge("incident.injured", figure(gold.injured) == figure(predicted.injured));
    let roles: Vec<(&str, &str, Option<&str>)> = gold.participants.iter().map(|g| (role_class(&g.role), g.text.as_str(), g.name.as_deref())).collect();
    let hits = matching(roles.len(), predicted.participants.len(), |g, p| {
        let (role, text, name) = roles[g];
        let participant = &predicted.participants[p];
        if role != role_class(&participant.role) {
            return 0;
        }
        let named = name.is_some_and(|n| participant.name.as_deref().is_some_and(|m| same_name(n, m)));
        let words = participant.mentions.iter().any(|m| overlap_words(m, text));
        2 * i32::from(named) + i32::from(words)
    })
    .len() as u32;
    scores.add("incident.participants", hits, predicted.participants.len() as u32, roles.len() as u32);
    let weapon_hits = gold.weapons.iter().filter(|g| predicted.weapons.iter().any(|p| p.kind == g.kind)).count() as u32;
    scores.add("incident.weapons", weapon_hits.min(predicted.weapons.len() as u32), predicted.weapons.len() as u32, gold.weapons.len() as u32);
    scores.judge("incident.suicide", gold.attributes.iter().any(|x| x == "suicide") == predicted.attributes.iter().any(|x| x == "suicide"));
}

fn role_class(role: &str) -> &str {
    match role {
        "victim" | "target" | "captive" => "patient",
        // Who takes captives and who arrests does the act, whatever the list calls it.
        "perpetrator" | "captor" | "responder" => "agent",
        other => other,
    }
}

fn figure(count: Option<crate::model::Count>) -> Option<u32> {
    count.and_then(crate::model::Count::figure)
}

/// One holds the other, or they end in the same word: the same noun phrase with more or less around it.
fn overlap_words(a: &str, b: &str) -> bool {
    let (a, b) = (norm(a), norm(b));
    !a.is_empty() && !b.is_empty() && (format!(" {a} ").contains(&format!(" {b} ")) || format!(" {b} ").contains(&format!(" {a} ")))
}

fn actors(gold: &Gold, record: &Record, scores: &mut Scores) {
    let pairs = matching(gold.actors.len(), record.actors.len(), |g, p| {
        let (g, p): (_, &Actor) = (&gold.actors[g], &record.actors[p]);
        let named = g.name.as_deref().zip(p.name.as_deref()).is_some_and(|(a, b)| same_name(a, b));
        let mentioned =
            g.mentions.iter().any(|m| p.mentions.iter().any(|x| norm(&x.text) == norm(m)) || p.description.as_deref().is_some_and(|d| norm(d) == norm(m)));
        // Names must agree where both have one; a description finds an unnamed one by its words.
        4 * i32::from(named)
            + i32::from(mentioned && (g.name.is_none() || p.name.is_none() || overlap_words(g.name.as_deref().unwrap_or(""), p.name.as_deref().unwrap_or(""))))
    });
    let free = pairs.iter().filter(|(g, _)| gold.actors[*g].optional).count() as u32;
    let wanted = gold.actors.iter().filter(|g| !g.optional).count() as u32;
    scores.add("actor", pairs.len() as u32 - free, record.actors.len() as u32 - free, wanted);
}

fn statements(gold: &Gold, record: &Record, incidents: &[(usize, usize)], scores: &mut Scores) {
    let pairs = matching(gold.statements.len(), record.statements.len(), |g, p| {
        let (g, p) = (&gold.statements[g], &record.statements[p]);
        let content = content_overlap(g, p);
        let cue = g.cue.as_deref().zip(p.cue.as_ref()).is_some_and(|(g, p)| overlap_words(g, &p.text));
        let speaker = speaker_agrees(g, p);
        // Without content (no comment) cue and speaker decide.
        if content >= 0.3 { (content * 10.0) as i32 + i32::from(cue) + i32::from(speaker) } else { i32::from(g.content.is_empty() && cue && speaker) }
    });
    let optional = |g: usize| gold.statements[g].optional;
    let free = pairs.iter().filter(|(g, _)| optional(*g)).count() as u32;
    let wanted = gold.statements.iter().filter(|g| !g.optional).count() as u32;
    scores.add("statement", pairs.len() as u32 - free, record.statements.len() as u32 - free, wanted);
    for &(g, p) in pairs.iter().filter(|(g, _)| !optional(*g)) {
        let (g, p) = (&gold.statements[g], &record.statements[p]);
        scores.judge("statement.kind", g.kind == p.kind);
        scores.judge("statement.mode", g.mode == p.mode);
        scores.judge("statement.speaker", speaker_agrees(g, p));
        let about = g.about.iter().filter(|&&i| incidents.iter().any(|&(gi, pi)| gi == i && p.about.contains(&(pi as u32)))).count() as u32;
        scores.add("statement.about", about, p.about.len() as u32, g.about.len() as u32);
    }
}

fn speaker_agrees(gold: &GoldStatement, predicted: &Statement) -> bool {
    match (&gold.speaker, &predicted.speaker) {
        (None, None) => true,
        (Some(g), Some(p)) => overlap_words(g, &p.text),
        _ => false,
    }
}

/// Share of common words (as a multiset) in the union of both contents.
fn content_overlap(gold: &GoldStatement, predicted: &Statement) -> f64 {
    let words = |text: &str| norm(text).split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let g: Vec<String> = gold.content.iter().flat_map(|c| words(c)).collect();
    let mut p: Vec<String> = predicted.content.iter().flat_map(|c| words(&c.text)).collect();
    let (n_gold, n_predicted) = (g.len(), p.len());
    let common = g.iter().filter(|w| p.iter().position(|x| &x == w).map(|i| p.swap_remove(i)).is_some()).count();
    if n_gold + n_predicted == common { 0.0 } else { common as f64 / (n_gold + n_predicted - common) as f64 }
}

fn relations(gold: &Gold, record: &Record, scores: &mut Scores) {
    let symmetric = |r: &str| matches!(r, "allied_with" | "opposes" | "negotiates_with" | "alias_of");
    let pairs = matching(gold.relations.len(), record.relations.len(), |g, p| {
        let (g, p) = (&gold.relations[g], &record.relations[p]);
        let same = |a: &str, b: &str| overlap_words(a, b);
        let straight = same(&g.subject, &p.subject) && same(&g.object, &p.object);
        let crossed = symmetric(&g.relation) && same(&g.subject, &p.object) && same(&g.object, &p.subject);
        i32::from(g.relation == p.relation && (straight || crossed))
    });
    let free = pairs.iter().filter(|(g, _)| gold.relations[*g].optional).count() as u32;
    let wanted = gold.relations.iter().filter(|g| !g.optional).count() as u32;
    scores.add("relation", pairs.len() as u32 - free, record.relations.len() as u32 - free, wanted);
}

fn figures(gold: &Gold, record: &Record, scores: &mut Scores) {
    let pairs = matching(gold.figures.len(), record.figures.len(), |g, p| {
        let (g, p) = (&gold.figures[g], &record.figures[p]);
        i32::from(overlap_words(&g.text, &p.text) || g.value.is_some() && g.value == p.value && p.text.split(' ').any(|w| w.len() > 3 && g.text.contains(w)))
    });
    let free = pairs.iter().filter(|(g, _)| gold.figures[*g].optional).count() as u32;
    let wanted = gold.figures.iter().filter(|g| !g.optional).count() as u32;
    scores.add("figure", pairs.len() as u32 - free, record.figures.len() as u32 - free, wanted);
}
