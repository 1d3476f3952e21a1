//! The job of a command that runs by itself, such as `waqia ingest`: it keeps its progress, and nobody goes on with it when it is killed.

use super::spool::{Folder, Incoming, Taken};
use crate::clock::{Clock, Stopwatch};
use crate::ingest::run::JobRun;
use crate::model::job::{Job, JobKind, JobState, NewJob};
use crate::store::{Queued, Store, StoreError};

/// A job of this process.
#[derive(Debug)]
pub struct OwnJob {
    number: i64,
    id: String,
    /// Locked for as long as the process lives.
    _lock: Incoming,
    folder: Folder,
    clock: Clock,
    watch: Stopwatch,
}

impl OwnJob {
    /// Begins; `settings` say of what, as JSON.
    ///
    /// # Errors
    /// When the base, or a file beside it, cannot be written.
    pub async fn begin(store: &Store, kind: JobKind, who: &str, settings: String, clock: Clock) -> Result<Self, StoreError> {
        let folder = Folder::beside(store.path());
        let mut lock = folder.incoming()?;
        let sha256 = lock.finish().await?;
        let new = NewJob { kind, who: who.to_owned(), media_type: None, settings, sha256, n_bytes: 0, n_total: None };
        let queued = store.add_job(&new, JobState::Running, None, clock.now(), async |uid: &str| lock.place(uid).await).await?;
        let Queued::Waiting(job) = queued else { return Err(StoreError::Conflict { what: "begin", problem: "the job was not taken".to_owned() }) };
        Ok(Self { number: job.number, id: job.id, _lock: lock, folder, clock, watch: Stopwatch::start() })
    }

    /// As a run of documents knows it.
    pub fn run(&self) -> JobRun {
        JobRun { number: self.number, first: 0, worked_ms: 0, watch: self.watch, clock: self.clock }
    }

    /// Whether nobody has ended it.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn goes_on(&self, store: &Store) -> Result<bool, StoreError> {
        Ok(store.job_state(self.number).await? == Some(JobState::Running))
    }

    /// Ends it.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn end(self, store: &Store, problem: Option<&str>) -> Result<(), StoreError> {
        let state = if problem.is_some() { JobState::Failed } else { JobState::Done };
        store.set_job_state(self.number, state, problem, self.clock.now()).await?;
        self.folder.remove(&self.id);
        Ok(())
    }

    /// Runs like this one that were killed, which from now on count as interrupted.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn interrupted(store: &Store, clock: Clock) -> Result<Vec<Job>, StoreError> {
        let folder = Folder::beside(store.path());
        let mut told = Vec::new();
        for job in store.jobs_in(&[JobState::Running]).await?.into_iter().filter(is_own) {
            if !matches!(folder.take(&job.id)?, Taken::ByOthers) {
                tell_interrupted(store, &folder, &job, clock).await?;
                told.push(job);
            }
        }
        Ok(told)
    }
}

/// Whether a job belongs to a process of its own: nothing was sent for it.
pub(super) fn is_own(job: &Job) -> bool {
    job.media_type.is_none()
}

pub(super) async fn tell_interrupted(store: &Store, folder: &Folder, job: &Job, clock: Clock) -> Result<(), StoreError> {
    store.set_job_state(job.number, JobState::Interrupted, Some("its process was ended before it was"), clock.now()).await?;
    folder.remove(&job.id);
    Ok(())
}
