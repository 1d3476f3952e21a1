//! Names that are withheld: shown nowhere, found by no search, also of documents that come later; and shown again when that is lifted.

use super::base::{Base, lexicon, now};
use crate::support::Server;
use serde_json::{Value, json};
use waqia::ingest::check::check;
use waqia::ingest::{self, Format, Settings, read};
use waqia::model::mask::LABEL;
use waqia::store::{SearchQuery, Store};

const NAME: &str = "Noor Testwali";
const TEXTS: [&str; 3] = [
    "QUETTA, May 3, 2024 – Gunmen shot dead Noor Testwali, a trader, and his guard in Quetta on Friday, police said. Testwali's brother was unhurt.",
    "QUETTA, May 2, 2024 – \"We will not close our shops,\" Noor Testwali, a leader of traders, told reporters in Quetta on Thursday. Testwali said that \
     two traders had been abducted in Quetta on 1 May 2024.",
    "QUETTA, May 9, 2024 – The family of Noor Testwali, who was shot dead by gunmen in Quetta on 3 May 2024, asked for justice, police said.",
];

fn send(server: &Server, text: &str) -> String {
    let answer = server.post("/v1/documents", "text/plain", text);
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["document"].as_str().unwrap().to_owned()
}

/// Everything that can be read of a small base.
fn all(server: &Server) -> Vec<(String, String)> {
    let mut paths: Vec<String> = [
        "/v1/incidents?include=participants,reports,evidence",
        "/v1/incidents?format=csv",
        "/v1/incidents?format=ndjson",
        "/v1/incidents?format=geojson",
        "/v1/statements",
        "/v1/documents",
        "/v1/actors?mentioned=true",
        "/v1/stats/breakdown?by=actor",
        "/v1/changes?limit=1000&entity=incident,statement,document",
        "/v1/search?q=Quetta",
        "/v1/search?q=traders&sort=relevance",
        "/v1/incidents?actor=Noor+Tesstwali",
    ]
    .map(str::to_owned)
    .to_vec();
    for (list, parts) in [
        ("incidents", &["", "/evidence", "/history"][..]),
        ("statements", &["", "/history"]),
        ("documents", &["", "/text", "/annotations", "/history"]),
        ("actors", &["", "/history", "/incidents", "/statements", "/network"]),
    ] {
        for row in server.json(&format!("/v1/{list}?limit=1000{}", if list == "actors" { "&mentioned=true" } else { "" }))["data"].as_array().unwrap() {
            paths.extend(parts.iter().map(|part| format!("/v1/{list}/{}{part}", row["id"].as_str().unwrap())));
        }
    }
    paths.into_iter().map(|path| (path.clone(), server.get(&path).text())).collect()
}

fn naming(server: &Server) -> Vec<String> {
    let speaks = |text: &str| text.to_lowercase().contains("testwali");
    all(server).into_iter().filter(|(_, text)| speaks(text)).map(|(path, _)| path).collect()
}

fn hits(server: &Server, q: &str) -> u64 {
    server.json(&format!("/v1/search?q={q}"))["meta"]["total"].as_u64().unwrap()
}

