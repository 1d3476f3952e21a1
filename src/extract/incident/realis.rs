//! Did it happen? Modality, negation, plans, threats, habits, old stories around a frame.

use super::frame::Frame;
use super::kind::{Family, family};
use crate::extract::Analysis;
use crate::extract::analysis::{Determiner, VerbForm};
use crate::lexicon::realis::RealisCue;
use crate::text::{Tag, TokenSpan};

/// What is to be made of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Realis {
    /// Code of the certainty list.
    pub certainty: &'static str,
    /// Told as context.
    pub background: bool,
    /// `attempted` or `foiled`.
    pub attribute: Option<String>,
    /// No single act: habits, trends, kinds of acts, "no attack".
    pub generic: bool,
    /// The rule that decided.
    pub rule: &'static str,
}

impl Default for Realis {
    fn default() -> Self {
        Self { certainty: "reported", background: false, attribute: None, generic: false, rule: "realis.asserted" }
    }
}

/// Judges one frame.
pub fn judge(a: &Analysis<'_>, frame: &Frame<'_>) -> Realis {
    let mut realis = Realis::default();
    if a.is_aggregate(frame.tokens) || frame.clause.is_some_and(|c| tells_of_sum(a, c)) {
        realis.generic = true;
        realis.rule = "realis.aggregate";
        return realis;
    }
    if let Some(noun) = frame.noun {
        judge_noun(a, frame, noun, &mut realis);
    }
    if let Some(clause) = frame.clause {
        judge_clause(a, frame, clause, &mut realis);
    }
    if !realis.background && super::answered::is_answered_for(a, frame) {
        realis.background = true;
        realis.rule = "realis.answered_for";
    }
    realis
}

/// "carried out 1,476 attacks, killing 389 civilians", "16 encounters in which 35 policemen were killed": the dead are those of all of them.
fn tells_of_sum(a: &Analysis<'_>, clause: usize) -> bool {
    let this = &a.clauses[clause];
    let verb = &a.verbs[this.verb];
    let summed = |noun: usize| a.is_aggregate(a.nouns[noun].tokens);
    if verb.form == VerbForm::Gerund {
        let mut above = Some(this);
        let mut steps = 0;
        while let Some(c) = above.filter(|c| steps < 4 && a.verbs[c.verb].sentence == verb.sentence) {
            if steps > 0 && c.object.iter().chain(&c.subject).any(|&n| summed(n)) {
                return true;
            }
            above = c.governor.filter(|_| a.verbs[c.verb].form == VerbForm::Gerund).and_then(|g| a.clauses.get(g));
            steps += 1;
        }
        return (verb.tokens.start as usize).checked_sub(1).and_then(|i| a.noun_at(i)).is_some_and(summed);
    }
    let begins = this.subject.first().map_or(verb.tokens.start, |&n| a.nouns[n].tokens.start).min(verb.tokens.start) as usize;
    let in_which = begins > 2 && matches!(a.doc.word(begins - 1), "which" | "whom") && a.doc.tag(begins - 2) == Tag::IN;
    in_which && a.noun_at(begins - 3).is_some_and(|n| summed(n) || n > 0 && a.doc.word(a.nouns[n].tokens.start as usize - 1) == "of" && summed(n - 1))
}

