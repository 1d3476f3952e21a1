//! Where sentences end.

use super::abbreviation::{Abbreviation, abbreviation};
use super::paragraph::Break;
use super::{Document, Shape, TokenSpan};

/// Longest sentence in tokens; what is longer (tables, texts without stops) is cut there.
pub const MAX_SENTENCE: usize = 400;

/// Brackets that close later than this many tokens after they open are taken for slips.
const MAX_BRACKET: usize = 80;

/// The sentences of a text whose paragraphs are known; together they hold every token.
pub(super) fn sentences(doc: &Document<'_>, breaks: &[Break]) -> Vec<TokenSpan> {
    let letters = Letters::of(doc);
    let brackets = Brackets::of(doc);
    let mut sentences = Vec::with_capacity(doc.len() / 20 + 1);
    for paragraph in doc.paragraphs() {
        Splitter { doc, breaks, letters: &letters, brackets: &brackets, end: paragraph.end as usize }.split(paragraph.start as usize, &mut sentences);
    }
    sentences
}

/// What capitals and stops are worth in a text.
struct Letters {
    /// No capitals at all: a lower-case letter after a stop says nothing.
    lower_only: bool,
    /// No stops at all, as in archives that lost them: sentences are told by their first words.
    no_stops: bool,
}

impl Letters {
    fn of(doc: &Document<'_>) -> Self {
        let (mut n_words, mut n_capitals, mut n_stops) = (0usize, 0usize, 0usize);
        for (i, token) in doc.tokens().iter().enumerate() {
            if token.shape.has(Shape::PUNCTUATION) {
                n_stops += usize::from(terminal(doc.word(i)).is_some());
            } else {
                n_words += 1;
                n_capitals += usize::from(token.shape.has(Shape::CAPITAL));
            }
        }
        Self { lower_only: n_capitals * 100 < n_words, no_stops: n_stops == 0 && n_words >= 25 && !doc.all_caps() }
    }
}

/// Opening brackets with the ones that close them, in order of the opening ones; found in one walk, however deep they are nested.
struct Brackets(Vec<(usize, usize)>);

impl Brackets {
    fn of(doc: &Document<'_>) -> Self {
        let mut pairs = Vec::new();
        let mut open = Vec::new();
        for paragraph in doc.paragraphs() {
            open.clear();
            for i in paragraph.range().filter(|&i| doc.token(i).shape.has(Shape::PUNCTUATION)) {
                let raw = doc.raw(i);
                if is_open_bracket(raw) {
                    open.push(i);
                } else if is_close_bracket(raw) {
                    pairs.extend(open.pop().filter(|start| i - start < MAX_BRACKET).map(|start| (start, i)));
                }
            }
        }
        pairs.sort_unstable();
        Self(pairs)
    }

    /// Index of the bracket that closes the one at `at`; `at` itself where none does.
    fn end(&self, at: usize) -> usize {
        self.0.binary_search_by_key(&at, |&(start, _)| start).map_or(at, |pair| self.0[pair].1)
    }
}

/// Signs that may end a sentence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Terminal {
    Stop,
    Ellipsis,
    Shout,
}

fn terminal(word: &str) -> Option<Terminal> {
    match word {
        "." | "۔" | "。" | "।" | "॥" | "．" => Some(Terminal::Stop),
        "؟" | "！" | "？" => Some(Terminal::Shout),
        _ if word.starts_with("..") => Some(Terminal::Ellipsis),
        _ if word.starts_with(['!', '?']) => Some(Terminal::Shout),
        _ => None,
    }
}

struct Splitter<'a, 's> {
    doc: &'a Document<'s>,
    breaks: &'a [Break],
    letters: &'a Letters,
    brackets: &'a Brackets,
    /// End of the paragraph.
    end: usize,
}

