//! Failures as the client sees them: RFC 9457 `application/problem+json`, one table of codes.
//!
//! A handler gives a [`Problem`]; `server::edge` renders it with the request's id and logs what is the server's own fault, once.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use utoipa::ToSchema;

macro_rules! problem_codes {
    ($($variant:ident $code:literal $status:ident $title:literal $help:literal)*) => {
        /// Every kind of failure that the API answers with.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {
            $(#[doc = $title] $variant,)*
        }

        impl Code {
            /// All of them, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The machine-readable name, also the last part of the problem's `type`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// The HTTP status.
            pub fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status),* }
            }

            /// A few words that are the same each time.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),* }
            }

            /// What the client can do.
            pub fn help(self) -> &'static str {
                match self { $(Self::$variant => $help),* }
            }
        }
    };
}

problem_codes! {
    UnknownParameter "unknown_parameter" BAD_REQUEST "Unknown parameter"
        "The query names a parameter that this endpoint does not have. `errors` names it, lists those it has and suggests the nearest."
    InvalidParameter "invalid_parameter" BAD_REQUEST "Invalid parameter"
        "A parameter's value cannot be understood. `errors` says for each what is expected."
    RepeatedParameter "repeated_parameter" BAD_REQUEST "Repeated parameter"
        "A parameter that takes one value was given more than once. Give it once."
    ConflictingParameters "conflicting_parameters" BAD_REQUEST "Conflicting parameters"
        "Each parameter is fine by itself but they do not go together, such as `from` after `to`."
    InvalidCursor "invalid_cursor" BAD_REQUEST "Invalid cursor"
        "The cursor is damaged, or belongs to a list with other filters or another order. Take `links.next` as it is, or begin without a cursor."
    InvalidPath "invalid_path" BAD_REQUEST "Invalid path"
        "The path holds a percent-encoding that is broken or is not UTF-8."
    InvalidEncoding "invalid_encoding" BAD_REQUEST "Invalid encoding"
        "The body is not UTF-8, holds U+0000, or is not in its `Content-Encoding`. Send the text as UTF-8 without NUL characters."
    InvalidJson "invalid_json" BAD_REQUEST "Invalid JSON"
        "The body is not JSON; `errors` says where it breaks."
    InvalidBody "invalid_body" UNPROCESSABLE_ENTITY "Invalid body"
        "The body is JSON but not what this endpoint takes. `errors` points at the member that is wrong."
    Unauthorized "unauthorized" UNAUTHORIZED "Key needed"
        "The key in `Authorization: Bearer` is not taken, or there is none and this needs one. `waqia keys create` makes keys, `waqia keys list` shows which are revoked or have expired."
    MissingScope "missing_scope" FORBIDDEN "Scope missing"
        "The key is right and may not do this; `detail` names the scope that is needed. `waqia keys create --scope SCOPE` makes such a key."
    WriteRefused "write_refused" FORBIDDEN "Writing refused"
        "Without a key only programs on the server's machine may write, directly and not through a proxy or a page of another site; `detail` says what is against it. Send a key: `waqia keys create` makes one."
    CrossSite "cross_site" FORBIDDEN "Refused to pages of other sites"
        "Pages of other sites may read, not put the engine to work. Send the request from a program or from a server of your own; behind a proxy `--public-url` names the site that is this one's own."
    RateLimited "rate_limited" TOO_MANY_REQUESTS "Too many requests"
        "As many requests came as may in a minute. Wait as long as `Retry-After` says. A key may have a limit of its own: `waqia keys create --per-minute`."
    InvalidHost "invalid_host" BAD_REQUEST "Invalid host"
        "The request has no `Host` header, more than one, one that is not `HOST` or `HOST:PORT`, or one that its target contradicts. Send the one that belongs to the URL."
    InvalidRequest "invalid_request" BAD_REQUEST "Invalid request"
        "The request is not HTTP/1.1 (or 1.0), so that nothing of it can be read. Check what sends it; HTTP/2 and TLS are for a proxy in front."
    HeadersTooLarge "headers_too_large" REQUEST_HEADER_FIELDS_TOO_LARGE "Headers too large"
        "The request line and the headers are larger than 64 KiB together, or there are more than 100 headers. Send less, or put filters that are so long into several requests."
    NotFound "not_found" NOT_FOUND "Not found"
        "There is nothing at this path. Lists such as `/v1/incidents` give ids that exist; `/docs` lists the paths."
    Gone "gone" GONE "Gone"
        "It was here and was deleted; `detail` says why. `/v1/changes` tells of every deletion."
    MethodNotAllowed "method_not_allowed" METHOD_NOT_ALLOWED "Method not allowed"
        "The path exists but not for this method; the `Allow` header lists its methods."
    PreconditionRequired "precondition_required" PRECONDITION_REQUIRED "If-Match needed"
        "A change names the state that it is meant for. Read the resource, and send its `ETag` as `If-Match` with the change."
    Stale "stale" PRECONDITION_FAILED "Changed since"
        "What is to be changed is not as `If-Match` says: somebody or a later report changed it. Read it again and decide anew; `ETag` of this answer is that of its state now."
    Conflict "conflict" CONFLICT "Conflict"
        "The change does not fit what is there, such as merging something with itself or undoing what was undone; `detail` says why."
    NotAcceptable "not_acceptable" NOT_ACCEPTABLE "Not acceptable"
        "None of the media types in the `Accept` header is served here. Leave the header out, or use `?format=` where the endpoint has it."
    RequestTimeout "request_timeout" REQUEST_TIMEOUT "Request timeout"
        "The body did not arrive in time. Send it again."
    TooManyJobs "too_many_jobs" TOO_MANY_REQUESTS "Too many jobs"
        "As many jobs wait as may (`--max-jobs`); `/v1/jobs` lists them. Send this one again when some are done, or end some."
    SpoolFull "spool_full" INSUFFICIENT_STORAGE "No room for the job"
        "What was sent does not fit beside what waits for other jobs (`--max-spool`). Send it again when some are done, or in smaller parts."
    PayloadTooLarge "payload_too_large" PAYLOAD_TOO_LARGE "Payload too large"
        "The body, or what it decodes to, is larger than the server takes (`--max-body`, for a job `--max-bulk`). Split it, send it as a job with `Prefer: respond-async`, or use `waqia ingest` on the server's machine."
    TextTooLarge "text_too_large" PAYLOAD_TOO_LARGE "Text too large"
        "The body is small enough, but its text is longer than one text may be (`--max-text`). Send the chapters or reports in it one by one."
    UnsupportedMediaType "unsupported_media_type" UNSUPPORTED_MEDIA_TYPE "Unsupported media type"
        "The `Content-Type` header is missing or names a type that this endpoint does not read, or `Content-Encoding` names an encoding; `errors` lists those it reads."
    Internal "internal" INTERNAL_SERVER_ERROR "Internal error"
        "The server failed. The log has the cause under the id in `instance`; please report it."
    Overloaded "overloaded" SERVICE_UNAVAILABLE "Overloaded"
        "Too many requests are worked on. Wait as long as `Retry-After` says and send the request again."
    Timeout "timeout" SERVICE_UNAVAILABLE "Out of time"
        "The answer was not ready in time (`--request-timeout`), or the search for it was stopped (`--query-timeout`). Ask for less: a smaller `limit`, narrower filters, `count=none`, a shorter text."
    InsufficientStorage "insufficient_storage" INSUFFICIENT_STORAGE "Disk full"
        "The disk of the knowledge base is full, so nothing was stored; reading goes on. Free some space on it and send the request again: the server need not be restarted."
    ReadOnly "read_only" SERVICE_UNAVAILABLE "Read-only"
        "The file of the knowledge base or its file system cannot be written, so nothing was stored; reading goes on. Make it writable and restart the server."
    NotReady "not_ready" SERVICE_UNAVAILABLE "Not ready"
        "The knowledge base cannot be used at the moment; at `/readyz`, `checks` says which part fails. Try again later."
}

