//! Training and measuring the tagger. Pure: text in, tagger out; the same sentences, epochs and seed give the same bytes.

use super::dictionary::{Dictionary, Entry};
use super::feature::{Cue, N_ROWS, rows_after, rows_around};
use super::lemma::{Exception, Lemmas, class};
use super::normal::append;
use super::tagger::{MAX_WEIGHT, N_TAGS, Row, START, Scratch, Weights, best, cues, window};
use super::universal::{Tagged, universal};
use super::{Shape, Span, Tag, TagSet, Tagger, Token, word_hash};
use std::collections::BTreeMap;

/// A token of a treebank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// As it stands in the text.
    pub form: String,
    /// Its lemma; `_` where the treebank gives none.
    pub lemma: String,
    /// Universal tag.
    pub universal: String,
    /// Penn tag.
    pub label: String,
    /// Whether a blank follows.
    pub space_after: bool,
}

/// A sentence of a treebank.
pub type Sentence = Vec<Word>;

/// Reads a treebank: tab-separated, one token a line (id, form, lemma, universal tag, Penn tag, head, relation, `N` where no space follows),
/// a blank line between sentences; lines that start with `#` or have fewer columns are passed over.
pub fn read_treebank(text: &str) -> Vec<Sentence> {
    let mut sentences = vec![Sentence::new()];
    for line in text.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        match (columns.as_slice(), sentences.last_mut()) {
            ([_, form, lemma, universal, label, _, _, glue], Some(sentence)) => sentence.push(Word {
                form: (*form).to_owned(),
                lemma: (*lemma).to_owned(),
                universal: (*universal).to_owned(),
                label: (*label).to_owned(),
                space_after: *glue != "N",
            }),
            _ if line.is_empty() => sentences.push(Sentence::new()),
            _ => {}
        }
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

/// Trains a tagger: `epochs` passes over the sentences and over copies of a part of them with their capitals changed, shuffled by `seed`.
///
/// Eight perceptrons are trained in turn, each on its own order of the sentences, and their weights averaged: two passes each measured better
/// on news (XPOS 95.3 on PUD) than one perceptron of any number of passes (95.1).
pub fn train(sentences: &[Sentence], epochs: usize, seed: u64) -> Tagger {
    let words = Dictionary::new(entries(sentences));
    let mut random = Random(seed | 1);
    let mut examples = examples(sentences, &words, &mut random);
    let mut sums = Sums::new();
    for _ in 0..N_PERCEPTRONS {
        let mut trainer = Trainer::new();
        for _ in 0..epochs {
            random.shuffle(&mut examples);
            for example in &examples {
                trainer.learn(example);
            }
        }
        sums.add(trainer);
    }
    let exceptions = exceptions(sentences, &words);
    Tagger { weights: Weights::of(&sums.average()), words, lemmas: Lemmas::new(&exceptions), exceptions }
}

/// Shares of right answers, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// Tokens measured.
    pub n_tokens: usize,
    /// Penn tags.
    pub xpos: f64,
    /// Universal tags, derived from Penn tag and lemma.
    pub upos: f64,
    /// Lemmas (lower case).
    pub lemma: f64,
}

/// Measures a tagger on gold tokens; `change` may change the letters of each form first (`str::to_uppercase`).
pub fn evaluate(tagger: &Tagger, sentences: &[Sentence], change: impl Fn(&str) -> String) -> Score {
    let (mut n_tokens, mut n_xpos, mut n_upos, mut n_lemmas) = (0usize, 0usize, 0usize, 0usize);
    let mut scratch = Scratch::default();
    for sentence in sentences {
        let forms = sentence.iter().map(|word| (change(&word.form), word.space_after));
        let (mut tokens, arena) = tokens(forms);
        tagger.tag(&mut tokens, |token| norm(&arena, token), |_| TagSet::default(), &mut scratch);
        n_tokens += tokens.len();
        let lemmas: Vec<String> = tokens.iter().map(|token| lemma(tagger, norm(&arena, token), token)).collect();
        let tagged: Vec<Tagged<'_>> = tokens.iter().zip(&lemmas).map(|(token, lemma)| Tagged { word: norm(&arena, token), lemma, tag: token.tag }).collect();
        for (i, word) in sentence.iter().enumerate() {
            n_xpos += usize::from(tokens[i].tag.label() == word.label);
            n_upos += usize::from(universal(&tagged, i) == word.universal);
            n_lemmas += usize::from(lemmas[i] == normal(&word.lemma));
        }
    }
    let share = |n: usize| n as f64 / n_tokens.max(1) as f64;
    Score { n_tokens, xpos: share(n_xpos), upos: share(n_upos), lemma: share(n_lemmas) }
}

