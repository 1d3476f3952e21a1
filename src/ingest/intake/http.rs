//! The responses that WARC records hold as they came over the wire.

use super::MAX_DOCUMENT;
use super::warc::MAX_HEAD;
use encoding_rs::{Encoding, UTF_8};
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use std::io::{BufRead, Read};

/// Most headers of a response.
const MAX_HEADERS: usize = 256;

/// What a body is and how it is packed.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// A page; else plain text.
    pub is_page: bool,
    charset: Option<&'static Encoding>,
    encoding: String,
    is_chunked: bool,
    /// What was read of it with the head.
    beginning: Vec<u8>,
}

impl Body {
    /// Of a media type with parameters; `None` where it is neither page nor text.
    pub fn of(content_type: &str) -> Option<Self> {
        let (media, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
        let is_page = matches!(media.trim(), "text/html" | "application/xhtml+xml");
        let charset = parameters.split(';').find_map(|p| p.trim().strip_prefix("charset="));
        let charset = charset.and_then(|label| Encoding::for_label(label.trim_matches(['"', '\'']).as_bytes()));
        (is_page || media.trim() == "text/plain").then(|| Self { is_page, charset, ..Self::default() })
    }

    /// The text in the rest of a response.
    pub fn decode(&self, rest: Vec<u8>) -> Result<String, String> {
        let mut bytes = if self.beginning.is_empty() { rest } else { [&self.beginning[..], &rest].concat() };
        if self.is_chunked {
            bytes = without_chunks(&bytes).ok_or("the chunks of its response are broken")?;
        }
        bytes = match self.encoding.as_str() {
            "" | "identity" => bytes,
            "gzip" | "x-gzip" => unpacked(MultiGzDecoder::new(&bytes[..]))?,
            "deflate" => unpacked(ZlibDecoder::new(&bytes[..]))?,
            other => return Err(format!("its content encoding \"{}\" is not read, only gzip and deflate", other.chars().take(40).collect::<String>())),
        };
        Ok(match self.charset {
            Some(charset) if charset != UTF_8 => charset.decode(&bytes).0.into_owned(),
            _ => String::from_utf8_lossy(&bytes).into_owned(),
        })
    }
}

/// Reads the head of a response; `None` where it has no page or text, or another status than 200.
pub(super) fn head(from: &mut dyn BufRead) -> Result<Option<Body>, String> {
    let mut bytes = Vec::new();
    from.take(MAX_HEAD as u64).read_to_end(&mut bytes).map_err(|e| format!("cannot be read on: {e}"))?;
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let n = match httparse::ParserConfig::default().ignore_invalid_headers_in_responses(true).parse_response(&mut response, &bytes) {
        Ok(httparse::Status::Complete(n)) => n,
        Ok(httparse::Status::Partial) => return Err(format!("its response has a head of more than {MAX_HEAD} bytes, or breaks off in it")),
        Err(error) => return Err(format!("its response cannot be read: {error}")),
    };
    let value =
        |name: &str| response.headers.iter().find(|h| h.name.eq_ignore_ascii_case(name)).map(|h| String::from_utf8_lossy(h.value).trim().to_ascii_lowercase());
    if response.code != Some(200) {
        return Ok(None);
    }
    let Some(body) = Body::of(&value("content-type").unwrap_or_default()) else { return Ok(None) };
    let is_chunked = value("transfer-encoding").is_some_and(|v| v.contains("chunked"));
    let encoding = value("content-encoding").unwrap_or_default();
    Ok(Some(Body { is_chunked, encoding, beginning: bytes.split_off(n), ..body }))
}

fn unpacked(from: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    from.take(MAX_DOCUMENT as u64 + 1).read_to_end(&mut bytes).map_err(|e| format!("its response cannot be unpacked: {e}"))?;
    if bytes.len() > MAX_DOCUMENT { Err(format!("its response unpacks to more than {MAX_DOCUMENT} bytes")) } else { Ok(bytes) }
}

/// The bytes in the chunks of RFC 9112; `None` where they are broken. Many crawlers keep the header and not the chunks: then they are as they are.
fn without_chunks(bytes: &[u8]) -> Option<Vec<u8>> {
    if !matches!(httparse::parse_chunk_size(bytes), Ok(httparse::Status::Complete(_))) {
        return Some(bytes.to_vec());
    }
    let mut whole = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        let Ok(httparse::Status::Complete((at, size))) = httparse::parse_chunk_size(rest) else { return None };
        if size == 0 {
            return Some(whole);
        }
        let (start, size) = (at, usize::try_from(size).ok()?);
        whole.extend_from_slice(rest.get(start..start.checked_add(size)?)?);
        rest = rest.get(start + size + 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_put_together() {
        assert_eq!(without_chunks(b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n").as_deref(), Some(&b"abcde"[..]));
        assert_eq!(without_chunks(b"<html>not chunked").as_deref(), Some(&b"<html>not chunked"[..]));
        assert_eq!(without_chunks(b"ffffffffffffffff\r\nabc"), None);
        assert_eq!(without_chunks(b"3\r\nab"), None);
    }
}
