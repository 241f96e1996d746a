//! What people write into the cells of a table, read: numbers, yes and no, lists, dates, hours, languages.
//!
//! Each parser takes the trimmed text of one non-empty cell and says in a lower-case sentence what must be true of it, never
//! repeating the cell (it may be personal). Nothing here knows a column, a file or a resource: [`row::RowReader`] adds where.

pub mod clock;
pub mod entries;
pub mod row;
pub mod week;
pub mod words;

use std::str::FromStr;

pub use row::{Problems, RowReader};

/// What must be true of a cell that is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CellError(pub(crate) String);

impl CellError {
    /// A cell refused with a lower-case sentence that does not repeat the cell.
    #[must_use]
    pub fn new(description: impl Into<String>) -> Self {
        Self(description.into())
    }
}

/// Longest list in one cell.
pub const LIST_MAX: usize = 100;

/// Yes or no in Finnish, Swedish or English, or a tick: `kyllä`, `k`, `x`, `1`, `ei`, `e`, `nej`, `0`, ...
///
/// # Errors
/// [`CellError`] for any other word.
pub fn yes_no(text: &str) -> Result<bool, CellError> {
    match text.trim().to_lowercase().as_str() {
        "kyllä" | "kylla" | "k" | "joo" | "on" | "x" | "yes" | "y" | "true" | "tosi" | "ja" | "j" | "1" | "✓" => {
            Ok(true)
        }
        "ei" | "e" | "no" | "n" | "false" | "epätosi" | "nej" | "0" | "-" => Ok(false),
        _ => Err(CellError::new("must be kyllä or ei (also understood: x, k, e, yes, no, ja, nej, 1, 0)")),
    }
}

/// A number with a decimal comma or point: `60,868`, `60.868`, `1 250,5`.
///
/// # Errors
/// [`CellError`] unless the text is one finite number.
pub fn decimal(text: &str) -> Result<f64, CellError> {
    let plain: String = text.trim().chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
    let plain = plain.replace('\u{2212}', "-").replace(',', ".");
    let good = !plain.is_empty() && plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    match plain.parse::<f64>() {
        Ok(number) if good && number.is_finite() => Ok(number),
        _ => Err(CellError::new("must be a number such as 60,868")),
    }
}

/// A whole number within bounds, as `N` writes it; `30,0` of a spreadsheet is whole too.
///
/// # Errors
/// [`CellError`] unless it is whole and within the bounds.
pub fn whole<N>(text: &str, bounds: std::ops::RangeInclusive<N>) -> Result<N, CellError>
where
    N: FromStr + PartialOrd + std::fmt::Display,
{
    let refused = || CellError::new(format!("must be a whole number from {} to {}", bounds.start(), bounds.end()));
    let number = decimal(text).map_err(|_| refused())?;
    if number.fract() != 0.0 || number.abs() > 1e15 {
        return Err(refused());
    }
    let number = format!("{number:.0}").parse::<N>().map_err(|_| refused())?;
    if bounds.contains(&number) { Ok(number) } else { Err(refused()) }
}

/// A length of time in whole minutes: `30`, `30 min`, `1 h`, `1,5 h`, `1 t 30 min`, `1:30`.
///
/// # Errors
/// [`CellError`] unless it is a length from 0 to 24 hours in whole minutes.
pub fn minutes(text: &str) -> Result<u16, CellError> {
    let refused = || CellError::new("must be a length of time such as 30 min or 1,5 h");
    let lower = text.trim().to_lowercase();
    let total = if let Some((hours, rest)) = lower.split_once(':') {
        decimal(hours).map_err(|_| refused())? * 60.0 + decimal(rest).map_err(|_| refused())?
    } else if let Some(at) = lower.find(['h', 't']) {
        let rest = lower[at..].trim_start_matches(char::is_alphabetic).trim_start_matches('.').trim();
        decimal(&lower[..at]).map_err(|_| refused())? * 60.0 + plain_minutes(rest).ok_or_else(refused)?
    } else {
        plain_minutes(&lower).filter(|_| !lower.is_empty()).ok_or_else(refused)?
    };
    if total.fract() == 0.0 && (0.0..=1440.0).contains(&total) {
        format!("{total:.0}").parse().map_err(|_| refused())
    } else {
        Err(refused())
    }
}

fn plain_minutes(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.is_empty() {
        return Some(0.0);
    }
    let number = text.trim_end_matches('.').trim_end_matches(char::is_alphabetic).trim();
    let unit = text[number.len()..].trim().trim_end_matches('.');
    (unit.is_empty() || unit.starts_with('m')).then(|| decimal(number).ok()).flatten()
}

