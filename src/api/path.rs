//! The last part of a path: an id, or the name of a list.

use super::problem::{Code, Problem};
use axum::extract::FromRequestParts;
use axum::extract::Path as AxumPath;
use axum::http::request::Parts;

/// Longest id that is looked up, in bytes.
const MAX_ID: usize = 256;

/// The one parameter of a path, decoded.
#[derive(Clone, Debug)]
pub struct Path(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Path {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = AxumPath::<String>::from_request_parts(parts, state).await;
        let AxumPath(id) = path.map_err(|_| Problem::new(Code::InvalidPath, "The path is not UTF-8 after percent-decoding."))?;
        if id.len() > MAX_ID || id.chars().any(char::is_control) {
            return Err(Problem::new(Code::NotFound, "No id is like the one in this path."));
        }
        Ok(Self(id))
    }
}
