//! What curators decided, applied to what the reports say. A correction holds whatever comes later; where a report says otherwise, that is
//! told, so that somebody looks.

use crate::model::Count;
use crate::model::casualty::Alternatives;
use crate::model::correction::{Change, Contradiction, Corrected, Correction, PartyRef, RoleChange};
use crate::model::id::fold_name;
use crate::model::incident::{Party, Report};
use crate::model::plan::Reconciled;
use crate::model::record::Place;
use serde::Serialize;
use serde_json::{Value, json};

/// Kilometres within which two places of different names may be one.
const NEAR_KM: f64 = 15.0;

/// Applies corrections, in their order: of one field the last counts. `reports` are those that `state` is made of.
pub fn correct(state: Reconciled, reports: &[Report], corrections: &[Correction]) -> Corrected {
    let holding: Vec<&Correction> = corrections.iter().enumerate().filter(|(n, c)| !is_replaced(c, &corrections[n + 1..])).map(|(_, c)| c).collect();
    let contradictions = holding.iter().flat_map(|c| contradictions(c, reports)).filter(|(c, found)| !is_known(c, found)).map(|(_, found)| found).collect();
    let mut corrected = Corrected { place: state.place.clone(), state, contradictions };
    for correction in &holding {
        apply(&mut corrected, &correction.change);
    }
    // A point and a site belong to the place, whichever was corrected first.
    for correction in &holding {
        refine(&mut corrected.state.place, &correction.change);
    }
    corrected
}

/// What reports say otherwise than a change, without regard to what was known: what is known from now on.
pub fn said_otherwise(change: &Change, reports: &[Report]) -> Vec<(String, Value)> {
    let correction = Correction { id: 0, change: change.clone(), known: Vec::new() };
    contradictions(&correction, reports).map(|(_, found)| (found.document, found.said)).collect()
}

/// What an incident has where a change would put something else.
pub fn value_of(change: &Change, state: &Reconciled) -> Value {
    let party = |wanted: &PartyRef| json!(state.parties.iter().find(|p| is_party(p, wanted)));
    match change {
        Change::Type(_) => json!(state.kind),
        Change::Date(_) => json!(state.date),
        Change::Place(_) => json!(state.place),
        Change::Coordinates(_) => json!(state.place.as_ref().map(|p| json!({"latitude": p.latitude, "longitude": p.longitude, "precision": p.precision}))),
        Change::Site(_) => json!(state.place.as_ref().and_then(|p| p.site.as_ref())),
        Change::Killed(_) => json!(state.killed),
        Change::Injured(_) => json!(state.injured),
        Change::Weapons(_) => json!(state.weapons),
        Change::Attributes(_) => json!(state.attributes),
        Change::Certainty(_) => json!(state.certainty),
        Change::EvidenceGrade(_) => json!(state.evidence_grade),
        Change::Background(_) => json!(state.background),
        Change::Summary(_) => json!(state.summary),
        Change::AddParticipant(added) => party(&reference(added)),
        Change::RemoveParticipant(wanted) => party(wanted),
        Change::Role(change) => party(&change.party),
        Change::Status(_) => json!(state.status),
    }
}

