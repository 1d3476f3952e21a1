//! The log of changes.

use super::Writer;
use crate::store::StoreError;
use crate::store::error::Context;
use serde_json::{Map, Value, json};

impl Writer {
    /// Adds one entry to the log.
    pub(super) async fn log(&mut self, entry: Entry<'_>) -> Result<(), StoreError> {
        self.log_all(&[entry]).await
    }

    /// Adds entries to the log, in one statement.
    pub(super) async fn log_all(&mut self, entries: &[Entry<'_>]) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        let rows: Vec<Value> = entries.iter().map(|e| json!([e.entity, e.uid, e.action, e.why, e.before, e.after, e.successor])).collect();
        let (base, who, now) = (self.revision, self.who.clone(), self.now.clone());
        sqlx::query(
            "insert into revision (base, entity, uid, action, who, at, why, before, after, successor) \
             select ?, value ->> 0, value ->> 1, value ->> 2, ?, ?, value ->> 3, value ->> 4, value ->> 5, value ->> 6 from json_each(?)",
        )
        .bind(base)
        .bind(who)
        .bind(now)
        .bind(Value::Array(rows).to_string())
        .execute(self.connection())
        .await
        .context("log a change")?;
        Ok(())
    }
}

/// One change.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry<'a> {
    pub entity: &'static str,
    pub uid: &'a str,
    pub action: &'static str,
    pub why: &'a str,
    /// JSON of the changed members.
    pub before: Option<String>,
    pub after: Option<String>,
    pub successor: Option<&'a str>,
}

/// The members in which two JSON objects differ, as they were and as they are; none where both agree. What changes with every write
/// (`updated_at`, `revision`) is left out.
pub(super) fn difference(before: &Value, after: &Value) -> Option<(String, String)> {
    let (Value::Object(before), Value::Object(after)) = (before, after) else { return None };
    let mut was = Map::new();
    let mut is = Map::new();
    for key in before.keys().chain(after.keys()).filter(|k| !matches!(k.as_str(), "updated_at" | "revision")) {
        let (old, new) = (before.get(key).unwrap_or(&Value::Null), after.get(key).unwrap_or(&Value::Null));
        if old != new {
            was.insert(key.clone(), old.clone());
            is.insert(key.clone(), new.clone());
        }
    }
    (!is.is_empty()).then(|| (Value::Object(was).to_string(), Value::Object(is).to_string()))
}
