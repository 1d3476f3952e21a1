//! What curators decide of incidents, actors and statements. Each decision is kept as data, with its reason, and applied in the transaction
//! that stores it; `merge::correct` applies it again whenever reports change.

mod actor;
mod cluster;
mod incident;
mod statement;
mod undo;

pub use actor::{NameEdit, RelationInput, decide_actor, edit_actor, merge_actor, relate_actor};
pub use cluster::{NamedReport, merge, split};
pub use incident::{EvidenceChange, decide, edit, edit_evidence};
pub use statement::{StatementEdit, decide_statement, edit_statement};
pub use undo::{close_review, confirm_name, undo};

use crate::ingest::IngestError;
use crate::lexicon::Lexicon;
use crate::store::{Present, Store, StoreError, Writer};
use jiff::Timestamp;

/// Who decides, where, when and why.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The base.
    pub store: &'a Store,
    /// What the engine knows.
    pub lexicon: &'a Lexicon,
    /// Time that the change is dated with.
    pub now: Timestamp,
    /// The key's name.
    pub who: &'a str,
    /// Why, in the curator's words.
    pub reason: &'a str,
}

/// What a curator has seen: nothing else is changed.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Id.
    pub uid: &'a str,
    /// Its revision.
    pub revision: i64,
}

/// A decision that is not carried out; nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CurateError {
    /// The base fails.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// It is not there.
    #[error("there is no {what} {uid}")]
    Missing {
        /// `incident`, `actor`, `statement`, `correction` or `review item`.
        what: &'static str,
        /// Its id.
        uid: String,
    },
    /// It was merged into another.
    #[error("it was merged into {successor}")]
    Merged {
        /// Id of the other.
        successor: String,
    },
    /// It is not as the curator has seen it.
    #[error("it was changed since")]
    Stale {
        /// Its revision now.
        revision: i64,
    },
    /// It does not fit what is there.
    #[error("{0}")]
    Conflict(String),
    /// A member of the request does not fit what is there.
    #[error("{pointer}: {problem}")]
    Unfit {
        /// JSON pointer into the request.
        pointer: String,
        /// What is wrong.
        problem: String,
    },
}

impl From<StoreError> for CurateError {
    fn from(error: StoreError) -> Self {
        Self::Ingest(error.into())
    }
}

impl Desk<'_> {
    async fn begin(&self) -> Result<Writer, CurateError> {
        Ok(self.store.write(self.now, self.who).await?)
    }
}

/// What is to be changed, if it is there and as it was seen.
async fn present(writer: &mut Writer, what: &'static str, seen: &Seen<'_>) -> Result<Present, CurateError> {
    let found = writer.present(what, seen.uid).await?.ok_or_else(|| CurateError::Missing { what, uid: seen.uid.to_owned() })?;
    if let Some(successor) = found.successor {
        return Err(CurateError::Merged { successor });
    }
    if found.revision != seen.revision {
        return Err(CurateError::Stale { revision: found.revision });
    }
    Ok(found)
}