/// Whether two changes are of one thing, so that the later takes the place of the earlier.
pub fn is_same_field(a: &Change, b: &Change) -> bool {
    match (a, b) {
        (Change::AddParticipant(x), Change::AddParticipant(y)) => is_party(x, &reference(y)),
        (Change::AddParticipant(x), Change::RemoveParticipant(y)) | (Change::RemoveParticipant(y), Change::AddParticipant(x)) => is_party(x, y),
        (Change::RemoveParticipant(x), Change::RemoveParticipant(y)) => is_same(x, y),
        // Roles are changed one after the other.
        (Change::Role(_), _) | (_, Change::Role(_)) => false,
        // A point within one place says nothing of another.
        (Change::Coordinates(_), Change::Place(_)) => true,
        _ => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

fn is_replaced(correction: &Correction, later: &[Correction]) -> bool {
    later.iter().any(|l| is_same_field(&correction.change, &l.change))
}

fn is_known(correction: &Correction, found: &Contradiction) -> bool {
    correction.known.iter().any(|(document, said)| *document == found.document && *said == found.said)
}

fn apply(corrected: &mut Corrected, change: &Change) {
    let state = &mut corrected.state;
    match change {
        Change::Type(code) => state.kind.clone_from(code),
        Change::Date(date) => state.date = *date,
        Change::Place(place) => {
            let site = state.place.take().filter(|p| place.as_ref().is_some_and(|new| new.name == p.name)).and_then(|p| p.site);
            state.place = place.clone().map(|new| Place { site: new.site.clone().or(site), ..new });
            corrected.place.clone_from(place);
        }
        // What is corrected is so under every policy.
        Change::Killed(count) => (state.killed, state.other_figures.killed) = (*count, Alternatives::default()),
        Change::Injured(count) => (state.injured, state.other_figures.injured) = (*count, Alternatives::default()),
        Change::Weapons(codes) => state.weapons.clone_from(codes),
        Change::Attributes(codes) => state.attributes.clone_from(codes),
        Change::Certainty(code) => state.certainty.clone_from(code),
        Change::EvidenceGrade(code) => state.evidence_grade.clone_from(code),
        Change::Background(background) => state.background = *background,
        Change::Summary(summary) => state.summary.clone_from(summary),
        Change::AddParticipant(party) => match state.parties.iter_mut().find(|p| is_party(p, &reference(party))) {
            Some(known) => known.clone_from(party),
            None => state.parties.push(party.clone()),
        },
        Change::RemoveParticipant(party) => state.parties.retain(|p| !is_party(p, party)),
        Change::Role(change) => set_role(&mut state.parties, change),
        Change::Status(status) => state.status.clone_from(status),
        Change::Coordinates(_) | Change::Site(_) => {}
    }
}

fn refine(place: &mut Option<Place>, change: &Change) {
    let Some(place) = place else { return };
    match change {
        Change::Coordinates(point) => {
            (place.latitude, place.longitude) = (Some(point.latitude), Some(point.longitude));
            place.precision.clone_from(&point.precision);
        }
        Change::Site(site) => place.site.clone_from(site),
        _ => {}
    }
}

/// Somebody who has the new role already keeps one entry.
fn set_role(parties: &mut Vec<Party>, change: &RoleChange) {
    let Some(at) = parties.iter().position(|p| is_party(p, &change.party)) else { return };
    let mut moved = parties.remove(at);
    moved.role.clone_from(&change.to);
    moved.standing = moved.standing.filter(|_| matches!(change.to.as_str(), "claimant" | "denier"));
    if !parties.iter().any(|p| is_party(p, &reference(&moved))) {
        parties.insert(at, moved);
    }
}

fn reference(party: &Party) -> PartyRef {
    PartyRef { actor: party.actor.clone(), name: party.name.clone(), role: party.role.clone() }
}

/// As reports are put together: named ones by actor, unnamed ones by their words.
fn is_party(party: &Party, wanted: &PartyRef) -> bool {
    is_same(&reference(party), wanted)
}

fn is_same(a: &PartyRef, b: &PartyRef) -> bool {
    a.role == b.role
        && match (&a.actor, &b.actor) {
            (Some(x), Some(y)) => x == y,
            (None, None) => fold_name(&a.name) == fold_name(&b.name),
            _ => false,
        }
}

/// What reports say otherwise, each with the correction that it goes against.
fn contradictions<'a>(correction: &'a Correction, reports: &'a [Report]) -> impl Iterator<Item = (&'a Correction, Contradiction)> {
    let field = correction.change.stored().map(|(field, _)| field).unwrap_or_default();
    reports.iter().filter_map(move |report| {
        let said = otherwise(&correction.change, report)?;
        Some((correction, Contradiction { correction: correction.id, field: field.clone(), document: report.source.document.clone(), said }))
    })
}

/// What a report says where it cannot be true together with the change. Summaries, sites and grades are not said by a report alone.
fn otherwise(change: &Change, report: &Report) -> Option<Value> {
    let says = &report.incident;
    match change {
        Change::Type(code) => (says.kind != *code && !is_general(&says.kind, code)).then(|| json!(says.kind)),
        Change::Date(date) => said(says.date.as_ref().filter(|told| date.is_none_or(|date| !date.overlaps(**told)))),
        Change::Place(place) => said(says.place.as_ref().filter(|told| place.as_ref().is_none_or(|place| are_apart(told, place)))),
        Change::Killed(count) => said(says.killed.as_ref().filter(|told| count.is_none_or(|count| !may_agree(**told, count)))),
        Change::Injured(count) => said(says.injured.as_ref().filter(|told| count.is_none_or(|count| !may_agree(**told, count)))),
        Change::Weapons(codes) => said_codes(says.weapons.iter().map(|w| w.kind.as_str()).filter(|told| !codes.iter().any(|c| class(c) == class(told)))),
        Change::Attributes(codes) => said_codes(says.attributes.iter().map(String::as_str).filter(|told| !codes.iter().any(|c| c == told))),
        Change::Certainty(code) => (happened(&says.certainty) != happened(code)).then(|| json!(says.certainty)),
        Change::Background(background) => (*background && !says.background).then_some(Value::Bool(false)),
        Change::RemoveParticipant(party) | Change::Role(RoleChange { party, .. }) => {
            said(report.parties.iter().find(|p| is_party(p, party)).map(reference).as_ref())
        }
        Change::Status(status) => (status == "rejected" && happened(&says.certainty)).then(|| json!(says.certainty)),
        Change::Coordinates(_) | Change::Site(_) | Change::EvidenceGrade(_) | Change::Summary(_) | Change::AddParticipant(_) => None,
    }
}

fn said<T: Serialize>(told: Option<&T>) -> Option<Value> {
    told.and_then(|told| serde_json::to_value(told).ok())
}

fn said_codes<'a>(codes: impl Iterator<Item = &'a str>) -> Option<Value> {
    let codes: Vec<&str> = codes.collect();
    (!codes.is_empty()).then(|| json!(codes))
}

