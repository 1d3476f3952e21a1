//! Incidents as a stream: GeoJSON, CSV, NDJSON; all rows that match, in constant memory.

use super::accept::negotiate;
use super::etag::Untagged;
use super::list::{Asked, Paging, next_link};
use super::problem::Problem;
use super::rows::Rows;
use super::unavailable;
use crate::exchange::Encoder;
use crate::query_words;
use crate::store::filter::{IncidentFilter, Page};
use crate::store::{Store, StoreError};
use crate::views::incident::IncidentView;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream, StreamExt};
use std::sync::Arc;

/// Rows read at once.
const CHUNK: u32 = 500;

query_words! {
    /// Form of a list of incidents.
    pub enum Form {
        /// Pages with links.
        #[default]
        Json = "json",
        /// RFC 7946.
        GeoJson = "geojson",
        /// RFC 4180.
        Csv = "csv",
        /// One JSON object a line.
        NdJson = "ndjson",
    }
}

const MEDIA_TYPES: [(&str, Form); 4] =
    [("application/json", Form::Json), ("application/geo+json", Form::GeoJson), ("text/csv", Form::Csv), ("application/x-ndjson", Form::NdJson)];

impl Form {
    /// Its media type, without parameters.
    pub fn media_type(self) -> &'static str {
        MEDIA_TYPES[self as usize].0
    }

    /// What writes it; `None` for pages.
    pub fn encoder(self) -> Option<Encoder> {
        match self {
            Self::Json => None,
            Self::GeoJson => Some(Encoder::GeoJson),
            Self::Csv => Some(Encoder::Csv),
            Self::NdJson => Some(Encoder::NdJson),
        }
    }
}

/// The form that the parameter names, else the one that `Accept` wants.
///
/// # Errors
/// 406 where `Accept` wants none of them.
pub fn form(given: Option<Form>, headers: &HeaderMap) -> Result<Form, Problem> {
    if let Some(form) = given {
        return Ok(form);
    }
    let media_type = negotiate(headers, &MEDIA_TYPES.map(|(media_type, _)| media_type))?;
    Ok(MEDIA_TYPES.iter().find(|(m, _)| *m == media_type).map_or(Form::Json, |(_, form)| *form))
}

/// Streams what matches from the page's start: every row, or as many as `limit` says, with a `Link` to the next ones.
///
/// # Errors
/// When the first rows cannot be read; a later failure breaks the stream off, which clients notice.
pub async fn stream(store: &Store, form: Form, filter: IncidentFilter, page: Page, paging: &Paging, asked: &Asked) -> Result<Response, Problem> {
    let encoder = form.encoder().unwrap_or(Encoder::NdJson);
    let counted = Rows::default();
    let (body, next) = match paging.limit_given() {
        Some(_) => {
            let rows = store.incidents(&filter, &page).await.map_err(unavailable)?;
            counted.add(rows.rows.len());
            let chunk = encoder.rows(&rows.rows.into_iter().map(IncidentView::from).collect::<Vec<_>>(), true);
            (Body::from([encoder.head(), &chunk, encoder.tail()].concat()), rows.next)
        }
        None => (Body::from_stream(chunks(store, encoder, filter, page, counted.clone()).await?), None),
    };
    let mut response = body.into_response();
    response.extensions_mut().insert(counted);
    if paging.limit_given().is_none() {
        // Pages are read one after the other: a write in between makes it neither the old answer nor the new.
        response.extensions_mut().insert(Untagged);
    }
    let headers = response.headers_mut();
    let charset = if form == Form::Csv { "; charset=utf-8; header=present" } else { "" };
    let content_type = HeaderValue::from_str(&format!("{}{charset}", form.media_type()));
    headers.extend(content_type.ok().map(|value| (header::CONTENT_TYPE, value)));
    headers.insert(header::VARY, HeaderValue::from_static("accept"));
    headers.extend(asked.links(next.as_ref()).next.as_deref().and_then(next_link).map(|value| (header::LINK, value)));
    Ok(response)
}

type Chunk = Result<Bytes, StoreError>;

/// Head, rows, tail. The first rows are read here, so that a failure is still a problem.
async fn chunks(
    store: &Store,
    encoder: Encoder,
    filter: IncidentFilter,
    page: Page,
    counted: Rows,
) -> Result<impl Stream<Item = Chunk> + Send + 'static, Problem> {
    let mut pages = Box::pin(pages(store.clone(), filter, page));
    let first = pages.next().await.transpose().map_err(unavailable)?.unwrap_or_default();
    let mut begun = false;
    let rows = stream::iter([Ok(first)]).chain(pages).map(move |rows| {
        rows.map(|rows| {
            let chunk = encoder.rows(&rows, !begun);
            begun |= !rows.is_empty();
            counted.add(rows.len());
            Bytes::from(chunk)
        })
    });
    let head = stream::iter([Ok(Bytes::from_static(encoder.head()))]);
    Ok(head.chain(rows).chain(stream::iter([Ok(Bytes::from_static(encoder.tail()))])))
}

/// All rows from the page's start on, some hundred at a time.
pub fn pages(store: Store, filter: IncidentFilter, page: Page) -> impl Stream<Item = Result<Vec<IncidentView>, StoreError>> + Send {
    let (filter, first) = (Arc::new(filter), Some(Page { limit: CHUNK, ..page }));
    stream::try_unfold((store, filter, first), |(store, filter, page)| async move {
        let Some(page) = page else { return Ok(None) };
        let rows = store.incidents_beside(&filter, &page).await?;
        let next = rows.next.map(|cursor| Page { after: Some(cursor), ..page });
        let views = rows.rows.into_iter().map(IncidentView::from).collect();
        // The first page queues like any other read; what has begun is brought to its end.
        Ok(Some((views, (store.onward(), filter, next))))
    })
}
