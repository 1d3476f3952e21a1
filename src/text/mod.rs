//! Texts as the engine sees them: one immutable source, and spans into it.
//!
//! Nothing here knows of incidents or actors; it imports no other room.

pub mod document;
pub mod number;
pub mod span;
pub mod tag;
pub mod token;

pub use document::{Document, TextModel};
pub use span::{CharIndex, Span, TokenSpan};
pub use tag::{Tag, TagSet};
pub use token::{Shape, Token, word_hash};
