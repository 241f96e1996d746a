//! The hours in which a person may be told something, in local time over both changes of the clock; and when reminders are due in them.

use domain::availability::DaySpan;
use domain::{MinuteOfDay, Timestamp};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};

/// Hours of a person who named none: 9 to 20.
const DEFAULT: (u16, u16) = (9 * 60, 20 * 60);
/// When tomorrow's gig is reminded of, where the person's hours allow.
const EVENING_MIN: u16 = 18 * 60;
/// How long before the end of a person's hours an evening reminder goes at the latest, in minutes: room for an outage or a clock set right.
const EVENING_MARGIN_MIN: u16 = 90;
/// How long before its start a gig is reminded of.
const SOON: SignedDuration = SignedDuration::from_hours(2);
/// A reminder nearer to the start than this helps nobody.
const TOO_LATE: SignedDuration = SignedDuration::from_mins(30);
/// Days that are looked at: a time of day that the clock skips exists on the next.
const DAYS_MAX: i32 = 4;

/// The hours of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    start_min: u16,
    end_min: u16,
}

impl Hours {
    /// The hours that a person named, or those of everybody.
    #[must_use]
    pub fn of(named: Option<DaySpan>) -> Self {
        let (start_min, end_min) = named.map_or(DEFAULT, |span| (span.start.minutes(), span.end.minutes()));
        Self { start_min, end_min }
    }

    /// Whether an instant is in them.
    #[must_use]
    pub fn contain(&self, time: Timestamp) -> bool {
        let local = time.to_zoned(domain::zone());
        let minute = u16::try_from(local.hour()).unwrap_or(0) * 60 + u16::try_from(local.minute()).unwrap_or(0);
        (self.start_min..self.end_min).contains(&minute)
    }

    /// The first instant from one on that is in them.
    #[must_use]
    pub fn next(&self, time: Timestamp) -> Timestamp {
        if self.contain(time) {
            return time;
        }
        let today = time.to_zoned(domain::zone()).date();
        (0..DAYS_MAX)
            .filter_map(|days| instant(today.checked_add(days.days()).ok()?, self.start_min))
            .find(|start| *start >= time && self.contain(*start))
            .unwrap_or(time)
    }

    /// When the gig of a start is reminded of on the day before, and until when that is true.
    #[must_use]
    pub fn evening_before(&self, start: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let day = start.to_zoned(domain::zone()).date().yesterday().ok()?;
        let latest = self.end_min.saturating_sub(EVENING_MARGIN_MIN).max(self.start_min);
        let due = self.next(instant(day, EVENING_MIN.clamp(self.start_min, latest))?);
        let midnight = instant(day, MinuteOfDay::new(1440).map_or(1440, MinuteOfDay::minutes))?;
        (due < midnight).then_some((due, midnight))
    }

    /// When the gig of a start is reminded of on its day: two hours before, or when the hours begin, if that is still of use.
    #[must_use]
    pub fn soon_before(&self, start: Timestamp) -> Option<Timestamp> {
        let due = self.next(start.checked_sub(SOON).ok()?);
        (due <= start.checked_sub(TOO_LATE).ok()?).then_some(due)
    }
}

/// The instant of a local time: one that the clock skips moves forward, one that it repeats is the first.
fn instant(day: Date, minute: u16) -> Option<Timestamp> {
    let local = day.at(0, 0, 0, 0).checked_add(i64::from(minute).minutes()).ok()?;
    domain::zone().to_ambiguous_timestamp(local).compatible().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("instant")
    }

    fn hours(start: u16, end: u16) -> Hours {
        Hours { start_min: start, end_min: end }
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
