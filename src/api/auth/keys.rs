//! The keys of the base, held in memory: looked at again each second, each verified once, each with its limit.

use super::bucket::Bucket;
use super::{limited, token, wrong_key};
use crate::api::problem::{Code, Problem};
use crate::api::unavailable;
use crate::clock::Stopwatch;
use crate::model::key::{Key, Scope};
use crate::store::{Store, StoreError};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::Semaphore;

/// How long after a key is made or revoked that may go unnoticed.
const FRESH: Duration = Duration::from_secs(1);
/// Wrong secrets a minute for the public part of a key that was not used yet: each costs tens of milliseconds of one core.
const GUESSES: u32 = 10;
/// How long a request waits for the hashes of others.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often the time of a key's last use is written, at most.
const NOTED: SignedDuration = SignedDuration::from_secs(60);

const UNKNOWN: &str = "The key is not known here, was revoked, or has expired.";

/// The keys that are taken at the moment.
#[derive(Debug)]
pub struct Keys {
    /// Requests a minute of a key that has no number of its own.
    limit: u32,
    since: Stopwatch,
    known: RwLock<Arc<Known>>,
    reading: tokio::sync::Mutex<()>,
    /// One hash at a time: guessing costs one core at most.
    hashing: Arc<Semaphore>,
}

/// What was read at one moment.
#[derive(Debug, Default)]
struct Known {
    at: Option<Duration>,
    /// Whether there ever was a key.
    any: bool,
    /// Those that are not revoked, by their public parts.
    keys: HashMap<String, Arc<Entry>>,
}

#[derive(Debug)]
struct Entry {
    key: Key,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Digest of the whole key, once it was verified: no other has this public part.
    verified: Option<[u8; 32]>,
    requests: Bucket,
    guesses: Bucket,
    /// When the base was last told of a use.
    noted: Option<Timestamp>,
}

/// Whoever sent the request has this key.
#[derive(Clone, Debug)]
pub struct Holder(Arc<Entry>);

impl Holder {
    /// The key's name.
    pub fn name(&self) -> &str {
        &self.0.key.made.name
    }

    /// What it may do.
    pub fn scope(&self) -> Scope {
        self.0.key.made.scope
    }
}

impl Keys {
    /// None yet; `limit` holds for keys without a number of requests a minute of their own.
    pub fn new(limit: u32) -> Self {
        Self { limit, since: Stopwatch::start(), known: RwLock::default(), reading: tokio::sync::Mutex::default(), hashing: Arc::new(Semaphore::new(1)) }
    }

    /// Time since these were set up, for limits.
    pub fn elapsed(&self) -> Duration {
        self.since.elapsed()
    }

    /// Whether a key was ever made for this base, revoked ones included.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn any(&self, store: &Store) -> Result<bool, StoreError> {
        Ok(self.known(store).await?.any)
    }

    /// The holder of the key `token`; counts as a request made with it.
    ///
    /// # Errors
    /// 401 where it is none that is taken, 429 where it was used too often, 503 where the base cannot be read.
    pub async fn holder(&self, store: &Store, token: &str, now: Timestamp) -> Result<Holder, Problem> {
        let public_part = token::public_part(token).ok_or_else(|| wrong_key("What the Authorization header holds is not a key: waqia_…_…"))?;
        let known = self.known(store).await.map_err(unavailable)?;
        let entry = known.keys.get(public_part).filter(|entry| entry.key.is_valid(now)).ok_or_else(|| wrong_key(UNKNOWN))?;
        if !self.is_it(entry, token).await? {
            return Err(wrong_key(UNKNOWN));
        }
        let limit = entry.key.made.per_minute.unwrap_or(self.limit);
        let note = {
            let mut state = entry.state();
            state.requests.take(limit, self.since.elapsed()).map_err(|wait| limited("The key was used for as many requests as it may in a minute.", wait))?;
            let due = state.noted.is_none_or(|noted| now.duration_since(noted) >= NOTED);
            if due {
                state.noted = Some(now);
            }
            due
        };
        if note {
            note_use(store.clone(), entry.key.id, now);
        }
        Ok(Holder(entry.clone()))
    }

    /// What the base holds, as it was a second ago at most.
    async fn known(&self, store: &Store) -> Result<Arc<Known>, StoreError> {
        if let Some(known) = self.fresh() {
            return Ok(known);
        }
        let _one = self.reading.lock().await;
        if let Some(known) = self.fresh() {
            return Ok(known);
        }
        let at = self.since.elapsed();
        let all = store.keys().await?;
        let before = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        let any = !all.is_empty();
        let valid = all.into_iter().filter(|key| key.revoked_at.is_none());
        let keys = valid.map(|key| (key.made.public_part.clone(), before.entry(key))).collect();
        let known = Arc::new(Known { at: Some(at), any, keys });
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = known.clone();
        Ok(known)
    }

    fn fresh(&self) -> Option<Arc<Known>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        known.at.is_some_and(|at| self.since.elapsed().saturating_sub(at) < FRESH).then_some(known)
    }

    /// Whether `token` is that key. The hash is computed until the right one comes, then never again: digests are compared.
    async fn is_it(&self, entry: &Arc<Entry>, token: &str) -> Result<bool, Problem> {
        let digest = token::digest(token);
        if let Some(known) = entry.is_verified(&digest) {
            return Ok(known);
        }
        let busy = |_| Problem::new(Code::Overloaded, "Too many keys are checked at the moment.");
        let turn = tokio::time::timeout(PATIENCE, self.hashing.clone().acquire_owned()).await.map_err(busy)?.map_err(Problem::internal)?;
        // While this one waited, its like may have been verified.
        if let Some(known) = entry.is_verified(&digest) {
            return Ok(known);
        }
        let guess = entry.state().guesses.take(GUESSES, self.since.elapsed());
        guess.map_err(|wait| limited("Too many wrong keys were sent.", wait))?;
        let (entry, token) = (entry.clone(), token.to_owned());
        let hashed = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let right = token::verify(&token, &entry.key.made.hash);
            if right {
                let mut state = entry.state();
                state.verified = Some(digest);
                state.guesses.put_back();
            }
            right
        });
        hashed.await.map_err(|error| Problem::internal(io::Error::other(error)))
    }
}

impl Known {
    /// The entry of that key; what was learnt of it before is kept.
    fn entry(&self, key: Key) -> Arc<Entry> {
        match self.keys.get(&key.made.public_part) {
            Some(entry) if entry.key.id == key.id && entry.key.made == key.made => entry.clone(),
            _ => {
                let state = State { verified: None, requests: Bucket::default(), guesses: Bucket::default(), noted: key.last_used_at };
                Arc::new(Entry { key, state: Mutex::new(state) })
            }
        }
    }
}

impl Entry {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this is the digest of the verified key; `None` while none was.
    fn is_verified(&self, digest: &[u8; 32]) -> Option<bool> {
        self.state().verified.map(|verified| ctutils::CtEq::ct_eq(&verified, digest).to_bool())
    }
}

/// Beside the request, which does not wait for it.
fn note_use(store: Store, id: i64, now: Timestamp) {
    tokio::spawn(async move {
        if let Err(error) = store.note_key_used(id, now).await {
            tracing::warn!(error = %error, key = id, "could not note when a key was last used");
        }
    });
}
