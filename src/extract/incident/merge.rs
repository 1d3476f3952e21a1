//! Within one text: which candidates tell one incident, and what is set aside.

use super::join::{Candidate, different_places};
use super::kind::{Family, family};
use super::loss::Merge;
use super::{Incident, finish, standing, story};
use crate::extract::Analysis;
use crate::model::Count;
use crate::text::TokenSpan;

/// A note to be left: code, where, words.
pub type Aside = (&'static str, TokenSpan, String);

/// A text that tells more incidents than this between two mentions of one is no text of one story.
const LOOK_BACK: usize = 60;

/// An incident told in so many words takes in no more: no text says it so often, only one that repeats itself without end.
const MOST_TRIGGERS: usize = 150;

/// At least this much speaks for one incident.
const THRESHOLD: i32 = 9;

/// So much speaks for one incident where the next sentence names no other scene.
const GOES_ON: i32 = 2;

/// What merging leaves: the incidents, notes on what was set aside, and what was compared.
#[derive(Debug, Default)]
pub struct Merged {
    /// Foreground first, in order of first mention within each.
    pub incidents: Vec<Incident>,
    /// Notes to be left.
    pub asides: Vec<Aside>,
    /// Each candidate beside the incident that it fits best.
    pub merges: Vec<Merge>,
}

/// Merges the candidates in order, each into the best earlier incident that it fits, or as a new one.
pub fn merge(a: &Analysis<'_>, candidates: Vec<Candidate>) -> Merged {
    let mut incidents: Vec<Incident> = Vec::new();
    let mut asides = Vec::new();
    let mut merges = Vec::new();
    for mut candidate in candidates.into_iter().take_while(|_| !a.is_stopped()) {
        let tokens = candidate.incident.triggers.first().map(|t| t.0).unwrap_or_default();
        let vague = candidate.incident.certainty == "hypothetical" && !(candidate.incident.place_is_own && candidate.incident.date_is_own);
        if vague {
            asides.push(("incident.hypothetical", tokens, format!("may not have happened ({})", candidate.realis.rule)));
            continue;
        }
        if candidate.realis.generic {
            asides.push(("incident.generic", tokens, format!("no single act ({})", candidate.realis.rule)));
            continue;
        }
        candidate.incident.background |= told_as_history(a, &candidate.incident);
        let recent = incidents.len().saturating_sub(LOOK_BACK);
        let open = (recent..incidents.len()).filter(|&i| incidents[i].triggers.len() < MOST_TRIGGERS);
        let best = open.filter_map(|i| score(a, &incidents[i], &candidate).map(|s| (s, i))).max();
        if let Some((score, i)) = best {
            let with = incidents[i].triggers.first().map(|t| t.0).unwrap_or_default();
            merges.push(Merge { tokens, with, score, is_one: score >= THRESHOLD });
        }
        match best {
            Some((s, i)) if s >= THRESHOLD => absorb(a, &mut incidents[i], candidate.incident),
            // A bare figure or effect that nothing explains is no incident of its own.
            _ if stands_alone(&candidate.incident) => incidents.push(candidate.incident),
            // "At Dalgate a grenade killed three. At Bohri Kadal two policemen were hurt.": the same elsewhere.
            _ if incidents.last().is_some_and(|last| elsewhere(a, last, &candidate.incident)) => {
                let last = incidents.last().cloned().unwrap_or_default();
                incidents.push(Incident { kind: last.kind, weapons: last.weapons, attributes: last.attributes, ..candidate.incident });
            }
            _ => asides.push(("incident.unattached", tokens, "speaks of casualties without an incident that explains them".to_owned())),
        }
    }
    finish::finish(a, &mut incidents);
    incidents.retain(|i| {
        let told = says_something(i);
        if !told {
            let tokens = i.triggers.first().map(|t| t.0).unwrap_or_default();
            asides.push(("incident.vague", tokens, "names neither sides nor casualties, weapon, day or place".to_owned()));
        }
        told
    });
    set_old_ones_back(a, &mut incidents);
    // Foreground first, in order of first mention within each.
    incidents.sort_by_key(|i| (i.background, i.sentences.first().copied()));
    Merged { incidents, asides, merges }
}

/// A single word for an act ("the offensive") with nothing that belongs to it is no incident that anybody could code.
fn says_something(incident: &Incident) -> bool {
    incident.triggers.len() > 1
        || !incident.participants.is_empty()
        || !incident.killed.is_empty()
        || !incident.injured.is_empty()
        || incident.weapons.iter().any(|w| !w.2)
        || incident.site.is_some()
        || incident.place_is_own && incident.date_is_own
        || incident.triggers.iter().any(|t| t.1 == "body_found")
        || incident.weight >= 3 && (incident.place_is_own || incident.date_is_own)
        || matches!(family(&incident.kind), Family::Politics | Family::Unrest)
}

/// Whether casualties told in the sentence after an incident are of another one of its kind: both name their places, and they differ.
fn elsewhere(a: &Analysis<'_>, last: &Incident, new: &Incident) -> bool {
    let places = last.place.filter(|_| last.place_is_own).zip(new.place.filter(|_| new.place_is_own));
    let next = last.sentences.last().zip(new.sentences.first()).is_some_and(|(l, n)| l + 1 == *n);
    next && family(&last.kind) == Family::Violence && places.is_some_and(|(p, q)| different_places(a, p, q))
}

/// An effect needs someone who did it, a weapon, or a violent verb to be an incident by itself ("was killed by gunmen").
fn stands_alone(incident: &Incident) -> bool {
    incident.weight > 0
        || incident.triggers.iter().any(|t| t.1 == "kill") && !incident.participants.is_empty()
        || !incident.weapons.is_empty()
        || incident.participants.iter().any(|p| matches!(p.role, "perpetrator" | "suspected"))
}

/// Evidence for one incident in tenths; `None` where something rules it out.
fn score(a: &Analysis<'_>, old: &Incident, new: &Candidate) -> Option<i32> {
    let n = &new.incident;
    let effect_only = n.weight == 0;
    // "The attack" may be a kidnapping or an arson.
    let any_act = n.anaphoric && n.kind == "attack.armed_assault" && n.weight <= 1;
    let attaches = (effect_only || any_act) && !matches!(family(&old.kind), Family::Counter | Family::Politics | Family::Unrest);
    if family(&old.kind) != family(&n.kind) && !attaches {
        return None;
    }
    let took_place = |certainty: &str| matches!(certainty, "reported" | "alleged" | "claimed");
    if took_place(old.certainty) != took_place(n.certainty) {
        return None;
    }
    let mut score = 0;
    if let (Some(d), Some(e)) = (old.date.filter(|_| old.date_is_own), n.date.filter(|_| n.date_is_own)) {
        match a.dates[d].value.zip(a.dates[e].value) {
            // Who died "the next day" died of it.
            Some((v, w)) if effect_only && v.end < w.start && w.start <= v.end.saturating_add(jiff::Span::new().days(14)) => {}
            Some((v, w)) if !v.overlaps(w) => return None,
            // A day inside a week says less than the same day.
            Some((v, w)) => score += if v.precision == w.precision { 5 } else { 2 },
            None => {}
        }
    }
    // A day of its own against one from the sentence before, or from the story.
    let told = old.date.or_else(|| story::date_before(a, old.sentences[0]).filter(|_| n.date_is_own && !old.background));
    if let (Some(d), Some(e), false) = (told, n.date, old.date_is_own && n.date_is_own)
        && (old.date_is_own || n.date_is_own)
        && a.dates[d].value.zip(a.dates[e].value).is_some_and(|(v, w)| !v.overlaps(w))
    {
        score -= match (effect_only, n.injured.is_empty()) {
            // Who died the next day may have died of it; who was hurt then was not.
            (true, true) => 1,
            (true, false) => 6,
            _ => 4,
        };
    }
    if let (Some(p), Some(q)) = (old.place, n.place) {
        let own = old.place_is_own && n.place_is_own;
        if different_places(a, p, q) && own {
            return None;
        }
        let same = a.places[p].name == a.places[q].name || a.places[p].inside == Some(q) || a.places[q].inside == Some(p);
        if same && standing::coarseness(a.places[p].precision).max(standing::coarseness(a.places[q].precision)) < 8 {
            score += 5;
        }
    }
    let gap = new.sentence.saturating_sub(old.sentences.last().copied().unwrap_or(0)) as i32;
    // "Twin blasts … The second bomb …": the second is one of the two.
    let one_of_several = old.several && gap <= 3;
    if n.distinct || n.another && !one_of_several {
        return None;
    }
    score += if one_of_several { 4 } else { 0 };
    score += 6 - gap.min(6);
    score += if n.anaphoric { 6 } else { 0 };
    let value = |date: Option<usize>| date.and_then(|d| a.dates[d].value);
    let same_story = value(old.date).zip(value(n.date)).is_none_or(|(v, w)| v.overlaps(w));
    score += if !n.anaphoric && (gap <= 2 || n.points_back == 6 && same_story) { i32::from(n.points_back) } else { 0 };
    // What the next sentence tells without a day or a place goes on with the story.
    // "A mayor was killed. … when a bomb went off": the next sentence says how.
    score += if gap <= 1 && old.weight == 0 && !effect_only { 4 } else { 0 };
    score += if gap == 1 && !n.anaphoric && n.points_back == 0 && !n.place_is_own && !n.date_is_own { GOES_ON } else { 0 };
    score += if effect_only { 3 } else { 0 };
    // Casualties belong to the attack rather than to the damage told beside it.
    score -= if effect_only && family(&old.kind) == Family::Property { 3 } else { 0 };
    score += if effect_only || n.sums_up { 1 } else { same_kind(&old.kind, &n.kind) };
    score += same_figures(old, n);
    score += shared_words(a, old, n);
    score += same_victims(a, old, n);
    // What came of it in the next sentence is told as its act is.
    if old.background != n.background && !(effect_only && gap <= 1 && old.background) {
        score -= 4;
    }
    // "The number of wounded was put at 43": the toll of the news, not of what was told beside it.
    if gap > 1 && n.killed.iter().chain(&n.injured).any(|f| f.rule == "casualty.toll") {
        score += if is_old(a, old) { -4 } else { i32::from(old.sentences[0] == 0) * 3 };
    }
    Some(score)
}

fn same_kind(old: &str, new: &str) -> i32 {
    let general = |k: &str| matches!(k, "attack.armed_assault" | "explosion.bomb");
    match (old == new, old.split('.').next() == new.split('.').next()) {
        (true, _) => 4,
        (_, true) if general(old) || general(new) => 3,
        (_, true) => 0,
        _ if general(old) || general(new) => 1,
        // "the fighting", "the shooting": an attack seen from another side.
        _ if matches!(new.split('.').next(), Some("clash" | "attack")) => -1,
        _ => -3,
    }
}

/// Equal tolls speak for one incident, two different exact ones against.
fn same_figures(old: &Incident, new: &Incident) -> i32 {
    [(&old.killed, &new.killed), (&old.injured, &new.injured)]
        .into_iter()
        .map(|(x, y)| match (x.last(), y.last()) {
            (Some(f), Some(g)) if g.supersedes || g.part || g.adds => i32::from(f.count.best.is_some()),
            (Some(f), Some(g)) if f.count == g.count => 3,
            // "without harming anyone", and then four were hurt: not by that one.
            (Some(f), Some(g)) if !g.supersedes && (f.count == Count::exact(0)) != (g.count == Count::exact(0)) => -5,
            (Some(f), Some(g))
                if f.count.low.zip(g.count.high).is_some_and(|(l, h)| l > h * 2) || g.count.low.zip(f.count.high).is_some_and(|(l, h)| l > h * 2) =>
            {
                -3
            }
            (Some(_), Some(_)) => -2,
            _ => 0,
        })
        .sum()
}

/// The same named victim speaks strongly for one incident, different ones against.
fn same_victims(a: &Analysis<'_>, old: &Incident, new: &Incident) -> i32 {
    fn names<'n>(a: &'n Analysis<'_>, i: &Incident) -> Vec<(Option<usize>, &'n str)> {
        let persons = i.participants.iter().filter(|p| p.kind == "person" && matches!(p.role, "victim" | "captive" | "target"));
        persons.filter_map(|p| p.mentions.first().filter(|m| !m.is_empty()).map(|m| (p.entity, a.doc.word(m.end as usize - 1)))).collect()
    }
    let (theirs, ours) = (names(a, old), names(a, new));
    if theirs.is_empty() || ours.is_empty() {
        return 0;
    }
    let one = ours.iter().any(|(e, last)| theirs.iter().any(|(f, other)| e.is_some() && e == f || last == other));
    if one { 6 } else { -4 }
}

