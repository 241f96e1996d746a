//! When a volunteer can help: weekly windows in local time, exceptions and pauses, expanded to instants.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::volunteer::just_so_many;
use crate::window::TimeWindow;

/// Longest stretch that is expanded in one call, in days: a bound on work, far above any period that is planned.
pub const EXPANSION_DAYS_MAX: i64 = 400;

/// Why a piece of availability is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AvailabilityError {
    /// A minute past 24:00.
    #[error("must be a time of day from 00:00 to 24:00")]
    NotATimeOfDay,
    /// A window that ends before it starts.
    #[error("end must be after start on the same day")]
    EndNotAfterStart,
    /// Repetition out of bounds.
    #[error("every_n_weeks must be 1 to 52")]
    Repetition,
    /// A date range that ends before it starts.
    #[error("the last day must not be before the first day")]
    RangeReversed,
}

/// A local time of day in minutes after midnight, 0 to 1440 (24:00).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct MinuteOfDay(u16);

impl MinuteOfDay {
    /// A time of day from minutes after midnight.
    ///
    /// # Errors
    /// [`AvailabilityError::NotATimeOfDay`] above 1440.
    pub fn new(minutes: u16) -> Result<Self, AvailabilityError> {
        if minutes <= 1440 { Ok(Self(minutes)) } else { Err(AvailabilityError::NotATimeOfDay) }
    }

    /// Minutes after midnight.
    #[must_use]
    pub fn minutes(self) -> u16 {
        self.0
    }

    /// The instant of this local time on a date: a time that the spring change skips moves forward by the gap, one that the
    /// autumn change repeats means the first (RFC 5545).
    #[must_use]
    pub fn on(self, date: Date, zone: &TimeZone) -> Option<Timestamp> {
        let midnight: DateTime = date.at(0, 0, 0, 0);
        let local = midnight.checked_add(Span::new().minutes(i64::from(self.0))).ok()?;
        zone.to_ambiguous_timestamp(local).compatible().ok()
    }
}

impl TryFrom<u16> for MinuteOfDay {
    type Error = AvailabilityError;
    fn try_from(minutes: u16) -> Result<Self, AvailabilityError> {
        Self::new(minutes)
    }
}

impl From<MinuteOfDay> for u16 {
    fn from(time: MinuteOfDay) -> u16 {
        time.0
    }
}

/// A range of calendar days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DateRange {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl DateRange {
    /// Days from `first` to `last`, both included.
    ///
    /// # Errors
    /// [`AvailabilityError::RangeReversed`] if the last day is before the first.
    pub fn new(first: Date, last: Date) -> Result<Self, AvailabilityError> {
        if last < first { Err(AvailabilityError::RangeReversed) } else { Ok(Self { first, last }) }
    }

    /// Whether a day is in the range.
    #[must_use]
    pub fn contains(&self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }
}

/// A span inside one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DaySpan {
    /// From this time.
    pub start: MinuteOfDay,
    /// To this time, after the start.
    pub end: MinuteOfDay,
}

impl DaySpan {
    /// A span of one day.
    ///
    /// # Errors
    /// [`AvailabilityError::EndNotAfterStart`] if it is empty or reversed.
    pub fn new(start: MinuteOfDay, end: MinuteOfDay) -> Result<Self, AvailabilityError> {
        if end <= start { Err(AvailabilityError::EndNotAfterStart) } else { Ok(Self { start, end }) }
    }
}

/// A window that returns every n-th week on one weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeeklyWindow {
    /// 1 = Monday to 7 = Sunday (ISO 8601).
    pub weekday: u8,
    /// The hours.
    pub span: DaySpan,
    /// 1 = every week, 2 = every second week, ... counted from the week of `valid_from`, else from ISO week 1 of 2024.
    pub every_n_weeks: u8,
    /// The first day on which it holds, if bounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// The last day on which it holds, if bounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
}

impl WeeklyWindow {
    fn holds_on(&self, weekday: u8, day: Date) -> bool {
        if weekday != self.weekday
            || self.valid_from.is_some_and(|first| day < first)
            || self.valid_until.is_some_and(|last| day > last)
        {
            return false;
        }
        if self.every_n_weeks <= 1 {
            return true;
        }
        let n = i64::from(self.every_n_weeks);
        let anchor = self.valid_from.unwrap_or_else(|| jiff::civil::date(2024, 1, 1));
        weeks_between(anchor, day).rem_euclid(n) == 0
    }
}

/// Whole ISO weeks from the week of one day to the week of another.
fn weeks_between(from: Date, to: Date) -> i64 {
    let monday = |day: Date| day.saturating_sub(Span::new().days(i64::from(day.weekday().since(Weekday::Monday))));
    i64::from(monday(from).until(monday(to)).map_or(0, |span| span.get_days())) / 7
}

