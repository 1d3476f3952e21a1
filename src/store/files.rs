//! The files of an open base: whether they are still those that were opened, and how long the log is.
//!
//! A file that is deleted or replaced under a running server lives on for those who have it open: what they write is lost with them.

use super::StoreError;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// The base, its log, and the shared memory that says where the log ends.
const SUFFIXES: [&str; 3] = ["", "-wal", "-shm"];

/// Which files were opened.
#[derive(Debug)]
pub(super) struct Files {
    paths: [PathBuf; 3],
    opened: OnceLock<[Option<Identity>; 3]>,
    told: AtomicBool,
}

/// Device and number of a file; two files that exist at the same time never share both.
type Identity = (u64, u64);

impl Files {
    /// Of a base that exists.
    pub(super) fn new(base: &Path) -> Self {
        // Where the path is a link, SQLite keeps the others beside what it points to.
        let real = std::fs::canonicalize(base).unwrap_or_else(|_| base.to_owned());
        let with = |suffix: &str| {
            let mut path = if suffix.is_empty() { base } else { &real }.as_os_str().to_owned();
            path.push(suffix);
            PathBuf::from(path)
        };
        Self { paths: SUFFIXES.map(with), opened: OnceLock::new(), told: AtomicBool::new(false) }
    }

    /// Keeps which files these are now. To be called once they have been opened.
    pub(super) fn remember(&self) {
        self.opened.get_or_init(|| std::array::from_fn(|n| identity(&self.paths[n])));
    }

    /// # Errors
    /// When one of the files is no longer the one that was opened. The first time it is logged.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        let Some(opened) = self.opened.get() else { return Ok(()) };
        for (path, opened) in self.paths.iter().zip(opened) {
            let Some(opened) = opened else { continue };
            let problem = match identity(path) {
                Some(now) if now == *opened => continue,
                Some(_) => "replaced by another",
                None => "deleted",
            };
            if !self.told.swap(true, Ordering::Relaxed) {
                tracing::error!(file = %path.display(), problem, "a file of the base is gone while it is open: nothing is written any more; restart the server");
            }
            return Err(StoreError::Gone { path: path.clone(), problem });
        }
        Ok(())
    }

    /// Length of the log, in bytes.
    pub(super) fn log_length(&self) -> u64 {
        std::fs::metadata(&self.paths[1]).map_or(0, |m| m.len())
    }
}

fn identity(path: &Path) -> Option<Identity> {
    std::fs::metadata(path).ok().and_then(|m| identity_of(&m))
}

#[cfg(unix)]
fn identity_of(metadata: &Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

/// Elsewhere an open file cannot be deleted or replaced, or it cannot be told.
#[cfg(not(unix))]
fn identity_of(_: &Metadata) -> Option<Identity> {
    None
}
