//! Long texts that no writer wrote: lists without an end, names over and over. Each must be read in time that grows with its length
//! alone; work that grows with the square of it would keep these tests busy for many minutes, and deep recursion would end the process.

use crate::lexicon::lexicon;
use waqia::extract::{Input, Options, extract};
use waqia::model::Record;

/// Bytes of a text, about.
const LENGTH: usize = 150_000;

/// The record of what `part` gives for each number, one behind the other.
fn read(part: impl Fn(usize) -> String) -> (String, Record) {
    let mut text = String::new();
    let mut n = 0;
    while text.len() < LENGTH {
        text += &part(n);
        n += 1;
    }
    let record = extract(&Input { id: "long", text: &text, ..Input::default() }, lexicon(), &Options::default());
    (text, record)
}

/// A made-up name for each number.
fn name(mut n: usize) -> String {
    const SYLLABLES: [&str; 17] = ["ba", "de", "go", "ki", "lu", "ma", "ne", "po", "ru", "sa", "ti", "vo", "za", "che", "dri", "fu", "ghi"];
    let mut name = String::new();
    for _ in 0..4 {
        name += SYLLABLES[n % SYLLABLES.len()];
        n /= SYLLABLES.len();
    }
    name[..1].to_uppercase() + &name[1..]
}

/// The number of places found: those that the record holds, or as many as its note says that there were.
fn n_places(record: &Record) -> usize {
    let cut = record.notes.iter().filter(|note| note.code == "record.cut").find_map(|note| note.text.strip_prefix("places: the first "));
    let told = cut.and_then(|rest| rest.split_once(" of ")?.1.split(',').next()?.parse().ok());
    told.unwrap_or(record.places.len())
}

#[test]
fn lists_of_places() {
    let towns = ["Peshawar", "Quetta", "Karachi", "Lahore", "Kabul", "Kandahar", "Multan", "Mumbai"];
    let (text, record) = read(|n| format!("{}, ", towns[n % towns.len()]));
    assert_eq!(n_places(&record), text.matches(',').count());
    let (text, record) = read(|n| format!("in {} ", towns[n % towns.len()]));
    assert_eq!(n_places(&record), text.matches("in ").count());
    // The preposition before the first of a list goes for all: none of them acts.
    let (text, record) = read(|n| format!("{} and ", ["Iran", "India", "Turkey", "France", "Nepal"][n % 5]));
    assert_eq!(n_places(&record), text.matches("and").count());
    let (_, record) = read(|n| format!("{}Iran, India and Turkey, ", if n == 0 { "Men fled from " } else { "" }));
    assert_eq!(record.actors.len(), 0, "{:?}", record.actors.first());
}

#[test]
fn places_that_the_gazetteer_does_not_know() {
    let (text, record) = read(|n| format!("Police came to {} village in Swat. ", name(n)));
    let unknown = record.places.iter().filter(|p| p.gazetteer.is_none() && p.country.as_deref() == Some("PK")).count();
    // One of two places is the village, the other is Swat.
    assert!(unknown * 20 > record.places.len() * 9, "{unknown} of {}", record.places.len());
    assert!(n_places(&record) * 10 > text.matches("village").count() * 19, "{}", n_places(&record));
    let (_, record) = read(|n| format!("A bomb went off in {} in Central Asia on Monday. ", name(n)));
    assert!(!record.places.is_empty());
}

#[test]
fn names_over_and_over() {
    let (_, record) = read(|n| format!("{} Khan said so. Khan denied it. ", name(n)));
    assert!(record.actors.len() > 1_000);
    let (text, record) = read(|n| format!("{} Liberation Front said so. ", name(n)));
    assert!(record.actors.len() * 2 > text.matches("Front").count());
    let (_, record) = read(|_| "General Raheel Sharif said so. ".to_owned());
    assert_eq!(record.actors.len(), 1);
    let (_, record) = read(|_| "Taliban and TTP and ".to_owned());
    assert!(record.actors.len() <= 3);
}

#[test]
fn short_forms_over_and_over() {
    let (text, record) = read(|n| format!("the {} Liberation Front ({}LF) met. ", name(n), char::from(b'A' + (n % 26) as u8)));
    assert!(record.actors.len() * 2 > text.matches("Front").count(), "{}", record.actors.len());
}

#[test]
fn who_is_meant_over_and_over() {
    let (_, record) = read(|_| "he and she and they and ".to_owned());
    assert_eq!(record.actors.len(), 0);
    let (_, record) = read(|n| format!("{} men fled. The {} gunmen fled. The attackers fled. ", n + 2, n + 2));
    assert!(!record.incidents.iter().any(|i| i.participants.len() > 10));
    let (_, record) = read(|_| "The Islamic State group's regional branch did it. Its spokesman, Abu Umar, said so. ".to_owned());
    assert!(record.actors.len() >= 2);
}

#[test]
fn what_has_no_end() {
    // One name behind the other, each the other name of the one before.
    let (_, record) = read(|n| format!("{} Khan aka ", if n == 0 { "Noor" } else { "Gul" }));
    assert!(record.actors.len() <= 1 + LENGTH / 10);
    let (_, record) = read(|_| "one hundred and ".to_owned());
    assert!(record.incidents.is_empty());
    let (_, record) = read(|n| if n == 0 { "don't'".to_owned() } else { "ve'".to_owned() });
    assert!(record.incidents.is_empty());
    let (_, record) = read(|_| "Lashkar-e-Taiba-".to_owned());
    assert!(record.incidents.is_empty());
    let (_, record) = read(|_| "(".to_owned());
    assert!(record.incidents.is_empty());
    let (_, record) = read(|_| "last year, 2009. ".to_owned());
    assert!(record.incidents.is_empty());
}
