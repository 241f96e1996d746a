//! How much time is left.

use std::time::Duration;

/// A deadline on somebody else's clock.
pub(super) struct Clock<'a> {
    pub(super) elapsed: &'a dyn Fn() -> Duration,
    pub(super) deadline: Duration,
    pub(super) is_cancelled: &'a dyn Fn() -> bool,
}

impl Clock<'_> {
    /// Time left; nothing once cancelled.
    pub(super) fn left(&self) -> Duration {
        if (self.is_cancelled)() { Duration::ZERO } else { self.deadline.saturating_sub((self.elapsed)()) }
    }

    /// Whether no time is left.
    pub(super) fn is_over(&self) -> bool {
        self.left().is_zero()
    }

    /// The same clock with an earlier deadline.
    pub(super) fn until(&self, deadline: Duration) -> Clock<'_> {
        Clock { elapsed: self.elapsed, deadline: self.deadline.min(deadline), is_cancelled: self.is_cancelled }
    }
}
