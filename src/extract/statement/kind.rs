//! What kind of statement it is: the cue's kind, corrected by negation and by what is said.

use super::content_rule::fits;
use super::draft::Draft;
use super::view::View;
use crate::extract::analysis::Voice;
use crate::text::Said;

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
    let said = Said::of(view.doc(), draft.pieces.iter().flat_map(|p| p.range()));
    let mut rules = view.a.lexicon.cues.content_rules_for(&said);
    rules.find(|rule| rule.from.contains(&so_far) && fits(view, draft, &said, rule)).map_or(so_far, |rule| rule.kind)
}
