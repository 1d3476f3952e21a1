//! From files to stored incidents: reading ([`read`]), extracting in parallel and storing in order ([`documents`]; [`record`] for
//! what was extracted elsewhere), filling a new base
//! ([`seed`]), and what goes on after an answer ([`jobs`]).

mod actors;
mod batch;
pub mod check;
pub mod cluster;
mod front_matter;
mod html;
pub mod intake;
pub mod jobs;
mod json;
mod nearest;
mod places;
pub mod read;
pub mod reextract;
mod renew;
mod run;
pub mod seed;
mod sketch;
mod withdraw;

pub use actors::name_by_base;
pub use batch::{Batch, Item};
pub use nearest::nearest;
pub use read::{Format, ReadError};
pub use renew::renew;
pub use run::{IngestError, Ingested, JobRun, Outcome, Progress, Settings, documents, each_batch, record, settle, store_batch};
pub use withdraw::{Withdrawal, delete, withdraw};
