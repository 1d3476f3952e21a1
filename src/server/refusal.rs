//! Answers to what never reaches a handler because it is no HTTP, in the form of all other problems.
//!
//! hyper answers 400, 414 or 431 by itself, without a body, and closes; nothing of it can be set. So the stream replaces it.

use super::{edge, request_id};
use crate::api::problem::{Code, Problem};
use crate::metrics::metrics;
use std::fmt::Write;
use std::time::Duration;

/// The answer to send instead of hyper's own; `None` where `written` is not one.
pub fn in_place_of(written: &[u8]) -> Option<Vec<u8>> {
    let head = std::str::from_utf8(written).ok()?.strip_suffix("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?;
    let date = head.lines().find(|line| line.to_ascii_lowercase().starts_with("date:"));
    let problem = match status {
        "400" => Problem::new(Code::InvalidRequest, "The request is not HTTP/1.1: its first line or one of its headers cannot be read."),
        "414" => too_large(),
        "431" => too_large(),
        _ => return None,
    };
    Some(rendered(&problem, date))
}

fn too_large() -> Problem {
    Problem::new(Code::HeadersTooLarge, format!("Request line and headers may have {} bytes and {} headers at most.", super::MAX_HEAD, super::MAX_HEADERS))
}

/// A head did not arrive in time.
pub fn head_too_late() -> Vec<u8> {
    rendered(&Problem::new(Code::RequestTimeout, "The headers of the request did not arrive in time."), None)
}

/// Another protocol than HTTP/1.1, such as HTTP/2 without having asked for it.
pub fn other_protocol() -> Vec<u8> {
    rendered(&Problem::new(Code::InvalidRequest, "Only HTTP/1.1 and HTTP/1.0 are spoken here."), None)
}

/// The bytes of a whole answer that ends the connection; also counts and logs it, since no layer will.
fn rendered(problem: &Problem, date: Option<&str>) -> Vec<u8> {
    let id = request_id::next();
    let status = problem.code.status();
    metrics().answered("other", "other", status.as_u16(), Duration::ZERO);
    tracing::info!(status = status.as_u16(), request = id, "refused what is no request");
    let body = serde_json::to_string(&problem.body(&id)).unwrap_or_default();
    let mut head = format!("HTTP/1.1 {} {}\r\n", status.as_u16(), status.canonical_reason().unwrap_or(""));
    // Writing to a string cannot fail.
    let _ = write!(head, "content-type: application/problem+json\r\ncontent-length: {}\r\nconnection: close\r\ncache-control: no-store\r\n", body.len());
    let _ = write!(head, "{}: {id}\r\n", request_id::REQUEST_ID);
    for (name, value) in edge::SECURITY_HEADERS {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    if let Some(date) = date {
        let _ = write!(head, "{date}\r\n");
    }
    (head + "\r\n" + &body).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hypers_own_answers_are_replaced() {
        let answer = in_place_of(
            b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\ndate: Mon, 30 Nov 2026 00:00:00 GMT\r\n\r\n",
        );
        let answer = String::from_utf8(answer.unwrap()).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\n") && head.contains("\r\ndate: Mon, 30 Nov 2026 00:00:00 GMT"), "{head}");
        assert!(head.contains(&format!("\r\ncontent-length: {}\r\n", body.len())), "{head}");
        assert!(body.contains("\"code\":\"headers_too_large\""), "{body}");
        for other in ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n", "", "400"] {
            assert_eq!(in_place_of(other.as_bytes()), None, "{other}");
        }
    }
}
