//! The filters that every list, aggregate, map and export of incidents shares: from words to what the store understands.

mod resolve;
mod values;

pub use resolve::{Interpreted, Resolver};
pub use values::{Invented, Kilometres, Moment, PartialDay, Point, Policy};

use super::problem::{Code, Fault, Problem};
use super::query::Words;
use crate::query;
use crate::store::filter::{BoundingBox, IncidentFilter};
use serde_json::json;

query! {
    /// Which incidents. Several values of one parameter are alternatives; several parameters must all hold.
    pub struct IncidentQuery {
        /// Began on this day or later: a day, month or year (`2023-01-30`, `2023-01`, `2023`).
        from: Option<PartialDay>,
        /// Began on this day or earlier: a day, month or year.
        to: Option<PartialDay>,
        /// Countries by ISO 3166-1 alpha-2 code or English name; `unknown` for incidents without one.
        country: Vec<String>,
        /// Provinces or states by name.
        admin1: Vec<String>,
        /// Places by id or name; a region or country takes in what lies inside. A name that several places share means any of them.
        place: Vec<String>,
        /// Box `minlon,minlat,maxlon,maxlat` in degrees; a minlon above maxlon crosses the 180th meridian.
        bbox: Option<BoundingBox>,
        /// Centre `lat,lon` of a circle; needs `radius_km`.
        near: Option<Point>,
        /// Radius of the circle in kilometres, at most 1000; needs `near`.
        radius_km: Option<Kilometres>,
        /// Incident types: a class (`explosion`) or a full code (`explosion.suicide_bombing`); see `/v1/codes/incident_types`.
        r#type: Vec<String>,
        /// Actors in any role, by id, name or any alias. A name that several actors share means any of them.
        actor: Vec<String>,
        /// Actors as perpetrator, suspected or claimant, by id, name or any alias.
        perpetrator: Vec<String>,
        /// Target types: class or full code; see `/v1/codes/target_types`.
        target_type: Vec<String>,
        /// Weapon kinds: class or full code; see `/v1/codes/weapon_kinds`.
        weapon: Vec<String>,
        /// Whether somebody meant to die in it.
        suicide: Option<bool>,
        /// Which of the figures of several reports counts as the best one: `official_latest` (the last published, of one day an official's),
        /// `lowest`, `highest`, `median`; `official_latest` without it.
        casualty_policy: Option<Policy>,
        /// Least number of deaths, by the best figure.
        killed_min: Option<u32>,
        /// Highest number of deaths, by the best figure; incidents without a figure are left out.
        killed_max: Option<u32>,
        /// `machine`, `confirmed`, `rejected`, `merged`; the first two without it.
        status: Vec<String>,
        /// Certainty codes; `reported`, `alleged` and `claimed` without it, so that planned, threatened, denied and hypothetical acts are left out.
        certainty: Vec<String>,
        /// Evidence grades; see `/v1/codes/evidence_grades`.
        evidence_grade: Vec<String>,
        /// `false` leaves out what is told as context only, `true` leaves out the news; both without it.
        background: Option<bool>,
        /// `false` leaves out what invented documents tell, `true` leaves out the rest, `any` gives both; `false` without it.
        fictional: Option<Invented>,
        /// Documents by id.
        document: Vec<String>,
        /// Publishers, as documents name them.
        source: Vec<String>,
        /// Words in summaries, places and names; "phrases" stay together, `-word` excludes, `word*` begins, `OR` joins alternatives.
        q: Option<Words>,
        /// Changed since this moment (RFC 3339) or day.
        updated_since: Option<Moment>,
    }
}

query! {
    /// Which figures.
    pub struct PolicyQuery {
        /// Which of the figures of several reports counts as the best one: `official_latest` (the last published, of one day an official's),
        /// `lowest`, `highest`, `median`; `official_latest` without it.
        casualty_policy: Option<Policy>,
    }
}

query! {
    /// Whose words.
    pub struct FictionalQuery {
        /// `false` leaves out what invented documents tell, `true` leaves out the rest, `any` gives both; `false` without it.
        fictional: Option<Invented>,
    }
}

/// Values of `status`.
const STATUSES: &[&str] = &["machine", "confirmed", "rejected", "merged"];

impl IncidentQuery {
    /// What the store understands, and what the server understood.
    ///
    /// # Errors
    /// 400 that names every value that means nothing, with what was probably meant.
    pub async fn resolve(self, resolver: &Resolver<'_>) -> Result<(IncidentFilter, Interpreted), Problem> {
        self.check()?;
        let mut r = resolver.begin();
        let filter = IncidentFilter {
            from: r.given("from", self.from.map(|d| d.first.to_string())),
            to: r.given("to", self.to.map(|d| d.last.to_string())),
            country: r.countries("country", self.country),
            admin1: r.provinces("admin1", self.admin1).await?,
            place: r.places("place", self.place).await?,
            bbox: self.bbox.inspect(|b| r.note("bbox", json!([b.west, b.south, b.east, b.north]))),
            near: self.near.zip(self.radius_km).map(|(point, km)| {
                r.note("near", json!({ "latitude": point.latitude, "longitude": point.longitude, "radius_km": km.0 }));
                point.within(km.0)
            }),
            kind: r.codes("type", "incident_types", self.r#type),
            actor: r.actors("actor", self.actor).await?,
            perpetrator: r.actors("perpetrator", self.perpetrator).await?,
            target_type: r.codes("target_type", "target_types", self.target_type),
            weapon: r.codes("weapon", "weapon_kinds", self.weapon),
            suicide: r.given("suicide", self.suicide),
            policy: r.policy(self.casualty_policy),
            killed_min: r.given("killed_min", self.killed_min),
            killed_max: r.given("killed_max", self.killed_max),
            status: r.words("status", STATUSES, self.status),
            certainty: r.codes("certainty", "certainty", self.certainty),
            evidence_grade: r.codes("evidence_grade", "evidence_grades", self.evidence_grade),
            background: r.given("background", self.background),
            fictional: r.fictional(self.fictional),
            document: r.documents("document", self.document).await?,
            source: r.sources("source", self.source).await?,
            q: r.given("q", self.q.map(|q| q.0)),
            updated_since: r.given("updated_since", self.updated_since.map(|m| m.0)),
            id: Vec::new(),
        };
        Ok((filter, r.finish()?))
    }

    fn check(&self) -> Result<(), Problem> {
        let conflict = |parameter: &str, detail: &str| Err(Problem::of(Code::ConflictingParameters, vec![Fault::parameter(parameter, detail)]));
        if let (Some(from), Some(to)) = (self.from, self.to)
            && from.first > to.last
        {
            return conflict("from", "is after `to`, so nothing could match");
        }
        if let (Some(min), Some(max)) = (self.killed_min, self.killed_max)
            && min > max
        {
            return conflict("killed_min", "is above `killed_max`, so nothing could match");
        }
        match (&self.near, &self.radius_km) {
            (Some(_), None) => conflict("near", "needs `radius_km`"),
            (None, Some(_)) => conflict("radius_km", "needs `near`"),
            _ => Ok(()),
        }
    }
}

/// `from` and `to` of the other lists.
///
/// # Errors
/// Where `from` is after `to`.
pub fn check_days(from: Option<PartialDay>, to: Option<PartialDay>) -> Result<(), Problem> {
    IncidentQuery { from, to, ..IncidentQuery::default() }.check()
}
