//! Cases of the dates pass: `lexicon/cases/dates.toml`.

use serde::Deserialize;
use waqia::extract::analysis::{DateBasis, DateMention};
use waqia::extract::{Analysis, Input, Options, chunk, date, header};
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

fn read(lexicon: &Lexicon, case: &Case) -> Vec<String> {
    let published = case.published.as_deref().map(|p| p.parse().expect("an ISO date"));
    let input = Input { text: &case.text, published, ..Input::default() };
    let options = Options::default();
    let mut a = Analysis::new(&input, lexicon, &options);
    header::read(&mut a);
    chunk::find_groups(&mut a);
    date::find_dates(&mut a);
    a.dates.iter().map(|d| line(&a, d)).collect()
}

fn line(a: &Analysis<'_>, d: &DateMention) -> String {
    let value = match d.value {
        None => "?".to_owned(),
        Some(v) if v.start == v.end => v.start.to_string(),
        Some(v) => format!("{}..{} {}", v.start, v.end, format!("{:?}", v.precision).to_lowercase()),
    };
    let basis = match d.basis {
        DateBasis::Explicit => "explicit",
        DateBasis::Publication => "publication",
        DateBasis::Text => "text",
        DateBasis::YearInferred => "inferred",
    };
    format!("{} = {value} {basis}{}", a.doc.text(d.tokens), if d.duration { " stretch" } else { "" })
}

#[test]
fn every_case_comes_out_as_written() {
    let lexicon = Lexicon::embedded().expect("the embedded lexicon loads");
    let cases: Cases = toml::from_str(include_str!("../../lexicon/cases/dates.toml")).expect("valid TOML");
    assert!(cases.case.len() >= 120, "only {} cases", cases.case.len());
    let wrong: Vec<String> = cases
        .case
        .iter()
        .filter_map(|case| {
            let got = read(&lexicon, case);
            (got != case.expect).then(|| format!("{:?} ({:?})\n  expected {:?}\n  got      {got:?}", case.text, case.published, case.expect))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} cases differ:\n{}", wrong.len(), cases.case.len(), wrong.join("\n"));
}

#[test]
fn an_inferred_year_is_noted() {
    let lexicon = Lexicon::embedded().expect("the embedded lexicon loads");
    let text = "The January 30th blast left many dead. A report from May 2022 says so.";
    let input = Input { text, ..Input::default() };
    let record = waqia::extract::extract(&input, &lexicon, &Options::default());
    let codes: Vec<&str> = record.notes.iter().map(|n| n.code.as_str()).collect();
    assert!(codes.contains(&"date.year_inferred") && codes.contains(&"date.published_inferred"), "{codes:?}");
    assert_eq!(record.document.published, None);
    assert_eq!(record.document.published_from.as_deref(), Some("inferred"));
}