/// What is different on one day: the weekly windows do not hold, these do instead (none = away).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AvailabilityException {
    /// The day.
    pub day: Date,
    /// The hours of that day; empty when away.
    pub spans: Vec<DaySpan>,
}

/// When a volunteer can help.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Availability {
    /// The usual week.
    #[serde(deserialize_with = "just_so_many")]
    pub weekly: Box<[WeeklyWindow]>,
    /// Days that differ.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub exceptions: Box<[AvailabilityException]>,
    /// Days on which nothing holds, exceptions included.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub pauses: Box<[DateRange]>,
}

impl Availability {
    /// Whether a pause covers the day.
    #[must_use]
    pub fn paused_on(&self, day: Date) -> bool {
        self.pauses.iter().any(|range| range.contains(day))
    }

    /// The windows of availability that touch a period, as instants, sorted and merged where they overlap or meet. They are not
    /// cut at the period's ends: a window is one round trip, and half a window would be another. At most
    /// [`EXPANSION_DAYS_MAX`] days are looked at.
    #[must_use]
    pub fn windows(&self, period: TimeWindow, zone: &TimeZone) -> Vec<TimeWindow> {
        self.windows_on(&Days::new(period, zone))
    }

    /// The same for days that were laid out before: once for many people.
    #[must_use]
    pub fn windows_on(&self, days: &Days) -> Vec<TimeWindow> {
        let mut found: Vec<TimeWindow> = Vec::with_capacity(self.weekly.len() * days.days.len().div_ceil(7));
        let every_week = self.exceptions.is_empty() && self.pauses.is_empty();
        let weekdays = self.weekly.iter().fold(0, |bits, window| bits | bit(window.weekday));
        for day in &days.days {
            // On most days of the week most people do nothing.
            if every_week && weekdays & bit(day.weekday) == 0 {
                continue;
            }
            let mut add = |span: &DaySpan| {
                let window = day.window(span, &days.zone);
                found.extend(window.filter(|window| window.overlaps(&days.period)));
            };
            if every_week {
                self.weekly.iter().filter(|window| day.has(window)).for_each(|window| add(&window.span));
            } else {
                self.spans_on(day).iter().for_each(add);
            }
        }
        merge(found)
    }

    fn spans_on(&self, day: &LocalDay) -> Vec<DaySpan> {
        if self.paused_on(day.date) {
            return Vec::new();
        }
        if let Some(exception) = self.exceptions.iter().find(|exception| exception.day == day.date) {
            return exception.spans.clone();
        }
        self.weekly.iter().filter(|window| day.has(window)).map(|window| window.span).collect()
    }
}

/// The bit of a day of the week.
fn bit(weekday: u8) -> u8 {
    1_u8.checked_shl(u32::from(weekday)).unwrap_or(0)
}

/// The local days that a period touches, with the instants at which they begin.
#[derive(Debug, Clone)]
pub struct Days {
    period: TimeWindow,
    zone: TimeZone,
    days: Vec<LocalDay>,
}

#[derive(Debug, Clone)]
struct LocalDay {
    date: Date,
    /// 1 = Monday to 7 = Sunday.
    weekday: u8,
    /// Where it begins, if it has 24 hours: every minute of the day is then so many minutes later.
    usual_start: Option<Timestamp>,
}

impl Days {
    /// The days of a period, at most [`EXPANSION_DAYS_MAX`].
    #[must_use]
    pub fn new(period: TimeWindow, zone: &TimeZone) -> Self {
        let first = period.start().to_zoned(zone.clone()).date();
        let last = period.end().to_zoned(zone.clone()).date();
        let starts = |day: Date| zone.to_ambiguous_timestamp(day.at(0, 0, 0, 0)).compatible().ok();
        let (mut days, mut date, mut start) = (Vec::new(), first, starts(first));
        for _ in 0..EXPANSION_DAYS_MAX {
            if date > last {
                break;
            }
            let Ok(next) = date.tomorrow() else { break };
            let after = starts(next);
            let length_s = start.zip(after).map(|(start, after)| after.as_second() - start.as_second());
            let weekday = date.weekday().to_monday_one_offset().unsigned_abs();
            days.push(LocalDay { date, weekday, usual_start: start.filter(|_| length_s == Some(24 * 3_600)) });
            (date, start) = (next, after);
        }
        Self { period, zone: zone.clone(), days }
    }
}

impl LocalDay {
    fn has(&self, window: &WeeklyWindow) -> bool {
        window.holds_on(self.weekday, self.date)
    }

