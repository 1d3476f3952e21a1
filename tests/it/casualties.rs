//! Figures under each policy: the same on every endpoint that gives, sums, filters or sorts by them.

use crate::base::{Base, PESHAWAR, QUETTA, Report, lexicon, now};
use crate::support::shared;
use serde_json::Value;
use waqia::model::casualty::CasualtyPolicy;
use waqia::store::filter::{IncidentFilter, Page, Sort, SortKey};
use waqia::store::{Dimension, Interval};

const POLICIES: [&str; 4] = ["official_latest", "lowest", "highest", "median"];

/// Deaths of an incident on the wire.
fn killed(row: &Value) -> u64 {
    let count = &row["killed"];
    [&count["best"], &count["low"], &count["high"]].into_iter().find_map(Value::as_u64).unwrap_or(0)
}

fn sum(rows: &Value) -> u64 {
    rows.as_array().unwrap().iter().map(|row| row["killed"].as_u64().unwrap()).sum()
}

#[test]
fn every_endpoint_gives_the_figures_of_the_policy() {
    let server = shared();
    let mut totals = Vec::new();
    for policy in POLICIES {
        let query = format!("country=PK&casualty_policy={policy}");
        let list = server.json(&format!("/v1/incidents?limit=1000&{query}"));
        assert_eq!(list["meta"]["interpreted"]["casualty_policy"], policy);
        let rows = list["data"].as_array().unwrap();
        let total: u64 = rows.iter().map(killed).sum();
        assert_eq!(server.json(&format!("/v1/stats/summary?{query}"))["killed"], total, "{policy}");
        for interval in ["day", "month", "year"] {
            assert_eq!(sum(&server.json(&format!("/v1/stats/timeline?interval={interval}&{query}"))["data"]), total, "{policy} by {interval}");
        }
        for by in ["country", "type", "year"] {
            assert_eq!(sum(&server.json(&format!("/v1/stats/breakdown?by={by}&limit=1000&{query}"))["data"]), total, "{policy} by {by}");
        }
        let placed: u64 = rows.iter().filter(|row| !row["place"]["longitude"].is_null()).map(killed).sum();
        let points = server.json(&format!("/v1/stats/map?{query}"));
        assert_eq!(points["killed"].as_array().unwrap().iter().filter_map(Value::as_u64).sum::<u64>(), placed, "{policy} on the map");
        let csv = server.get(&format!("/v1/incidents?format=csv&{query}")).text();
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let column = |name: &str, headers: &csv::StringRecord| headers.iter().position(|h| h == name).unwrap();
        let headers = reader.headers().unwrap().clone();
        let (best, low, high) = (column("killed_best", &headers), column("killed_low", &headers), column("killed_high", &headers));
        let figure = |row: csv::StringRecord| [best, low, high].into_iter().find_map(|n| row[n].parse::<u64>().ok()).unwrap_or(0);
        assert_eq!(reader.records().map(|row| figure(row.unwrap())).sum::<u64>(), total, "{policy} as CSV");
        let features = server.json(&format!("/v1/incidents?format=geojson&{query}"));
        assert_eq!(features["features"].as_array().unwrap().iter().map(|f| killed(&f["properties"])).sum::<u64>(), total, "{policy} as GeoJSON");
        let lines = server.get(&format!("/v1/incidents?format=ndjson&{query}")).text();
        assert_eq!(lines.lines().map(|line| killed(&serde_json::from_str(line).unwrap())).sum::<u64>(), total, "{policy} as NDJSON");
        for row in rows {
            let detail = server.json(&format!("/v1/incidents/{}?casualty_policy={policy}", row["id"].as_str().unwrap()));
            assert_eq!(detail["killed"], row["killed"], "{policy} in the detail");
        }
        totals.push(total);
    }
    let [latest, lowest, highest, median] = totals[..] else { panic!("{totals:?}") };
    assert!(lowest < highest && lowest <= median && median <= highest && lowest <= latest && latest <= highest, "{totals:?}");
    let problem = server.refused("/v1/incidents?casualty_policy=mean", "invalid_parameter");
    assert_eq!(problem["errors"][0]["allowed"].as_array().unwrap().len(), 4, "{problem}");
}

#[test]
fn what_reports_contradict_each_other_in_is_shown() {
    let server = shared();
    let list = server.json("/v1/incidents?place=Hangu&from=2007-07-19&to=2007-07-19&casualty_policy=lowest");
    let incident = &list["data"][0];
    assert_eq!((killed(incident), incident["n_reports"].as_u64()), (5, Some(2)), "{incident}");
    let detail = server.json(&format!("/v1/incidents/{}", incident["id"].as_str().unwrap()));
    assert_eq!(killed(&detail), 7);
    let conflict = detail["conflicts"].as_array().unwrap().iter().find(|c| c["field"] == "killed").unwrap_or_else(|| panic!("{detail}"));
    let told: Vec<(u64, usize)> =
        conflict["values"].as_array().unwrap().iter().map(|v| (v["value"]["best"].as_u64().unwrap(), v["reports"].as_array().unwrap().len())).collect();
    assert_eq!(told, [(5, 1), (7, 1)]);
    let says: Vec<u64> = detail["reports"].as_array().unwrap().iter().map(|r| killed(&r["says"])).collect();
    assert_eq!(says, [5, 7], "what each report says stays as it is");
}

