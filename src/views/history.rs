//! Changes on the wire.

use crate::model::stats::Revision;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// One change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Change)]
pub struct ChangeView {
    /// Rises with each change.
    pub number: i64,
    /// The base's revision that it is part of.
    pub revision: i64,
    /// `incident`, `report`, `actor`, `statement` or `document`.
    pub entity: String,
    /// Its id.
    pub id: String,
    /// `created`, `changed`, `merged`, `split`, `confirmed`, `rejected`, `deleted` or `restored`.
    pub action: String,
    /// Who: a key's name, the engine with its version, an import.
    pub who: String,
    /// RFC 3339, UTC.
    pub at: String,
    /// Why.
    pub why: String,
    /// The changed members before.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Value>,
    /// The changed members after.
    #[schema(value_type = Option<Object>)]
    pub after: Option<Value>,
    /// Id of what took its place.
    pub successor: Option<String>,
}

impl From<Revision> for ChangeView {
    fn from(r: Revision) -> Self {
        let json = |text: Option<String>| text.and_then(|t| serde_json::from_str(&t).ok());
        Self {
            number: r.id,
            revision: r.base,
            entity: r.entity,
            id: r.uid,
            action: r.action,
            who: r.who,
            at: r.at,
            why: r.why,
            before: json(r.before),
            after: json(r.after),
            successor: r.successor,
        }
    }
}
