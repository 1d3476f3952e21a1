//! Who asks: the key that a request carries, or where it comes from.
//!
//! [`layer`] checks the key of every request, so that a wrong one is refused everywhere. [`MayWrite`] and [`MayExtract`] decide what the
//! request may do; without a key that depends on [`local`].

pub mod bucket;
pub mod keys;
mod local;
mod may;
pub mod token;

pub use keys::{Holder, Keys};
pub use may::{Admin, Curate, Ingest, MayExtract, MayWrite, Needs};

use super::Shared;
use super::problem::{Code, Problem};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bucket::Addresses;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;

/// Where the connection of a request comes from; the accept loop puts it into the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// Who may write without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyless {
    /// Everybody on this machine, while no key was ever made.
    FromThisMachine,
    /// Nobody, and why.
    Nobody(&'static str),
}

/// What decides who may do what.
#[derive(Debug)]
pub struct Access {
    /// Keys of the base.
    pub keys: Keys,
    /// Who may write without one.
    pub keyless: Keyless,
    /// Whether the server listens on a loopback address: only this machine reaches it, and proxies on it.
    pub on_loopback: bool,
    /// Texts a minute that `/v1/extract` reads for one address without a key, this machine aside.
    pub anonymous_limit: u32,
    anonymous: Mutex<Addresses>,
}

impl Access {
    /// With the rules and limits of the settings.
    pub fn new(keyless: Keyless, on_loopback: bool, key_limit: u32, anonymous_limit: u32) -> Self {
        Self { keys: Keys::new(key_limit), keyless, on_loopback, anonymous_limit, anonymous: Mutex::default() }
    }
}

/// Checks the key that a request carries and hands its [`Holder`] on. `/healthz` is let through unchecked: whether the process lives must
/// not depend on the base.
pub async fn layer(State(app): State<Shared>, mut request: Request, next: Next) -> Response {
    if request.uri().path() != "/healthz" {
        match holder(&app, request.headers()).await {
            Ok(Some(holder)) => drop(request.extensions_mut().insert(holder)),
            Ok(None) => {}
            Err(problem) => return problem.into_response(),
        }
    }
    next.run(request).await
}

async fn holder(app: &Shared, headers: &HeaderMap) -> Result<Option<Holder>, Problem> {
    match bearer(headers)? {
        Some(token) => app.access.keys.holder(&app.store, token, app.clock.now()).await.map(Some),
        None => Ok(None),
    }
}

/// The key, as RFC 6750 has it sent. `Basic` is what proxies ask browsers for and hand through; it says nothing here.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let Some(first) = given.next() else { return Ok(None) };
    if given.next().is_some() {
        return Err(wrong_key("There is more than one Authorization header."));
    }
    let text = first.to_str().unwrap_or("");
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    match scheme {
        s if s.eq_ignore_ascii_case("basic") => Ok(None),
        s if s.eq_ignore_ascii_case("bearer") => Ok(Some(token)),
        _ => Err(wrong_key("The Authorization header is not read; send \"Authorization: Bearer KEY\".")),
    }
}

/// A key is sent, and it is none.
fn wrong_key(detail: &'static str) -> Problem {
    Problem::new(Code::Unauthorized, detail).with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"waqia\", error=\"invalid_token\""))
}

/// A key is needed, and none is sent.
fn key_needed(why: &str) -> Problem {
    let detail = format!("{why} Send \"Authorization: Bearer KEY\"; `waqia keys create` makes keys.");
    Problem::new(Code::Unauthorized, detail).with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"waqia\""))
}

fn limited(detail: &'static str, wait: Duration) -> Problem {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    Problem::new(Code::RateLimited, detail).with_header(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &[&'static str], expect: Result<Option<&str>, ()>) {
        let mut headers = HeaderMap::new();
        for value in given {
            headers.append(header::AUTHORIZATION, HeaderValue::from_static(value));
        }
        assert_eq!(bearer(&headers).map_err(drop), expect, "{given:?}");
    }

    #[test]
    fn the_authorization_header_is_read() {
        check(&[], Ok(None));
        check(&["Bearer waqia_x"], Ok(Some("waqia_x")));
        check(&["bearer waqia_x"], Ok(Some("waqia_x")));
        check(&["Bearer"], Ok(Some("")));
        check(&["Bearer  waqia_x"], Ok(Some(" waqia_x")));
        check(&["Basic YTpi"], Ok(None));
        check(&["waqia_x"], Err(()));
        check(&[""], Err(()));
        check(&["Digest x"], Err(()));
        check(&["Bearer a", "Bearer b"], Err(()));
        check(&["Basic YTpi", "Bearer b"], Err(()));
    }

    #[test]
    fn retry_after_is_in_whole_seconds_and_never_too_early() {
        for (ms, seconds) in [(0, "1"), (1, "1"), (1000, "1"), (1001, "2"), (59_500, "60")] {
            let response = limited("x", Duration::from_millis(ms)).into_response();
            assert_eq!(response.headers()[header::RETRY_AFTER], seconds);
        }
    }
}
