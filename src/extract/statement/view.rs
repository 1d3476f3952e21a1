//! The text as the statement pass looks at it: quotation marks, regions, and which groups stand where.

use crate::extract::Analysis;
use crate::extract::analysis::{VerbForm, VerbGroup};
use crate::text::document::Quote;
use crate::text::{Document, Tag, TokenSpan};

/// Read access with the questions that speech raises.
#[derive(Clone, Copy)]
pub struct View<'v, 'a> {
    /// What the earlier passes found.
    pub a: &'v Analysis<'a>,
}

/// Quotations of at most this many words inside a sentence are taken as quoted words, not as speech of their own ("the “supreme leader” said").
const FEW_WORDS: usize = 4;

impl<'v, 'a> View<'v, 'a> {
    /// The text.
    pub fn doc(self) -> &'v Document<'a> {
        &self.a.doc
    }

    /// The quotation whose opening mark is token `i`.
    pub fn opens(self, i: usize) -> Option<usize> {
        let quotes = self.doc().quotes();
        let at = quotes.partition_point(|q| (q.inner.start as usize) < i + 1);
        quotes.get(at).filter(|q| q.inner.start as usize == i + 1).map(|_| at)
    }

    /// The quotation whose closing mark is token `i`.
    pub fn closes(self, i: usize) -> Option<usize> {
        let quotes = self.doc().quotes();
        let at = quotes.partition_point(|q| (q.inner.end as usize) < i);
        quotes.get(at).filter(|q| q.closed && q.inner.end as usize == i).map(|_| at)
    }

    /// A quotation of the text.
    pub fn quote(self, index: usize) -> Quote {
        self.doc().quotes()[index]
    }

    /// A quotation with its marks.
    pub fn with_marks(self, index: usize) -> TokenSpan {
        let q = self.quote(index);
        TokenSpan::new((q.inner.start as usize).saturating_sub(1), q.inner.end as usize + usize::from(q.closed))
    }

    /// Whether a quotation is only a few quoted words in the writer's sentence.
    pub fn is_fragment(self, index: usize) -> bool {
        let q = self.quote(index);
        let last = (q.inner.end as usize).saturating_sub(1);
        q.inner.len() <= FEW_WORDS && !matches!(self.doc().tag(last), Tag::Comma | Tag::Stop)
    }

    /// The stretch that holds token `i` and within which its clause lies: its quotation if it stands in one, cut to its sentence.
    pub fn region(self, i: usize) -> TokenSpan {
        let sentence = self.sentence(i);
        match self.doc().quote_at(i) {
            Some(q) => {
                let inner = self.quote(q).inner;
                TokenSpan { start: inner.start.max(sentence.start), end: inner.end.min(sentence.end) }
            }
            None => sentence,
        }
    }

    /// The sentence of token `i`.
    pub fn sentence(self, i: usize) -> TokenSpan {
        self.doc().sentences().get(self.doc().sentence_of(i)).copied().unwrap_or_default()
    }

    /// Index of the paragraph of token `i`.
    pub fn paragraph(self, i: usize) -> usize {
        self.doc().paragraphs().partition_point(|p| p.start as usize <= i).saturating_sub(1)
    }

    /// The verb group that starts at token `i`.
    pub fn verb_from(self, i: usize) -> Option<usize> {
        self.a.verb_at(i).filter(|&v| self.a.verbs[v].tokens.start as usize == i)
    }

    /// The noun group that starts at token `i`.
    pub fn noun_from(self, i: usize) -> Option<usize> {
        self.a.noun_at(i).filter(|&n| self.a.nouns[n].tokens.start as usize == i)
    }

    /// Whether token `i` is the head of a noun group that tells a time.
    pub fn is_time(self, noun: usize) -> bool {
        let head = self.a.nouns[noun].head;
        // "Friday's bombing" is the bombing.
        if self.doc().tag(self.a.nouns[noun].tokens.end as usize) == Tag::POS {
            return false;
        }
        self.a.date_at(head).is_some() || is_time_word(self.doc().word(head))
    }

    /// The verb group says something of a subject: it is no infinitive, participle or gerund.
    pub fn is_finite(self, verb: usize) -> bool {
        is_finite(&self.a.verbs[verb])
    }

    /// Whether token `i` is a preposition before a noun group.
    pub fn is_preposition(self, i: usize) -> bool {
        matches!(self.doc().tag(i), Tag::IN | Tag::TO) && !self.is_subordinator(i)
    }

