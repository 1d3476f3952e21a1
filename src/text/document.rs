//! A text with its structure: paragraphs, sentences, tokens, quotations. Everything is a range; the source is never copied or changed.

use super::lemma::Passing;
use super::tagger::Scratch;
use super::{CharIndex, Shape, Span, Tag, TagSet, Tagger, Token, TokenSpan, WeightsError, word_hash};
use super::{chars, guess, normal, paragraph, quote, sentence, tokenize};
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// Longest text that is read, in bytes (1 GiB).
pub const MAX_SOURCE: usize = 1 << 30;

/// Tags that words may have, by [`word_hash`]; looked up, never iterated.
pub type AllowedTags = HashMap<u64, TagSet, BuildHasherDefault<Passing>>;

/// What reading a text needs to know: the tagger's weights and what the lexicon says of single words.
#[derive(Debug, Default)]
pub struct TextModel {
    /// Chooses tags; without it they are guessed from each token's form alone, which is enough for cutting up names.
    pub tagger: Option<Tagger>,
    /// Tags that a word may have in this domain ("shot" is never an adverb), by [`word_hash`]; the tagger chooses among them.
    pub allowed: AllowedTags,
}

impl TextModel {
    /// The model with the tagger compiled into this crate.
    ///
    /// # Errors
    /// Never in a released build: the test suite unpacks it.
    pub fn embedded() -> Result<Self, WeightsError> {
        let tagger = Tagger::from_bytes(include_bytes!("weights/tagger.bin"))?;
        Ok(Self { tagger: Some(tagger), ..Self::default() })
    }

    /// Whether the tagger met this word, in lower case, when it was trained.
    pub fn knows(&self, word: &str) -> bool {
        self.tagger.as_ref().is_some_and(|tagger| tagger.knows(word_hash(word)))
    }
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
    /// Reads `source`: total, any text gives a document. Texts above [`MAX_SOURCE`] are cut (offsets are 32-bit).
    pub fn read(source: &'s str, model: &TextModel) -> Self {
        let mut doc = Self::untagged(source);
        doc.add_tags(model);
        doc
    }

    /// The same without tags and lemmas, which are most of the work; [`Document::add_tags`] adds them.
    pub fn untagged(source: &'s str) -> Self {
        let mut doc = Self::empty(cut(source));
        doc.tokenise();
        let breaks = paragraph::breaks(&doc);
        doc.paragraphs = paragraph::paragraphs(&breaks);
        doc.all_caps = doc.is_all_caps();
        doc.sentences = sentence::sentences(&doc, &breaks);
        doc.mark(&breaks);
        doc.quotes = quote::quotes(&doc);
        doc.mark_quoted();
        doc
    }

    fn empty(source: &'s str) -> Self {
        Self {
            source,
            arena: arena_of(source),
            tokens: Vec::with_capacity(source.len() / 5 + 1),
            sentences: Vec::new(),
            paragraphs: Vec::new(),
            quotes: Vec::new(),
            sentence_of: Vec::new(),
            all_caps: false,
            chars: CharIndex::new(source),
        }
    }

    fn tokenise(&mut self) {
        let (source, arena, tokens) = (self.source, &mut self.arena, &mut self.tokens);
        tokenize::for_each_token(source, &mut |start, end| {
            let (norm, hash, shape) = normal::normalise(&source[start..end], start, arena);
            let shape = if chars::ends_word(source, end) { shape.with(Shape::SPACE_AFTER) } else { shape };
            tokens.push(Token { span: Span::new(start as u32, end as u32), norm, lemma: norm, hash, lemma_hash: hash, tag: Tag::X, shape });
        });
    }

    /// Whether nine of ten words are in capitals.
    fn is_all_caps(&self) -> bool {
        let words = self.tokens.iter().filter(|t| !t.shape.has(Shape::PUNCTUATION) && !t.shape.has(Shape::DIGIT) && t.norm.1 > 1);
        let (n_words, n_caps) = words.fold((0usize, 0usize), |(n, caps), t| (n + 1, caps + usize::from(t.shape.has(Shape::ALL_CAPS))));
        n_words >= 4 && n_caps * 10 >= n_words * 9
    }

    fn mark(&mut self, breaks: &[paragraph::Break]) {
        self.sentence_of = vec![0; self.tokens.len()];
        for (index, sentence) in self.sentences.iter().enumerate() {
            self.sentence_of[sentence.range()].fill(index as u32);
            let first = &mut self.tokens[sentence.start as usize];
            first.shape = first.shape.with(Shape::SENTENCE_START);
        }
        for (token, before) in self.tokens.iter_mut().zip(breaks) {
            if before.starts_line() {
                token.shape = token.shape.with(Shape::LINE_START);
            }
        }
    }

