//! The Host header: exactly one, a host with or without a port, the same as in the target where that names one.
//!
//! A proxy and this server must not read two hosts out of one request (RFC 9112, section 3.2): links and the rules of writing go by it.

use crate::api::problem::{Code, Problem};
use axum::http::uri::Uri;
use axum::http::{HeaderMap, Version, header};
use std::net::Ipv6Addr;

const MAX_NAME: usize = 255;

/// Refuses a request whose host is missing, ambiguous or no host.
///
/// # Errors
/// 400 that says what is wrong.
pub fn check(uri: &Uri, version: Version, headers: &HeaderMap) -> Result<(), Problem> {
    let refuse = |detail: &'static str| Err(Problem::new(Code::InvalidHost, detail));
    let mut given = headers.get_all(header::HOST).iter();
    let (host, more) = (given.next(), given.next());
    if more.is_some() {
        return refuse("The request has more than one Host header.");
    }
    let Some(host) = host else {
        return if version < Version::HTTP_11 { Ok(()) } else { refuse("The Host header is missing.") };
    };
    let Some(host) = host.to_str().ok().and_then(split) else {
        return refuse("The Host header is not of the form HOST or HOST:PORT.");
    };
    match uri.authority().map(|authority| split(authority.as_str())) {
        Some(target) if target.as_ref().is_none_or(|target| !same(target, &host, uri)) => {
            refuse("The request's target names another host than the Host header.")
        }
        _ => Ok(()),
    }
}

/// Name, without the brackets of an IPv6 address told apart, and port.
fn split(text: &str) -> Option<(&str, Option<u16>)> {
    let (name, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            address.parse::<Ipv6Addr>().ok()?;
            (address, port)
        }
        None => {
            let (name, port) = text.split_at(text.find(':').unwrap_or(text.len()));
            let fit = (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
            fit.then_some((name, port))?
        }
    };
    match port.strip_prefix(':') {
        None => port.is_empty().then_some((name, None)),
        Some(port) if port.bytes().all(|b| b.is_ascii_digit()) => port.parse().ok().map(|port| (name, Some(port))),
        Some(_) => None,
    }
}

fn same((name, port): &(&str, Option<u16>), (host, host_port): &(&str, Option<u16>), uri: &Uri) -> bool {
    let usual = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    name.eq_ignore_ascii_case(host) && port.unwrap_or(usual) == host_port.unwrap_or(usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn fits(target: &str, hosts: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, host.parse().unwrap());
        }
        check(&target.parse().unwrap(), Version::HTTP_11, &headers).is_ok()
    }

    #[test]
    fn there_is_one_host() {
        assert!(fits("/v1/codes", &["example.org"]));
        assert!(!fits("/v1/codes", &[]));
        assert!(!fits("/v1/codes", &["example.org", "example.org"]));
        assert!(check(&Uri::from_static("/"), Version::HTTP_10, &HeaderMap::new()).is_ok());
    }

    #[test]
    fn a_host_is_a_name_or_an_address() {
        for host in ["127.0.0.1:8000", "localhost", "[::1]", "[::1]:8000", "a-b.example_1.org:1", "xn--mgbh0fb.example", "x"] {
            assert!(fits("/", &[host]), "{host}");
        }
        for host in [
            "",
            ":80",
            "a b",
            "evil.example/a?b=\"<x>",
            "a,b",
            "user@host",
            "[::1]evil.example",
            "[::1",
            "::1",
            "[x]",
            "a:b",
            "a:99999",
            "a:-1",
            "a:+1",
            "a:",
            "a:1:2",
            "[::1%25lo]",
            "\u{e4}.example",
        ] {
            assert!(!fits("/", &[host]), "{host}");
        }
    }

    #[test]
    fn a_target_that_names_a_host_agrees_with_it() {
        assert!(fits("http://Example.org/v1/codes", &["example.org"]));
        assert!(fits("http://example.org:80/v1/codes", &["example.org"]));
        assert!(fits("https://example.org/", &["example.org:443"]));
        for target in ["http://evil.example/", "http://example.org:81/", "http://user@example.org/", "evil.example:443"] {
            assert!(!fits(target, &["example.org"]), "{target}");
        }
    }
}
