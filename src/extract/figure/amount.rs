//! Amounts: "50%", "25 per cent", "threefold", "by half", "118".

use crate::extract::Analysis;
use crate::text::{TokenSpan, number};

/// An amount among some tokens: "50%", "threefold".
pub(super) fn amount_in(a: &Analysis<'_>, tokens: TokenSpan) -> Option<(f64, &'static str)> {
    tokens.range().find_map(|i| amount_at(a, i).filter(|&(_, unit, _)| unit != "count").map(|(value, unit, _)| (value, unit)))
}

/// The amount at a token: its value, its unit, and one past its last token.
pub(super) fn amount_at(a: &Analysis<'_>, i: usize) -> Option<(f64, &'static str, usize)> {
    let word = a.doc.word(i);
    if let Some(stem) = word.strip_suffix("fold") {
        let stem = stem.trim_end_matches('-');
        let times = match stem {
            "two" => 2.0,
            "three" => 3.0,
            "four" => 4.0,
            "five" => 5.0,
            "six" => 6.0,
            "ten" => 10.0,
            digits => digits.parse().ok()?,
        };
        return Some((times, "times", i + 1));
    }
    if let Some((value, after)) = share_at(a, i) {
        return Some((value, "percent", after));
    }
    let (value, after) = match word.trim_end_matches('%').replace(',', "").parse::<f64>() {
        Ok(value) => (value, i + 1),
        Err(_) => {
            let n = number::number_at(&a.doc, i)?;
            (f64::from(n.best.or(n.low)?), n.tokens.end as usize)
        }
    };
    let next = a.doc.word(after);
    let hyphen = usize::from(matches!(next, "-"));
    let unit = a.doc.word(after + hyphen);
    if word.ends_with('%') {
        return Some((value, "percent", after));
    }
    match unit {
        "%" | "percent" | "percentage" | "pc" => Some((value, "percent", after + hyphen + 1)),
        "per" if a.doc.word(after + hyphen + 1) == "cent" => Some((value, "percent", after + hyphen + 2)),
        "fold" | "times" => Some((value, "times", after + hyphen + 1)),
        _ => Some((value, "count", after)),
    }
}

pub(super) fn after_adverbs(a: &Analysis<'_>, from: usize) -> usize {
    (from..from + 3).find(|&i| !a.doc.tag(i).is_adverb()).unwrap_or(from)
}

/// "half", "a third", "two thirds", "a quarter": percent, and one past the last token.
fn share_at(a: &Analysis<'_>, i: usize) -> Option<(f64, usize)> {
    let article = usize::from(matches!(a.doc.word(i), "a" | "one"));
    match (a.doc.word(i), a.doc.word(i + article), a.doc.word(i + 1)) {
        (_, "half", _) => Some((50.0, i + article + 1)),
        ("two", _, "thirds") => Some((66.7, i + 2)),
        ("three", _, "quarters") => Some((75.0, i + 2)),
        (_, "third", _) if article == 1 => Some((33.3, i + 2)),
        (_, "quarter", _) if article == 1 => Some((25.0, i + 2)),
        (_, "fifth", _) if article == 1 => Some((20.0, i + 2)),
        _ => None,
    }
}
