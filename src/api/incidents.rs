//! Incidents.

use super::as_of::AsOf;
use super::changes::history;
use super::export::{self, Form};
use super::filter::{IncidentQuery, Interpreted, PolicyQuery};
use super::list::{Asked, List, Paging, pick};
use super::moved::{missing, redirect};
use super::path::Path;
use super::problem::{Code, Fault, Problem};
use super::query::{Bad, Query, QueryValue};
use super::{App, Shared, etag, unavailable};
use crate::ingest::IngestError;
use crate::merge::{CasualtyPolicy, conflicts};
use crate::model::incident::{IncidentRow, StoredIncident};
use crate::store::Store;
use crate::store::filter::{Fictional, IncidentFilter, Page, Sort, SortKey};
use crate::views::Items;
use crate::views::history::ChangeView;
use crate::views::incident::{EvidenceView, IncidentDetail, IncidentView, MergedReport, ReportView};
use crate::views::statement::StatementView;
use crate::{query, query_words};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use utoipa::openapi::schema::{Schema, Type};

/// Most statements that one incident's page shows; `/v1/statements?incident=` has all.
const MAX_STATEMENTS: u32 = 200;
/// Incidents near to a report that are shown with it.
const MAX_NEAREST: usize = 5;

query! {
    /// How incidents are shown.
    pub struct Presentation {
        /// Order: `date`, `killed`, `injured`, `updated`, `added`, each with a minus sign for the highest or latest first; `-date` without it.
        sort: Vec<SortWord>,
        /// Members to give, e.g. `id,type,date`; all without it.
        fields: Vec<String>,
        /// What to put into each incident: `participants`, `reports`, `evidence`.
        include: Vec<Include>,
        /// Form of the answer, before the `Accept` header. All but `json` stream every row unless `limit` is given.
        format: Option<Form>,
    }
}

query_words! {
    /// What can be put into an incident.
    pub enum Include {
        /// Who did it, to whom.
        #[default]
        Participants = "participants",
        /// What each document says.
        Reports = "reports",
        /// Why each field has its value.
        Evidence = "evidence",
    }
}

/// One key of `sort`.
#[derive(Clone, Copy, Debug)]
pub struct SortWord(Sort);

const SORT_KEYS: &[(&str, SortKey)] =
    &[("date", SortKey::Date), ("killed", SortKey::Killed), ("injured", SortKey::Injured), ("updated", SortKey::Updated), ("added", SortKey::Added)];

impl QueryValue for SortWord {
    fn parse(text: &str) -> Result<Self, Bad> {
        let (descending, word) = text.strip_prefix('-').map_or((false, text), |word| (true, word));
        let key = SORT_KEYS.iter().find(|(name, _)| *name == word).map(|(_, key)| *key);
        let allowed = || SORT_KEYS.iter().flat_map(|(name, _)| [(*name).to_owned(), format!("-{name}")]).collect();
        key.map(|key| Self(Sort { key, descending })).ok_or_else(|| Bad { detail: "is not an order".to_owned(), allowed: allowed() })
    }

    fn schema() -> Schema {
        let words = SORT_KEYS.iter().flat_map(|(name, _)| [(*name).to_owned(), format!("-{name}")]);
        super::query::schema(Type::String).enum_values(Some(words)).build().into()
    }
}

/// Incidents that match, as a page or as a stream
///
/// Without filters: all that happened by some account and that nobody rejected, the latest first.
#[utoipa::path(get, path = "/v1/incidents", tag = "incidents", params(IncidentQuery, Presentation, Paging, AsOf), responses(
    (status = 200, description = "A page, or with another `format` every row.", content(
        (List<IncidentView> = "application/json"), (Object = "application/geo+json"), (String = "text/csv"), (String = "application/x-ndjson"),
    )),
))]
pub async fn list_incidents(
    State(app): State<Shared>,
    Query((query, view, paging, as_of)): Query<(IncidentQuery, Presentation, Paging, AsOf)>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let read = as_of.read(&app, query.q.is_some()).await?;
    let (filter, mut interpreted) = query.resolve(&read.resolver(&app)).await?;
    read.note(&mut interpreted);
    answer(&read.store, filter, interpreted, &view, &paging, &asked, &headers).await
}

