//! The API as a client meets it.

use crate::support::{Answer, Server, shared};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use waqia::clock::Stopwatch;

#[test]
fn probes_answer() {
    assert_eq!(shared().json("/healthz")["status"], "ok");
    let ready = shared().json("/readyz");
    assert_eq!(ready["status"], "ready");
    assert!(ready["lexicon"].as_str().unwrap().starts_with("sha256:"));
    for part in ["database", "migrations", "lexicon"] {
        assert_eq!(ready["checks"][part], "ok");
    }
    // Another test may write at this moment.
    assert!(["ok", "busy"].contains(&ready["checks"]["writing"].as_str().unwrap()), "{ready}");
}

#[test]
fn unknown_paths_and_methods_are_problems() {
    shared().refused("/v1/nothing", "not_found");
    let answer = shared().send("DELETE", "/v1/codes", &[], b"");
    assert_eq!(answer.problem()["code"], "method_not_allowed");
    assert!(answer.header("allow").unwrap().contains("GET"));
}

#[test]
fn unknown_parameters_are_named_with_a_suggestion() {
    let answer = shared().send("POST", "/v1/extract?publishd=2023-02-03", &[("content-type", "text/plain")], b"x");
    let problem = answer.problem();
    assert_eq!(problem["code"], "unknown_parameter");
    assert_eq!(problem["errors"][0]["parameter"], "publishd");
    assert_eq!(problem["errors"][0]["suggestion"], "published");
    assert_eq!(problem["errors"][0]["allowed"], serde_json::json!(["codebook", "id", "published", "resolve", "restore", "title"]));
}

#[test]
fn every_problem_code_is_explained() {
    let all = shared().json("/problems");
    let all = all["data"].as_array().unwrap();
    assert!(all.len() > 15);
    for kind in all {
        let one = shared().json(&format!("/problems/{}", kind["code"].as_str().unwrap()));
        assert_eq!(&one, kind);
    }
    assert!(shared().refused("/problems/unknown_paramter", "not_found")["detail"].as_str().unwrap().contains("\"unknown_parameter\""));
}

#[test]
fn request_ids_are_taken_over_or_made() {
    let given = shared().send("GET", "/healthz", &[("x-request-id", "abc-1.2_3")], b"");
    assert_eq!(given.header("x-request-id"), Some("abc-1.2_3"));
    let bad = shared().send("GET", "/healthz", &[("x-request-id", "a b<script>")], b"");
    assert!(bad.header("x-request-id").is_some_and(|id| !id.contains('<')));
    assert_ne!(shared().get("/healthz").header("x-request-id"), shared().get("/healthz").header("x-request-id"));
}

#[test]
fn a_text_becomes_a_record() {
    let text = "KABUL, Jan. 3, 2012 (AP) – A bomb killed three policemen in Kabul on Monday.";
    for (content_type, body) in
        [("text/plain; charset=utf-8", text.to_owned()), ("application/json", serde_json::json!({ "id": 7, "text": text, "unknown member": true }).to_string())]
    {
        let answer = shared().post("/v1/extract", content_type, body);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let record = answer.json();
        for member in ["incidents", "actors", "statements", "relations", "figures", "places", "notes"] {
            assert!(record[member].is_array(), "{member}");
        }
        assert_eq!(record["id"], if content_type == "application/json" { "7" } else { "" });
    }
}

#[test]
fn code_lists_are_served() {
    let lists = shared().json("/v1/codes");
    let lists = lists["data"].as_array().unwrap();
    for list in lists {
        let one = shared().json(list["url"].as_str().unwrap());
        assert_eq!(one["data"].as_array().unwrap().len() as u64, list["n_codes"].as_u64().unwrap());
    }
    shared().refused("/v1/codes/no_such_list", "not_found");
}

#[test]
fn a_known_entity_tag_is_answered_304() {
    let first = shared().get("/v1/codes");
    let tag = first.header("etag").unwrap();
    assert!(tag.starts_with('"'), "strong: {tag}");
    let again = shared().send("GET", "/v1/codes", &[("if-none-match", tag)], b"");
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(again.header("etag"), Some(tag));
    let other = shared().send("GET", "/v1/codes", &[("if-none-match", "\"other\"")], b"");
    assert_eq!(other.status, 200);
}

