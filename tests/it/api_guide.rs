//! `docs/API.md` tells the truth: each request in it is sent, in order, to a fresh server with the built-in seeds, and must be answered as shown.
//! So does `docs/CURATION.md`, whose server begins with an empty base.
//!
//! With `WAQIA_BLESS=1` the answers shown are made anew first.

mod renew;

use crate::source::{file, root};
use crate::support::Server;
use renew::{Ids, Shown};
use serde_json::Value;

/// One request of the guide and the answer that it shows.
struct Example {
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: String,
    /// What the answer's fence is marked as.
    format: String,
    answer: String,
}

/// A page of requests and answers, and how the server is started that they are sent to.
struct Guide {
    page: &'static str,
    flags: &'static [&'static str],
}

const API: Guide = Guide { page: "docs/API.md", flags: &[] };
const CURATION: Guide = Guide { page: "docs/CURATION.md", flags: &["--seeds", "none"] };
const FENCE: &str = "\n```";

/// All pairs of a "```sh" fence and the fence after it.
fn examples(guide: &Guide) -> Vec<Example> {
    let text = file(guide.page);
    let fences: Vec<&str> = text.split(FENCE).skip(1).step_by(2).collect();
    fences.chunks(2).map(|pair| example(pair[0], pair.get(1).expect("an answer follows each request"))).collect()
}

fn example(request: &str, answer: &str) -> Example {
    let command = request.strip_prefix("sh\n").unwrap_or_else(|| panic!("a request is expected here: {request}"));
    let (format, answer) = answer.split_once('\n').expect("an answer has lines");
    let mut example =
        Example { method: "GET", path: String::new(), headers: Vec::new(), body: String::new(), format: format.to_owned(), answer: answer.to_owned() };
    let mut words = shell_words(command).into_iter().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().expect("the option has a value");
        match word.as_str() {
            "--request" => example.method = method(&value()),
            "--header" => example.headers.extend(value().split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()))),
            "--data" => (example.method, example.body) = ("POST", value()),
            "--json" => {
                let method = if example.method == "GET" { "POST" } else { example.method };
                (example.method, example.body) = (method, value());
                example.headers.push(("content-type".to_owned(), "application/json".to_owned()));
            }
            url => example.path = url.strip_prefix("127.0.0.1:8000").unwrap_or_else(|| panic!("{url}: neither option nor address")).to_owned(),
        }
    }
    example
}

/// A method other than GET and POST.
fn method(name: &str) -> &'static str {
    ["PATCH", "DELETE", "PUT"].into_iter().find(|m| *m == name).unwrap_or("POST")
}

/// Words of a command line that quotes with `'` only.
fn shell_words(line: &str) -> Vec<String> {
    let quoted = line.split('\'').enumerate();
    let words = quoted.flat_map(|(n, part)| if n % 2 == 1 { vec![part] } else { part.split_whitespace().collect() });
    words.map(str::to_owned).collect()
}

/// Whether `shown` is `real` with members and last items left out.
fn is_part_of(shown: &Value, real: &Value) -> bool {
    match (shown, real) {
        (Value::Object(shown), Value::Object(real)) => shown.iter().all(|(name, value)| real.get(name).is_some_and(|real| is_part_of(value, real))),
        (Value::Array(shown), Value::Array(real)) => shown.len() <= real.len() && shown.iter().zip(real).all(|(shown, real)| is_part_of(shown, real)),
        _ => shown == real,
    }
}

impl Example {
    fn answered_by(&self, server: &Server) -> String {
        let headers: Vec<(&str, &str)> = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        server.send(self.method, &self.path, &headers, self.body.as_bytes()).text()
    }
}

/// Writes the guide with the answers of today. A later request for an id that an earlier answer no longer shows asks for the one in its place.
fn renew(guide: &Guide) {
    let server = Server::start(guide.flags);
    let mut ids = Ids::default();
    let text = file(guide.page);
    // What stands between the fences, and in every other place what stands in one.
    let mut parts: Vec<String> = text.split(FENCE).map(str::to_owned).collect();
    for n in (1..parts.len().saturating_sub(2)).step_by(4) {
        parts[n] = ids.renew(&parts[n]);
        let shown = example(&parts[n], &parts[n + 2]);
        let real = shown.answered_by(&server);
        let answer = if shown.format == "json" {
            let before: Shown = serde_json::from_str(&shown.answer).unwrap_or_else(|error| panic!("{}: what is shown is no JSON: {error}", shown.path));
            let today: Value = serde_json::from_str(&real).unwrap_or_else(|error| panic!("{}: the answer is no JSON: {error}: {real}", shown.path));
            renew::json(&before, &today, &mut ids).text()
        } else {
            renew::lines(&shown.answer, &real)
        };
        parts[n + 2] = format!("{}\n{answer}", shown.format);
    }
    std::fs::write(root().join(guide.page), parts.join(FENCE)).expect("the guide can be written");
}

#[test]
fn every_request_is_answered_as_shown() {
    assert!(check(&API) > 30);
}

#[test]
fn the_walk_through_of_curation_goes_as_shown() {
    assert!(check(&CURATION) > 15);
}

/// Number of requests on the page.
fn check(guide: &Guide) -> usize {
    if std::env::var_os("WAQIA_BLESS").is_some() {
        renew(guide);
    }
    let server = Server::start(guide.flags);
    let examples = examples(guide);
    let page = guide.page;
    for example in &examples {
        let real = example.answered_by(&server);
        let Example { path, format, answer, .. } = example;
        if format == "json" {
            let shown: Value = serde_json::from_str(answer).unwrap_or_else(|error| panic!("{path}: what is shown is no JSON: {error}"));
            let told = serde_json::from_str(&real).unwrap_or_else(|error| panic!("{path}: the answer is no JSON: {error}: {real}"));
            assert!(is_part_of(&shown, &told), "{path}: {page} shows\n{shown}\nbut the answer is\n{told}");
        } else {
            assert!(real.starts_with(answer.trim_end()), "{path}: {page} shows\n{answer}\nbut the answer is\n{real}");
        }
    }
    examples.len()
}

#[test]
fn every_route_has_an_example() {
    let description = serde_json::to_value(waqia::api::description()).unwrap();
    let examples = examples(&API);
    let shown = |method: &str, template: &str| {
        let parts: Vec<&str> = template.split('/').collect();
        examples.iter().filter(|example| example.method.eq_ignore_ascii_case(method)).any(|example| {
            let path: Vec<&str> = example.path.split('?').next().unwrap_or("").split('/').collect();
            path.len() == parts.len() && path.iter().zip(&parts).all(|(word, part)| word == part || part.starts_with('{'))
        })
    };
    let routes = description["paths"].as_object().unwrap();
    let operations = routes.iter().flat_map(|(path, item)| item.as_object().unwrap().keys().map(move |method| (method, path)));
    let missing: Vec<String> = operations.filter(|(method, path)| !shown(method, path)).map(|(method, path)| format!("{method} {path}")).collect();
    assert!(missing.is_empty(), "docs/API.md has no example of {missing:#?}");
}
