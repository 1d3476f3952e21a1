//! "Did you mean …?": the nearest of the allowed words.

/// The allowed word that `given` most probably was meant to be; `None` where nothing is near.
pub fn nearest<'a>(given: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given: Vec<char> = given.to_lowercase().chars().take(64).collect();
    let best = allowed.into_iter().map(|word| (score(&given, word), word)).min()?;
    let reach = 1 + given.len() / 4;
    (best.0 <= reach && best.0 < given.len().max(1)).then_some(best.1)
}

/// Edit distance; a word that `given` begins, or ends after a dot, counts as one edit away.
fn score(given: &[char], word: &str) -> usize {
    let chars: Vec<char> = word.to_lowercase().chars().collect();
    let begins = given.len() >= 3 && chars.starts_with(given);
    let ends = given.len() >= 3 && chars.ends_with(given) && chars.len().checked_sub(given.len() + 1).and_then(|i| chars.get(i)).is_none_or(|c| *c == '.');
    let distance = distance(given, &chars);
    if begins || ends { distance.min(1) } else { distance }
}

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[track_caller]
    fn check(given: &str, expect: Option<&str>) {
        assert_eq!(nearest(given, ["country", "from", "to", "killed_min", "explosion.suicide_bombing", "actor"]), expect);
    }

    #[test]
    fn slips_are_recognised() {
        check("countri", Some("country"));
        check("form", Some("from"));
        check("COUNTRY", Some("country"));
        check("killedmin", Some("killed_min"));
        check("suicide_bombing", Some("explosion.suicide_bombing"));
        check("cou", Some("country"));
        check("colour_of_the_sky", None);
        check("format", None);
        check("", None);
        check("x", None);
    }
}
