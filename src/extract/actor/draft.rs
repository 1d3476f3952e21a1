//! What the steps of the pass hand to each other: mentions that are not yet joined to anybody.

use crate::extract::Analysis;
use crate::extract::analysis::MentionKind;
use crate::model::Count;
use crate::text::TokenSpan;

/// Whom a mention names, as far as its own words tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Entries of the lexicon that have this name; the first is the one chosen.
    Lexicon(Vec<u32>),
    /// A country's state without an entry of its own: ISO code.
    State(String),
    /// A name that only its form gives away.
    Name,
    /// A short form defined beside a long name ("(PICSS)"): index of the draft with the long name.
    ShortFor(usize),
    /// People or a group without a name.
    Unnamed,
    /// Refers back: "the group", "he".
    Back,
}

/// To whom somebody belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Belongs {
    /// The mention of an organisation or state that starts at this token.
    To(usize),
}

/// A mention before joining.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// As in `Mention`.
    pub tokens: TokenSpan,
    /// As in `Mention`.
    pub phrase: TokenSpan,
    /// As in `Mention`.
    pub head: usize,
    /// As in `Mention`.
    pub kind: MentionKind,
    /// Whom it names.
    pub who: Who,
    /// Code of the actor type list, where the words tell it.
    pub actor_type: String,
    /// Term that names it.
    pub term: Option<u32>,
    /// How many.
    pub count: Option<Count>,
    /// Country of a demonym in it.
    pub country: Option<String>,
    /// Titles and offices, as the text has them.
    pub titles: Vec<String>,
    /// Apposition behind a person's name, comma included.
    pub apposition: TokenSpan,
    /// Whom it belongs to.
    pub belongs: Option<Belongs>,
}

impl Draft {
    /// A mention whose phrase and name are the same tokens; its head is the last.
    pub fn new(tokens: TokenSpan, kind: MentionKind, who: Who) -> Self {
        let head = (tokens.end as usize).saturating_sub(1).max(tokens.start as usize);
        Self {
            tokens,
            phrase: tokens,
            head,
            kind,
            who,
            actor_type: String::new(),
            term: None,
            count: None,
            country: None,
            titles: Vec::new(),
            apposition: TokenSpan::default(),
            belongs: None,
        }
    }
}

/// All drafts, and which tokens names have taken.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    /// In order of finding; sorted before joining.
    pub list: Vec<Draft>,
    /// Per token: part of a name already.
    taken: Vec<bool>,
}

impl Drafts {
    /// No drafts over a text of `n` tokens.
    pub fn new(n: usize) -> Self {
        Self { list: Vec::new(), taken: vec![false; n] }
    }

    /// Adds a draft and marks its name as taken.
    pub fn name(&mut self, draft: Draft) -> usize {
        for i in draft.tokens.range() {
            if let Some(t) = self.taken.get_mut(i) {
                *t = true;
            }
        }
        self.list.push(draft);
        self.list.len() - 1
    }

    /// Adds a draft that leaves the names inside it free.
    pub fn group(&mut self, draft: Draft) -> usize {
        self.list.push(draft);
        self.list.len() - 1
    }

    /// Whether token `i` is part of a name already.
    pub fn is_taken(&self, i: usize) -> bool {
        self.taken.get(i).copied().unwrap_or(true)
    }

    /// Whether any token of a range is.
    pub fn any_taken(&self, tokens: TokenSpan) -> bool {
        tokens.range().any(|i| self.is_taken(i))
    }

    /// The named organisation, state or person whose name covers token `i`.
    pub fn at(&self, i: usize) -> Option<usize> {
        if !self.is_taken(i) {
            return None;
        }
        self.list.iter().position(|d| d.tokens.has(i) && matches!(d.who, Who::Lexicon(_) | Who::State(_) | Who::Name | Who::ShortFor(_)))
    }
}

/// Whether two mentions lie on different sides of a quotation mark.
pub(super) fn quotation_between(a: &Analysis<'_>, i: usize, j: usize) -> bool {
    a.doc.quote_at(i) != a.doc.quote_at(j)
}
