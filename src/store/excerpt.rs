//! Words of a text with what stands around them.

use crate::model::record::Excerpt;

/// How far a sentence is followed to either side, in code points.
const REACH: usize = 200;

/// The sentence (or line) around a span of code points. The ends are guessed from full stops before a space, which is enough for a reader.
pub(super) fn sentence(text: &str, start: u32, end: u32) -> Excerpt {
    let (start, end) = (start as usize, (end as usize).max(start as usize));
    let from = start.saturating_sub(REACH);
    // One code point more than is followed, to see what stands after the last full stop.
    let around: Vec<char> = text.chars().skip(from).take(end - from + REACH + 1).collect();
    if start - from > around.len() {
        return Excerpt { start: start as u32, end: start as u32, text: String::new() };
    }
    let (inner_start, inner_end) = ((start - from).min(around.len()), (end - from).min(around.len()));
    let ends_before = |at: usize| at >= 2 && around[at - 1].is_whitespace() && is_end(&around[..at - 1]);
    let first = (1..=inner_start).rev().find(|&at| ends_before(at) || around[at - 1] == '\n').unwrap_or(0);
    let last = (inner_end.max(1)..around.len()).find(|&at| around[at] == '\n' || (around[at].is_whitespace() && is_end(&around[..at])));
    let last = last.unwrap_or(around.len()).max(inner_end);
    let words: String = around[first..last].iter().collect();
    let lead = words.chars().take_while(|c| c.is_whitespace()).count();
    let words = words.trim();
    let start = (from + first + lead) as u32;
    Excerpt { start, end: start + words.chars().count() as u32, text: words.to_owned() }
}

/// Whether these characters end a sentence: a full stop, question or exclamation mark, closing quotes and brackets left out, and not after
/// a single capital or a short title.
fn is_end(before: &[char]) -> bool {
    let closing = before.iter().rev().take_while(|c| matches!(c, '"' | '”' | '’' | '\'' | ')')).count();
    let before = &before[..before.len() - closing];
    match before.last() {
        Some('!' | '?' | '؟' | '۔') => true,
        Some('.') => {
            let word = before[..before.len() - 1].iter().rev().take_while(|c| c.is_alphanumeric()).count();
            let first = before[before.len() - 1 - word..].first();
            !(word <= 3 && first.is_some_and(|c| c.is_uppercase()))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[track_caller]
    fn check(text: &str, words: &str, expect: &str) {
        let start = text[..text.find(words).unwrap()].chars().count() as u32;
        let found = sentence(text, start, start + words.chars().count() as u32);
        assert_eq!(found.text, expect);
        let again: String = text.chars().skip(found.start as usize).take((found.end - found.start) as usize).collect();
        assert_eq!(again, expect, "offsets and words must agree");
    }

    #[test]
    fn finds_the_sentence_around() {
        let text = "A bomb went off in Kabul. Gen. Khan said “five people” died. Nobody claimed it.\n\nIn Swat all was quiet";
        check(text, "five people", "Gen. Khan said “five people” died.");
        check(text, "bomb", "A bomb went off in Kabul.");
        check(text, "Nobody", "Nobody claimed it.");
        check(text, "Swat", "In Swat all was quiet");
        check(text, "quiet", "In Swat all was quiet");
    }

    #[test]
    fn spans_outside_the_text_give_nothing() {
        assert_eq!(sentence("short", 90, 99).text, "");
        assert_eq!(sentence("", 0, 0).text, "");
        assert_eq!(sentence("x", 5, 2).text, "");
    }
}
