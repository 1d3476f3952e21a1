//! Groups without a name ("an affiliate of the banned TTP"), descriptions that refer back ("the group", "the Taliban supreme leader"), pronouns.

use super::draft::{Belongs, Draft, Drafts, Persons, Who};
use super::people::without_determiner;
use super::words::{Word, is_lemma, is_word};
use crate::extract::Analysis;
use crate::extract::analysis::{Determiner, MentionKind, NounGroup};
use crate::text::{Shape, Tag, TokenSpan};

/// Finds them. Runs before `people`, which leaves their heads alone.
pub(super) fn find(a: &Analysis<'_>, drafts: &mut Drafts) {
    let persons = drafts.persons();
    for group in &a.nouns {
        if drafts.is_taken(group.head) {
            continue;
        }
        let draft = derived(a, drafts, group).or_else(|| office(a, drafts, &persons, group)).or_else(|| group_word(a, drafts, group));
        if let Some(draft) = draft {
            drafts.group(draft);
        }
    }
    pronouns(a, drafts);
}

/// "an affiliate of the banned Tehreek-i-Taliban Pakistan (TTP)", "the Islamic State group's regional branch", "a group affiliated with the TTP".
fn derived(a: &Analysis<'_>, drafts: &Drafts, group: &NounGroup) -> Option<Draft> {
    let lemma = a.doc.lemma(group.head);
    if !is_lemma(a, group.head, Word::Derived) || a.doc.token(group.head).shape.has(Shape::CAPITAL) && a.doc.tag(group.head).is_proper() {
        return None;
    }
    let start = group.tokens.start as usize;
    let end = group.tokens.end as usize;
    let plain = is_lemma(a, group.head, Word::Group) && lemma != "faction";
    // Behind: "of X", "affiliated with X", "linked to X", "calling itself X", "led by X".
    let link = match a.doc.word(end) {
        "of" => (!plain).then_some(end + 1),
        "affiliated" | "linked" | "allied" | "aligned" | "associated" | "loyal" => Some(end + 2),
        "calling" if matches!(a.doc.word(end + 1), "itself" | "themselves") => Some(end + 2),
        "led" | "headed" | "commanded" if a.doc.word(end + 1) == "by" => Some(end + 2),
        "called" | "named" | "dubbed" => Some(end + 1),
        "known" if a.doc.word(end + 1) == "as" => Some(end + 2),
        _ => None,
    };
    let behind = link.and_then(|from| (from..from + 6).find(|&i| drafts.is_taken(i)).map(|i| (from, i)));
    if let Some((_, named)) = behind {
        let name = drafts.at(named)?;
        let stop = with_bracket(a, drafts, drafts.list[name].tokens.end as usize);
        return Some(unnamed(a, group, group.tokens.start as usize, stop, Some(drafts.list[name].tokens.start as usize)));
    }
    // Before: "the Islamic State group's regional branch", "a TTP faction"; "the TTP group" is the group itself.
    let owner = start.checked_sub(2).filter(|_| a.doc.tag(start - 1) == Tag::POS).and_then(|p| a.noun_at(p)).map(|n| a.nouns[n].tokens);
    let inside = (start..group.head).find(|&i| drafts.is_taken(i)).or_else(|| owner?.range().find(|&i| drafts.is_taken(i)))?;
    let from = owner.map_or(start, |t| t.start as usize);
    let name = drafts.at(inside)?;
    // "Maulvi Zarwali's group" is known by its leader alone.
    let led =
        drafts.list[name].kind == MentionKind::Person && owner.is_some() && matches!(lemma, "group" | "faction" | "gang" | "militia" | "outfit" | "network");
    if led {
        return Some(unnamed(a, group, from, end, Some(drafts.list[name].tokens.start as usize)));
    }
    let organisation = drafts.list[name].kind == MentionKind::Organisation && drafts.list[name].actor_type != "state.government";
    (organisation && !plain).then(|| unnamed(a, group, from, end, Some(drafts.list[name].tokens.start as usize)))
}

/// Takes the short form in brackets in: "(TTP)".
fn with_bracket(a: &Analysis<'_>, drafts: &Drafts, end: usize) -> usize {
    let closes = matches!(a.doc.word(end + 2), ")" | "]");
    if matches!(a.doc.word(end), "(" | "[") && drafts.is_taken(end + 1) && closes { end + 3 } else { end }
}

fn unnamed(a: &Analysis<'_>, group: &NounGroup, from: usize, end: usize, parent: Option<usize>) -> Draft {
    let start = if from < group.tokens.start as usize { from + usize::from(a.doc.tag(from) == Tag::DT) } else { without_determiner(a, group) };
    let mut draft = Draft::new(TokenSpan::new(start, end), MentionKind::Description, Who::Unnamed);
    draft.head = group.head;
    draft.phrase = TokenSpan::new(from, end);
    draft.belongs = parent.map(Belongs::To);
    draft.count = group.count.map(|(_, count)| count);
    draft
}

