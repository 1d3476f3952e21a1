//! Noun and verb groups.

use super::Analysis;

/// The pass.
pub fn find_groups(_a: &mut Analysis<'_>) {}
