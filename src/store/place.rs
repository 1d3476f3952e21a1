//! Reading places.

use super::error::Context;
use super::filter::{self, CursorValue, Page, PlaceFilter, Rows, Total};
use super::read::{Keyed, lane_of, lane_of_words, page_of};
use super::{Store, StoreError};
use crate::model::id::fold_name;
use crate::model::place::{PlaceDetail, StoredPlace};
use sea_query::{Expr, Order, Query, SelectStatement};

/// Number of incidents there that lists show.
const N_INCIDENTS: &str = "(select count(*) from incident i where i.place_id = p.id and i.shown = 1)";

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    uid: String,
    name: String,
    parent: Option<String>,
    country: Option<String>,
    admin1: Option<String>,
    admin2: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    precision: String,
    population: Option<i64>,
    n_incidents: u32,
    n_documents: u32,
}

impl Keyed for Row {
    fn key(&self) -> CursorValue {
        CursorValue::Number(i64::from(self.n_incidents))
    }
    fn number(&self) -> i64 {
        self.id
    }
}

impl Row {
    fn into_model(self) -> StoredPlace {
        StoredPlace {
            id: self.uid,
            name: self.name,
            parent: self.parent,
            country: self.country,
            admin1: self.admin1,
            admin2: self.admin2,
            latitude: self.latitude,
            longitude: self.longitude,
            precision: self.precision,
            population: self.population.map(i64::unsigned_abs),
            n_incidents: self.n_incidents,
            n_documents: self.n_documents,
        }
    }
}

impl Store {
    /// One page of places, those with the most incidents first.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn places(&self, filter: &PlaceFilter, page: &Page) -> Result<Rows<StoredPlace>, StoreError> {
        let mut select = select_places();
        select.cond_where(filter::places(filter));
        filter::order_and_cut(&mut select, &[(Expr::cust(N_INCIDENTS), true)], &Expr::col(("p", "id")), page);
        page_of(self.fetch_in(lane_of(page, filter.q.as_ref()), &select, "list places").await?, page, |r: Row| Ok(r.into_model()))
    }

    /// How many places there are, counted up to `at_most`.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn count_places(&self, filter: &PlaceFilter, at_most: Option<u64>) -> Result<Total, StoreError> {
        let matching = Query::select().expr(Expr::cust("1")).from_as("place", "p").cond_where(filter::places(filter)).to_owned();
        self.count(lane_of_words(filter.q.as_ref()), matching, at_most, "count places").await
    }

    /// Places that a text may mean: by id, else by name; the one with the most incidents first.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn resolve_place(&self, text: &str) -> Result<Vec<StoredPlace>, StoreError> {
        let text = text.trim();
        let mut select = select_places();
        select
            .and_where(Expr::cust_with_values("(p.uid = ? or p.folded = ?)", [text.to_owned(), fold_name(text)]))
            .order_by_expr(Expr::cust_with_values("p.uid = ?", [text]), Order::Desc)
            .order_by_expr(Expr::cust(N_INCIDENTS), Order::Desc)
            .order_by_expr(Expr::cust("p.id"), Order::Asc)
            .limit(20);
        Ok(self.fetch::<Row>(&select, "look up a place").await?.into_iter().map(Row::into_model).collect())
    }

    /// One place with what holds it and what it holds.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn place(&self, uid: &str) -> Result<Option<PlaceDetail>, StoreError> {
        const WHAT: &str = "read a place";
        let Some(place) = self.place_row(uid).await? else { return Ok(None) };
        let mut parents: Vec<StoredPlace> = Vec::new();
        let mut above = place.parent.clone();
        // Town, district, province, country: a longer chain would be a ring.
        while let Some(parent) = above.filter(|_| parents.len() < 8) {
            let Some(found) = self.place_row(&parent).await? else { break };
            above = found.parent.clone();
            parents.push(found);
        }
        let mut select = select_places();
        select
            .and_where(Expr::cust_with_values("p.parent_id = (select x.id from place x where x.uid = ?)", [uid]))
            .order_by_expr(Expr::cust("p.name, p.id"), Order::Asc)
            .limit(1000);
        let children = self.fetch::<Row>(&select, WHAT).await?.into_iter().map(Row::into_model).collect();
        Ok(Some(PlaceDetail { place, parents, children }))
    }

    /// Names of provinces and states that stored incidents have, with their countries.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn provinces(&self) -> Result<Vec<(String, Option<String>)>, StoreError> {
        sqlx::query_as("select distinct admin1, country from incident where admin1 is not null and shown = 1 order by 1, 2")
            .fetch_all(&self.reader)
            .await
            .context("list provinces")
    }

    async fn place_row(&self, uid: &str) -> Result<Option<StoredPlace>, StoreError> {
        let mut select = select_places();
        select.and_where(Expr::cust_with_values("p.uid = ?", [uid]));
        Ok(self.fetch::<Row>(&select, "read a place").await?.pop().map(Row::into_model))
    }
}

fn select_places() -> SelectStatement {
    Query::select()
        .expr(Expr::cust(
            "p.id, p.uid, p.name, (select x.uid from place x where x.id = p.parent_id) as parent, p.country, p.admin1, p.admin2, p.latitude, p.longitude, \
             p.precision, p.population, (select count(*) from place_mention m where m.place_id = p.id) as n_documents",
        ))
        .expr_as(Expr::cust(N_INCIDENTS), "n_incidents")
        .from_as("place", "p")
        .to_owned()
}
