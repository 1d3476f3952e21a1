//! From texts to stored incidents, on real files.

use super::base::{Base, KABUL, PESHAWAR, Report, lexicon, now};
use serde_json::json;
use waqia::ingest::{Format, Ingested, Outcome, Progress, ReadError, Settings, documents, read, seed};
use waqia::model::document::Article;
use waqia::model::incident::IncidentRow;
use waqia::store::filter::{DocumentFilter, IncidentFilter, Page, StatementFilter, Total};
use waqia::store::{Facts, Store};

fn page() -> Page {
    Page { limit: 1000, ..Page::default() }
}

async fn rows(store: &Store) -> Vec<IncidentRow> {
    store.incidents(&IncidentFilter::default(), &page()).await.unwrap().rows
}

async fn ingest(store: &Store, articles: Vec<Result<Article, ReadError>>, batch: usize) -> Vec<Ingested> {
    let settings = Settings { batch, ..Settings::new(now(), "test") };
    documents(store, lexicon(), articles, &settings, |_| {}).await.unwrap()
}

fn plain(text: &str) -> Result<Article, ReadError> {
    read::articles(text.as_bytes(), Format::Plain, "test").remove(0)
}

#[tokio::test]
async fn an_empty_base_is_filled_once() {
    let base = Base::new().await;
    assert!(seed::lexicon(&base.store, &lexicon(), now()).await.unwrap());
    assert!(!seed::lexicon(&base.store, &lexicon(), now()).await.unwrap(), "the same lexicon is not stored twice");
    let settings = Settings::new(now(), "seeds");
    let first = seed::fill(&base.store, lexicon(), None, &settings).await.unwrap();
    assert!(first.len() >= 6);
    for one in &first {
        assert!(matches!(one.outcome, Outcome::Stored { .. }), "{one:?}");
    }
    assert_eq!(seed::fill(&base.store, lexicon(), None, &settings).await.unwrap(), []);
    let summary = base.store.summary(&IncidentFilter::default()).await.unwrap();
    assert_eq!(summary.n_documents as usize, first.len());
    base.check_integrity().await;
}

#[tokio::test]
async fn the_same_documents_give_the_same_base() {
    let (one, other) = (Base::new().await, Base::new().await);
    for (base, batch) in [(&one, 200), (&other, 1)] {
        let settings = Settings { batch, ..Settings::new(now(), "seeds") };
        seed::fill(&base.store, lexicon(), None, &settings).await.unwrap();
    }
    // The base's revision counts transactions, of which there are more with small batches.
    let strip = |rows: Vec<IncidentRow>| rows.into_iter().map(|r| IncidentRow { revision: 0, ..r }).collect::<Vec<_>>();
    let (a, b) = (strip(rows(&one.store).await), strip(rows(&other.store).await));
    assert!(a.len() > 20);
    assert_eq!(a, b);
}

#[tokio::test]
async fn a_text_is_stored_once() {
    let base = Base::new().await;
    let text = "KABUL, March 3, 2009 – A bomb killed five people in Kabul on Tuesday, police said. Nobody claimed the attack so far.";
    let first = ingest(&base.store, vec![plain(text), plain(text)], 10).await;
    let Outcome::Stored { document, .. } = first[0].outcome.clone() else { panic!("{first:?}") };
    let again = Outcome::Existing { document };
    assert_eq!(first[1].outcome, again);
    let revision = base.store.revision().await.unwrap();
    let second = ingest(&base.store, vec![plain(text)], 10).await;
    assert_eq!(second[0].outcome, again);
    assert_eq!(base.store.revision().await.unwrap(), revision, "nothing was written");
    assert_eq!(base.store.count_documents(&DocumentFilter::default(), None).await.unwrap(), Total::Exact(1));
    base.check_integrity().await;
}

#[tokio::test]
async fn what_cannot_be_read_costs_itself_only() {
    let base = Base::new().await;
    let lines =
        b"{\"id\":\"a\",\"text\":\"A bomb went off in Quetta.\"}\nbroken\n{\"id\":\"b\",\"text\":\"  \"}\n{\"id\":\"c\",\"text\":\"One man died.\\u0000\"}";
    let articles = read::articles(lines, Format::NdJson, "f.ndjson");
    let mut seen = Vec::new();
    let settings = Settings { batch: 3, ..Settings::new(now(), "test") };
    let done = documents(&base.store, lexicon(), articles, &settings, |p| seen.push(*p)).await.unwrap();
    let failed: Vec<_> =
        done.iter().filter_map(|d| if let Outcome::Failed { problem } = &d.outcome { Some((d.index, problem.as_str())) } else { None }).collect();
    assert_eq!(failed.len(), 2);
    assert!(failed[0].1.starts_with("f.ndjson, line 2: "), "{failed:?}");
    assert_eq!(failed[1], (2, "the text is empty"));
    assert_eq!(done[3].name.as_deref(), Some("c"));
    assert_eq!(seen, [Progress { n_done: 3, n_new: 1, n_existing: 0, n_failed: 2 }, Progress { n_done: 4, n_new: 2, n_existing: 0, n_failed: 2 }]);
    let documents = base.store.documents(&DocumentFilter::default(), &page()).await.unwrap().rows;
    assert!(documents.iter().any(|d| !d.notes.is_empty()), "what was mended is noted");
}

