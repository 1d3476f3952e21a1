//! What the steps of the pass hand to each other: mentions that are not yet joined to anybody.

use crate::extract::Analysis;
use crate::extract::analysis::MentionKind;
use crate::model::Count;
use crate::text::TokenSpan;
use std::collections::BTreeMap;

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
    /// Names of the lexicon that were set aside.
    pub losses: Vec<super::NameLoss>,
    /// Per token: whether a name took it.
    taken: Vec<bool>,
    /// Per token: the first name that has it.
    owner: Vec<Option<usize>>,
}

/// Where the persons found so far stand.
#[derive(Debug)]
pub(super) struct Persons {
    /// Per token: part of a person's phrase or apposition.
    covered: Vec<bool>,
    /// The first draft whose phrase starts at the token.
    by_start: BTreeMap<u32, usize>,
}

impl Persons {
    /// Whether token `i` is part of a person's phrase, titles included.
    pub fn has(&self, i: usize) -> bool {
        self.covered.get(i).copied().unwrap_or(false)
    }

    /// The person whose phrase starts at token `i`.
    pub fn at(&self, i: usize) -> Option<usize> {
        self.by_start.get(&u32::try_from(i).ok()?).copied()
    }
}

impl Drafts {
    /// No drafts over a text of `n` tokens.
    pub fn new(n: usize) -> Self {
        Self { list: Vec::new(), losses: Vec::new(), taken: vec![false; n], owner: vec![None; n] }
    }

    /// Adds a draft and marks its name as taken.
    pub fn name(&mut self, draft: Draft) -> usize {
        for i in draft.tokens.range() {
            if let (Some(taken), Some(owner)) = (self.taken.get_mut(i), self.owner.get_mut(i)) {
                *taken = true;
                owner.get_or_insert(self.list.len());
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

    /// Takes what stands before token `start` out of a name, as a title is; it stays taken, but is no name's any more.
    pub fn cut(&mut self, n: usize, start: usize) {
        let draft = &mut self.list[n];
        for i in draft.tokens.start as usize..start {
            if let Some(owner) = self.owner.get_mut(i).filter(|owner| **owner == Some(n)) {
                *owner = None;
            }
        }
        draft.tokens = TokenSpan::new(start, draft.tokens.end as usize);
    }

    /// Whether token `i` is part of a name already.
    pub fn is_taken(&self, i: usize) -> bool {
        self.taken.get(i).is_none_or(|taken| *taken)
    }

    /// Whether any token of a range is.
    pub fn any_taken(&self, tokens: TokenSpan) -> bool {
        tokens.range().any(|i| self.is_taken(i))
    }

    /// The named organisation, state or person whose name covers token `i`.
    pub fn at(&self, i: usize) -> Option<usize> {
        *self.owner.get(i)?
    }

    /// Where persons stand; holds until the next person is added.
    pub fn persons(&self) -> Persons {
        let mut persons = Persons { covered: vec![false; self.taken.len()], by_start: BTreeMap::new() };
        for (n, draft) in self.list.iter().enumerate().filter(|(_, d)| d.kind == MentionKind::Person) {
            persons.by_start.entry(draft.phrase.start).or_insert(n);
            for i in draft.phrase.range().chain(draft.apposition.range()) {
                if let Some(covered) = persons.covered.get_mut(i) {
                    *covered = true;
                }
            }
        }
        persons
    }
}

/// Of drafts in order of their start: those that begin inside `tokens`, with their indices.
pub(super) fn starting_in(drafts: &[Draft], tokens: TokenSpan) -> impl DoubleEndedIterator<Item = (usize, &Draft)> {
    let range = drafts.partition_point(|d| d.tokens.start < tokens.start)..drafts.partition_point(|d| d.tokens.start < tokens.end);
    drafts[range.clone()].iter().zip(range).map(|(d, n)| (n, d))
}

/// Of drafts in order of their start: those that may hold token `i` or end right before it.
pub(super) fn around(drafts: &[Draft], i: usize) -> impl DoubleEndedIterator<Item = (usize, &Draft)> {
    starting_in(drafts, TokenSpan::new(i.saturating_sub(Analysis::LONGEST_PHRASE as usize), i + 1))
}

/// Whether two mentions lie on different sides of a quotation mark.
pub(super) fn quotation_between(a: &Analysis<'_>, i: usize, j: usize) -> bool {
    a.doc.quote_at(i) != a.doc.quote_at(j)
}
