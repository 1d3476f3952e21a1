//! Reading the place files: one walk over the bytes, no allocation per name.

use super::words::PlaceWords;
use super::{ABBREVIATION, ACRONYM, ALTERNATE, BUCKET_BITS, Country, CountryCode, Gazetteer, NameKey, PlaceId, PlaceKind, ROW, Row, Trust};
use crate::lexicon::LexiconError;
use crate::lexicon::actors::name_words;
use crate::lexicon::source::{Source, rows};
use crate::lexicon::trie::{Case, Entry, Trie};
use crate::text::{for_each_word, word_hash};

/// Names of more words than this are left out.
const MAX_WORDS: u8 = 8;

/// Loads `countries.tsv`, every `places/*.tsv` `places/stoplist.txt` and `places/person_names.txt`.
pub(super) fn load(source: &Source, trie: &mut Trie) -> Result<Gazetteer, LexiconError> {
    let mut this = Gazetteer::default();
    let n_bytes: usize = source.under("places/", ".tsv").map(|(_, text)| text.len()).sum();
    this.text.reserve(n_bytes + (1 << 16));
    this.rows.reserve(n_bytes / 64);
    this.names.reserve(n_bytes / 24);
    if let Some(text) = source.get("countries.tsv") {
        countries(&mut this, text, trie)?;
    }
    for (path, text) in source.under("places/", ".tsv") {
        places(&mut this, path, text)?;
    }
    if let Some(text) = source.get("places/stoplist.txt") {
        trust(&mut this, text)?;
    }
    if let Some(text) = source.get("place_words.tsv") {
        this.words = PlaceWords::load("place_words.tsv", text)?;
    }
    let persons = source.get("places/person_names.txt").unwrap_or("");
    this.persons = persons.lines().filter(|l| !l.starts_with('#')).flat_map(str::split_whitespace).map(word_hash).collect();
    this.sounds.sort_unstable();
    this.names.sort_unstable();
    this.names.dedup_by_key(|&mut (key, row)| (key, row & ROW));
    this.starts = starts(&this.names);
    capitals(&mut this);
    Ok(this)
}

/// Where the names of each bucket begin.
fn starts(names: &[(u64, u32)]) -> Vec<u32> {
    let mut starts = Vec::with_capacity((1 << BUCKET_BITS) + 1);
    for (at, (key, _)) in names.iter().enumerate() {
        let bucket = (key >> (u64::BITS - BUCKET_BITS)) as usize;
        starts.resize(starts.len().max(bucket + 1), at as u32);
    }
    starts.resize((1 << BUCKET_BITS) + 1, names.len() as u32);
    starts
}

/// Countries become lines of the same columns as the place files, so that a place is read in one way only.
fn countries(this: &mut Gazetteer, text: &str, trie: &mut Trie) -> Result<(), LexiconError> {
    const FILE: &str = "countries.tsv";
    let mut list = Vec::new();
    for (line, row) in rows(text) {
        let &[iso, name, aliases, demonyms, _, key, latitude, longitude, _] = row.as_slice() else {
            return Err(LexiconError::new(FILE, line, "a row needs nine columns: iso2 name aliases demonyms capital key latitude longitude continent"));
        };
        let Some(code) = CountryCode::parse(iso) else {
            return Err(LexiconError::new(FILE, line, format!("\"{iso}\" is not a code of two capitals")));
        };
        let demonyms = demonyms.split('|').filter(|d| !d.is_empty()).map(str::to_owned).collect();
        list.push((Country { place: PlaceId(0), code, name: name.to_owned(), key: key.to_owned(), demonyms, capital: None }, line));
        let start = this.text.len();
        for part in ["iso:", iso, "\t", name, "\t", iso, "\t\t\t", latitude, "\t", longitude, "\t0\tPCLI\t", aliases, "\n"] {
            this.text.push_str(part);
        }
        let id = add(this, start, FILE, line)?;
        if let Some((country, _)) = list.last_mut() {
            country.place = id;
        }
    }
    list.sort_by_key(|(country, _)| country.code);
    if let Some(pair) = list.windows(2).find(|pair| pair[0].0.code == pair[1].0.code) {
        return Err(LexiconError::new(FILE, pair[1].1, format!("{} is given twice", pair[1].0.code)));
    }
    this.countries = list.into_iter().map(|(country, _)| country).collect();
    for (index, country) in this.countries.iter().enumerate() {
        for demonym in &country.demonyms {
            trie.insert(&name_words(demonym), Entry::Demonym(index as u32), Case::Capital);
        }
    }
    Ok(())
}

fn places(this: &mut Gazetteer, path: &str, text: &str) -> Result<(), LexiconError> {
    let base = this.text.len();
    this.text.push_str(text);
    this.text.push('\n');
    let mut at = 0;
    for (n, line) in text.split('\n').enumerate() {
        if n > 0 && !line.is_empty() && !line.starts_with('#') {
            add(this, base + at, path, n + 1)?;
        }
        at += line.len() + 1;
    }
    Ok(())
}