impl Splitter<'_, '_> {
    fn split(&self, start: usize, sentences: &mut Vec<TokenSpan>) {
        let mut first = start;
        let mut closed_at = start;
        let mut at = start;
        while at < self.end {
            if self.doc.token(at).shape.has(Shape::PUNCTUATION) && at >= closed_at && is_open_bracket(self.doc.raw(at)) {
                closed_at = self.brackets.end(at);
            }
            let next = self.break_after(first, at, closed_at);
            let forced = at + 1 < self.end && (self.breaks[at + 1] == Break::Line || at + 1 - first >= MAX_SENTENCE);
            match next.or(forced.then_some(at + 1)) {
                Some(next) => {
                    sentences.push(TokenSpan::new(first, next));
                    first = next;
                    at = next;
                }
                None => at += 1,
            }
        }
        if first < self.end {
            sentences.push(TokenSpan::new(first, self.end));
        }
    }

    /// The token that starts the next sentence if one ends with token `at` (and the closing marks after it).
    fn break_after(&self, first: usize, at: usize, closed_at: usize) -> Option<usize> {
        let doc = self.doc;
        let token = doc.token(at);
        let is_sign = token.shape.has(Shape::PUNCTUATION);
        let sign = if is_sign { terminal(doc.word(at)) } else { None };
        let abbreviated = !is_sign && doc.source().as_bytes().get((token.span.end as usize).wrapping_sub(1)) == Some(&b'.');
        if sign.is_none() && !abbreviated {
            return (self.letters.no_stops && self.starts_without_stop(first, at + 1)).then_some(at + 1);
        }
        let mut next = at + 1;
        while next < self.end && self.is_closing(next) && !doc.token(next - 1).shape.has(Shape::SPACE_AFTER) {
            next += 1;
        }
        // A stop inside a bracket ends the sentence only with the bracket.
        if next >= self.end || (at < closed_at && next <= closed_at) {
            return None;
        }
        let opening = self.first_word(next);
        let starts_lower = doc.raw(opening).starts_with(char::is_lowercase) && !self.letters.lower_only;
        if starts_lower || matches!(doc.word(next), "," | ";" | ":" | "." | ")" | "]") {
            return None;
        }
        let ends = match sign {
            Some(Terminal::Stop) => !self.is_list_mark(first, at) && (doc.token(next - 1).shape.has(Shape::SPACE_AFTER) || self.glued_start(at, next)),
            Some(Terminal::Ellipsis) => doc.word(opening) != "i" && doc.token(at).shape.has(Shape::SPACE_AFTER) || next > at + 1,
            Some(Terminal::Shout) => next == at + 1 || !self.attributed(next),
            None => self.abbreviation_ends(at, opening, next),
        };
        ends.then_some(next)
    }

    /// A token that closes what came before: closing brackets and quotation marks.
    fn is_closing(&self, at: usize) -> bool {
        at < self.end && matches!(self.doc.raw(at), ")" | "]" | "}" | "”" | "’" | "»" | "''" | "\"" | "'" | "’’")
    }

    /// The first token from `at` that is no opening mark.
    fn first_word(&self, at: usize) -> usize {
        (at..self.end).find(|&i| !matches!(self.doc.raw(i), "\"" | "“" | "‘" | "'" | "``" | "«" | "„" | "(" | "[" | "-" | "--" | "—" | "–")).unwrap_or(at)
    }

    /// "1." or "b." at the start of a line.
    fn is_list_mark(&self, first: usize, at: usize) -> bool {
        at == first + 1 && self.doc.raw(first).len() <= 2 && (self.doc.token(first).shape.has(Shape::DIGIT) || self.doc.raw(first).len() == 1)
    }

    /// "in the district.The police": the blank after the stop was lost.
    fn glued_start(&self, at: usize, next: usize) -> bool {
        let before = at.checked_sub(1).map_or("", |i| self.doc.raw(i));
        before.len() > 1 && self.doc.token(next).shape.has(Shape::CAPITAL) && !before.starts_with(|c: char| c.is_ascii_digit())
    }

