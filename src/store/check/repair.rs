//! A damaged base made anew: its rows are copied to another file, and everything derived is derived from them. Rows are never changed.

use super::views::DIFFERING;
use crate::model::id::fold_name;
use crate::store::error::Context;
use crate::store::inspect::is_damage;
use crate::store::swap::{self, Held};
use crate::store::writer::{Whose, first_line, make_keys};
use crate::store::{Store, StoreError, StoreOptions, Writer};
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, SqliteConnection};
use std::path::{Path, PathBuf};

/// Tables whose rows are made of others: where one cannot be read, it is left empty and made anew.
const DERIVED: [&str; 12] = [
    "search_entry",
    "incident_doc",
    "incident_facet",
    "rollup_country",
    "rollup_type",
    "rollup_actor",
    "actor_key",
    "document_band",
    "document_sketch",
    "document_name",
    "report_window",
    "report_edge",
];

/// A base that is being made anew in another file.
#[derive(Debug)]
pub struct Rebuilt {
    base: PathBuf,
    made: PathBuf,
    held: Option<Held>,
}

impl Rebuilt {
    /// Takes the base `base`, so that nobody else has it open, and copies its rows.
    ///
    /// # Errors
    /// When somebody has it open, or rows that cannot be made anew cannot be read.
    pub async fn begin(base: &Path) -> Result<Self, StoreError> {
        let mut held = Held::take(base).await?;
        let made = swap::beside(base, "unfinished");
        // Dropped on failure, which removes the file.
        let mut rebuilt = Self { base: base.to_owned(), made, held: None };
        Store::open(&rebuilt.made, StoreOptions::default()).await?.close().await;
        let Some(connection) = held.connection() else {
            let problem = "it is too damaged to be read; put a backup in its place with `waqia restore`".to_owned();
            return Err(StoreError::Unusable { path: base.to_owned(), problem });
        };
        match copy(connection, base, &rebuilt.made).await {
            Ok(()) => {
                rebuilt.held = Some(held);
                Ok(rebuilt)
            }
            Err(e) => {
                // It has the new file open as well.
                held.release().await;
                Err(e)
            }
        }
    }

    /// The new file.
    pub fn path(&self) -> &Path {
        &self.made
    }

    /// Puts the new file, which is closed, in the place of the old one; gives the name that the old one has now.
    ///
    /// # Errors
    /// When files cannot be renamed.
    pub async fn finish(mut self, now: Timestamp) -> Result<Option<PathBuf>, StoreError> {
        let Some(held) = self.held.take() else { return Ok(None) };
        swap::flush(&self.made)?;
        let kept = swap::beside(&self.base, &format!("before-repair-{}", now.strftime("%Y%m%dT%H%M%SZ")));
        swap::exchange(held, &self.made, &self.base, &kept).await
    }
}

impl Drop for Rebuilt {
    fn drop(&mut self) {
        swap::remove(&self.made);
    }
}

async fn copy(connection: &mut SqliteConnection, base: &Path, made: &Path) -> Result<(), StoreError> {
    const WHAT: &str = "copy the rows of the base";
    sqlx::query("attach ? as made").bind(made.to_string_lossy()).execute(&mut *connection).await.context(WHAT)?;
    // Each table is a transaction of its own: after a broken page SQLite would refuse the rest of one. A file that is not finished is removed.
    // Texts before what is searched: the triggers of the new file index words as entries come in.
    let tables: Vec<String> = sqlx::query_scalar(
        "select l.name from pragma_table_list l where l.schema = 'made' and l.type = 'table' and l.name not like 'sqlite\\_%' escape '\\' \
         and l.name not like '\\_sqlx%' escape '\\' order by l.name = 'search_entry', l.name",
    )
    .fetch_all(&mut *connection)
    .await
    .context(WHAT)?;
    for table in &tables {
        match copy_table(connection, table).await {
            Ok(()) => {}
            Err(e) if DERIVED.contains(&table.as_str()) && (is_damage(&e) || is_refused(&e)) => {}
            Err(e) => {
                let problem = format!("the rows of {table} cannot be read ({e}); put a backup in its place with `waqia restore`");
                return Err(StoreError::Unusable { path: base.to_owned(), problem });
            }
        }
    }
    sqlx::query("detach made").execute(connection).await.context(WHAT)?;
    Ok(())
}

