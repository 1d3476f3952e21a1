//! From what somebody typed into a search box to an expression of the full-text index.

/// Words of a search, those of phrases and alternatives among them. With 32 the slowest kind of search, common words in alternatives, takes
/// some 0.1 s on a base of 3,000 documents, and its time grows with the square of their number.
pub const MOST_WORDS: usize = 32;
/// Words of a search that end in `*`: each reads every entry of the index that begins so.
pub const MOST_PREFIXES: usize = 8;
/// Letters before a `*`. A single one begins a twentieth of all words and costs ten times what two cost.
pub const LEAST_PREFIX: usize = 2;

/// Whether what somebody typed asks for no more than the index can give in reasonable time.
///
/// # Errors
/// Says what is too much, and how much is allowed.
pub fn check_words(q: &str) -> Result<(), String> {
    let n_words = runs(q).count();
    if n_words > MOST_WORDS {
        return Err(format!("has {n_words} words, more than {MOST_WORDS}"));
    }
    let prefixes: Vec<&str> = pieces(q).filter(Piece::is_prefix).map(|piece| piece.text).collect();
    if prefixes.len() > MOST_PREFIXES {
        return Err(format!("has {} words that end in *, more than {MOST_PREFIXES}", prefixes.len()));
    }
    let short = prefixes.into_iter().find(|word| runs(word).last().is_some_and(|run| run.chars().count() < LEAST_PREFIX));
    short.map_or(Ok(()), |word| Err(format!("has \"{word}\": at least {LEAST_PREFIX} letters must stand before *")))
}

/// Runs of letters and digits: what the index takes for words.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty())
}

/// An expression that can only match words: each piece is quoted, "phrases" stay together, a trailing `*` asks for a prefix, a leading
/// `-` excludes, `or` in capitals joins alternatives. Empty for a text without letters or digits, which matches nothing.
pub(in crate::store) fn match_expression(q: &str) -> String {
    let mut wanted: Vec<String> = Vec::new();
    let mut unwanted: Vec<String> = Vec::new();
    let mut either = false;
    for piece in pieces(q) {
        if piece.text == "OR" && !piece.quoted {
            either = !wanted.is_empty();
            continue;
        }
        let (exclude, word) = match piece.text.strip_prefix('-') {
            Some(rest) if !piece.quoted => (true, rest),
            _ => (false, piece.text),
        };
        if !word.chars().any(char::is_alphanumeric) {
            continue;
        }
        let term = format!("\"{}\"{}", word.replace('"', " "), if piece.is_prefix() { "*" } else { "" });
        match wanted.last_mut() {
            _ if exclude => unwanted.push(term),
            Some(last) if either => *last = format!("({last} or {term})").replace(" or ", " OR "),
            _ => wanted.push(term),
        }
        either = false;
    }
    if wanted.is_empty() {
        return "\"\"".to_owned();
    }
    let wanted = wanted.join(" AND ");
    if unwanted.is_empty() { wanted } else { format!("({wanted}) NOT ({})", unwanted.join(" OR ")) }
}

struct Piece<'a> {
    text: &'a str,
    quoted: bool,
}

impl Piece<'_> {
    fn is_prefix(&self) -> bool {
        !self.quoted && self.text.ends_with('*')
    }
}

/// Words and quoted phrases. NUL would end the text inside SQLite, so it separates.
fn pieces(q: &str) -> impl Iterator<Item = Piece<'_>> {
    q.split(['"', '“', '”', '„']).enumerate().flat_map(|(n, part)| {
        let quoted = n % 2 == 1;
        let separator = move |c: char| c == '\0' || (!quoted && c.is_whitespace());
        part.split(separator).filter(|text| !text.trim().is_empty()).map(move |text| Piece { text, quoted })
    })
}

#[cfg(test)]
mod tests {
    use super::{check_words, match_expression};

    #[track_caller]
    fn check(q: &str, expect: &str) {
        assert_eq!(match_expression(q), expect);
    }

    #[test]
    fn typed_words_become_quoted_terms() {
        check("mosque Peshawar", "\"mosque\" AND \"Peshawar\"");
        check("\"suicide bomber\" -Kabul", "(\"suicide bomber\") NOT (\"Kabul\")");
        check("bomb* OR blast Hangu", "(\"bomb*\"* OR \"blast\") AND \"Hangu\"");
        check("Tehreek-i-Taliban", "\"Tehreek-i-Taliban\"");
    }

    #[test]
    fn hostile_text_stays_text() {
        check("", "\"\"");
        check("!!! ((( ***", "\"\"");
        check("a' or 1=1; drop table", "\"a'\" AND \"or\" AND \"1=1;\" AND \"drop\" AND \"table\"");
        check("title:x NEAR(a b)", "\"title:x\" AND \"NEAR(a\" AND \"b)\"");
        check("a\0b", "\"a\" AND \"b\"");
        check("unclosed \"phrase here", "\"unclosed\" AND \"phrase here\"");
    }

    #[track_caller]
    fn check_refused(q: &str, expect: &str) {
        assert!(check_words(q).unwrap_err().contains(expect), "{:?}", check_words(q));
    }

    #[test]
    fn what_would_take_too_long_is_refused() {
        check_refused(&"a ".repeat(33), "33 words, more than 32");
        check_refused(&["killed"; 97].join(" OR "), "more than 32");
        check_refused(&format!("\"{}\"", "the ".repeat(40)), "40 words, more than 32");
        check_refused(&"a-".repeat(40), "40 words, more than 32");
        check_refused(&"bomb* ".repeat(9), "9 words that end in *, more than 8");
        check_refused("blast a*", "\"a*\": at least 2 letters");
        check_refused("suicide-b*", "at least 2 letters");
        check_refused("-k*", "at least 2 letters");
    }

    #[test]
    fn what_people_type_is_let_through() {
        for q in ["", "*", "\"a*\"", "bo* ki*", "mosque Peshawar -Kabul", "\"suicide bomber\" OR blast*", "حملہ*", &"word ".repeat(32), &"bomb* ".repeat(8)]
        {
            assert_eq!(check_words(q), Ok(()), "{q}");
        }
    }
}
