//! Place names, resolved.

use super::Analysis;

/// The pass.
pub fn find_places(_a: &mut Analysis<'_>) {}
