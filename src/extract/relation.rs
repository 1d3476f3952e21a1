//! Relations between actors.

use super::Analysis;

/// The pass.
pub fn find_relations(_a: &mut Analysis<'_>) {}
