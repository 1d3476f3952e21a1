//! `as_of`: yesterday's answer to yesterday's query, whatever was written since.

use crate::support::{Server, shared};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What is asked after each step, beside every incident, statement and document by its id.
const QUERIES: [&str; 24] = [
    "/v1/incidents?limit=200&include=participants,reports,evidence",
    "/v1/incidents?limit=3&sort=-killed,date",
    "/v1/incidents?sort=updated&limit=200&fields=id,status,revision,updated_at",
    "/v1/incidents?country=PK&type=explosion&limit=200",
    "/v1/incidents?actor=tehreek-i-taliban-pakistan&limit=200",
    "/v1/incidents?perpetrator=tehreek-i-taliban-pakistan&limit=200",
    "/v1/incidents?killed_min=10&killed_max=60&limit=200",
    "/v1/incidents?bbox=60,23,78,38&limit=200",
    "/v1/incidents?near=34.0,71.57&radius_km=80&limit=200",
    "/v1/incidents?place=Pakistan&from=2023-01&limit=200",
    "/v1/incidents?source=Example+Wire&evidence_grade=single_source,corroborated,confirmed&limit=200",
    "/v1/incidents?status=merged,rejected,machine,confirmed&certainty=reported,denied&limit=200",
    "/v1/incidents?format=csv",
    "/v1/stats/summary",
    "/v1/stats/summary?suicide=true",
    "/v1/stats/timeline?interval=month",
    "/v1/stats/timeline?interval=day&country=PK",
    "/v1/stats/breakdown?by=type",
    "/v1/stats/breakdown?by=actor",
    "/v1/stats/breakdown?by=source&country=PK",
    "/v1/stats/map",
    "/v1/statements?limit=200",
    "/v1/documents?limit=200",
    "/v1/actors?mentioned=true&limit=200",
];

/// What was answered, without what says how it was asked.
fn answers(server: &Server, paths: &[String], as_of: &str) -> BTreeMap<String, Value> {
    let ask = |path: &String| {
        let separator = if path.contains('?') { '&' } else { '?' };
        let asked = if as_of.is_empty() { path.clone() } else { format!("{path}{separator}as_of={as_of}") };
        let answer = server.get(&asked);
        // A name that the base does not have yet means nothing.
        if answer.status == 400 && as_of.is_empty() {
            return None;
        }
        assert!(matches!(answer.status, 200 | 308), "{asked}: {}", answer.text());
        let location = answer.header("location").map(|to| to.split('?').next().unwrap_or(to).to_owned());
        let mut body: Value = serde_json::from_slice(&answer.body).unwrap_or_else(|_| json!(answer.text()));
        if let Some(members) = body.as_object_mut() {
            members.remove("links");
            members.remove("interpreted");
            if let Some(meta) = members.get_mut("meta").and_then(Value::as_object_mut) {
                meta.remove("interpreted");
            }
        }
        Some((path.clone(), json!([answer.status, location, body])))
    };
    paths.iter().filter_map(ask).collect()
}

/// All that can be asked of the base as it is.
fn paths(server: &Server) -> Vec<String> {
    let mut paths: Vec<String> = QUERIES.iter().map(|q| (*q).to_owned()).collect();
    for list in ["/v1/incidents?limit=1000&status=machine,confirmed,rejected,merged", "/v1/statements?limit=1000", "/v1/documents?limit=1000"] {
        let name = list.split('?').next().unwrap();
        for row in server.json(list)["data"].as_array().unwrap() {
            let id = row["id"].as_str().unwrap();
            paths.push(format!("{name}/{id}"));
            if name == "/v1/incidents" {
                paths.push(format!("{name}/{id}/evidence"));
            }
        }
    }
    paths
}

fn send(server: &Server, source: &str, published: &str, text: &str) -> String {
    let body = json!({"text": text, "source": source, "published": published}).to_string();
    let answer = server.post("/v1/documents", "application/json", body);
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["document"].as_str().unwrap().to_owned()
}

fn revision(server: &Server) -> i64 {
    server.json("/v1/stats/summary")["revision"].as_i64().unwrap()
}

const DOCUMENTS: [(&str, &str, &str); 8] = [
    (
        "Example Wire",
        "2023-01-30",
        "A suicide bomber blew himself up in a mosque in Peshawar on Monday, killing at least 32 people, police said. No group claimed it.",
    ),
    ("Paper", "2023-01-31", "The toll of Monday's suicide bombing in a mosque in Peshawar rose to 59, a hospital official said. Some 150 people were injured."),
    (
        "Herald",
        "2023-02-01",
        "The Tehreek-i-Taliban Pakistan claimed responsibility for the suicide bombing of 30 January 2023 in a mosque in Peshawar that killed 84 people.",
    ),
    (
        "Example Wire",
        "2023-02-02",
        "Gunmen shot dead two policemen in Quetta on Thursday, police said. The Baloch Liberation Army claimed responsibility for the attack.",
    ),
    ("Paper", "2023-02-02", "A roadside bomb killed four soldiers near Bannu on Wednesday, an official said."),
    (
        "Herald",
        "2023-02-03",
        "A spokesman of the Tehreek-i-Taliban Pakistan denied that it was behind the suicide bombing of 30 January 2023 in a mosque in Peshawar that killed 100 people.",
    ),
    ("Paper", "2023-02-03", "Two policemen were killed by gunmen in Quetta on 2 February 2023. The Tehreek-i-Taliban Pakistan condemned the attack."),
    ("Gazette", "2023-02-05", "A bomb killed nine people in a market in Kabul on Saturday, a spokesman of the police said."),
];

