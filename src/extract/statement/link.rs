//! Which statement is about which incident.

use crate::extract::Analysis;
use crate::extract::analysis::{Determiner, Statement};
use crate::extract::incident::Incident;
use crate::text::{Span, Tag, TokenSpan};

/// Kinds that speak of an act even where they do not name it ("claimed responsibility", "condemned it").
const SPEAKS_OF_ACTS: &[&str] = &["claim", "denial", "accusation", "condemnation", "condolence", "praise", "retraction"];

/// Links statements to the incidents they are about; runs after the incidents are known.
pub fn link_statements(a: &mut Analysis<'_>) {
    let told = Told::of(a);
    let about: Vec<Vec<usize>> = a.statements.iter().take_while(|_| !a.is_stopped()).map(|s| told.about(a, s)).collect();
    for (statement, about) in a.statements.iter_mut().zip(about) {
        statement.about = about;
    }
}

/// Words of at most so many bytes tell an incident or count its dead.
const LONGEST_WORDS: u32 = 300;

/// "The attacks" that somebody claims are told within so many tokens of it: no paragraph of news is longer.
const NEAR: u32 = 1_000;

/// The news of a text stands in its first four sentences.
const LEAD: usize = 3;

/// First tokens of the words that tell incidents, each with its incident, in order.
type Places = Vec<(u32, usize)>;

/// Where the text tells its incidents.
struct Told {
    /// Bytes of all words that tell an incident, by their start.
    triggers: Vec<(Span, usize)>,
    /// Bytes of all figures of deaths and injuries, by their start.
    figures: Vec<(Span, usize)>,
    /// Bytes of statistics, by their start.
    statistics: Vec<(Span, usize)>,
    /// Acts that happened.
    happened: Places,
    /// Acts of violence; then those that the text itself asserts.
    violent: [Places; 2],
    /// Those that somebody may claim, likewise.
    claimable: [Places; 2],
    /// The act that the first sentences tell.
    news: Option<usize>,
}

impl Told {
    fn of(a: &Analysis<'_>) -> Self {
        let spans = |tokens: &dyn Fn(&Incident) -> Vec<TokenSpan>| {
            let mut list: Vec<(Span, usize)> = Vec::new();
            for (n, incident) in a.incidents.iter().enumerate() {
                list.extend(tokens(incident).into_iter().map(|t| (a.doc.span(t), n)));
            }
            list.sort_unstable_by_key(|(span, n)| (span.start, *n));
            list
        };
        let places = |fits: &dyn Fn(&Incident) -> bool| {
            let fitting = a.incidents.iter().enumerate().filter(|(_, i)| fits(i));
            let mut list: Places = fitting.flat_map(|(n, i)| i.triggers.iter().map(move |t| (t.0.start, n))).collect();
            list.sort_unstable();
            list
        };
        let happened = |i: &Incident| !matches!(i.certainty, "planned" | "threatened" | "hypothetical" | "denied");
        // Nobody claims a riot.
        let claimable = |i: &Incident| is_violent(i) && !i.kind.starts_with("unrest.");
        let asserted = |i: &Incident| i.certainty == "reported";
        let lead = a.doc.sentences().get(LEAD).or(a.doc.sentences().last()).map_or(0, |s| s.end);
        let first = |i: &Incident| i.triggers.iter().map(|t| t.0.start).min().unwrap_or(u32::MAX);
        let of_lead = a.incidents.iter().enumerate().filter(|(_, i)| happened(i) && !i.background && is_violent(i) && first(i) < lead);
        Self {
            triggers: spans(&|i| i.triggers.iter().map(|t| t.0).collect()),
            figures: spans(&|i| i.killed.iter().chain(&i.injured).map(|f| f.tokens).collect()),
            statistics: {
                let mut list: Vec<(Span, usize)> = a.aggregates.iter().map(|&t| (a.doc.span(t), 0)).collect();
                list.sort_unstable_by_key(|(span, _)| span.start);
                list
            },
            happened: places(&happened),
            violent: [places(&is_violent), places(&|i| is_violent(i) && asserted(i))],
            claimable: [places(&claimable), places(&|i| claimable(i) && asserted(i))],
            news: of_lead.min_by_key(|(_, i)| first(i)).map(|(n, _)| n),
        }
    }

    fn about(&self, a: &Analysis<'_>, s: &Statement) -> Vec<usize> {
        // "claimed the attacks": all that the paragraph tells.
        let several = if SPEAKS_OF_ACTS.contains(&s.kind) && of_several(a, s) { self.of_paragraph(a, s) } else { Vec::new() };
        // What tells the incident is said, or else its figures.
        for list in [&self.triggers, &self.figures] {
            let mut said = said_of(a, s, list);
            if !said.is_empty() {
                said.extend(&several);
                said.sort_unstable();
                said.dedup();
                return said;
            }
        }
        if several.len() > 1 {
            return several;
        }
        let act = SPEAKS_OF_ACTS.contains(&s.kind).then(|| self.spoken_of(s)).flatten();
        act.or_else(|| self.in_focus(a, s)).into_iter().collect()
    }

