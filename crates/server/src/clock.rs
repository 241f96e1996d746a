//! The one place where the server asks what time it is. Everything below is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// The system's clock, or one that a test may set forward.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead_s: Arc<AtomicI64>,
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// Sets it forward by whole seconds: for tests of leases and windows.
    pub fn advance_s(&self, seconds: i64) {
        self.ahead_s.fetch_add(seconds, Ordering::Relaxed);
    }

    /// The time now, in whole microseconds, as the storage keeps it.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
    pub fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        let whole = Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now);
        self.ahead_of(whole)
    }

    /// Another clock's time, set forward as far as this one.
    #[must_use]
    pub fn ahead_of(&self, time: Timestamp) -> Timestamp {
        let ahead = SignedDuration::from_secs(self.ahead_s.load(Ordering::Relaxed));
        time.checked_add(ahead).unwrap_or(time)
    }
}