/// "the Taliban supreme leader", "the group's leader", "the leader of the TTP": one man, known by his office.
fn office(a: &Analysis<'_>, drafts: &Drafts, persons: &Persons, group: &NounGroup) -> Option<Draft> {
    if !is_lemma(a, group.head, Word::Leader) || a.doc.tag(group.head) == Tag::NNS {
        return None;
    }
    if persons.has(group.head) {
        return None;
    }
    let start = group.tokens.start as usize;
    let possessed = start > 0 && a.doc.tag(start - 1) == Tag::POS;
    let definite = matches!(group.determiner, Determiner::Definite | Determiner::Possessive) || possessed;
    // "the Taliban supreme leader" may be two groups to the chunker: name, adjective and head.
    let beside = start.checked_sub(1).filter(|&p| drafts.is_taken(p) && a.noun_at(p).is_some() && group.determiner == Determiner::None);
    let inside = (start..group.head).find(|&i| drafts.is_taken(i)).or(beside);
    let definite = definite || beside.and_then(|p| a.noun_at(p)).is_some_and(|n| a.nouns[n].determiner == Determiner::Definite);
    let before = possessed.then(|| start.checked_sub(2).and_then(|p| a.noun_at(p))).flatten();
    let owned = before.map(|n| a.nouns[n].tokens);
    let behind = (a.doc.word(group.head + 1) == "of").then(|| a.noun_at(group.head + 2)).flatten().map(|n| a.nouns[n].tokens);
    let of =
        inside.or_else(|| owned.and_then(|t| t.range().find(|&i| drafts.is_taken(i)))).or_else(|| behind.and_then(|t| t.range().find(|&i| drafts.is_taken(i))));
    let name = drafts.at(of?).filter(|&d| drafts.list[d].kind == MentionKind::Organisation)?;
    if !definite && inside.is_none() {
        return None;
    }
    let mut draft = Draft::new(TokenSpan::new(without_determiner(a, group), group.head + 1), MentionKind::Description, Who::Back);
    draft.head = group.head;
    let from = owned.or_else(|| beside.and_then(|p| a.noun_at(p)).map(|n| a.nouns[n].tokens)).map_or(start, |t| t.start as usize);
    draft.phrase = TokenSpan::new(from, behind.map_or(group.tokens.end as usize, |t| t.end as usize));
    draft.belongs = Some(Belongs::To(drafts.list[name].tokens.start as usize));
    "person.official".clone_into(&mut draft.actor_type);
    Some(draft)
}

/// "the group" refers back, "a little-known group" is new.
fn group_word(a: &Analysis<'_>, drafts: &Drafts, group: &NounGroup) -> Option<Draft> {
    // "the Council" after "the Hills Council"
    let start = without_determiner(a, group);
    if start == group.head
        && a.doc.token(start).shape.has(Shape::CAPITAL)
        && group.determiner == Determiner::Definite
        && a.lexicon.organisations.last(a.doc.token(start).hash).is_some()
    {
        let mut draft = unnamed(a, group, group.tokens.start as usize, group.head + 1, None);
        draft.who = Who::Back;
        return Some(draft);
    }
    let plural = matches!(a.doc.tag(group.head), Tag::NNS | Tag::NNPS);
    let named = group.tokens.range().any(|i| drafts.is_taken(i));
    if plural || named || !is_lemma(a, group.head, Word::Group) {
        return None;
    }
    // "a group of armed men": the men act.
    if matches!(a.doc.word(group.head + 1), "of" | "for" | "-") {
        return None;
    }
    let mut draft = unnamed(a, group, group.tokens.start as usize, group.head + 1, None);
    match group.determiner {
        // "the peace movement", "the road network" are no groups told of before.
        Determiner::Definite
            if draft.tokens.range().any(|i| i < group.head && a.doc.tag(i).is_noun() && a.doc.tag(i + 1) != Tag::Hyphen && !is_armed(a, group)) =>
        {
            return None;
        }
        Determiner::Definite => draft.who = Who::Back,
        // "declined to name any outfit"
        Determiner::Indefinite if a.doc.word(group.tokens.start as usize) == "any" => return None,
        Determiner::Indefinite if is_armed(a, group) => "armed.unidentified".clone_into(&mut draft.actor_type),
        _ => return None,
    }
    Some(draft)
}

/// Whether a modifier makes the group an armed one.
pub(super) fn is_armed(a: &Analysis<'_>, group: &NounGroup) -> bool {
    group.tokens.range().any(|i| is_word(a, i, Word::Armed))
}

fn pronouns(a: &Analysis<'_>, drafts: &mut Drafts) {
    for i in 0..a.doc.len() {
        let personal = matches!(a.doc.word(i), "he" | "she" | "him" | "her" | "his" | "they") && matches!(a.doc.tag(i), Tag::PRP | Tag::PRPS);
        let relative = a.doc.word(i) == "who" && matches!(a.doc.tag(i), Tag::WP | Tag::WDT);
        if personal || relative {
            drafts.group(Draft::new(TokenSpan::one(i), MentionKind::Pronoun, Who::Back));
        }
    }
}