#[tokio::test]
async fn two_reports_of_one_incident_become_one() {
    let base = Base::with_actors().await;
    let first = Report::new("explosion.bomb", Some("2023-01-30"), Some(PESHAWAR)).from("Agency", "2023-01-30").killed(32);
    let later = Report::new("explosion.suicide_bombing", Some("2023-01-30"), Some(PESHAWAR)).from("Paper", "2023-02-01").killed(84).party(
        "claimant",
        "organisation",
        "Tehreek-i-Taliban Pakistan",
        Some("tehreek-i-taliban-pakistan"),
    );
    base.report(&first).await;
    let id = rows(&base.store).await[0].id.clone();
    base.report(&later).await;
    let found = rows(&base.store).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    let row = &found[0];
    assert_eq!((row.id.as_str(), row.kind.as_str(), row.n_reports, row.n_sources), (id.as_str(), "explosion.suicide_bombing", 2, 2));
    let killed = row.killed.unwrap();
    assert_eq!((killed.low, killed.best, killed.high), (Some(32), Some(84), Some(84)));
    assert_eq!(row.evidence_grade, "confirmed", "the perpetrator owns it");
    let detail = base.store.incident(&id).await.unwrap().unwrap();
    assert_eq!(detail.reports.iter().map(|r| r.incident.killed.unwrap().best.unwrap()).collect::<Vec<_>>(), [32, 84]);
    assert_eq!(
        detail.decisions.iter().map(|d| (d.verdict.as_str(), d.rule.as_str())).collect::<Vec<_>>(),
        [("new", "merge.no_candidate"), ("same", "merge.rules")]
    );
    assert!(detail.decisions[1].score > 0.0 && detail.decisions[1].features.iter().any(|(name, _)| name == "place"));
    let history = base.store.history("incident", &id).await.unwrap();
    assert_eq!(history.iter().map(|r| r.action.as_str()).collect::<Vec<_>>(), ["created", "changed"]);
    assert!(history[1].before.as_ref().unwrap().contains("explosion.bomb") && history[1].why.starts_with("reported by doc_"));
    base.check_integrity().await;
}

#[tokio::test]
async fn other_days_towns_and_classes_stay_apart() {
    let base = Base::new().await;
    let blast = |day| Report::new("explosion.bomb", Some(day), Some(PESHAWAR));
    base.report(&blast("2023-01-30")).await;
    base.report(&blast("2023-02-02").from("B", "2023-02-03")).await;
    base.report(&Report::new("explosion.bomb", Some("2023-01-30"), Some(KABUL)).from("C", "2023-02-03")).await;
    base.report(&Report::new("abduction.kidnapping", Some("2023-01-30"), Some(PESHAWAR)).from("D", "2023-02-03")).await;
    base.report(&blast("2023-01-30").from("E", "2023-02-03").with("certainty", json!("planned"))).await;
    let all = IncidentFilter { certainty: vec!["reported".into(), "planned".into()], ..IncidentFilter::default() };
    assert_eq!(base.store.count_incidents(&all, None).await.unwrap(), Total::Exact(5));
}

#[tokio::test]
async fn a_repeated_text_is_no_second_source() {
    let base = Base::new().await;
    let story = "Gunmen on motorcycles opened fire at a bus near the bazaar, killing seven labourers on their way home, officials said on Monday. \
                 The attackers fled towards the hills before troops arrived. No group has said that it was behind the shooting so far. \
                 Hospitals in the town asked for blood. Shops stayed shut for the rest of the day, and the road to the south was closed.";
    let report = |source, published| Report { source, published, ..Report::new("attack.armed_assault", Some("2023-01-30"), Some(PESHAWAR)) };
    let original = report("Agency", "2023-01-30").text(story);
    let copy = report("Paper", "2023-01-31").text(&format!("{story} (Agency)"));
    let own = report("Other", "2023-01-31").text("Seven workers were shot dead near the bazaar; their bus had stopped for fuel when two motorcycles came up.");
    let first = base.report(&original).await;
    let second = base.report(&copy).await;
    assert_eq!(base.store.document(&second).await.unwrap().unwrap().near_duplicate_of, Some(first));
    let row = rows(&base.store).await.remove(0);
    assert_eq!((row.n_reports, row.n_sources, row.evidence_grade.as_str()), (2, 1, "single_source"));
    base.report(&own).await;
    let row = rows(&base.store).await.remove(0);
    assert_eq!((row.n_reports, row.n_sources, row.evidence_grade.as_str()), (3, 2, "corroborated"));
}

