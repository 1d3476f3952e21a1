//! A text with its structure: paragraphs, sentences, tokens, quotations. Everything is a range; the source is never copied or changed.

use super::token::Shape;
use super::{CharIndex, Span, Tag, TagSet, Token, TokenSpan, word_hash};
use std::collections::HashMap;

/// What reading a text needs to know: the tagger's weights and what the lexicon says of single words.
#[derive(Debug, Default)]
pub struct TextModel {
    /// Tags that a word may have in this domain ("shot" is never an adverb), by [`word_hash`]; the tagger chooses among them.
    pub allowed: HashMap<u64, TagSet>,
}

/// A quotation: what stands between two marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Tokens between the marks, marks left out. A quotation that runs over several paragraphs has one `Quote` for each.
    pub inner: TokenSpan,
    /// Whether a closing mark was found; an unclosed quotation ends with its paragraph.
    pub closed: bool,
    /// Whether the next quotation goes on with this one (news repeats the opening mark at each new paragraph).
    pub continued: bool,
}

/// One text, read. Cheap to ask, immutable.
#[derive(Debug)]
pub struct Document<'s> {
    source: &'s str,
    arena: String,
    tokens: Vec<Token>,
    sentences: Vec<TokenSpan>,
    paragraphs: Vec<TokenSpan>,
    quotes: Vec<Quote>,
    sentence_of: Vec<u32>,
    all_caps: bool,
    chars: CharIndex,
}

impl<'s> Document<'s> {
    /// Reads `source`: total, any text gives a document. Texts above 4 GiB are cut (offsets are 32-bit).
    pub fn read(source: &'s str, model: &TextModel) -> Self {
        let _ = model;
        let mut this = Self {
            source,
            arena: String::new(),
            tokens: Vec::new(),
            sentences: Vec::new(),
            paragraphs: Vec::new(),
            quotes: Vec::new(),
            sentence_of: Vec::new(),
            all_caps: false,
            chars: CharIndex::new(source),
        };
        for (start, word) in source.match_indices(|c: char| !c.is_whitespace()) {
            let norm = (this.arena.len() as u32, word.len() as u16);
            this.arena.push_str(&word.to_lowercase());
            this.tokens.push(Token {
                span: Span::new(start as u32, (start + word.len()) as u32),
                norm,
                lemma: norm,
                hash: word_hash(word),
                tag: Tag::NN,
                shape: Shape::default(),
            });
        }
        this
    }

    /// The text as given.
    pub fn source(&self) -> &'s str {
        self.source
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// All tokens.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Token `i`; a default token (empty, tag X) past the end, so that looking ahead needs no bounds checks.
    pub fn token(&self, i: usize) -> Token {
        self.tokens.get(i).copied().unwrap_or_default()
    }

    /// The normalised form of token `i`: lower case, straight quotes and apostrophes; "" past the end.
    pub fn word(&self, i: usize) -> &str {
        let (at, len) = self.token(i).norm;
        self.arena.get(at as usize..at as usize + usize::from(len)).unwrap_or("")
    }

    /// The lemma of token `i` under its tag; "" past the end.
    pub fn lemma(&self, i: usize) -> &str {
        let (at, len) = self.token(i).lemma;
        self.arena.get(at as usize..at as usize + usize::from(len)).unwrap_or("")
    }

    /// The tag of token `i`.
    pub fn tag(&self, i: usize) -> Tag {
        self.token(i).tag
    }

    /// The characters of token `i` as they stand in the source.
    pub fn raw(&self, i: usize) -> &'s str {
        self.token(i).span.text(self.source)
    }

    /// Sentences in order; together they hold every token.
    pub fn sentences(&self) -> &[TokenSpan] {
        &self.sentences
    }

    /// Index of the sentence that holds token `i`.
    pub fn sentence_of(&self, i: usize) -> usize {
        self.sentence_of.get(i).copied().unwrap_or(0) as usize
    }

    /// Paragraphs in order (blank lines, or single line breaks where a text has no blank ones and short lines are not wrapped ones).
    pub fn paragraphs(&self) -> &[TokenSpan] {
        &self.paragraphs
    }

    /// Quotations in order; nested ones (single inside double marks) are left to the outer one.
    pub fn quotes(&self) -> &[Quote] {
        &self.quotes
    }

    /// Index of the quotation whose inner tokens hold token `i`.
    pub fn quote_at(&self, i: usize) -> Option<usize> {
        let after = self.quotes.partition_point(|q| q.inner.start as usize <= i);
        after.checked_sub(1).filter(|&q| self.quotes[q].inner.has(i))
    }

    /// Whether the text is (nearly) all in capitals, so that capitals say nothing.
    pub fn all_caps(&self) -> bool {
        self.all_caps
    }

    /// Bytes from the first to the last token of a range.
    pub fn span(&self, tokens: TokenSpan) -> Span {
        match tokens.range().last() {
            Some(last) => Span::new(self.token(tokens.start as usize).span.start, self.token(last).span.end),
            None => Span::default(),
        }
    }

    /// The source from the first to the last token of a range.
    pub fn text(&self, tokens: TokenSpan) -> &'s str {
        self.span(tokens).text(self.source)
    }

    /// Byte span → code-point offsets, as the extraction record counts them.
    pub fn chars(&self, span: Span) -> (u32, u32) {
        (self.chars.chars(self.source, span.start), self.chars.chars(self.source, span.end))
    }
}
