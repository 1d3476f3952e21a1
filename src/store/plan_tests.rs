//! How SQLite answers: each list and each sum that a dashboard asks for goes through an index, on a base large enough to matter.

use super::filter::{self, BoundingBox, Cursor, CursorValue, IncidentFilter, Near, Page, Sort, SortKey};
use super::{Store, StoreOptions};
use sea_query::SqliteQueryBuilder;
use sea_query_sqlx::SqlxBinder;
use sqlx::AssertSqlSafe;

/// 20,000 incidents over 15 years with their facets and list views, made in SQL; the rest of what the writer keeps is not needed for plans.
const FILL: &str = "
    insert into incident (uid, type, date_start, date_end, date_precision, country, admin1, latitude, longitude, killed_best, certainty, evidence_grade,
        background, confidence, summary, n_reports, n_sources, created_at, updated_at, revision)
    with recursive n (i) as (select 0 union all select i + 1 from n where i < 19999)
    select printf('inc_%016d', i), case i % 7 when 0 then 'explosion.bomb' when 1 then 'explosion.ied' when 2 then 'abduction.kidnapping' else 'attack.armed_assault' end,
        date('2010-01-01', (i * 7919 % 5479) || ' days'), date('2010-01-01', (i * 7919 % 5479) || ' days'), 'day',
        case i % 5 when 0 then 'AF' when 1 then 'IN' else 'PK' end, 'province ' || (i % 40), 20 + (i % 1700) / 100.0, 60 + (i % 1900) / 100.0, i % 30,
        'reported', iif(i % 3, 'single_source', 'confirmed'), i % 4 = 0, 0.5, 'x', 1, 1, '2024-01-01', printf('2024-01-%02dT00:00:00Z', 1 + i % 28), i
    from n;
    insert into incident_doc select id, '{}' from incident;
    insert into incident_facet select 'actor', 'actor-' || (id % 300), day, id from incident;
    insert into incident_facet select 'weapon', 'explosive.' || (id % 9), day, id from incident;
    insert into incident_facet select 'source', 'paper ' || (id % 20), day, id from incident;
    analyze;";

async fn large() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("plans.db"), StoreOptions { n_readers: 1, ..StoreOptions::default() }).await.unwrap();
    let mut transaction = store.writer.begin().await.unwrap();
    sqlx::raw_sql(FILL).execute(transaction.connection()).await.unwrap();
    transaction.commit().await.unwrap();
    (store, folder)
}

/// Steps of the plan, joined by line breaks.
async fn plan(store: &Store, select: &sea_query::SelectStatement) -> String {
    let (sql, values) = select.build_sqlx(SqliteQueryBuilder);
    let rows: Vec<(i64, i64, i64, String)> =
        sqlx::query_as_with(AssertSqlSafe(format!("explain query plan {sql}")), values).fetch_all(&store.reader).await.unwrap();
    rows.into_iter().map(|r| r.3).collect::<Vec<_>>().join("\n")
}

fn list(values: &[&str]) -> Vec<String> {
    values.iter().map(|v| (*v).to_owned()).collect()
}

#[tokio::test]
async fn lists_walk_an_index() {
    let (store, _folder) = large().await;
    let all = IncidentFilter::default();
    let page = Page { limit: 50, ..Page::default() };
    let cursor = Cursor { values: vec![CursorValue::Text("2015-06-01".into())], number: 500 };
    let by = |key| Page { sort: vec![Sort { key, descending: true }], ..page.clone() };
    let cases = [
        (all.clone(), page.clone(), "incident_by_day"),
        (all.clone(), Page { after: Some(cursor.clone()), ..page.clone() }, "incident_by_day"),
        (IncidentFilter { from: Some("2014-01-01".into()), to: Some("2014-02-01".into()), ..all.clone() }, page.clone(), "incident_by_day"),
        (IncidentFilter { country: list(&["AF"]), ..all.clone() }, page.clone(), "incident_by_country"),
        (IncidentFilter { country: list(&["AF"]), ..all.clone() }, Page { after: Some(cursor), ..page.clone() }, "incident_by_country"),
        (IncidentFilter { admin1: list(&["province 3"]), ..all.clone() }, page.clone(), "incident_by_admin1"),
        (IncidentFilter { kind: list(&["abduction"]), ..all.clone() }, page.clone(), "incident_by_class"),
        (IncidentFilter { kind: list(&["explosion.ied"]), ..all.clone() }, page.clone(), "incident_by_type"),
        (IncidentFilter { actor: list(&["actor-7"]), ..all.clone() }, page.clone(), "SEARCH f USING PRIMARY KEY"),
        (IncidentFilter { killed_min: Some(25), ..all.clone() }, by(SortKey::Killed), "incident_by_killed"),
        (all.clone(), by(SortKey::Updated), "incident_by_change"),
        (IncidentFilter { status: list(&["rejected"]), ..all.clone() }, page.clone(), "incident_by_"),
        (IncidentFilter { certainty: list(&["planned"]), ..all.clone() }, page.clone(), "incident_by_"),
        (IncidentFilter { q: Some("mosque".into()), ..all }, page, "search"),
    ];
    for (filter, page, index) in cases {
        let plan = plan(&store, &filter::list(&filter, &page)).await;
        assert!(plan.contains(index), "{filter:?}\n{plan}");
        let scanned = plan.lines().any(|step| step == "SCAN i");
        assert!(!scanned, "{filter:?} reads every incident\n{plan}");
    }
}

