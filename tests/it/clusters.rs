//! Which incident reports are of, as reports and decisions of curators come: ids stay, lead on, and come back.

use crate::base::{Base, KABUL, PESHAWAR, Report, lexicon, now};
use waqia::ingest::cluster::recluster;
use waqia::model::incident::IncidentRow;
use waqia::store::filter::{IncidentFilter, Page};

async fn shown(base: &Base) -> Vec<IncidentRow> {
    base.store.incidents(&IncidentFilter::default(), &Page { limit: 50, ..Page::default() }).await.unwrap().rows
}

/// The number and id of the report of a document.
async fn report_of(base: &Base, document: &str) -> (i64, String) {
    sqlx::query_as("select r.id, r.uid from report r join document d on d.id = r.document_id where d.uid = ?")
        .bind(document)
        .fetch_one(&base.raw)
        .await
        .unwrap()
}

/// A curator's decision on two reports, past the API.
async fn decide(base: &Base, action: &str, one: &str, other: &str) {
    let made = "insert into curation (entity, uid, action, reason, made_by, made_at, revision) \
        values ('incident', 'inc_0', 'merge', 'test', 'test', '2024-05-01', 0) returning id";
    let curation: i64 = sqlx::query_scalar(made).fetch_one(&base.raw).await.unwrap();
    sqlx::query("insert into correction (curation_id, entity, uid, action, value) values (?, 'report', ?, ?, ?)")
        .bind(curation)
        .bind(one)
        .bind(action)
        .bind(other)
        .execute(&base.raw)
        .await
        .unwrap();
}

async fn take_back(base: &Base) {
    sqlx::query("delete from curation").execute(&base.raw).await.unwrap();
}

async fn sort(base: &Base, touched: &[i64]) {
    let mut writer = base.store.write(now(), "curator").await.unwrap();
    recluster(&mut writer, &lexicon(), touched, "decided by hand").await.unwrap();
    writer.commit().await.unwrap();
}

async fn actions(base: &Base, incident: &str) -> Vec<String> {
    base.store.history("incident", incident).await.unwrap().into_iter().map(|r| r.action).collect()
}

#[tokio::test]
async fn incidents_merge_and_part_by_decision_and_keep_their_ids() {
    let base = Base::with_actors().await;
    let blast = Report::new("explosion.bomb", Some("2023-01-30"), Some(PESHAWAR)).killed(32).party("victim", "person", "Arif Test Wali", None);
    let far = Report::new("explosion.bomb", Some("2022-05-05"), Some(KABUL)).from("Paper", "2022-05-06").killed(3);
    let (one, one_uid) = report_of(&base, &base.report(&blast).await).await;
    let (two, two_uid) = report_of(&base, &base.report(&far).await).await;
    let ids: Vec<String> = shown(&base).await.into_iter().map(|i| i.id).collect();
    assert_eq!(ids, [one_uid.replace("rep_", "inc_"), two_uid.replace("rep_", "inc_")]);
    sort(&base, &[one, two]).await;
    assert_eq!(shown(&base).await.len(), 2, "nothing changes where nothing was decided");

    decide(&base, "same_as", &one_uid, &two_uid).await;
    sort(&base, &[one]).await;
    let rows = shown(&base).await;
    assert_eq!(rows.iter().map(|i| (i.id.as_str(), i.n_reports)).collect::<Vec<_>>(), [(ids[0].as_str(), 2)], "the older incident keeps its id");
    let gone = base.store.incident(&ids[1]).await.unwrap().unwrap().row;
    assert_eq!((gone.status.as_str(), gone.merged_into.as_deref(), gone.n_reports), ("merged", Some(ids[0].as_str()), 0));
    assert_eq!(actions(&base, &ids[1]).await, ["created", "merged"]);
    take_back(&base).await;
    base.check_integrity().await;

    decide(&base, "not_same_as", &one_uid, &two_uid).await;
    sort(&base, &[one]).await;
    let rows = shown(&base).await;
    assert_eq!(rows.iter().map(|i| (i.id.as_str(), i.n_reports)).collect::<Vec<_>>(), [(ids[0].as_str(), 1), (ids[1].as_str(), 1)], "the id comes back");
    assert_eq!(actions(&base, &ids[0]).await, ["created", "changed", "split", "changed"]);
    assert_eq!(actions(&base, &ids[1]).await, ["created", "merged", "changed"]);
    take_back(&base).await;
    base.check_integrity().await;
    let answers = waqia::ingest::check::check(&base.folder.path().join("waqia.db"), |_| {}).await.unwrap();
    // Records by hand have no evidence and no real words.
    let faults: Vec<_> = answers.iter().filter(|a| a.faults.n > 0 && !matches!(a.name, "evidence" | "spans" | "search")).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}
