//! Filters, sorting and pages of incident lists, and the one place where they become SQL.

mod condition;
mod page;
mod resources;
mod words;

pub use resources::{ActorFilter, ChangeFilter, DocumentFilter, FigureFilter, PlaceFilter, StatementFilter};
pub use words::{LEAST_PREFIX, MOST_PREFIXES, MOST_WORDS, check_words};

pub(super) use condition::{incidents, injured, killed};
pub(super) use page::{cursor_of, list, list_numbers, order_and_cut};
pub(super) use resources::{actors, changes, documents, figures, places, statements};
pub(super) use words::match_expression;

use crate::model::casualty::CasualtyPolicy;

/// Whether what invented documents tell is among what is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fictional {
    /// It is left out.
    #[default]
    Without,
    /// Nothing else.
    Only,
    /// Both.
    Any,
}

/// Which incidents. Empty means all; several values of one member are alternatives, several members must all hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncidentFilter {
    /// First day of the incident's interval is this ISO day or later.
    pub from: Option<String>,
    /// First day of the incident's interval is this ISO day or earlier.
    pub to: Option<String>,
    /// ISO 3166-1 alpha-2; an empty string stands for "unknown".
    pub country: Vec<String>,
    /// Names of provinces or states.
    pub admin1: Vec<String>,
    /// Ids of places; a region or country takes in what lies inside.
    pub place: Vec<String>,
    /// Box in degrees.
    pub bbox: Option<BoundingBox>,
    /// Circle.
    pub near: Option<Near>,
    /// Incident types: full codes or classes.
    pub kind: Vec<String>,
    /// Ids of actors in any role; see `Store::resolve_actor` for names.
    pub actor: Vec<String>,
    /// Ids of actors as perpetrator, suspected or claimant.
    pub perpetrator: Vec<String>,
    /// Target types: full codes or classes.
    pub target_type: Vec<String>,
    /// Weapon kinds: full codes or classes.
    pub weapon: Vec<String>,
    /// Whether somebody meant to die in it.
    pub suicide: Option<bool>,
    /// Which of several figures counts: in the bounds of deaths, in the order, in what is given and in sums.
    pub policy: CasualtyPolicy,
    /// Least number of deaths.
    pub killed_min: Option<u32>,
    /// Highest number of deaths; incidents without a figure are left out.
    pub killed_max: Option<u32>,
    /// `machine`, `confirmed`, `rejected`, `merged`; empty: the first two.
    pub status: Vec<String>,
    /// Codes of the certainty list; empty: what happened by some account (`reported`, `alleged`, `claimed`).
    pub certainty: Vec<String>,
    /// Codes of the evidence grade list.
    pub evidence_grade: Vec<String>,
    /// Told as context only.
    pub background: Option<bool>,
    /// Told by invented documents only.
    pub fictional: Fictional,
    /// Ids of documents.
    pub document: Vec<String>,
    /// Publishers, as documents name them.
    pub source: Vec<String>,
    /// Words to be found in the incident's summaries, places and names.
    pub q: Option<String>,
    /// RFC 3339 time of the last change, or an ISO day.
    pub updated_since: Option<String>,
    /// Ids of incidents.
    pub id: Vec<String>,
}

/// A box in degrees, WGS 84. West above east crosses the 180th meridian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoundingBox {
    /// Least longitude.
    pub west: f64,
    /// Least latitude.
    pub south: f64,
    /// Highest longitude.
    pub east: f64,
    /// Highest latitude.
    pub north: f64,
}

/// A circle on the ground. Distances are right to 1 % up to 1,000 km outside the polar regions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// Degrees, WGS 84.
    pub latitude: f64,
    /// Degrees, WGS 84.
    pub longitude: f64,
    /// Kilometres.
    pub radius_km: f64,
}

/// What incident lists can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortKey {
    /// First day of the interval; unknown before all others.
    #[default]
    Date,
    /// Best figure of deaths; unknown below zero.
    Killed,
    /// Best figure of injured; unknown below zero.
    Injured,
    /// Time of the last change.
    Updated,
    /// Order in which they came into the base.
    Added,
}

/// One sort key with its direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub key: SortKey,
    /// Highest or latest first.
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { key: SortKey::Date, descending: true }
    }
}

/// A place in a sorted list: the last row's sort values, in the order of the sort keys, and its internal number.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    /// One for each sort key.
    pub values: Vec<CursorValue>,
    /// Breaks ties.
    pub number: i64,
}

/// A sort value.
#[derive(Clone, Debug, PartialEq)]
pub enum CursorValue {
    /// Of dates and times.
    Text(String),
    /// Of figures.
    Number(i64),
}

/// Which part of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Most important key first; empty: newest date first.
    pub sort: Vec<Sort>,
    /// Rows after this place.
    pub after: Option<Cursor>,
    /// How many rows at most.
    pub limit: u32,
}

/// One page of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins; null at the end.
    pub next: Option<Cursor>,
}

/// How many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// So many.
    Exact(u64),
    /// So many or more: counting stopped there.
    AtLeast(u64),
}