/// SQLite writes how it asks an R*Tree as "SCAN table VIRTUAL TABLE INDEX 2:" and a letter and a digit for each bound that it hands down:
/// four bounds make eight characters, none would be a walk over the whole tree.
#[tokio::test]
async fn boxes_go_through_the_tree_of_boxes() {
    let (store, _folder) = large().await;
    let small = BoundingBox { west: 60.0, south: 20.0, east: 61.0, north: 21.0 };
    let circle = Near { latitude: 34.0, longitude: 71.5, radius_km: 50.0 };
    for filter in [IncidentFilter { bbox: Some(small), ..IncidentFilter::default() }, IncidentFilter { near: Some(circle), ..IncidentFilter::default() }] {
        let plan = plan(&store, &filter::list(&filter, &Page { limit: 50, ..Page::default() })).await;
        let asked = plan.lines().filter_map(|step| step.strip_prefix("SCAN incident_rtree VIRTUAL TABLE INDEX 2:")).collect::<Vec<_>>();
        assert!(asked.len() == 1 && asked[0].trim_end().len() == 8, "{filter:?}\n{plan}");
        assert!(plan.lines().any(|step| step.starts_with("SEARCH i USING INTEGER PRIMARY KEY")), "{filter:?} reads every incident\n{plan}");
    }
}

#[tokio::test]
async fn the_common_lists_need_no_sorting() {
    let (store, _folder) = large().await;
    let all = IncidentFilter::default();
    let page = Page { limit: 50, ..Page::default() };
    let cases = [
        all.clone(),
        IncidentFilter { country: list(&["AF"]), ..all.clone() },
        IncidentFilter { kind: list(&["explosion.ied"]), from: Some("2014-01-01".into()), ..all.clone() },
        IncidentFilter { kind: list(&["abduction"]), ..all.clone() },
        IncidentFilter { from: Some("2014-01-01".into()), to: Some("2016-02-01".into()), ..all },
    ];
    for filter in cases {
        let plan = plan(&store, &filter::list(&filter, &page)).await;
        assert!(!plan.contains("TEMP B-TREE"), "{filter:?}\n{plan}");
    }
}

#[tokio::test]
async fn sums_go_through_indexes() {
    use super::stats::{Dimension, Interval, breakdown_statement, timeline_statement};
    let (store, _folder) = large().await;
    let month = IncidentFilter { from: Some("2014-01-01".into()), to: Some("2014-01-31".into()), ..IncidentFilter::default() };
    let country = IncidentFilter { country: list(&["AF"]), ..IncidentFilter::default() };
    for filter in [&month, &country] {
        for select in [
            timeline_statement(filter, Interval::Day),
            timeline_statement(filter, Interval::Month),
            breakdown_statement(filter, Dimension::Type, 10),
            breakdown_statement(filter, Dimension::Actor, 10),
            breakdown_statement(filter, Dimension::Weapon, 10),
        ] {
            let plan = plan(&store, &select).await;
            assert!(!plan.lines().any(|step| step == "SCAN i" || step.starts_with("SCAN g")), "{filter:?}\n{plan}");
        }
    }
    for filter in [IncidentFilter::default(), country] {
        let plan = plan(&store, &timeline_statement(&filter, Interval::Month)).await;
        assert!(plan.contains("rollup_country"), "{plan}");
    }
}
