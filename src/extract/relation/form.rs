//! Relations told by words in a row: "X, the leader of Y", "Y leader X", "Y, led by X".

use super::Found;
use super::argument::{self, Actors, Argument, Is};
use crate::extract::Analysis;
use crate::lexicon::relations::{Element, RelationPattern};
use crate::text::{Tag, TokenSpan};

/// How many words `~` stands for at most.
const MOST_MODIFIERS: usize = 4;

#[derive(Clone, Default)]
struct Bound {
    subject: Option<Argument>,
    object: Option<Argument>,
}

/// Adds what the pattern's forms find.
pub fn find(a: &Analysis<'_>, actors: &Actors, pattern: &RelationPattern, found: &mut Vec<Found>) {
    let home = pattern.fixed_object.as_ref().and_then(|_| super::office::home(a, TokenSpan::default()));
    for form in &pattern.forms {
        for sentence in a.doc.sentences() {
            for start in sentence.range() {
                if !may_start(a, &form[0], start) {
                    continue;
                }
                let Some((end, bound)) = match_from(a, actors, form, start, sentence.end as usize, Bound::default()) else { continue };
                let fixed = pattern.fixed_object.as_ref().map(|name| {
                    home.clone().map(|h| Argument { tokens: TokenSpan::one(start), ..h }).unwrap_or_else(|| Argument {
                        name: name.clone(),
                        tokens: TokenSpan::one(start),
                        named: true,
                        is: Is::Body,
                    })
                });
                // "banned Y": the name is the subject, the word the object.
                let (subject, object) = if fixed.is_some() { (bound.object, fixed) } else { (bound.subject, bound.object) };
                let (Some(subject), Some(object)) = (subject, object) else { continue };
                if pattern.named && !(subject.named && object.named) || pattern.person && (subject.is != Is::Person || object.is != Is::Body) {
                    continue;
                }
                found.push(Found { subject, relation: pattern.relation.clone(), object, tokens: TokenSpan::new(start, end), confidence: 0.85 });
            }
        }
    }
}

/// A cheap look before matching: slots begin where a mention or name begins, words where they stand.
fn may_start(a: &Analysis<'_>, element: &Element, i: usize) -> bool {
    match element {
        Element::Words { any, .. } => is_word(a, any, i),
        Element::Head(heads) => a.noun_at(i).is_some_and(|n| a.nouns[n].tokens.start as usize == i && heads.iter().any(|h| h == a.doc.lemma(a.nouns[n].head))),
        _ => {
            a.doc.tag(i).is_noun()
                || a.doc.tag(i) == Tag::DT
                || a.doc.tag(i).is_adjective()
                || matches!(a.doc.tag(i), Tag::PRP | Tag::PRPS | Tag::WPS | Tag::CD)
        }
    }
}

fn match_from(a: &Analysis<'_>, actors: &Actors, form: &[Element], at: usize, end: usize, bound: Bound) -> Option<(usize, Bound)> {
    let Some((element, rest)) = form.split_first() else { return Some((at, bound)) };
    match element {
        Element::Words { any, optional } => {
            if at < end
                && is_word(a, any, at)
                && let Some(done) = match_from(a, actors, rest, at + 1, end, bound.clone())
            {
                return Some(done);
            }
            if *optional { match_from(a, actors, rest, at, end, bound) } else { None }
        }
        Element::Modifiers => (0..=MOST_MODIFIERS)
            .take_while(|&n| n == 0 || at + n <= end && is_modifier(a, at + n - 1))
            .find_map(|n| match_from(a, actors, rest, at + n, end, bound.clone())),
        Element::Head(heads) => {
            let group = &a.nouns[a.noun_at(at)?];
            if group.tokens.start as usize != at || !heads.iter().any(|h| h == a.doc.lemma(group.head)) {
                return None;
            }
            let (last, mut done) = match_from(a, actors, rest, group.tokens.end as usize, end, bound)?;
            done.subject = Some(argument::described(a, TokenSpan::new(at, last)));
            Some((last, done))
        }
        Element::X | Element::Y => actors.from(at).iter().filter(|x| x.tokens.end as usize <= end).find_map(|actor| {
            let mut bound = bound.clone();
            let next = actor.tokens.end as usize;
            // "who led the government's team": the owner of something else
            if rest.is_empty() && a.doc.tag(next) == Tag::POS {
                return None;
            }
            *(if *element == Element::X { &mut bound.subject } else { &mut bound.object }) = Some(actor.clone());
            match_from(a, actors, rest, next, end, bound)
        }),
        Element::Place => {
            let place = argument::place_from(a, at)?;
            let next = place.tokens.end as usize;
            match_from(a, actors, rest, next, end, Bound { object: Some(place), ..bound })
        }
    }
}

fn is_word(a: &Analysis<'_>, any: &[String], i: usize) -> bool {
    any.iter().any(|w| w == a.doc.word(i) || w == a.doc.lemma(i))
}

fn is_modifier(a: &Analysis<'_>, i: usize) -> bool {
    let tag = a.doc.tag(i);
    tag.is_noun()
        || tag.is_adjective()
        || tag.is_adverb()
        || matches!(tag, Tag::DT | Tag::PRPS | Tag::VBN | Tag::VBG | Tag::CD | Tag::Hyphen | Tag::CC | Tag::POS)
        || a.doc.word(i) == "'s"
}
