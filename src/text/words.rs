//! Words that rules ask for, made so that asking costs next to nothing where none of them stands.

use super::token::ascii_hash;
use super::{Document, word_hash};

/// A few words, asked for by token. Hashes are compared first, and the letters only where one agrees ("'s" and "s" have one hash).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// In order of hash.
    list: Vec<(u64, String)>,
    /// Which of 64 classes of hashes are in the list: most words are ruled out here.
    classes: u64,
}

impl Words {
    /// The set of these words, given in small letters.
    pub fn of<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut list: Vec<(u64, String)> = words.into_iter().map(|w| (word_hash(w), w.to_owned())).collect();
        list.sort_unstable();
        list.dedup();
        let classes = list.iter().fold(0, |all, (hash, _)| all | class(*hash));
        Self { list, classes }
    }

    /// Whether token `i` is one of them as it stands, capitals aside.
    #[inline]
    pub fn has_word(&self, doc: &Document<'_>, i: usize) -> bool {
        self.may_have(doc.token(i).hash) && self.has(doc.word(i), doc.token(i).hash)
    }

    /// Whether the lemma of token `i` is one of them.
    #[inline]
    pub fn has_lemma(&self, doc: &Document<'_>, i: usize) -> bool {
        self.may_have(doc.token(i).lemma_hash) && self.has(doc.lemma(i), doc.token(i).lemma_hash)
    }

    /// Whether token `i` or its lemma is one of them.
    #[inline]
    pub fn has_form(&self, doc: &Document<'_>, i: usize) -> bool {
        self.has_word(doc, i) || self.has_lemma(doc, i)
    }

    /// The word, where there is but one.
    pub fn only(&self) -> Option<&str> {
        match self.list.as_slice() {
            [(_, word)] => Some(word),
            _ => None,
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The words, in an order of their own.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|(_, word)| word.as_str())
    }

    #[inline]
    fn may_have(&self, hash: u64) -> bool {
        self.classes & class(hash) != 0
    }

    fn has(&self, word: &str, hash: u64) -> bool {
        let from = self.list.partition_point(|(h, _)| *h < hash);
        self.list[from..].iter().take_while(|(h, _)| *h == hash).any(|(_, w)| w == word)
    }
}

/// The words of some tokens and their lemmas, by hash.
#[derive(Clone, Debug)]
pub struct Said {
    /// Each with its token, in order.
    words: Vec<(u64, u32)>,
    /// Which of 512 classes of hashes are among them.
    classes: [u64; 8],
}

impl Said {
    /// Those of these tokens.
    pub fn of(doc: &Document<'_>, tokens: impl Iterator<Item = usize>) -> Self {
        let mut words: Vec<(u64, u32)> = Vec::new();
        let mut classes = [0; 8];
        for i in tokens {
            let token = doc.token(i);
            let lemma = Some(token.lemma_hash).filter(|&lemma| lemma != token.hash);
            for hash in std::iter::once(token.hash).chain(lemma) {
                words.push((hash, i as u32));
                classes[row(hash)] |= bit(hash);
            }
        }
        words.sort_unstable();
        words.dedup();
        Self { words, classes }
    }

    /// Their hashes, each once.
    pub fn hashes(&self) -> impl Iterator<Item = u64> {
        self.words.chunk_by(|one, next| one.0 == next.0).filter_map(|same| Some(same.first()?.0))
    }

    /// Whether one of the words may be among them; where their hashes say so, the letters have the last word.
    pub fn may_have(&self, words: &Words) -> bool {
        self.places(words).next().is_some()
    }

    /// The tokens that may be one of the words or have it as their lemma; where their hashes say so, the letters have the last word. One may come
    /// more than once.
    pub fn places(&self, words: &Words) -> impl Iterator<Item = usize> {
        words.list.iter().filter(|(hash, _)| self.classes[row(*hash)] & bit(*hash) != 0).flat_map(|&(hash, _)| {
            let from = self.words.partition_point(|(h, _)| *h < hash);
            self.words[from..].iter().take_while(move |(h, _)| *h == hash).map(|&(_, token)| token as usize)
        })
    }
}

