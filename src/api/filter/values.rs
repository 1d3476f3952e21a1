//! Values that filters take: days that may be partial, boxes, circles.

use crate::api::query::{Bad, QueryValue, schema};
use crate::model::casualty::CasualtyPolicy;
use crate::query_words;
use crate::store::filter::{BoundingBox, Fictional, Near};
use jiff::civil::Date;
use utoipa::openapi::schema::{Schema, Type};

/// A day, a month or a year: `2023-01-30`, `2023-01`, `2023`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartialDay {
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
}

impl QueryValue for PartialDay {
    fn parse(text: &str) -> Result<Self, Bad> {
        let bad = || Bad::from("is not a day, month or year such as 2023-01-30, 2023-01 or 2023");
        let parts: Vec<&str> = text.split('-').collect();
        let widths: Vec<usize> = parts.iter().map(|p| p.len()).collect();
        if !matches!(*widths, [4] | [4, 2] | [4, 2, 2]) || !parts.iter().all(|p| p.bytes().all(|b| b.is_ascii_digit())) {
            return Err(bad());
        }
        let number = |n: usize| parts.get(n).and_then(|p| p.parse::<i16>().ok());
        let (year, month, day) = (number(0).ok_or_else(bad)?, number(1), number(2));
        let small = |n: Option<i16>| n.and_then(|n| i8::try_from(n).ok());
        let first = Date::new(year, small(month).unwrap_or(1), small(day).unwrap_or(1)).map_err(|_| bad())?;
        let last = match (month, day) {
            (None, _) => first.last_of_year(),
            (_, None) => first.last_of_month(),
            _ => first,
        };
        Ok(Self { first, last })
    }

    fn schema() -> Schema {
        schema(Type::String).pattern(Some(r"^\d{4}(-\d{2}(-\d{2})?)?$")).build().into()
    }
}

query_words! {
    /// Whether invented documents are looked through.
    pub enum Invented {
        /// They are left out.
        #[default]
        Without = "false",
        /// Only they are.
        Only = "true",
        /// Both.
        Any = "any",
    }
}

query_words! {
    /// Which of the figures of several reports stands for an incident.
    pub enum Policy {
        /// The last published one, of one day that which an official gives.
        #[default]
        OfficialLatest = "official_latest",
        /// The lowest.
        Lowest = "lowest",
        /// The highest.
        Highest = "highest",
        /// The middle one.
        Median = "median",
    }
}

impl From<Policy> for CasualtyPolicy {
    fn from(word: Policy) -> Self {
        match word {
            Policy::OfficialLatest => Self::OfficialLatest,
            Policy::Lowest => Self::Lowest,
            Policy::Highest => Self::Highest,
            Policy::Median => Self::Median,
        }
    }
}

impl From<Invented> for Fictional {
    fn from(word: Invented) -> Self {
        match word {
            Invented::Without => Self::Without,
            Invented::Only => Self::Only,
            Invented::Any => Self::Any,
        }
    }
}

impl QueryValue for BoundingBox {
    fn parse(text: &str) -> Result<Self, Bad> {
        let bad = "is not minlon,minlat,maxlon,maxlat in degrees, e.g. 60.5,23.5,77.5,37.5";
        let [west, south, east, north] = numbers(text).ok_or(bad)?;
        let fits = [west, east].iter().all(|x| (-180.0..=180.0).contains(x)) && [south, north].iter().all(|y| (-90.0..=90.0).contains(y));
        if !fits {
            return Err("lies outside the world: longitudes go from -180 to 180, latitudes from -90 to 90, in the order minlon,minlat,maxlon,maxlat".into());
        }
        if south > north {
            return Err("has a minlat above its maxlat; the order is minlon,minlat,maxlon,maxlat".into());
        }
        Ok(Self { west, south, east, north })
    }

    fn schema() -> Schema {
        schema(Type::String).build().into()
    }
}

/// A point, `lat,lon`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Degrees, WGS 84.
    pub latitude: f64,
    /// Degrees, WGS 84.
    pub longitude: f64,
}

impl QueryValue for Point {
    fn parse(text: &str) -> Result<Self, Bad> {
        let [latitude, longitude] = numbers(text).ok_or("is not lat,lon in degrees, e.g. 34.0,71.6")?;
        if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
            return Err("lies outside the world: latitudes go from -90 to 90, longitudes from -180 to 180, in the order lat,lon".into());
        }
        Ok(Self { latitude, longitude })
    }

    fn schema() -> Schema {
        schema(Type::String).build().into()
    }
}

