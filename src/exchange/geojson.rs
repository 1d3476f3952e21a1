//! Incidents as GeoJSON (RFC 7946): one feature each, without geometry where no place is known.

use crate::views::incident::IncidentView;
use serde::Serialize;

/// Before the features.
pub const HEAD: &[u8] = b"{\"type\":\"FeatureCollection\",\"features\":[";
/// After them.
pub const TAIL: &[u8] = b"\n]}\n";

#[derive(Serialize)]
struct Feature<'a> {
    r#type: &'static str,
    id: &'a str,
    geometry: Option<Point>,
    properties: &'a IncidentView,
}

#[derive(Serialize)]
struct Point {
    r#type: &'static str,
    /// Longitude first.
    coordinates: [f64; 2],
}

/// One feature; its properties are the incident's members.
pub fn feature(out: &mut Vec<u8>, incident: &IncidentView, first: bool) {
    let coordinates = incident.place.as_ref().and_then(|place| place.longitude.zip(place.latitude));
    let geometry = coordinates.map(|(longitude, latitude)| Point { r#type: "Point", coordinates: [longitude, latitude] });
    let feature = Feature { r#type: "Feature", id: &incident.id, geometry, properties: incident };
    out.extend_from_slice(if first { b"\n" } else { b",\n" });
    // Strings, numbers and lists always become JSON, and a vector takes all that is written.
    let _ = serde_json::to_writer(out, &feature);
}
