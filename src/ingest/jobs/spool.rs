//! The files of jobs, in a folder beside the base: what was sent and is not stored yet. Whoever works on a job has its file locked, so that two
//! processes never do, and a job whose process was killed can be told from one that runs.

use crate::model::id::hex;
use crate::store::StoreError;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::AsyncWriteExt;

/// Beginning of the name of a file that is not a job's yet.
const INCOMING: &str = "incoming-";

/// The folder.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// Bytes in files that belong to no job yet.
    arriving: Arc<AtomicU64>,
}

fn error(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::File { what, path, source }
}

impl Folder {
    /// Of a base; it need not be there.
    pub fn beside(base: &Path) -> Self {
        let mut name = base.as_os_str().to_owned();
        name.push(".jobs");
        Self { path: PathBuf::from(name), arriving: Arc::default() }
    }

    fn path(&self, job: &str) -> PathBuf {
        self.path.join(job)
    }

    /// Bytes in files that belong to no job yet.
    pub fn arriving(&self) -> u64 {
        self.arriving.load(Ordering::Relaxed)
    }

    /// A new file, locked.
    pub fn incoming(&self) -> Result<Incoming, StoreError> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        fs::create_dir_all(&self.path).map_err(error("make the folder", &self.path))?;
        let path = self.path(&format!("{INCOMING}{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed)));
        let file = File::create(&path).and_then(|file| file.try_lock().map_err(io::Error::from).map(|()| file)).map_err(error("make", &path))?;
        Ok(Incoming { file: tokio::fs::File::from_std(file), hash: Sha256::new(), n_bytes: 0, folder: self.clone(), path: Some(path) })
    }

    /// The locked file of a job.
    pub fn take(&self, job: &str) -> Result<Taken, StoreError> {
        let path = self.path(job);
        match File::open(&path) {
            Ok(file) => match file.try_lock() {
                Ok(()) => Ok(Taken::Here(file)),
                Err(TryLockError::WouldBlock) => Ok(Taken::ByOthers),
                Err(TryLockError::Error(source)) => Err(error("lock", &path)(source)),
            },
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Taken::Missing),
            Err(source) => Err(error("open", &path)(source)),
        }
    }

    /// Removes the file of a job, and the folder when it is empty.
    pub fn remove(&self, job: &str) {
        let _ = fs::remove_file(self.path(job));
        // Not empty as a rule.
        let _ = fs::remove_dir(&self.path);
    }

    /// Removes what belongs to none of these jobs and nobody works on.
    pub fn sweep(&self, jobs: &BTreeSet<String>) {
        let Ok(entries) = fs::read_dir(&self.path) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if (name.starts_with(INCOMING) || name.starts_with("job_")) && !jobs.contains(&name) && matches!(self.take(&name), Ok(Taken::Here(_))) {
                self.remove(&name);
            }
        }
    }
}

/// What became of taking a file.
#[derive(Debug)]
pub(super) enum Taken {
    /// It is locked for as long as the file is open.
    Here(File),
    /// Somebody works on it.
    ByOthers,
    /// There is none.
    Missing,
}

/// A file that is being written. Dropped before it belongs to a job, it is removed.
#[derive(Debug)]
pub struct Incoming {
    file: tokio::fs::File,
    hash: Sha256,
    n_bytes: u64,
    folder: Folder,
    path: Option<PathBuf>,
}

impl Incoming {
    /// Adds bytes.
    ///
    /// # Errors
    /// When they cannot be written.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.hash.update(bytes);
        self.n_bytes += bytes.len() as u64;
        self.folder.arriving.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        self.file.write_all(bytes).await.map_err(error("write", &self.folder.path))
    }

    /// Length so far.
    pub fn n_bytes(&self) -> u64 {
        self.n_bytes
    }

    /// Makes sure that all of it is on the disk; gives its hash, hexadecimal.
    pub(super) async fn finish(&mut self) -> Result<String, StoreError> {
        self.file.flush().await.map_err(error("write", &self.folder.path))?;
        self.file.sync_all().await.map_err(error("write", &self.folder.path))?;
        Ok(hex(&self.hash.clone().finalize()))
    }

    /// Makes it the file of a job; it stays locked until it is dropped.
    pub(super) async fn place(&mut self, job: &str) -> Result<(), StoreError> {
        let Some(path) = self.path.take() else { return Ok(()) };
        let to = self.folder.path(job);
        fs::rename(&path, &to).map_err(error("make", &to))?;
        self.path = Some(to);
        // The name lasts when the folder is on the disk.
        match File::open(&self.folder.path).and_then(|folder| folder.sync_all()) {
            Err(source) if cfg!(unix) => Err(error("write", &self.folder.path)(source)),
            _ => Ok(()),
        }
    }

    /// It belongs to a job now.
    pub(super) fn keep(&mut self) {
        self.path = None;
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        self.folder.arriving.fetch_sub(self.n_bytes, Ordering::Relaxed);
        if let Some(path) = self.path.take() {
            let _ = fs::remove_file(path);
        }
    }
}
