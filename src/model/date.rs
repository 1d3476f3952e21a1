//! Partial dates: always a start and an end, and how precise they are.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How precisely a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum DatePrecision {
    /// One day.
    Day,
    /// A few days.
    Days,
    /// Seven days or fewer.
    Week,
    /// A calendar month, or a named part of one.
    Month,
    /// A calendar year, or a season of one.
    Year,
    /// Any other interval.
    Range,
    /// Nothing is known.
    Unknown,
}

impl DatePrecision {
    /// As it is stored and sent.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Days => "days",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
            Self::Range => "range",
            Self::Unknown => "unknown",
        }
    }
}

/// Inclusive interval of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DateRange {
    /// First day, ISO 8601.
    #[cfg_attr(feature = "server", schema(value_type = String, format = Date))]
    pub start: Date,
    /// Last day, ISO 8601.
    #[cfg_attr(feature = "server", schema(value_type = String, format = Date))]
    pub end: Date,
    /// How precise the interval is.
    pub precision: DatePrecision,
}

impl DateRange {
    /// One day.
    pub fn day(date: Date) -> Self {
        Self { start: date, end: date, precision: DatePrecision::Day }
    }

    /// A calendar month; `None` where the month is not 1–12 or the year not a civil one.
    pub fn month(year: i16, month: i8) -> Option<Self> {
        let start = Date::new(year, month, 1).ok()?;
        Some(Self { start, end: start.last_of_month(), precision: DatePrecision::Month })
    }

    /// A calendar year.
    pub fn year(year: i16) -> Option<Self> {
        let start = Date::new(year, 1, 1).ok()?;
        Some(Self { start, end: start.last_of_year(), precision: DatePrecision::Year })
    }

    /// Whether the two share a day.
    pub fn overlaps(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}