/// A page or a stream of the incidents of a filter; also of those of one actor.
pub async fn answer(
    store: &Store,
    filter: IncidentFilter,
    interpreted: Interpreted,
    view: &Presentation,
    paging: &Paging,
    asked: &Asked,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let form = export::form(view.format, headers)?;
    let page = Page { sort: sort(&view.sort)?, after: asked.cursor(paging)?, limit: paging.limit() };
    if form != Form::Json {
        check_plain(view, form)?;
        return export::stream(store, form, filter, page, paging, asked).await;
    }
    let rows = store.incidents(&filter, &page).await.map_err(unavailable)?;
    let total = if paging.counts() { Some(store.count_incidents(&filter, None).await.map_err(unavailable)?) } else { None };
    let mut data = Vec::with_capacity(rows.rows.len());
    for row in rows.rows {
        data.push(shown(store, row, &view.include).await?);
    }
    let list = List::new(data, asked, rows.next.as_ref(), paging, total, interpreted);
    if view.fields.is_empty() { Ok(list.into_response()) } else { Ok(pick(list, &view.fields)?.into_response()) }
}

/// Forms other than JSON have fixed members.
fn check_plain(view: &Presentation, form: Form) -> Result<(), Problem> {
    let given = [("fields", !view.fields.is_empty()), ("include", !view.include.is_empty())].into_iter().find(|(_, given)| *given);
    match given {
        Some((name, _)) => {
            let fault = Fault::parameter(name, format!("goes with JSON only, not with {}", form.media_type()));
            Err(Problem::of(Code::ConflictingParameters, vec![fault]))
        }
        None => Ok(()),
    }
}

/// The view of a row with what `include` asks for.
async fn shown(store: &Store, row: IncidentRow, include: &[Include]) -> Result<IncidentView, Problem> {
    let mut incident = IncidentView::from(row);
    if !include.contains(&Include::Participants) {
        incident.participants = None;
    }
    if include.contains(&Include::Reports) {
        let stored = store.incident(&incident.id).await.map_err(unavailable)?;
        incident.reports = stored.map(|s| s.reports.into_iter().map(ReportView::from).collect());
    }
    if include.contains(&Include::Evidence) {
        let evidence = store.evidence(&incident.id).await.map_err(unavailable)?;
        incident.evidence = Some(evidence.into_iter().map(EvidenceView::from).collect());
    }
    Ok(incident)
}

fn sort(words: &[SortWord]) -> Result<Vec<Sort>, Problem> {
    let sort: Vec<Sort> = words.iter().map(|word| word.0).collect();
    let repeated = sort.iter().enumerate().any(|(n, s)| sort[..n].iter().any(|earlier| earlier.key == s.key));
    if repeated { Err(Problem::of(Code::ConflictingParameters, vec![Fault::parameter("sort", "names one key twice")])) } else { Ok(sort) }
}

/// One incident with participants, reports, what they contradict each other in, evidence, statements and merge decisions
#[utoipa::path(get, path = "/v1/incidents/{id}", tag = "incidents",
    params(("id" = String, Path, description = "Id of the incident."), PolicyQuery, AsOf), responses(
    (status = 200, description = "All that is known of it.", body = IncidentDetail),
    (status = 308, description = "It was merged; `Location` leads to its successor."),
))]
pub async fn get_incident(State(app): State<Shared>, Path(id): Path, Query((query, as_of)): Query<(PolicyQuery, AsOf)>) -> Result<Response, Problem> {
    let read = as_of.read(&app, false).await?;
    let store = &read.store;
    let Some(stored) = store.incident(&id).await.map_err(unavailable)? else { return Err(read.missing(&app, "incident", &id).await) };
    if let Some(successor) = &stored.row.merged_into {
        return Ok(redirect(&format!("/v1/incidents/{successor}"), &as_of.query()));
    }
    let (state, detail) = whole(store, stored, query.casualty_policy.unwrap_or_default().into()).await?;
    if read.revision.is_some() {
        return Ok(Json(detail).into_response());
    }
    Ok((Extension(state), Json(detail)).into_response())
}

