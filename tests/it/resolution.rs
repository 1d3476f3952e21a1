//! Actors that the lexicon does not know, over several documents: from text to the API.

use super::base::{Base, lexicon, now};
use super::support::Server;
use serde_json::Value;
use waqia::ingest::{Format, Outcome, Settings, documents, read};
use waqia::model::actor::StoredActor;
use waqia::store::filter::{ActorFilter, Page};
use waqia::store::{Store, StoreOptions};

/// Stores plain texts one after the other; gives the ids of their documents.
async fn ingest(store: &Store, texts: &[&str]) -> Vec<String> {
    let mut ids = Vec::new();
    for text in texts {
        let articles = read::articles(text.as_bytes(), Format::Plain, "test");
        let done = documents(store, lexicon(), articles, &Settings::new(now(), "test"), |_| {}).await.unwrap();
        let Outcome::Stored { document, .. } = done[0].outcome.clone() else { panic!("{done:?}") };
        ids.push(document);
    }
    ids
}

/// Actors that documents brought and whose name has this word.
async fn brought(store: &Store, word: &str) -> Vec<StoredActor> {
    let filter = ActorFilter { known: Some(false), q: Some(word.to_owned()), ..ActorFilter::default() };
    let rows = store.actors(&filter, &Page { limit: 100, ..Page::default() }).await.unwrap().rows;
    let mut all = Vec::new();
    for row in rows {
        all.push(store.actor(&row.id).await.unwrap().unwrap());
    }
    all.sort_by(|a, b| a.row.id.cmp(&b.row.id));
    all
}

const FIRST: &str = "PESHAWAR, March 3, 2014 – Provincial minister Akram Jan Durkhani condemned the bombing in Bannu on Sunday. \
    Durkhani said that Lashkar-e-Khubaib had killed five policemen in Bannu.";
const SECOND: &str = "PESHAWAR, May 7, 2014 – Lashkar-i-Khubaib killed three soldiers in Bannu on Tuesday, police said. \
    Provincial minister Akram Jaan Durkhani said that the militants would be punished.";

#[tokio::test]
async fn other_spellings_in_later_documents_are_the_same_actor() {
    let base = Base::with_actors().await;
    let documents = ingest(&base.store, &[FIRST, SECOND]).await;
    for (word, names) in [("Durkhani", ["Akram Jan Durkhani", "Akram Jaan Durkhani"]), ("Khubaib", ["Lashkar-e-Khubaib", "Lashkar-i-Khubaib"])] {
        let found = brought(&base.store, word).await;
        assert_eq!(found.len(), 1, "{found:#?}");
        let actor = &found[0];
        assert_eq!((actor.row.name.as_str(), actor.row.n_documents), (names[0], 2));
        let verdicts: Vec<_> = actor.decisions.iter().map(|d| (d.document.as_str(), d.name.as_str(), d.verdict.as_str(), d.rule.as_str())).collect();
        assert_eq!(verdicts, [(documents[1].as_str(), names[1], "same", "resolve.score"), (documents[0].as_str(), names[0], "new", "resolve.no_candidate")]);
        let best = &actor.decisions[0].candidates[0];
        assert_eq!(best.id, actor.row.id);
        assert!((best.features.iter().map(|(_, value)| value).sum::<f64>() - best.score).abs() < 1e-9, "{best:?}");
    }
    let minister = &brought(&base.store, "Durkhani").await[0];
    assert!(minister.names.iter().any(|n| n.name == "Akram Jaan Durkhani" && n.kind == "mention"), "{:?}", minister.names);
    base.check_integrity().await;
}

#[tokio::test]
async fn one_last_name_in_two_countries_is_two_people() {
    let base = Base::with_actors().await;
    let texts = [
        "BOGOTA, March 3, 1989 – Colonel Tarsini said on Friday that rebels had killed five policemen in Medellin.",
        "QUETTA, May 7, 2014 – Colonel Tarsini said on Wednesday that gunmen had killed three soldiers in Quetta.",
    ];
    ingest(&base.store, &texts).await;
    let found = brought(&base.store, "Tarsini").await;
    assert_eq!(found.len(), 2, "{found:#?}");
    let second = found.iter().flat_map(|a| &a.decisions).find(|d| !d.candidates.is_empty()).unwrap();
    assert_eq!((second.verdict.as_str(), second.rule.as_str()), ("new", "resolve.too_unlike"));
    base.check_integrity().await;
}

#[tokio::test]
async fn the_same_documents_give_the_same_actors() {
    let (one, other) = (Base::with_actors().await, Base::with_actors().await);
    ingest(&one.store, &[FIRST, SECOND]).await;
    let articles: Vec<_> = [FIRST, SECOND].iter().flat_map(|text| read::articles(text.as_bytes(), Format::Plain, "test")).collect();
    documents(&other.store, lexicon(), articles, &Settings::new(now(), "test"), |_| {}).await.unwrap();
    let ids = |actors: Vec<StoredActor>| actors.into_iter().map(|a| (a.row.id, a.row.name, a.decisions)).collect::<Vec<_>>();
    assert_eq!(ids(brought(&one.store, "Durkhani").await), ids(brought(&other.store, "Durkhani").await), "one batch or two");
}

