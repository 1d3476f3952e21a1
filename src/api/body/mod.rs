//! Bodies of requests: bounded in size and time, by content type and encoding.

mod arriving;
mod json;
mod lines;

pub use arriving::{Arriving, bytes};
pub use json::json;
pub use lines::Lines;

use super::problem::{Code, Fault, Problem};
use axum::http::{HeaderMap, header};

/// Longest value of a header that is repeated in an answer, in characters.
const MAX_SHOWN: usize = 100;

/// The media type of the body, lower case and without parameters, if it is one of `read_here`.
///
/// # Errors
/// 415 that lists what is read; also where a charset other than UTF-8 is named.
pub fn content_type(headers: &HeaderMap, read_here: &[&'static str]) -> Result<&'static str, Problem> {
    let refuse = |detail: String| {
        let fault = Fault { detail: detail.clone(), allowed: read_here.iter().map(|&t| t.to_owned()).collect(), ..Fault::default() };
        Problem { errors: vec![fault], ..Problem::new(Code::UnsupportedMediaType, format!("{detail}. Read here: {}.", read_here.join(", "))) }
    };
    let given = headers.get(header::CONTENT_TYPE).ok_or_else(|| refuse("The Content-Type header is missing".to_owned()))?;
    let given: String = given.to_str().unwrap_or("").chars().take(MAX_SHOWN).collect::<String>().to_ascii_lowercase();
    let (media, parameters) = given.split_once(';').unwrap_or((&given, ""));
    let charset = parameters.split(';').find_map(|p| p.trim().strip_prefix("charset=")).map(|c| c.trim_matches('"').to_owned());
    if let Some(charset) = charset.filter(|c| c != "utf-8" && c != "utf8" && c != "us-ascii") {
        return Err(refuse(format!("The charset \"{charset}\" is not read, only UTF-8")));
    }
    let found = read_here.iter().copied().find(|t| *t == media.trim());
    found.ok_or_else(|| refuse(format!("The content type \"{}\" is not read here", media.trim())))
}

/// The body as text, without a byte order mark before it.
///
/// # Errors
/// 400 where it is not UTF-8 or holds U+0000.
pub fn text(bytes: &[u8]) -> Result<&str, Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes)
        .map_err(|e| Problem::new(Code::InvalidEncoding, format!("The body is not UTF-8: byte {} begins no character.", e.valid_up_to())))?;
    match text.find('\0') {
        Some(at) => Err(Problem::new(Code::InvalidEncoding, format!("The body holds U+0000 at byte {at}."))),
        None => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types_are_compared_without_parameters() {
        let check = |given: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, given.parse().unwrap());
            content_type(&headers, &["text/plain", "application/json"]).ok()
        };
        assert_eq!(check("text/plain; charset=UTF-8"), Some("text/plain"));
        assert_eq!(check("Application/JSON"), Some("application/json"));
        assert_eq!(check("text/plain; charset=latin1"), None);
        assert_eq!(check("application/x-www-form-urlencoded"), None);
        assert_eq!(content_type(&HeaderMap::new(), &["text/plain"]).unwrap_err().code, Code::UnsupportedMediaType);
    }
    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        assert_eq!(text(b"\xef\xbb\xbfa").unwrap(), "a");
        assert_eq!(text(b"a\xef\xbb\xbf").unwrap(), "a\u{feff}");
        assert_eq!(text(b"\xef\xbb").unwrap_err().code, Code::InvalidEncoding);
    }
}
