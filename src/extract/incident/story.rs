//! Where and when the story around a sentence takes place, for incidents whose own words do not say so.

use super::standing::{coarseness, fineness, home_of_people, inside_actor, is_direction, on_road_to, says, standing, whereabouts_of_speaker};
use crate::extract::Analysis;
use crate::extract::analysis::DateMention;
use crate::text::TokenSpan;

/// Where an incident takes place whose own sentences do not say so: the nearest place before it. Context told in passing looks only
/// around itself.
pub fn place_told(a: &Analysis<'_>, sentence: usize, background: bool) -> Option<usize> {
    let sentences = a.doc.sentences();
    let from = if background { same_paragraph(a, sentence).start } else { sentences[sentence.saturating_sub(2)].start };
    definite_place(a, sentence, background).or_else(|| a.places_in(TokenSpan { start: from, end: sentences[sentence].end }).rfind(|&p| may_be_scene(a, p)))
}

/// Where the story takes place that says no more of it: at the dateline's place, or the next one told.
pub fn place_of_story(a: &Analysis<'_>, sentence: usize, background: bool) -> Option<usize> {
    if background {
        return None;
    }
    let sentences = a.doc.sentences();
    let head = TokenSpan::new(0, a.header.body_start);
    let dateline = a.places_in(head).filter(|&p| in_dateline(a, p)).min_by_key(|&p| coarseness(a.places[p].precision));
    dateline
        .or_else(|| {
            let after = sentences.get(sentence + 2).or(sentences.last()).map_or(0, |s| s.end);
            a.places_in(TokenSpan { start: sentences[sentence].start, end: after.max(sentences[sentence].start) }).find(|&p| may_be_scene(a, p))
        })
        .or_else(|| a.places_in(sentences[sentence]).find(|&p| !a.places[p].metonym && fineness(&a.places[p]) < 8))
}

/// Whether something that is told beside a place may have happened there.
fn may_be_scene(a: &Analysis<'_>, place: usize) -> bool {
    let p = &a.places[place];
    !p.metonym
        && !in_dateline(a, place)
        && coarseness(p.precision) < 8
        && standing(a, p.tokens) < 2
        && !inside_actor(a, p.tokens)
        && !home_of_people(a, p.tokens)
        && !whereabouts_of_speaker(a, p.tokens)
        && (!is_direction(a, p.tokens) || on_road_to(a, p.tokens))
}

/// "in the town", "across the country", "in the state": the last place of that kind named before.
fn definite_place(a: &Analysis<'_>, sentence: usize, background: bool) -> Option<usize> {
    let tokens = a.doc.sentences()[sentence];
    let first = tokens.start as usize;
    // "In another part of the city": of the one that the text is about.
    if (first..tokens.end.min(tokens.start + 6) as usize).any(|i| a.doc.word(i) == "city" && i >= 4 && a.doc.word(i - 3) == "part") {
        let head = TokenSpan::new(0, a.header.body_start);
        return a.places_in(head).find(|&p| !background && in_dateline(a, p) && coarseness(a.places[p].precision) <= 1);
    }
    let kind = tokens.range().find_map(|i| {
        let located = i >= 2
            && a.doc.word(i - 1) == "the"
            && matches!(a.doc.word(i - 2), "in" | "across" | "throughout" | "around" | "near" | "outside" | "through" | "of");
        // "in another part of the city": what was told before happened elsewhere.
        let located = located && !(i >= 4 && a.doc.word(i - 3) == "part" && matches!(a.doc.word(i - 4), "another" | "other"));
        // "the town of Wah" names it itself.
        let named = a.doc.word(i + 1) == "of" || a.doc.tag(i).is_proper() || a.noun_at(i).is_none_or(|n| a.nouns[n].head != i);
        match a.doc.word(i) {
            _ if !located || named => None,
            "town" | "city" | "village" => Some(0..=1),
            "district" | "agency" => Some(2..=2),
            "state" | "province" => Some(4..=4),
            "country" => Some(8..=8),
            _ => None,
        }
    })?;
    let before = a.places_in(TokenSpan { start: 0, end: tokens.start }).end;
    let fits = |p: &usize| kind.contains(&coarseness(a.places[*p].precision)) && !inside_actor(a, a.places[*p].tokens);
    // Of "the country" readers know before it is named.
    (0..before).rev().find(fits).or_else(|| (before..a.places.len()).find(|p| kind.contains(&8) && fits(p)))
}

