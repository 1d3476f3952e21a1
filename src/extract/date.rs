//! Dates in the text.

use super::Analysis;

/// The pass.
pub fn find_dates(_a: &mut Analysis<'_>) {}
