//! All integration tests in one binary.

mod architecture;
mod dates;
mod lexicon;
mod seed_article;
mod seeds;
mod source;
