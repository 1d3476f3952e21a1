use super::*;
use crate::lexicon::Lexicon;
use crate::text::TextModel;
use std::sync::LazyLock;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::embedded().unwrap());

#[track_caller]
fn check(name: &str, country: &str, latitude: f64, longitude: f64) {
    let found: Vec<_> = LEXICON.gazetteer.named(name).collect();
    let near = |p: &&Place<'_>| p.country.unwrap_or_default().as_str() == country && p.km_to(latitude, longitude) < 60.0;
    assert!(found.iter().any(|p| near(&p)), "{name} in {country} near {latitude},{longitude}: {found:?}");
}

#[test]
fn names_of_all_kinds_are_found_where_they_lie() {
    check("Peshawar", "PK", 34.01, 71.58);
    check("Miran Shah", "PK", 33.0, 70.07);
    check("miramshah", "PK", 33.0, 70.07);
    check("North Waziristan", "PK", 32.95, 69.95);
    check("NWFP", "PK", 34.4, 72.0);
    check("Calcutta", "IN", 22.57, 88.36);
    check("Orissa", "IN", 20.5, 84.4);
    check("D.I. Khan", "PK", 31.83, 70.9);
    check("Mazar-e-Sharif", "AF", 36.71, 67.11);
    check("Sana'a", "YE", 15.35, 44.2);
    check("پشاور", "PK", 34.01, 71.58);
    check("Bogotá", "CO", 4.61, -74.08);
    check("Durand Line", "", 33.0, 69.8);
    check("Illinois", "US", 40.0, -89.2);
}

#[test]
fn every_country_has_a_place_and_most_a_capital() {
    let countries = LEXICON.gazetteer.countries();
    assert_eq!(countries.len(), 250);
    assert!(countries.iter().filter(|c| c.capital.is_some()).count() > 190);
    for country in countries {
        assert_eq!(LEXICON.gazetteer.place(country.place).map(|p| p.name()), Some(country.name.as_str()));
    }
}

#[test]
fn the_longest_name_and_its_parts_are_offered() {
    let doc = Document::read("He left Dera Ismail Khan for Mazar-e-Sharif.", &TextModel::default());
    let mut ends = Vec::new();
    for start in 0..doc.len() {
        LEXICON.gazetteer.matches(&doc, start, &mut |end, _| ends.push(doc.text(TokenSpan::new(start, end))));
    }
    assert!(ends.contains(&"Dera Ismail Khan"), "{ends:?}");
    assert!(ends.contains(&"Mazar-e-Sharif"), "{ends:?}");
}

#[track_caller]
fn check_similar(spelled: &str, country: &str, expect: &[&str]) {
    let found = LEXICON.gazetteer.similar(spelled, CountryCode::parse(country).unwrap());
    let names: Vec<_> = found.iter().map(|p| p.name()).take(expect.len()).collect();
    assert_eq!(names, expect, "{spelled} in {country}");
    assert!(!expect.is_empty() || found.is_empty(), "{spelled} in {country}: {:?}", found[0].name());
}

#[test]
fn spellings_of_the_press_are_found_within_their_country() {
    check_similar("Fariab", "AF", &["Faryab"]);
    check_similar("Zehdan", "IR", &["Zahedan"]);
    check_similar("Kulagam", "IN", &["Kulgam"]);
    check_similar("Khowgiani", "AF", &["Khogyani"]);
    check_similar("Lowgar", "AF", &["Logar"]);
    check_similar("Banaadir", "PK", &[]);
    check_similar("Springfeld", "US", &[]);
}

#[test]
fn acronyms_need_their_capitals() {
    let key = load::name_key("NWFP").unwrap();
    assert_eq!(LEXICON.gazetteer.candidates(key, false).count(), 0);
    assert_eq!(LEXICON.gazetteer.candidates(key, true).count(), 1);
}

#[test]
fn a_broken_row_names_its_line() {
    let mut source = Source::embedded();
    source.insert("places/own.tsv".to_owned(), "id\tname\nx:1\tAtlantis\tXX\t\t\tnorth\t0\t0\tPPL\t\n".to_owned());
    let error = Gazetteer::load(&source, &mut Trie::default()).unwrap_err();
    assert_eq!((error.file.as_str(), error.line), ("places/own.tsv", Some(2)));
}

#[test]
fn words_and_personal_names_are_not_trusted() {
    let doc = Document::read("Of Khanpur Salim March Jordan Peshawar", &TextModel::default());
    let trust: Vec<_> = (0..doc.len()).map(|i| LEXICON.gazetteer.trust(&doc, TokenSpan::one(i))).collect();
    assert_eq!(trust, [Trust::Word, Trust::Plain, Trust::Person, Trust::Time, Trust::AlsoPerson, Trust::Plain]);
}
