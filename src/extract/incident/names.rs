//! The organisations that a noun group of people names: inside it, behind it, before its bracket, in apposition; and the words that stand for it.

use super::class::without_determiner;
use crate::extract::Analysis;
use crate::extract::analysis::MentionKind;
use crate::lexicon::trie::Entry;
use crate::text::{Tag, TokenSpan};

/// The words for a noun group: the group without determiner and number, and with the "of" that says more of it
/// ("residence", "residence of the ambassador").
pub fn phrases(a: &Analysis<'_>, noun: usize) -> Vec<TokenSpan> {
    let group = &a.nouns[noun];
    let mut bare = without_determiner(a, group.tokens);
    if let Some((number, _)) = group.count.filter(|(n, _)| n.end < bare.end && n.start <= bare.start + 3 && n.end > bare.start) {
        bare = TokenSpan { start: number.end, ..bare };
        // "two more men", "dozens of people", "nine other passengers"
        while bare.len() > 1 && matches!(a.doc.word(bare.start as usize), "more" | "other" | "of" | "the" | "additional") {
            bare.start += 1;
        }
    }
    // "55-year-old businessman": the age says nothing of who it is.
    if let Some(old) =
        bare.range().find(|&i| a.doc.word(i) == "old" && i >= 2 && matches!(a.doc.word(i - 2), "year" | "month")).filter(|&i| i + 1 < bare.end as usize)
    {
        bare.start = old as u32 + 1;
    }
    let of = bare.end as usize;
    let whole = a.noun_at(of + 1).filter(|&n| n == noun + 1 && a.doc.word(of) == "of" && a.doc.sentence_of(of) == group.sentence);
    let end = whole.map(|n| a.nouns[n].tokens.end);
    [name_at_end(a, bare), Some(bare), end.map(|end| TokenSpan { end, ..bare })].into_iter().flatten().collect()
}

/// "Luis Carlos Galan" of "Liberal leader Luis Carlos Galan": two or more capitalised words behind a common noun.
fn name_at_end(a: &Analysis<'_>, bare: TokenSpan) -> Option<TokenSpan> {
    let proper = |i: &usize| a.doc.tag(*i).is_proper() || a.doc.tag(*i) == Tag::Hyphen;
    let run = bare.range().rev().take_while(proper).count() as u32;
    let start = bare.end - run;
    let behind_noun = start > bare.start && matches!(a.doc.tag(start as usize - 1), Tag::NN | Tag::NNS);
    (run >= 2 && behind_noun).then_some(TokenSpan { start, ..bare })
}

/// "militants belonging to the TTP", "(ULFA) militants", "linked to", "loyal to"
pub fn belonging(a: &Analysis<'_>, noun: usize) -> Vec<(TokenSpan, Option<u32>)> {
    let end = a.nouns[noun].tokens.end as usize;
    let linked = (end..end + 3).any(|i| matches!(a.doc.word(i), "belonging" | "affiliated" | "linked" | "loyal" | "allied" | "owing"));
    if !linked {
        return Vec::new();
    }
    (end..end + 6).find_map(|i| a.noun_at(i)).map(|n| names_in(a, a.nouns[n].tokens)).unwrap_or_default()
}

/// "the People's War Group (PWG) gunmen": the name before the bracket that stands before the group.
pub fn before_bracket(a: &Analysis<'_>, noun: usize) -> Vec<(TokenSpan, Option<u32>)> {
    let start = a.nouns[noun].tokens.start as usize;
    if start < 3 || a.doc.tag(start - 1) != Tag::CloseBracket {
        return Vec::new();
    }
    let open = (start.saturating_sub(9)..start - 1).rev().find(|&i| a.doc.tag(i) == Tag::OpenBracket);
    open.and_then(|o| o.checked_sub(1)).and_then(|i| a.noun_at(i)).map(|n| names_in(a, a.nouns[n].tokens)).unwrap_or_default()
}

/// "the militant group, the United Revolutionary Front": a name in apposition to a word for a group or for its people.
pub fn apposed(a: &Analysis<'_>, noun: usize) -> Vec<(TokenSpan, Option<u32>)> {
    let group = &a.nouns[noun];
    let generic = matches!(
        a.doc.word(group.head),
        "group" | "outfit" | "organisation" | "organization" | "faction" | "militia" | "party" | "front" | "movement" | "network" | "itself"
    );
    let end = group.tokens.end as usize;
    let next = end + usize::from(a.doc.tag(end) == Tag::Comma) + usize::from(matches!(a.doc.word(end), "called" | "named" | "known"));
    let next = next + usize::from(a.doc.word(next) == "as") + usize::from(a.doc.word(next) == "calling") * 2;
    if !generic || a.doc.sentence_of(end) != a.doc.sentence_of(group.head) {
        return Vec::new();
    }
    a.noun_at(next).filter(|&n| n == noun + 1 || n == noun + 2).map(|n| names_in(a, a.nouns[n].tokens)).unwrap_or_default()
}

/// The armed group or force that "it" means: the one named first in its sentence before it, or in the sentence before.
pub fn meant_by_it(a: &Analysis<'_>, noun: usize) -> Option<(TokenSpan, Option<u32>)> {
    let group = &a.nouns[noun];
    if a.doc.word(group.head) != "it" {
        return None;
    }
    let sentences = a.doc.sentences();
    let armed = |m: &&crate::extract::analysis::Mention| {
        let kind = m.entity.map_or("", |e| a.entities[e].kind.as_str());
        matches!(m.kind, MentionKind::Organisation | MentionKind::Description)
            && (kind.starts_with("armed.") || matches!(kind, "state.military" | "state.police"))
    };
    let first_in = |span: TokenSpan| a.mentions_in(span).map(|(_, m)| m).find(armed);
    let here = TokenSpan { start: sentences[group.sentence].start, end: group.tokens.start };
    // "The army said it had killed two militants"
    let force = || {
        let first =
            a.noun_at(here.start as usize).or_else(|| a.noun_at(here.start as usize + 1)).filter(|&n| n < noun && a.nouns[n].sentence == group.sentence)?;
        matches!(a.doc.lemma(a.nouns[first].head), "army" | "police" | "military" | "navy").then(|| TokenSpan::one(a.nouns[first].head))
    };
    if let Some(force) = force() {
        return Some((force, None));
    }
    let mention = first_in(here).or_else(|| first_in(*sentences.get(group.sentence.checked_sub(1)?)?))?;
    Some((mention.tokens, mention.entity.and_then(|e| a.entities[e].actor)))
}

/// Organisations named inside a token range, longest first, without overlaps; hits of the lexicon and mentions by shape.
pub fn names_in(a: &Analysis<'_>, tokens: TokenSpan) -> Vec<(TokenSpan, Option<u32>)> {
    let mut found: Vec<(TokenSpan, Option<u32>)> = Vec::new();
    for mention in a.mentions_in(tokens).map(|(_, m)| m).filter(|m| m.kind == MentionKind::Organisation && m.tokens.overlaps(tokens)) {
        let actor = mention.entity.and_then(|e| a.entities[e].actor);
        if !found.iter().any(|f| f.0.overlaps(mention.tokens)) {
            found.push((mention.tokens, actor));
        }
    }
    for hit in a.hits_in(tokens).iter().filter(|h| tokens.contains(h.tokens)) {
        if let Entry::Actor(index) = hit.entry
            && !found.iter().any(|f| f.0.overlaps(hit.tokens))
        {
            found.push((hit.tokens, Some(index)));
        }
    }
    found
}
