//! Filters, pages and sums of incidents.

use super::super::base::{KABUL, Report};
use super::{list, page, populated, types};
use waqia::model::incident::IncidentRow;
use waqia::store::filter::{
    ActorFilter, BoundingBox, Cursor, DocumentFilter, Fictional, FigureFilter, IncidentFilter, Near, Page, PlaceFilter, Sort, SortKey, StatementFilter, Total,
};
use waqia::store::{Dimension, Interval};

#[tokio::test]
async fn filters_let_through_what_they_say() {
    let base = populated().await;
    let all = IncidentFilter::default();
    let check = async |filter: IncidentFilter, expect: &[&str]| {
        assert_eq!(types(&base.store, &filter).await, expect, "{filter:?}");
    };
    let (bombing, raid, shooting, taking, ied, bomb) =
        ("explosion.suicide_bombing", "operation.raid", "attack.armed_assault", "abduction.kidnapping", "explosion.ied", "explosion.bomb");
    // Newest first; the threatened and the invented one are left out.
    check(all.clone(), &[raid, bombing, ied, shooting, bomb]).await;
    check(IncidentFilter { fictional: Fictional::Only, ..all.clone() }, &[taking]).await;
    // Unknown dates last.
    check(IncidentFilter { fictional: Fictional::Any, ..all.clone() }, &[raid, bombing, ied, shooting, bomb, taking]).await;
    check(IncidentFilter { status: list(&["machine"]), ..all.clone() }, &[raid, bombing, ied, shooting, bomb]).await;
    check(IncidentFilter { fictional: Fictional::Only, certainty: list(&["threatened"]), ..all.clone() }, &[]).await;
    check(IncidentFilter { from: Some("2022-12-01".into()), to: Some("2023-01-30".into()), ..all.clone() }, &[bombing, ied]).await;
    check(IncidentFilter { to: Some("2021-12-31".into()), ..all.clone() }, &[shooting, bomb]).await;
    check(IncidentFilter { country: list(&["PK"]), ..all.clone() }, &[raid, bombing]).await;
    check(IncidentFilter { country: list(&["AF", ""]), ..all.clone() }, &[shooting, bomb]).await;
    check(IncidentFilter { country: list(&["AF", ""]), fictional: Fictional::Any, ..all.clone() }, &[shooting, bomb, taking]).await;
    check(IncidentFilter { admin1: list(&["Balochistan"]), ..all.clone() }, &[raid]).await;
    check(IncidentFilter { kind: list(&["explosion"]), ..all.clone() }, &[bombing, ied, bomb]).await;
    check(IncidentFilter { kind: list(&["explosion.ied", "operation"]), ..all.clone() }, &[raid, ied]).await;
    check(IncidentFilter { actor: list(&["tehreek-i-taliban-pakistan"]), ..all.clone() }, &[raid, bombing, bomb]).await;
    check(IncidentFilter { perpetrator: list(&["tehreek-i-taliban-pakistan"]), ..all.clone() }, &[bombing, bomb]).await;
    check(IncidentFilter { target_type: list(&["education"]), ..all.clone() }, &[shooting]).await;
    check(IncidentFilter { weapon: list(&["explosive"]), ..all.clone() }, &[bombing]).await;
    check(IncidentFilter { weapon: list(&["firearm", "explosive.suicide_vest"]), ..all.clone() }, &[bombing, shooting]).await;
    check(IncidentFilter { suicide: Some(true), ..all.clone() }, &[bombing]).await;
    check(IncidentFilter { killed_min: Some(3), ..all.clone() }, &[raid, bombing]).await;
    check(IncidentFilter { killed_max: Some(3), ..all.clone() }, &[raid, bomb]).await;
    check(IncidentFilter { certainty: list(&["threatened"]), ..all.clone() }, &[shooting]).await;
    check(IncidentFilter { status: list(&["rejected"]), ..all.clone() }, &[]).await;
    check(IncidentFilter { background: Some(true), ..all.clone() }, &[ied]).await;
    check(IncidentFilter { evidence_grade: list(&["confirmed"]), ..all.clone() }, &[bombing]).await;
    check(IncidentFilter { source: list(&["Paper"]), ..all.clone() }, &[raid]).await;
    check(IncidentFilter { q: Some("mosque".into()), ..all.clone() }, &[bombing]).await;
    check(IncidentFilter { q: Some("search* OR device".into()), ..all.clone() }, &[raid, ied]).await;
    check(IncidentFilter { q: Some("!!!".into()), ..all.clone() }, &[]).await;
    check(IncidentFilter { updated_since: Some("2024-05-01".into()), from: Some("2023-02-01".into()), ..all.clone() }, &[raid]).await;
    check(IncidentFilter { updated_since: Some("2024-05-02".into()), ..all.clone() }, &[]).await;
    check(IncidentFilter { kind: list(&["explosion"]), country: list(&["PK", "FJ"]), killed_min: Some(1), ..all.clone() }, &[bombing]).await;
    let document = base.store.documents(&DocumentFilter { source: list(&["Paper"]), ..DocumentFilter::default() }, &page(1)).await.unwrap().rows.remove(0);
    check(IncidentFilter { document: vec![document.id], ..all.clone() }, &[raid]).await;
    let id = base.store.incidents(&all, &page(1)).await.unwrap().rows.remove(0).id;
    check(IncidentFilter { id: vec![id], ..all }, &[raid]).await;
}

