//! Jobs: runs over many documents whose progress is kept.

use std::str::FromStr;

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// Stores the documents of what was sent.
    Ingest,
    /// Reads the stored texts anew.
    Reextract,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// For those before it.
    Waiting,
    /// At work.
    Running,
    /// Ended well; single documents may have failed.
    Done,
    /// Ended by a failure.
    Failed,
    /// Ended because somebody asked.
    Cancelled,
    /// Its process was ended; nobody goes on with it.
    Interrupted,
}

macro_rules! names {
    ($type:ident: $($variant:ident $name:literal)*) => {
        impl $type {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// As it is stored and shown.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }

        impl FromStr for $type {
            type Err = String;

            fn from_str(name: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|one| one.name() == name).ok_or_else(|| format!("\"{name}\" is none of {}", Self::ALL.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ")))
            }
        }
    };
}

names! { JobKind: Ingest "ingest" Reextract "reextract" }
names! { JobState: Waiting "waiting" Running "running" Done "done" Failed "failed" Cancelled "cancelled" Interrupted "interrupted" }

impl JobState {
    /// Whether it is over.
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }
}

/// A job as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// What it does.
    pub kind: JobKind,
    /// Who asks: a key's name, or a command.
    pub who: String,
    /// Media type of what was sent.
    pub media_type: Option<String>,
    /// What it is to do, as JSON.
    pub settings: String,
    /// Hash of what was sent; part of the id.
    pub sha256: String,
    /// Bytes of what was sent.
    pub n_bytes: u64,
    /// Documents that it will see, where that is known.
    pub n_total: Option<u64>,
}

/// A stored job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Number of the row.
    pub number: i64,
    /// Public id.
    pub id: String,
    /// What it does.
    pub kind: JobKind,
    /// How far it is.
    pub state: JobState,
    /// Who asked for it.
    pub who: String,
    /// Media type of what was sent.
    pub media_type: Option<String>,
    /// What it is to do, as JSON.
    pub settings: String,
    /// Bytes that wait in a file.
    pub n_bytes: u64,
    /// Documents that it will see, where that is known.
    pub n_total: Option<u64>,
    /// Documents seen to.
    pub n_done: u64,
    /// Of them stored, or changed.
    pub n_new: u64,
    /// Of them there already, or unchanged.
    pub n_existing: u64,
    /// Of them failed.
    pub n_failed: u64,
    /// Where it goes on.
    pub position: i64,
    /// Time that it was at work, in milliseconds.
    pub worked_ms: u64,
    /// Why it failed.
    pub problem: Option<String>,
    /// What it found, as JSON.
    pub result: Option<String>,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// When it first began.
    pub started_at: Option<String>,
    /// When it last stored something.
    pub updated_at: Option<String>,
    /// When it ended.
    pub finished_at: Option<String>,
}

/// What one transaction of a job did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobStep {
    /// Where it goes on.
    pub position: i64,
    /// Documents seen to.
    pub n_done: u64,
    /// Of them stored, or changed.
    pub n_new: u64,
    /// Of them there already, or unchanged.
    pub n_existing: u64,
    /// Time that the job was at work in all, in milliseconds.
    pub worked_ms: u64,
    /// Those that failed.
    pub failed: Vec<JobError>,
    /// What the job found in all, as JSON; none leaves what there is.
    pub result: Option<String>,
}

/// One document of a job that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobError {
    /// Place in the run, from 0.
    pub index: u64,
    /// The id it was sent with.
    pub document: Option<String>,
    /// Why.
    pub problem: String,
}