/// Heads of sites, victims and weapons that both name.
fn shared_words(a: &Analysis<'_>, old: &Incident, new: &Incident) -> i32 {
    fn heads<'h>(a: &'h Analysis<'_>, i: &'h Incident) -> impl Iterator<Item = &'h str> {
        i.participants
            .iter()
            .flat_map(|p| &p.mentions)
            .chain(&i.site)
            .chain(i.weapons.iter().map(|w| &w.1))
            .filter(|t| !t.is_empty())
            .map(|t| a.doc.lemma(t.end as usize - 1))
    }
    let theirs: Vec<&str> = heads(a, old).collect();
    (heads(a, new).filter(|h| theirs.contains(h)).count() as i32 * 2).min(6)
}

/// Told as context, or some days older than the text.
fn is_old(a: &Analysis<'_>, incident: &Incident) -> bool {
    let end = incident.date.and_then(|d| a.dates[d].value).map(|v| v.end);
    incident.background || end.zip(a.header.published).is_some_and(|(end, published)| end.saturating_add(jiff::Span::new().days(4)) < published)
}

/// Older than a month before publication, or in an earlier year: context, not news.
fn told_as_history(a: &Analysis<'_>, incident: &Incident) -> bool {
    let Some(value) = incident.date.filter(|_| incident.date_is_own).and_then(|d| a.dates[d].value) else { return false };
    a.header.published.is_some_and(|published| value.end.saturating_add(jiff::Span::new().days(45)) < published)
}

