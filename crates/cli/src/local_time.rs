//! Instants and days as people in Finland read and write them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::failure::Failure;

/// An instant of the API in local time: `Mon 23.11. 10:00`. A text that is none is shown as it is.
pub(crate) fn show(text: &str) -> String {
    text.parse::<Timestamp>().map_or_else(|_| text.to_owned(), show_instant)
}

/// An instant in local time: `Mon 23.11. 10:00`.
pub(crate) fn show_instant(instant: Timestamp) -> String {
    instant.to_zoned(domain::zone()).strftime("%a %-d.%-m. %H:%M").to_string()
}

/// An instant of the API in local time to the second: `Mon 23.11. 10:00:05`. A text that is none is shown as it is.
pub(crate) fn show_to_the_second(text: &str) -> String {
    let instant = text.parse::<Timestamp>().ok();
    instant.map_or_else(
        || text.to_owned(),
        |instant| instant.to_zoned(domain::zone()).strftime("%a %-d.%-m. %H:%M:%S").to_string(),
    )
}

/// An instant of the API in local time with its year: `Mon 23.11.2026 10:00`. A text that is none is shown as it is.
pub(crate) fn show_in_full(text: &str) -> String {
    let instant = text.ends_with('Z').then(|| text.parse::<Timestamp>().ok()).flatten();
    instant.map_or_else(
        || text.to_owned(),
        |instant| instant.to_zoned(domain::zone()).strftime("%a %-d.%-m.%Y %H:%M").to_string(),
    )
}

/// A window in local time: `Mon 23.11. 10:00-12:00`.
pub(crate) fn show_window(start: &str, end: &str) -> String {
    let (Ok(from), Ok(to)) = (start.parse::<Timestamp>(), end.parse::<Timestamp>()) else {
        return format!("{start}/{end}");
    };
    let (from, to) = (from.to_zoned(domain::zone()), to.to_zoned(domain::zone()));
    let end = if from.date() == to.date() { to.strftime("%H:%M") } else { to.strftime("%a %-d.%-m. %H:%M") };
    format!("{}-{end}", from.strftime("%a %-d.%-m. %H:%M"))
}

/// The instant that a day or a local or absolute time names: `2026-11-23`, `2026-11-23T10:00`, `2026-11-23T08:00:00Z`.
pub(crate) fn read(text: &str) -> Result<Timestamp, Failure> {
    let zone: TimeZone = domain::zone();
    let local = |at: DateTime| zone.to_ambiguous_timestamp(at).compatible().ok();
    text.parse::<Timestamp>().ok().or_else(|| text.parse::<DateTime>().ok().and_then(local)).ok_or_else(|| {
        Failure::usage(format!("`{text}` is not a day or a time"))
            .because("write 2026-11-23, 2026-11-23T10:00 (local) or 2026-11-23T08:00:00Z")
    })
}

/// The instant that a day or time names, or that was so long ago: `90s`, `10m`, `2h`, `1d`.
pub(crate) fn read_since(text: &str, now: Timestamp) -> Result<Timestamp, Failure> {
    let ago = || {
        let (amount, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 24 * 3600,
            _ => return None,
        };
        let span = amount.parse::<u32>().ok()?;
        now.checked_sub(jiff::SignedDuration::from_secs(i64::from(span) * seconds)).ok()
    };
    match ago() {
        Some(instant) => Ok(instant),
        None => read(text).map_err(|failure| {
            failure.because(
                "write 90s, 10m, 2h or 1d ago, or 2026-11-23, 2026-11-23T10:00 (local) or 2026-11-23T08:00:00Z",
            )
        }),
    }
}

/// The refusal of a period that ends where it begins, or before: with the end that would make it one day.
pub(crate) fn empty_period(from: Timestamp) -> Failure {
    let failure =
        Failure::usage("--to is not after --from").because("--to is the first day or time outside the period");
    match from.to_zoned(domain::zone()).date().tomorrow() {
        Ok(next) => failure.next(format!("for one day: --to {next}")),
        Err(_) => failure,
    }
}

/// The local midnight that begins the day of an instant, and the one some days later.
pub(crate) fn days_from(now: Timestamp, days: i32) -> Result<(Timestamp, Timestamp), Failure> {
    let first = now.to_zoned(domain::zone()).start_of_day();
    let last = first.as_ref().ok().and_then(|day| day.checked_add(jiff::Span::new().days(days)).ok());
    match (first, last) {
        (Ok(first), Some(last)) => Ok((first.timestamp(), last.timestamp())),
        _ => Err(Failure::failed("the clock of this machine shows no usable time")),
    }
}

/// The instants at which the week of a Monday begins and ends.
pub(crate) fn week_of(monday: Date) -> Result<(Timestamp, Timestamp), Failure> {
    let midnight = |day: Date| read(&day.to_string());
    Ok((midnight(monday)?, midnight(monday.saturating_add(jiff::Span::new().days(7)))?))
}

/// Seconds as hours and minutes: `3 h 05 min`.
pub(crate) fn show_seconds(seconds: i64) -> String {
    let minutes = (seconds + 30) / 60;
    if minutes < 60 { format!("{minutes} min") } else { format!("{} h {:02} min", minutes / 60, minutes % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_shown_in_helsinki() {
        assert_eq!(show("2026-11-23T08:00:00Z"), "Mon 23.11. 10:00");
        assert_eq!(show("soon"), "soon");
        assert_eq!(show_window("2026-11-23T08:00:00Z", "2026-11-24T08:30:00Z"), "Mon 23.11. 10:00-Tue 24.11. 10:30");
    }

    #[test]
    fn days_and_times_are_read_as_local() {
        for (text, instant) in [
            ("2026-11-23", "2026-11-22T22:00:00Z"),
            ("2026-11-23T10:00", "2026-11-23T08:00:00Z"),
            ("2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z"),
        ] {
            assert_eq!(read(text).map(|t| t.to_string()), Ok(instant.to_owned()), "{text}");
        }
        assert_eq!(read("tomorrow").map_err(|f| f.exit), Err(crate::exit::Exit::Usage));
    }

    #[test]
    fn a_time_may_be_so_long_ago() {
        let now = "2026-11-23T10:00:00Z".parse().expect("instant");
        for (text, instant) in [
            ("90s", "2026-11-23T09:58:30Z"),
            ("2h", "2026-11-23T08:00:00Z"),
            ("1d", "2026-11-22T10:00:00Z"),
            ("2026-11-23", "2026-11-22T22:00:00Z"),
        ] {
            assert_eq!(read_since(text, now).map(|t| t.to_string()), Ok(instant.to_owned()), "{text}");
        }
        for wrong in ["", "h", "2w", "-1h", "ä"] {
            assert_eq!(read_since(wrong, now).map_err(|f| f.exit), Err(crate::exit::Exit::Usage), "{wrong}");
        }
    }

    #[test]
    fn days_begin_at_local_midnight() {
        let now = "2026-11-22T23:30:00Z".parse().expect("instant");
        let (from, to) = days_from(now, 14).expect("days");
        assert_eq!(
            (from.to_string().as_str(), to.to_string().as_str()),
            ("2026-11-22T22:00:00Z", "2026-12-06T22:00:00Z")
        );
    }
}
