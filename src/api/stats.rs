//! Sums for dashboards, over the same filters as the list.

use super::as_of::AsOf;
use super::filter::IncidentQuery;
use super::problem::{Code, Fault, Problem};
use super::query::{Bad, Query, QueryValue};
use super::{Shared, unavailable};
use crate::store::{Dimension, Interval};
use crate::views::stats::{BucketView, BucketsView, MapView, SummaryView};
use crate::{query, query_words};
use axum::Json;
use axum::extract::State;
use utoipa::openapi::schema::{Schema, Type};

/// Most steps of a timeline, so that a century by days is not filled with zeros.
const MAX_STEPS: usize = 20_000;

query! {
    /// How long each step is.
    pub struct TimelineQuery {
        /// `day`, `week` (from Monday), `month` (default) or `year`.
        interval: Option<Step>,
    }
}

query_words! {
    /// Length of a step.
    pub enum Step {
        /// A day.
        Day = "day",
        /// Seven days from Monday.
        Week = "week",
        /// A calendar month.
        #[default]
        Month = "month",
        /// A calendar year.
        Year = "year",
    }
}

query! {
    /// What to break down by.
    pub struct BreakdownQuery {
        /// The dimension. Required.
        by: Option<By>,
        /// Values given at most, those with the most incidents first; 1 to 1000, 50 without it.
        limit: Option<super::list::Limit>,
    }
}

query_words! {
    /// What incidents can be broken down by.
    pub enum By {
        /// Countries.
        #[default]
        Country = "country",
        /// Provinces.
        Admin1 = "admin1",
        /// Places.
        Place = "place",
        /// Classes of types.
        Class = "class",
        /// Types.
        Type = "type",
        /// Actors in any role.
        Actor = "actor",
        /// Perpetrators, suspected and claimants.
        Perpetrator = "perpetrator",
        /// Target types.
        TargetType = "target_type",
        /// Weapon kinds.
        Weapon = "weapon",
        /// Attributes.
        Attribute = "attribute",
        /// Publishers.
        Source = "source",
        /// Status.
        Status = "status",
        /// Certainty.
        Certainty = "certainty",
        /// Evidence grades.
        EvidenceGrade = "evidence_grade",
        /// Years.
        Year = "year",
    }
}

query! {
    /// How many points.
    pub struct MapQuery {
        /// Points given at most, the newest first; 1 to 200000, 50000 without it.
        limit: Option<MapLimit>,
    }
}

/// Points of a map.
#[derive(Clone, Copy, Debug)]
pub struct MapLimit(u32);

const MAX_POINTS: u32 = 200_000;
const DEFAULT_POINTS: u32 = 50_000;

impl QueryValue for MapLimit {
    fn parse(text: &str) -> Result<Self, Bad> {
        let number = u32::parse(text).ok().filter(|n| (1..=MAX_POINTS).contains(n));
        number.map(Self).ok_or_else(|| format!("is not a whole number from 1 to {MAX_POINTS}").into())
    }

    fn schema() -> Schema {
        super::query::schema(Type::Integer).minimum(Some(1)).maximum(Some(MAX_POINTS)).default(Some(DEFAULT_POINTS.into())).build().into()
    }
}

/// Totals of the incidents that match, and the size of the base
#[utoipa::path(get, path = "/v1/stats/summary", tag = "stats", params(IncidentQuery, AsOf), responses((status = 200, description = "The totals.", body = SummaryView)))]
pub async fn get_summary(State(app): State<Shared>, Query((query, as_of)): Query<(IncidentQuery, AsOf)>) -> Result<Json<SummaryView>, Problem> {
    let read = as_of.read(&app, query.q.is_some()).await?;
    let (filter, mut interpreted) = query.resolve(&read.resolver(&app)).await?;
    read.note(&mut interpreted);
    let summary = read.store.summary(&filter).await.map_err(unavailable)?;
    let revision = read.store.revision().await.map_err(unavailable)?;
    Ok(Json(SummaryView::new(summary, revision, interpreted)))
}