    fn mark_quoted(&mut self) {
        for quote in &self.quotes {
            for token in &mut self.tokens[quote.inner.range()] {
                token.shape = token.shape.with(Shape::QUOTED);
            }
        }
    }

    /// Gives the tokens their tags and lemmas.
    pub fn add_tags(&mut self, model: &TextModel) {
        self.add_tags_while(model, || true);
    }

    /// The same, sentence by sentence as long as `goes_on` says so.
    pub fn add_tags_while(&mut self, model: &TextModel, goes_on: impl Fn() -> bool) {
        let Some(tagger) = &model.tagger else {
            for token in &mut self.tokens {
                token.tag = guess::tag(token.span.text(self.source), token.shape);
            }
            return;
        };
        let arena = &self.arena;
        let norm = |token: &Token| slice(arena, token.norm);
        let allowed = |hash: u64| model.allowed.get(&hash).copied().unwrap_or_default();
        let mut scratch = Scratch::default();
        for sentence in self.sentences.iter().take_while(|_| goes_on()) {
            tagger.tag(&mut self.tokens[sentence.range()], norm, allowed, &mut scratch);
        }
        for i in 0..self.tokens.len() {
            self.lemmatize(i, tagger);
        }
    }

    /// Gives token `i` another tag, and the lemma that goes with it; for those who know more of it than the tagger.
    pub fn retag(&mut self, i: usize, tag: Tag, model: &TextModel) {
        if let Some(token) = self.tokens.get_mut(i) {
            token.tag = tag;
            if let Some(tagger) = &model.tagger {
                self.lemmatize(i, tagger);
            }
        }
    }

    fn lemmatize(&mut self, i: usize, tagger: &Tagger) {
        let token = &mut self.tokens[i];
        let lemma = tagger.lemma(slice(&self.arena, token.norm), token);
        // A lemma that is the beginning of its word needs no room of its own.
        token.lemma = (token.norm.0, lemma.keep as u16);
        token.lemma_hash = token.hash;
        if !lemma.add.is_empty() {
            let start = self.arena.len() as u32;
            let kept = token.norm.0 as usize..token.norm.0 as usize + lemma.keep;
            self.arena.extend_from_within(kept);
            self.arena.push_str(lemma.add);
            token.lemma = (start, (self.arena.len() as u32 - start) as u16);
        }
        if token.lemma != token.norm {
            token.lemma_hash = word_hash(slice(&self.arena, token.lemma));
        }
    }

    /// The text as given.
    pub fn source(&self) -> &'s str {
        self.source
    }

    /// Number of tokens.
    #[inline]
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// All tokens.
    #[inline]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Token `i`; a default token (empty, tag X) past the end, so that looking ahead needs no bounds checks.
    #[inline]
    pub fn token(&self, i: usize) -> Token {
        self.tokens.get(i).copied().unwrap_or_default()
    }

    /// The normalised form of token `i`: lower case, straight quotes and apostrophes; "" past the end.
    #[inline]
    pub fn word(&self, i: usize) -> &str {
        slice(&self.arena, self.token(i).norm)
    }

    /// The lemma of token `i` under its tag; "" past the end.
    #[inline]
    pub fn lemma(&self, i: usize) -> &str {
        slice(&self.arena, self.token(i).lemma)
    }

    /// The tag of token `i`.
    #[inline]
    pub fn tag(&self, i: usize) -> Tag {
        self.token(i).tag
    }

    /// The characters of token `i` as they stand in the source.
    #[inline]
    pub fn raw(&self, i: usize) -> &'s str {
        self.token(i).span.text(self.source)
    }

    /// Sentences in order; together they hold every token.
    #[inline]
    pub fn sentences(&self) -> &[TokenSpan] {
        &self.sentences
    }

    /// Index of the sentence that holds token `i`.
    #[inline]
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

/// Small ASCII letters for the whole source, and some room for lemmas and for what is normalised otherwise.
fn arena_of(source: &str) -> String {
    let mut arena = String::with_capacity(source.len() + source.len() / 8);
    arena.push_str(source);
    arena.make_ascii_lowercase();
    arena
}

/// `source` up to [`MAX_SOURCE`], at a character.
fn cut(source: &str) -> &str {
    &source[..source.floor_char_boundary(MAX_SOURCE)]
}

#[inline]
fn slice(arena: &str, (start, length): (u32, u16)) -> &str {
    arena.get(start as usize..start as usize + usize::from(length)).unwrap_or("")
}
