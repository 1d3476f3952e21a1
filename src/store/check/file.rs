//! The file itself, as SQLite sees it, and the tables in it.

use super::Probe;
use crate::store::open::MIGRATOR;
use futures_util::TryStreamExt;
use sqlx::sqlite::{SqliteConnection, SqlitePoolOptions};
use std::collections::BTreeMap;

type Schema = BTreeMap<(String, String), String>;

/// Pages, cells, indexes against their tables, and the inside of the full-text index and the tree of boxes.
pub(super) async fn structure(probe: &mut Probe) -> Result<(), sqlx::Error> {
    // One by one: it may break off, and what was found before counts.
    let mut found = sqlx::query_scalar::<_, String>("pragma integrity_check(1000)").fetch(&mut probe.connection);
    while let Some(fault) = found.try_next().await? {
        if fault != "ok" {
            probe.faults.add(|| fault);
        }
    }
    Ok(())
}

pub(super) async fn references(probe: &mut Probe) -> Result<(), sqlx::Error> {
    let found: Vec<(String, Option<i64>, String, i64)> = sqlx::query_as("pragma foreign_key_check").fetch_all(&mut probe.connection).await?;
    for (table, row, parent, _) in found {
        probe.fault(|| format!("{table} {}: its {parent} is not there", row.map(|r| r.to_string()).unwrap_or_default()));
    }
    Ok(())
}

/// A flipped bit in the text of an index or trigger changes what SQLite does.
pub(super) async fn schema(probe: &mut Probe) -> Result<(), sqlx::Error> {
    let fresh = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    MIGRATOR.run(&fresh).await.map_err(|e| sqlx::Error::Migrate(Box::new(e)))?;
    let wanted = read(&mut *fresh.acquire().await?).await?;
    let there = read(&mut probe.connection).await?;
    for ((kind, name), sql) in &wanted {
        match there.get(&(kind.clone(), name.clone())) {
            None => probe.fault(|| format!("{kind} {name} is missing")),
            Some(other) if other != sql => probe.fault(|| format!("{kind} {name} is not as it was made: {other}")),
            Some(_) => {}
        }
    }
    for (kind, name) in there.keys().filter(|key| !wanted.contains_key(key)) {
        probe.fault(|| format!("{kind} {name} is not ours"));
    }
    fresh.close().await;
    Ok(())
}

/// Without what SQLite keeps for itself (statistics).
async fn read(connection: &mut SqliteConnection) -> Result<Schema, sqlx::Error> {
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("select type, name, coalesce(sql, '') from sqlite_schema where name not like 'sqlite\\_stat%' escape '\\'")
            .fetch_all(connection)
            .await?;
    Ok(rows.into_iter().map(|(kind, name, sql)| ((kind, name), sql)).collect())
}
