//! Speakers that are named by what was told before: messages ("the message went on", "the text speaks of") and pronouns ("he added").

use super::draft::Draft;
use super::finish::entity;
use super::speaker::Phrase;
use super::view::View;
use crate::extract::analysis::{Determiner, MentionKind};
use crate::text::{Tag, TokenSpan};

/// A message is of the one who spoke at most so many statements before.
const LOOK_BACK: usize = 6;

/// A message is of the one who spoke at most so many sentences before.
const NEAR: usize = 3;

/// Gives each message that speaks the nearest speaker before it as its sender.
pub fn find_senders(view: View<'_, '_>, drafts: &mut [Draft<'_>]) {
    for n in (0..drafts.len()).take_while(|_| !view.a.is_stopped()) {
        let Some(speaker) = drafts[n].speaker else { continue };
        if let Some(same) = spoke_before(view, drafts, n, speaker) {
            drafts[n].same = Some(same);
            continue;
        }
        let definite = view.a.noun_at(speaker.head).is_some_and(|g| view.a.nouns[g].determiner == Determiner::Definite);
        if !definite || !is_message(view, speaker.head) || view.a.mentions_in(speaker.tokens).any(|(_, m)| m.entity.is_some()) {
            continue;
        }
        let sentence = view.doc().sentence_of(drafts[n].at());
        let earlier = || {
            drafts[n.saturating_sub(LOOK_BACK)..n].iter().rev().filter_map(|d| {
                let who = d.speaker.filter(|s| !is_message(view, s.head) && view.doc().sentence_of(s.head) + NEAR >= sentence)?;
                Some(d.behalf.or(d.same).unwrap_or(who))
            })
        };
        // Somebody known rather than "a rival".
        let sender = earlier().find(|&who| entity(view, who).is_some()).or_else(|| earlier().next());
        drafts[n].behalf = sender;
    }
}

/// Who a pronoun that speaks stands for, where the text so far does not know or takes it for somebody only spoken of: the last speaker of its
/// paragraph, if that is one person or one group.
fn spoke_before(view: View<'_, '_>, drafts: &[Draft<'_>], n: usize, speaker: Phrase) -> Option<Phrase> {
    let doc = view.doc();
    let person = matches!(doc.word(speaker.head), "he" | "she");
    let thing = doc.word(speaker.head) == "it";
    if !person && !thing || speaker.tokens.len() > 1 || thing && entity(view, speaker).is_some() {
        return None;
    }
    let (sentence, paragraph) = (doc.sentence_of(speaker.head), view.paragraph(speaker.head));
    let before = drafts[n.saturating_sub(LOOK_BACK)..n].iter().rev();
    let near = before.filter(|d| view.paragraph(d.at()) == paragraph && doc.sentence_of(d.at()) + 1 >= sentence && !d.has(speaker.head));
    let last = near.filter_map(|d| d.same.or(d.speaker)).find(|s| s.head < speaker.head && !is_message(view, s.head))?;
    let kinds = |wanted: MentionKind| view.a.mentions_in(TokenSpan::one(last.head)).any(|(_, m)| m.kind == wanted && m.tokens.has(last.head));
    // "The caller said …", he told the paper.
    let singular = || kinds(MentionKind::People) && doc.tag(last.head) == Tag::NN;
    let fits = if person { kinds(MentionKind::Person) || singular() } else { kinds(MentionKind::Organisation) && entity(view, last).is_some() };
    fits.then_some(last)
}

fn is_message(view: View<'_, '_>, head: usize) -> bool {
    matches!(
        view.doc().lemma(head),
        "message"
            | "statement"
            | "text"
            | "letter"
            | "e-mail"
            | "email"
            | "note"
            | "communique"
            | "communiqu\u{e9}"
            | "post"
            | "video"
            | "recording"
            | "tape"
            | "leaflet"
    )
}
