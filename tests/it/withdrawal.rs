//! Withdrawing documents: nothing of their words is left anywhere, what they told stays or goes, and that they were there stays known.

use super::base::{Base, lexicon, now};
use crate::support::Server;
use serde_json::{Value, json};
use std::fs;
use waqia::ingest::check::check;
use waqia::ingest::{self, Outcome, Settings};
use waqia::model::document::Article;
use waqia::store::filter::{DocumentFilter, IncidentFilter, Page, StatementFilter};
use waqia::store::{Facts, SearchQuery, Store};

/// A word that stands in one text only: in its headline, in names of a person, a group and a place.
const RARE: &str = "Xyloquandar";
/// And one that stands in its prose, in what is said, in how victims are described.
const PROSE: &str = "zyxomarquent";

fn texts() -> [(&'static str, String); 3] {
    [
        ("Wire", "A suicide bomber killed at least 32 people in a mosque in Peshawar on 30 January 2023, police said.".to_owned()),
        (
            "Paper",
            format!(
                "Commander {RARE} Khan of the {RARE} Front claimed the {PROSE} suicide bombing of 30 January 2023 in the {RARE} mosque in Peshawar, which \
                 killed 59 people and injured 150 {PROSE} worshippers. \"We struck {PROSE} targets,\" {RARE} Khan told {PROSE} reporters. Attacks in {RARE} \
                 province rose by 40 percent last year, he said. The {RARE} Front is led by {RARE} Khan. On 3 February 2023 gunmen shot dead two \
                 {PROSE} traders in Quetta."
            ),
        ),
        (
            "Herald",
            "The suicide bombing of 30 January 2023 in a mosque in Peshawar killed 84 people and injured more than 200, a hospital official said.".to_owned(),
        ),
    ]
}

async fn ingest(store: &Store, texts: &[(&str, String)], restore: bool) -> Vec<Outcome> {
    let articles = texts.iter().map(|(source, text)| {
        Ok(Article {
            title: Some(format!("About {}", text.split(' ').nth(1).unwrap())),
            source: Some((*source).to_owned()),
            url: Some(format!("https://example.org/{}", text.split(' ').nth(1).unwrap())),
            published: Some("2023-02-04".parse().unwrap()),
            media_type: "text/plain".to_owned(),
            text: text.clone(),
            ..Article::default()
        })
    });
    let settings = Settings { restore, batch: 1, ..Settings::new(now(), "test") };
    let done = ingest::documents(store, lexicon(), articles, &settings, |_| {}).await.unwrap();
    done.into_iter().map(|one| one.outcome).collect()
}

fn document(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Stored { document, .. } => document,
        other => panic!("{other:?}"),
    }
}

/// Where the word stands in the files of the base.
fn places_of(store: &Store, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for suffix in ["", "-wal", "-shm"] {
        let path = format!("{}{suffix}", store.path().display());
        let bytes = fs::read(&path).unwrap_or_default();
        for form in [word.to_owned(), word.to_lowercase()] {
            let n = bytes.windows(form.len()).filter(|w| *w == form.as_bytes()).count();
            if n > 0 {
                found.push(format!("{n} × {form} in base{suffix}"));
            }
        }
    }
    found
}

async fn faults(store: &Store) -> Vec<(&'static str, Vec<String>)> {
    check(store.path(), |_| {}).await.unwrap().into_iter().filter(|a| a.faults.n > 0).map(|a| (a.name, a.faults.examples)).collect()
}

fn page() -> Page {
    Page { limit: 100, ..Page::default() }
}

async fn withdrawn(facts: Facts) -> (Base, Vec<Outcome>) {
    let base = Base::with_actors().await;
    let outcomes = ingest(&base.store, &texts(), false).await;
    assert!(!places_of(&base.store, RARE).is_empty() && !places_of(&base.store, PROSE).is_empty());
    // The test's own connection would keep the log from being emptied.
    base.raw.close().await;
    let done = ingest::withdraw(&base.store, &lexicon(), document(&outcomes[1]), ("licence ended", facts), now(), "admin").await.unwrap().unwrap();
    assert!(done.purged, "{done:?}");
    assert_eq!(places_of(&base.store, PROSE), Vec::<String>::new(), "{facts:?}");
    // Names are facts: they stay or go with them.
    assert_eq!(places_of(&base.store, RARE).is_empty(), facts == Facts::Drop, "{:?}", places_of(&base.store, RARE));
    assert_eq!(faults(&base.store).await, [], "{facts:?}");
    (base, outcomes)
}

#[tokio::test]
async fn facts_that_stay_say_that_their_words_are_gone() {
    let (base, outcomes) = withdrawn(Facts::Keep).await;
    let id = document(&outcomes[1]);
    assert!(base.store.document(id).await.unwrap().is_none() && base.store.document_text(id).await.unwrap().is_none());
    assert_eq!(base.store.documents(&DocumentFilter::default(), &page()).await.unwrap().rows.len(), 2);
    assert_eq!(base.store.tombstone(id).await.unwrap().unwrap().reason, "licence ended");
    let rows = base.store.incidents(&IncidentFilter::default(), &page()).await.unwrap().rows;
    let bombing = rows.iter().find(|row| row.kind.starts_with("explosion")).unwrap();
    let stored = base.store.incident(&bombing.id).await.unwrap().unwrap();
    let told: Vec<(bool, Option<u32>)> = stored.reports.iter().map(|r| (r.source.withdrawn, r.incident.killed.and_then(|c| c.figure()))).collect();
    assert!(told.contains(&(true, Some(59))) && told.contains(&(false, Some(84))), "{told:?}");
    assert!(rows.iter().all(|row| !row.summary.is_empty()));
    let query = SearchQuery { q: PROSE.to_owned(), limit: 10, ..SearchQuery::default() };
    assert!(base.store.search(&query).await.unwrap().0.is_empty());
    // What is there already is not withdrawn once more, but what it told can still go.
    let knowledge = lexicon();
    let again = |facts| ingest::withdraw(&base.store, &knowledge, id, ("error", facts), now(), "admin");
    assert_eq!(again(Facts::Keep).await.unwrap(), None);
    assert!(again(Facts::Drop).await.unwrap().is_some());
    assert!(again(Facts::Drop).await.unwrap().is_none());
    assert_eq!(faults(&base.store).await, []);
}

