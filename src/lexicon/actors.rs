//! Named actors: `lexicon/actors/*.toml`.

use super::LexiconError;
use super::source::Source;
use super::trie::{Case, Entry, Mix, Trie};
use crate::text::{Document, Shape, Tag, TextModel, word_hash};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

/// One named actor. `lexicon/actors/README.md` explains each field.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// Stable kebab-case key.
    pub key: String,
    /// Canonical name.
    pub name: String,
    /// Code of the actor type list.
    #[serde(rename = "type")]
    pub kind: String,
    /// ISO 3166-1 alpha-2 of its home.
    pub country: Option<String>,
    /// Ideology tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Other names and spellings.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Short forms in capitals.
    #[serde(default)]
    pub acronyms: Vec<String>,
    /// Names in their own script.
    #[serde(default)]
    pub native: Vec<String>,
    /// Names it gave up.
    #[serde(default)]
    pub former: Vec<FormerName>,
    /// Places that stand for it when they act ("Islamabad").
    #[serde(default)]
    pub metonyms: Vec<String>,
    /// Those of its names that also mean something else.
    #[serde(default)]
    pub ambiguous: Vec<String>,
    /// When it existed.
    #[serde(default)]
    pub valid: Validity,
    /// Known relations to other actors.
    #[serde(default)]
    pub relations: Vec<KnownRelation>,
    /// Where this was taken from.
    pub source: String,
    /// Texts in which it must be found.
    #[serde(default)]
    pub matches: Vec<String>,
    /// Texts in which it must not be found.
    #[serde(default)]
    pub rejects: Vec<String>,
}

impl Actor {
    /// Armed groups.
    pub fn is_armed(&self) -> bool {
        self.kind.starts_with("armed.")
    }

    /// Armed forces, police and services of a state.
    pub fn is_of_security(&self) -> bool {
        matches!(self.kind.as_str(), "state.military" | "state.police" | "state.intelligence" | "state.paramilitary")
    }

    /// Whether its name shows that a text speaks of a conflict.
    pub fn speaks_of_conflict(&self) -> bool {
        self.is_armed() || self.is_of_security() || self.kind == "person.militant"
    }
}

/// A name given up.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormerName {
    /// The name.
    pub name: String,
    /// ISO partial date until which it was used; empty where unknown.
    #[serde(default)]
    pub until: String,
}

/// Interval of ISO partial dates; empty means open.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// Since.
    #[serde(default)]
    pub from: String,
    /// Until.
    #[serde(default)]
    pub to: String,
}

/// A relation to another entry, which is named by its key as `subject` or `object`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownRelation {
    /// Code of the actor relation list.
    pub relation: String,
    /// The other actor, where it is the subject.
    pub subject: Option<String>,
    /// The other actor, where it is the object.
    pub object: Option<String>,
    /// ISO partial date; empty where unknown.
    #[serde(default)]
    pub from: String,
    /// ISO partial date; empty where open or unknown.
    #[serde(default)]
    pub to: String,
}

/// All named actors.
#[derive(Debug, Default)]
pub struct Actors {
    list: Vec<Actor>,
    by_key: BTreeMap<String, u32>,
    /// Who a metonym stands for, by its words; looked up, never iterated.
    metonyms: HashMap<u64, Vec<u32>, BuildHasherDefault<Mix>>,
    /// ISO code → the entry of the country's army.
    armies: BTreeMap<String, u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActorFile {
    #[serde(default)]
    actor: Vec<Actor>,
}

impl Actors {
    /// Loads `actors/*.toml` and puts every name into the trie. Metonyms are not put in: a place name acts only in context.
    pub(super) fn load(source: &Source, trie: &mut Trie) -> Result<Self, LexiconError> {
        let mut this = Self::default();
        for (path, text) in source.under("actors/", ".toml") {
            let file: ActorFile = super::parse_toml(path, text)?;
            for actor in file.actor {
                let index = this.list.len() as u32;
                if this.by_key.insert(actor.key.clone(), index).is_some() {
                    return Err(LexiconError::new(path, None, format!("key \"{}\" is given twice; keys are unique over all files", actor.key)));
                }
                this.insert_names(&actor, index, trie);
                this.insert_places(&actor, index);
                this.list.push(actor);
            }
        }
        Ok(this)
    }