/// Incidents, deaths and injured by day, week, month or year; gaps are filled with zero
#[utoipa::path(get, path = "/v1/stats/timeline", tag = "stats", params(IncidentQuery, TimelineQuery, AsOf), responses(
    (status = 200, description = "One entry for each interval; incidents without a date come last with a null key.", body = BucketsView),
))]
pub async fn get_timeline(
    State(app): State<Shared>,
    Query((query, step, as_of)): Query<(IncidentQuery, TimelineQuery, AsOf)>,
) -> Result<Json<BucketsView>, Problem> {
    let read = as_of.read(&app, query.q.is_some()).await?;
    let (filter, mut interpreted) = query.resolve(&read.resolver(&app)).await?;
    read.note(&mut interpreted);
    let step = step.interval.unwrap_or_default();
    let interval = match step {
        Step::Day => Interval::Day,
        Step::Week => Interval::Week,
        Step::Month => Interval::Month,
        Step::Year => Interval::Year,
    };
    let buckets = read.store.timeline(&filter, interval).await.map_err(unavailable)?;
    if buckets.len() > MAX_STEPS {
        let fault =
            Fault::parameter("interval", format!("gives {} steps, more than {MAX_STEPS}; choose a longer one or narrow `from` and `to`", buckets.len()));
        return Err(Problem::of(Code::ConflictingParameters, vec![fault]));
    }
    let data = buckets.into_iter().map(BucketView::from).collect();
    Ok(Json(BucketsView { data, by: Step::WORDS[step as usize].to_owned(), interpreted }))
}

/// Incidents, deaths and injured by any dimension
#[utoipa::path(get, path = "/v1/stats/breakdown", tag = "stats", params(IncidentQuery, BreakdownQuery, AsOf), responses(
    (status = 200, description = "One entry for each value; a null key stands for incidents without one.", body = BucketsView),
))]
pub async fn get_breakdown(
    State(app): State<Shared>,
    Query((query, view, as_of)): Query<(IncidentQuery, BreakdownQuery, AsOf)>,
) -> Result<Json<BucketsView>, Problem> {
    let Some(by) = view.by else {
        let fault = Fault::parameter("by", "is required").with_allowed("", By::WORDS.iter().copied());
        return Err(Problem::of(Code::InvalidParameter, vec![fault]));
    };
    let read = as_of.read(&app, query.q.is_some()).await?;
    let (filter, mut interpreted) = query.resolve(&read.resolver(&app)).await?;
    read.note(&mut interpreted);
    let limit = view.limit.map_or(super::list::DEFAULT_LIMIT, |limit| limit.0);
    let buckets = read.store.breakdown(&filter, dimension(by), limit).await.map_err(unavailable)?;
    let data = buckets.into_iter().map(BucketView::from).collect();
    Ok(Json(BucketsView { data, by: By::WORDS[by as usize].to_owned(), interpreted }))
}

fn dimension(by: By) -> Dimension {
    match by {
        By::Country => Dimension::Country,
        By::Admin1 => Dimension::Admin1,
        By::Place => Dimension::Place,
        By::Class => Dimension::Class,
        By::Type => Dimension::Type,
        By::Actor => Dimension::Actor,
        By::Perpetrator => Dimension::Perpetrator,
        By::TargetType => Dimension::TargetType,
        By::Weapon => Dimension::Weapon,
        By::Attribute => Dimension::Attribute,
        By::Source => Dimension::Source,
        By::Status => Dimension::Status,
        By::Certainty => Dimension::Certainty,
        By::EvidenceGrade => Dimension::EvidenceGrade,
        By::Year => Dimension::Year,
    }
}

/// Coordinates, type and deaths of every incident that matches, by columns
#[utoipa::path(get, path = "/v1/stats/map", tag = "stats", params(IncidentQuery, MapQuery, AsOf), responses((status = 200, description = "The points.", body = MapView)))]
pub async fn get_map(State(app): State<Shared>, Query((query, view, as_of)): Query<(IncidentQuery, MapQuery, AsOf)>) -> Result<Json<MapView>, Problem> {
    let read = as_of.read(&app, query.q.is_some()).await?;
    let (filter, mut interpreted) = query.resolve(&read.resolver(&app)).await?;
    read.note(&mut interpreted);
    let limit = view.limit.map_or(DEFAULT_POINTS, |limit| limit.0);
    let mut points = read.store.map(&filter, limit + 1).await.map_err(unavailable)?;
    let more = points.len() > limit as usize;
    points.truncate(limit as usize);
    let n_without_place = read.store.summary(&filter).await.map_err(unavailable)?.n_without_place;
    Ok(Json(MapView::new(points, more, n_without_place, interpreted)))
}
