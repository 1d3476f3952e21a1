//! Bodies of requests: encodings, limits of a text and of what comes with it, lines one by one.

use crate::support::{Answer, Server, shared};
use serde_json::{Value, json};
use std::io::Write;

const REPORT: &str = "Gunmen killed three policemen in Peshawar on Monday, officials said.";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec();
    out.extend(miniz_oxide::deflate::compress_to_vec(bytes, 6));
    out.extend(crc32(bytes).to_le_bytes());
    out.extend((bytes.len() as u32).to_le_bytes());
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 }))
}

fn encoded(server: &Server, path: &str, content_type: &str, encoding: &str, body: &[u8]) -> Answer {
    server.send("POST", path, &[("content-type", content_type), ("content-encoding", encoding)], body)
}

#[test]
fn encoded_bodies_give_the_same_answer() {
    let plain = shared().post("/v1/extract", "text/plain", REPORT).json();
    assert_eq!(plain["incidents"][0]["type"], "attack.armed_assault");
    assert_eq!(encoded(shared(), "/v1/extract", "text/plain", "gzip", &gzip(REPORT.as_bytes())).json(), plain);
    assert_eq!(encoded(shared(), "/v1/extract", "text/plain", "identity", REPORT.as_bytes()).json(), plain);
    // A frame of RFC 8878 with one raw block and no checksum.
    let mut zstd = vec![0x28, 0xb5, 0x2f, 0xfd, 0x20, REPORT.len() as u8];
    zstd.extend(&(((REPORT.len() as u32) << 3) | 1).to_le_bytes()[..3]);
    zstd.extend(REPORT.as_bytes());
    assert_eq!(encoded(shared(), "/v1/extract", "text/plain", "zstd", &zstd).json(), plain);
}

#[test]
fn other_encodings_are_refused_by_name() {
    for encoding in ["br", "deflate", "compress", "gzip, gzip", "x"] {
        let problem = encoded(shared(), "/v1/extract", "text/plain", encoding, b"x").problem();
        assert_eq!(problem["code"], "unsupported_media_type", "{encoding}");
        assert!(problem["detail"].as_str().unwrap().contains(&format!("\"{encoding}\"")), "{problem}");
        assert_eq!(problem["errors"][0]["allowed"], json!(["gzip", "zstd", "identity"]));
    }
    for broken in [&b"not gzip"[..], &gzip(REPORT.as_bytes())[..40], b""] {
        assert_eq!(encoded(shared(), "/v1/extract", "text/plain", "gzip", broken).problem()["code"], "invalid_encoding", "{broken:?}");
    }
}

