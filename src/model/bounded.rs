//! Texts of bounded length, checked while they are read: what comes with a document is shown in lists and kept in indexes.

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::fmt;

/// A text of at most `MAX` code points.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounded<const MAX: usize>(pub String);

impl<const MAX: usize> Bounded<MAX> {
    /// Takes `text` if it is short enough.
    ///
    /// # Errors
    /// Says how long it may be, beginning with "is".
    pub fn new(text: impl Into<String> + AsRef<str>) -> Result<Self, String> {
        match text.as_ref().chars().nth(MAX) {
            None => Ok(Self(text.into())),
            Some(_) => Err(format!("is longer than {MAX} characters")),
        }
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Bounded<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor::<MAX>)
    }
}

struct TextVisitor<const MAX: usize>;

impl<const MAX: usize> Visitor<'_> for TextVisitor<MAX> {
    type Value = Bounded<MAX>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a text of at most {MAX} characters")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Bounded::new(text).map_err(E::custom)
    }
}

/// The sender's id of a document, given as text or number and kept as text of at most `MAX` code points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SenderId<const MAX: usize>(pub String);

impl<'de, const MAX: usize> Deserialize<'de> for SenderId<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdVisitor::<MAX>)
    }
}

struct IdVisitor<const MAX: usize>;

impl<const MAX: usize> Visitor<'_> for IdVisitor<MAX> {
    type Value = SenderId<MAX>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a text of at most {MAX} characters or a number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Bounded::<MAX>::new(text).map(|id| SenderId(id.0)).map_err(E::custom)
    }

    fn visit_u64<E: Error>(self, id: u64) -> Result<Self::Value, E> {
        Ok(SenderId(id.to_string()))
    }

    fn visit_i64<E: Error>(self, id: i64) -> Result<Self::Value, E> {
        Ok(SenderId(id.to_string()))
    }

    fn visit_f64<E: Error>(self, id: f64) -> Result<Self::Value, E> {
        Ok(SenderId(serde_json::Number::from_f64(id).map(|n| n.to_string()).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_counted_in_characters() {
        let read = |json: &str| serde_json::from_str::<Bounded<3>>(json).map(|b| b.0).map_err(|e| e.to_string());
        assert_eq!(read("\"äöü\"").as_deref(), Ok("äöü"));
        assert_eq!(read("\"\\u00e4bc\"").as_deref(), Ok("äbc"));
        assert!(read("\"abcd\"").unwrap_err().starts_with("is longer than 3 characters"));
        assert!(read("3").unwrap_err().contains("expected a text of at most 3 characters"));
    }

    #[test]
    fn ids_are_texts_or_numbers() {
        let read = |json: &str| serde_json::from_str::<SenderId<4>>(json).map(|b| b.0).map_err(|e| e.to_string());
        for (json, expect) in [("\"a\"", "a"), ("7", "7"), ("-7", "-7"), ("1.5", "1.5"), ("123456", "123456")] {
            assert_eq!(read(json).as_deref(), Ok(expect));
        }
        assert!(read("\"abcde\"").unwrap_err().contains("longer than 4"));
        assert!(read("[1]").unwrap_err().contains("or a number"));
    }
}
