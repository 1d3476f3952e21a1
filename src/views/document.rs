//! Documents on the wire.

use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

/// A text to be read. Members not named here are ignored.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DocumentInput {
    /// The sender's id, text or number; repeated in the answer.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub id: Option<DocumentId>,
    /// The words.
    #[schema(example = "A suicide bomber killed at least 12 people in Peshawar on Monday.")]
    pub text: String,
    /// Day of publication, ISO 8601; relative dates are counted from it.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub published: Option<String>,
    /// Headline: a hint, never quoted as evidence.
    #[serde(default)]
    pub title: Option<String>,
    /// Where it was found.
    #[serde(default)]
    pub url: Option<String>,
    /// Who published it.
    #[serde(default)]
    pub source: Option<String>,
    /// ISO 639-1.
    #[serde(default)]
    pub language: Option<String>,
}

/// An id given as text or number, kept as text.
#[derive(Debug)]
pub struct DocumentId(pub String);

impl<'de> Deserialize<'de> for DocumentId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "text or a number")]
        enum Either {
            Text(String),
            Number(serde_json::Number),
        }
        Ok(Self(match Either::deserialize(deserializer)? {
            Either::Text(text) => text,
            Either::Number(number) => number.to_string(),
        }))
    }
}
