//! Instants, durations, days and times of day.

use domain::availability::{DateRange, DaySpan, MinuteOfDay};
use domain::{Date, Meta, Timestamp};
use prost_types::{Duration as WireDuration, Timestamp as WireTime};
use proto::r#type::v1 as wire;

use super::Check;
use super::check::at;

/// An instant, in whole microseconds, as the storage keeps it.
pub(crate) fn instant(check: &mut Check, field: impl Into<String>, time: &WireTime) -> Option<Timestamp> {
    let micros = i64::from(time.nanos / 1000);
    let read = (0..1_000_000_000)
        .contains(&time.nanos)
        .then(|| time.seconds.checked_mul(1_000_000)?.checked_add(micros))
        .flatten()
        .and_then(|micros| Timestamp::from_microsecond(micros).ok());
    check.take(field, read.ok_or("must be an instant before the last day of the year 9999"))
}

/// An instant that may be missing.
pub(crate) fn optional(check: &mut Check, field: impl Into<String>, time: Option<&WireTime>) -> Option<Timestamp> {
    time.and_then(|time| instant(check, field, time))
}

pub(crate) fn of(time: Timestamp) -> WireTime {
    let micros = time.as_microsecond();
    let nanos = i32::try_from(micros.rem_euclid(1_000_000) * 1000).expect("less than a second");
    WireTime { seconds: micros.div_euclid(1_000_000), nanos }
}

/// When a resource was created and last changed.
pub(crate) fn created(meta: &Meta) -> Option<WireTime> {
    Some(of(meta.create_time))
}

pub(crate) fn updated(meta: &Meta) -> Option<WireTime> {
    Some(of(meta.update_time))
}

/// A duration in whole seconds.
pub(crate) fn seconds(check: &mut Check, field: impl Into<String>, time: &WireDuration) -> Option<u32> {
    let whole = u32::try_from(time.seconds).ok().filter(|_| time.nanos == 0);
    check.take(field, whole.ok_or("must be a duration of whole seconds, not negative"))
}

pub(crate) fn of_seconds(seconds: u32) -> WireDuration {
    WireDuration { seconds: i64::from(seconds), nanos: 0 }
}

/// A duration in milliseconds.
pub(crate) fn millis(check: &mut Check, field: impl Into<String>, time: &WireDuration) -> Option<u64> {
    let whole = u64::try_from(time.seconds)
        .ok()
        .zip(u64::try_from(time.nanos / 1_000_000).ok())
        .and_then(|(seconds, millis)| seconds.checked_mul(1000)?.checked_add(millis));
    check.take(field, whole.ok_or("must be a duration, not negative"))
}

pub(crate) fn of_millis(millis: u64) -> WireDuration {
    let seconds = i64::try_from(millis / 1000).unwrap_or(i64::MAX);
    WireDuration { seconds, nanos: i32::try_from(millis % 1000 * 1_000_000).expect("less than a second") }
}

/// A calendar day.
pub(crate) fn date(check: &mut Check, field: impl Into<String>, date: &wire::Date) -> Option<Date> {
    let parts = || Some((i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?));
    let read = parts().and_then(|(year, month, day)| Date::new(year, month, day).ok());
    check.take(field, read.ok_or("must be a day of the calendar"))
}

/// A calendar day that may be missing.
pub(crate) fn optional_date(check: &mut Check, field: impl Into<String>, day: Option<&wire::Date>) -> Option<Date> {
    day.and_then(|day| date(check, field, day))
}

pub(crate) fn of_date(date: Date) -> wire::Date {
    wire::Date { year: i32::from(date.year()), month: i32::from(date.month()), day: i32::from(date.day()) }
}

/// A range of days.
pub(crate) fn dates(check: &mut Check, field: &str, range: &wire::DateRange) -> Option<DateRange> {
    let first = check.required(at(field, "start_date"), range.start_date.as_ref());
    let first = first.and_then(|day| date(check, at(field, "start_date"), day));
    let last = check.required(at(field, "end_date"), range.end_date.as_ref());
    let last = last.and_then(|day| date(check, at(field, "end_date"), day));
    check.take(at(field, "end_date"), DateRange::new(first?, last?))
}

pub(crate) fn of_dates(range: &DateRange) -> wire::DateRange {
    wire::DateRange { start_date: Some(of_date(range.first)), end_date: Some(of_date(range.last)) }
}

/// A span inside one day.
pub(crate) fn span(
    check: &mut Check,
    field: &str,
    start: Option<&wire::TimeOfDay>,
    end: Option<&wire::TimeOfDay>,
) -> Option<DaySpan> {
    let start = minute(check, at(field, "start_time"), start);
    let end = minute(check, at(field, "end_time"), end);
    check.take(at(field, "end_time"), DaySpan::new(start?, end?))
}

fn minute(check: &mut Check, field: String, time: Option<&wire::TimeOfDay>) -> Option<MinuteOfDay> {
    let time = check.required(field.clone(), time)?;
    let minutes = u16::try_from(time.hours)
        .ok()
        .zip(u16::try_from(time.minutes).ok().filter(|minutes| *minutes < 60))
        .and_then(|(hours, minutes)| hours.checked_mul(60)?.checked_add(minutes))
        .ok_or(domain::availability::AvailabilityError::NotATimeOfDay)
        .and_then(MinuteOfDay::new);
    check.take(field, minutes)
}

pub(crate) fn of_minute(time: MinuteOfDay) -> wire::TimeOfDay {
    wire::TimeOfDay { hours: i32::from(time.minutes() / 60), minutes: i32::from(time.minutes() % 60) }
}

pub(crate) fn of_span(span: &DaySpan) -> wire::DaySpan {
    wire::DaySpan { start_time: Some(of_minute(span.start)), end_time: Some(of_minute(span.end)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_go_and_come_back_and_nonsense_is_refused() {
        let mut check = Check::default();
        for text in ["2026-11-23T08:00:00.123456Z", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59.5Z"] {
            let time: Timestamp = text.parse().expect("instant");
            assert_eq!(instant(&mut check, "t", &of(time)), Some(time));
        }
        assert!(check.is_clean());
        for (seconds, nanos) in [(i64::MAX, 0), (i64::MIN, 0), (0, -1), (0, 2_000_000_000)] {
            let mut check = Check::default();
            assert_eq!(instant(&mut check, "t", &WireTime { seconds, nanos }), None);
            assert_eq!(check.fields(), ["t"]);
        }
    }

    #[test]
    fn days_and_hours_are_real() {
        let mut check = Check::default();
        assert_eq!(date(&mut check, "d", &wire::Date { year: 2026, month: 2, day: 30 }), None);
        let time = |hours, minutes| Some(wire::TimeOfDay { hours, minutes });
        assert!(span(&mut check, "s", time(9, 0).as_ref(), time(24, 0).as_ref()).is_some());
        assert!(span(&mut check, "r", time(9, 0).as_ref(), time(9, 0).as_ref()).is_none());
        assert!(span(&mut check, "x", time(24, 1).as_ref(), None).is_none());
        assert_eq!(check.fields(), ["d", "r.end_time", "x.start_time", "x.end_time"]);
    }
}
