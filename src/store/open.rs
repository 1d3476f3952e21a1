//! Opening a base: settings of SQLite, migrations, the two pools.

use super::writer::fill_keys;
use super::{Store, StoreError};
use sqlx::ConnectOptions;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::path::Path;
use std::time::Duration;

pub(super) static MIGRATOR: Migrator = sqlx::migrate!();

/// What must survive what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// A commit survives the end of the process; a power cut may take the last ones, never the file.
    #[default]
    Process,
    /// A commit survives a power cut.
    PowerCut,
}

/// Settings of a base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreOptions {
    /// Number of read-only connections; 4 to 8 serve two cores well.
    pub n_readers: u32,
    /// Page cache of each connection, in MiB.
    pub cache_mib: u32,
    /// How much of the file is read by memory map at most, in MiB.
    pub mmap_mib: u32,
    /// What a commit survives.
    pub durability: Durability,
    /// How long a statement waits for another process that writes, and a task for a free connection.
    pub patience: Duration,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { n_readers: 6, cache_mib: 16, mmap_mib: 2048, durability: Durability::Process, patience: Duration::from_secs(10) }
    }
}

impl Store {
    /// Opens the base in `path`, makes it where there is none, and brings it to this program's version.
    ///
    /// # Errors
    /// When the file cannot be opened or is another program's.
    pub async fn open(path: impl AsRef<Path>, options: StoreOptions) -> Result<Self, StoreError> {
        let path = path.as_ref().to_owned();
        let open_error = |source| StoreError::Open { path: path.clone(), source };
        let connect = connect_options(&path, options);
        let writing = connect.clone().create_if_missing(true).journal_mode(SqliteJournalMode::Wal).optimize_on_close(true, 400);
        let writer = pool(1, options).connect_with(writing).await.map_err(open_error)?;
        MIGRATOR.run(&writer).await.map_err(|source| StoreError::Migrate { path: path.clone(), source })?;
        // After the writer: a read-only connection cannot make the log's shared memory.
        let reader = pool(options.n_readers.max(1), options).connect_with(connect.read_only(true)).await.map_err(open_error)?;
        let store = Self { path, writer, reader };
        fill_keys(&store).await?;
        Ok(store)
    }
}

fn connect_options(path: &Path, options: StoreOptions) -> SqliteConnectOptions {
    let synchronous = match options.durability {
        Durability::Process => SqliteSynchronous::Normal,
        Durability::PowerCut => SqliteSynchronous::Full,
    };
    SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .synchronous(synchronous)
        .busy_timeout(options.patience)
        // Negative: KiB instead of pages.
        .pragma("cache_size", format!("-{}", u64::from(options.cache_mib) * 1024))
        .pragma("mmap_size", (u64::from(options.mmap_mib) << 20).to_string())
        .pragma("temp_store", "memory")
        .statement_cache_capacity(256)
        .disable_statement_logging()
}

fn pool(n: u32, options: StoreOptions) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(n)
        .min_connections(n)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(options.patience)
}
