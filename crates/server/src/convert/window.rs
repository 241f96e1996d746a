//! Windows of time.

use domain::window::WindowError;
use domain::{TimeWindow, Timestamp};
use proto::r#type::v1 as wire;

use super::check::at;
use super::{Check, time};

/// A window.
pub(crate) fn read(check: &mut Check, field: &str, window: &wire::TimeWindow) -> Option<TimeWindow> {
    let (start_field, end_field) = (at(field, "start_time"), at(field, "end_time"));
    let start = check.required(&start_field, window.start_time.as_ref());
    let start = start.and_then(|start| time::instant(check, &start_field, start));
    let end = check.required(&end_field, window.end_time.as_ref());
    let end = end.and_then(|end| time::instant(check, &end_field, end));
    for (field, instant) in [(&start_field, start), (&end_field, end)] {
        if instant.is_some_and(outside) {
            check.add(field, WindowError::OutOfCalendar);
        }
    }
    match TimeWindow::new(start?, end?) {
        Ok(window) => Some(window),
        Err(error) => {
            if error == WindowError::EndNotAfterStart {
                check.add(end_field, "must be after start_time");
            }
            None
        }
    }
}

/// Whether an instant lies outside the years that are planned for.
fn outside(instant: Timestamp) -> bool {
    let later = instant.checked_add(jiff::SignedDuration::from_micros(1));
    !later.is_ok_and(|later| TimeWindow::new(instant, later).is_ok())
}

/// A window that may be missing.
pub(crate) fn optional(check: &mut Check, field: &str, window: Option<&wire::TimeWindow>) -> Option<TimeWindow> {
    window.and_then(|window| read(check, field, window))
}

pub(crate) fn of(window: &TimeWindow) -> wire::TimeWindow {
    wire::TimeWindow { start_time: Some(time::of(window.start())), end_time: Some(time::of(window.end())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(start: &str, end: &str) -> wire::TimeWindow {
        let at = |text: &str| Some(time::of(text.parse().expect("instant")));
        wire::TimeWindow { start_time: at(start), end_time: at(end) }
    }

    #[test]
    fn the_wrong_end_of_a_window_is_named() {
        for (start, end, wrong) in [
            ("2026-11-23T08:00:00Z", "2026-11-23T12:00:00Z", vec![]),
            ("2026-11-23T12:00:00Z", "2026-11-23T08:00:00Z", vec!["w.end_time"]),
            ("0001-01-01T00:00:00Z", "2026-11-23T08:00:00Z", vec!["w.start_time"]),
            ("0001-01-01T00:00:00Z", "9998-01-01T00:00:00Z", vec!["w.start_time", "w.end_time"]),
        ] {
            let mut check = Check::default();
            assert_eq!(read(&mut check, "w", &window(start, end)).is_some(), wrong.is_empty());
            assert_eq!(check.fields(), wrong);
        }
        let mut check = Check::default();
        assert!(read(&mut check, "w", &wire::TimeWindow::default()).is_none());
        assert_eq!(check.fields(), ["w.start_time", "w.end_time"]);
    }
}