    fn insert_names(&self, actor: &Actor, index: u32, trie: &mut Trie) {
        let names = std::iter::once(&actor.name).chain(&actor.aliases).chain(&actor.native).chain(actor.former.iter().map(|f| &f.name));
        for name in names {
            for (words, case) in written_name(name) {
                trie.insert(&words, Entry::Actor(index), case);
            }
        }
        for acronym in &actor.acronyms {
            // "Site" and "Arena" are English words: where an acronym is one, only its capitals tell them apart.
            let case = if actor.ambiguous.contains(acronym) { Case::Acronym } else { Case::SpokenAcronym };
            trie.insert(&name_words(acronym), Entry::Actor(index), case);
        }
    }

    fn insert_places(&mut self, actor: &Actor, index: u32) {
        for metonym in &actor.metonyms {
            self.metonyms.entry(key_of(&name_words(metonym))).or_default().push(index);
        }
        let over = !actor.valid.to.is_empty();
        if let Some(country) = actor.country.clone().filter(|_| actor.kind == "state.military" && !over && actor.key.ends_with("-army")) {
            self.armies.entry(country).or_insert(index);
        }
    }

    /// Those for whom the words of a place or building stand when it acts ("White House").
    pub fn metonym(&self, words: &[u64]) -> &[u32] {
        self.metonyms.get(&key_of(words)).map_or(&[], Vec::as_slice)
    }

    /// The army of a country.
    pub fn army_of(&self, iso: &str) -> Option<u32> {
        self.armies.get(iso).copied()
    }

    /// The actor of an index that a hit carries.
    pub fn get(&self, index: u32) -> Option<&Actor> {
        self.list.get(index as usize)
    }

    /// The actor of a key.
    pub fn by_key(&self, key: &str) -> Option<(u32, &Actor)> {
        let index = *self.by_key.get(key)?;
        Some((index, self.get(index)?))
    }