/// A type of the same class that says nothing of the means.
fn is_general(told: &str, corrected: &str) -> bool {
    matches!(told, "explosion.bomb" | "attack.armed_assault" | "other.other") && class(told) == class(corrected)
}

fn class(code: &str) -> &str {
    code.split('.').next().unwrap_or(code)
}

/// Whether a certainty says that something took place, by some account.
fn happened(certainty: &str) -> bool {
    matches!(certainty, "reported" | "alleged" | "claimed")
}

/// Whether one number can lie within both: "at least 12" agrees with 15.
fn may_agree(a: Count, b: Count) -> bool {
    let ends = |c: Count| (c.low.or(c.best.filter(|_| c.high.is_none())).unwrap_or(0), c.high.unwrap_or(u32::MAX));
    let ((a_low, a_high), (b_low, b_high)) = (ends(a), ends(b));
    a_low <= b_high && b_low <= a_high
}

/// Two countries, two provinces, or two towns that are not next to each other. What one leaves open does not count against the other.
fn are_apart(a: &Place, b: &Place) -> bool {
    let differ = |x: &Option<String>, y: &Option<String>| matches!((x, y), (Some(x), Some(y)) if fold_name(x) != fold_name(y));
    if differ(&a.country, &b.country) || differ(&a.admin1, &b.admin1) {
        return true;
    }
    let is_spot = |p: &Place| matches!(p.precision.as_str(), "exact" | "near");
    if !is_spot(a) || !is_spot(b) || fold_name(&a.name) == fold_name(&b.name) {
        return false;
    }
    match (a.latitude.zip(a.longitude), b.latitude.zip(b.longitude)) {
        (Some(x), Some(y)) => kilometres(x, y) > NEAR_KM,
        _ => true,
    }
}

