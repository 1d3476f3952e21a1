//! Places of a record as the base keeps them: with the gazetteer's ids, and with what holds them.

use crate::lexicon::gazetteer::{CountryCode, Gazetteer, Place, PlaceKind};
use crate::model::id;
use crate::model::place::NewPlace;
use crate::model::record;

/// How far the record's coordinates may lie from the gazetteer's, in degrees: both were rounded.
const ROUNDED: f64 = 0.02;

/// The place itself, then its district, province and country, as far as they are known.
pub(super) fn chain_of(place: &record::Place, gazetteer: &Gazetteer) -> Vec<NewPlace> {
    let country = place.country.as_deref();
    let is_there = |p: &Place<'_>| {
        let near = |a: f64, b: Option<f64>| b.is_some_and(|b| (a - b).abs() < ROUNDED);
        near(p.latitude, place.latitude) && near(p.longitude, place.longitude) && country == p.country.as_ref().map(CountryCode::as_str)
    };
    // A town and the district around it share name and spot.
    let found = gazetteer.named(&place.name).filter(is_there).min_by_key(|p| p.kind.precision() != place.precision);
    let own = found.map_or_else(|| unknown(place), |p| known(&p));
    let mut chain = vec![own];
    if let Some(district) = place.admin2.as_deref().filter(|_| !matches!(place.precision.as_str(), "admin1" | "country")) {
        chain.extend(division(gazetteer, district, country, |k| matches!(k, PlaceKind::District | PlaceKind::Agency)));
    }
    if let Some(province) = place.admin1.as_deref().filter(|_| place.precision != "country") {
        chain.push(division(gazetteer, province, country, |k| k == PlaceKind::Province).unwrap_or_else(|| province_of(province, country)));
    }
    chain.extend(country_place(gazetteer, country));
    // A district of its own name, a country named as such.
    let mut seen: Vec<String> = Vec::new();
    chain.retain(|p| !seen.contains(&p.id) && (seen.push(p.id.clone()), true).1);
    chain
}

/// A place name of a record, where the gazetteer resolved it.
pub(super) fn mentioned(mention: &record::PlaceName, gazetteer: &Gazetteer) -> Option<Vec<NewPlace>> {
    let key = mention.gazetteer.as_deref()?;
    let place = gazetteer.named(&mention.name).find(|p| p.key() == key)?;
    let as_record = record::Place {
        name: place.name().to_owned(),
        mention: mention.text.clone(),
        site: None,
        admin2: place.admin2().map(str::to_owned),
        admin1: place.admin1().map(str::to_owned),
        country: place.country.map(|c| c.as_str().to_owned()),
        latitude: Some(place.latitude),
        longitude: Some(place.longitude),
        precision: place.kind.precision().to_owned(),
    };
    let mut chain = chain_of(&as_record, gazetteer);
    // Two places of one name in one spot (a town and its district): the mention says which.
    if let Some(own) = chain.first_mut() {
        *own = known(&place);
    }
    Some(chain)
}

fn known(p: &Place<'_>) -> NewPlace {
    NewPlace {
        id: p.key().to_owned(),
        name: p.name().to_owned(),
        country: p.country.map(|c| c.as_str().to_owned()),
        admin1: p.admin1().map(str::to_owned),
        admin2: p.admin2().map(str::to_owned),
        latitude: Some(p.latitude),
        longitude: Some(p.longitude),
        precision: p.kind.precision().to_owned(),
        population: (p.population > 0).then_some(u64::from(p.population)),
    }
}

fn unknown(place: &record::Place) -> NewPlace {
    NewPlace {
        id: id::place(&place.name, place.country.as_deref(), place.admin1.as_deref()),
        name: place.name.clone(),
        country: place.country.clone(),
        admin1: place.admin1.clone(),
        admin2: place.admin2.clone(),
        latitude: place.latitude,
        longitude: place.longitude,
        precision: place.precision.clone(),
        population: None,
    }
}

fn division(gazetteer: &Gazetteer, name: &str, country: Option<&str>, is: impl Fn(PlaceKind) -> bool) -> Option<NewPlace> {
    gazetteer.named(name).find(|p| is(p.kind) && p.country.as_ref().map(CountryCode::as_str) == country).map(|p| known(&p))
}

fn province_of(name: &str, country: Option<&str>) -> NewPlace {
    NewPlace {
        id: id::place(name, country, Some(name)),
        name: name.to_owned(),
        country: country.map(str::to_owned),
        admin1: Some(name.to_owned()),
        precision: "admin1".to_owned(),
        ..NewPlace::default()
    }
}

fn country_place(gazetteer: &Gazetteer, code: Option<&str>) -> Option<NewPlace> {
    let country = gazetteer.country(CountryCode::parse(code?)?)?;
    gazetteer.place(country.place).map(|p| NewPlace { name: country.name.clone(), ..known(&p) })
}
