//! Reading stored texts anew: with a changed lexicon, with what curators decided, by command and as a job.

use super::base::{Base, lexicon, now};
use super::support::Server;
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;
use waqia::curate::{self, Desk, Seen};
use waqia::ingest::check::check;
use waqia::ingest::reextract::{RenewalSettings, run, version};
use waqia::ingest::{Format, Settings, documents, read};
use waqia::lexicon::Lexicon;
use waqia::lexicon::source::Source;
use waqia::model::Count;
use waqia::model::correction::Change;
use waqia::model::renewal::{DocumentChange, RenewalSummary};
use waqia::store::filter::{IncidentFilter, Page};
use waqia::store::{ReviewFilter, Store, StoreOptions};

const TEXTS: [&str; 3] = [
    "A suicide bombing at a mosque in Peshawar killed 12 worshippers on Monday, police said. \"We are looking for those behind it,\" a police officer said.",
    "Gunmen shot dead two teachers in Quetta on Sunday, officials said.",
    "The weather in Lahore was fine.",
];

/// The lexicon with words of one file replaced.
fn with(file: &str, old: &str, new: &str) -> Arc<Lexicon> {
    let mut source = Source::embedded();
    let text = source.get(file).unwrap();
    assert!(text.contains(old), "{file} has no {old}");
    let text = text.replace(old, new);
    source.insert(file.to_owned(), text);
    Arc::new(Lexicon::load(&source).unwrap())
}

/// Who is shot dead was aimed at.
fn otherwise() -> Arc<Lexicon> {
    with("triggers/killings.toml", "type = \"attack.armed_assault\"", "type = \"attack.targeted_killing\"")
}

/// Hardly any trigger.
fn nearly_empty() -> Arc<Lexicon> {
    let mut source = Source::embedded();
    let last: Vec<(String, String)> =
        source.under("triggers/", ".toml").map(|(path, text)| (path.to_owned(), text[text.rfind("[[trigger]]").unwrap()..].to_owned())).collect();
    last.into_iter().for_each(|(path, text)| source.insert(path, text));
    Arc::new(Lexicon::load(&source).unwrap())
}

async fn filled() -> Base {
    let base = Base::with_actors().await;
    let lines: String = TEXTS.iter().map(|text| format!("{}\n", json!({"text": text, "published": "2024-05-07"}))).collect();
    let articles = read::articles(lines.as_bytes(), Format::NdJson, "x");
    documents(&base.store, lexicon(), articles, &Settings::new(now(), "test"), |_| {}).await.unwrap();
    base
}

fn settings(dry_run: bool) -> RenewalSettings {
    RenewalSettings { now: now(), who: "test".to_owned(), models: true, since_engine: None, dry_run, job: None, position: 0 }
}

async fn renew(store: &Store, lexicon: Arc<Lexicon>, settings: &RenewalSettings) -> (RenewalSummary, Vec<DocumentChange>) {
    let mut all = Vec::new();
    let summary = run(store, lexicon, settings, RenewalSummary::default(), async |_, changes| {
        all.extend_from_slice(changes);
        Ok(ControlFlow::Continue(()))
    });
    (summary.await.unwrap(), all)
}

/// Id and type of every incident.
async fn incidents(store: &Store) -> BTreeMap<String, String> {
    let filter = IncidentFilter { ..IncidentFilter::default() };
    let rows = store.incidents(&filter, &Page { limit: 100, ..Page::default() }).await.unwrap().rows;
    rows.into_iter().map(|row| (row.id, row.kind)).collect()
}

async fn n(base: &Base, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&base.raw).await.unwrap()
}

