//! Who said what.

use super::Analysis;

/// Finds statements: cue, speaker, content.
pub fn find_statements(_a: &mut Analysis<'_>) {}

/// Links statements to the incidents they are about; runs after the incidents are known.
pub fn link_statements(_a: &mut Analysis<'_>) {}
