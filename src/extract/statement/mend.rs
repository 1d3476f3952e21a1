//! Verbs of speech that the tagger took for participles ("the general apologized for the strike").

use super::cue::verb_cue;
use super::view::View;
use crate::extract::Analysis;
use crate::extract::analysis::{VerbForm, Voice};
use crate::lexicon::cues::Frame;
use crate::text::Tag;

/// Makes a past tense of them; the clause analysis has no better knowledge of them.
pub fn mend_participles(a: &mut Analysis<'_>) {
    let wrong: Vec<usize> = (0..a.verbs.len()).filter(|&v| is_past_tense(View { a }, v)).collect();
    for v in wrong {
        a.verbs[v].form = VerbForm::Past;
        a.verbs[v].voice = Voice::Active;
    }
}

/// Ways of speaking at a distance.
fn is_means(word: &str) -> bool {
    matches!(word, "telephone" | "phone" | "e-mail" | "email" | "radio" | "video" | "text" | "fax" | "letter" | "satellite" | "telegram" | "cable")
}

fn is_past_tense(view: View<'_, '_>, verb: usize) -> bool {
    let doc = view.doc();
    let v = &view.a.verbs[verb];
    let start = v.tokens.start as usize;
    if v.form != VerbForm::Participle || start != v.head || start == 0 {
        return false;
    }
    let Some(found) = verb_cue(view, verb) else { return false };
    let after_subject = view.a.noun_at(start - 1).is_some_and(|n| !view.is_time(n)) || doc.tag(start - 1).is_adverb() || doc.tag(start - 1) == Tag::Comma;
    let next = found.tokens.end as usize;
    let word = doc.word(next);
    // "he said by telephone": how it was said, and nobody by whom.
    if matches!(doc.word(start - 1), "he" | "she" | "they" | "we" | "i") && doc.tag(start) != Tag::VBG {
        return true;
    }
    // "the Taliban whom the minister blamed for it", "That attack the army ascribed to them": what is blamed stands before the subject.
    if found.cue.whom_prepositions.iter().any(|p| p == word) && after_subject && blamed_before(view, start) {
        return true;
    }
    if !after_subject || (next..next + 2).any(|i| doc.word(i) == "by" && !is_means(doc.word(i + 1))) || found.cue.whom_prepositions.iter().any(|p| p == word) {
        return false;
    }
    let speaks = found.cue.frames.any(&[Frame::That, Frame::Bare, Frame::Quote]);
    let says = speaks && (word == "that" || view.opens(next).is_some() || word == ":" || doc.tag(next) == Tag::Comma && view.opens(next + 1).is_some());
    let region = view.region(start);
    let after_quote = speaks && region.range().take_while(|&i| i < start).any(|i| view.closes(i).is_some_and(|q| !view.is_fragment(q)));
    let alone = || {
        region
            .range()
            .filter(|&i| doc.quote_at(i).is_some() == doc.quote_at(start).is_some())
            .filter_map(|i| view.verb_from(i))
            .all(|w| w == verb || !view.is_finite(w) || view.a.verbs[w].tokens.start as usize > start && (found.cue.frames.has(Frame::Wh) || speaks))
    };
    // ", Memon related, those inside opened fire": an attribution between commas
    let subject = view.a.noun_at(start - 1).map(|n| view.a.nouns[n].tokens.start as usize);
    let inserted = speaks && doc.tag(next) == Tag::Comma && subject.is_some_and(|s| s > 0 && doc.tag(s - 1) == Tag::Comma);
    says || inserted || after_quote && alone() || alone()
}

/// Whether "whom", or a noun phrase and a comma at the front of its sentence, stands before the noun phrase that ends at `start`.
fn blamed_before(view: View<'_, '_>, start: usize) -> bool {
    const LONGEST_SUBJECT: usize = 10;
    let doc = view.doc();
    let region = view.region(start);
    let floor = (region.start as usize).max(start.saturating_sub(LONGEST_SUBJECT));
    let clause = (floor..start).rev().take_while(|&i| view.a.verb_at(i).is_none());
    let whom = clause.clone().any(|i| doc.word(i) == "whom");
    let front = || {
        let first = view.noun_from(region.start as usize)?;
        let end = view.a.nouns[first].tokens.end as usize;
        let subject = view.a.noun_at(start - 1)?;
        let comma = doc.tag((view.a.nouns[subject].tokens.start as usize).checked_sub(1)?) == Tag::Comma && doc.tag(end) == Tag::Comma;
        // Nothing but "too" between them: two noun phrases and no verb are no apposition.
        let second = view.a.nouns[subject].tokens.start as usize;
        Some(comma && second > end && (end..second).all(|i| doc.tag(i) == Tag::Comma || doc.tag(i).is_adverb()) && second > end + 1)
    };
    whom || front().unwrap_or(false)
}
