//! Every function of the store, on a freshly migrated file.

mod files;
mod filters;
mod lists;

use super::base::{Base, KABUL, PESHAWAR, QUETTA, Report, SUVA, now};
use serde_json::json;
use waqia::store::filter::{ChangeFilter, IncidentFilter, Page, Total};
use waqia::store::{Part, Store, StoreOptions};

fn page(limit: u32) -> Page {
    Page { limit, ..Page::default() }
}

fn list(values: &[&str]) -> Vec<String> {
    values.iter().map(|v| (*v).to_owned()).collect()
}

/// Seven incidents that differ in everything that can be filtered.
async fn populated() -> Base {
    let base = Base::with_actors().await;
    let ttp = Some("tehreek-i-taliban-pakistan");
    let bombing = Report::new("explosion.suicide_bombing", Some("2023-01-30"), Some(PESHAWAR))
        .text("A suicide bomber struck a mosque in Peshawar. Police said so.")
        .killed(84)
        .with("attributes", json!(["suicide", "success.completed"]))
        .with("weapons", json!([{"kind": "explosive.suicide_vest", "mentions": ["vest"]}]))
        .party("claimant", "organisation", "Tehreek-i-Taliban Pakistan", ttp)
        .party("victim", "person", "Arif Wali", None)
        .statement("claim", 0, "We did it in Peshawar.");
    base.report(&bombing).await;
    let mut raid = Report::new("operation.raid", Some("2023-02-02"), Some(QUETTA)).text("Troops searched a house.").killed(3);
    raid.published = "2023-02-03";
    raid.source = "Paper";
    let raid = raid.party("target", "organisation", "Tehreek-i-Taliban Pakistan", ttp);
    base.report(&raid).await;
    let shooting = Report::new("attack.armed_assault", Some("2021-08-15"), Some(KABUL))
        .text("Gunmen shot at a car.")
        .with("weapons", json!([{"kind": "firearm", "mentions": ["shot"]}]))
        .with(
            "participants",
            json!([{"name": null, "actor": null, "kind": "people", "role": "victim", "count": {"low": 2, "best": 2, "high": 2},
            "mentions": ["two teachers"], "target_type": "education", "asserted_by": null}]),
        );
    base.report(&shooting).await;
    let mut invented = Report::new("abduction.kidnapping", None, None).text("Somebody was taken somewhere.");
    invented.fictional = true;
    base.report(&invented).await;
    base.report(&Report::new("explosion.ied", Some("2022-12-01"), Some(SUVA)).text("A device went off by the sea.").with("background", json!(true))).await;
    base.report(&Report::new("attack.armed_assault", Some("2024-06-01"), Some(QUETTA)).text("They will attack.").with("certainty", json!("threatened"))).await;
    let mut figures = Report::new("explosion.bomb", Some("2020-05-05"), Some(KABUL)).text("Attacks rose by half.").killed(0);
    figures.figures.push(json!({"measure": "militant attacks", "value": 50.0, "unit": "percent", "change": "increase", "period": null, "place": "AF",
        "source": null, "start": 0, "end": 7, "text": "Attacks"}));
    figures
        .relations
        .push(json!({"subject": "Noor Test", "relation": "leader_of", "object": "Tehreek-i-Taliban Pakistan", "certainty": "alleged", "date": null, "valid_from": null, "valid_to": null,
        "start": 0, "end": 7, "text": "Attacks", "confidence": 0.5}));
    let figures = figures.party("suspected", "organisation", "Tehreek-i-Taliban Pakistan", ttp).party("mentioned", "person", "Noor Test", None);
    base.report(&figures).await;
    base
}

async fn types(store: &Store, filter: &IncidentFilter) -> Vec<String> {
    let found = store.incidents(filter, &page(100)).await.unwrap().rows;
    let count = store.count_incidents(filter, None).await.unwrap();
    assert_eq!(count, Total::Exact(found.len() as u64), "list and count agree");
    let sums = store.summary(filter).await.unwrap().totals;
    assert_eq!(sums.n_incidents as usize, found.len(), "list and sums agree");
    found.into_iter().map(|r| r.kind).collect()
}

#[tokio::test]
async fn changes_are_logged_in_order() {
    let base = populated().await;
    let changes = base.store.changes(&ChangeFilter::default(), 0, 10_000).await.unwrap();
    assert!(changes.windows(2).all(|w| w[0].id < w[1].id && w[0].base <= w[1].base));
    for entity in ["incident", "actor", "statement", "document"] {
        assert!(changes.iter().any(|c| c.entity == entity && c.action == "created"), "{entity}");
    }
    let last = changes.last().unwrap();
    assert_eq!((last.base, last.at.as_str()), (base.store.revision().await.unwrap(), "2024-05-01T10:00:00Z"));
    assert_eq!(base.store.changes(&ChangeFilter::default(), last.id - 2, 10).await.unwrap().len(), 2);
    assert_eq!(base.store.change_before("2024-05-01").await.unwrap(), 0);
    assert_eq!(base.store.change_before("2024-05-02").await.unwrap(), last.id);
}

#[tokio::test]
async fn the_indexes_beside_the_tables_stay_in_step() {
    let base = populated().await;
    base.check_integrity().await;
    for sql in [
        "update incident set latitude = 10, longitude = 20 where class = 'explosion'",
        "update incident set latitude = null, longitude = null where country = 'AF'",
        "update incident set latitude = 1, longitude = 2 where country = 'AF'",
        "update search_entry set body = 'other words' where kind = 'incident'",
        "update search_entry set title = 'another title' where kind = 'document'",
        "delete from search_entry where kind = 'actor'",
    ] {
        sqlx::query(sql).execute(&base.raw).await.unwrap();
        base.check_integrity().await;
    }
    sqlx::query("delete from document").execute(&base.raw).await.unwrap();
    let left: i64 = sqlx::query_scalar("select count(*) from search_entry where kind in ('document', 'statement')").fetch_one(&base.raw).await.unwrap();
    assert_eq!(left, 0);
    sqlx::query("insert into search (search, rank) values ('integrity-check', 1)").execute(&base.raw).await.unwrap();
}

#[tokio::test]
async fn readers_see_what_is_committed() {
    let base = Base::new().await;
    let before = base.store.revision().await.unwrap();
    let mut writer = base.store.write(now(), "test").await.unwrap();
    writer.seed_actors(&[], "sha256:half").await.unwrap();
    assert_eq!(base.store.revision().await.unwrap(), before);
    drop(writer);
    assert_eq!(base.store.lexicon().await.unwrap(), "", "a dropped writer leaves nothing");
    let mut writer = base.store.write(now(), "test").await.unwrap();
    writer.seed_actors(&[], "sha256:whole").await.unwrap();
    assert_eq!(writer.commit().await.unwrap(), before + 1);
    assert_eq!((base.store.revision().await.unwrap(), base.store.lexicon().await.unwrap().as_str()), (before + 1, "sha256:whole"));
}

#[tokio::test]
async fn a_base_opens_again() {
    let base = populated().await;
    let ready = base.store.readiness().await;
    assert!([&ready.database, &ready.writing, &ready.migrations].iter().all(|part| matches!(part, Part::Ok)), "{ready:?}");
    let path = base.store.path().to_owned();
    let n = base.store.count_incidents(&IncidentFilter::default(), None).await.unwrap();
    base.store.close().await;
    let again = Store::open(&path, StoreOptions::default()).await.unwrap();
    assert_eq!(again.count_incidents(&IncidentFilter::default(), None).await.unwrap(), n);
    again.close().await;
}
