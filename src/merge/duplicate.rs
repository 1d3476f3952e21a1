//! Texts that repeat each other: agency copy with another headline, a story stored under two addresses.
//!
//! MinHash (Broder 1997): of the hashes of all runs of five words, the least under each of 64 hash functions is kept; the share of equal
//! values estimates how many runs two texts have in common. Sixteen bands of four values find the pairs worth comparing.

use crate::text::{for_each_word, word_hash};

/// Values in a signature.
pub const N_VALUES: usize = 64;
const N_BANDS: usize = 16;
const PER_BAND: usize = N_VALUES / N_BANDS;
/// Words in a run.
const RUN: usize = 5;
/// Share of common runs from which two texts count as one source. Rewritten copy of one agency story lies above, two reporters' stories of
/// one event far below (0.1).
const SAME: f64 = 0.7;
/// Share of the shorter text's runs that the longer one has, from which it repeats it: cut at its end, or with a paragraph of its own.
const CONTAINED: f64 = 0.85;
/// Common share below which 64 values say too little of what is contained in what.
const ESTIMATED: f64 = 0.3;

/// The signature of a text; empty for a text of fewer than five words, which is never a near-duplicate.
pub fn signature(text: &str) -> Vec<u32> {
    let mut words = Vec::new();
    for_each_word(text, |span| words.push(word_hash(span.text(text))));
    if words.len() < RUN {
        return Vec::new();
    }
    let mut least = vec![u32::MAX; N_VALUES];
    for run in words.windows(RUN) {
        let hash = run.iter().fold(0u64, |all, &word| mix(all ^ word));
        for (n, value) in least.iter_mut().enumerate() {
            // Another hash function for each n: the same run, mixed with a constant of its own.
            let of_n = (mix(hash ^ mix(n as u64 + 1)) >> 32) as u32;
            *value = (*value).min(of_n);
        }
    }
    least
}

/// One number for each band of a signature, in order; none for an empty signature.
pub fn bands(signature: &[u32]) -> Vec<u32> {
    signature.chunks_exact(PER_BAND).map(|band| (band.iter().fold(0u64, |all, &value| mix(all ^ u64::from(value))) >> 32) as u32).collect()
}

/// Estimated share of common runs, 0 to 1.
pub fn similarity(a: &[u32], b: &[u32]) -> f64 {
    if a.len() != N_VALUES || b.len() != N_VALUES {
        return 0.0;
    }
    a.iter().zip(b).filter(|(x, y)| x == y).count() as f64 / N_VALUES as f64
}

/// A text by its signature.
#[derive(Clone, Copy, Debug)]
pub struct Text<'s> {
    /// Its signature.
    pub signature: &'s [u32],
    /// Its length; whatever the unit, the same for both.
    pub length: usize,
}

/// Whether two texts count as one source: they say the same, or the longer one has nearly all of the shorter.
pub fn is_near_duplicate(a: Text<'_>, b: Text<'_>) -> bool {
    let similar = similarity(a.signature, b.signature);
    similar >= SAME || similar >= ESTIMATED && containment(similar, a.length, b.length) >= CONTAINED
}

/// Share of the shorter text's runs that both have, from the share of all runs and the lengths.
fn containment(similar: f64, a: usize, b: usize) -> f64 {
    let common = similar / (1.0 + similar) * (a + b) as f64;
    common / a.min(b).max(1) as f64
}

/// The finalizer of SplitMix64: a fixed function, so that signatures may be stored.
fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story(n: usize, words: usize) -> String {
        (0..words).map(|i| format!("word{} ", mix((n * 100_000 + i) as u64) % 5000)).collect()
    }

    fn near(a: &str, b: &str) -> bool {
        let (x, y) = (signature(a), signature(b));
        is_near_duplicate(Text { signature: &x, length: a.len() }, Text { signature: &y, length: b.len() })
    }

    #[test]
    fn what_is_cut_or_added_to_is_a_near_duplicate() {
        let original = story(1, 300);
        let cut: String = original.split_inclusive(' ').take(180).collect();
        assert!(near(&original, &cut) && near(&cut, &original));
        let half_new = format!("{cut}{}", story(4, 180));
        assert!(!near(&original, &half_new), "half of it is its own");
    }

    #[test]
    fn a_copy_with_another_head_is_a_near_duplicate() {
        let original = story(1, 300);
        let copy = format!("KABUL (Agency) – {}", original.replacen("word", "Word", 3));
        let (a, b) = (signature(&original), signature(&copy));
        assert!(near(&original, &copy), "{}", similarity(&a, &b));
        assert!(bands(&a).iter().zip(bands(&b)).any(|(x, y)| *x == y));
    }

    #[test]
    fn other_stories_are_not() {
        let (a, b) = (signature(&story(1, 300)), signature(&story(2, 300)));
        assert!(similarity(&a, &b) < 0.2);
        let half = format!("{}{}", story(1, 150), story(3, 150));
        assert!(!near(&story(1, 300), &half));
    }

    #[test]
    fn short_texts_have_no_signature() {
        for text in ["", "four words are few", "\u{0}\u{feff}"] {
            assert!(signature(text).is_empty());
            assert!(bands(&signature(text)).is_empty());
            assert!(!near(text, text));
        }
    }
}
