use crate::extract::{Analysis, Input, Options};
use crate::lexicon::Lexicon;
use serde::Deserialize;
use std::sync::LazyLock;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::embedded().unwrap());

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    #[serde(default)]
    expect: Vec<Expected>,
    #[serde(default)]
    rejects: Vec<String>,
    metonym: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    mention: String,
    name: String,
    country: String,
    admin1: Option<String>,
}

/// What is wrong with the places of a case, in words.
fn faults(case: &Case) -> Vec<String> {
    let input = Input { id: "case", text: &case.text, ..Input::default() };
    let options = Options::default();
    let mut a = Analysis::new(&input, &LEXICON, &options);
    crate::extract::header::read(&mut a);
    super::find_places(&mut a);
    let mut faults = Vec::new();
    let text = |p: &crate::extract::analysis::PlaceMention| a.doc.text(p.core);
    for e in &case.expect {
        let at = a.places.iter().find(|p| text(p) == e.mention);
        let right = at.is_some_and(|p| {
            let country = p.country.clone().unwrap_or_default();
            p.name == e.name && (country == e.country || e.country.is_empty()) && (e.admin1.is_none() || p.admin1 == e.admin1)
        });
        if !right {
            faults.push(format!("{}: wanted {} {} {:?}, got {:?}", e.mention, e.name, e.country, e.admin1, at.map(|p| (&p.name, &p.country, &p.admin1))));
        }
    }
    for word in &case.rejects {
        if let Some(p) = a.places.iter().find(|p| a.doc.text(p.tokens).split([' ', ',']).any(|w| w == word) || a.doc.text(p.tokens) == word) {
            faults.push(format!("{word}: no place, got {} {:?}", p.name, p.country));
        }
    }
    if let Some(metonyms) = &case.metonym {
        let got: Vec<&str> = a.places.iter().filter(|p| p.metonym).map(text).collect();
        if got != metonyms.iter().map(String::as_str).collect::<Vec<_>>() {
            faults.push(format!("metonyms: wanted {metonyms:?}, got {got:?}"));
        }
    }
    faults
}

#[test]
fn every_case_of_the_lexicon_comes_out_right() {
    let file = include_str!("../../../lexicon/places/cases.toml");
    let cases: Cases = toml::from_str(file).unwrap();
    assert!(cases.case.len() >= 60);
    let faults: Vec<String> = cases.case.iter().flat_map(|c| faults(c).into_iter().map(move |f| format!("{f}\n    in: {}", c.text))).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
