//! The part that a mention plays in its clause.

use super::draft::Draft;
use crate::extract::Analysis;
use crate::extract::analysis::MentionKind;

/// Grammatical role, as far as it decides what a later "the group" or "he" means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Of an active or passive clause.
    Subject,
    /// Direct object.
    Object,
    /// Anything else.
    Oblique,
}

impl Role {
    /// The highest weight.
    pub const MOST: i32 = 2;

    /// How much it counts.
    pub fn weight(self) -> i32 {
        match self {
            Self::Subject => Self::MOST,
            Self::Object => 1,
            Self::Oblique => 0,
        }
    }
}

/// Roles of drafts, by the noun group that holds their head.
pub(super) fn roles(a: &Analysis<'_>, drafts: &[Draft]) -> Vec<Role> {
    let mut of_noun = vec![Role::Oblique; a.nouns.len()];
    for clause in &a.clauses {
        for &object in &clause.object {
            if let Some(role) = of_noun.get_mut(object) {
                *role = Role::Object;
            }
        }
    }
    for clause in &a.clauses {
        for &subject in &clause.subject {
            if let Some(role) = of_noun.get_mut(subject) {
                *role = Role::Subject;
            }
        }
    }
    // A modifier ("Taliban" in "Taliban fighters") is not the subject.
    drafts
        .iter()
        .map(|d| {
            let own = a.noun_at(d.head).filter(|&n| d.phrase.has(a.nouns[n].head)).map_or(Role::Oblique, |n| of_noun[n]);
            // "its spokesman, Abu Umar, told": the name in apposition to the subject
            let start = d.phrase.start as usize;
            let beside =
                || start.checked_sub(2).filter(|_| a.doc.word(start - 1) == ",").and_then(|i| a.noun_at(i)).is_some_and(|n| of_noun[n] == Role::Subject);
            if own == Role::Oblique && d.kind == MentionKind::Person && beside() { Role::Subject } else { own }
        })
        .collect()
}
