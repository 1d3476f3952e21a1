//! How many died, how many were hurt: figures of frames, and what they make together. `toll` has the figures told without a verb.

use super::Incident;
use super::class::{NounClass, classify};
use super::frame::Frame;
use super::realis::Realis;
use crate::extract::Analysis;
use crate::extract::analysis::{Determiner, Statement};
use crate::lexicon::triggers::Effect;
use crate::model::Count;
use crate::text::{Tag, TokenSpan};

/// A figure with the words that give it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// Deaths or injuries.
    pub effect: Effect,
    /// The number.
    pub count: Count,
    /// The words.
    pub tokens: TokenSpan,
    /// Its sentence.
    pub sentence: usize,
    /// The rule.
    pub rule: &'static str,
    /// Comes on top of what the sentence said before ("another", "also").
    pub adds: bool,
    /// Said to be of all, the attackers too ("nine deaths between them", "12 people, including the bomber").
    pub inclusive: bool,
    /// A new toll that replaces earlier ones ("the toll rose to").
    pub supersedes: bool,
    /// Only part of a total ("including 12 children").
    pub part: bool,
    /// They are militants; their dead are not among the victims' dead.
    pub militants: bool,
    /// An armed group claims it of its own deed.
    pub boasted: bool,
    /// Who gives it; `None` where the text says so itself.
    pub voice: Option<Voice>,
}

/// Somebody who gives a figure: an entity, or the unknown speaker of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// Index into `Analysis::entities`.
    Entity(usize),
    /// Index into `Analysis::statements`.
    Statement(usize),
}

/// The figure that a frame's patients give, where its effect is counted.
pub fn of_frame(a: &Analysis<'_>, frame: &Frame<'_>, realis: &Realis) -> Option<Figure> {
    let effect = frame.trigger.effect;
    if !matches!(effect, Effect::Killed | Effect::Injured) || frame.patients.is_empty() {
        return None;
    }
    let clause = frame.clause.filter(|_| !frame.is_nominal());
    let negated = clause.is_some_and(|c| a.verbs[a.clauses[c].verb].negated);
    // Who was to be killed has not been, nor who survived the attempt.
    let attempted = realis.attribute.is_some()
        || matches!(realis.certainty, "planned" | "threatened")
        || frame.is_nominal() && (frame.tokens.range().any(|i| a.doc.lemma(i) == "attempt") || survived(a, frame));
    if negated || attempted {
        return None;
    }
    let (count, tokens) = sum(a, &frame.patients, !frame.is_nominal())?;
    let (voice, boasted) = voice(a, tokens);
    Some(Figure {
        effect,
        count,
        tokens,
        sentence: frame.sentence,
        rule: "casualty.patients",
        adds: adds(a, tokens),
        inclusive: inclusive(a, tokens),
        supersedes: false,
        part: is_part(a, tokens),
        militants: all_militants(a, &frame.patients),
        boasted,
        voice,
    })
}

/// "survived the bombing", "escaped the attack"
fn survived(a: &Analysis<'_>, frame: &Frame<'_>) -> bool {
    frame.clause.is_some_and(|c| matches!(a.doc.lemma(a.verbs[a.clauses[c].verb].head), "survive" | "escape" | "evade" | "foil"))
}

/// Whose figure it is, and whether an armed group claims it of its own deed ("the Taliban claimed to have
/// killed 40").
pub(super) fn voice(a: &Analysis<'_>, tokens: TokenSpan) -> (Option<Voice>, bool) {
    let at = a.doc.span(tokens);
    let telling = a.statements_over(at);
    let voice = telling.first().map(|&s| a.statements[s].entity.map_or(Voice::Statement(s), Voice::Entity));
    let armed = |s: &Statement| {
        s.entity.is_some_and(|e| {
            let entity = &a.entities[e];
            entity.kind.starts_with("armed.") || entity.affiliation.is_some_and(|f| a.entities[f].kind.starts_with("armed."))
        })
    };
    (voice, own_count(a, tokens) || telling.iter().any(|&s| armed(&a.statements[s])))
}

/// "By the group's count, eleven guards had been killed"
fn own_count(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let sentence = a.doc.sentences()[a.doc.sentence_of(tokens.start as usize)];
    let first = sentence.start as usize;
    let comma = (first..sentence.end.min(sentence.start + 10) as usize).find(|&i| a.doc.tag(i) == Tag::Comma);
    let Some(comma) = comma.filter(|_| a.doc.word(first) == "by") else { return false };
    let counted = matches!(a.doc.lemma(comma - 1), "count" | "account" | "tally" | "reckoning" | "estimate");
    counted
        && a.mentions_in(TokenSpan::new(first, comma)).any(|(_, m)| {
            m.entity.is_some_and(|e| {
                a.entities[e].kind.starts_with("armed.") || a.entities[e].affiliation.is_some_and(|f| a.entities[f].kind.starts_with("armed."))
            })
        })
}

