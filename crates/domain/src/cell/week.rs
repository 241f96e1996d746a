//! A usual week as people write it: `ma 9-12; ke 13-16.30`, `ti 9:00–12:00 joka 2. viikko`, `ma-pe 9-16`, `Mon, Wed 9-12 and 13-15`.
//!
//! Grammar: a phrase is days, then hours, then perhaps how often and from or until which day. Days after hours begin a new phrase; a
//! semicolon or line break always does. Everything else in the cell is an error: a window must never be guessed.

use jiff::civil::Date;

use super::CellError;
use super::clock::{self, DASHES};
use crate::availability::{DaySpan, WeeklyWindow};

/// Most windows of one week.
pub const WINDOWS_MAX: usize = 50;

/// The weekly windows of a cell, in the order written.
///
/// # Errors
/// [`CellError`] saying which form is expected, without repeating the cell.
pub fn weekly(text: &str) -> Result<Vec<WeeklyWindow>, CellError> {
    let mut windows = Vec::new();
    for part in text.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
        let mut phrase = Phrase::default();
        for word in words(part) {
            match token(&word)? {
                Token::Days(days) => {
                    if !phrase.spans.is_empty() {
                        phrase.finish(&mut windows)?;
                        phrase = Phrase::default();
                    }
                    phrase.days.extend(days);
                }
                Token::Hours(span) => phrase.spans.push(span),
                Token::Every(n) => phrase.every = n,
                Token::From(day) => phrase.from = Some(day),
                Token::Until(day) => phrase.until = Some(day),
                Token::Between(first, last) => (phrase.from, phrase.until) = (Some(first), Some(last)),
            }
        }
        phrase.finish(&mut windows)?;
    }
    Ok(windows)
}

fn expected() -> CellError {
    CellError::new("must be days and hours such as \"ma 9-12; ke 13-16.30\" or \"ti 9-12 joka 2. viikko\"")
}

struct Phrase {
    days: Vec<u8>,
    spans: Vec<DaySpan>,
    every: u8,
    from: Option<Date>,
    until: Option<Date>,
}

impl Default for Phrase {
    fn default() -> Self {
        Self { days: Vec::new(), spans: Vec::new(), every: 1, from: None, until: None }
    }
}

impl Phrase {
    fn finish(self, windows: &mut Vec<WeeklyWindow>) -> Result<(), CellError> {
        if self.days.is_empty() || self.spans.is_empty() {
            return Err(expected());
        }
        if matches!((self.from, self.until), (Some(from), Some(until)) if until < from) {
            return Err(CellError::new("the last day must not be before the first day"));
        }
        for weekday in self.days {
            for span in &self.spans {
                windows.push(WeeklyWindow {
                    weekday,
                    span: *span,
                    every_n_weeks: self.every,
                    valid_from: self.from,
                    valid_until: self.until,
                });
            }
        }
        if windows.len() > WINDOWS_MAX {
            return Err(CellError::new(format!("must hold at most {WINDOWS_MAX} windows a week")));
        }
        Ok(())
    }
}

enum Token {
    Days(Vec<u8>),
    Hours(DaySpan),
    Every(u8),
    From(Date),
    Until(Date),
    Between(Date, Date),
}

/// Words of a part. What belongs together is joined first: the blanks around a dash, `joka 2. viikko`, `1.12.2026 alkaen`.
fn words(part: &str) -> Vec<String> {
    let text = part.to_lowercase().replace(DASHES, "-");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace(" -", "-").replace("- ", "-");
    let raw: Vec<&str> = text
        .split([' ', ',', '\t'])
        .map(|word| word.trim_end_matches(':'))
        .filter(|word| !matches!(*word, "" | "klo" | "klo." | "kl" | "kl." | "ja" | "och" | "and" | "sekä" | "&"))
        .collect();
    let mut joined: Vec<String> = Vec::new();
    let mut at = 0;
    while at < raw.len() {
        let take = match raw[at] {
            "joka" | "every" | "var" if raw.get(at + 2).is_some_and(|word| is_week(word)) => 3,
            "joka" | "every" | "varje" | "varannan" if raw.get(at + 1).is_some_and(|word| is_week(word)) => 2,
            "alkaen" | "asti" | "saakka" | "from" | "until" | "från" | "till" if raw.get(at + 1).is_some() => 2,
            word if clock::date(word).is_ok()
                && raw.get(at + 1).is_some_and(|next| matches!(*next, "alkaen" | "asti" | "saakka")) =>
            {
                2
            }
            _ => 1,
        };
        joined.push(raw[at..at + take].join(" "));
        at += take;
    }
    joined
}

