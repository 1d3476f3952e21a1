//! Cuts a text into tokens, in the manner of UD English: clitics and hyphens are tokens of their own, abbreviations keep their stop.
//!
//! Two passes over each run of non-blank bytes: one that sees which classes of bytes it holds (a run of letters, most of a text, is done
//! then), and one that cuts. Both are linear; no token is longer than [`MAX_TOKEN`].

use super::abbreviation::{Abbreviation, abbreviation};
use super::chars::{APOSTROPHE, CLASS, DIGIT, HIGH, Kind, LETTER, POINT, SIGN, SPACE, char_at, char_before, kind};
use super::{Span, clitic};

/// Longest token in bytes; what is longer is cut there, at a character.
pub(super) const MAX_TOKEN: usize = 256;

/// Calls `sink` with every word of `source` in order: all tokens that hold a letter or a digit. Hyphens and signs are left out.
pub fn for_each_word(source: &str, mut sink: impl FnMut(Span)) {
    for_each_token(source, &mut |start, end| {
        if source[start..end].chars().any(char::is_alphanumeric) {
            sink(Span::new(start as u32, end as u32));
        }
    });
}

/// Calls `sink` with the bytes `(start, end)` of every token in order.
pub(super) fn for_each_token(source: &str, sink: &mut impl FnMut(usize, usize)) {
    let bytes = source.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let mut seen = 0;
        while let Some(&byte) = bytes.get(at) {
            let class = CLASS[byte as usize];
            if class == SPACE {
                break;
            }
            seen |= class;
            at += 1;
        }
        if at > start {
            if seen == LETTER && at - start <= MAX_TOKEN {
                clitic::plain(bytes, start, at, sink);
            } else {
                Chunk { source, end: at, seen, sink }.cut(start);
            }
        }
        at += 1;
    }
}

/// A run of non-blank bytes that is being cut.
struct Chunk<'s, 'f, F> {
    source: &'s str,
    end: usize,
    /// Classes of its bytes.
    seen: u8,
    sink: &'f mut F,
}

impl<F: FnMut(usize, usize)> Chunk<'_, '_, F> {
    fn cut(&mut self, start: usize) {
        let mail = self.seen & SIGN != 0 && self.source.as_bytes()[start..self.end].contains(&b'@');
        let mut at = start;
        while at < self.end {
            let Some(c) = char_at(self.source, at) else { return };
            at = match kind(c) {
                Kind::Word => match self.address(at, mail) {
                    Some(end) => self.emit(at, end),
                    None => self.word(at),
                },
                Kind::Space => at + c.len_utf8(),
                Kind::Joiner => at + c.len_utf8(),
                _ => self.sign(at, c),
            };
        }
    }

    fn byte(&self, at: usize) -> u8 {
        if at < self.end { self.source.as_bytes()[at] } else { b' ' }
    }

    /// The character at `at`; a blank at the end of the run.
    fn char(&self, at: usize) -> char {
        if at < self.end { char_at(self.source, at).unwrap_or(' ') } else { ' ' }
    }

    fn is_word(&self, at: usize) -> bool {
        kind(self.char(at)) == Kind::Word
    }

    fn is_digit(&self, at: usize) -> bool {
        self.byte(at).is_ascii_digit()
    }

    fn is_letter(&self, at: usize) -> bool {
        self.is_word(at) && !self.is_digit(at)
    }

    /// Hands over `start..end`, in pieces where it is too long.
    fn emit(&mut self, mut start: usize, end: usize) -> usize {
        while end - start > MAX_TOKEN {
            let mut cut = start + MAX_TOKEN;
            while !self.source.is_char_boundary(cut) {
                cut -= 1;
            }
            (self.sink)(start, cut);
            start = cut;
        }
        (self.sink)(start, end);
        end
    }

