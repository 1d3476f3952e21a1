//! JSON bodies, with faults that point into them.

use crate::api::problem::{Code, Fault, Problem};
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

/// Most parts of a pointer; deeper faults are told at their outermost parts.
const MAX_POINTER: usize = 32;
/// Longest part of a pointer, in characters; a longer one is cut.
const MAX_PART: usize = 100;
/// Longest message of the JSON reader, in characters: it repeats values that are wrong.
const MAX_DETAIL: usize = 300;

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
        Problem::of(code, vec![Fault::pointer(pointer, beginning(&inner.to_string(), MAX_DETAIL))])
    })?;
    reader.end().map_err(|error| Problem::of(Code::InvalidJson, vec![Fault::pointer("", error.to_string())]))?;
    Ok(value)
}

fn beginning(text: &str, n_chars: usize) -> &str {
    text.char_indices().nth(n_chars).map_or(text, |(end, _)| &text[..end])
}

/// RFC 6901.
fn pointer(path: &Path) -> String {
    let parts = path.iter().take(MAX_POINTER).filter_map(|segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(beginning(key, MAX_PART).replace('~', "~0").replace('/', "~1")),
        Segment::Enum { variant } => Some(beginning(variant, MAX_PART).to_owned()),
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
}