async fn holds(base: &Base) {
    // With a connection of its own: one that looked before may remember an index of words that has been written anew since.
    let mut fresh = SqliteConnectOptions::new().filename(base.store.path()).connect().await.unwrap();
    let pages: Vec<String> = sqlx::query_scalar("pragma integrity_check").fetch_all(&mut fresh).await.unwrap();
    assert_eq!(pages, ["ok"]);
    fresh.close().await.unwrap();
    let faults: Vec<_> = check(base.store.path(), |_| {}).await.unwrap().into_iter().filter(|answer| answer.faults.n > 0).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[tokio::test]
async fn ids_stay_and_earlier_extractions_are_kept() {
    let base = filled().await;
    let before = incidents(&base.store).await;
    assert_eq!(before.values().collect::<Vec<_>>().len(), 2, "{before:?}");
    let shooting = before.iter().find(|(_, kind)| *kind == "attack.armed_assault").map(|(id, _)| id.clone()).unwrap();
    let rounds = [(otherwise(), "attack.targeted_killing"), (lexicon(), "attack.armed_assault"), (otherwise(), "attack.targeted_killing")];
    for (round, (lexicon, kind)) in rounds.into_iter().enumerate() {
        let (summary, changes) = renew(&base.store, lexicon.clone(), &settings(false)).await;
        assert_eq!((summary.n_documents, summary.n_changed), (3, 1), "{changes:#?}");
        assert_eq!((summary.incidents.changed, summary.incidents.added, summary.incidents.removed), (1, 0, 0));
        assert!(changes[0].incidents[0].fields.contains(&"type".to_owned()) && summary.fields["type"] == 1, "{changes:#?}");
        let after = incidents(&base.store).await;
        assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>(), "no id is another");
        assert_eq!(after[&shooting], kind);
        assert_eq!(n(&base, "select count(*) from extraction").await, 4 + round as i64);
        let (again, _) = renew(&base.store, lexicon, &settings(false)).await;
        assert_eq!(again.n_changed, 0, "what is read twice says the same");
        holds(&base).await;
    }
    let history = base.store.history("incident", &shooting).await.unwrap();
    let told: Vec<(&str, &str)> = history.iter().map(|entry| (entry.action.as_str(), entry.why.as_str())).collect();
    assert_eq!(told[1..], [("changed", "read anew"); 3]);
    assert_eq!(
        n(&base, "select count(*) from (select uid from revision where entity = 'statement' and action = 'created' group by uid having count(*) > 1)").await,
        0
    );
}

#[tokio::test]
async fn a_dry_run_tells_and_changes_nothing() {
    let base = filled().await;
    let (revision, before) = (base.store.revision().await.unwrap(), incidents(&base.store).await);
    let (told, would) = renew(&base.store, otherwise(), &settings(true)).await;
    assert_eq!((base.store.revision().await.unwrap(), incidents(&base.store).await), (revision, before));
    assert_eq!(n(&base, "select count(*) from extraction").await, 3);
    let (done, did) = renew(&base.store, otherwise(), &settings(false)).await;
    assert_eq!((RenewalSummary { dry_run: false, ..told }, would), (done, did));
}

/// Corrects an incident as a curator would; gives the number of the correction.
async fn correct(base: &Base, incident: &str, changes: &[Change]) -> i64 {
    let revision = base.store.incident(incident).await.unwrap().unwrap().row.revision;
    let desk = Desk { store: &base.store, lexicon: &lexicon(), now: now(), who: "test", reason: "test" };
    curate::edit(&desk, &Seen { uid: incident, revision }, changes).await.unwrap()
}

#[tokio::test]
async fn corrections_survive_three_readings_with_another_lexicon() {
    let base = filled().await;
    let shooting = incidents(&base.store).await.into_iter().find(|(_, kind)| *kind == "attack.armed_assault").unwrap().0;
    let number = correct(&base, &shooting, &[Change::Type("abduction.kidnapping".to_owned()), Change::Killed(Some(Count::exact(3)))]).await;
    for lexicon in [otherwise(), lexicon(), otherwise()] {
        renew(&base.store, lexicon, &settings(false)).await;
        let row = base.store.incident(&shooting).await.unwrap().unwrap().row;
        assert_eq!((row.kind.as_str(), row.killed), ("abduction.kidnapping", Some(Count::exact(3))));
        holds(&base).await;
    }
    let reviews = base.store.reviews(&ReviewFilter::default(), &Page { limit: 10, ..Page::default() }).await.unwrap().rows;
    let said: Vec<&str> = reviews.iter().filter(|r| r.field == "type").filter_map(|r| r.said.as_str()).collect();
    assert_eq!(said, ["attack.targeted_killing"], "what is read otherwise than when it was corrected is to be looked at");
    let desk = Desk { store: &base.store, lexicon: &lexicon(), now: now(), who: "test", reason: "test" };
    curate::undo(&desk, number).await.unwrap();
    assert_eq!(incidents(&base.store).await[&shooting], "attack.targeted_killing");
    holds(&base).await;
}

