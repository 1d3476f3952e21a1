//! The log of changes.

use super::Writer;
use super::rows::Rows;
use crate::store::StoreError;
use serde_json::{Map, Value};

impl Writer {
    /// Adds one entry to the log.
    pub(super) async fn log(&mut self, entry: Entry<'_>) -> Result<(), StoreError> {
        self.log_all(&[entry]).await
    }

    /// Adds entries to the log.
    pub(super) async fn log_all(&mut self, entries: &[Entry<'_>]) -> Result<(), StoreError> {
        let mut rows = Rows::into("insert into revision (base, entity, uid, action, who, at, why, before, after, successor)");
        for e in entries {
            let row = rows.add().bind(self.revision).bind(e.entity).bind(e.uid).bind(e.action).bind(&self.who).bind(&self.now).bind(e.why);
            row.bind(e.before.as_ref()).bind(e.after.as_ref()).bind(e.successor);
        }
        rows.write(self.connection(), "log changes").await
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