#[tokio::test]
async fn bounds_and_order_follow_the_policy() {
    let base = Base::with_actors().await;
    // In words of their own, so that none counts as a copy of another.
    let told = [
        ("Agency", "2023-01-30", 9, "A blast tore through a market in Peshawar on Monday, doctors said."),
        ("Paper", "2023-01-31", 30, "The blast that tore through a market in Peshawar on Monday left families searching for victims."),
        ("Radio", "2023-02-01", 12, "Hospitals gave a lower number for the blast at a market in Peshawar on Monday than was first feared."),
    ];
    for (source, published, n, text) in told {
        base.report(&Report::new("explosion.bomb", Some("2023-01-30"), Some(PESHAWAR)).text(text).from(source, published).killed(n)).await;
    }
    base.report(&Report::new("explosion.bomb", Some("2023-01-30"), Some(QUETTA)).from("Agency", "2023-01-30").killed(20)).await;
    let store = &base.store;
    let by_killed = Page { sort: vec![Sort { key: SortKey::Killed, descending: true }], limit: 1, ..Page::default() };
    let cases = [
        (CasualtyPolicy::OfficialLatest, [20, 12]),
        (CasualtyPolicy::Lowest, [20, 9]),
        (CasualtyPolicy::Highest, [30, 20]),
        (CasualtyPolicy::Median, [20, 12]),
    ];
    for (policy, expect) in cases {
        let all = IncidentFilter { policy, ..IncidentFilter::default() };
        let mut found = Vec::new();
        let mut page = by_killed.clone();
        loop {
            let rows = store.incidents(&all, &page).await.unwrap();
            found.extend(rows.rows.iter().map(|row| row.killed.unwrap().best.unwrap()));
            page.after = rows.next;
            if page.after.is_none() {
                break;
            }
        }
        assert_eq!(found, expect, "{policy:?} in order, page by page");
        for n in [8, 9, 10, 12, 13, 20, 21, 30, 31] {
            let least = store.incidents(&IncidentFilter { killed_min: Some(n), ..all.clone() }, &Page { limit: 10, ..Page::default() }).await.unwrap().rows;
            assert_eq!(least.len(), expect.iter().filter(|&&toll| toll >= n).count(), "{policy:?}, at least {n}");
            let most = store.incidents(&IncidentFilter { killed_max: Some(n), ..all.clone() }, &Page { limit: 10, ..Page::default() }).await.unwrap().rows;
            assert_eq!(most.len(), expect.iter().filter(|&&toll| toll <= n).count(), "{policy:?}, at most {n}");
        }
        let total = u64::from(expect.iter().sum::<u32>());
        assert_eq!(store.summary(&all).await.unwrap().totals.killed, total, "{policy:?}");
        let sums = [store.timeline(&all, Interval::Month).await.unwrap(), store.breakdown(&all, Dimension::Type, 10).await.unwrap()];
        assert!(sums.iter().all(|buckets| buckets.iter().map(|b| b.totals.killed).sum::<u64>() == total), "{policy:?}: {sums:?}");
    }
    base.check_integrity().await;
}

#[tokio::test]
async fn a_base_from_before_gets_the_figures_of_all_policies() {
    let base = Base::with_actors().await;
    for (source, published, n, text) in [
        ("Agency", "2023-01-30", 9, "A blast tore through a market in Peshawar on Monday, doctors said."),
        ("Paper", "2023-01-31", 30, "The blast that tore through a market in Peshawar on Monday left families searching for victims."),
    ] {
        base.report(&Report::new("explosion.bomb", Some("2023-01-30"), Some(PESHAWAR)).text(text).from(source, published).killed(n)).await;
    }
    let lowest = async || {
        let filter = IncidentFilter { policy: CasualtyPolicy::Lowest, ..IncidentFilter::default() };
        base.store.incidents(&filter, &Page { limit: 1, ..Page::default() }).await.unwrap().rows[0].killed.unwrap().best
    };
    assert_eq!(lowest().await, Some(9));
    for sql in
        ["update incident set killed_lowest = null", "update incident_doc set doc = json_remove(doc, '$.other_figures')", "update base set doc_version = 0"]
    {
        sqlx::query(sql).execute(&base.raw).await.unwrap();
    }
    assert_eq!(lowest().await, Some(30));
    assert_eq!(waqia::ingest::renew(&base.store, &lexicon(), now()).await.unwrap(), 1);
    assert_eq!(lowest().await, Some(9));
    let id = base.store.incidents(&IncidentFilter::default(), &Page { limit: 1, ..Page::default() }).await.unwrap().rows.remove(0).id;
    let history = base.store.history("incident", &id).await.unwrap();
    assert!(history.last().unwrap().why.contains("rules of this version"), "{:?}", history.last());
    assert_eq!(waqia::ingest::renew(&base.store, &lexicon(), now()).await.unwrap(), 0);
    base.check_integrity().await;
}
