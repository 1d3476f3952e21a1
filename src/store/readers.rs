//! The connections that read. Every read of the base takes one from here and gives it back; a read that is given up, because its client
//! left or its time is over, is stopped in SQLite as well, so that its connection is free again at once.
//!
//! [`Readers`] is an executor of sqlx: a single statement runs with `.fetch_all(&readers)`. Several on one connection take a [`Lease`].

use super::brake::Brake;
use super::past;
use crate::clock::Stopwatch;
use crate::metrics::metrics;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use sqlx::sqlite::{SqliteConnectOptions, SqliteQueryResult, SqliteRow, SqliteStatement, SqliteTypeInfo};
use sqlx::{ConnectOptions, Connection, Describe, Either, Error, Execute, Executor, SqlStr, Sqlite, SqliteConnection};
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How long closing waits for a connection whose statement was stopped.
const CLOSING: Duration = Duration::from_secs(1);

/// How a read queues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Lane {
    /// Goes through an index to a few rows; may take any connection.
    #[default]
    Light,
    /// Searches, sums, long lists: leaves one connection to the light ones.
    Heavy,
    /// The next part of an answer that has begun: heavy, but waits as long as it must.
    Onward,
}

/// Limits on reading.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReadLimits {
    /// Connections for heavy reads; there is one more for light ones.
    pub n_heavy: u32,
    /// How long a connection may be held; `None`: as long as it takes.
    pub time: Option<Duration>,
    /// How long a read waits for a connection.
    pub patience: Duration,
    /// Reads of a lane that may wait.
    pub max_waiting: usize,
    /// From when on a statement counts as slow.
    pub slow: Duration,
}

/// A handle on the connections; clones share them.
#[derive(Clone, Debug)]
pub(super) struct Readers {
    room: Arc<Room>,
    lane: Lane,
    /// The revision that the base is shown at; none in the room that shows it as it is.
    at: Option<i64>,
}

#[derive(Debug)]
struct Room {
    options: SqliteConnectOptions,
    limits: ReadLimits,
    /// Of `limits.time`, in microseconds; shorter once the server stops.
    time: AtomicU64,
    slots: Vec<Arc<Slot>>,
    idle: StdMutex<Vec<Arc<Slot>>>,
    /// A permit for each connection.
    all: Arc<Semaphore>,
    /// A permit for each connection but one.
    heavy: Arc<Semaphore>,
    waiting_light: AtomicUsize,
    waiting_heavy: AtomicUsize,
    /// Its connections show the base as it was (`past`).
    past: bool,
}

/// The place of one connection.
#[derive(Debug)]
struct Slot {
    brake: Arc<Brake>,
    /// Empty before the first use, where it broke, and when the store is closed.
    connection: Arc<Mutex<Option<SqliteConnection>>>,
}

impl Readers {
    /// Opens the first connection, so that a base that cannot be read is told at once; the others follow when they are needed.
    pub(super) async fn open(options: SqliteConnectOptions, limits: ReadLimits) -> Result<Self, Error> {
        let readers = Self::new(options, limits, false);
        drop(readers.acquire().await?);
        Ok(readers)
    }

    /// Connections of their own that show the base as it was; see [`Readers::at`]. None is opened before it is needed.
    pub(super) fn of_past(options: SqliteConnectOptions, limits: ReadLimits) -> Self {
        Self::new(options, limits, true)
    }

    fn new(options: SqliteConnectOptions, limits: ReadLimits, past: bool) -> Self {
        let n = limits.n_heavy.max(1) as usize + 1;
        let slots: Vec<_> = (0..n).map(|_| Arc::new(Slot { brake: Brake::new(), connection: Arc::default() })).collect();
        let room = Room {
            options,
            limits,
            time: AtomicU64::new(limits.time.map_or(u64::MAX, |time| time.as_micros() as u64)),
            idle: StdMutex::new(slots.clone()),
            slots,
            all: Arc::new(Semaphore::new(n)),
            heavy: Arc::new(Semaphore::new(n - 1)),
            waiting_light: AtomicUsize::new(0),
            waiting_heavy: AtomicUsize::new(0),
            past,
        };
        Self { room: Arc::new(room), lane: Lane::Light, at: None }
    }

    /// The same connections, showing the base at this revision.
    pub(super) fn at(&self, revision: i64) -> Self {
        Self { room: Arc::clone(&self.room), lane: self.lane, at: Some(revision) }
    }

    /// Whether they show the base as it was.
    pub(super) fn show_the_past(&self) -> bool {
        self.room.past
    }

    /// The same connections, queued for in another lane. What goes onward stays so.
    pub(super) fn lane(&self, lane: Lane) -> Self {
        let lane = if self.lane == Lane::Onward { Lane::Onward } else { lane };
        Self { room: Arc::clone(&self.room), lane, at: self.at }
    }