#[test]
fn large_answers_are_compressed_and_small_ones_are_not() {
    let encoded = |path: &str, accept: &str| shared().send("GET", path, &[("accept-encoding", accept)], b"");
    let zstd = encoded("/openapi.json", "gzip, br, zstd");
    assert_eq!(zstd.header("content-encoding"), Some("zstd"));
    assert_eq!(&zstd.body[..4], [0x28, 0xb5, 0x2f, 0xfd], "the magic number of zstd");
    assert_eq!(encoded("/openapi.json", "gzip, br").header("content-encoding"), Some("br"));
    let gzip = encoded("/openapi.json", "gzip");
    assert_eq!(gzip.header("content-encoding"), Some("gzip"));
    assert_eq!(&gzip.body[..2], [0x1f, 0x8b]);
    assert!(gzip.body.len() < shared().get("/openapi.json").body.len() / 3);
    assert_eq!(encoded("/healthz", "gzip, br, zstd").header("content-encoding"), None);
}

#[test]
fn reading_is_open_to_other_origins_and_writing_is_not() {
    let get = shared().send("GET", "/v1/codes", &[("origin", "http://elsewhere.example")], b"");
    assert_eq!(get.header("access-control-allow-origin"), Some("*"));
    let asked = [("origin", "http://elsewhere.example"), ("access-control-request-method", "POST")];
    let preflight = shared().send("OPTIONS", "/v1/extract", &asked, b"");
    assert!(!preflight.header("access-control-allow-methods").unwrap_or("").contains("POST"));
}

#[test]
fn answers_carry_security_headers() {
    for path in ["/", "/docs", "/healthz", "/v1/nothing"] {
        let answer = shared().get(path);
        assert!(answer.header("content-security-policy").unwrap().starts_with("default-src 'self'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
}

#[test]
fn bodies_above_the_limit_are_refused() {
    let server = Server::start(&["--max-body", "64KiB", "--seeds", "none"]);
    let large = vec![b'a'; 70_000];
    assert_eq!(server.post("/v1/extract", "text/plain", &large).problem()["code"], "payload_too_large");
    let mut chunked = b"POST /v1/extract HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n".to_vec();
    chunked.extend(format!("{:x}\r\n", large.len()).bytes());
    chunked.extend(&large);
    chunked.extend(b"\r\n0\r\n\r\n");
    assert_eq!(Answer::read(&server.raw(&chunked)).unwrap().problem()["code"], "payload_too_large");
    assert_eq!(server.post("/v1/extract", "text/plain", vec![b'a'; 60_000]).status, 200);
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let server = Server::start(&["--request-timeout", "600ms", "--idle-timeout", "5s", "--seeds", "none"]);
    let head = b"POST /v1/extract HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\nabc";
    let began = Stopwatch::start();
    let answer = Answer::read(&server.raw(head)).unwrap();
    assert_eq!(answer.problem()["code"], "request_timeout");
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
}

#[test]
fn silent_and_slow_connections_are_closed() {
    let server = Server::start(&["--header-timeout", "300ms", "--request-timeout", "400ms", "--idle-timeout", "500ms", "--seeds", "none"]);
    for sent in [&b""[..], b"GET / HT", b"GET /healthz HTTP/1.1\r\nHost: x\r\n"] {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(sent).unwrap();
        let began = Stopwatch::start();
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        assert!(began.elapsed() < Duration::from_secs(5), "{:?} after {:?}", began.elapsed(), String::from_utf8_lossy(sent));
    }
}

#[test]
fn too_many_requests_at_once_are_told_to_come_back() {
    let server = Server::start(&["--max-requests", "1", "--request-timeout", "5s", "--seeds", "none"]);
    // Its body never ends, so it keeps the only place.
    let mut slow = TcpStream::connect(server.address).unwrap();
    slow.write_all(b"POST /v1/extract HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\nabc").unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let answer = server.get("/v1/codes");
    assert_eq!(answer.problem()["code"], "overloaded");
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(server.get("/healthz").status, 200, "a busy server is alive");
}

#[test]
fn requests_under_way_end_before_the_server_does() {
    let mut server = Server::start(&["--seeds", "none"]);
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.write_all(b"POST /v1/extract HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\nabc").unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let reader = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        stream.write_all(b"defghij").unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        Answer::read(&bytes).unwrap().status
    });
    server.stop();
    assert_eq!(reader.join().unwrap(), 200);
    assert!(TcpStream::connect(server.address).is_err(), "nobody listens any more");
}
