//! Whether a text can tell of an incident at all, by its words alone: asked before anything is parsed.
//!
//! A frame needs the words of a trigger's name in one sentence (`src/extract/incident/keys.rs`, `nominal.rs`), and what the trigger asks
//! for besides (`frame.rs`): a weapon, somebody armed, talk of violence nearby. Each word counts with every lemma that some tag could give
//! it, and what cannot be seen without parsing counts as there, so that no text is ruled out that would yield an incident.

use super::Lexicon;
use super::terms::TermKind;
use super::trie::Entry;
use super::triggers::{ArgumentClass, CASUALTY_WORDS, Effect, Trigger, Triggers};
use crate::text::{Document, Forms, Shape, TextModel, TokenSpan};
use std::collections::BTreeMap;

/// The names of all triggers, taken apart into words.
#[derive(Debug, Default)]
pub struct Tellers {
    forms: Forms,
    /// What each word is, by number.
    words: Vec<Word>,
}

/// A word of some names.
#[derive(Clone, Debug, Default)]
struct Word {
    /// The names that begin with it.
    names: Vec<Name>,
    /// What it says of its sentence.
    signs: Signs,
}

/// The name of a trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Name {
    /// Its words but the first, by number.
    rest: Vec<u16>,
    needs: Needs,
}

/// What a trigger asks for besides its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Needs {
    /// A means: a weapon in the sentence.
    means: bool,
    /// One of these signs for the one who does it; none where nobody is asked for, or anybody will do.
    subject: Signs,
    /// One of these signs for what it is done to; none where nothing is asked for, or nothing that words show.
    object: Signs,
    /// Talk of violence nearby.
    conflict: bool,
}

/// What the words of a sentence show, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Signs(u8);

impl Signs {
    const WEAPON: Self = Self(1);
    const SITE: Self = Self(1 << 1);
    const MILITANT: Self = Self(1 << 2);
    const SECURITY: Self = Self(1 << 3);
    /// "it", which may be an armed group.
    const IT: Self = Self(1 << 4);
    /// A noun of a trigger.
    const EVENT: Self = Self(1 << 5);
    /// Armed people, weapons, casualties.
    const CONFLICT: Self = Self(1 << 6);

    /// What shows somebody or something of these classes; nothing where words cannot show it.
    fn of(classes: &[ArgumentClass]) -> Self {
        let mut signs = Self::default();
        for class in classes {
            signs.add(match class {
                ArgumentClass::Militant => Self::MILITANT,
                ArgumentClass::Security => Self::SECURITY,
                ArgumentClass::Armed => Self(Self::MILITANT.0 | Self::SECURITY.0),
                ArgumentClass::Weapon | ArgumentClass::Explosive => Self::WEAPON,
                ArgumentClass::Site | ArgumentClass::Vehicle => Self(Self::SITE.0 | Self::IT.0),
                ArgumentClass::Event => Self::EVENT,
                ArgumentClass::It => Self::IT,
                ArgumentClass::Nothing => Self::default(),
                ArgumentClass::Human | ArgumentClass::Nonmilitant | ArgumentClass::Place | ArgumentClass::Any => return Self::default(),
            });
        }
        signs
    }

    fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Sentences at most so far away tell whether there is a conflict: further ones have other things to tell.
pub const NEAR: usize = 4;

impl Tellers {
    /// Those of these triggers.
    pub(super) fn of(triggers: &Triggers, model: &TextModel) -> Self {
        let mut numbers = Numbers::default();
        for trigger in triggers.iter() {
            for verb in &trigger.verbs {
                numbers.add(verb.split('_'), Needs::of_verb(trigger));
            }
            for noun in &trigger.nouns {
                // The last word says most: "suicide bombing" is looked for where there is a bombing.
                let needs = Needs { conflict: trigger.needs_conflict, ..Needs::default() };
                let last = numbers.add(noun.split([' ', '-']).rev(), needs);
                // Only a noun of one word is an event that another trigger may ask for.
                if !noun.contains([' ', '-']) {
                    last.signs.add(Signs::EVENT);
                    if trigger.tells_clearly() {
                        last.signs.add(Signs::CONFLICT);
                    }
                }
            }
        }
        CASUALTY_WORDS.iter().for_each(|word| numbers.word(word).1.signs.add(Signs::CONFLICT));
        numbers.word("it").1.signs.add(Signs::IT);
        let forms = Forms::of(numbers.by_word.iter().flat_map(|(part, &number)| written(part).map(move |word| (word, number))), model);
        Self { forms, words: numbers.words }
    }
}

impl Needs {
    fn of_verb(trigger: &Trigger) -> Self {
        let mut subject = if trigger.needs_subject { Signs::of(&trigger.subject) } else { Signs::default() };
        // "The BLA … It bombed the railway."
        if subject != Signs::default() && trigger.weight >= 2 {
            subject.add(Signs::IT);
        }
        // A passive may leave out what it is done to, unless that is an act ("foiled an attack"); whom gunmen hit need not be known by a word.
        let is_known = |class: &ArgumentClass| !matches!(class, ArgumentClass::Nothing | ArgumentClass::Site);
        let counts = !matches!(trigger.effect, Effect::Killed | Effect::Injured) && !trigger.intransitive;
        let named = counts && trigger.object.contains(&ArgumentClass::Event) && trigger.object.iter().all(is_known);
        let object = if named { Signs::of(&trigger.object) } else { Signs::default() };
        Self { means: trigger.from_means, subject, object, conflict: trigger.needs_conflict }
    }
}

/// Words that are being numbered.
#[derive(Default)]
struct Numbers {
    by_word: BTreeMap<String, u16>,
    words: Vec<Word>,
}

impl Numbers {
    fn word(&mut self, word: &str) -> (u16, &mut Word) {
        let next = self.words.len() as u16;
        let number = *self.by_word.entry(word.to_owned()).or_insert(next);
        if number == next {
            self.words.push(Word::default());
        }
        (number, &mut self.words[usize::from(number)])
    }

