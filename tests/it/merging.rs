//! When documents tell one incident: cases that coders get wrong, each in texts of our own, read by the engine and stored.

use crate::base::{Base, lexicon};
use std::collections::BTreeSet;
use std::sync::Arc;
use waqia::ingest::{self, Settings};
use waqia::model::document::Article;
use waqia::model::incident::IncidentRow;
use waqia::store::filter::{IncidentFilter, Page};

/// Source, day of publication (empty: none), text.
type Doc<'t> = (&'t str, &'t str, &'t str);

fn article(&(source, published, text): &Doc<'_>) -> Article {
    Article {
        source: Some(source.to_owned()),
        published: published.parse().ok(),
        media_type: "text/plain".to_owned(),
        text: text.to_owned(),
        ..Article::default()
    }
}

async fn store(base: &Base, documents: &[Doc<'_>], batch: usize) {
    let settings = Settings { batch, ..Settings::new(crate::base::now(), "test") };
    let articles: Vec<_> = documents.iter().map(|d| Ok(article(d))).collect();
    ingest::documents(&base.store, Arc::clone(&lexicon()), articles, &settings, |_| {}).await.unwrap();
}

/// Violent incidents of a base, those with most reports first.
async fn violence(base: &Base) -> Vec<IncidentRow> {
    let mut rows = base.store.incidents(&IncidentFilter::default(), &Page { limit: 200, ..Page::default() }).await.unwrap().rows;
    rows.retain(|i| ["attack", "clash", "explosion", "operation", "remote"].contains(&i.kind.split('.').next().unwrap()));
    rows.sort_by(|a, b| b.n_reports.cmp(&a.n_reports).then(a.id.cmp(&b.id)));
    rows
}

async fn told(documents: &[Doc<'_>]) -> Vec<IncidentRow> {
    let base = Base::new().await;
    store(&base, documents, 1).await;
    let rows = violence(&base).await;
    base.check_integrity().await;
    rows
}

#[track_caller]
fn n_reports(rows: &[IncidentRow], expect: &[u32]) {
    let found: Vec<u32> = rows.iter().map(|i| i.n_reports).collect();
    assert_eq!(found, expect, "{:#?}", rows.iter().map(|i| (&i.kind, i.date, &i.place, i.killed, &i.summary)).collect::<Vec<_>>());
}

fn killed(row: &IncidentRow) -> (Option<u32>, Option<u32>, Option<u32>) {
    row.killed.map_or((None, None, None), |k| (k.low, k.best, k.high))
}

#[tokio::test]
async fn two_killings_of_different_people_stay_apart() {
    let one_day = [
        ("A", "2024-05-06", "Gunmen shot dead a schoolteacher, Hamid Gul, in Mardan on Monday, police said."),
        ("B", "2024-05-06", "Gunmen shot dead a shopkeeper, Naseer Ahmed, in Mardan on Monday, police said."),
    ];
    n_reports(&told(&one_day).await, &[1, 1]);
    let two_days = [
        ("A", "2024-05-06", "Gunmen on a motorcycle shot dead a policeman in Tank on Monday."),
        ("B", "2024-05-08", "Gunmen on a motorcycle shot dead a policeman in Tank on Wednesday."),
    ];
    n_reports(&told(&two_days).await, &[1, 1]);
}

#[tokio::test]
async fn an_attack_told_as_clash_or_raid_is_one() {
    let attack = [
        ("A", "2024-05-07", "Militants attacked a checkpost in Bannu on Monday, killing three soldiers."),
        ("B", "2024-05-07", "Three soldiers were killed in a clash with militants at a checkpost in Bannu on Monday, the army said."),
    ];
    n_reports(&told(&attack).await, &[2]);
    let raid = [
        ("A", "2024-05-07", "Troops killed five militants in a raid on a hideout in Wana on Monday."),
        ("B", "2024-05-07", "Five militants were killed in a gunfight with troops in Wana on Monday."),
    ];
    n_reports(&told(&raid).await, &[2]);
}

const BLAST: Doc<'_> = ("A", "2024-05-06", "A bomb killed nine people at a bazaar in Quetta on Monday, police said.");

#[tokio::test]
async fn a_toll_rises_over_three_days() {
    let documents = [
        BLAST,
        ("B", "2024-05-07", "The death toll in Monday's bazaar bombing in Quetta rose to 12 on Tuesday, doctors said."),
        ("C", "2024-05-08", "The death toll in Monday's bazaar bombing in Quetta rose to 15 on Wednesday, officials said."),
    ];
    let rows = told(&documents).await;
    n_reports(&rows, &[3]);
    assert_eq!(killed(&rows[0]), (Some(9), Some(15), Some(15)));
}

#[tokio::test]
async fn a_toll_is_corrected_downward() {
    let documents = [
        ("A", "2024-05-06", "A bomb killed 20 people at a bazaar in Quetta on Monday, police said."),
        ("B", "2024-05-07", "Monday's bombing at a bazaar in Quetta killed 14 people, officials said on Tuesday."),
    ];
    let rows = told(&documents).await;
    n_reports(&rows, &[2]);
    assert_eq!(killed(&rows[0]), (Some(14), Some(14), Some(20)));
}

#[tokio::test]
async fn a_claim_two_days_later_and_a_follow_up_a_week_later_join() {
    let claim = (
        "B",
        "2024-05-08",
        "The Baloch Liberation Army claimed responsibility on Wednesday for Monday's bombing at a bazaar in Quetta, which killed nine people.",
    );
    n_reports(&told(&[BLAST, claim]).await, &[2]);
    let later = ("C", "2024-05-14", "Police arrested two men in Quetta on Monday. A bomb killed nine people at a bazaar in Quetta on May 6.");
    n_reports(&told(&[BLAST, later]).await, &[2]);
}

#[tokio::test]
async fn an_anniversary_is_not_the_event_of_this_year() {
    let anniversary = ("B", "2024-05-07", "Quetta remembered the victims of a bomb that killed nine people at a bazaar in the city on May 6, 2023.");
    n_reports(&told(&[BLAST, anniversary]).await, &[1, 1]);
}

#[tokio::test]
async fn a_roundup_joins_the_reports_of_each() {
    let single = [
        ("A", "2024-05-07", "Gunmen killed two policemen in Tank on Monday."),
        ("B", "2024-05-07", "A roadside bomb killed four soldiers in Miran Shah on Monday."),
        ("C", "2024-05-07", "A grenade attack on a shop injured six people in Khuzdar on Monday."),
        ("D", "2024-05-07", "Militants killed a tribal elder in Khar on Monday."),
        ("E", "2024-05-07", "A suicide bomber killed eleven people at a mosque in Peshawar on Monday."),
    ];
    let roundup = "Gunmen killed two policemen in Tank on Monday. In Miran Shah, a roadside bomb killed four soldiers on Monday. A grenade attack on a shop injured \
                   six people in Khuzdar on Monday. Militants killed a tribal elder in Khar on Monday. A suicide bomber killed eleven people at a mosque in \
                   Peshawar on Monday.";
    let documents: Vec<Doc<'_>> = single.into_iter().chain([("R", "2024-05-07", roundup)]).collect();
    n_reports(&told(&documents).await, &[2, 2, 2, 2, 2]);
}

#[tokio::test]
async fn a_weekday_and_a_date_are_one_day() {
    let documents = [
        ("A", "2024-05-05", "Gunmen broke into a hotel in Gwadar on Saturday and killed five people."),
        ("B", "2024-05-06", "At least five people were killed when armed men stormed a hotel in the port of Gwadar on May 4."),
    ];
    n_reports(&told(&documents).await, &[2]);
}

#[tokio::test]
async fn what_has_no_date_joins_nothing_by_place_alone() {
    let documents = [BLAST, ("B", "", "A bomb killed four people near a bridge in Quetta.")];
    n_reports(&told(&documents).await, &[1, 1]);
    let copies =
        [("A", "2024-05-06", "A bomb exploded in Mastung, injuring two people."), ("A", "2024-06-20", "A bomb exploded in Mastung, injuring two people. ")];
    n_reports(&told(&copies).await, &[1, 1]);
    let mondays =
        [("A", "2024-05-06", "Gunmen killed two policemen in Tank on Monday."), ("A", "2024-05-13", "Gunmen killed two policemen in Tank on Monday. ")];
    n_reports(&told(&mondays).await, &[1, 1]);
}

#[tokio::test]
async fn a_reprint_under_another_headline_is_one_source() {
    let story = "Gunmen on motorcycles opened fire on a bus near the bazaar in Khuzdar on Monday, killing seven labourers who were on their way home, officials said. \
                 The attackers fled towards the hills before troops came. Hospitals in the town asked for blood, and shops stayed shut for the rest of the day. \
                 The road to the coast was closed until late in the evening, and buses to the south did not leave before the next morning.";
    let shorter = story.split_once(" Hospitals").unwrap().0;
    let reprint = format!("KHUZDAR (Agency) – {story}");
    for copy in [reprint.as_str(), shorter] {
        let rows = told(&[("A", "2024-05-07", story), ("B", "2024-05-07", copy)]).await;
        assert_eq!((rows[0].n_reports, rows[0].n_sources), (2, 1), "{copy}");
    }
}

#[tokio::test]
async fn other_victims_sites_and_times_of_one_town_and_day_stay_apart() {
    let blasts = [
        ("A", "2024-05-06", "A bomb killed four soldiers in Quetta on Monday morning."),
        ("B", "2024-05-06", "A second bomb wounded seven people at the bus station in Quetta on Monday evening."),
    ];
    n_reports(&told(&blasts).await, &[1, 1]);
    let strikes = [
        ("A", "2024-05-06", "A drone strike on a truck killed five people in Marib on Monday."),
        ("B", "2024-05-06", "A drone strike on a school killed two teachers in Marib on Monday."),
    ];
    n_reports(&told(&strikes).await, &[1, 1]);
}

/// Reports of each incident, by their ids.
async fn partition(base: &Base) -> BTreeSet<BTreeSet<String>> {
    let rows: Vec<(i64, String)> = sqlx::query_as("select incident_id, uid from report").fetch_all(&base.raw).await.unwrap();
    let mut by_incident = std::collections::BTreeMap::<i64, BTreeSet<String>>::new();
    for (incident, uid) in rows {
        by_incident.entry(incident).or_default().insert(uid);
    }
    by_incident.into_values().collect()
}

/// Documents of some dozen incidents in a few towns and days, so that many are near to each other.
fn many() -> Vec<(String, String, String)> {
    let towns = ["Quetta", "Tank", "Peshawar"];
    let told = [
        "A bomb killed {n} people at a bazaar in {town} on {day}, police said.",
        "The death toll in {day}'s bazaar bombing in {town} rose to {n}, doctors said.",
        "Gunmen shot dead {n} policemen at a checkpost in {town} on {day}.",
        "{n} policemen were killed in a gunfight at a checkpost in {town} on {day}, an official said.",
        "A bomb exploded in {town}, killing {n} people.",
    ];
    let days = [("Monday", 6), ("Tuesday", 7), ("Wednesday", 8)];
    let mut documents = Vec::new();
    for (i, town) in towns.into_iter().enumerate() {
        for (j, (day, date)) in days.into_iter().enumerate() {
            for (k, text) in told.into_iter().enumerate() {
                let n = ["three", "four", "nine", "12"][(i + j + k) % 4];
                let text = text.replace("{n}", n).replace("{town}", town).replace("{day}", day);
                documents.push((format!("{k}"), format!("2024-05-{:02}", date + (k + i) % 2), text));
            }
        }
    }
    documents
}

#[tokio::test]
async fn the_order_of_arrival_makes_no_difference() {
    let documents = many();
    let documents: Vec<Doc<'_>> = documents.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
    let mut first: Option<BTreeSet<BTreeSet<String>>> = None;
    for (round, batch) in [(0, 1), (1, 7), (2, 200), (3, 3)] {
        let mut shuffled = documents.clone();
        shuffled.sort_by_key(|d| waqia::model::id::sha256(&format!("{round} {}", d.2)));
        let base = Base::new().await;
        store(&base, &shuffled, batch).await;
        let found = partition(&base).await;
        base.check_integrity().await;
        assert!(found.len() < documents.len(), "something is merged");
        match &first {
            Some(first) => assert_eq!(first, &found, "round {round}"),
            None => first = Some(found),
        }
    }
}
