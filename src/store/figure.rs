//! Reading quoted figures.

use super::filter::{self, CursorValue, FigureFilter, Page, Rows, Total};
use super::read::{Keyed, interval, lane_of, lane_of_words, page_of};
use super::{Store, StoreError};
use crate::model::actor::ActorRef;
use crate::model::record::Excerpt;
use crate::model::statement::StoredFigure;
use sea_query::{Expr, JoinType, Query, SelectStatement};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    uid: String,
    measure: String,
    value: Option<f64>,
    unit: Option<String>,
    change: Option<String>,
    period_start: Option<String>,
    period_end: Option<String>,
    period_precision: Option<String>,
    place: Option<String>,
    source: Option<String>,
    source_uid: Option<String>,
    source_name: Option<String>,
    document: String,
    day: String,
    fictional: bool,
    start: u32,
    end: u32,
    text: String,
    revision: i64,
}

impl Keyed for Row {
    fn key(&self) -> CursorValue {
        CursorValue::Text(self.day.clone())
    }
    fn number(&self) -> i64 {
        self.id
    }
}

impl Row {
    fn into_model(self) -> Result<StoredFigure, StoreError> {
        let period = interval(self.period_start.as_deref(), self.period_end.as_deref(), self.period_precision.as_deref(), "read a figure")?;
        Ok(StoredFigure {
            id: self.uid,
            measure: self.measure,
            value: self.value,
            unit: self.unit,
            change: self.change,
            period,
            place: self.place,
            source: self.source,
            source_actor: self.source_uid.zip(self.source_name).map(|(id, name)| ActorRef { id, name }),
            document: self.document,
            fictional: self.fictional,
            excerpt: Excerpt { start: self.start, end: self.end, text: self.text },
            revision: self.revision,
        })
    }
}

impl Store {
    /// One page of quoted figures, those of the newest document first unless the page sorts ascending.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn figures(&self, filter: &FigureFilter, page: &Page) -> Result<Rows<StoredFigure>, StoreError> {
        let mut select = figures_with_documents(
            "f.id, f.uid, f.measure, f.value, f.unit, f.change, f.period_start, f.period_end, f.period_precision, f.place, f.source, \
             (select a.uid from actor o join actor a on a.id = coalesce(o.merged_into, o.id) where o.id = f.source_id) as source_uid, \
             (select a.name from actor o join actor a on a.id = coalesce(o.merged_into, o.id) where o.id = f.source_id) as source_name, \
             d.uid as document, d.day, f.fictional, f.start, f.end, f.text, f.revision",
            filter,
        );
        let descending = page.sort.first().is_none_or(|s| s.descending);
        filter::order_and_cut(&mut select, &[(Expr::col(("d", "day")), descending)], &Expr::col(("f", "id")), page);
        page_of(self.fetch_in(lane_of(page, filter.q.as_ref()), &select, "list figures").await?, page, Row::into_model)
    }

    /// How many quoted figures there are, counted up to `at_most`.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn count_figures(&self, filter: &FigureFilter, at_most: Option<u64>) -> Result<Total, StoreError> {
        self.count(lane_of_words(filter.q.as_ref()), figures_with_documents("1", filter), at_most, "count figures").await
    }
}

fn figures_with_documents(columns: &'static str, filter: &FigureFilter) -> SelectStatement {
    Query::select()
        .expr(Expr::cust(columns))
        .from_as("figure", "f")
        .join_as(JoinType::InnerJoin, "document", "d", Expr::cust("d.id = f.document_id"))
        .cond_where(filter::figures(filter))
        .to_owned()
}
