//! Dates, times of day, hours and windows of one day, as people write them. Civil times are Europe/Helsinki.

use jiff::Timestamp;
use jiff::civil::Date;

use super::CellError;
use crate::availability::{DateRange, DaySpan, MinuteOfDay};
use crate::window::TimeWindow;

/// Years that a cell may name: people's birth years to plans far ahead.
pub const YEARS: std::ops::RangeInclusive<i16> = 1900..=2100;

/// The dashes people write between a beginning and an end.
pub(super) const DASHES: &[char] = &['-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2212}'];

/// A day: `1.12.2026`, `01.12.2026` or `2026-12-01`.
///
/// # Errors
/// [`CellError`] unless it is a day of the calendar in the [`YEARS`].
pub fn date(text: &str) -> Result<Date, CellError> {
    let refused = || CellError::new("must be a day such as 1.12.2026 or 2026-12-01");
    let text = text.trim();
    let parts: Vec<&str> = if text.contains('.') { text.split('.').rev().collect() } else { text.split('-').collect() };
    let [year, month, day] = parts[..] else { return Err(refused()) };
    let iso = !text.contains('.');
    let digits = |part: &str, widths: std::ops::RangeInclusive<usize>| -> Option<i16> {
        let part = part.trim();
        (widths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok()).flatten()
    };
    let short = if iso { 2..=2 } else { 1..=2 };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4..=4), digits(month, short.clone()), digits(day, short))
    else {
        return Err(refused());
    };
    if !YEARS.contains(&year) {
        return Err(CellError::new(format!("must be a day of the years {} to {}", YEARS.start(), YEARS.end())));
    }
    let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else { return Err(refused()) };
    Date::new(year, month, day).map_err(|_| CellError::new("must be a day that the calendar has"))
}

/// Days from one to another, both included: `24.12.2026-6.1.2027`, or one day alone.
///
/// # Errors
/// [`CellError`] unless it is one day or two in order.
pub fn date_range(text: &str) -> Result<DateRange, CellError> {
    let text = text.trim();
    if let Ok(day) = date(text) {
        return DateRange::new(day, day).map_err(|error| CellError::new(error.to_string()));
    }
    // ISO dates hold hyphens of their own: try each dash as the one between.
    let split = text
        .match_indices(DASHES)
        .find_map(|(at, dash)| Some((date(&text[..at]).ok()?, date(&text[at + dash.len()..]).ok()?)));
    let (first, last) = split.ok_or_else(|| CellError::new("must be a day or two, such as 24.12.2026-6.1.2027"))?;
    DateRange::new(first, last).map_err(|error| CellError::new(error.to_string()))
}

/// Several days or stretches of days, by comma, semicolon or line.
///
/// # Errors
/// [`CellError`] if any part is not a day or a stretch.
pub fn date_ranges(text: &str) -> Result<Box<[DateRange]>, CellError> {
    super::list(text)?.into_iter().map(date_range).collect()
}

/// A time of day: `9`, `9:00`, `9.00`, `klo 16.30`, `24`.
///
/// # Errors
/// [`CellError`] unless it is a time from 0:00 to 24:00.
pub fn time_of_day(text: &str) -> Result<MinuteOfDay, CellError> {
    let refused = || CellError::new("must be a time of day such as 9, 9:00 or 16.30");
    let lower = text.trim().to_lowercase();
    let plain = lower.strip_prefix("klo").or_else(|| lower.strip_prefix("kl")).unwrap_or(&lower);
    let plain = plain.trim_start_matches('.').trim();
    let (hour, minute) = plain.split_once([':', '.']).unwrap_or((plain, "00"));
    let number = |part: &str, widths: std::ops::RangeInclusive<usize>| -> Option<u16> {
        (widths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok()).flatten()
    };
    match (number(hour, 1..=2), number(minute, 2..=2)) {
        (Some(hour @ 0..=24), Some(minute @ 0..=59)) => MinuteOfDay::new(hour * 60 + minute).map_err(|_| refused()),
        _ => Err(refused()),
    }
}

/// Hours of a day: `9-12`, `9:00–12:00`, `klo 9.30 - 12`.
///
/// # Errors
/// [`CellError`] unless it is two times of day, the end after the start.
pub fn hours(text: &str) -> Result<DaySpan, CellError> {
    let (start, end) =
        text.split_once(DASHES).ok_or_else(|| CellError::new("must be hours such as 9-12 or 9:00-12:30"))?;
    DaySpan::new(time_of_day(start)?, time_of_day(end)?).map_err(|error| CellError::new(error.to_string()))
}

/// An instant: `1.12.2026 9.00`, `1.12.2026 klo 9`, `2026-12-01T09:00`, or with an offset of its own (RFC 3339). A local time that
/// the spring change skips moves forward, one that the autumn change repeats is the first.
///
/// # Errors
/// [`CellError`] unless it is a day and a time.
pub fn instant(text: &str) -> Result<Timestamp, CellError> {
    if let Ok(time) = text.trim().parse::<Timestamp>() {
        return Ok(time);
    }
    let (day, time) = day_and_rest(text)?;
    on(day, time_of_day(time)?)
}

/// A day, meant from its first moment, or a day and a time.
///
/// # Errors
/// [`CellError`] unless it is one of them.
pub fn day_or_instant(text: &str) -> Result<Timestamp, CellError> {
    match date(text) {
        Ok(day) => on(day, time_of_day("0")?),
        Err(_) => instant(text),
    }
}

