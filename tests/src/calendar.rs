//! A week that lies ahead whenever the tests run: local times of Europe/Helsinki as the wire has them.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use proto::r#type::v1 as wire;

/// Europe/Helsinki.
///
/// # Panics
/// If there is no time zone database.
#[must_use]
pub fn helsinki() -> TimeZone {
    TimeZone::get("Europe/Helsinki").expect("the time zone database knows Helsinki")
}

/// A week, Monday first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    monday: Date,
}

impl Week {
    /// The first whole week that begins at least a day from now.
    #[must_use]
    pub fn coming() -> Self {
        let today = Timestamp::now().to_zoned(helsinki()).date();
        let since_monday = i64::from(today.weekday().since(Weekday::Monday));
        let days = if since_monday == 6 { 8 } else { 7 - since_monday };
        Self { monday: today.saturating_add(Span::new().days(days)) }
    }

    /// The date of a day, 0 for Monday; beyond 6 it runs on.
    #[must_use]
    pub fn date(self, day: i64) -> Date {
        self.monday.saturating_add(Span::new().days(day))
    }

    /// The day as Finns write it: `1.12.2026`.
    #[must_use]
    pub fn finnish(self, day: i64) -> String {
        self.date(day).strftime("%-d.%-m.%Y").to_string()
    }

    /// The day as the standard writes it: `2026-12-01`.
    #[must_use]
    pub fn iso(self, day: i64) -> String {
        self.date(day).to_string()
    }

    /// An instant: minutes after local midnight of a day.
    ///
    /// # Panics
    /// If the minutes are not within the day.
    #[must_use]
    pub fn at(self, day: i64, minute: i64) -> prost_types::Timestamp {
        let time = Time::new((minute / 60) as i8, (minute % 60) as i8, 0, 0).expect("a time of day");
        let zoned = self.date(day).to_datetime(time).to_zoned(helsinki()).expect("a local time");
        of(zoned.timestamp())
    }

    /// A window of one day, in minutes after local midnight.
    #[must_use]
    pub fn window(self, day: i64, from: i64, to: i64) -> wire::TimeWindow {
        wire::TimeWindow { start_time: Some(self.at(day, from)), end_time: Some(self.at(day, to)) }
    }

    /// Seven days from Monday, for plans.
    #[must_use]
    pub fn whole(self) -> wire::TimeWindow {
        self.days(7)
    }

    /// Days from Monday, for plans.
    #[must_use]
    pub fn days(self, days: i64) -> wire::TimeWindow {
        wire::TimeWindow { start_time: Some(self.at(0, 0)), end_time: Some(self.at(days, 0)) }
    }
}

/// An instant as the wire has it.
#[must_use]
pub fn of(time: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp { seconds: time.as_second(), nanos: time.subsec_nanosecond() }
}

/// Whole seconds since 1970 of an instant of the wire; 0 for none.
#[must_use]
pub fn seconds(time: Option<&prost_types::Timestamp>) -> i64 {
    time.map_or(0, |time| time.seconds)
}

/// The local day of an instant.
///
/// # Panics
/// If it is beyond all calendars.
#[must_use]
pub fn local_day(second: i64) -> Date {
    Timestamp::from_second(second).expect("an instant").to_zoned(helsinki()).date()
}
