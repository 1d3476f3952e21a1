//! From files to stored incidents: reading ([`read`]), extracting in parallel and storing in order ([`documents`]; [`record`] for
//! what was extracted elsewhere), filling a new base
//! ([`seed`]).

mod actors;
mod batch;
pub mod check;
pub mod cluster;
mod front_matter;
mod html;
pub mod intake;
mod json;
mod places;
pub mod read;
mod run;
pub mod seed;

pub use actors::name_by_base;
pub use batch::{Batch, Item};
pub use read::{Format, ReadError};
pub use run::{IngestError, Ingested, Outcome, Progress, Settings, delete, documents, record, store_batch};
