//! The one connection that writes. Whoever holds it has a [`Transaction`]; it comes back only when the transaction has ended well. After any
//! failure, or when it was given up halfway, it is closed, which takes the transaction back, and the next one gets a new connection: what
//! state SQLite left the old one in (a full disk makes it roll back by itself) does not matter then.

use super::StoreError;
use super::brake::Brake;
use super::checksum::Touched;
use super::error::Context;
use super::files::Files;
use super::log;
use super::readers::Readers;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Error, SqliteConnection};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex as StdMutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::timeout;

/// Time to stop what is written when the base is closed, and then for the last work on it.
const CLOSING: Duration = Duration::from_secs(3);
/// Attempts to empty the log, and the time between them.
const PURGES: u32 = 10;
const BETWEEN_PURGES: Duration = Duration::from_millis(100);

/// Where the writing connection lies while nobody writes.
#[derive(Clone, Debug)]
pub(super) struct Pen {
    shared: Arc<Shared>,
}

/// A [`Pen`] that does not keep the connection open.
#[derive(Debug)]
pub(super) struct WeakPen(Weak<Shared>);

impl WeakPen {
    pub(super) fn upgrade(&self) -> Option<Pen> {
        self.0.upgrade().map(|shared| Pen { shared })
    }
}

#[derive(Debug)]
struct Shared {
    options: SqliteConnectOptions,
    patience: Duration,
    files: Arc<Files>,
    readers: Readers,
    held: Arc<Mutex<Option<Held>>>,
    /// Of the connection in use.
    brake: StdMutex<Arc<Brake>>,
    closed: AtomicBool,
    /// Whether the last transaction was given up, for whatever reason: it may have been for want of space.
    in_doubt: AtomicBool,
    upkeep: log::Upkeep,
}

/// An open connection.
#[derive(Debug)]
struct Held {
    // Stops what runs before the connection is closed.
    brake: Released,
    connection: SqliteConnection,
    /// Whether a commit is meant. Without it SQLite takes back whatever is written: after a failure it may have ended the transaction by
    /// itself, and later statements would each be one of their own.
    may_commit: Arc<AtomicBool>,
    /// What the transaction under way has changed.
    touched: Touched,
}

/// A brake that is pulled when the connection is given up.
#[derive(Debug)]
struct Released(Arc<Brake>);

impl Drop for Released {
    fn drop(&mut self) {
        self.0.pull();
    }
}

/// A write transaction. Dropped before it is committed, it is taken back.
#[derive(Debug)]
pub(super) struct Transaction {
    held: Held,
    place: OwnedMutexGuard<Option<Held>>,
    pen: Pen,
    /// Whether the one before was given up.
    in_doubt: bool,
}

impl Pen {
    /// For a base that has been opened by `connection`.
    pub(super) async fn new(
        options: SqliteConnectOptions,
        connection: SqliteConnection,
        patience: Duration,
        files: Arc<Files>,
        readers: Readers,
    ) -> Result<Self, Error> {
        let held = Held::fit(connection).await?;
        let brake = StdMutex::new(Arc::clone(&held.brake.0));
        let held = Arc::new(Mutex::new(Some(held)));
        let upkeep = log::Upkeep::default();
        Ok(Self {
            shared: Arc::new(Shared {
                options,
                patience,
                files,
                readers,
                held,
                brake,
                closed: AtomicBool::new(false),
                in_doubt: AtomicBool::new(false),
                upkeep,
            }),
        })
    }

    /// Begins to write; waits for who writes now.
    ///
    /// # Errors
    /// Busy after the patience set; `Gone` where the base's files are no longer those that were opened.
    pub(super) async fn begin(&self) -> Result<Transaction, StoreError> {
        let place = Arc::clone(&self.shared.held).lock_owned();
        let place = timeout(self.shared.patience, place).await.map_err(|_| Error::PoolTimedOut).context(BEGIN)?;
        self.begin_in(place, None).await
    }

    /// Begins to write unless somebody does; waits at most so long for another process.
    pub(super) async fn begin_at_once(&self, wait: Duration) -> Result<Option<Transaction>, StoreError> {
        match Arc::clone(&self.shared.held).try_lock_owned() {
            Ok(place) => self.begin_in(place, Some(wait)).await.map(Some),
            Err(_) => Ok(None),
        }
    }

    /// Whether the last transaction was given up, for whatever reason, or has not ended.
    pub(super) fn is_in_doubt(&self) -> bool {
        self.shared.in_doubt.load(Ordering::Relaxed)
    }

    /// For who looks after it without keeping it open.
    pub(super) fn downgrade(&self) -> WeakPen {
        WeakPen(Arc::downgrade(&self.shared))
    }

    async fn begin_in(&self, mut place: OwnedMutexGuard<Option<Held>>, wait: Option<Duration>) -> Result<Transaction, StoreError> {
        let shared = &self.shared;
        shared.files.check()?;
        let mut held = match place.take() {
            Some(held) => held,
            None => self.open().await.context(BEGIN)?,
        };
        if shared.closed.load(Ordering::Relaxed) {
            return Err(Error::PoolClosed).context(BEGIN);
        }
        if let Some(wait) = wait {
            wait_for_others(&mut held.connection, wait).await.context(BEGIN)?;
        }
        // `immediate`: take the lock now, rather than fail halfway through.
        sqlx::query("begin immediate").execute(&mut held.connection).await.context(BEGIN)?;
        if wait.is_some() {
            wait_for_others(&mut held.connection, shared.patience).await.context(BEGIN)?;
        }
        held.touched.clear();
        let in_doubt = shared.in_doubt.swap(true, Ordering::Relaxed);
        Ok(Transaction { held, place, pen: self.clone(), in_doubt })
    }

