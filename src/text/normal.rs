//! The normalised form, hash and shape of a token, in one walk over its characters.

use super::chars::{CLASS, DIGIT, Kind, LETTER, is_latin, kind};
use super::token::{Shape, ascii_hash};
use super::word_hash;

/// Appends the normalised form of `raw` to `arena` and returns its hash and shape.
///
/// Normalised is: lower case, straight apostrophes and quotation marks, hyphen-minus for hyphens, no soft hyphens or joiners.
pub(super) fn normalise(raw: &str, arena: &mut String) -> (u64, Shape) {
    if raw.is_ascii() { ascii(raw, arena) } else { unicode(raw, arena) }
}

fn ascii(raw: &str, arena: &mut String) -> (u64, Shape) {
    let start = arena.len();
    arena.push_str(raw);
    let mut seen = 0;
    let (mut n_letters, mut n_upper) = (0u32, 0u32);
    for &byte in raw.as_bytes() {
        let class = CLASS[usize::from(byte)];
        seen |= class;
        n_letters += u32::from(class == LETTER);
        n_upper += u32::from(byte.is_ascii_uppercase());
    }
    if n_upper > 0
        && let Some(norm) = arena.get_mut(start..)
    {
        norm.make_ascii_lowercase();
    }
    let capital = n_upper > 0 && raw.bytes().find(u8::is_ascii_alphabetic).is_some_and(|b| b.is_ascii_uppercase());
    (ascii_hash(raw.as_bytes()), shape(n_upper, n_letters - n_upper, seen & DIGIT != 0, capital, n_letters > 0))
}

fn unicode(raw: &str, arena: &mut String) -> (u64, Shape) {
    let (mut n_upper, mut n_lower, mut digit, mut word, mut foreign) = (0u32, 0u32, false, false, false);
    let mut first = None;
    for c in raw.chars() {
        match c {
            '’' | '‘' | 'ʼ' | '\u{ff07}' | '‚' | '‛' => arena.push('\''),
            '“' | '”' | '„' | '‟' | '«' | '»' => arena.push('"'),
            '\u{2010}' | '\u{2011}' => arena.push('-'),
            '…' => arena.push_str("..."),
            c if kind(c) == Kind::Joiner => {}
            c => arena.extend(c.to_lowercase()),
        }
        n_upper += u32::from(c.is_uppercase());
        n_lower += u32::from(c.is_lowercase());
        digit |= c.is_numeric();
        if c.is_alphabetic() {
            first.get_or_insert(c);
            foreign |= !is_latin(c);
        }
        word |= kind(c) == Kind::Word;
    }
    let shape = shape(n_upper, n_lower, digit, first.is_some_and(char::is_uppercase), word);
    (word_hash(raw), if foreign { shape.with(Shape::FOREIGN_SCRIPT) } else { shape })
}

fn shape(n_upper: u32, n_lower: u32, digit: bool, capital: bool, word: bool) -> Shape {
    let mut shape = Shape::default();
    for (bit, set) in [(Shape::CAPITAL, capital), (Shape::ALL_CAPS, n_upper >= 2 && n_lower == 0), (Shape::DIGIT, digit), (Shape::PUNCTUATION, !word && !digit)]
    {
        if set {
            shape = shape.with(bit);
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, norm: &str, expect: &[Shape]) {
        let mut arena = String::from("before");
        let (hash, shape) = normalise(raw, &mut arena);
        assert_eq!(&arena[6..], norm);
        assert_eq!(hash, word_hash(raw));
        assert_eq!(shape, expect.iter().fold(Shape::default(), |all, &bit| all.with(bit)));
    }

    #[test]
    fn forms_and_shapes() {
        check("TTP", "ttp", &[Shape::CAPITAL, Shape::ALL_CAPS]);
        check("Da’wa", "da'wa", &[Shape::CAPITAL]);
        check("U.S.", "u.s.", &[Shape::CAPITAL, Shape::ALL_CAPS]);
        check("1990s", "1990s", &[Shape::DIGIT]);
        check("“", "\"", &[Shape::PUNCTUATION]);
        check("واقعہ", "واقعہ", &[Shape::FOREIGN_SCRIPT]);
        check("Ka\u{ad}bul", "kabul", &[Shape::CAPITAL]);
        check("3,000", "3,000", &[Shape::DIGIT]);
    }
}
