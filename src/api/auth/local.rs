//! What a request shows of where it comes from: this machine, a proxy, a page of another site.
//!
//! A page of another site can make a browser send a form or a text here without asking, and can point its own name at 127.0.0.1. A proxy
//! on this machine hands on what anybody sends it, from a loopback address.

use super::Peer;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Version, header};
use std::net::IpAddr;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Headers that proxies add, and whatever begins with one of the second list.
const FORWARDING: &[&str] = &[
    "forwarded",
    "via",
    "x-real-ip",
    "true-client-ip",
    "client-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-original-host",
    "x-original-url",
    "x-rewrite-url",
    "x-proxyuser-ip",
    "proxy-authorization",
    "proxy-connection",
    "cdn-loop",
    "x-request-start",
    "x-amzn-trace-id",
    "x-cloud-trace-context",
];
const FORWARDING_PREFIXES: &[&str] = &["x-forwarded", "x-original-forwarded", "cf-", "fastly-", "fly-", "x-envoy-", "x-appengine-", "x-azure-", "tailscale-"];

/// Why the request does not count as one that a program on this machine sends here itself; `None`: it does.
///
/// A proxy that speaks HTTP/1.1, puts in the address it forwards to as Host and adds no header cannot be told from such a program.
pub fn why_elsewhere(parts: &Parts) -> Option<&'static str> {
    let headers = &parts.headers;
    if !parts.extensions.get::<Peer>().is_some_and(|peer| peer.0.ip().to_canonical().is_loopback()) {
        return Some("The connection comes from another machine.");
    }
    if parts.version < Version::HTTP_11 {
        return Some("The request is of HTTP/1.0, as proxies send it.");
    }
    if headers.keys().any(is_forwarding) || headers.contains_key(header::AUTHORIZATION) {
        return Some("A proxy has forwarded the request.");
    }
    let Some(host) = only(headers, &header::HOST).filter(|host| is_this_machine(host)) else {
        return Some("The Host header does not name this machine, once, as localhost or a loopback address.");
    };
    if parts.uri.authority().is_some_and(|target| !is_this_machine(target.as_str())) {
        return Some("The target of the request names another machine.");
    }
    is_page_elsewhere(headers, |origin| is_http_origin(origin, host)).then_some("The request comes from a page of another site.")
}

/// Whether a browser sends this for a page of another site. Pages of this service are those whose origin is that of `public_url`, or the
/// host that the request names; a server that only this machine reaches has no other name than `localhost` and loopback addresses,
/// whatever a name server says.
pub fn is_foreign_page(headers: &HeaderMap, public_url: Option<&str>, on_loopback: bool) -> bool {
    let host = only(headers, &header::HOST).filter(|host| !on_loopback || is_this_machine(host));
    is_page_elsewhere(headers, |origin| {
        public_url.is_some_and(|url| origin.eq_ignore_ascii_case(origin_of(url))) || host.is_some_and(|host| is_http_origin(origin, host))
    })
}

fn is_forwarding(name: &HeaderName) -> bool {
    let name = name.as_str();
    FORWARDING.contains(&name) || FORWARDING_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// The value of a header that stands there exactly once.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut all = headers.get_all(name).iter();
    all.next().filter(|_| all.next().is_none())?.to_str().ok()
}

/// `localhost` or a loopback address, with or without a port, and nothing else.
fn is_this_machine(host: &str) -> bool {
    let (name, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some(parts) => parts,
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let port_fits = port.is_empty()
        || port.strip_prefix(':').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && digits.parse::<u16>().is_ok());
    let bracketed = host.starts_with('[');
    let name_fits = match name.parse::<IpAddr>() {
        Ok(IpAddr::V4(v4)) => !bracketed && v4.is_loopback(),
        Ok(IpAddr::V6(v6)) => bracketed && v6.is_loopback(),
        Err(_) => !bracketed && name.eq_ignore_ascii_case("localhost"),
    };
    port_fits && name_fits
}

fn is_page_elsewhere(headers: &HeaderMap, is_ours: impl Fn(&str) -> bool) -> bool {
    let other_site = headers.get_all(SEC_FETCH_SITE).iter().any(|site| site != "same-origin" && site != "none");
    let other_origin = headers.contains_key(header::ORIGIN) && !only(headers, &header::ORIGIN).is_some_and(is_ours);
    other_site || other_origin
}

/// The origin of pages that this server itself sends under that host: it speaks no TLS.
fn is_http_origin(origin: &str, host: &str) -> bool {
    origin.strip_prefix("http://").is_some_and(|name| name.eq_ignore_ascii_case(host.strip_suffix(":80").unwrap_or(host)))
}

