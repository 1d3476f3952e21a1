//! Dictionary forms: (word, tag) → lemma, by tables of irregular forms and, for the rest, by the spelling rules of English.
//!
//! Rules ask the tagger's dictionary whether "invad" or "invade" is a verb it knows, and fall back on how such stems are mostly spelt.

use super::dictionary::Dictionary;
use super::token::hash_with;
use super::{Filter, Tag, TagSet, word_hash};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Irregular forms written by hand.
const IRREGULAR: &str = include_str!("data/irregular.tsv");

/// A lemma as a change of its word: so many bytes kept, and these put behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lemma<'l> {
    pub(super) keep: usize,
    pub(super) add: &'l str,
}

/// An irregular form that was learned from a treebank.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Exception {
    pub(super) word: String,
    pub(super) class: Tag,
    pub(super) lemma: String,
}

/// Irregular forms by word and class.
#[derive(Clone, Debug, Default)]
pub(super) struct Lemmas {
    by_form: HashMap<u64, (u32, u16), BuildHasherDefault<Passing>>,
    /// Keys of the forms.
    forms: Filter,
    arena: String,
}

impl Lemmas {
    /// The forms written by hand, and those learned, which win.
    pub(super) fn new(learned: &[Exception]) -> Self {
        let mut lemmas = Self::default();
        for (class, lemma, forms) in by_hand() {
            let class = match class {
                "verb" => Tag::VBD,
                "noun" => Tag::NNS,
                _ => Tag::JJR,
            };
            for form in forms.split(' ') {
                lemmas.insert(form, class, lemma);
            }
        }
        for Exception { word, class, lemma } in learned {
            lemmas.insert(word, *class, lemma);
        }
        lemmas
    }

    /// All irregular forms with their lemmas: those written by hand, and those learned.
    pub(super) fn irregular(learned: &[Exception]) -> impl Iterator<Item = (&str, &str)> {
        let by_hand = by_hand().flat_map(|(_, lemma, forms)| forms.split(' ').map(move |form| (form, lemma)));
        by_hand.chain(learned.iter().map(|e| (e.word.as_str(), e.lemma.as_str())))
    }

    fn insert(&mut self, word: &str, class: Tag, lemma: &str) {
        let at = (self.arena.len() as u32, lemma.len() as u16);
        self.arena.push_str(lemma);
        self.by_form.insert(key(word_hash(word), class), at);
        self.forms.add(key(word_hash(word), class));
    }

    /// The lemma of an irregular form under this class.
    fn listed(&self, hash: u64, class: Tag) -> Option<&str> {
        let key = key(hash, class);
        let &(start, length) = if self.forms.may_have(key) { self.by_form.get(&key)? } else { return None };
        self.arena.get(start as usize..start as usize + usize::from(length))
    }

    /// The lemma of `word`, a normalised form with this hash.
    pub(super) fn lemma<'l>(&'l self, word: &str, hash: u64, tag: Tag, words: &Dictionary) -> Lemma<'l> {
        let same = Lemma { keep: word.len(), add: "" };
        let Some(class) = class(tag) else { return same };
        if let Some(lemma) = self.listed(hash, class) {
            return Lemma { keep: 0, add: lemma };
        }
        let is_base = TagSet(words.known(hash)).has(Tag::VB) || TagSet(words.known(hash)).has(Tag::VBP);
        match tag {
            // "went", "abducted" under a wrong tag; base forms of known verbs are themselves.
            Tag::VB | Tag::VBP if is_base || words.known(hash) == 0 && !word.ends_with("ed") => same,
            Tag::VB | Tag::VBP => match self.listed(hash, Tag::VBD) {
                Some(_) => self.lemma(word, hash, Tag::VBD, words),
                None if word.ends_with("ed") => regular(word, Tag::VBD, words),
                None => same,
            },
            _ => regular(word, class, words),
        }
    }
}

/// The irregular forms written by hand: class, lemma, forms with blanks between them.
fn by_hand() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    IRREGULAR.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split('\t');
        Some((columns.next()?, columns.next()?, columns.next()?))
    })
}

/// The class whose table and rules a tag uses, named by one of its tags; `None` for tags whose words are their own lemmas.
pub(super) fn class(tag: Tag) -> Option<Tag> {
    match tag {
        Tag::VBD | Tag::VBN | Tag::VBG | Tag::VBZ => Some(Tag::VBD),
        Tag::NNS | Tag::NNPS => Some(Tag::NNS),
        Tag::JJR | Tag::JJS => Some(Tag::JJR),
        Tag::RBR | Tag::RBS => Some(Tag::RBR),
        Tag::VB | Tag::VBP | Tag::MD | Tag::PRP | Tag::PRPS | Tag::WP | Tag::WPS | Tag::DT | Tag::RB | Tag::POS | Tag::TO | Tag::EX | Tag::WDT => Some(tag),
        _ => None,
    }
}

