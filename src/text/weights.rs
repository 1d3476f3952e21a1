//! The tagger as bytes: deflated streams of varints, small enough to be compiled in.
//!
//! After the magic line, deflated: the words (front-coded, in order) with their tags, irregular lemmas, then the table in three streams: how many weights
//! each row has, the distances between their columns, and the weights (zigzag). Every number is a LEB128 varint.

use super::dictionary::{Dictionary, Entry};
use super::feature::N_ROWS;
use super::lemma::{Exception, Lemmas};
use super::tagger::{MAX_WEIGHT, N_COLUMNS, N_TAGS, Weights};
use super::varint::{Reader, put, unzigzag, zigzag};
use super::{Tag, TagSet, Tagger};

const MAGIC: &[u8] = b"waqia tagger 2\n";
/// Most bytes that the packed streams may unfold to.
const MAX_UNPACKED: usize = 64 << 20;

/// Bytes that are no tagger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    /// The first bytes are not those of a tagger of this version.
    #[error("not a tagger of this version: train it again with `waqia train tagger`")]
    Version,
    /// The packed streams end early or hold impossible numbers.
    #[error("the tagger's weights are damaged: train them again with `waqia train tagger`")]
    Damaged,
}

impl Tagger {
    /// Packs the tagger.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        write_words(&mut out, self.words.entries());
        write_exceptions(&mut out, &self.exceptions);
        let (mut counts, mut columns, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for row in self.weights.rows() {
            let mut n = 0;
            let mut last = 0;
            for (column, &weight) in row.iter().enumerate().filter(|(_, weight)| **weight != 0) {
                n += 1;
                put(&mut columns, (column - last) as u64);
                last = column;
                put(&mut values, zigzag(weight));
            }
            put(&mut counts, n);
        }
        for stream in [counts, columns, values] {
            out.extend(stream);
        }
        let mut bytes = MAGIC.to_vec();
        bytes.extend(miniz_oxide::deflate::compress_to_vec(&out, 10));
        bytes
    }

    /// Unpacks a tagger that [`Tagger::to_bytes`] packed.
    ///
    /// # Errors
    /// Any other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsError> {
        let packed = bytes.strip_prefix(MAGIC).ok_or(WeightsError::Version)?;
        let unpacked = miniz_oxide::inflate::decompress_to_vec_with_limit(packed, MAX_UNPACKED).map_err(|_| WeightsError::Damaged)?;
        let mut reader = Reader { bytes: &unpacked };
        Self::read(&mut reader).ok_or(WeightsError::Damaged)
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let words = Dictionary::new(read_words(reader)?);
        let exceptions = read_exceptions(reader)?;
        let counts: Vec<usize> = (0..N_ROWS).map(|_| reader.size(N_TAGS)).collect::<Option<_>>()?;
        let total: usize = counts.iter().sum();
        let steps: Vec<usize> = (0..total).map(|_| reader.size(N_TAGS)).collect::<Option<_>>()?;
        let mut steps = steps.into_iter();
        let mut weights = vec![[0; N_COLUMNS]; N_ROWS];
        for (row, count) in weights.iter_mut().zip(counts) {
            let mut column = 0;
            for step in steps.by_ref().take(count) {
                column += step;
                *row.get_mut(column)? = unzigzag(reader.number()?).filter(|weight| weight.unsigned_abs() <= MAX_WEIGHT.unsigned_abs())?;
            }
        }
        reader.bytes.is_empty().then(|| Self { weights: Weights::of(&weights), words, lemmas: Lemmas::new(&exceptions), exceptions })
    }
}

fn write_words(out: &mut Vec<u8>, entries: &[Entry]) {
    put(out, entries.len() as u64);
    write_strings(out, entries.iter().map(|entry| entry.word.as_str()));
    for entry in entries {
        put(out, entry.sure.map_or(0, |tag| tag as u64 + 1));
        put(out, entry.tags.0);
    }
}

fn read_words(reader: &mut Reader<'_>) -> Option<Vec<Entry>> {
    let words = read_strings(reader)?;
    let entry = |word| {
        let sure = reader.size(N_TAGS)?.checked_sub(1).map(|tag| Tag::ALL[tag]);
        Some(Entry { word, tags: TagSet(reader.number()?), sure })
    };
    words.into_iter().map(entry).collect()
}

fn write_exceptions(out: &mut Vec<u8>, exceptions: &[Exception]) {
    put(out, exceptions.len() as u64);
    write_strings(out, exceptions.iter().map(|exception| exception.word.as_str()));
    put(out, exceptions.len() as u64);
    write_strings(out, exceptions.iter().map(|exception| exception.lemma.as_str()));
    for exception in exceptions {
        put(out, exception.class as u64);
    }
}

fn read_exceptions(reader: &mut Reader<'_>) -> Option<Vec<Exception>> {
    let (words, lemmas) = (read_strings(reader)?, read_strings(reader)?);
    let exception = |(word, lemma)| Some(Exception { word, class: *Tag::ALL.get(reader.size(N_TAGS)?)?, lemma });
    (words.len() == lemmas.len()).then(|| words.into_iter().zip(lemmas).map(exception).collect())?
}

/// Each string as the length it shares with the one before, and the rest.
fn write_strings<'a>(out: &mut Vec<u8>, strings: impl Iterator<Item = &'a str>) {
    let mut last = "";
    for string in strings {
        let shared = last.bytes().zip(string.bytes()).take_while(|(a, b)| a == b).count();
        put(out, shared as u64);
        put(out, (string.len() - shared) as u64);
        out.extend(&string.as_bytes()[shared..]);
        last = string;
    }
}

/// Strings as [`write_strings`] wrote them.
fn read_strings(reader: &mut Reader<'_>) -> Option<Vec<String>> {
    let mut strings = Vec::new();
    let mut string = Vec::new();
    for _ in 0..reader.size(1 << 20)? {
        let shared = reader.size(string.len())?;
        let added = reader.size(reader.bytes.len())?;
        let (head, rest) = reader.bytes.split_at_checked(added)?;
        string.truncate(shared);
        string.extend(head);
        reader.bytes = rest;
        strings.push(String::from_utf8(string.clone()).ok()?);
    }
    Some(strings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_bytes_are_refused() {
        assert_eq!(Tagger::from_bytes(b"").err(), Some(WeightsError::Version));
        assert_eq!(Tagger::from_bytes(MAGIC).err(), Some(WeightsError::Damaged));
        let short = [MAGIC, miniz_oxide::deflate::compress_to_vec(&[0, 1, 2], 6).as_slice()].concat();
        assert_eq!(Tagger::from_bytes(&short).err(), Some(WeightsError::Damaged));
    }
}