#[test]
fn the_limit_holds_for_what_a_body_decodes_to() {
    let server = Server::start(&["--max-body", "64KiB", "--seeds", "none"]);
    let bomb = gzip(&vec![b'0'; 1 << 20]);
    assert!(bomb.len() < 4096, "{}", bomb.len());
    let problem = encoded(&server, "/v1/extract", "text/plain", "gzip", &bomb).problem();
    assert_eq!(problem["code"], "payload_too_large", "{problem}");
    let problem = encoded(&server, "/v1/documents", "application/x-ndjson", "gzip", &bomb).problem();
    assert_eq!(problem["code"], "payload_too_large", "{problem}");
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_body() {
    let bare = shared().post("/v1/extract", "text/plain", REPORT).json();
    assert_eq!(shared().post("/v1/extract", "text/plain", format!("\u{feff}{REPORT}")).json(), bare);
    let object = json!({ "text": REPORT }).to_string();
    assert_eq!(shared().post("/v1/extract", "application/json", format!("\u{feff}{object}")).json(), bare);
    let server = Server::start(&["--seeds", "none"]);
    let done = server.post("/v1/documents", "application/x-ndjson", format!("\u{feff}{object}\n")).json();
    assert_eq!(done["n_stored"], 1, "{done}");
}

#[test]
fn one_text_may_be_shorter_than_a_body() {
    let server = Server::start(&["--max-text", "2KiB", "--seeds", "none"]);
    let long = REPORT.repeat(40);
    let page = format!("<html><body><p>{long}</p></body></html>");
    let object = json!({ "text": long }).to_string();
    for path in ["/v1/extract", "/v1/documents"] {
        for (content_type, body) in [("text/plain", &long), ("text/markdown", &long), ("text/html", &page), ("application/json", &object)] {
            let problem = server.post(path, content_type, body).problem();
            assert_eq!((&problem["code"], &problem["status"]), (&"text_too_large".into(), &413.into()), "{path} {content_type}");
            assert!(problem["detail"].as_str().unwrap().contains("2048"), "{problem}");
        }
    }
    // A page may be as large as a body, whatever its text is.
    let page = format!("<html><body><script>{}</script><p>{REPORT}</p></body></html>", " ".repeat(10_000));
    assert_eq!(server.post("/v1/extract", "text/html", page).status, 200);
    let lines = format!("{object}\n{}\n", json!({ "text": REPORT }));
    let done = server.post("/v1/documents", "application/x-ndjson", lines).json();
    assert_eq!((&done["n_failed"], &done["n_stored"]), (&1.into(), &1.into()), "a line that is too long costs that line only");
    assert!(done["data"][0]["problem"].as_str().unwrap().contains("2048"), "{done}");
}

#[test]
fn members_have_limits() {
    for (member, max) in [("id", 256), ("title", 1024), ("source", 256), ("url", 2048), ("language", 35), ("published", 64)] {
        let body = |length: usize| json!({ "text": REPORT, member: "ä".repeat(length) }).to_string();
        let problem = shared().post("/v1/extract", "application/json", body(max + 1)).problem();
        assert_eq!((&problem["code"], &problem["errors"][0]["pointer"]), (&"invalid_body".into(), &format!("/{member}").into()), "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(&format!("longer than {max} characters")), "{problem}");
        if member != "published" {
            assert_eq!(shared().post("/v1/extract", "application/json", body(max)).status, 200, "{member}");
        }
        let schema = &shared().json("/openapi.json")["components"]["schemas"]["DocumentInput"]["properties"][member];
        assert_eq!(schema["maxLength"], max, "{member}: {schema}");
    }
    for (parameter, max) in [("id", 256), ("title", 1024)] {
        let problem = shared().post(&format!("/v1/extract?{parameter}={}", "a".repeat(max + 1)), "text/plain", REPORT).problem();
        assert_eq!(problem["code"], "invalid_parameter", "{problem}");
        assert_eq!(shared().post(&format!("/v1/extract?{parameter}={}", "a".repeat(max)), "text/plain", REPORT).status, 200);
    }
    let problem = shared().post("/v1/extract", "text/markdown", format!("---\ntitle: {}\n---\nx", "a".repeat(1025))).problem();
    assert_eq!((&problem["code"], &problem["errors"][0]["line"]), (&"invalid_body".into(), &2.into()), "{problem}");
}

#[test]
fn answers_do_not_repeat_what_is_wrong_at_length() {
    let long = "a".repeat(100_000);
    for body in [
        json!({ "text": "x", "published": "2023".repeat(10) }),
        json!({ "text": "x", "title": { long.as_str(): 1 } }),
        json!({ "text": [long] }),
        json!({ "text": true, long.as_str(): 1 }),
    ] {
        let answer = shared().post("/v1/extract", "application/json", body.to_string());
        assert!(answer.status == 422 && answer.body.len() < 2000, "{} {}", answer.status, answer.body.len());
    }
    let server = Server::start(&["--seeds", "none"]);
    let lines = format!("{}\n", json!({ "text": "x", "fictional": long })).repeat(3);
    let answer = server.post("/v1/documents", "application/x-ndjson", lines);
    assert_eq!(answer.json()["n_failed"], 3);
    assert!(answer.body.len() < 4000, "{}", answer.text());
}

#[test]
fn lines_are_counted_while_they_arrive() {
    let server = Server::start(&["--seeds", "none", "--request-timeout", "100s", "--idle-timeout", "120s"]);
    // Line breaks in any chunk, blank lines between, none at the end.
    let mut body = String::new();
    for n in 0..500 {
        body += &format!("{}\r\n\n", json!({ "id": n, "text": format!("This is text {n}.") }));
    }
    let done = server.post("/v1/documents", "application/x-ndjson", body.trim_end()).json();
    assert_eq!((&done["n_stored"], &done["data"][499]["line"], &done["data"][499]["id"]), (&500.into(), &999.into(), &"499".into()));
    // The 501st is refused before the rest has come: the announced rest never does.
    let mut request =
        format!("POST /v1/documents HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-ndjson\r\nContent-Length: 16000000\r\n\r\n", server.address);
    request += &"{}\n".repeat(501);
    let mut stream = std::net::TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(5))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = vec![0; 4096];
    let n = std::io::Read::read(&mut stream, &mut bytes).unwrap();
    let head = String::from_utf8_lossy(&bytes[..n]).into_owned();
    assert!(head.starts_with("HTTP/1.1 422"), "{head}");
    assert!(head.contains("500 documents"), "{head}");
}

#[test]
fn broken_lines_cost_themselves_only() {
    let server = Server::start(&["--seeds", "none"]);
    let mut body = format!("{}\n", json!({ "text": REPORT })).into_bytes();
    body.extend(b"{\"text\": \"\xff\"}\n[]\n\x00\n{\"text\":\"a\",\"id\":[[1],[2]]}\n{}\n");
    let done = server.post("/v1/documents", "application/x-ndjson", body).json();
    let statuses: Vec<&Value> = done["data"].as_array().unwrap().iter().map(|d| &d["status"]).collect();
    assert_eq!(statuses, ["stored", "failed", "failed", "failed", "failed", "failed"], "{done}");
}
