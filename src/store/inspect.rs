//! What a file is, before it is opened as a base: ours, another program's, damaged, or not there yet. Nothing is written here.

use super::StoreError;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// "waqi": what migration 14 writes into the header of the file.
const APPLICATION_ID: i64 = 0x7761_7169;
/// How every SQLite file begins.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// No file, or one without anything in it.
    Nothing,
    /// A base of ours, of whatever version.
    Base,
    /// No base of ours, and why.
    Other(String),
    /// What may have been a base, and what is wrong with it.
    Damaged(String),
}

/// Looks at a file that is to be opened as a base; gives whether there is one.
///
/// # Errors
/// When it is neither a base nor empty, and says what to do.
pub(super) async fn look_at(path: &Path) -> Result<bool, StoreError> {
    match inspect(path).await? {
        Found::Nothing => Ok(false),
        Found::Base => Ok(true),
        Found::Other(problem) | Found::Damaged(problem) => Err(StoreError::Unusable { path: path.to_owned(), problem }),
    }
}

/// Looks at a file without changing it. Never one that this process has open as a base: closing a file releases the locks that a process holds
/// on it (POSIX), those of SQLite's connections included.
///
/// # Errors
/// When there cannot be a base in that place.
pub(super) async fn inspect(path: &Path) -> Result<Found, StoreError> {
    let unusable = |problem: String| Err(StoreError::Unusable { path: path.to_owned(), problem });
    match fs::metadata(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return match folder_of(path) {
                folder if folder.is_dir() => Ok(Found::Nothing),
                folder => unusable(format!("there is no folder {}; make it first", folder.display())),
            };
        }
        Err(e) => return unusable(e.to_string()),
        Ok(data) if data.is_dir() => return unusable("it is a folder; name a file in it".to_owned()),
        Ok(data) if !data.is_file() => return unusable("it is not a regular file".to_owned()),
        Ok(data) if data.len() == 0 => return Ok(Found::Nothing),
        Ok(_) => {}
    }
    // A file may be shorter than the mark.
    let mut head = Vec::with_capacity(MAGIC.len());
    if let Err(e) = File::open(path).and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut head)) {
        return unusable(e.to_string());
    }
    if head != MAGIC {
        let problem = "it is not an SQLite database, or its header is damaged; name another file, or put a backup in its place with `waqia restore`";
        return Ok(Found::Damaged(problem.to_owned()));
    }
    whose(path).await
}

/// The folder that a file is in.
pub(super) fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// Tells by the mark and the names of the tables whose an SQLite file is.
async fn whose(path: &Path) -> Result<Found, StoreError> {
    let read = match SqliteConnectOptions::new().filename(path).read_only(true).disable_statement_logging().connect().await {
        Ok(mut connection) => {
            let read = mark_and_tables(&mut connection).await;
            let _ = connection.close().await;
            read
        }
        Err(e) => Err(e),
    };
    let (mark, tables) = match read {
        Ok(read) => read,
        Err(source) if is_damage(&source) => return Ok(Found::Damaged(damage(&source))),
        Err(source) => return Err(StoreError::Open { path: path.to_owned(), source }),
    };
    let has = |name: &str| tables.iter().any(|t| t == name);
    Ok(match mark {
        APPLICATION_ID => Found::Base,
        0 if tables.is_empty() => Found::Nothing,
        // Bases from before migration 14 have no mark.
        0 if has("_sqlx_migrations") && has("base") => Found::Base,
        _ => {
            let some = tables.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
            Found::Other(format!("it is another program's database (with {} tables: {some} …), and nothing was changed in it; name another file", tables.len()))
        }
    })
}

async fn mark_and_tables(connection: &mut SqliteConnection) -> Result<(i64, Vec<String>), sqlx::Error> {
    let mark = sqlx::query_scalar("pragma application_id").fetch_one(&mut *connection).await?;
    let tables = sqlx::query_scalar("select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\' order by name")
        .fetch_all(connection)
        .await?;
    Ok((mark, tables))
}

/// Why a file cannot be opened; damage is told as such.
pub(super) fn open_error(path: &Path, source: sqlx::Error) -> StoreError {
    let path = path.to_owned();
    if is_damage(&source) {
        return StoreError::Unusable { path, problem: damage(&source) };
    }
    StoreError::Open { path, source }
}

fn damage(source: &sqlx::Error) -> String {
    format!("the file is damaged ({source}); `waqia check` says how far, and `waqia restore` puts a backup in its place")
}

/// Whether SQLite says that the file itself is broken: SQLITE_CORRUPT and SQLITE_NOTADB with their extended codes.
pub(super) fn is_damage(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(e) => e.code().and_then(|c| c.parse::<u32>().ok()).is_some_and(|c| matches!(c & 0xFF, 11 | 26)),
        _ => false,
    }
}

/// Why a base cannot be brought to this program's version.
pub(super) fn migrate_error(path: &Path, source: MigrateError) -> StoreError {
    let path = path.to_owned();
    let problem = match source {
        MigrateError::VersionMissing(n) => {
            format!("it was written by a newer waqia (migration {n} is not known here); use that version, or a backup from before")
        }
        MigrateError::VersionMismatch(n) => {
            format!(
                "its migration {n} is not that of this waqia, so its tables may differ; use the build that made it, or put a backup in its place with `waqia restore`"
            )
        }
        MigrateError::Dirty(n) => format!("its migration {n} was begun and not finished; put a backup in its place with `waqia restore`"),
        MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _) if is_damage(&source) => return open_error(&path, source),
        source => return StoreError::Migrate { path, source },
    };
    StoreError::Unusable { path, problem }
}
