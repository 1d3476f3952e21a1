//! Part-of-speech tags by an averaged perceptron over hashed features, greedy from left to right.
//!
//! Weights and their sums are `i16`: the same tags on every machine. Words that had one tag throughout the training text get it unseen.

use super::dictionary::Dictionary;
use super::feature::{Casing, Cue, N_AROUND, N_FEATURES, N_ROWS, rows_after, rows_around};
use super::lemma::{Exception, Lemma, Lemmas};
use super::{Shape, Tag, TagSet, Token};

/// Tags with a column in the table: all of them.
pub(super) const N_TAGS: usize = Tag::ALL.len();
/// Columns of the table: tags and a few that stay zero, so that rows are added eight columns at a time.
pub(super) const N_COLUMNS: usize = N_TAGS.next_multiple_of(8);
/// Largest weight, either way: no sum over a token's features leaves `i16`.
pub(super) const MAX_WEIGHT: i16 = i16::MAX / N_FEATURES as i16;

/// A number per tag.
pub(super) type Row = [i16; N_COLUMNS];

/// The weight table. Tagging waits for it to come from memory, so a row takes one line of the cache: its weights are bytes, and the rows with
/// a weight that no byte holds stand apart.
#[derive(Clone, Debug)]
pub(super) struct Weights {
    rows: Vec<Small>,
    large: Vec<Row>,
}

#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Small {
    lanes: [u16; N_LANES],
    /// Number of the large row that stands for this one, counted from 1; 0 for none.
    large: u16,
}

/// Two weights to a lane: that of column `k` in the low byte, that of column `k + N_LANES` in the high one, each with [`BIAS`] added so that
/// neither has a sign. Lanes are added as they are, and taken apart only when all rows are in ([`Weights::sum`]).
const N_LANES: usize = N_COLUMNS / 2;
const BIAS: i16 = 128;

impl Weights {
    /// The table of these rows, [`N_ROWS`] of them.
    pub(super) fn of(rows: &[Row]) -> Self {
        let mut large = Vec::new();
        let small = |row: &Row| {
            let is_small = row.iter().all(|&weight| i8::try_from(weight).is_ok());
            if !is_small {
                large.push(*row);
            }
            let byte = |column: usize| if is_small { (row[column] + BIAS) as u16 } else { BIAS as u16 };
            Small { lanes: std::array::from_fn(|k| byte(k) | byte(k + N_LANES) << 8), large: if is_small { 0 } else { large.len() as u16 } }
        };
        Self { rows: rows.iter().map(small).collect(), large }
    }

    /// All rows in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row> {
        (0..=u16::MAX).map(|row| self.sum([0; N_COLUMNS], [row]))
    }

    /// Some scores, and rows added to them.
    #[inline]
    fn sum<const N: usize>(&self, mut scores: Row, rows: [u16; N]) -> Row {
        // Looked at once, so that no row needs a look at where the table ends.
        let Some(table) = self.rows.first_chunk::<N_ROWS>() else { return scores };
        let (mut both, mut high) = ([0u16; N_LANES], [0u16; N_LANES]);
        let mut any_large = 0;
        for &row in &rows {
            let row = &table[usize::from(row)];
            for ((both, high), lane) in both.iter_mut().zip(&mut high).zip(row.lanes) {
                *both = both.wrapping_add(lane);
                *high += lane >> 8;
            }
            any_large |= row.large;
        }
        let bias = BIAS * N as i16;
        let (first, second) = scores.split_at_mut(N_LANES);
        for (((first, second), both), high) in first.iter_mut().zip(second).zip(both).zip(high) {
            // What is left of both sums without the high bytes is that of the low ones.
            *first += both.wrapping_sub(high << 8) as i16 - bias;
            *second += high as i16 - bias;
        }
        if any_large != 0 {
            self.add_large(&mut scores, &rows);
        }
        scores
    }

    /// Adds those of the rows that stand apart.
    #[inline(never)]
    fn add_large(&self, scores: &mut Row, rows: &[u16]) {
        for &row in rows {
            if let Some(large) = usize::from(self.rows[usize::from(row)].large).checked_sub(1) {
                add(scores, &self.large[large]);
            }
        }
    }

    /// Reads a little of each row: many rows come from memory at a time if nothing waits for them in between.
    fn touch<'r>(&self, rows: impl Iterator<Item = &'r u16>) {
        if let Some(table) = self.rows.first_chunk::<N_ROWS>() {
            std::hint::black_box(rows.fold(0, |all, &row| all | table[usize::from(row)].large));
        }
    }
}

/// Adds one row to another. Not inlined: beside other code the compiler takes the rows apart into single numbers.
#[inline(never)]
fn add(scores: &mut Row, row: &Row) {
    scores.iter_mut().zip(row).for_each(|(score, weight)| *score += weight);
}

