//! `If-Match`: a change is made to the state that its sender has seen, or not at all (RFC 9110, 13.1.1).

use super::Shared;
use super::etag::{self, opaque};
use super::problem::{Code, Problem};
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

/// Which states the sender of a change has seen: revisions, from the entity tags of details or from the member `revision`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfMatch {
    /// `None`: whatever it is, as long as it is there.
    revisions: Option<Vec<i64>>,
}

impl FromRequestParts<Shared> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Problem> {
        let given: Vec<&str> = parts.headers.get_all(header::IF_MATCH).iter().filter_map(|v| v.to_str().ok()).collect();
        if given.is_empty() {
            let detail = "Send If-Match with the ETag of what is to be changed, as GET gives it, so that nothing is overwritten unseen.";
            return Err(Problem::new(Code::PreconditionRequired, detail));
        }
        Ok(Self::read(&given))
    }
}

impl IfMatch {
    fn read(headers: &[&str]) -> Self {
        let tags = || headers.iter().flat_map(|header| header.split(',')).map(opaque);
        let own = |tag: &str| tag.split_once('.').map_or(tag, |(own, _)| own).parse().ok();
        Self { revisions: (!tags().any(|tag| tag == "*")).then(|| tags().filter_map(own).collect()) }
    }

    /// Whether a resource of this revision is what the sender has seen.
    pub fn allows(&self, revision: i64) -> bool {
        self.revisions.as_ref().is_none_or(|seen| seen.contains(&revision))
    }
}

/// 412 with the tag of the state that is there now.
pub fn stale(path: String, revision: i64) -> Response {
    let detail =
        "It was changed since. Read it again (the ETag here is that of its state now), see whether the change still makes sense, and send it with that ETag.";
    let mut response = Problem::new(Code::Stale, detail).into_response();
    response.extensions_mut().insert(etag::Shown { path, revision });
    response
}

#[cfg(test)]
mod tests {
    use super::IfMatch;

    #[track_caller]
    fn check(header: &str, revision: i64, allowed: bool) {
        assert_eq!(IfMatch::read(&[header]).allows(revision), allowed, "{header} {revision}");
    }

    #[test]
    fn tags_are_compared_by_the_resource_s_own_revision() {
        check("\"12.abc\"", 12, true);
        check("\"12.abc-zstd\"", 12, true);
        check("W/\"12.abc\"", 12, true);
        check("\"12\"", 12, true);
        check("\"11.abc\", \"12.def\"", 12, true);
        check("*", 12, true);
        check("\"12.abc\"", 13, false);
        check("\"abc\"", 12, false);
        check("", 12, false);
    }
}
