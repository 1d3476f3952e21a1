//! A fresh base in a file of its own, and records made by hand to put into it.

use jiff::Timestamp;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use sqlx::{ConnectOptions, Connection};
use std::sync::{Arc, OnceLock};
use waqia::ingest::{self, Outcome};
use waqia::lexicon::Lexicon;
use waqia::model::Record;
use waqia::model::document::Article;
use waqia::store::{Store, StoreOptions};

/// The lexicon compiled in; loaded once for all tests.
pub fn lexicon() -> Arc<Lexicon> {
    static LEXICON: OnceLock<Arc<Lexicon>> = OnceLock::new();
    Arc::clone(LEXICON.get_or_init(|| Arc::new(Lexicon::embedded().unwrap())))
}

/// When all tests take place.
pub fn now() -> Timestamp {
    "2024-05-01T10:00:00Z".parse().unwrap()
}

pub struct Base {
    pub store: Store,
    /// A second way in, past the store, for looking behind it.
    pub raw: SqlitePool,
    pub folder: tempfile::TempDir,
}

impl Base {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("waqia.db");
        let store = Store::open(&path, StoreOptions { n_readers: 2, ..StoreOptions::default() }).await.unwrap();
        let raw = SqlitePool::connect_with(SqliteConnectOptions::new().filename(&path).foreign_keys(true)).await.unwrap();
        Self { store, raw, folder }
    }

    /// With the lexicon's actors.
    pub async fn with_actors() -> Self {
        let base = Self::new().await;
        ingest::seed::lexicon(&base.store, &lexicon(), now()).await.unwrap();
        base
    }

    /// Stores one report; gives the id of its document.
    pub async fn report(&self, report: &Report) -> String {
        let mut writer = self.store.write(now(), "test").await.unwrap();
        let outcome = ingest::record(&mut writer, report.article(), report.record(), &lexicon()).await.unwrap();
        writer.commit().await.unwrap();
        match outcome {
            Outcome::Stored { document, .. } | Outcome::Existing { document } => document,
            Outcome::Failed { problem } => panic!("{problem}"),
        }
    }

    /// Pages, foreign keys, and everything that is kept beside the tables.
    pub async fn check_integrity(&self) {
        // By a connection of its own: an older one goes by the segments of the full-text index that it has read, which may have been packed.
        let mut fresh = SqliteConnectOptions::new().filename(self.store.path()).connect().await.unwrap();
        let pages: Vec<String> = sqlx::query_scalar("pragma integrity_check").fetch_all(&mut fresh).await.unwrap();
        fresh.close().await.unwrap();
        assert_eq!(pages, ["ok"]);
        let keys = sqlx::query("pragma foreign_key_check").fetch_all(&self.raw).await.unwrap();
        assert!(keys.is_empty(), "{} broken references", keys.len());
        // With rank 1 the words are compared with the content, not only the index with itself.
        sqlx::query("insert into search (search, rank) values ('integrity-check', 1)").execute(&self.raw).await.expect("the full-text index is in step");
        self.check_none("select id from incident where (longitude is not null) <> (id in (select id from incident_rtree))").await;
        self.check_none("select r.id from incident_rtree r left join incident i on i.id = r.id where i.id is null").await;
        self.check_none("select id from incident where id not in (select id from incident_doc)").await;
        self.check_none("select i.id from incident i join incident_facet f on f.incident_id = i.id where f.day <> i.day").await;
        self.check_rollup("country", "coalesce(country, '')").await;
        self.check_rollup("type", "type").await;
        let actors = "select f.value, substr(i.day, 1, 7), count(*), sum(max(i.killed_key, 0)), sum(max(i.injured_key, 0)) from incident i \
                      join incident_facet f on f.incident_id = i.id and f.facet = 'actor' where i.shown = 1 group by 1, 2 order by 1, 2";
        self.check_same("select actor, month, n_incidents, killed, injured from rollup_actor where n_incidents <> 0 order by 1, 2", actors).await;
    }

    async fn check_rollup(&self, name: &str, column: &str) {
        let kept = format!("select {name}, month, n_incidents, killed, injured from rollup_{name} where n_incidents <> 0 order by 1, 2");
        let counted = format!(
            "select {column}, substr(day, 1, 7), count(*), sum(max(killed_key, 0)), sum(max(injured_key, 0)) from incident where shown = 1 group by 1, 2 order by 1, 2"
        );
        self.check_same(&kept, &counted).await;
    }

    async fn check_same(&self, kept: &str, counted: &str) {
        type Row = (String, String, i64, i64, i64);
        let kept: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(kept.to_owned())).fetch_all(&self.raw).await.unwrap();
        let counted: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(counted.to_owned())).fetch_all(&self.raw).await.unwrap();
        assert_eq!(kept, counted);
    }

    async fn check_none(&self, sql: &'static str) {
        let found = sqlx::query(sql).fetch_all(&self.raw).await.unwrap();
        assert!(found.is_empty(), "{} rows of: {sql}", found.len());
    }
}

