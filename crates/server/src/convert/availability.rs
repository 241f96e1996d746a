//! When a volunteer can help.

use domain::availability::{Availability, AvailabilityException, WeeklyWindow};
use proto::registry::v1 as wire;
use proto::r#type::v1 as shared;

use super::check::{at, nth};
use super::{Check, time};

/// Availability; not given is never.
pub(crate) fn read(check: &mut Check, field: &str, availability: Option<&wire::Availability>) -> Availability {
    let Some(availability) = availability else { return Availability::default() };
    let weekly = availability.weekly.iter().enumerate();
    let exceptions = availability.exceptions.iter().enumerate();
    let pauses = availability.pauses.iter().enumerate();
    Availability {
        weekly: weekly.filter_map(|(at, window)| weekly_window(check, &nth(field, "weekly", at), window)).collect(),
        exceptions: exceptions.filter_map(|(at, day)| exception(check, &nth(field, "exceptions", at), day)).collect(),
        pauses: pauses.filter_map(|(at, range)| time::dates(check, &nth(field, "pauses", at), range)).collect(),
    }
}

fn weekly_window(check: &mut Check, field: &str, window: &wire::WeeklyWindow) -> Option<WeeklyWindow> {
    let weekday = u8::try_from(window.weekday).ok().filter(|day| (1..=7).contains(day));
    let weekday = check.take(at(field, "weekday"), weekday.ok_or("must be a day of the week"));
    let span = time::span(check, field, window.start_time.as_ref(), window.end_time.as_ref());
    let every = if window.every_n_weeks == 0 { Some(1) } else { u8::try_from(window.every_n_weeks).ok() };
    let every = every.filter(|weeks| (1..=52).contains(weeks));
    let every_n_weeks = check.take(at(field, "every_n_weeks"), every.ok_or("must be 1 to 52"));
    let valid_from = time::optional_date(check, at(field, "valid_from"), window.valid_from.as_ref());
    let valid_until = time::optional_date(check, at(field, "valid_until"), window.valid_until.as_ref());
    Some(WeeklyWindow { weekday: weekday?, span: span?, every_n_weeks: every_n_weeks?, valid_from, valid_until })
}

fn exception(check: &mut Check, field: &str, exception: &wire::AvailabilityException) -> Option<AvailabilityException> {
    let day = check.required(at(field, "date"), exception.date.as_ref());
    let day = day.and_then(|day| time::date(check, at(field, "date"), day));
    let spans = exception
        .windows
        .iter()
        .enumerate()
        .filter_map(|(index, span)| {
            let field = nth(field, "windows", index);
            time::span(check, &field, span.start_time.as_ref(), span.end_time.as_ref())
        })
        .collect();
    Some(AvailabilityException { day: day?, spans })
}

pub(crate) fn of(availability: &Availability) -> Option<wire::Availability> {
    if *availability == Availability::default() {
        return None;
    }
    Some(wire::Availability {
        weekly: availability.weekly.iter().map(of_weekly).collect(),
        exceptions: availability.exceptions.iter().map(of_exception).collect(),
        pauses: availability.pauses.iter().map(time::of_dates).collect(),
    })
}

fn of_weekly(window: &WeeklyWindow) -> wire::WeeklyWindow {
    let weekday = shared::Weekday::try_from(i32::from(window.weekday)).unwrap_or_default();
    wire::WeeklyWindow {
        weekday: weekday.into(),
        start_time: Some(time::of_minute(window.span.start)),
        end_time: Some(time::of_minute(window.span.end)),
        every_n_weeks: i32::from(window.every_n_weeks),
        valid_from: window.valid_from.map(time::of_date),
        valid_until: window.valid_until.map(time::of_date),
    }
}

fn of_exception(exception: &AvailabilityException) -> wire::AvailabilityException {
    wire::AvailabilityException {
        date: Some(time::of_date(exception.day)),
        windows: exception.spans.iter().map(time::of_span).collect(),
    }
}