#[tokio::test]
async fn facts_that_go_leave_what_others_told() {
    let (base, outcomes) = withdrawn(Facts::Drop).await;
    let rows = base.store.incidents(&IncidentFilter::default(), &page()).await.unwrap().rows;
    assert_eq!(rows.len(), 1, "the shooting was told by nobody else: {rows:?}");
    assert_eq!((rows[0].n_reports, rows[0].killed.unwrap().low), (2, Some(32)));
    let statements = base.store.statements(&StatementFilter::default(), &page()).await.unwrap().rows;
    assert!(statements.iter().all(|s| s.document != document(&outcomes[1])));
    // The same text comes back only where it is asked for.
    let refused = ingest(&base.store, &texts()[1..2], false).await;
    assert!(matches!(&refused[0], Outcome::Failed { problem } if problem.contains("withdrawn") && problem.contains("licence ended")), "{refused:?}");
    let restored = ingest(&base.store, &texts()[1..2], true).await;
    assert_eq!(document(&restored[0]), document(&outcomes[1]));
    assert_eq!(base.store.documents(&DocumentFilter::default(), &page()).await.unwrap().rows.len(), 3);
    assert_eq!(faults(&base.store).await, []);
}

#[tokio::test]
async fn a_text_whose_facts_stayed_is_taken_in_anew() {
    let (base, outcomes) = withdrawn(Facts::Keep).await;
    assert!(matches!(ingest(&base.store, &texts()[1..2], false).await[0], Outcome::Failed { .. }));
    let restored = ingest(&base.store, &texts()[1..2], true).await;
    assert_eq!(document(&restored[0]), document(&outcomes[1]));
    assert!(base.store.document_text(document(&outcomes[1])).await.unwrap().unwrap().contains(RARE));
    let rows = base.store.incidents(&IncidentFilter::default(), &page()).await.unwrap().rows;
    assert_eq!(rows.iter().map(|row| row.n_reports).sum::<u32>(), 4);
    assert_eq!(faults(&base.store).await, []);
}

#[test]
fn the_route_asks_for_a_reason_and_for_what_becomes_of_the_facts() {
    let server = Server::start(&["--seeds", "none"]);
    let text = &texts()[1].1;
    let send = |query: &str| server.post(&format!("/v1/documents{query}"), "text/plain", text);
    let id = send("").json()["document"].as_str().unwrap().to_owned();
    let path = format!("/v1/documents/{id}");
    for (query, parameter) in [("", "reason"), ("?reason=licence", "facts"), ("?reason=licence&facts=some", "facts"), ("?facts=keep", "reason")] {
        let problem = server.send("DELETE", &format!("{path}{query}"), &[], b"").problem();
        assert_eq!((&problem["code"], &problem["errors"][0]["parameter"]), (&json!("invalid_parameter"), &json!(parameter)), "{query}");
    }
    let last = server.json("/v1/stats/summary")["revision"].as_i64().unwrap();
    let done = server.send("DELETE", &format!("{path}?reason=licence+ended&facts=keep"), &[], b"");
    assert_eq!(done.status, 200, "{}", done.text());
    let done = done.json();
    assert_eq!((&done["facts"], done["changed"].as_array().map(Vec::len), &done["purged"]), (&json!("keep"), Some(2), &json!(true)));
    for part in ["", "/text", "/annotations"] {
        let answer = server.get(&format!("{path}{part}"));
        assert_eq!(answer.status, 410, "{part}");
        assert!(answer.problem()["detail"].as_str().unwrap().contains("licence ended"));
    }
    let history = server.json(&format!("{path}/history"));
    assert_eq!((&history["data"][1]["action"], &history["data"][1]["why"]), (&json!("deleted"), &json!("licence ended")));
    for query in [String::new(), format!("?as_of={last}")] {
        let list = server.json(&format!("/v1/incidents{query}"));
        assert_eq!(list["data"].as_array().unwrap().len(), 2, "{query}");
        assert!(!list.to_string().contains(PROSE), "nor in what was");
    }
    let rows = server.json("/v1/incidents?include=reports")["data"].clone();
    assert!(rows.as_array().unwrap().iter().all(|row| row["reports"][0]["document"]["withdrawn"] == true && row["killed"]["best"].is_u64()), "{rows}");
    assert!(!server.json("/v1/changes?limit=1000&entity=incident").to_string().contains(PROSE));
    assert_eq!(server.send("DELETE", &format!("{path}?reason=x&facts=keep"), &[], b"").status, 410);
    let refused = send("");
    assert!(refused.status == 422 && refused.text().contains("licence ended"), "{}", refused.text());
    assert_eq!(send("?restore=true").status, 201);
    assert_eq!(server.get(&path).status, 200);
    server.refused("/v1/documents/doc_none", "not_found");
    assert_eq!(server.send("DELETE", "/v1/documents/doc_none?reason=x&facts=drop", &[], b"").status, 404);
    let _: Value = server.json("/v1/incidents");
}
