//! What a place is, and the two letters of its country.

use std::fmt;

/// What a place is; the codes of the `kind` column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceKind {
    /// A country (`PCLI`).
    Country,
    /// Province, state, region (`ADM1`).
    Province,
    /// District, county (`ADM2`).
    District,
    /// Tribal agency or district of Pakistan's north-west (`AGENCY`).
    Agency,
    /// Capital of a country (`PPLC`).
    Capital,
    /// Seat of a province (`PPLA`).
    Seat,
    /// Town (`PPL`).
    Town,
    /// Neighbourhood, site or small place (`PPLX`).
    Locality,
    /// Valley (`VALLEY`).
    Valley,
    /// Region that is no division, river, mountains, continent (`AREA`).
    Area,
    /// Sea, gulf, strait (`SEA`).
    Sea,
    /// Border line (`BORDER`).
    Border,
}

impl PlaceKind {
    /// The kind of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "PCLI" => Self::Country,
            "ADM1" => Self::Province,
            "ADM2" => Self::District,
            "AGENCY" => Self::Agency,
            "PPLC" => Self::Capital,
            "PPLA" => Self::Seat,
            "PPL" => Self::Town,
            "PPLX" => Self::Locality,
            "VALLEY" => Self::Valley,
            "AREA" => Self::Area,
            "SEA" => Self::Sea,
            "BORDER" => Self::Border,
            _ => return None,
        })
    }

    /// Town, capital, neighbourhood: something that is a point on the map.
    pub fn is_populated(self) -> bool {
        matches!(self, Self::Capital | Self::Seat | Self::Town | Self::Locality)
    }

    /// A division of a country.
    pub fn is_division(self) -> bool {
        matches!(self, Self::Province | Self::District | Self::Agency)
    }

    /// Code of the place precision list for an incident located by this name alone.
    pub fn precision(self) -> &'static str {
        match self {
            Self::Capital | Self::Seat | Self::Town | Self::Locality => "exact",
            Self::District | Self::Agency => "admin2",
            Self::Province => "admin1",
            Self::Country => "country",
            Self::Valley | Self::Area | Self::Sea | Self::Border => "area",
        }
    }
}

/// ISO 3166-1 alpha-2 code, two capitals; or none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// The code of two letters; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        match text.as_bytes() {
            &[a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Some(Self([a, b])),
            _ => None,
        }
    }

    /// `None` for the default, which stands for "no country".
    pub fn known(self) -> Option<Self> {
        (self != Self::default()).then_some(self)
    }

    /// The two letters; empty for "no country".
    pub fn as_str(&self) -> &str {
        if self.known().is_some() { std::str::from_utf8(&self.0).unwrap_or("") } else { "" }
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