    /// Words that begin a clause ("that", "because", "after" before a clause).
    pub fn is_subordinator(self, i: usize) -> bool {
        match self.doc().word(i) {
            "that" | "because" | "while" | "although" | "though" | "whether" | "unless" | "if" | "whereas" => true,
            "after" | "before" | "since" | "until" | "as" => self.starts_clause(i + 1, self.sentence(i).end as usize),
            _ => false,
        }
    }

    /// Whether a clause with its own subject and finite verb starts at `from`: "the attack on the base was …".
    pub fn starts_clause(self, from: usize, end: usize) -> bool {
        let doc = self.doc();
        let mut at = from;
        while at < end && (doc.tag(at).is_adverb() || doc.tag(at) == Tag::OpenQuote) {
            at += 1;
        }
        if doc.tag(at) == Tag::EX {
            return true;
        }
        let Some(first) = self.noun_from(at).filter(|&n| !self.is_time(n) || self.a.nouns[n].tokens.len() > 1) else { return false };
        at = self.a.nouns[first].tokens.end as usize;
        let mut relative = false;
        while at < end {
            if let Some(v) = self.a.verb_at(at) {
                if self.is_finite(v) {
                    if !relative {
                        return true;
                    }
                    relative = false;
                }
                at = self.a.verbs[v].tokens.end as usize;
                // The object of a relative clause or participle.
                if let Some(n) = self.noun_from(at) {
                    at = self.a.nouns[n].tokens.end as usize;
                }
                continue;
            }
            if doc.word(at).ends_with("self") || doc.word(at).ends_with("selves") {
                at += 1;
                continue;
            }
            match doc.tag(at) {
                Tag::WDT | Tag::WP | Tag::WRB | Tag::WPS => relative = true,
                _ if self.is_preposition(at) || doc.tag(at) == Tag::POS || doc.tag(at) == Tag::CC || doc.tag(at).is_adverb() => {}
                Tag::OpenBracket => {
                    at = self.close_bracket(at, end);
                    continue;
                }
                Tag::Comma => {
                    // An apposition or relative clause between commas; a second noun group alone would be a list.
                    let Some(close) = (at + 1..end).find(|&i| doc.tag(i) == Tag::Comma) else { return false };
                    let inserted =
                        matches!(doc.tag(at + 1), Tag::WP | Tag::WDT | Tag::WPS | Tag::VBN | Tag::VBG | Tag::DT | Tag::CD) || self.is_preposition(at + 1);
                    if !inserted {
                        return false;
                    }
                    at = close + 1;
                    continue;
                }
                _ => match self.noun_from(at) {
                    Some(n) if at > 0 && (self.is_preposition(at - 1) || matches!(doc.tag(at - 1), Tag::POS | Tag::CC) || relative || self.is_time(n)) => {
                        at = self.a.nouns[n].tokens.end as usize;
                        continue;
                    }
                    Some(_) => return false,
                    None if matches!(doc.tag(at), Tag::OpenQuote | Tag::CloseQuote | Tag::Hyphen | Tag::DT | Tag::JJ | Tag::CD) => {}
                    None => return false,
                },
            }
            at += 1;
        }
        false
    }

    /// One past the bracket that closes the one at `open`.
    pub fn close_bracket(self, open: usize, end: usize) -> usize {
        (open + 1..end).find(|&i| self.doc().tag(i) == Tag::CloseBracket).map_or(open + 1, |i| i + 1)
    }

    /// The quotation of the same sentence that closes right before token `i`, or before a comma there.
    pub fn quote_before(self, i: usize) -> Option<usize> {
        let at = i.checked_sub(1)?;
        let quote = self.closes(at).or_else(|| if self.doc().tag(at) == Tag::Comma { self.closes(at.checked_sub(1)?) } else { None })?;
        (self.doc().sentence_of(at) == self.doc().sentence_of(i)).then_some(quote)
    }

    /// Whether the words of a quotation end with a full stop, so that what follows is a new sentence.
    pub fn is_finished(self, quote: usize) -> bool {
        let last = (self.quote(quote).inner.end as usize).saturating_sub(1);
        self.doc().word(last) == "."
    }
}

/// The verb group says something of a subject.
pub fn is_finite(verb: &VerbGroup) -> bool {
    matches!(verb.form, VerbForm::Past | VerbForm::Present | VerbForm::Modal)
}

/// Words for days and times that may stand between verb and content without a preposition.
pub fn is_time_word(word: &str) -> bool {
    matches!(
        word,
        "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "today"
            | "yesterday"
            | "tonight"
            | "tomorrow"
            | "morning"
            | "afternoon"
            | "evening"
            | "night"
            | "week"
            | "month"
            | "year"
            | "weekend"
    )
}
