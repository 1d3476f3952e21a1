//! Numbers in words and digits.

use super::{Document, TokenSpan};

/// A number of things, as a text gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// Its tokens, modifiers ("at least") included.
    pub tokens: TokenSpan,
    /// The least it can be.
    pub low: Option<u32>,
    /// The figure given.
    pub best: Option<u32>,
    /// The most it can be.
    pub high: Option<u32>,
    /// "dozens", "several": the figure is a floor by convention.
    pub vague: bool,
}

/// The number that starts at token `i`.
pub fn number_at(_doc: &Document<'_>, _i: usize) -> Option<Number> {
    None
}