    /// All of them, in the order of the files.
    pub fn iter(&self) -> impl Iterator<Item = &Actor> {
        self.list.iter()
    }
}

/// Words of names that papers also write small: "the Pakistan army", "Afghan foreign ministry", "Congress party".
const WRITTEN_SMALL: &str = "administration agency air army authorities defence defense department education force forces foreign government group guard \
    guards guerrillas health information intelligence interior military ministry movement navy network office parliament party police rebels republic \
    service soldiers tribal troops";

/// Links between the words of names, written small or with a capital as papers like.
const LINKS: &str = "e i ul ur ud us uz al el bin ibn wal wa ye o";

/// One word of a name.
#[derive(Clone, Debug)]
struct NameWord {
    text: String,
    /// Has a capital in the lexicon.
    capital: bool,
    /// Papers write it small as well.
    may_be_small: bool,
}

/// The ways in which a name is written: the hashes of its words, and how they must be written. Words that have a capital in the lexicon
/// need one in the text, save links and those that papers also write small beside a word that needs one. "The" stays where the name
/// would be one plain word without it ("The Hindu").
fn written_name(name: &str) -> Vec<(Vec<u64>, Case)> {
    let doc = Document::read(name, &TextModel::default());
    let words: Vec<usize> = (0..doc.len()).filter(|&i| doc.tag(i) != Tag::Hyphen && !matches!(doc.word(i), "-" | "'")).collect();
    let skip = usize::from(words.len() != 2 && words.len() > 1 && doc.word(words[0]) == "the");
    let word = |&i: &usize| NameWord {
        text: doc.word(i).to_owned(),
        capital: doc.token(i).shape.has(Shape::CAPITAL) && !(words.len() > 1 && LINKS.split(' ').any(|link| link == doc.word(i))),
        may_be_small: WRITTEN_SMALL.split(' ').any(|word| word == doc.word(i)),
    };
    let words: Vec<NameWord> = words[skip..].iter().map(word).collect();
    let foreign = (0..doc.len()).any(|i| doc.token(i).shape.has(Shape::FOREIGN_SCRIPT));
    variants(words).into_iter().map(|words| (words.iter().map(|w| word_hash(&w.text)).collect(), case_of(&words, foreign))).collect()
}

fn case_of(words: &[NameWord], foreign: bool) -> Case {
    let mask = |small: bool| words.iter().zip(0..u32::BITS).filter(|(w, _)| w.capital && !(small && w.may_be_small)).fold(0, |mask, (_, bit)| mask | 1 << bit);
    match (mask(true), mask(false)) {
        (0, 0) if foreign => Case::Capital,
        (0, 0) => Case::Any,
        (0, all) => Case::Written(all),
        (some, _) => Case::Written(some),
    }
}

/// The name as it is, and as papers shorten or join it: "Hizbul Mujahideen" for "Hizb ul Mujahideen", "Lashkar Islam" for "Lashkar e
/// Islam", "Peoples War" for "People's War", "Ansar Ullah" for "Ansarullah".
fn variants(words: Vec<NameWord>) -> Vec<Vec<NameWord>> {
    let is = |i: usize, wanted: &[&str]| words.get(i).is_some_and(|w: &NameWord| wanted.contains(&w.text.as_str()));
    let mut found = Vec::new();
    let joined = |i: usize| {
        let mut list = words.clone();
        let tail = list.remove(i);
        list[i - 1].text.push_str(tail.text.trim_start_matches('\''));
        list
    };
    for i in 1..words.len() {
        let inside = i + 1 < words.len();
        if inside && is(i, &["ul", "ur", "ud", "us", "uz", "un", "'s"]) {
            found.push(joined(i));
        }
        // Of two words and a link only the first kind of name is as good without it: "Lashkar Islam" is one, "Hezb Islami" another.
        if is(i, &["e", "i"]) && inside && is(0, &["tehreek", "tehrik", "lashkar", "jaish", "sipah", "dukhtaran"]) {
            found.push(words.iter().enumerate().filter(|&(n, _)| n != i).map(|(_, w)| w.clone()).collect());
        }
    }
    for (i, word) in words.iter().enumerate().filter(|(_, w)| w.text.len() > 7 && words.len() > 1 && w.text.ends_with("ullah")) {
        let mut list = words.clone();
        list[i].text.truncate(word.text.len() - 5);
        list.insert(i + 1, NameWord { text: "ullah".to_owned(), ..word.clone() });
        found.push(list);
    }
    found.push(words);
    found
}

/// The hashes of a name's words, as a text's tokens have them; hyphens and a leading "the" left out.
pub fn name_words(name: &str) -> Vec<u64> {
    let doc = Document::read(name, &TextModel::default());
    let skip = usize::from(doc.len() > 1 && doc.word(0) == "the");
    (skip..doc.len()).filter(|&i| doc.tag(i) != Tag::Hyphen && !matches!(doc.word(i), "-" | "'")).map(|i| doc.token(i).hash).collect()
}

/// One key for the words of a name.
fn key_of(words: &[u64]) -> u64 {
    let mut mix = Mix::default();
    words.iter().for_each(|&word| mix.write_u64(word));
    mix.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, acronym: bool, text: &str, found: bool) {
        let mut actor = Actor { key: "one".to_owned(), name: "Nobody Named Here".to_owned(), ..Actor::default() };
        if acronym { &mut actor.acronyms } else { &mut actor.aliases }.push(name.to_owned());
        let mut trie = Trie::default();
        Actors::default().insert_names(&actor, 0, &mut trie);
        let doc = Document::read(text, &TextModel::default());
        let mut hit = false;
        for start in 0..doc.len() {
            trie.matches(&doc, start, &mut |end, _, case| hit |= case.admits(&doc, crate::text::TokenSpan::new(start, end)));
        }
        assert_eq!(hit, found, "{name} in {text:?}");
    }

    #[test]
    fn words_with_a_capital_need_one_in_the_text() {
        check("Islamic State", false, "The Islamic State said so.", true);
        check("Islamic State", false, "It is not an Islamic state.", false);
        check("Islamic State", false, "ISLAMIC STATE SAID SO.", true);
        check("Pakistan Army", false, "The Pakistan army said so.", true);
        check("Haqqani network", false, "The Haqqani Network said so.", true);
        check("anti-terrorism court", false, "An anti-terrorism court heard it.", true);
        check("Armed Forces", false, "The armed forces fled.", false);
    }

    #[test]
    fn the_article_stays_where_one_plain_word_would_be_left() {
        check("The Hindu", false, "The Hindu reported it.", true);
        check("The Hindu", false, "A Hindu priest was shot.", false);
        check("The Hindu", false, "Behind the Hindu temple it was quiet.", false);
        check("The Sangai Express", false, "Reports in Sangai Express said so.", true);
    }

    #[test]
    fn acronyms_keep_their_capitals() {
        check("TTP", true, "The TTP said so.", true);
        check("LeT", true, "Two LeT men were held.", true);
        check("LeT", true, "Let them go.", false);
        check("NATO", true, "A Nato convoy burned.", true);
        check("ULFA-I", true, "ULFA-I set off a bomb.", true);
    }
}
