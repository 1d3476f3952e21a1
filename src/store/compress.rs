//! Records are kept deflated: their JSON shrinks to a fifth.

use super::StoreError;

/// The largest record that is read back, so that damage cannot fill the memory.
const LARGEST: usize = 256 << 20;

pub(super) fn deflate(bytes: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(bytes, 6)
}

pub(super) fn inflate(bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(bytes, LARGEST)
        .map_err(|e| StoreError::Damaged { what: "read an extraction", problem: e.to_string() })
}
