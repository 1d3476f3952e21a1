//! Sums, search hits and changes: what is read of many things at once.

use serde::{Deserialize, Serialize};

/// Sums over a set of incidents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Number of incidents.
    pub n_incidents: u64,
    /// Deaths, by best figures.
    pub killed: u64,
    /// Injured, by best figures.
    pub injured: u64,
}

/// Sums of one value of one dimension, or of one interval.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// The value: a code, an actor's id, an ISO day (first of its interval); empty where unknown.
    pub key: String,
    /// What to show for it, where it differs.
    pub label: Option<String>,
    /// Sums.
    pub totals: Totals,
}

/// The whole of a base at a glance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Of the incidents that the filter lets through.
    pub totals: Totals,
    /// Number of those without coordinates.
    pub n_without_place: u64,
    /// Number of those without a date.
    pub n_without_date: u64,
    /// First and last day among them.
    pub first_day: Option<String>,
    /// Last day among them.
    pub last_day: Option<String>,
    /// Number of documents in the base.
    pub n_documents: u64,
    /// Number of statements in the base.
    pub n_statements: u64,
    /// Number of actors in the base that documents mention.
    pub n_actors: u64,
}

/// One incident on a map.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MapPoint {
    /// Id of the incident.
    pub id: String,
    /// ISO day; empty where unknown.
    pub day: String,
    /// Degrees, WGS 84.
    pub longitude: f64,
    /// Degrees, WGS 84.
    pub latitude: f64,
    /// Code of the incident type list.
    pub kind: String,
    /// Deaths, by best figure; -1 where none is reported.
    pub killed: i64,
    /// Code of the place precision list.
    pub precision: String,
}

/// Something found by words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SearchHit {
    /// `document`, `incident`, `actor` or `statement`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// What to show; hits between U+E000 and U+E001.
    pub title: String,
    /// ISO day; empty where none.
    pub day: String,
    /// Words around the first hits; hits between U+E000 and U+E001.
    pub snippet: String,
    /// Higher is better; 0 when sorted by newness.
    pub score: f64,
    /// Where the next page goes on.
    pub position: i64,
}

/// One entry of the log of changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Rises with each entry.
    pub id: i64,
    /// The base's revision that it is part of.
    pub base: i64,
    /// `incident`, `report`, `actor`, `statement` or `document`.
    pub entity: String,
    /// Its id.
    pub uid: String,
    /// `created`, `changed`, `merged`, `split`, `confirmed`, `rejected`, `deleted` or `restored`.
    pub action: String,
    /// Who.
    pub who: String,
    /// RFC 3339, UTC.
    pub at: String,
    /// Why.
    pub why: String,
    /// JSON of the changed members before.
    pub before: Option<String>,
    /// JSON of the changed members after.
    pub after: Option<String>,
    /// What took its place.
    pub successor: Option<String>,
}
