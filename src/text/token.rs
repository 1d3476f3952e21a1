//! Tokens: where a word stands, what it looks like, which hash it is known by.

use super::{Span, Tag};

/// What a token looks like; a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape(pub u16);

impl Shape {
    /// The first letter is a capital.
    pub const CAPITAL: Self = Self(1);
    /// Two or more letters, all capitals ("TTP").
    pub const ALL_CAPS: Self = Self(1 << 1);
    /// Holds a digit.
    pub const DIGIT: Self = Self(1 << 2);
    /// Holds no letter and no digit.
    pub const PUNCTUATION: Self = Self(1 << 3);
    /// White space (or the end of the text) follows.
    pub const SPACE_AFTER: Self = Self(1 << 4);
    /// First token of its sentence.
    pub const SENTENCE_START: Self = Self(1 << 5);
    /// First token of its line.
    pub const LINE_START: Self = Self(1 << 6);
    /// Lies between quotation marks.
    pub const QUOTED: Self = Self(1 << 7);
    /// Has letters outside Latin script.
    pub const FOREIGN_SCRIPT: Self = Self(1 << 8);

    /// Whether every bit of `other` is set.
    #[inline]
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// With the bits of `other` set too.
    #[inline]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// One token. Clitics ("'s", "n't") and hyphens are tokens of their own, as in UD English.
#[derive(Clone, Copy, Debug, Default)]
pub struct Token {
    /// Bytes in the source.
    pub span: Span,
    /// Range in the document's arena of normalised forms: lower case, straight apostrophes.
    pub(super) norm: (u32, u16),
    /// Range in the same arena of the lemma.
    pub(super) lemma: (u32, u16),
    /// [`word_hash`] of the normalised form; what the lexicon's trie is keyed by.
    pub hash: u64,
    /// [`word_hash`] of the lemma.
    pub lemma_hash: u64,
    /// Part of speech.
    pub tag: Tag,
    /// What it looks like.
    pub shape: Shape,
}

impl Token {
    /// Whether the lemma is the word itself.
    #[inline]
    pub fn is_own_lemma(&self) -> bool {
        self.lemma == self.norm
    }
}

/// Hash of a word as lexicons know it: case, accents and apostrophes do not count ("Da'wa" = "dawa", "Médecins" = "medecins").
///
/// FNV-1a over the folded characters: the same on every machine and version, so that it may be stored.
pub fn word_hash(word: &str) -> u64 {
    if word.is_ascii() {
        return ascii_hash(word.as_bytes());
    }
    let mut hash = HASH_OF_NOTHING;
    let mut eat = |c: char| {
        let mut bytes = [0u8; 4];
        for &byte in c.encode_utf8(&mut bytes).as_bytes() {
            hash = hash_with(hash, byte);
        }
    };
    fold(word, &mut eat);
    hash
}

/// [`word_hash`] of no letters; those of a word are added one by one ([`hash_with`]).
pub(super) const HASH_OF_NOTHING: u64 = 0xcbf2_9ce4_8422_2325;

/// The hash of a word that goes on with this byte.
pub(super) const fn hash_with(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3)
}

/// [`word_hash`] of a word that has ASCII letters and signs only, for the compiler too.
pub(super) const fn ascii_hash(word: &[u8]) -> u64 {
    let mut hash = HASH_OF_NOTHING;
    let mut n = 0;
    while n < word.len() {
        if !matches!(word[n], b'\'' | b'`') {
            hash = hash_with(hash, word[n].to_ascii_lowercase());
        }
        n += 1;
    }
    hash
}

/// Hands out the characters of a word as [`word_hash`] counts them: small letters, no accents, no apostrophes.
pub fn fold(word: &str, eat: &mut impl FnMut(char)) {
    for c in word.chars() {
        match c {
            'A'..='Z' => eat(c.to_ascii_lowercase()),
            '\'' | '’' | '‘' | 'ʼ' | 'ʿ' | 'ʾ' | '`' | '\u{ad}' | '\u{200c}' | '\u{200d}' => {}
            c if c.is_ascii() => eat(c),
            c => c.to_lowercase().for_each(|c| fold_accent(c, eat)),
        }
    }
}

/// Latin letters with marks as the plain letters that news prints instead; combining marks vanish.
fn fold_accent(c: char, eat: &mut impl FnMut(char)) {
    let plain = match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' | 'ĉ' => 'c',
        'ď' | 'đ' | 'ḍ' => 'd',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' | 'ġ' | 'ģ' => 'g',
        'ḥ' | 'ħ' => 'h',
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => 'i',
        'ł' | 'ļ' => 'l',
        'ñ' | 'ń' | 'ň' | 'ņ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' | 'ŕ' => 'r',
        'ś' | 'š' | 'ş' | 'ș' | 'ṣ' => 's',
        'ť' | 'ţ' | 'ț' | 'ṭ' => 't',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'ų' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ž' | 'ż' | 'ẓ' => 'z',
        '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' => return,
        // Arabic and Persian letters that are typed either way.
        'ي' | 'ى' => 'ی',
        'ك' => 'ک',
        other => other,
    };
    eat(plain);
}

#[cfg(test)]
mod tests {
    use super::word_hash;

    #[test]
    fn case_accents_and_apostrophes_do_not_count() {
        assert_eq!(word_hash("Da’wa"), word_hash("dawa"));
        assert_eq!(word_hash("MÉDECINS"), word_hash("medecins"));
        assert_ne!(word_hash("taliban"), word_hash("talib"));
    }
}
