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
    if SPEAKS_OF_ACTS.contains(&s.kind) { spoken_of(a, s).into_iter().collect() } else { Vec::new() }
}

/// The incident told last before the statement; acts of violence first.
fn spoken_of(a: &Analysis<'_>, s: &Statement) -> Option<usize> {
    let at = s.cue.or(s.speaker)?.start;
    let told_before = |i: &Incident| i.triggers.iter().map(|t| t.0.start).filter(|&t| t < at).max();
    let acts = a.incidents.iter().enumerate().filter(|(_, i)| !i.kind.starts_with("politics.") && !i.kind.starts_with("counter."));
    acts.filter_map(|(n, i)| told_before(i).map(|t| (t, n))).max().map(|(_, n)| n)
}