fn judge_noun(a: &Analysis<'_>, frame: &Frame<'_>, noun: usize, realis: &mut Realis) {
    let group = &a.nouns[noun];
    if group.determiner == Determiner::Negative {
        realis.generic = true;
        realis.rule = "realis.negated";
        return;
    }
    // "a foiled attack", "further attacks"
    for i in group.tokens.range().take_while(|&i| i < frame.tokens.start as usize) {
        if let Some(cue) = a.lexicon.realis.adjective(a.doc.word(i)) {
            apply(realis, cue, group.determiner != Determiner::Definite && a.doc.tag(group.head) == Tag::NNS);
        }
    }
    // "sentenced two men to death"
    let start = super::answered::begins(a, noun);
    if group.tokens.len() == 1 && a.doc.word(group.head) == "death" && start > 0 && a.doc.word(start - 1) == "to" {
        realis.generic = true;
        realis.rule = "realis.to_death";
    }
    // "an assassination attempt", "the attempted kidnapping"
    if matches!(a.doc.lemma(group.head), "attempt" | "bid") || a.doc.word(frame.tokens.start as usize) == "attempted" {
        realis.attribute.get_or_insert_with(|| "attempted".to_owned());
    }
    // "since the Taliban takeover": a point in time that readers know, not something that the text tells.
    let point = start > 0 && matches!(a.doc.word(start - 1), "since" | "following" | "after" | "before") && group.determiner == Determiner::Definite;
    let behind = TokenSpan { start: group.tokens.start, end: group.tokens.end + 5 };
    if point && a.dates_in(behind).next().is_none() && family(&frame.trigger.kind) == Family::Politics {
        realis.generic = true;
        realis.rule = "realis.point_in_time";
    }
    if let Some(rule) = kind_of_act(a, frame, noun) {
        realis.generic = true;
        realis.rule = rule;
    }
    // Bare plurals are kinds of acts unless something ties them to a place, a day or a number.
    let plural = a.doc.tag(group.head) == Tag::NNS;
    if plural && group.count.is_none() && !matches!(group.determiner, Determiner::Definite | Determiner::Possessive) && !is_tied(a, frame) {
        realis.generic = true;
        realis.rule = "realis.bare_plural";
    }
    // "a plot to …" is the infinitive's; "the threat of an attack", "plans for a bombing": the noun before "of".
    if start >= 2 && matches!(a.doc.word(start - 1), "of" | "for" | "to" | "against" | "in" | "about" | "over" | "from") {
        if let Some(cue) = a.noun_at(start - 2).and_then(|n| a.lexicon.realis.noun(a.doc.lemma(a.nouns[n].head))) {
            apply(realis, cue, true);
        }
        if a.verb_at(start - 2).is_some_and(|v| matches!(a.doc.lemma(a.verbs[v].head), "accuse" | "convict" | "suspect" | "charge" | "want" | "acquit")) {
            realis.background = true;
            realis.rule = "realis.court";
        }
    }
}

/// "Attacks on police are common", "this was one of four attacks", "a series of attacks by the group": no act of its own.
fn kind_of_act(a: &Analysis<'_>, frame: &Frame<'_>, noun: usize) -> Option<&'static str> {
    let group = &a.nouns[noun];
    if a.doc.tag(group.head) != Tag::NNS {
        return None;
    }
    let start = group.tokens.start as usize;
    let common = |i: usize| matches!(a.doc.word(i), "common" | "frequent" | "rife" | "rare" | "routine" | "commonplace" | "rampant");
    let copula = a.clauses_of(frame.sentence).any(|(_, c)| {
        let end = a.verbs[c.verb].tokens.end as usize;
        c.subject.contains(&noun) && (end..end + 5).any(common)
    });
    if copula {
        return Some("realis.common");
    }
    // "one of four", "the latest in a series of", "part of a wave of"
    let one_of = start >= 2
        && a.doc.word(start - 1) == "of"
        && a.noun_at(start - 2).is_some_and(|n| {
            let head = a.doc.word(a.nouns[n].head);
            let before = a.nouns[n].tokens.start as usize;
            matches!(head, "one" | "first" | "second" | "third" | "fourth" | "latest" | "last" | "part")
                || matches!(head, "series" | "string" | "spate" | "wave" | "number") && before > 0 && matches!(a.doc.word(before - 1), "in" | "of")
        });
    let after_adjective =
        start >= 2 && a.doc.word(start - 1) == "of" && matches!(a.doc.word(start - 2), "first" | "second" | "third" | "latest" | "one" | "last");
    (one_of || after_adjective).then_some("realis.one_of")
}