#[doc(hidden)]
pub fn errors(tagger: &Tagger, sentences: &[Sentence]) -> Vec<(String, String, String, String)> {
    let mut out = Vec::new();
    let mut scratch = Scratch::default();
    for sentence in sentences {
        let (mut tokens, arena) = tokens(sentence.iter().map(|word| (word.form.clone(), word.space_after)));
        tagger.tag(&mut tokens, |token| norm(&arena, token), |_| TagSet::default(), &mut scratch);
        for (i, (t, w)) in tokens.iter().zip(sentence).enumerate() {
            let l = lemma(tagger, norm(&arena, t), t);
            if l != normal(&w.lemma) {
                out.push((w.form.clone(), "LEMMA".into(), "X".into(), format!("{} {} {l} {}", w.label, t.tag.label(), w.lemma)));
            }
            if t.tag.label() != w.label {
                let ctx = sentence[i.saturating_sub(2)..(i + 2).min(sentence.len())].iter().map(|w| w.form.as_str()).collect::<Vec<_>>().join(" ");
                out.push((w.form.clone(), w.label.clone(), t.tag.label().to_owned(), ctx));
            }
        }
    }
    out
}

/// Perceptrons whose weights are averaged.
const N_PERCEPTRONS: usize = 8;
/// Words seen this often with one tag only get it unseen.
const SURE_FROM: u32 = 100;

fn normal(form: &str) -> String {
    let mut arena = String::new();
    let ((start, length), ..) = append(form, &mut arena);
    arena[start as usize..][..usize::from(length)].to_owned()
}

fn lemma(tagger: &Tagger, norm: &str, token: &Token) -> String {
    let lemma = tagger.lemma(norm, token);
    [&norm[..lemma.keep], lemma.add].concat()
}

/// Lemmas that the rules miss: those of a word and class that the treebank gives more than once, and more often than any other.
fn exceptions(sentences: &[Sentence], words: &Dictionary) -> Vec<Exception> {
    let mut counts: BTreeMap<(String, Tag), BTreeMap<String, u32>> = BTreeMap::new();
    for word in sentences.iter().flatten() {
        if let Some(class) = class(Tag::from_label(&word.label)).filter(|_| word.lemma != "_") {
            *counts.entry((normal(&word.form), class)).or_default().entry(normal(&word.lemma)).or_default() += 1;
        }
    }
    let by_hand = Lemmas::new(&[]);
    let exception = |((word, class), lemmas): ((String, Tag), BTreeMap<String, u32>)| {
        let (lemma, n) = lemmas.into_iter().max_by_key(|&(_, n)| n)?;
        let rule = by_hand.lemma(&word, word_hash(&word), class, words);
        (n >= 2 && [&word[..rule.keep], rule.add].concat() != lemma).then_some(Exception { word, class, lemma })
    };
    counts.into_iter().filter_map(exception).collect()
}

fn entries(sentences: &[Sentence]) -> Vec<Entry> {
    let mut counts: BTreeMap<String, BTreeMap<Tag, u32>> = BTreeMap::new();
    for word in sentences.iter().flatten() {
        *counts.entry(normal(&word.form)).or_default().entry(Tag::from_label(&word.label)).or_default() += 1;
    }
    let entry = |(word, tags): (String, BTreeMap<Tag, u32>)| {
        let total: u32 = tags.values().sum();
        let (&top, &n_top) = tags.iter().max_by_key(|&(_, &n)| n)?;
        // A tag seen once in a hundred is a slip of the annotator.
        let common: Vec<Tag> = tags.iter().filter(|&(_, &n)| n * 100 >= total).map(|(&tag, _)| tag).collect();
        let sure = (total >= SURE_FROM && n_top * 1000 >= total * 997).then_some(top);
        let is_number = word.bytes().any(|b| b.is_ascii_digit());
        (total >= 3 && !is_number).then(|| Entry { word, tags: TagSet::of(&common), sure })
    };
    counts.into_iter().filter_map(entry).collect()
}

/// A sentence ready for learning: cues between edges, and the right tags.
struct Example {
    cues: Vec<Cue>,
    sure: Vec<Option<Tag>>,
    gold: Vec<Tag>,
}

/// All sentences, and copies without their capitals' help: a third in upper case, a tenth in lower case, a tenth as headlines.
fn examples(sentences: &[Sentence], words: &Dictionary, random: &mut Random) -> Vec<Example> {
    let mut examples = Vec::with_capacity(sentences.len() * 3 / 2);
    for sentence in sentences {
        examples.push(example(sentence, words, str::to_owned));
        match random.below(30) {
            0..10 => examples.push(example(sentence, words, str::to_uppercase)),
            10..13 => examples.push(example(sentence, words, str::to_lowercase)),
            13..16 => examples.push(example(sentence, words, headline)),
            _ => {}
        }
    }
    examples
}

/// A word as headlines write it.
fn headline(form: &str) -> String {
    match form.chars().next() {
        Some(first) if form.len() > 3 => first.to_uppercase().chain(form.chars().skip(1)).collect(),
        _ => form.to_owned(),
    }
}