/// A trained tagger.
#[derive(Clone, Debug)]
pub struct Tagger {
    /// A row per feature, a column per tag.
    pub(super) weights: Weights,
    /// What the training text says of single words.
    pub(super) words: Dictionary,
    /// Lemmas of the training text that neither the table written by hand nor the spelling rules give.
    pub(super) exceptions: Vec<Exception>,
    /// Both tables, for looking up.
    pub(super) lemmas: Lemmas,
}

impl Tagger {
    /// Sets the tags of one sentence. `norm` gives the normalised form of a token, `allowed` the tags that a word may have (empty: any).
    pub(super) fn tag<'a>(&self, sentence: &mut [Token], norm: impl Fn(&Token) -> &'a str, allowed: impl Fn(u64) -> TagSet, scratch: &mut Scratch) {
        let Scratch { cues: around, open, sums } = scratch;
        cues(sentence, norm, &self.words, around);
        // What does not hang on the tags before is summed for all tokens first: after that a tag waits for memory only where it must.
        open.clear();
        for (at, token) in sentence.iter_mut().enumerate() {
            let allowed = allowed(token.hash);
            match self.words.sure(token.hash).filter(|_| allowed.is_empty()) {
                Some(tag) => token.tag = tag,
                None => open.push(Open { at, allowed, rows: rows_around(window(around, at)) }),
            }
        }
        self.weights.touch(open.iter().flat_map(|open| &open.rows));
        sums.clear();
        sums.extend(open.iter().map(|open| self.weights.sum([0; N_COLUMNS], open.rows)));
        for (&Open { at, allowed, .. }, &scores) in open.iter().zip(sums.iter()) {
            let before = |n: usize| at.checked_sub(n).map_or(START, |i| sentence[i].tag as u8);
            let scores = self.weights.sum(scores, rows_after(window(around, at), before(1), before(2)));
            sentence[at].tag = best_of(&scores, allowed);
        }
    }

    /// Whether the training text had this word.
    pub(super) fn knows(&self, hash: u64) -> bool {
        self.words.known(hash) != 0
    }

    /// The lemma of a token that has its tag.
    pub(super) fn lemma(&self, norm: &str, token: &Token) -> Lemma<'_> {
        self.lemmas.lemma(norm, token.hash, token.tag, &self.words)
    }
}

/// Room for what is known of a sentence's tokens, used again for the next.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    cues: Vec<Cue>,
    open: Vec<Open>,
    /// The scores of their tags, as far as the tags before them do not count.
    sums: Vec<Row>,
}

/// A token whose word leaves its tag open.
#[derive(Debug)]
struct Open {
    at: usize,
    allowed: TagSet,
    /// Its features that do not hang on the tags before it.
    rows: [u16; N_AROUND],
}

/// Stands for the tag before the first token.
pub(super) const START: u8 = N_TAGS as u8;

/// The cues of a sentence, between two edges on either side.
pub(super) fn cues<'a>(sentence: &[Token], norm: impl Fn(&Token) -> &'a str, words: &Dictionary, cues: &mut Vec<Cue>) {
    let casing = Casing::of(sentence.iter().map(|token| (token.shape, norm(token).len())));
    cues.clear();
    cues.extend([Cue::EDGE; 2]);
    let mut spaced = true;
    for (i, token) in sentence.iter().enumerate() {
        cues.push(Cue::new(token, norm(token), casing, i == 0, spaced, words.known(token.hash)));
        spaced = token.shape.has(Shape::SPACE_AFTER);
    }
    cues.extend([Cue::EDGE; 2]);
}

/// Token `i` of a sentence with two neighbours on either side.
pub(super) fn window(cues: &[Cue], i: usize) -> &[Cue; 5] {
    cues.get(i..).and_then(<[Cue]>::first_chunk).unwrap_or(&[Cue::EDGE; 5])
}

/// [`best`] for the table's own numbers, without a branch at each of them.
fn best_of(scores: &Row, allowed: TagSet) -> Tag {
    if !allowed.is_empty() {
        return best(scores, allowed);
    }
    let scores = &scores[1..N_TAGS];
    let most = scores.iter().copied().fold(i16::MIN, i16::max);
    scores.iter().position(|&score| score == most).and_then(|at| Tag::ALL.get(at + 1)).copied().unwrap_or(Tag::NN)
}

/// The tag with the highest score among the allowed ones; the first of equals.
pub(super) fn best<T: PartialOrd + Copy>(scores: &[T], allowed: TagSet) -> Tag {
    let allowed = if allowed.is_empty() { TagSet(u64::MAX) } else { allowed };
    let candidates = scores.iter().zip(Tag::ALL).skip(1).filter(|&(_, &tag)| allowed.has(tag));
    candidates.reduce(|best, next| if next.0 > best.0 { next } else { best }).map_or(Tag::NN, |(_, &tag)| tag)
}
