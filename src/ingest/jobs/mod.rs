//! Jobs: what a server does after it has answered. One at a time, in the order in which they came; what was sent waits in a file beside the base,
//! and each batch stores with its documents how far the job is, so that a killed server goes on where it was.

mod own;
mod spool;
mod work;

pub use own::OwnJob;
pub use spool::Incoming;

use crate::clock::Clock;
use crate::lexicon::Lexicon;
use crate::model::job::{Job, JobKind, JobState, NewJob};
use crate::store::{JobLimits, Queued, Store, StoreError};
use spool::{Folder, Taken};
use std::collections::BTreeSet;
use std::fs::File;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};
use work::Outcome;

/// How long to wait where nothing wakes the worker: another process may have taken a job and been killed.
const ROUND: Duration = Duration::from_secs(10);
/// How long to wait after the base failed: until there is room on the disk, say.
const RETRY: Duration = Duration::from_secs(5);

/// What all jobs of a server go by.
#[derive(Clone, Debug)]
pub struct JobSettings {
    /// What the engine knows.
    pub lexicon: Arc<Lexicon>,
    /// Whether learned scorers take part beside the rules.
    pub models: bool,
    /// Longest text, in bytes.
    pub max_text: usize,
    /// What may wait at once.
    pub limits: JobLimits,
    /// The time.
    pub clock: Clock,
}

/// The jobs of a base.
#[derive(Clone, Debug)]
pub struct Jobs {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    store: Store,
    settings: JobSettings,
    folder: Folder,
    wake: Notify,
    stopping: watch::Sender<bool>,
}

impl Jobs {
    /// Goes on with the jobs of a base.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn start(store: Store, settings: JobSettings) -> Result<Self, StoreError> {
        let folder = Folder::beside(store.path());
        let kept: BTreeSet<String> = store.jobs_in(&[JobState::Waiting, JobState::Running]).await?.into_iter().map(|job| job.id).collect();
        folder.sweep(&kept);
        let shared = Arc::new(Shared { store, settings, folder, wake: Notify::new(), stopping: watch::Sender::new(false) });
        tokio::spawn(work_through(shared.clone()));
        Ok(Self { shared })
    }

    /// A file for what is about to be sent.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn incoming(&self) -> Result<Incoming, StoreError> {
        self.shared.folder.incoming()
    }

    /// What speaks against one more job, before any of it has come.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn standing(&self) -> Result<Option<Queued>, StoreError> {
        self.shared.store.room_for_jobs(self.shared.settings.limits).await
    }

    /// Whether what is being sent, by all together, has no room beside what waits.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn is_overfull(&self) -> Result<Option<Queued>, StoreError> {
        let Shared { store, settings, folder, .. } = &*self.shared;
        store.room_for_job_bytes(folder.arriving(), settings.limits).await
    }

    /// Takes what was sent as a job. Once this returns, it survives the end of the process.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn add_ingest(&self, mut incoming: Incoming, media_type: &str, who: &str) -> Result<Queued, StoreError> {
        let sha256 = incoming.finish().await?;
        let new = NewJob {
            kind: JobKind::Ingest,
            who: who.to_owned(),
            media_type: Some(media_type.to_owned()),
            settings: "{}".to_owned(),
            sha256,
            n_bytes: incoming.n_bytes(),
            n_total: None,
        };
        let queued = self.add(&new, async |uid: &str| incoming.place(uid).await).await?;
        if let Queued::Waiting(_) = queued {
            incoming.keep();
        }
        // Unlocked first.
        drop(incoming);
        self.shared.wake.notify_one();
        Ok(queued)
    }

    /// Takes a re-extraction, which was asked for in this JSON.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn add_renewal(&self, asked: &str, who: &str) -> Result<Queued, StoreError> {
        let mut incoming = self.incoming()?;
        incoming.write(asked.as_bytes()).await?;
        let sha256 = incoming.finish().await?;
        let new = NewJob {
            kind: JobKind::Reextract,
            who: who.to_owned(),
            media_type: Some("application/json".to_owned()),
            settings: asked.to_owned(),
            sha256,
            n_bytes: incoming.n_bytes(),
            n_total: Some(self.shared.store.count_renewable(0).await?),
        };
        let queued = self.add(&new, async |uid: &str| incoming.place(uid).await).await?;
        if let Queued::Waiting(_) = queued {
            incoming.keep();
        }
        drop(incoming);
        self.shared.wake.notify_one();
        Ok(queued)
    }

    async fn add(&self, new: &NewJob, place: impl AsyncFnOnce(&str) -> Result<(), StoreError>) -> Result<Queued, StoreError> {
        let Shared { store, settings, .. } = &*self.shared;
        store.add_job(new, JobState::Waiting, Some(settings.limits), settings.clock.now(), place).await
    }

    /// Ends a job; what it has stored stays. Gives the job as it is then; none where there is no such job.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn cancel(&self, uid: &str) -> Result<Option<Job>, StoreError> {
        let Shared { store, settings, folder, .. } = &*self.shared;
        let Some(job) = store.job(uid).await? else { return Ok(None) };
        // Whoever works on it sees that after its batch.
        if store.set_job_state(job.number, JobState::Cancelled, None, settings.clock.now()).await?
            && let Taken::Here(_file) = folder.take(uid)?
        {
            folder.remove(&job.id);
        }
        store.job(uid).await
    }

    /// Lets the worker end after the batch under way.
    pub fn stop(&self) {
        self.shared.stopping.send_replace(true);
    }
}

