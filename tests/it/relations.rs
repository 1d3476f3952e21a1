//! Relations and figures: `tests/cases/relations.txt`, `tests/cases/figures.txt`, and the sentences that each pattern of relations carries.

use std::fmt::Write;
use waqia::extract::{Input, Options, extract};
use waqia::lexicon::Lexicon;
use waqia::model::Record;
use waqia::model::record::{Figure, Relation};

fn read(text: &str, lexicon: &Lexicon) -> Record {
    extract(&Input { id: "case", text, ..Input::default() }, lexicon, &Options::default())
}

/// Runs a file of cases: a text (">"), then one line for each thing found, "nothing" where there is none.
fn run(cases: &str, at_least: usize, show: impl Fn(&Record, &[&str]) -> Vec<String>) {
    let lexicon = Lexicon::embedded().expect("the embedded lexicon loads");
    let (mut n, mut failures) = (0, String::new());
    for block in cases.split("\n\n") {
        let lines = || block.lines().filter(|l| !l.starts_with('#') && !l.is_empty());
        let text: Vec<&str> = lines().filter_map(|l| l.strip_prefix('>')).map(str::trim).collect();
        if text.is_empty() {
            continue;
        }
        n += 1;
        let text = text.join("\n");
        let want: Vec<&str> = lines().filter(|l| !l.starts_with('>') && *l != "nothing").collect();
        let mut got = show(&read(&text, &lexicon), &want);
        let mut wanted: Vec<String> = want.iter().map(|w| (*w).to_owned()).collect();
        got.sort();
        wanted.sort();
        if got != wanted {
            let _ = write!(failures, "\n{text}\n  want {wanted:#?}\n  got  {got:#?}\n");
        }
    }
    assert!(n >= at_least, "{n} cases");
    assert!(failures.is_empty(), "{failures}");
}

/// A relation in the notation of the cases, with its term where they ask for it.
fn relation(r: &Relation, wanted: &[&str]) -> String {
    let mut line = format!("{} | {} | {} | {}", r.subject, r.relation, r.object, r.certainty);
    if wanted.iter().any(|w| w.matches(" | ").count() > 3) {
        let or_open = |day: &Option<String>| day.clone().unwrap_or_default();
        let _ = write!(line, " | {}..{}", or_open(&r.valid_from), or_open(&r.valid_to));
    }
    line
}

#[test]
fn relations_are_found_as_the_cases_say() {
    run(include_str!("../cases/relations.txt"), 40, |record, want| record.relations.iter().map(|r| relation(r, want)).collect());
}

/// A figure in the notation of the cases, with the further fields that the line of the same rank asks for.
fn figure(f: &Figure, wanted: &str) -> String {
    let or_dash = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    let mut line = format!("{} | {} | {} | {}", f.measure, or_dash(f.value.map(|v| v.to_string())), or_dash(f.unit.clone()), or_dash(f.change.clone()));
    let fields = wanted.splitn(5, " | ").nth(4).unwrap_or("");
    let more: Vec<String> = fields
        .split(';')
        .filter_map(|field| field.trim().split_once('='))
        .map(|(name, _)| {
            let value = match name {
                "place" => or_dash(f.place.clone()),
                "source" => or_dash(f.source.clone()),
                "text" => f.text.clone(),
                other => panic!("unknown field {other} in a case"),
            };
            format!("{name}={value}")
        })
        .collect();
    if !more.is_empty() {
        let _ = write!(line, " | {}", more.join("; "));
    }
    line
}

#[test]
fn figures_are_found_as_the_cases_say() {
    run(include_str!("../cases/figures.txt"), 25, |record, want| {
        record.figures.iter().enumerate().map(|(i, f)| figure(f, want.get(i).copied().unwrap_or(""))).collect()
    });
}

#[test]
fn every_pattern_finds_its_relation_in_its_matches_and_not_in_its_rejects() {
    let lexicon = Lexicon::embedded().expect("the embedded lexicon loads");
    let mut wrong = Vec::new();
    for pattern in lexicon.relations.iter() {
        let has = |text: &String| read(text, &lexicon).relations.iter().any(|r| r.relation == pattern.relation);
        wrong.extend(pattern.matches.iter().filter(|t| !has(t)).map(|t| format!("{} misses: {t}", pattern.id)));
        wrong.extend(pattern.rejects.iter().filter(|t| has(t)).map(|t| format!("{} takes: {t}", pattern.id)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
