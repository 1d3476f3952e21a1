//! Small words by which texts in Latin script show their language.

use crate::text::{Document, WordMap};

/// ISO 639-1 codes and the commonest words of each language.
const WORDS: [(&str, &[&str]); N_LANGUAGES] = [
    ("en", &["the", "of", "and", "to", "in", "a", "was", "were", "is", "by", "for", "on", "said", "that", "with", "at", "from", "an", "it", "has", "have"]),
    ("es", &["el", "los", "las", "que", "en", "una", "por", "con", "para", "fue", "del", "se", "su"]),
    ("fr", &["le", "les", "des", "et", "une", "dans", "est", "du", "qui", "par", "pour", "sur", "ont"]),
    ("de", &["der", "die", "das", "und", "den", "ein", "eine", "wurde", "mit", "von", "auf", "ist", "bei"]),
    ("pt", &["os", "uma", "em", "foi", "da", "dos", "na", "um", "que", "com", "pelo", "por", "ao"]),
    ("it", &["il", "che", "di", "della", "una", "per", "stato", "gli", "sono", "nel", "con", "dei", "alla"]),
    ("tr", &["ve", "bir", "bu", "olarak", "için", "ile", "da", "de", "daha", "çok", "olan", "göre", "sonra"]),
];

const N_LANGUAGES: usize = 7;

/// The words with the languages that have them, a bit each.
#[derive(Debug)]
pub struct Languages(WordMap<u8>);

impl Default for Languages {
    fn default() -> Self {
        let mut this = WordMap::<u8>::default();
        for (language, (_, words)) in WORDS.iter().enumerate() {
            for word in *words {
                *this.entry(word) |= 1 << language;
            }
        }
        Self(this)
    }
}

impl Languages {
    /// How many of the text's first `n` tokens are among the words of each language.
    pub fn count(&self, doc: &Document<'_>, n: usize) -> [(&'static str, usize); N_LANGUAGES] {
        let mut counts = WORDS.map(|(code, _)| (code, 0));
        for languages in (0..n).filter_map(|i| self.0.of_word(doc, i)) {
            for (language, (_, count)) in counts.iter_mut().enumerate() {
                *count += usize::from(languages >> language & 1);
            }
        }
        counts
    }
}
