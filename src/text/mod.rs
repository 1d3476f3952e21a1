//! Texts as the engine sees them: one immutable source, and spans into it.
//!
//! Nothing here knows of incidents or actors; it imports no other room. A text is read in passes, each a file:
//! `tokenize` → `normal` → `paragraph` → `sentence` → `quote` → `tagger` → `lemma`.

mod abbreviation;
mod chars;
mod clitic;
mod dictionary;
pub mod document;
mod feature;
mod filter;
mod forms;
mod guess;
mod lemma;
mod normal;
pub mod number;
mod paragraph;
mod quote;
mod sentence;
pub mod span;
pub mod tag;
pub mod tagger;
pub mod token;
mod tokenize;
pub mod train;
pub mod universal;
pub mod varint;
mod weights;
mod word_map;
mod words;

pub use document::{AllowedTags, Document, TextModel};
pub use filter::Filter;
pub use forms::Forms;
pub use sentence::MAX_SENTENCE;
pub use span::{CharIndex, Span, TokenSpan};
pub use tag::{Tag, TagSet};
pub use tagger::Tagger;
pub use token::{Shape, Token, fold, word_hash};
pub use tokenize::for_each_word;
pub use weights::WeightsError;
pub use word_map::WordMap;
pub use words::{Said, WordList, Words};
