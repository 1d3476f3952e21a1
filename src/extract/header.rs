//! Dateline, headline and publication day from the first lines.

use super::Analysis;

/// The pass.
pub fn read(_a: &mut Analysis<'_>) {}
