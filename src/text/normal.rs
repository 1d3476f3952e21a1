//! The normalised form, hash and shape of a token, in one walk over its characters.

use super::chars::{Kind, is_latin, kind};
use super::token::{HASH_OF_NOTHING, Shape, hash_with};
use super::word_hash;

/// The place of a token's normalised form in `arena`, its hash and its shape.
///
/// Normalised is: lower case, straight apostrophes and quotation marks, hyphen-minus for hyphens, no soft hyphens or joiners. The arena begins
/// with the whole source in small ASCII letters, so that the form of most tokens is there already, at `at`; others are put behind.
pub(super) fn normalise(raw: &str, at: usize, arena: &mut String) -> ((u32, u16), u64, Shape) {
    if raw.is_ascii() {
        let (hash, shape) = ascii(raw.as_bytes());
        return ((at as u32, raw.len() as u16), hash, shape);
    }
    let start = arena.len();
    let (hash, shape) = unicode(raw, arena);
    ((start as u32, (arena.len() - start) as u16), hash, shape)
}

/// The same for a form that stands in no text, as training data has them.
pub(super) fn append(form: &str, arena: &mut String) -> ((u32, u16), u64, Shape) {
    let at = arena.len();
    arena.push_str(&form.to_ascii_lowercase());
    normalise(form, at, arena)
}

const UPPER: u8 = 1;
const LOWER: u8 = 1 << 1;
const DIGIT: u8 = 1 << 2;
/// Does not count in hashes.
const SILENT: u8 = 1 << 3;

/// What each ASCII byte is; nothing of these for signs.
static TRAITS: [u8; 256] = traits();

const fn traits() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = match byte as u8 {
            b'A'..=b'Z' => UPPER,
            b'a'..=b'z' => LOWER,
            b'0'..=b'9' => DIGIT,
            b'\'' | b'`' => SILENT,
            _ => 0,
        };
        byte += 1;
    }
    table
}

fn ascii(raw: &[u8]) -> (u64, Shape) {
    let (mut hash, mut seen, mut n_upper) = (HASH_OF_NOTHING, 0, 0u32);
    for &byte in raw {
        let traits = TRAITS[usize::from(byte)];
        seen |= traits;
        n_upper += u32::from(traits & UPPER);
        if traits & SILENT == 0 {
            hash = hash_with(hash, byte.to_ascii_lowercase());
        }
    }
    let capital = n_upper > 0 && raw.iter().find(|byte| byte.is_ascii_alphabetic()).is_some_and(u8::is_ascii_uppercase);
    (hash, shape(n_upper, seen & LOWER != 0, seen & DIGIT != 0, capital, seen & (UPPER | LOWER) != 0))
}

fn unicode(raw: &str, arena: &mut String) -> (u64, Shape) {
    let (mut n_upper, mut lower, mut digit, mut word, mut foreign) = (0u32, false, false, false, false);
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
        lower |= c.is_lowercase();
        digit |= c.is_numeric();
        if c.is_alphabetic() {
            first.get_or_insert(c);
            foreign |= !is_latin(c);
        }
        word |= kind(c) == Kind::Word;
    }
    let shape = shape(n_upper, lower, digit, first.is_some_and(char::is_uppercase), word);
    (word_hash(raw), if foreign { shape.with(Shape::FOREIGN_SCRIPT) } else { shape })
}

fn shape(n_upper: u32, lower: bool, digit: bool, capital: bool, word: bool) -> Shape {
    let bit = |shape: Shape, set: bool| if set { shape } else { Shape::default() };
    bit(Shape::CAPITAL, capital)
        .with(bit(Shape::ALL_CAPS, n_upper >= 2 && !lower))
        .with(bit(Shape::DIGIT, digit))
        .with(bit(Shape::PUNCTUATION, !word && !digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, norm: &str, expect: &[Shape]) {
        let mut arena = format!("before{}", raw.to_ascii_lowercase());
        let ((start, length), hash, shape) = normalise(raw, 6, &mut arena);
        assert_eq!(&arena[start as usize..][..usize::from(length)], norm);
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