    /// What the words around a statement tell: the incident told last before it in its paragraph, else one of its sentence, else the news.
    fn in_focus(&self, a: &Analysis<'_>, s: &Statement) -> Option<usize> {
        let at = s.cue.or(s.speaker)?.start;
        let paragraph = paragraph(a, at)?.start;
        let near = last_before(&self.happened, at).filter(|(t, _)| *t >= paragraph);
        // "demanded that it choose, after militants overran a post"
        let sentence = a.doc.sentences().get(a.doc.sentence_of(at as usize)).copied()?;
        let beside = || {
            let from = self.happened.partition_point(|(t, _)| *t < sentence.start);
            self.happened.get(from).copied().filter(|(t, _)| *t < sentence.end)
        };
        // Plans, wishes and warnings of a text on something else are not about its news.
        // Statistics ("attacks went up by half") are of no single act.
        let elsewhere = || {
            let looks_ahead = matches!(s.kind, "announcement" | "warning" | "threat" | "offer" | "demand" | "other") && !speaks_of_victims(a, s);
            looks_ahead || !said_of(a, s, &self.statistics).is_empty()
        };
        near.or_else(beside).map(|(_, n)| n).or_else(|| self.news.filter(|_| !elsewhere()))
    }

    /// The act of violence told last before the statement; what the text asserts comes before what others claim.
    fn spoken_of(&self, s: &Statement) -> Option<usize> {
        let at = s.cue.or(s.speaker)?.start;
        let [all, asserted] = if matches!(s.kind, "claim" | "denial") { &self.claimable } else { &self.violent };
        last_before(asserted, at).or_else(|| last_before(all, at)).map(|(_, n)| n)
    }

    /// All acts that somebody may claim in the statement's paragraph.
    fn of_paragraph(&self, a: &Analysis<'_>, s: &Statement) -> Vec<usize> {
        let Some(at) = s.cue.or(s.speaker).map(|c| c.start) else { return Vec::new() };
        let Some(p) = paragraph(a, at).map(|p| TokenSpan { start: p.start.max(at.saturating_sub(NEAR)), end: p.end.min(at + NEAR) }) else { return Vec::new() };
        let list = &self.claimable[1];
        let from = list.partition_point(|(t, _)| *t < p.start);
        let here = list[from..].iter().take_while(|(t, _)| *t < p.end).map(|(_, n)| *n);
        let mut acts: Vec<usize> = here.filter(|&n| !a.incidents[n].background).collect();
        acts.sort_unstable();
        acts.dedup();
        acts
    }
}

/// The paragraph of a token.
fn paragraph(a: &Analysis<'_>, at: u32) -> Option<TokenSpan> {
    a.doc.paragraphs().partition_point(|p| p.start <= at).checked_sub(1).and_then(|p| a.doc.paragraphs().get(p)).copied()
}

/// Whether the content begins with several acts known to the reader: "the attacks", "those killings".
fn of_several(a: &Analysis<'_>, s: &Statement) -> bool {
    let Some(first) = s.content.first() else { return false };
    let token = a.doc.tokens().partition_point(|t| t.span.start < first.start);
    let noun = a.noun_at(token).map(|n| &a.nouns[n]);
    noun.is_some_and(|n| a.doc.tag(n.head) == Tag::NNS && n.determiner == Determiner::Definite && n.count.is_none())
}

fn last_before(places: &Places, at: u32) -> Option<(u32, usize)> {
    places.partition_point(|(t, _)| *t < at).checked_sub(1).map(|p| places[p])
}

/// The incidents some of whose words are said or blamed.
fn said_of(a: &Analysis<'_>, s: &Statement, words: &[(Span, usize)]) -> Vec<usize> {
    let object = s.object.map(|o| a.doc.span(o));
    let mut said: Vec<usize> = Vec::new();
    for c in s.content.iter().chain(&object) {
        let from = words.partition_point(|(w, _)| w.start.saturating_add(LONGEST_WORDS) < c.start);
        said.extend(words[from..].iter().take_while(|(w, _)| w.start < c.end).filter(|(w, _)| w.overlaps(*c)).map(|(_, n)| *n));
    }
    said.sort_unstable();
    said.dedup();
    said
}

/// Whether the content speaks of those who suffered or did what the text tells: "compensation for the bereaved", "when I have the killers".
fn speaks_of_victims(a: &Analysis<'_>, s: &Statement) -> bool {
    const WORDS: &[&str] = &[
        "compensation",
        "victim",
        "victims",
        "bereaved",
        "killer",
        "killers",
        "culprit",
        "culprits",
        "perpetrators",
        "wounded",
        "injured",
        "dead",
        "inquiry",
        "tragedy",
        "incident",
        "attackers",
        "martyrs",
    ];
    let words = |c: &Span| c.text(a.input.text).to_lowercase().split(|x: char| !x.is_alphanumeric()).any(|w| WORDS.contains(&w));
    s.content.iter().any(words)
}

fn is_violent(i: &Incident) -> bool {
    !["politics.", "counter.", "group.", "measures.", "unrest.peaceful"].iter().any(|class| i.kind.starts_with(class))
}
