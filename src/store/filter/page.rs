//! From sort keys and a cursor to the order, the start and the length of a statement.

use super::condition::{col, injured, killed};
use super::{Cursor, CursorValue, IncidentFilter, Page, Sort, SortKey, incidents};
use crate::model::Count;
use crate::model::casualty::CasualtyPolicy;
use crate::model::incident::IncidentRow;
use sea_query::{Cond, Condition, Expr, ExprTrait, JoinType, Order, Query, SelectStatement};

/// Number and list view of one page of incidents, and one row more to know whether there is a next page.
pub(in crate::store) fn list(filter: &IncidentFilter, page: &Page) -> SelectStatement {
    let mut select = list_numbers(filter, page);
    select.column(("d", "doc")).join_as(JoinType::InnerJoin, "incident_doc", "d", Expr::col(("d", "id")).equals(("i", "id")));
    select
}

/// The same without the list views.
pub(in crate::store) fn list_numbers(filter: &IncidentFilter, page: &Page) -> SelectStatement {
    let mut select = Query::select();
    select.column(("i", "id")).from_as("incident", "i").cond_where(incidents(filter));
    let sort = if page.sort.is_empty() { vec![Sort::default()] } else { page.sort.clone() };
    let keys: Vec<_> = sort.iter().map(|s| (column(s.key, filter.policy), s.descending)).collect();
    order_and_cut(&mut select, &keys, &col("id"), page);
    select
}

/// Adds order, cursor and limit (one row more than the page asks for). `keys` are never null, `number` breaks ties.
pub(in crate::store) fn order_and_cut(select: &mut SelectStatement, keys: &[(Expr, bool)], number: &Expr, page: &Page) {
    // The number follows the first key's direction, so that one index can be walked one way.
    let descending = keys.first().is_some_and(|(_, descending)| *descending);
    if let Some(cursor) = &page.after {
        select.cond_where(after(keys, number, descending, cursor));
    }
    for (key, descending) in keys {
        select.order_by_expr(key.clone(), order(*descending));
    }
    select.order_by_expr(number.clone(), order(descending)).limit(u64::from(page.limit) + 1);
}

/// The place of a row in a list sorted so, its figures those of the list's policy.
pub(in crate::store) fn cursor_of(sort: &[Sort], row: &IncidentRow, number: i64) -> Cursor {
    let default = [Sort::default()];
    let sort = if sort.is_empty() { &default } else { sort };
    let figure = |count: Option<Count>| CursorValue::Number(count.and_then(Count::figure).map_or(-1, i64::from));
    let values = sort.iter().map(|s| match s.key {
        SortKey::Date => CursorValue::Text(row.date.map(|d| d.start.to_string()).unwrap_or_default()),
        SortKey::Killed => figure(row.killed),
        SortKey::Injured => figure(row.injured),
        SortKey::Updated => CursorValue::Text(row.updated_at.clone()),
        SortKey::Added => CursorValue::Number(number),
    });
    Cursor { values: values.collect(), number }
}

fn column(key: SortKey, policy: CasualtyPolicy) -> Expr {
    match key {
        SortKey::Date => col("day"),
        SortKey::Killed => Expr::cust(killed(policy)),
        SortKey::Injured => Expr::cust(injured(policy)),
        SortKey::Updated => col("updated_at"),
        SortKey::Added => col("id"),
    }
}

fn order(descending: bool) -> Order {
    if descending { Order::Desc } else { Order::Asc }
}

/// Rows behind the cursor: behind by the first key, or equal by it and behind by the next. The leading `<=` gives the index its start.
fn after(keys: &[(Expr, bool)], number: &Expr, descending: bool, cursor: &Cursor) -> Condition {
    let behind = |expr: Expr, value: Expr, descending: bool| if descending { expr.lt(value) } else { expr.gt(value) };
    let pairs: Vec<_> = keys.iter().zip(cursor.values.iter().map(bound)).collect();
    let mut rest = Cond::all().add(behind(number.clone(), Expr::val(cursor.number), descending));
    for ((key, descending), value) in pairs.iter().rev() {
        let equal = Cond::all().add(key.clone().eq(value.clone())).add(rest);
        rest = Cond::any().add(behind(key.clone(), value.clone(), *descending)).add(equal);
    }
    let start = pairs.first().map(|((key, descending), value)| if *descending { key.clone().lte(value.clone()) } else { key.clone().gte(value.clone()) });
    Cond::all().add_option(start).add(rest)
}

fn bound(value: &CursorValue) -> Expr {
    match value {
        CursorValue::Text(text) => Expr::val(text.as_str()),
        CursorValue::Number(n) => Expr::val(*n),
    }
}
