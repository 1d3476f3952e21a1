//! Correcting what was read: what the routes share.

mod actors;
mod clusters;
mod corrections;
mod incidents;
mod participants;
mod patch;
mod place;
mod statements;

pub use actors::*;
pub use clusters::*;
pub use corrections::*;
pub use incidents::*;
pub use statements::*;

use super::body;
use super::moved::{missing, redirect};
use super::precondition::stale;
use super::problem::{Code, Fault, Problem};
use super::{App, Shared, unavailable};
use crate::curate::CurateError;
use crate::ingest::IngestError;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

/// What PATCH reads.
const PATCHES: [&str; 2] = ["application/merge-patch+json", "application/json"];
/// What the other routes read.
const JSON: [&str; 1] = ["application/json"];
/// Longest reason, in characters.
const MAX_REASON: usize = 2000;

/// A change that is not made: a problem, or an answer that leads elsewhere.
#[derive(Debug)]
pub enum Refused {
    /// What is wrong with the request.
    Problem(Box<Problem>),
    /// 308 to the successor, or 412 with the tag of the state now.
    Answer(Box<Response>),
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<Response> for Refused {
    fn from(response: Response) -> Self {
        Self::Answer(Box::new(response))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Answer(response) => *response,
        }
    }
}

/// What the failure of a decision on the resource at `path` is to the client; `below` is what follows its id in the path of the request.
async fn refused(app: &App, error: CurateError, path: &str, below: &str) -> Refused {
    match error {
        CurateError::Ingest(IngestError::Store(error)) => unavailable(error).into(),
        CurateError::Missing { what, uid } => missing(app, what, &uid).await.into(),
        CurateError::Merged { successor } => {
            let collection = path.rsplit_once('/').map_or(path, |(collection, _)| collection);
            redirect(&format!("{collection}/{successor}{below}"), "").into()
        }
        CurateError::Stale { revision } => stale(path.to_owned(), revision).into(),
        CurateError::Conflict(problem) => Problem::new(Code::Conflict, problem).into(),
        CurateError::Unfit { pointer, problem } => Problem::of(Code::InvalidBody, vec![Fault::pointer(pointer, problem)]).into(),
        CurateError::Ingest(other) => Problem::internal(other).into(),
    }
}

/// The body of a request as JSON.
async fn input<T: DeserializeOwned>(request: Request, app: &Shared, read_here: &[&'static str]) -> Result<T, Problem> {
    body::content_type(request.headers(), read_here)?;
    let bytes = body::bytes(request, app).await?;
    body::json(body::text(&bytes)?)
}

/// A reason that says something.
fn reason(given: &str) -> Result<String, Problem> {
    let reason = given.trim();
    let problem = match reason.chars().count() {
        0 => "is blank; say why, for those who come after",
        n if n > MAX_REASON => "is longer than 2000 characters",
        _ if reason.chars().any(|c| c.is_control() && c != '\n') => "holds control characters",
        _ => return Ok(reason.to_owned()),
    };
    Err(Problem::of(Code::InvalidBody, vec![Fault::pointer("/reason", problem)]))
}
