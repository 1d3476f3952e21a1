//! A smallest rate for the other side of a transfer: only the time during which we wait for it counts.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep};

/// Over how much waiting the rate of sending is averaged. Long enough for a mobile link that pauses, and for the steps of some 100 kB in
/// which kernels hand over their buffers.
pub const SEND_WINDOW: Duration = Duration::from_secs(15);
/// Over how much waiting the rate of receiving a body is averaged. Shorter, as no buffer of ours is in between.
pub const RECEIVE_WINDOW: Duration = Duration::from_secs(10);

/// Ends a transfer on which too little moves while we wait for the other side.
#[derive(Debug)]
pub struct Patience {
    meter: Meter,
    timer: Pin<Box<Sleep>>,
}

impl Patience {
    /// For a rate of `rate` bytes a second over `window`.
    pub fn new(rate: usize, window: Duration) -> Self {
        Self { meter: Meter::new(rate, window), timer: Box::pin(sleep(window)) }
    }

    /// The other side took or gave `n` bytes.
    pub fn moved(&mut self, n: usize) {
        self.meter.moved(n, Instant::now());
    }

    /// For the next transfer on the same connection.
    pub fn reset(&mut self) {
        self.meter.reset();
    }

    /// To be asked whenever we wait; ready once the other side is too slow.
    pub fn poll_spent(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            if let Some(deadline) = self.meter.wait(Instant::now()) {
                self.timer.as_mut().reset(deadline);
            }
            ready!(self.timer.as_mut().poll(cx));
            if self.meter.is_too_slow(Instant::now()) {
                return Poll::Ready(());
            }
        }
    }
}

/// Counts bytes and waiting; knows no timer.
#[derive(Debug)]
struct Meter {
    /// Bytes that must move in a window.
    due: u64,
    window: Duration,
    /// Waited in this window, without what `since` adds.
    waited: Duration,
    /// Moved in this window.
    moved: u64,
    /// When the wait under way began.
    since: Option<Instant>,
}

impl Meter {
    fn new(rate: usize, window: Duration) -> Self {
        Self { due: (rate as u64).saturating_mul(window.as_secs()), window, waited: Duration::ZERO, moved: 0, since: None }
    }

    fn reset(&mut self) {
        (self.waited, self.moved, self.since) = (Duration::ZERO, 0, None);
    }

    fn moved(&mut self, n: usize, now: Instant) {
        if let Some(since) = self.since.take() {
            self.waited += now - since;
        }
        // What moves before the first wait went into a buffer of the kernel and says nothing about the other side.
        if self.waited > Duration::ZERO {
            self.moved += n as u64;
        }
    }

    /// Begins to wait: until when. `None` where a wait is under way already.
    fn wait(&mut self, now: Instant) -> Option<Instant> {
        let begins = self.since.is_none();
        self.since.get_or_insert(now);
        begins.then(|| now + self.window.saturating_sub(self.waited))
    }

    /// At the end of a window; where enough has moved the next one begins.
    fn is_too_slow(&mut self, now: Instant) -> bool {
        let waited = self.waited + self.since.map_or(Duration::ZERO, |since| now - since);
        let slow = waited >= self.window && self.moved < self.due;
        if !slow {
            self.reset();
        }
        slow
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// The seconds after which 1,000 bytes a second in windows of ten seconds are missed by one who takes `n` bytes after each `pause`.
    #[track_caller]
    fn check(n: usize, pause: Duration, expect: Option<u64>) {
        let mut meter = Meter::new(1000, SECOND * 10);
        let began = Instant::now();
        let (mut now, mut missed) = (began, None);
        // In buffers, before anything is waited for.
        meter.moved(1_000_000, now);
        while missed.is_none() && now < began + SECOND * 120 {
            let next = now + pause;
            if let Some(mut deadline) = meter.wait(now) {
                while missed.is_none() && deadline <= next {
                    missed = meter.is_too_slow(deadline).then_some((deadline - began).as_secs());
                    deadline = meter.wait(deadline).unwrap_or(deadline + SECOND * 1000);
                }
            }
            now = next;
            meter.moved(n, now);
        }
        assert_eq!(missed, expect, "{n} bytes every {pause:?}");
    }

    #[test]
    fn only_who_is_below_the_rate_is_too_slow() {
        check(0, SECOND, Some(10));
        check(500, SECOND, Some(10));
        check(1200, SECOND, None);
        check(0, SECOND * 60, Some(10));
        check(2_000, SECOND * 8, Some(10));
        check(20_000, SECOND * 8, None);
    }

    #[test]
    fn time_in_which_nobody_waits_does_not_count() {
        let mut meter = Meter::new(1000, SECOND * 10);
        let mut now = Instant::now();
        for _ in 0..5 {
            assert!(meter.wait(now).is_some());
            meter.moved(10, now + SECOND);
            now += SECOND * 60;
        }
        assert!(!meter.is_too_slow(now), "five seconds of waiting in five minutes");
    }
}
