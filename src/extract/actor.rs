//! Who acts and speaks: names, persons, groups; who is who.

use super::Analysis;

/// The pass.
pub fn find_actors(_a: &mut Analysis<'_>) {}
