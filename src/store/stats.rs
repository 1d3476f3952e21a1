//! Sums over incidents: totals, by time, by any dimension, on the map.

use super::error::Context;
use super::filter::{self, Fictional, IncidentFilter};
use super::readers::Lane;
use super::rollup::Rollup;
use super::{Store, StoreError};
use crate::model::casualty::CasualtyPolicy;
use crate::model::stats::{Bucket, MapPoint, Summary, Totals};
use jiff::ToSpan;
use jiff::civil::Date;
use sea_query::{Expr, JoinType, Order, Query, SelectStatement};
use std::collections::BTreeMap;

/// Number, deaths and injured of a group of incidents.
fn sums(policy: CasualtyPolicy) -> Expr {
    let (killed, injured) = (filter::killed(policy), filter::injured(policy));
    Expr::cust(format!("count(*) as n, sum(max({killed}, 0)) as killed, sum(max({injured}, 0)) as injured"))
}

/// The length of a timeline's steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// Days.
    Day,
    /// Weeks from Monday.
    Week,
    /// Calendar months.
    Month,
    /// Calendar years.
    Year,
}

/// What incidents can be broken down by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Dimension {
    Country,
    Admin1,
    Place,
    Class,
    Type,
    Actor,
    Perpetrator,
    TargetType,
    Weapon,
    Attribute,
    Source,
    Status,
    Certainty,
    EvidenceGrade,
    Year,
}

#[derive(sqlx::FromRow)]
pub(super) struct Sums {
    pub key: String,
    pub label: Option<String>,
    pub n: i64,
    pub killed: Option<i64>,
    pub injured: Option<i64>,
}

impl Sums {
    pub(super) fn totals(&self) -> Totals {
        let positive = |n: Option<i64>| n.unwrap_or(0).unsigned_abs();
        Totals { n_incidents: self.n.unsigned_abs(), killed: positive(self.killed), injured: positive(self.injured) }
    }
}

impl Store {
    /// Totals of the incidents that the filter lets through, and the size of the base.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn summary(&self, filter: &IncidentFilter) -> Result<Summary, StoreError> {
        const WHAT: &str = "sum up the base";
        #[derive(sqlx::FromRow)]
        struct Row {
            n: i64,
            killed: Option<i64>,
            injured: Option<i64>,
            n_without_place: i64,
            n_without_date: i64,
            first_day: Option<String>,
            last_day: Option<String>,
        }
        let select = Query::select()
            .expr(sums(filter.policy))
            .expr(Expr::cust(
                "count(*) - count(i.longitude) as n_without_place, count(*) - count(i.date_start) as n_without_date, min(i.date_start) as first_day, \
                 max(i.date_start) as last_day",
            ))
            .from_as("incident", "i")
            .cond_where(filter::incidents(filter))
            .to_owned();
        let row = self.fetch_in::<Row>(Lane::Heavy, &select, WHAT).await?.pop();
        let row = row.ok_or_else(|| StoreError::Damaged { what: WHAT, problem: "a sum gave no row".to_owned() })?;
        let [n_documents, n_statements, n_actors] = self.sizes(filter.fictional).await?;
        let group = Sums { key: String::new(), label: None, n: row.n, killed: row.killed, injured: row.injured };
        Ok(Summary {
            totals: group.totals(),
            n_without_place: row.n_without_place.unsigned_abs(),
            n_without_date: row.n_without_date.unsigned_abs(),
            first_day: row.first_day,
            last_day: row.last_day,
            n_documents,
            n_statements,
            n_actors,
        })
    }

    /// Numbers of documents, of statements and of actors that documents name. All and the invented are counted by index, the rest is what
    /// is left.
    async fn sizes(&self, fictional: Fictional) -> Result<[u64; 3], StoreError> {
        const ALL: &str = "select (select count(*) from document) - (select count(*) from document where withdrawn_at is not null), \
             (select count(*) from statement), (select count(distinct actor_id) from actor_mention)";
        const INVENTED: &str = "select (select count(*) from document where fictional = 1 and withdrawn_at is null), (select count(*) from statement where fictional = 1), \
             (select count(*) from actor where fictional = 1)";
        let count = async |sql: &'static str| {
            let counted = sqlx::query_as::<_, (i64, i64, i64)>(sql).fetch_one(&self.reader.lane(Lane::Heavy)).await.context("count what the base has")?;
            Ok::<_, StoreError>([counted.0, counted.1, counted.2].map(i64::unsigned_abs))
        };
        match fictional {
            Fictional::Any => count(ALL).await,
            Fictional::Only => count(INVENTED).await,
            Fictional::Without => {
                let (all, invented) = (count(ALL).await?, count(INVENTED).await?);
                Ok(std::array::from_fn(|n| all[n].saturating_sub(invented[n])))
            }
        }
    }

    /// Sums by interval, by the first day of each incident, gaps filled with zero between the first and the last one (or the filter's
    /// bounds). `key` is the first day of the interval; incidents without a date come last with an empty key.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn timeline(&self, filter: &IncidentFilter, interval: Interval) -> Result<Vec<Bucket>, StoreError> {
        let rows: Vec<Sums> = self.fetch_in(Lane::Heavy, &timeline_statement(filter, interval), "sum up by time").await?;
        Ok(timeline_of(&rows, filter, interval))
    }

    /// Sums by the values of a dimension, the most incidents first, at most `limit`. Incidents without a value have an empty key.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn breakdown(&self, filter: &IncidentFilter, dimension: Dimension, limit: u32) -> Result<Vec<Bucket>, StoreError> {
        let rows: Vec<Sums> = self.fetch_in(Lane::Heavy, &breakdown_statement(filter, dimension, limit), "break down incidents").await?;
        Ok(rows.into_iter().map(|r| Bucket { totals: r.totals(), key: r.key, label: r.label }).collect())
    }

    /// Points for a map, the newest first, at most `limit`.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn map(&self, filter: &IncidentFilter, limit: u32) -> Result<Vec<MapPoint>, StoreError> {
        const WHAT: &str = "read the map";
        // One JSON text an incident: sqlx pays per value.
        let select = Query::select()
            .expr(Expr::cust(format!(
                "json_array(i.uid, i.day, i.longitude, i.latitude, i.type, {}, coalesce(i.place_precision, 'unknown'))",
                filter::killed(filter.policy)
            )))
            .from_as("incident", "i")
            .cond_where(filter::incidents(filter))
            .and_where(Expr::cust("i.longitude is not null"))
            .order_by_expr(Expr::cust("i.day"), Order::Desc)
            .order_by_expr(Expr::cust("i.id"), Order::Desc)
            .limit(u64::from(limit))
            .to_owned();
        let rows: Vec<(String,)> = self.fetch_in(Lane::Heavy, &select, WHAT).await?;
        rows.iter()
            .map(|(row,)| {
                let (id, day, longitude, latitude, kind, killed, precision) = serde_json::from_str(row).context(WHAT)?;
                Ok(MapPoint { id, day, longitude, latitude, kind, killed, precision })
            })
            .collect()
    }
}