    /// End of the letters, digits and marks from `at`.
    fn run(&self, mut at: usize) -> usize {
        loop {
            let class = CLASS[self.byte(at) as usize];
            if class & (LETTER | DIGIT) != 0 {
                at += 1;
            } else if class == HIGH {
                let c = self.char(at);
                if !matches!(kind(c), Kind::Word | Kind::Joiner) {
                    return at;
                }
                at += c.len_utf8();
            } else {
                return at;
            }
        }
    }

    /// End of the digits from `at`.
    fn digits(&self, mut at: usize) -> usize {
        while self.is_digit(at) {
            at += 1;
        }
        at
    }

    /// A word from its first letter or digit; returns where it ends.
    fn word(&mut self, start: usize) -> usize {
        let mut at = start;
        if self.is_digit(at) {
            at = self.number(at);
            if is_unit(&self.source[at..self.run(at)]) || (!self.is_word(at) && !matches!(self.byte(at), b'\'' | 0xe2)) {
                return self.emit(start, at);
            }
        }
        let mut segment = start;
        loop {
            at = self.run(at);
            match self.char(at) {
                '.' => match self.point(start, segment, at) {
                    Point::Inside => {
                        at += 1;
                        segment = at;
                    }
                    Point::Last => {
                        at += 1;
                        break;
                    }
                    Point::Outside => break,
                },
                c @ ('\'' | '’' | 'ʼ' | '\u{ff07}') if self.is_word(at + c.len_utf8()) => at += c.len_utf8(),
                '&' if self.byte(at - 1).is_ascii_uppercase() && self.byte(at + 1).is_ascii_uppercase() => at += 1,
                '-' if self.keeps_hyphen(start, at) => at += 1,
                '$' if at - start <= 2 && self.source[start..at].bytes().all(|b| b.is_ascii_uppercase()) => {
                    at += 1;
                    break;
                }
                _ => break,
            }
        }
        if self.seen & (APOSTROPHE | HIGH) != 0 {
            self.clitics(start, at);
        } else if at - start <= MAX_TOKEN && CLASS[self.byte(start) as usize] == LETTER {
            clitic::plain(self.source.as_bytes(), start, at, self.sink);
        } else {
            self.emit(start, at);
        }
        at
    }

    /// Cuts "'s", "n't" and their like off a word.
    fn clitics(&mut self, start: usize, end: usize) {
        let mut word_end = end;
        let mut ends = Vec::new();
        while let Some(cut) = clitic::split(&self.source[start..word_end]) {
            ends.push(word_end);
            word_end = start + cut;
        }
        self.emit(start, word_end);
        for end in ends.into_iter().rev() {
            word_end = self.emit(word_end, end);
        }
    }

    /// "e-mail", "co-operate", "re-elect": prefixes that treebanks do not cut off.
    fn keeps_hyphen(&self, start: usize, at: usize) -> bool {
        let prefix = &self.source.as_bytes()[start..at];
        (prefix.eq_ignore_ascii_case(b"co")
            || prefix.eq_ignore_ascii_case(b"re")
            || (prefix.eq_ignore_ascii_case(b"e") && self.source.as_bytes()[at..self.end].get(..5).is_some_and(|next| next.eq_ignore_ascii_case(b"-mail"))))
            && self.byte(at + 1).is_ascii_lowercase()
    }

    /// End of a number from its first digit: "3,000", "1.5", "8:30", "9/11", "2008-09-20", "713-853-3989".
    fn number(&self, start: usize) -> usize {
        let mut at = self.digits(start);
        let first = at - start;
        if self.byte(at) == b'-' && first != 5 {
            let second = self.digits(at + 1);
            let third = self.digits(second + 1);
            // Two hyphens between digits: a date or a telephone number; one is a range.
            if second > at + 1 && self.byte(second) == b'-' && third > second + 1 && !self.is_word(third) && self.byte(third) != b'-' {
                return third;
            }
            return at;
        }
        loop {
            let next = self.digits(at + 1);
            let n_digits = next - at - 1;
            at = match self.byte(at) {
                b',' if (2..=3).contains(&n_digits) => next,
                b'.' | b':' if n_digits >= 1 => next,
                b'/' if (1..=4).contains(&n_digits) && at - start <= 6 => next,
                _ => return at,
            };
        }
    }

