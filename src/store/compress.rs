//! Records are kept deflated: their JSON shrinks to a fifth.

use super::StoreError;
use super::error::Context;
use crate::model::Record;

/// The largest record that is read back, so that damage cannot fill the memory.
const LARGEST: usize = 256 << 20;

/// A record as it is stored.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn pack(record: &Record) -> Result<Vec<u8>, StoreError> {
    Ok(deflate(&serde_json::to_vec(record).context("pack a record")?))
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(bytes, 6)
}

pub(super) fn inflate(bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(bytes, LARGEST)
        .map_err(|e| StoreError::Damaged { what: "read an extraction", problem: e.to_string() })
}