impl Point {
    /// The circle around it.
    pub fn within(self, radius_km: f64) -> Near {
        Near { latitude: self.latitude, longitude: self.longitude, radius_km }
    }
}

/// A radius in kilometres, up to which distances are right to 1 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kilometres(pub f64);

impl QueryValue for Kilometres {
    fn parse(text: &str) -> Result<Self, Bad> {
        let [km] = numbers(text).ok_or("is not a number of kilometres")?;
        if km > 0.0 && km <= 1000.0 { Ok(Self(km)) } else { Err("is not above 0 and at most 1000".into()) }
    }

    fn schema() -> Schema {
        schema(Type::Number).exclusive_minimum(Some(0)).maximum(Some(1000)).build().into()
    }
}

/// A moment or a day: RFC 3339, or `2023-01-30`. Kept as the base writes moments, in UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment(pub String);

impl QueryValue for Moment {
    fn parse(text: &str) -> Result<Self, Bad> {
        let day = (text.len() == 10).then(|| text.parse::<Date>().ok()).flatten().map(|day| day.to_string());
        let moment = || text.parse::<jiff::Timestamp>().ok().and_then(|t| t.round(jiff::Unit::Second).ok()).map(|t| t.to_string());
        day.or_else(moment).map(Self).ok_or_else(|| "is neither a day such as 2023-02-03 nor a moment such as 2023-02-03T10:00:00Z".into())
    }

    fn schema() -> Schema {
        schema(Type::String).build().into()
    }
}

/// Exactly `N` finite numbers in plain notation.
fn numbers<const N: usize>(text: &str) -> Option<[f64; N]> {
    let plain = |part: &str| part.trim().bytes().all(|b| b.is_ascii_digit() || b"+-.".contains(&b));
    let parsed: Option<Vec<f64>> = text.split(',').map(|part| plain(part).then(|| part.trim().parse().ok()).flatten()).collect();
    parsed?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_day(text: &str, expect: Option<(&str, &str)>) {
        let got = PartialDay::parse(text).ok().map(|d| (d.first.to_string(), d.last.to_string()));
        assert_eq!(got.as_ref().map(|(a, b)| (a.as_str(), b.as_str())), expect, "{text}");
    }

    #[test]
    fn partial_days_have_a_first_and_a_last_day() {
        check_day("2023", Some(("2023-01-01", "2023-12-31")));
        check_day("2024-02", Some(("2024-02-01", "2024-02-29")));
        check_day("2023-01-30", Some(("2023-01-30", "2023-01-30")));
        for text in ["2023-1-30", "2023-02-30", "2023-13", "23", "0000-00", "-2023", "2023-01-30T00:00:00Z", "today", "99999", "２０２３"] {
            check_day(text, None);
        }
    }

    #[test]
    fn boxes_and_points_lie_in_the_world() {
        assert!(BoundingBox::parse("60.5,23.5,77.5,37.5").is_ok());
        assert!(BoundingBox::parse("170,-10,-170,10").is_ok(), "over the 180th meridian");
        for text in ["1,2,3", "1,2,3,4,5", "a,b,c,d", "0,10,1,5", "-181,0,0,1", "0,-91,0,1", "NaN,0,0,0", "inf,0,0,0", "1e2,0,1e2,1", ",,,"] {
            assert!(BoundingBox::parse(text).is_err(), "{text}");
        }
        assert!(Point::parse("34.0,71.6").is_ok() && Point::parse("71.6").is_err() && Point::parse("91,0").is_err());
        assert!(Kilometres::parse("50").is_ok() && Kilometres::parse("0").is_err() && Kilometres::parse("-5").is_err() && Kilometres::parse("1001").is_err());
    }

    #[test]
    fn moments_are_written_in_utc() {
        assert_eq!(Moment::parse("2023-02-03T12:00:00+05:00").unwrap().0, "2023-02-03T07:00:00Z");
        assert_eq!(Moment::parse("2023-02-03").unwrap().0, "2023-02-03");
        assert!(Moment::parse("yesterday").is_err() && Moment::parse("2023-02-30").is_err());
    }
}