    /// Adds a name and returns its first word.
    fn add<'w>(&mut self, parts: impl Iterator<Item = &'w str>, needs: Needs) -> &mut Word {
        let parts: Vec<u16> = parts.map(|part| self.word(part).0).collect();
        let first = &mut self.words[parts.first().map_or(0, |&first| usize::from(first))];
        let name = Name { rest: parts.get(1..).unwrap_or(&[]).to_vec(), needs };
        if !first.names.contains(&name) {
            first.names.push(name);
        }
        first
    }
}

/// The words that stand in texts for a part of a trigger's name, as `src/extract/incident/keys.rs` puts such names together.
fn written(part: &str) -> impl Iterator<Item = &str> {
    let others: &[&str] = match part {
        "on" => &["at", "upon"],
        "into" => &["onto"],
        "oneself" => &["himself", "herself", "themselves", "itself"],
        "dead" => &["killed"],
        "injured" => &["wounded", "hurt"],
        _ => &[],
    };
    std::iter::once(part).chain(others.iter().copied())
}

impl Lexicon {
    /// Whether the words of a text, which needs no tags, leave it open that it tells of an incident.
    pub fn may_tell(&self, doc: &Document<'_>) -> bool {
        let words = &self.tellers.words;
        // The last sentence that had each word, counted from 1.
        let mut seen = vec![0; words.len()];
        let mut here = Vec::new();
        let mut signs = Vec::with_capacity(doc.sentences().len());
        let mut open: Vec<(usize, Needs)> = Vec::new();
        for (sentence, tokens) in doc.sentences().iter().enumerate() {
            here.clear();
            let mut shown = Signs::default();
            for i in tokens.range() {
                self.tellers.forms.each(doc, i, &self.text, |number| {
                    let number = usize::from(number);
                    if seen[number] <= sentence {
                        seen[number] = sentence + 1;
                        shown.add(words[number].signs);
                        here.push(number);
                    }
                });
            }
            signs.push(shown);
            let is_there = |name: &&Name| name.rest.iter().all(|&word| seen[usize::from(word)] == sentence + 1);
            for name in here.iter().flat_map(|&word| &words[word].names).filter(is_there) {
                if name.needs == Needs::default() {
                    return true;
                }
                open.push((sentence, name.needs));
            }
        }
        if open.is_empty() {
            return false;
        }
        let mut wanted = vec![false; signs.len()];
        for &(sentence, _) in &open {
            wanted[sentence.saturating_sub(NEAR)..signs.len().min(sentence + NEAR + 1)].fill(true);
        }
        self.add_signs(doc, &wanted, &mut signs);
        open.iter().any(|&(sentence, needs)| {
            let around = |n: usize| &signs[sentence.saturating_sub(n)..signs.len().min(sentence + n + 1)];
            // "Forty-one of them surrendered": whom the sentence before named.
            let is_there = |asked: Signs| asked == Signs::default() || signs[sentence].has_any(asked) || around(1)[0].0 & asked.0 & Signs::MILITANT.0 != 0;
            (!needs.means || signs[sentence].has_any(Signs::WEAPON))
                && is_there(needs.subject)
                && is_there(needs.object)
                && (!needs.conflict || around(NEAR).iter().any(|s| s.has_any(Signs::CONFLICT)))
        })
    }

    /// Adds what names and terms say of the sentences that are wanted.
    fn add_signs(&self, doc: &Document<'_>, wanted: &[bool], signs: &mut [Signs]) {
        let mut add = |start: usize, entry: Entry| {
            let of = &mut signs[doc.sentence_of(start)];
            if self.speaks_of_conflict(entry) {
                of.add(Signs::CONFLICT);
            }
            match entry {
                Entry::Term(index) => {
                    let Some(term) = self.terms.get(index) else { return };
                    match term.kind {
                        TermKind::Weapon => of.add(Signs::WEAPON),
                        TermKind::Site => of.add(Signs::SITE),
                        TermKind::People if term.is_militant() => of.add(Signs::MILITANT),
                        TermKind::People if term.is_of_security() => of.add(Signs::SECURITY),
                        TermKind::People | TermKind::Title => {}
                    }
                }
                Entry::Actor(index) => {
                    let Some(actor) = self.actors.get(index) else { return };
                    if actor.is_armed() {
                        of.add(Signs::MILITANT);
                    } else if actor.is_of_security() {
                        of.add(Signs::SECURITY);
                    }
                }
                _ => {}
            }
        };
        let mut walk = |silent: &dyn Fn(usize) -> bool| {
            let sentences = doc.sentences().iter().zip(wanted).filter(|(_, wanted)| **wanted);
            for start in sentences.flat_map(|(tokens, _)| tokens.range()) {
                self.trie.matches_over(doc, start, &silent, &mut |end, entry, case| {
                    if case.admits_over(doc, TokenSpan::new(start, end), &silent) {
                        add(start, entry);
                    }
                });
            }
        };
        walk(&|i| matches!(doc.word(i), "-" | "'"));
        // Which other signs are hyphens inside a name the tagger would tell: dashes and the like.
        let is_sign = |i: usize| doc.token(i).shape.has(Shape::PUNCTUATION);
        let plain = |i: usize| matches!(doc.word(i), "," | "." | "\"" | "'" | "-" | "(" | ")" | "'s" | "?" | "!" | ":" | ";" | "$" | "%" | "[" | "]");
        if (0..doc.len()).any(|i| is_sign(i) && !plain(i)) {
            walk(&is_sign);
        }
    }
}