    /// "“Stop!” Khan said": a name and a verb of speech go on with the sentence of the quotation.
    fn attributed(&self, next: usize) -> bool {
        let verb = (next..self.end.min(next + 5)).find(|&i| !self.doc.token(i).shape.has(Shape::CAPITAL));
        verb.is_some_and(|i| {
            i > next && matches!(self.doc.word(i), "said" | "says" | "asked" | "asks" | "told" | "added" | "wrote" | "shouted" | "cried" | "replied")
        })
    }

    /// Whether a sentence ends with the abbreviation at `at`: only a word that often starts one shows it.
    fn abbreviation_ends(&self, at: usize, opening: usize, next: usize) -> bool {
        let raw = self.doc.raw(at);
        let word = raw.trim_end_matches('.');
        let starts = starts_sentence(self.doc.word(opening), self.doc.all_caps());
        if abbreviation(word) == Some(Abbreviation::Title) || !self.doc.token(next).shape.has(Shape::SPACE_AFTER) && opening == next {
            return false;
        }
        if word.chars().count() == 1 {
            let after_name = at.checked_sub(1).is_some_and(|i| self.doc.token(i).shape.has(Shape::CAPITAL));
            return starts && !after_name;
        }
        starts
    }

    /// In a text without stops: a capitalised article or pronoun after a word that cannot stand before a name.
    fn starts_without_stop(&self, first: usize, at: usize) -> bool {
        if at >= self.end || at < first + 4 {
            return false;
        }
        let capital = self.doc.token(at).shape.has(Shape::CAPITAL);
        let next_is_lower = !self.doc.token(at + 1).shape.has(Shape::CAPITAL);
        let before = self.doc.word(at - 1);
        let binds = matches!(
            before,
            "reports"
                | "reported"
                | "report"
                | "to"
                | "by"
                | "of"
                | "in"
                | "on"
                | "at"
                | "from"
                | "with"
                | "and"
                | "or"
                | "the"
                | "a"
                | "an"
                | "near"
                | "under"
                | "between"
                | "that"
                | "told"
                | "alias"
                | "for"
                | "as"
                | "called"
                | "named"
                | "into"
                | "against"
                | "towards"
                | "quoted"
                | "block"
                | "type"
                | "group"
                | "category"
        );
        let word = self.doc.word(at);
        capital && !binds && starts_sentence(word, false) && (next_is_lower || !matches!(word, "a" | "an" | "in" | "on" | "at"))
    }
}

fn is_open_bracket(raw: &str) -> bool {
    matches!(raw, "(" | "[" | "{")
}

fn is_close_bracket(raw: &str) -> bool {
    matches!(raw, ")" | "]" | "}")
}

/// Words that begin sentences far more often than they belong to a name.
fn starts_sentence(word: &str, all_caps: bool) -> bool {
    if all_caps {
        return matches!(word, "the" | "he" | "she" | "they" | "it" | "however" | "meanwhile" | "but" | "this" | "these" | "there" | "we");
    }
    matches!(
        word,
        "the"
            | "a"
            | "an"
            | "he"
            | "she"
            | "they"
            | "it"
            | "its"
            | "his"
            | "their"
            | "this"
            | "that"
            | "these"
            | "those"
            | "there"
            | "we"
            | "i"
            | "you"
            | "our"
            | "my"
            | "in"
            | "on"
            | "at"
            | "after"
            | "before"
            | "but"
            | "and"
            | "however"
            | "meanwhile"
            | "earlier"
            | "later"
            | "according"
            | "when"
            | "while"
            | "if"
            | "as"
            | "for"
            | "two"
            | "three"
            | "four"
            | "five"
            | "no"
            | "some"
            | "many"
            | "most"
            | "several"
            | "both"
            | "one"
            | "another"
            | "since"
            | "so"
            | "what"
            | "who"
            | "why"
            | "how"
            | "with"
            | "during"
            | "although"
            | "though"
            | "because"
            | "also"
            | "last"
            | "not"
            | "or"
            | "by"
            | "to"
            | "from"
            | "such"
            | "then"
            | "now"
            | "still"
            | "yet"
            | "all"
            | "she's"
            | "police"
            | "officials"
            | "reports"
            | "sources"
    )
}
