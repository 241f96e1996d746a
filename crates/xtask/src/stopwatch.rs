//! Wall time of a step, and how it is written. Chores are timed on the real clock.

use std::time::{Duration, Instant};

/// Started when made.
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// `7.2 s` below two minutes, `3 min 05 s` from there.
pub(crate) fn words(time: Duration) -> String {
    if time.as_secs() < 120 {
        return format!("{:.1} s", time.as_secs_f64());
    }
    format!("{} min {:02} s", time.as_secs() / 60, time.as_secs() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_times_are_in_minutes() {
        assert_eq!(words(Duration::from_millis(7_240)), "7.2 s");
        assert_eq!(words(Duration::from_secs(185)), "3 min 05 s");
    }
}
