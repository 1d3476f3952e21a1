//! The tagger as bytes: deflated streams of varints, small enough to be compiled in.
//!
//! After the magic line, deflated: the words (front-coded, in order) with their tags, then the table in three streams: how many weights
//! each row has, the distances between their columns, and the weights (zigzag). Every number is a LEB128 varint.

use super::dictionary::{Dictionary, Entry};
use super::feature::N_ROWS;
use super::tagger::N_TAGS;
use super::{Tag, TagSet, Tagger};

const MAGIC: &[u8] = b"waqia tagger 1\n";
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
        let (mut counts, mut columns, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for row in &self.weights {
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
        let counts: Vec<usize> = (0..N_ROWS).map(|_| reader.size(N_TAGS)).collect::<Option<_>>()?;
        let total: usize = counts.iter().sum();
        let steps: Vec<usize> = (0..total).map(|_| reader.size(N_TAGS)).collect::<Option<_>>()?;
        let mut steps = steps.into_iter();
        let mut weights = vec![[0i16; N_TAGS]; N_ROWS];
        for (row, count) in weights.iter_mut().zip(counts) {
            let mut column = 0;
            for step in steps.by_ref().take(count) {
                column += step;
                *row.get_mut(column)? = unzigzag(reader.number()?)?;
            }
        }
        reader.bytes.is_empty().then_some(Self { weights, words })
    }
}

fn write_words(out: &mut Vec<u8>, entries: &[Entry]) {
    put(out, entries.len() as u64);
    let mut last = "";
    for entry in entries {
        let shared = last.bytes().zip(entry.word.bytes()).take_while(|(a, b)| a == b).count();
        put(out, shared as u64);
        put(out, (entry.word.len() - shared) as u64);
        out.extend(&entry.word.as_bytes()[shared..]);
        last = &entry.word;
    }
    for entry in entries {
        put(out, entry.sure.map_or(0, |tag| tag as u64 + 1));
        put(out, entry.tags.0);
    }
}

fn read_words(reader: &mut Reader<'_>) -> Option<Vec<Entry>> {
    let count = reader.size(1 << 20)?;
    let mut entries: Vec<Entry> = Vec::new();
    let mut word = Vec::new();
    for _ in 0..count {
        let shared = reader.size(word.len())?;
        let added = reader.size(reader.bytes.len())?;
        let (head, rest) = reader.bytes.split_at_checked(added)?;
        word.truncate(shared);
        word.extend(head);
        reader.bytes = rest;
        entries.push(Entry { word: String::from_utf8(word.clone()).ok()?, tags: TagSet::default(), sure: None });
    }
    for entry in &mut entries {
        entry.sure = reader.size(N_TAGS)?.checked_sub(1).map(|tag| Tag::ALL[tag]);
        entry.tags = TagSet(reader.number()?);
    }
    Some(entries)
}

struct Reader<'b> {
    bytes: &'b [u8],
}

impl Reader<'_> {
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            number |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Some(number);
            }
        }
        None
    }

    /// A number up to `most`.
    fn size(&mut self, most: usize) -> Option<usize> {
        self.number().map(|n| n as usize).filter(|&n| n <= most)
    }
}

fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 128 {
        out.push(number as u8 | 128);
        number >>= 7;
    }
    out.push(number as u8);
}

fn zigzag(weight: i16) -> u64 {
    let wide = i32::from(weight);
    u64::from((wide << 1 ^ wide >> 31) as u32)
}

fn unzigzag(number: u64) -> Option<i16> {
    let wide = (number >> 1) as i64 ^ -((number & 1) as i64);
    i16::try_from(wide).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for weight in [0, 1, -1, i16::MAX, i16::MIN] {
            assert_eq!(unzigzag(zigzag(weight)), Some(weight));
        }
        let mut bytes = Vec::new();
        put(&mut bytes, u64::MAX);
        assert_eq!(Reader { bytes: &bytes }.number(), Some(u64::MAX));
    }

    #[test]
    fn other_bytes_are_refused() {
        assert_eq!(Tagger::from_bytes(b"").err(), Some(WeightsError::Version));
        assert_eq!(Tagger::from_bytes(MAGIC).err(), Some(WeightsError::Damaged));
        let short = [MAGIC, miniz_oxide::deflate::compress_to_vec(&[0, 1, 2], 6).as_slice()].concat();
        assert_eq!(Tagger::from_bytes(&short).err(), Some(WeightsError::Damaged));
    }
}