/// Scheme, host and port of a URL as browsers write them: without a port that is the scheme's own.
fn origin_of(url: &str) -> &str {
    let (scheme_end, own_port) = if url.starts_with("https://") { (8, ":443") } else { (7, ":80") };
    let end = url.get(scheme_end..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| scheme_end + at);
    let origin = url.get(..end).unwrap_or(url);
    origin.strip_suffix(own_port).unwrap_or(origin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderValue, Request};

    const LOCAL: (&str, &str) = ("host", "127.0.0.1:8000");

    fn parts(target: &str, version: Version, peer: &str, headers: &[(&'static str, &'static str)]) -> Parts {
        let mut request = Request::post(target).version(version).extension(Peer(peer.parse().unwrap())).body(()).unwrap();
        for (name, value) in headers {
            request.headers_mut().append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        request.into_parts().0
    }

    #[track_caller]
    fn check(headers: &[(&'static str, &'static str)], expect: Option<&str>) {
        let why = why_elsewhere(&parts("/v1/documents", Version::HTTP_11, "127.0.0.1:5000", headers));
        match (why, expect) {
            (None, None) => {}
            (Some(why), Some(words)) if why.contains(words) => {}
            _ => panic!("{headers:?}: {why:?}, not {expect:?}"),
        }
    }

    #[test]
    fn hosts_of_this_machine_are_known() {
        for host in ["127.0.0.1:8000", "localhost", "LOCALHOST:80", "[::1]:8000", "[::1]", "127.5.5.5", "[0:0:0:0:0:0:0:1]:1"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in [
            "",
            ":80",
            "example.org",
            "127.0.0.1.example.org",
            "localhost.example.org:8000",
            "localhost.",
            "10.0.0.1",
            "[2001:db8::1]:80",
            "0.0.0.0",
            "[::1]evil.example",
            "[::1]:80:80",
            "[::1",
            "::1",
            "[127.0.0.1]",
            "[localhost]",
            "localhost:",
            "localhost:x",
            "localhost:+1",
            "localhost:65536",
            "localhost:80@evil.example",
            "localhost@evil.example",
            "evil@localhost",
            "127.0.0.1:80 evil",
            " localhost",
            "127.1",
            "0x7f.0.0.1",
            "2130706433",
            "[::ffff:10.0.0.1]",
            "[::1%25lo]",
        ] {
            assert!(!is_this_machine(host), "{host}");
        }
    }

    #[test]
    fn a_program_on_this_machine_is_known() {
        check(&[LOCAL], None);
        check(&[LOCAL, ("user-agent", "curl/8"), ("accept", "*/*"), ("content-type", "text/plain")], None);
        check(&[LOCAL, ("origin", "http://127.0.0.1:8000"), ("sec-fetch-site", "same-origin")], None);
        check(&[LOCAL, ("sec-fetch-site", "none")], None);
        check(&[("host", "localhost:80"), ("origin", "http://localhost")], None);
        assert_eq!(why_elsewhere(&parts("http://localhost:8000/v1/documents", Version::HTTP_11, "127.0.0.1:5000", &[LOCAL])), None);
        assert_eq!(why_elsewhere(&parts("/v1/documents", Version::HTTP_11, "[::1]:5000", &[LOCAL])), None);
    }

    #[test]
    fn whatever_else_is_from_elsewhere() {
        check(&[], Some("Host header"));
        check(&[LOCAL, LOCAL], Some("Host header"));
        check(&[LOCAL, ("host", "evil.example")], Some("Host header"));
        check(&[("host", "evil.example:8000")], Some("Host header"));
        for origin in ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:8000", "127.0.0.1:8000", "http://http://127.0.0.1:8000", ""] {
            check(&[LOCAL, ("origin", origin)], Some("another site"));
        }
        check(&[LOCAL, ("origin", "http://127.0.0.1:8000"), ("origin", "http://evil.example")], Some("another site"));
        for site in ["cross-site", "same-site", "", "none, cross-site"] {
            check(&[LOCAL, ("sec-fetch-site", site)], Some("another site"));
        }
        check(&[LOCAL, ("sec-fetch-site", "none"), ("sec-fetch-site", "cross-site")], Some("another site"));
        for name in ["forwarded", "x-forwarded-for", "x-forwarded-anything", "x-real-ip", "via", "true-client-ip", "cf-connecting-ip", "authorization"] {
            check(&[LOCAL, (name, "")], Some("proxy"));
        }
        let why = |target, version, peer| why_elsewhere(&parts(target, version, peer, &[LOCAL]));
        assert!(why("/", Version::HTTP_10, "127.0.0.1:5000").unwrap().contains("HTTP/1.0"));
        assert!(why("/", Version::HTTP_11, "192.0.2.1:5000").unwrap().contains("another machine"));
        assert!(why("http://evil.example/", Version::HTTP_11, "127.0.0.1:5000").unwrap().contains("target"));
        assert!(why("http://localhost@evil.example/", Version::HTTP_11, "127.0.0.1:5000").unwrap().contains("target"));
    }

    #[test]
    fn pages_of_other_sites_are_known() {
        let check = |headers: &[(&'static str, &'static str)], public_url, on_loopback, expect| {
            let parts = parts("/", Version::HTTP_11, "192.0.2.1:5000", headers);
            assert_eq!(is_foreign_page(&parts.headers, public_url, on_loopback), expect, "{headers:?} {public_url:?} {on_loopback}");
        };
        let rebound = [("host", "evil.example:8000"), ("origin", "http://evil.example:8000")];
        check(&[("host", "x")], None, true, false);
        check(&rebound, None, true, true);
        check(&rebound, None, false, false);
        check(&[LOCAL, ("origin", "http://127.0.0.1:8000")], None, true, false);
        check(&[LOCAL, ("origin", "http://evil.example")], None, false, true);
        check(&[LOCAL, ("sec-fetch-site", "cross-site")], None, false, true);
        let public = Some("https://kb.example.org:443/base");
        check(&[("host", "upstream"), ("origin", "https://kb.example.org")], public, true, false);
        check(&[("host", "kb.example.org"), ("origin", "https://kb.example.org.evil.example")], public, true, true);
        check(&[("host", "kb.example.org"), ("origin", "http://kb.example.org")], public, true, true);
        check(&rebound, public, true, true);
    }

    #[test]
    fn origins_of_urls_are_as_browsers_write_them() {
        for (url, origin) in [
            ("https://kb.example.org", "https://kb.example.org"),
            ("https://kb.example.org:443/base", "https://kb.example.org"),
            ("http://kb.example.org:8080/", "http://kb.example.org:8080"),
            ("http://kb.example.org:80", "http://kb.example.org"),
        ] {
            assert_eq!(origin_of(url), origin);
        }
    }
}
