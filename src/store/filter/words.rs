//! From what somebody typed into a search box to an expression of the full-text index.

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
        let prefix = !piece.quoted && word.ends_with('*');
        let term = format!("\"{}\"{}", word.replace('"', " "), if prefix { "*" } else { "" });
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
    use super::match_expression;

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
}
