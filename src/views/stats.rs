//! Sums on the wire.

use crate::model::stats::{Bucket, MapPoint, Summary, Totals};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Sums over a set of incidents.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = Totals)]
pub struct TotalsView {
    /// Number of incidents.
    pub n_incidents: u64,
    /// Deaths, by best figures.
    pub killed: u64,
    /// Injured, by best figures.
    pub injured: u64,
}

/// The whole at a glance.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Summary)]
pub struct SummaryView {
    /// Of the incidents that match.
    #[serde(flatten)]
    pub totals: TotalsView,
    /// Number of those without coordinates.
    pub n_without_place: u64,
    /// Number of those without a date.
    pub n_without_date: u64,
    /// First day among them, ISO 8601.
    pub first_day: Option<String>,
    /// Last day among them, ISO 8601.
    pub last_day: Option<String>,
    /// Number of documents in the whole base.
    pub n_documents: u64,
    /// Number of statements in the whole base.
    pub n_statements: u64,
    /// Number of actors in the whole base that documents mention.
    pub n_actors: u64,
    /// The base's revision.
    pub revision: i64,
    /// What the server understood each parameter to mean.
    #[schema(value_type = Object)]
    pub interpreted: Map<String, Value>,
}

/// Sums of one value or interval.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Bucket)]
pub struct BucketView {
    /// The value: a code, an id, the first day of the interval; null where unknown.
    pub key: Option<String>,
    /// What to show for it, where it differs from the key.
    pub label: Option<String>,
    /// Sums.
    #[serde(flatten)]
    pub totals: TotalsView,
}

/// Sums by interval or by value.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Buckets)]
pub struct BucketsView {
    /// Each interval or value.
    pub data: Vec<BucketView>,
    /// What they are by.
    pub by: String,
    /// What the server understood each parameter to mean.
    #[schema(value_type = Object)]
    pub interpreted: Map<String, Value>,
}

/// Points for a map, by columns: the same index in each is the same incident.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = MapPoints)]
pub struct MapView {
    /// Ids.
    pub id: Vec<String>,
    /// ISO days; null where unknown.
    pub day: Vec<Option<String>>,
    /// Degrees, WGS 84.
    pub longitude: Vec<f64>,
    /// Degrees, WGS 84.
    pub latitude: Vec<f64>,
    /// Codes of the list `incident_types`.
    #[serde(rename = "type")]
    pub kind: Vec<String>,
    /// Deaths, by best figures; null where none is reported.
    pub killed: Vec<Option<i64>>,
    /// Codes of the list `place_precision`.
    pub precision: Vec<String>,
    /// Whether there are more than `limit`; the newest are given.
    pub more: bool,
    /// Number of matching incidents without coordinates.
    pub n_without_place: u64,
    /// What the server understood each parameter to mean.
    #[schema(value_type = Object)]
    pub interpreted: Map<String, Value>,
}

impl From<Totals> for TotalsView {
    fn from(totals: Totals) -> Self {
        let Totals { n_incidents, killed, injured } = totals;
        Self { n_incidents, killed, injured }
    }
}

impl SummaryView {
    /// With the base's revision and what was understood.
    pub fn new(summary: Summary, revision: i64, interpreted: Map<String, Value>) -> Self {
        let Summary { totals, n_without_place, n_without_date, first_day, last_day, n_documents, n_statements, n_actors } = summary;
        let totals = totals.into();
        Self { totals, n_without_place, n_without_date, first_day, last_day, n_documents, n_statements, n_actors, revision, interpreted }
    }
}

impl From<Bucket> for BucketView {
    fn from(bucket: Bucket) -> Self {
        Self { key: Some(bucket.key).filter(|k| !k.is_empty()), label: bucket.label, totals: bucket.totals.into() }
    }
}

impl MapView {
    /// Points in the order of the list.
    pub fn new(points: Vec<MapPoint>, more: bool, n_without_place: u64, interpreted: Map<String, Value>) -> Self {
        let mut map = Self { more, n_without_place, interpreted, ..Self::default() };
        for point in points {
            map.id.push(point.id);
            map.day.push(Some(point.day).filter(|d| !d.is_empty()));
            map.longitude.push(point.longitude);
            map.latitude.push(point.latitude);
            map.kind.push(point.kind);
            map.killed.push(Some(point.killed).filter(|k| *k >= 0));
            map.precision.push(point.precision);
        }
        map
    }
}
