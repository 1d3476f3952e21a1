//! Lists: the envelope, its links, and cursors that cannot be mixed up.

use super::Shared;
use super::problem::{Code, Fault, Problem};
use super::query::{Bad, Params, QueryValue};
use super::rows::Rows;
use crate::store::filter::{Cursor, CursorValue, Total};
use crate::{query, query_words};
use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

/// Rows of a page without `limit`.
pub const DEFAULT_LIMIT: u32 = 50;
/// Highest `limit`.
pub const MAX_LIMIT: u32 = 1000;
/// Longest cursor that is looked at, in bytes; the longest that is given out is far shorter.
const MAX_CURSOR: usize = 2048;
/// Parameters that change neither which rows there are nor their order.
const NOT_BOUND: &[&str] = &["cursor", "limit", "count", "fields", "include", "format"];

query! {
    /// Which part of a list.
    pub struct Paging {
        /// Rows of a page, 1 to 1000; 50 without it.
        limit: Option<Limit>,
        /// Where the page begins: `links.next` of the page before has it. Opaque; bound to filters and order.
        cursor: Option<String>,
        /// `exact` (default) counts all rows that match; `none` leaves the count out, which is faster.
        count: Option<CountMode>,
    }
}

query_words! {
    /// Whether the rows that match are counted.
    pub enum CountMode {
        /// All.
        #[default]
        Exact = "exact",
        /// Not at all.
        None = "none",
    }
}

/// Rows of a page.
#[derive(Clone, Copy, Debug)]
pub struct Limit(pub u32);

impl QueryValue for Limit {
    fn parse(text: &str) -> Result<Self, Bad> {
        let number = u32::parse(text).ok().filter(|n| (1..=MAX_LIMIT).contains(n));
        number.map(Self).ok_or_else(|| format!("is not a whole number from 1 to {MAX_LIMIT}").into())
    }

    fn schema() -> Schema {
        let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(MAX_LIMIT));
        number.default(Some(DEFAULT_LIMIT.into())).build().into()
    }
}

impl Paging {
    /// Rows of the page.
    pub fn limit(&self) -> u32 {
        self.limit.map_or(DEFAULT_LIMIT, |limit| limit.0)
    }

    /// Rows of the page, where the request says so.
    pub fn limit_given(&self) -> Option<u32> {
        self.limit.map(|limit| limit.0)
    }

    /// Whether to count.
    pub fn counts(&self) -> bool {
        self.count.unwrap_or_default() == CountMode::Exact
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// The rows.
    pub data: Vec<T>,
    /// About the list.
    pub meta: Meta,
    /// Where to go from here.
    pub links: Links,
}

/// About a list.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Meta {
    /// Rows that match on all pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Instead of `total` where counting was stopped: there are so many or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_at_least: Option<u64>,
    /// Rows of a page.
    pub limit: u32,
    /// What the server understood each parameter to mean: names resolved to ids and codes, days written out.
    #[schema(value_type = Object)]
    pub interpreted: Map<String, Value>,
}

/// Where to go from a list.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Links {
    /// This page.
    #[serde(rename = "self")]
    pub this: String,
    /// The next page; null on the last one. Also in the `Link` header.
    pub next: Option<String>,
}

/// What the request was: needed for links and for cursors.
#[derive(Clone, Debug)]
pub struct Asked {
    base: String,
    path: String,
    params: Params,
}

impl FromRequestParts<Shared> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        let host = parts.headers.get(header::HOST).and_then(|v| v.to_str().ok()).filter(|h| is_host(h));
        let base = app.public_url.clone().or_else(|| host.map(|h| format!("http://{h}"))).unwrap_or_default();
        let params = Params::parse(parts.uri.query().unwrap_or(""))?;
        Ok(Self { base, path: parts.uri.path().to_owned(), params })
    }
}

/// What may stand between `http://` and the path; anything else is not echoed.
fn is_host(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]_".contains(&b))
}

impl Asked {
    /// Full URL of a path of this server.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// This page, and the one that begins at `next`.
    pub fn links(&self, next: Option<&Cursor>) -> Links {
        let next = next.map(|cursor| self.page(&self.params.without(&["cursor"]).with("cursor", &self.encode(cursor))));
        Links { this: self.page(&self.params), next }
    }

    fn page(&self, params: &Params) -> String {
        let query = params.encode();
        if query.is_empty() { self.url(&self.path) } else { format!("{}?{query}", self.url(&self.path)) }
    }

    /// The cursor of `paging`, checked.
    ///
    /// # Errors
    /// 400 where it is damaged or belongs to another list.
    pub fn cursor(&self, paging: &Paging) -> Result<Option<Cursor>, Problem> {
        paging.cursor.as_deref().map(|text| self.decode(text)).transpose()
    }

    fn encode(&self, cursor: &Cursor) -> String {
        let values = cursor.values.iter().map(|value| match value {
            CursorValue::Text(text) => Wire::Text(text.clone()),
            CursorValue::Number(number) => Wire::Number(*number),
        });
        let wire = WireCursor { v: values.collect(), n: cursor.number, c: String::new() };
        let wire = WireCursor { c: self.checksum(&wire), ..wire };
        // Numbers and strings always become JSON.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&wire).unwrap_or_default())
    }