#[test]
fn a_name_that_is_withheld_is_shown_nowhere() {
    let server = Server::start(&["--seeds", "none"]);
    let first = send(&server, TEXTS[0]);
    send(&server, TEXTS[1]);
    let actor = server.json("/v1/actors?q=Testwali")["data"][0].clone();
    assert_eq!((actor["name"].as_str(), actor["withheld"].as_bool()), (Some(NAME), Some(false)));
    let path = format!("/v1/actors/{}", actor["id"].as_str().unwrap());
    let shown = naming(&server);
    assert!(shown.len() > 15 && hits(&server, "Testwali") > 3, "{shown:?}");
    let set = |method: &str, query: &str| server.send(method, &format!("{path}/withhold{query}"), &[], b"");
    assert_eq!(set("POST", "").problem()["errors"][0]["parameter"], "reason");
    let done = set("POST", "?reason=asked+for+by+the+family");
    assert_eq!((done.status, &done.json()["withheld"], &done.json()["changed"]), (200, &json!(true), &json!(true)), "{}", done.text());
    assert_eq!(set("POST", "?reason=again").json()["changed"], false);
    assert_eq!(naming(&server), Vec::<String>::new());
    assert_eq!((hits(&server, "Testwali"), hits(&server, "%22Noor%20Testwali%22")), (0, 0));
    let detail = server.json(&path);
    assert_eq!((detail["name"].as_str(), detail["withheld"].as_bool()), (Some(LABEL), Some(true)));
    assert_eq!(detail["names"].as_array().unwrap().len(), 1);
    let text = server.get(&format!("/v1/documents/{first}/text")).text();
    assert_eq!(text.chars().count(), TEXTS[0].chars().count(), "offsets stay right");
    assert!(text.contains("Gunmen shot dead ████ ████████, a trader") && text.contains("████████'s brother"), "{text}");
    server.refused("/v1/incidents?actor=Noor+Testwali", "invalid_parameter");
    assert!(server.json(&format!("/v1/incidents?actor={}", actor["id"].as_str().unwrap()))["data"].as_array().is_some_and(|rows| !rows.is_empty()));
    assert!(server.post("/v1/extract", "text/plain", TEXTS[0]).text().contains(NAME), "a text that is not kept is not concerned");
    // A document that comes later is treated the same.
    send(&server, TEXTS[2]);
    assert_eq!(naming(&server), Vec::<String>::new());
    assert_eq!(hits(&server, "Testwali"), 0);
    let lifted = set("DELETE", "?reason=a+mistake");
    assert_eq!((lifted.status, &lifted.json()["withheld"]), (200, &json!(false)));
    assert!(naming(&server).len() > shown.len() && hits(&server, "Testwali") > 4);
    let history = server.json(&format!("{path}/history"));
    let why: Vec<&Value> = history["data"].as_array().unwrap().iter().map(|change| &change["why"]).collect();
    assert_eq!(why[why.len() - 2..], [&json!("asked for by the family"), &json!("a mistake")]);
    assert_eq!(server.send("POST", "/v1/actors/none/withhold?reason=x", &[], b"").status, 404);
}

async fn ingest(store: &Store, text: &str) {
    let article = read::articles(text.as_bytes(), Format::Plain, "one").remove(0);
    ingest::documents(store, lexicon(), [article], &Settings::new(now(), "test"), |_| {}).await.unwrap();
}

async fn faults(store: &Store) -> Vec<(&'static str, Vec<String>)> {
    check(store.path(), |_| {}).await.unwrap().into_iter().filter(|a| a.faults.n > 0).map(|a| (a.name, a.faults.examples)).collect()
}

#[tokio::test]
async fn a_base_with_withheld_names_has_no_faults() {
    let base = Base::with_actors().await;
    ingest(&base.store, TEXTS[0]).await;
    let actor = base.store.resolve_actor(NAME).await.unwrap().remove(0);
    let n_hits = async || base.store.search(&SearchQuery { q: "Testwali".to_owned(), limit: 50, ..SearchQuery::default() }).await.unwrap().0.len();
    let before = n_hits().await;
    assert!(before > 0);
    assert_eq!(base.store.set_withheld(&actor.id, "asked for", true, now(), "admin").await.unwrap(), Some(true));
    assert_eq!((n_hits().await, base.store.resolve_actor(NAME).await.unwrap().len()), (0, 0));
    assert_eq!(faults(&base.store).await, []);
    ingest(&base.store, TEXTS[1]).await;
    assert_eq!(n_hits().await, 0);
    assert_eq!(faults(&base.store).await, []);
    base.check_integrity().await;
    assert_eq!(base.store.set_withheld(&actor.id, "a mistake", false, now(), "admin").await.unwrap(), Some(true));
    assert!(n_hits().await > before);
    assert_eq!(faults(&base.store).await, []);
    assert_eq!(base.store.set_withheld("act_none", "x", true, now(), "admin").await.unwrap(), None);
}
