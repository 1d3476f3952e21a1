//! Whether a trigger word tells of violence at all: settings that speak against it, company that it needs.

use super::class::{classify, phrases_after};
use super::frame::Frame;
use crate::extract::Analysis;
use crate::lexicon::contexts::{Context, Slot};
use crate::lexicon::tellers::NEAR;
use crate::lexicon::triggers::{CASUALTY_WORDS, Trigger};
use crate::text::{Tag, TokenSpan};

/// What stands around a trigger, by slot; noun groups are indices into `Analysis::nouns`.
#[derive(Debug, Default)]
pub struct Surroundings {
    /// Who does it, whatever it is.
    pub subjects: Vec<usize>,
    /// To what it is done.
    pub objects: Vec<usize>,
    /// Prepositions with what follows them.
    pub phrases: Vec<(usize, usize)>,
    /// Tokens before the noun in its group, or around the verb.
    pub modifiers: Vec<usize>,
}

/// The setting of `lexicon/contexts.toml` that makes the frame something else; `None` where militants are named as its doers or a weapon as its means.
pub fn harmless<'a>(a: &Analysis<'a>, frame: &Frame<'_>, around: &Surroundings) -> Option<&'a Context> {
    let contexts = &a.lexicon.contexts;
    // "mortar fire" is no fire, "a suicide strike" no strike.
    // "Congress Party" is no party to speak of: names say nothing here.
    let head = |n: usize| {
        let head = a.nouns[n].head;
        let capital = a.doc.token(head).shape.has(crate::text::Shape::CAPITAL) && a.doc.sentences()[frame.sentence].start as usize != head;
        let silent = capital && !a.doc.all_caps() || classify(a, n).weapon.is_some_and(|t| t.term.contains(' '));
        if silent { "" } else { a.doc.lemma(head) }
    };
    let of_class = |c: &Context, n: usize| classify(a, n).people.is_some_and(|t| c.subject_classes.contains(&t.class));
    let holds = |c: &&'a Context| c.concerns(frame.trigger) && (c.subject_classes.is_empty() || around.subjects.iter().any(|&n| of_class(c, n)));
    let slot = |slot: Slot, word: &str| contexts.of(slot, word).find(holds);
    if let Some(found) = around.objects.iter().find_map(|&n| slot(Slot::Object, head(n))) {
        return Some(found);
    }
    let militant = frame.agents.iter().any(|&n| classify(a, n).militant(a));
    if militant || frame.means.iter().any(|&n| a.nouns[n].tokens.start != frame.tokens.start) {
        return None;
    }
    let of_subject = |n: usize| {
        let class = classify(a, n).people.and_then(|t| slot(Slot::SubjectClass, &t.class));
        // "A gas cylinder blast killed …"
        let inside = || modifiers_of_noun(a, n).into_iter().find_map(|i| slot(Slot::Modifier, a.doc.word(i)));
        // "The explosion of a boiler killed …"
        let of = || phrases_after(a, n, a.doc.sentences()[frame.sentence].end as usize).into_iter().take(1).find_map(|(_, o)| slot(Slot::Object, head(o)));
        class.or_else(|| slot(Slot::Subject, head(n))).or_else(inside).or_else(of)
    };
    let anywhere = || {
        let sentence = a.doc.sentences()[frame.sentence];
        let said = sentence.range().filter(|&i| !frame.tokens.has(i)).find_map(|i| contexts.of_lemma(Slot::Anywhere, &a.doc, i).find(holds));
        said.filter(|_| !names_conflict(a, sentence, frame.tokens))
    };
    around
        .subjects
        .iter()
        .find_map(|&n| of_subject(n))
        .or_else(|| around.phrases.iter().find_map(|&(_, n)| slot(Slot::Phrase, head(n))))
        .or_else(|| around.phrases.iter().find_map(|&(p, _)| slot(Slot::Preposition, a.doc.word(p))))
        .or_else(|| around.modifiers.iter().find_map(|&i| slot(Slot::Modifier, a.doc.word(i))))
        .or_else(anywhere)
}

/// Whether the frame's paragraph, or a sentence beside its own, speaks of armed people, weapons or casualties, the frame's own words left out.
pub fn in_conflict(a: &Analysis<'_>, frame: &Frame<'_>) -> bool {
    let sentences = a.doc.sentences();
    let paragraphs = a.doc.paragraphs();
    let paragraph = paragraphs.partition_point(|p| p.end <= frame.tokens.start);
    let inside = |s: &TokenSpan| paragraphs.get(paragraph).is_some_and(|p| p.overlaps(*s));
    let near = |s: usize| s.abs_diff(frame.sentence) <= 1 || s.abs_diff(frame.sentence) <= NEAR && sentences.get(s).is_some_and(inside);
    let span = frame.sentence.saturating_sub(NEAR)..sentences.len().min(frame.sentence + NEAR + 1);
    span.filter(|&s| near(s)).any(|s| names_conflict(a, sentences[s], frame.tokens))
}

fn names_conflict(a: &Analysis<'_>, sentence: TokenSpan, own: TokenSpan) -> bool {
    let armed = a.hits_in(sentence).iter().any(|h| !h.tokens.overlaps(own) && a.lexicon.speaks_of_conflict(h.entry));
    armed || sentence.range().filter(|&i| !own.has(i)).any(|i| is_casualty(a, i) || tells_clearly(a, i))
}

/// A noun that tells of violence by itself ("the bombings").
fn tells_clearly(a: &Analysis<'_>, i: usize) -> bool {
    let triggers = &a.lexicon.triggers;
    a.doc.tag(i).is_noun() && triggers.of_noun_at(&a.doc, i).any(Trigger::tells_clearly)
}

/// "killed", "wounded", "dead", "casualties", "hostages"
fn is_casualty(a: &Analysis<'_>, i: usize) -> bool {
    CASUALTY_WORDS.contains(&a.doc.word(i))
}

/// The tokens of a noun group before the trigger's own words, and the trigger's words before the last.
pub fn modifiers_of_noun(a: &Analysis<'_>, noun: usize) -> Vec<usize> {
    let group = &a.nouns[noun];
    let mut list: Vec<usize> = group.tokens.range().filter(|&i| i != group.head).collect();
    // "an attack ad", "the riot act": the trigger only modifies what follows.
    list.extend((a.doc.tag(group.head + 1) == Tag::Hyphen).then_some(group.head + 2));
    list
}
