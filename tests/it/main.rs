//! All integration tests in one binary.

mod architecture;
#[cfg(feature = "server")]
mod base;
mod dates;
#[cfg(feature = "server")]
mod ingest;
mod lexicon;
mod seed_article;
mod seeds;
mod source;
