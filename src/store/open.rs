//! Opening a base: settings of SQLite, migrations, the connections, and what is looked after while it is open.

use super::files::Files;
use super::inspect::{look_at, migrate_error, open_error};
use super::pen::Pen;
use super::readers::{ReadLimits, Readers};
use super::ready::Probe;
use super::writer::{fill_keys, fill_report_ids};
use super::{Store, StoreError, checksum};
use log::LevelFilter;
use sqlx::ConnectOptions;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How often the files of an open base are looked at, whatever is asked of it.
const ROUND: Duration = Duration::from_secs(5);
/// Length that a log keeps that was begun anew, in bytes.
const KEPT_LOG: u32 = 16 << 20;

/// Connections that show the base as it was, for long reads; there is one more for small ones.
const N_PAST: u32 = 1;

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
    /// Connections for searches, sums and long lists; there is one more for small reads. 4 to 8 serve two cores well.
    pub n_readers: u32,
    /// How long a read may take; `None`: as long as it takes.
    pub read_time: Option<Duration>,
    /// How long a read waits for a connection.
    pub read_patience: Duration,
    /// Heavy reads that may wait, and as many small ones.
    pub max_waiting: usize,
    /// Page cache of each connection, in MiB.
    pub cache_mib: u32,
    /// How much of the file is read by memory map at most, in MiB.
    pub mmap_mib: u32,
    /// What a commit survives.
    pub durability: Durability,
    /// From when on a statement is slow: it is logged and counted.
    pub slow: Duration,
    /// How long a statement waits for another process that writes, and a writer for the one before.
    pub patience: Duration,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            n_readers: 6,
            read_time: None,
            read_patience: Duration::from_secs(10),
            max_waiting: 1024,
            cache_mib: 16,
            mmap_mib: 2048,
            durability: Durability::Process,
            slow: Duration::MAX,
            patience: Duration::from_secs(10),
        }
    }
}

impl Store {
    /// Opens the base in `path`, makes it where there is none, and brings it to this program's version.
    ///
    /// # Errors
    /// When the file cannot be opened, or is another program's: then nothing was written into it.
    pub async fn open(path: impl AsRef<Path>, options: StoreOptions) -> Result<Self, StoreError> {
        let path = path.as_ref().to_owned();
        look_at(&path).await?;
        let open_error = |source| open_error(&path, source);
        let connect = connect_options(&path, options);
        let writing = connect.clone().create_if_missing(true).journal_mode(SqliteJournalMode::Wal).optimize_on_close(true, 400);
        let mut writer = writing.connect().await.map_err(open_error)?;
        MIGRATOR.run(&mut writer).await.map_err(|source| migrate_error(&path, source))?;
        let limits = ReadLimits {
            n_heavy: options.n_readers,
            time: options.read_time,
            patience: options.read_patience,
            max_waiting: options.max_waiting,
            slow: options.slow,
        };
        // After the writer: a read-only connection cannot make the log's shared memory.
        let connect = connect.read_only(true);
        let past = Readers::of_past(connect.clone(), ReadLimits { n_heavy: N_PAST, ..limits });
        let reader = Readers::open(connect, limits).await.map_err(open_error)?;
        let files = Arc::new(Files::new(&path));
        files.remember();
        // A new one must find the file, not make one.
        let writing = writing.create_if_missing(false);
        let pen = Pen::new(writing, writer, options.patience, Arc::clone(&files), reader.clone());
        let writer = pen.await.map_err(open_error)?;
        let store = Self { writer, files, path: path.clone(), reader, past, probe: Arc::new(Probe::new(options.patience)) };
        fill_keys(&store).await?;
        fill_report_ids(&store).await?;
        checksum::fill(&store).await?;
        store.look_after();
        Ok(store)
    }

    /// Looks at the files now and then, as long as somebody has the store.
    fn look_after(&self) {
        let (files, pen) = (Arc::downgrade(&self.files), self.writer.downgrade());
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(ROUND).await;
                let (Some(files), Some(pen)) = (files.upgrade(), pen.upgrade()) else { return };
                // What is wrong is logged there; writers and probes are told as well.
                let _ = files.check();
                pen.tend_log().await;
            }
        });
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
        // What is deleted within a page is overwritten where that costs no writing; withdrawing a document sees to the rest.
        .pragma("secure_delete", "fast")
        .pragma("journal_size_limit", KEPT_LOG.to_string())
        .statement_cache_capacity(256)
        .log_statements(LevelFilter::Off)
        .log_slow_statements(LevelFilter::Warn, options.slow)
}
