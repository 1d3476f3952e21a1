//! Reports by hand: what is one incident, what is two, and what several reports make together.

use super::*;
use crate::model::incident::{Party, Report, ReportSource};
use crate::model::record::{Incident, Participant, Place};
use crate::model::{Count, DateRange};

fn incident(kind: &str, day: &str) -> Incident {
    let date = day.parse().ok().map(DateRange::day);
    Incident {
        kind: kind.to_owned(),
        background: false,
        certainty: "reported".to_owned(),
        date,
        place: Some(town("Peshawar", 34.008, 71.579)),
        participants: Vec::new(),
        weapons: Vec::new(),
        killed: None,
        injured: None,
        attributes: Vec::new(),
        summary: format!("{kind} {day}"),
        confidence: 0.5,
        relevance: None,
        evidence: Vec::new(),
    }
}

fn town(name: &str, latitude: f64, longitude: f64) -> Place {
    Place {
        name: name.to_owned(),
        mention: name.to_owned(),
        site: None,
        admin2: None,
        admin1: Some("Khyber Pakhtunkhwa".to_owned()),
        country: Some("PK".to_owned()),
        latitude: Some(latitude),
        longitude: Some(longitude),
        precision: "exact".to_owned(),
    }
}

#[test]
fn claims_compete_and_are_taken_back() {
    let says = |document: &str, roles: &[(&str, &str, Option<&str>)]| {
        let mut r = report(incident("explosion.bomb", "2023-01-30"), document, Some(document));
        r.parties.extend(roles.iter().map(|&(role, name, standing)| Party {
            name: name.into(),
            role: role.into(),
            standing: standing.map(str::to_owned),
            ..Party::default()
        }));
        r
    };
    let standings = |reports: &[Report]| {
        let parties = reconcile(reports, CasualtyPolicy::default()).unwrap().parties;
        let of = |p: &Party| p.standing.as_ref().map(|s| format!("{} {} {s}", p.name, p.role));
        parties.iter().filter_map(of).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(standings(&[says("A", &[("claimant", "X", None)])]), "X claimant uncontested");
    assert_eq!(standings(&[says("A", &[("claimant", "X", None)]), says("B", &[("claimant", "Y", None)])]), "X claimant competing, Y claimant competing");
    assert_eq!(standings(&[says("A", &[("claimant", "X", None)]), says("B", &[("denier", "X", None)])]), "X claimant retracted");
    assert_eq!(standings(&[says("A", &[("denier", "X", None)]), says("B", &[("claimant", "X", None)])]), "X denier retracted, X claimant uncontested");
    // One document tells both, in the order that it gives.
    assert_eq!(standings(&[says("A", &[("claimant", "X", Some("retracted")), ("denier", "X", None)])]), "X claimant retracted");
    // Who takes a claim back leaves it to the other.
    let both = [says("A", &[("claimant", "X", None), ("claimant", "Y", None)]), says("B", &[("denier", "X", None)])];
    assert_eq!(standings(&both), "X claimant retracted, Y claimant uncontested");
    assert_eq!(standings(&[says("A", &[("claimant", "X", Some("disputed"))])]), "X claimant disputed");
}

fn person(name: &str, role: &str) -> Participant {
    Participant {
        name: Some(name.to_owned()),
        actor: None,
        kind: "person".to_owned(),
        role: role.to_owned(),
        count: None,
        mentions: vec![name.to_owned()],
        target_type: None,
        asserted_by: None,
        standing: None,
    }
}

fn report(incident: Incident, document: &str, source: Option<&str>) -> Report {
    let parties = incident.participants.iter().map(|p| Party {
        name: p.name.clone().unwrap_or_default(),
        kind: p.kind.clone(),
        role: p.role.clone(),
        ..Party::default()
    });
    Report {
        parties: parties.collect(),
        source: ReportSource { document: document.to_owned(), source: source.map(str::to_owned), ..ReportSource::default() },
        index: 0,
        incident,
        voices: Vec::new(),
    }
}

/// The incident as it would be stored with this as its only report.
fn stored(incident: &Incident, id: &str) -> IncidentRow {
    let state = reconcile(&[report(incident.clone(), "d", None)], CasualtyPolicy::default()).unwrap();
    let place = state.place.map(|p| {
        let json = serde_json::to_value(p).unwrap();
        serde_json::from_value(json).unwrap()
    });
    IncidentRow {
        id: id.to_owned(),
        kind: state.kind,
        date: state.date,
        place,
        killed: state.killed,
        injured: state.injured,
        parties: state.parties,
        weapons: state.weapons,
        attributes: state.attributes,
        certainty: state.certainty,
        evidence_grade: state.evidence_grade,
        background: state.background,
        status: "machine".to_owned(),
        merged_into: None,
        fictional: false,
        confidence: 0.5,
        summary: String::new(),
        n_reports: 1,
        n_sources: 1,
        created_at: String::new(),
        updated_at: String::new(),
        revision: 0,
    }
}

#[track_caller]
fn check(a: &Incident, b: &Incident, expect: bool) {
    let there = compare(a, &stored(b, "inc_b"));
    assert_eq!(there.is_same(), expect, "{there:?}");
    let back = compare(b, &stored(a, "inc_a"));
    assert_eq!(back.is_same(), expect, "not the same both ways: {back:?}");
}

#[test]
fn same_day_town_and_type_are_one() {
    let one = incident("explosion.bomb", "2023-01-30");
    check(&one, &one, true);
    check(&one, &Incident { kind: "explosion.suicide_bombing".into(), killed: Some(Count::exact(84)), ..one.clone() }, true);
    let toll = |n| Incident { killed: Some(Count::exact(n)), ..one.clone() };
    check(&toll(32), &toll(59), true);
    check(&toll(2), &toll(90), false);
    let next_day = incident("explosion.bomb", "2023-01-31");
    check(&toll(32), &Incident { killed: Some(Count::exact(32)), ..next_day }, true);
    let undated = Incident { date: None, ..toll(32) };
    check(&undated, &toll(32), true);
    let nowhere = Incident { place: None, date: None, ..one.clone() };
    check(&nowhere, &one, false);
}

#[test]
fn what_contradicts_forbids() {
    let one = incident("explosion.bomb", "2023-01-30");
    let veto = |other: &Incident| compare(other, &stored(&one, "inc_a")).veto;
    assert_eq!(veto(&incident("attack.armed_assault", "2023-01-30")), Some("class"));
    assert_eq!(veto(&incident("explosion.bomb", "2023-02-01")), Some("days"));
    assert_eq!(veto(&Incident { place: Some(town("Quetta", 30.184, 67.014)), ..one.clone() }), Some("distance"));
    assert_eq!(veto(&Incident { certainty: "planned".into(), ..one.clone() }), Some("certainty"));
    let abroad = Place { country: Some("AF".into()), ..town("Peshawar", 34.0, 71.5) };
    assert_eq!(veto(&Incident { place: Some(abroad), ..one.clone() }), Some("country"));
    let of = |name| Incident { participants: vec![person(name, "victim")], ..one.clone() };
    assert_eq!(compare(&of("Arif Wali"), &stored(&of("Sami Gul"), "inc_a")).veto, Some("victims"));
    check(&of("Arif Wali"), &of("Wali"), true);
}

#[test]
fn each_incident_of_a_record_finds_its_own() {
    let early = Incident { killed: Some(Count::exact(9)), ..incident("explosion.bomb", "2023-01-30") };
    let late = Incident { killed: Some(Count::exact(3)), ..incident("explosion.bomb", "2023-01-30") };
    let record = Record {
        id: String::new(),
        engine: String::new(),
        lexicon: String::new(),
        document: crate::model::record::DocumentFacts { published: None, published_from: None, dateline: None, language: "en".into() },
        incidents: vec![early.clone(), late.clone(), incident("operation.raid", "2023-01-30")],
        actors: vec![],
        statements: vec![],
        relations: vec![],
        figures: vec![],
        places: vec![],
        notes: vec![],
    };
    let candidates = vec![stored(&late, "inc_late"), stored(&early, "inc_early")];
    let plan = plan(&record, &[candidates.clone(), candidates.clone(), candidates]);
    let verdicts: Vec<_> = plan.decisions.iter().map(|d| (&d.verdict, d.rule.as_str())).collect();
    let same = |id: &str| Verdict::Same(id.to_owned());
    assert_eq!(verdicts, [(&same("inc_early"), "merge.score"), (&same("inc_late"), "merge.score"), (&Verdict::New, "veto.class")]);
    // With one stored incident only the better report gets it.
    let one = super::plan(&record, &[vec![stored(&early, "inc_early")], vec![stored(&early, "inc_early")], vec![]]);
    assert_eq!(one.decisions.iter().map(|d| d.rule.as_str()).collect::<Vec<_>>(), ["merge.score", "veto.taken", "merge.no_candidate"]);
    assert!(super::plan(&record, &[]).decisions.iter().all(|d| d.verdict == Verdict::New));
}

#[test]
fn tolls_follow_the_policy() {
    let counts = [Some(Count::exact(9)), None, Some(Count::exact(30)), Some(Count::at_least(12))];
    let of = |policy| casualties(counts.into_iter(), policy).unwrap();
    assert_eq!(of(CasualtyPolicy::OfficialLatest), Count { low: Some(9), best: Some(12), high: None });
    assert_eq!(of(CasualtyPolicy::Lowest).best, Some(9));
    assert_eq!(of(CasualtyPolicy::Highest).best, Some(30));
    assert_eq!(of(CasualtyPolicy::Median).best, Some(12));
    assert_eq!(casualties([None, None].into_iter(), CasualtyPolicy::default()), None);
    let settled = casualties([Some(Count::exact(40)), Some(Count::exact(14))].into_iter(), CasualtyPolicy::default());
    assert_eq!(settled, Some(Count { low: Some(14), best: Some(14), high: Some(40) }));
}

#[test]
fn several_reports_make_one_incident() {
    let vague = Incident {
        background: true,
        date: DateRange::month(2023, 1),
        place: Some(Place { precision: "admin1".into(), ..town("Khyber Pakhtunkhwa", 34.0, 72.0) }),
        confidence: 0.9,
        ..incident("explosion.bomb", "")
    };
    let exact = Incident { kind: "explosion.suicide_bombing".into(), attributes: vec!["suicide".into()], ..incident("explosion.bomb", "2023-01-30") };
    let state = reconcile(&[report(exact.clone(), "a", Some("A")), report(vague, "b", Some("B"))], CasualtyPolicy::default()).unwrap();
    assert_eq!((state.kind.as_str(), state.background, state.summary.as_str()), ("explosion.suicide_bombing", false, exact.summary.as_str()));
    assert_eq!((state.date, state.place.map(|p| p.name)), (exact.date, Some("Peshawar".to_owned())));
    assert_eq!((state.n_reports, state.n_sources, state.confidence), (2, 2, 0.95));
    assert_eq!(reconcile(&[], CasualtyPolicy::default()), None);
}

#[test]
fn grades_follow_their_definitions() {
    let told = |source| report(incident("explosion.bomb", "2023-01-30"), source, Some(source));
    let grade = |reports: &[Report]| reconcile(reports, CasualtyPolicy::default()).unwrap().evidence_grade;
    assert_eq!(grade(&[told("A")]), "single_source");
    assert_eq!(grade(&[told("A"), Report { source: ReportSource { document: "x".into(), ..told("A").source }, ..told("A") }]), "single_source");
    assert_eq!(grade(&[told("A"), told("B")]), "corroborated");
    let mut official = told("A");
    official.voices.push(Voice { speaker_type: Some("state.police".into()), kind: "report".into() });
    assert_eq!(grade(&[official.clone()]), "single_source");
    assert_eq!(grade(&[official, told("B")]), "confirmed");
    let with = |role: &str, name: &str| {
        let mut r = told("A");
        r.parties.push(Party { name: name.into(), role: role.into(), kind: "organisation".into(), ..Party::default() });
        r
    };
    assert_eq!(grade(&[with("claimant", "X")]), "confirmed");
    assert_eq!(grade(&[with("claimant", "X"), with("claimant", "Y")]), "contested");
    assert_eq!(grade(&[with("denier", "X"), told("B")]), "contested");
    assert_eq!(grade(&[with("claimant", "X"), with("denier", "X")]), "contested");
    let mut claim = with("claimant", "X");
    claim.incident.certainty = "claimed".into();
    let mut back = with("denier", "X");
    back.incident.certainty = "claimed".into();
    assert_eq!(grade(&[claim.clone(), back.clone()]), "discounted");
    assert_eq!(grade(&[back, claim]), "confirmed");
    let mut denied = told("A");
    denied.incident.certainty = "denied".into();
    assert_eq!(grade(&[denied]), "discounted");
}