/// The first incident told is the news; what happened two days before it or earlier is context.
fn set_old_ones_back(a: &Analysis<'_>, incidents: &mut [Incident]) {
    let start = |i: &Incident| i.date.and_then(|d| a.dates[d].value);
    let Some(news) = incidents.iter().filter(|i| !i.background).find_map(start) else { return };
    for incident in incidents.iter_mut() {
        if start(incident).is_some_and(|d| d.end.saturating_add(jiff::Span::new().days(1)) < news.start) {
            incident.background = true;
        }
    }
    // News is of the last days: with it in the text, what is older is context, whatever comes first.
    let Some(published) = a.header.published else { return };
    let latest = incidents.iter().filter(|i| !i.background && i.certainty == "reported").filter_map(start).map(|d| d.start).filter(|d| *d <= published).max();
    let Some(latest) = latest.filter(|d| d.saturating_add(jiff::Span::new().days(10)) >= published) else { return };
    for incident in incidents.iter_mut() {
        if start(incident).is_some_and(|d| d.end.saturating_add(jiff::Span::new().days(10)) < latest) {
            incident.background = true;
        }
    }
}

fn absorb(a: &Analysis<'_>, old: &mut Incident, new: Incident) {
    if new.weight > old.weight || old.weight == new.weight && more_specific(&new.kind, &old.kind) {
        old.kind = new.kind;
        old.weight = new.weight;
        old.triggers.splice(0..0, new.triggers);
    } else {
        old.triggers.extend(new.triggers);
    }
    for sentence in new.sentences {
        if !old.sentences.contains(&sentence) {
            old.sentences.push(sentence);
        }
    }
    let finer = |p: Option<usize>| p.map_or(9, |p| standing::fineness(&a.places[p]));
    if new.place.is_some()
        && (old.place.is_none() || new.place_is_own && !old.place_is_own || new.place_is_own == old.place_is_own && finer(new.place) < finer(old.place))
    {
        // A village that no gazetteer has lies in the district that the text named first.
        let district = |p: &usize| matches!(a.places[*p].precision, "admin2" | "exact" | "near") && a.places[*p].gazetteer.is_some();
        old.holder = old.place.filter(district).or(old.holder);
        (old.place, old.place_is_own) = (new.place, new.place_is_own);
    }
    // "seized at the weekend … carried them off on Sunday": the day inside the stretch.
    let value = |d: Option<usize>| d.and_then(|d| a.dates[d].value);
    let inside = value(old.date).zip(value(new.date)).is_some_and(|(v, w)| w.precision < v.precision && v.start <= w.start && w.end <= v.end);
    if new.date.is_some() && (old.date.is_none() || new.date_is_own && (inside || !old.date_is_own)) {
        (old.date, old.date_is_own) = (new.date, new.date_is_own);
    }
    old.site = old.site.or(new.site);
    old.participants.extend(new.participants);
    for weapon in new.weapons {
        if !old.weapons.iter().any(|w| w.0 == weapon.0) {
            old.weapons.push(weapon);
        }
    }
    old.killed.extend(new.killed);
    old.injured.extend(new.injured);
    for attribute in new.attributes {
        if !old.attributes.contains(&attribute) {
            old.attributes.push(attribute);
        }
    }
    old.background &= new.background;
    old.several |= new.several;
    if old.certainty == "alleged" {
        old.certainty = new.certainty;
    }
}

fn more_specific(new: &str, old: &str) -> bool {
    matches!(old, "attack.armed_assault" | "explosion.bomb") && new != old && !matches!(new, "attack.armed_assault" | "explosion.bomb" | "operation.raid")
}