    fn decode(&self, text: &str) -> Result<Cursor, Problem> {
        let refuse = |detail: &'static str| Problem::new(Code::InvalidCursor, detail);
        let damaged = "The cursor is damaged; take links.next as it is.";
        if text.len() > MAX_CURSOR {
            return Err(refuse(damaged));
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| refuse(damaged))?;
        let wire: WireCursor = serde_json::from_slice(&bytes).map_err(|_| refuse(damaged))?;
        if wire.c != self.checksum(&wire) {
            return Err(refuse("The cursor belongs to a list with other filters or another order; begin again without a cursor."));
        }
        let values = wire.v.into_iter().map(|value| match value {
            Wire::Text(text) => CursorValue::Text(text),
            Wire::Number(number) => CursorValue::Number(number),
        });
        Ok(Cursor { values: values.collect(), number: wire.n })
    }

    /// Binds a cursor to the path, the filters and the order it was made for.
    fn checksum(&self, wire: &WireCursor) -> String {
        let bound = self.params.without(NOT_BOUND).canonical();
        let values = serde_json::to_string(&(&wire.v, wire.n)).unwrap_or_default();
        let digest = Sha256::digest(format!("waqia cursor 1\n{}\n{bound}\n{values}", self.path));
        URL_SAFE_NO_PAD.encode(&digest[..9])
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireCursor {
    v: Vec<Wire>,
    n: i64,
    c: String,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Wire {
    Number(i64),
    Text(String),
}

impl<T> List<T> {
    /// A page; `total` as the store counted it.
    pub fn new(data: Vec<T>, asked: &Asked, next: Option<&Cursor>, paging: &Paging, total: Option<Total>, interpreted: Map<String, Value>) -> Self {
        let (total, total_at_least) = match total {
            Some(Total::Exact(n)) => (Some(n), None),
            Some(Total::AtLeast(n)) => (None, Some(n)),
            None => (None, None),
        };
        Self { data, meta: Meta { total, total_at_least, limit: paging.limit(), interpreted }, links: asked.links(next) }
    }
}

/// Leaves only some members in each row.
///
/// # Errors
/// 400 where a member is not one of `T`'s.
pub fn pick<T: Serialize + utoipa::PartialSchema>(list: List<T>, fields: &[String]) -> Result<List<Value>, Problem> {
    let members = members::<T>();
    let unknown = |field: &&String| !members.contains(field);
    let faults: Vec<Fault> = fields
        .iter()
        .filter(unknown)
        .map(|field| Fault::parameter("fields", format!("\"{field}\" is not a member")).with_allowed(field, members.iter().cloned()))
        .collect();
    if !faults.is_empty() {
        return Err(Problem::of(Code::InvalidParameter, faults));
    }
    let data = list.data.into_iter().map(|row| match serde_json::to_value(row) {
        Ok(Value::Object(row)) => Value::Object(row.into_iter().filter(|(name, _)| fields.contains(name)).collect()),
        _ => Value::Null,
    });
    Ok(List { data: data.collect(), meta: list.meta, links: list.links })
}

/// Names of a wire type's members, from its schema.
fn members<T: utoipa::PartialSchema>() -> Vec<String> {
    match T::schema() {
        RefOr::T(Schema::Object(object)) => object.properties.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

impl<T: Serialize> IntoResponse for List<T> {
    fn into_response(self) -> Response {
        let link = self.links.next.as_deref().and_then(next_link);
        let rows = Rows::of(self.data.len());
        let mut response = Json(self).into_response();
        response.extensions_mut().insert(rows);
        if let Some(link) = link {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}

/// The `Link` header of a next page.
pub fn next_link(url: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("<{url}>; rel=\"next\"")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        Asked { base: "http://x".to_owned(), path: "/v1/incidents".to_owned(), params: Params::parse(query).unwrap() }
    }

    fn cursor() -> Cursor {
        Cursor { values: vec![CursorValue::Text("2023-01-30".to_owned()), CursorValue::Number(-1)], number: 17 }
    }

    #[test]
    fn a_cursor_comes_back_as_it_was() {
        let text = asked("country=PK&sort=-date").encode(&cursor());
        // Order of parameters and what does not change the rows may differ.
        for same in ["sort=-date&country=PK", "country=PK&sort=-date&limit=5&count=none"] {
            assert_eq!(asked(same).decode(&text).unwrap(), cursor(), "{same}");
        }
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        let text = asked("country=PK").encode(&cursor());
        for other in ["country=AF", "", "country=PK&sort=killed"] {
            assert_eq!(asked(other).decode(&text).unwrap_err().code, Code::InvalidCursor, "{other}");
        }
        let mut elsewhere = asked("country=PK");
        elsewhere.path = "/v1/actors".to_owned();
        assert!(elsewhere.decode(&text).is_err());
    }

    #[test]
    fn damaged_cursors_are_refused() {
        let asked = asked("");
        let good = asked.encode(&cursor());
        let forged = URL_SAFE_NO_PAD.encode(r#"{"v":["x"],"n":1,"c":"AAAAAAAAAAAA"}"#);
        for text in ["", "!!!", "e30", &good[1..], &forged, &"A".repeat(100_000), "%00"] {
            assert_eq!(asked.decode(text).unwrap_err().code, Code::InvalidCursor, "{text:.20}");
        }
    }

    #[test]
    fn next_replaces_the_cursor_and_keeps_the_filters() {
        let links = asked("country=PK&cursor=old&q=a%26b").links(Some(&cursor()));
        let next = links.next.unwrap();
        assert!(next.starts_with("http://x/v1/incidents?country=PK&q=a%26b&cursor="), "{next}");
        assert!(!next.contains("old"));
    }
}