pub(super) fn all_militants(a: &Analysis<'_>, nouns: &[usize]) -> bool {
    !nouns.is_empty()
        && nouns.iter().all(|&n| {
            classify(a, n).militant(a)
                || matches!(a.doc.word(a.nouns[n].head), "assailants" | "assailant" | "attackers" | "attacker" | "perpetrators" | "himself" | "themselves")
        })
}

/// Adds up a list of people: "two policemen and a civilian" are three. `None` where a member cannot be counted.
/// With `people` the verb says that they are people, whatever the words.
pub(super) fn sum(a: &Analysis<'_>, nouns: &[usize], people: bool) -> Option<(Count, TokenSpan)> {
    let mut total: Option<Count> = None;
    let mut tokens: Option<TokenSpan> = None;
    for &noun in nouns {
        let class = classify(a, noun);
        if names_the_one_before(a, noun, &class) && nouns.contains(&(noun - 1)) {
            continue;
        }
        // In a list with people an unknown word is one of them ("a superintendent and ten others").
        let unknown = (people || nouns.len() > 1) && class.site.is_none() && class.weapon.is_none() && class.place.is_none() && !class.event;
        if !class.human() && !unknown {
            continue;
        }
        let count = head_count(a, noun, &class)
            .or_else(|| antecedent_count(a, noun))
            .or_else(|| (unknown && matches!(a.doc.tag(a.nouns[noun].head), Tag::NN | Tag::NNP)).then(|| Count::exact(1)))?;
        total = Some(total.map_or(count, |t| t.plus(count)));
        let span = a.nouns[noun].tokens;
        tokens = Some(tokens.map_or(span, |t| t.cover(span)));
    }
    total.zip(tokens)
}

/// "a tribal elder, Malik Noor, and two others": the name behind the comma is the elder's.
fn names_the_one_before(a: &Analysis<'_>, noun: usize, class: &NounClass<'_>) -> bool {
    let start = a.nouns[noun].tokens.start as usize;
    let Some(before) = noun.checked_sub(1).map(|n| &a.nouns[n]) else { return false };
    let named = (class.person || class.proper) && class.people.is_none();
    let comma = a.doc.word(start.saturating_sub(1)) == "," && before.tokens.end as usize + 1 == start;
    let closed = matches!(a.doc.word(a.nouns[noun].tokens.end as usize), "," | ".");
    let one = a.doc.tag(before.head) == Tag::NN && before.count.is_none() && !matches!(before.determiner, Determiner::None | Determiner::Quantifier);
    named && comma && closed && one && classify(a, noun - 1).people.is_some_and(|t| !t.collective)
}

/// "them", "both", "the workers": as many as were counted under that name, or last, in this sentence or the two before.
fn antecedent_count(a: &Analysis<'_>, noun: usize) -> Option<Count> {
    let group = &a.nouns[noun];
    let word = a.doc.word(group.head);
    let pronoun = matches!(word, "them" | "they" | "all" | "who");
    let plural = a.doc.tag(group.head) == Tag::NNS && matches!(group.determiner, Determiner::Definite | Determiner::Quantifier);
    if word == "both" {
        return Some(Count::exact(2));
    }
    if !pronoun && !plural {
        return None;
    }
    a.nouns[..noun].iter().enumerate().rev().take(24).take_while(|(_, n)| n.sentence + 2 >= group.sentence).find_map(|(n, g)| {
        let (_, count) = g.count?;
        let class = classify(a, n);
        let same = if pronoun { class.people.is_some() && !class.militant(a) } else { a.doc.lemma(g.head) == a.doc.lemma(group.head) };
        same.then_some(count)
    })
}