#[tokio::test]
async fn places_filter_by_box_circle_and_region() {
    let base = populated().await;
    let all = IncidentFilter::default();
    let boxed = |west, south, east, north| IncidentFilter { bbox: Some(BoundingBox { west, south, east, north }), ..IncidentFilter::default() };
    assert_eq!(types(&base.store, &boxed(66.0, 30.0, 72.0, 34.2)).await, ["operation.raid", "explosion.suicide_bombing"]);
    // Coordinates on the edge are inside, though the index rounds them.
    assert_eq!(types(&base.store, &boxed(71.579, 34.008, 71.579, 34.008)).await, ["explosion.suicide_bombing"]);
    assert_eq!(types(&base.store, &boxed(71.5791, 34.008, 72.0, 35.0)).await, [""; 0]);
    // Over the 180th meridian.
    assert_eq!(types(&base.store, &boxed(170.0, -30.0, -170.0, 0.0)).await, ["explosion.ied"]);
    let near = |latitude, longitude, radius_km| IncidentFilter { near: Some(Near { latitude, longitude, radius_km }), ..IncidentFilter::default() };
    // Kabul to Peshawar: 229 km by the great circle.
    assert_eq!(types(&base.store, &near(34.528, 69.172, 232.0)).await.len(), 3);
    assert_eq!(types(&base.store, &near(34.528, 69.172, 226.0)).await.len(), 2);
    assert_eq!(types(&base.store, &near(-18.0, -179.0, 300.0)).await, ["explosion.ied"]);
    assert_eq!(types(&base.store, &near(90.0, 0.0, 1.0)).await, [""; 0]);
    let country = base.store.resolve_place("Pakistan").await.unwrap().remove(0);
    assert_eq!(country.precision, "country");
    let inside = IncidentFilter { place: vec![country.id.clone()], ..all.clone() };
    assert_eq!(types(&base.store, &inside).await, ["operation.raid", "explosion.suicide_bombing"]);
    let detail = base.store.place(&base.store.resolve_place("Quetta").await.unwrap()[0].id).await.unwrap().unwrap();
    assert_eq!(detail.place.n_incidents, 1, "the threatened one does not count");
    assert_eq!(detail.parents.last().unwrap().id, country.id);
    assert!(base.store.place("plc_none").await.unwrap().is_none());
    let in_pakistan = PlaceFilter { country: list(&["PK"]), ..PlaceFilter::default() };
    let found = base.store.places(&in_pakistan, &page(50)).await.unwrap().rows;
    assert_eq!(base.store.count_places(&in_pakistan, None).await.unwrap(), Total::Exact(found.len() as u64));
    let beginning = PlaceFilter { q: Some("PESH".into()), precision: list(&["exact"]), ..PlaceFilter::default() };
    assert_eq!(base.store.places(&beginning, &page(5)).await.unwrap().rows[0].name, "Peshawar");
    let children = base.store.place(&country.id).await.unwrap().unwrap().children;
    assert!(children.iter().any(|c| c.name == "Balochistan"), "{children:?}");
    let parent = PlaceFilter { parent: vec![country.id], ..PlaceFilter::default() };
    assert_eq!(base.store.count_places(&parent, None).await.unwrap(), Total::Exact(children.len() as u64));
    assert!(base.store.provinces().await.unwrap().contains(&("Balochistan".into(), Some("PK".into()))));
}

