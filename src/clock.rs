//! The one place where time enters. Everything else is handed a [`Clock`], so that results can be reproduced.

use jiff::Timestamp;
use std::time::{Duration, Instant};

/// Tells the time of day: the system's, or a fixed one in tests and reproducible runs.
#[derive(Clone, Copy, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// Always this moment.
    Fixed(Timestamp),
}

impl Clock {
    /// Now, in UTC.
    pub fn now(self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Fixed(moment) => moment,
        }
    }
}

/// Measures how long something takes, for logs and progress; never part of a result.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring.
    #[expect(clippy::disallowed_methods, reason = "this is the wrapper that the ban points to")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Time since the start.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
