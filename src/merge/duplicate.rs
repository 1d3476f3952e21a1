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

/// Whether two texts count as one source.
pub fn is_near_duplicate(a: &[u32], b: &[u32]) -> bool {
    similarity(a, b) >= SAME
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

    #[test]
    fn a_copy_with_another_head_is_a_near_duplicate() {
        let original = story(1, 300);
        let copy = format!("KABUL (Agency) – {}", original.replacen("word", "Word", 3));
        let (a, b) = (signature(&original), signature(&copy));
        assert!(is_near_duplicate(&a, &b), "{}", similarity(&a, &b));
        assert!(bands(&a).iter().zip(bands(&b)).any(|(x, y)| *x == y));
    }

    #[test]
    fn other_stories_are_not() {
        let (a, b) = (signature(&story(1, 300)), signature(&story(2, 300)));
        assert!(similarity(&a, &b) < 0.2);
        let half = format!("{}{}", story(1, 150), story(3, 150));
        assert!(!is_near_duplicate(&a, &signature(&half)));
    }

    #[test]
    fn short_texts_have_no_signature() {
        for text in ["", "four words are few", "\u{0}\u{feff}"] {
            assert!(signature(text).is_empty());
            assert!(bands(&signature(text)).is_empty());
            assert!(!is_near_duplicate(&signature(text), &signature(text)));
        }
    }
}
