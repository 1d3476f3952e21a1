//! What curators decide: sent over HTTP, kept, applied again, undone.

mod actors;
mod clusters;
mod incidents;
mod refusals;
mod statements;

use crate::support::{Answer, Server};
use serde_json::{Value, json};
use waqia::ingest::check;

/// A server with an empty base, and somebody who corrects what is in it.
pub struct Desk {
    pub server: Server,
}

impl Desk {
    pub fn new() -> Self {
        Self { server: Server::start(&["--seeds", "none"]) }
    }

    /// Stores a document; gives its id.
    #[track_caller]
    pub fn tell(&self, text: &str, published: &str, source: &str) -> String {
        let body = json!({"text": text, "published": published, "source": source}).to_string();
        let answer = self.server.post("/v1/documents", "application/json", body);
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["document"].as_str().unwrap().to_owned()
    }

    /// The only incident that lists show.
    #[track_caller]
    pub fn only(&self) -> String {
        let list = self.server.json("/v1/incidents");
        assert_eq!(list["meta"]["total"], 1, "{list}");
        list["data"][0]["id"].as_str().unwrap().to_owned()
    }

    pub fn etag(&self, path: &str) -> String {
        self.server.get(path).header("etag").expect("a tag").to_owned()
    }

    /// Sends a change with the tag that the resource has now; `path` may go on after the resource.
    pub fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        let resource: Vec<&str> = path.split('/').take(4).collect();
        let tag = self.etag(&resource.join("/"));
        self.server.send(method, path, &[("if-match", &tag), ("content-type", "application/json")], body.to_string().as_bytes())
    }

    /// A change that must be made: the resource as it is then, and the number of the correction.
    #[track_caller]
    pub fn change(&self, method: &str, path: &str, body: &Value) -> (Value, i64) {
        let answer = self.send(method, path, body);
        assert_eq!(answer.status, 200, "{method} {path} {body}: {}", answer.text());
        let correction = answer.header("x-correction").expect("the correction is named").rsplit('/').next().unwrap().parse().unwrap();
        (answer.json(), correction)
    }

    /// A change that must be refused with this problem code; gives the problem.
    #[track_caller]
    pub fn refused(&self, method: &str, path: &str, body: &Value, code: &str) -> Value {
        let problem = self.send(method, path, body).problem();
        assert_eq!(problem["code"], code, "{method} {path} {body}: {problem}");
        problem
    }

    #[track_caller]
    pub fn undo(&self, correction: i64) -> Value {
        let answer = self.server.post(&format!("/v1/corrections/{correction}/undo"), "application/json", r#"{"reason": "a slip"}"#);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// Open review items.
    pub fn reviews(&self) -> Vec<Value> {
        self.server.json("/v1/review")["data"].as_array().unwrap().clone()
    }

    pub fn total(&self, path: &str) -> u64 {
        self.server.json(path)["meta"]["total"].as_u64().unwrap()
    }

    /// Stops the server; its base must have no fault.
    #[track_caller]
    pub fn finish(mut self) {
        self.server.stop();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let answers = runtime.block_on(check::check(&self.server.base(), |_| {})).unwrap();
        let faults: Vec<_> = answers.into_iter().filter(|a| a.faults.n > 0).map(|a| (a.name, a.faults)).collect();
        assert!(faults.is_empty(), "{faults:#?}");
    }
}

/// A resource without what every write changes.
pub fn settled(mut resource: Value) -> Value {
    for member in ["revision", "updated_at"] {
        resource.as_object_mut().unwrap().remove(member);
    }
    resource
}

pub const BOMB: &str = "A suicide bomber killed 12 people at a mosque in Peshawar on Monday, police said. At least 30 others were injured in the blast.";