/// A list of words in the code, in small letters: hashed and put in order by the compiler.
#[derive(Clone, Debug)]
pub struct WordList<const N: usize> {
    /// In order of hash.
    list: [(u64, &'static str); N],
    /// Which of 512 classes of hashes are in the list: these lists are longer than most, and asked about every word of a text.
    classes: [u64; 8],
}

impl<const N: usize> WordList<N> {
    /// The list of these words, with blanks between them; they have no letters but those of ASCII.
    pub const fn of(words: &'static str) -> Self {
        let mut list = [(0, ""); N];
        let mut classes = [0; 8];
        let mut n = 0;
        let mut rest = words;
        while !rest.is_empty() {
            let word;
            (word, rest) = first_word(rest);
            assert!(word.is_ascii(), "only ASCII letters are hashed in the code");
            let next = (ascii_hash(word.as_bytes()), word);
            classes[row(next.0)] |= bit(next.0);
            let mut at = n;
            while at > 0 && list[at - 1].0 > next.0 {
                list[at] = list[at - 1];
                at -= 1;
            }
            list[at] = next;
            n += 1;
        }
        assert!(n == N, "the list has another number of words than its type says");
        Self { list, classes }
    }

    /// Whether token `i` is one of them as it stands, capitals aside.
    #[inline]
    pub fn has_word(&self, doc: &Document<'_>, i: usize) -> bool {
        let hash = doc.token(i).hash;
        self.may_have(hash) && self.has(doc.word(i), hash)
    }

    /// Whether the lemma of token `i` is one of them.
    #[inline]
    pub fn has_lemma(&self, doc: &Document<'_>, i: usize) -> bool {
        let hash = doc.token(i).lemma_hash;
        self.may_have(hash) && self.has(doc.lemma(i), hash)
    }

    #[inline]
    fn may_have(&self, hash: u64) -> bool {
        self.classes[row(hash)] & bit(hash) != 0
    }

    fn has(&self, word: &str, hash: u64) -> bool {
        let from = self.list.partition_point(|(h, _)| *h < hash);
        self.list[from..].iter().take_while(|(h, _)| *h == hash).any(|(_, w)| *w == word)
    }
}

/// One of the 512 classes of hashes: the three highest bits choose a row, the next six a bit of it.
#[inline]
const fn row(hash: u64) -> usize {
    (hash >> 61) as usize
}

#[inline]
const fn bit(hash: u64) -> u64 {
    1 << (hash >> 55 & 63)
}

/// The words up to the first blank, and what follows it.
const fn first_word(words: &'static str) -> (&'static str, &'static str) {
    let mut end = 0;
    while end < words.len() && words.as_bytes()[end] != b' ' {
        end += 1;
    }
    let (word, rest) = words.split_at(end);
    (word, if rest.is_empty() { rest } else { rest.split_at(1).1 })
}

/// One of 64 classes of hashes, as a bit.
#[inline]
const fn class(hash: u64) -> u64 {
    1 << (hash >> 58)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TextModel;

    #[test]
    fn letters_decide_where_hashes_agree() {
        let doc = Document::read("the soldiers's posts", &TextModel::default());
        let words = Words::of(["'s", "soldiers", "post"]);
        let found: Vec<bool> = (0..doc.len()).map(|i| words.has_word(&doc, i)).collect();
        assert_eq!(found, [false, true, true, false]);
        assert_eq!(word_hash("s"), word_hash("'s"));
        assert!(!Words::of(["s"]).has_word(&doc, 2));
        assert!(!Words::default().has_word(&doc, 1));
    }

    #[test]
    fn lists_in_the_code_know_their_words() {
        const LIST: WordList<4> = WordList::of("two 's mid- 2nd");
        let doc = Document::read("Two s 's mid two 2nd", &TextModel::default());
        let found: Vec<bool> = (0..doc.len()).map(|i| LIST.has_word(&doc, i)).collect();
        assert_eq!(found, [true, false, true, false, true, true]);
        assert_eq!(["two", "'s", "mid-", "2nd"].map(|word| ascii_hash(word.as_bytes())), ["two", "'s", "mid-", "2nd"].map(word_hash));
    }

    #[test]
    fn forms_are_words_and_lemmas() {
        let model = TextModel::embedded().expect("the embedded tagger loads");
        let doc = Document::read("Gunmen killed two soldiers.", &model);
        assert!(Words::of(["kill"]).has_form(&doc, 1) && Words::of(["killed"]).has_form(&doc, 1));
        assert!(Words::of(["gunman"]).has_lemma(&doc, 0) && !Words::of(["gunman"]).has_word(&doc, 0));
    }
}
