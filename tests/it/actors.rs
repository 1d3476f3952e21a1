//! Cases of the actors pass: `lexicon/cases/actors.toml`.

use serde::Deserialize;
use waqia::extract::analysis::MentionKind;
use waqia::extract::{Analysis, Input, Options, actor, chunk, clause, date, header, place};
use waqia::lexicon::Lexicon;

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    text: String,
    published: Option<String>,
    expect: Vec<String>,
}

fn entities(lexicon: &Lexicon, text: &str, published: Option<&str>) -> Vec<String> {
    let published = published.map(|p| p.parse().expect("an ISO date"));
    let input = Input { text, published, ..Input::default() };
    let options = Options::default();
    let mut a = Analysis::new(&input, lexicon, &options);
    header::read(&mut a);
    chunk::find_groups(&mut a);
    date::find_dates(&mut a);
    place::find_places(&mut a);
    clause::find_clauses(&mut a);
    actor::find_actors(&mut a);
    (0..a.entities.len()).map(|e| line(&a, e)).collect()
}

/// "name or (description) <kind> = mention | mention; title, title; of affiliation".
fn line(a: &Analysis<'_>, entity: usize) -> String {
    let called = |e: usize| {
        let e = &a.entities[e];
        e.name.clone().unwrap_or_else(|| format!("({})", e.description.clone().unwrap_or_default()))
    };
    let e = &a.entities[entity];
    let mentions: Vec<&str> = e.mentions.iter().map(|&m| a.doc.text(a.mentions[m].tokens)).collect();
    let titles = if e.titles.is_empty() { String::new() } else { format!("; {}", e.titles.join(", ")) };
    let of = e.affiliation.map_or(String::new(), |o| format!("; of {}", called(o)));
    format!("{} <{}> = {}{titles}{of}", called(entity), e.kind, mentions.join(" | "))
}

/// A mistake in the file is told by its line, without the whole file.
#[track_caller]
fn cases() -> Cases {
    toml::from_str(include_str!("../../lexicon/cases/actors.toml")).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_case_comes_out_as_written() {
    let lexicon = Lexicon::embedded().expect("the embedded lexicon loads");
    let cases = cases();
    assert!(cases.case.len() >= 80, "only {} cases", cases.case.len());
    let wrong: Vec<String> = cases
        .case
        .iter()
        .filter_map(|case| {
            let got = entities(&lexicon, &case.text, case.published.as_deref());
            (got != case.expect).then(|| format!("{:?}\n  expected {:#?}\n  got      {got:#?}", case.text, case.expect))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} cases differ:\n{}", wrong.len(), cases.case.len(), wrong.join("\n"));
}

#[test]
fn every_mention_lies_in_its_phrase_and_every_entity_has_mentions() {
    let lexicon = Lexicon::embedded().expect("the embedded lexicon loads");
    let cases = cases();
    for case in &cases.case {
        let input = Input { text: &case.text, ..Input::default() };
        let options = Options::default();
        let mut a = Analysis::new(&input, &lexicon, &options);
        chunk::find_groups(&mut a);
        place::find_places(&mut a);
        clause::find_clauses(&mut a);
        actor::find_actors(&mut a);
        for m in &a.mentions {
            assert!(m.phrase.contains(m.tokens), "{:?} in {:?}", a.doc.text(m.tokens), a.doc.text(m.phrase));
            assert!(m.kind == MentionKind::Pronoun || m.phrase.has(m.head));
            assert!(m.entity.is_none_or(|e| e < a.entities.len()));
        }
        assert!(a.entities.iter().all(|e| !e.mentions.is_empty() && e.mentions.iter().all(|&m| m < a.mentions.len())));
        assert!(a.mentions.is_sorted_by_key(|m| m.tokens.start));
    }
}