#[tokio::test]
async fn a_deleted_document_takes_its_own_with_it() {
    let base = Base::with_actors().await;
    let shared = Report::new("explosion.bomb", Some("2023-01-30"), Some(PESHAWAR)).killed(32).party("victim", "person", "Arif Test Wali", None);
    let own = Report::new("abduction.kidnapping", Some("2022-05-05"), Some(KABUL)).from("Agency", "2022-05-06");
    let first = base.report(&shared).await;
    base.report(&shared.clone().from("Paper", "2023-02-01").killed(84)).await;
    let alone = base.report(&own).await;
    let mut writer = base.store.write(now(), "test").await.unwrap();
    assert_eq!(writer.withdraw_document("doc_none", "test", Facts::Drop).await.unwrap(), None);
    assert_eq!(writer.withdraw_document(&alone, "asked for", Facts::Drop).await.unwrap().unwrap().touched, Vec::<String>::new());
    writer.commit().await.unwrap();
    let left = rows(&base.store).await;
    assert_eq!(left.len(), 1);
    assert_eq!(base.store.tombstone(&alone).await.unwrap().unwrap().reason, "asked for");
    base.check_integrity().await;
    // An incident that another document reports as well stays, and is made anew of what is left.
    assert_eq!(ingest_delete(&base, &first).await, 1);
    let left = rows(&base.store).await;
    assert_eq!((left[0].n_reports, left[0].killed.unwrap().low), (1, Some(84)));
    base.check_integrity().await;
}

async fn ingest_delete(base: &Base, document: &str) -> usize {
    waqia::ingest::delete(&base.store, document, "test", &lexicon(), now(), "test").await.unwrap().unwrap()
}

#[tokio::test]
async fn claims_of_two_documents_compete_and_are_taken_back() {
    let base = Base::new().await;
    let blast = |day: &str, rest: &str| {
        plain(&format!("QUETTA, {day}, 2009 – A bomb killed six people at a vegetable market in Quetta on Monday, March 2, police said. {rest}"))
    };
    let statements = |kind: &str| StatementFilter { kind: vec![kind.to_owned()], ..StatementFilter::default() };
    let standings = async || {
        let rows = base.store.statements(&statements("claim"), &page()).await.unwrap().rows;
        let mut found: Vec<String> = rows
            .into_iter()
            .map(|s| format!("{} {} by {}", s.speaker.and_then(|s| s.name).unwrap_or_default(), s.standing.unwrap_or_default(), s.channel.unwrap_or_default()))
            .collect();
        found.sort();
        found
    };
    ingest(&base.store, vec![blast("March 3", "The Baloch Liberation Army claimed the bombing in a telephone call to a newspaper.")], 1).await;
    assert_eq!(standings().await, ["Baloch Liberation Army uncontested by phone"]);
    assert_eq!(rows(&base.store).await[0].evidence_grade, "confirmed");
    ingest(&base.store, vec![blast("March 4", "The Baloch Republican Army claimed the bombing on its website.")], 1).await;
    assert_eq!(standings().await, ["Baloch Liberation Army competing by phone", "Baloch Republican Army competing by website"]);
    let incident = rows(&base.store).await.remove(0);
    assert_eq!((incident.n_reports, incident.evidence_grade.as_str()), (2, "contested"));
    let third = ingest(&base.store, vec![blast("March 5", "The Baloch Liberation Army denied any involvement in the bombing.")], 1).await;
    assert_eq!(standings().await, ["Baloch Liberation Army retracted by phone", "Baloch Republican Army uncontested by website"]);
    let of_party = |row: &IncidentRow| row.parties.iter().filter_map(|p| Some((p.role.clone(), p.standing.clone()?))).collect::<Vec<_>>();
    let parties = of_party(&rows(&base.store).await[0]);
    assert!(parties.contains(&("claimant".to_owned(), "retracted".to_owned())), "{parties:?}");
    let only = StatementFilter { standing: vec!["retracted".to_owned()], channel: vec!["phone".to_owned()], ..StatementFilter::default() };
    assert_eq!(base.store.count_statements(&only, None).await.unwrap(), Total::Exact(1));
    // Without the denial the claims compete again.
    let Outcome::Stored { document, .. } = &third[0].outcome else { panic!("{third:?}") };
    waqia::ingest::delete(&base.store, document, "test", &lexicon(), now(), "test").await.unwrap().unwrap();
    assert_eq!(standings().await, ["Baloch Liberation Army competing by phone", "Baloch Republican Army competing by website"]);
    base.check_integrity().await;
}
