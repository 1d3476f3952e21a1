//! Places in a patch: an id, a name, a point.

use super::patch::{Faults, code, text};
use crate::api::problem::{Fault, Problem};
use crate::api::{App, unavailable};
use crate::lexicon::gazetteer::CountryCode;
use crate::model::correction::{Change, Coordinates};
use crate::model::incident::IncidentRow;
use crate::model::record::Place;
use serde_json::{Map, Value};

/// Longest name of a place or site, in characters.
const MAX_NAME: usize = 300;
/// How far a town's centre and that of its district may lie apart, in km: then one name means the town.
const SAME_KM: f64 = 60.0;
/// Candidates that are told.
const MOST_TOLD: usize = 20;

/// What `place` changes.
pub async fn place_changes(app: &App, row: &IncidentRow, value: &Value, found: &mut Faults) -> Result<Vec<Change>, Problem> {
    let members = match value {
        Value::Null => return Ok(vec![Change::Place(None)]),
        Value::String(wanted) => return Ok(look_up(app, "/place", wanted, found).await?.map(|p| Change::Place(Some(p))).into_iter().collect()),
        Value::Object(members) => members,
        _ => {
            found.add(Fault::pointer("/place", "is neither the id or name of a place nor an object of `id` or `name`, `latitude` and `longitude`"));
            return Ok(Vec::new());
        }
    };
    let allowed = ["id", "name", "latitude", "longitude", "precision", "site"];
    for name in members.keys().filter(|name| !allowed.contains(&name.as_str())) {
        found.add(Fault::pointer(format!("/place/{name}"), "is not a member of a place that can be set").with_allowed(name, allowed));
    }
    let mut changes = Vec::new();
    if let Some((name, wanted)) = ["id", "name"].into_iter().find_map(|name| Some((name, members.get(name)?))) {
        let at = format!("/place/{name}");
        match wanted.as_str() {
            Some(wanted) => changes.extend(look_up(app, &at, wanted, found).await?.map(|p| Change::Place(Some(p)))),
            None => found.add(Fault::pointer(at, "is not a text")),
        }
    } else if row.place.is_none() {
        found.add(Fault::pointer("/place", "needs `id` or `name`, because the incident has no place yet"));
    }
    changes.extend(point(app, members, found));
    if let Some(site) = members.get("site") {
        changes.extend(site_value("/place/site", site, found));
    }
    Ok(changes)
}

/// What `site` changes.
pub fn site_change(row: &IncidentRow, place: Option<&Value>, value: &Value, found: &mut Faults) -> Option<Change> {
    let will_be_there = place.map_or(row.place.is_some(), |place| !place.is_null());
    if !will_be_there && !value.is_null() {
        return found.none(Fault::pointer("/site", "needs a place; set `place` as well"));
    }
    site_value("/site", value, found)
}

fn site_value(at: &str, value: &Value, found: &mut Faults) -> Option<Change> {
    if value.is_null() { Some(Change::Site(None)) } else { text(at, value, MAX_NAME, found).map(|site| Change::Site(Some(site))) }
}

fn point(app: &App, members: &Map<String, Value>, found: &mut Faults) -> Option<Change> {
    let (latitude, longitude) = match (members.get("latitude"), members.get("longitude")) {
        (None, None) => return None,
        (Some(latitude), Some(longitude)) => (latitude, longitude),
        _ => return found.none(Fault::pointer("/place", "has one of `latitude` and `longitude` without the other")),
    };
    let within = |value: &Value, limit: f64| value.as_f64().filter(|degrees| (-limit..=limit).contains(degrees));
    let Some((latitude, longitude)) = within(latitude, 90.0).zip(within(longitude, 180.0)) else {
        return found.none(Fault::pointer("/place", "lies outside the world: latitudes go from -90 to 90, longitudes from -180 to 180"));
    };
    let precision = match members.get("precision") {
        Some(value) => code(&app.codes, "place_precision", "/place/precision", value, found)?,
        None => "exact".to_owned(),
    };
    Some(Change::Coordinates(Coordinates { latitude, longitude, precision }))
}

/// The one place of an id or a name, among those of the base, else of the gazetteer.
async fn look_up(app: &App, at: &str, wanted: &str, found: &mut Faults) -> Result<Option<Place>, Problem> {
    let stored = app.store.resolve_place(wanted).await.map_err(unavailable)?;
    let exact = stored.first().filter(|p| p.id == wanted.trim()).cloned();
    let mut places: Vec<(String, Place)> = exact.map_or(stored, |place| vec![place]).into_iter().map(|p| (p.id.clone(), of_base(p))).collect();
    if places.is_empty() {
        places = app.lexicon.gazetteer.named(wanted).map(|p| (p.key().to_owned(), of_gazetteer(&p))).collect();
    }
    places.sort_by_key(|(_, p)| coarseness(&p.precision));
    let Some((_, best)) = places.first() else {
        found.add(Fault::pointer(
            at,
            format!("\"{}\" is not the id or name of a place that the base or the gazetteer has", wanted.chars().take(80).collect::<String>()),
        ));
        return Ok(None);
    };
    if places.iter().all(|(_, other)| is_around(other, best)) {
        return Ok(Some(best.clone()));
    }
    let told = places.iter().take(MOST_TOLD).map(|(id, p)| {
        let holds = [p.admin2.as_deref(), p.admin1.as_deref(), p.country.as_deref()];
        format!("{id} ({}, {})", p.name, holds.into_iter().flatten().collect::<Vec<_>>().join(", "))
    });
    let fault = Fault { allowed: told.collect(), ..Fault::pointer(at, "is the name of several places; give the id of one") };
    found.add(fault);
    Ok(None)
}

/// Whether one place is the other, or the district of that name around it.
fn is_around(other: &Place, place: &Place) -> bool {
    let apart = other.latitude.zip(other.longitude).zip(place.latitude.zip(place.longitude)).map(|(a, b)| crate::lexicon::gazetteer::kilometres(a, b));
    other.country == place.country && other.admin1 == place.admin1 && apart.is_none_or(|km| km < SAME_KM)
}

fn coarseness(precision: &str) -> usize {
    ["exact", "near", "admin2", "area", "admin1", "country"].iter().position(|p| *p == precision).unwrap_or(6)
}

fn of_base(p: crate::model::place::StoredPlace) -> Place {
    Place {
        mention: p.name.clone(),
        name: p.name,
        site: None,
        admin2: p.admin2,
        admin1: p.admin1,
        country: p.country,
        latitude: p.latitude,
        longitude: p.longitude,
        precision: p.precision,
    }
}

fn of_gazetteer(p: &crate::lexicon::gazetteer::Place<'_>) -> Place {
    Place {
        name: p.name().to_owned(),
        mention: p.name().to_owned(),
        site: None,
        admin2: p.admin2().map(str::to_owned),
        admin1: p.admin1().map(str::to_owned),
        country: p.country.as_ref().map(CountryCode::as_str).map(str::to_owned),
        latitude: Some(p.latitude),
        longitude: Some(p.longitude),
        precision: p.kind.precision().to_owned(),
    }
}
