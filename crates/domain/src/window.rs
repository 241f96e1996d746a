//! A stretch of time with a beginning before its end.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Why two instants do not make a window.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// The end is not after the start.
    #[error("end must be after start")]
    EndNotAfterStart,
    /// Outside the years the service plans for.
    #[error("must lie between the years 2000 and 2100")]
    OutOfCalendar,
}

/// A half-open window of time, `start <= t < end`, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawWindow", into = "RawWindow")]
pub struct TimeWindow {
    start: Timestamp,
    end: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct RawWindow {
    start: Timestamp,
    end: Timestamp,
}

impl TryFrom<RawWindow> for TimeWindow {
    type Error = WindowError;
    fn try_from(raw: RawWindow) -> Result<Self, WindowError> {
        Self::new(raw.start, raw.end)
    }
}

impl From<TimeWindow> for RawWindow {
    fn from(window: TimeWindow) -> Self {
        Self { start: window.start, end: window.end }
    }
}

/// 2000-01-01T00:00Z, the earliest instant accepted, in seconds since 1970.
const EARLIEST_S: i64 = 946_684_800;
/// 2100-01-01T00:00Z, the end of the instants accepted, in seconds since 1970.
const LATEST_S: i64 = 4_102_444_800;

impl TimeWindow {
    /// A window from `start` to `end`.
    ///
    /// # Errors
    /// [`WindowError`] if the end is not after the start, or either lies outside the years 2000 to 2100.
    pub fn new(start: Timestamp, end: Timestamp) -> Result<Self, WindowError> {
        if [start, end].iter().any(|t| !(EARLIEST_S..LATEST_S).contains(&t.as_second())) {
            return Err(WindowError::OutOfCalendar);
        }
        if end <= start { Err(WindowError::EndNotAfterStart) } else { Ok(Self { start, end }) }
    }

    /// The beginning.
    #[must_use]
    pub fn start(&self) -> Timestamp {
        self.start
    }

    /// The end, itself outside.
    #[must_use]
    pub fn end(&self) -> Timestamp {
        self.end
    }

    /// How long it is.
    #[must_use]
    pub fn duration(&self) -> SignedDuration {
        self.end.duration_since(self.start)
    }

    /// Whether `other` lies wholly inside.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share any time.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The time they share, if any.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        Self::new(self.start.max(other.start), self.end.min(other.end)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a test instant")
    }

    #[test]
    fn end_before_start_is_refused() {
        let noon = at("2026-11-23T12:00:00Z");
        assert_eq!(TimeWindow::new(noon, noon), Err(WindowError::EndNotAfterStart));
        assert_eq!(TimeWindow::new(at("0001-01-01T00:00:00Z"), noon), Err(WindowError::OutOfCalendar));
    }

    #[test]
    fn windows_that_touch_do_not_overlap() {
        let a = TimeWindow::new(at("2026-11-23T10:00:00Z"), at("2026-11-23T12:00:00Z")).expect("window");
        let b = TimeWindow::new(at("2026-11-23T12:00:00Z"), at("2026-11-23T13:00:00Z")).expect("window");
        assert!(!a.overlaps(&b) && a.intersection(&b).is_none() && a.contains(&a));
    }
}
