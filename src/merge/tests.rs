//! Reports by hand: what is one incident, what is two, and what several reports make together.

use super::pair::Side;
use super::scorer::{Link, PairScorer};
use super::sketch::DocumentSketch;
use super::*;
use crate::model::incident::{Party, Report, ReportSource};
use crate::model::record::{DocumentFacts, Incident, Participant, Place, Record};
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

/// A document of one incident.
fn told(incident: &Incident, published: &str) -> DocumentSketch {
    let record = Record {
        id: String::new(),
        engine: String::new(),
        lexicon: String::new(),
        document: DocumentFacts { published: Some(published.to_owned()), published_from: None, dateline: None, language: "en".into() },
        incidents: vec![incident.clone()],
        actors: vec![],
        statements: vec![],
        relations: vec![],
        figures: vec![],
        places: vec![],
        notes: vec![],
    };
    DocumentSketch::of(None, "A bomb went off near the old bus stand.", &record, &PairScorer::embedded().unwrap().common)
}

/// By the rules alone, both ways.
#[track_caller]
fn linked(a: &Incident, b: &Incident) -> Link {
    let (x, y) = (told(a, "2023-01-31"), told(b, "2023-01-31"));
    fn side(document: &DocumentSketch) -> Side<'_> {
        Side { document, report: &document.reports[0] }
    }
    let scorer = PairScorer::embedded().unwrap();
    let (there, back) = (scorer.link(side(&x), side(&y), false), scorer.link(side(&y), side(&x), false));
    assert_eq!((there.joins(), &there.rule), (back.joins(), &back.rule), "not the same both ways");
    assert!((there.score - back.score).abs() < 1e-9);
    there
}

#[test]
fn same_day_town_and_type_are_one() {
    let one = incident("explosion.bomb", "2023-01-30");
    assert_eq!(linked(&one, &one).rule, "merge.rules");
    let toll = |n| Incident { killed: Some(Count::exact(n)), ..one.clone() };
    assert!(linked(&toll(32), &toll(59)).joins(), "a toll rises");
    assert!(!linked(&toll(2), &toll(90)).joins());
    let as_fight = |kind: &str| Incident { kind: kind.into(), killed: Some(Count::exact(6)), ..one.clone() };
    for (a, b) in [("attack.armed_assault", "clash.armed_clash"), ("operation.raid", "clash.armed_clash"), ("attack.armed_assault", "operation.raid")] {
        assert!(linked(&as_fight(a), &as_fight(b)).joins(), "{a} and {b}");
    }
    let undated = Incident { date: None, ..toll(32) };
    assert!(!linked(&Incident { place: None, ..undated.clone() }, &one).joins(), "a missing place speaks against");
    assert!(!linked(&Incident { background: true, ..undated }, &one).joins(), "context without a date is of no day");
}

#[test]
fn what_contradicts_forbids() {
    let one = incident("explosion.bomb", "2023-01-30");
    let rule = |other: &Incident| linked(other, &one).rule;
    assert_eq!(rule(&incident("abduction.kidnapping", "2023-01-30")), "doubt.class");
    assert_eq!(rule(&incident("explosion.bomb", "2023-01-28")), "doubt.days");
    assert_eq!(rule(&incident("explosion.bomb", "2022-01-30")), "veto.days", "an anniversary");
    assert_eq!(rule(&Incident { place: Some(town("Quetta", 30.184, 67.014)), ..one.clone() }), "doubt.distance");
    assert_eq!(rule(&Incident { certainty: "planned".into(), ..one.clone() }), "veto.certainty");
    let abroad = Place { country: Some("AF".into()), ..town("Peshawar", 34.0, 71.5) };
    assert_eq!(rule(&Incident { place: Some(abroad), ..one.clone() }), "doubt.country");
    let of = |name| Incident { participants: vec![person(name, "victim")], killed: Some(Count::exact(1)), ..one.clone() };
    assert_eq!(linked(&of("Arif Wali"), &of("Sami Gul")).rule, "veto.victims", "one man each, and another");
    assert!(linked(&of("Arif Wali"), &of("Wali")).joins());
    let at = |site: &str| Incident { place: Some(Place { site: Some(site.into()), ..town("Peshawar", 34.008, 71.579) }), ..one.clone() };
    assert!(linked(&at("a mosque"), &at("the mosque")).score > linked(&at("a mosque"), &at("the railway station")).score + 1.0);
}