/// Sums by day, month or year: from those that the writer keeps, where they answer the filter.
pub(super) fn timeline_statement(filter: &IncidentFilter, interval: Interval) -> SelectStatement {
    match Rollup::of(filter).filter(|_| matches!(interval, Interval::Month | Interval::Year)) {
        Some(rollup) => rollup.months(),
        None => by_time(filter, interval),
    }
}

pub(super) fn breakdown_statement(filter: &IncidentFilter, dimension: Dimension, limit: u32) -> SelectStatement {
    let mut select = by_dimension(filter, dimension);
    select.group_by_columns(["key"]).order_by("n", Order::Desc).order_by("key", Order::Asc).limit(u64::from(limit));
    select
}

fn by_time(filter: &IncidentFilter, interval: Interval) -> SelectStatement {
    // Weeks are put together from days.
    let key = match interval {
        Interval::Day | Interval::Week => "i.day as key",
        Interval::Month => "substr(i.day, 1, 7) as key",
        Interval::Year => "substr(i.day, 1, 4) as key",
    };
    Query::select()
        .expr(Expr::cust(key))
        .expr(Expr::cust("null as label"))
        .expr(sums(filter.policy))
        .from_as("incident", "i")
        .cond_where(filter::incidents(filter))
        .group_by_columns(["key"])
        .to_owned()
}

fn by_dimension(filter: &IncidentFilter, dimension: Dimension) -> SelectStatement {
    let mut select = Query::select();
    let column = |key: &'static str| (key, "null as label");
    let facet = |name: &'static str| Some(name);
    let ((key, label), facet) = match dimension {
        Dimension::Country => (column("coalesce(i.country, '') as key"), None),
        Dimension::Admin1 => (("coalesce(i.admin1, '') as key", "min(i.country) as label"), None),
        Dimension::Place => (
            ("coalesce((select p.uid from place p where p.id = i.place_id), '') as key", "(select p.name from place p where p.id = i.place_id) as label"),
            None,
        ),
        Dimension::Class => (column("i.class as key"), None),
        Dimension::Type => (column("i.type as key"), None),
        Dimension::Status => (column("i.status as key"), None),
        Dimension::Certainty => (column("i.certainty as key"), None),
        Dimension::EvidenceGrade => (column("i.evidence_grade as key"), None),
        Dimension::Year => (column("substr(i.day, 1, 4) as key"), None),
        Dimension::Actor => (ACTOR_NAME, facet("actor")),
        Dimension::Perpetrator => (ACTOR_NAME, facet("perpetrator")),
        Dimension::TargetType => (column(FACET_VALUE), facet("target_type")),
        Dimension::Weapon => (column(FACET_VALUE), facet("weapon")),
        Dimension::Attribute => (column(FACET_VALUE), facet("attribute")),
        Dimension::Source => (column(FACET_VALUE), facet("source")),
    };
    select.expr(Expr::cust(key)).expr(Expr::cust(label)).expr(sums(filter.policy)).from_as("incident", "i").cond_where(filter::incidents(filter));
    if let Some(name) = facet {
        select.join_as(JoinType::LeftJoin, "incident_facet", "g", Expr::cust_with_values("g.incident_id = i.id and g.facet = ?", [name]));
    }
    select
}

