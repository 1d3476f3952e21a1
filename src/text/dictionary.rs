//! What the training text says of single words: their tags, and irregular lemmas.

use super::{Tag, TagSet, word_hash};

/// A word of the training text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Normalised form.
    pub(super) word: String,
    /// Tags that it had.
    pub(super) tags: TagSet,
    /// Its one tag, where it is frequent and never had another.
    pub(super) sure: Option<Tag>,
}

/// Words by hash: open addressing, at most half full.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Dictionary {
    entries: Vec<Entry>,
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Slot {
    hash: u64,
    /// 0 where the slot is free: every word of the dictionary has a tag.
    tags: u64,
    sure: Option<Tag>,
}

impl Dictionary {
    /// A dictionary of these words; of two with one hash ("da'wa", "dawa") the tags are joined.
    pub(super) fn new(entries: Vec<Entry>) -> Self {
        let mut slots = vec![Slot::default(); (entries.len() * 2).next_power_of_two().max(2)];
        for entry in &entries {
            let hash = word_hash(&entry.word);
            let at = slot_of(&slots, hash);
            let slot = &mut slots[at];
            let is_new = slot.tags == 0;
            *slot = Slot { hash, tags: slot.tags | entry.tags.0, sure: if is_new { entry.sure } else { None } };
        }
        Self { entries, slots }
    }

    /// The words in their order.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The tags of a word as bits; 0 for unknown words.
    #[inline]
    pub(super) fn known(&self, hash: u64) -> u64 {
        self.slots.get(slot_of(&self.slots, hash)).map_or(0, |slot| slot.tags)
    }

    /// The tag of a word that has only one.
    #[inline]
    pub(super) fn sure(&self, hash: u64) -> Option<Tag> {
        self.slots.get(slot_of(&self.slots, hash)).and_then(|slot| slot.sure)
    }
}

/// The slot that holds `hash`, or the free one where it belongs.
#[inline]
fn slot_of(slots: &[Slot], hash: u64) -> usize {
    let mask = slots.len().wrapping_sub(1);
    let mut at = (hash ^ hash >> 32) as usize & mask;
    while slots.get(at).is_some_and(|slot| slot.tags != 0 && slot.hash != hash) {
        at = (at + 1) & mask;
    }
    at
}
