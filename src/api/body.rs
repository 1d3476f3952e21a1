//! Reading bodies: bounded in size and time, by content type, with faults that point into the JSON.

use super::Shared;
use super::problem::{Code, Fault, Problem};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt, Limited};
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

/// Most parts of a pointer; deeper faults are told at their outermost parts.
const MAX_POINTER: usize = 32;

/// The whole body, at most as large as the settings allow.
///
/// # Errors
/// 413 where it is larger, 408 where it does not arrive in time, 400 where it breaks off.
pub async fn bytes(request: Request, app: &Shared) -> Result<Bytes, Problem> {
    let too_large = || Problem::new(Code::PayloadTooLarge, format!("The body may have {} bytes at most.", app.max_body));
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|n| n > app.max_body as u64) {
        return Err(too_large());
    }
    let limited = Limited::new(request.into_body(), app.max_body);
    let read = tokio::time::timeout(app.request_timeout / 2, Body::new(limited).collect()).await;
    let late = |_| Problem::new(Code::RequestTimeout, "The body did not arrive in time.");
    match read.map_err(late)? {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if is_length_limit(&error) => Err(too_large()),
        Err(_) => Err(Problem::new(Code::InvalidEncoding, "The body broke off before its end.")),
    }
}

fn is_length_limit(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |e| e.source()).any(|e| e.is::<http_body_util::LengthLimitError>())
}

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
    let given = given.to_str().unwrap_or("").to_ascii_lowercase();
    let (media, parameters) = given.split_once(';').unwrap_or((&given, ""));
    let charset = parameters.split(';').find_map(|p| p.trim().strip_prefix("charset=")).map(|c| c.trim_matches('"').to_owned());
    if let Some(charset) = charset.filter(|c| c != "utf-8" && c != "utf8" && c != "us-ascii") {
        return Err(refuse(format!("The charset \"{charset}\" is not read, only UTF-8")));
    }
    let found = read_here.iter().copied().find(|t| *t == media.trim());
    found.ok_or_else(|| refuse(format!("The content type \"{}\" is not read here", media.trim())))
}

/// The body as text.
///
/// # Errors
/// 400 where it is not UTF-8 or holds U+0000.
pub fn text(bytes: &[u8]) -> Result<&str, Problem> {
    let text = std::str::from_utf8(bytes)
        .map_err(|e| Problem::new(Code::InvalidEncoding, format!("The body is not UTF-8: byte {} begins no character.", e.valid_up_to())))?;
    match text.find('\0') {
        Some(at) => Err(Problem::new(Code::InvalidEncoding, format!("The body holds U+0000 at byte {at}."))),
        None => Ok(text),
    }
}

/// A JSON object as `T`.
///
/// # Errors
/// 400 where it is no JSON, 422 where it is other JSON than wanted; both say where.
pub fn json<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    // serde would read an array's items as the members of a struct, in their order.
    if text.trim_start().starts_with('[') {
        return Err(Problem::of(Code::InvalidBody, vec![Fault::pointer("", "is an array where an object is expected")]));
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = pointer(error.path());
        let inner = error.into_inner();
        let code = if inner.is_data() { Code::InvalidBody } else { Code::InvalidJson };
        Problem::of(code, vec![Fault::pointer(pointer, inner.to_string())])
    })?;
    reader.end().map_err(|error| Problem::of(Code::InvalidJson, vec![Fault::pointer("", error.to_string())]))?;
    Ok(value)
}

/// RFC 6901.
fn pointer(path: &Path) -> String {
    let parts = path.iter().take(MAX_POINTER).filter_map(|segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { variant } => Some(variant.clone()),
        Segment::Unknown => None,
    });
    parts.fold(String::new(), |pointer, part| pointer + "/" + &part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Input {
        #[serde(rename = "text")]
        _text: String,
        #[serde(default, rename = "inner")]
        _inner: Vec<u8>,
    }

    #[track_caller]
    fn check(text: &str, expect: (Code, &str)) {
        let problem = json::<Input>(text).unwrap_err();
        assert_eq!((problem.code, problem.errors[0].pointer.as_deref().unwrap()), expect, "{problem:?}");
    }

    #[test]
    fn faults_point_into_the_json() {
        check("{\"text\": 3}", (Code::InvalidBody, "/text"));
        check("{\"text\": \"x\", \"inner\": [1, 2, \"x\"]}", (Code::InvalidBody, "/inner/2"));
        check("{}", (Code::InvalidBody, ""));
        check("{\"text\": ", (Code::InvalidJson, "/text"));
        check("{\"text\": \"x\"} trailing", (Code::InvalidJson, ""));
        check("{\"text\": \"\\ud800\"}", (Code::InvalidJson, "/text"));
        check(&"[".repeat(100_000), (Code::InvalidBody, ""));
    }

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
}
