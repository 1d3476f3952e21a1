//! What kind of statement it is: the cue's kind, corrected by negation and by what is said.

use super::draft::Draft;
use super::view::View;
use crate::extract::analysis::{VerbForm, Voice};
use crate::lexicon::cues::{ContentRule, Modal, Subject};
use crate::lexicon::terms::TermKind;
use crate::lexicon::trie::Entry;
use crate::text::{Tag, TokenSpan};

/// Verbs that, negated, tell that somebody would not speak.
const SILENT: &[&str] = &[
    "say",
    "tell",
    "confirm",
    "disclose",
    "reveal",
    "specify",
    "give",
    "elaborate",
    "clarify",
    "explain",
    "identify",
    "mention",
    "comment",
    "respond",
    "answer",
    "reply",
];

/// Words for armed groups that need no name.
const ARMED: &[&str] = &[
    "group",
    "militant",
    "rebel",
    "insurgent",
    "militia",
    "fighter",
    "outfit",
    "guerrilla",
    "gunman",
    "jihadi",
    "jihadist",
    "separatist",
    "maoist",
    "kidnapper",
];

/// The kind of a draft.
pub fn kind(view: View<'_, '_>, draft: &Draft<'_>) -> &'static str {
    let Some(found) = draft.cue else { return by_content(view, draft, "report") };
    if draft.negated {
        return match found.cue.kind {
            _ if SILENT.contains(&found.cue.words[0].as_str()) => "no_comment",
            "praise" | "announcement" | "offer" => "rejection",
            "denial" | "report" => "other",
            same => same,
        };
    }
    // "The attack was claimed by X": said of acts, the passive is always a claim of responsibility.
    if found.cue.words == ["claim"] && found.verb.is_some_and(|v| view.a.verbs[v].voice == Voice::Passive) && draft.speaker.is_some() {
        return "claim";
    }
    by_content(view, draft, found.cue.kind)
}

fn by_content(view: View<'_, '_>, draft: &Draft<'_>, so_far: &'static str) -> &'static str {
    if draft.pieces.is_empty() {
        return so_far;
    }
    let rules = view.a.lexicon.cues.content_rules();
    rules.iter().find(|rule| rule.from.contains(&so_far) && fits(view, draft, rule)).map_or(so_far, |rule| rule.kind)
}

fn fits(view: View<'_, '_>, draft: &Draft<'_>, rule: &ContentRule) -> bool {
    let says_who = || match rule.subject {
        None => true,
        Some(wanted) => subject(view, draft) == Some(wanted),
    };
    let says_what = || {
        let Some(phrases) = &rule.phrases else { return draft.pieces.iter().any(|&p| modal_fits(view, p, None, rule.modal)) };
        draft.pieces.iter().any(|&p| {
            p.range().any(|i| {
                phrases.iter().any(|phrase| phrase_at(view, phrase, i, p.end as usize))
                    && negation_fits(view, i, rule.negated)
                    && modal_fits(view, p, Some(i), rule.modal)
            })
        })
    };
    says_who() && (!rule.armed || is_armed(view, draft)) && says_what()
}

/// Whether the lemmas stand in a row from token `i` on; adverbs and articles between them do not count.
fn phrase_at(view: View<'_, '_>, phrase: &[Vec<String>], i: usize, end: usize) -> bool {
    let doc = view.doc();
    let mut at = i;
    for (n, alternatives) in phrase.iter().enumerate() {
        while n > 0 && at < end && (doc.tag(at).is_adverb() || doc.tag(at) == Tag::DT) && !alternatives.iter().any(|w| w == doc.word(at)) {
            at += 1;
        }
        if at >= end || !alternatives.iter().any(|w| w == doc.lemma(at) || w == doc.word(at)) {
            return false;
        }
        at += 1;
    }
    true
}

fn negation_fits(view: View<'_, '_>, i: usize, wanted: Option<bool>) -> bool {
    let Some(wanted) = wanted else { return true };
    let group = view.a.verb_at(i).or_else(|| (i.saturating_sub(3)..i).rev().find_map(|t| view.a.verb_at(t)));
    let negated = group.is_some_and(|v| view.a.verbs[v].negated) || (i.saturating_sub(3)..i + 2).any(|t| matches!(view.doc().word(t), "not" | "n't" | "never"));
    negated == wanted
}

/// Whether the verb group at `i` (or any of the content) has the modal; infinitives after "vow" and the like count as plans.
fn modal_fits(view: View<'_, '_>, piece: TokenSpan, i: Option<usize>, wanted: Option<Modal>) -> bool {
    let Some(wanted) = wanted else { return true };
    let groups = piece.range().filter_map(|t| view.verb_from(t));
    let near = i.and_then(|i| view.a.verb_at(i)).or_else(|| i.and_then(|i| (piece.start as usize..i).rev().find_map(|t| view.a.verb_at(t))));
    let has = |v: usize| {
        let verb = &view.a.verbs[v];
        let word = verb.modal.map_or("", |m| view.doc().word(m));
        match wanted {
            Modal::None => verb.modal.is_none() && verb.form != VerbForm::Infinitive,
            Modal::Any => verb.modal.is_some() || verb.form == VerbForm::Infinitive,
            Modal::Must => word == "must",
            Modal::Should => word == "should",
            Modal::Will => matches!(word, "will" | "would" | "'ll" | "wo" | "'d"),
        }
    };
    match near {
        Some(v) => has(v) || wanted == Modal::Any && groups.into_iter().any(has),
        None if i.is_some() => wanted == Modal::None,
        // Without a phrase the main verb of the content decides.
        None => groups.into_iter().find(|&v| view.is_finite(v)).is_some_and(has),
    }
}

/// Who the content is about: the first noun group before its verb; infinitives and gerunds have the speaker as their subject.
fn subject(view: View<'_, '_>, draft: &Draft<'_>) -> Option<Subject> {
    let piece = *draft.pieces.first()?;
    for i in piece.range() {
        if let Some(v) = view.verb_from(i) {
            return (!view.is_finite(v)).then_some(Subject::Own);
        }
        if let Some(n) = view.noun_from(i) {
            let group = &view.a.nouns[n];
            let head = view.doc().word(group.head);
            let own = matches!(head, "i" | "we" | "it" | "they" | "he" | "she")
                || group.tokens.range().any(|t| view.doc().tag(t) == Tag::PRPS)
                || draft.speaker.is_some_and(|s| view.doc().word(s.head) == head);
            return Some(if own { Subject::Own } else { Subject::Other });
        }
    }
    None
}

/// Whether the speaker is an armed group or one of its people.
fn is_armed(view: View<'_, '_>, draft: &Draft<'_>) -> bool {
    let Some(speaker) = draft.speaker else { return false };
    let by_entity = super::finish::entity(view, speaker).is_some_and(|e| {
        let entity = &view.a.entities[e];
        let kind = |k: &str| k.starts_with("armed.") || k == "person.militant";
        kind(&entity.kind) || entity.affiliation.is_some_and(|o| kind(&view.a.entities[o].kind))
    });
    let by_hit = view.a.hits.iter().filter(|h| h.tokens.overlaps(speaker.tokens)).any(|h| match h.entry {
        Entry::Actor(x) => view.a.lexicon.actors.get(x).is_some_and(|x| x.kind.starts_with("armed.") || x.kind == "person.militant"),
        Entry::Term(t) => view.a.lexicon.terms.get(t).is_some_and(|t| t.kind == TermKind::People && t.class == "militant"),
        _ => false,
    });
    by_entity || by_hit || ARMED.contains(&view.doc().lemma(speaker.head))
}
