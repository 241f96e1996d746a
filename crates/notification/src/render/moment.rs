//! Times as people say them, in local time.

use domain::Timestamp;
use domain::text::ServiceLanguage;
use jiff::Zoned;

const WEEKDAYS: [[&str; 7]; 3] = [
    ["ma", "ti", "ke", "to", "pe", "la", "su"],
    ["mån", "tis", "ons", "tors", "fre", "lör", "sön"],
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A day and time: `ti 24.11. klo 12.00`.
#[must_use]
pub fn day_and_time(time: Timestamp, language: ServiceLanguage) -> String {
    let local: Zoned = time.to_zoned(domain::zone());
    let row = match language {
        ServiceLanguage::Fi => 0,
        ServiceLanguage::Sv => 1,
        ServiceLanguage::En => 2,
    };
    let weekday = WEEKDAYS[row][usize::try_from(local.weekday().to_monday_zero_offset()).unwrap_or(0)];
    let (day, month, hour, minute) = (local.day(), local.month(), local.hour(), local.minute());
    match language {
        ServiceLanguage::Fi => format!("{weekday} {day}.{month}. klo {hour}.{minute:02}"),
        ServiceLanguage::Sv => format!("{weekday} {day}.{month} kl. {hour}.{minute:02}"),
        ServiceLanguage::En => {
            let month = MONTHS[usize::try_from(month - 1).unwrap_or(0)];
            format!("{weekday} {day} {month} at {hour}:{minute:02}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_local_and_in_the_persons_language() {
        let time = "2026-11-24T10:05:00Z".parse().expect("instant");
        assert_eq!(day_and_time(time, ServiceLanguage::Fi), "ti 24.11. klo 12.05");
        assert_eq!(day_and_time(time, ServiceLanguage::Sv), "tis 24.11 kl. 12.05");
        assert_eq!(day_and_time(time, ServiceLanguage::En), "Tue 24 Nov at 12:05");
    }
}
