//! The hours in which a person may be told something, in local time over both changes of the clock.

use jiff::{Timestamp, ToSpan};

use crate::availability::{DaySpan, MinuteOfDay};

/// From when messages may come where somebody has not said, in minutes of the local day: 9 o'clock.
const FROM_MIN: u16 = 9 * 60;
/// Until when: 20 o'clock.
const TO_MIN: u16 = 20 * 60;
/// Days that are looked at: a time of day that the clock skips exists on the next.
const DAYS_MAX: i32 = 4;

/// The hours of one person, in minutes of the local day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageHours {
    start_min: u16,
    end_min: u16,
}

impl MessageHours {
    /// The hours that a person named, or those of everybody: 9 to 20.
    #[must_use]
    pub fn of(named: Option<DaySpan>) -> Self {
        let (start_min, end_min) = named.map_or((FROM_MIN, TO_MIN), |span| (span.start.minutes(), span.end.minutes()));
        Self { start_min, end_min }
    }

    /// When they begin, in minutes of the local day.
    #[must_use]
    pub fn start_min(&self) -> u16 {
        self.start_min
    }

    /// When they end, in minutes of the local day.
    #[must_use]
    pub fn end_min(&self) -> u16 {
        self.end_min
    }

    /// Whether an instant is in them.
    #[must_use]
    pub fn contain(&self, time: Timestamp) -> bool {
        let local = time.to_zoned(crate::zone());
        let minute = u16::try_from(local.hour()).unwrap_or(0) * 60 + u16::try_from(local.minute()).unwrap_or(0);
        (self.start_min..self.end_min).contains(&minute)
    }

    /// The first instant from one on that is in them.
    #[must_use]
    pub fn next(&self, time: Timestamp) -> Timestamp {
        if self.contain(time) {
            return time;
        }
        let (zone, start) = (crate::zone(), MinuteOfDay::new(self.start_min).ok());
        let today = time.to_zoned(zone.clone()).date();
        (0..DAYS_MAX)
            .filter_map(|days| start?.on(today.checked_add(days.days()).ok()?, &zone))
            .find(|start| *start >= time && self.contain(*start))
            .unwrap_or(time)
    }
}