fn example(sentence: &Sentence, words: &Dictionary, change: impl Fn(&str) -> String) -> Example {
    let (tokens, arena) = tokens(sentence.iter().map(|word| (change(&word.form), word.space_after)));
    let mut scratch = Vec::new();
    cues(&tokens, |token| norm(&arena, token), words, &mut scratch);
    Example {
        cues: scratch,
        sure: tokens.iter().map(|token| words.sure(token.hash)).collect(),
        gold: sentence.iter().map(|word| Tag::from_label(&word.label)).collect(),
    }
}

/// Tokens of given forms, as reading a text would make them.
fn tokens(forms: impl Iterator<Item = (String, bool)>) -> (Vec<Token>, String) {
    let mut arena = String::new();
    let tokens = forms.map(|(form, space_after)| {
        let (norm, hash, shape) = append(&form, &mut arena);
        let shape = if space_after { shape.with(Shape::SPACE_AFTER) } else { shape };
        Token { span: Span::default(), norm, lemma: norm, hash, lemma_hash: hash, tag: Tag::X, shape }
    });
    (tokens.collect(), arena)
}

fn norm<'a>(arena: &'a str, token: &Token) -> &'a str {
    let start = token.norm.0 as usize;
    &arena[start..start + usize::from(token.norm.1)]
}

/// An averaged perceptron (Collins 2002): sums of all weights over time are kept lazily, by the time of the last change.
struct Trainer {
    weights: Vec<[i32; N_TAGS]>,
    sums: Vec<[i64; N_TAGS]>,
    changed: Vec<[u32; N_TAGS]>,
    now: u32,
}

impl Trainer {
    fn new() -> Self {
        Self { weights: vec![[0; N_TAGS]; N_ROWS], sums: vec![[0; N_TAGS]; N_ROWS], changed: vec![[0; N_TAGS]; N_ROWS], now: 1 }
    }

    fn learn(&mut self, example: &Example) {
        let (mut before, mut before2) = (START, START);
        for (i, &gold) in example.gold.iter().enumerate() {
            let guess = match example.sure[i] {
                Some(tag) => tag,
                None => {
                    let around = window(&example.cues, i);
                    let rows = [rows_around(around).as_slice(), &rows_after(around, before, before2)].concat();
                    let mut scores = [0; N_TAGS];
                    for &row in &rows {
                        for (score, weight) in scores.iter_mut().zip(&self.weights[row as usize]) {
                            *score += weight;
                        }
                    }
                    let guess = best(&scores, TagSet::default());
                    self.now += 1;
                    if guess != gold && gold != Tag::X {
                        self.change(&rows, gold, 1);
                        self.change(&rows, guess, -1);
                    }
                    guess
                }
            };
            (before2, before) = (before, guess as u8);
        }
    }

    fn change(&mut self, rows: &[u16], tag: Tag, by: i32) {
        let column = tag as usize;
        for &row in rows {
            let row = usize::from(row);
            self.sums[row][column] += i64::from(self.weights[row][column]) * i64::from(self.now - self.changed[row][column]);
            self.changed[row][column] = self.now;
            self.weights[row][column] += by;
        }
    }
}

/// The averages of several perceptrons, added up.
struct Sums {
    sums: Vec<[i64; N_TAGS]>,
    /// Examples that they learned from, which the sums are to be divided by.
    time: i64,
}

impl Sums {
    fn new() -> Self {
        Self { sums: vec![[0; N_TAGS]; N_ROWS], time: 0 }
    }

    fn add(&mut self, trainer: Trainer) {
        for (row, sums) in self.sums.iter_mut().enumerate() {
            for (column, sum) in sums.iter_mut().enumerate() {
                let unchanged_for = i64::from(trainer.now - trainer.changed[row][column]);
                *sum += trainer.sums[row][column] + i64::from(trainer.weights[row][column]) * unchanged_for;
            }
        }
        self.time += i64::from(trainer.now);
    }

    /// The average weights in steps of an eighth, small ones dropped.
    fn average(&self) -> Vec<Row> {
        let scaled = |sum: i64| {
            let weight = (sum * SCALE / self.time.max(1)).clamp(-i64::from(MAX_WEIGHT), i64::from(MAX_WEIGHT)) as i16;
            if weight.unsigned_abs() < DROP_BELOW { 0 } else { weight }
        };
        self.sums.iter().map(|row| std::array::from_fn(|column| row.get(column).map_or(0, |&sum| scaled(sum)))).collect()
    }
}

/// Steps of a stored weight in one step of training.
const SCALE: i64 = 8;
/// Stored weights below this are dropped.
const DROP_BELOW: u16 = 2;

/// xorshift64*: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 33) % n
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i as u64 + 1) as usize);
        }
    }
}
