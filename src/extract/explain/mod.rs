//! What the engine saw in a text, sentence by sentence, for those who write its rules: tags, groups, hits, clauses, frames, and what lost.
//!
//! [`explain`] reads a finished analysis; `text` and `html` print what it returns.

mod candidates;
mod html;
mod sentence;
mod text;

use super::Analysis;
use super::analysis::Mention;
use super::incident::frame::{Frame, find_frames};
use crate::text::TokenSpan;

pub use html::page;
pub use text::print;

/// One document explained.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// Id of the document.
    pub id: String,
    /// What is told of the whole: language, days, the incidents, who could be somebody else.
    pub document: Vec<Line>,
    /// Its sentences.
    pub sentences: Vec<Sentence>,
}

/// One sentence explained.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// 0-based number.
    pub number: usize,
    /// Its words.
    pub text: String,
    /// Code points in the document.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
    /// What was seen, in the order of the passes.
    pub lines: Vec<Line>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What kind of finding.
    pub topic: Topic,
    /// The finding.
    pub text: String,
}

/// Kinds of findings, in the order in which they are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Language, dateline, day of publication.
    Head,
    /// Words with their tags.
    Tags,
    /// Noun groups.
    Nouns,
    /// Verb groups.
    Verbs,
    /// Verbs with subject, object and prepositional phrases.
    Clause,
    /// Names and terms of the lexicon.
    Hit,
    /// Dates and what they mean.
    Date,
    /// Places and what they were resolved to.
    Place,
    /// Who is who.
    Actor,
    /// Who says what.
    Says,
    /// Trigger frames, with what was made of them.
    Frame,
    /// Candidates that came to nothing, and why.
    Lost,
    /// Whether the sentence tells of an incident that was told before.
    Merge,
    /// Notes of the record.
    Note,
    /// Incidents of the record.
    Incident,
}

impl Topic {
    /// The word at the head of its lines.
    pub fn label(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Tags => "tags",
            Self::Nouns => "nouns",
            Self::Verbs => "verbs",
            Self::Clause => "clause",
            Self::Hit => "lexicon",
            Self::Date => "date",
            Self::Place => "place",
            Self::Actor => "actor",
            Self::Says => "says",
            Self::Frame => "frame",
            Self::Lost => "lost",
            Self::Merge => "merge",
            Self::Note => "note",
            Self::Incident => "incident",
        }
    }
}

/// Explains a finished analysis.
pub fn explain(a: &Analysis<'_>) -> Explanation {
    let frames = find_frames(a);
    let sentences = (0..a.doc.sentences().len()).map(|number| sentence(a, number, &frames)).collect();
    Explanation { id: a.input.id.to_owned(), document: document(a), sentences }
}

fn sentence(a: &Analysis<'_>, number: usize, frames: &[Frame<'_>]) -> Sentence {
    let tokens = a.doc.sentences()[number];
    let (start, end) = a.doc.chars(a.doc.span(tokens));
    let mut lines = sentence::seen(a, number);
    let of_sentence = |f: &&Frame<'_>| f.sentence == number;
    lines.extend(frames.iter().filter(of_sentence).map(|f| candidates::frame(a, f)));
    lines.extend(candidates::lost(a, tokens));
    lines.extend(candidates::merges(a, tokens));
    let inside = |from: u32| start <= from && from < end;
    lines.extend(a.notes.iter().filter(|n| inside(n.start)).map(|n| line(Topic::Note, format!("{}: {}", n.code, n.text))));
    Sentence { number, text: words(a, tokens), start, end, lines }
}

fn document(a: &Analysis<'_>) -> Vec<Line> {
    let mut lines = vec![line(Topic::Head, format!("language {}", a.language))];
    if let Some(published) = a.header.published {
        lines.push(line(Topic::Head, format!("published {published} ({})", a.header.published_from.unwrap_or("input"))));
    }
    if let Some(place) = a.header.dateline_place {
        lines.push(line(Topic::Head, format!("dateline {}", words(a, place))));
    }
    lines.extend(candidates::doubtful_actors(a));
    lines.extend((0..a.incidents.len()).map(|n| candidates::incident(a, n)));
    lines
}

fn line(topic: Topic, text: String) -> Line {
    Line { topic, text }
}

/// Words of the text on one line.
fn words(a: &Analysis<'_>, tokens: TokenSpan) -> String {
    a.doc.text(tokens).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of noun groups, with "+" between.
fn nouns(a: &Analysis<'_>, list: &[usize]) -> String {
    list.iter().map(|&n| words(a, a.nouns[n].tokens)).collect::<Vec<_>>().join(" + ")
}

/// Whom a mention means.
fn who(a: &Analysis<'_>, mention: &Mention) -> String {
    let Some(entity) = mention.entity else { return "nobody in particular".to_owned() };
    let name = super::output::name(a, entity).unwrap_or_default();
    match super::output::key(a, entity) {
        Some(key) => format!("{name} [{key}]"),
        None => name,
    }
}

#[cfg(test)]
mod tests;
