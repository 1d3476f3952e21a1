//! In what language a text is written: by script, letters and the commonest words. Only English is parsed; of other texts the names are read.

use super::Analysis;
use super::analysis::PlaceMention;
use crate::lexicon::Lexicon;
use crate::lexicon::gazetteer::{Place, PlaceKind};
use crate::text::{Document, MAX_SENTENCE, Shape, TokenSpan};

/// The language that is parsed.
pub const PARSED: &str = "en";

/// Letters that are looked at; the head of a text tells its language.
const SAMPLE: usize = 4_000;

/// Fewer letters tell no language.
const FEWEST: usize = 8;

/// Whether a text is in the language that is parsed.
pub fn is_parsed(doc: &Document<'_>, lexicon: &Lexicon) -> bool {
    of(doc, lexicon) == PARSED
}

/// The pass: sets the language, and leaves a note where the text is not parsed.
pub fn find_language(a: &mut Analysis<'_>) {
    if a.set_aside {
        a.header.published = a.input.published;
        a.header.published_from = a.input.published.map(|_| "input");
        let first = TokenSpan::new(0, a.doc.len().min(1));
        a.note("document.set_aside", first, "no word in it can tell of an incident: it was not parsed");
        return;
    }
    a.language = of(&a.doc, a.lexicon);
    if a.language != PARSED {
        let first = TokenSpan::new(0, a.doc.len().min(1));
        let text = format!("language {}: names of actors and places were read, the rest was not parsed", a.language);
        a.note("document.language_not_parsed", first, text);
    } else {
        note_cuts(a);
    }
}

/// A note where sentences were so long that they were cut: what belongs together across a cut is read apart.
fn note_cuts(a: &mut Analysis<'_>) {
    let is_cut = |s: &TokenSpan| s.len() >= MAX_SENTENCE && a.doc.paragraphs().binary_search_by_key(&s.end, |p| p.end).is_err();
    let mut cut = a.doc.sentences().iter().filter(|s| is_cut(s)).copied();
    if let Some(first) = cut.next() {
        let n = 1 + cut.count();
        let at = TokenSpan::one(first.end as usize - 1);
        a.note(
            "document.sentence_cut",
            at,
            format!("what stands between two stops is longer than {MAX_SENTENCE} words and signs and was cut: {n} cuts in all, the first of them here"),
        );
    }
}