    /// Takes a connection for several statements.
    ///
    /// # Errors
    /// `PoolTimedOut` where too many wait already or none became free in time, `PoolClosed` after closing.
    pub(super) async fn acquire(&self) -> Result<Lease, Error> {
        let permits = self.permits().await?;
        let place = Place { slot: self.room.take_idle()?, room: Arc::clone(&self.room), permits: Some(permits), settled: true };
        let mut guard = Arc::clone(&place.slot.connection).lock_owned().await;
        if guard.is_none() {
            *guard = Some(self.room.connect(&place.slot.brake).await?);
        }
        let connection = OwnedMutexGuard::try_map(guard, Option::as_mut).map_err(|_| Error::PoolClosed)?;
        place.slot.brake.release(self.room.time());
        if self.room.all.is_closed() {
            // Closed in between: the brake had been pulled for it.
            return Err(Error::PoolClosed);
        }
        let mut lease = Lease { connection, place };
        if let Some(revision) = self.at {
            lease.run(async |connection| past::show(connection, revision).await).await?;
        }
        Ok(lease)
    }

    /// Waits until nobody reads, `patience` long at most; until the gate is dropped, nobody else begins. With `force`, reads that have not
    /// ended by then are stopped.
    pub(super) async fn drain(&self, patience: Duration, force: bool) -> Option<Gate> {
        let n = u32::try_from(self.room.slots.len()).unwrap_or(u32::MAX);
        let mut drained = std::pin::pin!(Arc::clone(&self.room.all).acquire_many_owned(n));
        if let Ok(gate) = timeout(patience, &mut drained).await {
            return gate.ok().map(Gate);
        }
        if !force {
            return None;
        }
        self.room.slots.iter().for_each(|slot| slot.brake.pull());
        timeout(CLOSING, drained).await.ok()?.ok().map(Gate)
    }

    /// Leaves every read, those that begin later too, at most `limit`.
    pub(super) fn hurry(&self, limit: Duration) {
        self.room.time.fetch_min(limit.as_micros() as u64, Ordering::Relaxed);
        self.room.slots.iter().for_each(|slot| slot.brake.shorten(limit));
    }

    /// Stops all reads and closes the connections.
    pub(super) async fn close(&self) {
        self.room.all.close();
        self.room.heavy.close();
        self.room.slots.iter().for_each(|slot| slot.brake.pull());
        for slot in &self.room.slots {
            let closed = async {
                if let Some(connection) = slot.connection.lock().await.take() {
                    // Nothing was written: there is nothing to lose.
                    let _ = connection.close().await;
                }
            };
            // A connection that does not end in time ends with the process.
            let _ = timeout(CLOSING, closed).await;
        }
    }

    async fn permits(&self) -> Result<Permits, Error> {
        let room = &self.room;
        if let Some(permits) = room.permits_at_once(self.lane) {
            return Ok(permits);
        }
        let waiting = match self.lane {
            Lane::Onward => return room.permits(self.lane).await,
            Lane::Light => &room.waiting_light,
            Lane::Heavy => &room.waiting_heavy,
        };
        let _one_more = Waiting::begin(waiting, room.limits.max_waiting).ok_or(Error::PoolTimedOut)?;
        timeout(room.limits.patience, room.permits(self.lane)).await.map_err(|_| Error::PoolTimedOut)?
    }
}

/// While it is held, nobody reads.
#[derive(Debug)]
pub(super) struct Gate(#[expect(dead_code, reason = "held for what dropping it does")] OwnedSemaphorePermit);

#[derive(Debug)]
struct Permits {
    _heavy: Option<OwnedSemaphorePermit>,
    _any: OwnedSemaphorePermit,
}

impl Room {
    fn permits_at_once(&self, lane: Lane) -> Option<Permits> {
        let heavy = match lane {
            Lane::Light => None,
            Lane::Heavy | Lane::Onward => Some(Arc::clone(&self.heavy).try_acquire_owned().ok()?),
        };
        Some(Permits { _heavy: heavy, _any: Arc::clone(&self.all).try_acquire_owned().ok()? })
    }

    async fn permits(&self, lane: Lane) -> Result<Permits, Error> {
        let closed = |_| Error::PoolClosed;
        let heavy = match lane {
            Lane::Light => None,
            Lane::Heavy | Lane::Onward => Some(Arc::clone(&self.heavy).acquire_owned().await.map_err(closed)?),
        };
        Ok(Permits { _heavy: heavy, _any: Arc::clone(&self.all).acquire_owned().await.map_err(closed)? })
    }

    /// The slot used last, whose cache is warm. There is one for each permit.
    fn take_idle(&self) -> Result<Arc<Slot>, Error> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().ok_or(Error::PoolTimedOut)
    }

    async fn connect(&self, brake: &Arc<Brake>) -> Result<SqliteConnection, Error> {
        let mut connection = self.options.connect().await?;
        brake.fit(&mut connection).await?;
        if self.past {
            past::fit(&mut connection).await?;
        }
        Ok(connection)
    }

    fn time(&self) -> Option<Duration> {
        Some(self.time.load(Ordering::Relaxed)).filter(|micros| *micros != u64::MAX).map(Duration::from_micros)
    }
}

