//! Whether a content rule of `lexicon/cues/content.toml` fits a statement: who speaks, of whom, in which words.

use super::draft::Draft;
use super::finish::{on_behalf_of, speaker_entity};
use super::view::View;
use crate::extract::analysis::{VerbForm, Voice};
use crate::lexicon::cues::{ContentRule, Modal, Phrase, SpeakerKind, Subject};
use crate::lexicon::terms::TermKind;
use crate::lexicon::trie::Entry;
use crate::text::{Said, Tag, TokenSpan};

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
    // Who rings up after an attack, and what is left at the scene, speak for those who did it.
    "caller",
    "leaflet",
    "pamphlet",
    "poster",
];

/// So many mentions of a speaker tell who it is.
const MENTIONS_LOOKED_AT: usize = 16;

/// Where the phrase stands in the content: the piece, and its first token there. Most phrases begin with none of the words said.
fn places<'d>(view: View<'d, 'd>, draft: &'d Draft<'_>, said: &'d Said, phrase: &'d Phrase) -> impl Iterator<Item = (TokenSpan, usize)> {
    let beginnings = phrase.first().into_iter().flat_map(|first| said.places(first));
    let in_piece = beginnings.flat_map(|i| draft.pieces.iter().filter(move |p| p.has(i)).map(move |&p| (p, i)));
    in_piece.filter(move |&(p, i)| phrase_at(view, phrase, i, p.end as usize))
}

/// Whether all that the rule asks for holds of the draft in which these words were said.
pub fn fits(view: View<'_, '_>, draft: &Draft<'_>, said: &Said, rule: &ContentRule) -> bool {
    let cue = || rule.cues.is_empty() || draft.cue.is_some_and(|c| rule.cues.iter().any(|w| *w == c.cue.words[0]));
    let speaker = || match rule.speaker {
        None => true,
        Some(SpeakerKind::Armed) => is_armed(view, draft),
        Some(SpeakerKind::Official) => is_official(view, draft),
        Some(SpeakerKind::Civil) => draft.speaker.is_some() && !is_official(view, draft) && !is_armed(view, draft),
    };
    let about = || rule.subject.is_none_or(|wanted| subject(view, draft) == Some(wanted));
    let without = || !rule.without.iter().any(|phrase| places(view, draft, said, phrase).next().is_some());
    cue()
        && about()
        && speaker()
        && says(view, draft, said, rule)
        && without()
        && (!rule.act || is_act(view, draft))
        && (!rule.names_armed || names_armed(view, draft))
        && (!rule.bare || is_bare(view, draft))
}

/// Whether the rule's words or modal stand in the content.
fn says(view: View<'_, '_>, draft: &Draft<'_>, said: &Said, rule: &ContentRule) -> bool {
    let Some(phrases) = &rule.phrases else {
        return rule.modal.is_none() || draft.pieces.iter().any(|&p| modal_fits(view, p, None, rule.modal));
    };
    phrases.iter().flat_map(|phrase| places(view, draft, said, phrase)).any(|(piece, i)| {
        negation_fits(view, i, rule.negated)
            && modal_fits(view, piece, Some(i), rule.modal)
            && (!rule.passive || is_suffered(view, i))
            && (!rule.by_state || is_done_by_state(view, i))
    })
}

/// Whether the lemmas stand in a row from token `i` on; adverbs and articles between them do not count.
fn phrase_at(view: View<'_, '_>, phrase: &Phrase, i: usize, end: usize) -> bool {
    /// What "~" stands for at most.
    const LONGEST_GAP: usize = 3;
    let doc = view.doc();
    if phrase.first().is_some_and(|first| !first.has_form(doc, i)) {
        return false;
    }
    let mut at = i;
    let mut gap = false;
    for (n, alternatives) in phrase.iter().enumerate() {
        if alternatives.only() == Some("~") {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) {
            let is = |t: &usize| alternatives.has_form(doc, *t);
            let plain = |t: &usize| !doc.tag(*t).is_verb() && !matches!(doc.tag(*t), Tag::Comma | Tag::Colon | Tag::Stop);
            let Some(found) = (at..end.min(at + LONGEST_GAP + 1)).take_while(|t| is(t) || plain(t)).find(is) else { return false };
            at = found + 1;
            continue;
        }
        while n > 0 && at < end && (doc.tag(at).is_adverb() || doc.tag(at) == Tag::DT) && !alternatives.has_word(doc, at) {
            at += 1;
        }
        if at >= end || !alternatives.has_form(doc, at) {
            return false;
        }
        at += 1;
    }
    true
}

