//! Tags by form alone: what needs no context, and a first guess where there is no tagger.

use super::{Shape, Tag};

/// The tag that the form of a token suggests.
pub(super) fn tag(raw: &str, shape: Shape) -> Tag {
    if shape.has(Shape::PUNCTUATION) {
        return sign(raw);
    }
    if shape.has(Shape::DIGIT) {
        let is_number = raw.bytes().all(|b| !b.is_ascii_alphabetic());
        return if is_number { Tag::CD } else { Tag::NN };
    }
    if raw.contains('@') || raw.contains("://") || raw.starts_with("www.") {
        return Tag::ADD;
    }
    if shape.has(Shape::CAPITAL) || shape.has(Shape::FOREIGN_SCRIPT) { Tag::NNP } else { Tag::NN }
}

/// The tag of a punctuation mark or sign.
pub(super) fn sign(raw: &str) -> Tag {
    match raw {
        "," | "،" | "、" | "，" => Tag::Comma,
        "." | "!" | "?" | "..." | "…" | "۔" | "؟" | "。" | "।" => Tag::Stop,
        ":" | ";" | "--" | "—" | "–" | "؛" => Tag::Colon,
        "-" | "\u{2010}" | "\u{2011}" => Tag::Hyphen,
        "“" | "``" | "‘" | "„" | "«" | "‘‘" => Tag::OpenQuote,
        "”" | "''" | "\"" | "'" | "’" | "»" | "’’" => Tag::CloseQuote,
        "(" | "[" | "{" | "<" | "<<" => Tag::OpenBracket,
        ")" | "]" | "}" | ">" | ">>" => Tag::CloseBracket,
        "$" | "£" | "€" | "¥" | "₹" | "US$" => Tag::Dollar,
        "%" => Tag::NN,
        "&" => Tag::CC,
        "#" | "+" | "/" | "=" | "@" | "°" | "§" | "×" => Tag::SYM,
        _ if raw.starts_with(['.', '!', '?']) => Tag::Stop,
        _ => Tag::Nfp,
    }
}
