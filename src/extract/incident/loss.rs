//! Words that could tell of an incident and, by the rules, do not: kept for those who write rules (`waqia explain`).

use crate::lexicon::triggers::Trigger;
use crate::text::TokenSpan;

/// A trigger word without a frame.
#[derive(Clone, Debug)]
pub struct Loss<'a> {
    /// Its words.
    pub tokens: TokenSpan,
    /// The rule that lists it.
    pub trigger: &'a Trigger,
    /// Why it came to nothing.
    pub why: Why<'a>,
}

/// Why a trigger word has no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why<'a> {
    /// The object is not of a class that the rule asks for, or is missing.
    Object,
    /// The same of the subject.
    Subject,
    /// The rule wants a finite verb of the past.
    NotFinite,
    /// The rule wants its doer named.
    NoSubject,
    /// The means decide the type and are not named.
    NoMeans,
    /// A setting of `contexts.toml`, by its id.
    Context(&'a str),
    /// Neither armed people nor weapons nor casualties in the neighbourhood.
    NoConflict,
    /// The noun stands alone: nobody, nothing and no place beside it.
    Alone,
    /// A weapon that somebody found, carried or made.
    OnlyHeld,
}

impl std::fmt::Display for Why<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Object => f.write_str("the object is of no class that the rule asks for"),
            Self::Subject => f.write_str("the subject is of no class that the rule asks for"),
            Self::NotFinite => f.write_str("it is no finite verb of the past"),
            Self::NoSubject => f.write_str("nobody is named who does it"),
            Self::NoMeans => f.write_str("no weapon is named, and the rule takes its type from it"),
            Self::Context(id) => write!(f, "context {id}"),
            Self::NoConflict => f.write_str("nobody armed, no weapon and no casualties nearby"),
            Self::Alone => f.write_str("the noun stands alone"),
            Self::OnlyHeld => f.write_str("the weapon is found, carried or made and has not gone off"),
        }
    }
}

/// A sentence's incident beside the one that it fits best in the text so far.
#[derive(Clone, Copy, Debug)]
pub struct Merge {
    /// Its first trigger.
    pub tokens: TokenSpan,
    /// The first trigger of the other.
    pub with: TokenSpan,
    /// Evidence that both are one, in tenths.
    pub score: i32,
    /// Whether they were taken for one.
    pub is_one: bool,
}
