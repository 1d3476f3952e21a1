//! Putting one file in the place of another, so that after a crash at any moment the one or the other is there.

use super::StoreError;
use super::backup::connect;
use super::inspect::{Found, folder_of, inspect, is_damage};
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// A file name beside `path` that says what it is and that nobody has.
pub(super) fn beside(path: &Path, what: &str) -> PathBuf {
    let named = |n: u32| with_ending(path, &if n == 0 { format!(".{what}") } else { format!(".{what}-{n}") });
    (0..u32::MAX).map(named).find(|p| !p.exists()).unwrap_or_else(|| named(u32::MAX))
}

fn error(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::File { what, path, source }
}

/// Makes sure that a file is on the disk.
pub(super) fn flush(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(error("write", path))
}

/// Gives a finished file its name, in place of what had it.
pub(super) fn replace(made: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(made, to).map_err(error("write", to))?;
    flush_folder(to)
}

/// Removes an unfinished base with its log.
pub(super) fn remove(made: &Path) {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let _ = fs::remove_file(with_ending(made, ending));
    }
}

/// A name lasts when its folder is on the disk.
fn flush_folder(path: &Path) -> Result<(), StoreError> {
    let folder = folder_of(path);
    match File::open(&folder).and_then(|file| file.sync_all()) {
        Err(e) if e.kind() != io::ErrorKind::InvalidInput && cfg!(unix) => Err(error("write", &folder)(e)),
        _ => Ok(()),
    }
}

/// A base that nobody else has open, nor can open while this is held. Its log is in the file.
#[derive(Debug)]
pub(super) struct Held(Option<SqliteConnection>);

impl Held {
    /// Takes the base; there need not be one.
    ///
    /// # Errors
    /// When somebody else has it open.
    pub(super) async fn take(base: &Path) -> Result<Self, StoreError> {
        if !base.exists() {
            return Ok(Self(None));
        }
        if let Found::Damaged(_) = inspect(base).await? {
            return unlockable(base);
        }
        let mut connection = connect(base, false).await?;
        // Leaving this mode of the log writes it into the file and removes it.
        let taken = match lock(&mut connection).await {
            Ok(()) => sqlx::query("pragma journal_mode = delete").execute(&mut connection).await.map(drop),
            Err(e) => Err(e),
        };
        match taken {
            Ok(()) => Ok(Self(Some(connection))),
            Err(source) => {
                let _ = connection.close().await;
                refusal(base, source)
            }
        }
    }

    /// The connection that holds it; none where there is no base, or one that cannot be read.
    pub(super) fn connection(&mut self) -> Option<&mut SqliteConnection> {
        self.0.as_mut()
    }

    pub(super) async fn release(self) {
        if let Some(connection) = self.0 {
            let _ = connection.close().await;
        }
    }
}

/// Takes the lock for as long as the connection is open; nobody else may have the file open.
async fn lock(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    for sql in ["pragma locking_mode = exclusive", "begin exclusive", "commit"] {
        sqlx::query(sql).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Makes sure that nobody has a base open; there need not be one.
pub(super) async fn is_free(base: &Path) -> Result<(), StoreError> {
    if !base.exists() {
        return Ok(());
    }
    if let Found::Damaged(_) = inspect(base).await? {
        return unlockable(base).map(drop);
    }
    let mut connection = connect(base, false).await?;
    let locked = lock(&mut connection).await;
    let _ = connection.close().await;
    locked.or_else(|source| refusal(base, source).map(drop))
}

fn refusal(base: &Path, source: sqlx::Error) -> Result<Held, StoreError> {
    if is_damage(&source) {
        return unlockable(base);
    }
    let problem = format!("{} cannot be locked ({source}); stop the server or whoever else has it open", base.display());
    Err(StoreError::Conflict { what: "replace the base", problem })
}

/// A base that is damaged can be replaced, where nothing speaks for a server that has it open. SQLite is not let near it: it would remove
/// what lies beside it.
fn unlockable(base: &Path) -> Result<Held, StoreError> {
    let Some(left) = [with_ending(base, "-wal"), with_ending(base, "-shm")].into_iter().find(|p| p.exists()) else { return Ok(Held(None)) };
    let problem = format!(
        "{} is damaged, so it cannot be locked, and {} is there: a server has it open or was killed; stop it, and move both files away",
        base.display(),
        left.display()
    );
    Err(StoreError::Conflict { what: "replace the base", problem })
}

/// Puts `made` in the place of `base`, and keeps what was there as `kept`; gives that name where something was.
///
/// # Errors
/// When a file cannot be renamed; then `base` is as it was.
pub(super) async fn exchange(held: Held, made: &Path, base: &Path, kept: &Path) -> Result<Option<PathBuf>, StoreError> {
    // A log without its base would be taken for that of the new one.
    for ending in ["-wal", "-shm", "-journal"] {
        let left = with_ending(base, ending);
        match (&held.0, left.exists()) {
            (_, false) => {}
            // The log is in the file; what is left is the memory that its readers shared.
            (Some(_), true) => fs::remove_file(&left).map_err(error("remove", &left))?,
            (None, true) => fs::rename(&left, with_ending(kept, ending)).map_err(error("move away", &left))?,
        }
    }
    let there = base.exists();
    if there {
        // A second name first, so that at no moment the base has none: whoever opened it then would make a new one.
        fs::hard_link(base, kept).or_else(|_| fs::copy(base, kept).map(drop)).map_err(error("keep the old base as", kept))?;
        flush_folder(kept)?;
    }
    let done = replace(made, base);
    held.release().await;
    done?;
    Ok(there.then(|| kept.to_owned()))
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
