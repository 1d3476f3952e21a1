//! Places on the wire.

use crate::model::place::{PlaceDetail as StoredDetail, StoredPlace};
use serde::Serialize;
use utoipa::ToSchema;

/// A place that documents name, or a region or country that holds one.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Place)]
pub struct PlaceView {
    /// The gazetteer's id, or `plc_…`.
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
    /// Code of the list `place_precision`.
    pub precision: String,
    /// People, where the gazetteer knows.
    pub population: Option<u64>,
    /// Number of incidents there; those of places inside are not counted.
    pub n_incidents: u32,
    /// Number of documents that name it.
    pub n_documents: u32,
}

/// A place with its surroundings.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceDetail {
    /// As in lists.
    #[serde(flatten)]
    pub place: PlaceView,
    /// What holds it, the nearest first.
    pub parents: Vec<PlaceView>,
    /// What it holds, by name; at most 1,000.
    pub children: Vec<PlaceView>,
}

impl From<StoredPlace> for PlaceView {
    fn from(place: StoredPlace) -> Self {
        let StoredPlace { id, name, parent, country, admin1, admin2, latitude, longitude, precision, population, n_incidents, n_documents } = place;
        let (latitude, longitude) = (latitude.map(metre), longitude.map(metre));
        Self { id, name, parent, country, admin1, admin2, latitude, longitude, precision, population, n_incidents, n_documents }
    }
}

impl From<StoredDetail> for PlaceDetail {
    fn from(detail: StoredDetail) -> Self {
        let views = |places: Vec<StoredPlace>| places.into_iter().map(PlaceView::from).collect();
        Self { place: detail.place.into(), parents: views(detail.parents), children: views(detail.children) }
    }
}

/// Five decimals, about a metre: what lies behind them comes from the gazetteer's 32-bit numbers.
fn metre(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5
}
