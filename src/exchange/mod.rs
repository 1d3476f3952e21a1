//! Other forms of the data. Incidents go out as NDJSON, CSV and GeoJSON, in chunks, so that any number needs constant memory.

mod csv;
mod geojson;

use crate::views::incident::IncidentView;

/// Writes incidents in one form: the head, then rows in any number of chunks, then the tail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoder {
    /// One JSON object a line.
    NdJson,
    /// RFC 4180, with a line of column names.
    Csv,
    /// A feature collection, RFC 7946.
    GeoJson,
}

impl Encoder {
    /// What comes before the rows.
    pub fn head(self) -> &'static [u8] {
        match self {
            Self::NdJson => b"",
            Self::Csv => csv::HEAD.as_bytes(),
            Self::GeoJson => geojson::HEAD,
        }
    }

    /// Rows; `first` says that none was written before.
    pub fn rows(self, incidents: &[IncidentView], first: bool) -> Vec<u8> {
        let mut out = Vec::with_capacity(incidents.len() * 512);
        for (n, incident) in incidents.iter().enumerate() {
            match self {
                Self::NdJson => {
                    // Strings, numbers and lists always become JSON, and a vector takes all that is written.
                    let _ = serde_json::to_writer(&mut out, incident);
                    out.push(b'\n');
                }
                Self::Csv => csv::row(&mut out, incident),
                Self::GeoJson => geojson::feature(&mut out, incident, first && n == 0),
            }
        }
        out
    }

    /// What comes after the rows.
    pub fn tail(self) -> &'static [u8] {
        match self {
            Self::NdJson | Self::Csv => b"",
            Self::GeoJson => geojson::TAIL,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::model::{Count, DateRange};
    use crate::views::incident::{Participant, PlaceOfIncident};

    /// An incident with something in each member that is written.
    pub fn incident() -> IncidentView {
        let party = |name: &str| Participant {
            actor: None,
            name: name.to_owned(),
            kind: "organisation".to_owned(),
            role: "perpetrator".to_owned(),
            target_type: None,
            count: None,
            standing: None,
            within: None,
        };
        IncidentView {
            id: "inc_1".to_owned(),
            kind: "explosion.bomb".to_owned(),
            date: DateRange::month(2023, 1),
            place: Some(PlaceOfIncident {
                id: None,
                name: "Peshawar".to_owned(),
                mention: "Peshawar".to_owned(),
                site: Some("a mosque, inside".to_owned()),
                admin2: None,
                admin1: Some("Khyber Pakhtunkhwa".to_owned()),
                country: Some("PK".to_owned()),
                latitude: Some(34.008),
                longitude: Some(71.579),
                precision: "exact".to_owned(),
            }),
            killed: Some(Count::at_least(100)),
            injured: None,
            weapons: vec!["explosive.bomb".to_owned()],
            attributes: Vec::new(),
            certainty: "reported".to_owned(),
            evidence_grade: "single_source".to_owned(),
            background: false,
            status: "machine".to_owned(),
            merged_into: None,
            fictional: false,
            confidence: 0.9,
            summary: "A bomb \"went off\".\nMany died.".to_owned(),
            n_reports: 1,
            n_sources: 1,
            created_at: "2023-02-03T00:00:00Z".to_owned(),
            updated_at: "2023-02-03T00:00:00Z".to_owned(),
            revision: 1,
            participants: Some(vec![party("=group"), party("Another, group")]),
            reports: None,
            evidence: None,
        }
    }

    #[test]
    fn geojson_is_one_document_whatever_the_chunks() {
        let e = Encoder::GeoJson;
        let nowhere = IncidentView { place: None, ..incident() };
        let chunks = [e.head(), &e.rows(&[incident(), nowhere], true), &e.rows(&[], false), &e.rows(&[incident()], false), e.tail()].concat();
        let json: serde_json::Value = serde_json::from_slice(&chunks).unwrap();
        let features = json["features"].as_array().unwrap();
        assert_eq!(features.len(), 3);
        assert_eq!(features[0]["geometry"]["coordinates"], serde_json::json!([71.579, 34.008]));
        assert!(features[1]["geometry"].is_null());
        assert_eq!(features[2]["properties"]["killed"]["low"], 100);
        let empty: serde_json::Value = serde_json::from_slice(&[e.head(), e.tail()].concat()).unwrap();
        assert_eq!(empty["features"], serde_json::json!([]));
    }

    #[test]
    fn ndjson_is_a_line_each() {
        let lines = Encoder::NdJson.rows(&[incident(), incident()], true);
        let lines: Vec<&[u8]> = lines.split(|b| *b == b'\n').filter(|l| !l.is_empty()).collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(serde_json::from_slice::<serde_json::Value>(lines[1]).unwrap()["id"], "inc_1");
    }
}