/// When an incident takes place whose own sentences do not say so: the date told last before it in its paragraph.
pub fn date_around(a: &Analysis<'_>, sentence: usize, background: bool) -> Option<usize> {
    let sentences = a.doc.sentences();
    let from = same_paragraph(a, sentence).start.max(sentences[sentence.saturating_sub(if background { 2 } else { 3 })].start);
    let usable = |d: &DateMention| d.value.is_some() && !d.duration && !said_then(a, d.tokens);
    let told = |from: u32| a.dates_in(TokenSpan { start: from, end: sentences[sentence].start }).filter(|(_, d)| usable(d)).map(|(i, _)| i);
    let value = |i: usize| a.dates[i].value;
    let last = told(from).last()?;
    // "9 July … Overnight …": the day says more than the night that touches it.
    let night = value(last).filter(|l| l.start < l.end && l.start.saturating_add(jiff::Span::new().days(1)) >= l.end);
    let day = |i: &usize| value(*i).zip(night).is_some_and(|(v, l)| v.start == v.end && v.overlaps(l));
    Some(told(same_paragraph(a, sentence).start).filter(day).last().unwrap_or(last))
}

/// The day told last before a sentence, in its paragraph or not.
pub fn date_before(a: &Analysis<'_>, sentence: usize) -> Option<usize> {
    let sentences = a.doc.sentences();
    let from = sentences[sentence.saturating_sub(6)].start;
    let usable = |d: &DateMention| d.value.is_some() && !d.duration && !said_then(a, d.tokens);
    a.dates_in(TokenSpan { start: from, end: sentences[sentence].start }).filter(|(_, d)| usable(d)).last().map(|(i, _)| i)
}

/// "Khost, 2 July. Two bombs went off …": the first sentence after one that is nothing but a place and a day, as roundups have them.
pub fn under_heading(a: &Analysis<'_>, sentence: usize) -> bool {
    let Some(before) = sentence.checked_sub(1).and_then(|s| a.doc.sentences().get(s)).copied() else { return false };
    let paragraph = same_paragraph(a, sentence);
    let verbless = a.verbs.partition_point(|v| v.sentence < sentence - 1) == a.verbs.partition_point(|v| v.sentence < sentence);
    paragraph.start == before.start && before.len() <= 10 && verbless && a.dates_in(before).next().is_some()
}

/// The paragraph of a sentence.
fn same_paragraph(a: &Analysis<'_>, sentence: usize) -> TokenSpan {
    let start = a.doc.sentences()[sentence].start;
    let paragraphs = a.doc.paragraphs();
    let at = paragraphs.partition_point(|p| p.start <= start);
    at.checked_sub(1).map_or_else(TokenSpan::default, |p| paragraphs[p])
}

pub fn in_dateline(a: &Analysis<'_>, place: usize) -> bool {
    a.places[place].dateline || a.header.dateline_place.is_some_and(|d| d.contains(a.places[place].tokens))
}

/// "said on Tuesday": the day of the statement, not of what it tells.
pub fn said_then(a: &Analysis<'_>, date: TokenSpan) -> bool {
    let start = date.start as usize;
    let back = start.saturating_sub(usize::from(start > 0 && a.doc.word(start - 1) == "on"));
    back > 0 && a.verb_at(back - 1).is_some_and(|v| says(a, v))
}
