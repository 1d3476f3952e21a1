//! What the passes before the incidents saw in a sentence.

use super::{Line, Topic, line, nouns, who, words};
use crate::extract::Analysis;
use crate::extract::analysis::{Determiner, MentionKind, NounGroup, VerbForm, VerbGroup, Voice};
use crate::lexicon::Hit;
use crate::lexicon::terms::TermKind;
use crate::lexicon::trie::Entry;

/// Everything from tags to statements.
pub(super) fn seen(a: &Analysis<'_>, number: usize) -> Vec<Line> {
    let tokens = a.doc.sentences()[number];
    let mut lines = Vec::new();
    let tagged: Vec<String> = tokens.range().map(|i| format!("{}/{}", a.doc.raw(i), a.doc.tag(i).label())).collect();
    lines.push(line(Topic::Tags, tagged.join(" ")));
    let groups: Vec<String> = a.nouns_of(number).map(|(_, n)| noun(a, n)).collect();
    lines.extend((!groups.is_empty()).then(|| line(Topic::Nouns, groups.join(" | "))));
    let verbs: Vec<String> = a.verbs.iter().filter(|v| v.sentence == number).map(|v| verb(a, v)).collect();
    lines.extend((!verbs.is_empty()).then(|| line(Topic::Verbs, verbs.join(" | "))));
    lines.extend(a.clauses_of(number).map(|(index, _)| clause(a, index)));
    lines.extend(a.hits_in(tokens).iter().filter_map(|hit| hit_line(a, hit)));
    lines.extend(a.dates_in(tokens).map(|(_, d)| {
        let value = d.value.map_or("cannot be said".to_owned(), |v| if v.start == v.end { v.start.to_string() } else { format!("{} to {}", v.start, v.end) });
        line(Topic::Date, format!("{} = {value} ({:?}{})", words(a, d.tokens), d.basis, if d.duration { ", a stretch" } else { "" }))
    }));
    lines.extend(a.places_in(tokens).map(|p| place(a, p)));
    let mentions = a.mentions_in(tokens).filter(|(_, m)| tokens.contains(m.tokens) && m.kind != MentionKind::Pronoun);
    lines.extend(mentions.map(|(_, m)| line(Topic::Actor, format!("{} = {} ({:?})", words(a, m.phrase), who(a, m), m.kind))));
    let span = a.doc.span(tokens);
    let said = a.statements.iter().filter(|s| s.content.first().is_some_and(|c| span.start <= c.start && c.start < span.end));
    lines.extend(said.map(|s| {
        let speaker = s.speaker.map_or("nobody named".to_owned(), |t| words(a, t));
        let cue = s.cue.map_or(String::new(), |t| format!(" by \"{}\"", words(a, t)));
        line(Topic::Says, format!("{} ({}) of {speaker}{cue}", s.kind, s.mode))
    }));
    lines
}

fn noun(a: &Analysis<'_>, group: &NounGroup) -> String {
    let determined = match group.determiner {
        Determiner::None => "",
        Determiner::Definite => " definite",
        Determiner::Indefinite => " indefinite",
        Determiner::Possessive => " possessive",
        Determiner::Negative => " negative",
        Determiner::Quantifier => " quantified",
    };
    let count = group.count.map_or(String::new(), |(_, c)| match (c.low, c.best, c.high) {
        (Some(low), _, Some(high)) if low != high => format!(" {low}–{high}"),
        (_, Some(best), _) => format!(" ={best}"),
        (Some(low), ..) => format!(" ≥{low}"),
        (_, _, Some(high)) => format!(" ≤{high}"),
        _ => String::new(),
    });
    let marks = format!("{determined}{count}");
    if marks.is_empty() { words(a, group.tokens) } else { format!("{} ({})", words(a, group.tokens), marks.trim()) }
}

fn verb(a: &Analysis<'_>, group: &VerbGroup) -> String {
    let form = match group.form {
        VerbForm::Past => "past",
        VerbForm::Present => "present",
        VerbForm::Modal => "modal",
        VerbForm::Infinitive => "infinitive",
        VerbForm::Gerund => "gerund",
        VerbForm::Participle => "participle",
    };
    let voice = if group.voice == Voice::Passive { " passive" } else { "" };
    let perfect = if group.perfect { " perfect" } else { "" };
    let negated = if group.negated { " negated" } else { "" };
    let particle = group.particle.map_or(String::new(), |p| format!(" with \"{}\"", a.doc.word(p)));
    format!("{} ({} {form}{voice}{perfect}{negated}{particle})", words(a, group.tokens), a.doc.lemma(group.head))
}

fn clause(a: &Analysis<'_>, index: usize) -> Line {
    let c = &a.clauses[index];
    let mut parts = Vec::new();
    let mut add = |name: &str, list: &[usize]| parts.extend((!list.is_empty()).then(|| format!("{name} {}", nouns(a, list))));
    add("subject", &c.subject);
    add("object", &c.object);
    for phrase in &c.phrases {
        add(a.doc.word(phrase.preposition), &phrase.nouns);
    }
    let relative = if c.relative { " (relative)" } else { "" };
    line(Topic::Clause, format!("{}{relative}: {}", words(a, a.verbs[c.verb].tokens), parts.join("; ")))
}

fn hit_line(a: &Analysis<'_>, hit: &Hit) -> Option<Line> {
    let what = match hit.entry {
        Entry::Actor(index) => {
            let actor = a.lexicon.actors.get(index)?;
            format!("actor {} ({})", actor.key, actor.kind)
        }
        Entry::Term(index) => {
            let term = a.lexicon.terms.get(index)?;
            let list = match term.kind {
                TermKind::People => "people",
                TermKind::Site => "site",
                TermKind::Weapon => "weapon",
                TermKind::Title => "title",
            };
            format!("{list} {} ({})", term.term, term.class)
        }
        Entry::Demonym(_) => "demonym".to_owned(),
    };
    Some(line(Topic::Hit, format!("{} = {what}", words(a, hit.tokens))))
}

fn place(a: &Analysis<'_>, index: usize) -> Line {
    let p = &a.places[index];
    let parts = [Some(p.name.clone()), p.admin2.clone(), p.admin1.clone(), p.country.clone()];
    let mut listed: Vec<String> = Vec::new();
    for part in parts.into_iter().flatten().filter(|s| !s.is_empty()) {
        if listed.last() != Some(&part) {
            listed.push(part);
        }
    }
    let key = p.gazetteer.as_ref().map_or("unknown to the gazetteer".to_owned(), |k| format!("[{k}]"));
    let marks = [(p.metonym, ", stands for a government"), (p.dateline, ", dateline")].into_iter().filter(|m| m.0).map(|m| m.1).collect::<String>();
    line(Topic::Place, format!("{} = {} {key} ({}{marks})", words(a, p.tokens), listed.join(", "), p.precision))
}
