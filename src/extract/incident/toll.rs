//! Figures of dead and hurt that no counted verb gives: "12 people dead", "the toll rose to 23", "no casualties", "lost their lives".

use super::casualty::{Figure, adds, all_militants, inclusive, is_part, sum, voice};
use super::class::classify;
use crate::extract::Analysis;
use crate::extract::analysis::{Determiner, Voice};
use crate::extract::clause::Clause;
use crate::lexicon::triggers::Effect;
use crate::model::Count;
use crate::text::TokenSpan;

/// Figures told without a counted verb: "12 people dead", "claimed 40 lives", "the toll rose to 23", "no casualties".
pub fn free_figures(a: &Analysis<'_>) -> Vec<Figure> {
    let mut figures = Vec::new();
    for (noun, group) in a.nouns.iter().enumerate().take_while(|_| !a.is_stopped()) {
        let after = group.tokens.end as usize;
        let sentence_end = a.doc.sentences()[group.sentence].end as usize;
        let figure = |effect, count, tokens, rule| Figure { count, ..new(a, effect, tokens, &[noun], rule) };
        let head = a.doc.word(group.head);
        // "over 100 people dead", "12 dead", "nine wounded", "30 others injured"
        if let (Some((_, count)), true) = (group.count, after < sentence_end) {
            let class = classify(a, noun);
            if class.human()
                && group.count.is_some()
                && let Some(effect) = state_word(a.doc.word(after)).filter(|_| a.verb_at(after).is_none_or(|v| a.verbs[v].tokens.start as usize == after))
            {
                let by_verb = a.verb_at(after).is_some_and(|v| a.clauses.get(v).is_some_and(|c| c.subject.contains(&noun)));
                if !by_verb {
                    figures.push(figure(effect, count, TokenSpan { start: group.tokens.start, end: after as u32 + 1 }, "casualty.n_dead"));
                }
            }
        }
        // "counted 35 dead insurgents"
        if let Some((number, count)) = group.count
            && (number.end as usize..group.head).any(|i| a.doc.word(i) == "dead")
            && classify(a, noun).human()
        {
            figures.push(figure(Effect::Killed, count, group.tokens, "casualty.n_dead"));
        }
        // "40 lives", "23 deaths", "12 bodies", "no casualties", "10 dead"
        if let Some(effect) = counted_word(head) {
            // "One of the dead was named": a part of those counted elsewhere.
            let of_them = group.count.is_some_and(|(n, _)| a.doc.word(n.end as usize) == "of");
            let count = group.count.filter(|_| !of_them).map(|(_, c)| c).or_else(|| (group.determiner == Determiner::Negative).then(|| Count::exact(0)));
            if let Some(count) = count {
                figures.push(figure(effect, count, group.tokens, "casualty.n_deaths"));
                if head.starts_with("casualt") && count == Count::exact(0) {
                    figures.push(figure(Effect::Injured, count, group.tokens, "casualty.none"));
                }
            }
        }
        // "no loss of life was reported"
        if head == "loss" && group.determiner == Determiner::Negative && a.doc.word(after) == "of" && matches!(a.doc.word(after + 1), "life" | "lives") {
            figures.push(figure(Effect::Killed, Count::exact(0), group.tokens, "casualty.n_deaths"));
        }
        // "claimed the lives of scores of police officers", "took the life of a guard"
        if matches!(head, "lives" | "life") && a.doc.word(after) == "of" {
            let taken =
                a.clauses_of(group.sentence).any(|(_, c)| c.object.contains(&noun) && matches!(a.doc.lemma(a.verbs[c.verb].head), "claim" | "take" | "cost"));
            if let (true, Some(people)) = (taken, a.noun_at(after + 1))
                && let Some((count, tokens)) = sum(a, &[people], true)
            {
                figures.push(figure(Effect::Killed, count, TokenSpan { start: group.tokens.start, end: tokens.end }, "casualty.lives_of"));
            }
        }
        // "gunmen ended his life and that of a bodyguard"
        if head == "life"
            && matches!(a.doc.word(group.tokens.start as usize), "his" | "her")
            && a.clauses_of(group.sentence)
                .any(|(_, c)| c.object.contains(&noun) && matches!(a.doc.lemma(a.verbs[c.verb].head), "end" | "take" | "claim" | "cost"))
        {
            let joined = (a.doc.word(after), a.doc.word(after + 1), a.doc.word(after + 2)) == ("and", "that", "of");
            let others = a.noun_at(after + 3).filter(|_| joined).and_then(|n| sum(a, &[n], true));
            let (count, end) = others.map_or((Count::exact(1), group.tokens.end), |(c, t)| (Count::exact(1).plus(c), t.end));
            figures.push(figure(Effect::Killed, count, TokenSpan { end, ..group.tokens }, "casualty.lives_of"));
        }
        // "the death toll rose to 23", "the toll stands at 15"
        if let Some(effect) = counts(a, group.head, after)
            && let Some((count, tokens)) = toll(a, after, sentence_end)
        {
            let told = TokenSpan { start: group.tokens.start, end: tokens.end };
            let toll = figure(effect, count, told, "casualty.toll");
            // "A second official put the number at eight" is one more voice, "the toll rose to 23, police said" is news.
            let rises = told.range().any(|i| matches!(a.doc.lemma(i), "rise" | "climb" | "grow" | "increase" | "go" | "jump" | "reach" | "stand" | "pass"));
            figures.push(Figure { supersedes: toll.voice.is_none() || rises || head == "toll", ..toll });
        }
    }
    figures.extend((0..a.clauses.len()).filter_map(|clause| of_idiom(a, clause)));
    figures.extend((0..a.doc.len()).filter_map(|i| as_many(a, i)));
    figures.sort_by_key(|f| f.tokens);
    figures
}

