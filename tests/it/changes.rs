//! The log of changes: as pages, as a feed of server-sent events, and of one thing.

use crate::support::{Server, shared};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use waqia::clock::Stopwatch;

fn numbers(page: &Value) -> Vec<i64> {
    page["data"].as_array().unwrap().iter().map(|row| row["number"].as_i64().unwrap()).collect()
}

/// A feed that is listened to.
struct Feed {
    stream: TcpStream,
    text: String,
}

impl Feed {
    fn open(server: &Server, path: &str, headers: &str) -> Self {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut feed = Self { stream, text: String::new() };
        feed.read_until("\r\n\r\n");
        feed
    }

    /// Reads on until this was sent.
    #[track_caller]
    fn read_until(&mut self, words: &str) {
        while !self.text.contains(words) {
            assert!(self.read(), "the feed ended before {words:?}: {}", self.text);
        }
    }

    /// Whether there was more.
    fn read(&mut self) -> bool {
        let mut bytes = [0; 4096];
        let n = self.stream.read(&mut bytes).unwrap();
        self.text.push_str(&String::from_utf8_lossy(&bytes[..n]));
        n > 0
    }

    fn ids(&self) -> Vec<i64> {
        self.text.lines().filter_map(|line| line.strip_prefix("id: ")).map(|id| id.trim().parse().unwrap()).collect()
    }
}

/// The number of the last change.
fn last(server: &Server) -> i64 {
    let mut since = 0;
    loop {
        let numbers = numbers(&server.json(&format!("/v1/changes?limit=1000&count=none&since={since}")));
        match numbers.last() {
            Some(&number) => since = number,
            None => return since,
        }
    }
}

fn send(server: &Server, text: &str) -> String {
    let answer = server.post("/v1/documents", "text/plain", text);
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["document"].as_str().unwrap().to_owned()
}

#[test]
fn changes_come_in_pages_that_can_be_filtered() {
    let page = shared().json("/v1/changes?entity=document&limit=4");
    assert_eq!(page["meta"]["interpreted"], json!({"entity": ["document"]}));
    assert_eq!(page["meta"]["total"], shared().json("/v1/documents?limit=1")["meta"]["total"]);
    let (mut all, mut next) = (numbers(&page), page["links"]["next"].as_str().map(str::to_owned));
    while let Some(url) = next {
        let answer = shared().get(url.split_once("/v1").map(|(_, path)| format!("/v1{path}")).as_deref().unwrap());
        let page = answer.json();
        assert!(page["data"].as_array().unwrap().iter().all(|row| row["entity"] == "document" && row["action"] == "created"));
        all.extend(numbers(&page));
        next = page["links"]["next"].as_str().map(str::to_owned);
        assert_eq!(answer.header("link").is_some(), next.is_some());
    }
    assert_eq!(Some(all.len() as u64), page["meta"]["total"].as_u64());
    assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
    let rest = shared().json(&format!("/v1/changes?entity=document&since={}", all[2]));
    assert_eq!(numbers(&rest), all[3..]);
    let id = &page["data"][0]["id"];
    let one = shared().json(&format!("/v1/changes?id={}&entity=document,incident", id.as_str().unwrap()));
    assert_eq!((one["meta"]["total"].as_u64(), &one["data"][0]["id"]), (Some(1), id));
    assert_eq!(shared().json("/v1/changes?action=deleted,restored")["meta"]["total"], 0);
    assert_eq!(shared().json("/v1/changes?since=2999-01-01")["data"], json!([]));
}

#[test]
fn what_the_log_does_not_know_is_refused() {
    for (query, parameter, suggestion) in
        [("entity=incidents", "entity", Some("incident")), ("action=delete", "action", Some("deleted")), ("since=soon", "since", None)]
    {
        let problem = shared().refused(&format!("/v1/changes?{query}"), "invalid_parameter");
        assert_eq!(problem["errors"][0]["parameter"], parameter);
        assert_eq!(problem["errors"][0]["suggestion"].as_str(), suggestion, "{problem}");
    }
    let feed = |path: &str, headers: &[(&str, &str)]| {
        let headers = [&[("accept", "text/event-stream")], headers].concat();
        shared().send("GET", path, &headers, b"").problem()
    };
    assert_eq!(feed("/v1/changes?limit=5", &[])["code"], "conflicting_parameters");
    assert_eq!(feed("/v1/changes", &[("last-event-id", "x")])["code"], "invalid_parameter");
    assert_eq!(shared().send("GET", "/v1/changes", &[("accept", "text/csv")], b"").problem()["code"], "not_acceptable");
}