#[test]
fn yesterdays_query_has_yesterdays_answer() {
    let server = Server::start(&["--seeds", "none"]);
    let mut kept = Vec::new();
    let mut keep = |server: &Server| {
        let (revision, paths) = (revision(server), paths(server));
        kept.push((revision, answers(server, &paths, "")));
    };
    keep(&server);
    for (source, published, text) in DOCUMENTS {
        send(&server, source, published, text);
        keep(&server);
    }
    let changed = server.json("/v1/changes?entity=incident&action=changed&count=exact")["meta"]["total"].as_u64().unwrap();
    assert!(changed >= 3, "later reports changed incidents: {changed}");
    for (revision, was) in &kept {
        let paths: Vec<String> = was.keys().cloned().collect();
        let is = answers(&server, &paths, &revision.to_string());
        for (path, was) in was {
            assert_eq!(&is[path], was, "{path} as of revision {revision}");
        }
    }
    let (first, last) = (&kept[1], &kept[kept.len() - 1]);
    assert_ne!(
        first.1["/v1/incidents?limit=200&include=participants,reports,evidence"],
        last.1["/v1/incidents?limit=200&include=participants,reports,evidence"]
    );
    assert_ne!(first.1["/v1/stats/breakdown?by=actor"], last.1["/v1/stats/breakdown?by=actor"]);
}

#[test]
fn pages_of_the_past_hold_every_row_once() {
    let server = Server::start(&["--seeds", "none"]);
    for (source, published, text) in DOCUMENTS.iter().take(5) {
        send(&server, source, published, text);
    }
    let revision = revision(&server);
    for (source, published, text) in DOCUMENTS.iter().skip(5) {
        send(&server, source, published, text);
    }
    let all = server.json(&format!("/v1/incidents?as_of={revision}&limit=100"));
    let (mut rows, mut next) = (Vec::new(), Some(format!("/v1/incidents?as_of={revision}&limit=1")));
    while let Some(path) = next {
        let page = server.json(&path);
        assert_eq!(page["meta"]["interpreted"]["as_of"]["revision"], revision);
        rows.extend(page["data"].as_array().unwrap().clone());
        next = page["links"]["next"].as_str().and_then(|url| url.split_once("/v1")).map(|(_, path)| format!("/v1{path}"));
    }
    assert!(rows.len() > 2);
    assert_eq!(&Value::Array(rows), &all["data"]);
}

#[test]
fn times_that_are_not_kept_are_refused() {
    for (query, code, parameter) in [
        ("as_of=tomorrow", "invalid_parameter", "as_of"),
        ("as_of=2999-01-01", "invalid_parameter", "as_of"),
        ("as_of=2999-01-01T00:00:00Z", "invalid_parameter", "as_of"),
        ("as_of=1000000", "invalid_parameter", "as_of"),
        ("as_of=-1", "invalid_parameter", "as_of"),
        ("as_of=1&q=bomb", "conflicting_parameters", "q"),
    ] {
        for list in ["incidents", "stats/summary", "stats/map", "statements", "documents", "actors"] {
            let path = format!("/v1/{list}?{query}");
            let problem = shared().refused(&path, code);
            assert_eq!(problem["errors"][0]["parameter"], parameter, "{path}: {problem}");
        }
    }
    shared().refused("/v1/search?q=bomb&as_of=1", "unknown_parameter");
    let none = shared().json("/v1/incidents?as_of=2001-01-01");
    assert_eq!((&none["data"], none["meta"]["total"].as_u64()), (&json!([]), Some(0)), "before the base there was nothing");
    let id = shared().json("/v1/incidents?limit=1")["data"][0]["id"].as_str().unwrap().to_owned();
    let problem = shared().refused(&format!("/v1/incidents/{id}?as_of=1"), "not_found");
    assert!(problem["detail"].as_str().unwrap().contains("revision 1"), "{problem}");
    let now = shared().json(&format!("/v1/incidents/{id}"));
    let today = jiff::Timestamp::now().to_string();
    assert_eq!(shared().json(&format!("/v1/incidents/{id}?as_of={}", &today[..10])), now, "a day is taken at its end");
    assert_eq!(shared().json(&format!("/v1/incidents/{id}?as_of={today}")), now);
}