impl Shared {
    fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Waits until there may be work, so long at most.
    async fn rest(&self, time: Duration) {
        let mut stopping = self.stopping.subscribe();
        tokio::select! {
            () = self.wake.notified() => {}
            () = tokio::time::sleep(time) => {}
            _ = stopping.wait_for(|stop| *stop) => {}
        }
    }

    /// The next job with its file, which is locked. Jobs whose process was killed are told so.
    async fn next(&self) -> Result<Option<(Job, File)>, StoreError> {
        for job in self.store.jobs_in(&[JobState::Waiting, JobState::Running]).await? {
            match self.folder.take(&job.id)? {
                Taken::ByOthers => {}
                Taken::Here(_) | Taken::Missing if own::is_own(&job) => own::tell_interrupted(&self.store, &self.folder, &job, self.settings.clock).await?,
                Taken::Here(file) => return Ok(Some((job, file))),
                Taken::Missing => {
                    let problem = "what was sent is not there any more: its file was removed, or the base was copied without it";
                    self.end(&job, JobState::Failed, Some(problem)).await?;
                }
            }
        }
        Ok(None)
    }

    async fn end(&self, job: &Job, state: JobState, problem: Option<&str>) -> Result<(), StoreError> {
        self.store.set_job_state(job.number, state, problem, self.settings.clock.now()).await?;
        self.folder.remove(&job.id);
        Ok(())
    }
}

async fn work_through(shared: Arc<Shared>) {
    while !shared.is_stopping() {
        match shared.next().await {
            Ok(Some((job, file))) => {
                let (working, runtime, id) = (shared.clone(), Handle::current(), job.id.clone());
                // On a thread of its own: it reads files.
                let done = tokio::task::spawn_blocking(move || runtime.block_on(work_on(&working, &job, &file))).await;
                if done.is_err() {
                    tracing::error!(job = id, "the work on a job panicked");
                    shared.rest(RETRY).await;
                }
            }
            Ok(None) => shared.rest(ROUND).await,
            Err(_) if shared.is_stopping() => {}
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "cannot look for jobs");
                shared.rest(RETRY).await;
            }
        }
    }
}

/// Works on a job until it ends, is ended, or the server stops.
async fn work_on(shared: &Shared, job: &Job, file: &File) {
    let worked = async {
        if job.state == JobState::Waiting && !shared.store.set_job_state(job.number, JobState::Running, None, shared.settings.clock.now()).await? {
            return Ok(Outcome::Cancelled);
        }
        work::run(shared, job, file).await
    };
    let ended = match worked.await {
        Ok(Outcome::Ended) => shared.end(job, JobState::Done, None).await,
        Ok(Outcome::Cancelled) => {
            shared.folder.remove(&job.id);
            Ok(())
        }
        Ok(Outcome::Stopped) => Ok(()),
        Err(_) if shared.is_stopping() => Ok(()),
        Err(error) if error.may_pass() => {
            tracing::warn!(job = job.id, error = &error as &dyn std::error::Error, "a job waits for the base");
            shared.rest(RETRY).await;
            Ok(())
        }
        Err(error) => {
            tracing::error!(job = job.id, error = &error as &dyn std::error::Error, "a job failed");
            shared.end(job, JobState::Failed, Some("the server failed while working on it; its log has the cause under the id of the job")).await
        }
    };
    if let Err(error) = ended
        && !shared.is_stopping()
    {
        tracing::warn!(job = job.id, error = &error as &dyn std::error::Error, "cannot note the end of a job");
        shared.rest(RETRY).await;
    }
}
