//! Relations told by words in a row: "X, the leader of Y", "Y leader X", "Y, led by X".

use super::Found;
use super::argument::{self, Actors, Argument, Is};
use crate::extract::Analysis;
use crate::lexicon::relations::{Element, RelationPattern};
use crate::text::{Tag, TokenSpan};

/// How many words `~` stands for at most.
const MOST_MODIFIERS: usize = 4;

/// What stands for the relation's subject and object so far.
#[derive(Clone, Copy, Default)]
struct Bound<'s> {
    subject: Option<Side<'s>>,
    object: Option<Side<'s>>,
}

/// One side of the relation, not yet written out: most attempts come to nothing.
#[derive(Clone, Copy)]
enum Side<'s> {
    Actor(&'s Argument),
    Described(TokenSpan),
    Place(usize),
}

impl Side<'_> {
    fn argument(self, a: &Analysis<'_>) -> Argument {
        match self {
            Self::Actor(actor) => actor.clone(),
            Self::Described(tokens) => argument::described(a, tokens),
            Self::Place(place) => argument::of_place(a, place),
        }
    }
}

/// Adds what a form finds in a sentence.
pub fn find(a: &Analysis<'_>, actors: &Actors<'_, '_>, pattern: &RelationPattern, form: &[Element], sentence: TokenSpan, found: &mut Vec<Found>) {
    let Some(first) = form.first() else { return };
    // Actors begin at few tokens of a sentence: where the form begins with one, only those are tried.
    let begins_with_actor = matches!(first, Element::X | Element::Y);
    let actors_from = actors.beginnings_in(sentence).take_while(|_| begins_with_actor);
    let others_from = sentence.range().take_while(|_| !begins_with_actor);
    for start in actors_from.chain(others_from) {
        if !may_start(a, first, start) {
            continue;
        }
        let Some((end, bound)) = match_from(a, actors, form, start, sentence.end as usize, Bound::default()) else { continue };
        let fixed = pattern.fixed_object.as_ref().map(|name| {
            let tokens = TokenSpan::one(start);
            actors.home(tokens).unwrap_or_else(|| Argument { name: name.clone(), tokens, named: true, is: Is::Body })
        });
        // "banned Y": the name is the subject, the word the object.
        let argument = |side: Option<Side<'_>>| side.map(|s| s.argument(a));
        let (subject, object) = if fixed.is_some() { (argument(bound.object), fixed) } else { (argument(bound.subject), argument(bound.object)) };
        let (Some(subject), Some(object)) = (subject, object) else { continue };
        if pattern.named && !(subject.named && object.named) || pattern.person && (subject.is != Is::Person || object.is != Is::Body) {
            continue;
        }
        found.push(Found { subject, relation: pattern.relation.clone(), object, tokens: TokenSpan::new(start, end), confidence: 0.85 });
    }
}

/// A cheap look before matching: slots begin where a mention or name begins, words where they stand.
fn may_start(a: &Analysis<'_>, element: &Element, i: usize) -> bool {
    match element {
        Element::Words { any, .. } => any.has_form(&a.doc, i),
        Element::Head(heads) => a.noun_at(i).is_some_and(|n| a.nouns[n].tokens.start as usize == i && heads.has_lemma(&a.doc, a.nouns[n].head)),
        _ => {
            a.doc.tag(i).is_noun()
                || a.doc.tag(i) == Tag::DT
                || a.doc.tag(i).is_adjective()
                || matches!(a.doc.tag(i), Tag::PRP | Tag::PRPS | Tag::WPS | Tag::CD)
        }
    }
}

fn match_from<'s>(a: &Analysis<'_>, actors: &'s Actors<'_, '_>, form: &[Element], at: usize, end: usize, bound: Bound<'s>) -> Option<(usize, Bound<'s>)> {
    let Some((element, rest)) = form.split_first() else { return Some((at, bound)) };
    let go_on = |next: usize, bound: Bound<'s>| match_from(a, actors, rest, next, end, bound);
    match element {
        Element::Words { any, optional } => {
            let said = (at < end && any.has_form(&a.doc, at)).then(|| go_on(at + 1, bound)).flatten();
            said.or_else(|| if *optional { go_on(at, bound) } else { None })
        }
        Element::Modifiers => (0..=MOST_MODIFIERS).take_while(|&n| n == 0 || at + n <= end && is_modifier(a, at + n - 1)).find_map(|n| go_on(at + n, bound)),
        Element::Head(heads) => {
            let group = &a.nouns[a.noun_at(at)?];
            if group.tokens.start as usize != at || !heads.has_lemma(&a.doc, group.head) {
                return None;
            }
            let (last, mut done) = go_on(group.tokens.end as usize, bound)?;
            done.subject = Some(Side::Described(TokenSpan::new(at, last)));
            Some((last, done))
        }
        Element::X | Element::Y => actors.from(at).iter().filter(|x| x.tokens.end as usize <= end).find_map(|actor| {
            let next = actor.tokens.end as usize;
            // "who led the government's team": the owner of something else
            if rest.is_empty() && a.doc.tag(next) == Tag::POS {
                return None;
            }
            let side = Some(Side::Actor(actor));
            go_on(next, if *element == Element::X { Bound { subject: side, ..bound } } else { Bound { object: side, ..bound } })
        }),
        Element::Place => {
            let place = argument::place_from(a, at)?;
            go_on(a.places[place].tokens.end as usize, Bound { object: Some(Side::Place(place)), ..bound })
        }
    }
}

fn is_modifier(a: &Analysis<'_>, i: usize) -> bool {
    let tag = a.doc.tag(i);
    tag.is_noun()
        || tag.is_adjective()
        || tag.is_adverb()
        || matches!(tag, Tag::DT | Tag::PRPS | Tag::VBN | Tag::VBG | Tag::CD | Tag::Hyphen | Tag::CC | Tag::POS)
        || a.doc.word(i) == "'s"
}
