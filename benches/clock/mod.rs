//! CPU time of the thread that measures.

use std::time::{Duration, Instant};

/// A point in time that later ones are measured from.
pub struct Start {
    wall: Instant,
    cpu: Option<Duration>,
}

impl Start {
    /// CPU time since then; by the clock where the system does not tell it.
    pub fn elapsed(&self) -> Duration {
        let cpu = self.cpu.and_then(|then| Some(cpu_time()?.saturating_sub(then)));
        cpu.unwrap_or_else(|| self.wall.elapsed())
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
pub fn now() -> Start {
    Start { wall: Instant::now(), cpu: cpu_time() }
}

/// Time that this thread has run, where the system tells it (Linux): what else the machine does is not counted.
fn cpu_time() -> Option<Duration> {
    // The account is brought up to date when the scheduler is called, else only at its ticks.
    std::thread::yield_now();
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    line.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