const FACET_VALUE: &str = "coalesce(g.value, '') as key";
const ACTOR_NAME: (&str, &str) = (FACET_VALUE, "(select a.name from actor a where a.uid = g.value) as label");

/// Puts sums by day, month or year into buckets of the interval and fills the gaps.
fn timeline_of(rows: &[Sums], filter: &IncidentFilter, interval: Interval) -> Vec<Bucket> {
    let mut sums: BTreeMap<Date, Totals> = BTreeMap::new();
    let mut undated = Totals::default();
    for row in rows {
        let totals = match full_day(&row.key) {
            Some(day) => sums.entry(start_of(day, interval)).or_default(),
            None => &mut undated,
        };
        let more = row.totals();
        totals.n_incidents += more.n_incidents;
        totals.killed += more.killed;
        totals.injured += more.injured;
    }
    let bound = |day: &Option<String>| day.as_deref().and_then(full_day).map(|d| start_of(d, interval));
    let first = bound(&filter.from).or_else(|| sums.keys().next().copied());
    let last = bound(&filter.to).or_else(|| sums.keys().next_back().copied());
    let mut buckets = Vec::new();
    if let (Some(first), Some(last)) = (first, last) {
        let mut day = first;
        while day <= last {
            buckets.push(Bucket { key: day.to_string(), label: None, totals: sums.get(&day).copied().unwrap_or_default() });
            let next = next_after(day, interval);
            if next <= day {
                break;
            }
            day = next;
        }
    }
    if undated.n_incidents > 0 {
        buckets.push(Bucket { key: String::new(), label: None, totals: undated });
    }
    buckets
}

/// The first day of a day, month or year as it stands in a key.
fn full_day(key: &str) -> Option<Date> {
    match key.len() {
        4 => format!("{key}-01-01"),
        7 => format!("{key}-01"),
        _ => key.to_owned(),
    }
    .parse()
    .ok()
}

fn start_of(day: Date, interval: Interval) -> Date {
    match interval {
        Interval::Day => day,
        Interval::Week => day.saturating_sub(i32::from(day.weekday().to_monday_zero_offset()).days()),
        Interval::Month => day.first_of_month(),
        Interval::Year => day.first_of_year(),
    }
}

fn next_after(day: Date, interval: Interval) -> Date {
    match interval {
        Interval::Day => day.saturating_add(1.day()),
        Interval::Week => day.saturating_add(1.week()),
        Interval::Month => day.saturating_add(1.month()),
        Interval::Year => day.saturating_add(1.year()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: &str, n: i64) -> Sums {
        Sums { key: key.to_owned(), label: None, n, killed: Some(2 * n), injured: None }
    }

    #[track_caller]
    fn check(rows: &[Sums], interval: Interval, expect: &[(&str, u64)]) {
        let found = timeline_of(rows, &IncidentFilter::default(), interval);
        let found: Vec<_> = found.iter().map(|b| (b.key.as_str(), b.totals.n_incidents)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn gaps_are_filled_with_zero() {
        check(&[row("2007-11", 2), row("2008-02", 1)], Interval::Month, &[("2007-11-01", 2), ("2007-12-01", 0), ("2008-01-01", 0), ("2008-02-01", 1)]);
        check(&[row("2007-11", 2), row("2009-02", 1), row("", 4)], Interval::Year, &[("2007-01-01", 2), ("2008-01-01", 0), ("2009-01-01", 1), ("", 4)]);
        check(&[row("2024-02-28", 1), row("2024-03-01", 1)], Interval::Day, &[("2024-02-28", 1), ("2024-02-29", 0), ("2024-03-01", 1)]);
        check(&[], Interval::Day, &[]);
    }

    #[test]
    fn weeks_begin_on_monday() {
        // 2023-01-30 was a Monday.
        check(&[row("2023-01-29", 1), row("2023-01-30", 1), row("2023-02-05", 1)], Interval::Week, &[("2023-01-23", 1), ("2023-01-30", 2)]);
    }
}