/// A failure on its way to the client.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Which.
    pub code: Code,
    /// What happened this time, and what to change.
    pub detail: Cow<'static, str>,
    /// What exactly is wrong with the request.
    pub errors: Vec<Fault>,
    /// With `not_ready` from `/readyz`: each part that was looked at and how it is.
    pub checks: BTreeMap<&'static str, &'static str>,
    /// What went wrong inside; logged, never sent.
    pub cause: Option<Arc<dyn Error + Send + Sync>>,
    /// Headers that go with it.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// The parameter of the query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// JSON pointer (RFC 6901) into the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Line of an NDJSON body, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// What is wrong.
    pub detail: String,
    /// What is allowed instead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
    /// What was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

/// What is sent: RFC 9457 with `code` and `errors`.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// URI reference that explains this kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// A few words that are the same each time.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time, and what to change.
    pub detail: String,
    /// The request's id, as in the header `x-request-id`.
    pub instance: String,
    /// Machine-readable name of the kind.
    pub code: String,
    /// What exactly is wrong with the request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
    /// Of `/readyz`: each part that was looked at and how it is: `ok`, `busy`, or `failed: …`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub checks: BTreeMap<&'static str, &'static str>,
}

impl Problem {
    /// A problem of this kind.
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { code, detail: detail.into(), errors: Vec::new(), checks: BTreeMap::new(), cause: None, headers: Vec::new() }
    }

    /// A failure inside: the client learns nothing of it, the log all.
    pub fn internal(cause: impl Error + Send + Sync + 'static) -> Self {
        let detail = "The server failed while working on this request.";
        Self { cause: Some(Arc::new(cause)), ..Self::new(Code::Internal, detail) }
    }

    /// One or more things wrong with a request; the first is also told in `detail`.
    pub fn of(code: Code, errors: Vec<Fault>) -> Self {
        let detail = errors.first().map(Fault::to_string).unwrap_or_default();
        Self { errors, ..Self::new(code, detail) }
    }

    /// With a header that tells the client more.
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The resource `what` with that id does not exist.
    pub fn not_found(what: &str, id: &str) -> Self {
        let id: String = id.chars().take(100).collect();
        Self::new(Code::NotFound, format!("There is no {what} \"{id}\"."))
    }

    /// What is sent.
    pub fn body(&self, request_id: &str) -> ProblemBody {
        ProblemBody {
            kind: format!("/problems/{}", self.code.name()),
            title: self.code.title().to_owned(),
            status: self.code.status().as_u16(),
            detail: self.detail.to_string(),
            instance: request_id.to_owned(),
            code: self.code.name().to_owned(),
            errors: self.errors.clone(),
            checks: self.checks.clone(),
        }
    }
}

