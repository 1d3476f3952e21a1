//! Which given words a token may be a form of, whatever its tag turns out to be: asked of a text that has no tags yet.

use super::lemma::{Lemma, Lemmas, Passing};
use super::token::{HASH_OF_NOTHING, hash_with};
use super::{Document, Filter, Tag, TextModel, WordMap, word_hash};
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// Words with numbers, found in texts by their own form and by every lemma that a tag could give a form.
#[derive(Debug, Default)]
pub struct Forms {
    /// The numbers of each word.
    numbers: WordMap<Vec<u16>>,
    /// The numbers of words by the hashes of their irregular forms, as lemmas are looked up.
    irregular: HashMap<u64, Vec<u16>, BuildHasherDefault<Passing>>,
    /// Hashes of the words: most tokens are ruled out here.
    words: Filter,
    /// Hashes of the words and of their irregular forms.
    listed: Filter,
}

impl Forms {
    /// The set of these words in small letters, each with a number; a word may have several.
    pub fn of<'w>(words: impl IntoIterator<Item = (&'w str, u16)>, model: &TextModel) -> Self {
        let mut this = Self::default();
        for (word, number) in words {
            let numbers = this.numbers.entry(word);
            if !numbers.contains(&number) {
                numbers.push(number);
            }
            this.words.add(word_hash(word));
            this.listed.add(word_hash(word));
        }
        for (form, lemma) in model.tagger.iter().flat_map(|tagger| Lemmas::irregular(&tagger.exceptions)) {
            if let Some(numbers) = this.numbers.get(lemma) {
                this.irregular.entry(word_hash(form)).or_default().extend(numbers);
                this.listed.add(word_hash(form));
            }
        }
        this
    }

    /// Hands out the numbers of all words that token `i` is or may be a form of; one may come more than once.
    pub fn each(&self, doc: &Document<'_>, i: usize, model: &TextModel, mut sink: impl FnMut(u16)) {
        let (word, hash) = (doc.word(i), doc.token(i).hash);
        if self.listed.may_have(hash) {
            let numbers = [self.numbers.of_word(doc, i), self.irregular.get(&hash)];
            numbers.into_iter().flatten().flatten().for_each(|&number| sink(number));
        }
        if self.may_be_form(word) {
            self.each_lemma(word, hash, model, &mut sink);
        }
    }

    fn each_lemma(&self, word: &str, hash: u64, model: &TextModel, sink: &mut impl FnMut(u16)) {
        let Some(tagger) = &model.tagger else { return };
        let mut form = String::new();
        for &class in classes_by_rule(word) {
            let Lemma { keep, add } = tagger.lemmas.lemma(word, hash, class, &tagger.words);
            if keep < word.len() || !add.is_empty() {
                form.clear();
                form.push_str(&word[..keep]);
                form.push_str(add);
                self.numbers.get(&form).into_iter().flatten().for_each(|&number| sink(number));
            }
        }
    }

    /// Whether a lemma of the word by the rules of spelling may be in the set. They take at most four letters off, and put "e", "y", "an" or
    /// nothing in their place.
    fn may_be_form(&self, word: &str) -> bool {
        if word.len() < 3 || classes_by_rule(word).is_empty() {
            return false;
        }
        let bytes = word.as_bytes();
        let step = |hash: u64, byte: u8| if matches!(byte, b'\'' | b'`') { hash } else { hash_with(hash, byte) };
        let (kept, cut) = bytes.split_at(bytes.len().saturating_sub(4));
        let mut stem = kept.iter().fold(HASH_OF_NOTHING, |hash, &byte| step(hash, byte));
        cut.iter().any(|&byte| {
            let before = stem;
            stem = step(before, byte);
            let lemmas = [before, step(before, b'e'), step(before, b'y'), step(step(before, b'a'), b'n')];
            lemmas.iter().any(|&hash| self.words.may_have(hash))
        })
    }
}

/// The classes whose rules of spelling may change a word, each named by one of its tags; other irregular forms are listed. Base forms of verbs
/// that end as participles do have the rules of those.
fn classes_by_rule(word: &str) -> &'static [Tag] {
    match word.as_bytes() {
        [.., b's'] => &[Tag::NNS, Tag::VBD],
        [.., b'm', b'e', b'n'] => &[Tag::NNS],
        [.., b'e', b'd'] | [.., b'i', b'n', b'g' | b'\''] => &[Tag::VBD],
        [.., b'e', b'r'] | [.., b'e', b's', b't'] => &[Tag::JJR, Tag::RBR],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn found(forms: &Forms, model: &TextModel, text: &str) -> Vec<u16> {
        let doc = Document::read(text, &TextModel::default());
        let mut numbers = Vec::new();
        (0..doc.len()).for_each(|i| forms.each(&doc, i, model, |number| numbers.push(number)));
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    #[test]
    fn forms_of_any_tag_are_found() {
        let model = TextModel::embedded().expect("the embedded tagger loads");
        let forms = Forms::of([("shoot", 1), ("die", 2), ("body", 3), ("policeman", 4), ("at", 5), ("on", 5), ("carry", 6), ("rob", 7)], &model);
        for (text, expect) in [
            ("SHOT shooting shoots", &[1][..]),
            ("dying", &[2]),
            ("bodies", &[3]),
            ("Policemen’s", &[4]),
            ("At noon on", &[5]),
            ("carried", &[6]),
            ("robbed", &[7]),
            ("robe shout diet bode", &[]),
        ] {
            assert_eq!(found(&forms, &model, text), expect, "{text}");
        }
    }

    #[test]
    fn no_lemma_of_the_dictionary_is_missed() {
        let model = TextModel::embedded().expect("the embedded tagger loads");
        let tagger = model.tagger.as_ref().expect("it has a tagger");
        // Few words at a time: what is asked for by their hashes alone would let nearly all others pass.
        for entries in tagger.words.entries().chunks(300).step_by(5) {
            let lemma = |word: &str, tag: Tag| {
                let Lemma { keep, add } = tagger.lemmas.lemma(word, word_hash(word), tag, &tagger.words);
                format!("{}{add}", &word[..keep])
            };
            let lemmas: BTreeSet<String> = entries.iter().flat_map(|e| Tag::ALL.iter().map(|&tag| lemma(&e.word, tag))).collect();
            let forms = Forms::of(lemmas.iter().map(String::as_str).zip(0..), &model);
            for entry in entries {
                let doc = Document::read(&entry.word, &TextModel::default());
                if doc.len() == 1 && doc.word(0) == entry.word {
                    let mut found = BTreeSet::new();
                    forms.each(&doc, 0, &model, |number| found.extend(lemmas.iter().nth(usize::from(number))));
                    let missed: Vec<String> = Tag::ALL.iter().map(|&tag| lemma(&entry.word, tag)).filter(|lemma| !found.contains(lemma)).collect();
                    assert!(missed.is_empty(), "{}: {missed:?}", entry.word);
                }
            }
        }
    }
}
