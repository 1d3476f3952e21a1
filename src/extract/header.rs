//! The head of a text: dateline, markers, day of publication.
//!
//! Forms seen: "Islamabad, Pakistan – ", "PESHAWAR, Oct. 29 (Reuters) —", "KABUL (AP) -", "San Salvador, 3 Jan 90 -- [REPORT] [Armed Forces
//! Press Committee, Coprefa] [TEXT]", "INDIA. Two gunmen …", a headline before any of them, and lines such as "Posted: Tuesday, January 28, 2014".

use super::Analysis;
use super::date;
use crate::text::{Document, Shape, Tag, TokenSpan};
use jiff::civil::Date;

/// A dateline has at most so many tokens.
const MAX_DATELINE: usize = 40;

/// The pass.
pub fn read(a: &mut Analysis<'_>) {
    let doc = &a.doc;
    let line = lines(doc).take(6).find_map(|start| dateline(doc, start).or_else(|| city_and_colon(a, start)));
    let read = line.as_ref().and_then(|l| l.day).or_else(|| published_line(doc));
    a.header.published = a.input.published.or(read);
    a.header.published_from = match (a.input.published, read) {
        (Some(_), _) => Some("input"),
        (None, Some(_)) => Some("text"),
        (None, None) => None,
    };
    if let Some(line) = line {
        a.header.dateline_place = Some(line.place);
        a.header.body_start = line.body;
    }
}

/// What a dateline says.
struct Dateline {
    place: TokenSpan,
    day: Option<Date>,
    body: usize,
}

/// First tokens of lines.
fn lines<'d>(doc: &'d Document<'_>) -> impl Iterator<Item = usize> + 'd {
    (0..doc.len().min(400)).filter(|&i| i == 0 || doc.token(i).shape.has(Shape::LINE_START))
}

/// A dateline at token `start`: a place of capitalised words, then date, agency or markers in any order, then a dash or a marker that ends it.
fn dateline(doc: &Document<'_>, start: usize) -> Option<Dateline> {
    let place_end = place_end(doc, start)?;
    let place = TokenSpan::new(start, place_end);
    let mut at = place_end;
    let mut day = None;
    let mut evidence = false;
    while at < start + MAX_DATELINE && at < doc.len() {
        if let Some((date, end)) = date::whole_day(doc, at) {
            (day, at) = (Some(date), end);
        } else if let Some(end) = date::any_day(doc, at) {
            at = end;
        } else if is_open(doc, at) {
            at = after_bracket(doc, at)?;
            evidence = true;
        } else if is_dash(doc, at) {
            // "Al-Qaeda": a hyphen without spaces ends no dateline.
            let spaced = doc.token(at.wrapping_sub(1)).shape.has(Shape::SPACE_AFTER) || doc.word(at) != "-";
            let body = skip_markers(doc, at + 1);
            return (spaced && body < doc.len()).then_some(Dateline { place, day, body });
        } else if doc.word(at) == "," {
            at += 1;
        } else if doc.word(at) == ":" && evidence {
            return Some(Dateline { place, day, body: skip_markers(doc, at + 1) });
        } else if doc.word(at) == "." && at == place_end && country_alone(doc, start, place_end) {
            return Some(Dateline { place, day, body: at + 1 });
        } else {
            // "[TEXT]" may end it without a dash.
            return (evidence && day.is_some()).then_some(Dateline { place, day, body: at });
        }
    }
    None
}

/// "KARACHI: Two alleged militants died", as Pakistan's and India's newspapers begin: a place in capitals, a colon, the text.
fn city_and_colon(a: &Analysis<'_>, start: usize) -> Option<Dateline> {
    let doc = &a.doc;
    let end = (start..start + 4).find(|&i| doc.word(i) == ":").filter(|&end| end > start && start == 0 && !doc.all_caps())?;
    let capitals = (start..end).all(|i| doc.token(i).shape.has(Shape::ALL_CAPS));
    let mut known = false;
    a.lexicon.gazetteer.matches(doc, start, &mut |last, _| known |= last >= end - 1);
    (capitals && known).then(|| Dateline { place: TokenSpan::new(start, end), day: None, body: end + 1 })
}

/// One past the place's last token: capitalised words, commas between them, small particles inside.
fn place_end(doc: &Document<'_>, start: usize) -> Option<usize> {
    let mut at = start;
    while at < start + 10 && at < doc.len() {
        let particle = at > start && matches!(doc.word(at), "de" | "la" | "el" | "of" | "the" | "del" | "and") && named(doc, at + 1);
        let hyphen = at > start && doc.word(at) == "-" && !doc.token(at - 1).shape.has(Shape::SPACE_AFTER) && named(doc, at + 1);
        let comma = at > start && doc.word(at) == "," && named(doc, at + 1) && date::any_day(doc, at + 1).is_none();
        if !(particle || hyphen || comma || named(doc, at) && date::any_day(doc, at).is_none()) {
            break;
        }
        at += 1;
    }
    (at > start && named(doc, start)).then_some(at)
}

fn named(doc: &Document<'_>, i: usize) -> bool {
    let shape = doc.token(i).shape;
    i < doc.len() && shape.has(Shape::CAPITAL) && !shape.has(Shape::DIGIT)
}

/// "INDIA." at the head of an incident narrative: capitals only, and more text on the same line.
fn country_alone(doc: &Document<'_>, start: usize, end: usize) -> bool {
    start == 0
        && end <= 4
        && (start..end).all(|i| doc.token(i).shape.has(Shape::ALL_CAPS) || doc.word(i) == ",")
        && doc.token(end).shape.has(Shape::SPACE_AFTER)
        && !doc.all_caps()
}

fn is_open(doc: &Document<'_>, i: usize) -> bool {
    matches!(doc.word(i), "(" | "[") || doc.tag(i) == Tag::OpenBracket
}

fn is_dash(doc: &Document<'_>, i: usize) -> bool {
    matches!(doc.word(i), "-" | "--" | "—" | "–" | "---" | "―")
}

/// The token after the bracket that closes the one at `i`; `None` where it stays open for long.
fn after_bracket(doc: &Document<'_>, i: usize) -> Option<usize> {
    (i + 1..doc.len().min(i + 24)).find(|&j| matches!(doc.word(j), ")" | "]") || doc.tag(j) == Tag::CloseBracket).map(|j| j + 1)
}

/// Skips "[REPORT] [Armed Forces Press Committee, Coprefa] [TEXT]".
fn skip_markers(doc: &Document<'_>, mut i: usize) -> usize {
    while is_open(doc, i) {
        match after_bracket(doc, i) {
            Some(end) => i = end,
            None => break,
        }
    }
    i
}

/// A whole date in the first lines that stands alone on its line or behind "Posted", "Published", "Updated", "Date".
fn published_line(doc: &Document<'_>) -> Option<Date> {
    (0..doc.len().min(120)).find_map(|i| {
        let (day, end) = date::whole_day(doc, i)?;
        let cue = i.checked_sub(1).is_some_and(|b| (b.saturating_sub(2)..=b).any(|j| matches!(doc.word(j), "posted" | "published" | "date" | "dated")));
        let alone = (i == 0 || doc.token(i).shape.has(Shape::LINE_START)) && (end >= doc.len() || doc.token(end).shape.has(Shape::LINE_START));
        (cue || alone).then_some(day)
    })
}