/// One that waits, counted.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn begin(count: &'a AtomicUsize, most: usize) -> Option<Self> {
        let more = |n| (n < most).then_some(n + 1);
        count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok().map(|_| Self(count))
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A slot taken from the room; goes back when dropped.
#[derive(Debug)]
struct Place {
    slot: Arc<Slot>,
    room: Arc<Room>,
    permits: Option<Permits>,
    /// Whether no statement can be under way.
    settled: bool,
}

impl Place {
    fn give_back(slot: Arc<Slot>, room: &Room, permits: Option<Permits>) {
        room.idle.lock().unwrap_or_else(PoisonError::into_inner).push(slot);
        drop(permits);
    }

    /// Waits until the connection's thread has left its statement. One that does not answer is made anew at its next use.
    async fn settle(slot: &Slot) {
        let mut connection = slot.connection.lock().await;
        if let Some(open) = connection.as_mut()
            && open.ping().await.is_err()
        {
            *connection = None;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let (slot, room, permits) = (Arc::clone(&self.slot), Arc::clone(&self.room), self.permits.take());
        if self.settled {
            return Self::give_back(slot, &room, permits);
        }
        slot.brake.pull();
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(async move {
                    Self::settle(&slot).await;
                    Self::give_back(slot, &room, permits);
                });
            }
            // The runtime ends: nobody reads any more.
            Err(_) => drop(permits),
        }
    }
}

/// A connection that reads, for one caller. Dropped before a statement has ended, it stops the statement.
#[derive(Debug)]
pub(super) struct Lease {
    // Unlocked before the place is given back.
    connection: OwnedMappedMutexGuard<Option<SqliteConnection>, SqliteConnection>,
    place: Place,
}

impl Lease {
    /// Runs one statement, knowing whether it came to its end.
    async fn run<T>(&mut self, statement: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T, Error>) -> Result<T, Error> {
        self.place.settled = false;
        let running = Running::begin();
        let outcome = statement(&mut self.connection).await;
        running.end(&outcome, self.place.room.limits.slow);
        self.place.settled = outcome.is_ok();
        outcome
    }
}

/// A statement under way, for the counters; dropped before its end it was given up.
struct Running {
    watch: Stopwatch,
    ended: bool,
}

impl Running {
    fn begin() -> Self {
        Self { watch: Stopwatch::start(), ended: false }
    }

    fn end<T>(mut self, outcome: &Result<T, Error>, slow: Duration) {
        self.ended = outcome.as_ref().err().is_none_or(|error| !is_interrupt(error));
        if self.watch.elapsed() >= slow {
            metrics().store_was_slow();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.ended {
            metrics().store_interrupted();
        }
    }
}

/// The brake was pulled.
fn is_interrupt(error: &Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "9")
}

impl Deref for Lease {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for Lease {
    /// What is run on it is not seen here, so the connection is settled afterwards.
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.place.settled = false;
        &mut self.connection
    }
}

type Step = Either<SqliteQueryResult, SqliteRow>;

impl<'p> Executor<'p> for &Readers {
    type Database = Sqlite;

    /// All rows are read before the first is given on: a caller that takes its time holds no connection.
    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Step, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        let readers = self.clone();
        let all = async move { readers.acquire().await?.run(async |connection| connection.fetch_many(query).try_collect::<Vec<Step>>().await).await };
        stream::once(all).map_ok(|steps| stream::iter(steps.into_iter().map(Ok))).try_flatten().boxed()
    }

    fn fetch_all<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Vec<SqliteRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        let readers = self.clone();
        Box::pin(async move { readers.acquire().await?.run(async |connection| connection.fetch_all(query).await).await })
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<SqliteRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        let readers = self.clone();
        Box::pin(async move { readers.acquire().await?.run(async |connection| connection.fetch_optional(query).await).await })
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [SqliteTypeInfo]) -> BoxFuture<'e, Result<SqliteStatement, Error>>
    where
        'p: 'e,
    {
        let readers = self.clone();
        Box::pin(async move { readers.acquire().await?.run(async |connection| connection.prepare_with(sql, parameters).await).await })
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Sqlite>, Error>>
    where
        'p: 'e,
    {
        let readers = self.clone();
        Box::pin(async move { readers.acquire().await?.run(async |connection| connection.describe(sql).await).await })
    }
}
