//! How well records agree with gold files: precision and recall per field. Pure; reading the files is the caller's.

pub mod aliases;
pub mod cases;
pub mod gold;
pub mod links;
pub mod score;
pub mod spans;

pub use gold::Gold;
pub use score::{Scores, Tally, score};