/// Whether a day, a named place or a number of dead stands in the same sentence beside the frame.
fn is_tied(a: &Analysis<'_>, frame: &Frame<'_>) -> bool {
    let sentence = a.doc.sentences()[frame.sentence];
    let near = |start: u32| start.abs_diff(frame.tokens.start) < 14;
    let dated = a.dates_in(sentence).any(|(_, d)| !d.duration && near(d.tokens.start));
    let counted = a.nouns_of(frame.sentence).any(|(_, n)| n.count.is_some() && near(n.tokens.start));
    // "Clashes between tribes left 11 people dead."
    let harms = |c: &crate::extract::clause::Clause| {
        let verb = &a.verbs[c.verb];
        let lemma = a.doc.lemma(verb.head);
        frame.noun.is_some_and(|n| c.subject.contains(&n))
            && matches!(lemma, "leave" | "kill" | "claim" | "injure" | "wound")
            && matches!(verb.form, VerbForm::Past)
            && c.object.iter().any(|&n| a.nouns[n].count.is_some())
    };
    dated && counted || !frame.patients.is_empty() || counted && !frame.targets.is_empty() || a.clauses_of(frame.sentence).any(|(_, c)| harms(c))
}

fn judge_clause(a: &Analysis<'_>, frame: &Frame<'_>, clause: usize, realis: &mut Realis) {
    let mut at = Some(clause);
    let mut first = true;
    let mut steps = 0;
    // "denied having a hand in the blast": whatever is said of it, the blast took place.
    // "demanded money for the release of the engineer": of talks and releases an article says nothing.
    let presupposed = frame.noun.is_some_and(|n| matches!(a.nouns[n].determiner, Determiner::Definite | Determiner::Possessive))
        && family(&frame.trigger.kind) != Family::Politics;
    while let Some(index) = at {
        let verb = &a.verbs[a.clauses[index].verb];
        let verbal = !first || !frame.is_nominal();
        // "an attack that could have been prevented": the modal is said of the noun, not over it.
        let about_noun = frame.noun.is_some_and(|n| a.clauses[index].subject.contains(&n)) && a.clauses[index].relative;
        if verb.negated && verbal && first {
            realis.generic = true;
            realis.rule = "realis.negated";
        }
        if let Some(modal) = verb.modal.filter(|_| !about_noun && !presupposed) {
            let would_past = matches!(a.doc.word(modal), "would" | "could" | "might") && verb.perfect;
            if !would_past || verbal {
                set(realis, if matches!(a.doc.word(modal), "will" | "shall" | "'ll") { "planned" } else { "hypothetical" }, "realis.modal");
            }
        }
        // "have been killing teachers since 2015"
        if first && verbal && verb.perfect && a.doc.tag(verb.head) == Tag::VBG && verb.modal.is_none() {
            realis.generic = true;
            realis.rule = "realis.habitual";
        }
        // "demanded that prisoners be released": asked for, not done.
        if first && a.doc.word(verb.tokens.start as usize) == "be" && verb.modal.is_none() {
            set(realis, "hypothetical", "realis.subjunctive");
        }
        if conditional(a, index) {
            set(realis, "hypothetical", "realis.conditional");
        }
        let carried_out = || frame.noun.is_some_and(|n| a.clauses[index].object.contains(&n)) && !presupposed;
        if let Some(cue) = noun_before(a, index).filter(|_| verbal || carried_out()) {
            apply(realis, cue, true);
        }
        if (!first || frame.is_nominal())
            && let Some(cue) = a
                .lexicon
                .realis
                .verb(a.doc.lemma(verb.head))
                .filter(|c| !about_noun && (!presupposed || c.id == "prevented" || c.id == "planned" || c.background))
        {
            // "feared dead after an attack": what only says when is not in the verb's scope.
            let in_scope = |i: usize| !matches!(a.doc.word(i), "after" | "following" | "during" | "since" | "amid" | "when" | "against" | "over");
            let objects = frame.noun.is_some_and(|n| {
                let clause = &a.clauses[index];
                clause.object.contains(&n) || clause.phrases.iter().any(|p| p.nouns.contains(&n) && in_scope(p.preposition))
            });
            if !first || objects {
                apply(realis, cue, true);
            }
        }
        // Habits: present tense without a day ("militants carry out assaults and avoid detection").
        if first
            && verb.form == VerbForm::Present
            && !verb.perfect
            && a.doc.tag(verb.head) != Tag::VBG
            && a.doc.tag(verb.head) != Tag::VBN
            && !is_tied(a, frame)
            && !headline(a, frame.sentence)
        {
            realis.generic = true;
            realis.rule = "realis.habitual";
        }
        at = governor(a, index);
        first = false;
        steps += 1;
        if steps > 4 {
            break;
        }
    }
}