/// Adds the place whose line starts at `start` of the gazetteer's text, with its names.
fn add(this: &mut Gazetteer, start: usize, file: &str, line: usize) -> Result<PlaceId, LexiconError> {
    let fail = |problem: String| LexiconError::new(file, line, problem);
    let text = this.text.get(start..).and_then(|rest| rest.split('\n').next()).unwrap_or("");
    let mut columns = text.split('\t');
    let mut next = || columns.next().unwrap_or("");
    let (key, name, country, admin1, _, latitude, longitude, population, kind, alternates) =
        (next(), next(), next(), next(), next(), next(), next(), next(), next(), next());
    let number = |text: &str| text.parse::<f32>().map_err(|_| fail(format!("\"{text}\" is not a number of degrees")));
    let row = Row {
        line: start as u32,
        latitude: number(latitude)?,
        longitude: number(longitude)?,
        population: population.parse().map_err(|_| fail(format!("\"{population}\" is not a number of people")))?,
        province: if admin1.is_empty() { 0 } else { word_hash(admin1) ^ word_hash(country).rotate_left(32) },
        country: CountryCode::parse(country).unwrap_or_default(),
        kind: PlaceKind::from_code(kind).ok_or_else(|| fail(format!("\"{kind}\" is not a kind of place")))?,
        by_hand: key.starts_with("rg:"),
    };
    let index = this.rows.len() as u32;
    if index > ROW {
        return Err(fail("too many places".to_owned()));
    }
    this.rows.push(row);
    let (names, longest) = (&mut this.names, &mut this.longest);
    let mut add_name = |name: &str, flags: u32| {
        let mut words = Words::default();
        each_word(name, &mut |word| words.push(word_hash(word)));
        if words.n > 0 && words.n <= MAX_WORDS {
            names.push((words.key.0, index | flags | if is_acronym(name) { ACRONYM } else { 0 }));
            let n = longest.entry(words.first).or_insert(0);
            *n = (*n).max(words.n);
        }
    };
    add_name(name, 0);
    if let Some(key) = super::similar::index_key(name, row.country) {
        this.sounds.push((key, index));
    }
    for alternate in alternates.split('|').filter(|a| !a.is_empty()) {
        add_name(alternate, ALTERNATE);
        // Sentence splitting parts "Ala." at the end of a sentence.
        if let Some(stem) = alternate.strip_suffix('.').filter(|stem| !stem.contains('.')) {
            add_name(stem, ALTERNATE | ABBREVIATION);
        }
    }
    Ok(PlaceId(index))
}

/// The key of a name; `None` for one without letters or digits.
pub(super) fn name_key(name: &str) -> Option<NameKey> {
    let mut words = Words::default();
    each_word(name, &mut |word| words.push(word_hash(word)));
    (words.n > 0).then_some(words.key)
}

struct Words {
    key: NameKey,
    first: u64,
    n: u8,
}

impl Default for Words {
    fn default() -> Self {
        Self { key: NameKey::start(), first: 0, n: 0 }
    }
}

impl Words {
    fn push(&mut self, hash: u64) {
        if self.n == 0 {
            self.first = hash;
        }
        self.key = self.key.then(hash);
        self.n = self.n.saturating_add(1);
    }
}

/// Words as the tokeniser finds them; names of plain letters, spaces and hyphens, nearly all, need no tokeniser.
fn each_word(name: &str, sink: &mut impl FnMut(&str)) {
    let plain = name.bytes().all(|b| b.is_ascii_alphabetic() || b == b' ' || b == b'-') && !name.eq_ignore_ascii_case("cannot");
    if plain {
        name.split([' ', '-']).filter(|w| !w.is_empty()).for_each(sink);
    } else {
        for_each_word(name, |span| sink(span.text(name)));
    }
}

/// "NWFP", "AJK", "U.S.", "LoC": short and without two small letters in a row.
fn is_acronym(name: &str) -> bool {
    let letters = || name.chars().filter(|c| c.is_alphabetic());
    name.len() <= 7 && name.is_ascii() && letters().filter(|c| c.is_uppercase()).count() >= 2 && letters().filter(|c| c.is_lowercase()).count() <= 1
}

fn trust(this: &mut Gazetteer, text: &str) -> Result<(), LexiconError> {
    for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#')) {
        let (name, reason) = line.split_once('\t').unwrap_or((line, "word"));
        let trust = match reason.trim() {
            "word" => Trust::Word,
            "name" => Trust::Person,
            "both" => Trust::AlsoPerson,
            "time" => Trust::Time,
            other => return Err(LexiconError::new("places/stoplist.txt", n + 1, format!("\"{other}\" is none of word, name, both, time"))),
        };
        this.trust.insert(word_hash(name.trim()), trust);
    }
    Ok(())
}

fn capitals(this: &mut Gazetteer) {
    for (index, row) in this.rows.iter().enumerate() {
        if row.kind == PlaceKind::Capital
            && let Ok(at) = this.countries.binary_search_by_key(&row.country, |c| c.code)
        {
            this.countries[at].capital.get_or_insert(PlaceId(index as u32));
        }
    }
    for place in this.countries.iter().filter_map(|country| country.capital) {
        let key = this.place(place).map(|p| p.key().to_owned()).unwrap_or_default();
        this.capitals.entry(&key);
    }
}