/// A report of a paper of its own with this toll.
fn toll(day: &str, killed: Count) -> Report {
    let mut r = report(Incident { killed: Some(killed), ..incident("explosion.bomb", "2023-01-30") }, day, Some(day));
    r.source.published = Some(day.to_owned());
    r
}

/// Deaths under each policy, and the bounds.
#[track_caller]
fn check_toll(reports: &[Report], latest: u32, lowest: u32, highest: u32, median: u32, bounds: (Option<u32>, Option<u32>)) {
    let state = reconcile(reports, CasualtyPolicy::default()).unwrap();
    let killed = state.killed.unwrap();
    assert_eq!((killed.best, (killed.low, killed.high)), (Some(latest), bounds));
    let under = |policy| state.other_figures.killed.under(policy, state.killed).and_then(|c| c.best);
    let others = [CasualtyPolicy::Lowest, CasualtyPolicy::Highest, CasualtyPolicy::Median];
    assert_eq!(others.map(under), [lowest, highest, median].map(Some));
    for policy in others {
        assert_eq!(reconcile(reports, policy).unwrap().killed.unwrap().best, under(policy), "{policy:?}");
    }
}

fn saying_police(mut report: Report) -> Report {
    report.voices.push(Voice { speaker_type: Some("state.police".into()), kind: "report".into() });
    report
}

fn victims(mut report: Report, kinds: &[(&str, u32)]) -> Report {
    for (target_type, n) in kinds {
        let count = Some(Count::exact(*n));
        let who = |name: &str| Participant { kind: "people".into(), count, target_type: Some((*target_type).into()), ..person(name, "victim") };
        report.incident.participants.push(who(target_type));
        report.parties.push(Party { name: (*target_type).into(), role: "victim".into(), target_type: Some((*target_type).into()), count, ..Party::default() });
    }
    report
}

#[test]
fn a_toll_that_rises_is_the_last_one() {
    let rising =
        [toll("2023-01-30", Count::exact(9)), toll("2023-01-31", Count::exact(12)), toll("2023-02-01", Count::exact(12)), toll("2023-02-02", Count::exact(15))];
    check_toll(&rising, 15, 9, 15, 12, (Some(9), Some(15)));
}

#[test]
fn a_toll_corrected_downward_is_the_last_one() {
    check_toll(&[toll("2023-01-30", Count::exact(40)), toll("2023-01-31", Count::exact(14))], 14, 14, 40, 14, (Some(14), Some(40)));
    let floor = [toll("2023-01-30", Count::exact(9)), toll("2023-01-31", Count::exact(30)), toll("2023-02-01", Count::at_least(12))];
    check_toll(&floor, 12, 9, 30, 12, (Some(9), None));
}

#[test]
fn of_one_day_an_official_counts() {
    let day = "2023-01-30";
    let other = Report { source: ReportSource { document: "z".into(), ..toll(day, Count::exact(7)).source }, ..toll(day, Count::exact(7)) };
    check_toll(&[saying_police(toll(day, Count::exact(9))), other], 9, 7, 9, 7, (Some(7), Some(9)));
}

#[test]
fn a_retelling_does_not_correct_the_news() {
    let mut later = toll("2024-01-30", Count::exact(100));
    later.incident.background = true;
    check_toll(&[toll("2023-01-30", Count::exact(84)), later], 84, 84, 100, 84, (Some(84), Some(100)));
    // Agency copy of the first toll that is printed late is no new toll.
    let mut reprint = toll("2023-02-02", Count::exact(9));
    reprint.source.near_duplicate_of = Some("2023-01-30".into());
    check_toll(&[toll("2023-01-30", Count::exact(9)), toll("2023-01-31", Count::exact(12)), reprint], 12, 9, 12, 9, (Some(9), Some(12)));
}

#[test]
fn dozens_give_way_to_a_number() {
    check_toll(&[toll("2023-01-30", Count::exact(31)), toll("2023-01-31", Count::at_least(24))], 31, 31, 31, 31, (Some(31), Some(31)));
    // More than was known is more.
    check_toll(&[toll("2023-01-30", Count::exact(9)), toll("2023-01-31", Count::at_least(24))], 24, 9, 24, 9, (Some(9), None));
}

