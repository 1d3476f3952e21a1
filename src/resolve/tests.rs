//! What is the same, what is not, and what stays open.

use super::*;
use crate::model::resolution::Context;

fn text(name: &str, kind: &str) -> Wanted {
    Wanted { actor: 0, name: name.into(), kind: kind.to_owned(), context: Context::default() }
}

fn base(id: &str, name: &str, kind: &str) -> Candidate {
    Candidate { id: id.to_owned(), name: name.to_owned(), names: vec![name.into()], kind: kind.to_owned(), ..Candidate::default() }
}

fn list(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|&id| id.to_owned()).collect()
}

/// Around an actor: people, countries, years of its documents.
fn around(people: &[&str], countries: &[&str], years: (i16, i16)) -> Context {
    let day = |year| Some(jiff::civil::date(year, 6, 1));
    Context { people: list(people), countries: list(countries), first: day(years.0), last: day(years.1), ..Context::default() }
}

fn one(wanted: &Wanted, candidates: &[Candidate]) -> Resolution {
    resolve(std::slice::from_ref(wanted), candidates).remove(0)
}

#[test]
fn a_name_of_its_own_is_the_same() {
    for (one_name, other, kind) in [
        ("Jaish-e-Khurasan", "Jaish-ul-Khurasan", "armed.rebel"),
        ("Lashkar-e-Khurasan", "Lashkar-i-Khorasan", "armed.rebel"),
        ("Abdul Wali Karimi", "Abdul Wali Karimi", "person.other"),
        ("Mohammed Husain Karimi", "Muhammad Hussain Karimi", "person.other"),
    ] {
        let decision = one(&text(one_name, kind), &[base("act_1", other, kind)]);
        assert_eq!(decision.identity, Identity::Same("act_1".to_owned()), "{one_name}: {decision:?}");
        assert_eq!(decision.rule, "resolve.score");
    }
}

#[test]
fn a_last_name_alone_needs_company() {
    let khan = base("act_1", "Abdul Wali Khan", "person.official");
    let alone = one(&text("Khan", "person.official"), std::slice::from_ref(&khan));
    assert_eq!((alone.identity, alone.rule.as_str()), (Identity::New, "resolve.too_unlike"));
    let known = Candidate { context: around(&["act_8", "act_9"], &["PK"], (2010, 2011)), ..khan };
    let mut wanted = text("Khan", "person.official");
    wanted.context = around(&["act_8", "act_9"], &["PK"], (2011, 2011));
    let decision = one(&wanted, &[known]);
    assert_eq!(decision.identity, Identity::Same("act_1".to_owned()), "{decision:?}");
    let names: Vec<&str> = decision.candidates[0].features.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["name", "type", "country", "people", "years"]);
}

#[test]
fn who_is_as_likely_as_another_stays_open() {
    let context = around(&["act_8", "act_9"], &["PK"], (2010, 2011));
    let mut wanted = text("Khan", "person.official");
    wanted.context = context.clone();
    let candidates: Vec<Candidate> = [("act_1", "Abdul Wali Khan"), ("act_2", "Aslam Khan")]
        .map(|(id, name)| Candidate { context: context.clone(), ..base(id, name, "person.official") })
        .into_iter()
        .collect();
    let decision = one(&wanted, &candidates);
    assert_eq!((decision.identity, decision.rule.as_str()), (Identity::Open, "resolve.close"));
    assert_eq!(decision.candidates.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), ["act_1", "act_2"]);
    let turned: Vec<Candidate> = candidates.into_iter().rev().collect();
    let again = one(&wanted, &turned);
    assert_eq!(again.candidates, decision.candidates, "the order of the candidates does not matter");
}

#[test]
fn namesakes_far_away_are_others() {
    let there = Candidate { context: around(&["act_5", "act_6", "act_7"], &["CO"], (1988, 1990)), ..base("act_1", "Jorge Perez", "person.other") };
    let mut wanted = text("Jorge Perez", "person.other");
    wanted.context = around(&["act_1x", "act_2x", "act_3x"], &["PK"], (2015, 2015));
    assert_eq!(one(&wanted, &[there]).identity, Identity::New);
}

#[test]
fn what_cannot_be_is_vetoed() {
    let wanted = Wanted { context: around(&[], &[], (2001, 2001)), ..text("Baloch Republican Guards", "armed.rebel") };
    let later = Candidate { valid_from: Some("2012".to_owned()), ..base("act_1", "Baloch Republican Guards", "armed.rebel") };
    assert_eq!(one(&wanted, &[later]).rule, "veto.not_yet");
    let state = base("act_1", "Baloch Republican Guards", "state.military");
    assert_eq!(one(&wanted, &[state]).rule, "veto.type");
    let known = Candidate { known: true, ..base("guards", "Baloch Republican Guards", "armed.rebel") };
    assert_eq!(one(&wanted, &[known]).rule, "veto.set_aside", "the engine knew the name and did not take it");
    assert_eq!(one(&wanted, &[]).rule, "resolve.no_candidate");
}

#[test]
fn an_acronym_needs_something_beside_it() {
    let guards = base("act_1", "Baloch Republican Guards", "armed.rebel");
    assert_eq!(one(&text("BRG", "armed.unidentified"), std::slice::from_ref(&guards)).identity, Identity::New);
    let guards = Candidate { context: around(&["act_9"], &["PK"], (2014, 2014)), ..guards };
    let wanted = Wanted { context: around(&["act_9"], &["PK"], (2015, 2015)), ..text("BRG", "armed.rebel") };
    assert_eq!(one(&wanted, &[guards]).identity, Identity::Same("act_1".to_owned()));
}

#[test]
fn persons_and_organisations_are_never_one() {
    let candidates = [base("act_1", "Ansar Ghazi", "person.militant")];
    assert_eq!(one(&text("Ansar Ghazi", "armed.rebel"), &candidates).rule, "resolve.no_candidate");
    assert_eq!(shortlist(&[text("Ansar Ghazi", "armed.rebel")], |_| candidates.iter().map(|c| (1, c)).collect()), []);
}

#[test]
fn two_of_one_text_are_two() {
    let candidates = [base("act_1", "Abdul Wali Karimi", "person.other")];
    let both = [text("Abdul Wali Karimi", "person.other"), Wanted { actor: 1, ..text("Abdul Wali Kareemi", "person.other") }];
    let decisions = resolve(&both, &candidates);
    assert_eq!(decisions[0].identity, Identity::Same("act_1".to_owned()));
    assert_eq!((&decisions[1].identity, decisions[1].rule.as_str()), (&Identity::New, "veto.taken"));
}
