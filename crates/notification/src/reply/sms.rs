//! What people write back: yes or no, and a short code, among greetings, smileys and capitals.

use super::token::{CODE_CHARS, CODE_LETTERS};

const YES: [&str; 9] = ["K", "KYLLÄ", "KYLLA", "JOO", "J", "JA", "Y", "YES", "OK"];
const NO: [&str; 6] = ["E", "EI", "EN", "N", "NEJ", "NO"];

/// Longest text that is read, in characters.
const CHARS_MAX: usize = 500;

/// A reading of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Yes or no.
    pub yes: bool,
    /// The short code, if one was written.
    pub code: Option<String>,
}

/// Reads an answer; none if it is neither yes nor no, or both.
#[must_use]
pub fn read(text: &str) -> Option<Reading> {
    let upper: String = text.chars().take(CHARS_MAX).flat_map(char::to_uppercase).collect();
    let mut yes = None;
    let mut code: Option<String> = None;
    for word in upper.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let says = if YES.contains(&word) {
            Some(true)
        } else if NO.contains(&word) {
            Some(false)
        } else {
            None
        };
        let (says, rest) = match (says, glued(word)) {
            (Some(says), _) => (Some(says), None),
            (None, Some((says, rest))) => (Some(says), Some(rest)),
            (None, None) => (None, Some(word)),
        };
        if let Some(says) = says {
            if yes.is_some_and(|before| before != says) {
                return None;
            }
            yes = Some(says);
        }
        if code.is_none()
            && let Some(rest) = rest.filter(|rest| looks_like_code(rest))
        {
            code = Some(rest.to_owned());
        }
    }
    yes.map(|yes| Reading { yes, code })
}

/// `KAB23`: the answer and the code without a space.
fn glued(word: &str) -> Option<(bool, &str)> {
    let first = word.chars().next()?;
    let says = match first {
        'K' | 'J' | 'Y' => true,
        'E' | 'N' => false,
        _ => return None,
    };
    let rest = &word[first.len_utf8()..];
    looks_like_code(rest).then_some((says, rest))
}

/// Two letters and two digits: a code, or one that was mistyped. No word looks like it but the clock's: `klo9`, `kl12`.
fn looks_like_code(word: &str) -> bool {
    let (Some(letters), Some(digits)) = (word.as_bytes().get(..2), word.as_bytes().get(2..)) else { return false };
    if word.len() != CODE_CHARS || letters == b"KL" || !letters.iter().all(u8::is_ascii_alphabetic) {
        return false;
    }
    let count = digits.iter().filter(|c| c.is_ascii_digit()).count();
    // A letter for a digit (O for 0) only after letters that codes have.
    let mistyped = |c: &u8| c.is_ascii_digit() || b"OQILSBZ".contains(c);
    count == 2 || count == 1 && digits.iter().all(mistyped) && letters.iter().all(|c| CODE_LETTERS.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_as_people_write_them() {
        let yes = |code: Option<&str>| Some(Reading { yes: true, code: code.map(str::to_owned) });
        let no = |code: Option<&str>| Some(Reading { yes: false, code: code.map(str::to_owned) });
        for (text, wanted) in [
            ("K AB23", yes(Some("AB23"))),
            ("k ab23", yes(Some("AB23"))),
            ("KAB23", yes(Some("AB23"))),
            ("  k   ab23 \n", yes(Some("AB23"))),
            ("Kyllä! 😀 AB23 👍", yes(Some("AB23"))),
            ("😀K😀AB23", yes(Some("AB23"))),
            ("AB23 K", yes(Some("AB23"))),
            ("J AB23", yes(Some("AB23"))),
            ("Ja, gärna", yes(None)),
            ("Y-AB23.", yes(Some("AB23"))),
            ("yes", yes(None)),
            ("E AB23", no(Some("AB23"))),
            ("ei", no(None)),
            ("N AB23", no(Some("AB23"))),
            ("nej tack ab23", no(Some("AB23"))),
            ("Hei vaan, K AB23 terv. Aino", yes(Some("AB23"))),
            ("K PQRT", yes(None)),
            ("Joo, voin tulla", yes(None)),
            ("Kyllä sopii hyvin", yes(None)),
            ("K klo9", yes(None)),
            ("Ja, kl12", yes(None)),
            ("Joo klo 1030", yes(None)),
            ("Ei nyt, olen maalla 2020 asti", no(None)),
            ("Yes, I will come at 12 with AB23", yes(Some("AB23"))),
            ("eab23", no(Some("AB23"))),
            ("K AB2O", yes(Some("AB2O"))),
        ] {
            assert_eq!(read(text), wanted, "{text:?}");
        }
        for text in ["", "😀", "AB23", "K E AB23", "ehkä", "soita minulle", "?", "\u{202e}", "AB23 AB24"] {
            assert_eq!(read(text), None, "{text:?}");
        }
        assert!(read(&"K ".repeat(100_000)).is_some(), "long texts are cut");
    }
}