/// Copies all stored columns; a row that cannot be read or has no place undoes those before.
async fn copy_table(connection: &mut SqliteConnection, table: &str) -> Result<(), sqlx::Error> {
    let columns: Vec<String> = sqlx::query_scalar("select '\"' || name || '\"' from pragma_table_xinfo(?, 'made') where hidden = 0 order by cid")
        .bind(table)
        .fetch_all(&mut *connection)
        .await?;
    let columns = columns.join(", ");
    // `not indexed`: the table itself is read, whatever its indexes say. `where true` keeps SQLite from moving whole
    // cells unread. Names are those of our own migrations.
    for sql in [
        // Migrations fill some tables.
        format!("delete from made.\"{table}\""),
        format!("insert into made.\"{table}\" ({columns}) select {columns} from main.\"{table}\" not indexed where true"),
    ] {
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *connection).await?;
    }
    Ok(())
}

/// A constraint of the new file does not let a row in.
fn is_refused(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(e) if e.code().and_then(|c| c.parse::<u32>().ok()).is_some_and(|c| c & 0xFF == 19))
}

/// Search entries that are missing or wrong, by kind: what they should say.
const ENTRIES: [&str; 3] = [
    "delete from search_entry where case kind when 'document' then entity_id not in (select id from document) when 'incident' then \
     entity_id not in (select id from incident) when 'statement' then entity_id not in (select id from statement) else entity_id not in (select id from actor) end",
    "insert into search_entry (kind, entity_id, uid, title, day, body) \
     select 'statement', id, uid, coalesce(speaker_name, speaker_text, ''), day, content from statement where true order by id \
     on conflict (kind, entity_id) do update set uid = excluded.uid, title = excluded.title, day = excluded.day, body = excluded.body \
     where uid <> excluded.uid or title <> excluded.title or day <> excluded.day or body <> excluded.body",
    "insert into search_entry (kind, entity_id, uid, title, day, body) \
     select 'actor', a.id, a.uid, a.name, '', coalesce((select group_concat(n.name, ' · ') from actor_name n where n.actor_id = a.id), '') \
     from actor a where true order by a.id \
     on conflict (kind, entity_id) do update set uid = excluded.uid, title = excluded.title, day = excluded.day, body = excluded.body \
     where uid <> excluded.uid or title <> excluded.title or day <> excluded.day or body <> excluded.body",
];

/// Sums by month, counted from the incidents.
const SUMS: [&str; 6] = [
    "delete from rollup_country",
    "insert into rollup_country select coalesce(country, ''), substr(day, 1, 7), count(*), sum(max(killed_key, 0)), sum(max(injured_key, 0)) \
     from incident where shown = 1 group by 1, 2",
    "delete from rollup_type",
    "insert into rollup_type select type, substr(day, 1, 7), count(*), sum(max(killed_key, 0)), sum(max(injured_key, 0)) \
     from incident where shown = 1 group by 1, 2",
    "delete from rollup_actor",
    "insert into rollup_actor select f.value, substr(i.day, 1, 7), count(*), sum(max(i.killed_key, 0)), sum(max(i.injured_key, 0)) \
     from incident i join incident_facet f on f.incident_id = i.id and f.facet = 'actor' where i.shown = 1 group by 1, 2",
];