fn is_week(word: &str) -> bool {
    matches!(word.trim_end_matches('.'), "viikko" | "vko" | "vk" | "week" | "weeks" | "vecka" | "veckan")
}

fn token(word: &str) -> Result<Token, CellError> {
    if let Some(days) = days(word) {
        return Ok(Token::Days(days));
    }
    if let Some(n) = repetition(word) {
        return Ok(Token::Every(n));
    }
    if let Some(token) = bound(word) {
        return Ok(token);
    }
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        if let Ok(range) = clock::date_range(word) {
            return Ok(Token::Between(range.first, range.last));
        }
        return clock::hours(word).map(Token::Hours);
    }
    Err(expected())
}

fn bound(word: &str) -> Option<Token> {
    let (a, b) = word.split_once(' ')?;
    let from = |word: &str| matches!(word, "alkaen" | "from" | "från");
    let until = |word: &str| matches!(word, "asti" | "saakka" | "until" | "till");
    match (clock::date(a), clock::date(b)) {
        (Ok(day), _) if from(b) => Some(Token::From(day)),
        (Ok(day), _) if until(b) => Some(Token::Until(day)),
        (_, Ok(day)) if from(a) => Some(Token::From(day)),
        (_, Ok(day)) if until(a) => Some(Token::Until(day)),
        _ => None,
    }
}

fn repetition(word: &str) -> Option<u8> {
    let mut parts = word.split(' ');
    let (head, middle, last) = (parts.next()?, parts.next()?, parts.next());
    if last.is_none() && is_week(middle) {
        return match head {
            "joka" | "every" | "varje" => Some(1),
            "varannan" => Some(2),
            _ => None,
        };
    }
    if !matches!(head, "joka" | "every" | "var") || !last.is_some_and(is_week) {
        return None;
    }
    let digits: String = middle.chars().take_while(char::is_ascii_digit).collect();
    let n = match middle {
        "toinen" | "second" | "other" => 2,
        "kolmas" | "third" | "tredje" => 3,
        "neljäs" | "fourth" | "fjärde" => 4,
        _ => digits.parse().ok()?,
    };
    (1..=52).contains(&n).then_some(n)
}

fn days(word: &str) -> Option<Vec<u8>> {
    match word.trim_end_matches('.') {
        "arkisin" | "arkipäivisin" | "arki" | "weekdays" | "vardagar" => return Some((1..=5).collect()),
        "viikonloppuisin" | "viikonloput" | "weekends" | "veckoslut" => return Some(vec![6, 7]),
        "päivittäin" | "joka päivä" | "daily" | "dagligen" => return Some((1..=7).collect()),
        _ => {}
    }
    match word.split_once('-') {
        None => word.split('/').map(day).collect(),
        Some((first, last)) => {
            let (first, last) = (day(first)?, day(last)?);
            (first < last).then(|| (first..=last).collect())
        }
    }
}