/// The parts of a list: separated by comma, semicolon or line break; empty parts fall away.
///
/// # Errors
/// [`CellError`] above [`LIST_MAX`] parts.
pub fn list(text: &str) -> Result<Vec<&str>, CellError> {
    let parts: Vec<&str> = text.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.len() > LIST_MAX { Err(CellError::new(format!("must list at most {LIST_MAX}"))) } else { Ok(parts) }
}

/// A word in a form that can be compared: lower case, without the marks of its letters (`Hämeenlinna` is `hameenlinna`),
/// white space and hyphens as one space.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.trim().chars().flat_map(char::to_lowercase) {
        match c {
            'ä' | 'å' | 'à' | 'á' | 'â' | 'ã' => folded.push('a'),
            'ö' | 'ø' | 'ò' | 'ó' | 'ô' | 'õ' => folded.push('o'),
            'é' | 'è' | 'ê' | 'ë' => folded.push('e'),
            'ü' | 'ú' | 'ù' | 'û' => folded.push('u'),
            'í' | 'ì' | 'î' | 'ï' => folded.push('i'),
            'š' => folded.push('s'),
            'ž' => folded.push('z'),
            'ñ' => folded.push('n'),
            'ç' => folded.push('c'),
            'æ' => folded.push_str("ae"),
            // Combining marks of decomposed letters, as macOS writes them.
            '\u{300}'..='\u{36f}' => {}
            c if c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '_') => {
                if !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            c => folded.push(c),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_in_three_languages_and_ticks() {
        for yes in ["kyllä", "K", "x", "Yes", "1", "ja"] {
            assert_eq!(yes_no(yes), Ok(true), "{yes}");
        }
        for no in ["ei", "E", "no", "0", "nej", "-"] {
            assert_eq!(yes_no(no), Ok(false), "{no}");
        }
        assert!(yes_no("ehkä").is_err());
    }

    #[test]
    fn decimals_have_a_comma_or_a_point() {
        assert_eq!(decimal("60,868"), Ok(60.868));
        assert_eq!(decimal("1\u{a0}250.5"), Ok(1250.5));
        assert_eq!(decimal("-3"), Ok(-3.0));
        for bad in ["", "NaN", "inf", "1e9", "1,2,3", "kuusi", "60°"] {
            assert!(decimal(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn whole_numbers_are_bounded() {
        assert_eq!(whole("30", 0u16..=240), Ok(30));
        assert_eq!(whole("2,0", 0u8..=50), Ok(2));
        assert!(whole("2,5", 0u8..=50).is_err() && whole("51", 0u8..=50).is_err() && whole("-1", 0u8..=50).is_err());
        assert_eq!(
            whole("x", 1u8..=5).map_err(|e| e.to_string()),
            Err("must be a whole number from 1 to 5".to_owned())
        );
    }

    #[test]
    fn lengths_of_time_as_people_write_them() {
        for (text, expected) in [
            ("30", 30),
            ("30 min", 30),
            ("45min.", 45),
            ("1 h", 60),
            ("1,5 h", 90),
            ("1 t 30 min", 90),
            ("1h15", 75),
            ("1:30", 90),
            ("2 tuntia", 120),
        ] {
            assert_eq!(minutes(text), Ok(expected), "{text}");
        }
        for bad in ["", "pitkä", "-5", "25 h", "1,33 h", "30 km"] {
            assert!(minutes(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn lists_by_comma_semicolon_or_line() {
        assert_eq!(list("a, b;c\n d ;;"), Ok(vec!["a", "b", "c", "d"]));
        assert!(list(&"a,".repeat(LIST_MAX + 1)).is_err());
    }

    #[test]
    fn folding_drops_case_and_marks() {
        assert_eq!(fold(" Hämeenlinna "), "hameenlinna");
        assert_eq!(fold("Åbo"), "abo");
        assert_eq!(fold("S:t  Michel"), "s:t michel");
        assert_eq!(fold("Ha\u{308}me-Koski"), "hame koski");
    }

    #[test]
    fn no_text_makes_a_parser_panic() {
        const PIECES: [&str; 24] = [
            "ma",
            "ti-pe",
            "9",
            "12.30",
            "-",
            "–",
            " ",
            "\u{a0}",
            ";",
            ",",
            ".",
            ":",
            "h",
            "joka",
            "2.",
            "viikko",
            "1.12.2026",
            "2026-12-01",
            "asti",
            "ä",
            "\u{202e}",
            "(",
            "T",
            "\n",
        ];
        let mut state = 7u64;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..(state >> 60) {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(PIECES[(state >> 33) as usize % PIECES.len()]);
            }
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let _ = (yes_no(&text), decimal(&text), whole(&text, 0u8..=50), minutes(&text), list(&text), fold(&text));
            let _ = (clock::date_ranges(&text), clock::hours(&text), clock::instant(&text), clock::windows(&text));
            let _ = (week::weekly(&text), words::languages(&text), words::phone(&text), words::identifier(&text));
        }
    }
}