impl Writer {
    /// Makes names and keys to look up by, and the search entries of all but incidents anew where they are wrong. Incidents get a list view
    /// that can be compared with.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn mend_lookups(&mut self) -> Result<(), StoreError> {
        const WHAT: &str = "mend what things are found by";
        for (read, write) in [
            ("select id, name, folded from actor_name", "update actor_name set folded = ? where id = ?"),
            ("select id, name, folded from place", "update place set folded = ? where id = ?"),
        ] {
            let rows: Vec<(i64, String, String)> = sqlx::query_as(read).fetch_all(self.connection()).await.context(WHAT)?;
            for (number, name, folded) in rows {
                let right = fold_name(&name);
                if right != folded {
                    sqlx::query(write).bind(right).bind(number).execute(self.connection()).await.context(WHAT)?;
                }
            }
        }
        make_keys(self.connection(), Whose::All).await?;
        for sql in ENTRIES {
            sqlx::query(sql).execute(self.connection()).await.context(WHAT)?;
        }
        self.mend_titles().await?;
        for sql in
            ["insert or ignore into incident_doc (id, doc) select id, '{}' from incident", "update incident_doc set doc = '{}' where not json_valid(doc)"]
        {
            sqlx::query(sql).execute(self.connection()).await.context(WHAT)?;
        }
        Ok(())
    }

    async fn mend_titles(&mut self) -> Result<(), StoreError> {
        const WHAT: &str = "mend what documents are found by";
        let mut last = i64::MIN;
        loop {
            let rows: Vec<(i64, String, Option<String>, String, String)> = sqlx::query_as(
                "select d.id, d.uid, d.title, d.day, t.text from document d join document_text t on t.document_id = d.id where d.id > ? order by d.id limit 200",
            )
            .bind(last)
            .fetch_all(self.connection())
            .await
            .context(WHAT)?;
            let Some(end) = rows.last().map(|r| r.0) else { return Ok(()) };
            for (number, uid, title, day, text) in rows {
                let title = title.unwrap_or_else(|| first_line(&text).to_owned());
                self.set_search_entry("document", number, &uid, &title, &day, "").await?;
            }
            last = end;
        }
    }

    /// Incidents whose columns and list view do not say the same.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn differing_incidents(&mut self) -> Result<Vec<i64>, StoreError> {
        sqlx::query_scalar(AssertSqlSafe(format!("select i.id {DIFFERING}"))).fetch_all(self.connection()).await.context("compare incidents")
    }

    /// The key of an incident that the log knows under its id; the time it was made is the log's.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn known_incident(&mut self, number: i64) -> Result<Option<super::super::IncidentKey>, StoreError> {
        const WHAT: &str = "look up an incident in the log";
        let found: Option<(String, String)> = sqlx::query_as(
            "select i.uid, r.at from incident i join revision r on r.entity = 'incident' and r.uid = i.uid and r.action = 'created' where i.id = ? \
             order by r.id limit 1",
        )
        .bind(number)
        .fetch_optional(self.connection())
        .await
        .context(WHAT)?;
        let Some((uid, at)) = found else { return Ok(None) };
        sqlx::query("update incident set created_at = ?2 where id = ?1 and created_at <> ?2")
            .bind(number)
            .bind(at)
            .execute(self.connection())
            .await
            .context(WHAT)?;
        self.find_incident(&uid).await
    }

    /// Stores the signature and bands of a document again.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn mend_bands(&mut self, document: i64, bands: &[u32]) -> Result<(), StoreError> {
        const WHAT: &str = "mend a document's bands";
        sqlx::query("delete from document_band where document_id = ?").bind(document).execute(self.connection()).await.context(WHAT)?;
        sqlx::query("insert into document_band (band, hash, document_id) select key, value, ? from json_each(?)")
            .bind(document)
            .bind(serde_json::json!(bands).to_string())
            .execute(self.connection())
            .await
            .context(WHAT)?;
        Ok(())
    }

    /// Counts the sums by month anew.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn mend_sums(&mut self) -> Result<(), StoreError> {
        for sql in SUMS {
            sqlx::query(sql).execute(self.connection()).await.context("count the sums by month")?;
        }
        Ok(())
    }
}
