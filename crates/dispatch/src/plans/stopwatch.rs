//! The one clock of this crate: how long a solve has been running.

use std::time::Duration;

/// A stopwatch that begins now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stopwatch(tokio::time::Instant);

impl Stopwatch {
    /// Begins now.
    #[expect(
        clippy::disallowed_methods,
        reason = "the budget of a solve is wall time; the plan itself does not depend on it"
    )]
    pub(super) fn begin() -> Self {
        Self(tokio::time::Instant::now())
    }

    /// The time since it began.
    pub(super) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