/// The clause in whose scope this one stands: for infinitives, and gerunds after a preposition, the verb or noun before.
fn governor(a: &Analysis<'_>, clause: usize) -> Option<usize> {
    let this = &a.clauses[clause];
    let verb = &a.verbs[this.verb];
    let start = verb.tokens.start as usize;
    // "wanted six comrades freed"
    if verb.form == VerbForm::Participle
        && let Some(before) = clause.checked_sub(1).filter(|&c| a.verbs[a.clauses[c].verb].sentence == verb.sentence)
        && matches!(a.doc.lemma(a.verbs[a.clauses[before].verb].head), "want" | "demand" | "need" | "seek")
        && a.clauses[before].object.iter().any(|n| this.subject.contains(n))
    {
        return Some(before);
    }
    let scoped = match verb.form {
        VerbForm::Infinitive => true,
        VerbForm::Gerund => start > 0 && (a.doc.tag(start - 1) == Tag::IN || a.verb_at(start - 1).is_some()),
        // "failed to explode and was defused": a finite verb goes on with the main clause.
        _ if matches!(a.doc.word(start), "was" | "were" | "is" | "are" | "has" | "had" | "have") => false,
        _ => start > 0 && a.doc.tag(start - 1) == Tag::CC && this.governor.is_some_and(|g| matches!(a.verbs[g].form, VerbForm::Infinitive)),
    };
    if scoped { this.governor } else { None }
}

/// "a plot to kill", "an attempt to murder", "plans for attacking": what the noun right before an infinitive or gerund says of it.
fn noun_before<'l>(a: &Analysis<'l>, clause: usize) -> Option<&'l RealisCue> {
    let verb = &a.verbs[a.clauses[clause].verb];
    let start = verb.tokens.start as usize;
    let end = match verb.form {
        VerbForm::Infinitive => start - usize::from(start > 0 && a.doc.word(start) != "to" && a.doc.word(start - 1) == "to"),
        VerbForm::Gerund if start > 0 && matches!(a.doc.word(start - 1), "of" | "for" | "against" | "at" | "in") => start - 1,
        _ => return None,
    };
    let noun = &a.nouns[a.noun_at(end.checked_sub(1)?)?];
    let cue = (noun.tokens.end as usize == end).then(|| a.lexicon.realis.noun(a.doc.lemma(noun.head))).flatten()?;
    // "his role in killing six": who was tried for it does not make it old news.
    (!cue.background || verb.form == VerbForm::Gerund).then_some(cue)
}

/// "if", "unless", "whether" at the head of the clause.
fn conditional(a: &Analysis<'_>, clause: usize) -> bool {
    let c = &a.clauses[clause];
    let start = c.subject.first().map_or(a.verbs[c.verb].tokens.start, |&n| a.nouns[n].tokens.start) as usize;
    start > 0 && matches!(a.doc.word(start - 1), "if" | "unless" | "whether") && a.doc.sentence_of(start) == a.doc.sentence_of(start - 1)
}

/// A first line in the present tense is a headline, not a habit.
fn headline(a: &Analysis<'_>, sentence: usize) -> bool {
    sentence == 0 && a.doc.sentences().first().is_some_and(|s| !matches!(a.doc.word(s.end as usize - usize::from(s.end > 0)), "." | "!" | "?"))
}

fn set(realis: &mut Realis, certainty: &'static str, rule: &'static str) {
    if realis.certainty == "reported" || realis.certainty == "alleged" {
        realis.certainty = certainty;
        realis.rule = rule;
    }
}

fn apply(realis: &mut Realis, cue: &RealisCue, generic_if_hypothetical: bool) {
    let certainty = match cue.certainty.as_str() {
        "planned" => "planned",
        "threatened" => "threatened",
        "denied" => "denied",
        "alleged" => "alleged",
        "hypothetical" => {
            realis.generic |= generic_if_hypothetical;
            "hypothetical"
        }
        _ => "reported",
    };
    if certainty != "reported" {
        set(realis, certainty, "realis.cue");
    }
    realis.background |= cue.background;
    if realis.attribute.is_none() {
        realis.attribute.clone_from(&cue.attribute);
    }
}
