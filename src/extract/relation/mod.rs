//! Relations between actors: words in a row (`form`), verbs with their arguments (`verb`), offices in titles (`office`).

mod argument;
mod form;
mod office;
mod verb;

use super::Analysis;
use crate::model::record;
use crate::text::TokenSpan;
use argument::Argument;

/// A relation before it is rendered.
#[derive(Clone, Debug)]
struct Found {
    subject: Argument,
    relation: String,
    object: Argument,
    tokens: TokenSpan,
    confidence: f64,
}

/// Finds the relations that the text tells.
pub fn find_relations(a: &mut Analysis<'_>) {
    let mut found = Vec::new();
    for pattern in a.lexicon.relations.iter() {
        form::find(a, pattern, &mut found);
        verb::find(a, pattern, &mut found);
    }
    office::find(a, &mut found);
    office::find_members(a, &mut found);
    found.retain(|f| f.subject.name != f.object.name);
    found.sort_by(|x, y| (x.tokens, &x.relation, &x.subject.name, &x.object.name).cmp(&(y.tokens, &y.relation, &y.subject.name, &y.object.name)));
    let mut list: Vec<record::Relation> = Vec::new();
    for f in &found {
        let same = |r: &record::Relation| r.relation == f.relation && r.subject == f.subject.name && r.object == f.object.name;
        if !list.iter().any(same) {
            list.push(render(a, f));
        }
    }
    a.relations = list;
}

fn render(a: &Analysis<'_>, f: &Found) -> record::Relation {
    let span = a.doc.span(f.tokens);
    let words = a.excerpt(span);
    let passed_on = a.statements.iter().any(|s| s.content.iter().any(|c| c.overlaps(span)) && s.cue.is_none_or(|c| !f.tokens.contains(c)));
    let sentence = a.doc.sentences().get(a.doc.sentence_of(f.tokens.start as usize)).copied().unwrap_or_default();
    let date =
        a.dates.iter().find(|d| sentence.contains(d.tokens) && d.tokens.start >= f.tokens.start && d.tokens.start <= f.tokens.end + 3).and_then(|d| d.value);
    record::Relation {
        subject: f.subject.name.clone(),
        relation: f.relation.clone(),
        object: f.object.name.clone(),
        certainty: if passed_on { "alleged" } else { "reported" }.to_owned(),
        date,
        start: words.start,
        end: words.end,
        text: words.text,
        confidence: f.confidence,
    }
}
