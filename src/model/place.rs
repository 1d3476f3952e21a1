//! Places as they are kept.

use serde::{Deserialize, Serialize};

/// A place that documents name, or a region or country that holds one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StoredPlace {
    /// The gazetteer's id (`gn:…`, `wq:…`), or `plc_…`.
    pub id: String,
    /// Name.
    pub name: String,
    /// Id of the region or country that holds it.
    pub parent: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Province or state.
    pub admin1: Option<String>,
    /// District or county.
    pub admin2: Option<String>,
    /// Degrees, WGS 84.
    pub latitude: Option<f64>,
    /// Degrees, WGS 84.
    pub longitude: Option<f64>,
    /// Code of the place precision list.
    pub precision: String,
    /// People, where the gazetteer knows.
    pub population: Option<u64>,
    /// Number of incidents there, those of places inside not counted.
    pub n_incidents: u32,
    /// Number of documents that name it.
    pub n_documents: u32,
}

/// A place as a document or the gazetteer knows it, about to be stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewPlace {
    /// The gazetteer's id, or `plc_…`.
    pub id: String,
    /// Name.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Province or state.
    pub admin1: Option<String>,
    /// District or county.
    pub admin2: Option<String>,
    /// Degrees, WGS 84.
    pub latitude: Option<f64>,
    /// Degrees, WGS 84.
    pub longitude: Option<f64>,
    /// Code of the place precision list.
    pub precision: String,
    /// People, where the gazetteer knows.
    pub population: Option<u64>,
}

/// A place with its surroundings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlaceDetail {
    /// The place.
    pub place: StoredPlace,
    /// What holds it, the nearest first.
    pub parents: Vec<StoredPlace>,
    /// What it holds, by name; at most 1,000.
    pub children: Vec<StoredPlace>,
}