/// One incident with everything, and which state of it that is; also after it was changed.
pub async fn detail(app: &App, id: &str) -> Result<(etag::Shown, IncidentDetail), Problem> {
    match app.store.incident(id).await.map_err(unavailable)? {
        Some(stored) => whole(&app.store, stored, CasualtyPolicy::default()).await,
        None => Err(missing(app, "incident", id).await),
    }
}

async fn whole(store: &Store, stored: StoredIncident, policy: CasualtyPolicy) -> Result<(etag::Shown, IncidentDetail), Problem> {
    let id = stored.row.id.clone();
    let state = etag::Shown { path: format!("/v1/incidents/{id}"), revision: stored.row.revision };
    let evidence = store.evidence(&id).await.map_err(unavailable)?;
    let about = crate::store::filter::StatementFilter { incident: vec![id], fictional: Fictional::Any, ..Default::default() };
    let statements = store.statements(&about, &Page { limit: MAX_STATEMENTS, ..Page::default() }).await.map_err(unavailable)?;
    let statements = statements.rows.into_iter().map(StatementView::from).collect();
    let conflicts = conflicts(&stored.reports);
    let stored = StoredIncident { row: stored.row.under(policy), ..stored };
    Ok((state, IncidentDetail::new(stored, conflicts, evidence, statements)))
}

/// Why each field of an incident has its value, with the sentence around each piece of evidence
#[utoipa::path(get, path = "/v1/incidents/{id}/evidence", tag = "incidents", params(("id" = String, Path, description = "Id of the incident."), AsOf), responses(
    (status = 200, description = "Each piece of evidence, by document and field.", body = Items<EvidenceView>),
    (status = 308, description = "It was merged; `Location` leads to its successor."),
))]
pub async fn get_evidence(State(app): State<Shared>, Path(id): Path, Query(as_of): Query<AsOf>) -> Result<Response, Problem> {
    let read = as_of.read(&app, false).await?;
    let Some(stored) = read.store.incident(&id).await.map_err(unavailable)? else { return Err(read.missing(&app, "incident", &id).await) };
    if let Some(successor) = &stored.row.merged_into {
        return Ok(redirect(&format!("/v1/incidents/{successor}/evidence"), &as_of.query()));
    }
    let evidence = read.store.evidence(&id).await.map_err(unavailable)?;
    Ok(Json(evidence.into_iter().map(EvidenceView::from).collect::<Items<_>>()).into_response())
}

/// Why each report is of an incident, and which other incidents it is near to
#[utoipa::path(get, path = "/v1/incidents/{id}/merges", tag = "incidents", params(("id" = String, Path, description = "Id of the incident.")), responses(
    (status = 200, description = "Each report with what joined it and the nearest incidents that it is not of.", body = Items<MergedReport>),
    (status = 308, description = "It was merged; `Location` leads to its successor."),
))]
pub async fn get_merges(State(app): State<Shared>, Path(id): Path, _: Query<()>) -> Result<Response, Problem> {
    let Some(stored) = app.store.incident(&id).await.map_err(unavailable)? else { return Err(missing(&app, "incident", &id).await) };
    if let Some(successor) = &stored.row.merged_into {
        return Ok(redirect(&format!("/v1/incidents/{successor}/merges"), ""));
    }
    let nearest = crate::ingest::nearest(&app.store, &id, MAX_NEAREST).await.map_err(|error| match error {
        IngestError::Store(error) => unavailable(error),
        other => Problem::internal(other),
    })?;
    Ok(Json(MergedReport::all(stored.decisions, nearest).into_iter().collect::<Items<_>>()).into_response())
}

/// Who or what changed an incident, when and why
#[utoipa::path(get, path = "/v1/incidents/{id}/history", tag = "incidents", params(("id" = String, Path, description = "Id of the incident.")), responses(
    (status = 200, description = "Each change, the oldest first; also of merged and deleted incidents.", body = Items<ChangeView>),
))]
pub async fn get_history(State(app): State<Shared>, Path(id): Path, _: Query<()>) -> Result<Json<Items<ChangeView>>, Problem> {
    history(&app, "incident", &id).await
}
