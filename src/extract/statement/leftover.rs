//! After the cues: drafts that do not stand, and quotations that go on without a cue of their own.

use super::draft::Draft;
use super::view::View;
use crate::extract::analysis::{Determiner, VerbForm};
use crate::lexicon::cues::{CuePart, Frame};
use crate::text::{Tag, TokenSpan};
use std::collections::BTreeSet;

/// A quotation goes on with one of the last so many statements before it.
const LOOK_BACK: usize = 64;

/// Drops drafts that only look like statements: speech inside somebody's quotation, plans inside somebody's content, claims by nobody.
pub fn sift(view: View<'_, '_>, drafts: &mut Vec<Draft<'_>>) {
    let contents = Contents::of(view, drafts);
    let keep: Vec<bool> = drafts.iter().take_while(|_| !view.a.is_stopped()).map(|d| stands(view, d, &contents)).collect();
    let mut kept = keep.into_iter();
    drafts.retain(|_| kept.next().unwrap_or(true));
}

/// What all drafts have as content.
struct Contents {
    /// Per token: in how many pieces it lies.
    n_pieces: Vec<u32>,
    /// Pieces of drafts with a verb, with their draft.
    of_verbs: BTreeSet<(TokenSpan, usize)>,
}

impl Contents {
    fn of(view: View<'_, '_>, drafts: &[Draft<'_>]) -> Self {
        let mut this = Self { n_pieces: vec![0; view.doc().len()], of_verbs: BTreeSet::new() };
        for (n, draft) in drafts.iter().enumerate() {
            for &piece in &draft.pieces {
                for i in piece.range() {
                    if let Some(count) = this.n_pieces.get_mut(i) {
                        *count += 1;
                    }
                }
                if draft.cue.is_some_and(|c| c.cue.part == CuePart::Verb) {
                    this.of_verbs.insert((piece, n));
                }
            }
        }
        this
    }

    /// Whether the draft's cue lies in the content of another.
    fn hold(&self, draft: &Draft<'_>) -> bool {
        let own = draft.pieces.iter().filter(|p| p.has(draft.at())).count();
        self.n_pieces.get(draft.at()).is_some_and(|&n| n as usize > own)
    }

    /// Whether a verb has all of the draft's content.
    fn repeat(&self, draft: &Draft<'_>) -> bool {
        let Some(first) = draft.pieces.first() else { return false };
        let mut with_first = self.of_verbs.range((*first, 0)..=(*first, usize::MAX));
        with_first.any(|&(_, n)| draft.pieces.iter().all(|&p| self.of_verbs.contains(&(p, n))))
    }
}

fn stands(view: View<'_, '_>, d: &Draft<'_>, contents: &Contents) -> bool {
    let Some(cue) = d.cue else { return true };
    let nobody = |n: usize| view.a.nouns[n].determiner == Determiner::Negative;
    if d.speaker
        .is_some_and(|s| view.a.noun_at(s.head).is_some_and(nobody) || matches!(view.doc().word(s.head), "nobody" | "none" | "one") && negative(view, s.tokens))
    {
        return false;
    }
    // "a bombing that claimed the lives of …": an act says nothing.
    let act = |head: usize| view.a.lexicon.triggers.of_noun(view.doc().lemma(head)).next().is_some() && cue.cue.part == CuePart::Verb;
    if d.speaker.is_some_and(|s| act(s.head)) || is_no_speech(view, d, &cue) {
        return false;
    }
    // "officials, who asked not to be named, said": a condition of speaking.
    let anonymous = |p: &TokenSpan| {
        let first = TokenSpan::new(p.start as usize, p.end.min(p.start + 6) as usize);
        let unnamed = first.range().any(|i| matches!(view.doc().word(i), "named" | "identified" | "quoted"));
        let wishes = matches!(cue.cue.words[0].as_str(), "wish" | "want" | "ask" | "request" | "insist")
            && (d.negated || first.range().any(|i| view.doc().word(i) == "not"));
        unnamed && (wishes || p.len() < 7 && first.range().any(|i| view.doc().word(i) == "not"))
    };
    if d.pieces.first().is_some_and(anonymous) {
        return false;
    }
    // "condemned what he called …": the words are those of the condemnation.
    if contents.hold(d)
        && cue.cue.part == CuePart::Verb
        && d.speaker.is_some_and(|s| s.tokens.start > 0 && view.doc().word(s.tokens.start as usize - 1) == "what")
    {
        return false;
    }
    // "said in a statement: …": the verb has the same words.
    if cue.cue.part == CuePart::Noun && contents.repeat(d) {
        return false;
    }
    if view.doc().quote_at(d.at()).is_some_and(|q| !view.is_fragment(q)) {
        return false;
    }
    let nested = contents.hold(d);
    // "the general said that they need more troops": inside what somebody says needs and wishes of others are part of it.
    let speaks = cue.cue.frames.any(&[Frame::That, Frame::Bare, Frame::Quote]);
    if nested && !speaks && matches!(cue.cue.kind, "other" | "demand" | "appeal" | "praise" | "announcement" | "offer" | "report") {
        return false;
    }
    let form = cue.verb.map(|v| view.a.verbs[v].form);
    if nested && (cue.cue.part == CuePart::Noun || matches!(form, Some(VerbForm::Infinitive | VerbForm::Modal | VerbForm::Gerund | VerbForm::Participle))) {
        return false;
    }
    true
}

/// Words that mostly report speech and here do not: "challenged them", "claimed lives", "announced itself", "means to ask".
fn is_no_speech(view: View<'_, '_>, d: &Draft<'_>, cue: &super::cue::Match<'_>) -> bool {
    let doc = view.doc();
    let said = d.pieces.first().copied().unwrap_or_default();
    if cue.cue.part == CuePart::Verb && said.len() == 1 && doc.quote_at(said.start as usize).is_none() {
        let word = doc.word(said.start as usize);
        if matches!(word, "him" | "her" | "them" | "me" | "us" | "you") || word.ends_with("self") || word.ends_with("selves") {
            return true;
        }
    }
    // "announced itself on August 17"
    if cue.cue.part == CuePart::Verb && d.pieces.first().is_some_and(|p| matches!(doc.word(p.start as usize), "itself" | "himself" | "herself" | "themselves"))
    {
        return true;
    }
    // "the insurgency has claimed 400 lives"
    if cue.cue.words == ["claim"] && said.range().take(8).any(|i| matches!(doc.word(i), "lives" | "life" | "victims")) {
        return true;
    }
    let Some(v) = cue.verb else { return false };
    let verb = &view.a.verbs[v];
    let start = verb.tokens.start as usize;
    let act = || said.range().any(|i| doc.tag(i).is_noun() && view.a.lexicon.triggers.of_noun(doc.lemma(i)).next().is_some());
    let alone = match cue.cue.words[0].as_str() {
        // "celebrated the birth of the god"
        "celebrate" => !act() && view.opens(said.start as usize).is_none(),
        // "told more than one story: …"
        "tell" => d
            .pieces
            .first()
            .is_some_and(|p| p.start > 1 && doc.word(p.start as usize - 1) == ":" && matches!(doc.lemma(p.start as usize - 2), "story" | "tale" | "version")),
        // "would like the credit"
        "like" => verb.modal.is_some(),
        // "That nobody died may explain why": a fact explains.
        "explain" | "mean" | "show" | "suggest" | "indicate" => d.speaker.is_none() && verb.modal.is_some(),
        // "Nor do the reports agree on the number"
        "agree" => d.speaker.is_some_and(|s| matches!(doc.lemma(s.head), "report" | "account" | "version" | "figure" | "source" | "estimate")),
        // "published photographs of the captives", "raised money", "released the men": only of things that say something
        "publish" | "raise" | "release" | "post" => {
            cue.cue.words.len() == 1 && !said.range().any(|i| says_something(view, i)) && view.opens(said.start as usize).is_none()
        }
        // "the fighting went on": speech only in the middle of what is said, or before it
        "go" => {
            cue.cue.words == ["go", "on"]
                && !matches!(doc.tag(cue.tokens.end as usize), Tag::Comma | Tag::Colon | Tag::Stop)
                && view.opens(cue.tokens.end as usize).is_none()
        }
        // "did not draw fire"
        "not" => cue.cue.words == ["not", "draw"] && verb.voice != crate::extract::analysis::Voice::Passive,
        // "a bowler worrying about his shoulder"
        "worry" | "hope" | "fear" => verb.form == VerbForm::Gerund && start > 0 && view.a.noun_at(start - 1).is_some(),
        // "without saying what would happen"
        _ => verb.form == VerbForm::Gerund && start > 0 && doc.word(start - 1) == "without",
    };
    // "a man saying that he spoke for the group": who the speaker is.
    let introduces = || verb.form == VerbForm::Gerund && said.range().any(|i| doc.lemma(i) == "speak" && doc.word(i + 1) == "for");
    if alone || introduces() {
        return true;
    }
    // "have answered with one assault after another"
    let deed = matches!(cue.cue.words[0].as_str(), "answer" | "respond" | "reply")
        && doc.word(cue.tokens.end as usize) == "with"
        && view.opens(cue.tokens.end as usize + 1).is_none();
    if deed {
        return true;
    }
    // "means to ask the Taliban": not said yet.
    let meant = verb.form == VerbForm::Infinitive
        && verb.tokens.start > 0
        && view
            .a
            .verb_at(verb.tokens.start as usize - 1)
            .is_some_and(|w| matches!(doc.lemma(view.a.verbs[w].head), "mean" | "intend" | "plan" | "want" | "seek" | "hope"));
    // "Considering the damage, …", "for whom it was meant"
    let considering = verb.form == VerbForm::Gerund && matches!(doc.word(verb.head), "considering" | "regarding" | "following" | "according");
    let meant_for = cue.cue.words == ["mean"] && verb.voice == crate::extract::analysis::Voice::Passive;
    meant || considering || meant_for
}

/// Whether a word names something that says or asks.
fn says_something(view: View<'_, '_>, i: usize) -> bool {
    let doc = view.doc();
    let noun = doc.tag(i).is_noun() && view.a.lexicon.cues.of_lemma(doc, i).any(|(_, c)| c.part == CuePart::Noun);
    let more =
        ["study", "survey", "review", "figure", "issue", "point", "possibility", "prospect", "spectre", "specter", "matter", "letter", "list", "video", "data"];
    noun || more.contains(&doc.lemma(i))
}

fn negative(view: View<'_, '_>, tokens: TokenSpan) -> bool {
    tokens.range().any(|i| matches!(view.doc().word(i), "no" | "nobody" | "none"))
}

/// Quotations without a cue that follow a statement at once, in its paragraph or in the next, are more of it.
pub fn continue_quotations(view: View<'_, '_>, drafts: &mut [Draft<'_>]) {
    let mut said = vec![false; view.doc().len()];
    for i in drafts.iter().take_while(|_| !view.a.is_stopped()).flat_map(|d| &d.pieces).flat_map(|p| p.range()) {
        if let Some(said) = said.get_mut(i) {
            *said = true;
        }
    }
    for q in 0..view.doc().quotes().len() {
        let marked = view.with_marks(q);
        let open = marked.start as usize;
        if open == 0 || view.is_fragment(q) || said.get(open).is_some_and(|said| *said) || view.sentence(open).start as usize != open {
            continue;
        }
        let previous = view.sentence(open - 1);
        if view.paragraph(open) > view.paragraph(open - 1) + 1 {
            continue;
        }
        let Some(n) = spoken_in(view, drafts, previous, open) else { continue };
        drafts[n].pieces.push(marked);
        for i in marked.range() {
            if let Some(said) = said.get_mut(i) {
                *said = true;
            }
        }
    }
}

/// The statement of the sentence before `open` that a quotation there goes on with: one that quotes, else one that reports.
fn spoken_in(view: View<'_, '_>, drafts: &[Draft<'_>], sentence: TokenSpan, open: usize) -> Option<usize> {
    let reaches =
        |d: &Draft<'_>| d.cue.is_some_and(|c| c.tokens.overlaps(sentence)) || d.pieces.last().is_some_and(|p| sentence.has((p.end as usize).saturating_sub(1)));
    let quotes = |d: &Draft<'_>| d.pieces.iter().any(|p| p.range().any(|i| view.opens(i).is_some_and(|q| !view.is_fragment(q))));
    let speaks = |d: &Draft<'_>| d.cue.is_some_and(|c| c.cue.frames.has(Frame::Quote) && c.cue.part == CuePart::Verb);
    let before = drafts.partition_point(|d| d.at() < open);
    let candidates = || (before.saturating_sub(LOOK_BACK)..before).filter(|&n| reaches(&drafts[n]) && drafts[n].at() < open && !drafts[n].pieces.is_empty());
    candidates().rev().find(|&n| quotes(&drafts[n])).or_else(|| candidates().find(|&n| speaks(&drafts[n])))
}
