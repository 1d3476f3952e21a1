//! Search hits on the wire: plain text and where the hits are in it, so that no client has to trust markup.

use crate::model::stats::SearchHit;
use serde::Serialize;
use utoipa::ToSchema;

/// Something found by words.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SearchHit)]
pub struct SearchHitView {
    /// `document`, `incident`, `actor` or `statement`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Where it is.
    pub url: String,
    /// What to show.
    pub title: Marked,
    /// ISO day; null where it has none.
    pub day: Option<String>,
    /// Words around the first hits.
    pub snippet: Marked,
    /// Higher is better; 0 when sorted by newness.
    pub score: f64,
}

/// Text with hits in it.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Marked {
    /// The words.
    pub text: String,
    /// Start and end of each hit in `text`, in code points, half-open.
    pub hits: Vec<[u32; 2]>,
}

impl SearchHitView {
    /// `marks` are the characters before and after a hit.
    pub fn new(hit: SearchHit, marks: (char, char)) -> Self {
        Self {
            url: format!("/v1/{}s/{}", hit.kind, hit.id),
            kind: hit.kind,
            id: hit.id,
            title: Marked::new(&hit.title, marks),
            day: Some(hit.day).filter(|day| !day.is_empty()),
            snippet: Marked::new(&hit.snippet, marks),
            score: hit.score,
        }
    }
}

impl Marked {
    /// Takes the marks out.
    fn new(marked: &str, (before, after): (char, char)) -> Self {
        let mut text = String::with_capacity(marked.len());
        let (mut n_chars, mut open, mut hits) = (0, None, Vec::new());
        for c in marked.chars() {
            if c == before {
                open = Some(n_chars);
            } else if c == after {
                hits.extend(open.take().map(|start| [start, n_chars]));
            } else {
                text.push(c);
                n_chars += 1;
            }
        }
        Self { text, hits }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_become_offsets() {
        let marked = Marked::new("…a <bomb> in <پشاور>><", ('<', '>'));
        assert_eq!(marked.text, "…a bomb in پشاور");
        assert_eq!(marked.hits, [[3, 7], [11, 16]]);
    }
}
