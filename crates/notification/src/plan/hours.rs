//! When reminders are due within the hours in which a person may be told something.

use domain::availability::DaySpan;
use domain::message_hours::MessageHours;
use domain::{MinuteOfDay, Timestamp, zone};
use jiff::SignedDuration;
use jiff::civil::Date;

/// When tomorrow's gig is reminded of, where the person's hours allow.
const EVENING_MIN: u16 = 18 * 60;
/// How long before the end of a person's hours an evening reminder goes at the latest, in minutes: room for an outage or a clock set right.
const EVENING_MARGIN_MIN: u16 = 90;
/// How long before its start a gig is reminded of.
const SOON: SignedDuration = SignedDuration::from_hours(2);
/// A reminder nearer to the start than this helps nobody.
const TOO_LATE: SignedDuration = SignedDuration::from_mins(30);

/// The hours of one person, with their reminders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours(MessageHours);

impl Hours {
    /// The hours that a person named, or those of everybody.
    #[must_use]
    pub fn of(named: Option<DaySpan>) -> Self {
        Self(MessageHours::of(named))
    }

    /// Whether an instant is in them.
    #[must_use]
    pub fn contain(&self, time: Timestamp) -> bool {
        self.0.contain(time)
    }

    /// The first instant from one on that is in them.
    #[must_use]
    pub fn next(&self, time: Timestamp) -> Timestamp {
        self.0.next(time)
    }

    /// When the gig of a start is reminded of on the day before, and until when that is true.
    #[must_use]
    pub fn evening_before(&self, start: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let day = start.to_zoned(zone()).date().yesterday().ok()?;
        let earliest = self.0.start_min();
        let latest = self.0.end_min().saturating_sub(EVENING_MARGIN_MIN).max(earliest);
        let due = self.next(instant(day, EVENING_MIN.clamp(earliest, latest))?);
        let midnight = instant(day, 1440)?;
        (due < midnight).then_some((due, midnight))
    }

    /// When the gig of a start is reminded of on its day: two hours before, or when the hours begin, if that is still of use.
    #[must_use]
    pub fn soon_before(&self, start: Timestamp) -> Option<Timestamp> {
        let due = self.next(start.checked_sub(SOON).ok()?);
        (due <= start.checked_sub(TOO_LATE).ok()?).then_some(due)
    }
}

fn instant(day: Date, minute: u16) -> Option<Timestamp> {
    MinuteOfDay::new(minute).ok()?.on(day, &zone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("instant")
    }

    fn hours(start: u16, end: u16) -> Hours {
        let time = |minutes| MinuteOfDay::new(minutes).expect("time");
        Hours::of(Some(DaySpan::new(time(start), time(end)).expect("span")))
    }

    #[test]
    fn nobody_is_told_anything_at_night_whatever_the_clock_does() {
        let usual = Hours::of(None);
        for (time, next) in [
            ("2026-11-24T06:59:00Z", "2026-11-24T07:00:00Z"),
            ("2026-11-24T07:00:00Z", "2026-11-24T07:00:00Z"),
            ("2026-11-24T17:59:59Z", "2026-11-24T17:59:59Z"),
            ("2026-11-24T18:00:00Z", "2026-11-25T07:00:00Z"),
            // The night of spring: 9.00 comes an hour sooner in UTC. That of autumn: an hour later.
            ("2027-03-27T18:00:00Z", "2027-03-28T06:00:00Z"),
            ("2027-10-30T18:00:00Z", "2027-10-31T07:00:00Z"),
        ] {
            assert_eq!(usual.next(at(time)), at(next), "{time}");
        }
        // Hours that exist on that day only in part, or not at all.
        assert_eq!(hours(150, 300).next(at("2027-03-28T00:10:00Z")), at("2027-03-28T00:30:00Z"));
        assert_eq!(hours(190, 230).next(at("2027-03-28T00:30:00Z")), at("2027-03-29T00:10:00Z"));
    }

    #[test]
    fn reminders_keep_to_the_hours() {
        let start = at("2026-11-25T10:00:00Z");
        assert_eq!(Hours::of(None).evening_before(start).map(|(due, _)| due), Some(at("2026-11-24T16:00:00Z")));
        assert_eq!(hours(540, 1020).evening_before(start).map(|(due, _)| due), Some(at("2026-11-24T13:30:00Z")));
        assert_eq!(hours(1140, 1260).evening_before(start).map(|(due, _)| due), Some(at("2026-11-24T17:00:00Z")));
        assert_eq!(Hours::of(None).evening_before(start).map(|(_, end)| end), Some(at("2026-11-24T22:00:00Z")));
        assert_eq!(Hours::of(None).soon_before(start), Some(at("2026-11-25T08:00:00Z")));
        assert_eq!(Hours::of(None).soon_before(at("2026-11-25T08:00:00Z")), Some(at("2026-11-25T07:00:00Z")));
        assert_eq!(Hours::of(None).soon_before(at("2026-11-25T07:15:00Z")), None, "the evening before has to do");
    }
}
