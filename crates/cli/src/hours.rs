//! The hours of a usual week as people write them: `mon-fri 9-15, sat 10:30-12`.

use serde_json::{Value, json};

/// The days of the week: as the API names them, and how they begin in English and in Finnish.
const DAYS: [(&str, &str, &str); 7] = [
    ("WEEKDAY_MONDAY", "mon", "ma"),
    ("WEEKDAY_TUESDAY", "tue", "ti"),
    ("WEEKDAY_WEDNESDAY", "wed", "ke"),
    ("WEEKDAY_THURSDAY", "thu", "to"),
    ("WEEKDAY_FRIDAY", "fri", "pe"),
    ("WEEKDAY_SATURDAY", "sat", "la"),
    ("WEEKDAY_SUNDAY", "sun", "su"),
];

/// The windows that a text names, one for each day; nothing if it cannot be read.
pub(crate) fn windows(text: &str) -> Option<Vec<Value>> {
    let mut windows = Vec::new();
    for entry in text.split([',', ';']).map(str::trim).filter(|entry| !entry.is_empty()) {
        let (days, hours) = entry.split_once(char::is_whitespace)?;
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let (from, to) = hours.trim().split_once('-')?;
        let (first, last, from, to) = (day(first)?, day(last)?, time(from)?, time(to)?);
        if first > last {
            return None;
        }
        for (name, ..) in &DAYS[first..=last] {
            windows.push(json!({ "weekday": name, "startTime": from, "endTime": to }));
        }
    }
    (!windows.is_empty()).then_some(windows)
}

/// A time of day: `9`, `9:30` or `9.30`.
pub(crate) fn time(text: &str) -> Option<Value> {
    let (hours, minutes) = text.split_once([':', '.']).unwrap_or((text, "0"));
    Some(json!({ "hours": hours.trim().parse::<u8>().ok()?, "minutes": minutes.trim().parse::<u8>().ok()? }))
}

fn day(text: &str) -> Option<usize> {
    let text = text.to_lowercase();
    DAYS.iter().position(|(_, english, finnish)| text == *finnish || text.starts_with(english))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_read_in_english_and_in_finnish() {
        let english = windows("mon-wed 9-15, sat 10:30-12").expect("hours");
        assert_eq!(windows("ma-ke 9-15; la 10.30-12"), Some(english.clone()));
        assert_eq!(english.len(), 4);
        assert_eq!(english[3]["weekday"], "WEEKDAY_SATURDAY");
        assert_eq!(english[3]["startTime"], json!({ "hours": 10, "minutes": 30 }));
        for wrong in ["mon-fri", "someday 9-15", "fri-mon 9-15", "mon 9", ""] {
            assert_eq!(windows(wrong), None, "{wrong}");
        }
    }
}