/// ISO 639-1 code; `en` where nothing speaks for another, `und` for a script of which no language is known here.
fn of(doc: &Document<'_>, lexicon: &Lexicon) -> &'static str {
    // A look that is enough for nearly all texts: so many plain letters at the head that no other script can have the most.
    let head = &doc.source().as_bytes()[..doc.source().len().min(SAMPLE)];
    let plain: usize = head.chunks(128).map(|some| usize::from(some.iter().map(|byte| u8::from(byte.is_ascii_alphabetic())).sum::<u8>())).sum();
    if plain >= FEWEST && plain * 2 > head.len() {
        return of_latin_script(doc, lexicon);
    }
    let letters = || doc.source().chars().filter(|c| c.is_alphabetic()).take(SAMPLE);
    let (mut total, mut arabic, mut latin, mut in_script) = (0, 0, 0, [0usize; SCRIPTS.len()]);
    for c in letters() {
        total += 1;
        if c.is_ascii() || ('\u{C0}'..='\u{24F}').contains(&c) {
            latin += 1;
        } else {
            arabic += usize::from(is_arabic(c));
            for (count, (first, last, _)) in in_script.iter_mut().zip(SCRIPTS) {
                *count += usize::from((*first..=*last).contains(&c));
            }
        }
    }
    let most = |count: usize| count * 2 > total;
    if total < FEWEST {
        PARSED
    } else if most(arabic) {
        of_arabic_script(doc, &letters().collect::<Vec<_>>())
    } else if let Some((_, (_, _, code))) = in_script.iter().zip(SCRIPTS).find(|(count, _)| most(**count)) {
        code
    } else if most(latin) {
        of_latin_script(doc, lexicon)
    } else {
        "und"
    }
}

/// Scripts that tell the language: first and last letter, and the language that news in our countries writes in it.
const SCRIPTS: &[(char, char, &str)] = &[
    ('\u{900}', '\u{97F}', "hi"),
    ('\u{980}', '\u{9FF}', "bn"),
    ('\u{A00}', '\u{A7F}', "pa"),
    ('\u{B80}', '\u{BFF}', "ta"),
    ('\u{D80}', '\u{DFF}', "si"),
    ('\u{1000}', '\u{109F}', "my"),
    ('\u{400}', '\u{4FF}', "ru"),
    ('\u{590}', '\u{5FF}', "he"),
    ('\u{4E00}', '\u{9FFF}', "zh"),
];

fn is_arabic(c: char) -> bool {
    ('\u{600}'..='\u{6FF}').contains(&c) || ('\u{750}'..='\u{77F}').contains(&c) || ('\u{FB50}'..='\u{FEFC}').contains(&c)
}

/// Urdu, Pashto, Persian (Dari) or Arabic, by letters that only one has and by small words.
fn of_arabic_script(doc: &Document<'_>, letters: &[char]) -> &'static str {
    let count = |set: &str| letters.iter().filter(|&&c| set.contains(c)).count();
    let words = |list: &[&str]| (0..doc.len()).filter(|&i| list.contains(&doc.word(i))).count();
    let scores = [
        ("ps", 3 * count("\u{67C}\u{681}\u{685}\u{689}\u{693}\u{696}\u{69A}\u{6AB}\u{6CD}\u{6D0}") + 3 * words(&["د", "په", "چې", "کې", "او", "دی"])),
        ("ur", 3 * count("\u{679}\u{688}\u{691}\u{6BA}\u{6BE}\u{6C1}\u{6D2}") + 3 * words(&["کے", "میں", "نے", "اور", "ہے", "کی", "کا", "سے"])),
        ("ar", 2 * count("\u{629}\u{643}\u{64A}\u{649}") + 3 * words(&["في", "من", "على", "إلى", "أن", "عن"])),
        ("fa", count("\u{67E}\u{686}\u{698}\u{6AF}\u{6A9}\u{6CC}") + 4 * words(&["در", "که", "را", "است", "از", "این", "به", "شد"])),
    ];
    // Stable: of equals the first, whose letters tell most.
    scores.iter().rev().max_by_key(|s| s.1).map_or("ar", |s| s.0)
}

/// English unless the small words of another language are at least twice as many.
fn of_latin_script(doc: &Document<'_>, lexicon: &Lexicon) -> &'static str {
    let counts = lexicon.languages.count(doc, doc.len().min(SAMPLE / 4));
    let english = counts.iter().find(|c| c.0 == PARSED).map_or(0, |c| c.1);
    let best = counts.iter().rev().max_by_key(|c| c.1).copied().unwrap_or((PARSED, 0));
    if best.1 >= 6 && best.1 > 2 * english { best.0 } else { PARSED }
}

/// A town of the gazetteer must have so many people for its name to count in a text that is not parsed: many small ones are common words.
const WELL_KNOWN: u32 = 100_000;

/// The pass for texts in a script without capitals: countries and towns of some size, by their names alone.
pub fn find_places_by_name(a: &mut Analysis<'_>) {
    let gazetteer = &a.lexicon.gazetteer;
    let mut places: Vec<PlaceMention> = Vec::new();
    let mut at = 0;
    while at < a.doc.len() {
        let mut found: Option<(usize, Place<'_>)> = None;
        gazetteer.matches(&a.doc, at, &mut |end, key| {
            let known = gazetteer.candidates(key, true).filter_map(|c| gazetteer.place(c.id));
            let known = known.filter(|p| p.kind == PlaceKind::Country || p.population >= WELL_KNOWN);
            if let Some(place) = known.max_by_key(|p| (p.kind == PlaceKind::Country, p.population, std::cmp::Reverse(p.id))) {
                found = Some((end, place));
            }
        });
        let foreign = a.doc.token(at).shape.has(Shape::FOREIGN_SCRIPT) && a.doc.raw(at).chars().count() >= 3;
        let part_of_actor = a.mentions_in(TokenSpan::one(at)).next().is_some();
        match found.filter(|_| foreign && !part_of_actor) {
            Some((end, place)) => {
                places.push(mention(TokenSpan::new(at, end), place));
                at = end;
            }
            None => at += 1,
        }
    }
    places.splice(0..0, std::mem::take(&mut a.places));
    places.sort_by_key(|p| p.tokens);
    places.dedup_by(|later, earlier| earlier.tokens.overlaps(later.tokens));
    a.set_places(places);
}

fn mention(tokens: TokenSpan, place: Place<'_>) -> PlaceMention {
    PlaceMention {
        tokens,
        core: tokens,
        name: place.name().to_owned(),
        gazetteer: Some(place.key().to_owned()),
        country: place.country.map(|c| c.as_str().to_owned()),
        admin1: place.admin1().map(str::to_owned),
        admin2: place.admin2().map(str::to_owned),
        latitude: Some(place.latitude),
        longitude: Some(place.longitude),
        precision: place.kind.precision(),
        ..PlaceMention::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::{Input, Options, extract};
    use crate::lexicon::Lexicon;

    fn read(text: &str) -> crate::model::Record {
        let lexicon = Lexicon::embedded().expect("the embedded lexicon loads");
        extract(&Input { id: "x", text, ..Input::default() }, &lexicon, &Options::default())
    }

    #[test]
    fn english_is_parsed_and_other_languages_are_named() {
        let language = |text: &str| read(text).document.language;
        assert_eq!(language("Gunmen killed two policemen in Bannu on Monday."), "en");
        assert_eq!(language(""), "en");
        assert_eq!(language("تحریک طالبان پاکستان نے پشاور میں حملے کی ذمہ داری قبول کر لی ہے۔"), "ur");
        assert_eq!(language("د طالبانو ویاند وویل چې په کابل کې برید نه دی شوی او څوک نه دي وژل شوي."), "ps");
        assert_eq!(language("سخنگوی طالبان گفت که این حمله در کابل از سوی داعش انجام شده است."), "fa");
        assert_eq!(language("أعلن تنظيم القاعدة مسؤوليته عن الهجوم على القاعدة العسكرية في صنعاء."), "ar");
        assert_eq!(
            language("La guerrilla atacó el puesto de la policía en el sur y dijo que los soldados que murieron en la emboscada por la noche fueron tres."),
            "es"
        );
    }

    #[test]
    fn a_cut_sentence_is_noted() {
        let codes = |text: &str| read(text).notes.iter().map(|n| n.code.clone()).collect::<Vec<_>>();
        assert_eq!(codes(&"militants, police, ".repeat(300)), ["document.sentence_cut"]);
        assert_eq!(codes(&"Militants met the police. ".repeat(300)), [""; 0]);
        let record = read(&"militants, police, ".repeat(300));
        assert!(record.notes[0].text.contains("2 cuts"), "{:?}", record.notes);
    }

    #[test]
    fn names_are_read_in_a_text_that_is_not_parsed() {
        let record = read("تحریک طالبان پاکستان نے پشاور میں حملے کی ذمہ داری قبول کر لی ہے۔");
        assert!(record.actors.iter().any(|a| a.actor.as_deref() == Some("tehreek-i-taliban-pakistan")), "{:?}", record.actors);
        assert!(record.places.iter().any(|p| p.name == "Peshawar" && p.country.as_deref() == Some("PK")), "{:?}", record.places);
        assert!(record.notes.iter().any(|n| n.code == "document.language_not_parsed"), "{:?}", record.notes);
        assert!(record.incidents.is_empty() && record.statements.is_empty());
    }

    #[test]
    fn other_languages_are_not_set_aside_where_only_incidents_are_wanted() {
        let lexicon = Lexicon::embedded().expect("the embedded lexicon loads");
        let only = Options { incidents_only: true, ..Options::default() };
        let codes = |text: &str| {
            let published = "2023-02-03".parse().ok();
            let record = extract(&Input { id: "x", text, published, title: None }, &lexicon, &only);
            assert_eq!((record.document.published.as_deref(), record.incidents.len()), (Some("2023-02-03"), 0), "{text}");
            (record.notes.iter().map(|n| n.code.clone()).collect::<Vec<_>>(), record.actors.len() + record.places.len())
        };
        assert_eq!(codes("The committee met in Kabul and heard from the minister."), (vec!["document.set_aside".to_owned()], 0));
        assert_eq!(codes(""), (vec!["document.set_aside".to_owned()], 0));
        assert_eq!(codes("پشاور میں تحریک طالبان پاکستان کا اجلاس ہوا۔"), (vec!["document.language_not_parsed".to_owned()], 2));
    }

    #[test]
    fn a_name_in_its_own_script_is_matched_in_english() {
        let record = read("The group calls itself تحریک طالبان پاکستان and claimed the attack in Peshawar.");
        assert_eq!(record.document.language, "en");
        assert!(record.actors.iter().any(|a| a.actor.as_deref() == Some("tehreek-i-taliban-pakistan")), "{:?}", record.actors);
    }
}
