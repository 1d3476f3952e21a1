//! Which statement is about which incident.

use crate::extract::Analysis;
use crate::extract::analysis::Statement;
use crate::extract::incident::Incident;
use crate::text::TokenSpan;

/// Kinds that speak of an act even where they do not name it ("claimed responsibility", "condemned it").
const SPEAKS_OF_ACTS: &[&str] = &["claim", "denial", "accusation", "condemnation", "condolence", "praise", "retraction"];

/// Links statements to the incidents they are about; runs after the incidents are known.
pub fn link_statements(a: &mut Analysis<'_>) {
    for index in 0..a.statements.len() {
        let about = about(a, &a.statements[index]);
        a.statements[index].about = about;
    }
}

fn about(a: &Analysis<'_>, s: &Statement) -> Vec<usize> {
    let says = |tokens: TokenSpan| {
        let at = a.doc.span(tokens);
        s.content.iter().any(|c| c.overlaps(at)) || s.object.is_some_and(|o| o.overlaps(tokens))
    };
    let which = |test: &dyn Fn(&Incident) -> bool| -> Vec<usize> { a.incidents.iter().enumerate().filter(|(_, i)| test(i)).map(|(n, _)| n).collect() };
    // What tells the incident is said, or else its figures, or its people.
    let told = which(&|i| i.triggers.iter().any(|t| says(t.0)));
    if !told.is_empty() {
        return told;
    }
    let counted = which(&|i| i.killed.iter().chain(&i.injured).any(|f| says(f.tokens)));
    if !counted.is_empty() {
        return counted;
    }
    let act = SPEAKS_OF_ACTS.contains(&s.kind).then(|| spoken_of(a, s)).flatten();
    act.or_else(|| in_focus(a, s)).into_iter().collect()
}

/// What the words around a statement tell: the incident told last before it in its paragraph, else the news of the text, which its first
/// sentences tell.
fn in_focus(a: &Analysis<'_>, s: &Statement) -> Option<usize> {
    let at = s.cue.or(s.speaker)?.start;
    let paragraph = a.doc.paragraphs().iter().rev().find(|p| p.start <= at)?.start;
    let happened = |i: &Incident| !matches!(i.certainty, "planned" | "threatened" | "hypothetical" | "denied");
    let told = |i: &Incident| i.triggers.iter().map(|t| t.0.start).filter(|&t| t < at && t >= paragraph).max();
    let near = a.incidents.iter().enumerate().filter(|(_, i)| happened(i)).filter_map(|(n, i)| Some((told(i)?, n))).max();
    let lead = a.doc.sentences().get(LEAD).or(a.doc.sentences().last())?.end;
    let news = || {
        let first = |i: &Incident| i.triggers.iter().map(|t| t.0.start).min().unwrap_or(u32::MAX);
        let of_lead = a.incidents.iter().enumerate().filter(|(_, i)| happened(i) && !i.background && is_violent(i) && first(i) < lead);
        of_lead.min_by_key(|(_, i)| first(i)).map(|(n, _)| n)
    };
    near.map(|(_, n)| n).or_else(news)
}

/// The news of a text stands in its first four sentences.
const LEAD: usize = 3;

fn is_violent(i: &Incident) -> bool {
    !["politics.", "counter.", "group.", "measures.", "unrest.peaceful"].iter().any(|class| i.kind.starts_with(class))
}

/// The incident told last before the statement; acts of violence first.
fn spoken_of(a: &Analysis<'_>, s: &Statement) -> Option<usize> {
    let at = s.cue.or(s.speaker)?.start;
    let told_before = |i: &Incident| i.triggers.iter().map(|t| t.0.start).filter(|&t| t < at).max();
    let acts = a.incidents.iter().enumerate().filter(|(_, i)| is_violent(i));
    acts.filter_map(|(n, i)| told_before(i).map(|t| (t, n))).max().map(|(_, n)| n)
}
