//! Records are kept compressed by zstd with a dictionary of what records have in common (names of members, codes, rules): their JSON shrinks
//! to a seventh, and is packed faster than deflate would. Bases from before have deflated ones, which are read as they are.

use super::StoreError;
use super::error::Context;
use serde::Serialize;
use std::io;
use std::sync::LazyLock;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

/// The largest record that is read back, so that damage cannot fill the memory.
const LARGEST: usize = 256 << 20;
/// Beyond this level a record of news takes more time than it takes to read the news.
const LEVEL: i32 = 6;
/// Made by `scripts/make_dictionary.py`. What is stored cannot be read without it: another one gets another number.
const DICTIONARY: &[u8] = include_bytes!("record.dict");
/// How a zstd frame begins.
const FRAME: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

static ENCODER: LazyLock<io::Result<EncoderDictionary<'static>>> = LazyLock::new(|| EncoderDictionary::try_copy(DICTIONARY, LEVEL));
static DECODER: LazyLock<io::Result<DecoderDictionary<'static>>> = LazyLock::new(|| DecoderDictionary::try_copy(DICTIONARY));

/// What the engine found, as it is stored.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn pack(value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    const WHAT: &str = "pack a record";
    compress(&serde_json::to_vec(value).context(WHAT)?).map_err(sqlx::Error::Io).context(WHAT)
}

/// The JSON that [`pack`] packed, or an older version.
pub(super) fn inflate(bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    let json = if bytes.starts_with(&FRAME) {
        decompress(bytes).map_err(|e| e.to_string())
    } else {
        miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(bytes, LARGEST).map_err(|e| e.to_string())
    };
    json.map_err(|problem| StoreError::Damaged { what: "read an extraction", problem })
}

fn compress(bytes: &[u8]) -> io::Result<Vec<u8>> {
    Compressor::with_prepared_dictionary(made(&ENCODER)?)?.compress(bytes)
}

fn decompress(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let length = Decompressor::upper_bound(bytes).filter(|n| *n <= LARGEST).ok_or_else(|| io::Error::other("it does not tell its length, or is too long"))?;
    Decompressor::with_prepared_dictionary(made(&DECODER)?)?.decompress(bytes, length)
}

fn made<D>(dictionary: &'static LazyLock<io::Result<D>>) -> io::Result<&'static D> {
    LazyLock::force(dictionary).as_ref().map_err(|e| io::Error::new(e.kind(), e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(packed: &[u8]) -> Result<Value, StoreError> {
        Ok(serde_json::from_slice(&inflate(packed)?).unwrap())
    }

    #[test]
    fn what_is_packed_comes_back() {
        for value in [json!({}), json!({"incidents": ["¶".repeat(100_000)]}), json!([[], null, 1.5])] {
            assert_eq!(read(&pack(&value).unwrap()).unwrap(), value);
        }
    }

    #[test]
    fn records_of_older_bases_are_read() {
        let deflated = miniz_oxide::deflate::compress_to_vec_zlib(br#"{"engine":"old"}"#, 6);
        assert_eq!(read(&deflated).unwrap(), json!({"engine": "old"}));
    }

    #[test]
    fn damage_is_told() {
        let whole = pack(&json!({"text": "x".repeat(1000)})).unwrap();
        for n in [0, 3, 5, whole.len() / 2, whole.len() - 1] {
            assert!(matches!(read(&whole[..n]), Err(StoreError::Damaged { .. })), "{n}");
        }
        // A frame that says that it is larger than any record.
        let huge = [&FRAME[..], &[0b1110_0000], &u64::MAX.to_le_bytes(), &[1, 0, 0]].concat();
        assert!(matches!(read(&huge), Err(StoreError::Damaged { .. })));
    }
}