/// "three people were killed and as many injured", "twice as many were hurt": the number told last in the sentence.
fn as_many(a: &Analysis<'_>, i: usize) -> Option<Figure> {
    if a.doc.word(i) != "as" || a.doc.word(i + 1) != "many" || a.doc.word(i + 2) == "as" {
        return None;
    }
    let sentence = a.doc.sentences()[a.doc.sentence_of(i)];
    let (at, effect) = (i + 2..(i + 6).min(sentence.end as usize)).find_map(|j| Some((j, state_word(a.doc.word(j))?)))?;
    let told = a.nouns_of(a.doc.sentence_of(i)).filter(|(_, n)| n.tokens.end as usize <= i).filter_map(|(_, n)| Some(n.count?.1)).last()?;
    let twice = i > 0 && a.doc.word(i - 1) == "twice";
    let count = if twice { told.plus(told) } else { told };
    Some(Figure { count, ..new(a, effect, TokenSpan::new(i - usize::from(twice), at + 1), &[], "casualty.as_many") })
}

/// What a word for a figure counts: "the toll", "the number of people killed", "the number of wounded", "17 were killed …; the figure".
fn counts(a: &Analysis<'_>, head: usize, after: usize) -> Option<Effect> {
    let within = |words: &[&str]| (after..after + 5).any(|i| words.contains(&a.doc.word(i)));
    match a.doc.word(head) {
        "toll" => Some(Effect::Killed),
        "number" | "count" if within(&["dead", "killed", "deaths", "fatalities"]) => Some(Effect::Killed),
        "number" | "count" if within(&["wounded", "injured", "injuries"]) => Some(Effect::Injured),
        "figure" => {
            let start = a.doc.sentences()[a.doc.sentence_of(head)].start as usize;
            (start..head).rev().take(24).find_map(|i| state_word(a.doc.word(i)))
        }
        _ => None,
    }
}

/// "two escaped with wounds", "a soldier was hit in the leg", "were cut by flying glass", "without harming anyone": how many were hurt.
fn hurt(a: &Analysis<'_>, c: &Clause) -> Option<(Count, TokenSpan)> {
    let verb = &a.verbs[c.verb];
    let leads_to = |preposition: &str, fits: &dyn Fn(&str) -> bool| {
        c.phrases.iter().filter(|p| a.doc.word(p.preposition) == preposition).flat_map(|p| &p.nouns).any(|&n| fits(a.doc.lemma(a.nouns[n].head)))
    };
    let wound = |w: &str| matches!(w, "wound" | "injury" | "burn" | "bruise");
    let limb = |w: &str| matches!(w, "leg" | "arm" | "shoulder" | "foot" | "hand" | "thigh" | "knee" | "hip" | "ankle" | "elbow");
    let shard = |w: &str| matches!(w, "glass" | "shrapnel" | "splinter" | "debris" | "fragment" | "shard");
    match a.doc.lemma(verb.head) {
        "escape" | "survive" | "emerge" if leads_to("with", &wound) => sum(a, &c.subject, false),
        "hit" | "shoot" | "strike" if verb.voice == Voice::Passive && leads_to("in", &limb) => sum(a, &c.subject, false),
        "cut" | "hit" | "strike" if verb.voice == Voice::Passive && leads_to("by", &shard) => sum(a, &c.subject, false),
        "burn" | "scald" if verb.voice == Voice::Passive && verb.particle.is_none() && c.subject.iter().any(|&n| classify(a, n).human()) => {
            let deadly = (verb.head..verb.head + 3).any(|i| matches!(a.doc.word(i), "alive" | "death" | "dead"));
            sum(a, &c.subject, false).filter(|_| !deadly)
        }
        "harm" | "hurt" | "injure" => {
            let before = verb.tokens.start.checked_sub(1).map_or("", |i| a.doc.word(i as usize));
            let object = c.object.first().map_or("", |&n| a.doc.word(a.nouns[n].head));
            let nobody = (before == "without" || verb.negated) && matches!(object, "anyone" | "anybody");
            nobody.then(|| (Count::exact(0), verb.tokens))
        }
        _ => None,
    }
}

