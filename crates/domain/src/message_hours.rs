//! The hours in which a person may be told something, in local time over both changes of the clock.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};

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

    /// How much of the time from one instant to another lies in them.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp) -> SignedDuration {
        self.openings(from)
            .take_while(|(open, _)| *open < to)
            .map(|(open, close)| close.min(to).duration_since(open))
            .fold(SignedDuration::ZERO, |sum, part| sum.saturating_add(part))
    }

    /// The instant in them at which so much of them has passed since another.
    #[must_use]
    pub fn after(&self, from: Timestamp, mut wait: SignedDuration) -> Timestamp {
        for (open, close) in self.openings(from) {
            let length = close.duration_since(open);
            if wait < length {
                return open.checked_add(wait).unwrap_or(open);
            }
            wait -= length;
        }
        from
    }

    /// What is left of them day by day from an instant on, as far as the calendar goes.
    fn openings(&self, from: Timestamp) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let zone = crate::zone();
        let (start, end) = (MinuteOfDay::new(self.start_min).ok(), MinuteOfDay::new(self.end_min).ok());
        let today: Date = from.to_zoned(zone.clone()).date();
        let days = std::iter::successors(Some(today), |day| day.tomorrow().ok());
        let spans = days.map_while(move |day| Some((start?.on(day, &zone)?, end?.on(day, &zone)?)));
        spans.map(move |(open, close)| (open.max(from), close)).filter(|(open, close)| open < close)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("instant")
    }

    #[test]
    fn time_is_counted_in_the_hours_alone_over_nights_and_both_changes_of_the_clock() {
        let hours = MessageHours::of(None);
        let between = |from: &str, to: &str| hours.between(at(from), at(to)).as_mins();
        assert_eq!(between("2026-11-23T08:00:00Z", "2026-11-23T09:30:00Z"), 90);
        assert_eq!(between("2026-11-23T17:30:00Z", "2026-11-24T08:00:00Z"), 90, "from 19:30 to 10 the next morning");
        assert_eq!(between("2026-11-23T18:00:00Z", "2026-11-24T07:00:00Z"), 0, "from 20 to 9");
        assert_eq!(between("2026-11-23T08:00:00Z", "2026-11-23T07:00:00Z"), 0, "the end lies before");
        assert_eq!(between("2027-03-26T12:00:00Z", "2027-03-29T12:00:00Z"), 34 * 60, "the clock goes forward");
        assert_eq!(between("2027-10-29T12:00:00Z", "2027-11-01T12:00:00Z"), 32 * 60, "the clock goes back");
    }

    #[test]
    fn a_wait_in_the_hours_ends_in_the_hours() {
        let hours = MessageHours::of(None);
        let after = |from: &str, minutes: i64| hours.after(at(from), SignedDuration::from_mins(minutes)).to_string();
        assert_eq!(after("2026-11-23T08:00:00Z", 30), "2026-11-23T08:30:00Z");
        assert_eq!(after("2026-11-23T17:30:00Z", 45), "2026-11-24T07:15:00Z");
        assert_eq!(after("2026-11-23T17:30:00Z", 30), "2026-11-24T07:00:00Z", "at 20 it is quiet");
        assert_eq!(after("2026-11-23T02:00:00Z", 0), "2026-11-23T07:00:00Z");
        assert_eq!(after("2026-11-23T07:00:00Z", 2 * 11 * 60 + 5), "2026-11-25T07:05:00Z");
    }
}