impl Fault {
    /// About a parameter of the query.
    pub fn parameter(name: &str, detail: impl Into<String>) -> Self {
        Self { parameter: Some(name.to_owned()), detail: detail.into(), ..Self::default() }
    }

    /// About a member of a JSON body.
    pub fn pointer(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: Some(pointer.into()), detail: detail.into(), ..Self::default() }
    }

    /// With what is allowed, and of that what is nearest to `given`.
    pub fn with_allowed(mut self, given: &str, allowed: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.allowed = allowed.into_iter().map(Into::into).collect();
        self.suggestion = super::suggest::nearest(given, self.allowed.iter().map(String::as_str)).map(str::to_owned);
        self
    }
}

impl std::fmt::Display for Fault {
    /// "parameter: what is wrong. Did you mean …?"
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = match (&self.parameter, &self.pointer) {
            (Some(name), _) => format!("{name}: "),
            (None, Some(pointer)) if !pointer.is_empty() => format!("{pointer}: "),
            _ => String::new(),
        };
        let suggestion = self.suggestion.as_ref().map(|s| format!(" Did you mean \"{s}\"?")).unwrap_or_default();
        write!(f, "{place}{}.{suggestion}", self.detail)
    }
}

impl IntoResponse for Problem {
    /// Status and headers; the body is rendered by `server::edge`, which knows the request's id.
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        if matches!(self.code, Code::Overloaded | Code::NotReady | Code::ReadOnly | Code::InsufficientStorage) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response.headers_mut().extend(self.headers.clone());
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_explained() {
        let mut names: Vec<_> = Code::ALL.iter().map(|c| c.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(code.help().ends_with('.') && code.help().len() > 40, "{}", code.name());
            assert!(code.status().is_client_error() || code.status().is_server_error());
        }
    }

    #[test]
    fn the_detail_names_the_parameter_and_the_suggestion() {
        let fault = Fault::parameter("countri", "is not a parameter here").with_allowed("countri", ["country", "from"]);
        let problem = Problem::of(Code::UnknownParameter, vec![fault]);
        assert_eq!(problem.detail, "countri: is not a parameter here. Did you mean \"country\"?");
    }

    #[test]
    fn what_went_wrong_inside_stays_inside() {
        let problem = Problem::internal(std::io::Error::other("/secret/path"));
        let body = serde_json::to_string(&problem.body("r1")).unwrap();
        assert!(!body.contains("secret"), "{body}");
    }
}
