//! waqia (واقعہ, Urdu for *incident*): news text on militant violence in, incidents, actors and statements out, each field traced to its words.
//!
//! `text` to `eval` are the core: pure, total, deterministic. Everything else needs the feature `server`.

#[cfg(feature = "server")]
pub mod api;
#[cfg(feature = "server")]
pub mod cli;
#[cfg(feature = "server")]
pub mod clock;
pub mod codebook;
#[cfg(feature = "server")]
pub mod config;
#[cfg(feature = "server")]
pub mod curate;
#[cfg(feature = "server")]
pub mod dashboard;
pub mod eval;
#[cfg(feature = "server")]
pub mod exchange;
pub mod extract;
#[cfg(feature = "server")]
pub mod ingest;
pub mod lexicon;
pub mod merge;
#[cfg(feature = "server")]
pub mod metrics;
pub mod model;
pub mod resolve;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
pub mod store;
#[cfg(feature = "server")]
pub mod telemetry;
pub mod text;
#[cfg(feature = "server")]
pub mod views;