#[test]
fn everything_has_a_history() {
    for entity in ["incident", "actor", "statement", "document"] {
        let id = shared().json(&format!("/v1/{entity}s?limit=1"))["data"][0]["id"].as_str().unwrap().to_owned();
        let history = shared().json(&format!("/v1/{entity}s/{id}/history"));
        assert_eq!((&history["data"][0]["action"], &history["data"][0]["id"]), (&json!("created"), &json!(id)));
        shared().refused(&format!("/v1/{entity}s/none/history"), "not_found");
    }
}

#[test]
fn a_feed_tells_what_happens_and_goes_on_where_it_was_lost() {
    let server = Server::start(&["--seeds", "none"]);
    let begin = last(&server);
    let mut feed = Feed::open(&server, &format!("/v1/changes?since={begin}&entity=document,incident"), "");
    assert!(feed.text.contains("content-type: text/event-stream") && !feed.text.contains("\netag:"), "{}", feed.text);
    let first = send(&server, "Gunmen shot dead two traders in Quetta on 3 May 2024, police said.");
    feed.read_until(&first);
    let second = send(&server, "A bomb killed nine people in Peshawar on 4 May 2024, police said.");
    feed.read_until(&second);
    let listed = numbers(&server.json(&format!("/v1/changes?since={begin}&entity=document,incident")));
    while feed.ids().len() < listed.len() {
        assert!(feed.read());
    }
    assert_eq!(feed.ids(), listed, "the same rows as the list");
    let data = feed.text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(data).unwrap()["number"], listed[0]);
    let mut again = Feed::open(&server, &format!("/v1/changes?since={begin}&entity=document,incident"), &format!("Last-Event-ID: {}\r\n", listed[1]));
    while again.ids().len() < listed.len() - 2 {
        assert!(again.read());
    }
    assert_eq!(again.ids(), listed[2..]);
}

#[test]
fn feeds_are_few_and_take_no_place_of_requests() {
    let server = Server::start(&["--seeds", "none", "--max-feeds", "1", "--max-requests", "1"]);
    let path = "/v1/changes?since=100000000";
    let feed = Feed::open(&server, path, "");
    assert!(feed.text.starts_with("HTTP/1.1 200"));
    for _ in 0..3 {
        assert_eq!(server.get("/v1/incidents").status, 200, "the only place for a request is free");
    }
    let refused = server.send("GET", path, &[("accept", "text/event-stream")], b"");
    assert_eq!((refused.problem()["code"].as_str(), refused.header("retry-after")), (Some("overloaded"), Some("1")));
    drop(feed);
    let watch = Stopwatch::start();
    while !Feed::open(&server, path, "").text.starts_with("HTTP/1.1 200") {
        assert!(watch.elapsed() < Duration::from_secs(20), "the place of a client that left is free again");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_silent_feed_lives_on_and_ends_with_the_server() {
    let mut server = Server::start(&["--seeds", "none", "--request-timeout", "1s", "--idle-timeout", "3s", "--min-send-rate", "1MiB"]);
    let mut feed = Feed::open(&server, "/v1/changes?since=100000000", "");
    let began = Stopwatch::start();
    while began.elapsed() < Duration::from_secs(5) {
        assert!(feed.read(), "longer than a connection may be idle, or an answer may take: {}", feed.text);
    }
    assert!(feed.text.matches(": still here").count() >= 3, "{}", feed.text);
    let began = Stopwatch::start();
    server.stop();
    assert!(began.elapsed() < Duration::from_secs(10), "the server does not wait until it cuts requests off");
    while feed.read() {}
    assert!(feed.text.ends_with("\r\n0\r\n\r\n"), "the answer ends in order: {}", feed.text);
}