/// How many people a noun group names.
pub fn head_count(a: &Analysis<'_>, noun: usize, class: &NounClass<'_>) -> Option<Count> {
    let group = &a.nouns[noun];
    if let Some((_, count)) = group.count {
        return Some(count);
    }
    if group.determiner == Determiner::Negative || matches!(a.doc.word(group.head), "none" | "nobody") {
        return Some(Count::exact(0));
    }
    // "one of the province's clerics": the number stands before the possessor.
    let start = group.tokens.start as usize;
    if let Some(possessor) = start.checked_sub(2).filter(|_| a.doc.tag(start - 1) == Tag::POS).and_then(|i| a.noun_at(i))
        && let Some((number, count)) = a.nouns[possessor].count
        && a.doc.word(number.end as usize) == "of"
    {
        return Some(count);
    }
    // "the bodies of three shepherds"
    if let Some(inner) = super::class::whole(a, noun) {
        return head_count(a, inner, &classify(a, inner));
    }
    // "the number of people killed" is a figure given elsewhere.
    if matches!(a.doc.lemma(group.head), "number" | "toll" | "total" | "count" | "majority" | "percentage" | "proportion") {
        return None;
    }
    // "a couple", "a family of five"
    let end = group.tokens.end as usize;
    match a.doc.word(group.head) {
        "couple" | "duo" => return Some(Count::exact(2)),
        "trio" => return Some(Count::exact(3)),
        "family" if a.doc.word(end) == "of" => {
            if let Some(members) = a.noun_at(end + 1).map(|n| &a.nouns[n]).filter(|n| a.doc.tag(n.head) == Tag::CD).and_then(|n| n.count) {
                return Some(members.1);
            }
        }
        _ => {}
    }
    // "a policemen": the article counts, whatever the slip.
    if matches!(a.doc.word(group.tokens.start as usize), "a" | "an") && class.human() && !class.people.is_some_and(|t| t.collective) && !class.organisation {
        return Some(Count::exact(1));
    }
    let plural = matches!(a.doc.tag(group.head), Tag::NNS | Tag::NNPS) || class.people.is_some_and(|t| t.collective);
    match a.doc.tag(group.head) {
        Tag::PRP => matches!(a.doc.word(group.head), "him" | "her" | "he" | "she" | "himself" | "herself").then(|| Count::exact(1)),
        _ if plural || class.organisation && !class.person => None,
        _ if class.people.is_some() || class.title || class.national && !a.doc.word(group.head).ends_with('s') => Some(Count::exact(1)),
        Tag::NN | Tag::NNP if class.person || class.proper => Some(Count::exact(1)),
        _ => None,
    }
}

pub(super) fn adds(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    tokens.range().take(4).any(|i| matches!(a.doc.word(i), "another" | "other" | "others" | "more"))
        || tokens.start > 0 && a.doc.word(tokens.start as usize - 1) == "also"
        || (tokens.end as usize..tokens.end as usize + 3).any(|i| a.doc.word(i) == "also")
}

/// "between them", "in all", "including the bomber" shortly behind the figure.
pub(super) fn inclusive(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let end = tokens.end as usize;
    let last = a.doc.sentences()[a.doc.sentence_of(tokens.start as usize)].end as usize;
    (end..last.min(end + 8)).any(|i| match a.doc.word(i) {
        "between" => a.doc.word(i + 1) == "them",
        "in" => matches!(a.doc.word(i + 1), "all" | "total"),
        "altogether" | "combined" => true,
        "including" => (i + 1..i + 5).any(|j| matches!(a.doc.lemma(j), "bomber" | "attacker" | "assailant" | "himself")),
        _ => false,
    })
}

pub(super) fn is_part(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let start = tokens.start as usize;
    start > 0 && matches!(a.doc.word(start - 1), "including" | "among" | "of" | "them")
}

/// The figure of one sentence: parts are left out, "another" adds, of the rest the largest counts.
pub fn of_sentence(figures: &[Figure]) -> Option<Figure> {
    if let Some(&toll) = figures.iter().find(|f| f.supersedes) {
        return Some(toll);
    }
    let mut best: Option<Figure> = None;
    for &figure in figures.iter().filter(|f| !f.part) {
        best = Some(match best {
            None => figure,
            Some(b) if b.tokens.overlaps(figure.tokens) => larger(b, figure),
            // "killing five soldiers, while four militants died": both sides, each counted apart.
            Some(b) if apart(b, figure) => {
                let (tokens, count) = (b.tokens.cover(figure.tokens), b.count.plus(figure.count));
                Figure { count, tokens, militants: false, inclusive: true, rule: "casualty.added", ..b }
            }
            Some(b) if figure.adds || b.adds => Figure { count: b.count.plus(figure.count), tokens: b.tokens.cover(figure.tokens), ..b },
            Some(b) => larger(b, figure),
        });
    }
    best.or_else(|| figures.first().copied())
}

/// Whether two figures of a sentence are of the two sides, by one voice.
fn apart(a: Figure, b: Figure) -> bool {
    a.militants != b.militants && !a.inclusive && !b.inclusive && a.voice == b.voice && value(a) > 0 && value(b) > 0
}

