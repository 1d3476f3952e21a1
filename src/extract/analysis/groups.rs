//! Noun groups and verb groups: the pieces of a sentence that rules speak of.

use crate::model::Count;
use crate::text::TokenSpan;

/// How a noun group is determined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Determiner {
    /// No determiner ("militants").
    #[default]
    None,
    /// "the", "this", "that", "these", "those".
    Definite,
    /// "a", "an", "another", "some", "any".
    Indefinite,
    /// "his", "Pakistan's".
    Possessive,
    /// "no".
    Negative,
    /// "each", "every", "all", "both", …
    Quantifier,
}

/// A base noun group: determiner, numbers, modifiers, head; no "of …" part, no apposition.
#[derive(Clone, Debug)]
pub struct NounGroup {
    /// All its tokens, determiner included.
    pub tokens: TokenSpan,
    /// The head noun (or pronoun).
    pub head: usize,
    /// How it is determined.
    pub determiner: Determiner,
    /// "at least 12", "dozens of", "a"; the tokens that say so, and the number.
    pub count: Option<(TokenSpan, Count)>,
    /// Index of its sentence.
    pub sentence: usize,
}

/// Active or passive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// "killed"
    Active,
    /// "was killed", "were being held", and reduced relatives ("troops killed in the raid").
    Passive,
}

/// The form of a verb group's first verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerbForm {
    /// Past tense, perfects included.
    Past,
    /// Present tense.
    Present,
    /// "will", "would", "may", "could", …: `modal` has the token.
    Modal,
    /// "to attack"
    Infinitive,
    /// "attacking" without an auxiliary
    Gerund,
    /// "killed" without an auxiliary
    Participle,
}

/// A verb group: auxiliaries, adverbs between, main verb, particle.
#[derive(Clone, Debug)]
pub struct VerbGroup {
    /// All its tokens.
    pub tokens: TokenSpan,
    /// The main verb.
    pub head: usize,
    /// Particle of a phrasal verb ("gunned *down*", "blew *up*").
    pub particle: Option<usize>,
    /// Active or passive.
    pub voice: Voice,
    /// Form of the first verb.
    pub form: VerbForm,
    /// Has "have"/"had" ("had attacked").
    pub perfect: bool,
    /// First modal.
    pub modal: Option<usize>,
    /// "not", "n't", "never" inside.
    pub negated: bool,
    /// Index of its sentence.
    pub sentence: usize,
}
