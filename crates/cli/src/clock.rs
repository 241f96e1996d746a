//! The clock of this machine: the command line is where time enters.

use std::time::Duration;

use jiff::Timestamp;

/// The present instant.
#[expect(clippy::disallowed_methods, reason = "the command line is the edge: time enters here and is passed on")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// How long something takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts.
    #[expect(clippy::disallowed_methods, reason = "the command line is the edge: the stopwatch starts here")]
    pub(crate) fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// The time since the start.
    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
