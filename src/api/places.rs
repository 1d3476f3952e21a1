//! Places.

use super::filter::Resolver;
use super::list::{Asked, List, Paging};
use super::moved::missing;
use super::path::Path;
use super::problem::Problem;
use super::query::Query;
use super::{Shared, unavailable};
use crate::query;
use crate::store::filter::{Page, PlaceFilter};
use crate::views::place::{PlaceDetail, PlaceView};
use axum::Json;
use axum::extract::State;

query! {
    /// Which places.
    pub struct PlaceQuery {
        /// Countries by ISO 3166-1 alpha-2 code or English name.
        country: Vec<String>,
        /// Codes of the list `place_precision`: `exact` for towns, `admin2` for districts, `admin1` for provinces, `country`, …
        precision: Vec<String>,
        /// The region or country that holds it, by id or name.
        parent: Vec<String>,
        /// Beginning of the name.
        q: Option<String>,
    }
}

/// Places that documents name, those with the most incidents first
#[utoipa::path(get, path = "/v1/places", tag = "places", params(PlaceQuery, Paging), responses((status = 200, description = "A page.", body = List<PlaceView>)))]
pub async fn list_places(State(app): State<Shared>, Query((query, paging)): Query<(PlaceQuery, Paging)>, asked: Asked) -> Result<List<PlaceView>, Problem> {
    let mut run = Resolver::from(&*app).begin();
    let filter = PlaceFilter {
        country: run.countries("country", query.country),
        precision: run.codes("precision", "place_precision", query.precision),
        parent: run.places("parent", query.parent).await?,
        q: run.given("q", query.q),
    };
    let interpreted = run.finish()?;
    let page = Page { after: asked.cursor(&paging)?, limit: paging.limit(), ..Page::default() };
    let rows = app.store.places(&filter, &page).await.map_err(unavailable)?;
    let total = if paging.counts() { Some(app.store.count_places(&filter, None).await.map_err(unavailable)?) } else { None };
    let data = rows.rows.into_iter().map(PlaceView::from).collect();
    Ok(List::new(data, &asked, rows.next.as_ref(), &paging, total, interpreted))
}

/// One place with what holds it and what it holds
#[utoipa::path(get, path = "/v1/places/{id}", tag = "places", params(("id" = String, Path, description = "Id of the place.")), responses(
    (status = 200, description = "The place.", body = PlaceDetail),
))]
pub async fn get_place(State(app): State<Shared>, Path(id): Path, _: Query<()>) -> Result<Json<PlaceDetail>, Problem> {
    match app.store.place(&id).await.map_err(unavailable)? {
        Some(place) => Ok(Json(place.into())),
        None => Err(missing(&app, "place", &id).await),
    }
}
