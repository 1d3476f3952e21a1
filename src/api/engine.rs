//! The engine's places: how many texts are read at once, and the end of a reading whose request has ended.

use super::problem::Problem;
use crate::extract::Stop;
use std::io;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Longest body of a text that counts as short, in bytes: an article, not a book. The engine reads it in some ten milliseconds.
pub const SHORT: usize = 32 << 10;

/// Places for texts that are read. Short texts have as many of their own, so that long ones cannot keep them waiting.
#[derive(Clone, Debug)]
pub struct EngineSlots {
    long: Arc<Semaphore>,
    short: Arc<Semaphore>,
    n: usize,
}

impl EngineSlots {
    /// So many texts of each kind at once.
    pub fn new(n: usize) -> Self {
        Self { long: Arc::new(Semaphore::new(n)), short: Arc::new(Semaphore::new(n)), n }
    }

    /// How many texts of one kind are read at once.
    pub fn n(&self) -> usize {
        self.n
    }

    /// Places of both kinds.
    pub fn all(&self) -> usize {
        2 * self.n
    }

    /// Those of them at which a text is read.
    pub fn used(&self) -> usize {
        self.all().saturating_sub(self.long.available_permits() + self.short.available_permits())
    }

    /// Does `work` on a text that came in so many bytes, on a thread of its own, as soon as there is a place. The place is given back when the
    /// work ends, which is soon after this future is dropped if the work heeds its [`Stop`].
    ///
    /// # Errors
    /// 500 where the work panics.
    pub async fn run<T: Send + 'static>(&self, n_bytes: usize, work: impl FnOnce(&Stop) -> T + Send + 'static) -> Result<T, Problem> {
        let slots = if n_bytes <= SHORT { &self.short } else { &self.long };
        let slot = slots.clone().acquire_owned().await.map_err(Problem::internal)?;
        let stop = StopWhenDropped(Stop::new());
        let run = tokio::task::spawn_blocking(held(slot, stop.0.clone(), work));
        run.await.map_err(|error| Problem::internal(io::Error::other(error)))
    }
}

fn held<T>(slot: OwnedSemaphorePermit, stop: Stop, work: impl FnOnce(&Stop) -> T) -> impl FnOnce() -> T {
    move || {
        let _held = slot;
        work(&stop)
    }
}

/// Sets the flag when the request's future is dropped: its answer was given, its time is over, or its client has left.
struct StopWhenDropped(Stop);

impl Drop for StopWhenDropped {
    fn drop(&mut self) {
        self.0.stop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;

    #[tokio::test]
    async fn short_texts_do_not_wait_for_long_ones() {
        let slots = EngineSlots::new(1);
        let (end, ended) = mpsc::channel::<()>();
        let long = tokio::spawn({
            let slots = slots.clone();
            async move { slots.run(SHORT + 1, move |_| ended.recv().is_ok()).await.unwrap() }
        });
        tokio::task::yield_now().await;
        assert_eq!(slots.run(SHORT, |_| 1).await.unwrap(), 1);
        end.send(()).unwrap();
        assert!(long.await.unwrap());
    }

    #[tokio::test]
    async fn work_is_stopped_when_nobody_waits_for_it() {
        let slots = EngineSlots::new(1);
        let (tell, told) = mpsc::channel();
        let work = move |stop: &Stop| {
            while !stop.is_stopped() {
                std::thread::sleep(Duration::from_millis(1));
            }
            tell.send(()).unwrap();
        };
        let waited = tokio::time::timeout(Duration::from_millis(20), slots.run(1, work)).await;
        assert!(waited.is_err(), "the work goes on until it is stopped");
        told.recv_timeout(Duration::from_secs(10)).unwrap();
        assert_eq!(slots.run(1, |_| 2).await.unwrap(), 2, "its place is free again");
    }

    #[tokio::test]
    async fn a_panic_is_a_problem() {
        let failed: Result<(), Problem> = EngineSlots::new(1).run(1, |_| panic!("a fault")).await;
        assert_eq!(failed.unwrap_err().code, super::super::problem::Code::Internal);
    }
}