    /// What the stop at `at` is to the word from `start` whose last part begins at `segment`.
    fn point(&self, start: usize, segment: usize, at: usize) -> Point {
        let part = &self.source[segment..at];
        let single = at - segment == 1 && CLASS[self.byte(segment) as usize] == LETTER;
        let after = at + 1;
        if self.byte(after) == b'.' {
            return Point::Outside;
        }
        if self.is_word(after) {
            let next_end = self.run(after);
            if single && self.is_letter(after) {
                // "U.S", "a.m", but "D.I." + "Khan".
                let one_more = next_end - after == self.char(after).len_utf8();
                return if one_more || &self.source[after..next_end] == "Sc" { Point::Inside } else { Point::Last };
            }
            if part == "Ph" && self.byte(after) == b'D' {
                return Point::Inside;
            }
            if abbreviation(part).is_some_and(|kind| kind != Abbreviation::Number || self.is_digit(after)) || single {
                return Point::Last;
            }
            let both_numbers = self.is_digit(after) && self.is_digit(at - 1);
            return if both_numbers { Point::Inside } else { Point::Outside };
        }
        if single {
            let inner = segment > start;
            let initial = self.byte(segment).is_ascii_uppercase() && self.byte(segment) != b'I';
            return if inner || (initial && self.names_follow(after)) { Point::Last } else { Point::Outside };
        }
        let keeps = match abbreviation(part) {
            Some(Abbreviation::Title | Abbreviation::General) => true,
            // "The Sun." may be a newspaper at the end of its sentence.
            Some(Abbreviation::Calendar) => self.digit_follows(after) || !["Mar", "Sat", "Sun"].iter().any(|day| part.eq_ignore_ascii_case(day)),
            Some(Abbreviation::Number) => self.digit_follows(after),
            None => segment > start && part == "Sc",
        };
        if keeps { Point::Last } else { Point::Outside }
    }

    /// The first character after `at` that is no blank; `None` where the paragraph ends before it.
    fn beyond_blanks(&self, at: usize) -> Option<char> {
        let mut n_lines = 0;
        for c in self.source.get(at..)?.chars().take(64) {
            n_lines += usize::from(c == '\n');
            if n_lines > 1 {
                return None;
            }
            if !c.is_whitespace() {
                return Some(c);
            }
        }
        None
    }

    fn names_follow(&self, at: usize) -> bool {
        self.beyond_blanks(at).is_some_and(|c| c.is_uppercase() || c == ',')
    }

    fn digit_follows(&self, at: usize) -> bool {
        self.beyond_blanks(at).is_some_and(|c| c.is_ascii_digit())
    }

    /// End of a web or mail address that starts at `at`.
    fn address(&self, at: usize, mail: bool) -> Option<usize> {
        if self.seen & (SIGN | POINT) == 0 {
            return None;
        }
        let limit = self.end.min(at + 2048);
        let head: [u8; 8] = std::array::from_fn(|i| self.byte(at + i).to_ascii_lowercase());
        let is_web = head.starts_with(b"http://") || head == *b"https://" || head.starts_with(b"www.") || head.starts_with(b"ftp://");
        let bytes = self.source.as_bytes();
        if is_web {
            let length = bytes[at..limit].iter().take_while(|&&b| b < 128 && !matches!(b, b'"' | b'<' | b'>' | b'|' | b'\\' | b'^' | b'`')).count();
            return Some(self.trimmed(at, at + length));
        }
        if mail {
            let local = bytes[at..limit].iter().take(64).take_while(|&&b| b.is_ascii_alphanumeric() || b"._%+-".contains(&b)).count();
            if self.byte(at + local) == b'@' {
                let host = at + local + 1;
                let length = bytes[host.min(limit)..limit].iter().take_while(|&&b| b.is_ascii_alphanumeric() || b".-".contains(&b)).count();
                if length >= 2 {
                    return Some(self.trimmed(at, host + length));
                }
            }
        }
        self.domain(at, limit)
    }

