//! What the project speaks of: dates, counts, the extraction record, and what the base keeps of it. Plain data, no behaviour of the engine.

pub mod actor;
pub mod bounded;
pub mod casualty;
pub mod company;
pub mod comparison;
pub mod correction;
pub mod count;
pub mod date;
pub mod document;
pub mod id;
pub mod incident;
pub mod job;
pub mod key;
pub mod mask;
pub mod name;
pub mod place;
pub mod plan;
pub mod record;
pub mod redact;
pub mod renewal;
pub mod resolution;
pub mod statement;
pub mod stats;

pub use count::Count;
pub use date::{DatePrecision, DateRange};
pub use record::Record;