fn negation_fits(view: View<'_, '_>, i: usize, wanted: Option<bool>) -> bool {
    let Some(wanted) = wanted else { return true };
    let group = view.a.verb_at(i).or_else(|| (i.saturating_sub(3)..i).rev().find_map(|t| view.a.verb_at(t)));
    let near = (i.saturating_sub(3)..i + 2).any(|t| matches!(view.doc().word(t), "not" | "n't" | "never"));
    // "None of its fighters had been near", "no fighter was there": the subject says no.
    let nobody = group.and_then(|v| view.a.clauses.get(v)).is_some_and(|c| {
        c.subject.first().is_some_and(|&n| {
            let from = view.a.nouns[n].tokens.start as usize;
            (from.saturating_sub(2)..from + 1).any(|t| matches!(view.doc().word(t), "none" | "no" | "neither" | "nobody"))
        })
    });
    (group.is_some_and(|v| view.a.verbs[v].negated) || near || nobody) == wanted
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
        None => {
            let groups: Vec<usize> = groups.collect();
            // "to leave the valley, which they did": what stands first is asked for.
            let first = groups.first().filter(|&&v| view.a.verbs[v].tokens.start == piece.start);
            first.or_else(|| groups.iter().find(|&&v| view.is_finite(v))).or(groups.first()).is_some_and(|&v| has(v))
        }
    }
}

/// Whether the verb at token `i` is passive and nobody is named who did it.
fn is_suffered(view: View<'_, '_>, i: usize) -> bool {
    let Some(v) = view.a.verb_at(i) else { return false };
    // "had been shot and killed": the second participle has its auxiliary before the first.
    let start = view.a.verbs[v].tokens.start as usize;
    let shared = (start.saturating_sub(4)..start).any(|t| matches!(view.doc().word(t), "been" | "were" | "was" | "being"));
    view.a.verbs[v].voice == Voice::Passive && (view.is_finite(v) || shared) && super::speaker::by_agent(view, v).is_none()
}

/// Whether the verb at token `i` is done by soldiers, police or another organ of the state.
fn is_done_by_state(view: View<'_, '_>, i: usize) -> bool {
    let Some(v) = view.a.verb_at(i) else { return false };
    let agent = if view.a.verbs[v].voice == Voice::Passive {
        super::speaker::by_agent(view, v).map(|p| p.tokens)
    } else {
        view.a.clauses.get(v).and_then(|c| c.subject.first()).map(|&n| view.a.nouns[n].tokens)
    };
    let Some(agent) = agent else { return false };
    // "plain-clothes men", "men in uniform"
    let uniformed = || agent.range().any(|t| matches!(view.doc().word(t), "plain-clothes" | "plainclothes" | "clothes" | "uniform" | "uniformed"));
    view.a.hits_in(agent).iter().any(|h| match h.entry {
        Entry::Actor(x) => view.a.lexicon.actors.get(x).is_some_and(|x| x.kind.starts_with("state.")),
        Entry::Term(t) => view.a.lexicon.terms.get(t).is_some_and(|t| t.kind == TermKind::People && matches!(t.class.as_str(), "police" | "military")),
        Entry::Demonym(_) => false,
    }) || uniformed()
}

/// Who the content is about: the first noun group before its verb; infinitives and gerunds have the speaker as their subject.
fn subject(view: View<'_, '_>, draft: &Draft<'_>) -> Option<Subject> {
    let piece = *draft.pieces.first()?;
    for i in piece.range() {
        if let Some(v) = view.verb_from(i) {
            return Some(if view.is_finite(v) { Subject::Other } else { Subject::Own });
        }
        if let Some(n) = view.noun_from(i) {
            return Some(if is_own(view, draft, n) { Subject::Own } else { Subject::Other });
        }
    }
    None
}