/// The figure of an incident from those of its sentences: the last toll that supersedes, else the largest. The dead among the
/// attackers come on top of those among the others, where the text counts them apart, and so do those who died "also".
pub fn of_incident(by_sentence: &[Figure]) -> Option<Figure> {
    // What others count goes before what the doers boast of.
    let sober: Vec<Figure> = by_sentence.iter().copied().filter(|f| !f.boasted).collect();
    let by_sentence: &[Figure] = if sober.is_empty() { by_sentence } else { &sober };
    let superseding = by_sentence.iter().rev().find(|f| f.supersedes).copied();
    let side = |militants: bool| {
        let of_side = || by_sentence.iter().copied().filter(move |f| f.militants == militants);
        let largest = of_side().filter(|f| !f.adds).reduce(larger);
        of_side().filter(|f| f.adds).fold(largest, |sum, f| Some(sum.map_or(f, |s| if s.sentence < f.sentence { together(s, f) } else { larger(s, f) })))
    };
    let all = match (side(false), side(true)) {
        (Some(others), Some(attackers)) if others.sentence != attackers.sentence && value(others) > 0 && !others.inclusive => Some(together(others, attackers)),
        (others, attackers) => [others, attackers].into_iter().flatten().reduce(larger),
    };
    if let Some(contested) = contested(by_sentence).filter(|_| superseding.is_none()) {
        return Some(contested);
    }
    match (superseding, all) {
        (Some(s), Some(l)) if value(s) >= value(l) => Some(s),
        (_, l) => l,
    }
}

/// "the murder of the candidate", "that killing": one died, where a single person is the victim and nothing else counts the dead.
pub fn of_murder(a: &Analysis<'_>, incident: &Incident) -> Option<Figure> {
    let murder = incident.triggers.iter().find(|t| {
        let head = t.0.end as usize - 1;
        a.doc.tag(head) == Tag::NN && matches!(a.doc.lemma(head), "murder" | "assassination" | "killing" | "execution" | "beheading" | "slaying" | "lynching")
    })?;
    let mut victims = incident.participants.iter().filter(|p| matches!(p.role, "victim" | "target") && matches!(p.kind, "person" | "people"));
    let victim = victims.next().filter(|_| victims.next().is_none())?;
    let one = victim.kind == "person" || victim.count == Some(Count::exact(1));
    let attempted = incident.attributes.iter().any(|x| matches!(x.as_str(), "attempted" | "foiled"));
    (one && !attempted).then(|| Figure {
        effect: Effect::Killed,
        count: Count::exact(1),
        tokens: murder.0,
        sentence: a.doc.sentence_of(murder.0.start as usize),
        rule: "casualty.murder",
        adds: false,
        inclusive: false,
        supersedes: false,
        part: false,
        militants: false,
        boasted: false,
        voice: None,
    })
}

/// "No one was hurt", "without harming anyone": nobody died either.
pub fn unharmed(a: &Analysis<'_>, injured: &[Figure]) -> Option<Figure> {
    let none = injured.first().filter(|f| f.count == Count::exact(0))?;
    let words = TokenSpan { end: none.tokens.end + 2, ..none.tokens };
    let harm = words.range().any(|i| matches!(a.doc.lemma(i), "hurt" | "harm"));
    harm.then_some(Figure { effect: Effect::Killed, rule: "casualty.none", ..*none })
}

/// Speakers who give different figures for the same dead: the one told first counts, the others bound it.
fn contested(figures: &[Figure]) -> Option<Figure> {
    let told = || figures.iter().filter(|f| f.voice.is_some() && !f.adds && !f.part && value(**f) > 0);
    let first = *told().next()?;
    let exact = first.count.best.is_some() && first.count.high.is_some();
    let differs = |f: &&Figure| f.voice != first.voice && value(**f) != value(first) && f.militants == first.militants && exact;
    if figures.iter().any(|f| f.voice.is_none() && !f.part) || told().filter(differs).count() == 0 {
        return None;
    }
    let bounds = |pick: fn(u32, u32) -> u32| told().map(|f| value(*f)).reduce(pick);
    let best = first.count.figure();
    let count = Count { low: bounds(u32::min).or(first.count.low), best, high: bounds(u32::max).or(first.count.high) };
    Some(Figure { count, rule: "casualty.contested", ..first })
}

fn together(a: Figure, b: Figure) -> Figure {
    Figure { count: a.count.plus(b.count), rule: "casualty.added", ..a }
}

fn larger(a: Figure, b: Figure) -> Figure {
    if value(b) > value(a) { b } else { a }
}

fn value(f: Figure) -> u32 {
    f.count.low.or(f.count.best).or(f.count.high).unwrap_or(0)
}