    async fn open(&self) -> Result<Held, Error> {
        let held = Held::fit(self.shared.options.connect().await?).await?;
        *self.shared.brake.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&held.brake.0);
        Ok(held)
    }

    /// Stops what is written, writes the log back, updates the planner's statistics, and closes the connection; a few seconds at most.
    /// What is left undone is done at the next start.
    pub(super) async fn close(&self) {
        let shared = &self.shared;
        shared.closed.store(true, Ordering::Relaxed);
        let Ok(mut place) = timeout(CLOSING, async {
            loop {
                shared.brake.lock().unwrap_or_else(PoisonError::into_inner).pull();
                // A connection may have been made since: stop that one, too.
                if let Ok(place) = timeout(Duration::from_millis(100), shared.held.lock()).await {
                    return place;
                }
            }
        })
        .await
        else {
            return;
        };
        let held = place.take();
        if shared.files.check().is_err() {
            return;
        }
        let _ = timeout(CLOSING, async {
            let Held { brake, mut connection, may_commit, .. } = match held {
                Some(held) => held,
                None => self.open().await?,
            };
            brake.0.release(Some(CLOSING));
            may_commit.store(true, Ordering::Relaxed);
            let _ = log::write_back(&mut connection).await;
            connection.close().await
        })
        .await;
    }

    /// Writes the log back where it has grown too long. Whoever wants to write waits for it.
    pub(super) async fn tend_log(&self) {
        if self.shared.upkeep.is_due(self.shared.files.log_length())
            && let Ok(mut place) = Arc::clone(&self.shared.held).try_lock_owned()
            && let Some(mut held) = place.take()
        {
            *place = self.tended(&mut held).await.then_some(held);
        }
    }

    /// Empties the log, so that pages which were overwritten are in no file any more; readers are waited for, then stopped. Gives whether
    /// it is empty: another program may read.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub(super) async fn purge_log(&self) -> Result<bool, StoreError> {
        let shared = &self.shared;
        shared.files.check()?;
        let mut place = Arc::clone(&shared.held).lock_owned().await;
        let Some(mut held) = place.take() else { return Ok(false) };
        let mut done = false;
        for _ in 0..PURGES {
            done = log::empty(&mut held.connection, &shared.readers, shared.patience).await.context("empty the log")?;
            if done {
                break;
            }
            tokio::time::sleep(BETWEEN_PURGES).await;
        }
        *place = Some(held);
        Ok(done)
    }

    /// Whether the connection can be used further.
    async fn tended(&self, held: &mut Held) -> bool {
        let shared = &self.shared;
        if shared.files.check().is_err() || shared.closed.load(Ordering::Relaxed) {
            return true;
        }
        shared.upkeep.shorten(&mut held.connection, &shared.files, &shared.readers, shared.patience).await.is_ok()
    }
}

const BEGIN: &str = "begin to write";

/// Sets how long statements wait for another process.
pub(super) async fn wait_for_others(connection: &mut SqliteConnection, time: Duration) -> Result<(), Error> {
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("pragma busy_timeout = {}", time.as_millis()))).execute(connection).await.map(|_| ())
}

impl Held {
    async fn fit(mut connection: SqliteConnection) -> Result<Self, Error> {
        let brake = Brake::new();
        brake.fit(&mut connection).await?;
        let may_commit = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&may_commit);
        connection.lock_handle().await?.set_commit_hook(move || asked.load(Ordering::Relaxed));
        let touched = Touched::default();
        touched.listen(&mut connection).await?;
        Ok(Self { brake: Released(brake), connection, may_commit, touched })
    }
}

impl Transaction {
    /// The connection; what is written on it belongs to the transaction.
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.held.connection
    }

    /// What was changed so far.
    pub(super) fn touched(&self) -> Touched {
        self.held.touched.clone()
    }

    /// Makes everything written visible and lasting.
    ///
    /// # Errors
    /// When it cannot be written; then nothing was.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        self.pen.shared.files.check()?;
        self.held.may_commit.store(true, Ordering::Relaxed);
        sqlx::query("commit").execute(&mut self.held.connection).await.context("commit")?;
        self.held.may_commit.store(false, Ordering::Relaxed);
        let shared = &self.pen.shared;
        shared.in_doubt.store(false, Ordering::Relaxed);
        if shared.upkeep.is_due(shared.files.log_length()) {
            // Beside the caller, who has been waiting long enough. The next writer waits for it.
            tokio::spawn(async move {
                let Self { mut held, mut place, pen, .. } = self;
                *place = pen.tended(&mut held).await.then_some(held);
            });
        } else {
            let Self { held, mut place, .. } = self;
            *place = Some(held);
        }
        Ok(())
    }

    /// Takes everything back.
    ///
    /// # Errors
    /// When the connection is broken; then nothing was written either.
    pub(super) async fn rollback(mut self) -> Result<(), StoreError> {
        sqlx::query("rollback").execute(&mut self.held.connection).await.context("roll back")?;
        self.pen.shared.in_doubt.store(self.in_doubt, Ordering::Relaxed);
        let Self { held, mut place, .. } = self;
        *place = Some(held);
        Ok(())
    }
}