#[tokio::test]
async fn what_is_told_no_more_goes_unless_a_curator_spoke() {
    let (base, curated) = (filled().await, filled().await);
    let find = async |base: &Base| incidents(&base.store).await.into_iter().find(|(_, kind)| kind.starts_with("explosion.")).unwrap().0;
    let bombing = find(&base).await;
    correct(&curated, &bombing, &[Change::Status("confirmed".to_owned())]).await;
    for (base, stays) in [(&base, false), (&curated, true)] {
        let (summary, changes) = renew(&base.store, nearly_empty(), &settings(false)).await;
        let expect = if stays { (1, 1) } else { (2, 0) };
        assert_eq!((summary.incidents.removed, summary.n_kept), expect, "{changes:#?}");
        assert_eq!(incidents(&base.store).await.contains_key(&bombing), stays);
        assert_eq!(base.store.tombstone(&bombing).await.unwrap().is_none(), stays);
        holds(base).await;
        // And back again.
        renew(&base.store, lexicon(), &settings(false)).await;
        assert_eq!(find(base).await, bombing, "it comes back under its id");
        holds(base).await;
    }
}

/// One of another class is another incident, and the old id says so.
#[tokio::test]
async fn an_id_that_goes_leads_on() {
    let base = filled().await;
    let before = incidents(&base.store).await;
    let lexicon = with("triggers/killings.toml", "type = \"attack.armed_assault\"", "type = \"explosion.bomb\"");
    let (summary, changes) = renew(&base.store, lexicon, &settings(false)).await;
    assert_eq!((summary.incidents.added, summary.incidents.removed), (1, 1), "{changes:#?}");
    let after = incidents(&base.store).await;
    let gone = before.keys().find(|id| !after.contains_key(*id)).unwrap();
    let new = after.keys().find(|id| !before.contains_key(*id)).unwrap();
    assert_eq!(base.store.tombstone(gone).await.unwrap().unwrap().successor.as_deref(), Some(new.as_str()));
    holds(&base).await;
}

#[tokio::test]
async fn engines_that_are_new_enough_are_left_out() {
    let base = filled().await;
    let since = |text: &str| RenewalSettings { since_engine: Some(version(text).unwrap()), ..settings(false) };
    assert_eq!(renew(&base.store, otherwise(), &since("0.0.1")).await.0.n_changed, 0);
    assert_eq!(renew(&base.store, otherwise(), &since("1000.0.0")).await.0.n_changed, 1);
    assert!(version("new").unwrap_err().contains("no version such as 0.1.0"));
}

/// Ended in the middle, it goes on behind what it has done.
#[tokio::test]
async fn a_run_can_be_ended_and_goes_on() {
    let base = filled().await;
    let first = run(&base.store, otherwise(), &settings(false), RenewalSummary::default(), async |_, _| Ok(ControlFlow::Break(()))).await.unwrap();
    assert_eq!(first.n_documents, 3, "a batch is whole");
    let rest =
        run(&base.store, otherwise(), &RenewalSettings { position: 1, ..settings(false) }, first, async |_, _| Ok(ControlFlow::Continue(()))).await.unwrap();
    assert_eq!((rest.n_documents, rest.n_changed), (5, 1));
}