/// On a plane, which is enough for a few kilometres.
fn kilometres((lat, lon): (f64, f64), (other_lat, other_lon): (f64, f64)) -> f64 {
    let north = (lat - other_lat) * 111.195;
    let east = (lon - other_lon) * 111.195 * lat.midpoint(other_lat).to_radians().cos();
    north.hypot(east)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DateRange;

    fn count(low: Option<u32>, best: Option<u32>, high: Option<u32>) -> Count {
        Count { low, best, high }
    }

    #[test]
    fn floors_and_ceilings_agree_with_what_they_let_through() {
        for (told, corrected, agree) in [
            (Count::exact(12), Count::exact(15), false),
            (Count::exact(15), Count::exact(15), true),
            (Count::at_least(12), Count::exact(15), true),
            (Count::at_least(16), Count::exact(15), false),
            (count(None, Some(30), Some(30)), Count::exact(15), true),
            (Count::between(10, 20), Count::exact(15), true),
            (Count::exact(12), Count::at_least(13), false),
        ] {
            assert_eq!(may_agree(told, corrected), agree, "{told:?} {corrected:?}");
        }
    }

    #[test]
    fn places_are_apart_by_what_both_say() {
        let town = |name: &str, admin1: Option<&str>, point: Option<(f64, f64)>| Place {
            name: name.to_owned(),
            mention: name.to_owned(),
            site: None,
            admin2: None,
            admin1: admin1.map(str::to_owned),
            country: Some("PK".to_owned()),
            latitude: point.map(|p| p.0),
            longitude: point.map(|p| p.1),
            precision: "exact".to_owned(),
        };
        let peshawar = town("Peshawar", Some("Khyber Pakhtunkhwa"), Some((34.008, 71.578)));
        let province = Place { precision: "admin1".to_owned(), ..town("Khyber Pakhtunkhwa", Some("Khyber Pakhtunkhwa"), None) };
        assert!(!are_apart(&peshawar, &peshawar) && !are_apart(&peshawar, &province));
        assert!(are_apart(&peshawar, &town("Quetta", Some("Balochistan"), None)));
        assert!(are_apart(&peshawar, &town("Mardan", Some("Khyber Pakhtunkhwa"), Some((34.198, 72.045)))));
        assert!(!are_apart(&peshawar, &town("Hayatabad", Some("Khyber Pakhtunkhwa"), Some((33.98, 71.46)))));
    }

    #[test]
    fn changes_are_stored_by_field_and_value() {
        let changes = [
            Change::Killed(Some(Count::exact(15))),
            Change::Date(Some(DateRange::day(jiff::civil::date(2023, 1, 30)))),
            Change::Place(None),
            Change::RemoveParticipant(PartyRef { actor: None, name: "people".to_owned(), role: "victim".to_owned() }),
            Change::Status("rejected".to_owned()),
        ];
        for change in changes {
            let (field, value) = change.stored().unwrap();
            assert_eq!(Change::of_stored(&field, value).unwrap(), change, "{field}");
        }
        assert_eq!(Change::Killed(None).stored().unwrap().0, "killed");
        assert!(Change::of_stored("colour", json!("red")).is_err());
    }

    #[test]
    fn of_one_field_the_last_correction_counts() {
        let of = |change: Change| Correction { id: 1, change, known: Vec::new() };
        let killed = |n| of(Change::Killed(Some(Count::exact(n))));
        assert!(is_replaced(&killed(1), &[killed(2)]));
        assert!(!is_replaced(&killed(1), &[of(Change::Injured(None))]));
        assert!(is_replaced(&of(Change::Status("confirmed".to_owned())), &[of(Change::Status("rejected".to_owned()))]));
    }
}
