//! All integration tests in one binary.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

mod actors;
#[cfg(feature = "server")]
mod api;
#[cfg(feature = "server")]
mod api_guide;
mod architecture;
#[cfg(feature = "server")]
mod backup;
#[cfg(feature = "server")]
mod base;
#[cfg(feature = "server")]
mod bodies;
#[cfg(feature = "server")]
mod casualties;
#[cfg(feature = "server")]
mod changes;
#[cfg(feature = "server")]
mod check;
#[cfg(feature = "server")]
mod cli;
mod clusters;
mod codebooks;
#[cfg(feature = "server")]
mod config;
#[cfg(feature = "server")]
mod connections;
#[cfg(feature = "server")]
mod curation;
mod dates;
mod docs;
#[cfg(feature = "server")]
mod explain;
#[cfg(feature = "server")]
mod hostile;
#[cfg(feature = "server")]
mod incidents;
#[cfg(feature = "server")]
mod ingest;
#[cfg(feature = "server")]
mod jobs;
#[cfg(feature = "server")]
mod keys;
mod lexicon;
mod long_texts;
#[cfg(feature = "server")]
mod merging;
mod metrics;
#[cfg(feature = "server")]
mod openapi;
#[cfg(feature = "server")]
mod past;
#[cfg(feature = "server")]
mod reextract;
mod relations;
#[cfg(feature = "server")]
mod resolution;
#[cfg(feature = "server")]
mod resources;
mod seed_article;
#[cfg(feature = "server")]
mod seeds;
mod source;
mod statements;
#[cfg(feature = "server")]
mod store;
#[cfg(feature = "server")]
mod support;
#[cfg(feature = "server")]
mod withdrawal;
#[cfg(feature = "server")]
mod withheld;