/// A window of one day: `1.12.2026 9-12`, `2026-12-01 klo 9:00–12:30`.
///
/// # Errors
/// [`CellError`] unless it is a day and hours.
pub fn window(text: &str) -> Result<TimeWindow, CellError> {
    let (day, rest) = day_and_rest(text)?;
    let span = hours(rest)?;
    TimeWindow::new(on(day, span.start)?, on(day, span.end)?).map_err(|error| CellError::new(error.to_string()))
}

/// Several windows by semicolon, comma or line; one without a day is on the day of the one before it: `1.12.2026 9-12, 13-15`.
///
/// # Errors
/// [`CellError`] if any part is not a window.
pub fn windows(text: &str) -> Result<Vec<TimeWindow>, CellError> {
    let mut found = Vec::new();
    let mut last_day: Option<&str> = None;
    for part in super::list(text)? {
        let (day, hours) = match day_and_rest(part) {
            Ok((_, rest)) => {
                last_day = Some(part[..part.len() - rest.len()].trim_end_matches(['T', ' ']));
                (last_day, rest)
            }
            Err(error) => (Some(last_day.ok_or(error)?), part),
        };
        found.push(window(&format!("{} {hours}", day.unwrap_or_default()))?);
    }
    Ok(found)
}

fn day_and_rest(text: &str) -> Result<(Date, &str), CellError> {
    let text = text.trim();
    // A weekday before the day says the same twice: "ti 1.12.2026 9-12".
    let text = text.trim_start_matches(char::is_alphabetic).trim_start_matches('.').trim_start();
    let at = text
        .find([' ', 'T', '\u{a0}'])
        .ok_or_else(|| CellError::new("must be a day and a time such as 1.12.2026 9-12"))?;
    let rest = text[at..].trim_start_matches(['T', ' ', '\u{a0}']);
    Ok((date(&text[..at])?, rest))
}

fn on(day: Date, time: MinuteOfDay) -> Result<Timestamp, CellError> {
    let local = day.at(0, 0, 0, 0).checked_add(jiff::Span::new().minutes(i64::from(time.minutes())));
    local
        .ok()
        .and_then(|local| crate::zone().to_ambiguous_timestamp(local).compatible().ok())
        .ok_or_else(|| CellError::new("must be a day and a time that the calendar has"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;

    #[test]
    fn finnish_and_iso_dates() {
        for text in ["1.12.2026", "01.12.2026", "2026-12-01", " 1. 12. 2026 "] {
            assert_eq!(date(text), Ok(day(2026, 12, 1)), "{text}");
        }
        for bad in [
            "",
            "1.12.",
            "1.12.26",
            "2026-12-1",
            "31.2.2026",
            "1.13.2026",
            "1.1.0001",
            "1.1.9999",
            "huomenna",
            "12/1/2026",
        ] {
            assert!(date(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn stretches_of_days() {
        let christmas = DateRange { first: day(2026, 12, 24), last: day(2027, 1, 6) };
        for text in ["24.12.2026-6.1.2027", "24.12.2026 – 6.1.2027", "2026-12-24 - 2027-01-06", "2026-12-24-2027-01-06"]
        {
            assert_eq!(date_range(text), Ok(christmas), "{text}");
        }
        assert_eq!(date_ranges("24.12.2026-6.1.2027; 5.2.2027").map(|r| r.len()), Ok(2));
        assert!(date_range("6.1.2027-24.12.2026").is_err());
    }

    #[test]
    fn times_and_hours() {
        for (text, expected) in
            [("9", 540), ("09:00", 540), ("16.30", 990), ("klo 9", 540), ("klo. 9.15", 555), ("24", 1440), ("0:00", 0)]
        {
            assert_eq!(time_of_day(text).map(MinuteOfDay::minutes), Ok(expected), "{text}");
        }
        for bad in ["", "25", "24:01", "9:60", "9.5", "aamu", "9:000"] {
            assert!(time_of_day(bad).is_err(), "{bad:?}");
        }
        assert!(hours("9–12").is_ok() && hours("9:00 - 12:30").is_ok());
        assert!(hours("12-9").is_err() && hours("9").is_err() && hours("9-9").is_err());
    }

    #[test]
    fn instants_and_windows_are_local() {
        assert_eq!(instant("1.12.2026 9.00").map(|t| t.to_string()), Ok("2026-12-01T07:00:00Z".to_owned()));
        assert_eq!(instant("2026-06-01T09:00").map(|t| t.to_string()), Ok("2026-06-01T06:00:00Z".to_owned()));
        assert_eq!(instant("2026-06-01T09:00:00+02:00").map(|t| t.to_string()), Ok("2026-06-01T07:00:00Z".to_owned()));
        let texts =
            |text| windows(text).map(|w| w.iter().map(|w| format!("{}/{}", w.start(), w.end())).collect::<Vec<_>>());
        assert_eq!(
            texts("ti 1.12.2026 klo 9-12, 13-15; 2026-12-02 10:30–11"),
            Ok(vec![
                "2026-12-01T07:00:00Z/2026-12-01T10:00:00Z".to_owned(),
                "2026-12-01T11:00:00Z/2026-12-01T13:00:00Z".to_owned(),
                "2026-12-02T08:30:00Z/2026-12-02T09:00:00Z".to_owned(),
            ])
        );
        assert!(windows("9-12").is_err() && windows("1.12.2026").is_err() && windows("1.1.0001 9-12").is_err());
    }
}