#[tokio::test]
async fn a_deleted_document_takes_its_decisions_along() {
    let base = Base::with_actors().await;
    let documents = ingest(&base.store, &[FIRST, SECOND]).await;
    waqia::ingest::delete(&base.store, &documents[1], "test", &lexicon(), now(), "test").await.unwrap().unwrap();
    let minister = &brought(&base.store, "Durkhani").await[0];
    assert_eq!(minister.decisions.len(), 1);
    base.check_integrity().await;
}

#[tokio::test]
async fn a_base_from_before_gets_its_keys() {
    let base = Base::with_actors().await;
    ingest(&base.store, &[FIRST]).await;
    let keys = || sqlx::query_as::<_, (String, i64)>("select key, actor_id from actor_key order by 1, 2").fetch_all(&base.raw);
    let before = keys().await.unwrap();
    assert!(before.len() > 1000);
    sqlx::query("delete from actor_key").execute(&base.raw).await.unwrap();
    sqlx::query("update base set has_actor_keys = 0").execute(&base.raw).await.unwrap();
    let again = Store::open(base.folder.path().join("waqia.db"), StoreOptions { n_readers: 1, ..StoreOptions::default() }).await.unwrap();
    again.close().await;
    assert_eq!(keys().await.unwrap(), before);
}

#[test]
fn the_api_tells_whom_a_text_means_and_why() {
    let server = Server::start(&[]);
    for text in [FIRST, SECOND] {
        let answer = server.post("/v1/documents", "text/plain", text);
        assert!(answer.status < 300, "{}", answer.text());
    }
    let third = "BANNU, June 2, 2014 – Provincial minister Akram Jan Durkhani visited Bannu on Monday, where gunmen had killed a policeman.";
    let plain = server.post("/v1/extract", "text/plain", third).json();
    let id = |record: &Value| record["actors"].as_array().unwrap().iter().find(|a| a["name"] == "Akram Jan Durkhani").unwrap()["actor"].clone();
    assert_eq!(id(&plain), Value::Null, "a record depends on nothing but its text");
    let resolved = server.post("/v1/extract?resolve=true", "text/plain", third).json();
    let minister = id(&resolved).as_str().expect("an id of the base").to_owned();
    let note = resolved["notes"].as_array().unwrap().iter().find(|n| n["code"] == "actor.of_base").unwrap();
    assert!(note["text"].as_str().unwrap().contains(&minister), "{note}");
    let detail = server.json(&format!("/v1/actors/{minister}"));
    assert_eq!(detail["decisions"][0]["verdict"], "same");
    assert_eq!(detail["decisions"][0]["candidates"][0]["id"], minister.as_str());
    assert!(detail["decisions"][0]["candidates"][0]["features"]["name"].is_number());
    let open = server.json("/v1/actors?open=true");
    assert!(open["data"].as_array().unwrap().iter().all(|a| a["id"] != minister.as_str()));
    assert_eq!(server.refused("/v1/actors?open=maybe", "invalid_parameter")["errors"][0]["parameter"], "open");
}

#[tokio::test]
async fn who_may_be_one_of_two_stays_open() {
    let base = Base::with_actors().await;
    let texts = [
        "QUETTA, March 3, 2014 – Colonel Akram Durkhani said on Sunday that gunmen of Lashkar-e-Khubaib had killed three soldiers in Quetta.",
        "QUETTA, March 9, 2014 – Colonel Jamil Durkhani said on Saturday that gunmen of Lashkar-e-Khubaib had killed two soldiers in Quetta.",
        "QUETTA, April 2, 2014 – Colonel Durkhani said on Tuesday that gunmen of Lashkar-e-Khubaib had killed a soldier in Quetta.",
        "QUETTA, April 5, 2014 – Colonel Durkhani said on Friday that gunmen of Lashkar-e-Khubaib had killed four soldiers in Quetta.",
    ];
    let documents = ingest(&base.store, &texts).await;
    let open = base.store.actors(&ActorFilter { open: Some(true), ..ActorFilter::default() }, &Page { limit: 10, ..Page::default() }).await.unwrap().rows;
    assert_eq!(open.len(), 2, "each document has its own: {open:#?}");
    for row in &open {
        let decision = &base.store.actor(&row.id).await.unwrap().unwrap().decisions[0];
        assert!(documents[2..].contains(&decision.document));
        assert_eq!((decision.verdict.as_str(), decision.rule.as_str()), ("open", "resolve.close"));
        let mut names: Vec<&str> = decision.candidates.iter().map(|c| c.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["Akram Durkhani", "Jamil Durkhani"], "an open one is no candidate of the next");
    }
}
