//! All connections: how many there may be, and which of them has to go when another one comes.
//!
//! Those on which no request is under way wait in a list; when there is no room, the one that has waited longest is closed. Where every
//! connection is at work, a few more are let in, for probes only.

use super::exchange::Exchange;
use crate::metrics::{Refusal, metrics};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// Connections beyond the limit, on which only probes are answered.
pub const N_RESERVED: usize = 16;
/// For a connection that was told to go: it goes at once, unless a request has come on it meanwhile.
const TO_LEAVE: Duration = Duration::from_millis(50);

/// All connections of a server.
#[derive(Debug)]
pub struct Crowd {
    places: Arc<Semaphore>,
    reserved: Arc<Semaphore>,
    /// Connections without a request, by when they came to rest.
    resting: Mutex<BTreeMap<u64, Arc<Notify>>>,
    n_rests: AtomicU64,
    came_to_rest: Notify,
}

/// One connection's place in the crowd.
#[derive(Debug)]
pub struct Place {
    /// What goes on on it.
    pub exchange: Arc<Exchange>,
    /// It is one too many: only probes are answered.
    pub for_probes: bool,
    crowd: Arc<Crowd>,
    /// Told when it has to go.
    leave: Arc<Notify>,
    /// Its number among those at rest.
    rest: Mutex<Option<u64>>,
    slow_reader: AtomicBool,
    _permit: OwnedSemaphorePermit,
}

impl Crowd {
    /// For at most so many connections.
    pub fn new(max_connections: usize) -> Arc<Self> {
        Arc::new(Self {
            places: Arc::new(Semaphore::new(max_connections)),
            reserved: Arc::new(Semaphore::new(N_RESERVED)),
            resting: Mutex::default(),
            n_rests: AtomicU64::new(0),
            came_to_rest: Notify::new(),
        })
    }

    /// A place, as soon as there is one.
    pub async fn enter(self: &Arc<Self>) -> Place {
        loop {
            let came_to_rest = self.came_to_rest.notified();
            if let Ok(permit) = self.places.clone().try_acquire_owned() {
                return self.place(permit, false);
            }
            if self.send_one_away() {
                if let Ok(Ok(permit)) = tokio::time::timeout(TO_LEAVE, self.places.clone().acquire_owned()).await {
                    return self.place(permit, false);
                }
                continue;
            }
            if let Ok(permit) = self.reserved.clone().try_acquire_owned() {
                return self.place(permit, true);
            }
            tokio::select! {
                Ok(permit) = self.places.clone().acquire_owned() => return self.place(permit, false),
                Ok(permit) = self.reserved.clone().acquire_owned() => return self.place(permit, true),
                () = came_to_rest => {}
            }
        }
    }

    fn place(self: &Arc<Self>, permit: OwnedSemaphorePermit, for_probes: bool) -> Place {
        metrics().connections.inc();
        let place = Place {
            exchange: Arc::default(),
            for_probes,
            crowd: self.clone(),
            leave: Arc::default(),
            rest: Mutex::default(),
            slow_reader: AtomicBool::new(false),
            _permit: permit,
        };
        place.rest();
        place
    }

    /// Asks the connection that has rested longest to go; `false` where none rests.
    fn send_one_away(&self) -> bool {
        let longest = self.resting.lock().unwrap_or_else(PoisonError::into_inner).pop_first();
        if let Some((_, leave)) = &longest {
            metrics().refused(Refusal::IdleClosed);
            leave.notify_one();
        }
        longest.is_some()
    }
}

impl Place {
    /// No request is under way, and nothing is left to be sent.
    pub fn rest(&self) {
        let mut rest = self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        // One that is closed anyway is not to be waited for by those outside.
        if rest.is_none() && !self.for_probes {
            let number = self.crowd.n_rests.fetch_add(1, Ordering::Relaxed);
            *rest = Some(number);
            self.crowd.resting.lock().unwrap_or_else(PoisonError::into_inner).insert(number, self.leave.clone());
            self.crowd.came_to_rest.notify_waiters();
        }
    }

    /// A request has come.
    pub fn work(&self) {
        if let Some(number) = self.rest.lock().unwrap_or_else(PoisonError::into_inner).take() {
            self.crowd.resting.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
        }
    }

    /// Done when this connection has to make room.
    pub async fn asked_to_leave(&self) {
        self.leave.notified().await;
    }

    /// Whether no request is under way and nothing is left to be sent.
    pub fn rests(&self) -> bool {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// The client does not read as fast as it must.
    pub fn give_up_reader(&self) {
        metrics().refused(Refusal::SlowReader);
        self.slow_reader.store(true, Ordering::Relaxed);
    }

    /// Whether the client was given up because of that.
    pub fn reads_too_slowly(&self) -> bool {
        self.slow_reader.load(Ordering::Relaxed)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        metrics().connections.dec();
        self.work();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_has_rested_longest_makes_room() {
        let crowd = Crowd::new(2);
        let (first, second) = (crowd.enter().await, crowd.enter().await);
        first.work();
        first.rest();
        let leaving = async {
            second.asked_to_leave().await;
            drop(second);
        };
        let (third, ()) = tokio::join!(crowd.enter(), leaving);
        assert!(!third.for_probes);
        drop(first);
    }

    #[tokio::test]
    async fn where_all_work_a_few_come_in_for_probes() {
        let crowd = Crowd::new(1);
        let working = crowd.enter().await;
        working.work();
        let mut more = Vec::new();
        for _ in 0..N_RESERVED {
            more.push(crowd.enter().await);
        }
        assert!(more.iter().all(|place| place.for_probes));
        assert!(tokio::time::timeout(TO_LEAVE, crowd.enter()).await.is_err(), "no more than that");
        let (next, ()) = tokio::join!(crowd.enter(), async { drop(working) });
        assert!(!next.for_probes);
    }
}