/// The lemma by spelling alone.
pub(super) fn regular<'l>(word: &str, class: Tag, words: &Dictionary) -> Lemma<'l> {
    let keep = |cut: usize, add: &'l str| Lemma { keep: word.len() - cut, add };
    let same = keep(0, "");
    if !word.is_ascii() || word.len() < 3 || word.bytes().any(|b| b.is_ascii_digit()) {
        return same;
    }
    match class {
        Tag::NNS => plural(word, words, Tag::NN),
        Tag::VBD if word.ends_with("ied") && word.len() > 4 => keep(3, "y"),
        Tag::VBD if word.ends_with("eed") => keep(1, ""),
        Tag::VBD if word.ends_with("ed") => stem(word, 2, words),
        Tag::VBD if word.ends_with("ing") && word.len() > 4 => stem(word, 3, words),
        Tag::VBD if word.ends_with("in'") && word.len() > 5 => stem(word, 3, words),
        Tag::VBD => plural(word, words, Tag::VB),
        Tag::JJR | Tag::RBR if word.ends_with("ier") => keep(3, "y"),
        Tag::JJR | Tag::RBR if word.ends_with("iest") => keep(4, "y"),
        Tag::JJR | Tag::RBR if word.ends_with("er") => comparative(word, 2, words),
        Tag::JJR | Tag::RBR if word.ends_with("est") => comparative(word, 3, words),
        _ => same,
    }
}

/// Nouns in the plural and verbs of the third person.
fn plural<'l>(word: &str, words: &Dictionary, base: Tag) -> Lemma<'l> {
    let keep = |cut: usize, add: &'l str| Lemma { keep: word.len() - cut, add };
    let known = |cut: usize| is_known(word, cut, "", base, words);
    if base == Tag::NN && word.ends_with("men") && word.len() > 3 {
        return keep(2, "an");
    }
    if !word.ends_with('s') || ["ss", "us", "is"].iter().any(|end| word.ends_with(end)) && !known(1) {
        return keep(0, "");
    }
    if word.ends_with("ies") {
        let only_with_e = known(1) && !is_known(word, 3, "y", base, words);
        return if word.len() > 4 && !only_with_e { keep(3, "y") } else { keep(1, "") };
    }
    let sibilant = ["sses", "shes", "ches", "xes", "zzes", "oes"].iter().any(|end| word.ends_with(end));
    let cut = match (known(1), known(2)) {
        _ if !word.ends_with("es") => 1,
        (true, false) => 1,
        (false, true) if sibilant || word.ends_with("ses") || word.ends_with("zes") => 2,
        _ => 1 + usize::from(sibilant),
    };
    keep(cut, "")
}

/// Verbs without "-ed" or "-ing", which are `cut` bytes long.
fn stem<'l>(word: &str, cut: usize, words: &Dictionary) -> Lemma<'l> {
    let stem = &word[..word.len() - cut];
    let (bare, with_e) = (Lemma { keep: stem.len(), add: "" }, Lemma { keep: stem.len(), add: "e" });
    let known = |less: usize, add: &str| is_known(stem, less, add, Tag::VB, words) || is_known(stem, less, add, Tag::VBP, words);
    let bytes = stem.as_bytes();
    let &[.., a, b] = bytes else { return bare };
    if !stem.bytes().any(is_vowel) {
        return Lemma { keep: word.len(), add: "" };
    }
    if a == b && !is_vowel(b) {
        let undouble = match b {
            b'l' | b's' | b'z' | b'f' => known(1, "") && !known(0, ""),
            _ => !known(0, ""),
        };
        return if undouble { Lemma { keep: stem.len() - 1, add: "" } } else { bare };
    }
    // "hop" would have doubled its consonant: "hoping" comes from "hope".
    let short = !bytes[..bytes.len() - 2].iter().any(|&c| is_vowel(c)) && is_vowel(a) && !is_vowel(b) && !matches!(b, b'w' | b'x' | b'y') && bytes.len() >= 3;
    if short {
        return with_e;
    }
    match (known(0, ""), known(0, "e")) {
        (true, _) => bare,
        (false, true) => with_e,
        (false, false) if takes_e(bytes) => with_e,
        _ => bare,
    }
}

/// Whether a stem of several syllables or consonants is mostly spelt with a final "e".
fn takes_e(stem: &[u8]) -> bool {
    let &[.., b, c] = stem else { return false };
    let before = stem.len().checked_sub(3).map_or(b' ', |at| stem[at]);
    let digraph = is_vowel(b) && is_vowel(before) && !(before == b'u' && stem.len() > 3 && stem[stem.len() - 4] == b'q');
    match c {
        b'v' | b'c' | b'u' => true,
        b'z' => b != b't',
        b'g' => b != b'n' || stem.ends_with(b"eng") || stem.ends_with(b"ung"),
        b's' => b != b's',
        b'l' => matches!(b, b'b' | b'c' | b'd' | b'f' | b'g' | b'k' | b'p' | b't' | b'z') || (matches!(b, b'i' | b'u' | b'o') && !digraph),
        // "evacuate", "retaliate", but "treat", "float".
        b't' if b == b'a' => !matches!(before, b'e' | b'o'),
        _ if !is_vowel(b) || digraph => false,
        b'r' => matches!(b, b'u' | b'i' | b'a') || (b == b'o' && !matches!(before, b't' | b's')),
        b't' => matches!(b, b'u' | b'o'),
        b'd' => true,
        b'k' => true,
        b'm' => matches!(b, b'u' | b'y'),
        b'n' => matches!(b, b'i' | b'u') || stem.ends_with(b"ven"),
        b'p' => matches!(b, b'a' | b'i' | b'y'),
        b'b' => true,
        _ => false,
    }
}

