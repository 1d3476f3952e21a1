//! waqia (واقعہ, Urdu for *incident*): news text on militant violence in, incidents, actors and statements out, each field traced to its words.
//!
//! `text` to `eval` are the core: pure, total, deterministic. Everything else needs the feature `server`.

pub mod eval;
pub mod extract;
#[cfg(feature = "server")]
pub mod ingest;
pub mod lexicon;
pub mod merge;
pub mod model;
#[cfg(feature = "server")]
pub mod store;
pub mod text;