    /// "example.com": lower-case names joined by stops, the last a common top-level domain.
    fn domain(&self, at: usize, limit: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.');
        let length = bytes[at..limit].iter().take(MAX_TOKEN).take_while(|b| is_name(b)).count();
        if length < 4 {
            return None;
        }
        let host = self.trimmed(at, at + length);
        let (name, top) = self.source[at..host].rsplit_once('.')?;
        let is_top = matches!(top, "com" | "org" | "net" | "edu" | "gov" | "info" | "uk" | "pk" | "lk" | "tv" | "html" | "pdf" | "doc");
        (is_top && name.len() >= 2 && name.bytes().any(|b| b.is_ascii_lowercase())).then_some(host)
    }

    /// `end` without the punctuation that closes the sentence around an address.
    fn trimmed(&self, start: usize, end: usize) -> usize {
        let text = &self.source[start..end];
        start + text.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}', '\'', '-']).len().max(1)
    }

    /// A sign, or a run of equal ones.
    fn sign(&mut self, at: usize, c: char) -> usize {
        let after = at + c.len_utf8();
        let end = match c {
            '\'' | '’' => self.apostrophe(at, after),
            '.' | '-' | '*' | '=' | '_' | '~' | '#' | '+' | '`' => self.run_of(at, c),
            '!' | '?' => {
                let mut end = after;
                while matches!(self.byte(end), b'!' | b'?') {
                    end += 1;
                }
                end
            }
            '<' | '>' if self.char(after) == c => after + 1,
            _ if c.is_ascii() => after,
            _ => self.with_joiners(after),
        };
        self.emit(at, end)
    }

    fn run_of(&self, mut at: usize, c: char) -> usize {
        while self.char(at) == c {
            at += c.len_utf8();
        }
        at
    }

    /// A leading apostrophe: "'s" standing alone, "'90s", "''", else a mark by itself.
    fn apostrophe(&self, at: usize, after: usize) -> usize {
        let end = self.run(after);
        let word = &self.source[after..end];
        let stands_alone = char_before(self.source, at).is_none_or(|c| kind(c) == Kind::Space);
        if clitic::is_clitic(word) && (!stands_alone || !self.is_word(end)) {
            return end;
        }
        let digits = self.digits(after);
        if digits == after + 2 && matches!(&self.source[digits..end], "" | "s") {
            return end;
        }
        if self.char(after) == self.char(at) { after + self.char(at).len_utf8() } else { after }
    }

    /// Emoji and their modifiers are one token.
    fn with_joiners(&self, mut at: usize) -> usize {
        loop {
            let c = self.char(at);
            match c {
                // A joiner ties the next character to this one.
                '\u{200d}' => at = (at + 3 + self.char(at + 3).len_utf8()).min(self.end),
                '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{20e3}' => at += c.len_utf8(),
                _ => return at,
            }
        }
    }
}

/// Whether a word glued to a number is its unit, and so a token of its own ("5pm", "20km").
fn is_unit(word: &str) -> bool {
    const UNITS: [&str; 24] =
        ["am", "pm", "km", "kms", "kmph", "m", "mm", "cm", "kg", "kgs", "g", "ft", "k", "mn", "bn", "hr", "hrs", "min", "mins", "lb", "lbs", "mph", "p", "x"];
    word.len() <= 4 && UNITS.iter().any(|unit| word.eq_ignore_ascii_case(unit))
}

/// What a full stop is to the word before it.
enum Point {
    /// Part of the word, which goes on.
    Inside,
    /// Its last character.
    Last,
    /// A token of its own.
    Outside,
}