#[test]
fn victims_are_counted_once() {
    // "Over 100 people, scores of them police officers" in one report, the officers alone in the next.
    let all = victims(toll("2023-01-30", Count::at_least(101)), &[("private_citizen", 101), ("security.police", 40)]);
    let some = victims(toll("2023-01-31", Count::at_least(40)), &[("security.police", 40)]);
    let state = reconcile(&[all.clone(), some.clone()], CasualtyPolicy::default()).unwrap();
    assert_eq!(state.killed, Some(Count::at_least(101)));
    let within: Vec<_> = state.parties.iter().map(|p| (p.name.as_str(), p.within.as_deref())).collect();
    assert_eq!(within, [("private_citizen", None), ("security.police", Some("private_citizen"))]);
    assert!(conflicts(&[all, some]).is_empty(), "a part of the victims contradicts nothing");
    // Two groups whose sum is the toll are two groups.
    let two = victims(toll("2023-01-30", Count::exact(12)), &[("private_citizen", 9), ("security.police", 3)]);
    assert!(reconcile(&[two], CasualtyPolicy::default()).unwrap().parties.iter().all(|p| p.within.is_none()));
}

#[test]
fn conflicts_are_shown_with_who_says_what() {
    let (early, late) = (toll("2023-01-30", Count::exact(9)), toll("2023-01-31", Count::exact(12)));
    let same = Report { source: ReportSource { document: "again".into(), ..late.source.clone() }, ..late.clone() };
    let found = conflicts(&[early.clone(), late, same]);
    let [conflict] = &found[..] else { panic!("{found:?}") };
    let told: Vec<_> = conflict.values.iter().map(|v| (v.value["best"].as_u64(), v.reports.iter().map(|r| r.document.as_str()).collect::<Vec<_>>())).collect();
    assert_eq!((conflict.field.as_str(), told), ("killed", vec![(Some(9), vec!["2023-01-30"]), (Some(12), vec!["2023-01-31", "again"])]));
    // Who says less contradicts nobody: a floor, a month, a general type, no place.
    let mut vague = toll("2023-02-01", Count::at_least(5));
    vague.incident = Incident { kind: "explosion.bomb".into(), date: DateRange::month(2023, 1), place: None, ..vague.incident };
    let exact = Report { incident: Incident { kind: "explosion.vehicle_bomb".into(), ..early.incident.clone() }, ..early.clone() };
    assert_eq!(conflicts(&[exact, vague]), []);
    let fields = |a: &Report, b: &Report| conflicts(&[a.clone(), b.clone()]).into_iter().map(|c| c.field).collect::<Vec<_>>();
    let with = |change: fn(&mut Report)| {
        let mut other = early.clone();
        change(&mut other);
        fields(&early, &other)
    };
    assert_eq!(with(|r| r.incident.date = "2023-01-31".parse().ok().map(DateRange::day)), ["date"]);
    assert_eq!(with(|r| r.incident.kind = "operation.raid".into()), ["type"]);
    assert_eq!(with(|r| r.incident.place = Some(town("Mardan", 34.2, 72.04))), ["place"]);
    assert_eq!(with(|r| r.incident.certainty = "denied".into()), ["certainty"]);
    let blames = |actor: &str| {
        let mut r = early.clone();
        r.parties.push(Party { actor: Some(actor.into()), name: actor.into(), role: "suspected".into(), ..Party::default() });
        r
    };
    assert_eq!(fields(&blames("x"), &blames("y")), ["perpetrator"]);
    assert_eq!(fields(&blames("x"), &blames("x")), [""; 0]);
    assert_eq!(fields(&blames("x"), &early), [""; 0]);
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
    // Who tells it as background only retells it.
    assert_eq!((state.n_reports, state.n_sources, state.confidence), (2, 1, 0.5));
    let two = [report(exact.clone(), "a", Some("A")), report(Incident { confidence: 0.9, ..exact.clone() }, "b", Some("B"))];
    let state = reconcile(&two, CasualtyPolicy::default()).unwrap();
    assert_eq!((state.n_sources, state.confidence), (2, 0.95));
    let many: Vec<Report> = ["a", "b", "c", "d"].map(|s| report(Incident { confidence: 0.95, ..exact.clone() }, s, Some(s))).into();
    assert_eq!(reconcile(&many, CasualtyPolicy::default()).unwrap().confidence, 0.99, "never certain");
    assert_eq!(reconcile(&[], CasualtyPolicy::default()), None);
    // A follow-up takes its own day for that of the event.
    let follow_up = incident("explosion.bomb", "2023-01-31");
    let state = reconcile(&[report(exact.clone(), "a", Some("A")), report(follow_up.clone(), "b", Some("B"))], CasualtyPolicy::default()).unwrap();
    assert_eq!(state.date, exact.date, "of two days that one report each gives, the first report's");
    let outvoted = [report(exact, "a", Some("A")), report(follow_up.clone(), "b", Some("B")), report(follow_up.clone(), "c", Some("C"))];
    assert_eq!(reconcile(&outvoted, CasualtyPolicy::default()).unwrap().date, follow_up.date);
}

