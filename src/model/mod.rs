//! What the project speaks of: dates, counts, and the extraction record. Plain data, no behaviour of the engine.

pub mod count;
pub mod date;
pub mod record;

pub use count::Count;
pub use date::{DatePrecision, DateRange};
pub use record::Record;