fn day(word: &str) -> Option<u8> {
    let word = word.trim_end_matches('.');
    const NAMES: [&[&str]; 7] = [
        &["ma", "maanantai", "maanantaisin", "mon", "monday", "mån", "måndag"],
        &["ti", "tiistai", "tiistaisin", "tue", "tues", "tuesday", "tis", "tisdag"],
        &["ke", "keskiviikko", "keskiviikkoisin", "wed", "wednesday", "ons", "onsdag"],
        &["to", "torstai", "torstaisin", "thu", "thur", "thurs", "thursday", "tor", "tors", "torsdag"],
        &["pe", "perjantai", "perjantaisin", "fri", "friday", "fre", "fredag"],
        &["la", "lauantai", "lauantaisin", "sat", "saturday", "lör", "lördag"],
        &["su", "sunnuntai", "sunnuntaisin", "sun", "sunday", "sön", "söndag"],
    ];
    let index = NAMES.iter().position(|names| names.contains(&word))?;
    u8::try_from(index + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, String> {
        let clock = |m: u16| format!("{}:{:02}", m / 60, m % 60);
        let show = |w: &WeeklyWindow| {
            let mut text = format!("{} {}-{}", w.weekday, clock(w.span.start.minutes()), clock(w.span.end.minutes()));
            if w.every_n_weeks != 1 {
                text += &format!(" /{}", w.every_n_weeks);
            }
            for (sign, day) in [('>', w.valid_from), ('<', w.valid_until)] {
                text += &day.map(|day| format!(" {sign}{day}")).unwrap_or_default();
            }
            text
        };
        weekly(text).map(|windows| windows.iter().map(show).collect()).map_err(|error| error.to_string())
    }

    fn good(text: &str, expected: &[&str]) {
        assert_eq!(read(text), Ok(expected.iter().map(|&w| w.to_owned()).collect()), "{text}");
    }

    #[test]
    fn days_and_hours() {
        good("ma 9-12; ke 13-16.30", &["1 9:00-12:00", "3 13:00-16:30"]);
        good("ma 9-12, ke 13-16.30", &["1 9:00-12:00", "3 13:00-16:30"]);
        good("Ma klo 9:00 – 12:00\nTi 8-10", &["1 9:00-12:00", "2 8:00-10:00"]);
        good("ma, ke 9-12 ja 13-15", &["1 9:00-12:00", "1 13:00-15:00", "3 9:00-12:00", "3 13:00-15:00"]);
        good("ma-ke 9-16", &["1 9:00-16:00", "2 9:00-16:00", "3 9:00-16:00"]);
        good("ma/ke: 9-12", &["1 9:00-12:00", "3 9:00-12:00"]);
        good("viikonloppuisin 10-24", &["6 10:00-24:00", "7 10:00-24:00"]);
        good("Monday 9:00-12:00 and Fri 13-15", &["1 9:00-12:00", "5 13:00-15:00"]);
        good("måndag 9-12", &["1 9:00-12:00"]);
    }

    #[test]
    fn every_nth_week_and_bounds() {
        good("ti 9:00–12:00 joka 2. viikko", &["2 9:00-12:00 /2"]);
        good("ti 9-12 joka toinen viikko, to 10-11", &["2 9:00-12:00 /2", "4 10:00-11:00"]);
        good("Tue 9-12 every 3rd week", &["2 9:00-12:00 /3"]);
        good("tis 9-12 varannan vecka", &["2 9:00-12:00 /2"]);
        good("ma 9-12 alkaen 1.12.2026", &["1 9:00-12:00 >2026-12-01"]);
        good("ma 9-12 31.1.2027 asti", &["1 9:00-12:00 <2027-01-31"]);
        good("ma 9-12 1.12.2026 - 31.1.2027", &["1 9:00-12:00 >2026-12-01 <2027-01-31"]);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for bad in [
            "ma",
            "9-12",
            "ma 12-9",
            "ma 9-25",
            "xx 9-12",
            "ma 9-12 joskus",
            "pe-ma 9-12",
            "ma 9-12 joka 99. viikko",
            "aina",
            "ma 9-12;;ti",
            "ma 9-12 31.1.2027-1.12.2026",
        ] {
            assert!(read(bad).is_err(), "{bad}: {:?}", read(bad));
        }
        assert!(weekly(&"ma 9-10;".repeat(WINDOWS_MAX + 1)).is_err());
    }
}