#[test]
fn a_server_reads_anew_as_a_job() {
    let server = Server::start(&["--seeds", "none"]);
    for text in TEXTS {
        assert_eq!(server.post("/v1/documents", "application/json", json!({"text": text, "published": "2024-05-07"}).to_string()).status, 201);
    }
    for (body, pointer) in [(json!({"kind": "ingest"}), "/kind"), (json!({"kind": "reextract", "since_engine": "new"}), "/since_engine")] {
        let problem = server.post("/v1/jobs", "application/json", body.to_string()).problem();
        assert_eq!((problem["code"].as_str(), problem["errors"][0]["pointer"].as_str()), (Some("invalid_body"), Some(pointer)));
    }
    let answer = server.post("/v1/jobs", "application/json", json!({"kind": "reextract", "dry_run": true}).to_string());
    assert_eq!(answer.status, 202, "{}", answer.text());
    let url = answer.header("location").unwrap().to_owned();
    for _ in 0..600 {
        let job = server.json(&url);
        if job["state"] == "done" {
            assert_eq!((job["n_total"].as_u64(), job["n_done"].as_u64(), job["n_existing"].as_u64()), (Some(3), Some(3), Some(3)));
            assert_eq!((job["result"]["n_documents"].as_u64(), job["result"]["n_changed"].as_u64()), (Some(3), Some(0)));
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{}", server.json(&url));
}

/// Corrections of an incident and of a statement, and a confirmation, through three lexicons.
#[test]
fn curation_survives_three_readings() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("b.db");
    let flags = ["--seeds", "none", "--database", base.to_str().unwrap()];
    let mut server = Server::start(&flags);
    for text in TEXTS {
        assert_eq!(server.post("/v1/documents", "application/json", json!({"text": text, "published": "2024-05-07"}).to_string()).status, 201);
    }
    let find = |server: &Server, list: &str, words: &str| -> String {
        let rows = server.json(list)["data"].as_array().unwrap().clone();
        let found = rows.iter().find(|row| row.to_string().contains(words)).unwrap_or_else(|| panic!("{rows:#?}"));
        format!("{list}/{}", found["id"].as_str().unwrap())
    };
    let shooting = find(&server, "/v1/incidents", "armed_assault");
    let bombing = find(&server, "/v1/incidents", "suicide_bombing");
    let statement = find(&server, "/v1/statements", "Quetta");
    for (method, path, on, body) in [
        ("PATCH", shooting.clone(), &shooting, json!({"killed": 5, "site": "a school", "reason": "the ministry's list"})),
        ("PATCH", statement.clone(), &statement, json!({"kind": "threat", "reason": "misread"})),
        ("POST", format!("{bombing}/confirm"), &bombing, json!({"reason": "seen"})),
    ] {
        let tag = server.get(on).header("etag").unwrap().to_owned();
        let answer = server.send(method, &path, &[("if-match", &tag), ("content-type", "application/json")], body.to_string().as_bytes());
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    }
    server.stop();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    for (lexicon, kind) in [(otherwise(), "attack.targeted_killing"), (lexicon(), "attack.armed_assault"), (otherwise(), "attack.targeted_killing")] {
        let faults = runtime.block_on(async {
            let store = Store::open(&base, StoreOptions::default()).await.unwrap();
            let (summary, _) = renew(&store, lexicon, &settings(false)).await;
            assert_eq!(summary.n_changed, 1);
            store.close().await;
            check(&base, |_| {}).await.unwrap().into_iter().filter(|answer| answer.faults.n > 0).collect::<Vec<_>>()
        });
        assert!(faults.is_empty(), "{faults:#?}");
        let mut server = Server::start(&flags);
        let now = server.json(&shooting);
        assert_eq!((now["type"].as_str(), now["killed"]["best"].as_u64(), now["place"]["site"].as_str()), (Some(kind), Some(5), Some("a school")), "{now}");
        assert_eq!(server.json(&statement)["kind"], "threat");
        assert_eq!(server.json(&bombing)["status"], "confirmed");
        server.stop();
    }
}