#[tokio::test]
async fn pages_hold_every_row_once_in_order() {
    let base = populated().await;
    let mut many = Report::new("explosion.bomb", Some("2020-05-05"), Some(KABUL));
    for n in 0..25u32 {
        // Same day and toll for several, so that ties are broken.
        let day = format!("2019-01-{:02}", 1 + n % 4);
        many = Report::new("counter.arrest", Some(&day), None).text(&format!("Arrest number {n} in a series of many.")).killed(n % 3);
        base.report(&many).await;
    }
    drop(many);
    let keys = [SortKey::Date, SortKey::Killed, SortKey::Injured, SortKey::Updated, SortKey::Added];
    let sort = |key, descending| Sort { key, descending };
    let mut sorts: Vec<Vec<Sort>> = vec![vec![]];
    for key in keys {
        sorts.extend([vec![sort(key, true)], vec![sort(key, false)], vec![sort(key, false), sort(SortKey::Killed, true), sort(SortKey::Date, false)]]);
    }
    for sort in sorts {
        let whole = base.store.incidents(&IncidentFilter::default(), &Page { sort: sort.clone(), limit: 1000, after: None }).await.unwrap();
        assert!(whole.next.is_none());
        assert_eq!(whole.rows.len(), 30);
        let mut walked: Vec<IncidentRow> = Vec::new();
        let mut after: Option<Cursor> = None;
        loop {
            let part = base.store.incidents(&IncidentFilter::default(), &Page { sort: sort.clone(), limit: 7, after }).await.unwrap();
            walked.extend(part.rows);
            after = part.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(walked, whole.rows, "{sort:?}");
        let json = base.store.incidents_json(&IncidentFilter::default(), &Page { sort, limit: 1000, after: None }).await.unwrap();
        let parsed: Vec<IncidentRow> = json.rows.iter().map(|r| serde_json::from_str(r).unwrap()).collect();
        assert_eq!(parsed, whole.rows);
    }
    let capped = base.store.count_incidents(&IncidentFilter::default(), Some(29)).await.unwrap();
    assert_eq!(capped, Total::AtLeast(29));
    assert_eq!(base.store.count_incidents(&IncidentFilter::default(), Some(30)).await.unwrap(), Total::Exact(30));
}

#[tokio::test]
async fn hostile_values_are_only_values() {
    let base = populated().await;
    let store = &base.store;
    let long = "x".repeat(100_000);
    let hostile = ["'", "\"", "';--", "') or 1=1 --", "%", "_", "?", "?1", "$1", ":a", "@a", "\0", "\u{202e}", "😀", "null", "", &long];
    for text in hostile {
        let one = || vec![text.to_owned()];
        let some = || Some(text.to_owned());
        let all = IncidentFilter::default();
        let filters = [
            IncidentFilter { from: some(), ..all.clone() },
            IncidentFilter { to: some(), ..all.clone() },
            IncidentFilter { country: one(), ..all.clone() },
            IncidentFilter { admin1: one(), ..all.clone() },
            IncidentFilter { place: one(), ..all.clone() },
            IncidentFilter { kind: one(), ..all.clone() },
            IncidentFilter { actor: one(), ..all.clone() },
            IncidentFilter { perpetrator: one(), ..all.clone() },
            IncidentFilter { target_type: one(), ..all.clone() },
            IncidentFilter { weapon: one(), ..all.clone() },
            IncidentFilter { status: one(), ..all.clone() },
            IncidentFilter { certainty: one(), ..all.clone() },
            IncidentFilter { evidence_grade: one(), ..all.clone() },
            IncidentFilter { document: one(), ..all.clone() },
            IncidentFilter { source: one(), ..all.clone() },
            IncidentFilter { q: some(), ..all.clone() },
            IncidentFilter { updated_since: some(), ..all.clone() },
            IncidentFilter { id: one(), ..all },
        ];
        for filter in filters {
            store.incidents(&filter, &page(5)).await.unwrap();
            store.count_incidents(&filter, None).await.unwrap();
            store.timeline(&filter, Interval::Year).await.unwrap();
            store.breakdown(&filter, Dimension::Weapon, 5).await.unwrap();
            store.map(&filter, 5).await.unwrap();
        }
        store
            .statements(&StatementFilter { kind: one(), speaker: one(), incident: one(), document: one(), q: some(), ..StatementFilter::default() }, &page(5))
            .await
            .unwrap();
        store.documents(&DocumentFilter { source: one(), actor: one(), language: one(), q: some(), ..DocumentFilter::default() }, &page(5)).await.unwrap();
        store.actors(&ActorFilter { kind: one(), country: one(), q: some(), ..ActorFilter::default() }, &page(5)).await.unwrap();
        store.places(&PlaceFilter { country: one(), precision: one(), parent: one(), q: some() }, &page(5)).await.unwrap();
        store.figures(&FigureFilter { document: one(), place: one(), change: one(), q: some(), ..FigureFilter::default() }, &page(5)).await.unwrap();
        store.resolve_actor(text).await.unwrap();
        store.resolve_place(text).await.unwrap();
        store.network(text, 2).await.unwrap();
        store.history(text, text).await.unwrap();
        store.tombstone(text).await.unwrap();
        store.stored_texts(&one()).await.unwrap();
    }
    let extreme = BoundingBox { west: f64::MIN, south: f64::NEG_INFINITY, east: f64::NAN, north: f64::MAX };
    store.incidents(&IncidentFilter { bbox: Some(extreme), ..IncidentFilter::default() }, &page(5)).await.unwrap();
    let nowhere = Near { latitude: f64::NAN, longitude: f64::INFINITY, radius_km: -1.0 };
    store.incidents(&IncidentFilter { near: Some(nowhere), ..IncidentFilter::default() }, &page(5)).await.unwrap();
    assert_eq!(types(store, &IncidentFilter::default()).await.len(), 5);
    base.check_integrity().await;
}

#[tokio::test]
async fn sums_agree_with_the_list() {
    let base = populated().await;
    let store = &base.store;
    let all = IncidentFilter::default();
    let summary = store.summary(&all).await.unwrap();
    assert_eq!((summary.totals.n_incidents, summary.totals.killed, summary.n_without_place, summary.n_without_date), (5, 87, 0, 0));
    assert_eq!((summary.first_day.as_deref(), summary.last_day.as_deref(), summary.n_documents), (Some("2020-05-05"), Some("2023-02-02"), 6));
    let any = store.summary(&IncidentFilter { fictional: Fictional::Any, ..all.clone() }).await.unwrap();
    assert_eq!((any.totals.n_incidents, any.n_without_place, any.n_without_date, any.n_documents), (6, 1, 1, 7));
    let invented = store.summary(&IncidentFilter { fictional: Fictional::Only, ..all.clone() }).await.unwrap();
    assert_eq!((invented.totals.n_incidents, invented.n_documents, invented.n_statements), (1, 1, 0));
    let filters = [
        all.clone(),
        IncidentFilter { country: list(&["PK"]), ..all.clone() },
        IncidentFilter { fictional: Fictional::Any, ..all.clone() },
        IncidentFilter { fictional: Fictional::Only, ..all.clone() },
        IncidentFilter { kind: list(&["explosion.bomb", "explosion.ied"]), ..all.clone() },
        IncidentFilter { actor: list(&["tehreek-i-taliban-pakistan"]), from: Some("2020-01-01".into()), to: Some("2023-01-31".into()), ..all.clone() },
        IncidentFilter { suicide: Some(false), from: Some("2021-02-03".into()), ..all.clone() },
    ];
    for filter in filters {
        let n = store.count_incidents(&filter, None).await.unwrap();
        for interval in [Interval::Day, Interval::Week, Interval::Month, Interval::Year] {
            let buckets = store.timeline(&filter, interval).await.unwrap();
            assert_eq!(n, Total::Exact(buckets.iter().map(|b| b.totals.n_incidents).sum()), "{interval:?} {filter:?}");
        }
        // The same months by the roll-ups and, with a condition that changes nothing, without them.
        let counted = store.timeline(&IncidentFilter { status: list(&["machine", "confirmed"]), ..filter.clone() }, Interval::Month).await.unwrap();
        assert_eq!(store.timeline(&filter, Interval::Month).await.unwrap(), counted, "{filter:?}");
    }
    use Dimension::*;
    let dimensions = [Country, Admin1, Place, Class, Type, Actor, Perpetrator, TargetType, Weapon, Attribute, Source, Status, Certainty, EvidenceGrade, Year];
    for dimension in dimensions {
        let any = IncidentFilter { fictional: Fictional::Any, ..all.clone() };
        let buckets = store.breakdown(&any, dimension, 100).await.unwrap();
        let sum: u64 = buckets.iter().map(|b| b.totals.n_incidents).sum();
        assert!(sum >= 6, "{dimension:?}: an incident without a value is counted under the empty key");
    }
    let actors = store.breakdown(&all, Actor, 100).await.unwrap();
    assert!(actors.iter().any(|b| b.label.as_deref() == Some("Tehreek-i-Taliban Pakistan") && b.totals.killed == 87));
    let countries = store.breakdown(&all, Country, 2).await.unwrap();
    assert_eq!(countries.iter().map(|b| (b.key.as_str(), b.totals.n_incidents)).collect::<Vec<_>>(), [("AF", 2), ("PK", 2)]);
    let points = store.map(&all, 100).await.unwrap();
    assert_eq!((points.len(), points[0].killed, points[0].longitude), (5, 3, 67.014));
}
