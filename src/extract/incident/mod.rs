//! Incidents: trigger frames, what is real of them, and which tell the same thing.

use super::Analysis;

/// An incident of this text.
#[derive(Clone, Debug, Default)]
pub struct Incident {
    /// Code of the incident type list.
    pub kind: String,
    /// Sentences that tell it, by index.
    pub sentences: Vec<usize>,
    /// Tokens of its triggers.
    pub triggers: Vec<crate::text::TokenSpan>,
}

/// Finds the incidents of the text.
pub fn find_incidents(_a: &mut Analysis<'_>) {}
