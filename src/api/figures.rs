//! Statistics that documents quote.

use super::filter::{Invented, Resolver};
use super::list::{Asked, List, Paging};
use super::problem::Problem;
use super::query::Query;
use super::{Shared, unavailable};
use crate::query;
use crate::store::filter::{FigureFilter, Page};
use crate::views::figure::FigureView;
use axum::extract::State;

query! {
    /// Which figures.
    pub struct FigureQuery {
        /// Documents by id.
        document: Vec<String>,
        /// Countries or places, as the figure names them.
        place: Vec<String>,
        /// `increase` or `decrease`.
        change: Vec<String>,
        /// `false` leaves out what invented documents tell, `true` leaves out the rest, `any` gives both; `false` without it.
        fictional: Option<Invented>,
        /// Part of what is counted, e.g. `attacks`.
        q: Option<String>,
    }
}

/// Statistics that documents quote ("a 50% increase in militant attacks"), with their source
#[utoipa::path(get, path = "/v1/figures", tag = "figures", params(FigureQuery, Paging), responses((status = 200, description = "A page.", body = List<FigureView>)))]
pub async fn list_figures(State(app): State<Shared>, Query((query, paging)): Query<(FigureQuery, Paging)>, asked: Asked) -> Result<List<FigureView>, Problem> {
    let mut run = Resolver::from(&*app).begin();
    let filter = FigureFilter {
        document: run.documents("document", query.document).await?,
        place: run.given("place", Some(query.place).filter(|p| !p.is_empty())).unwrap_or_default(),
        change: run.words("change", &["increase", "decrease"], query.change),
        fictional: run.fictional(query.fictional),
        q: run.given("q", query.q),
    };
    let interpreted = run.finish()?;
    let page = Page { after: asked.cursor(&paging)?, limit: paging.limit(), ..Page::default() };
    let rows = app.store.figures(&filter, &page).await.map_err(unavailable)?;
    let total = if paging.counts() { Some(app.store.count_figures(&filter, None).await.map_err(unavailable)?) } else { None };
    let data = rows.rows.into_iter().map(FigureView::from).collect();
    Ok(List::new(data, &asked, rows.next.as_ref(), &paging, total, interpreted))
}