/// Whether a noun group means the speaker or the speaker's side: "we", "its fighters", "the movement" where its spokesman speaks.
fn is_own(view: View<'_, '_>, draft: &Draft<'_>, noun: usize) -> bool {
    let group = &view.a.nouns[noun];
    let head = view.doc().word(group.head);
    let own_words = matches!(head, "i" | "we" | "it" | "they" | "he" | "she") || group.tokens.range().any(|t| view.doc().tag(t) == Tag::PRPS);
    let Some(speaker) = draft.speaker else { return own_words };
    // "none of its fighters"
    let of_own = matches!(head, "none" | "all" | "one" | "some")
        && view.doc().word(group.tokens.end as usize) == "of"
        && view.doc().tag(group.tokens.end as usize + 1) == Tag::PRPS;
    let same_entity = || {
        let told = view.a.mentions_in(TokenSpan::one(group.head)).find(|(_, m)| m.head == group.head).and_then(|(_, m)| m.entity);
        let who = speaker_entity(view, draft);
        // "the movement" where the lexicon knows the speaker as its spokesman
        let known = || {
            let actor = |e: Option<usize>| e.and_then(|e| view.a.entities[e].actor).and_then(|x| view.a.lexicon.actors.get(x));
            actor(who).is_some_and(|x| actor(told).is_some_and(|t| x.relations.iter().any(|r| r.object.as_deref() == Some(&t.key))))
        };
        told.is_some() && (told == who || told == who.and_then(|e| view.a.entities[e].affiliation) || known())
    };
    own_words || of_own || view.doc().word(speaker.head) == head || same_entity()
}

/// Whether the content is a noun phrase whose head tells an act ("the bombing of the market").
fn is_act(view: View<'_, '_>, draft: &Draft<'_>) -> bool {
    let Some(first) = draft.pieces.first() else { return false };
    let start = first.start as usize;
    let Some(n) = view.a.noun_at(start).filter(|&n| view.a.nouns[n].tokens.start as usize == start) else { return false };
    let clause = first.range().any(|i| view.a.verb_at(i).is_some_and(|v| view.is_finite(v)));
    !clause && view.a.lexicon.triggers.of_noun(view.doc().lemma(view.a.nouns[n].head)).next().is_some()
}

/// Whether the content names an armed group or speaks of armed people.
fn names_armed(view: View<'_, '_>, draft: &Draft<'_>) -> bool {
    let armed = |kind: &str| kind.starts_with("armed.") || kind == "person.militant";
    draft.pieces.iter().any(|&p| view.a.mentions_in(p).any(|(_, m)| p.contains(m.tokens) && m.entity.is_some_and(|e| armed(&view.a.entities[e].kind))))
}

/// Whether quoted words give no act, number, day, place or actor: comment, not news. What something is called counts by the name alone.
fn is_bare(view: View<'_, '_>, draft: &Draft<'_>) -> bool {
    let doc = view.doc();
    let is_quoted = |i: usize| doc.quote_at(i).is_some();
    let names = draft.cue.is_some_and(|c| matches!(c.cue.words[0].as_str(), "call" | "describe" | "in"));
    let told = |i: &usize| !names || is_quoted(*i);
    let words = || draft.pieces.iter().flat_map(|p| p.range()).filter(told);
    // What is told of the past is a fact, too; "who did it" asks.
    let past = |i: usize| view.verb_from(i).is_some_and(|v| tells_past(view, v)) && !(i > 0 && matches!(doc.tag(i - 1), Tag::WP | Tag::WDT));
    if words().any(past) || !words().any(is_quoted) || !words().all(|i| is_quoted(i) || doc.tag(i).is_punctuation()) {
        return false;
    }
    let fact = |i: usize| {
        let act = match doc.tag(i) {
            t if t.is_verb() => view.a.lexicon.triggers.of_verb(doc.lemma(i)).next().is_some(),
            t if t.is_noun() => view.a.lexicon.triggers.of_noun(doc.lemma(i)).next().is_some(),
            t => t == Tag::CD && doc.word(i) != "one",
        };
        act || view.a.date_at(i).is_some() || view.a.place_at(i).is_some()
    };
    let names_actor = |i: usize| view.a.hits_in(TokenSpan::one(i)).iter().any(|h| matches!(h.entry, Entry::Actor(_) | Entry::Demonym(_)));
    !words().any(|i| fact(i) || names_actor(i))
}

