//! Backups: a consistent copy of a base while others write, and putting one in a base's place.

use super::StoreError;
use super::error::Context;
use super::inspect::{Found, folder_of, inspect, is_damage, look_at, migrate_error, open_error};
use super::open::MIGRATOR;
use super::swap;
use jiff::Timestamp;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a backup holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Revision of the base at the time.
    pub revision: i64,
    /// Number of documents.
    pub n_documents: i64,
    /// Size of the file in bytes.
    pub n_bytes: u64,
}

/// Copies the base in `base` as it is at this moment to the file `to`, while others may write. The copy is whole or not there at all.
///
/// # Errors
/// When `base` is no base, `to` is there and `force` is not set, or the copy cannot be written or is not sound.
pub async fn backup(base: &Path, to: &Path, force: bool) -> Result<Copied, StoreError> {
    const WHAT: &str = "back up the base";
    there_is_a_base(base).await?;
    if same_file(base, to) {
        return Err(StoreError::Conflict { what: WHAT, problem: format!("{} is the base itself; name another file", to.display()) });
    }
    match fs::metadata(to) {
        Ok(data) if data.is_dir() => {
            return Err(StoreError::Conflict { what: WHAT, problem: format!("{} is a folder; name a file in it", to.display()) });
        }
        Ok(_) if !force => {
            return Err(StoreError::Conflict {
                what: WHAT,
                problem: format!("{} is there already; name another file, or overwrite it with --force", to.display()),
            });
        }
        Ok(_) => {}
        Err(_) if !folder_of(to).is_dir() => {
            let folder = folder_of(to);
            return Err(StoreError::Conflict { what: WHAT, problem: format!("there is no folder {}; make it first", folder.display()) });
        }
        Err(_) => {}
    }
    let made = Unfinished(swap::beside(to, "unfinished"));
    let copied = copy(base, &made.0).await?;
    swap::replace(&made.0, to)?;
    Ok(copied)
}

/// Puts the backup `from` in the place of the base `base`; what was there is kept beside it, and its name is given back.
///
/// # Errors
/// When `from` is no sound base of a version that this program reads, a server has `base` open, or the files cannot be written. Then `base`
/// is as it was.
pub async fn restore(from: &Path, base: &Path, now: Timestamp) -> Result<(Copied, Option<PathBuf>), StoreError> {
    const WHAT: &str = "restore a backup";
    there_is_a_base(from).await?;
    if same_file(from, base) {
        return Err(StoreError::Conflict { what: WHAT, problem: format!("{} is the base itself; name a backup of it", from.display()) });
    }
    if let Found::Other(problem) = inspect(base).await? {
        return Err(StoreError::Unusable { path: base.to_owned(), problem });
    }
    // Before the copy, which takes long; it is taken for the exchange.
    swap::is_free(base).await?;
    let made = Unfinished(swap::beside(base, "unfinished"));
    let copied = copy(from, &made.0).await?;
    let held = swap::Held::take(base).await?;
    let kept = swap::exchange(held, &made.0, base, &swap::beside(base, &format!("before-restore-{}", now.strftime("%Y%m%dT%H%M%SZ")))).await?;
    Ok((copied, kept))
}

/// A file that is removed again unless it was moved to where it belongs.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        swap::remove(&self.0);
    }
}

async fn there_is_a_base(path: &Path) -> Result<(), StoreError> {
    match look_at(path).await? {
        true => Ok(()),
        false => Err(StoreError::Unusable { path: path.to_owned(), problem: "there is no knowledge base in it".to_owned() }),
    }
}

fn same_file(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// Writes what `from` holds at this moment into the new file `to`, and makes sure that it is sound.
async fn copy(from: &Path, to: &Path) -> Result<Copied, StoreError> {
    let mut connection = connect(from, true).await?;
    let done = async {
        known_versions(&mut connection, from).await?;
        sqlx::query("vacuum into ?").bind(to.to_string_lossy()).execute(&mut connection).await.map_err(|source| copy_error(from, to, source))?;
        Ok(())
    }
    .await;
    let _ = connection.close().await;
    done?;
    swap::flush(to)?;
    let mut connection = connect(to, true).await?;
    let sound = soundness(&mut connection, from).await;
    let _ = connection.close().await;
    let (revision, n_documents) = sound?;
    let n_bytes = fs::metadata(to).map_or(0, |data| data.len());
    Ok(Copied { revision, n_documents, n_bytes })
}

pub(super) async fn connect(path: &Path, read_only: bool) -> Result<SqliteConnection, StoreError> {
    let options =
        SqliteConnectOptions::new().filename(path).read_only(read_only).foreign_keys(false).busy_timeout(Duration::from_secs(10)).disable_statement_logging();
    options.connect().await.map_err(|source| open_error(path, source))
}

/// That all migrations of a base are ones that this program has; older bases have fewer.
pub(super) async fn known_versions(connection: &mut SqliteConnection, path: &Path) -> Result<(), StoreError> {
    let applied: Vec<(i64, Vec<u8>, bool)> = sqlx::query_as("select version, checksum, success from _sqlx_migrations order by version")
        .fetch_all(connection)
        .await
        .map_err(|source| open_error(path, source))?;
    for (version, checksum, success) in applied {
        let fault = match MIGRATOR.iter().find(|m| m.version == version) {
            None => MigrateError::VersionMissing(version),
            Some(_) if !success => MigrateError::Dirty(version),
            Some(known) if *known.checksum != checksum => MigrateError::VersionMismatch(version),
            Some(_) => continue,
        };
        return Err(migrate_error(path, fault));
    }
    Ok(())
}

/// Revision and number of documents of a copy in which SQLite finds no fault.
async fn soundness(connection: &mut SqliteConnection, from: &Path) -> Result<(i64, i64), StoreError> {
    const WHAT: &str = "read the copy back";
    let found: Vec<String> = sqlx::query_scalar("pragma integrity_check(3)").fetch_all(&mut *connection).await.context(WHAT)?;
    if found != ["ok"] {
        let problem = format!("a copy of it is not sound ({}); `waqia check` says more", found.join("; "));
        return Err(StoreError::Unusable { path: from.to_owned(), problem });
    }
    sqlx::query_as("select (select revision from base), (select count(*) from document)").fetch_one(connection).await.context(WHAT)
}

fn copy_error(from: &Path, to: &Path, source: sqlx::Error) -> StoreError {
    if is_damage(&source) {
        return open_error(from, source);
    }
    // SQLITE_FULL, and what a full disk makes of writing behind SQLite's back.
    let full = matches!(&source, sqlx::Error::Database(e) if e.code().and_then(|c| c.parse::<u32>().ok()).is_some_and(|c| c & 0xFF == 13));
    match full {
        true => StoreError::Conflict {
            what: "copy the base",
            problem: format!("the disk of {} is full; the copy needs about the room of the base", folder_of(to).display()),
        },
        false => StoreError::Query { what: "copy the base", source },
    }
}
