//! A fresh base in a file of its own.

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use waqia::store::{Store, StoreOptions};

pub struct Base {
    pub store: Store,
    /// A second way in, past the store, for looking behind it.
    pub raw: SqlitePool,
    _folder: tempfile::TempDir,
}

impl Base {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("waqia.db");
        let store = Store::open(&path, StoreOptions { n_readers: 2, ..StoreOptions::default() }).await.unwrap();
        let raw = SqlitePool::connect_with(SqliteConnectOptions::new().filename(&path).foreign_keys(true)).await.unwrap();
        Self { store, raw, _folder: folder }
    }

    /// Pages, foreign keys, and every index that is kept beside the tables.
    pub async fn check_integrity(&self) {
        let pages: Vec<String> = sqlx::query_scalar("pragma integrity_check").fetch_all(&self.raw).await.unwrap();
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
