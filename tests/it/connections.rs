//! Connections: heads that are too large, hosts, bodies that nobody reads, and who has to go when there is no room.

use crate::support::{Answer, Server, shared};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// One connection that is kept open.
struct Connection(TcpStream);

impl Connection {
    fn open(server: &Server) -> Self {
        let stream = TcpStream::connect(server.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        Self(stream)
    }

    fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).unwrap();
    }

    /// The next answer; its body must be as long as its head says.
    fn answer(&mut self) -> Option<Answer> {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.0.read_exact(&mut byte).ok()?;
            bytes.push(byte[0]);
        }
        let length = Answer::read(&bytes)?.header("content-length")?.parse().ok()?;
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).ok()?;
        bytes.extend(body);
        Answer::read(&bytes)
    }

    fn is_closed(&mut self) -> bool {
        matches!(self.0.read(&mut [0]), Ok(0) | Err(_))
    }
}

#[test]
fn heads_have_64_kib() {
    let get = |headers: &str| {
        let request = format!("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n");
        Answer::read(&shared().raw(request.as_bytes())).unwrap()
    };
    assert_eq!(get(&format!("X: {}\r\n", "a".repeat(60_000))).status, 200);
    assert_eq!(get(&"X: y\r\n".repeat(90)).status, 200);
    for headers in [format!("X: {}\r\n", "a".repeat(66_000)), format!("X: {}\r\n", "a".repeat(1_000_000)), "X: y\r\n".repeat(200)] {
        let answer = get(&headers);
        assert_eq!((answer.status, &answer.problem()["code"]), (431, &"headers_too_large".into()));
    }
    let long = format!("GET /v1/incidents?q={} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(65_600));
    assert_eq!(Answer::read(&shared().raw(long.as_bytes())).unwrap().problem()["code"], "headers_too_large");
}

#[test]
fn there_is_exactly_one_host() {
    for (request, good) in [
        ("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:80\r\n", true),
        ("GET /healthz HTTP/1.0\r\n", true),
        ("GET http://example.org/healthz HTTP/1.1\r\nHost: example.org\r\n", true),
        ("GET /healthz HTTP/1.1\r\n", false),
        ("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n", false),
        ("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: a\r\n", false),
        ("GET /healthz HTTP/1.1\r\nHost: evil.example/a?b=\"<x>\r\n", false),
        ("GET /healthz HTTP/1.1\r\nHost: [::1]evil.example\r\n", false),
        ("GET http://evil.example/healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n", false),
        ("CONNECT evil.example:80 HTTP/1.1\r\nHost: 127.0.0.1\r\n", false),
    ] {
        let bytes = shared().raw(format!("{request}Connection: close\r\n\r\n").as_bytes());
        let answer = Answer::read(&bytes).unwrap();
        if good {
            assert_eq!(answer.status, 200, "{request}");
        } else {
            assert_eq!(answer.problem()["code"], "invalid_host", "{request}");
        }
    }
}

#[test]
fn the_next_request_is_not_lost_behind_a_body_that_was_not_read() {
    for (name, head, status) in [
        ("type", "POST /v1/extract HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n", 415),
        ("path", "POST /v1/nothing HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n", 404),
        ("method", "POST /v1/codes HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n", 405),
        ("origin", "POST /v1/documents HTTP/1.1\r\nHost: x\r\nOrigin: http://evil.example\r\nContent-Type: text/plain\r\n", 403),
        ("query", "POST /v1/extract?codebook=x HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n", 400),
    ] {
        let mut connection = Connection::open(shared());
        connection.send(format!("{head}Content-Length: 100\r\n\r\n{}", "x".repeat(100)).as_bytes());
        connection.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
        let first = connection.answer().unwrap();
        assert_eq!((first.status, first.header("connection")), (status, None), "{name}: a small body is read to its end");
        assert_eq!(connection.answer().map(|answer| answer.status), Some(200), "{name}: the next request");

        let mut connection = Connection::open(shared());
        connection.send(format!("{head}Content-Length: 1000000\r\n\r\n{}", "x".repeat(500_000)).as_bytes());
        let first = connection.answer().unwrap();
        assert_eq!((first.status, first.header("connection")), (status, Some("close")), "{name}: a large one is not");
        assert!(connection.is_closed(), "{name}");
    }
}

#[test]
fn a_refusal_reaches_a_client_that_still_sends() {
    let server = Server::start(&["--max-body", "64KiB", "--seeds", "none"]);
    let body = vec![b'a'; 8 << 20];
    let answer = server.post("/v1/extract", "text/plain", &body);
    assert_eq!(answer.problem()["code"], "payload_too_large");
    assert_eq!(answer.header("connection"), Some("close"));
}

#[test]
fn a_client_that_waits_for_leave_is_not_given_it_in_vain() {
    let mut connection = Connection::open(shared());
    connection.send(b"POST /v1/extract HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n");
    let answer = connection.answer().unwrap();
    assert_eq!((answer.status, answer.header("connection")), (415, Some("close")));
}

#[test]
fn a_head_that_does_not_come_is_answered_408() {
    let server = Server::start(&["--header-timeout", "300ms", "--seeds", "none"]);
    let answer = Answer::read(&server.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")).unwrap();
    assert_eq!(answer.problem()["code"], "request_timeout");
    assert_eq!(server.raw(b""), b"", "who has said nothing gets no answer");
}

#[test]
fn idle_connections_make_room() {
    let server = Server::start(&["--max-connections", "4", "--max-requests", "4", "--header-timeout", "20s", "--seeds", "none"]);
    let mut idle: Vec<Connection> = (0..4).map(|_| Connection::open(&server)).collect();
    idle[1].send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(idle[1].answer().unwrap().status, 200, "a connection that was used");
    idle[2].send(b"GET /healthz HTTP/1.1\r\nHo");
    for _ in 0..3 {
        assert_eq!(server.get("/v1/codes").status, 200, "there is room");
    }
    assert!(idle[0].is_closed(), "the one that was idle longest has gone");
    idle[1].send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(idle[1].answer().unwrap().status, 200, "the one that was used last is still there");
}

#[test]
fn probes_are_answered_when_every_connection_is_at_work() {
    let server = Server::start(&["--max-connections", "2", "--max-requests", "2", "--seeds", "none"]);
    let mut working: Vec<Connection> = (0..2).map(|_| Connection::open(&server)).collect();
    for connection in &mut working {
        connection.send(b"POST /v1/extract HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\nabc");
    }
    std::thread::sleep(Duration::from_millis(200));
    for probe in ["/healthz", "/readyz", "/metrics"] {
        let answer = server.get(probe);
        assert_eq!((answer.status, answer.header("connection")), (200, Some("close")), "{probe}: {}", answer.text());
    }
    assert_eq!(server.get("/v1/codes").problem()["code"], "overloaded");
    for connection in &mut working {
        connection.send(b"defghij");
        assert_eq!(connection.0.read(&mut [0; 12]).unwrap(), 12);
    }
}