/// "five people lost their lives", "12 were left dead", "six were among the dead"
fn of_idiom(a: &Analysis<'_>, clause: usize) -> Option<Figure> {
    let c = &a.clauses[clause];
    let verb = &a.verbs[c.verb];
    let lemma = a.doc.lemma(verb.head);
    let object_head = c.object.first().map(|&n| a.doc.word(a.nouns[n].head));
    if let Some((count, tokens)) = hurt(a, c) {
        return Some(Figure { count, tokens: tokens.cover(verb.tokens), ..new(a, Effect::Injured, tokens, &c.subject, "casualty.hurt") });
    }
    let effect = match (lemma, object_head) {
        ("lose", Some("lives" | "life")) => Effect::Killed,
        ("sustain" | "suffer" | "receive", Some("injuries" | "wounds" | "injury" | "burns" | "wound")) => Effect::Injured,
        ("succumb", _) => Effect::Killed,
        // "six militants are dead"
        // "no one was reported hurt"
        ("report" | "confirm", _) if verb.voice == Voice::Passive => state_word(a.doc.word(verb.tokens.end as usize))?,
        ("be" | "is" | "are" | "was" | "were", _) => state_word(a.doc.word(verb.tokens.end as usize))?,
        _ => return None,
    };
    let (count, tokens) = sum(a, &c.subject, false)?;
    (!verb.negated).then(|| Figure { count, tokens: tokens.cover(verb.tokens), ..new(a, effect, tokens, &c.subject, "casualty.idiom") })
}

/// A figure of those people, before its number is known.
fn new(a: &Analysis<'_>, effect: Effect, tokens: TokenSpan, people: &[usize], rule: &'static str) -> Figure {
    let (voice, boasted) = voice(a, tokens);
    Figure {
        effect,
        count: Count::default(),
        tokens,
        sentence: a.doc.sentence_of(tokens.start as usize),
        rule,
        adds: adds(a, tokens),
        inclusive: inclusive(a, tokens),
        supersedes: false,
        part: is_part(a, tokens),
        militants: all_militants(a, people),
        boasted,
        voice,
    }
}

fn state_word(word: &str) -> Option<Effect> {
    match word {
        "dead" | "killed" => Some(Effect::Killed),
        "injured" | "wounded" | "hurt" => Some(Effect::Injured),
        _ => None,
    }
}

fn counted_word(head: &str) -> Option<Effect> {
    match head {
        "lives" | "deaths" | "fatalities" | "dead" | "casualties" | "death" | "fatality" => Some(Effect::Killed),
        "injuries" | "wounded" | "injured" => Some(Effect::Injured),
        _ => None,
    }
}

/// The number after "toll": the last one that "to" or "at" leads to, else the first.
fn toll(a: &Analysis<'_>, from: usize, end: usize) -> Option<(Count, TokenSpan)> {
    let mut first = None;
    for i in from..end.min(from + 30) {
        let Some(noun) = a.noun_at(i).filter(|&n| a.nouns[n].tokens.start as usize == i) else { continue };
        let Some((tokens, count)) = a.nouns[noun].count else { continue };
        if matches!(a.doc.word(i - 1), "to" | "at")
            && (i < from + 14 || i >= 2 && matches!(a.doc.lemma(i - 2), "rise" | "climb" | "grow" | "increase" | "go" | "jump" | "stand"))
        {
            return Some((count, tokens));
        }
        if i < from + 14 {
            first.get_or_insert((count, tokens));
        }
    }
    first
}
