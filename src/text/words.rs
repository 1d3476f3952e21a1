//! Sets of words that rules ask for, made so that asking costs next to nothing where none of them stands.

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
    pub fn has_word(&self, doc: &Document<'_>, i: usize) -> bool {
        self.may_have(doc.token(i).hash) && self.has(doc.word(i), doc.token(i).hash)
    }

    /// Whether the lemma of token `i` is one of them.
    pub fn has_lemma(&self, doc: &Document<'_>, i: usize) -> bool {
        self.may_have(doc.token(i).lemma_hash) && self.has(doc.lemma(i), doc.token(i).lemma_hash)
    }

    /// Whether token `i` or its lemma is one of them.
    pub fn has_form(&self, doc: &Document<'_>, i: usize) -> bool {
        self.has_word(doc, i) || self.has_lemma(doc, i)
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

/// One of 64 classes of hashes, as a bit.
#[inline]
fn class(hash: u64) -> u64 {
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
    fn forms_are_words_and_lemmas() {
        let model = TextModel::embedded().expect("the embedded tagger loads");
        let doc = Document::read("Gunmen killed two soldiers.", &model);
        assert!(Words::of(["kill"]).has_form(&doc, 1) && Words::of(["killed"]).has_form(&doc, 1));
        assert!(Words::of(["gunman"]).has_lemma(&doc, 0) && !Words::of(["gunman"]).has_word(&doc, 0));
    }
}
