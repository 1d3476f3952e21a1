//! Statistics that a text quotes: trends ("a 50% increase in attacks", "attacks doubled") and counts over a period ("500 attacks this year").
//!
//! They are no incidents: their tokens go into `Analysis::aggregates`, which the incident pass leaves alone.

mod amount;
mod count;
mod measure;
mod render;
mod trend;

use super::Analysis;
use crate::lexicon::figures::Trend;
use crate::text::TokenSpan;

/// A figure before it is rendered.
#[derive(Clone, Debug)]
struct Figure {
    measure: TokenSpan,
    /// Words added to the measure ("people" + "killed").
    done: Option<usize>,
    value: Option<f64>,
    unit: Option<&'static str>,
    change: Option<Trend>,
    tokens: TokenSpan,
}

/// Finds the figures of the text and marks their tokens.
pub fn find_figures(a: &mut Analysis<'_>) {
    let mut found: Vec<Figure> = Vec::new();
    found.extend((0..a.nouns.len()).filter_map(|n| trend::trend_noun(a, n)));
    found.extend((0..a.verbs.len()).filter_map(|v| trend::trend_verb(a, v)));
    found.extend((0..a.nouns.len()).filter_map(|n| count::counted_events(a, n)));
    found.extend((0..a.nouns.len()).filter_map(|n| count::rounds(a, n).or_else(|| count::total(a, n)).or_else(|| count::ranked(a, n))));
    found.extend((0..a.clauses.len()).filter_map(|c| count::counted_people(a, c).or_else(|| count::lives(a, c))));
    found.sort_by_key(|f| (f.tokens.start, u32::MAX - f.tokens.end));
    let mut kept: Vec<Figure> = Vec::new();
    for figure in found {
        // They are in order and do not overlap: what overlaps one of them overlaps the last.
        if kept.last().is_none_or(|k| !k.tokens.overlaps(figure.tokens)) {
            kept.push(figure);
        }
    }
    a.aggregates = kept.iter().map(|f| f.tokens).collect();
    if !kept.is_empty() {
        let home = render::topic_country(a).map(str::to_owned);
        a.figures = kept.iter().take_while(|_| !a.is_stopped()).map(|f| render::render(a, f, home.as_deref())).collect();
    }
}