/// Adjectives and adverbs without "-er" or "-est", which are `cut` bytes long.
fn comparative<'l>(word: &str, cut: usize, words: &Dictionary) -> Lemma<'l> {
    let stem = &word[..word.len() - cut];
    let known = |less: usize, add: &str| is_known(stem, less, add, Tag::JJ, words) || is_known(stem, less, add, Tag::RB, words);
    let lemma = |keep: usize, add: &'l str| Lemma { keep, add };
    let &[.., a, b] = stem.as_bytes() else { return lemma(word.len(), "") };
    if a == b && !is_vowel(b) && !known(0, "") {
        return lemma(stem.len() - 1, "");
    }
    match (known(0, ""), known(0, "e")) {
        (true, _) => lemma(stem.len(), ""),
        (false, true) => lemma(stem.len(), "e"),
        _ if matches!(b, b's' | b'c' | b'g' | b'v' | b'u') && a != b's' && a != b'n' => lemma(stem.len(), "e"),
        _ => lemma(stem.len(), ""),
    }
}

/// Whether the dictionary has `word` less its last bytes and with `add`, under this tag.
fn is_known(word: &str, less: usize, add: &str, tag: Tag, words: &Dictionary) -> bool {
    let base = &word[..word.len() - less];
    let hash = add.bytes().fold(word_hash(base), hash_with);
    TagSet(words.known(hash)).has(tag)
}

fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

fn key(hash: u64, class: Tag) -> u64 {
    hash ^ (class as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Hasher for keys that are hashes already.
#[derive(Clone, Copy, Debug, Default)]
pub struct Passing(u64);

impl Hasher for Passing {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        // The map takes its slot from the low bits and its tag from the high ones.
        self.0 = (self.0 ^ number).wrapping_mul(0xff51_afd7_ed55_8ccd).rotate_left(32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, tag: Tag, expect: &str) {
        let found = Lemmas::new(&[]);
        let lemma = found.lemma(word, word_hash(word), tag, &Dictionary::default());
        assert_eq!(format!("{}{}", &word[..lemma.keep], lemma.add), expect, "{word}");
    }

    #[test]
    fn irregular_forms() {
        check("shot", Tag::VBD, "shoot");
        check("gunmen", Tag::NNS, "gunman");
        check("policewomen", Tag::NNS, "policewoman");
        check("children", Tag::NNS, "child");
        check("worst", Tag::JJS, "bad");
        check("'s", Tag::VBZ, "be");
        check("went", Tag::VBN, "go");
    }

    #[test]
    fn regular_verbs() {
        for (word, lemma) in [
            ("killed", "kill"),
            ("abducted", "abduct"),
            ("seized", "seize"),
            ("evacuated", "evacuate"),
            ("kidnapping", "kidnap"),
            ("bombing", "bomb"),
            ("planned", "plan"),
            ("hoping", "hope"),
            ("invaded", "invade"),
            ("exploded", "explode"),
            ("injured", "injure"),
            ("wounded", "wound"),
            ("surrendered", "surrender"),
            ("besieged", "besiege"),
            ("claiming", "claim"),
            ("raided", "raid"),
            ("agreed", "agree"),
            ("buried", "bury"),
            ("struggling", "struggle"),
            ("hurled", "hurl"),
            ("attacked", "attack"),
            ("retaliated", "retaliate"),
            ("executed", "execute"),
            ("detonated", "detonate"),
            ("torched", "torch"),
            ("stormed", "storm"),
            ("ambushed", "ambush"),
            ("rescued", "rescue"),
            ("fired", "fire"),
            ("acquitted", "acquit"),
            ("opened", "open"),
        ] {
            check(word, Tag::VBN, lemma);
        }
        check("reaches", Tag::VBZ, "reach");
        check("carries", Tag::VBZ, "carry");
        check("says", Tag::VBZ, "say");
        check("seizes", Tag::VBZ, "seize");
    }

    #[test]
    fn plurals() {
        for (word, lemma) in [("bodies", "body"), ("attacks", "attack"), ("losses", "loss"), ("buses", "bus"), ("vehicles", "vehicle"), ("ambushes", "ambush")]
        {
            check(word, Tag::NNS, lemma);
        }
        check("forces", Tag::NNPS, "force");
        check("headquarters", Tag::NNS, "headquarters");
        check("1990s", Tag::NNS, "1990s");
    }
}