#[test]
fn grades_follow_their_definitions() {
    let told = |source| report(incident("explosion.bomb", "2023-01-30"), source, Some(source));
    let grade = |reports: &[Report]| reconcile(reports, CasualtyPolicy::default()).unwrap().evidence_grade;
    assert_eq!(grade(&[told("A")]), "single_source");
    assert_eq!(grade(&[told("A"), Report { source: ReportSource { document: "x".into(), ..told("A").source }, ..told("A") }]), "single_source");
    assert_eq!(grade(&[told("A"), told("B")]), "corroborated");
    let official = saying_police(told("A"));
    assert_eq!(grade(std::slice::from_ref(&official)), "single_source");
    assert_eq!(grade(&[official.clone(), told("B")]), "confirmed");
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
    // A claim that nobody in particular makes is not owned.
    let mut somebody = with("claimant", "an unknown caller");
    somebody.parties[0].kind = "people".into();
    assert_eq!(grade(&[somebody]), "single_source");
    let mut loose = told("A");
    loose.incident.certainty = "claimed".into();
    assert_eq!(grade(&[loose]), "single_source");
}

#[test]
fn what_depends_on_one_source_is_one() {
    let told = |source: &str, document: &str| report(incident("explosion.bomb", "2023-01-30"), document, Some(source));
    let grade = |reports: &[Report]| {
        let state = reconcile(reports, CasualtyPolicy::default()).unwrap();
        (state.n_sources, state.evidence_grade)
    };
    let single = (1, "single_source".to_owned());
    // Police quoted twice by one agency, under its own name and another paper's.
    assert_eq!(grade(&[saying_police(told("Reuters", "a")), saying_police(told("Dawn/Reuters", "b"))]), single);
    assert_eq!(grade(&[told("Dawn", "a"), told("Reuters", "b"), told("Dawn / Reuters", "c")]), single);
    // Police quoted by two agencies: two tell it, and both have it from the police.
    assert_eq!(grade(&[saying_police(told("Reuters", "a")), saying_police(told("AFP", "b"))]), (2, "corroborated".to_owned()));
    // A copy of a text that the base has, whoever prints it.
    let mut copy = told("The Daily", "b");
    copy.source.near_duplicate_of = Some("a".into());
    assert_eq!(grade(&[saying_police(told("Reuters", "a")), copy]), single);
    // Two pages of one site that names no publisher.
    let page = |url: &str| {
        let mut page = report(incident("explosion.bomb", "2023-01-30"), url, None);
        page.source.url = Some(url.to_owned());
        page
    };
    assert_eq!(grade(&[page("https://www.news.example/a"), page("http://news.example:80/b?c")]), single);
    assert_eq!(grade(&[page("https://news.example/a"), page("https://other.example/a")]).0, 2);
    // Somebody who tells it a year later as background.
    let mut retelling = told("AFP", "b");
    retelling.incident.background = true;
    assert_eq!(grade(&[saying_police(told("Reuters", "a")), retelling.clone()]), single);
    // Background alone is still told by somebody.
    assert_eq!(grade(&[retelling]), single);
    // An official and somebody else.
    assert_eq!(grade(&[saying_police(told("Reuters", "a")), told("AFP", "b")]), (2, "confirmed".to_owned()));
}
