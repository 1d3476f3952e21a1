//! Names that newspapers spell in their own way: "Fariab" for Faryab, "Zehdan" for Zahedan, "Kulagam" for Kulgam.
//!
//! Transliteration leaves the consonants nearly alone and plays with vowels, h, doubled letters and q/k, v/w, y/i. Places are found by
//! the consonants of their main name within one country, and kept where the rest differs by a letter or two.

use super::{CountryCode, Gazetteer, Place, PlaceId};
use crate::lexicon::trie::Mix;
use std::hash::Hasher;

/// Countries whose names reach the English press by transliteration; sorted.
const TRANSLITERATED: &[&str] = &["AF", "BD", "EG", "IN", "IQ", "IR", "KG", "LB", "LK", "LY", "MM", "NP", "PK", "PS", "SD", "SO", "SY", "TJ", "TM", "UZ", "YE"];

/// Fewest consonants of a name that is looked up so.
const MIN_CONSONANTS: usize = 3;

impl Gazetteer {
    /// Places of the country whose main name is another spelling of `name`, the closest first.
    pub fn similar<'g>(&'g self, name: &str, country: CountryCode) -> Vec<Place<'g>> {
        let wanted = plain_sound(name);
        let Some(key) = key(&wanted, country) else { return Vec::new() };
        let start = self.sounds.partition_point(|&(k, _)| k < key);
        let same = self.sounds[start..].iter().take_while(|&&(k, _)| k == key);
        let mut found: Vec<(usize, Place<'g>)> = same
            .filter_map(|&(_, row)| self.place(PlaceId(row)))
            .map(|place| (distance(&wanted, &plain_sound(place.name())), place))
            .filter(|(distance, _)| *distance <= wanted.len() / 5)
            .collect();
        found.sort_by_key(|(distance, place)| (*distance, std::cmp::Reverse(place.population), place.id));
        found.into_iter().map(|(_, place)| place).collect()
    }
}

/// The key under which a place of that name and country is found, where such places are indexed.
pub(super) fn index_key(name: &str, country: CountryCode) -> Option<u64> {
    TRANSLITERATED.binary_search(&country.as_str()).ok()?;
    key(&plain_sound(name), country)
}

fn key(sound: &[u8], country: CountryCode) -> Option<u64> {
    let consonants = || sound.iter().enumerate().filter(|(i, b)| *i == 0 || !is_vowel(**b)).map(|(_, b)| *b);
    if consonants().count() < MIN_CONSONANTS || sound.len() < 5 {
        return None;
    }
    let mut mix = Mix::default();
    mix.write(country.as_str().as_bytes());
    consonants().for_each(|b| mix.write_u64(u64::from(b)));
    Some(mix.finish())
}

fn is_vowel(b: u8) -> bool {
    matches!(b, b'a' | b'i' | b'u')
}

/// The letters that spellings agree on: a, i (also e, y), u (also o, and w that ends a syllable), single consonants without their h.
fn plain_sound(name: &str) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(name.len());
    let small = |w: &str| matches!(w.to_ascii_lowercase().as_str(), "e" | "i" | "ye" | "yi" | "al" | "el" | "ul" | "ud" | "the");
    for word in name.split([' ', '-', '\'', '’']).filter(|w| !w.is_empty() && !small(w)) {
        let start = out.len();
        let mut letters = word.chars().flat_map(char::to_lowercase).peekable();
        while let Some(c) = letters.next() {
            let b = match c {
                // The end of a diphthong: "Khowgiani", "Lowgar", "Jawzjan".
                'w' if out.len() > start && out.last().is_some_and(|b| is_vowel(*b)) && letters.peek().is_none_or(|next| !"aeiouyw".contains(*next)) => b'u',
                'a' | 'ā' | 'á' => b'a',
                'e' | 'i' | 'y' | 'ī' | 'é' | 'í' => b'i',
                'o' | 'u' | 'ū' | 'ō' | 'ó' | 'ú' => b'u',
                'q' | 'k' | 'c' => b'k',
                'v' | 'w' => b'v',
                'h' if out.len() > start => continue,
                c if c.is_ascii_alphabetic() => c as u8,
                _ => continue,
            };
            if out.last() != Some(&b) {
                out.push(b);
            }
        }
        // "Sharana", "Sharanah", "Sharan"
        while out.len() > start + 3 && out.last() == Some(&b'a') {
            out.pop();
        }
    }
    out
}

/// Levenshtein distance.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
