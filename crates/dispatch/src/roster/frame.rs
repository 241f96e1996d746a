//! The time a snapshot looks at: its period, the whole local weeks around it, and the local midnights the caps count by.

use std::sync::LazyLock;

use domain::{Date, TimeWindow, Timestamp, zone};
use jiff::Span as Length;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use matching::snapshot::Span;

use super::second_from;

/// The zone of days and weeks, looked up once.
static ZONE: LazyLock<TimeZone> = LazyLock::new(zone);

/// Starts that people are told lie on the quarter hour.
const QUARTER_S: i64 = 900;

/// The time a snapshot looks at.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// Gigs are matched inside this.
    pub(crate) period: TimeWindow,
    /// The ISO weeks that the period touches, in local time: what stands in them counts against the caps.
    pub(crate) weeks: TimeWindow,
    /// The time of the call: nothing starts before it.
    pub(crate) now: Timestamp,
    /// The zone of days and weeks.
    pub(crate) zone: TimeZone,
}

impl Frame {
    /// The frame around a period.
    pub(crate) fn new(period: TimeWindow, now: Timestamp) -> Self {
        let zone = ZONE.clone();
        let first = monday(period.start().to_zoned(zone.clone()).date());
        let after = monday(period.end().to_zoned(zone.clone()).date()).saturating_add(Length::new().days(7));
        let weeks = match (midnight(first, &zone), midnight(after, &zone)) {
            (Some(start), Some(end)) => TimeWindow::new(start, end).unwrap_or(period),
            _ => period,
        };
        Self { period, weeks, now, zone }
    }

    /// The part of a gig's window in which it may be matched: inside the period, and not before now (the next quarter hour).
    pub(crate) fn cut(&self, window: &TimeWindow) -> Option<Span> {
        let now = second_from(self.now);
        let next_quarter =
            now.div_euclid(QUARTER_S) * QUARTER_S + if now.rem_euclid(QUARTER_S) > 0 { QUARTER_S } else { 0 };
        let start = second_from(window.start().max(self.period.start()));
        let start = if start < now { next_quarter } else { start };
        let end = window.end().min(self.period.end()).as_second();
        (start < end).then(|| Span::new(start, end))
    }

    /// Local midnights in and around the weeks, in seconds.
    pub(crate) fn day_starts(&self) -> Vec<i64> {
        self.midnights(1)
    }

    /// Local midnights that begin an ISO week, in seconds.
    pub(crate) fn week_starts(&self) -> Vec<i64> {
        self.midnights(7)
    }

    fn midnights(&self, step_days: i64) -> Vec<i64> {
        let day = |time: Timestamp| monday(time.to_zoned(self.zone.clone()).date());
        let (first, last) = (day(self.weeks.start()), day(self.weeks.end()));
        let mut starts = Vec::new();
        // From a week before to a week after, so that a promise at the edge lies on a day of its own.
        let mut at = first.saturating_sub(Length::new().days(7));
        let last = last.saturating_add(Length::new().days(7));
        while at <= last && starts.len() < DAYS_MAX {
            starts.extend(midnight(at, &self.zone).map(Timestamp::as_second));
            at = at.saturating_add(Length::new().days(step_days));
        }
        starts
    }
}

/// Most midnights that are laid out: far above any period that is planned.
const DAYS_MAX: usize = 1000;

/// The Monday of a day's ISO week.
fn monday(day: Date) -> Date {
    day.saturating_sub(Length::new().days(i64::from(day.weekday().since(Weekday::Monday))))
}

/// The instant at which a local day begins.
pub(crate) fn midnight(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(day.at(0, 0, 0, 0)).compatible().ok()
}

/// The local day of an instant.
pub(crate) fn local_day(time: Timestamp) -> Date {
    time.to_zoned(zone()).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a test instant")
    }

    fn frame(from: &str, to: &str, now: &str) -> Frame {
        Frame::new(TimeWindow::new(at(from), at(to)).expect("window"), at(now))
    }

    #[test]
    fn weeks_are_whole_and_local_across_the_clock_change() {
        let frame = frame("2027-03-27T10:00:00Z", "2027-03-29T10:00:00Z", "2027-03-20T00:00:00Z");
        assert_eq!(frame.weeks.start(), at("2027-03-21T22:00:00Z"));
        assert_eq!(frame.weeks.end(), at("2027-04-04T21:00:00Z"));
        let days = frame.day_starts();
        let change =
            days.iter().position(|start| *start == at("2027-03-27T22:00:00Z").as_second()).expect("a midnight");
        assert_eq!(days[change + 1] - days[change], 23 * 3600);
        assert!(frame.week_starts().contains(&at("2027-03-28T21:00:00Z").as_second()));
    }

    #[test]
    fn nothing_is_matched_before_now_or_outside_the_period() {
        let frame = frame("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", "2026-11-23T10:07:31.5Z");
        let window = |a: &str, b: &str| TimeWindow::new(at(a), at(b)).expect("window");
        let cut = frame.cut(&window("2026-11-23T08:00:00Z", "2026-11-24T08:00:00Z")).expect("some time is left");
        assert_eq!((instant(cut.start), instant(cut.end)), (at("2026-11-23T10:15:00Z"), at("2026-11-24T00:00:00Z")));
        assert_eq!(frame.cut(&window("2026-11-23T08:00:00Z", "2026-11-23T10:00:00Z")), None);
        let later = frame.cut(&window("2026-11-23T12:10:00Z", "2026-11-23T13:00:00Z")).expect("all of it");
        assert_eq!(instant(later.start), at("2026-11-23T12:10:00Z"));
    }

    fn instant(second: i64) -> Timestamp {
        super::super::instant(second)
    }
}
