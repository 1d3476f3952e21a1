//! The scorer as bytes, small enough to be compiled in: after the magic line, deflated varints: biases, thresholds, and in streams of their own
//! the distances between the numbers of the features, their rarities and the weights of each head.

use super::features::N_FEATURES;
use super::scorer::{N_HEADS, Row, Scorer};
use crate::text::varint::{Reader, put, unzigzag, zigzag};

const MAGIC: &[u8] = b"waqia relevance 1\n";
/// Most bytes that the packed streams may unfold to.
const MAX_UNPACKED: usize = 64 << 20;

/// Bytes that are no scorer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// The first bytes are not those of a scorer of this version.
    #[error("not a scorer of this version: train it again with `waqia train relevance`")]
    Version,
    /// The packed streams end early or hold impossible numbers.
    #[error("the scorer's weights are damaged: train them again with `waqia train relevance`")]
    Damaged,
}

impl Scorer {
    /// The scorer compiled into this crate. Unpacking it takes some milliseconds: do so once, and only where it is wanted.
    ///
    /// # Errors
    /// Never in a released build: the test suite unpacks it.
    pub fn embedded() -> Result<Self, PackError> {
        Self::from_bytes(include_bytes!("weights/relevance.bin"))
    }

    /// Packs the scorer.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for number in self.bias.iter().chain(&self.thresholds) {
            put(&mut out, u64::from(number.cast_unsigned()));
        }
        put(&mut out, self.numbers.len() as u64);
        let mut last = 0;
        for &number in &self.numbers {
            put(&mut out, u64::from(number - last));
            last = number;
        }
        out.extend(self.rows.iter().map(|row| row.rarity));
        for head in 0..N_HEADS {
            self.rows.iter().for_each(|row| put(&mut out, zigzag(row.weights[head])));
        }
        let mut bytes = MAGIC.to_vec();
        bytes.extend(miniz_oxide::deflate::compress_to_vec(&out, 10));
        bytes
    }

    /// Unpacks a scorer that [`Scorer::to_bytes`] packed.
    ///
    /// # Errors
    /// Any other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PackError> {
        let packed = bytes.strip_prefix(MAGIC).ok_or(PackError::Version)?;
        let unpacked = miniz_oxide::inflate::decompress_to_vec_with_limit(packed, MAX_UNPACKED).map_err(|_| PackError::Damaged)?;
        Self::read(&mut Reader { bytes: &unpacked }).ok_or(PackError::Damaged)
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut heads = || {
            let mut numbers = [0; N_HEADS];
            for number in &mut numbers {
                *number = u32::try_from(reader.number()?).ok()?.cast_signed();
            }
            Some(numbers)
        };
        let (bias, thresholds) = (heads()?, heads()?);
        let n_rows = reader.size(N_FEATURES as usize)?;
        let mut rows = Vec::with_capacity(n_rows);
        let mut last = 0;
        for _ in 0..n_rows {
            last += reader.size((N_FEATURES - 1 - last) as usize)? as u32;
            rows.push((last, Row::default()));
        }
        for (_, row) in &mut rows {
            row.rarity = reader.byte()?;
        }
        for head in 0..N_HEADS {
            for (_, row) in &mut rows {
                row.weights[head] = unzigzag(reader.number()?)?;
            }
        }
        reader.bytes.is_empty().then(|| Self::new(bias, thresholds, rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scorer_comes_back() {
        let row = |rarity, w| Row { rarity, weights: [w, -w, 0, 1] };
        let scorer =
            Scorer::new([1, -2, i32::MIN, i32::MAX], [5, 6, -7, 8], vec![(0, row(17, 300)), (5, row(255, -9)), (N_FEATURES - 1, row(0, i16::MIN + 1))]);
        assert_eq!(Scorer::from_bytes(&scorer.to_bytes()), Ok(scorer));
    }

    #[test]
    fn other_bytes_are_refused() {
        assert_eq!(Scorer::from_bytes(b""), Err(PackError::Version));
        assert_eq!(Scorer::from_bytes(MAGIC), Err(PackError::Damaged));
        for bytes in [vec![0; 9], [vec![0; 8], vec![200, 1]].concat(), vec![0; 8]] {
            let packed = [MAGIC, &miniz_oxide::deflate::compress_to_vec(&bytes, 6)].concat();
            let expect = if bytes.len() == 9 { Ok(Scorer::new([0; 4], [0; 4], Vec::new())) } else { Err(PackError::Damaged) };
            assert_eq!(Scorer::from_bytes(&packed), expect, "{bytes:?}");
        }
    }

    #[test]
    fn the_weights_compiled_in_can_be_unpacked() {
        assert!(Scorer::embedded().is_ok());
    }
}
