//! What the tagger sees of a token: rows of its weight table, one per feature, found by hashing.

use super::{Shape, Token};

/// log2 of the number of rows: what a `u16` counts, so that no number of a row can be wrong.
pub(super) const ROW_BITS: u32 = 16;
/// Rows of the weight table.
pub(super) const N_ROWS: usize = 1 << ROW_BITS;
/// Features of a token.
pub(super) const N_FEATURES: usize = 27;
/// Those of them that the tags before the token take part in.
const N_TAGGED: usize = 7;
/// The others.
pub(super) const N_AROUND: usize = N_FEATURES - N_TAGGED;

/// How a sentence uses capitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Casing {
    /// Names and first words have them.
    Usual,
    /// All letters or none are capitals: they say nothing.
    None,
    /// Most words have them, as in headlines.
    Title,
}

impl Casing {
    /// The casing of a sentence.
    pub(super) fn of(shapes: impl Iterator<Item = (Shape, usize)>) -> Self {
        let (mut n_words, mut n_capital, mut n_upper, mut n_long, mut n_long_capital) = (0, 0, 0, 0, 0);
        for (shape, length) in shapes {
            if shape.has(Shape::PUNCTUATION) || shape.has(Shape::DIGIT) {
                continue;
            }
            let capital = shape.has(Shape::CAPITAL);
            n_words += 1;
            n_capital += u32::from(capital);
            n_upper += u32::from(shape.has(Shape::ALL_CAPS) || (capital && length == 1));
            n_long += u32::from(length >= 4);
            n_long_capital += u32::from(length >= 4 && capital);
        }
        if n_words >= 3 && (n_upper * 10 >= n_words * 9 || n_capital == 0) {
            Self::None
        } else if n_long >= 3 && n_long_capital * 10 >= n_long * 9 {
            Self::Title
        } else {
            Self::Usual
        }
    }
}

/// A token as its own and its neighbours' features use it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cue {
    word: u64,
    suffix2: u64,
    suffix3: u64,
    suffix4: u64,
    prefix: u64,
    shape: u64,
    /// Tags that the training text gave the word, as bits; 0 for unknown words.
    pub(super) known: u64,
}

impl Cue {
    /// What stands before the first and after the last token of a sentence.
    pub(super) const EDGE: Self = Self { word: 1, suffix2: 1, suffix3: 1, suffix4: 1, prefix: 1, shape: 31, known: 0 };

    /// The cue of a token whose normalised form is `norm`.
    pub(super) fn new(token: &Token, norm: &str, casing: Casing, first: bool, spaced_before: bool, known: u64) -> Self {
        let bytes = norm.as_bytes();
        let ending = |n: usize| tail(bytes, n);
        let shape = u64::from(shape_code(token.shape, bytes, casing, spaced_before)) + 32 * u64::from(first);
        Self {
            word: if is_number(token.shape, bytes) { number_class(bytes) } else { token.hash },
            suffix2: ending(2),
            suffix3: ending(3),
            suffix4: ending(4),
            prefix: bytes.iter().take(3).fold(7, |all, &b| all << 8 | u64::from(b)),
            shape,
            known,
        }
    }
}

/// The last `n` bytes as a number, with a mark for shorter words.
fn tail(bytes: &[u8], n: usize) -> u64 {
    let from = bytes.len().saturating_sub(n);
    bytes[from..].iter().fold(n as u64, |all, &b| all << 8 | u64::from(b))
}

fn is_number(shape: Shape, bytes: &[u8]) -> bool {
    shape.has(Shape::DIGIT) && !bytes.iter().any(u8::is_ascii_alphabetic)
}

/// Numbers share their features: a class by form instead of the digits.
fn number_class(bytes: &[u8]) -> u64 {
    let sign = bytes.iter().find(|b| !b.is_ascii_digit()).copied().unwrap_or(b'0');
    let year = bytes.len() == 4 && matches!(bytes, [b'1', b'0'..=b'9', ..] | [b'2', b'0', ..]);
    1000 + u64::from(sign) * 16 + u64::from(year) * 8 + (bytes.len() as u64).min(7)
}

fn shape_code(shape: Shape, bytes: &[u8], casing: Casing, spaced_before: bool) -> u8 {
    if shape.has(Shape::PUNCTUATION) {
        return 8 + 2 * u8::from(spaced_before) + u8::from(shape.has(Shape::SPACE_AFTER));
    }
    if shape.has(Shape::FOREIGN_SCRIPT) {
        return 12;
    }
    if shape.has(Shape::DIGIT) {
        return 4 + u8::from(bytes.iter().any(u8::is_ascii_alphabetic));
    }
    match casing {
        Casing::None => 7,
        Casing::Title if shape.has(Shape::CAPITAL) && !shape.has(Shape::ALL_CAPS) => 13,
        _ if shape.has(Shape::ALL_CAPS) => 2,
        _ if shape.has(Shape::CAPITAL) => 1,
        _ => 0,
    }
}

/// The rows of the token in the middle of `around` (two before, itself, two after), as far as no tag before it counts.
pub(super) fn rows_around(around: &[Cue; 5]) -> [u16; N_AROUND] {
    let [left2, left, cue, right, right2] = around;
    [
        row(0, cue.word),
        row(1, cue.suffix2),
        row(2, cue.suffix3),
        row(3, cue.suffix4),
        row(4, cue.prefix),
        row(5, cue.shape),
        row(9, left.word),
        row(10, left.suffix3),
        row(11, left2.word),
        row(12, right.word),
        row(13, right.suffix3),
        row(14, right2.word),
        row(15, pair(left.word, cue.word)),
        row(16, pair(cue.word, right.word)),
        row(17, cue.shape << 16 | (left.shape & 31) << 8 | (right.shape & 31)),
        row(21, pair(cue.suffix2, cue.shape)),
        row(23, pair(cue.known, cue.shape)),
        row(24, pair(cue.suffix3, cue.shape)),
        row(25, pair(left.known, pair(cue.known, right.known))),
        row(26, pair(right.known.wrapping_mul(0x9e37_79b9), right2.known)),
    ]
}

/// The other rows of that token, whose two predecessors have these tags.
pub(super) fn rows_after(around: &[Cue; 5], before: u8, before2: u8) -> [u16; N_TAGGED] {
    let [_, _, cue, right, _] = around;
    let (t1, t2) = (u64::from(before), u64::from(before2));
    [
        row(6, t1),
        row(7, t1 << 8 | t2),
        row(8, pair(cue.word, t1)),
        row(18, pair(cue.suffix3, t1)),
        row(19, pair(right.known.wrapping_mul(0x9e37_79b9), t1)),
        row(20, pair(cue.known, t1)),
        row(22, pair(cue.shape, t1)),
    ]
}

fn pair(a: u64, b: u64) -> u64 {
    a.wrapping_mul(0xff51_afd7_ed55_8ccd).rotate_left(29) ^ b
}

fn row(template: u64, value: u64) -> u16 {
    let mixed = (value ^ template.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    ((mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> (64 - ROW_BITS)) as u16
}
