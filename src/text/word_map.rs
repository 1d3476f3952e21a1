//! Values by word, looked up by token: most tokens are in no list, and one look tells it.

use super::{Document, word_hash};

/// What is known of words: a value for each. Looked up by the hash that tokens carry, then by letters.
#[derive(Clone, Debug)]
pub struct WordMap<T> {
    /// By hash, open addressing, at most half full: most words of a text are in no list, and one look tells it.
    slots: Vec<Slot>,
    entries: Vec<MapEntry<T>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    hash: u64,
    /// The first entry of the hash, counted from 1; 0 where the slot is free.
    first: u32,
}

#[derive(Clone, Debug)]
struct MapEntry<T> {
    word: String,
    value: T,
    /// Another word of the same hash.
    next: Option<u32>,
}

impl<T> Default for WordMap<T> {
    fn default() -> Self {
        Self { slots: Vec::new(), entries: Vec::new() }
    }
}

impl<T> WordMap<T> {
    /// The value of a word given in small letters.
    pub fn get(&self, word: &str) -> Option<&T> {
        self.find(word_hash(word), || word).map(|at| &self.entries[at].value)
    }

    /// The value of token `i` as it stands, capitals aside.
    #[inline]
    pub fn of_word(&self, doc: &Document<'_>, i: usize) -> Option<&T> {
        self.find(doc.token(i).hash, || doc.word(i)).map(|at| &self.entries[at].value)
    }

    /// The value of the lemma of token `i`.
    #[inline]
    pub fn of_lemma(&self, doc: &Document<'_>, i: usize) -> Option<&T> {
        self.find(doc.token(i).lemma_hash, || doc.lemma(i)).map(|at| &self.entries[at].value)
    }

    /// All words with their values, in the order in which they were put in.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.entries.iter().map(|entry| (entry.word.as_str(), &entry.value))
    }

    /// The values, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.entries.iter_mut().map(|entry| &mut entry.value)
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    #[inline]
    fn find<'w>(&self, hash: u64, word: impl Fn() -> &'w str) -> Option<usize> {
        let mut at = (self.slots.get(self.slot(hash))?.first as usize).checked_sub(1)?;
        while self.entries[at].word != word() {
            at = self.entries[at].next? as usize;
        }
        Some(at)
    }

    /// The slot that holds the hash, or the free one where it belongs.
    #[inline]
    fn slot(&self, hash: u64) -> usize {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = (hash ^ hash >> 32) as usize & mask;
        while self.slots.get(at).is_some_and(|slot| slot.first != 0 && slot.hash != hash) {
            at = (at + 1) & mask;
        }
        at
    }

    /// Twice the room; the slots move.
    fn grow(&mut self) {
        let free = vec![Slot::default(); (self.slots.len() * 2).max(8)];
        for slot in std::mem::replace(&mut self.slots, free).into_iter().filter(|slot| slot.first != 0) {
            let at = self.slot(slot.hash);
            self.slots[at] = slot;
        }
    }
}

impl<T: Default> WordMap<T> {
    /// The value of a word, which is put in where it is missing.
    pub fn entry(&mut self, word: &str) -> &mut T {
        let hash = word_hash(word);
        let at = self.find(hash, || word).unwrap_or_else(|| {
            if self.entries.len() * 2 >= self.slots.len() {
                self.grow();
            }
            let (at, slot) = (self.entries.len(), self.slot(hash));
            let next = self.slots[slot].first.checked_sub(1);
            self.slots[slot] = Slot { hash, first: at as u32 + 1 };
            self.entries.push(MapEntry { word: word.to_owned(), value: T::default(), next });
            at
        });
        &mut self.entries[at].value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TextModel;

    #[test]
    fn a_map_tells_words_of_one_hash_apart() {
        let doc = Document::read("s 's x", &TextModel::default());
        let mut map = WordMap::default();
        *map.entry("s") = 1;
        *map.entry("'s") = 2;
        *map.entry("s") += 10;
        let found: Vec<Option<&i32>> = (0..doc.len()).map(|i| map.of_word(&doc, i)).collect();
        assert_eq!(found, [Some(&11), Some(&2), None]);
        assert_eq!((map.get("'s"), map.len()), (Some(&2), 2));
        assert_eq!(map.iter().collect::<Vec<_>>(), [("s", &11), ("'s", &2)]);
    }
}
