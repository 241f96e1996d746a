//! The one place where the server asks what time it is. Everything below is told.

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// The system's clock, or one that a test or a demonstration may set forward.
#[derive(Debug, Clone)]
pub struct Clock {
    ahead_s: watch::Sender<i64>,
}

impl Default for Clock {
    fn default() -> Self {
        Self { ahead_s: watch::Sender::new(0) }
    }
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// Sets it forward by whole seconds: for tests of leases and windows. What time brings is looked at anew, also with 0. Back, with
    /// less than 0, only before anything was done by it.
    pub fn advance_s(&self, seconds: i64) {
        self.ahead_s.send_modify(|ahead_s| *ahead_s += seconds);
    }

    /// Hears whenever it is set forward.
    pub(crate) fn leaps(&self) -> watch::Receiver<i64> {
        self.ahead_s.subscribe()
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
        let ahead = SignedDuration::from_secs(*self.ahead_s.borrow());
        time.checked_add(ahead).unwrap_or(time)
    }
}