/// Whether a verb group tells what was: no wish or thought ("I did not want"), no result up to now ("The gun has taken us far").
fn tells_past(view: View<'_, '_>, verb: usize) -> bool {
    let v = &view.a.verbs[verb];
    let first = view.doc().word(v.tokens.start as usize);
    let mind = matches!(view.doc().lemma(v.head), "want" | "wish" | "think" | "hope" | "mean" | "intend" | "like" | "try");
    !mind && (v.form == VerbForm::Past || v.perfect && !matches!(first, "has" | "have" | "'s" | "'ve"))
}

/// Whether the speaker is an armed group or one of its people.
pub fn is_armed(view: View<'_, '_>, draft: &Draft<'_>) -> bool {
    let armed = |kind: &str| kind.starts_with("armed.") || kind == "person.militant";
    let for_armed = || on_behalf_of(view, draft).is_some_and(|e| armed(&view.a.entities[e].kind));
    // "he" who was "the caller"
    let called_so = || {
        let mentions = speaker_entity(view, draft).map(|e| &view.a.entities[e].mentions);
        mentions.is_some_and(|m| m.iter().take(MENTIONS_LOOKED_AT).any(|&m| ARMED.contains(&view.doc().lemma(view.a.mentions[m].head))))
    };
    is_of_kind(view, draft, &armed, &["militant"]) || draft.speaker.iter().chain(&draft.same).any(|s| is_called_armed(view, s)) || for_armed() || called_so()
}

/// Whether the head of a phrase, or of the description before a name, is a word for armed people ("the caller, who called himself Bilal").
fn is_called_armed(view: View<'_, '_>, phrase: &super::speaker::Phrase) -> bool {
    let first = phrase.tokens.range().find_map(|i| view.a.noun_at(i)).map(|n| view.a.nouns[n].head);
    first.into_iter().chain([phrase.head]).any(|head| ARMED.contains(&view.doc().lemma(head)))
}

/// Whether the speaker is a state, one of its organs or an official.
fn is_official(view: View<'_, '_>, draft: &Draft<'_>) -> bool {
    let official = |kind: &str| kind.starts_with("state.") || kind == "external.foreign_state" || kind == "person.official";
    is_of_kind(view, draft, &official, &["official", "police", "military"])
}

/// Whether the speaker, or whom it belongs to, has such an actor type, or is called by a word of such a class.
fn is_of_kind(view: View<'_, '_>, draft: &Draft<'_>, kind: &dyn Fn(&str) -> bool, classes: &[&str]) -> bool {
    let Some(speaker) = draft.speaker else { return false };
    let by_entity = speaker_entity(view, draft).is_some_and(|e| {
        let entity = &view.a.entities[e];
        kind(&entity.kind) || entity.affiliation.is_some_and(|o| kind(&view.a.entities[o].kind))
    });
    let office = classes.contains(&"official");
    let by_hit = |tokens: TokenSpan, explains: bool| {
        view.a.hits_in(tokens).iter().any(|h| match h.entry {
            Entry::Actor(x) => !explains && view.a.lexicon.actors.get(x).is_some_and(|x| kind(&x.kind)),
            Entry::Term(t) => view.a.lexicon.terms.get(t).is_some_and(|t| {
                let class = t.class.as_str();
                t.kind == TermKind::People && classes.contains(&class) || explains && office && t.kind == TermKind::Title && matches!(class, "office" | "rank")
            }),
            Entry::Demonym(_) => false,
        })
    };
    // "Faisal Kundi, a special assistant to the prime minister"
    let explained = || {
        let end = speaker.tokens.end as usize;
        let group = (view.doc().tag(end) == Tag::Comma).then(|| view.noun_from(end + 1)).flatten()?;
        Some(by_hit(view.a.nouns[group].tokens, true))
    };
    let others = || draft.same.iter().chain(&draft.behalf).any(|p| by_hit(p.tokens, false));
    by_entity || by_hit(speaker.tokens, false) || others() || explained().unwrap_or(false)
}
