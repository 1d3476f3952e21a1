//! "'s", "n't", "'ll" and the few words that treebanks write as two.

/// Whether `word`, which follows an apostrophe, makes a clitic with it.
pub(super) fn is_clitic(word: &str) -> bool {
    ["s", "m", "re", "ve", "ll", "d"].iter().any(|c| word.eq_ignore_ascii_case(c))
}

/// Where a word with an apostrophe parts into stem and clitic; `None` where it is one token.
pub(super) fn split(word: &str) -> Option<usize> {
    let (at, mark) = word.char_indices().rev().find(|(_, c)| matches!(c, '\'' | '’' | 'ʼ' | '\u{ff07}'))?;
    let (stem, clitic) = (&word[..at], &word[at + mark.len_utf8()..]);
    if clitic.eq_ignore_ascii_case("t") {
        let n_t = stem.len().checked_sub(1)?;
        return (n_t > 0 && stem.ends_with(['n', 'N'])).then_some(n_t);
    }
    // "1960's" is a decade, not a possessive.
    let is_decade = clitic == "s" && stem.len() >= 2 && stem.ends_with('0') && stem.bytes().all(|b| b.is_ascii_digit());
    (is_clitic(clitic) && !stem.is_empty() && !is_decade).then_some(at)
}

/// Hands over a word of letters alone: one token, or two for "cannot" and its like.
pub(super) fn plain(bytes: &[u8], start: usize, end: usize, sink: &mut impl FnMut(usize, usize)) {
    let cut = match end - start {
        5 if is_any(&bytes[start..end], &["gonna", "gotta", "wanna"]) => 3,
        6 if is_any(&bytes[start..end], &["cannot"]) => 3,
        _ => {
            sink(start, end);
            return;
        }
    };
    sink(start, start + cut);
    sink(start + cut, end);
}

fn is_any(word: &[u8], of: &[&str]) -> bool {
    matches!(word[0], b'g' | b'w' | b'c' | b'G' | b'W' | b'C') && of.iter().any(|w| word.eq_ignore_ascii_case(w.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[track_caller]
    fn check(word: &str, expect: &[&str]) {
        let mut parts = Vec::new();
        let mut rest = word;
        while let Some(cut) = split(rest) {
            parts.insert(0, &rest[cut..]);
            rest = &rest[..cut];
        }
        parts.insert(0, rest);
        assert_eq!(parts, expect);
    }

    #[test]
    fn clitics_part_from_their_words() {
        check("don't", &["do", "n't"]);
        check("Pakistan’s", &["Pakistan", "’s"]);
        check("wouldn't've", &["would", "n't", "'ve"]);
        check("Shi'ite", &["Shi'ite"]);
        check("O'Brien's", &["O'Brien", "'s"]);
        check("1960's", &["1960's"]);
        check("Qa'ida", &["Qa'ida"]);
    }
}
