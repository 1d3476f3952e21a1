//! Classes of bytes and characters, as the tokenizer tells them apart.

/// White space and control characters: nothing that a token may hold.
pub(super) const SPACE: u8 = 1;
/// `a`–`z`, `A`–`Z`.
pub(super) const LETTER: u8 = 1 << 1;
/// `0`–`9`.
pub(super) const DIGIT: u8 = 1 << 2;
/// The full stop.
pub(super) const POINT: u8 = 1 << 3;
/// The straight apostrophe.
pub(super) const APOSTROPHE: u8 = 1 << 4;
/// The hyphen-minus.
pub(super) const HYPHEN: u8 = 1 << 5;
/// Any other ASCII sign.
pub(super) const SIGN: u8 = 1 << 6;
/// Part of a character outside ASCII.
pub(super) const HIGH: u8 = 1 << 7;

/// Class of every byte.
pub(super) static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [HIGH; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' => DIGIT,
            b'.' => POINT,
            b'\'' => APOSTROPHE,
            b'-' => HYPHEN,
            0..=b' ' | 0x7f => SPACE,
            _ => SIGN,
        };
        byte += 1;
    }
    table
}

/// What a character does in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, digits and marks in any script.
    Word,
    /// Joins the letters of a word, never starts one (soft hyphen, zero-width joiner, variation selector).
    Joiner,
    /// Separates words and belongs to none.
    Space,
    /// An apostrophe, straight or curly.
    Apostrophe,
    /// A hyphen (not a dash).
    Hyphen,
    /// Anything else.
    Sign,
}

/// The kind of a character.
pub(super) fn kind(c: char) -> Kind {
    if c.is_ascii() {
        return match CLASS[c as usize] {
            LETTER | DIGIT => Kind::Word,
            SPACE => Kind::Space,
            APOSTROPHE => Kind::Apostrophe,
            HYPHEN => Kind::Hyphen,
            _ => Kind::Sign,
        };
    }
    match c {
        '’' | 'ʼ' | '\u{ff07}' => Kind::Apostrophe,
        '\u{2010}' | '\u{2011}' => Kind::Hyphen,
        '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' => Kind::Joiner,
        // Zero-width space, direction marks and the byte order mark are no letters and no white space by Unicode's own list.
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => Kind::Space,
        c if c.is_alphanumeric() || is_mark(c) => Kind::Word,
        c if c.is_whitespace() || c.is_control() => Kind::Space,
        _ => Kind::Sign,
    }
}

/// Marks that `char::is_alphanumeric` leaves out: accents, vowel points, viramas (blocks, not single characters: the rest of each block is rare).
fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}'
        | '\u{670}' | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6ed}' | '\u{730}'..='\u{74a}' | '\u{93a}'..='\u{94f}' | '\u{9bc}'..='\u{9cd}'
        | '\u{a3c}'..='\u{a4d}' | '\u{abc}'..='\u{acd}' | '\u{b3c}'..='\u{b4d}' | '\u{bcd}' | '\u{c4d}' | '\u{ccd}' | '\u{d4d}' | '\u{dca}'
        | '\u{e31}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{1039}'..='\u{103e}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Whether a letter is of Latin script (or of none: modifier letters such as ʿ stand in Latin transcription).
pub(super) fn is_latin(c: char) -> bool {
    matches!(c as u32, 0..=0x36f | 0x1d00..=0x1eff | 0x2000..=0x24ff | 0x2c60..=0x2c7f | 0xa720..=0xa7ff | 0xfb00..=0xfb06 | 0xff21..=0xff5a)
}

/// The character that starts at byte `at`, which must be a boundary; `None` at the end.
pub(super) fn char_at(source: &str, at: usize) -> Option<char> {
    match *source.as_bytes().get(at)? {
        byte if byte < 128 => Some(char::from(byte)),
        _ => source.get(at..)?.chars().next(),
    }
}

/// Whether white space or the end of the text stands at byte `at`, which must be a boundary.
pub(super) fn ends_word(source: &str, at: usize) -> bool {
    match source.as_bytes().get(at) {
        Some(&byte) if byte < 128 => CLASS[usize::from(byte)] == SPACE,
        _ => char_at(source, at).is_none_or(|c| kind(c) == Kind::Space),
    }
}

/// The character that ends at byte `at`.
pub(super) fn char_before(source: &str, at: usize) -> Option<char> {
    source.get(..at)?.chars().next_back()
}
