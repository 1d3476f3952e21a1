//! When a timeline can be read from sums by month that the writer keeps, rather than counted.

use super::filter::IncidentFilter;
use sea_query::{Cond, Expr, ExprTrait, Query, SelectStatement};

/// A filter that one of the roll-up tables answers.
#[derive(Debug, PartialEq)]
pub(super) struct Rollup {
    table: &'static str,
    column: &'static str,
    /// Empty: all.
    values: Vec<String>,
    /// `YYYY-MM`, inclusive.
    from: Option<String>,
    to: Option<String>,
}

impl Rollup {
    /// None where the filter asks for more than whole months of some countries, of some full types, or of one actor.
    pub(super) fn of(filter: &IncidentFilter) -> Option<Self> {
        let from = filter.from.as_deref().map(|day| day.strip_suffix("-01").filter(|month| month.len() == 7).map(str::to_owned));
        let to = filter.to.as_deref().map(whole_month);
        if matches!(from, Some(None)) || matches!(to, Some(None)) {
            return None;
        }
        let rest = IncidentFilter { from: None, to: None, country: vec![], kind: vec![], actor: vec![], ..filter.clone() };
        // The sums are those of the default policy.
        if rest != IncidentFilter::default() {
            return None;
        }
        let (table, column, values) = match (&filter.country[..], &filter.kind[..], &filter.actor[..]) {
            (countries, [], []) => ("rollup_country", "country", countries),
            ([], types, []) if types.iter().all(|t| t.contains('.')) => ("rollup_type", "type", types),
            // Two actors may share an incident, which must not count twice.
            ([], [], actor @ [_]) => ("rollup_actor", "actor", actor),
            _ => return None,
        };
        Some(Self { table, column, values: values.to_vec(), from: from.flatten(), to: to.flatten() })
    }

    /// Sums by month.
    pub(super) fn months(&self) -> SelectStatement {
        let mut all = Cond::all().add(Expr::cust("n_incidents > 0"));
        if !self.values.is_empty() {
            all = all.add(Expr::col(self.column).is_in(self.values.iter().map(String::as_str)));
        }
        if self.from.is_some() || self.to.is_some() {
            // Unknown months are '' and lie within no bounds.
            all = all.add(Expr::col("month").gte(self.from.as_deref().unwrap_or("0")));
        }
        all = all.add_option(self.to.as_deref().map(|to| Expr::col("month").lte(to)));
        Query::select()
            .expr(Expr::cust("month as key, null as label, sum(n_incidents) as n, sum(killed) as killed, sum(injured) as injured"))
            .from(self.table)
            .cond_where(all)
            .group_by_columns(["month"])
            .to_owned()
    }
}

/// The month of which this is the last day.
fn whole_month(day: &str) -> Option<String> {
    let date: jiff::civil::Date = day.parse().ok()?;
    (date == date.last_of_month()).then(|| day.chars().take(7).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_months_of_one_dimension_are_rolled_up() {
        let all = IncidentFilter::default();
        assert!(Rollup::of(&all).is_some());
        let bounds = IncidentFilter { from: Some("2024-02-01".into()), to: Some("2024-02-29".into()), ..all.clone() };
        assert_eq!(Rollup::of(&bounds).map(|r| (r.from, r.to)), Some((Some("2024-02".into()), Some("2024-02".into()))));
        for beyond in [
            IncidentFilter { from: Some("2024-02-02".into()), ..all.clone() },
            IncidentFilter { to: Some("2024-02-28".into()), ..all.clone() },
            IncidentFilter { to: Some("nonsense".into()), ..all.clone() },
            IncidentFilter { kind: vec!["explosion".into()], ..all.clone() },
            IncidentFilter { actor: vec!["a".into(), "b".into()], ..all.clone() },
            IncidentFilter { country: vec!["PK".into()], kind: vec!["a.b".into()], ..all.clone() },
            IncidentFilter { background: Some(false), ..all },
        ] {
            assert_eq!(Rollup::of(&beyond), None);
        }
    }
}