    fn window(&self, span: &DaySpan, zone: &TimeZone) -> Option<TimeWindow> {
        let instant = |minute: MinuteOfDay| match self.usual_start {
            Some(start) => Timestamp::from_second(start.as_second() + i64::from(minute.0) * 60).ok(),
            None => minute.on(self.date, zone),
        };
        TimeWindow::new(instant(span.start)?, instant(span.end)?).ok()
    }
}

fn merge(mut windows: Vec<TimeWindow>) -> Vec<TimeWindow> {
    windows.sort();
    windows.dedup_by(|window, last| {
        let meets = window.start() <= last.end();
        if meets {
            *last =
                TimeWindow::new(last.start(), last.end().max(window.end())).expect("a union of windows is a window");
        }
        meets
    });
    windows
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn minutes(text: &str) -> MinuteOfDay {
        let (h, m) = text.split_once(':').expect("HH:MM");
        MinuteOfDay::new(h.parse::<u16>().expect("hour") * 60 + m.parse::<u16>().expect("minute")).expect("time")
    }

    fn weekly(weekday: u8, start: &str, end: &str) -> WeeklyWindow {
        let span = DaySpan::new(minutes(start), minutes(end)).expect("span");
        WeeklyWindow { weekday, span, every_n_weeks: 1, valid_from: None, valid_until: None }
    }

    fn expand(availability: &Availability, from: &str, to: &str) -> Vec<String> {
        let period = TimeWindow::new(from.parse().expect("from"), to.parse().expect("to")).expect("period");
        availability.windows(period, &crate::zone()).iter().map(|w| format!("{}/{}", w.start(), w.end())).collect()
    }

    #[test]
    fn local_hours_follow_the_clock_change() {
        let availability = Availability {
            weekly: [weekly(6, "10:00", "12:00"), weekly(7, "10:00", "12:00")].into(),
            ..Availability::default()
        };
        assert_eq!(
            expand(&availability, "2027-03-26T22:00:00Z", "2027-03-28T21:00:00Z"),
            ["2027-03-27T08:00:00Z/2027-03-27T10:00:00Z", "2027-03-28T07:00:00Z/2027-03-28T09:00:00Z"],
        );
    }

    #[test]
    fn a_skipped_hour_moves_forward_and_a_repeated_hour_is_the_first() {
        let night = Availability { weekly: [weekly(7, "03:30", "06:00")].into(), ..Availability::default() };
        assert_eq!(
            expand(&night, "2027-03-27T22:00:00Z", "2027-03-28T21:00:00Z"),
            ["2027-03-28T01:30:00Z/2027-03-28T03:00:00Z"]
        );
        assert_eq!(
            expand(&night, "2027-10-30T21:00:00Z", "2027-10-31T22:00:00Z"),
            ["2027-10-31T00:30:00Z/2027-10-31T04:00:00Z"]
        );
    }

    #[test]
    fn every_second_week_counts_from_its_first_week() {
        let mut window = weekly(1, "09:00", "12:00");
        window.every_n_weeks = 2;
        window.valid_from = Some(date(2026, 11, 18));
        let availability = Availability { weekly: [window].into(), ..Availability::default() };
        assert_eq!(
            expand(&availability, "2026-11-01T00:00:00Z", "2026-12-31T00:00:00Z"),
            [
                "2026-11-30T07:00:00Z/2026-11-30T10:00:00Z",
                "2026-12-14T07:00:00Z/2026-12-14T10:00:00Z",
                "2026-12-28T07:00:00Z/2026-12-28T10:00:00Z"
            ],
        );
    }

    #[test]
    fn exceptions_replace_the_week_and_pauses_silence_both() {
        let away = AvailabilityException {
            day: date(2026, 11, 23),
            spans: vec![DaySpan::new(minutes("14:00"), minutes("16:00")).expect("span")],
        };
        let pause = DateRange::new(date(2026, 11, 24), date(2026, 11, 30)).expect("range");
        let availability = Availability {
            weekly: [weekly(1, "09:00", "12:00"), weekly(2, "09:00", "12:00")].into(),
            exceptions: [away].into(),
            pauses: [pause].into(),
        };
        assert_eq!(
            expand(&availability, "2026-11-22T22:00:00Z", "2026-11-30T22:00:00Z"),
            ["2026-11-23T12:00:00Z/2026-11-23T14:00:00Z"]
        );
    }

    #[test]
    fn windows_that_meet_are_one_round_trip() {
        let availability = Availability {
            weekly: [weekly(1, "09:00", "12:00"), weekly(1, "12:00", "24:00"), weekly(1, "10:00", "11:00")].into(),
            ..Availability::default()
        };
        assert_eq!(
            expand(&availability, "2026-11-22T22:00:00Z", "2026-11-23T22:00:00Z"),
            ["2026-11-23T07:00:00Z/2026-11-23T22:00:00Z"]
        );
    }
}
