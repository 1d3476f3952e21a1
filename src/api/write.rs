//! Who may write: only requests from this machine, to a server that listens on a loopback address.
//!
//! A page of another site can make a browser send a form or a text here without asking, and can point its own name at 127.0.0.1. So a
//! request that names another origin, or a host that is not this machine, may not write.

use super::problem::{Code, Problem};
use super::{Shared, Writes};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use std::net::IpAddr;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Proof that the request may write.
#[derive(Clone, Copy, Debug)]
pub struct MayWrite;

impl FromRequestParts<Shared> for MayWrite {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        let refuse = |why: &'static str| Err(Problem::new(Code::WriteRefused, why));
        if app.writes == Writes::Refused {
            return refuse("The server does not listen on a loopback address, and no keys can be made yet.");
        }
        if !is_this_machine(host(&parts.headers).unwrap_or_default()) {
            return refuse("The Host header names another machine.");
        }
        if is_from_elsewhere(&parts.headers) {
            return refuse("The request comes from a page of another origin.");
        }
        Ok(Self)
    }
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST)?.to_str().ok()
}

/// `localhost` or a loopback address, with or without a port.
fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(""),
        None => host.split(':').next().unwrap_or(""),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let other_site = headers.get(SEC_FETCH_SITE).is_some_and(|site| site != "same-origin" && site != "none");
    let other_origin = headers.get(header::ORIGIN).is_some_and(|origin| {
        let origin = origin.to_str().unwrap_or("").trim_start_matches("http://").trim_start_matches("https://");
        Some(origin) != host(headers)
    });
    other_site || other_origin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_this_machine_are_known() {
        for host in ["127.0.0.1:8000", "localhost", "LOCALHOST:80", "[::1]:8000", "127.5.5.5"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["", "example.org", "127.0.0.1.example.org", "localhost.example.org:8000", "10.0.0.1", "[2001:db8::1]:80", "0.0.0.0"] {
            assert!(!is_this_machine(host), "{host}");
        }
    }

    #[test]
    fn other_origins_are_known() {
        let check = |pairs: &[(&'static str, &'static str)]| {
            let headers: HeaderMap = pairs.iter().map(|(n, v)| (HeaderName::from_static(n), v.parse().unwrap())).collect();
            is_from_elsewhere(&headers)
        };
        assert!(!check(&[("host", "127.0.0.1:1")]));
        assert!(!check(&[("host", "127.0.0.1:1"), ("origin", "http://127.0.0.1:1"), ("sec-fetch-site", "same-origin")]));
        assert!(check(&[("host", "127.0.0.1:1"), ("origin", "http://evil.example")]));
        assert!(check(&[("host", "127.0.0.1:1"), ("origin", "null")]));
        assert!(check(&[("host", "127.0.0.1:1"), ("origin", "http://127.0.0.1:2")]));
        assert!(check(&[("host", "127.0.0.1:1"), ("sec-fetch-site", "cross-site")]));
    }
}
