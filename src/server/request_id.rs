//! Ids of requests: in the header `x-request-id`, in problems, in log lines.

use crate::clock::Clock;
use axum::http::{HeaderMap, HeaderName};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The header.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const MAX_GIVEN: usize = 64;

/// A client's id is taken over where it can stand in a log line and a header as it is.
pub fn given(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let fit = (1..=MAX_GIVEN).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    fit.then(|| id.to_owned())
}

/// When the process first needed one and a counter: unique on this machine without randomness.
pub fn next() -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(1);
    static BEGAN: LazyLock<i64> = LazyLock::new(|| Clock::System.now().as_millisecond());
    format!("{:x}-{:x}", *BEGAN, COUNTER.fetch_add(1, Ordering::Relaxed))
}
