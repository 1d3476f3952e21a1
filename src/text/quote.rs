//! Quotations: from mark to mark, over paragraphs where news repeats the opening mark.

use super::document::Quote;
use super::{Document, Shape, TokenSpan};

/// Longest quotation between single marks, in tokens: apostrophes must not swallow a paragraph.
const MAX_SINGLE: usize = 80;

/// The quotations of a text whose paragraphs and sentences are known, in order; none inside another.
pub(super) fn quotes(doc: &Document<'_>) -> Vec<Quote> {
    let mut quotes: Vec<Quote> = Vec::new();
    for paragraph in doc.paragraphs() {
        let range = paragraph.range();
        let goes_on = quotes.last().is_some_and(|q| !q.closed && q.inner.end as usize == range.start) && opens(doc, range.start);
        if let (true, Some(last)) = (goes_on, quotes.last_mut()) {
            last.continued = true;
        }
        Reader { doc, end: range.end, quotes: &mut quotes }.read(range.start);
    }
    quotes
}

/// What a mark does, as far as its form and the blanks around it tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Open,
    Close,
    /// Either: what is open decides.
    Either,
    OpenSingle,
}

struct Reader<'a, 's> {
    doc: &'a Document<'s>,
    end: usize,
    quotes: &'a mut Vec<Quote>,
}

impl Reader<'_, '_> {
    fn read(&mut self, start: usize) {
        let mut open: Option<usize> = None;
        let mut at = start;
        while at < self.end {
            let mark = if self.doc.token(at).shape.has(Shape::PUNCTUATION) { mark(self.doc, at) } else { None };
            match (mark, open) {
                (Some(Mark::Open | Mark::Either), None) => open = Some(at + 1),
                (Some(Mark::Close | Mark::Either), Some(from)) => {
                    self.push(from, at, true);
                    open = None;
                }
                (Some(Mark::Open), Some(from)) => {
                    // The first one was never closed: it goes no further than its sentence.
                    let sentence_end = self.doc.sentences().get(self.doc.sentence_of(from)).map_or(at, |s| s.end as usize);
                    self.push(from, at.min(sentence_end), false);
                    open = Some(at + 1);
                }
                (Some(Mark::OpenSingle), None) => {
                    if let Some(close) = self.single_end(at) {
                        self.push(at + 1, close, true);
                        at = close;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        if let Some(from) = open {
            self.push(from, self.end, false);
        }
    }

    fn push(&mut self, from: usize, to: usize, closed: bool) {
        if from < to {
            self.quotes.push(Quote { inner: TokenSpan::new(from, to), closed, continued: false });
        }
    }

    /// The mark that closes the single one at `open`; an apostrophe after "s" only where no better one follows.
    fn single_end(&self, open: usize) -> Option<usize> {
        let doc = self.doc;
        let mut possessive = None;
        for at in open + 2..self.end.min(open + MAX_SINGLE) {
            if !matches!(doc.raw(at), "’" | "'") || is_spaced(doc, at - 1) {
                continue;
            }
            if !is_spaced(doc, at) && !doc.token(at + 1).shape.has(Shape::PUNCTUATION) {
                continue;
            }
            let sure = doc.token(at - 1).shape.has(Shape::PUNCTUATION) || !doc.word(at - 1).ends_with('s') || doc.token(at + 1).shape.has(Shape::PUNCTUATION);
            if sure {
                return Some(at);
            }
            possessive.get_or_insert(at);
        }
        possessive
    }
}

fn opens(doc: &Document<'_>, at: usize) -> bool {
    matches!(mark(doc, at), Some(Mark::Open | Mark::Either))
}

fn is_spaced(doc: &Document<'_>, at: usize) -> bool {
    doc.token(at).shape.has(Shape::SPACE_AFTER)
}

fn mark(doc: &Document<'_>, at: usize) -> Option<Mark> {
    let raw = doc.raw(at);
    if !matches!(raw, "\"" | "“" | "”" | "„" | "``" | "''" | "«" | "»" | "‘" | "'" | "’’" | "‘‘" | "＂" | "‟") {
        return None;
    }
    let glued_left = at > 0 && !is_spaced(doc, at - 1) && doc.token(at - 1).span.end == doc.token(at).span.start;
    let glued_right = !is_spaced(doc, at);
    let before_is_opening = at == 0 || matches!(doc.raw(at - 1), "(" | "[" | "-" | "--" | "—" | "–" | "/" | "‘" | "'");
    let looks_open = glued_right && (!glued_left || before_is_opening);
    let looks_closed = glued_left && (!glued_right || doc.token(at + 1).shape.has(Shape::PUNCTUATION));
    match raw {
        "‘" | "'" => looks_open.then_some(Mark::OpenSingle),
        "„" | "«" | "``" | "‘‘" => Some(Mark::Open),
        "»" => Some(Mark::Close),
        // Opening and closing forms are mistaken for each other often enough that the blanks must agree.
        "“" | "‟" if looks_closed && !looks_open => Some(Mark::Close),
        "“" | "‟" => Some(Mark::Open),
        "”" | "''" | "’’" if looks_open && !looks_closed => Some(Mark::Either),
        "”" | "''" | "’’" => Some(Mark::Close),
        // 5'10", a 12" pipe.
        _ if glued_left && doc.token(at - 1).shape.has(Shape::DIGIT) && !looks_open => Some(Mark::Close),
        _ if looks_open && !looks_closed => Some(Mark::Open),
        _ if looks_closed && !looks_open => Some(Mark::Close),
        _ => Some(Mark::Either),
    }
}