/// A document with one incident, by hand: what the engine would find, without the engine.
#[derive(Clone, Debug)]
pub struct Report {
    pub text: String,
    pub source: &'static str,
    pub published: &'static str,
    pub fictional: bool,
    pub incident: Value,
    pub actors: Vec<Value>,
    pub statements: Vec<Value>,
    pub relations: Vec<Value>,
    pub figures: Vec<Value>,
}

/// Where an incident of a test happens.
#[derive(Clone, Copy, Debug)]
pub struct Spot(pub &'static str, pub &'static str, pub &'static str, pub f64, pub f64);

pub const PESHAWAR: Spot = Spot("Peshawar", "Khyber Pakhtunkhwa", "PK", 34.008, 71.579);
pub const QUETTA: Spot = Spot("Quetta", "Balochistan", "PK", 30.184, 67.014);
pub const KABUL: Spot = Spot("Kabul", "Kabul", "AF", 34.528, 69.172);
pub const SUVA: Spot = Spot("Suva", "Central", "FJ", -18.142, 178.441);

impl Report {
    /// A reported incident of that type, on that day (none: unknown), there.
    pub fn new(kind: &str, day: Option<&str>, spot: Option<Spot>) -> Self {
        let date = day.map(|d| json!({"start": d, "end": d, "precision": "day"}));
        let place = spot.map(|Spot(name, admin1, country, latitude, longitude)| {
            json!({"name": name, "mention": name, "site": null, "admin2": null, "admin1": admin1, "country": country,
                   "latitude": latitude, "longitude": longitude, "precision": "exact"})
        });
        let text = format!("Report of {kind} on {day:?} in {spot:?}. Police said so.");
        let incident = json!({
            "type": kind, "background": false, "certainty": "reported", "date": date, "place": place, "participants": [], "weapons": [],
            "killed": null, "injured": null, "attributes": [], "summary": text, "confidence": 0.8,
            "evidence": [{"field": "type", "start": 0, "end": 6, "text": "Report", "rule": "trigger.test"}],
        });
        Self {
            text,
            source: "Agency",
            published: "2024-01-01",
            fictional: false,
            incident,
            actors: vec![],
            statements: vec![],
            relations: vec![],
            figures: vec![],
        }
    }

    pub fn with(mut self, member: &str, value: Value) -> Self {
        self.incident[member] = value;
        self
    }

    pub fn text(mut self, text: &str) -> Self {
        self.text = text.to_owned();
        self.incident["summary"] = json!(text);
        self
    }

    pub fn from(mut self, source: &'static str, published: &'static str) -> Self {
        self.source = source;
        self.published = published;
        // Another publisher has other words.
        self.text = format!("{} {source} {published}", self.text);
        self
    }

    pub fn killed(self, n: u32) -> Self {
        self.with("killed", json!({"low": n, "best": n, "high": n}))
    }

    /// Adds a participant that the lexicon or another document may know by name.
    pub fn party(mut self, role: &str, kind: &str, name: &str, key: Option<&str>) -> Self {
        let party =
            json!({"name": name, "actor": key, "kind": kind, "role": role, "count": null, "mentions": [name], "target_type": null, "asserted_by": null});
        self.incident["participants"].as_array_mut().unwrap().push(party);
        let actor_type = if kind == "person" { "person.other" } else { "armed.rebel" };
        self.actors.push(json!({"name": name, "actor": key, "type": actor_type, "description": null,
            "mentions": [{"start": 0, "end": 6, "text": "Report"}], "titles": ["Commander"], "affiliation": null, "candidates": []}));
        self
    }

    /// Adds a statement about the incident by the actor of that index.
    pub fn statement(mut self, kind: &str, speaker: u32, words: &str) -> Self {
        let name = self.actors[speaker as usize]["name"].clone();
        self.statements.push(json!({"kind": kind, "mode": "indirect",
            "speaker": {"name": name, "actor": null, "index": speaker, "start": 0, "end": 6, "text": "Report", "affiliation": null, "on_behalf_of": null},
            "cue": {"start": 7, "end": 9, "text": "of"}, "addressee": null, "content": [{"start": 0, "end": 6, "text": words}],
            "quotes": [], "said_on": null, "about": [0], "confidence": 0.9}));
        self
    }

    pub fn article(&self) -> Article {
        Article {
            title: Some(self.text.chars().take(60).collect()),
            published: Some(self.published.parse().unwrap()),
            source: Some(self.source.to_owned()),
            fictional: self.fictional,
            media_type: "text/plain".to_owned(),
            text: self.text.clone(),
            ..Article::default()
        }
    }

    pub fn record(&self) -> Record {
        let places: Vec<Value> = self.incident["place"]
            .as_object()
            .map(|p| json!({"start": 0, "end": 6, "text": p["name"], "name": p["name"], "country": p["country"], "latitude": p["latitude"], "longitude": p["longitude"], "gazetteer": null}))
            .into_iter()
            .collect();
        serde_json::from_value(json!({
            "id": "t", "engine": "test", "lexicon": "sha256:test",
            "document": {"published": self.published, "published_from": "input", "dateline": null, "language": "en"},
            "incidents": [self.incident], "actors": self.actors, "statements": self.statements, "relations": self.relations,
            "figures": self.figures, "places": places, "notes": [],
        }))
        .unwrap()
    }
}
