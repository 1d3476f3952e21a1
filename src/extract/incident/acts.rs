//! Which acts of the text somebody is blamed for: the one that the act's noun tells, all of late for "the attacks", else the one told last.

use super::Incident;
use super::blame::Blame;
use super::kind::{Family, family};
use crate::extract::Analysis;
use crate::text::{Tag, TokenSpan};

/// Acts told so many sentences before are still "the attacks".
const LATE: usize = 5;

/// The acts of violence of a text, in the orders in which they are asked for.
pub struct Acts {
    /// Their first words, by start; each with how far those up to it reach, and the one told last among them.
    triggers: Vec<Told>,
    /// Sentences that tell one in the foreground, by sentence.
    sentences: Vec<(usize, usize)>,
    /// The first of them.
    first: Option<usize>,
}

struct Told {
    tokens: TokenSpan,
    incident: usize,
    /// End of the words up to these that reaches furthest.
    reach: u32,
    /// The greatest of (foreground, start, incident) up to here.
    last: (bool, u32, usize),
}

impl Acts {
    /// Those of this text.
    pub fn of(a: &Analysis<'_>) -> Self {
        let violent = |i: &Incident| matches!(family(&i.kind), Family::Violence | Family::Abduction | Family::Property);
        let all = || a.incidents.iter().enumerate().filter(|(_, i)| violent(i));
        let told = |(incident, i): (usize, &Incident)| {
            let foreground = !i.background;
            let of = move |tokens: TokenSpan| Told { tokens, incident, reach: tokens.end, last: (foreground, tokens.start, incident) };
            i.triggers.iter().map(|t| t.0).map(of).collect::<Vec<_>>()
        };
        let mut triggers: Vec<Told> = all().flat_map(told).collect();
        triggers.sort_by_key(|t| t.tokens.start);
        for at in 1..triggers.len() {
            let (reach, last) = (triggers[at - 1].reach, triggers[at - 1].last);
            triggers[at].reach = triggers[at].reach.max(reach);
            triggers[at].last = triggers[at].last.max(last);
        }
        let mut sentences: Vec<(usize, usize)> = all().filter(|(_, i)| !i.background).flat_map(|(n, i)| i.sentences.iter().map(move |&s| (s, n))).collect();
        sentences.sort_unstable();
        Self { triggers, sentences, first: all().map(|(n, _)| n).next() }
    }

    /// Those that somebody is blamed for, by index, in order.
    pub fn blamed(&self, a: &Analysis<'_>, blame: &Blame) -> Vec<usize> {
        if let Some(act) = blame.act {
            let told = in_order(self.told_in(a.nouns[act].tokens));
            if !told.is_empty() {
                return told;
            }
            if a.doc.tag(a.nouns[act].head) == Tag::NNS {
                let sentence = a.doc.sentence_of(blame.at as usize);
                let from = self.sentences.partition_point(|(s, _)| s + LATE < sentence);
                return in_order(self.sentences[from..].iter().take_while(|(s, _)| *s <= sentence).map(|(_, n)| *n));
            }
        }
        let before = self.triggers.partition_point(|t| t.tokens.start < blame.at);
        let last = before.checked_sub(1).map(|at| self.triggers[at].last.2);
        // "The LTTE is suspected in …": the accusation may come first.
        last.or(self.first).into_iter().collect()
    }

    /// Those some of whose words are among these.
    fn told_in(&self, tokens: TokenSpan) -> impl Iterator<Item = usize> {
        let from = self.triggers.partition_point(|t| t.reach <= tokens.start);
        self.triggers[from..].iter().take_while(move |t| t.tokens.start < tokens.end).filter(move |t| t.tokens.overlaps(tokens)).map(|t| t.incident)
    }
}

fn in_order(incidents: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut list: Vec<usize> = incidents.collect();
    list.sort_unstable();
    list.dedup();
    list
}
