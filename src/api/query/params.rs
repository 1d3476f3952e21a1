//! Decoding a query string: `application/x-www-form-urlencoded`, strictly.

use crate::api::problem::{Code, Fault, Problem};
use std::fmt::Write;

/// Decoded parameters in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params {
    pairs: Vec<(String, String)>,
}

impl Params {
    /// Decodes a raw query string.
    ///
    /// # Errors
    /// Where a percent sign is not followed by two hexadecimal digits, the bytes are not UTF-8, or U+0000 is in them.
    pub fn parse(query: &str) -> Result<Self, Problem> {
        let mut pairs = Vec::new();
        for piece in query.split('&').filter(|p| !p.is_empty()) {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            let name = decode(name).map_err(|problem| fault("", problem))?;
            let value = decode(value).map_err(|problem| fault(&name, problem))?;
            pairs.push((name, value));
        }
        Ok(Self { pairs })
    }

    /// Names in their order, repeated as given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().map(|(name, _)| name.as_str())
    }

    /// Values of one parameter.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Without some parameters.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Self {
        Self { pairs: self.pairs.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect() }
    }

    /// With one more.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.pairs.push((name.to_owned(), value.to_owned()));
        self
    }

    /// As a query string again, without the question mark.
    pub fn encode(&self) -> String {
        let pairs: Vec<String> = self.pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        pairs.join("&")
    }

    /// The same text for the same parameters in any order; what a cursor is bound to.
    pub fn canonical(&self) -> String {
        let mut sorted = self.clone();
        sorted.pairs.sort();
        sorted.encode()
    }
}

fn fault(name: &str, problem: &str) -> Problem {
    Problem::of(Code::InvalidParameter, vec![Fault::parameter(name, problem)])
}

fn decode(text: &str) -> Result<String, &'static str> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
                let (high, low) = (digit(rest.next()), digit(rest.next()));
                let value = high.zip(low).ok_or("has a percent sign that is not followed by two hexadecimal digits (write % as %25)")?;
                (value.0 * 16 + value.1) as u8
            }
            other => other,
        });
    }
    let text = String::from_utf8(bytes).map_err(|_| "is not UTF-8 after percent-decoding")?;
    if text.contains('\0') { Err("holds U+0000") } else { Ok(text) }
}

/// Percent-encodes what is not unreserved (RFC 3986), for a name or value of a query, or a segment of a path.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~,:/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, expect: &[(&str, &str)]) {
        let params = Params::parse(query).unwrap();
        let pairs: Vec<(&str, &str)> = params.pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(pairs, expect);
        assert_eq!(Params::parse(&params.encode()).unwrap(), params, "encoding and decoding again gives the same");
    }

    #[test]
    fn parameters_are_decoded() {
        check("", &[]);
        check("a=1&b=2&a=3", &[("a", "1"), ("b", "2"), ("a", "3")]);
        check("q=suicide+bombing%20in%20%D9%BE%D8%B4%D8%A7%D9%88%D8%B1", &[("q", "suicide bombing in پشاور")]);
        check("flag&&x=", &[("flag", ""), ("x", "")]);
        check("q=a%26b%3Dc%2Bd", &[("q", "a&b=c+d")]);
    }

    #[test]
    fn broken_encodings_are_refused() {
        for query in ["q=%", "q=%2", "q=%zz", "q=%ff", "q=%00", "%ff=1", "q=%c0%80", "q=%ed%a0%80"] {
            let problem = Params::parse(query).unwrap_err();
            assert_eq!(problem.code, Code::InvalidParameter, "{query}");
        }
    }

    #[test]
    fn the_canonical_form_ignores_order() {
        let canonical = |q: &str| Params::parse(q).unwrap().canonical();
        assert_eq!(canonical("b=2&a=1"), canonical("a=1&b=2"));
        assert_ne!(canonical("a=1"), canonical("a=2"));
    }
}
