//! Places in a text: byte spans inside the engine, code points outside.

use std::ops::Range;

/// Half-open range of bytes in the source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from two byte offsets.
    #[inline]
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The words of this span; empty where it does not lie on character boundaries of `source`.
    #[inline]
    pub fn text(self, source: &str) -> &str {
        source.get(self.start as usize..self.end as usize).unwrap_or("")
    }

    /// Whether both share at least one byte.
    #[inline]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside.
    #[inline]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// Half-open range of token indices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenSpan {
    /// First token.
    pub start: u32,
    /// One past the last token.
    pub end: u32,
}

impl TokenSpan {
    /// A span from two token indices.
    #[inline]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end.max(start) as u32 }
    }

    /// The span of one token.
    #[inline]
    pub fn one(token: usize) -> Self {
        Self::new(token, token + 1)
    }

    /// As a range for indexing and iterating.
    #[inline]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Number of tokens.
    #[inline]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether there is no token in it.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// Whether the token lies inside.
    #[inline]
    pub fn has(self, token: usize) -> bool {
        self.range().contains(&token)
    }

    /// Whether both share at least one token.
    #[inline]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside.
    #[inline]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that holds both.
    #[inline]
    pub fn cover(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// Turns byte offsets into code-point offsets; built once per text, one entry per 64 bytes.
#[derive(Clone, Debug, Default)]
pub struct CharIndex {
    /// Code points before byte `64 * i`; empty for pure ASCII, where both offsets agree.
    marks: Vec<u32>,
}

impl CharIndex {
    const STEP: usize = 64;

    /// Index of `source`.
    pub fn new(source: &str) -> Self {
        if source.is_ascii() {
            return Self::default();
        }
        let mut marks = Vec::with_capacity(source.len() / Self::STEP + 1);
        let mut n_chars = 0u32;
        for step in source.as_bytes().chunks(Self::STEP) {
            marks.push(n_chars);
            // Every byte but the continuation bytes starts a code point.
            n_chars += step.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u32;
        }
        Self { marks }
    }

    /// Code points before the byte offset `at` of the `source` that this index was made from.
    pub fn chars(&self, source: &str, at: u32) -> u32 {
        if self.marks.is_empty() {
            return at;
        }
        let at = (at as usize).min(source.len());
        let mark = (at / Self::STEP).min(self.marks.len() - 1);
        let rest = source.as_bytes().get(mark * Self::STEP..at).unwrap_or(&[]);
        self.marks[mark] + rest.iter().filter(|&&b| b & 0xC0 != 0x80).count() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_agree_with_a_plain_count() {
        let source = "Kabul – “the group” قندهار 🚨 said ".repeat(9);
        let index = CharIndex::new(&source);
        for (n, (at, _)) in source.char_indices().enumerate() {
            assert_eq!(index.chars(&source, at as u32), n as u32);
        }
        assert_eq!(index.chars(&source, source.len() as u32), source.chars().count() as u32);
    }
}
